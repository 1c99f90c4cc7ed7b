import Calculus
import MatrixEngine

/// The mean over the examples of Σ (a − y)² over the outputs; ∂E/∂A = (2/m)(A − Y).
///
/// Not divided by the number of outputs. Source: matrix note, "Gradient of the Error".
struct MeanSquaredError: LossRule {
  func kernels<Scalar: MatrixScalar>() -> LossKernels<Scalar> {
    LossKernels(
      value: { a, y, _ in a.sum(y) { ($0 - $1) * ($0 - $1) } },
      gradient: { a, y, scale, _, result in a.map(y, into: result) { 2 * ($0 - $1) * scale } },
      // The loss of the identity: there z is a.
      fused: FusedLossKernels(
        value: { z, y, _ in z.sum(y) { ($0 - $1) * ($0 - $1) } },
        gradient: { _, a, y, scale, _, result in
          a.map(y, into: result) { 2 * ($0 - $1) * scale }
        }, kernel: .squares), kernel: .squares)
  }
}

extension Loss {
  package static let meanSquaredError = Loss(
    MeanSquaredError(), name: "mean_squared_error", aliases: ["mse"],
    perOutput: (.output - .target).raised(to: 2),
    fusion: LossFusion(.identity))
}
