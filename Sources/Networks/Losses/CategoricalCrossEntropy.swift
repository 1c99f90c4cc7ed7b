import Calculus
import MatrixEngine

/// −Σ y ln a over the outputs, a mean over the examples.
///
/// With a softmax output, from its net inputs: Σ y (ln Σ e^z − z), backward a·Σy − y, which is
/// a − y for targets that sum to 1.
struct CategoricalCrossEntropy: LossRule {
  func kernels<Scalar: MatrixScalar>() -> LossKernels<Scalar> {
    LossKernels(
      value: { a, y, _ in a.sum(y) { a, y in y == 0 ? 0 : -y * Scalar.log(a) } },
      gradient: { a, y, scale, _, result in
        a.map(y, into: result) { a, y in y == 0 ? 0 : -y / a * scale }
      },
      fused: FusedLossKernels(
        value: { z, y, k in
          var total: Scalar = 0
          var start = 0
          while start < z.count {
            let row = z.part(start, k)
            let targets = y.part(start, k)
            var peak = row[0]
            for j in 1..<max(1, k) where row[j] > peak { peak = row[j] }
            let logSum = Scalar.log(row.sum(row) { z, _ in Scalar.exp(z - peak) }) + peak
            total += row.sum(targets) { z, y in y == 0 ? 0 : y * (logSum - z) }
            start += k
          }
          return total
        },
        gradient: { _, a, y, scale, k, result in
          var start = 0
          while start < a.count {
            let targets = y.part(start, k)
            let mass = targets.sum(targets) { y, _ in y }
            a.part(start, k).map(targets, into: result.part(start, k)) { ($0 * mass - $1) * scale }
            start += k
          }
        }, kernel: .crossEntropy))
  }
}

extension Loss {
  package static let categoricalCrossEntropy = Loss(
    CategoricalCrossEntropy(), name: "categorical_cross_entropy", aliases: ["cce"],
    perOutput: -(.target * .ln(.output)),
    fusion: LossFusion(
      .softmax, slope: .output - .target, slopeBySum: .targetSum * .output - .target,
      remark: "softmax with cross entropy: the prediction error"),
    targets: .probabilities, predictions: .notNegative,
    targetHint: "its targets are probabilities", takesClassNumbers: true)
}
