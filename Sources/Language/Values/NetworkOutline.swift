import Display
import Networks

/// What the tables say of a network: a record keeps it, so that a later change of the network does not
/// change an old result's words.
package struct NetworkOutline {
  package struct Layer {
    package var units: Int
    package var inputs: Int
    package var activation: String
    /// Whether each output depends on its own net input alone.
    package var isElementwise: Bool
    package var name: String?
  }

  package var name: String
  package var inputs: Int
  package var inputNames: [String]?
  package var layers: [Layer]
  package var loss: String
  package var updateCount: Int

  package init(_ network: Network) {
    name = network.name
    inputs = network.inputs
    inputNames = network.definition.inputNames
    loss = network.loss.name
    updateCount = network.updates
    layers = network.layers.map { layer in
      Layer(
        units: layer.units, inputs: layer.inputs, activation: layer.activation.notation,
        isElementwise: layer.activation.isElementwise, name: layer.name)
    }
  }

  /// "2 updates since its definition; reset(Net) takes them back"
  package var updatesText: String {
    updateCount == 0
      ? "no updates since its definition"
      : "\(updateCount) update\(updateCount == 1 ? "" : "s") since its definition; reset(\(name)) takes \(updateCount == 1 ? "it" : "them") back"
  }

  /// The title of a layer's rows: "Layer 2: 3 neurons, sigmoid".
  package func title(layer: Int) -> SymbolText {
    let layer = layers[layer - 1]
    let neurons = "\(layer.units) neuron\(layer.units == 1 ? "" : "s")"
    return .words(
      "\(layer.name.map { "\($0), " } ?? "")\(neurons), \(layer.activation)")
  }

  /// Whether the neuron view stays readable: few neurons, few inputs each.
  var isSmall: Bool {
    layers.reduce(0) { $0 + $1.units } <= 12 && layers.allSatisfy { $0.inputs <= 6 }
  }

  /// Which view a record of `examples` examples is shown in.
  package func showsNeurons(_ settings: Settings, examples: Int) -> Bool {
    switch settings.view {
    case .neuron: true
    case .matrix: false
    case .auto: examples == 1 && isSmall
    }
  }
}

/// The symbols of the two documents: z₁^[2], w₁₃^[2], ∂L/∂W^[2], Z^[2].
package enum NetworkSymbol {
  package static func neuron(_ quantity: String, _ layer: Int, _ neuron: Int) -> SymbolText {
    .layered(quantity, layer, subscript: "\(neuron)")
  }

  /// The name of a weight, or with input 0 of a bias, in the way of the `bias` setting.
  package static func parameter(_ layer: Int, input: Int, neuron: Int, _ settings: Settings)
    -> SymbolText
  {
    if input > 0 { return .weight(from: input, to: neuron, layer: layer) }
    return switch settings.bias {
    case .b: .layered("b", layer, subscript: "\(neuron)")
    case .w0: .weight(from: 0, to: neuron, layer: layer)
    }
  }

  package static func matrix(_ quantity: String, _ layer: Int) -> SymbolText {
    .layered(quantity, layer)
  }

  /// The bias row of a layer: **b**^[l], in bold as in the matrix note.
  package static func bias(_ layer: Int) -> SymbolText {
    .scripted(.bold(.variable("b")), subscript: nil, superscript: .layer(layer))
  }

  package static func partial(_ quantity: SymbolText) -> SymbolText {
    .partial(.variable("L"), by: quantity)
  }

  /// σ(Z^[l]), tanh(Z^[l]), ReLU(Z^[l])…
  package static func activated(_ activation: String, _ argument: SymbolText) -> SymbolText {
    let names = ["sigmoid": "σ", "relu": "ReLU", "leaky_relu": "LeakyReLU", "unit_step": "g"]
    let base = String(activation.prefix { $0 != "(" })
    if base == "identity" { return argument }
    return .sequence([.variable(names[base] ?? base), .enclosed(argument, .round)])
  }

  /// h′(Z^[l]): the derivative of the layer's activation.
  package static func slope(_ layer: Int) -> SymbolText {
    .sequence([.primed(.variable("h"), count: 1), .enclosed(matrix("Z", layer), .round)])
  }

  /// m × n
  package static func dimensions(_ rows: Int, _ columns: Int) -> SymbolText {
    .words("\(rows) × \(columns)")
  }
}
