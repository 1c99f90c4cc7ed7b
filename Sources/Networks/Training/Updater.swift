import MatrixEngine

/// The updates of a network's parameters, on memory that is allocated once.
struct Updater<Scalar: NetworkScalar> {
  private let engine: NetworkEngine<Scalar>
  private let run: @Sendable (UpdateStep<Scalar>) -> Void
  private let kernel: @Sendable (_ number: Int, _ rate: Double) -> KernelUpdate?
  private let isSteady: Bool
  private let clip: Double?
  /// What the optimizer keeps. Shape: `[quantities × parameters]`.
  let kept: Buffer<Scalar>

  /// `state` is what the optimizer goes on from; `arena` keeps the memory.
  init(
    _ engine: NetworkEngine<Scalar>, _ state: OptimizerState, clip: Double?,
    in arena: Arena<Scalar>
  ) {
    self.engine = engine
    self.clip = clip
    run = Scalar.update(of: state.optimizer)
    kernel = state.optimizer.kernels.kernel
    isSteady = state.optimizer.kernels.isSteady
    kept = arena.allocate(state.kept)
  }

  /// Moves the parameters by their gradients, with the norm of these bounded; false, with the old ones kept, when the
  /// new ones are not finite. The factor that the bound makes comes into the gradients.
  ///
  /// Shape: `gradients: [parameters]`.
  @inline(__always)
  func update(_ gradients: Buffer<Scalar>, number: Int, rates: UpdateRates) -> Bool {
    if let clip { bound(gradients, clip) }
    // All at one rate: the kernel sees on its way whether they are finite.
    if case .one(let rate) = rates, engine.plan.frozen.isEmpty, let kernel = kernel(number, rate) {
      guard
        kernel.run(
          engine.parameters, gradients, into: engine.spareParameters, kept: kept,
          stride: engine.plan.parameterCount)
      else { return false }
      engine.swapParameters()
      return true
    }
    let all = UpdateStep(
      old: engine.parameters, gradients: gradients, new: engine.spareParameters, state: kept,
      number: number, learningRate: rates[0])
    all.forEachRate(rates, engine.plan) { run($0) }
    engine.keepFrozenParameters()
    guard engine.spareParameters.isFinite else { return false }
    engine.swapParameters()
    return true
  }

  /// The one kernel of all updates at this rate: nil where they differ, or are more than the kernel's.
  func steadyKernel(rate: Double) -> KernelUpdate? {
    guard isSteady, clip == nil, engine.plan.frozen.isEmpty else { return nil }
    return kernel(1, rate)
  }

  /// Scales gradients whose norm is larger than the bound.
  private func bound(_ gradients: Buffer<Scalar>, _ clip: Double) {
    let factor = engine.plan.clipFactor(of: gradients.doubles, clip)
    guard factor < 1 else { return }
    gradients.map(into: gradients) { Scalar(factor) * $0 }
  }
}
