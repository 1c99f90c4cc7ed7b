import Calculus
import MatrixEngine

/// h(z) = z, for regression.
struct Identity: ActivationRule {
  var kernel: VectorFunction? { .identity }

  @inline(__always)
  func value<Scalar: MatrixScalar>(_ z: Scalar) -> Scalar { z }

  @inline(__always)
  func derivative<Scalar: MatrixScalar>(_ z: Scalar, value a: Scalar) -> Scalar { 1 }
}

extension Activation {
  package static let identity = Activation(
    Identity(), name: "identity", aliases: ["linear"],
    definition: .netInput,
    range: "(-∞, ∞)")
}
