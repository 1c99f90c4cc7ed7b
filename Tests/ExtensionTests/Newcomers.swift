import Calculus
import Display
import Language
import Lessons
import MatrixEngine
import Networks
import Notation
import Session
import Syntax

/// What a course might add to the language: two activations, two losses, a layer, a command and a picture.
enum Newcomers {
  /// z σ(z), of which nothing but the formula is known.
  static let bent = Activation(
    name: "bent", aliases: ["bend"], symbol: "bent",
    definition: .netInput * .function(.sigmoid, .netInput), range: "[-0.2785, ∞)")

  /// The squares' shares of their sum: every output depends on all net inputs.
  static let squareShares = Activation(
    name: "square_shares", definition: squares / squares.sum, range: "[0, 1]", meaning: .shares,
    remark: "every square by the sum of all")
  private static let squares = Expression.netInputs.raised(to: 2)

  /// ½(a − y)², of which nothing but the formula is known.
  static let halfError = Loss(
    name: "half_error", aliases: ["hse"],
    perOutput: (.output - .target).raised(to: 2) / 2)

  /// a − y ln a, of counts: it has no value for negative predictions.
  static let poisson = Loss(
    name: "poisson", perOutput: .output - .target * .function(.ln, .output),
    targets: .notNegative, predictions: .notNegative, targetHint: "its targets are counts")

  static let catalog: NetworkCatalog = {
    var catalog = NetworkCatalog.standard
    catalog.activations = catalog.activations.adding([bent, squareShares])
    catalog.losses = catalog.losses.adding([halfError, poisson])
    catalog.layers = catalog.layers.adding([.scaleAndShift, .gate])
    return catalog
  }()

  /// The mean of what a network gives.
  static let meanOutput = BuiltIn(
    "mean_output", .network, [.net, .x], summary: "the mean of all outputs of a network",
    gives: .init("a number"), example: "mean_output(net, X)"
  ) { (interpreter, call) throws(Diagnostic) in
    let examples = try interpreter.examples(call)
    let output = try interpreter.placed(call.span) { () throws(NetworkError) in
      try examples.network.predict(examples.x)
    }
    return .scalar(output.storage.reduce(0, +) / Double(output.storage.count))
  }

  /// A vector as steps.
  static let steps = BuiltIn(
    "steps", .picture, [.init("v", .vector)], summary: "a vector as a line of steps",
    example: "steps([1, 3, 2])"
  ) { (interpreter, call) throws(Diagnostic) in
    guard case .array(let vector) = call.value("v") else { return .nothing }
    let entries = vector.storage
    let places = entries.indices.map(Double.init)
    let chart = try interpreter.placed(call.span) { () throws(FigureError) in
      try Chart(
        title: "Steps", x: FigureAxis("index"), y: FigureAxis("value"),
        series: [Chart.Series("v", x: places, y: entries, form: .linePoints)])
    }
    return .record(FigureRecord(figure: chart, description: "a picture of steps"))
  }

  static let vocabulary = Vocabulary.language(of: catalog, adding: [meanOutput, steps])
}

extension LayerKind {
  /// a = γ ⊙ x + β, with a factor and a summand for every value.
  static let scaleAndShift = LayerKind(
    "scale_and_shift", summary: "scales every value and shifts it; keywords γ, β, name",
    usage: "scale_and_shift γ = [1, 2]", formulas: ["a = γ ⊙ x + β"],
    arguments: [
      LayerArgument("γ", aliases: ["gamma"], .numbers, summary: "the factors, one a value"),
      LayerArgument("β", aliases: ["beta"], .numbers, summary: "the summands, one a value"),
    ]
  ) { arguments in
    ScaleAndShift.Line(
      name: arguments.text("name"), factors: arguments.numbers("γ"),
      summands: arguments.numbers("β"))
  }

  /// a = tanh(q) ⊙ x with q = x·K: two lines, the second of which uses what went in again.
  static let gate = LayerKind(
    "gate", summary: "scales every value by what all values say; keywords K, name",
    usage: "gate", formulas: ["q = x @ K", "a = tanh(q) ⊙ x"],
    arguments: [LayerArgument("K", .numbers, summary: "the weights of the gate")]
  ) { arguments in Gate.Line(name: arguments.text("name"), weights: arguments.numbers("K")) }
}

struct ScaleAndShift: Layer {
  struct Line: LayerDefinition {
    let name: String?
    let factors: Tensor<Double>?
    let summands: Tensor<Double>?

    func layer(inputs: Int, number: Int) throws(NetworkError) -> any Layer {
      let layer = ScaleAndShift(
        name: name, inputs: inputs,
        parameters: [
          LayerParameter(
            "γ", aliases: ["gamma"], sizes: [inputs],
            start: factors.map { .given($0) } ?? .constant(1)),
          LayerParameter(
            "β", aliases: ["beta"], sizes: [inputs],
            start: summands.map { .given($0) } ?? .constant(0)),
        ])
      try layer.checkGivenParameters(number: number)
      return layer
    }
  }

  let kind = "scale_and_shift"
  let name: String?
  let inputs: Int
  var outputs: Int { inputs }
  let parameters: [LayerParameter]

  var lines: [LayerLine] {
    [LayerLine("a", symbol(parameters[0]) * input + symbol(parameters[1]))]
  }
}

struct Gate: Layer {
  struct Line: LayerDefinition {
    let name: String?
    let weights: Tensor<Double>?

    func layer(inputs: Int, number: Int) throws(NetworkError) -> any Layer {
      let layer = Gate(
        name: name, inputs: inputs,
        parameters: [
          LayerParameter(
            "K", sizes: [inputs, inputs], start: weights.map { .given($0) } ?? .drawn(.xavier))
        ])
      try layer.checkGivenParameters(number: number)
      return layer
    }
  }

  let kind = "gate"
  let name: String?
  let inputs: Int
  var outputs: Int { inputs }
  let parameters: [LayerParameter]

  var lines: [LayerLine] {
    let q = vector("q", inputs)
    let sum = try? Expression.product(input, symbol(parameters[0]))
    return [
      LayerLine("q", sum ?? q), LayerLine("a", .function(.tanh, q) * input),
    ]
  }
}
