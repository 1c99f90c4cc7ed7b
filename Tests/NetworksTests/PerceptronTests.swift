import MatrixEngine
import Networks
import Testing

@Suite("The perceptron rule")
struct PerceptronTests {
  static func perceptron(_ threshold: Double = 0, _ precision: Precision = .float64) throws
    -> Network
  {
    var definition = NetworkDefinition(
      name: "P", inputs: 2,
      layers: [
        Dense(
          units: 1, activation: .unitStep(threshold: threshold), initializer: .zeros)
      ])
    definition.precision = precision
    return try Network(definition)
  }

  static func target(_ y: Tensor<Double>) -> Matrix<Double> { .column(y.storage) }

  @Test("separable gates converge", arguments: ["and", "or", "nand"], Precision.allCases)
  func separable(_ gate: String, _ precision: Precision) throws {
    let (x, y) = try Samples.data(gate)
    let network = try PerceptronTests.perceptron(0, precision)
    let history = try network.trainPerceptron(x, PerceptronTests.target(y))
    #expect(history.converged)
    #expect(history.errors.last == 0)
    #expect(try network.predict(x).storage == y.storage)
    #expect(network.updates == history.errors.reduce(0, +))
  }

  @Test("xor does not converge")
  func inseparable() throws {
    let (x, y) = try Samples.data("xor")
    let history = try PerceptronTests.perceptron().trainPerceptron(x, PerceptronTests.target(y))
    #expect(!history.converged)
    #expect(history.errors.count == 20)
    #expect(history.rows.count == 80)
  }

  @Test("the trace holds z before and the weights after each example")
  func trace() throws {
    let (x, y) = try Samples.data("and")
    let history = try PerceptronTests.perceptron().trainPerceptron(
      x, PerceptronTests.target(y), epochs: 1)
    // By hand: 00 → z = 0 ≥ 0 fires wrongly, b = −1; 01 and 10 stay; 11 → z = −1, w = (1, 1), b = 0.
    #expect(history.rows.map(\.z) == [0, -1, -1, -1])
    #expect(history.rows.map(\.output) == [1, 0, 0, 0])
    #expect(history.rows.map(\.error) == [-1, 0, 0, 1])
    #expect(history.rows.map(\.bias) == [-1, -1, -1, 0])
    #expect(history.rows.map(\.weights) == [[0, 0], [0, 0], [0, 0], [1, 1]])
    #expect(history.errors == [2])
    #expect(history.rows.map(\.example) == [1, 2, 3, 4])
  }

  @Test("the threshold moves the step")
  func threshold() throws {
    let network = try PerceptronTests.perceptron(0.5)
    #expect(try network.predict(.row([0, 0])).storage == [0])
    try network.setBias(1, neuron: 1, to: 0.5)
    #expect(try network.predict(.row([0, 0])).storage == [1])
  }

  @Test("other networks and other targets are refused")
  func refusals() throws {
    let x = Matrix<Double>(rows: 1, columns: 2, storage: [1, 1])
    let y = Matrix<Double>(rows: 1, columns: 1, storage: [1])
    let networks = [
      try Samples.network(2, [(1, .sigmoid)]), try Samples.network(2, [(2, .unitStep)]),
      try Samples.network(2, [(1, .unitStep), (1, .unitStep)]),
    ]
    for network in networks {
      #expect(throws: NetworkError.self) { try network.trainPerceptron(x, y) }
    }
    let perceptron = try PerceptronTests.perceptron()
    #expect(throws: NetworkError.self) {
      try perceptron.trainPerceptron(x, Matrix(rows: 1, columns: 1, storage: [2]))
    }
    #expect(throws: NetworkError.self) {
      try perceptron.trainPerceptron(x, y, epochs: Int.max)
    }
  }

  @Test("a raised flag stops it")
  func interrupts() throws {
    let (x, y) = try Samples.data("xor")
    let flag = InterruptFlag()
    flag.raise()
    let history = try PerceptronTests.perceptron().trainPerceptron(
      x, PerceptronTests.target(y), interrupt: flag)
    #expect(history.outcome == .interrupted(epoch: 0))
    #expect(history.rows.isEmpty)
  }
}
