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
  /// The sizes of an example that it takes and of what it gives: one of a vector, two of a matrix.
  var inputSizes: [Int] { get }
  var outputSizes: [Int] { get }
  /// In the order in which they lie in memory and are drawn.
  var parameters: [LayerParameter] { get }
  /// What it computes of one example, line by line: each gives a quantity, the last of them `a`. Its input is
  /// `inputName`; parameters, constants and earlier quantities go by their names.
  var lines: [LayerLine] { get }
  /// What it computes while it is trained, where that is something else.
  var linesInTraining: [LayerLine]? { get }
  /// What the lines call what comes in: `x`.
  var inputName: String { get }
  /// The numbers that the lines know by a name, beside parameters and quantities.
  var constants: [String: Tensor<Double>] { get }
  /// Whether the lines are of all examples at once, with an example along the first index.
  var seesWholeBatch: Bool { get }
  /// What is drawn anew for each pass in training, under the names that the lines have for it.
  var masks: [LayerMask] { get }
  /// The numbers that the passes of an example keep, beside its quantities.
  var numbersPerExample: Int { get }
  /// What the lines come to, of a batch with so many examples; nil where they have no form.
  func program(rows: Int, isTraining: Bool) -> LineProgram?
  /// An input that is to choose a row and is the number of none; nil where there is none. Shape: `x: [m, inputs]`.
  func choiceOutside(_ x: Matrix<Double>) -> (example: Int, value: Double, count: Int)?
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

  /// How many examples there are, in lines that are of all of them.
  package static let batch = Dimension.name("m")

  package let quantity: String
  package let formula: Expression
  /// What the quantity is called in tables: "net input".
  package let title: String
  /// The activation and the quantity that it is applied to, where that is all that the line says.
  package let applied: (function: Activation, quantity: String)?
  /// Of a member of a family, h₂ of h[2]: the family's name, and its index there.
  package let member: FamilyMember?

  package init(
    _ quantity: String, _ formula: Expression, title: String? = nil,
    applied: (function: Activation, quantity: String)? = nil, member: FamilyMember? = nil
  ) {
    self.quantity = quantity
    self.formula = formula
    self.title = title ?? (quantity == LayerLine.output ? "output" : quantity)
    self.applied = applied
    self.member = member
  }
}

/// One of the quantities that share a name and have an index each: h[0], h[1], …
package struct FamilyMember: Sendable, Hashable {
  package let family: String
  package let index: Int

  package init(_ family: String, _ index: Int) { (self.family, self.index) = (family, index) }
}

extension Layer {
  /// The function of its lines that lets no gradient through, of something that depends on the input or on what is learned,
  /// and why; nil where every function does.
  var gradientRefusal: (function: String, GradientRefusal)? {
    if let activation, let refusal = activation.gradientRefusal {
      return (activation.name, refusal)
    }
    var moving = Set(parameters.filter { !$0.isAverage }.map(\.symbolName) + [inputName])
    for line in linesInTraining ?? lines {
      for case .function(let function, let argument) in line.formula.parts.map(\.node) {
        guard case .noDerivative(let reason, let help)? = function.refusal,
          argument.symbols.contains(where: { moving.contains($0.name) })
        else { continue }
        return (function.name, GradientRefusal(reason: reason, help: help))
      }
      if line.formula.symbols.contains(where: { moving.contains($0.name) }) {
        moving.insert(line.quantity)
      }
    }
    return nil
  }

  /// Whether it makes a vector of a vector, the same in training, by its lines alone.
  var isOfVectors: Bool {
    inputSizes.count == 1 && outputSizes.count == 1 && !seesWholeBatch && linesInTraining == nil
      && constants.isEmpty
      && lines.allSatisfy { $0.member == nil && $0.formula.shape.dimensions.count == 1 }
  }

  package var activation: Activation? { nil }
  package var kinks: [String: [Expression]] { [:] }
  package var inputSizes: [Int] { [inputs] }
  package var outputSizes: [Int] { [outputs] }
  package var linesInTraining: [LayerLine]? { nil }
  package var inputName: String { LayerLine.input }
  package var constants: [String: Tensor<Double>] { [:] }
  package var seesWholeBatch: Bool { false }
  package var masks: [LayerMask] { [] }
  package var numbersPerExample: Int { 0 }

  package func program(rows: Int, isTraining: Bool) -> LineProgram? {
    try? LineProgram(self, rows: rows, isTraining: isTraining)
  }
  package func choiceOutside(_ x: Matrix<Double>) -> (example: Int, value: Double, count: Int)? {
    program(rows: x.rows, isTraining: false)?.choiceOutside(x)
  }
  /// "batch norm"
  package var kindWords: String { kind.split(separator: "_").joined(separator: " ") }
  package var title: String {
    let words = kindWords
    let sizes = outputSizes
    if sizes.count < 2 { return "\(words), \(outputs.counted("value"))" }
    return "\(words), \(sizes.map(String.init).joined(separator: "×"))"
  }

  /// x, the input of one example. Shape: `inputSizes`.
  package var input: Expression { array(inputName, inputSizes) }

  /// A quantity of one example as a symbol of the lines, in its sizes.
  package func array(_ name: String, _ sizes: [Int]) -> Expression {
    .symbol(name, ExpressionShape(sizes.map(size)))
  }

  /// A quantity of one example as a symbol of the lines.
  package func vector(_ name: String, _ count: Int) -> Expression {
    .symbol(name, .vector(size(count)))
  }

  /// A parameter as a symbol of the lines.
  package func symbol(_ parameter: LayerParameter) -> Expression {
    .symbol(parameter.name, ExpressionShape(parameter.sizes.map(size)))
  }

  /// A size in the shapes of the lines. That of 1 is a declared one, so that a single value is a vector like several:
  /// with the number, x·W would be read as an outer product, and an entry as a number.
  package func size(_ count: Int) -> Dimension { .declared(count) }

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
    LinePasses(self, in: memory).passes
  }

  package func passes(in memory: PassMemory<Float>) -> LayerPasses<Float> {
    LinePasses(self, in: memory).passes
  }
}
