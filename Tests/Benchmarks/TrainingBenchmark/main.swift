// What a training step costs: prints one line a case, name, microseconds, unit.
//
// Run: swift run -c release TrainingBenchmark; `Tests/Benchmarks/run` asks it for single cases (Steps.swift).
import MatrixEngine
import Networks

extension RandomSource {
  /// Uniform numbers in [0, 1), drawn row by row.
  mutating func uniformMatrix(_ shape: Shape) -> Matrix<Double> {
    Matrix(shape, (0..<shape.count).map { _ in uniform() })
  }
}

/// Seconds that the body takes.
func seconds(_ body: () throws -> Void) rethrows -> Double {
  let clock = ContinuousClock()
  let duration = try clock.measure(body)
  let (whole, atto) = duration.components
  return Double(whole) + Double(atto) * 1e-18
}

/// The best of several runs, which is the one least disturbed.
func best(of runs: Int, _ body: () throws -> Void) rethrows -> Double {
  var result = Double.infinity
  for _ in 0..<runs { result = min(result, try seconds(body)) }
  return result
}

func report(_ name: String, _ value: Double, _ unit: String) {
  let rounded = (value * 1000).rounded() / 1000
  print("\(name)\t\(rounded)\t\(unit)")
}

/// The lecture's network.
func lecture(_ precision: Precision) -> NetworkDefinition {
  NetworkDefinition(
    name: "Lecture", inputs: 1,
    layers: [
      Dense(
        units: 2, activation: .sigmoid, weights: .vector([0.1, 0.1]),
        biases: .each(.vector([0.1, 0.2]))),
      Dense(
        units: 3, activation: .sigmoid,
        weights: Matrix(rows: 2, columns: 3, storage: [0.2, 0.3, 0.1, 0.1, 0.2, 0.3]),
        biases: .each(.vector([0.3, 0.1, 0.2]))),
      Dense(
        units: 1, activation: .sigmoid, weights: .vector([0.4, 0.2, 0.6]),
        biases: .each(.scalar(0.5))),
    ], precision: precision)
}

/// Looks on as often as a front end can show it.
final class Onlooker: TrainingObserver {
  let interval = Duration.milliseconds(40)
  func observe(_ progress: TrainingProgress, of network: Network) -> TrainingWish { .goOn }
}

/// One training step of the lecture's network inside `train`.
func benchmarkSmall() throws {
  let x = Matrix<Double>(rows: 1, columns: 1, storage: [2])
  let y = Matrix<Double>(rows: 1, columns: 1, storage: [1])
  let epochs = 500_000
  for precision in Precision.allCases {
    let network = try Network(lecture(precision))
    for (name, every, observer) in [
      ("every = 1", 1, nil), ("every = 1000", 1000, nil),
      ("every = 1000, observed", 1000, Onlooker()),
    ] {
      let time = try best(of: 5) {
        network.reset()
        _ = try network.train(
          x, y, TrainingOptions(epochs: epochs, every: every), interrupt: InterruptFlag(),
          observer: observer)
      }
      report("step 1-2-3-1, \(precision.rawValue), \(name)", time / Double(epochs) * 1e6, "µs")
    }
  }
  for optimizer in NetworkCatalog.standard.optimizers where optimizer != .sgd {
    let network = try Network(lecture(.float64))
    let time = try best(of: 5) {
      network.reset()
      _ = try network.train(x, y, TrainingOptions(epochs: epochs, optimizer: optimizer))
    }
    report("step 1-2-3-1, \(optimizer.name)", time / Double(epochs) * 1e6, "µs")
  }
  let network = try Network(lecture(.float64))
  let count = 100_000
  report(
    "forward call 1-2-3-1",
    try best(of: 3) { for _ in 0..<count { _ = try network.forward(x) } } / Double(count) * 1e6,
    "µs")
}

/// One mini-batch step of a network for images, 784-128-10, batch 64.
func benchmarkLarge() throws {
  var random = RandomSource(seed: 1)
  let count = 64 * 50
  let x = random.uniformMatrix(Shape(count, 784))
  let y = try oneHot((0..<count).map { Double($0 % 10 + 1) }, classes: 10)
  for precision in Precision.allCases {
    let network = try Network(
      NetworkDefinition(
        name: "Images", inputs: 784,
        layers: [
          Dense(units: 128, activation: .relu),
          Dense(units: 10, activation: .softmax),
        ], precision: precision))
    for optimizer in [Optimizer.sgd, .adam] {
      let options = TrainingOptions(
        epochs: 4, learningRate: 0.001, batchSize: 64, optimizer: optimizer, shuffle: true,
        every: 1000)
      let time = try best(of: 3) { _ = try network.train(x, y, options) }
      // Rows 0 and 4 of the history are passes over all examples, about a third of a step each.
      report(
        "step 784-128-10, batch 64, \(precision.rawValue), \(optimizer.name)",
        time / 200 * 1e6, "µs")
    }
  }
}

/// One step of a network whose products are all of the work, 1024-2048-2048-10, batch 512, beside its largest
/// product alone.
func benchmarkWide() throws {
  var random = RandomSource(seed: 1)
  let x = random.uniformMatrix(Shape(512, 1024))
  let y = try oneHot((0..<512).map { Double($0 % 10 + 1) }, classes: 10)
  for precision in Precision.allCases {
    let network = try Network(
      NetworkDefinition(
        name: "Wide", inputs: 1024,
        layers: [
          Dense(units: 2048, activation: .relu),
          Dense(units: 2048, activation: .relu),
          Dense(units: 10, activation: .softmax),
        ], precision: precision))
    let options = TrainingOptions(epochs: 4, learningRate: 0.001, every: 1000)
    // Row 4 of the history is a forward pass more, a third of a step.
    let time = try best(of: 3) {
      _ = try network.train(x, y, options, interrupt: InterruptFlag())
    }
    report("step 1024-2048-2048-10, batch 512, \(precision.rawValue)", time / 4.33 * 1e3, "ms")
  }
  let a = Matrix<Float>(rows: 512, columns: 2048, repeating: 0.5)
  let b = Matrix<Float>(rows: 2048, columns: 2048, repeating: 0.5)
  let time = try best(of: 5) { _ = try a.product(b) }
  report("product 512×2048·2048×2048, float32", time * 1e3, "ms")
  // Six multiplications and additions a weight and example.
  let products = time * 3 * Double(1024 * 2048 + 2048 * 2048) / Double(2048 * 2048)
  report("the step's products at that speed, float32", products * 1e3, "ms")
}

/// Trains the two real datasets as a notebook would.
func benchmarkData() throws {
  for name in ["iris", "digits"] {
    guard let data = NetworkCatalog.standard.datasets[name]?.dataset() else { continue }
    let (train, test) = try data.split(test: 0.25, seed: 0)
    let isIris = name == "iris"
    let network = try Network(
      NetworkDefinition(
        name: name, inputs: data.x.columns,
        layers: [
          Dense(units: isIris ? 8 : 32, activation: isIris ? .tanh : .relu),
          Dense(units: data.classes.count, activation: .softmax),
        ]))
    let trainX = isIris ? try standardize(train.x) : train.x.scaled(by: 1 / 16)
    let testX = isIris ? try standardize(test.x, like: train.x) : test.x.scaled(by: 1 / 16)
    guard let trainY = train.y, let testY = test.y else { continue }
    let targets = try network.targets(from: trainY, examples: train.count, isSingle: false)
    let time = try seconds {
      _ = try network.train(
        trainX, targets,
        TrainingOptions(
          epochs: isIris ? 200 : 30, learningRate: 0.01, batchSize: isIris ? 16 : 32,
          optimizer: .adam))
    }
    let result = try network.evaluate(
      testX, try network.targets(from: testY, examples: test.count, isSingle: false))
    report("train \(name)", time * 1000, "ms")
    report("test accuracy \(name)", 100 * (result.accuracy ?? 0), "%")
  }
}

func benchmarkProducts() throws {
  for size in [4, 16, 32, 64, 256, 1000, 2000] {
    let a = Matrix<Double>(rows: size, columns: size, repeating: 0.5)
    let runs = max(1, 20_000_000 / (size * size * size))
    let time = try best(of: 3) { for _ in 0..<runs { _ = try a.product(a) } } / Double(runs)
    report("product \(size)×\(size)", time * 1e6, "µs")
    if size == 2000 {
      let polled = try best(of: 3) { _ = try a.product(a, interrupt: InterruptFlag()) }
      report("product \(size)×\(size), interruptible", polled * 1e6, "µs")
    }
  }
}

if try !runCommand(Array(CommandLine.arguments.dropFirst())) {
  try benchmarkSmall()
  try benchmarkLarge()
  try benchmarkWide()
  try benchmarkData()
  try benchmarkProducts()
}
