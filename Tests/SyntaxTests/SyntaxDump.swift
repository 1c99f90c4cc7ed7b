import Syntax

/// Trees as text, every grouping in parentheses, for tests and for a look at what was read.
enum SyntaxDump {
  /// One line a statement.
  static func text(of program: ParsedProgram) -> String {
    program.statements.map(text(of:)).joined(separator: "\n")
  }

  /// `(assign x 2)`; a trailing `;` where the display is suppressed.
  static func text(of statement: StatementSyntax) -> String {
    text(of: statement.kind) + (statement.isSuppressed ? " ;" : "")
  }

  private static func text(of kind: StatementSyntax.Kind) -> String {
    switch kind {
    case .expression(let expression): return text(of: expression)
    case .layer(let layer):
      return
        "(layer \(layer.name) \(layer.input.name) \(layer.options.map(\.name).joined(separator: " ")))"
    case .parameters(let parameters):
      return "(parameter \(parameters.map(\.name).joined(separator: " ")))"
    case .running(let quantities):
      return "(running \(quantities.map(\.name).joined(separator: " ")))"
    case .assignment(let target, let value):
      return "(assign \(text(of: target)) \(text(of: value)))"
    case .definition(let function):
      let parameters = function.parameters.map(SourcePrinter.text(of:)).joined(separator: ", ")
      let lines = function.body.lines.map { text(of: $0.kind) + " " }.joined()
      return "(define \(function.name) (\(parameters)) \(lines)\(text(of: function.body.result)))"
    case .network(let network):
      var parts = ["network", network.name, text(of: network.input)]
      parts += network.layers.map { layer in
        let values = layer.values.map(text(of:))
        let options = layer.options.map(text(of:))
        return "(" + ([layer.word] + values + options).joined(separator: " ") + ")"
      }
      if let loss = network.loss { parts.append("(loss \(text(of: loss)))") }
      if let seed = network.seed { parts.append("(seed \(text(of: seed)))") }
      if let precision = network.precision { parts.append("(precision \(text(of: precision)))") }
      return "(" + parts.joined(separator: " ") + ")"
    case .perceptron(let perceptron):
      let threshold = perceptron.threshold.map { " (threshold \(text(of: $0)))" } ?? ""
      let strict = perceptron.isStrict ? " strict" : ""
      let outputs = perceptron.outputs.map { " (output \(text(of: $0)))" }.joined()
      let options = perceptron.options.map { " \(text(of: $0))" }.joined()
      return
        "(perceptron \(perceptron.name) \(text(of: perceptron.input))\(threshold)\(strict)\(outputs)\(options))"
    case .forLoop(let variable, _, let range, let body):
      return "(for \(variable) \(text(of: range)) \(text(of: body)))"
    case .whileLoop(let condition, let body):
      return "(while \(text(of: condition)) \(text(of: body)))"
    case .conditional(let condition, let then, let otherwise):
      let last = otherwise.map { " \(text(of: $0))" } ?? ""
      return "(if \(text(of: condition)) \(text(of: then))\(last))"
    case .set(let name, _, let value): return "(set \(name) \(text(of: value)))"
    case .attempt(let expression): return "(try \(text(of: expression)))"
    case .symbols(let symbols):
      return "(symbols \(symbols.map(SourcePrinter.text(of:)).joined(separator: ", ")))"
    case .help(let name, _): return "(help \(name))"
    }
  }

  private static func text(of block: [StatementSyntax]) -> String {
    "{" + block.map(text(of:)).joined(separator: " ") + "}"
  }

  private static func text(of input: NetworkSyntax.Input) -> String {
    switch input {
    case .size(let size, _): "(input \(text(of: size)))"
    case .names(let names, _): "(input names \(names.joined(separator: " ")))"
    }
  }

  /// `(a + (b * c))`: every node in parentheses.
  static func text(of expression: ExpressionSyntax) -> String {
    switch expression.kind {
    case .number(_, let literal): return literal
    case .boolean(let value): return value ? "#true" : "#false"
    case .string(let value): return SourcePrinter.literal(value)
    case .name(let name): return name
    case .brackets(let rows):
      let text = rows.map { $0.map(text(of:)).joined(separator: " ") }
      return "[" + text.joined(separator: " | ") + "]"
    case .comprehension(let generator): return "[\(text(of: generator))]"
    case .parenthesized(let inner): return "(paren \(text(of: inner)))"
    case .several(let values): return "(several \(values.map(text(of:)).joined(separator: " ")))"
    case .call(let callee, let arguments):
      return group("call", [text(of: callee)] + arguments.map(text(of:)))
    case .index(let base, let indices):
      return group("index", [text(of: base)] + indices.map(text(of:)))
    case .member(let base, let name, _): return "(member \(text(of: base)) \(name))"
    case .prime(let base): return "(prime \(text(of: base)))"
    case .transpose(let base): return "(transpose \(text(of: base)))"
    case .power(let base, let exponent): return "(\(text(of: base)) ^ \(text(of: exponent)))"
    case .negative(let operand): return "(- \(text(of: operand)))"
    case .juxtaposition(let number, let factor):
      return "(juxtapose \(text(of: number)) \(text(of: factor)))"
    case .chain(let first, let links):
      let rest = links.map { "\($0.operation.rawValue) \(text(of: $0.operand))" }
      return "(" + ([text(of: first)] + rest).joined(separator: " ") + ")"
    case .comparison(let first, let links):
      let rest = links.map { "\($0.operation.rawValue) \(text(of: $0.operand))" }
      return "(" + ([text(of: first)] + rest).joined(separator: " ") + ")"
    case .not(let operand): return "(not \(text(of: operand)))"
    case .and(let operands): return group("and", operands.map(text(of:)))
    case .or(let operands): return group("or", operands.map(text(of:)))
    case .range(let from, let step, let to):
      let parts = [from] + (step.map { [$0] } ?? []) + [to]
      return "(" + parts.map(text(of:)).joined(separator: " : ") + ")"
    case .conditional(let condition, let then, let otherwise):
      return group("if", ([condition, then] + (otherwise.map { [$0] } ?? [])).map(text(of:)))
    case .partial(let partial):
      let variables = partial.variables.map { variable in
        let indices = variable.indices.map(text(of:)).joined(separator: " ")
        return variable.name + (indices.isEmpty ? "" : "[\(indices)]")
          + (variable.order == 1 ? "" : "^\(variable.order)")
      }
      let order = partial.order == 1 ? "partial" : "partial^\(partial.order)"
      return group(order, [text(of: partial.numerator), "/"] + variables)
    case .nabla(let operand): return "(nabla \(text(of: operand)))"
    case .explain(let subject, let options):
      return group("explain", [text(of: subject)] + options.map(text(of:)))
    case .audit(let audit):
      let head = (audit.call.map { [text(of: $0)] } ?? []) + audit.options.map(text(of:))
      return group("audit", head + audit.items.map(text(of:)))
    }
  }

  private static func group(_ head: String, _ parts: [String]) -> String {
    "(" + ([head] + parts).joined(separator: " ") + ")"
  }

  private static func text(of item: AuditSyntax.Item) -> String {
    switch item {
    case .symbols(let symbols):
      group("symbols", symbols.map(SourcePrinter.text(of:)))
    case .assumption(let assumption):
      group(
        "assume",
        assumption.names.map(\.name) + [text(of: assumption.lower), text(of: assumption.upper)])
    case .chain(let sides):
      group("=", sides.map { ($0.isRounded ? "≈ " : "") + text(of: $0.expression) })
    }
  }

  private static func text(of index: IndexSyntax) -> String {
    switch index {
    case .expression(let expression): text(of: expression)
    case .all: ":"
    }
  }

  private static func text(of generator: ExpressionSyntax.Generator) -> String {
    let ranges = generator.ranges.map { "\($0.variable) in \(text(of: $0.values))" }
    let condition = generator.condition.map { " if \(text(of: $0))" } ?? ""
    return "\(text(of: generator.element)) for \(ranges.joined(separator: ", "))\(condition)"
  }

  private static func text(of argument: ArgumentSyntax) -> String {
    switch argument {
    case .positional(let value): text(of: value)
    case .keyword(let name, _, let value): "\(name)=\(text(of: value))"
    case .path(let path, let value): "(at \(text(of: path)) \(text(of: value)))"
    case .generator(let generator, _): "(\(text(of: generator)))"
    }
  }
}
