import MatrixEngine

/// What an optimizer keeps from one update to the next.
package struct OptimizerState: Sendable, Equatable {
  package let optimizer: Optimizer
  /// How many updates it has seen.
  package let count: Int
  /// One quantity of all parameters behind the other, in the order of the optimizer's lines.
  let kept: [Double]

  /// Before the first update.
  init(_ optimizer: Optimizer, plan: NetworkPlan) {
    self.init(
      optimizer, count: 0,
      kept: Array(repeating: 0, count: optimizer.kept.count * plan.parameterCount))
  }

  init(_ optimizer: Optimizer, count: Int, kept: [Double]) {
    self.optimizer = optimizer
    self.count = count
    self.kept = kept
  }
}

extension Network {
  /// How many updates an optimizer has seen that goes on where the last update stopped; 0 for another one.
  package func updates(of optimizer: Optimizer) -> Int { state(of: optimizer).count }

  /// What an optimizer goes on from: what it left, or nothing when another one was at work.
  func state(of optimizer: Optimizer) -> OptimizerState {
    optimizerState.flatMap { $0.optimizer == optimizer ? $0 : nil }
      ?? OptimizerState(optimizer, plan: plan)
  }
}

/// A run of parameters that an update moves at one rate.
struct MovedPart: Sendable {
  let range: Range<Int>
  /// The place of its rate where there is one a layer.
  let layer: Int
}

extension NetworkPlan {
  /// What an update moves: all at once, or with one rate a layer layer by layer.
  func moved(byLayers: Bool) -> [MovedPart] {
    guard byLayers else { return [MovedPart(range: 0..<parameterCount, layer: 0)] }
    return layers.enumerated().map { MovedPart(range: $1.range, layer: $0) }
  }
}

/// The updates of a network's parameters, on memory that is allocated once.
struct Updater<Scalar: NetworkScalar> {
  private let engine: NetworkEngine<Scalar>
  private let run: @Sendable (UpdateStep<Scalar>) -> Void
  private let parts: [MovedPart]
  private let clip: Double?
  /// What the optimizer keeps. Shape: `[quantities × parameters]`.
  let kept: Buffer<Scalar>

  /// `state` is what the optimizer goes on from; `arena` keeps the memory.
  init(
    _ engine: NetworkEngine<Scalar>, _ state: OptimizerState, byLayers: Bool, clip: Double?,
    in arena: Arena<Scalar>
  ) {
    self.engine = engine
    self.clip = clip
    run = Scalar.update(of: state.optimizer)
    parts = engine.plan.moved(byLayers: byLayers)
    kept = arena.allocate(state.kept)
  }

  /// Moves the parameters by their gradients, with the norm of these bounded; false, with the old ones kept, when the
  /// new ones are not finite. The factor that the bound makes comes into the gradients.
  ///
  /// Shape: `gradients: [parameters]`, `rates: [1]` or `[layers]`.
  @inline(__always)
  func update(_ gradients: Buffer<Scalar>, number: Int, rates: [Double]) -> Bool {
    if let clip { bound(gradients, clip) }
    let total = engine.plan.parameterCount
    for part in parts {
      let (start, count) = (part.range.lowerBound, part.range.count)
      run(
        UpdateStep(
          old: engine.parameters.part(start, count), gradients: gradients.part(start, count),
          new: engine.spareParameters.part(start, count), state: kept, total: total, start: start,
          number: number, learningRate: rates[rates.count == 1 ? 0 : part.layer]))
    }
    engine.keepFrozenParameters()
    guard engine.spareParameters.isFinite else { return false }
    engine.swapParameters()
    return true
  }

  /// Scales gradients whose norm is larger than the bound.
  private func bound(_ gradients: Buffer<Scalar>, _ clip: Double) {
    let factor = engine.plan.clipFactor(of: gradients.doubles, clip)
    guard factor < 1 else { return }
    gradients.map(into: gradients) { Scalar(factor) * $0 }
  }
}

extension NetworkPlan {
  /// What gradients are multiplied by so that the norm of those that are not frozen is at most the bound: 1 where it is.
  ///
  /// Shape: `gradients: [parameterCount]`.
  func clipFactor(of gradients: [Double], _ bound: Double) -> Double {
    var moved = gradients
    for range in frozen { for place in range { moved[place] = 0 } }
    let norm = moved.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return norm > bound ? bound / norm : 1
  }
}
