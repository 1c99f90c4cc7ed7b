import MatrixEngine

/// When a prediction counts as right.
///
/// Shares of classes: the largest output is where the largest target is. Probabilities or decisions with targets
/// 0 and 1: every entry by itself, (ŷ ≥ 0.5) = y. Else there is no accuracy.
enum AccuracyRule: Sendable {
  case largestOutput, eachEntry, none

  init(_ meaning: OutputMeaning, targets: Matrix<Double>) {
    switch meaning {
    case .numbers: self = .none
    case .shares: self = .largestOutput
    case .probabilities, .decisions:
      self = targets.storage.allSatisfy({ $0 == 0 || $0 == 1 }) ? .eachEntry : .none
    }
  }

  /// How many predictions count: entries, or rows. Shape: `[m, k]`.
  func total(_ shape: Shape) -> Int {
    switch self {
    case .largestOutput: shape.rows
    case .eachEntry: shape.count
    case .none: 0
    }
  }

  /// How many are right. Shape: both `[r, k]`.
  @inline(__always)
  func hits<Scalar: MatrixScalar>(_ a: Buffer<Scalar>, _ y: Buffer<Scalar>, _ k: Int) -> Int {
    switch self {
    case .none: return 0
    case .eachEntry:
      var hits = 0
      for i in 0..<a.count where (a[i] >= 0.5) == (y[i] == 1) { hits += 1 }
      return hits
    case .largestOutput:
      var hits = 0
      var start = 0
      while start < a.count {
        if AccuracyRule.largest(a, start, k) == AccuracyRule.largest(y, start, k) { hits += 1 }
        start += k
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
