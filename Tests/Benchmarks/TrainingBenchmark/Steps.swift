import Glibc
import MatrixEngine
import Networks

/// A network to be timed, as the driver beside this program describes it: `SIZES HIDDEN OUTPUT LOSS BATCH PRECISION
/// OPTIMIZER`, such as `2-8-1 sigmoid sigmoid binary_cross_entropy 4 float64 sgd`.
struct StepCase {
  let network: Network
  let x: Matrix<Double>
  let y: Matrix<Double>
  let optimizer: Optimizer

  init?(_ words: [String]) throws {
    guard words.count == 7, let batch = Int(words[4]),
      let precision = Precision(rawValue: words[5]),
      let hidden = NetworkCatalog.standard.activations[words[1]],
      let output = NetworkCatalog.standard.activations[words[2]],
      let loss = NetworkCatalog.standard.losses[words[3]],
      let optimizer = NetworkCatalog.standard.optimizers[words[6]]
    else { return nil }
    let sizes = words[0].split(separator: "-").compactMap { Int($0) }
    let layers = sizes.indices.dropFirst().map { place in
      Dense(units: sizes[place], activation: place == sizes.count - 1 ? output : hidden)
    }
    network = try Network(
      NetworkDefinition(
        name: "N", inputs: sizes[0], layers: layers, loss: loss, precision: precision))
    var random = RandomSource(seed: 1)
    x = random.uniformMatrix(Shape(batch, sizes[0]))
    let outputs = sizes[sizes.count - 1]
    y =
      words[2] == "softmax"
      ? try oneHot((0..<batch).map { Double($0 % outputs + 1) }, classes: outputs)
      : random.uniformMatrix(Shape(batch, outputs)).mapped { ($0 * 2).rounded(.down) }
    self.optimizer = optimizer
  }

  /// Seconds for so many steps in one call of `train`, each over the whole batch.
  func time(_ steps: Int) throws -> Double {
    network.reset()
    let options = TrainingOptions(
      epochs: steps, learningRate: 1e-4, optimizer: optimizer, every: steps)
    return try seconds { _ = try network.train(x, y, options, interrupt: InterruptFlag()) }
  }

  /// Seconds a step: the difference of a long and a short training, so that what happens once does not count.
  func secondsAStep(for limit: Double) throws -> Double {
    var steps = 2
    while try time(steps) < limit / 6, steps < 1 << 22 { steps *= 2 }
    var times: [Double] = []
    for _ in 0..<3 { times.append((try time(2 * steps) - time(steps)) / Double(steps)) }
    return times.sorted()[1]
  }
}

extension Matrix<Double> {
  fileprivate func mapped(_ function: (Double) -> Double) -> Matrix<Double> {
    Matrix(shape, storage.map(function))
  }
}

/// `step CASE…`, `first CASE…` (the first step of this process), `memory CASE…` (what a training adds to the peak).
func runCommand(_ arguments: [String]) throws -> Bool {
  guard let command = arguments.first else { return false }
  let clock = ContinuousClock()
  let began = clock.now
  guard let benchmark = try StepCase(Array(arguments.dropFirst())) else {
    print(
      "usage: TrainingBenchmark step|first|memory SIZES HIDDEN OUTPUT LOSS BATCH PRECISION OPTIMIZER"
    )
    return true
  }
  switch command {
  case "first":
    _ = try benchmark.time(1)
    let took = began.duration(to: clock.now)
    report("first step", Double(took.components.attoseconds) * 1e-12, "µs")
  case "memory":
    let before = peakKilobytes()
    _ = try benchmark.time(3)
    report("peak", Double(peakKilobytes() - before), "KB")
  default: report("step", try benchmark.secondsAStep(for: 0.5) * 1e6, "µs")
  }
  return true
}

/// The largest resident memory of this process so far.
private func peakKilobytes() -> Int {
  var usage = rusage()
  getrusage(__rusage_who_t(0), &usage)
  return usage.ru_maxrss
}
