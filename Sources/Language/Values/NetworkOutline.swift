import Display
import Networks
import Notation

/// What the tables say of a network: a record keeps it, so that a later change of the network does not
/// change an old result's words.
package struct NetworkOutline {
  package let name: String
  package let inputs: Int
  /// The sizes of an example.
  package let inputSizes: [Int]
  package let inputNames: [String]?
  package let layers: [any Layer]
  package let loss: Loss
  package let updateCount: Int

  package init(_ network: NetworkState) {
    name = network.name
    inputs = network.definition.inputs
    inputSizes = network.definition.inputSizes
    inputNames = network.definition.inputNames
    loss = network.loss
    updateCount = network.updates
    layers = network.layers
  }

  package init(_ network: Network) {
    name = network.name
    inputs = network.inputs
    inputSizes = network.inputSizes
    inputNames = network.definition.inputNames
    loss = network.loss
    updateCount = network.updates
    layers = network.layers
  }

  /// "2 updates since its definition; reset(Net) takes them back"
  package var updatesText: String {
    updateCount == 0
      ? "no updates since its definition"
      : "\(updateCount.counted("update")) since its definition; reset(\(name)) takes \(updateCount == 1 ? "it" : "them") back"
  }

  /// The title of a layer's rows: "Layer 2: 3 neurons, sigmoid".
  package func title(layer number: Int) -> SymbolText {
    .words("Layer \(number): ") + caption(layer: number)
  }

  /// "3 neurons, sigmoid", behind the layer's own name.
  package func caption(layer number: Int) -> SymbolText {
    let layer = layers[number - 1]
    return .words("\(layer.name.map { "\($0), " } ?? "")\(layer.title)")
  }

  /// Which parameters updates leave as they are, and which are averages.
  package var notesOnKept: [TableNote] {
    func note(_ words: String, _ isNamed: (LayerParameter) -> Bool) -> [TableNote] {
      let names = layers.enumerated().flatMap { index, layer in
        layer.parameters.filter(isNamed).map {
          [NetworkSymbol.parameter($0.name, isMatrix: $0.sizes.count > 1, index + 1)]
        }
      }
      guard !names.isEmpty else { return [] }
      return [TableNote(.words(words) + .sequence(Array(names.joined(separator: [", "]))))]
    }
    return note("frozen, so kept: ") { $0.isFrozen && !$0.isAverage }
      + note("averages, which no gradient moves: ", \.isAverage)
  }

  /// Whether the neuron view stays readable: few neurons, few inputs each.
  var isSmall: Bool {
    layers.reduce(0) { $0 + $1.outputs } <= 12
      && layers.allSatisfy { layer in
        layer.inputs <= 6 && layer.inputSizes.count == 1 && layer.outputSizes.count == 1
          && layer.lines.count <= 6
      }
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
    .quantity(Quantity(quantity, index: "\(neuron)", layer: layer))
  }

  /// The name of an entry of a parameter: a weight's, a bias's in the way of the `bias` setting, else the
  /// parameter's with its indices.
  package static func parameter(_ place: ParameterPlace, _ settings: Settings) -> SymbolText {
    .quantity(place.quantity(biasIsWeight: settings.bias == .w0))
  }

  /// A quantity of a layer for all examples: Z^[2]; one of a layer's own name keeps it.
  package static func matrix(_ quantity: String, _ layer: Int) -> SymbolText {
    .quantity(Quantity(matrixName(quantity), layer: layer))
  }

  /// z is written Z where all examples are meant.
  package static func matrixName(_ quantity: String) -> String {
    quantity.count == 1 ? quantity.uppercased() : quantity
  }

  /// A parameter of a layer as a whole: W^[l], and a vector in bold as in the matrix note, **b**^[l].
  package static func parameter(_ name: String, isMatrix: Bool, _ layer: Int) -> SymbolText {
    Quantity(name, layer: layer).symbol(isBold: !isMatrix)
  }

  package static func partial(_ quantity: SymbolText) -> SymbolText {
    .partial(.variable("L"), by: quantity)
  }

  /// σ(Z^[l]), tanh(Z^[l]), ReLU(Z^[l])…
  package static func activated(_ activation: Activation, _ argument: SymbolText) -> SymbolText {
    if activation.isIdentity { return argument }
    return .sequence([.variable(activation.symbol), .enclosed(argument, .round)])
  }

  /// m × n
  package static func dimensions(_ rows: Int, _ columns: Int) -> SymbolText {
    .words("\(rows) × \(columns)")
  }
}

extension ParameterPlace {
  /// What the entry is called: w₁₃^[2], b₁^[2] or w₀₁^[2], γ₁^[2].
  package func quantity(biasIsWeight: Bool) -> Quantity {
    if let indexText { return Quantity(parameter, index: indexText, layer: layer) }
    guard let neuron else { return .sharedBias(layer: layer, biasIsWeight: biasIsWeight) }
    guard naming == .plain else {
      return .parameter(
        from: input ?? 0, to: neuron, layer: layer, biasIsWeight: biasIsWeight)
    }
    let index = input.map { "\($0),\(neuron)" } ?? "\(neuron)"
    return Quantity(parameter, index: index, layer: layer)
  }
}
