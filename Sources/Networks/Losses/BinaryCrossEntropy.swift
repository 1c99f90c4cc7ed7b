import Calculus
import MatrixEngine

/// −[y ln a + (1 − y) ln(1 − a)], summed over the outputs, natural logarithm.
///
/// With a sigmoid output, from its net input: max(z, 0) − y z + ln(1 + e^(−|z|)), backward a − y,
/// for y = 1 as −σ(−z),
/// which stay finite and exact where the slide's factors −y/a + (1 − y)/(1 − a) and a(1 − a) do not.
/// Source: lecture 3, "Cross-Entropy Loss and Its Derivative"; errata B2.
struct BinaryCrossEntropy: LossRule {
  func kernels<Scalar: MatrixScalar>() -> LossKernels<Scalar> {
    LossKernels(
      // A term whose factor is 0 is left out: no 0·∞.
      value: { a, y, _ in
        a.sum(y) { a, y in
          (y == 0 ? 0 : -y * Scalar.log(a)) - (y == 1 ? 0 : (1 - y) * Scalar.log(1 - a))
        }
      },
      gradient: { a, y, scale, _, result in
        a.map(y, into: result) { a, y in
          ((y == 0 ? 0 : -y / a) + (y == 1 ? 0 : (1 - y) / (1 - a))) * scale
        }
      },
      fused: FusedLossKernels(
        value: { z, y, _ in
          z.sum(y) { z, y in
            (z > 0 ? z : 0) - y * z + Scalar.log(onePlus: Scalar.exp(-z.magnitude))
          }
        },
        gradient: { z, a, y, scale, _, result in
          z.map(a, y, into: result) { z, a, y in
            // Near 1 the difference a − 1 loses digits that −σ(−z) has.
            (y == 1 && a > 0.875 ? -1 / (1 + Scalar.exp(z)) : a - y) * scale
          }
        }, kernel: .binaryCrossEntropy))
  }
}

extension Loss {
  package static let binaryCrossEntropy = Loss(
    BinaryCrossEntropy(), name: "binary_cross_entropy", aliases: ["bce"],
    perOutput: -(.target * .ln(.output) + (1 - .target) * .ln(1 - .output)),
    slope: -.target / .output + (1 - .target) / (1 - .output),
    fusion: LossFusion(
      .sigmoid, slope: .output - .target,
      exactSlope: (1 - .target) * .function(.sigmoid, .netInput)
        - .target * .function(.sigmoid, -.netInput),
      value: .function(.relu, .netInput) - .target * .netInput
        + .function(.softplus, -Expression.function(.abs, .netInput))),
    targets: .probabilities, predictions: .properProbabilities,
    targetHint: "its targets are probabilities")
}
