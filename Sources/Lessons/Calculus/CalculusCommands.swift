import Calculus
import Language
import Syntax

/// `derivative`, `gradient`, `jacobian`, `hessian`, `total_derivative`: the ASCII twins of `∂` and `∇`, and what
/// these have no sign for. All receive expressions and give formulas.
package enum CalculusCommands {
  private static let function = BuiltIn.Parameter("f", .expression)
  private static let variables = BuiltIn.Parameter("x", .expression, default: .described(""))

  package static let builtIns: [BuiltIn] = [
    BuiltIn(
      "derivative", .calculus, [function, variables], isVariadic: true,
      summary:
        "∂f/∂x as a function of the parameters of f; by several variables, one after the other",
      formula: "∂f/∂x", example: "derivative(f, x)", behind: "f(x) = x^2*sin(x)"
    ) { (interpreter, call) throws(Diagnostic) in
      let (found, variables) = try interpreter.operands(call)
      return .function(
        .formula(try interpreter.partial(of: found, by: variables, call.span, call.scope)))
    },
    BuiltIn(
      "gradient", .calculus, [function, variables], isVariadic: true,
      summary:
        "∇f, in the shape of its point: the derivatives by all parameters, or by those named",
      formula: "∇f", example: "gradient(f)", behind: "f(x, y) = x*y^2"
    ) { (interpreter, call) throws(Diagnostic) in
      let (found, variables) = try interpreter.operands(call)
      return try interpreter.gradients(of: found, by: variables, call.span)
    },
    BuiltIn(
      "jacobian", .calculus, [function, variables], isVariadic: true,
      summary:
        "rows are functions, columns variables; of a vector function, or of [f, g] by [x, y]",
      formula: "∂f_i/∂x_j", example: "jacobian([f, g], [x, y])",
      behind: "f(x, y) = x*y; g(x, y) = x - y"
    ) { (interpreter, call) throws(Diagnostic) in
      .function(.formula(try interpreter.jacobian(call)))
    },
    BuiltIn(
      "hessian", .calculus, [function, variables], isVariadic: true,
      summary: "the second derivatives of a number, by a vector or by several numbers",
      formula: "∂²f/∂x_i∂x_j", example: "hessian(f, x)", behind: "f(x: vector(n)) = sum(x^3)"
    ) { (interpreter, call) throws(Diagnostic) in
      let (found, variables) = try interpreter.operands(call)
      return .function(.formula(try interpreter.hessian(of: found, by: variables, call.span)))
    },
    BuiltIn(
      "total_derivative", .calculus, [function, .init("x", .expression)],
      furtherNames: .keywords(.expression),
      summary:
        "the total derivative df/dx, through the intermediate variables that keywords name",
      formula: "∂f/∂x + ∂f/∂u · du/dx + …",
      example: "total_derivative(f, x, u1 = x^2)", behind: "f(x, u1) = x*u1"
    ) { (interpreter, call) throws(Diagnostic) in
      .function(.formula(try interpreter.totalDerivative(call)))
    },
  ]
}

extension Interpreter {
  /// What a call differentiates, and by what; no variables where the call names none.
  fileprivate func operands(_ call: Call) throws(Diagnostic) -> (
    DifferentiationSubject, [WrittenVariable]
  ) {
    let variables = try variables(call)
    guard let syntax = call["f"]?.syntax else {
      throw missing("f", of: call.builtIn.name, call.builtIn.signature, call.span)
    }
    return (try subject(syntax, by: variables.map(\.name), call.scope), variables)
  }

  /// The variables of a call: names, entries, or a list of names.
  private func variables(_ call: Call) throws(Diagnostic) -> [WrittenVariable] {
    var variables: [WrittenVariable] = []
    for argument in ([call["x"]] + call.rest.map { $0 }).compactMap({ $0 }) {
      guard let syntax = argument.syntax else { continue }
      if case .brackets(let rows) = syntax.kind {
        for row in rows { for element in row { variables.append(try variable(element, call)) } }
      } else {
        variables.append(try variable(syntax, call))
      }
    }
    return variables
  }

  private func variable(_ syntax: ExpressionSyntax, _ call: Call) throws(Diagnostic)
    -> WrittenVariable
  {
    switch syntax.kind {
    case .name(let name): return WrittenVariable(name: name, span: syntax.span)
    case .parenthesized(let inner): return try variable(inner, call)
    case .index(let base, let indices):
      if case .name(let name) = base.kind {
        return WrittenVariable(name: name, indices: indices, span: syntax.span)
      }
    default: break
    }
    throw Diagnostic(
      .gradient, "\(written(syntax.span)) is nothing to differentiate by", at: syntax.span,
      help: "the variable of \(call.builtIn.name) is a name, such as x, or an entry x[1]")
  }

  // MARK: - Of several functions

  fileprivate func jacobian(_ call: Call) throws(Diagnostic) -> Formula {
    guard let syntax = call["f"]?.syntax else {
      throw missing("f", of: call.builtIn.name, call.builtIn.signature, call.span)
    }
    let variables = try variables(call)
    if let entry = variables.first(where: { !$0.indices.isEmpty }) {
      throw Diagnostic(
        .gradient, "a Jacobian is by whole variables, not by an entry", at: entry.span,
        help: "derivative(f, \(oneLine(entry.span))) is the derivative by the entry")
    }
    var functions = [syntax]
    if case .brackets(let rows) = syntax.kind { functions = rows.flatMap { $0 } }
    let found = try functions.map2 { (function) throws(Diagnostic) in
      try subject(function, by: variables.map(\.name), call.scope)
    }
    guard !found.isEmpty else {
      throw Diagnostic(
        .type, "jacobian needs a function", at: syntax.span, help: call.builtIn.signature)
    }
    var known: [Symbol] = []
    for symbol in found.flatMap(\.variables) where !known.contains(symbol) {
      if let other = known.first(where: { $0.name == symbol.name }) {
        throw Diagnostic(
          .shape,
          "\(symbol.name) is \(other.shape.kindText) in one function and \(symbol.shape.kindText) in another",
          at: syntax.span)
      }
      known.append(symbol)
    }
    var parameters: [Symbol] = []
    for symbol in found.flatMap(\.parameters) where !parameters.contains(symbol) {
      parameters.append(symbol)
    }
    let indices = found.reduce(into: Set<Symbol>()) { $0.formUnion($1.indices) }
    var symbols = variables.isEmpty ? parameters.filter { !indices.contains($0) } : []
    for variable in variables {
      let owner = found.first { $0.variables.contains { $0.name == variable.name } } ?? found[0]
      symbols.append(try owner.symbol(variable.name, variable.span))
    }
    return try formula(
      .jacobian(of: found.map(\.subject), by: symbols), named: oneLine(call.span),
      parameters: parameters, call.span)
  }

  // MARK: - Total derivatives

  /// Each intermediate variable behind those that it depends on, whatever the order they were given in.
  private func ordered(
    _ intermediates: [(symbol: Symbol, formula: Expression)], _ call: Call
  ) throws(Diagnostic) -> [(symbol: Symbol, formula: Expression)] {
    var waiting = intermediates
    var result: [(symbol: Symbol, formula: Expression)] = []
    while !waiting.isEmpty {
      guard
        let next = waiting.firstIndex(where: { candidate in
          !waiting.contains { candidate.formula.symbols.contains($0.symbol) }
        })
      else {
        throw Diagnostic(
          .gradient,
          "\(waiting.map(\.symbol.name).joined(separator: " and ")) are given by each other",
          at: call.span,
          help: "an intermediate variable depends on the variable, or on others before it")
      }
      result.append(waiting.remove(at: next))
    }
    return result
  }

  /// d f/d x, where parameters of f are functions of x that keywords give.
  fileprivate func totalDerivative(_ call: Call) throws(Diagnostic) -> Formula {
    let (found, variables) = try operands(call)
    guard let variable = variables.first else {
      throw missing("x", of: call.builtIn.name, call.builtIn.signature, call.span)
    }
    guard !call.named.isEmpty else {
      throw Diagnostic(
        .type, "total_derivative needs the intermediate variables", at: call.span,
        help: "total_derivative(f, x, u = x^2); ∂f/∂x is the partial derivative")
    }
    var scope = call.scope
    for symbol in found.variables { scope.bind(symbol.name, .expression(.symbol(symbol))) }
    var intermediates: [(symbol: Symbol, formula: Expression)] = []
    var parameters = found.parameters
    for (name, argument) in call.named {
      guard let syntax = argument.syntax else { continue }
      let intermediate = try found.symbol(name, argument.span)
      guard name != variable.name else {
        throw Diagnostic(
          .gradient, "\(name) is what the derivative is by, so it cannot depend on itself",
          at: argument.span)
      }
      let read = try readFormula(syntax, unknownNames: .symbols, in: scope)
      if read.expression.symbols.contains(intermediate) {
        throw Diagnostic(
          .gradient, "\(name) is given by itself", at: argument.span,
          help: "an intermediate variable depends on \(variable.name) and on those before it")
      }
      intermediates.append((intermediate, read.expression))
      for other in read.expression.symbols
      where !parameters.contains(other) && !hasValue(other.name, call.scope) {
        parameters.append(other)
      }
    }
    intermediates = try ordered(intermediates, call)
    // f may depend on x through the intermediates only.
    let symbol: Symbol
    if let own = intermediates.flatMap(\.formula.symbols).first(where: {
      $0.name == variable.name
    }) {
      symbol = own
    } else {
      symbol = try found.symbol(variable.name, variable.span)
    }
    parameters.removeAll { symbol in intermediates.contains { $0.symbol == symbol } }
    if !parameters.contains(symbol) { parameters.insert(symbol, at: 0) }
    return try formula(
      .total(of: found.subject, by: symbol, through: intermediates), named: oneLine(call.span),
      parameters: parameters, call.span)
  }
}
