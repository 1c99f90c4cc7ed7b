import MatrixEngine

/// How well a network does on X, Y.
package struct Evaluation: Sendable, Equatable {
  package let loss: Double
  /// nil where accuracy has no meaning.
  package let accuracy: Double?
  /// Counts, rows true classes, columns predicted; nil where there are no classes.
  /// Of one sigmoid or unit_step output: its two targets, the lower one first.
  package let confusion: Matrix<Double>?
  package let examples: Int
}

extension Network {
  /// Loss, accuracy and confusion matrix. Shape: `x: [m, n]`, `y: [m, k]`.
  ///
  /// Throws: as `loss`.
  package func evaluate(
    _ x: Matrix<Double>, _ y: Matrix<Double>, interrupt: InterruptFlag? = nil
  ) throws(NetworkError) -> Evaluation {
    let score = try score(x, y, interrupt: interrupt)
    var confusion = Confusion(AccuracyRule(plan, targets: y), outputs: outputs)
    if confusion != nil { try confusion?.add(predict(x, interrupt: interrupt), y) }
    return Evaluation(
      loss: score.loss, accuracy: score.accuracy, confusion: confusion?.counts, examples: x.rows)
  }
}

/// Counts of predictions, rows true classes, columns predicted.
struct Confusion {
  private(set) var counts: Matrix<Double>
  private let rule: AccuracyRule

  /// None so far; nil where there are no classes.
  init?(_ rule: AccuracyRule, outputs: Int) {
    let classes: Int
    switch rule {
    case .none: return nil
    case .eachEntry:
      guard outputs == 1 else { return nil }
      classes = 2
    case .largestOutput(let width): classes = width
    }
    self.rule = rule
    counts = Matrix(rows: classes, columns: classes, repeating: 0)
  }

  /// Shape: both `[m, k]`. Throws: `NetworkError.matrix`.
  mutating func add(_ output: Matrix<Double>, _ y: Matrix<Double>) throws(NetworkError) {
    switch rule {
    case .none: break
    case .eachEntry(let low, let high):
      let middle = (low + high) / 2
      for i in 0..<y.rows { counts[y[i, 0] == high ? 1 : 0, output[i, 0] >= middle ? 1 : 0] += 1 }
    case .largestOutput(let width):
      // Of arrays every row is a prediction.
      let rows = Shape(y.storage.count / max(width, 1), width)
      do {
        for (truth, guess) in zip(
          try y.reshaped(rows).argmaxByRow(), try output.reshaped(rows).argmaxByRow())
        {
          counts[truth, guess] += 1
        }
      } catch { throw .matrix(error) }
    }
  }
}
