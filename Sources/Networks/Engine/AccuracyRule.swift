import MatrixEngine

/// When a prediction counts as right.
///
/// Shares of classes: the largest output is where the largest target is, of an array in every row. Probabilities or
/// decisions with targets 0 and 1: every entry by itself, (ŷ ≥ 0.5) = y; likewise for decisions between other numbers.
/// Else there is no accuracy.
enum AccuracyRule: Sendable, Equatable {
  /// Of rows so wide.
  case largestOutput(width: Int)
  case none
  /// Outputs from the middle of the two targets on mean the higher one.
  case eachEntry(low: Double, high: Double)

  /// Of what a plan's network gives.
  init(_ plan: NetworkPlan, targets: Matrix<Double>) {
    switch plan.meaning {
    case .numbers: self = .none
    case .shares: self = .largestOutput(width: plan.rowWidth)
    case .probabilities: self = .between(0, 1, targets)
    case .decisions(let low, let high): self = .between(low, high, targets)
    }
  }

  private static func between(_ low: Double, _ high: Double, _ targets: Matrix<Double>)
    -> AccuracyRule
  {
    targets.storage.allSatisfy { $0 == low || $0 == high }
      ? .eachEntry(low: low, high: high) : .none
  }

  /// How many predictions count: entries, or rows. Shape: `[m, k]`.
  func total(_ shape: Shape) -> Int {
    switch self {
    case .largestOutput(let width): shape.count / max(width, 1)
    case .eachEntry: shape.count
    case .none: 0
    }
  }

  /// How many are right. Shape: both `[r, k]`.
  @inline(__always)
  func hits<Scalar: MatrixScalar>(_ a: Buffer<Scalar>, _ y: Buffer<Scalar>) -> Int {
    switch self {
    case .none: return 0
    case .eachEntry(let low, let high):
      let (middle, high) = (Scalar((low + high) / 2), Scalar(high))
      var hits = 0
      for i in 0..<a.count where (a[i] >= middle) == (y[i] == high) { hits += 1 }
      return hits
    case .largestOutput(let k):
      var hits = 0
      var start = 0
      while start < a.count {
        if AccuracyRule.largest(a, start, k) == AccuracyRule.largest(y, start, k) { hits += 1 }
        start += max(k, 1)
      }
      return hits
    }
  }

  /// The position of the largest entry of a row, the first at ties.
  @inline(__always)
  static func largest<Scalar: MatrixScalar>(_ x: Buffer<Scalar>, _ start: Int, _ k: Int) -> Int {
    var best = 0
    for j in 1..<max(1, k) where x[start + j] > x[start + best] { best = j }
    return best
  }
}
