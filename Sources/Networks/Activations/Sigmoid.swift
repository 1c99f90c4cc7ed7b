import Calculus
import MatrixEngine

/// σ(z) = 1/(1 + e^(−z)), σ′ = σ(1 − σ). Source: lecture 3, "Activation function with differentiability".
struct Sigmoid: ActivationRule {
  var kernel: VectorFunction? { .sigmoid }

  @inline(__always)
  func value<Scalar: MatrixScalar>(_ z: Scalar) -> Scalar { 1 / (1 + Scalar.exp(-z)) }

  @inline(__always)
  func derivative<Scalar: MatrixScalar>(_ z: Scalar, value a: Scalar) -> Scalar { a * (1 - a) }
}

extension Activation {
  package static let sigmoid = Activation(
    Sigmoid(), name: "sigmoid", aliases: ["σ"], symbol: "σ",
    definition: 1 / (1 + .exp(-.netInput)), function: .function(.sigmoid, .netInput),
    range: "(0, 1)", meaning: .probabilities, steepestSlope: 0.25)
}
