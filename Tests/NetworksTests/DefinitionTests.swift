import MatrixEngine
import Networks
import Testing

@Suite("Network definitions")
struct DefinitionTests {
  static func define(_ layers: [any LayerDefinition], inputs: Int = 2) throws -> Network {
    try Network(NetworkDefinition(name: "N", inputs: inputs, layers: layers))
  }

  @Test("a wrong W names its layer, both shapes and the fix")
  func weightShape() throws {
    let error = #expect(throws: NetworkError.self) {
      try DefinitionTests.define([
        Dense(units: 3, activation: .sigmoid),
        Dense(units: 2, activation: .sigmoid),
        Dense(
          units: 1, activation: .sigmoid,
          weights: Matrix(rows: 3, columns: 1, storage: [0.4, 0.2, 0.6])),
      ])
    }
    #expect(error?.kind == .shape)
    #expect(error?.layer == 3)
    #expect(error?.parameter == "W")
    #expect(error?.message == "W of layer 3 is 3×1, but layer 2 gives it 2 values")
    #expect(error?.note == "3 rows, so it expects 3 inputs")
    #expect(error?.help == "layer 2 has 2 units; give W 2 rows, or layer 2 a third unit")
  }

  @Test("one more is an ordinal, with its article")
  func ordinals() {
    let helps = [
      (2, 3, "give W 2 columns, or layer 1 a third unit"),
      (7, 8, "give W 7 columns, or layer 1 an eighth unit"),
      (2, 5, "give W 2 columns, or layer 1 5 units"),
      (3, 1, "give W 3 columns, or layer 1 1 unit"),
    ]
    for (units, columns, help) in helps {
      let error = #expect(throws: NetworkError.self) {
        try DefinitionTests.define(
          [
            Dense(
              units: units, activation: .relu,
              weights: Matrix(rows: 9, columns: columns, repeating: 0))
          ], inputs: 9)
      }
      #expect(error?.help == help)
    }
  }

  @Test("other wrong shapes")
  func otherShapes() {
    let cases: [(Dense, String)] = [
      (
        Dense(
          units: 3, activation: .relu, weights: Matrix(rows: 2, columns: 4, repeating: 0)),
        "W of layer 1 is 2×4, but the layer has 3 units"
      ),
      (
        Dense(units: 3, activation: .relu, weights: .vector([1, 2, 3])),
        "W of layer 1 is a vector of 3, but the layer needs 2×3"
      ),
      (
        Dense(units: 1, activation: .relu, weights: .vector([1, 2, 3])),
        "W of layer 1 is a vector of 3, but the input gives it 2 values"
      ),
      (
        Dense(units: 3, activation: .relu, biases: .each(.vector([1, 2]))),
        "b of layer 1 is a vector of 2, but the layer has 3 units"
      ),
      (
        Dense(units: 3, activation: .relu, biases: .each(.scalar(1))),
        "b of layer 1 is a number, but the layer has 3 units"
      ),
      (Dense(units: 0, activation: .relu), "layer 1 has 0 units; it needs at least one"),
      (
        Dense(units: Int.max, activation: .relu),
        "W of layer 1 would be 2×\(Int.max), too many for a network of at most 16777216 parameters"
      ),
    ]
    for (layer, message) in cases {
      let error = #expect(throws: NetworkError.self) { try DefinitionTests.define([layer]) }
      #expect(error?.message == message)
      #expect(error?.layer == 1)
    }
    #expect(throws: NetworkError.noLayers) { try DefinitionTests.define([]) }
    #expect(throws: NetworkError.inputCount(0)) {
      try DefinitionTests.define([Dense(units: 1, activation: .relu)], inputs: 0)
    }
  }

  @Test("a transposed W gets the hint")
  func transposed() {
    let error = #expect(throws: NetworkError.self) {
      try DefinitionTests.define([
        Dense(
          units: 3, activation: .relu, weights: Matrix(rows: 3, columns: 2, repeating: 0))
      ])
    }
    #expect(error?.help?.contains("transpose") == true)
  }

  @Test("vectors and numbers serve where one size is 1")
  func shortForms() throws {
    let network = try DefinitionTests.define([
      Dense(units: 1, activation: .relu, weights: .vector([1, 2]), biases: .each(.scalar(3))),
      Dense(units: 1, activation: .relu, weights: .scalar(4)),
      Dense(units: 2, activation: .relu, weights: .vector([5, 6])),
    ])
    #expect(try network.weights(1) == Matrix(rows: 2, columns: 1, storage: [1, 2]))
    #expect(try network.weights(3) == Matrix(rows: 1, columns: 2, storage: [5, 6]))
    #expect(try network.biases(1) == [3])
    #expect(network.parameterCount == 3 + 2 + 4)
    #expect(network.layers.map(\.parameters[0].shape) == [Shape(2, 1), Shape(1, 1), Shape(1, 2)])
  }

  @Test("initializers", arguments: NetworkCatalog.standard.initializers)
  func initializers(_ initializer: Initializer) throws {
    let network = try Network(
      NetworkDefinition(
        name: "N", inputs: 200,
        layers: [Dense(units: 100, activation: .relu, initializer: initializer)]))
    let weights = try network.weights(1)
    let mean = try weights.reduced(by: .mean)
    let deviation = try weights.map { $0 * $0 }.reduced(by: .mean).squareRoot()
    let expected =
      switch initializer.name {
      case "xavier": (6.0 / 300).squareRoot() / 3.0.squareRoot()
      case "he": 0.1
      case "normal": 0.1
      case "uniform": 0.5 / 3.0.squareRoot()
      default: 0.0
      }
    #expect(abs(mean) < 0.01)
    #expect(abs(deviation - expected) <= 0.03 * expected)
    #expect(try network.biases(1).allSatisfy { $0 == 0 })
    #expect(NetworkCatalog.standard.initializers[initializer.name] == initializer)
  }

  @Test("assigning parameters checks places and shapes, and counts no update")
  func assignment() throws {
    let network = try Samples.lecture()
    try network.setWeight(2, input: 1, neuron: 3, to: 0.5)
    #expect(try network.weights(2)[0, 2] == 0.5)
    try network.setBias(3, neuron: 1, to: 7)
    #expect(try network.biases(3) == [7])
    try network.setWeights(1, to: .vector([8, 9]))
    #expect(try network.weights(1).storage == [8, 9])
    try network.setBiases(2, to: .vector([1, 2, 3]))
    #expect(try network.biases(2) == [1, 2, 3])
    #expect(network.updates == 0)
    #expect(throws: NetworkError.layerNumber(4, count: 3)) { try network.weights(4) }
    #expect(throws: NetworkError.layerNumber(0, count: 3)) { try network.biases(0) }
    #expect(throws: NetworkError.noParameter("K", layer: 2, known: ["W", "b"])) {
      try network.parameter("K", layer: 2)
    }
    #expect(throws: NetworkError.self) {
      try network.setWeights(2, to: Matrix(rows: 3, columns: 2, repeating: 0))
    }
    network.reset()
    #expect(Samples.parameters(network) == WorkedExample.steps[0].parameters)
  }

  @Test("a copy is independent")
  func copies() throws {
    let network = try Samples.lecture()
    _ = try network.step(Samples.x, Samples.y)
    let copy = network.copy()
    #expect(copy.updates == 1)
    _ = try copy.step(Samples.x, Samples.y)
    #expect(network.updates == 1)
    #expect(Samples.parameters(network) != Samples.parameters(copy))
  }
}
