import Calculus
import MatrixEngine

/// aᵢ = e^(zᵢ) / Σⱼ e^(zⱼ) over a row, with the Jacobian ∂aᵢ/∂zⱼ = aᵢ(δᵢⱼ − aⱼ).
///
/// The largest net input of the row is taken off first, which changes nothing but avoids overflow.
struct Softmax: ActivationRule {
  /// Of a single number: always 1.
  func value<Scalar: MatrixScalar>(_ z: Scalar) -> Scalar { z.isNaN ? z : 1 }

  func derivative<Scalar: MatrixScalar>(_ z: Scalar, value a: Scalar) -> Scalar { 0 }

  func kernels<Scalar: MatrixScalar>() -> ActivationKernels<Scalar> {
    ActivationKernels(apply: Softmax.apply, pullBack: Softmax.pullBack)
  }

  @Sendable @inline(__always)
  private static func apply<Scalar: MatrixScalar>(
    _ z: Buffer<Scalar>, _ a: Buffer<Scalar>, _ k: Int
  ) {
    var start = 0
    while start < z.count {
      let row = z.part(start, k)
      let result = a.part(start, k)
      var peak = row[0]
      for j in 1..<max(1, k) where row[j] > peak { peak = row[j] }
      row.map(into: result) { $0 - peak }
      result.map(.exp, into: result)
      let total = result.sum(result) { power, _ in power }
      result.map(into: result) { $0 / total }
      start += k
    }
  }

  /// The Jacobian-vector product of a row: ∂L/∂zⱼ = aⱼ(∂L/∂aⱼ − Σᵢ aᵢ ∂L/∂aᵢ).
  @Sendable @inline(__always)
  private static func pullBack<Scalar: MatrixScalar>(
    _ z: Buffer<Scalar>, _ a: Buffer<Scalar>, _ gradientA: Buffer<Scalar>,
    _ gradientZ: Buffer<Scalar>, _ k: Int
  ) {
    var start = 0
    while start < a.count {
      let row = a.part(start, k)
      let gradient = gradientA.part(start, k)
      // A share of 0 takes no part, however large its gradient: no 0·∞.
      let mean = row.sum(gradient) { $0 == 0 ? 0 : $0 * $1 }
      row.map(gradient, into: gradientZ.part(start, k)) { $0 == 0 ? 0 : $0 * ($1 - mean) }
      start += k
    }
  }
}

extension Activation {
  package static let softmax = Activation(
    Softmax(), name: "softmax",
    definition: .exp(.netInputs) / .exp(.netInputs).sum,
    function: try? .softmax(.netInputs), range: "(0, 1)", meaning: .shares,
    remark: "every net input by the sum of all",
    // a ⊙ (g − Σ g a): the Jacobian is never made.
    pullBack: .activations * (.gradients - (.gradients * .activations).sum))
}
