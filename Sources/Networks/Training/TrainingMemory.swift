import MatrixEngine

/// What a history keeps of its training so that the network after every epoch can be had again, bit for bit: where it
/// began, on what, how, and some of the states on the way. What lies between these is run again.
///
/// Invariant: the states on the way belong to ascending epochs from 1 on.
package struct TrainingMemory: Sendable, Equatable {
  /// The network before training.
  let start: NetworkState
  let x: Matrix<Double>
  let y: Matrix<Double>
  let options: TrainingOptions
  /// Where the examples have several sizes: then a row of `x` is the number of one of these, from 0, and `y` is empty.
  let mixed: MixedExamples?
  var places: [TrainingPlace] = []

  init(
    start: NetworkState, _ x: Matrix<Double>, _ y: Matrix<Double>, _ options: TrainingOptions
  ) {
    self.start = start
    self.x = x
    self.y = y
    mixed = nil
    self.options = Self.ofWeights(options)
  }

  init(start: NetworkState, _ mixed: MixedExamples, _ options: TrainingOptions) {
    self.start = start
    self.mixed = mixed
    x = .column((0..<mixed.count).map(Double.init))
    y = Matrix(rows: mixed.count, columns: 0, storage: [])
    self.options = Self.ofWeights(options)
  }

  private static func ofWeights(_ options: TrainingOptions) -> TrainingOptions {
    // What only looks on does not come into the weights.
    var options = options
    options.validation = nil
    options.patience = nil
    options.every = Int.max
    return options
  }

  package static func == (one: TrainingMemory, other: TrainingMemory) -> Bool {
    one.start.parameters == other.start.parameters && one.x == other.x && one.y == other.y
      && one.mixed == other.mixed
      && one.places == other.places
  }

  /// The states that are kept up to an epoch, the one before training first.
  func states(upTo epoch: Int) -> [NetworkState] {
    [start] + places.filter { $0.epoch <= epoch }.map { network(at: $0).state }
  }

  private func network(at place: TrainingPlace) -> Network {
    let network = Network(start)
    network.write(place.parameters, at: 0)
    network.random = place.random
    network.updates = start.updates + place.updates
    network.optimizerState = OptimizerState(
      options.optimizer, count: place.updates, kept: place.kept)
    return network
  }

  /// The network after an epoch, and the order in which its examples came, empty where that never changes.
  ///
  /// Throws: `NetworkError.interrupted`.
  func network(after epoch: Int, interrupt: InterruptFlag?) throws(NetworkError)
    -> (network: Network, order: [Int])
  {
    guard epoch > 0 else { return (Network(start), []) }
    let place = places.last { $0.epoch <= epoch }
    let network = place.map(network(at:)) ?? Network(start)
    if let place, place.epoch == epoch { return (network, place.order) }
    var options = options
    options.epochs = epoch
    var random = network.random
    let order: [Int]
    let (history, state): (TrainingHistory, OptimizerState?)
    switch network.engine {
    case .double(let engine):
      let run = TrainingRun<Double>(
        engine, self, options: options, interrupt: interrupt, from: place)
      (history, state) = try run.run(random: &random)
      order = run.order
    case .float(let engine):
      let run = TrainingRun<Float>(
        engine, self, options: options, interrupt: interrupt, from: place)
      (history, state) = try run.run(random: &random)
      order = run.order
    }
    if case .interrupted = history.outcome { throw .interrupted }
    network.random = random
    network.updates = start.updates + history.updates
    network.optimizerState = state
    return (network, order)
  }

  /// The updates of an epoch, from 1, each with its examples, from 1.
  ///
  /// Throws: `NetworkError.interrupted`, `.mixedSizes`; as `step`.
  func updates(in epoch: Int, interrupt: InterruptFlag?) throws(NetworkError) -> [EpochUpdate] {
    guard mixed == nil else { throw .mixedSizes }
    let (network, before) = try network(after: epoch - 1, interrupt: interrupt)
    // A training begins afresh, whatever earlier steps have left.
    if epoch == 1 { network.optimizerState = nil }
    var order = before.isEmpty ? Array(0..<x.rows) : before
    let size = min(options.batchSize ?? x.rows, x.rows)
    if options.shuffle, size < x.rows { network.random.shuffle(&order) }
    var single = options
    if case .epochs = options.rate {
      single.learningRate = .constant(options.rate.rates(epoch: epoch - 1)[0])
    }
    var updates: [EpochUpdate] = []
    for start in stride(from: 0, to: x.rows, by: size) {
      let rows = Array(order[start..<min(start + size, x.rows)])
      let (x, y) = (self.x.rows(rows), self.y.rows(rows))
      let update = try network.step(x, y, single, interrupt: interrupt)
      updates.append(EpochUpdate(update: update, examples: rows.map { $0 + 1 }, x: x, y: y))
    }
    return updates
  }
}

/// One update within an epoch.
package struct EpochUpdate: Sendable {
  package let update: UpdateResult
  /// Their numbers among all examples, from 1.
  package let examples: [Int]
  let x: Matrix<Double>
  let y: Matrix<Double>

  /// What each of its examples adds to the gradient of one entry of a parameter, 1/m included.
  ///
  /// Throws: `NetworkError.interrupted`; as `backward`.
  package func gradients(of entry: ParameterChange, interrupt: InterruptFlag?)
    throws(NetworkError) -> [Double]
  {
    let network = Network(update.old)
    var result: [Double] = []
    for row in 0..<x.rows {
      let gradients = try network.backward(
        .row(x.row(row)), .row(y.row(row)), interrupt: interrupt)
      let all = gradients[parameter: entry.place.parameter, entry.place.layer]
      result.append((all?.value.storage[entry.offset] ?? 0) / Double(x.rows))
    }
    return result
  }
}

extension Matrix<Double> {
  /// Some of its rows. Shape: `[rows.count, columns]`.
  fileprivate func rows(_ rows: [Int]) -> Matrix<Double> {
    Matrix(rows: rows.count, columns: columns, storage: rows.flatMap { row($0) })
  }
}

extension TrainingHistory {
  /// How many epochs went to their end; each has a network of its own.
  package var wholeEpochs: Int {
    switch outcome {
    case .completed: memory.options.epochs
    case .interrupted(let epoch), .early(let epoch): epoch
    case .stopped(let epoch): epochs.last == epoch ? epoch : max(epoch - 1, 0)
    case .notFinite(let epoch, _): max(epoch - 1, 0)
    }
  }

  /// The network before training.
  package var start: NetworkState { memory.start }

  /// The states of the network that are kept on the way, with the first and the last.
  ///
  /// The last is run for where it is not kept; where that fails it is left out.
  package var states: [NetworkState] {
    let states = memory.states(upTo: wholeEpochs)
    guard memory.places.last?.epoch != wholeEpochs, wholeEpochs > 0,
      let last = try? network(after: wholeEpochs)
    else { return states }
    return states + [last.state]
  }

  /// The network as it was after an epoch, from 0 to `wholeEpochs`.
  ///
  /// Throws: `NetworkError.interrupted`.
  package func network(after epoch: Int, interrupt: InterruptFlag? = nil) throws(NetworkError)
    -> Network
  {
    try memory.network(after: epoch, interrupt: interrupt).network
  }

  /// The updates of an epoch, from 1 to `wholeEpochs`.
  ///
  /// Throws: `NetworkError.interrupted`; as `step`.
  package func updates(in epoch: Int, interrupt: InterruptFlag? = nil) throws(NetworkError)
    -> [EpochUpdate]
  {
    try memory.updates(in: epoch, interrupt: interrupt)
  }
}

extension Network {
  /// The network with other parameters: each is its own place among all of them, from 0.
  package func numbered() -> Network {
    let network = copy()
    network.write((0..<parameterCount).map(Double.init), at: 0)
    return network
  }

  /// A parameter by its place among all of them, from 0.
  package func parameter(at place: Int) -> Double { read(place..<(place + 1))[0] }
}
