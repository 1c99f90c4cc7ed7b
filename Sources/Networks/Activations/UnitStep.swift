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
      UnitStep(threshold: threshold), name: "unit_step", aliases: ["heaviside"],
      parameter: NamedParameter(name: "threshold", value: threshold),
      definition: .choosing(.greaterOrEqual, .netInput, .number(threshold), then: 1, else: 0),
      range: "{0, 1}", kinks: [threshold],
      gradientRefusal: "its derivative is 0 wherever it exists, so no weight would ever move",
      rebuilt: { unitStep(threshold: $0) })
  }
}
