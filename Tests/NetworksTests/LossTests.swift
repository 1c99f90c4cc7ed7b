import Calculus
import Glibc
import MatrixEngine
import Networks
import Testing

extension Loss: CustomTestStringConvertible {
  public var testDescription: String { name }
}

@Suite("Losses, all of the registry")
struct LossTests {
  @Test("names and aliases are found, and are unique")
  func names() {
    let names = NetworkCatalog.standard.losses.flatMap { [$0.name] + $0.aliases }
    #expect(Set(names).count == names.count)
    for loss in NetworkCatalog.standard.losses {
      for name in [loss.name] + loss.aliases {
        #expect(NetworkCatalog.standard.losses[name] == loss)
      }
    }
    #expect(NetworkCatalog.standard.loss(for: .sigmoid) == .binaryCrossEntropy)
    #expect(NetworkCatalog.standard.loss(for: .softmax) == .categoricalCrossEntropy)
    for activation in NetworkCatalog.standard.activations
    where activation != .sigmoid && activation != .softmax {
      #expect(NetworkCatalog.standard.loss(for: activation) == .meanSquaredError)
    }
  }

  /// Shares as targets that the loss takes: signs for those that it takes alone.
  static func targets(_ loss: Loss, _ shares: Matrix<Double>) -> Matrix<Double> {
    guard loss.targets == .signs else { return shares }
    return Matrix(shares.shape, shares.storage.map { $0 < 0.5 ? -1 : 1 })
  }

  @Test(
    "losses with other values in some places are those of networks that have them",
    arguments: [Precision.float64, .float32])
  func elsewhere(precision: Precision) throws {
    let network = try Samples.network(2, [(3, .tanh), (1, .sigmoid)], precision: precision)
    let (x, y) = (Samples.random(40, 2, seed: 1), Samples.shares(40, 1, seed: 2))
    let values = [[0.5, -1], [2, 0], [.nan, 0]]
    let losses = try network.copy().losses(x, y, places: [1, 8], values: values)
    for (numbers, loss) in zip(values, losses).dropLast() {
      let other = network.copy()
      let (w, b) = (other.state.parameters, numbers)
      try other.setParameter(
        "W", layer: 1,
        to: Matrix(
          rows: 2, columns: 3, storage: [w[0], b[0]] + w[2..<6]))
      try other.setParameter("b", layer: 1, to: .vector([w[6], w[7], b[1]]))
      #expect(abs(loss - (try other.loss(x, y))) < 1e-12)
    }
    #expect(losses[2].isNaN)
  }

  @Test("values by hand")
  func values() throws {
    let a = Matrix<Double>(rows: 2, columns: 2, storage: [0.5, 0.25, 0.5, 0.75])
    let y = Matrix<Double>(rows: 2, columns: 2, storage: [1, 0, 0, 1])
    let sum = 0.25 + 0.0625 + 0.25 + 0.0625
    #expect(try Loss.meanSquaredError.value(predictions: a, targets: y) == sum / 2)
    let bce = -(log(0.5) + log(0.75) + log(0.5) + log(0.75)) / 2
    #expect(try abs(Loss.binaryCrossEntropy.value(predictions: a, targets: y) - bce) < 1e-15)
    let cce = -(log(0.5) + log(0.75)) / 2
    #expect(try abs(Loss.categoricalCrossEntropy.value(predictions: a, targets: y) - cce) < 1e-15)
  }

  @Test(
    "its definition and its derivative are those of the kernel",
    arguments: NetworkCatalog.standard.losses)
  func definition(_ loss: Loss) throws {
    let a = Matrix<Double>(rows: 3, columns: 2, storage: [0.2, 0.7, 0.5, 0.9, 0.35, 0.01])
    let y = LossTests.targets(
      loss, Matrix(rows: 3, columns: 2, storage: [0, 1, 0.25, 0.75, 1, 0.5]))
    let values = ["A": a, "Y": y]
    let defined = try loss.definition.value(at: values).storage[0]
    #expect(abs(try loss.value(predictions: a, targets: y) - defined) < 1e-14)
    let outputs = try #require(loss.definition.symbols.first { $0.name == "A" })
    let slope = try loss.definition.derivative(by: outputs).expression.value(at: values)
    for (a, b) in zip(try loss.derivative(predictions: a, targets: y).storage, slope.storage) {
      #expect(abs(a - b) < 1e-13)
    }
  }

  @Test(
    "the derivative is that of finite differences, 1/m included",
    arguments: NetworkCatalog.standard.losses)
  func derivatives(_ loss: Loss) throws {
    let a = Samples.shares(3, 4, seed: 1)
    let y = LossTests.targets(loss, Samples.shares(3, 4, seed: 2))
    let analytic = try loss.derivative(predictions: a, targets: y)
    #expect(analytic.shape == a.shape)
    for i in a.storage.indices {
      var (above, below) = (a, a)
      above.storage[i] += 1e-6
      below.storage[i] -= 1e-6
      let numeric =
        (try loss.value(predictions: above, targets: y)
          - loss.value(predictions: below, targets: y)) / 2e-6
      #expect(abs(analytic.storage[i] - numeric) < 1e-7)
    }
  }

  @Test("from net inputs or from outputs, the loss is the same")
  func fused() throws {
    for loss in NetworkCatalog.standard.losses {
      guard let activation = loss.fusion?.activation else { continue }
      let network = try Samples.network(2, [(3, activation)], loss: loss, seed: 5)
      let (x, y) = (Samples.random(4, 2, seed: 1), Samples.shares(4, 3, seed: 2))
      let a = try network.predict(x)
      let direct = try loss.value(predictions: a, targets: y)
      #expect(Samples.relativeDifference(try network.loss(x, y), direct) < 1e-14)
    }
  }

  /// Errata B2: at z = 40 the slide's product form gives inf·0 or log 0.
  @Test("confident and wrong stays finite", arguments: [40.0, 800, -40, -800], [0.0, 1])
  func stable(_ z: Double, _ y: Double) throws {
    let network = try Network(
      NetworkDefinition(
        name: "N", inputs: 1,
        layers: [Dense(units: 1, activation: .sigmoid, weights: .scalar(1))]))
    let (x, target) = (
      Matrix<Double>(rows: 1, columns: 1, storage: [z]),
      Matrix<Double>(rows: 1, columns: 1, storage: [y])
    )
    let expected = max(z, 0) - y * z + log1p(exp(-abs(z)))
    #expect(try network.loss(x, target) == expected)
    let gradients = try network.backward(x, target)
    // (1 − y)σ(z) − yσ(−z), whose digits a − y has lost.
    let exact = y == 0 ? 1 / (1 + exp(-z)) : -1 / (1 + exp(z))
    #expect(Samples.relativeDifference(gradients.z[0].storage[0], exact) < 1e-15)
    #expect(!gradients.a[1].storage[0].isNaN)
  }

  @Test("targets outside [0, 1] are refused by the entropies", arguments: [-0.1, 1.5, .nan])
  func targets(_ value: Double) throws {
    let network = try Samples.network(1, [(2, .sigmoid)])
    let y = Matrix<Double>(rows: 1, columns: 2, storage: [1, value])
    let error = #expect(throws: NetworkError.self) { try network.loss(Samples.x, y) }
    #expect(error?.kind == .domain)
    #expect(error?.message.contains("y₂ of example 1") == true)
    let square = try Samples.network(1, [(2, .sigmoid)], loss: .meanSquaredError)
    #expect(try square.loss(Samples.x, y).isNaN == value.isNaN)
  }

  @Test("bce of a prediction outside (0, 1) is a DomainError naming layer and example")
  func predictions() throws {
    let network = try Network(
      NetworkDefinition(
        name: "N", inputs: 1,
        layers: [Dense(units: 1, activation: .identity, weights: .scalar(1))],
        loss: .binaryCrossEntropy))
    let x = Matrix<Double>(rows: 2, columns: 1, storage: [0.5, 2])
    let y = Matrix<Double>(rows: 2, columns: 1, storage: [1, 1])
    #expect(
      throws: NetworkError.prediction(
        LossDomain(
          loss: "binary_cross_entropy", interval: .properProbabilities,
          help: "give the last layer sigmoid, or the network loss mean_squared_error"),
        activation: "identity", example: 2, output: 1, value: 2)
    ) { try network.loss(x, y) }
    #expect(throws: NetworkError.self) { try network.backward(x, y) }
    let before = Samples.parameters(network)
    #expect(throws: NetworkError.self) { try network.train(x, y) }
    #expect(Samples.parameters(network) == before)
    #expect(network.updates == 0)
  }

  @Test(
    "the slope that tables write is that of the loss's formula",
    arguments: NetworkCatalog.standard.losses)
  func slopes(_ loss: Loss) throws {
    let a = Matrix<Double>(rows: 1, columns: 1, storage: [0.3])
    let y = LossTests.targets(loss, Matrix(rows: 1, columns: 1, storage: [0.9]))
    let slope = try loss.part.derivative(by: Symbol("a")).expression
    let written = try #require(loss.slope)
    let point: [String: Tensor<Double>] = ["a": .scalar(0.3), "y": .scalar(y.storage[0])]
    let value = try written.value(at: point).storage[0]
    #expect(abs(value - (try slope.value(at: point)).storage[0]) < 1e-12)
    #expect(abs(value - (try loss.derivative(predictions: a, targets: y)).storage[0]) < 1e-12)
  }

  @Test("from net inputs: where the outputs are saturated too")
  func fromNetInputs() throws {
    let z = Matrix<Double>(rows: 2, columns: 1, storage: [50, -2])
    let y = Matrix<Double>(rows: 2, columns: 1, storage: [0, 1])
    let value = try #require(try Loss.binaryCrossEntropy.value(netInputs: z, targets: y))
    #expect(abs(value - (50 + log1p(exp(2.0))) / 2) < 1e-12)
  }
}
