extension ElementFunction {
  /// Whether its values are computed as they are, not by its formula.
  package var hasOwnValues: Bool { number != nil }

  /// f(x).
  package func value(_ x: Double) -> Double {
    number?(x) ?? formula.flatMap { dual($0, at: x) }?.entries[0] ?? .nan
  }

  /// f′(x), with the conventions at kinks; nil where there is none that could be used.
  package func slope(_ x: Double) -> Double? {
    if refusal != nil { return nil }
    if let numericSlope { return numericSlope(x) }
    if let formula { return dual(formula, at: x).map { $0.tangent?.storage[0] ?? 0 } }
    return slope.flatMap { dual($0, at: x) }?.entries[0]
  }

  private func dual(_ expression: Expression, at x: Double) -> Dual? {
    let evaluator = try? Evaluator(
      [argument], values: [argument.name: .scalar(x)], tangents: [argument.name: .scalar(1)])
    return try? evaluator?.evaluate(expression)
  }
}
