import Calculus
import Language
import MatrixEngine
import Networks
import Notation

/// An update, weight by weight, from the last layer back: the lines of its optimizer, w − η ∂L/∂w at the simplest.
package struct UpdateDerivation {
  private let update: UpdateResult
  private let choice: NetworkChoice
  /// The only entry that is told; nil tells all.
  private let entry: ParameterChange?
  private let names: NetworkNames
  private var writer: LineWriter

  package init(
    _ update: UpdateResult, _ choice: NetworkChoice, usesW0: Bool,
    round: (@Sendable (Double) -> Double)?, only entry: ParameterChange? = nil
  ) {
    self.update = update
    self.entry = entry
    self.choice = choice
    names = NetworkNames(usesW0: usesW0, examples: 1)
    var values = ["t": Tensor<Double>.scalar(Double(update.number))]
    for coefficient in update.optimizer.coefficients {
      values[coefficient.name] = .scalar(coefficient.value)
    }
    values.merge(update.gradients.penalty.values) { $1 }
    for layer in update.old.layers.indices {
      values[update.learningRate.quantity(layer: layer + 1)] = .scalar(
        update.learningRate(layer: layer + 1))
    }
    writer = LineWriter(Derivation.Numbers(values, round: round))
  }

  package var lines: [Derivation.Line] { writer.lines }

  /// Throws: as the formulas' values.
  package mutating func add() throws(CalculusError) {
    try addBound()
    let changes = update.changes.sorted {
      $0.place.standsBefore($1.place)
    }
    for change in changes
    where entry.map { $0 == change } ?? true && choice.includes(layer: change.place.layer)
      && (change.place.neuron.map { choice.includes(neuron: $0) } ?? true)
    {
      let name = names.parameter(change.place)
      let step = Derivation.Step("update layer \(change.place.layer)")
      writer.values[name] = .scalar(change.old)
      guard !update.keeps(change.place) else {
        try writer.append(
          step, Symbol(name.after("new")), last: .symbol(name), reason: "frozen: it stays",
          known: .scalar(change.new))
        continue
      }
      try addLines(of: change, name, step, gradient: try gradient(change, name, step))
    }
    writer.values["L_old"] = .scalar(update.before)
    writer.values["L_new"] = .scalar(update.after)
    guard choice.isEmpty, entry == nil else { return }
    try writer.append(
      Derivation.Step("what it brings"), Symbol("ΔL"), last: .symbol("L_new") - .symbol("L_old"),
      reason: update.after < update.before
        ? "the loss falls" : "the loss does not fall: a smaller η would")
  }

  /// s, by which the bound of the norm multiplies all gradients.
  private mutating func addBound() throws(CalculusError) {
    guard let clip = update.clip, update.clipFactor < 1 else { return }
    writer.values["c"] = .scalar(clip)
    writer.values["G"] = .scalar(clip / update.clipFactor)
    try writer.append(
      Derivation.Step("the bound of the gradients"), Symbol("s"),
      last: .symbol("c") / .symbol("G"),
      reason: "G, the norm of all gradients together, is larger than c",
      known: .scalar(update.clipFactor))
  }

  /// What the update takes for the gradient: with the penalty's share, and bounded.
  private mutating func gradient(
    _ change: ParameterChange, _ name: Quantity, _ step: Derivation.Step
  ) throws(CalculusError) -> Expression {
    let (penalty, place) = (update.gradients.penalty, change.place)
    let whole = change.gradient / update.clipFactor
    var gradient = name.derivative()
    writer.values[gradient] = .scalar(whole)
    if !penalty.isNone,
      update.old.layers[place.layer - 1].parameter(named: place.parameter)?
        .isWeight == true
    {
      let found = update.gradients.withoutPenalty[parameter: place.parameter, place.layer]
      writer.values[gradient] = found.map { .scalar($0.value.storage[change.offset]) }
      let terms = [.symbol(gradient)] + penalty.slopes(of: .symbol(name))
      gradient = name.derivative(of: Penalty.total)
      try writer.append(
        step, Symbol(gradient), last: .add(terms),
        reason: "with the penalty", known: .scalar(whole))
    }
    return update.clipFactor < 1 ? .symbol("s") * .symbol(gradient) : .symbol(gradient)
  }

  /// The lines of the optimizer for one parameter, with what it keeps under names of its own: m₁₃^[2].
  private mutating func addLines(
    of change: ParameterChange, _ name: Quantity, _ step: Derivation.Step, gradient: Expression
  ) throws(CalculusError) {
    var map: [Symbol: Expression] = [
      Optimizer.parameter: .symbol(name), Optimizer.gradient: gradient,
      Optimizer.learningRate: .symbol(update.learningRate.quantity(layer: change.place.layer)),
    ]
    var kept = 0
    for (place, line) in update.optimizer.lines.enumerated() {
      var result = change.place.quantity(named: line.symbol)
      if line.isKept {
        writer.values[result] = .scalar(change.kept[kept])
        map[Symbol(line.symbol)] = .symbol(result)
        result = result.after("new")
        kept += 1
      } else if case .parameter(let state) = line.role {
        result = name.after(state)
      }
      try writer.append(
        step, Symbol(result), last: try line.formula.substituting(map),
        known: .scalar(change.lines[place]))
      map[Symbol(line.symbol)] = .symbol(result)
    }
  }
}

extension LearningRate {
  /// η, or where every layer has its own η^[2].
  fileprivate func quantity(layer: Int) -> Quantity {
    let name = Optimizer.learningRate.quantity
    if case .layers = self { return name.inLayer(layer) }
    return name
  }
}

extension ParameterPlace {
  /// Something that belongs to the entry: m₁₃^[2], of a bias m₀₃^[2].
  fileprivate func quantity(named base: String) -> Quantity {
    let own = quantity(biasIsWeight: true)
    return naming == .plain
      ? Quantity(base, index: own.text.prefix { $0 != "^" }.description, layer: layer)
      : own.renamed(base)
  }
}
