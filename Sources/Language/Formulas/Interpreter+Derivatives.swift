import Calculus
import Notation
import Syntax

/// `∂f/∂x`, `∇f`, `f'`: what is differentiated, and by what.
extension Interpreter {
  /// The formula of a `∂…/∂…` or `∇…`.
  package func derivative(_ syntax: ExpressionSyntax, _ scope: Scope) throws(Diagnostic) -> Formula
  {
    switch syntax.kind {
    case .partial(let partial):
      // The names of its variables are symbols again, whatever they stand for in the formula that it is a part of.
      return try self.partial(
        partial, syntax.span, scope.hiding(partial.variables.map(\.name)))
    case .nabla(let operand):
      return try gradient(of: subject(operand, by: [], scope), by: [], syntax.span)
    default: throw Diagnostic(.gradient, "this is no derivative", at: syntax.span)
    }
  }

  private func partial(
    _ partial: ExpressionSyntax.PartialSyntax, _ span: SourceSpan, _ scope: Scope
  ) throws(Diagnostic) -> Formula {
    var written: [WrittenVariable] = []
    for variable in partial.variables {
      written += Array(
        repeating: .init(name: variable.name, indices: variable.indices, span: variable.span),
        count: variable.order)
    }
    let found = try subject(partial.numerator, by: written.map(\.name), scope)
    return try self.partial(of: found, by: written, span, scope)
  }

  /// By one variable after the other; by the only parameter where none is named.
  package func partial(
    of found: DifferentiationSubject, by written: [WrittenVariable], _ span: SourceSpan,
    _ scope: Scope
  ) throws(Diagnostic) -> Formula {
    var variables: [Formula.Variable] = []
    for variable in written {
      variables.append(
        .init(
          symbol: try found.symbol(variable.name, variable.span),
          entry: try readEntry(variable.indices, of: found, scope)))
    }
    if variables.isEmpty { variables = [.init(symbol: try onlyParameter(of: found, span))] }
    guard variables.count <= Self.highestOrder else {
      throw Diagnostic(
        .limit, "a derivative of order \(variables.count) would take too long", at: span,
        label: "the limit is \(Self.highestOrder)")
    }
    return try formula(
      .derivative(of: found.subject, by: variables), named: oneLine(span),
      parameters: found.parameters, span)
  }

  private static let highestOrder = 12

  /// The entry of a variable; a parameter of the function in it is that parameter.
  private func readEntry(
    _ indices: [IndexSyntax], of found: DifferentiationSubject, _ scope: Scope
  ) throws(Diagnostic) -> [EntryIndex] {
    guard !indices.isEmpty else { return [] }
    var scope = scope
    for symbol in found.parameters where found.isFunction || symbol.shape == .scalar {
      scope.bind(symbol.name, .expression(.symbol(symbol)))
    }
    var entry: [EntryIndex] = []
    _ = try readFormula(unknownNames: .symbols, in: scope) { (scope, reading) throws(Diagnostic) in
      entry = try entries(indices, scope, reading, isFree: true)
      return .number(0)
    }
    return entry
  }

  /// The value of ∇f: a function; of variables of several kinds a list of them, one a variable.
  package func gradients(
    of found: DifferentiationSubject, by written: [WrittenVariable], _ span: SourceSpan
  ) throws(Diagnostic) -> Value {
    let symbols = try symbols(written, of: found)
    guard symbols.count > 1, symbols.contains(where: { $0.shape != .scalar }) else {
      return .function(.formula(try gradient(of: found, by: written, span)))
    }
    try requireNumber(found, "a gradient", Self.jacobianHelp, span)
    return .list(
      ListValue(
        try symbols.map2 { (symbol) throws(Diagnostic) in
          let origin: Formula.Origin =
            symbol.shape == .scalar
            ? .derivative(of: found.subject, by: [.init(symbol: symbol)])
            : .gradient(of: found.subject, by: [symbol])
          return .function(
            .formula(
              try formula(origin, named: oneLine(span), parameters: found.parameters, span)))
        }))
  }

  private static let jacobianHelp = "∂f/∂x is the Jacobian of a vector function"

  /// ∇f, by all parameters or by some.
  package func gradient(
    of found: DifferentiationSubject, by written: [WrittenVariable], _ span: SourceSpan
  ) throws(Diagnostic) -> Formula {
    let symbols = try symbols(
      written, of: found, "a gradient", otherwise: Self.jacobianHelp, span)
    return try formula(
      .gradient(of: found.subject, by: symbols), named: oneLine(span),
      parameters: found.parameters, span)
  }

  /// The second derivatives, by all parameters or by some.
  package func hessian(
    of found: DifferentiationSubject, by written: [WrittenVariable], _ span: SourceSpan
  ) throws(Diagnostic) -> Formula {
    let symbols = try symbols(
      written, of: found, "a Hessian", otherwise: "take it of one output: f(x)[1]", span)
    return try formula(
      .hessian(of: found.subject, by: symbols), named: oneLine(span),
      parameters: found.parameters, span)
  }

  /// The variables named, or else all parameters.
  ///
  /// Throws: a GradientError where what is asked for is no number, or the variables are of several kinds.
  private func symbols(
    _ written: [WrittenVariable], of found: DifferentiationSubject, _ what: String,
    otherwise help: String, _ span: SourceSpan
  ) throws(Diagnostic) -> [Symbol] {
    let symbols = try symbols(written, of: found)
    try requireNumber(found, what, help, span)
    try requireOneKind(symbols, found, span)
    return symbols
  }

  private func symbols(_ written: [WrittenVariable], of found: DifferentiationSubject)
    throws(Diagnostic) -> [Symbol]
  {
    if written.isEmpty { return found.differentiable }
    if let entry = written.first(where: { !$0.indices.isEmpty }) {
      throw Diagnostic(
        .gradient, "a gradient is by whole variables, not by an entry", at: entry.span,
        help: "∂\(found.text)/∂\(self.written(entry.span)) is the derivative by the entry")
    }
    return try written.map2 { (variable) throws(Diagnostic) in
      try found.symbol(variable.name, variable.span)
    }
  }

  private func requireNumber(
    _ found: DifferentiationSubject, _ what: String, _ help: String, _ span: SourceSpan
  ) throws(Diagnostic) {
    let shape = found.subject.expression.shape
    guard shape != .scalar else { return }
    throw Diagnostic(
      .gradient, "\(what) is of a number, but \(found.text) is \(shape.sizeText)", at: span,
      help: help)
  }

  private func requireOneKind(
    _ symbols: [Symbol], _ found: DifferentiationSubject, _ span: SourceSpan
  ) throws(Diagnostic) {
    guard symbols.count != 1, symbols.contains(where: { $0.shape != .scalar }) else {
      guard symbols.isEmpty else { return }
      throw Diagnostic(.gradient, "\(found.text) has no parameters", at: span)
    }
    let name = symbols.first { $0.shape != .scalar }?.name ?? "x"
    throw Diagnostic(
      .gradient, "\(found.text) has parameters of several kinds: \(symbols.kindsText)", at: span,
      help: "write the derivative by one of them, such as ∂\(found.text)/∂\(name)")
  }

  private func onlyParameter(of found: DifferentiationSubject, _ span: SourceSpan)
    throws(Diagnostic) -> Symbol
  {
    guard found.differentiable.count != 1 else { return found.differentiable[0] }
    let names = found.differentiable.map(\.name)
    throw Diagnostic(
      .gradient,
      "\(found.text) has \(names.count.counted("parameter")): say by which",
      at: span, help: names.first.map { "write derivative(\(found.text), \($0))" })
  }

  // MARK: - What is differentiated

  /// A variable of differentiation as it was written.
  package struct WrittenVariable {
    package var name: String
    package var indices: [IndexSyntax] = []
    package var span: SourceSpan

    package init(name: String, indices: [IndexSyntax] = [], span: SourceSpan) {
      self.name = name
      self.indices = indices
      self.span = span
    }
  }

  /// A function with its parameters, or an expression with its symbols.
  package struct DifferentiationSubject {
    package let subject: Formula.Subject
    /// What a derivative of it is a function of.
    package let parameters: [Symbol]
    /// What it may be differentiated by.
    package let variables: [Symbol]
    /// As it was written.
    package let text: String
    package let isFunction: Bool
    /// The parameters that were declared to be indices.
    var declaredIndices: Set<String> = []

    /// What chooses entries, such as the i of x[i].
    package var indices: Set<Symbol> {
      subject.expression.indexSymbols.union(variables.filter { declaredIndices.contains($0.name) })
    }

    /// The parameters that it can be differentiated by; of an expression without any, its symbols.
    package var differentiable: [Symbol] {
      let indices = indices
      return (parameters.isEmpty ? variables : parameters).filter { !indices.contains($0) }
    }

    /// The symbol of a variable.
    ///
    /// Throws: a GradientError when a function has no such parameter, or when it is an index.
    package func symbol(_ name: String, _ span: SourceSpan) throws(Diagnostic) -> Symbol {
      if let symbol = variables.first(where: { $0.name == name }) {
        guard indices.contains(symbol) else { return symbol }
        throw Diagnostic(
          .gradient, "\(name) is an index in \(text): a whole number", at: span,
          label: "no derivative by an index",
          help: differentiable.first.map { "write ∂\(text)/∂\($0.name)" })
      }
      let known = variables.map(\.name)
      throw Diagnostic(
        .gradient, "\(name) is not a parameter of \(text)", at: span,
        label: Spelling.question(name, in: known),
        help: known.isEmpty
          ? "\(text) has no parameters" : "its parameters are \(known.joined(separator: ", "))")
    }
  }

  /// Reads what stands above the fraction bar, to be differentiated by variables of these names.
  package func subject(_ syntax: ExpressionSyntax, by names: [String], _ scope: Scope)
    throws(Diagnostic) -> DifferentiationSubject
  {
    if case .name(let name) = syntax.kind, !names.contains(name) {
      switch scope[name] ?? memory[name] {
      case .function(.formula(let formula)) where formula.isSymbol: break
      case .expression: break
      case .function(let function): return try subject(function, syntax.span)
      case .network(let network):
        throw Diagnostic(
          .gradient, "\(name) is the network \(network.name), not a function", at: syntax.span,
          help: "backward(\(name), X, Y) gives its gradients")
      case let value?:
        let variable = names.first ?? "x"
        if vocabulary.builtIn(named: name) != nil, value.tensor == nil { break }
        throw Diagnostic(
          .gradient,
          "\(name) is \(value.description): it no longer knows what it was computed from",
          at: syntax.span, help: "write \(name)(\(variable)) = …, then ∂\(name)/∂\(variable)")
      case nil:
        if let builtIn = vocabulary.builtIn(named: name) {
          return try subject(.builtIn(builtIn), syntax.span)
        }
        if Constants.value(named: name) != nil {
          throw Diagnostic(
            .gradient, "\(name) is a constant: its derivative is 0", at: syntax.span)
        }
        throw unknownName(name, syntax.span, scope)
      }
    }
    if case .prime = syntax.kind, case .function(let function) = try evaluate(syntax, scope) {
      return try subject(function, syntax.span)
    }
    if case .partial = syntax.kind {
      return try subject(.formula(derivative(syntax, scope)), syntax.span)
    }
    let read = try readFormula(unknownNames: .symbols, variables: Set(names), in: scope) {
      (scope, reading) throws(Diagnostic) in
      let expression = try operand(evaluate(syntax, scope), syntax.span, reading)
      // A variable that does not occur is one all the same: its derivative is 0.
      for name in names where !reading.symbols.contains(where: { $0.name == name }) {
        try self.read(name: name, syntax.span, scope, reading)
      }
      return expression
    }
    var name: String?
    if case .named(let function, _) = read.expression.node { name = function }
    return DifferentiationSubject(
      subject: .init(name: name, expression: read.expression),
      parameters: read.parameters { names.contains($0) || !hasValue($0, scope) },
      variables: read.symbols, text: oneLine(syntax.span), isFunction: false)
  }

  /// A function as what is differentiated.
  package func subject(_ function: FunctionValue, _ span: SourceSpan) throws(Diagnostic)
    -> DifferentiationSubject
  {
    let symbols: [Symbol]
    let expression: Expression
    var declaredIndices: Set<String> = []
    switch function {
    case .user(let user):
      declaredIndices = Set(user.syntax.parameters.filter { $0.kind == .index }.map(\.name))
      let read = try readFormula { (_, reading) throws(Diagnostic) in
        try body(of: user, span, reading)
      }
      symbols = Array(read.symbols.prefix(user.syntax.parameters.count))
      expression = read.expression
    case .formula(let formula):
      (symbols, expression) = (formula.parameters, formula.expression)
    case .builtIn(let builtIn):
      guard let rule = builtIn.formulaRule, let parameter = builtIn.parameters.first else {
        throw Diagnostic(
          .gradient, "\(builtIn.name) has no derivative", at: span,
          help: builtIn.group == .network
            ? "backward(net, X, Y) gives a network's gradients" : nil)
      }
      let symbol = Symbol(
        parameter.name, builtIn.isElementwise ? .scalar : .vector(.name("n")))
      var call = FormulaCall(builtIn: builtIn)
      call.named[parameter.name] = .symbol(symbol)
      do {
        expression = try rule(call)
      } catch {
        throw Diagnostic(error, at: span)
      }
      symbols = [symbol]
    case .unknown(let name):
      throw Diagnostic(
        .gradient, "\(name) is an unknown function: say of what", at: span,
        help: "write ∂\(name)(x)/∂x")
    }
    return DifferentiationSubject(
      subject: .init(name: function.name, expression: expression), parameters: symbols,
      variables: symbols, text: function.name, isFunction: true,
      declaredIndices: declaredIndices)
  }

  /// `f'`, `f''`: of a function of one variable.
  package func derivative(of function: FunctionValue, order: Int, _ span: SourceSpan)
    throws(Diagnostic)
    -> Formula
  {
    let found = try subject(function, span)
    guard found.parameters.count == 1 else {
      throw Diagnostic(
        .gradient,
        "f' is of a function of one variable, but \(found.text) has \(found.parameters.count.counted("parameter"))",
        at: span,
        help: found.parameters.first.map { "write ∂\(found.text)/∂\($0.name)" })
    }
    return try formula(
      .derivative(
        of: found.subject,
        by: Array(repeating: .init(symbol: found.parameters[0]), count: order)),
      named: found.text + String(repeating: "'", count: order), parameters: found.parameters, span)
  }
}

extension [Symbol] {
  /// `w, x: vector(n); b: scalar`
  package var kindsText: String {
    var groups: [(kind: String, names: [String])] = []
    for symbol in self {
      if groups.last?.kind == symbol.kindText {
        groups[groups.count - 1].names.append(symbol.name)
      } else {
        groups.append((symbol.kindText, [symbol.name]))
      }
    }
    return groups.map { "\($0.names.joined(separator: ", ")): \($0.kind)" }.joined(separator: "; ")
  }
}
