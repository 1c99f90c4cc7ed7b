import Calculus
import MatrixEngine

/// max(0, z), with derivative 0 at 0. Source: lecture 3, "Rectified Linear Unit (ReLU)".
struct ReLU: ActivationRule {
  var kernel: VectorFunction? { .relu }

  // Asks for z ≤ 0 and not for z > 0, so that a NaN goes through and is seen.
  @inline(__always)
  func value<Scalar: MatrixScalar>(_ z: Scalar) -> Scalar { z <= 0 ? 0 : z }

  @inline(__always)
  func derivative<Scalar: MatrixScalar>(_ z: Scalar, value a: Scalar) -> Scalar { z > 0 ? 1 : 0 }
}

extension Activation {
  package static let relu = Activation(
    ReLU(), name: "relu", symbol: "ReLU",
    definition: .choosing(.greater, .netInput, 0, then: .netInput, else: 0),
    function: .function(.relu, .netInput), range: "[0, ∞)", initializer: .he)
}
