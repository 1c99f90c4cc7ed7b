import Calculus
import MatrixEngine

/// z above 0 and slope·z below, with derivative slope at 0. Source: lecture 3, "Leaky ReLU".
struct LeakyReLU: ActivationRule {
  let slope: Double
  var kernel: VectorFunction? { .leakyReLU(slope: slope) }

  @inline(__always)
  func value<Scalar: MatrixScalar>(_ z: Scalar) -> Scalar { z > 0 ? z : Scalar(slope) * z }

  @inline(__always)
  func derivative<Scalar: MatrixScalar>(_ z: Scalar, value a: Scalar) -> Scalar {
    z > 0 ? 1 : Scalar(slope)
  }
}

extension Activation {
  package static let leakyReLU = leakyReLU(slope: 0.01)

  package static func leakyReLU(slope: Double) -> Activation {
    Activation(
      LeakyReLU(slope: slope), name: "leaky_relu", symbol: "LeakyReLU",
      parameter: NamedParameter(name: "slope", value: slope, usual: 0.01),
      definition: .choosing(
        .greater, .netInput, 0, then: .netInput, else: .number(slope) * .netInput),
      function: .function(.leakyRelu(slope: Number(slope)), .netInput),
      range: slope > 0 ? "(-∞, ∞)" : "[0, ∞)",
      initializer: .he,
      rebuilt: { leakyReLU(slope: $0) })
  }
}
