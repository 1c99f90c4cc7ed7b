import MatrixEngine
import Networks
import Testing

/// Updates against PyTorch 2.15 (float64), on the lecture's network with BCEWithLogitsLoss, as in `OptimizerTests`.
@Suite("Updates: optimizers' lines and state, penalties, bounds, schedules, validation")
struct UpdateTests {
  static let x = OptimizerTests.x
  static let y = OptimizerTests.y

  static func agree(_ actual: [Double], _ expected: [Double], _ tolerance: Double = 1e-13) -> Bool {
    actual.count == expected.count
      && zip(actual, expected).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
  }

  static func optimizer(_ name: String, _ coefficients: Double...) throws -> Optimizer {
    try #require(NetworkCatalog.standard.optimizers[name]).with(coefficients: coefficients)
  }

  @Test(
    "the kernel computes what the lines say", arguments: NetworkCatalog.standard.optimizers,
    Precision.allCases)
  func lines(_ optimizer: Optimizer, _ precision: Precision) throws {
    let network = try Samples.lecture(precision)
    let options = TrainingOptions(learningRate: 0.05, optimizer: optimizer)
    for step in 1...3 {
      let update = try network.step(Self.x, Self.y, options)
      #expect(update.number == step)
      // The same update by nothing but the formulas.
      let plain = Optimizer(
        optimizer.name, summary: "", defaultLearningRate: 0.05,
        coefficients: optimizer.coefficients, lines: optimizer.lines)
      let twin = Network(update.old)
      let told = try twin.step(
        Self.x, Self.y, TrainingOptions(learningRate: 0.05, optimizer: plain))
      let tolerance = precision == .float64 ? 1e-14 : 1e-5
      #expect(Self.agree(told.changes.map(\.new), update.changes.map(\.new), tolerance))
      for (a, b) in zip(told.lines, update.lines) { #expect(Self.agree(a, b, tolerance)) }
      #expect(update.lines.count == optimizer.lines.count)
      #expect(update.lines.last == update.changes.map(\.new))
    }
  }

  @Test(
    "coefficients are PyTorch's",
    arguments: [
      (
        "momentum", [0.5], 0.1,
        [
          0.11585835034933396, 0.1207575774039308, 0.09912525594054264, 0.19880795524914374,
          0.20037578348489157, 0.2998214711466028, 0.10093227885852968, 0.1002697365287706,
          0.19975255349596632, 0.30078572136138476, 0.2942214714447837, 0.09650261122184672,
          0.19175402627138494, 0.3735081207558688, 0.17657300143611376, 0.574796713636818,
          0.4527914930032203,
        ]
      ),
      (
        "adamw", [0.8, 0.99, 1e-6, 0.1], 0.01,
        [
          0.2582165210107039, 0.25881528473436705, 0.07066521855785696, 0.16727430430299894,
          0.19337425240466236, 0.2903140251239635, 0.09545163089370638, 0.09421207727120527,
          0.19116371873107574, 0.2903442928999393, 0.2703281710694106, 0.0734433261692376,
          0.1723669697987376, 0.370387321148144, 0.1752610964152197, 0.5668627256141852,
          0.4674640402351504,
        ]
      ),
    ])
  func coefficients(_ name: String, _ values: [Double], _ rate: Double, _ expected: [Double]) throws
  {
    let optimizer = try #require(NetworkCatalog.standard.optimizers[name])
      .with(coefficients: values)
    let network = try Samples.lecture()
    _ = try network.train(
      Self.x, Self.y,
      TrainingOptions(
        epochs: 10, learningRate: .constant(rate), batchSize: 2, optimizer: optimizer,
        shuffle: false))
    #expect(Self.agree(Samples.parameters(network), expected))
    #expect(optimizer != NetworkCatalog.standard.optimizers[name])
  }

  @Test("coefficients that make no sense are refused")
  func refusedCoefficients() {
    for (name, values) in [
      ("sgd", [0.5]), ("momentum", [1]), ("momentum", [-0.1]), ("momentum", [0.5, 0.5]),
      ("adam", [0.9, .nan]), ("adagrad", [-1e-8]),
    ] {
      #expect(throws: NetworkError.self) {
        try NetworkCatalog.standard.optimizers[name]?.with(coefficients: values)
      }
    }
  }

  @Test("a penalty on the weights and a bound of the norm, batch by batch")
  func penalty() throws {
    let network = try Samples.lecture()
    let history = try network.train(
      Self.x, Self.y,
      TrainingOptions(
        epochs: 10, learningRate: 0.01, batchSize: 2, optimizer: .adam, shuffle: false,
        penalty: Penalty(l2: 0.1, l1: 0.02), clip: 0.3))
    #expect(
      Self.agree(
        history.loss,
        [
          0.7596766434983944, 0.7482000480840738, 0.7399986298963862, 0.7327172537795273,
          0.7260257496508865, 0.7198139149199426, 0.7156882181356439, 0.7122240113713356,
          0.7085016453302903, 0.7046576825693108, 0.700802870886664,
        ]))
    #expect(
      Self.agree(
        Samples.parameters(network),
        [
          -0.006665069315563512, -0.0022192662262888593, 0.10689743588040114, 0.2088789250407511,
          0.009075263917095542, 0.10553708685808927, -0.011679518056436234,
          -0.005754409046908501, 0.007218573103540814, 0.10981486829059915, 0.31493599397462924,
          0.11406602849376643, 0.2151209292492535, 0.3410790711076966, 0.16486675144739732,
          0.5152670146544617, 0.5159487537623338,
        ]))
  }

  @Test("loss, gradients and their check contain the penalty", arguments: Precision.allCases)
  func penaltyEverywhere(_ precision: Precision) throws {
    let network = try Samples.lecture(precision)
    let penalty = Penalty(l2: 0.1, l1: 0.02)
    let plain = try network.backward(Self.x, Self.y)
    let whole = try network.backward(Self.x, Self.y, penalty: penalty)
    #expect(try network.loss(Self.x, Self.y, penalty: penalty) == whole.loss)
    #expect(whole.withoutPenalty == plain)
    #expect(abs(whole.loss - plain.loss - 0.095) < 1e-7)
    let first = try #require(whole[parameter: "W", 2]).value.storage
    let data = try #require(plain[parameter: "W", 2]).value.storage
    #expect(abs(first[0] - data[0] - (0.1 * 0.2 + 0.02)) < 1e-8)
    #expect(whole[parameter: "b", 2] == plain[parameter: "b", 2])
    #expect(try network.gradientCheck(Self.x, Self.y, penalty: penalty).passes)
    let zeros = try Samples.network(1, [(1, .identity)])
    try zeros.setParameter("W", layer: 1, to: .scalar(0))
    let check = try zeros.gradientCheck(Self.x, Self.y, penalty: Penalty(l1: 1))
    #expect(check.entries.map(\.isAtKink) == [true, false])
  }

  @Test("a schedule is asked for every epoch; a list has one rate a layer")
  func rates() throws {
    let network = try Samples.lecture()
    let rates = (0..<5).map { 0.1 / Double(1 + $0) }
    let history = try network.train(
      Self.x, Self.y,
      TrainingOptions(epochs: 5, learningRate: .epochs(rates, formula: "0.1/(1 + t)")))
    #expect(
      Self.agree(
        history.loss,
        [
          0.6646766434983943, 0.662334098201971, 0.6612404069804825, 0.6605368968015772,
          0.6600219788870124, 0.6596176172476412,
        ]))
    network.reset()
    let layered = TrainingOptions(
      epochs: 3, learningRate: .layers([0.1, 0.5, 1]),
      optimizer: try Self.optimizer("momentum", 0.5))
    _ = try network.train(Self.x, Self.y, layered)
    let expected = [
      0.1019290464054423, 0.10261046281372688, 0.09966000096996923, 0.1995376919296172,
      0.19501821103884753, 0.2975396549896556, 0.09233475978242778, 0.09467371922760763,
      0.19737601649034373, 0.2917980540594418, 0.28668414292642275, 0.09365955783180244,
      0.1792688026363094, 0.2208609843719077, 0.029825927072656966, 0.4251820852801013,
      0.20175593165170236,
    ]
    #expect(Self.agree(Samples.parameters(network), expected))
    network.reset()
    for _ in 0..<3 { _ = try network.step(Self.x, Self.y, layered) }
    #expect(Self.agree(Samples.parameters(network), expected))
    #expect(throws: NetworkError.ratesOfLayers(given: 2, layers: 3)) {
      try network.step(Self.x, Self.y, learningRate: .layers([0.1, 0.5]))
    }
  }

  @Test("adam's state after two updates")
  func state() throws {
    let network = try Samples.lecture()
    let options = TrainingOptions(epochs: 1, learningRate: 0.01, optimizer: .adam)
    _ = try network.step(Self.x, Self.y, options)
    let update = try network.step(Self.x, Self.y, options)
    let last = update.changes[13...15]
    #expect(
      Self.agree(
        last.map { $0.lines[0] },
        [0.011833250729815363, 0.011285488700490986, 0.011579104826152434]))
    #expect(
      Self.agree(
        last.map { $0.lines[1] },
        [7.790355325859427e-06, 7.0873015041535716e-06, 7.4600567697642085e-06], 1e-18))
    #expect(
      Self.agree(last.map(\.new), [0.38002350263013723, 0.18002454833986534, 0.5800239968975253]))
  }

  @Test("steps go on from what a training left; copies carry it; reset and others begin anew")
  func continuing() throws {
    let options = TrainingOptions(epochs: 2, learningRate: 0.01, optimizer: .adam)
    let whole = try Samples.lecture()
    _ = try whole.train(
      Self.x, Self.y, TrainingOptions(epochs: 4, learningRate: 0.01, optimizer: .adam))
    let parts = try Samples.lecture()
    _ = try parts.train(Self.x, Self.y, options)
    _ = try parts.step(Self.x, Self.y, options)
    let copy = parts.copy()
    for network in [parts, copy] {
      #expect(network.updates(of: .adam) == 3)
      #expect(network.updates(of: .adamw) == 0)
      _ = try network.step(Self.x, Self.y, options)
      #expect(Self.agree(Samples.parameters(network), Samples.parameters(whole)))
    }
    _ = try copy.step(Self.x, Self.y, learningRate: 0.1)
    #expect(copy.updates(of: .adam) == 0)
    #expect(copy.updates(of: .sgd) == 1)
    parts.reset()
    #expect(parts.updates(of: .adam) == 0)
    let fresh = try parts.step(Self.x, Self.y, options)
    #expect(fresh.number == 1)
    parts.restore(from: fresh.old)
    #expect(parts.updates(of: .adam) == 0)
  }

  @Test("the bound leaves frozen gradients out, and small ones alone")
  func bound() throws {
    let definition = NetworkDefinition(
      name: "N", inputs: 1,
      layers: [
        Dense(units: 1, activation: .identity, weights: .scalar(100), frozen: ["W"])
      ])
    let network = try Network(definition)
    let options = TrainingOptions(learningRate: 1, clip: 3)
    let update = try network.step(.row([10]), .row([0]), options)
    // ∂L/∂b = 2000, of which 3 is left; ∂L/∂W = 20000 does not count.
    #expect(update.changes.map(\.new) == [100, -3])
    #expect(abs(update.clipFactor - 0.0015) < 1e-18)
    let loose = try network.step(.row([10]), .row([0]), TrainingOptions(learningRate: 0, clip: 1e9))
    #expect(loose.clipFactor == 1)
  }

  @Test(
    "training ends when the validation no longer falls, and keeps the best", arguments: [nil, 2])
  func patience(_ batchSize: Int?) throws {
    let (x, y) = (Samples.random(8, 2, seed: 1), Samples.random(8, 1, seed: 2))
    let (vx, vy) = (Samples.random(6, 2, seed: 3), Samples.random(6, 1, seed: 4))
    func network() throws -> Network { try Samples.network(2, [(8, .tanh), (1, .identity)]) }
    let options = TrainingOptions(
      epochs: 400, learningRate: 0.1, batchSize: batchSize, validation: (vx, vy), patience: 5)
    let trained = try network()
    let history = try trained.train(x, y, options)
    let best = try #require(history.best)
    #expect(history.outcome == .early(epoch: best + 5))
    #expect(history.epochs.last == best + 5)
    #expect(history.validationLoss.count == history.epochs.count)
    #expect(history.validationLoss[best] == history.validationLoss.min())
    #expect(try trained.loss(vx, vy) == history.validationLoss[best])
    #expect(try trained.loss(x, y) == history.loss[best])
    #expect(trained.updates == best * (batchSize == nil ? 1 : 4))
    // Without patience the rows are the same, and the last weights stay.
    let plain = try network()
    var unhurried = options
    unhurried.patience = nil
    unhurried.epochs = best + 5
    let other = try plain.train(x, y, unhurried)
    #expect(other.validationLoss == history.validationLoss)
    #expect(other.best == nil)
    #expect(try plain.loss(vx, vy) == history.validationLoss.last)
  }

  @Test("epoch 0 counts, and without validation the loss is watched")
  func hopeless() throws {
    let network = try Samples.lecture()
    let before = Samples.parameters(network)
    let history = try network.train(
      Self.x, Self.y, TrainingOptions(epochs: 50, learningRate: -1, patience: 3))
    #expect(history.best == 0)
    #expect(history.epochs == [0, 1, 2, 3])
    #expect(Samples.parameters(network) == before)
    #expect(network.updates == 0)
  }

  @Test("options that make no sense are refused")
  func refusals() throws {
    let network = try Samples.lecture()
    for options in [
      TrainingOptions(penalty: Penalty(l2: -1)), TrainingOptions(penalty: Penalty(l1: .nan)),
      TrainingOptions(clip: 0), TrainingOptions(clip: .nan), TrainingOptions(patience: 0),
      TrainingOptions(learningRate: .epochs([0.1, .infinity], formula: "f")),
    ] {
      #expect(throws: NetworkError.self) { try network.train(Self.x, Self.y, options) }
    }
    #expect(network.updates == 0)
  }
}
