import Calculus
import MatrixEngine
import Notation

/// A layer in its place in a network: what it takes and gives, its parameters, and its lines.
///
/// The lines say everything: from them passes, explanations and the way back follow. Passes written by hand are an
/// optimisation, and a layer with a story of its own may tell it instead of its lines.
package protocol Layer: Sendable {
  /// The word that begins its line: `dense`.
  var kind: String { get }
  /// The name that the network gives it.
  var name: String? { get }
  /// How many values of an example it takes.
  var inputs: Int { get }
  /// How many it gives.
  var outputs: Int { get }
  /// In the order in which they lie in memory and are drawn.
  var parameters: [LayerParameter] { get }
  /// What it computes of one example, line by line: each gives a quantity, the last of them `a`. Its input is the
  /// vector `x`; parameters and earlier quantities go by their names.
  var lines: [LayerLine] { get }
  /// The function that makes its outputs, or nil where no single one does.
  var activation: Activation? { get }
  /// In words, for titles: "3 neurons, sigmoid".
  var title: String { get }
  /// Of quantities, by their names: what is 0 where the layer has no derivative, a formula of one of their entries.
  var kinks: [String: [Expression]] { get }

  /// Its passes over panels of examples, in memory that is allocated here once.
  func passes(in memory: PassMemory<Double>) -> LayerPasses<Double>
  func passes(in memory: PassMemory<Float>) -> LayerPasses<Float>
  /// The same as a stage of the kernels' pass over a whole network, its parameters from `start` on; nil where it is
  /// more than that. Without its function, where that is the loss's part.
  func stage(at start: Int, appliesFunction: Bool) -> DenseStage<Double>?
  func stage(at start: Int, appliesFunction: Bool) -> DenseStage<Float>?
}

/// A line of a layer: a quantity and its formula.
package struct LayerLine: Sendable {
  /// The name of what comes in.
  package static let input = "x"
  /// The name of the last quantity, which every layer gives.
  package static let output = "a"

  package let quantity: String
  package let formula: Expression
  /// What the quantity is called in tables: "net input".
  package let title: String
  /// The activation and the quantity that it is applied to, where that is all that the line says.
  package let applied: (function: Activation, quantity: String)?

  package init(
    _ quantity: String, _ formula: Expression, title: String? = nil,
    applied: (function: Activation, quantity: String)? = nil
  ) {
    self.quantity = quantity
    self.formula = formula
    self.title = title ?? (quantity == LayerLine.output ? "output" : quantity)
    self.applied = applied
  }
}

extension Layer {
  package var activation: Activation? { nil }
  package var kinks: [String: [Expression]] { [:] }
  package var title: String {
    let words = kind.split(separator: "_").joined(separator: " ")
    return "\(words), \(outputs.counted("value"))"
  }

  /// x, the input of one example. Shape: `[inputs]`.
  package var input: Expression { vector(LayerLine.input, inputs) }

  /// A quantity of one example as a symbol of the lines.
  package func vector(_ name: String, _ count: Int) -> Expression {
    .symbol(name, .vector(size(count)))
  }

  /// A parameter as a symbol of the lines.
  package func symbol(_ parameter: LayerParameter) -> Expression {
    .symbol(parameter.name, ExpressionShape(parameter.sizes.map(size)))
  }

  /// A size in the shapes of the lines. That of 1 goes by a name, so that a single value is a vector like several:
  /// with the number, x·W would be read as an outer product, and an entry as a number.
  package func size(_ count: Int) -> Dimension { count == 1 ? .name("n") : .number(count) }

  package func parameter(named name: String) -> LayerParameter? {
    parameters.first { $0.name == name || $0.aliases.contains(name) }
  }

  /// Checks the shapes of the parameters that a line gives; `number` is the layer's place.
  ///
  /// Throws: as `LayerParameter.check`.
  package func checkGivenParameters(number: Int) throws(NetworkError) {
    for parameter in parameters {
      if case .given(let value) = parameter.start { try parameter.check(value, layer: number) }
    }
  }

  var parameterCount: Int {
    parameters.reduce(0) { total, parameter in
      let (sum, overflow) = total.addingReportingOverflow(parameter.count)
      return overflow ? Int.max : sum
    }
  }

  /// Additions and multiplications of one example's forward and backward pass, roughly.
  var operationsPerExample: Int {
    parameters.reduce(60 * outputs) { $1.sizes.count > 1 ? $0 + 6 * $1.count : $0 }
  }

  package func stage(at start: Int, appliesFunction: Bool) -> DenseStage<Double>? { nil }
  package func stage(at start: Int, appliesFunction: Bool) -> DenseStage<Float>? { nil }

  package func passes(in memory: PassMemory<Double>) -> LayerPasses<Double> {
    LinePasses(self, backward: memory.needsGradients).passes(in: memory)
  }

  package func passes(in memory: PassMemory<Float>) -> LayerPasses<Float> {
    LinePasses(self, backward: memory.needsGradients).passes(in: memory)
  }
}
