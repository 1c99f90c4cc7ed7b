import MatrixEngine

extension Network {
  /// Trains on X, Y and changes the network. Shape: `x: [m, n]`, `y: [m, k]`.
  ///
  /// Stops at a non-finite loss with the last finite weights, and at an interrupt or an observer's
  /// wish with the updates so far; the history's outcome says so.
  /// `beforeStep` is called with the examples and targets of every step.
  /// Throws: `NetworkError.option`, `.tooManyRows`, `.notDifferentiable`, and as `loss`; the
  /// parameters are then as before.
  package func train(
    _ x: Matrix<Double>, _ y: Matrix<Double>, _ options: TrainingOptions = TrainingOptions(),
    interrupt: InterruptFlag? = nil, observer: (any TrainingObserver)? = nil,
    beforeStep: BatchVisitor? = nil
  ) throws(NetworkError) -> TrainingHistory {
    try check(x, y)
    if let validation = options.validation { try check(validation.x, validation.y) }
    return try train(
      TrainingMemory(start: state, x, y, options), options, interrupt: interrupt,
      observer: observer, beforeStep: beforeStep)
  }

  /// The same on examples of several sizes, without a validation.
  package func train(
    _ examples: MixedExamples, _ options: TrainingOptions, interrupt: InterruptFlag? = nil,
    observer: (any TrainingObserver)? = nil
  ) throws(NetworkError) -> TrainingHistory {
    try train(
      TrainingMemory(start: state, examples, options), options, interrupt: interrupt,
      observer: observer)
  }

  private func train(
    _ memory: TrainingMemory, _ options: TrainingOptions, interrupt: InterruptFlag?,
    observer: (any TrainingObserver)?, beforeStep: BatchVisitor? = nil
  ) throws(NetworkError) -> TrainingHistory {
    try options.check(layers: layers.count)
    if let refusal = plan.gradientRefusal { throw refusal }
    let places = try places(options, examples: memory.x.rows)
    let watch = observer.map { TrainingWatch($0, of: self) }
    // Apart from the network while it runs, so that an observer may read the network's state.
    var order = random
    defer { random = order }
    let (history, state) =
      switch engine {
      case .double(let engine):
        try TrainingRun<Double>(
          engine, memory, options: options, watch: watch, interrupt: interrupt, places: places,
          beforeStep: beforeStep
        ).run(random: &order)
      case .float(let engine):
        try TrainingRun<Float>(
          engine, memory, options: options, watch: watch, interrupt: interrupt, places: places,
          beforeStep: beforeStep
        ).run(random: &order)
      }
    optimizerState = state
    countUpdates(history.updates)
    return history
  }

  /// The states that a training keeps.
  ///
  /// Throws: `NetworkError.option` for more than there is room for.
  private func places(_ options: TrainingOptions, examples: Int) throws(NetworkError)
    -> TrainingPlaces
  {
    let isShuffled = options.shuffle && (options.batchSize ?? examples) < examples
    let size = parameterCount * (1 + options.optimizer.kept.count) + (isShuffled ? examples : 0)
    if let keep = options.keep {
      let least = Int(
        (Double(options.epochs) * Double(size) / Double(TrainingPlaces.largestRoom))
          .rounded(.up))
      guard keep >= least else {
        throw .option(
          name: "keep", value: "\(keep)",
          expected: "at least \(least), as the weights of more epochs take too much memory")
      }
    }
    return TrainingPlaces(size: size, every: options.keep)
  }

  /// One update, with everything it was made of. Changes the network.
  ///
  /// All parameters move at once, from gradients at the old weights; an optimizer goes on from what it left. The
  /// options that concern many updates are not looked at.
  /// Throws: `NetworkError.option` and as `backward`; the network is then unchanged.
  package func step(
    _ x: Matrix<Double>, _ y: Matrix<Double>, _ options: TrainingOptions,
    interrupt: InterruptFlag? = nil
  ) throws(NetworkError) -> UpdateResult {
    try options.checkUpdates(layers: layers.count)
    let old = state
    let gradients = try backward(x, y, penalty: options.penalty, interrupt: interrupt)
    let trial = Network(old)
    trial.update(by: gradients, options)
    let after =
      plan.changesInTraining
      ? try trial.moveAverages(x, y, penalty: options.penalty, from: old, interrupt: interrupt)
      : try trial.loss(x, y, penalty: options.penalty, interrupt: interrupt)
    let result = UpdateResult(
      old: old, new: trial.state, gradients: gradients, before: gradients.loss, after: after,
      optimizer: options.optimizer, learningRate: options.rate, clip: options.clip)
    restore(from: result.new)
    return result
  }

  /// One update by gradient descent.
  package func step(
    _ x: Matrix<Double>, _ y: Matrix<Double>, learningRate: LearningRate = 0.1,
    interrupt: InterruptFlag? = nil
  ) throws(NetworkError) -> UpdateResult {
    try step(x, y, TrainingOptions(learningRate: learningRate), interrupt: interrupt)
  }

  /// Moves the averages by a pass in training at the old parameters; the training loss at the new ones.
  private func moveAverages(
    _ x: Matrix<Double>, _ y: Matrix<Double>, penalty: Penalty, from old: NetworkState,
    interrupt: InterruptFlag?
  ) throws(NetworkError) -> Double {
    let loss: Double
    switch engine {
    case .double(let engine):
      loss = try engine.trainingLoss(
        x, y, old: old.parameters, draw: old.updates, interrupt: interrupt)
    case .float(let engine):
      loss = try engine.trainingLoss(
        x, y, old: old.parameters, draw: old.updates, interrupt: interrupt)
    }
    return loss + value(of: penalty)
  }

  /// Moves the parameters by gradients, in the network's precision; counts as one update.
  private func update(by gradients: Gradients, _ options: TrainingOptions) {
    let flat = gradients.parameters.joined().flatMap(\.value.storage)
    let state = state(of: options.optimizer)
    switch engine {
    case .double(let engine): optimizerState = engine.update(by: flat, from: state, options)
    case .float(let engine): optimizerState = engine.update(by: flat, from: state, options)
    }
    countUpdates(1)
  }
}

extension NetworkEngine {
  /// The training loss, and the averages moved by a pass at older parameters.
  fileprivate func trainingLoss(
    _ x: Matrix<Double>, _ y: Matrix<Double>, old: [Double], draw: Int,
    interrupt: InterruptFlag?
  ) throws(NetworkError) -> Double {
    let data = TrainingData<Scalar>(x, y, .none, interrupt: interrupt)
    let workspace = Workspace<Scalar>(
      plan, capacity: plan.panelHeight(examples: x.rows), needsGradients: false,
      interrupt: interrupt)
    workspace.draws.number = draw
    let arena = Arena<Scalar>()
    defer { arena.keepAlive() }
    let before = arena.allocate(old)
    let loss = try data.score(workspace, parameters: parameters, isTraining: true).loss
    _ = try data.score(workspace, parameters: before, isTraining: true)
    workspace.moveAverages(in: parameters)
    return loss
  }

  /// One update, whatever comes out; what the optimizer then keeps. Shape: `gradients: [plan.parameterCount]`.
  fileprivate func update(
    by gradients: [Double], from state: OptimizerState, _ options: TrainingOptions
  ) -> OptimizerState {
    let arena = Arena<Scalar>()
    defer { arena.keepAlive() }
    let rates = options.rate.rates(epoch: state.count)
    let updater = Updater(self, state, clip: options.clip, in: arena)
    if !updater.update(arena.allocate(gradients), number: state.count + 1, rates: rates) {
      swapParameters()
    }
    return OptimizerState(options.optimizer, count: state.count + 1, kept: updater.kept.doubles)
  }
}
