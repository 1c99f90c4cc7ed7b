@testable import Calculus

/// What only tests ask of expressions.
extension Expression {
  /// The derivative by forward-mode automatic differentiation, one direction an entry of the symbol.
  ///
  /// Independent of the symbolic rules. Shape: the sizes of self, then those of the symbol.
  /// Throws: as `value(at:)`; `CalculusError.noDerivative` through a step.
  func forwardDerivative(
    by symbol: Symbol, at values: [String: Tensor], sizes: [String: Int] = [:]
  ) throws(CalculusError) -> Tensor {
    guard let point = values[symbol.name] else { throw .noValue(name: symbol.name) }
    var columns: [[Double]] = []
    var own: [Int] = []
    for i in point.values.indices {
      var direction = [Double](repeating: 0, count: point.values.count)
      direction[i] = 1
      let evaluator = try Evaluator(
        symbols + [symbol], values: values, sizes: sizes, tangents: [symbol.name: direction])
      let result = try evaluator.evaluate(self)
      own = result.sizes
      columns.append(result.tangent ?? Array(repeating: 0, count: result.values.count))
    }
    var entries: [Double] = []
    for row in 0..<own.reduce(1, *) { entries += columns.map { $0[row] } }
    return Tensor(sizes: own + point.sizes, values: entries)
  }

  /// u vᵀ. Shape: `[m], [n] → [m, n]`.
  static func outer(_ u: Expression, _ v: Expression) throws(CalculusError) -> Expression {
    guard case .vector = u.shape, case .vector = v.shape else {
      throw .shapeMismatch(operation: "outer product", left: u.shape, right: v.shape)
    }
    return try product(u, transpose(v))
  }

  /// Whether it has indices, as matrix notation has no name for it.
  var isIndexForm: Bool {
    parts.contains { part in
      switch part.node {
      case .array, .indexSum: true
      default: false
      }
    }
  }

  /// How far the nearest kink is from the point.
  func distanceToKink(at values: [String: Tensor], sizes: [String: Int] = [:]) throws -> Double {
    try kinkDistances(at: values, sizes: sizes).min() ?? .infinity
  }
}

extension SizeInference {
  /// Builds an expression over symbols with unknown sizes; `build` is called again each time sizes turn
  /// out to be equal, with the symbols as they are then known.
  ///
  /// Throws: what `build` throws.
  static func infer(
    _ symbols: [Symbol], _ build: ([Symbol]) throws(CalculusError) -> Expression
  ) throws(CalculusError) -> (symbols: [Symbol], expression: Expression) {
    var sizes = SizeInference()
    while true {
      let resolved = symbols.map { Symbol($0.name, sizes.resolve($0.shape)) }
      do {
        let expression = try build(resolved)
        if !sizes.nameRest(of: symbols) { return (resolved, expression) }
      } catch .sizesMustAgree(let unknown, let other) {
        sizes.agree(unknown, other)
      }
    }
  }
}
