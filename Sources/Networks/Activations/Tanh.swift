import Calculus
import MatrixEngine

/// tanh z, tanh′ = 1 − tanh². Source: lecture 3, "Activation function with differentiability".
struct Tanh: ActivationRule {
  var kernel: VectorFunction? { .tanh }

  @inline(__always)
  func value<Scalar: MatrixScalar>(_ z: Scalar) -> Scalar { Scalar.tanh(z) }

  @inline(__always)
  func derivative<Scalar: MatrixScalar>(_ z: Scalar, value a: Scalar) -> Scalar { 1 - a * a }
}

extension Activation {
  package static let tanh = Activation(
    Tanh(), name: "tanh",
    definition: (.exp(.netInput) - .exp(-.netInput)) / (.exp(.netInput) + .exp(-.netInput)),
    function: .function(.tanh, .netInput), range: "(-1, 1)", steepestSlope: 1)
}
