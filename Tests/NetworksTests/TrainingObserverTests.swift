import MatrixEngine
import Networks
import Testing

/// Keeps what it is told, and ends the training after so many reports.
private final class RecordingObserver: TrainingObserver {
  let interval: Duration
  private let most: Int
  private(set) var reports: [TrainingProgress] = []
  /// The loss of X, Y with the network's parameters at each report, where the test asks for it.
  private(set) var losses: [Double] = []
  private let examples: (x: Matrix<Double>, y: Matrix<Double>)?

  init(
    interval: Duration = .zero, most: Int = .max,
    examples: (x: Matrix<Double>, y: Matrix<Double>)? = nil
  ) {
    self.interval = interval
    self.most = most
    self.examples = examples
  }

  func observe(_ progress: TrainingProgress, of network: Network) -> TrainingWish {
    reports.append(progress)
    if let examples, let loss = try? Network(network.state).loss(examples.x, examples.y) {
      losses.append(loss)
    }
    return reports.count < most ? .goOn : .stop
  }
}

@Suite("Observers of training")
struct TrainingObserverTests {
  private let x = Samples.random(10, 2, seed: 1)
  private let y = Samples.random(10, 1, seed: 2)

  private func network(_ precision: Precision = .float64) throws -> Network {
    try Samples.network(2, [(3, .tanh), (1, .identity)], precision: precision)
  }

  @Test("each step is reported to one who asks for no pause, with the loss at the present weights")
  func everyStep() throws {
    let observer = RecordingObserver(examples: (x, y))
    let network = try network()
    let history = try network.train(x, y, TrainingOptions(epochs: 5), observer: observer)
    #expect(observer.reports.map(\.epoch) == [0, 1, 2, 3, 4])
    #expect(observer.reports.map(\.examples) == [0, 10, 20, 30, 40])
    #expect(observer.reports.allSatisfy { $0.epochs == 5 })
    #expect(observer.reports.map(\.loss) == Array(history.loss.dropLast()))
    #expect(observer.losses == observer.reports.map(\.loss))
    #expect(observer.reports.map(\.history.epochs.count) == [1, 2, 3, 4, 5])
    #expect(history.outcome == .completed)
  }

  @Test("within an epoch the batches are reported", arguments: [true, false])
  func batches(shuffle: Bool) throws {
    let observer = RecordingObserver(examples: (x, y))
    let network = try network()
    let history = try network.train(
      x, y, TrainingOptions(epochs: 2, batchSize: 4, shuffle: shuffle), observer: observer)
    #expect(observer.reports.map(\.examples) == [4, 8, 10, 14, 18, 20])
    #expect(observer.reports.map(\.epoch) == [0, 0, 1, 1, 1, 2])
    // After an epoch's last batch the weights are those of its row.
    #expect([observer.losses[2], observer.losses[5]] == Array(history.loss.dropFirst()))
    #expect(observer.reports.map(\.history.epochs) == [[0], [0], [0], [0, 1], [0, 1], [0, 1]])
  }

  @Test("looking on changes nothing", arguments: Precision.allCases)
  func sameResult(_ precision: Precision) throws {
    for batchSize in [nil, 3] {
      let options = TrainingOptions(epochs: 4, batchSize: batchSize)
      let (seen, unseen) = (try network(precision), try network(precision))
      let observer = RecordingObserver(examples: (x, y))
      for _ in 0..<2 {
        #expect(
          try seen.train(x, y, options, observer: observer) == unseen.train(x, y, options))
      }
      #expect(Samples.parameters(seen) == Samples.parameters(unseen))
      #expect(seen.updates == unseen.updates)
    }
  }

  @Test("one who has seen enough ends it: the weights so far stay, and the last row is theirs")
  func stopping() throws {
    let observer = RecordingObserver(most: 4)
    let network = try network()
    let history = try network.train(
      x, y, TrainingOptions(epochs: 100, every: 2), observer: observer)
    #expect(history.outcome == .stopped(epoch: 3))
    #expect(history.epochs == [0, 2, 3])
    #expect(history.updates == 3 && network.updates == 3)
    #expect(try history.loss.last == network.loss(x, y))
    let twin = try self.network()
    _ = try twin.train(x, y, TrainingOptions(epochs: 3))
    #expect(Samples.parameters(network) == Samples.parameters(twin))
  }

  @Test("within an epoch too", arguments: [(5, 2), (6, 2), (7, 3)])
  func stoppingInBatches(reports: Int, epoch: Int) throws {
    let network = try network()
    let history = try network.train(
      x, y, TrainingOptions(epochs: 100, batchSize: 4, every: 10),
      observer: RecordingObserver(most: reports))
    #expect(history.outcome == .stopped(epoch: epoch))
    #expect(history.updates == reports && network.updates == reports)
    // Only a whole epoch has a row.
    #expect(history.epochs == (reports == 6 ? [0, 2] : [0]))
    if reports == 6 { #expect(try history.loss.last == network.loss(x, y)) }
  }

  @Test("it is asked no more often than it wants, however short the steps are")
  func interval() throws {
    let observer = RecordingObserver(interval: .milliseconds(20))
    let began = ContinuousClock.now
    let network = try network()
    _ = try network.train(
      x, y, TrainingOptions(epochs: 60_000, every: 60_000), observer: observer)
    let elapsed = ContinuousClock.now - began
    #expect(Double(observer.reports.count) <= elapsed / .milliseconds(20))
    // A quarter of the interval is what the clock may be looked at too late, and this machine may be busy.
    if elapsed > .milliseconds(200) { #expect(!observer.reports.isEmpty) }
    let never = RecordingObserver(interval: .seconds(3_600))
    _ = try network.train(x, y, TrainingOptions(epochs: 1_000), observer: never)
    #expect(never.reports.isEmpty)
  }

  @Test("a training that ends by itself ends as without one")
  func divergingWhileObserved() throws {
    let line = Matrix<Double>(rows: 4, columns: 1, storage: [1, 2, 3, 4])
    for batchSize in [nil, 2] {
      let options = TrainingOptions(epochs: 10_000, learningRate: 10, batchSize: batchSize)
      let (seen, unseen) = (
        try Samples.network(1, [(1, .identity)]), try Samples.network(1, [(1, .identity)])
      )
      let history = try seen.train(line, line, options, observer: RecordingObserver())
      #expect(try history.loss == unseen.train(line, line, options).loss)
      #expect(Samples.parameters(seen) == Samples.parameters(unseen))
    }
  }
}
