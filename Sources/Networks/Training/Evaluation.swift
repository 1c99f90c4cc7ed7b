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
    return Evaluation(
      loss: score.loss, accuracy: score.accuracy,
      confusion: try confusion(x, y, interrupt: interrupt), examples: x.rows)
  }

  private func confusion(
    _ x: Matrix<Double>, _ y: Matrix<Double>, interrupt: InterruptFlag?
  ) throws(NetworkError) -> Matrix<Double>? {
    switch AccuracyRule(plan, targets: y) {
    case .none: return nil
    case .eachEntry(let low, let high):
      guard outputs == 1 else { return nil }
      let output = try predict(x, interrupt: interrupt)
      var counts = Matrix<Double>(rows: 2, columns: 2, repeating: 0)
      let middle = (low + high) / 2
      for i in 0..<x.rows { counts[y[i, 0] == high ? 1 : 0, output[i, 0] >= middle ? 1 : 0] += 1 }
      return counts
    case .largestOutput(let width):
      let output = try predict(x, interrupt: interrupt)
      var counts = Matrix<Double>(rows: width, columns: width, repeating: 0)
      // Of arrays every row is a prediction.
      let rows = Shape(x.rows * outputs / max(width, 1), width)
      do {
        for (truth, guess) in zip(
          try y.reshaped(rows).argmaxByRow(), try output.reshaped(rows).argmaxByRow())
        {
          counts[truth, guess] += 1
        }
      } catch { throw .matrix(error) }
      return counts
    }
  }
}
