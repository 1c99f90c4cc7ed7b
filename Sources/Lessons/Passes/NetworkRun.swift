import Calculus
import MatrixEngine
import Networks

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

/// The names of the two documents as symbols of the calculus: z₁^[2], w₁₃^[2], ∂L/∂W^[2].
///
/// With several examples the quantities of one carry its number: a₁^[1]⁽³⁾.
struct NetworkNames {
  let usesW0: Bool
  /// How many examples the run has.
  let examples: Int

  func z(_ layer: Int, _ neuron: Int, _ example: Int) -> String {
    "z\(low(neuron))^[\(layer)]\(high(example))"
  }
  /// An activation; of layer 0 the input x.
  func a(_ layer: Int, _ neuron: Int, _ example: Int) -> String {
    layer == 0
      ? "x\(low(neuron))\(high(example))" : "a\(low(neuron))^[\(layer)]\(high(example))"
  }
  func target(_ neuron: Int, of outputs: Int, _ example: Int) -> String {
    "y\(outputs == 1 ? "" : low(neuron))\(high(example))"
  }
  /// A weight; with input 0 a bias, in the way of `set bias`.
  func parameter(_ layer: Int, from input: Int, to neuron: Int) -> String {
    if input == 0, !usesW0 { return "b\(low(neuron))^[\(layer)]" }
    let isWide = input > 9 || neuron > 9
    return "w\(low(input))\(isWide ? "," : "")\(low(neuron))^[\(layer)]"
  }
  /// The weights to a neuron, or those from an input, as one vector.
  func weights(_ layer: Int, to neuron: Int) -> String { "w\(low(neuron))^[\(layer)]" }
  func weights(_ layer: Int, from input: Int) -> String { "v\(low(input))^[\(layer)]" }
  func layer(_ letter: String, _ layer: Int, _ example: Int) -> String {
    "\(letter)^[\(layer)]\(high(example))"
  }
  func partial(_ name: String) -> String { "∂L/∂\(name)" }

  private func low(_ number: Int) -> String { ScriptDigits.low(number) }
  private func high(_ example: Int) -> String {
    examples == 1 ? "" : "⁽\(ScriptDigits.high(example))⁾"
  }
}
