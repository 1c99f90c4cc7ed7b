import MatrixEngine
import Networks
import Testing

@Suite("A history gives back the network after every epoch, bit for bit")
struct TimeTravelTests {
  private static let x = Samples.random(10, 2, seed: 1)
  private static let y = Samples.random(10, 1, seed: 2)

  private static func network(_ precision: Precision = .float64) throws -> Network {
    try Samples.network(2, [(3, .tanh), (1, .identity)], precision: precision)
  }

  /// Everything that goes on into a later training.
  private static func expectSame(_ one: Network, _ other: Network, _ epoch: Int) throws {
    #expect(Samples.parameters(one) == Samples.parameters(other), "after epoch \(epoch)")
    #expect(one.updates == other.updates)
    #expect(one.optimizerState == other.optimizerState)
    let options = TrainingOptions(epochs: 2, batchSize: 3)
    #expect(try one.train(x, y, options).loss == other.train(x, y, options).loss)
  }

  @Test("for every optimizer, in both precisions", arguments: Precision.allCases)
  func optimizers(_ precision: Precision) throws {
    for optimizer in NetworkCatalog.standard.optimizers {
      for batchSize in [nil, 3] {
        let options = TrainingOptions(epochs: 150, batchSize: batchSize, optimizer: optimizer)
        let network = try Self.network(precision)
        let history = try network.train(Self.x, Self.y, options)
        network.reset()
        #expect(history.wholeEpochs == 150)
        for epoch in [1, 2, 33, 77, 149, 150] {
          let twin = try Self.network(precision)
          var short = options
          short.epochs = epoch
          _ = try twin.train(Self.x, Self.y, short)
          try Self.expectSame(history.network(after: epoch), twin, epoch)
        }
      }
    }
  }

  @Test("epoch 0 is the network as it was, with what earlier steps left")
  func start() throws {
    let network = try Self.network()
    _ = try network.step(Self.x, Self.y, TrainingOptions(optimizer: .adam))
    let before = network.copy()
    let history = try network.train(Self.x, Self.y, TrainingOptions(epochs: 5))
    try Self.expectSame(history.network(after: 0), before, 0)
  }

  @Test("with schedules, penalties, bounds, a validation and patience")
  func options() throws {
    var options = TrainingOptions(
      epochs: 60, learningRate: .epochs((0..<60).map { 0.2 / Double(1 + $0) }, formula: "η"),
      batchSize: 4, penalty: Penalty(l2: 0.01, l1: 0), clip: 0.5,
      validation: (Self.x, Self.y), patience: 50)
    let history = try Self.network().train(Self.x, Self.y, options)
    options.patience = nil
    options.epochs = 41
    let twin = try Self.network()
    _ = try twin.train(Self.x, Self.y, options)
    try Self.expectSame(history.network(after: 41), twin, 41)
  }

  @Test("whether weights are kept often, seldom or hardly ever", arguments: [1, 7, 149, 1000])
  func keeping(_ every: Int) throws {
    let options = TrainingOptions(epochs: 150, batchSize: 4, keep: every)
    let history = try Self.network().train(Self.x, Self.y, options)
    #expect(history.states.count == 1 + 150 / every + (150.isMultiple(of: every) ? 0 : 1))
    let usual = try Self.network().train(Self.x, Self.y, TrainingOptions(epochs: 150, batchSize: 4))
    for epoch in [0, 1, 50, 149, 150] {
      try Self.expectSame(history.network(after: epoch), usual.network(after: epoch), epoch)
    }
  }

  @Test("however long a training is, some hundred states are kept at most, the first ones all")
  func memory() throws {
    for epochs in [10, 100, 1_000, 20_000] {
      let history = try Self.network().train(
        Self.x, Self.y, TrainingOptions(epochs: epochs, every: epochs))
      #expect(history.states.count <= 130)
      #expect(history.states.count >= min(epochs, 48))
      #expect(history.states.map(\.updates).prefix(11) == Array(0...10)[...])
      #expect(history.states.last?.updates == epochs)
    }
    #expect(throws: NetworkError.self) {
      try Self.network().train(
        Self.x, Self.y, TrainingOptions(epochs: 4_000_000, every: 1_000_000, keep: 1))
    }
  }

  @Test("an interrupted or diverging training gives the epochs that it had")
  func ends() throws {
    let flag = InterruptFlag()
    flag.raise()
    let cut = try Self.network().train(Self.x, Self.y, TrainingOptions(epochs: 9), interrupt: flag)
    #expect(cut.wholeEpochs == 0)
    let line = Matrix<Double>(rows: 4, columns: 1, storage: [1, 2, 3, 4])
    let network = try Samples.network(1, [(1, .identity)])
    let history = try network.train(line, line, TrainingOptions(epochs: 10_000, learningRate: 10))
    #expect(history.wholeEpochs == history.epochs.last)
    #expect(
      Samples.parameters(try history.network(after: history.wholeEpochs))
        == Samples.parameters(network))
  }

  @Test("an epoch's updates lead from one network to the next", arguments: [nil, 3])
  func updates(batchSize: Int?) throws {
    for optimizer in [Optimizer.sgd, .adam] {
      let options = TrainingOptions(epochs: 40, batchSize: batchSize, optimizer: optimizer)
      let history = try Self.network().train(Self.x, Self.y, options)
      for epoch in [1, 2, 37] {
        let updates = try history.updates(in: epoch)
        #expect(updates.flatMap(\.examples).sorted() == Array(1...10))
        let last = try #require(updates.last)
        let after = Samples.parameters(try history.network(after: epoch))
        for (one, other) in zip(Samples.parameters(Network(last.update.new)), after) {
          #expect(abs(one - other) <= 1e-12)
        }
        for update in updates {
          let change = update.update.changes[4]
          let shares = try update.gradients(of: change, interrupt: nil)
          #expect(abs(shares.reduce(0, +) - change.gradient) <= 1e-12)
        }
      }
    }
  }
}
