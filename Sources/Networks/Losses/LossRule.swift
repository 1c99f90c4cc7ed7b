import Calculus
import MatrixEngine

/// The mathematics of a loss, in any precision.
package protocol LossRule: Sendable {
  func kernels<Scalar: MatrixScalar>() -> LossKernels<Scalar>
}

/// A loss on a whole batch. Sums are over all entries; the caller divides by m.
///
/// Shape: all buffers `[rows, k]`.
package struct LossKernels<Scalar: MatrixScalar>: Sendable {
  /// The sum of the losses from outputs a and targets y.
  let value: @Sendable (_ a: Buffer<Scalar>, _ y: Buffer<Scalar>, _ k: Int) -> Scalar
  /// ∂L/∂A, times `scale`.
  let gradient:
    @Sendable (
      _ a: Buffer<Scalar>, _ y: Buffer<Scalar>, _ scale: Scalar, _ result: Buffer<Scalar>
    ) -> Void
  /// Both from the net inputs of the activation that the loss goes together with; nil where there is none.
  var fused: FusedLossKernels<Scalar>?
}

/// A loss from the net inputs of its activation. Shape: all buffers `[rows, k]`.
struct FusedLossKernels<Scalar: MatrixScalar>: Sendable {
  let value: @Sendable (_ z: Buffer<Scalar>, _ y: Buffer<Scalar>, _ k: Int) -> Scalar
  /// ∂L/∂Z from the activations, times `scale`.
  let gradient:
    @Sendable (
      _ a: Buffer<Scalar>, _ y: Buffer<Scalar>, _ scale: Scalar, _ k: Int,
      _ result: Buffer<Scalar>
    ) -> Void
}

/// A loss of which nothing but the formula for one output is known: its derivative by the calculus.
struct FormulaLoss: LossRule {
  let perOutput: Expression
  let slope: Expression?

  func kernels<Scalar: MatrixScalar>() -> LossKernels<Scalar> {
    // All entries side by side, whatever example they belong to.
    let all = ExpressionShape.vector(.name("n"))
    let map = [Symbol("a"): Expression.symbol("a", all), Symbol("y"): .symbol("y", all)]
    func pass(_ formula: Expression?) -> FormulaPass {
      FormulaPass((try? formula?.mapped(map)) ?? .number(.nan))
    }
    @Sendable func arrays(_ a: Buffer<Scalar>, _ y: Buffer<Scalar>) -> [FormulaPass.Input<Scalar>] {
      [.init("a", a, sizes: [a.count]), .init("y", y.part(0, a.count), sizes: [a.count])]
    }
    let (value, gradient) = (pass(perOutput), pass(slope))
    return LossKernels(
      value: { a, y, _ in
        let arena = Arena<Scalar>()
        defer { arena.keepAlive() }
        let losses = arena.allocate(a.count)
        value.run(arrays(a, y), into: losses)
        return losses.sum(losses) { loss, _ in loss }
      },
      gradient: { a, y, scale, result in
        gradient.run(arrays(a, y), into: result)
        result.map(into: result) { $0 * scale }
      })
  }
}
