import Glibc
import MatrixEngine
import Networks
import Testing

@Suite("Training")
struct TrainingTests {
  @Test("rows are what every asks for, and the last")
  func rows() throws {
    let network = try Samples.lecture()
    let history = try network.train(
      Samples.x, Samples.y, TrainingOptions(epochs: 10, every: 4))
    #expect(history.epochs == [0, 4, 8, 10])
    #expect(history.loss.count == 4 && history.accuracy.count == 4)
    #expect(history.outcome == .completed)
    #expect(history.learningRate == 0.1)
  }

  @Test("no epochs give the row before")
  func none() throws {
    let network = try Samples.lecture()
    let history = try network.train(Samples.x, Samples.y, TrainingOptions(epochs: 0))
    #expect(history.epochs == [0])
    #expect(network.updates == 0)
  }

  @Test("a row is the loss of all examples with the weights after the epoch", arguments: [nil, 3])
  func wholeData(_ batchSize: Int?) throws {
    let (x, y) = (Samples.random(10, 2, seed: 1), Samples.random(10, 1, seed: 2))
    let network = try Samples.network(2, [(3, .tanh), (1, .identity)])
    let options = TrainingOptions(epochs: 1, learningRate: 0.05, batchSize: batchSize)
    for _ in 0..<3 {
      let before = try network.loss(x, y)
      let history = try network.train(x, y, options)
      #expect(history.loss[0] == before)
      #expect(try history.loss[1] == network.loss(x, y))
      #expect(history.accuracy == [nil, nil])
    }
    #expect(network.updates == (batchSize == nil ? 3 : 12))
  }

  @Test("training goes on where it stopped, and reset starts again")
  func continuing() throws {
    let (x, y) = (Samples.random(10, 2, seed: 1), Samples.random(10, 1, seed: 2))
    let options = TrainingOptions(epochs: 4, batchSize: 3)
    let whole = try Samples.network(2, [(3, .tanh), (1, .identity)])
    let initial = Samples.parameters(whole)
    let first = try whole.train(x, y, options)
    let parts = try Samples.network(2, [(3, .tanh), (1, .identity)])
    _ = try parts.train(x, y, options)
    #expect(Samples.parameters(whole) == Samples.parameters(parts))
    let second = try parts.train(x, y, options)
    #expect(second.loss != first.loss)
    parts.reset()
    #expect(Samples.parameters(parts) == initial)
    #expect(parts.updates == 0)
    #expect(try parts.train(x, y, options) == first)
  }

  @Test("full batches draw no random numbers; mini-batches shuffle unless told not to")
  func shuffling() throws {
    let (x, y) = (Samples.random(8, 2, seed: 1), Samples.random(8, 1, seed: 2))
    func losses(_ options: TrainingOptions) throws -> [Double] {
      let network = try Samples.network(2, [(3, .tanh), (1, .identity)])
      return try network.train(x, y, options).loss
    }
    let ordered = TrainingOptions(epochs: 2, batchSize: 2, shuffle: false)
    let shuffled = TrainingOptions(epochs: 2, batchSize: 2)
    #expect(try losses(ordered) != losses(shuffled))
    #expect(try losses(shuffled) == losses(shuffled))
    let whole = TrainingOptions(epochs: 2)
    let asked = TrainingOptions(epochs: 2, batchSize: 100)
    #expect(try losses(whole) == losses(asked))
    let network = try Samples.network(2, [(3, .tanh), (1, .identity)])
    let twin = network.copy()
    _ = try network.train(x, y, whole)
    _ = try network.train(x, y, whole)
    _ = try twin.train(x, y, TrainingOptions(epochs: 4))
    #expect(Samples.parameters(network) == Samples.parameters(twin))
  }

  @Test("another seed draws other weights, the same seed the same")
  func seeds() throws {
    func parameters(_ seed: Int) throws -> [Double] {
      Samples.parameters(try Samples.network(2, [(3, .relu), (1, .sigmoid)], seed: seed))
    }
    #expect(try parameters(7) == parameters(7))
    #expect(try parameters(7) != parameters(8))
  }

  @Test("weights are drawn layer by layer, row by row")
  func drawing() throws {
    let network = try Samples.network(2, [(3, .relu), (1, .sigmoid)], seed: 7)
    var random = RandomSource(seed: 7)
    let he = (0..<6).map { _ in random.normal() * 1.0.squareRoot() }
    #expect(try network.weights(1).storage == he)
    let radius = (6.0 / 4).squareRoot()
    let xavier = (0..<3).map { _ in random.uniform(from: -radius, to: radius) }
    #expect(try network.weights(2).storage == xavier)
    #expect(network.allBiases == [[0, 0, 0], [0]])
  }

  @Test(
    "a loss that is no longer finite stops it, with the last finite weights",
    arguments: [nil, 2], Precision.allCases)
  func divergence(_ batchSize: Int?, _ precision: Precision) throws {
    let network = try Samples.network(1, [(1, .identity)], precision: precision)
    let x = Matrix<Double>(rows: 4, columns: 1, storage: [1, 2, 3, 4])
    let history = try network.train(
      x, x, TrainingOptions(epochs: 10_000, learningRate: 10, batchSize: batchSize))
    guard case .notFinite(let epoch, let loss) = history.outcome else {
      Issue.record("it went on")
      return
    }
    #expect(!loss.isFinite)
    #expect(history.epochs.last == epoch - 1 || history.epochs.last == epoch)
    #expect(history.loss.allSatisfy { $0.isFinite })
    #expect(Samples.parameters(network).allSatisfy { $0.isFinite })
    #expect(try network.loss(x, x).isFinite)
    #expect(network.updates == history.updates)
    if batchSize == nil { #expect(try network.loss(x, x) == history.loss.last) }
  }

  @Test("a loss that is not finite at once changes nothing", arguments: [nil, 1])
  func notFiniteAtOnce(_ batchSize: Int?) throws {
    let network = try Samples.network(1, [(1, .identity)])
    let before = Samples.parameters(network)
    let x = Matrix<Double>(rows: 2, columns: 1, storage: [.infinity, 1])
    let history = try network.train(x, x, TrainingOptions(batchSize: batchSize))
    #expect(history.epochs == [0])
    #expect(Samples.parameters(network) == before)
    #expect(network.updates == 0)
  }

  @Test("an interrupt leaves a consistent network and the history so far", arguments: [nil, 8])
  func interrupts(_ batchSize: Int?) throws {
    let (x, y) = (Samples.random(64, 2, seed: 1), Samples.random(64, 1, seed: 2))
    let network = try Samples.network(2, [(8, .tanh), (1, .identity)])
    let flag = InterruptFlag()
    let clock = ContinuousClock()
    let raised = raiseLater(flag, milliseconds: 30)
    let history = try network.train(
      x, y,
      TrainingOptions(
        epochs: 1_000_000_000, learningRate: 0.01, batchSize: batchSize, every: 1_000_000),
      interrupt: flag)
    let end = clock.now
    guard case .interrupted(let epoch) = history.outcome else {
      Issue.record("it was not interrupted")
      return
    }
    #expect(epoch > 0)
    #expect(network.updates == history.updates && history.updates > 0)
    #expect(Samples.parameters(network).allSatisfy { $0.isFinite })
    pthread_join(raised, nil)
    // 20 ms, and time for a machine that runs other tests besides.
    #expect(end - clock.now < .milliseconds(200))
  }

  @Test("a large batch can be interrupted before its first update")
  func interruptsLargeBatch() throws {
    let x = Samples.random(20_000, 100, seed: 1)
    let network = try Samples.network(100, [(300, .tanh), (1, .identity)])
    let before = Samples.parameters(network)
    let flag = InterruptFlag()
    flag.raise()
    let y = Matrix<Double>(rows: 20_000, columns: 1, repeating: 0)
    let history = try network.train(x, y, interrupt: flag)
    #expect(history.outcome == .interrupted(epoch: 0))
    #expect(history.epochs.isEmpty)
    #expect(Samples.parameters(network) == before)
    #expect(throws: NetworkError.interrupted) { try network.forward(x, interrupt: flag) }
    #expect(throws: NetworkError.interrupted) { try network.backward(x, y, interrupt: flag) }
    #expect(throws: NetworkError.interrupted) { try network.evaluate(x, y, interrupt: flag) }
    #expect(throws: NetworkError.interrupted) { try network.gradientCheck(x, y, interrupt: flag) }
  }

  /// Raises the flag from another thread.
  private func raiseLater(_ flag: InterruptFlag, milliseconds: UInt32) -> pthread_t {
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        usleep(30_000)
        Unmanaged<InterruptFlag>.fromOpaque(context).takeRetainedValue().raise()
        return nil
      }, Unmanaged.passRetained(flag).toOpaque())
    return thread
  }

  @Test("passes whose results would not fit in memory are refused; predict keeps only the output")
  func resultSizes() throws {
    let network = try Samples.network(1, [(4000, .relu), (1, .sigmoid)])
    let x = Matrix<Double>(rows: 20_000, columns: 1, repeating: 0.5)
    let y = Matrix<Double>(rows: 20_000, columns: 1, repeating: 1)
    for command in [
      { _ = try network.forward(x) }, { _ = try network.backward(x, y) },
    ] {
      let error = #expect(throws: NetworkError.self) { try command() }
      #expect(error?.kind == .limit)
    }
    #expect(try network.predict(x.selecting(.several([0, 1]))).shape == Shape(2, 1))
  }

  @Test("options without sense are refused by name")
  func options() throws {
    let network = try Samples.lecture()
    let options: [(String, TrainingOptions)] = [
      ("epochs", TrainingOptions(epochs: -1)),
      ("batch_size", TrainingOptions(batchSize: 0)),
      ("every", TrainingOptions(every: 0)),
      ("learning_rate", TrainingOptions(learningRate: .constant(.nan))),
    ]
    for (name, options) in options {
      let error = #expect(throws: NetworkError.self) {
        try network.train(Samples.x, Samples.y, options)
      }
      #expect(error?.message.hasPrefix("\(name) = ") == true)
      #expect(error?.kind == .value)
    }
    let error = #expect(throws: NetworkError.self) {
      try network.train(Samples.x, Samples.y, TrainingOptions(epochs: Int.max))
    }
    #expect(error?.kind == .limit)
  }

  @Test("accuracy: argmax for softmax, entries for sigmoid with 0 and 1, else none")
  func accuracy() throws {
    let x = Matrix<Double>(rows: 3, columns: 1, storage: [-1, 1, 2])
    func network(_ activation: Activation, _ units: Int, _ loss: Loss) throws -> Network {
      try Network(
        NetworkDefinition(
          name: "N", inputs: 1,
          layers: [
            Dense(
              units: units, activation: activation, weights: .vector([1, -1].prefix(units) + []))
          ], loss: loss))
    }
    let sigmoid = try network(.sigmoid, 1, .binaryCrossEntropy)
    let y = Matrix<Double>(rows: 3, columns: 1, storage: [0, 1, 0])
    let result = try sigmoid.evaluate(x, y)
    #expect(result.accuracy == 2.0 / 3)
    #expect(result.confusion == Matrix(rows: 2, columns: 2, storage: [1, 1, 0, 1]))
    let soft = Matrix<Double>(rows: 3, columns: 1, storage: [0, 1, 0.5])
    #expect(try sigmoid.evaluate(x, soft).accuracy == nil)
    let softmax = try network(.softmax, 2, .categoricalCrossEntropy)
    let classes = try softmax.targets(from: .vector([2, 1, 2]), examples: 3, isSingle: false)
    let evaluation = try softmax.evaluate(x, classes)
    #expect(evaluation.accuracy == 2.0 / 3)
    #expect(evaluation.confusion == Matrix(rows: 2, columns: 2, storage: [1, 0, 1, 1]))
    #expect(evaluation.examples == 3)
    let identity = try network(.identity, 1, .meanSquaredError)
    #expect(try identity.evaluate(x, y).accuracy == nil)
    #expect(try identity.evaluate(x, y).confusion == nil)
  }
}
