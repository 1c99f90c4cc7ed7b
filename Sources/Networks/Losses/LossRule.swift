import MatrixEngine

/// The mathematics of a loss, in any precision.
protocol LossRule: Sendable {
  func kernels<Scalar: MatrixScalar>() -> LossKernels<Scalar>
}

/// A loss on a whole batch. Sums are over all entries; the caller divides by m.
///
/// Shape: all buffers `[rows, k]`.
struct LossKernels<Scalar: MatrixScalar>: Sendable {
  /// The sum of the losses from outputs a and targets y.
  let value: @Sendable (_ a: Buffer<Scalar>, _ y: Buffer<Scalar>, _ k: Int) -> Scalar
  /// ∂L/∂A, times `scale`.
  let gradient:
    @Sendable (
      _ a: Buffer<Scalar>, _ y: Buffer<Scalar>, _ scale: Scalar, _ result: Buffer<Scalar>
    ) -> Void
  /// The sum of the losses from the net inputs of the loss's own activation.
  let fusedValue: @Sendable (_ z: Buffer<Scalar>, _ y: Buffer<Scalar>, _ k: Int) -> Scalar
  /// ∂L/∂Z, times `scale`, with that activation.
  let fusedGradient:
    @Sendable (
      _ a: Buffer<Scalar>, _ y: Buffer<Scalar>, _ scale: Scalar, _ k: Int,
      _ result: Buffer<Scalar>
    ) -> Void
}
