import CKernels

/// An update of parameters that the kernels make, with its numbers.
package struct KernelUpdate: Sendable {
  private typealias Numbers = (Double, Double, Double, Double, Double, Double, Double)
  private let code: nabla_optimizer
  private let rate: Double
  private let numbers: Numbers

  private init(_ code: nabla_optimizer, _ rate: Double, _ numbers: Numbers = (0, 0, 0, 0, 0, 0, 0))
  {
    (self.code, self.rate, self.numbers) = (code, rate, numbers)
  }

  /// w − ηg
  package static func descent(rate: Double) -> KernelUpdate {
    KernelUpdate(nabla_optimizer_descent, rate)
  }

  /// v ← μv + g, w − ηv
  package static func momentum(rate: Double, decay: Double) -> KernelUpdate {
    KernelUpdate(nabla_optimizer_momentum, rate, (decay, 0, 0, 0, 0, 0, 0))
  }

  /// v ← μv + g, w − η(g + μv)
  package static func nesterov(rate: Double, decay: Double) -> KernelUpdate {
    KernelUpdate(nabla_optimizer_nesterov, rate, (decay, 0, 0, 0, 0, 0, 0))
  }

  /// v ← v + g², w − ηg/(√v + ε)
  package static func adagrad(rate: Double, epsilon: Double) -> KernelUpdate {
    KernelUpdate(nabla_optimizer_adagrad, rate, (epsilon, 0, 0, 0, 0, 0, 0))
  }

  /// v ← αv + (1 − α)g², w − ηg/(√v + ε)
  package static func rmsprop(rate: Double, decay: Double, epsilon: Double) -> KernelUpdate {
    KernelUpdate(nabla_optimizer_rmsprop, rate, (decay, 1 - decay, epsilon, 0, 0, 0, 0))
  }

  /// m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², shrink · w − rate · m/(√v · unbias + ε)
  package static func adam(
    rate: Double, decay1: Double, decay2: Double, epsilon: Double, unbias: Double, shrink: Double
  ) -> KernelUpdate {
    KernelUpdate(
      nabla_optimizer_adam, rate,
      (decay1, 1 - decay1, decay2, 1 - decay2, epsilon, unbias, shrink))
  }

  /// Makes the update; whether all new parameters are finite.
  ///
  /// Shape: `old, gradients, new: [count]`; `kept`: one quantity after the other, `stride` apart.
  package func run<Scalar: MatrixScalar>(
    _ old: Buffer<Scalar>, _ gradients: Buffer<Scalar>, into new: Buffer<Scalar>,
    kept: Buffer<Scalar>, stride: Int
  ) -> Bool {
    var update = record(old, gradients, into: new, kept: kept, stride: stride)
    return nabla_run_update(&update)
  }

  /// The same as the kernels read it.
  func record<Scalar: MatrixScalar>(
    _ old: Buffer<Scalar>, _ gradients: Buffer<Scalar>, into new: Buffer<Scalar>,
    kept: Buffer<Scalar>, stride: Int
  ) -> nabla_update {
    precondition(gradients.count >= old.count && new.count >= old.count)
    precondition(kept.count == 0 || kept.count >= old.count)
    return nabla_update(
      is_single: Scalar.self == Float.self, optimizer: code, rate: rate, c: numbers,
      old_ones: old.base, gradients: gradients.base, new_ones: new.base,
      kept: kept.count > 0 ? UnsafeMutableRawPointer(kept.base) : nil, count: old.count,
      kept_stride: stride)
  }
}
