import MatrixEngine
import Notation

extension NetworkError: CustomStringConvertible {
  package var description: String { message }

  /// The error in one line.
  package var message: String {
    switch self {
    case .noLayers:
      return "the network has no layers"
    case .inputCount(let count):
      return "input \(count): a network needs at least one input"
    case .units(let layer, let count):
      return "layer \(layer) has \(count) units; it needs at least one"
    case .tooManyParameters(let layer, let parameter, let shape, let most):
      return "\(parameter) of layer \(layer) would be \(shape), too many for a network of at most "
        + "\(most) parameters"
    case .weightShape(let layer, let given, let inputs, let units):
      return weights(layer, given, inputs, units)
    case .biasShape(let layer, let given, let units):
      return "b of layer \(layer) is \(given.shapeDescription), but the layer has "
        + units.counted("unit")
    case .layerNumber(let number, let count):
      return "layer \(number) does not exist; the network has layers 1 to \(count)"
    case .parameterShape(let name, let layer, let given, let sizes):
      return "\(name) of layer \(layer) is \(given.shapeDescription), but the layer needs "
        + needed(sizes)
    case .sizeOfParameter(let name, let layer, let one, let other):
      return
        "\(name) of layer \(layer) would be \(needed(one)) for one example and \(needed(other)) for another"
    case .noParameter(let name, let layer, let known):
      return "layer \(layer) has no parameter \(name)"
        + (known.isEmpty ? "" : "; it has \(known.joined(separator: ", "))")
    case .inputShape(let given, let inputs):
      return "X is \(given.shapeDescription), but the network has \(inputs.counted("input"))"
    case .exampleShape(let given, let sizes):
      return "X is \(given.shapeDescription), but an example of the network is \(Shape(sizes))"
    case .targetArray(let given, let examples, let sizes):
      return "Y is \(given.shapeDescription), but \(examples.counted("example")) of "
        + "\(sizes.isEmpty ? "a number" : "\(Shape(sizes))") "
        + "need\(examples == 1 ? "s" : "") \(Shape([examples] + sizes))"
    case .targetShape(let given, let examples, let outputs):
      return "Y is \(given.shapeDescription), but \(examples.counted("example")) of "
        + "\(outputs.counted("output")) need\(examples == 1 ? "s" : "") \(Shape(examples, outputs))"
    case .classNumber(let example, let value, let classes):
      return "the class of example \(example) is \(text(value)), not a whole number from 1 to "
        + "\(classes)"
    case .place(let example, let value, let count):
      return
        "an input of example \(example) is \(text(value)), not a whole number from 1 to \(count)"
    case .noExamples:
      return "X holds no examples"
    case .wholeBatch(let layer, let kind):
      return "\(kind), layer \(layer), takes all examples of a batch together, which have one size"
    case .mixedSizes:
      return "the examples of this training have several sizes"
    case .target(let domain, let example, let output, let value):
      return
        "\(domain.loss) needs targets \(domain.interval.words), but \(Quantity.target(neuron: output).text) of example "
        + "\(example) is \(text(value))"
    case .prediction(let domain, let activation, let example, let output, let value):
      return
        "\(domain.loss) needs predictions \(domain.interval.words)"
        + ", but the \(activation) output \(output) of example \(example) is \(text(value))"
    case .notDifferentiable(let layer, let activation, let refusal):
      let place = layer == 0 ? activation : "the \(activation) of layer \(layer)"
      return "no gradient passes through \(place): \(refusal.reason)"
    case .option(let name, let value, let expected):
      return "\(name) = \(value): expected \(expected)"
    case .notAnOutput(let example, let value, let outputs, _):
      return "the target of example \(example) = \(text(value)): expected \(outputs)"
    case .ratesOfLayers(let given, let layers):
      return "learning_rate has \(given.counted("value")), but the network has "
        + layers.counted("layer")
    case .tooManyRows(let rows):
      return "the history would have \(rows) rows"
    case .notAPerceptron(let reason):
      return "the perceptron rule trains one unit_step neuron: \(reason)"
    case .interrupted:
      return "interrupted"
    case .matrix(let error):
      return error.description
    }
  }

  /// Which of the sizes is wrong.
  private func weights(_ layer: Int, _ given: Tensor<Double>, _ inputs: Int, _ units: Int) -> String
  {
    let what = "W of layer \(layer) is \(given.shapeDescription)"
    switch given.rank {
    case 2 where given.rows != inputs, 1 where inputs != 1 && units == 1:
      return "\(what), but \(NetworkError.source(of: layer)) \(inputs.counted("value"))"
    case 2,
      1 where inputs == 1:
      return "\(what), but the layer has \(units.counted("unit"))"
    default:
      return "\(what), but the layer needs \(Shape(inputs, units))"
    }
  }

  /// What stands at the caret, where there is more to say than the message does.
  package var note: String? {
    switch self {
    case .weightShape(_, let matrix, let inputs, _) where matrix.rank == 2:
      matrix.rows != inputs
        ? "\(matrix.rows.counted("row")), so it expects \(matrix.rows.counted("input"))"
        : "\(matrix.columns.counted("column")), so it expects \(matrix.columns.counted("unit"))"
    case .weightShape(_, let vector, let inputs, let units)
    where vector.rank == 1 && (inputs == 1 || units == 1):
      vector.rows.counted("value")
    case .biasShape(_, let vector, _) where vector.rank == 1:
      "\(vector.rows.counted("value")), one a unit"
    default: nil
    }
  }

  /// The way out, or nil where there is none to propose.
  package var help: String? {
    switch self {
    case .noLayers:
      return "add a layer, such as dense 2, sigmoid"
    case .weightShape(let layer, let matrix, let inputs, let units) where matrix.rank == 2:
      if matrix.rows == inputs {
        return "give W \(units.counted("column")), "
          + "or layer \(layer) \(more(matrix.columns, than: units, "unit"))"
      }
      if matrix.rows == units && matrix.columns == inputs {
        return "W is inputs × units here; write W = […]' to transpose it"
      }
      return layer == 1
        ? "give W \(inputs.counted("row")), or the network \(more(matrix.rows, than: inputs, "input"))"
        : "layer \(layer - 1) has \(inputs.counted("unit")); give W \(inputs.counted("row")), "
          + "or layer \(layer - 1) \(more(matrix.rows, than: inputs, "unit"))"
    case .weightShape(_, _, let inputs, let units):
      return "write W with \(inputs.counted("row")) and \(units.counted("column"))"
    case .biasShape(_, let given, let units):
      return "give b \(units.counted("value"))"
        + (given.storage.count == 1
          ? ", or all units one bias: b = shared(\(text(given.storage[0])))" : "")
    case .sizeOfParameter:
      return
        "a parameter has one shape; where a size of the input is free, a layer before takes it in: a recurrence, a mean, attention and one row of it"
    case .parameterShape(let name, _, _, let sizes):
      return "give \(name) \(needed(sizes))"
    case .inputShape(let vector, let inputs) where vector.rank == 1:
      return inputs == 1 && !vector.isEmpty
        ? "a vector is one example; for \(vector.rows) examples of one input write column(X)"
        : "a vector is one example, with one value an input"
    case .inputShape(let matrix, let inputs) where matrix.rank == 2 && matrix.rows == inputs:
      return "one example a row: write X'"
    case .inputShape(let matrix, let inputs) where matrix.rank == 2:
      return "one example a row, so X needs \(inputs.counted("column"))"
    case .exampleShape(_, let sizes):
      return "give one example, or several one behind the other: m×\(Shape(sizes))"
    case .targetShape(let matrix, let examples, let outputs)
    where matrix.shape == Shape(outputs, examples):
      return "one example a row: write Y'"
    case .targetShape(let vector, let examples, let outputs) where vector.rank == 1:
      return outputs == 1
        ? "give Y \(examples.counted("value")), one an example"
        : examples == 1
          ? "give Y \(outputs.counted("value")), one an output"
          : "give Y one row an example, \(outputs.counted("column")); of class numbers, one_hot makes it"
    case .classNumber(_, let value, let classes):
      return value == 0
        ? "classes count from 1; write Y + 1 for numbers from 0 to \(classes - 1)"
        : value > Double(classes)
          ? "the last layer has \(classes.counted("unit")), one a class: give it as many as there are classes"
          : nil
    case .target(let domain, _, _, _): return domain.help
    case .prediction(let domain, _, _, _, _): return domain.help
    case .notDifferentiable(_, _, let refusal): return refusal.help
    case .ratesOfLayers: return "give one number for all, or one a layer"
    case .tooManyRows:
      return "ask for fewer with every = …"
    case .notAnOutput(_, _, _, let help):
      return help
    case .notAPerceptron:
      return "write perceptron P { input 2 }"
    default: return nil
    }
  }

  private func needed(_ sizes: [Int]) -> String {
    switch sizes.count {
    case 0: "a number"
    case 1: sizes[0].counted("value")
    default: "\(Shape(sizes))"
    }
  }

  private static func source(of layer: Int) -> String {
    layer == 1 ? "the input gives it" : "layer \(layer - 1) gives it"
  }

  /// `a third unit` where one more is what is missing, else `5 units`.
  private func more(_ wanted: Int, than present: Int, _ noun: String) -> String {
    let ordinals = ["second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"]
    guard wanted == present + 1, ordinals.indices.contains(wanted - 2) else {
      return wanted.counted(noun)
    }
    return "\(ordinals[wanted - 2].hasPrefix("e") ? "an" : "a") \(ordinals[wanted - 2]) \(noun)"
  }

  private func text(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15 ? "\(Int(value))" : "\(value)"
  }
}
