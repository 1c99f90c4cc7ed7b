import Calculus
import MatrixEngine
import Networks
import Notation

/// From single neurons to the vectors of a layer that is told by its lines, and back: rounded numbers are carried on.
extension NeuronDerivation {
  /// What the neurons of a layer give, or ∂L by it, as one vector; nothing where entries have no value.
  mutating func joinEntries(of layer: Int, isGradient: Bool = false) {
    guard writer.rounds else { return }
    var entries: [Double] = []
    for neuron in 1...run.units(layer) {
      guard let value = writer.values[entry(layer, neuron, isGradient)] else { return }
      entries += value.storage
    }
    writer.values[vector(layer, isGradient)] = .vector(entries)
  }

  /// The entries of such a vector as values of the neurons.
  mutating func splitEntries(of layer: Int, isGradient: Bool = false) {
    guard writer.rounds, let entries = writer.values[vector(layer, isGradient)]?.storage,
      entries.count == run.units(layer)
    else { return }
    for (place, value) in entries.enumerated() {
      writer.values[entry(layer, place + 1, isGradient)] = .scalar(value)
    }
  }

  private func entry(_ layer: Int, _ neuron: Int, _ isGradient: Bool) -> Quantity {
    let name = names.a(layer, neuron, example)
    return isGradient ? name.derivative() : name
  }

  private func vector(_ layer: Int, _ isGradient: Bool) -> Quantity {
    isGradient ? run.passedName(layer).derivative() : run.passedName(layer)
  }
}
