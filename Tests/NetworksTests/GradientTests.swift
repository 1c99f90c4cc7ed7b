import MatrixEngine
import Networks
import Testing

@Suite("Backward pass")
struct GradientTests {
  static let differentiable = NetworkCatalog.standard.activations.filter {
    $0.gradientRefusal == nil
  }

  /// Weights so small around outputs of 0.5 that every loss has a value for them.
  static func network(
    _ hidden: Activation, _ last: Activation, _ loss: Loss, _ precision: Precision
  )
    throws -> Network
  {
    try Network(
      NetworkDefinition(
        name: "N", inputs: 3,
        layers: [
          Dense(units: 4, activation: hidden, initializer: .uniform(radius: 0.9)),
          Dense(
            units: 3, activation: last, initializer: .uniform(radius: 0.1),
            biases: .each(.vector([0.5, 0.4, 0.6]))),
        ], loss: loss, seed: 11, precision: precision))
  }

  @Test(
    "finite differences, for every activation with every loss",
    arguments: differentiable, NetworkCatalog.standard.losses)
  func finiteDifferences(_ activation: Activation, _ loss: Loss) throws {
    let x = Samples.random(5, 3, seed: 3)
    let y = LossTests.targets(loss, Samples.shares(5, 3, seed: 4))
    for (hidden, last) in [(Activation.tanh, activation), (activation, Activation.sigmoid)] {
      // Its outputs are beyond what the loss takes.
      if last == .softplus, loss.predictions == .properProbabilities { continue }
      for precision in Precision.allCases {
        let network = try GradientTests.network(hidden, last, loss, precision)
        let check = try network.gradientCheck(x, y)
        #expect(check.entries.count == network.parameterCount)
        #expect(check.passes, "\(String(describing: check.worst))")
        if precision == .float64 { #expect((check.worst?.relativeError ?? 1) < 2e-7) }
      }
    }
  }

  @Test("∂L/∂x is that of finite differences", arguments: differentiable)
  func inputGradient(_ activation: Activation) throws {
    let network = try GradientTests.network(activation, .sigmoid, .binaryCrossEntropy, .float64)
    let x = Samples.random(2, 3, seed: 3)
    let y = Samples.shares(2, 3, seed: 4)
    let analytic = try network.backward(x, y).a[0]
    #expect(analytic.shape == x.shape)
    for i in x.storage.indices {
      var (above, below) = (x, x)
      above.storage[i] += 1e-6
      below.storage[i] -= 1e-6
      let numeric = (try network.loss(above, y) - network.loss(below, y)) / 2e-6
      #expect(abs(analytic.storage[i] - numeric) < 1e-8)
    }
  }

  @Test("gradients have the shapes of what they belong to")
  func shapes() throws {
    let network = try Samples.network(3, [(4, .tanh), (2, .softmax)])
    let g = try network.backward(Samples.random(5, 3, seed: 1), Samples.shares(5, 2, seed: 2))
    #expect(g.weights.map(\.shape) == [Shape(3, 4), Shape(4, 2)])
    #expect(g.biases.map(\.count) == [4, 2])
    #expect(g.z.map(\.shape) == [Shape(5, 4), Shape(5, 2)])
    #expect(g.a.map(\.shape) == [Shape(5, 3), Shape(5, 4), Shape(5, 2)])
    #expect(g.z == g.z)
    for l in 0..<2 {
      let sums = try g.z[l].reduced(by: .sum, axis: 0)
      for (a, b) in zip(sums.storage, g.biases[l]) { #expect(abs(a - b) < 1e-15) }
      #expect(try g.norms[l] == g.weights[l].reduced(by: .norm))
    }
  }

  @Test("mse of several outputs is (2/m)(A − Y), not divided by k")
  func meanSquaredError() throws {
    let network = try Samples.network(2, [(3, .identity)])
    let (x, y) = (Samples.random(4, 2, seed: 1), Samples.random(4, 3, seed: 2))
    let a = try network.predict(x)
    let g = try network.backward(x, y)
    let expected = try a.subtracting(y).scaled(by: 2.0 / 4)
    for (u, v) in zip(g.a[1].storage, expected.storage) { #expect(abs(u - v) < 1e-15) }
    #expect(g.z[0] == g.a[1])
  }

  @Test("a long batch is the sum of its panels")
  func panels() throws {
    let network = try Samples.network(2, [(3, .tanh), (1, .sigmoid)])
    let m = 10_000
    let (x, y) = (
      Samples.random(m, 2, seed: 1), try Samples.random(m, 1, seed: 2).map { $0 > 0 ? 1 : 0 }
    )
    let all = try network.backward(x, y)
    #expect(all.z[0].rows == m)
    var sum = Matrix<Double>(rows: 2, columns: 3, repeating: 0)
    for part in 0..<10 {
      let rows = Array((part * 1000)..<((part + 1) * 1000))
      let g = try network.backward(
        x.selecting(.several(rows)), y.selecting(.several(rows)))
      sum = try sum.adding(g.weights[0].scaled(by: 0.1))
    }
    for (a, b) in zip(all.weights[0].storage, sum.storage) { #expect(abs(a - b) < 1e-12) }
    #expect(Samples.relativeDifference(try network.loss(x, y), all.loss) < 1e-13)
  }

  @Test("dead relu units and saturated sigmoids are named")
  func health() throws {
    let network = try Network(
      NetworkDefinition(
        name: "N", inputs: 1,
        layers: [
          Dense(
            units: 3, activation: .relu, weights: .vector([1, -1, 1]),
            biases: .each(.vector([0, 0, -9]))),
          Dense(
            units: 2, activation: .sigmoid,
            weights: Matrix(rows: 3, columns: 2, repeating: 0), biases: .each(.vector([20, 0]))),
        ]))
    let x = Matrix<Double>(rows: 2, columns: 1, storage: [1, 2])
    let g = try network.backward(x, Matrix(rows: 2, columns: 2, repeating: 1))
    #expect(g.dead == [[2, 3], []])
    #expect(g.saturated == [[], [1]])
  }

  @Test("unit_step refuses gradients, naming the layer")
  func refusal() throws {
    let network = try Samples.network(1, [(2, .unitStep), (1, .sigmoid)])
    for command in [
      { _ = try network.backward(Samples.x, Samples.y) },
      { _ = try network.step(Samples.x, Samples.y) },
      { _ = try network.train(Samples.x, Samples.y) },
      { _ = try network.gradientCheck(Samples.x, Samples.y) },
    ] {
      let error = #expect(throws: NetworkError.self) { try command() }
      #expect(error?.kind == .gradient)
      #expect(error?.layer == 1)
    }
  }

  @Test("a kink within reach is marked, not counted")
  func kinks() throws {
    let network = try Network(
      NetworkDefinition(
        name: "N", inputs: 1,
        layers: [
          Dense(units: 1, activation: .relu, weights: .scalar(1), biases: .each(.scalar(-2))),
          Dense(units: 1, activation: .identity, weights: .scalar(1)),
        ]))
    let check = try network.gradientCheck(Samples.x, Samples.y)
    #expect(check.entries.map(\.isAtKink) == [true, true, false, false])
    #expect(check.passes)
  }

  @Test("gradcheck leaves the network alone")
  func pure() throws {
    let network = try Samples.lecture()
    let check = try network.gradientCheck(Samples.x, Samples.y)
    #expect(check.entries.count == 17)
    #expect(Samples.parameters(network) == WorkedExample.steps[0].parameters)
    #expect(network.updates == 0)
  }
}
