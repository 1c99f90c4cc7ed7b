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
    let whole = threshold == threshold.rounded() && threshold.magnitude < 1e15
    let bound = whole ? "\(Int(threshold))" : "\(threshold)"
    return Activation(
      UnitStep(threshold: threshold), name: "unit_step", aliases: ["heaviside"],
      parameter: NamedParameter(name: "threshold", value: threshold),
      formula: "if z >= \(bound) { 1 } else { 0 }",
      latex: #"\begin{cases} 1 & z \ge \#(bound) \\ 0 & \text{otherwise} \end{cases}"#,
      derivativeFormula: "0 for z ≠ \(bound)",
      derivativeLatex: #"0 \quad (z \ne \#(bound))"#,
      range: "{0, 1}", kinks: [threshold],
      gradientRefusal: "its derivative is 0 wherever it exists, so no weight would ever move",
      rebuilt: { unitStep(threshold: $0) })
  }
}
