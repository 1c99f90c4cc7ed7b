import Calculus
import Language
import MatrixEngine
import Networks
import Notation

/// A run of a network whose quantities are arrays, or are added to others on the way, or whose lines have no form for
/// all examples at once: told by the lines of its layers, for one example.
struct ExampleDerivation {
  private let run: NetworkRun
  private let choice: NetworkChoice
  /// The example that is told, from 1.
  private let example: Int
  var writer: LineWriter

  init(_ run: NetworkRun, _ choice: NetworkChoice, round: (@Sendable (Double) -> Double)?) {
    self.run = run
    self.choice = choice
    example = choice.example ?? 1
    writer = LineWriter(Derivation.Numbers([:], round: round))
  }

  var lines: [Derivation.Line] { writer.lines }

  // MARK: - Forward

  /// Throws: as the formulas' values.
  mutating func addForward() throws(CalculusError) {
    for layer in 1...run.layers {
      if choice.includes(layer: layer) {
        try LineDerivation(run, layer, choice, isAlone: true).addForward(to: &writer)
      }
      try addSum(behind: layer)
    }
  }

  /// s = a + what went in, where residuals end.
  private mutating func addSum(behind layer: Int) throws(CalculusError) {
    guard run.isSum(layer) else { return }
    let sizes = run.passedOn(layer).sizes
    var terms = [symbol(Quantity(Trace.output, layer: layer), sizes)]
    writer.values[Quantity(Trace.output, layer: layer)] =
      writer.values[Quantity(Trace.output, layer: layer)]
      ?? run.forward.quantity(Trace.output, layer: layer).map { numbers($0) }
    for residual in run.residuals where residual.upperBound == layer {
      let first = residual.lowerBound - 1
      writer.values[run.passedName(first)] =
        writer.values[run.passedName(first)] ?? numbers(run.passedOn(first))
      terms.append(symbol(run.passedName(first), sizes))
    }
    guard choice.includes(layer: layer) else {
      writer.values[run.passedName(layer)] = numbers(run.passedOn(layer))
      return
    }
    try append(
      Derivation.Step("behind layer \(layer)"), run.passedName(layer), .add(terms),
      numbers(run.passedOn(layer)), reason: "what went in is added")
  }

  // MARK: - Loss

  /// Throws: as the formulas' values.
  mutating func addLoss() throws(CalculusError) {
    guard let operands = noteOutputs() else { return }
    let loss = run.network.loss
    let part = try entries(loss.part, operands)
    let sum = part.shape == .scalar ? part : part.sum
    let isMean = run.examples > 1
    let formula =
      loss.isPerEntry && run.divisor > run.examples
      ? try .divide(sum, .number(run.divisor / run.examples)) : sum
    try writer.append(
      Derivation.Step("loss: \(loss.title)"),
      Symbol(Quantity("L", example: isMean ? example : nil)), last: formula,
      reason: isMean
        ? .words("of example \(example); the loss is the mean over all \(run.examples)") : "",
      known: isMean ? nil : run.gradients.map { .scalar($0.loss) })
    if isMean { try addMean(of: formula) }
  }

  /// More losses than these are not written side by side.
  private static let mostLosses = 6

  /// The mean of the examples' losses, of which each is the formula's value there.
  private mutating func addMean(of formula: Expression) throws(CalculusError) {
    guard run.examples <= Self.mostLosses, let y = run.targets else { return }
    let output = run.passedOn(run.layers)
    var terms: [Expression] = []
    for number in 1...run.examples {
      let name = Quantity("L", example: number)
      if number != example {
        var values: [String: Tensor<Double>] = [:]
        values[run.passedName(run.layers)] = Tensor(
          Shape(output.sizes), output.values.row(number - 1))
        values[Quantity("y")] = Tensor(Shape(output.sizes), y.row(number - 1))
        writer.values[name] = try formula.value(at: values)
      }
      terms.append(.symbol(name, .scalar))
    }
    try writer.append(
      Derivation.Step("loss: \(run.network.loss.title)"), Symbol(Quantity("L")),
      last: .divide(.add(terms), .number(run.examples)), reason: "the mean",
      known: run.gradients.map { .scalar($0.loss) })
  }

  /// A formula of a and y for the outputs of the example: entry by entry, or row by row.
  private func entries(_ formula: Expression, _ operands: (a: Expression, y: Expression))
    throws(CalculusError) -> Expression
  {
    if run.network.loss.isElementwise {
      let mapped = try formula.mappedByCases([
        Symbol("a"): operands.a, Symbol("y"): operands.y,
      ])
      guard mapped.shape == .scalar, operands.a.shape != .scalar else { return mapped }
      return .fill(mapped.number ?? .one, operands.a.shape)
    }
    let all = ExpressionShape.vector(.name("k"))
    let map = [Symbol("a", all): operands.a, Symbol("y", all): operands.y]
    return operands.a.shape.dimensions.count == 1
      ? try formula.fitting(map) : try formula.byRows(map)
  }

  /// What comes out and its targets, with their values; nil where there are none.
  private mutating func noteOutputs() -> (a: Expression, y: Expression)? {
    guard let y = run.targets else { return nil }
    let output = run.passedOn(run.layers)
    let name = run.passedName(run.layers)
    writer.values[name] = writer.values[name] ?? numbers(output)
    writer.values[Quantity("y")] = Tensor(Shape(output.sizes), y.row(example - 1))
    return (symbol(name, output.sizes), symbol(Quantity("y"), output.sizes))
  }

  // MARK: - Backward

  /// From the last layer back.
  ///
  /// Throws: as the formulas' values.
  mutating func addBackward() throws(CalculusError) {
    guard let gradients = run.gradients, let operands = noteOutputs() else { return }
    let last = run.layers
    let loss = run.network.loss
    if choice.includes(layer: last) {
      let slope = try entries(
        loss.isElementwise
          ? loss.part.derivative(by: Symbol("a")).expression : loss.slope ?? .number(.nan), operands
      )
      try append(
        Derivation.Step("the loss by the outputs"), run.passedName(last).derivative(),
        run.divisor == 1 ? slope : .divide(slope, .number(run.divisor)),
        Tensor(Shape(run.passedOn(last).sizes), gradients.trace.output.row(example - 1)),
        reason: run.examples == 1
          ? "" : .words("the loss is a mean over \(run.examples) examples"))
    }
    for layer in stride(from: last, through: 1, by: -1) {
      try addSumGradient(behind: layer, gradients)
      guard choice.includes(layer: layer) else { continue }
      try LineDerivation(run, layer, choice, isAlone: true).addBackward(to: &writer)
    }
  }

  /// A sum hands its gradient to everything that is added.
  private mutating func addSumGradient(behind layer: Int, _ gradients: Gradients)
    throws(CalculusError)
  {
    guard run.isSum(layer), let known = gradients.trace.quantity(Trace.output, layer: layer) else {
      return
    }
    let name = run.passedName(layer).derivative()
    writer.values[name] = writer.values[name] ?? numbers(known)
    guard choice.includes(layer: layer) else { return }
    try append(
      Derivation.Step("back to layer \(layer)"), Quantity(Trace.output, layer: layer).derivative(),
      symbol(name, known.sizes), numbers(known),
      reason: "a sum hands its gradient to everything that is added")
  }

  // MARK: - Parts

  private func symbol(_ name: Quantity, _ sizes: [Int]) -> Expression {
    .symbol(name, ExpressionShape(sizes.map { .declared($0) }))
  }

  private func numbers(_ quantity: Trace.Quantity) -> Tensor<Double> {
    Tensor(
      Shape(quantity.sizes), quantity.values.row(quantity.values.rows > 1 ? example - 1 : 0))
  }

  private mutating func append(
    _ step: Derivation.Step, _ name: Quantity, _ formula: Expression, _ value: Tensor<Double>,
    reason: SymbolText
  ) throws(CalculusError) {
    try writer.append(
      step, Symbol(name, formula.shape), last: formula, reason: reason,
      dimensions: value.sizes.count < 2 ? "" : value.sizes.map(String.init).joined(separator: "×"),
      known: value)
  }
}
