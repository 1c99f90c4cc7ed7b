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

  @Test("many panels of examples give the sums of few", arguments: Precision.allCases)
  func panels(_ precision: Precision) throws {
    let (x, y) = (Samples.random(3000, 4, seed: 1), Samples.random(3000, 2, seed: 2))
    let definition = NetworkDefinition(
      name: "N", inputs: 4,
      layers: [
        Dense(units: 33, activation: .tanh), Dense(units: 17, activation: .relu),
        Dense(units: 2, activation: .identity),
      ], loss: .meanSquaredError, seed: 5, precision: precision)
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
}
