import MatrixEngine
import Networks
import Testing

@Suite("What may stand for X and Y")
struct ExampleShapeTests {
  static let softmax = NetworkDefinition(
    name: "S", inputs: 2, layers: [LayerDefinition(units: 3, activation: .softmax)])

  @Test("inputs: a vector is one example, a number one input")
  func inputs() throws {
    let network = try Network(ExampleShapeTests.softmax)
    #expect(try network.examples(from: .vector([1, 2])) == .row([1, 2]))
    let matrix = Matrix<Double>(rows: 4, columns: 2, repeating: 1)
    #expect(try network.examples(from: matrix) == matrix)
    #expect(try Samples.lecture().examples(from: .scalar(3)) == .row([3]))
    #expect(throws: NetworkError.noExamples) {
      try network.examples(from: Matrix(rows: 0, columns: 2, storage: []))
    }
    for wrong in [
      Tensor<Double>.scalar(1), .vector([1, 2, 3]),
      Matrix(rows: 2, columns: 3, repeating: 0),
    ] {
      let error = #expect(throws: NetworkError.self) { try network.examples(from: wrong) }
      #expect(error?.kind == .shape)
      #expect(error?.message.contains(wrong.shapeDescription) == true)
    }
  }

  @Test("a vector for a network of one input gets column(X) as help")
  func columnHelp() throws {
    let error = #expect(throws: NetworkError.self) {
      try Samples.lecture().examples(from: .vector([1, 2, 3]))
    }
    #expect(error?.help?.contains("column(X)") == true)
  }

  @Test("targets of one output: one number an example")
  func singleOutput() throws {
    let network = try Samples.lecture()
    #expect(try network.targets(from: .scalar(1), examples: 1, isSingle: true) == .row([1]))
    #expect(
      try network.targets(from: .vector([1, 0]), examples: 2, isSingle: false) == .column([1, 0]))
    #expect(throws: NetworkError.self) {
      try network.targets(from: .scalar(1), examples: 2, isSingle: false)
    }
    #expect(throws: NetworkError.self) {
      try network.targets(from: .vector([1, 0, 1]), examples: 2, isSingle: false)
    }
  }

  @Test("targets of several outputs: a vector of k for one example, rows, or class numbers")
  func severalOutputs() throws {
    let network = try Network(ExampleShapeTests.softmax)
    #expect(
      try network.targets(from: .vector([0, 1, 0]), examples: 1, isSingle: true) == .row([0, 1, 0]))
    #expect(try network.targets(from: .scalar(2), examples: 1, isSingle: true) == .row([0, 1, 0]))
    // Three examples with three class numbers: a vector for several examples is class numbers.
    #expect(
      try network.targets(from: .vector([1, 3, 2]), examples: 3, isSingle: false).storage
        == [1, 0, 0, 0, 0, 1, 0, 1, 0])
    for wrong in [0, 4, 1.5, .nan] {
      let error = #expect(throws: NetworkError.self) {
        try network.targets(from: .vector([1, wrong]), examples: 2, isSingle: false)
      }
      #expect(error?.kind == .value)
      #expect(error?.message.hasPrefix("the class of example 2 is") == true)
    }
    var square = ExampleShapeTests.softmax
    square.loss = .meanSquaredError
    #expect(throws: NetworkError.self) {
      try Network(square).targets(from: .vector([1, 2]), examples: 2, isSingle: false)
    }
  }

  @Test("commands check matrices too")
  func commands() throws {
    let network = try Samples.lecture()
    let wide = Matrix<Double>(rows: 1, columns: 2, repeating: 0)
    #expect(throws: NetworkError.inputShape(given: wide, inputs: 1)) {
      try network.forward(wide)
    }
    #expect(throws: NetworkError.targetShape(given: wide, examples: 1, outputs: 1)) {
      try network.loss(Samples.x, wide)
    }
  }
}
