import Calculus
import MatrixEngine
import Networks
import Notation

/// A pass through a network as it happened: what an explanation tells again, line by line.
struct NetworkRun: Sendable {
  let network: NetworkState
  let forward: ForwardPass
  /// The targets, one example a row; nil for a forward pass alone.
  var targets: Matrix<Double>?
  var gradients: Gradients?

  var examples: Int { forward.a[0].rows }
  var layers: Int { network.layers.count }
  func units(_ layer: Int) -> Int { forward.a[layer].columns }
}

/// The part of a run that is explained: `layer = 2, neuron = 1, example = 3`.
struct NetworkChoice {
  var layer: Int?
  var neuron: Int?
  var example: Int?

  var isEmpty: Bool { layer == nil && neuron == nil && example == nil }

  func includes(layer: Int) -> Bool { self.layer == nil || self.layer == layer }
  func includes(neuron: Int) -> Bool { self.neuron == nil || self.neuron == neuron }
}

/// The quantities of a run, as both documents name them; with several examples those of one carry its number: a₁^[1]⁽³⁾.
struct NetworkNames {
  let usesW0: Bool
  /// How many examples the run has.
  let examples: Int

  func z(_ layer: Int, _ neuron: Int, _ example: Int) -> Quantity {
    .netInput(layer: layer, neuron: neuron, example: shown(example))
  }
  /// An activation; of layer 0 the input x.
  func a(_ layer: Int, _ neuron: Int, _ example: Int) -> Quantity {
    .activation(layer: layer, neuron: neuron, example: shown(example))
  }
  func target(_ neuron: Int, of outputs: Int, _ example: Int) -> Quantity {
    .target(neuron: outputs == 1 ? nil : neuron, example: shown(example))
  }
  /// A weight; with input 0 a bias, in the way of `set bias`.
  func parameter(_ layer: Int, from input: Int, to neuron: Int) -> Quantity {
    .parameter(from: input, to: neuron, layer: layer, biasIsWeight: usesW0)
  }
  /// The weights to a neuron, or those from an input, as one vector.
  func weights(_ layer: Int, to neuron: Int) -> Quantity {
    Quantity("w", index: "\(neuron)", layer: layer)
  }
  func weights(_ layer: Int, from input: Int) -> Quantity {
    Quantity("v", index: "\(input)", layer: layer)
  }
  func layer(_ letter: String, _ layer: Int, _ example: Int) -> Quantity {
    Quantity(letter, layer: layer, example: shown(example))
  }

  private func shown(_ example: Int) -> Int? { examples == 1 ? nil : example }
}
