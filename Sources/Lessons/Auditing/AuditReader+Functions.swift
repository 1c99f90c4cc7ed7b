import Calculus
import Language
import Syntax

/// Functions in an audit: those that its lines define, and derivatives that are functions of a sum's turn.
extension AuditReader {
  // MARK: - Definitions

  /// The f and its x of `f(x) = …`, where nothing is known of f and its line does not mention it again.
  func functionDefined(by sides: [AuditSyntax.Side]) -> (name: String, parameters: [String])? {
    guard case .call(let callee, let arguments) = sides[0].expression.kind,
      case .name(let name) = callee.kind, !isFunction(name), !names.isKnown(name), sides.count > 1
    else { return nil }
    var parameters: [String] = []
    for case .positional(let value) in arguments {
      if case .name(let name) = value.kind, !parameters.contains(name) { parameters.append(name) }
    }
    var (found, called): ([String], Set<String>) = ([], [])
    collect(sides[1].expression, &found, &called)
    guard !parameters.isEmpty, parameters.count == arguments.count, !called.contains(name),
      !found.contains(name)
    else { return nil }
    return (name, parameters)
  }

  /// Makes a function of a name that has a formula.
  func define(_ name: String, of parameters: [String]) {
    guard let formula = names.formulas[name] else { return }
    let symbols = parameters.map(names.symbol)
    names.definitions[name] = AuditNames.Definition(parameters: symbols, formula: formula)
    guard formula.shape == .scalar, let gradient = try? formula.gradient(by: symbols) else {
      return
    }
    names.symbols["∇\(name)"] = Symbol("∇\(name)", gradient.shape)
    names.formulas["∇\(name)"] = gradient
  }

  /// `f(2)`, `f'(x)` of a function that a line defines; nil for other calls.
  func call(
    ofDefined callee: ExpressionSyntax, _ arguments: [ArgumentSyntax], _ bound: Set<String>,
    _ span: SourceSpan
  ) throws(Diagnostic) -> ExpressionSyntax? {
    var (function, order) = (callee, 0)
    while case .prime(let inner) = function.kind { (function, order) = (inner, order + 1) }
    guard case .name(let name) = function.kind, let definition = names.definitions[name],
      arguments.count == definition.parameters.count, order == 0 || arguments.count == 1
    else { return nil }
    var formula = definition.formula
    for _ in 0..<order {
      let parameter = definition.parameters[0]
      guard let slope = derivative(of: formula, by: parameter.name, allowsZero: true) else {
        return nil
      }
      formula = slope
    }
    let written = try arguments.map2 { (argument) throws(Diagnostic) -> ArgumentSyntax in
      guard case .positional(let value) = argument else { return argument }
      return .positional(try resolved(value, bound: bound))
    }
    return try call(formula, of: definition.parameters, written, span)
  }

  /// A call of a formula as a function of its own: of parameters with arguments, and of its other names as they are.
  private func call(
    _ formula: Expression, of parameters: [Symbol], _ arguments: [ArgumentSyntax],
    _ span: SourceSpan
  ) throws(Diagnostic) -> ExpressionSyntax {
    let name = "\u{2060}slope\(slopes.count)"
    let others = formula.symbols.filter { !parameters.contains($0) }
    slopes[name] = try interpreter.formula(
      .expression(.init(name: nil, expression: formula)), named: name,
      parameters: parameters + others, span)
    return ExpressionSyntax(
      .call(
        ExpressionSyntax(.name(name), span),
        arguments + others.map { .positional(ExpressionSyntax(.name($0.name), span)) }), span)
  }

  // MARK: - Derivatives inside of sums

  /// A derivative that differs from turn to turn of a sum, so that no name can stand for it: a function of the turn,
  /// called with it. nil for one that is left to the calculus.
  func call(
    of partial: ExpressionSyntax.PartialSyntax, _ bound: Set<String>, _ span: SourceSpan
  ) throws(Diagnostic) -> ExpressionSyntax? {
    guard partial.variables.count == 1, partial.variables[0].order == 1 else { return nil }
    let variable = partial.variables[0]
    let formula = try expression(resolved(partial.numerator, bound: bound))
    guard let entry = try entry(variable.indices),
      let slope = derivative(of: formula, by: variable.name, entry: entry, allowsZero: true)
    else { return nil }
    return try call(slope, of: [], [], span)
  }

  // MARK: - The chain rule

  /// Takes down that a name is a derivative; of a number by an array it has the shape of that.
  func note(_ name: String, of numerator: String, by variable: String) {
    quotients[name] = (numerator, variable)
    let shape = names.symbol(variable).shape
    guard names.symbols[name] == nil, names.symbol(numerator).shape == .scalar, shape != .scalar
    else { return }
    // By a vector it is a row.
    names.symbols[name] = Symbol(
      name,
      shape.dimensions.count == 1 ? ExpressionShape([.number(1)] + shape.dimensions) : shape)
  }

  /// Gives ∂L/∂w its formula, where nothing is known of L but that it depends on w through what the right side
  /// differentiates it by: ∂L/∂z with z = w*x + b. Returns whether it did.
  func derive(_ name: String, byChainRuleThrough side: Expression) -> Bool {
    guard let (numerator, variable) = quotients[name], names.formulas[numerator] == nil else {
      return false
    }
    let inner = side.symbols.compactMap { symbol -> (slope: Symbol, between: String)? in
      guard let quotient = quotients[symbol.name], quotient.numerator == numerator,
        quotient.variable != variable, names.formulas[quotient.variable] != nil
      else { return nil }
      return (symbol, quotient.variable)
    }
    let kept = Set(inner.map(\.between) + [variable])
    var terms: [Expression] = []
    for (slope, between) in inner {
      guard let formula = names.formulas[between] else { continue }
      let whole = whole(formula, but: kept)
      guard whole.symbols.contains(where: { $0.name == variable }) else { continue }
      guard let product = try? Self.product(.symbol(slope), whole) else { return false }
      terms.append(product)
    }
    guard !terms.isEmpty, let sum = terms.count == 1 ? terms[0] : try? .add(terms),
      var total = try? sum.derivative(by: names.symbol(variable)).expression
    else { return false }
    // Who declares derivatives as vectors means gradients.
    if names.symbol(variable).shape.dimensions.count == 1,
      inner.contains(where: { $0.slope.shape.dimensions.count == 1 }),
      let gradient = try? Expression.transpose(total)
    {
      total = gradient
    }
    names.symbols[name] = Symbol(name, total.shape)
    names.formulas[name] = total
    return true
  }

  /// The sum of all entries of a derivative by an array, each times the entry that it is by.
  private static func product(_ slope: Expression, _ whole: Expression) throws(CalculusError)
    -> Expression
  {
    if whole.shape == .scalar { return try .multiply([slope, whole]) }
    guard slope.shape.dimensions.count == 2, whole.shape.dimensions.count == 1 else {
      return try .reduce(.sum, .multiply([slope, whole]))
    }
    return try .product(slope, whole)
  }

  // MARK: - Words

  /// Behind a shape that does not fit: a name that counts as a number because nothing says otherwise.
  func hintOfKinds(in side: ExpressionSyntax, _ error: Diagnostic) -> String {
    guard error.name == .shape, error.message.contains("a number") else { return "" }
    let number = mentions(side).first {
      names.symbol($0).shape == .scalar && !names.isDefined($0) && declaredSymbol($0) == nil
    }
    guard let number else { return "" }
    return "; \(number) counts as a number, symbols \(number): vector says otherwise"
  }
}
