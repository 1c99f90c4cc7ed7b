import Calculus
import Language
import MatrixEngine
import Networks
import Notation

/// A pass through a network as it happened: what an explanation tells again, line by line.
package struct NetworkRun: Sendable {
  package let network: NetworkState
  package let forward: ForwardPass
  /// The targets, one example a row; nil for a forward pass alone.
  package var targets: Matrix<Double>?
  package var gradients: Gradients?

  package var examples: Int { forward.a[0].rows }
  package var layers: Int { network.layers.count }
  package func units(_ layer: Int) -> Int { forward.a[layer].columns }
}

/// The part of a run that is explained: `layer = 2, neuron = 1, example = 3`.
package struct NetworkChoice {
  package var layer: Int?
  package var neuron: Int?
  package var example: Int?

  package var isEmpty: Bool { layer == nil && neuron == nil && example == nil }

  func includes(layer: Int) -> Bool { self.layer == nil || self.layer == layer }
  func includes(neuron: Int) -> Bool { self.neuron == nil || self.neuron == neuron }
}

/// The quantities of a run, as both documents name them; with several examples those of one carry its number: a₁^[1]⁽³⁾.
package struct NetworkNames {
  let usesW0: Bool
  /// How many examples the run has.
  package let examples: Int

  package func z(_ layer: Int, _ neuron: Int, _ example: Int) -> Quantity {
    .netInput(layer: layer, neuron: neuron, example: shown(example))
  }
  /// An activation; of layer 0 the input x.
  package func a(_ layer: Int, _ neuron: Int, _ example: Int) -> Quantity {
    .activation(layer: layer, neuron: neuron, example: shown(example))
  }
  package func target(_ neuron: Int, of outputs: Int, _ example: Int) -> Quantity {
    .target(neuron: outputs == 1 ? nil : neuron, example: shown(example))
  }
  /// A weight; with input 0 a bias, in the way of `set bias`.
  package func parameter(_ layer: Int, from input: Int, to neuron: Int) -> Quantity {
    .parameter(from: input, to: neuron, layer: layer, biasIsWeight: usesW0)
  }
  /// The weights to a neuron, or those from an input, as one vector.
  package func weights(_ layer: Int, to neuron: Int) -> Quantity {
    Quantity("w", index: "\(neuron)", layer: layer)
  }
  package func weights(_ layer: Int, from input: Int) -> Quantity {
    Quantity("v", index: "\(input)", layer: layer)
  }
  package func layer(_ letter: String, _ layer: Int, _ example: Int) -> Quantity {
    Quantity(letter, layer: layer, example: shown(example))
  }

  private func shown(_ example: Int) -> Int? { examples == 1 ? nil : example }
}
