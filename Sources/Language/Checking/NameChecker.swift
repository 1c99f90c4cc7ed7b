import Syntax

/// Finds the unknown names of a cell before it runs, so that all of them are reported together.
///
/// A name is known when the session has it, when it is built in, or when a statement before it in the
/// cell may assign it. Bodies of functions are looked at when they are called; `try` and what stands under `∂`
/// are left to the evaluation.
package struct NameChecker {
  package struct Finding {
    package let statement: Int
    package let diagnostic: Diagnostic
  }

  /// More unknown names than these are not collected, as with syntax errors.
  private static let limit = 20

  private let session: Interpreter
  private var known: Set<String> = []
  /// The names of sizes that the cell declares.
  private var sizes: Set<String> = []
  private var findings: [Finding] = []
  private var statement = 0

  package init(session: Interpreter) { self.session = session }

  package func check(_ statements: [StatementSyntax]) -> [Finding] {
    var checker = self
    for (index, statement) in statements.enumerated() {
      checker.statement = index
      checker.visit(statement)
    }
    return checker.findings
  }

  private mutating func visit(_ statement: StatementSyntax) {
    switch statement.kind {
    case .expression(let expression): visit(expression, [])
    case .assignment(let target, let value):
      visit(value, [])
      if case .name(let name) = target.kind { known.insert(name) } else { visit(target, []) }
    case .definition(let function): known.insert(function.name)
    case .network(let network): known.insert(network.name)
    case .perceptron(let perceptron): known.insert(perceptron.name)
    case .forLoop(let variable, _, let range, let body):
      visit(range, [])
      known.insert(variable)
      // A later turn may use what the body assigned in an earlier one.
      for inner in body { assume(inner) }
      for inner in body { visit(inner) }
    case .conditional(let condition, let then, let otherwise):
      visit(condition, [])
      for inner in then + (otherwise ?? []) { visit(inner) }
    case .symbols(let parameters):
      for parameter in parameters {
        known.insert(parameter.name)
        for case .name(let size) in parameter.sizes { sizes.insert(size) }
      }
    case .set, .attempt, .help: break
    }
  }

  /// Takes the names that a statement may assign as known.
  private mutating func assume(_ statement: StatementSyntax) {
    switch statement.kind {
    case .assignment(let target, _):
      if case .name(let name) = target.kind { known.insert(name) }
    case .definition(let function): known.insert(function.name)
    case .network(let network): known.insert(network.name)
    case .perceptron(let perceptron): known.insert(perceptron.name)
    case .forLoop(let variable, _, _, let body):
      known.insert(variable)
      for inner in body { assume(inner) }
    case .conditional(_, let then, let otherwise):
      for inner in then + (otherwise ?? []) { assume(inner) }
    case .symbols, .expression, .set, .attempt, .help: break
    }
  }

  private mutating func visit(_ expression: ExpressionSyntax, _ locals: Set<String>) {
    switch expression.kind {
    case .number, .boolean, .string, .partial, .nabla, .explain: break
    case .name(let name): require(name, expression.span, locals, isCall: false)
    case .brackets(let rows): for row in rows { for element in row { visit(element, locals) } }
    case .comprehension(let generator): visit(generator, locals)
    case .parenthesized(let inner), .prime(let inner), .transpose(let inner), .negative(let inner),
      .not(let inner):
      visit(inner, locals)
    case .call(let callee, let arguments): visitCall(callee, arguments, locals)
    case .index(let base, let indices):
      visit(base, locals)
      for case .expression(let index) in indices { visit(index, locals) }
    case .member(let base, _, _): visit(base, locals)
    case .power(let a, let b), .juxtaposition(let a, let b):
      visit(a, locals)
      visit(b, locals)
    case .chain(let first, let links):
      visit(first, locals)
      for link in links { visit(link.operand, locals) }
    case .comparison(let first, let links):
      visit(first, locals)
      for link in links { visit(link.operand, locals) }
    case .and(let operands), .or(let operands):
      for operand in operands { visit(operand, locals) }
    case .range(let from, let step, let to):
      visit(from, locals)
      if let step { visit(step, locals) }
      visit(to, locals)
    case .conditional(let condition, let then, let otherwise):
      visit(condition, locals)
      visit(then, locals)
      if let otherwise { visit(otherwise, locals) }
    }
  }

  private mutating func visit(_ generator: ExpressionSyntax.Generator, _ locals: Set<String>) {
    visit(generator.range, locals)
    visit(generator.element, locals.union([generator.variable]))
  }

  private mutating func visitCall(
    _ callee: ExpressionSyntax, _ arguments: [ArgumentSyntax], _ locals: Set<String>
  ) {
    var builtIn: BuiltIn?
    if case .name(let name) = callee.kind {
      require(name, callee.span, locals, isCall: true)
      builtIn = session.vocabulary.builtIn(named: name)
    } else {
      visit(callee, locals)
    }
    for (index, argument) in arguments.enumerated() {
      switch argument {
      case .positional(let expression):
        if builtIn?.evaluates(expression, at: index) == false { continue }
        visit(expression, locals)
      case .keyword(let name, _, let expression):
        if builtIn?.evaluates(expression, as: name) == false { continue }
        visit(expression, locals)
      case .path(_, let value): visit(value, locals)
      case .generator(let generator, _): visit(generator, locals)
      }
    }
  }

  private mutating func require(
    _ name: String, _ span: SourceSpan, _ locals: Set<String>, isCall: Bool
  ) {
    guard !locals.contains(name), !known.contains(name), session.memory[name] == nil,
      Constants.value(named: name) == nil, session.vocabulary.builtIn(named: name) == nil
    else { return }
    guard !sizes.contains(name), !session.isDeclaredSize(name), findings.count < Self.limit else {
      return
    }
    findings.append(
      Finding(
        statement: statement,
        diagnostic: session.unknownName(
          name, span, .global, isCall: isCall, also: known.union(locals))))
  }
}

extension BuiltIn {
  /// Whether the argument at a position is evaluated as it stands.
  fileprivate func evaluates(_ argument: ExpressionSyntax, at position: Int) -> Bool {
    let parameter =
      position < positional.count
      ? positional[position] : isVariadic || furtherNames == .columns ? positional.last : nil
    return parameter?.evaluates(argument) ?? true
  }

  /// Whether the argument of a keyword is.
  fileprivate func evaluates(_ argument: ExpressionSyntax, as name: String) -> Bool {
    if let parameter = parameter(named: name) { return parameter.evaluates(argument) }
    if case .keywords(let kind) = furtherNames {
      return Parameter(name, kind).evaluates(argument)
    }
    return true
  }
}

extension BuiltIn.Parameter {
  /// Whether an argument is evaluated as it stands: words, and expressions that a command reads itself, are not.
  fileprivate func evaluates(_ argument: ExpressionSyntax) -> Bool {
    switch kind {
    case .word, .expression: false
    case .wholeOrWord(_, let word): !argument.isWord(word)
    default: true
    }
  }
}

extension ExpressionSyntax {
  /// Whether this is the given word, bare or in quotes.
  package func isWord(_ word: String) -> Bool {
    switch kind {
    case .name(let name): name == word
    case .string(let text): text == word
    default: false
    }
  }
}

extension Interpreter {
  /// The NameError for an unknown name: the nearest known one, and help for habits from other languages.
  package func unknownName(
    _ name: String, _ span: SourceSpan, _ scope: Scope, isCall: Bool = false,
    also: Set<String> = []
  ) -> Diagnostic {
    let shown = isCall ? "\(name)(…)" : name
    if let habit = Self.habits[name] {
      return Diagnostic(.name, "there is no \(shown)", at: span, label: "unknown name", help: habit)
    }
    let candidates =
      scope.names + memory.names.sorted() + also.sorted() + vocabulary.names
      + Constants.all.map(\.name)
    let nearest = Spelling.nearest(to: name, in: candidates)
    return Diagnostic(
      .name, "there is no \(isCall ? "function " : "")\(name)", at: span,
      label: nearest.map { "did you mean \($0)?" } ?? "unknown name",
      help: nearest == nil
        ? (isCall
          ? "define it with \(name)(\(name == "x" ? "t" : "x")) = …"
          : "give it a value with \(name) = …")
        : nil)
  }

  /// Names that people bring from Python, NumPy, MATLAB and other languages.
  private static let habits: [String: String] = [
    "len": "shape(v) gives the sizes",
    "length": "shape(v) gives the sizes",
    "size": "shape(A) gives the sizes",
    "np": "functions need no prefix: exp(x), sum(x)",
    "numpy": "functions need no prefix: exp(x), sum(x)",
    "math": "functions need no prefix: exp(x), sin(x)",
    "torch": "functions need no prefix; a network block defines the layers",
    "nn": "a network block defines the layers",
    "plt": "plot(f, from = -4, to = 4) draws a function",
    "range": "1:5 is the range from 1 to 5, both included",
    "array": "write [1, 2, 3]",
    "list": "write [1, 2, 3]",
    "power": "write x^2",
    "pow": "write x^2",
    "arange": "1:5 is the range from 1 to 5, both included",
    "end": "v[2:4] takes a part; shape(v) says how long v is",
    "matmul": "A @ B is the matrix product",
    "multiply": "a ⊙ b multiplies element by element",
    "True": "write true",
    "False": "write false",
    "None": "leave the argument out",
    "float": "numbers need no conversion",
    "int": "round(x) gives a whole number",
    "lambda": "write f(x) = …",
    "softplus": "write ln(1 + exp(x))",
  ]
}
