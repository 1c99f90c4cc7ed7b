import MatrixEngine

/// What is wrong with a network, its data or a command on it.
///
/// Layers, neurons and examples count from 1, as in the language. `message`, `note` and `help` are
/// the three texts of a diagnostic: its line, what stands at the caret, and the way out.
package enum NetworkError: Error, Sendable, Equatable {
  /// The language's name for an error, without `Error`.
  package enum Kind: String, Sendable {
    case shape = "ShapeError"
    case value = "ValueError"
    case domain = "DomainError"
    case gradient = "GradientError"
    case limit = "LimitError"
    case interrupt = "InterruptError"
  }

  case noLayers
  case inputCount(Int)
  case units(layer: Int, count: Int)
  case tooManyParameters(layer: Int, parameter: String, shape: Shape, most: Int)
  /// W does not fit between the layer before, with `inputs` values, and the layer's units.
  case weightShape(layer: Int, given: Tensor<Double>, inputs: Int, units: Int)
  case biasShape(layer: Int, given: Tensor<Double>, units: Int)
  /// A parameter of another kind in another shape than the layer needs.
  case parameterShape(name: String, layer: Int, given: Tensor<Double>, sizes: [Int])
  /// A parameter that has these sizes where a free size of the input is one number, and others where it is another.
  case sizeOfParameter(name: String, layer: Int, [Int], [Int])
  case layerNumber(Int, count: Int)
  case noParameter(String, layer: Int, known: [String])
  case inputShape(given: Tensor<Double>, inputs: Int)
  /// Examples, or targets, that are arrays of other sizes than the network takes.
  case exampleShape(given: Tensor<Double>, sizes: [Int])
  case targetArray(given: Tensor<Double>, examples: Int, sizes: [Int])
  case targetShape(given: Tensor<Double>, examples: Int, outputs: Int)
  /// A class number that is no whole number from 1 to the number of outputs.
  case classNumber(example: Int, value: Double, classes: Int)
  case noExamples
  /// Examples of several sizes, for a layer that takes all of a batch together.
  case wholeBatch(layer: Int, kind: String)
  /// Examples of several sizes, for what takes those of one.
  case mixedSizes
  /// An input that chooses one of so many, but is no whole number from 1 to that.
  case place(example: Int, value: Double, count: Int)
  /// A target outside what the loss is defined for.
  case target(LossDomain, example: Int, output: Int, value: Double)
  /// A prediction outside what the loss is defined for.
  case prediction(LossDomain, activation: String, example: Int, output: Int, value: Double)
  /// A layer whose activation has no useful derivative. Layer 0: the function on its own.
  case notDifferentiable(layer: Int, activation: String, GradientRefusal)
  /// An option of a command, such as a learning rate, with a value that makes no sense.
  case option(name: String, value: String, expected: String)
  /// Learning rates that are not one a layer.
  case ratesOfLayers(given: Int, layers: Int)
  /// A history of more rows than memory should hold.
  case tooManyRows(Int)
  /// A target that a perceptron cannot give.
  case notAnOutput(example: Int, value: Double, outputs: String, help: String)
  /// The perceptron rule on something that is no perceptron.
  case notAPerceptron(reason: String)
  case interrupted
  case matrix(MatrixError)
}

extension NetworkError {
  package var kind: Kind {
    switch self {
    case .weightShape, .biasShape, .parameterShape, .sizeOfParameter, .inputShape, .targetShape,
      .exampleShape,
      .targetArray,
      .ratesOfLayers, .wholeBatch, .mixedSizes:
      .shape
    case .target, .prediction: .domain
    case .notDifferentiable: .gradient
    case .tooManyParameters, .tooManyRows: .limit
    case .interrupted: .interrupt
    case .noLayers, .inputCount, .units, .layerNumber, .noParameter, .classNumber,
      .noExamples, .place, .option, .notAnOutput, .notAPerceptron:
      .value
    case .matrix(let error):
      switch error {
      case .shapeMismatch: .shape
      case .tooLarge, .tooManyDimensions, .outOfMemory: .limit
      case .singular: .domain
      case .interrupted: .interrupt
      case .empty, .negativeSize: .value
      }
    }
  }

  /// The layer of a network definition that the error points at, from 1.
  package var layer: Int? {
    switch self {
    case .units(let layer, _), .tooManyParameters(let layer, _, _, _),
      .weightShape(let layer, _, _, _), .biasShape(let layer, _, _),
      .parameterShape(_, let layer, _, _), .sizeOfParameter(_, let layer, _, _):
      layer
    case .notDifferentiable(let layer, _, _): layer == 0 ? nil : layer
    default: nil
    }
  }

  /// The argument of a command that the error points at.
  package var option: String? {
    switch self {
    case .option(let name, _, _): name
    case .ratesOfLayers: "learning_rate"
    case .target, .notAnOutput: "Y"
    default: nil
    }
  }

  /// The keyword of the layer that the error points at.
  package var parameter: String? {
    switch self {
    case .weightShape: "W"
    case .biasShape: "b"
    case .parameterShape(let name, _, _, _): name
    default: nil
    }
  }
}
