import Calculus
import Language
import MatrixEngine
import Networks
import Notation

/// The perceptron rule, example by example: net input, output, error, new weights.
package struct PerceptronDerivation {
  private let history: PerceptronHistory
  private let x: Matrix<Double>
  private let start: (weights: [Double], bias: Double?)
  private let choice: NetworkChoice
  private let biasName: Quantity
  private var writer: LineWriter

  /// Presentations beyond these are folded.
  private static let mostRows = 12

  package init(
    _ history: PerceptronHistory, _ x: Matrix<Double>,
    from start: (weights: [Double], bias: Double?),
    _ choice: NetworkChoice, usesW0: Bool, round: (@Sendable (Double) -> Double)?
  ) {
    biasName = usesW0 ? Quantity("w", index: "0") : Quantity("b")
    self.history = history
    self.x = x
    self.start = start
    self.choice = choice
    writer = LineWriter(
      Derivation.Numbers(["η": .scalar(history.learningRate)], round: round))
  }

  package var lines: [Derivation.Line] { writer.lines }

  /// What is left out, in words; nil when nothing is.
  package var folded: String? {
    let count = told.count
    guard choice.example == nil, history.rows.count > count else { return nil }
    return
      "\(history.rows.count - count) more presentations are folded; example = … takes one, and the history's table has all"
  }

  private var told: [PerceptronHistory.Row] {
    let rows = history.rows.filter { choice.example == nil || $0.example == choice.example }
    return Array(rows.prefix(Self.mostRows))
  }

  /// Throws: as the formulas' values.
  package mutating func add(_ activation: Activation) throws(CalculusError) {
    let told = Set(told.map { "\($0.epoch).\($0.example)" })
    var (weights, bias) = start
    for row in history.rows {
      if told.contains("\(row.epoch).\(row.example)") { try add(row, weights, bias, activation) }
      (weights, bias) = (row.weights, row.bias)
    }
  }

  private mutating func add(
    _ row: PerceptronHistory.Row, _ weights: [Double], _ bias: Double?, _ activation: Activation
  ) throws(CalculusError) {
    let step = Derivation.Step("epoch \(row.epoch), example \(row.example)")
    writer.values[biasName] = bias.map { .scalar($0) }
    writer.values["t"] = .scalar(row.target)
    var terms: [Expression] = bias == nil ? [] : [.symbol(biasName)]
    for (index, weight) in weights.enumerated() {
      let (w, input) = (Self.weight(index), Self.input(index))
      writer.values[w] = .scalar(weight)
      writer.values[input] = .scalar(x[row.example - 1, index])
      terms.append(.symbol(w) * .symbol(input))
    }
    try writer.append(
      step, Symbol("z"), last: terms.count == 1 ? terms[0] : try .add(terms),
      reason: row.isTie ? "on the threshold, but for rounding" : "", known: .scalar(row.z))
    try writer.append(
      step, Symbol("o"),
      last: try activation.expression(.symbol("z")),
      reason: activation.threshold.map { .words("z \($0.relation(row.output))") } ?? "",
      known: .scalar(row.output))
    try writer.append(
      step, Symbol("e"), last: .symbol("t") - .symbol("o"),
      reason: row.error == 0 ? "right: nothing changes" : "wrong", known: .scalar(row.error))
    guard row.error != 0 else { return }
    for (index, weight) in row.weights.enumerated() {
      let name = Self.weight(index)
      try writer.append(
        step, Symbol(name.after("new")),
        last: .symbol(name) + .symbol("η") * .symbol("e") * .symbol(Self.input(index)),
        known: .scalar(weight))
    }
    guard let bias = row.bias else { return }
    try writer.append(
      step, Symbol(biasName.after("new")), last: .symbol(biasName) + .symbol("η") * .symbol("e"),
      known: .scalar(bias))
  }
  private static func weight(_ index: Int) -> Quantity { Quantity("w", index: "\(index + 1)") }
  private static func input(_ index: Int) -> Quantity { Quantity("x", index: "\(index + 1)") }
}

extension Threshold {
  /// How z stands to the threshold where an output was given: "≥ 0.2".
  fileprivate func relation(_ output: Double) -> String {
    let sign = output == high ? (isStrict ? ">" : "≥") : (isStrict ? "≤" : "<")
    return "\(sign) \(Number(value).text)"
  }
}
