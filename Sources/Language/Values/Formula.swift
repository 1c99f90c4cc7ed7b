import Calculus

/// A function that is known by its formula: a derivative, a declared symbol, an expression of symbols.
package final class Formula: Sendable {
  /// A function, or an expression, that something is said about.
  package struct Subject: Sendable {
    /// The function's name; nil for an expression that has none.
    package var name: String?
    package var expression: Expression

    package init(name: String?, expression: Expression) {
      self.name = name
      self.expression = expression
    }
  }

  /// A variable of differentiation: a symbol, or an entry of one.
  package struct Variable: Sendable {
    package var symbol: Symbol
    package var entry: [EntryIndex] = []
  }

  /// Where a formula comes from; its derivation is that of this.
  package enum Origin: Sendable {
    /// A symbol as it was declared.
    case symbol(Symbol)
    /// An expression of symbols, or a function with some of its arguments put in.
    case expression(Subject)
    /// By one variable after the other.
    case derivative(of: Subject, by: [Variable])
    case total(of: Subject, by: Symbol, through: [(symbol: Symbol, formula: Expression)])
    case gradient(of: Subject, by: [Symbol])
    case jacobian(of: [Subject], by: [Symbol])
    case hessian(of: Subject, by: [Symbol])
  }

  /// As it was written: `∂f/∂x`, `x`, `f(y = 1)`.
  package let name: String
  package let origin: Origin
  /// What it is a function of, in order. The symbols of `expression` that are not among them have values,
  /// which are read when it is called.
  package let parameters: [Symbol]
  /// The simplified formula.
  package let expression: Expression
  /// Why its layout is what it is: "diagonal: entry i depends …", or nil.
  let remark: String?

  /// Works a formula out.
  ///
  /// Throws: as `Expression.derivative(by:)` and its like.
  package init(_ origin: Origin, name: String, parameters: [Symbol]) throws(CalculusError) {
    self.name = name
    self.origin = origin
    self.parameters = parameters
    switch origin {
    case .symbol(let symbol):
      expression = .symbol(symbol)
      remark = nil
    case .expression(let subject):
      expression = try subject.expression.simplified()
      remark = nil
    case .derivative(let subject, let variables):
      let derivative = try Self.derivative(of: subject.expression, by: variables)
      expression = derivative.expression
      remark =
        variables.count == 1 && variables[0].entry.isEmpty
        ? derivative.layoutReason(of: subject.expression.shape, by: variables[0].symbol) : nil
    case .total(let subject, let symbol, let intermediates):
      let whole = try subject.expression.throughIntermediates(intermediates)
      expression = try whole.derivative(by: symbol).expression
      remark = nil
    case .gradient(let subject, let symbols):
      expression = try subject.expression.gradient(by: symbols)
      remark = nil
    case .jacobian(let subjects, let symbols):
      let functions = subjects.map(\.expression)
      expression = try .jacobian(of: functions, by: symbols)
      remark =
        functions.count == 1 && symbols.count == 1
        ? try functions[0].derivative(by: symbols[0]).layoutReason(
          of: functions[0].shape, by: symbols[0]) : nil
    case .hessian(let subject, let symbols):
      expression = try subject.expression.hessian(by: symbols)
      remark = nil
    }
  }

  private static func derivative(of expression: Expression, by variables: [Variable])
    throws(CalculusError) -> Derivative
  {
    guard variables.contains(where: { !$0.entry.isEmpty }) else {
      return try expression.higherDerivative(by: variables.map(\.symbol))
    }
    var result = try expression.derivative(by: variables[0].symbol, entry: variables[0].entry)
    for variable in variables.dropFirst() {
      result = try result.expression.derivative(by: variable.symbol, entry: variable.entry)
    }
    return result
  }

  /// Whether what it comes from was written with ⊗; it is then shown with it.
  package var usesTimes: Bool {
    switch origin {
    case .symbol: false
    case .expression(let subject), .derivative(let subject, _), .total(let subject, _, _),
      .gradient(let subject, _), .hessian(let subject, _):
      subject.expression.usesTimes
    case .jacobian(let subjects, _): subjects.contains(where: \.expression.usesTimes)
    }
  }

  /// Whether this is a declared symbol as such.
  package var isSymbol: Bool { if case .symbol = origin { true } else { false } }

  /// Whether it came about by an expression of symbols, not by differentiation.
  package var isExpression: Bool { if case .expression = origin { true } else { false } }

  /// `∂f/∂x(x, y)`
  package var signature: String { "\(name)(\(parameters.map(\.name).joined(separator: ", ")))" }

  /// The symbols of the formula that are no parameters, whose values it takes from the session.
  package var outerSymbols: [Symbol] { expression.symbols.filter { !parameters.contains($0) } }

  /// The names whose values a call takes from the session: also those that differentiation has removed, since
  /// the function itself must have a value.
  var neededSymbols: [Symbol] {
    let all = expression.symbols + (primal?.expression.symbols ?? [])
    var needed: [Symbol] = []
    for symbol in all
    where !parameters.contains(where: { $0.name == symbol.name }) && !needed.contains(symbol) {
      needed.append(symbol)
    }
    return needed
  }

  /// What was differentiated: a value outside its domain has no derivative. With the variables.
  package var primal: (expression: Expression, variables: Set<Symbol>)? {
    switch origin {
    case .symbol, .expression, .jacobian: nil
    case .derivative(let subject, let variables):
      (subject.expression, Set(variables.map(\.symbol)))
    case .total(let subject, let symbol, let intermediates):
      (
        (try? subject.expression.throughIntermediates(intermediates)) ?? subject.expression,
        [symbol]
      )
    case .gradient(let subject, let symbols), .hessian(let subject, let symbols):
      (subject.expression, Set(symbols))
    }
  }
}

extension FunctionValue {
  /// Whether it is an expression of symbols, a symbol included.
  package var isExpression: Bool {
    if case .formula(let formula) = self { formula.isSymbol || formula.isExpression } else { false }
  }

  /// Whether a prime behind it means its derivative; behind other formulas it is a transpose.
  var hasSlope: Bool {
    guard case .formula(let formula) = self else { return true }
    return !formula.isSymbol && formula.parameters.count == 1
      && formula.parameters[0].shape == .scalar && formula.expression.shape == .scalar
  }

  /// Whether it is a declared symbol, which is no function to call.
  package var isSymbol: Bool {
    if case .formula(let formula) = self { formula.isSymbol } else { false }
  }
}

extension Value {
  /// Whether it is a formula, or a part of one that is being evaluated.
  @inline(__always)
  package var isFormula: Bool {
    switch self {
    case .function(.formula), .expression: true
    default: false
    }
  }
  /// Whether it is a formula, an unknown function, or a list with one of these.
  var holdsFormula: Bool {
    switch self {
    case .function(.formula), .function(.unknown), .expression: true
    case .list(let list): list.holdsFormula
    default: false
    }
  }
  package var formula: Formula? {
    if case .function(.formula(let formula)) = self { formula } else { nil }
  }

  /// The shape of a symbol that has this value; nil for what has no numbers.
  var expressionShape: ExpressionShape? {
    tensor.map { ExpressionShape($0.sizes.map { .number($0) }) }
  }
}
