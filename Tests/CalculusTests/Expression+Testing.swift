import Calculus
import MatrixEngine

/// What only tests ask of expressions.
extension Expression {
  /// The derivative by forward-mode automatic differentiation, one direction an entry of the symbol.
  ///
  /// Independent of the symbolic rules. Shape: the sizes of self, then those of the symbol.
  /// Throws: as `value(at:)`; `CalculusError.noDerivative` through a step.
  func forwardDerivative(
    by symbol: Symbol, at values: [String: Tensor<Double>], sizes: [String: Int] = [:]
  ) throws(CalculusError) -> Tensor<Double> {
    guard let point = values[symbol.name] else { throw .noValue(name: symbol.name) }
    var columns: [Double] = []
    var own: [Int] = []
    for i in point.storage.indices {
      var direction = Tensor(point.shape, repeating: 0)
      direction.storage[i] = 1
      let evaluator = try Evaluator(
        symbols + [symbol], values: values, sizes: sizes, tangents: [symbol.name: direction])
      let result = try evaluator.evaluate(self)
      own = result.value.sizes
      columns += result.tangent?.storage ?? Array(repeating: 0, count: result.value.storage.count)
    }
    return try Expression.table(columns, own, point.sizes)
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
  func distanceToKink(at values: [String: Tensor<Double>], sizes: [String: Int] = [:]) throws
    -> Double
  {
    try kinkDistances(at: values, sizes: sizes).min() ?? .infinity
  }
}
