import Calculus
import Language
import MatrixEngine
import Networks

/// A pass through a network as it happened: what an explanation tells again, line by line.
package struct NetworkRun: Sendable {
  package let network: NetworkState
  package let forward: Trace
  /// The targets, one example a row; nil for a forward pass alone.
  package var targets: Matrix<Double>?
  package var gradients: Gradients?

  package var examples: Int { forward.examples }
  package var layers: Int { network.layers.count }
  /// The net inputs of a dense layer.
  func netInput(_ layer: Int) -> Matrix<Double> {
    forward["z", layer] ?? forward.output(of: layer)
  }

  /// A parameter of a layer, a vector as one row; no numbers where it has none of the name.
  func parameter(_ name: String, _ layer: Int) -> Matrix<Double> {
    network.parameterValues[layer - 1].first { $0.parameter == name }?.matrix ?? .row([])
  }

  package func layer(_ number: Int) -> any Layer { network.layers[number - 1] }
  /// How many values a layer gives, from 1; of layer 0 the inputs.
  package func units(_ layer: Int) -> Int { forward.output(of: layer).columns }
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

/// The names of the two documents as symbols of the calculus: z₁^[2], w₁₃^[2], ∂L/∂W^[2].
///
/// With several examples the quantities of one carry its number: a₁^[1]⁽³⁾.
package struct NetworkNames {
  let usesW0: Bool
  /// How many examples the run has.
  package let examples: Int

  package func z(_ layer: Int, _ neuron: Int, _ example: Int) -> String {
    "z\(low(neuron))^[\(layer)]\(high(example))"
  }
  /// An activation; of layer 0 the input x.
  package func a(_ layer: Int, _ neuron: Int, _ example: Int) -> String {
    layer == 0
      ? "x\(low(neuron))\(high(example))" : "a\(low(neuron))^[\(layer)]\(high(example))"
  }
  package func target(_ neuron: Int, of outputs: Int, _ example: Int) -> String {
    "y\(outputs == 1 ? "" : low(neuron))\(high(example))"
  }
  /// A weight; with input 0 a bias, in the way of `set bias`.
  package func parameter(_ place: ParameterPlace) -> String {
    place.naming == .plain
      ? "\(place.parameter)\(place.input.map { "\(low($0))," } ?? "")\(low(place.neuron))^[\(place.layer)]"
      : parameter(place.layer, from: place.input ?? 0, to: place.neuron)
  }
  /// A weight of a dense layer; with input 0 its bias.
  package func parameter(_ layer: Int, from input: Int, to neuron: Int) -> String {
    if input == 0, !usesW0 { return "b\(low(neuron))^[\(layer)]" }
    let isWide = input > 9 || neuron > 9
    return "w\(low(input))\(isWide ? "," : "")\(low(neuron))^[\(layer)]"
  }
  /// The weights to a neuron, or those from an input, as one vector.
  package func weights(_ layer: Int, to neuron: Int) -> String { "w\(low(neuron))^[\(layer)]" }
  package func weights(_ layer: Int, from input: Int) -> String { "v\(low(input))^[\(layer)]" }
  package func layer(_ letter: String, _ layer: Int, _ example: Int) -> String {
    "\(letter)^[\(layer)]\(high(example))"
  }
  package func partial(_ name: String) -> String { "∂L/∂\(name)" }

  private func low(_ number: Int) -> String { ScriptDigits.low(number) }
  private func high(_ example: Int) -> String {
    examples == 1 ? "" : "⁽\(ScriptDigits.high(example))⁾"
  }
}
