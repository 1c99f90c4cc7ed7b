import MatrixEngine
import Networks
import Testing

@Suite("Training's pass over whole networks")
struct DensePassTests {
  @Test(
    "a step moves the parameters by the gradients of backward, for every activation with every loss",
    arguments: GradientTests.differentiable, NetworkCatalog.standard.losses)
  func step(_ activation: Activation, _ loss: Loss) throws {
    for (hidden, last) in [(Activation.tanh, activation), (activation, Activation.sigmoid)] {
      for precision in Precision.allCases {
        for rows in [1, 2, 5, 300] {
          let x = Samples.random(rows, 3, seed: 3)
          let y = LossTests.targets(loss, Samples.shares(rows, 3, seed: 4))
          let network = try GradientTests.network(hidden, last, loss, precision)
          let before = Samples.parameters(network)
          guard let value = try? network.loss(x, y),
            let found = try? network.backward(x, y),
            let history = try? network.train(x, y, TrainingOptions(epochs: 1, learningRate: 1))
          else {
            // Its outputs are, before or behind the step, beyond what the loss takes.
            #expect(loss.predictions != .all)
            continue
          }
          let gradients = found.parameters.flatMap { layer in
            layer.flatMap { $0.value.storage }
          }
          let tolerance = precision == .float64 ? 1e-12 : 1e-5
          #expect(abs(history.loss[0] - value) <= tolerance * max(1, value.magnitude))
          let largest = gradients.reduce(1) { max($0, $1.magnitude) }
          for ((old, new), gradient) in zip(zip(before, Samples.parameters(network)), gradients) {
            #expect(abs(old - new - gradient) <= tolerance * largest)
          }
        }
      }
    }
  }

  @Test(
    "many panels of examples give the sums of few, and so does one panel in which each product is shared",
    arguments: Precision.allCases, [[33, 17, 2], [250, 150, 3], [1001, 2], [10, 1700]])
  func panels(_ precision: Precision, _ units: [Int]) throws {
    let rows = 100_000 / units[0]
    let (x, y) = (Samples.random(rows, 40, seed: 1), Samples.random(rows, units.last ?? 0, seed: 2))
    let definition = NetworkDefinition(
      name: "N", inputs: 40,
      layers: zip(units, [Activation.tanh, .relu, .identity]).map {
        Dense(units: $0, activation: $1)
      }, loss: .meanSquaredError, seed: 5, precision: precision)
    let network = try Network(definition)
    let before = Samples.parameters(network)
    let gradients = try network.backward(x, y).parameters.flatMap { layer in
      layer.flatMap { $0.value.storage }
    }
    _ = try network.train(x, y, TrainingOptions(epochs: 1, learningRate: 1))
    let largest = gradients.reduce(1) { max($0, $1.magnitude) }
    for ((old, new), gradient) in zip(zip(before, Samples.parameters(network)), gradients) {
      #expect(abs(old - new - gradient) <= (precision == .float64 ? 1e-12 : 1e-5) * largest)
    }
    // The same again, to the last bit.
    let other = try Network(definition)
    _ = try other.train(x, y, TrainingOptions(epochs: 1, learningRate: 1))
    #expect(Samples.parameters(other) == Samples.parameters(network))
  }

  @Test(
    "epochs that nobody looks at go like those with a row each",
    arguments: NetworkCatalog.standard.optimizers, [0.1, 40])
  func unseen(_ optimizer: Optimizer, _ rate: Double) throws {
    let (x, y) = (Samples.random(7, 3, seed: 1), Samples.random(7, 2, seed: 2))
    for rows in [1, 7] {
      let (someX, someY) = (x.storage.prefix(rows * 3), y.storage.prefix(rows * 2))
      func trained(every: Int) throws -> (Network, TrainingHistory) {
        let network = try Samples.network(3, [(4, .relu), (2, .identity)])
        let history = try network.train(
          Matrix(rows: rows, columns: 3, storage: Array(someX)),
          Matrix(rows: rows, columns: 2, storage: Array(someY)),
          TrainingOptions(
            epochs: 700, learningRate: .constant(rate), optimizer: optimizer, every: every))
        return (network, history)
      }
      let (seen, rowByRow) = try trained(every: 1)
      for every in [2, 90, 10_000, Int.max] {
        let (unseen, history) = try trained(every: every)
        #expect(Samples.parameters(unseen) == Samples.parameters(seen))
        #expect(unseen.updates == seen.updates)
        #expect(unseen.optimizerState == seen.optimizerState)
        #expect("\(history.outcome)" == "\(rowByRow.outcome)")
        #expect(history.epochs.last == rowByRow.epochs.last)
        for (epoch, loss) in zip(history.epochs, history.loss) {
          let place = try #require(rowByRow.epochs.firstIndex(of: epoch))
          #expect(loss == rowByRow.loss[place])
        }
      }
    }
  }
}
