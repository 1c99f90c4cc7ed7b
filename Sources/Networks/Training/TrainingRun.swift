import MatrixEngine

/// One call of `train`: the loop over epochs and batches, on memory allocated before it begins.
final class TrainingRun<Scalar: NetworkScalar> {
  private let engine: NetworkEngine<Scalar>
  private let data: TrainingData<Scalar>
  private let validation: TrainingData<Scalar>?
  private let workspace: Workspace<Scalar>
  private let options: TrainingOptions
  private let penalty: Penalty
  private let dense: DensePass<Scalar>?
  /// What makes the passes where the examples have several sizes.
  private let mixed: MixedPass<Scalar>?
  private let updater: Updater<Scalar>
  private let batchSize: Int
  /// The updates of the network before this training.
  private let firstUpdate: Int

  private let arena = Arena<Scalar>()
  private let gradients: Buffer<Scalar>
  /// A batch that is not a run of rows of X, Y. Shape: `[batch, n]`, `[batch, k]`.
  private let batchX: Buffer<Scalar>
  private let batchY: Buffer<Scalar>
  private var history: TrainingHistory
  /// The learning rates of the running epoch.
  private var rates: UpdateRates
  private let isScheduled: Bool
  /// The best epoch so far, where the best is to be kept.
  private var best: Moment?
  /// The end of the last epoch, where an epoch has several updates.
  private var lastWhole: Moment?
  /// The score of the last epoch, where an epoch is one update.
  private var lastScore: Score?
  /// The scores of the last epochs, likewise, in the order of their numbers modulo the count.
  private var recent: [(epoch: Int, score: Score)?] = Array(repeating: nil, count: 100)
  private var watch: TrainingWatch?
  /// Steps until the watch looks at its clock; never, when nobody looks on.
  private var stepsToLook: Int
  /// Called with the examples and targets of each step, before it.
  private let beforeStep: BatchVisitor?
  /// Where this run goes on from; nil from the beginning.
  private let place: TrainingPlace?
  /// The states that are kept on the way.
  private var places: TrainingPlaces
  /// In which the examples of the latest epoch came; empty where that never changes.
  private(set) var order: [Int] = []

  /// `place` is where an earlier run of the same training was, from which this one goes on without keeping states.
  init(
    _ engine: NetworkEngine<Scalar>, _ memory: TrainingMemory, options: TrainingOptions,
    watch: TrainingWatch? = nil, interrupt: InterruptFlag?, from place: TrainingPlace? = nil,
    places: TrainingPlaces = .none, beforeStep: BatchVisitor? = nil
  ) {
    self.engine = engine
    self.options = options
    self.place = place
    self.places = places
    self.beforeStep = beforeStep
    let (x, y) = (memory.x, memory.y)
    penalty = options.penalty
    let plan = engine.plan
    func data(_ x: Matrix<Double>, _ y: Matrix<Double>) -> TrainingData<Scalar> {
      TrainingData(x, y, AccuracyRule(plan, targets: y), interrupt: interrupt)
    }
    self.data = data(x, y)
    validation = options.validation.map { data($0.x, $0.y) }
    workspace = Workspace(
      plan, capacity: plan.panelHeight(examples: x.rows), needsGradients: true,
      keepsQuantities: false, interrupt: interrupt)
    mixed = memory.mixed.map { MixedPass($0, needsGradients: true, interrupt: interrupt) }
    dense = mixed == nil ? workspace.dense : nil
    dense?.count(self.data.rule.hits)
    rates = options.rate.rates(epoch: 0)
    isScheduled = if case .epochs = options.rate { true } else { false }
    firstUpdate = memory.start.updates
    updater = Updater(
      engine,
      place.map { OptimizerState(options.optimizer, count: $0.updates, kept: $0.kept) }
        ?? OptimizerState(options.optimizer, plan: plan), clip: options.clip, in: arena)
    batchSize = min(options.batchSize ?? x.rows, x.rows)
    gradients = arena.allocate(plan.parameterCount)
    let gathered = options.shuffle && batchSize < x.rows ? batchSize : 0
    batchX = arena.allocate(gathered * x.columns)
    batchY = arena.allocate(gathered * y.columns)
    history = TrainingHistory(options, memory)
    history.updates = place?.updates ?? 0
    self.watch = watch
    stepsToLook = watch?.stride ?? .max
    if options.patience != nil { best = moment() }
    if batchSize < x.rows || plan.changesInTraining { lastWhole = moment() }
  }

  /// Trains; the history, and what the optimizer keeps then, nil where that went on beyond the weights. `random` gives
  /// the order of each epoch.
  ///
  /// Throws: `NetworkError.prediction`, with the parameters as they were before.
  func run(random: inout RandomSource) throws(NetworkError) -> (TrainingHistory, OptimizerState?) {
    let before = arena.allocate(engine.plan.parameterCount)
    before.copy(from: engine.parameters)
    do {
      // Where training computes something else than prediction, an epoch's row takes a pass of its own.
      if batchSize == data.count, !engine.plan.changesInTraining {
        try runWhole(random)
      } else {
        try runBatches(&random)
      }
    } catch .interrupted {
      if lastWhole == nil { backToLastScore() } else { backToLastWhole() }
    } catch {
      engine.parameters.copy(from: before)
      throw error
    }
    if let best {
      history.best = best.epoch
      go(back: best)
    }
    let state = OptimizerState(
      options.optimizer, count: history.updates, kept: updater.kept.doubles)
    history.memory.places = places.kept
    return (history, isStateBehind ? nil : state)
  }

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

  /// Whether the examples change their order: where one batch holds them all that is nothing.
  private var shuffles: Bool { options.shuffle && batchSize < data.count }

  // MARK: - Epochs

  /// The weights after an epoch have this score: takes it down where a row is due, and looks whether the loss still
  /// falls. `isLast` says that training ends here; true ends it for want of progress.
  ///
  /// Throws: `NetworkError.interrupted`, `.prediction`.
  @inline(__always)
  private func conclude(_ epoch: Int, _ score: Score, isLast: Bool = false) throws(NetworkError)
    -> Bool
  {
    guard validation == nil, best == nil else {
      return try concludeWatched(epoch, score, isLast: isLast)
    }
    if isLast || isDue(epoch) { history.append(epoch: epoch, score) }
    return false
  }

  private func concludeWatched(_ epoch: Int, _ score: Score, isLast: Bool) throws(NetworkError)
    -> Bool
  {
    let isDue = isLast || isDue(epoch)
    guard isDue || best != nil else { return false }
    let validated = try validation?.score(workspace, parameters: engine.parameters)
    dense?.count(data.rule.hits)
    var ends = false
    if let best, let patience = options.patience {
      let loss = (validated ?? score).loss
      if epoch == 0 || loss < best.loss || best.loss.isNaN {
        take(&self.best, epoch: epoch, loss: loss)
      } else {
        ends = epoch - best.epoch >= patience && epoch < options.epochs
      }
    }
    if isDue || ends { history.append(epoch: epoch, score, validation: validated) }
    if ends { history.outcome = .early(epoch: epoch) }
    return ends
  }

  /// All examples in one batch: the pass that gives an epoch's gradients also gives the row of the
  /// epoch before, for both are taken at the same weights.
  private func runWhole(_ random: RandomSource) throws(NetworkError) {
    var epoch = (place?.epoch ?? 0) - 1
    while epoch < options.epochs {
      epoch += 1
      guard runUnseen(&epoch) else { return endWithUpdate(of: epoch) }
      guard
        let score = try pass(
          data.x, data.y, rows: data.count, needsGradients: epoch < options.epochs)
      else { return backToLastScore() }
      guard score.loss.isFinite else {
        if epoch == 0 { history.append(epoch: 0, score) } else { takeBack() }
        appendRecent()
        history.outcome = .notFinite(epoch: epoch, loss: score.loss)
        return
      }
      lastScore = score
      if epoch == places.next { keepPlace(epoch, random) }
      recent[epoch % recent.count] = (epoch, score)
      if try conclude(epoch, score) || epoch == options.epochs { return }
      if endsTraining(epochs: epoch, examples: 0, score) {
        if history.epochs.last != epoch { _ = try conclude(epoch, score, isLast: true) }
        history.outcome = .stopped(epoch: epoch)
        return
      }
      guard update(epoch) else { return endWithUpdate(of: epoch) }
    }
  }

  /// The update of that epoch gave parameters that are not finite.
  private func endWithUpdate(of epoch: Int) {
    appendRecent()
    history.outcome = .notFinite(epoch: epoch + 1, loss: .nan)
  }

  /// The kernel of all updates, where nothing but it lies between the passes of two epochs.
  private lazy var steadyKernel: KernelUpdate? = {
    guard case .one(let rate) = rates, !isScheduled, penalty.isNone, beforeStep == nil,
      validation == nil, best == nil
    else { return nil }
    return updater.steadyKernel(rate: rate)
  }()

  /// Makes the steps of epochs that nobody looks at, from this one on, in one call; goes on to the next one that is to
  /// be seen, or whose loss is not finite. False where an update gave parameters that are not.
  @inline(__always)
  private func runUnseen(_ epoch: inout Int) -> Bool {
    let behind = epoch % options.every
    let rows = min(behind == 0 ? 0 : options.every - behind, options.epochs - epoch)
    let count = min(rows, places.next - epoch, stepsToLook - 1)
    guard count > 1, let dense, let steadyKernel else { return true }
    let (made, isWrong) = dense.steps(
      data.x, data.y, rows: data.count, old: engine.parameters, new: engine.spareParameters,
      gradients: gradients, kept: updater.kept, update: steadyKernel,
      scale: 1 / Double(data.count), count: count)
    for step in max(0, made - recent.count)..<(isWrong ? made + 1 : made) {
      let (sum, hits) = dense.step(step)
      let score = data.score(sum: Scalar(sum), hits: hits)
      recent[(epoch + step) % recent.count] = (epoch + step, score)
      lastScore = score
    }
    if !made.isMultiple(of: 2) { engine.swapParameters() }
    history.updates += made
    stepsToLook -= made
    epoch += made
    isStateBehind = isStateBehind || isWrong
    return !isWrong
  }

  /// Of a training whose loss explodes the last epochs before that are rows too, whatever rows were asked for: else
  /// nobody would see it.
  private func appendRecent() {
    guard validation == nil else { return }
    let rows = recent.compactMap { $0 }.sorted { $0.epoch < $1.epoch }
    for (epoch, score) in rows where epoch > history.epochs.last ?? -1 {
      history.append(epoch: epoch, score)
    }
  }

  private func runBatches(_ random: inout RandomSource) throws(NetworkError) {
    let initial = try score()
    guard initial.loss.isFinite else {
      history.append(epoch: 0, initial)
      history.outcome = .notFinite(epoch: 0, loss: initial.loss)
      return
    }
    if try conclude(0, initial, isLast: true) { return }
    order = place?.order ?? Array(0..<data.count)
    for epoch in stride(from: (place?.epoch ?? 0) + 1, through: options.epochs, by: 1) {
      if shuffles { random.shuffle(&order) }
      let ends: Bool
      switch try runBatches(of: epoch, order) {
      case .over: ends = false
      case .stopped(let isWhole):
        history.outcome = .stopped(epoch: epoch)
        guard isWhole else { return }
        ends = true
      case .failed: return
      }
      take(&lastWhole, epoch: epoch, loss: 0)
      if epoch == places.next { keepPlace(epoch, random) }
      guard isDue(epoch) || ends || best != nil else { continue }
      let score = try score()
      guard score.loss.isFinite else {
        takeBack()
        history.outcome = .notFinite(epoch: epoch, loss: score.loss)
        return
      }
      if try conclude(epoch, score, isLast: ends) || ends { return }
    }
  }

  /// How the batches of an epoch ended: all of them over; as somebody wished, behind the last one or before; or with
  /// the outcome that is in the history.
  private enum EpochEnd {
    case over, failed
    case stopped(isWhole: Bool)
  }

  private func runBatches(of epoch: Int, _ order: [Int]) throws(NetworkError) -> EpochEnd {
    let (n, k) = (data.inputs, data.outputs)
    var start = 0
    while start < data.count {
      let rows = min(batchSize, data.count - start)
      var (x, y) = (batchX, batchY)
      if shuffles {
        let indices = order[start..<(start + rows)]
        DenseKernels.gather(data.x, rows: indices, width: n, into: x)
        DenseKernels.gather(data.y, rows: indices, width: k, into: y)
      } else {
        x = data.x.part(start * n, rows * n)
        y = data.y.part(start * k, rows * k)
      }
      guard let score = try pass(x, y, rows: rows, needsGradients: true) else {
        backToLastWhole()
        return .failed
      }
      guard score.loss.isFinite else {
        if history.updates > 0 { takeBack() }
        history.outcome = .notFinite(epoch: epoch, loss: score.loss)
        return .failed
      }
      guard update(epoch - 1) else {
        history.outcome = .notFinite(epoch: epoch, loss: .nan)
        return .failed
      }
      start += rows
      let isOver = start == data.count
      if endsTraining(epochs: isOver ? epoch : epoch - 1, examples: isOver ? 0 : start, score) {
        return .stopped(isWhole: isOver)
      }
    }
    return .over
  }

  // MARK: - Steps

  /// Loss and accuracy of all examples with the present weights.
  private func score() throws(NetworkError) -> Score {
    var score: Score
    if let mixed {
      guard let found = try mixed.score(parameters: engine.parameters) else { throw .interrupted }
      score = found
    } else {
      score = try data.score(workspace, parameters: engine.parameters)
    }
    score.loss += engine.plan.value(of: penalty, at: engine.parameters)
    return score
  }

  /// Loss and accuracy of a batch and, if asked, the gradients; nil when interrupted.
  @inline(__always)
  private func pass(
    _ x: Buffer<Scalar>, _ y: Buffer<Scalar>, rows total: Int, needsGradients: Bool
  ) throws(NetworkError) -> Score? {
    let (n, k) = (data.inputs, data.outputs)
    if needsGradients, let beforeStep {
      beforeStep(x.matrix(total, n), y.matrix(total, k))
    }
    workspace.draws.number = firstUpdate + history.updates
    if let mixed {
      guard
        var score = try mixed.score(
          (0..<total).map { Int(x[$0]) }, parameters: engine.parameters,
          gradients: needsGradients ? gradients : nil, draw: workspace.draws.number)
      else { return nil }
      if !penalty.isNone { addPenalty(to: &score) }
      return score
    }
    let scale = 1 / Scalar(total)
    let parameters = engine.parameters
    var sum: Scalar = 0
    var hits = 0
    var row = 0
    if let dense {
      if workspace.isInterrupted { return nil }
      guard
        let found = dense.run(
          x, y, rows: total, parameters: parameters,
          gradients: needsGradients ? gradients : nil, scale: 1 / Double(total))
      else { return nil }
      (sum, hits, row) = (Scalar(found.sum), found.hits, total)
    }
    while row < total {
      if workspace.isInterrupted { return nil }
      let rows = min(workspace.capacity, total - row)
      let panelX = x.part(row * n, rows * n)
      let panelY = y.part(row * k, rows * k)
      workspace.forward(
        panelX, rows: rows, parameters: parameters, isTraining: needsGradients)
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
    var score = Score(
      loss: Double(sum * scale), accuracy: count == 0 ? nil : Double(hits) / Double(count))
    if !penalty.isNone { addPenalty(to: &score) }
    return score
  }

  /// The penalty's share of the loss and of the gradients.
  private func addPenalty(to score: inout Score) {
    score.loss += engine.plan.value(of: penalty, at: engine.parameters)
    for range in engine.plan.weights {
      let part = gradients.part(range.lowerBound, range.count)
      part.map(engine.parameters.part(range.lowerBound, range.count), into: part) {
        $0 + penalty.slope($1)
      }
    }
  }

  /// Moves the parameters in an epoch, from 0; false, with the old ones kept, when the new ones are not finite.
  @inline(__always)
  private func update(_ epoch: Int) -> Bool {
    if isScheduled { rates = options.rate.rates(epoch: epoch) }
    guard updater.update(gradients, number: history.updates + 1, rates: rates) else {
      isStateBehind = true
      return false
    }
    history.updates += 1
    workspace.moveAverages(in: engine.parameters)
    return true
  }

  // MARK: - Back

  /// The state after an epoch is one of those to keep.
  @inline(never)
  private func keepPlace(_ epoch: Int, _ random: RandomSource) {
    places.keep(
      TrainingPlace(
        epoch: epoch, updates: history.updates, parameters: engine.parameters.doubles,
        kept: updater.kept.doubles, random: random, order: order))
  }

  /// Whether the optimizer's memory has gone on beyond the weights that are kept.
  private var isStateBehind = false

  /// Back to the parameters before the last update, which still lie in the spare memory.
  private func takeBack() {
    engine.swapParameters()
    history.updates -= 1
    isStateBehind = true
  }

  /// What can be gone back to.
  private struct Moment {
    var epoch = 0
    var updates = 0
    var loss = Double.infinity
    let parameters: Buffer<Scalar>
    let kept: Buffer<Scalar>
  }

  /// The present one, in memory of its own.
  private func moment() -> Moment {
    let moment = Moment(
      parameters: arena.allocate(engine.plan.parameterCount),
      kept: arena.allocate(updater.kept.count))
    moment.parameters.copy(from: engine.parameters)
    return moment
  }

  private func take(_ moment: inout Moment?, epoch: Int, loss: Double) {
    moment?.epoch = epoch
    moment?.updates = history.updates
    moment?.loss = loss
    moment?.parameters.copy(from: engine.parameters)
    moment?.kept.copy(from: updater.kept)
  }

  private func go(back moment: Moment) {
    engine.parameters.copy(from: moment.parameters)
    updater.kept.copy(from: moment.kept)
    history.updates = moment.updates
    isStateBehind = false
  }

  /// After an interrupt: to the end of the last epoch of several updates.
  private func backToLastWhole() {
    best = nil
    if let lastWhole { go(back: lastWhole) }
    history.outcome = .interrupted(epoch: lastWhole?.epoch ?? 0)
  }

  /// After an interrupt where an epoch is one update: to the last weights whose loss is known.
  private func backToLastScore() {
    best = nil
    if history.updates > 0 { takeBack() }
    let epoch = history.updates
    history.outcome = .interrupted(epoch: epoch)
    guard let lastScore, validation == nil, history.epochs.last != epoch else { return }
    history.append(epoch: epoch, lastScore)
  }
}

extension Buffer where Scalar: NetworkScalar {
  /// Its first numbers as a matrix.
  fileprivate func matrix(_ rows: Int, _ columns: Int) -> Matrix<Double> {
    Matrix(rows: rows, columns: columns, storage: part(0, rows * columns).doubles)
  }
}
