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
      _ a: Buffer<Scalar>, _ y: Buffer<Scalar>, _ scale: Scalar, _ k: Int,
      _ result: Buffer<Scalar>
    ) -> Void
  /// Both from the net inputs of the activation that the loss goes together with; nil where there is none.
  var fused: FusedLossKernels<Scalar>?
  /// The kernel that does the same with outputs of any activation, where there is one.
  var kernel: DenseLoss<Scalar>?
  /// Its formula of a and y, and that of ∂ by a, where it is computed entry by entry.
  var formula: (value: EntryProgram, slope: EntryProgram)?
}

/// A loss from the net inputs of its activation. Shape: all buffers `[rows, k]`.
struct FusedLossKernels<Scalar: MatrixScalar>: Sendable {
  let value: @Sendable (_ z: Buffer<Scalar>, _ y: Buffer<Scalar>, _ k: Int) -> Scalar
  /// ∂L/∂Z from net inputs and activations, times `scale`.
  let gradient:
    @Sendable (
      _ z: Buffer<Scalar>, _ a: Buffer<Scalar>, _ y: Buffer<Scalar>, _ scale: Scalar, _ k: Int,
      _ result: Buffer<Scalar>
    ) -> Void
  /// The kernel that does the same, where there is one.
  var kernel: DenseLoss<Scalar>?
}

extension LossKernels {
  /// The same by the number of outputs.
  var perEntry: LossKernels {
    LossKernels(
      value: { value($0, $1, $2) / Scalar(max($2, 1)) },
      gradient: { gradient($0, $1, $2 / Scalar(max($3, 1)), $3, $4) },
      fused: fused.map { fused in
        FusedLossKernels(
          value: { fused.value($0, $1, $2) / Scalar(max($2, 1)) },
          gradient: { fused.gradient($0, $1, $2, $3 / Scalar(max($4, 1)), $4, $5) },
          kernel: fused.kernel)
      }, kernel: kernel, formula: formula)
  }
}

/// A loss of which nothing but its part is known, for one output or one example: its derivative by the calculus.
struct FormulaLoss: LossRule {
  let part: Expression
  let slope: Expression?

  func kernels<Scalar: MatrixScalar>() -> LossKernels<Scalar> {
    part.symbols.contains { $0.shape != .scalar } ? kernelsOfExamples() : kernelsOfEntries()
  }

  /// All entries side by side, whatever example they belong to.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  private func kernelsOfEntries<Scalar: MatrixScalar>() -> LossKernels<Scalar> {
    let symbols = [Symbol("a"), Symbol("y")]
    let value = EntryProgram(part, of: symbols)
    let slope = slope.flatMap { EntryProgram($0, of: symbols) }
    var formula: (EntryProgram, EntryProgram)?
    if let value, let slope { formula = (value, slope) }
    return LossKernels(
      value: { a, y, _ in value?.sum([a, y], count: a.count) ?? .nan },
      gradient: { a, y, scale, _, result in
        guard let slope else { return result.fill(.nan) }
        slope.run([a, y], scale, into: result.part(0, a.count))
      }, formula: formula)
  }

  private func kernelsOfExamples<Scalar: MatrixScalar>() -> LossKernels<Scalar> {
    let value = ExamplePass(part, columns: .number(1))
    let gradient = ExamplePass(slope ?? .number(.nan), columns: .name("k"))
    return LossKernels(
      value: { a, y, k in
        let arena = Arena<Scalar>()
        defer { arena.keepAlive() }
        let losses = arena.allocate(a.count / max(k, 1))
        value.run(a, y, k, into: losses)
        return losses.sum(losses) { loss, _ in loss }
      },
      gradient: { a, y, scale, k, result in
        gradient.run(a, y, k, into: result.part(0, a.count))
        result.map(into: result) { $0 * scale }
      })
  }
}

/// A formula of the outputs a and targets y of one example, over a panel: of all examples at once where it has that
/// form, else one after the other.
private struct ExamplePass: Sendable {
  private let whole: FormulaPass?
  private let single: FormulaPass

  init(_ formula: Expression, columns: Dimension) {
    single = FormulaPass(formula)
    let batch = try? formula.byRows(Loss.examples)
    whole = batch.flatMap {
      $0.shape == .matrix(.name("m"), columns) ? FormulaPass($0) : nil
    }
  }

  /// Shape: `[m, k], [m, k] → [m, columns]`.
  func run<Scalar: MatrixScalar>(
    _ a: Buffer<Scalar>, _ y: Buffer<Scalar>, _ k: Int, into result: Buffer<Scalar>
  ) {
    let rows = a.count / max(k, 1)
    if let whole {
      let sizes = [rows, k]
      return whole.run(
        [.init("A", a, sizes: sizes), .init("Y", y.part(0, a.count), sizes: sizes)], into: result)
    }
    let columns = result.count / max(rows, 1)
    for row in 0..<rows {
      single.run(
        [
          .init("a", a.part(row * k, k), sizes: [k]), .init("y", y.part(row * k, k), sizes: [k]),
        ], into: result.part(row * columns, columns))
    }
  }
}
