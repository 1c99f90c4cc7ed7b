import Calculus
import Language
import MatrixEngine
import Networks
import Notation

/// What a penalty adds to the loss and its gradients, behind those of the data: J = L + R, ∂J/∂w = ∂L/∂w + λw.
struct PenaltyDerivation {
  private let network: NetworkState
  private let gradients: Gradients
  private let choice: NetworkChoice
  private let usesW0: Bool
  /// Whether single weights are told, or matrices.
  private let isByNeuron: Bool
  private var writer: LineWriter

  init(
    _ network: NetworkState, _ gradients: Gradients, _ choice: NetworkChoice, usesW0: Bool,
    isByNeuron: Bool, round: (@Sendable (Double) -> Double)?
  ) {
    self.network = network
    self.gradients = gradients
    self.choice = choice
    self.usesW0 = usesW0
    self.isByNeuron = isByNeuron
    writer = LineWriter(Derivation.Numbers(gradients.penalty.values, round: round))
  }

  var lines: [Derivation.Line] { writer.lines }

  /// Throws: as the formulas' values.
  mutating func addLoss() throws(CalculusError) {
    let penalty = gradients.penalty
    guard !penalty.isNone else { return }
    let step = Derivation.Step("with the penalty")
    var terms: [Expression] = []
    for weight in weights {
      writer.values[weight.name] = weight.value
      terms += penalty.shares(of: weight.symbol)
    }
    guard !terms.isEmpty else { return }
    let data = gradients.withoutPenalty.loss
    writer.values["L"] = .scalar(data)
    try writer.append(
      step, Symbol("R"), last: terms.count == 1 ? terms[0] : .add(terms),
      reason: "over the weights, not the biases", known: .scalar(gradients.loss - data))
    try writer.append(
      step, Symbol(Penalty.total), last: .symbol("L") + .symbol("R"),
      known: .scalar(gradients.loss))
  }

  /// Throws: as the formulas' values.
  mutating func addBackward() throws(CalculusError) {
    let penalty = gradients.penalty
    guard !penalty.isNone else { return }
    let data = gradients.withoutPenalty
    for weight in weights {
      writer.values[weight.name] = weight.value
      writer.values[weight.name.derivative()] = weight.part(of: data)
      try writer.append(
        Derivation.Step("with the penalty, layer \(weight.layer)"),
        Symbol(weight.name.derivative(of: Penalty.total), weight.shape),
        last: .add(
          [.symbol(weight.name.derivative(), weight.shape)] + penalty.slopes(of: weight.symbol)),
        known: weight.part(of: gradients))
    }
  }

  /// A weight that is told, or a matrix of weights.
  private struct Weight {
    let name: Quantity
    let shape: ExpressionShape
    let value: Tensor<Double>
    let layer: Int
    /// The place of its parameter in the layer, and its own in that, row by row from 0; nil of the whole matrix.
    let parameter: Int
    let offset: Int?

    var symbol: Expression { .symbol(name, shape) }

    func part(of gradients: Gradients) -> Tensor<Double> {
      let all = gradients.parameters[layer - 1][parameter].value
      return offset.map { .scalar(all.storage[$0]) } ?? all
    }
  }

  private var weights: [Weight] {
    var weights: [Weight] = []
    for (l, layer) in network.layers.enumerated() where choice.includes(layer: l + 1) {
      for (p, parameter) in layer.parameters.enumerated() where parameter.isWeight {
        let value = network.parameterValues[l][p].value
        guard isByNeuron else {
          weights.append(
            Weight(
              name: Quantity(parameter.name, layer: l + 1),
              shape: ExpressionShape(parameter.sizes.map { .number($0) }), value: value,
              layer: l + 1, parameter: p, offset: nil))
          continue
        }
        for (offset, weight) in value.storage.enumerated() {
          let place = parameter.place(offset, layer: l + 1)
          guard place.neuron.map({ choice.includes(neuron: $0) }) ?? true else { continue }
          weights.append(
            Weight(
              name: place.quantity(biasIsWeight: usesW0), shape: .scalar, value: .scalar(weight),
              layer: l + 1, parameter: p, offset: offset))
        }
      }
    }
    return weights
  }
}

extension Penalty {
  /// The loss with the penalty; L is that of the data.
  static let total = Quantity("J")

  /// The symbols of its factors: λ, or λ₂ and λ₁ where there are both.
  private func factor(_ index: String) -> Quantity {
    Quantity("λ", index: l2 != 0 && l1 != 0 ? index : nil)
  }

  /// The values of its factors.
  var values: [String: Tensor<Double>] {
    var values: [String: Tensor<Double>] = [:]
    if l2 != 0 { values[factor("2")] = .scalar(l2) }
    if l1 != 0 { values[factor("1")] = .scalar(l1) }
    return values
  }

  /// ½λΣw² and λΣ|w|, of a number or a matrix.
  func shares(of weight: Expression) -> [Expression] {
    func sum(_ part: Expression) -> Expression { weight.shape == .scalar ? part : part.sum }
    return terms(
      .symbol(factor("2")) / 2 * sum(weight.raised(to: 2)),
      .symbol(factor("1")) * sum(.function(.abs, weight)))
  }

  /// λw and λ sign w.
  func slopes(of weight: Expression) -> [Expression] {
    terms(.symbol(factor("2")) * weight, .symbol(factor("1")) * .function(.sign, weight))
  }

  private func terms(_ ofSquares: Expression, _ ofMagnitudes: Expression) -> [Expression] {
    (l2 == 0 ? [] : [ofSquares]) + (l1 == 0 ? [] : [ofMagnitudes])
  }
}
