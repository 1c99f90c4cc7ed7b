import Calculus
import MatrixEngine

/// 1 where z ≥ θ, else 0. Source: lecture 3, "Perceptron".
struct UnitStep: ActivationRule {
  let threshold: Double

  @inline(__always)
  func value<Scalar: MatrixScalar>(_ z: Scalar) -> Scalar {
    z.isNaN ? z : z >= Scalar(threshold) ? 1 : 0
  }

  /// Zero wherever it exists; networks refuse to use it (`gradientRefusal`).
  @inline(__always)
  func derivative<Scalar: MatrixScalar>(_ z: Scalar, value a: Scalar) -> Scalar { 0 }
}

extension Activation {
  package static let unitStep = unitStep(threshold: 0)

  package static func unitStep(threshold: Double) -> Activation {
    Activation(
      UnitStep(threshold: threshold), name: "unit_step", aliases: ["heaviside"], symbol: "g",
      parameter: NamedParameter(name: "threshold", value: threshold, usual: 0),
      definition: .choosing(.greaterOrEqual, .netInput, .number(threshold), then: 1, else: 0),
      function: .function(.unitStep(threshold: Number(threshold)), .netInput),
      range: "{0, 1}", meaning: .decisions,
      gradientRefusal: .flat,
      rebuilt: { unitStep(threshold: $0) })
  }
}
