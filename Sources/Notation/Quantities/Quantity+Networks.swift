/// The quantities of a network, as both documents write them: neurons from 1, layers from 1 and 0 for the inputs.
extension Quantity {
  /// z₁^[2]: what a neuron sums up.
  package static func netInput(layer: Int, neuron: Int, example: Int? = nil) -> Quantity {
    Quantity("z", index: "\(neuron)", layer: layer, example: example)
  }

  /// a₁^[2]: what a neuron gives; of layer 0 the input x₁.
  package static func activation(layer: Int, neuron: Int, example: Int? = nil) -> Quantity {
    layer == 0
      ? Quantity("x", index: "\(neuron)", example: example)
      : Quantity("a", index: "\(neuron)", layer: layer, example: example)
  }

  /// y, or y₁ where a network has several outputs.
  package static func target(neuron: Int?, example: Int? = nil) -> Quantity {
    Quantity("y", index: neuron.map(String.init), example: example)
  }

  /// w₁₃^[2]: from an input, or 0, to a neuron; w₁₀,₂^[2] where one of them has two digits.
  package static func weight(from input: Int, to neuron: Int, layer: Int) -> Quantity {
    let separator = input > 9 || neuron > 9 ? "," : ""
    return Quantity("w", index: "\(input)\(separator)\(neuron)", layer: layer)
  }

  /// A weight, or with input 0 a bias: b₁^[2], or w₀₁^[2] where biases are weights from an input of 1.
  package static func parameter(
    from input: Int, to neuron: Int, layer: Int, biasIsWeight: Bool
  ) -> Quantity {
    input == 0 && !biasIsWeight
      ? Quantity("b", index: "\(neuron)", layer: layer)
      : weight(from: input, to: neuron, layer: layer)
  }

  /// Another letter with the indices of this quantity: m₁₃^[2] beside w₁₃^[2].
  package func renamed(_ base: String) -> Quantity {
    let parts = parts
    return Quantity(
      base, index: parts.indices.isEmpty ? nil : parts.indices.joined(separator: ","),
      layer: parts.layer, example: parts.example)
  }

  /// b^[2], the one bias of all neurons of a layer; or w₀^[2].
  package static func sharedBias(layer: Int, biasIsWeight: Bool) -> Quantity {
    biasIsWeight ? Quantity("w", index: "0", layer: layer) : Quantity("b", layer: layer)
  }
}
