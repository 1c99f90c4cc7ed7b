import Calculus
import Language
import Networks
import Notation

/// A step of gradient descent, weight by weight: w − η ∂L/∂w, from the last layer back.
package struct UpdateDerivation {
  private let update: UpdateResult
  private let choice: NetworkChoice
  private let names: NetworkNames
  private var writer: LineWriter

  package init(
    _ update: UpdateResult, _ choice: NetworkChoice, usesW0: Bool,
    round: (@Sendable (Double) -> Double)?
  ) {
    self.update = update
    self.choice = choice
    names = NetworkNames(usesW0: usesW0, examples: 1)
    writer = LineWriter(
      Derivation.Numbers(["η": .scalar(update.learningRate)], round: round))
  }

  package var lines: [Derivation.Line] { writer.lines }

  /// Throws: as the formulas' values.
  package mutating func add() throws(CalculusError) {
    let changes = update.changes.sorted {
      $0.place.standsBefore($1.place)
    }
    for change in changes
    where choice.includes(layer: change.place.layer)
      && (change.place.neuron.map { choice.includes(neuron: $0) } ?? true)
    {
      let name = names.parameter(change.place)
      let gradient = name.derivative()
      writer.values[name] = .scalar(change.old)
      writer.values[gradient] = .scalar(change.gradient)
      try writer.append(
        Derivation.Step("update layer \(change.place.layer)"), Symbol(name.after("new")),
        last: update.keeps(change.place)
          ? .symbol(name) : .symbol(name) - .symbol("η") * .symbol(gradient),
        reason: update.keeps(change.place) ? "frozen: it stays" : "", known: .scalar(change.new))
    }
    writer.values["L_old"] = .scalar(update.before)
    writer.values["L_new"] = .scalar(update.after)
    guard choice.isEmpty else { return }
    try writer.append(
      Derivation.Step("what it brings"), Symbol("ΔL"), last: .symbol("L_new") - .symbol("L_old"),
      reason: update.after < update.before
        ? "the loss falls" : "the loss does not fall: a smaller η would")
  }
}
