import MatrixEngine

/// The mathematics of an activation function, in any precision.
package protocol ActivationRule: Sendable {
  func value<Scalar: MatrixScalar>(_ z: Scalar) -> Scalar
  /// h′(z), given a = h(z) too.
  func derivative<Scalar: MatrixScalar>(_ z: Scalar, value a: Scalar) -> Scalar
  /// The kernel that computes it of many numbers at once, and knows its slope; nil where none does.
  var kernel: VectorFunction? { get }
  func kernels<Scalar: MatrixScalar>() -> ActivationKernels<Scalar>
}

/// An activation on a whole batch: one call a layer, loops without calls inside.
///
/// Shape: all buffers `[rows, k]`.
package struct ActivationKernels<Scalar: MatrixScalar>: Sendable {
  /// The kernel that is this function, where one is.
  var kernel: VectorFunction?
  /// Its formula of z, and that of h′ of z and a, where it is computed entry by entry.
  var formula: (value: EntryProgram, slope: EntryProgram)?
  /// A = h(Z).
  let apply: @Sendable (_ z: Buffer<Scalar>, _ a: Buffer<Scalar>, _ k: Int) -> Void
  /// ∂L/∂Z from Z, A and ∂L/∂A: the product with h′(Z), or with the Jacobian.
  let pullBack:
    @Sendable (
      _ z: Buffer<Scalar>, _ a: Buffer<Scalar>, _ gradientA: Buffer<Scalar>,
      _ gradientZ: Buffer<Scalar>, _ k: Int
    ) -> Void
}

extension ActivationRule {
  package var kernel: VectorFunction? { nil }

  /// The kernels of a function that works element by element.
  @inline(__always)
  package func kernels<Scalar: MatrixScalar>() -> ActivationKernels<Scalar> {
    if let kernel { return .of(kernel) }
    return ActivationKernels(
      apply: { z, a, _ in z.map(into: a) { value($0) } },
      pullBack: { z, a, gradientA, gradientZ, _ in
        gradientA.map(z, a, into: gradientZ) { $0 * derivative($1, value: $2) }
      })
  }
}

extension ActivationKernels {
  /// Those of a function that a kernel knows, with its slope.
  static func of(_ kernel: VectorFunction) -> ActivationKernels {
    ActivationKernels(
      kernel: kernel,
      apply: { z, a, _ in z.map(kernel, into: a) },
      pullBack: { z, a, gradientA, gradientZ, _ in
        gradientA.pullBack(kernel, z: z, a: a, into: gradientZ)
      })
  }
}
