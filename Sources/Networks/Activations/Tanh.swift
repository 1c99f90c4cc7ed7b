import MatrixEngine

/// tanh z, tanh′ = 1 − tanh². Source: lecture 3, "Activation function with differentiability".
struct Tanh: ActivationRule {
  @inline(__always)
  func value<Scalar: MatrixScalar>(_ z: Scalar) -> Scalar { Scalar.tanh(z) }

  @inline(__always)
  func derivative<Scalar: MatrixScalar>(_ z: Scalar, value a: Scalar) -> Scalar { 1 - a * a }
}

extension Activation {
  package static let tanh = Activation(
    Tanh(), name: "tanh",
    formula: "(e^z - e^(-z))/(e^z + e^(-z))", latex: #"\frac{e^{z} - e^{-z}}{e^{z} + e^{-z}}"#,
    derivativeFormula: "1 - a^2", derivativeLatex: "1 - a^2",
    range: "(-1, 1)", steepestSlope: 1)
}
