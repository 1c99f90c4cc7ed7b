import MatrixEngine
import Notation

extension [String: Tensor<Double>] {
  /// The value of a quantity, which is kept under its text.
  package subscript(quantity: Quantity) -> Tensor<Double>? {
    get { self[quantity.text] }
    set { self[quantity.text] = newValue }
  }
}

/// Collects the lines of a derivation, with numbers where there are values.
package struct LineWriter {
  package private(set) var lines: [Derivation.Line] = []
  typealias Slope = (by: Symbol, slope: Expression)

  /// d u/d x of the variables so far.
  private var totals: [Symbol: Expression] = [:]
  /// The values of symbols, those that lines have given included.
  package var values: [String: Tensor<Double>]
  /// How intermediate values are rounded, so that later ones follow from rounded ones.
  private let round: (@Sendable (Double) -> Double)?
  private var sizes: [String: Int] = [:]

  /// More numbers than these are not put into one formula.
  private static let mostEntries = 200

  /// `symbols` are those whose values may be known.
  package init(_ numbers: Derivation.Numbers, symbols: [Symbol] = []) {
    values = numbers.values
    round = numbers.round
    sizes = symbols.sizes(in: values)
  }

  mutating func define(
    _ symbol: Symbol, _ formula: Expression, step: Derivation.Step = .define
  ) throws(CalculusError) {
    let value = try append(
      step, .name(symbol), last: formula)
    values[symbol.name] = value
  }

  /// A line whose quantity later lines use by its name.
  package mutating func append(
    _ step: Derivation.Step, _ symbol: Symbol, _ first: [Derivation.RightSide] = [],
    last: Expression, reason: SymbolText = "", dimensions: String = "",
    known: Tensor<Double>? = nil,
    lies: Bool = false
  ) throws(CalculusError) {
    let value = try append(
      step, .name(symbol), first, last: last, reason: reason, dimensions: dimensions,
      known: round == nil ? known : nil, lies: lies)
    values[symbol.name] = value ?? known
  }

  mutating func local(
    _ symbol: Symbol, _ formula: Expression, by: Symbol, _ slope: Derivative,
    step: Derivation.Step
  ) throws(CalculusError) {
    let rule = Reasons.rule(for: formula, by: by)
    let layout = Reasons.layout(slope, of: formula.shape, by: by)
    try append(
      step, .partial(of: symbol, by: by), Self.terms(of: formula, by: by, slope.expression),
      last: slope.expression, reason: .words(rule.name + (layout.isEmpty ? "" : "; " + layout)),
      rule: rule.reason,
      dimensions: slope.shape.jacobianDescription)
  }

  /// Of a sum the derivative of every term: 2xy + 0.
  private static func terms(of formula: Expression, by: Symbol, _ slope: Expression)
    -> [Derivation.RightSide]
  {
    guard case .add(let parts) = formula.withoutNames.node, parts.count <= 6,
      parts.allSatisfy({ $0.shape == formula.shape || $0.shape == .scalar })
    else { return [] }
    var terms: [Expression] = []
    for part in parts {
      guard let term = try? part.derivative(by: by).expression else { return [] }
      guard term.shape == slope.shape || term.isZero || term.shape == .scalar else { return [] }
      terms.append(term)
    }
    guard terms.contains(where: { !$0.isZero }), let sum = try? Expression.add(terms),
      sum.shape == slope.shape
    else { return [] }
    return [.formula(sum)]
  }

  /// The derivative of every variable by what it depends on directly: the symbol and the variables before it.
  ///
  /// nil where one has more indices than a matrix and `withTensors` is false.
  mutating func locals(
    _ chain: [(symbol: Symbol, formula: Expression)], by symbol: Symbol, withTensors: Bool = true
  ) throws(CalculusError) -> [[Slope]]? {
    var slopes: [[Slope]] = []
    for (i, (variable, formula)) in chain.enumerated() {
      var own: [Slope] = []
      for other in [symbol] + chain[..<i].map(\.symbol) where formula.symbols.contains(other) {
        let slope = try formula.derivative(by: other)
        guard withTensors || slope.shape.dimensions.count <= 2 else { return nil }
        try local(variable, formula, by: other, slope, step: .local)
        own.append((other, slope.expression))
      }
      slopes.append(own)
    }
    return slopes
  }

  /// The total derivative of every variable in turn: the sum over what it depends on directly.
  mutating func totals(
    _ chain: some Sequence<(Symbol, [Slope])>, of whole: Symbol, as final: Symbol,
    by symbol: Symbol, _ end: Derivative, reason: SymbolText
  ) throws(CalculusError) {
    for (variable, slopes) in chain {
      let quantities: [[Derivation.LeftSide]] = slopes.map { by, _ in
        by == symbol
          ? [.partial(of: variable, by: symbol)]
          : [.partial(of: variable, by: by), .total(of: by, by: symbol)]
      }
      let products = slopes.map { by, slope in
        by == symbol ? [slope] : [slope] + (totals[by].map { [$0] } ?? [])
      }
      if variable == whole {
        try result(.total(of: final, by: symbol), [quantities], products, end, reason: reason)
      } else if slopes.count == 1, slopes[0].by == symbol {
        // Nothing to add: its total derivative is the one above.
        totals[variable] = slopes[0].slope
      } else {
        try total(variable, by: symbol, quantities, products)
      }
    }
  }

  private mutating func total(
    _ symbol: Symbol, by: Symbol, _ quantities: [[Derivation.LeftSide]],
    _ products: [[Expression]]
  ) throws(CalculusError) {
    let terms = products.compactMap { LineWriter.multiplied($0) }
    guard terms.count == products.count else { return }
    let sum: Expression = terms.count == 1 ? terms[0] : try .add(terms)
    let simple = try sum.simplified()
    totals[symbol] = simple
    try append(
      .combine, .total(of: symbol, by: by), [.chain(quantities), .products(products)],
      last: simple, reason: "chain rule",
      dimensions: LineWriter.dimensions(products))
  }

  mutating func result(
    _ quantity: Derivation.LeftSide, _ quantities: [[[Derivation.LeftSide]]],
    _ products: [[Expression]], _ result: Derivative, reason: SymbolText
  ) throws(CalculusError) {
    try append(
      .combine, quantity, quantities.map { .chain($0) } + [.products(products)],
      last: result.expression, reason: reason,
      dimensions: LineWriter.dimensions(products))
  }

  /// Adds a line. `known` is its value where that is not to be calculated here: the run's, in a form that does
  /// not overflow.
  @discardableResult
  package mutating func append(
    _ step: Derivation.Step, _ quantity: Derivation.LeftSide, _ first: [Derivation.RightSide] = [],
    last: Expression, reason: SymbolText = "", rule: String = "", dimensions: String = "",
    known: Tensor<Double>? = nil, lies: Bool = false
  ) throws(CalculusError) -> Tensor<Double>? {
    var value = known.map(rounded)
    if value == nil { value = try self.value(of: last, isDerivative: !step.isOfValues) }
    var substituted: Expression?
    if value != nil {
      if case .products(let products)? = first.last {
        substituted = try numbers(in: products)
        if round != nil, let substituted { value = try self.value(of: substituted) ?? value }
      }
      let entries = last.symbols.reduce(0) { $0 + (values[$1.name]?.storage.count ?? 0) }
      if substituted == nil, entries <= LineWriter.mostEntries {
        substituted = last.puttingIn(values, sizes: sizes)
      }
      // Of a number alone there is nothing to put in.
      if substituted?.number != nil || substituted == last { substituted = nil }
    }
    lines.append(
      Derivation.Line(
        step: step, quantity: quantity, equals: first + [.formula(last)],
        substituted: substituted, numbers: numbers(of: last), value: value, reason: reason,
        rule: rule, dimensions: dimensions, lies: lies))
    return value
  }

  /// The numbers that a formula's symbols have; none where one has no number.
  private func numbers(of formula: Expression) -> [(symbol: Symbol, value: Tensor<Double>)] {
    let known = formula.symbols.compactMap { symbol in
      values[symbol.name].map { (symbol: symbol, value: $0) }
    }
    return known.count == formula.symbols.count ? known : []
  }

  /// Whether values are rounded on the way.
  package var rounds: Bool { round != nil }

  /// Keeps the value of a quantity without a line of its own.
  package mutating func note(_ symbol: Symbol, _ formula: Expression) throws(CalculusError) {
    values[symbol.name] = try value(of: formula)
  }

  /// The value of a formula, rounded if that is wanted; nil while symbols have none.
  package func value(of formula: Expression, isDerivative: Bool = false) throws(CalculusError)
    -> Tensor<Double>?
  {
    guard formula.freeIndices.isEmpty, formula.symbols.allSatisfy({ values[$0.name] != nil })
    else { return nil }
    do throws(CalculusError) {
      let value = try formula.value(at: values, sizes: sizes, isDerivative: isDerivative)
      return rounded(value)
    } catch {
      if case .noValue = error { return nil }
      throw error
    }
  }

  private func rounded(_ value: Tensor<Double>) -> Tensor<Double> {
    guard let round else { return value }
    return Tensor(value.shape, value.storage.map(round))
  }

  /// A sum of products with every factor as its value: −0.0904 · 0.2364.
  private func numbers(in products: [[Expression]]) throws(CalculusError) -> Expression? {
    var terms: [Expression] = []
    for factors in products {
      var literals: [Expression] = []
      for factor in factors {
        guard let value = try value(of: factor, isDerivative: true),
          let literal = Expression.literal(value)
        else { return nil }
        literals.append(literal)
      }
      guard let term = LineWriter.multiplied(literals) else { return nil }
      terms.append(term)
    }
    return terms.count == 1 ? terms[0] : try? .add(terms)
  }

  /// The product of Jacobians: scalars scale, a column after a number or matrix multiplies.
  private static func multiplied(_ factors: [Expression]) -> Expression? {
    if factors.count > 1, factors.allSatisfy({ $0.shape == .scalar }) {
      return try? .multiply(factors)
    }
    var result = factors.first
    for factor in factors.dropFirst() {
      guard let left = result else { return nil }
      result = try? .product(left, factor)
    }
    return result
  }

  /// `m×k · k×n`, terms separated by +.
  private static func dimensions(_ products: [[Expression]]) -> String {
    products.map { $0.map(\.shape.jacobianDescription).joined(separator: " · ") }
      .joined(separator: " + ")
  }
}
