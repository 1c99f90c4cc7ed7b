import MatrixEngine

/// One call of `train`: the loop over epochs and batches, on memory allocated before it begins.
final class TrainingRun<Scalar: NetworkScalar> {
  private let engine: NetworkEngine<Scalar>
  private let data: TrainingData<Scalar>
  private let workspace: Workspace<Scalar>
  private let options: TrainingOptions
  private let learningRate: Double
  private let kernel: UpdateKernel<Scalar>
  private let batchSize: Int

  private let arena = Arena<Scalar>()
  private let gradients: Buffer<Scalar>
  private let first: Buffer<Scalar>
  private let second: Buffer<Scalar>
  /// A batch that is not a run of rows of X, Y. Shape: `[batch, n]`, `[batch, k]`.
  private let batchX: Buffer<Scalar>
  private let batchY: Buffer<Scalar>
  private var history: TrainingHistory
  private var watch: TrainingWatch?
  /// Steps until the watch looks at its clock; never, when nobody looks on.
  private var stepsToLook: Int

  init(
    _ engine: NetworkEngine<Scalar>, _ x: Matrix<Double>, _ y: Matrix<Double>, rule: AccuracyRule,
    options: TrainingOptions, watch: TrainingWatch?, interrupt: InterruptFlag?
  ) {
    self.engine = engine
    self.options = options
    let plan = engine.plan
    data = TrainingData(x, y, rule, interrupt: interrupt)
    workspace = Workspace(
      plan, capacity: plan.panelHeight(examples: x.rows), needsGradients: true,
      interrupt: interrupt)
    learningRate = options.learningRate ?? options.optimizer.defaultLearningRate
    kernel = Scalar.kernel(of: options.optimizer)
    batchSize = min(options.batchSize ?? x.rows, x.rows)
    gradients = arena.allocate(plan.parameterCount)
    first = arena.allocate(plan.parameterCount)
    second = arena.allocate(plan.parameterCount)
    let gathered = options.shuffle && batchSize < x.rows ? batchSize : 0
    batchX = arena.allocate(gathered * plan.inputs)
    batchY = arena.allocate(gathered * plan.outputs)
    history = TrainingHistory(optimizer: options.optimizer, learningRate: learningRate)
    self.watch = watch
    stepsToLook = watch?.stride ?? .max
  }

  /// Trains and returns the history; `random` gives the order of each epoch.
  ///
  /// Throws: `NetworkError.prediction`, with the parameters as they were before.
  func run(random: inout RandomSource) throws(NetworkError) -> TrainingHistory {
    let before = arena.allocate(engine.plan.parameterCount)
    before.copy(from: engine.parameters)
    do {
      if batchSize == data.count {
        try runWhole()
      } else {
        try runBatches(&random)
      }
    } catch .interrupted {
      // Only the scores of an epoch throw this; the weights are those of its last update.
      history.outcome = .interrupted(epoch: lastEpoch)
    } catch {
      engine.parameters.copy(from: before)
      throw error
    }
    return history
  }

  /// The epoch that is running, for the outcome.
  private var lastEpoch = 0

  /// A step is over, the last one of those so many epochs and examples of the next; whether somebody who looks
  /// on wants training to end.
  @inline(__always)
  private func endsTraining(epochs: Int, examples: Int, _ score: Score) -> Bool {
    stepsToLook -= 1
    return stepsToLook > 0 ? false : report(epochs, examples, score)
  }

  @inline(never)
  private func report(_ epochs: Int, _ examples: Int, _ score: Score) -> Bool {
    guard let isDue = watch?.look() else { return false }
    stepsToLook = watch?.stride ?? .max
    guard isDue else { return false }
    let progress = TrainingProgress(
      epoch: epochs, epochs: options.epochs, examples: epochs * data.count + examples,
      loss: score.loss, accuracy: score.accuracy, history: history)
    return watch?.report(progress) ?? false
  }

  private func isDue(_ epoch: Int) -> Bool {
    epoch % options.every == 0 || epoch == options.epochs
  }

  /// All examples in one batch: the pass that gives an epoch's gradients also gives the row of the
  /// epoch before, for both are taken at the same weights.
  private func runWhole() throws(NetworkError) {
    for epoch in 0...options.epochs {
      lastEpoch = epoch
      guard
        let score = try pass(
          data.x, data.y, rows: data.count, needsGradients: epoch < options.epochs)
      else {
        history.outcome = .interrupted(epoch: epoch)
        return
      }
      guard score.loss.isFinite else {
        if epoch == 0 { history.append(epoch: 0, score) } else { takeBack() }
        history.outcome = .notFinite(epoch: epoch, loss: score.loss)
        return
      }
      if isDue(epoch) { history.append(epoch: epoch, score) }
      guard epoch < options.epochs else { return }
      if endsTraining(epochs: epoch, examples: 0, score) {
        if !isDue(epoch) { history.append(epoch: epoch, score) }
        history.outcome = .stopped(epoch: epoch)
        return
      }
      guard update() else {
        history.outcome = .notFinite(epoch: epoch + 1, loss: .nan)
        return
      }
    }
  }

  private func runBatches(_ random: inout RandomSource) throws(NetworkError) {
    let initial = try data.score(workspace, parameters: engine.parameters)
    history.append(epoch: 0, initial)
    guard initial.loss.isFinite else {
      history.outcome = .notFinite(epoch: 0, loss: initial.loss)
      return
    }
    var order = Array(0..<data.count)
    let (n, k) = (data.inputs, data.outputs)
    for epoch in stride(from: 1, through: options.epochs, by: 1) {
      lastEpoch = epoch
      if options.shuffle { random.shuffle(&order) }
      var start = 0
      var ends = false
      while start < data.count {
        let rows = min(batchSize, data.count - start)
        var (x, y) = (batchX, batchY)
        if options.shuffle {
          let indices = order[start..<(start + rows)]
          DenseKernels.gather(data.x, rows: indices, width: n, into: x)
          DenseKernels.gather(data.y, rows: indices, width: k, into: y)
        } else {
          x = data.x.part(start * n, rows * n)
          y = data.y.part(start * k, rows * k)
        }
        guard let score = try pass(x, y, rows: rows, needsGradients: true) else {
          history.outcome = .interrupted(epoch: epoch)
          return
        }
        guard score.loss.isFinite else {
          if history.updates > 0 { takeBack() }
          history.outcome = .notFinite(epoch: epoch, loss: score.loss)
          return
        }
        guard update() else {
          history.outcome = .notFinite(epoch: epoch, loss: .nan)
          return
        }
        start += rows
        let isOver = start == data.count
        ends = endsTraining(
          epochs: isOver ? epoch : epoch - 1, examples: isOver ? 0 : start, score)
        if ends {
          history.outcome = .stopped(epoch: epoch)
          if !isOver { return }
        }
      }
      guard isDue(epoch) || ends else { continue }
      let score = try data.score(workspace, parameters: engine.parameters)
      guard score.loss.isFinite else {
        takeBack()
        history.outcome = .notFinite(epoch: epoch, loss: score.loss)
        return
      }
      history.append(epoch: epoch, score)
      if ends { return }
    }
  }

  /// Loss and accuracy of a batch and, if asked, the gradients; nil when interrupted.
  @inline(__always)
  private func pass(
    _ x: Buffer<Scalar>, _ y: Buffer<Scalar>, rows total: Int, needsGradients: Bool
  ) throws(NetworkError) -> Score? {
    let (n, k) = (data.inputs, data.outputs)
    let scale = 1 / Scalar(total)
    let parameters = engine.parameters
    var sum: Scalar = 0
    var hits = 0
    var row = 0
    while row < total {
      if workspace.isInterrupted { return nil }
      let rows = min(workspace.capacity, total - row)
      let panelX = x.part(row * n, rows * n)
      let panelY = y.part(row * k, rows * k)
      workspace.forward(panelX, rows: rows, parameters: parameters)
      if workspace.isCutShort { return nil }
      sum += try workspace.lossSum(panelY, rows: rows, firstExample: row)
      hits += data.hits(workspace, panelY, rows: rows)
      if needsGradients {
        workspace.backward(
          panelX, panelY, rows: rows, scale: scale, parameters: parameters,
          gradients: gradients, adds: row > 0)
      }
      row += rows
    }
    if workspace.isCutShort { return nil }
    let count = data.rule.total(Shape(total, k))
    return Score(
      loss: Double(sum * scale), accuracy: count == 0 ? nil : Double(hits) / Double(count))
  }

  /// Moves the parameters; false, with the old ones kept, when the new ones are not finite.
  @inline(__always)
  private func update() -> Bool {
    kernel.run(
      UpdateStep(
        old: engine.parameters, gradients: gradients, new: engine.spareParameters, first: first,
        second: second, number: history.updates + 1, learningRate: learningRate))
    engine.keepFrozenParameters()
    guard engine.spareParameters.isFinite else { return false }
    engine.swapParameters()
    history.updates += 1
    return true
  }

  /// Back to the parameters before the last update, which still lie in the spare memory.
  private func takeBack() {
    engine.swapParameters()
    history.updates -= 1
  }
}
