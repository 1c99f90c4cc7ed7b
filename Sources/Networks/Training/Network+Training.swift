import MatrixEngine

extension Network {
  /// Trains on X, Y and changes the network. Shape: `x: [m, n]`, `y: [m, k]`.
  ///
  /// Stops at a non-finite loss with the last finite weights, and at an interrupt or an observer's
  /// wish with the updates so far; the history's outcome says so.
  /// Throws: `NetworkError.option`, `.tooManyRows`, `.notDifferentiable`, and as `loss`; the
  /// parameters are then as before.
  package func train(
    _ x: Matrix<Double>, _ y: Matrix<Double>, _ options: TrainingOptions = TrainingOptions(),
    interrupt: InterruptFlag? = nil, observer: (any TrainingObserver)? = nil
  ) throws(NetworkError) -> TrainingHistory {
    try check(x, y)
    try options.check()
    if let refusal = plan.gradientRefusal { throw refusal }
    let rule = AccuracyRule(plan.meaning, targets: y)
    let watch = observer.map { TrainingWatch($0, of: self) }
    // Apart from the network while it runs, so that an observer may read the network's state.
    var order = random
    defer { random = order }
    let history =
      switch engine {
      case .double(let engine):
        try TrainingRun<Double>(
          engine, x, y, rule: rule, options: options, watch: watch, interrupt: interrupt
        ).run(random: &order)
      case .float(let engine):
        try TrainingRun<Float>(
          engine, x, y, rule: rule, options: options, watch: watch, interrupt: interrupt
        ).run(random: &order)
      }
    countUpdates(history.updates)
    return history
  }

  /// One update by gradient descent, with everything it was made of. Changes the network.
  ///
  /// w ← w − η ∂L/∂w for all parameters at once, from gradients at the old weights.
  /// Throws: `NetworkError.option` and as `backward`; the network is then unchanged.
  package func step(
    _ x: Matrix<Double>, _ y: Matrix<Double>, learningRate: Double = 0.1,
    interrupt: InterruptFlag? = nil
  ) throws(NetworkError) -> UpdateResult {
    try TrainingOptions.check(learningRate: learningRate)
    let old = state
    let gradients = try backward(x, y, interrupt: interrupt)
    let trial = Network(old)
    trial.descend(gradients, learningRate: learningRate)
    let after = try trial.loss(x, y, interrupt: interrupt)
    descend(gradients, learningRate: learningRate)
    return UpdateResult(
      old: old, new: trial.state, gradients: gradients, before: gradients.loss, after: after,
      learningRate: learningRate)
  }

  /// w ← w − ηg in the network's precision; counts as one update.
  private func descend(_ gradients: Gradients, learningRate: Double) {
    let flat = gradients.parameters.joined().flatMap(\.value.storage)
    switch engine {
    case .double(let engine): engine.descend(flat, learningRate: learningRate)
    case .float(let engine): engine.descend(flat, learningRate: learningRate)
    }
    countUpdates(1)
  }
}

extension NetworkEngine {
  /// One update by gradient descent. Shape: `gradients: [plan.parameterCount]`.
  func descend(_ gradients: [Double], learningRate: Double) {
    let arena = Arena<Scalar>()
    defer { arena.keepAlive() }
    let none = arena.allocate(0)
    Scalar.kernel(of: .sgd).run(
      UpdateStep(
        old: parameters, gradients: arena.allocate(gradients), new: spareParameters, first: none,
        second: none, number: 1, learningRate: learningRate))
    keepFrozenParameters()
    swapParameters()
  }
}
