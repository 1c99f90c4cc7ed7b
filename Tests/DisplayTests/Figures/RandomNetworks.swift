import Display
import MatrixEngine
import Notation

/// Networks as no lecture would have them: random sizes, numbers from tiny to huge, long names.
struct RandomNetworks: RandomNumberGenerator {
  enum Kind: CaseIterable { case shape, forward, backward, update }

  private var state: UInt64

  init(seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 }

  /// Source: SplitMix64, Steele, Lea and Flood (2014).
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  private mutating func chance(_ part: Double) -> Bool {
    Double.random(in: 0..<1, using: &self) < part
  }

  /// Mostly of a size as weights are, some of them whole, zero, tiny or huge.
  private mutating func number() -> Double {
    let sign = chance(0.5) ? 1.0 : -1
    if chance(0.05) { return 0 }
    if chance(0.1) { return sign * Double(Int.random(in: 1...1000, using: &self)) }
    if chance(0.1) { return sign * 1.23456789e-9 * Double.random(in: 1...1000, using: &self) }
    if chance(0.05) { return sign * 9.87654e8 * Double.random(in: 1...1000, using: &self) }
    return sign * Double.random(in: 0..<3, using: &self)
  }

  private mutating func parameters(_ rows: Int, _ columns: Int, hasBias: Bool)
    -> NetworkDiagram.Parameters
  {
    .init(
      weights: Matrix(
        rows: rows, columns: columns, storage: (0..<(rows * columns)).map { _ in number() }),
      bias: hasBias ? (0..<columns).map { _ in number() } : nil)
  }

  private mutating func size() -> Int {
    chance(0.08)
      ? Int.random(in: 9...80, using: &self)
      : chance(0.3) ? Int.random(in: 4...8, using: &self) : Int.random(in: 1...4, using: &self)
  }

  mutating func diagram(_ kind: Kind) throws -> NetworkDiagram {
    let sizes = (0..<Int.random(in: 2...5, using: &self)).map { _ in size() }
    let captions = [
      "sigmoid", "relu", "leaky_relu(0.25)", "unit_step(0.5), strict", "a_user's_own_f",
    ]
    let inputs = [
      "petal length (cm)", "x", "Außentemperatur", "bias", "a very long name of an input",
    ]
    let hasOwnNames = chance(0.3)
    let layers = sizes.enumerated().map { index, count in
      let nodes = (0..<count).map { neuron -> NetworkDiagram.Node in
        let name: SymbolText =
          index == 0 && hasOwnNames
          ? .words(inputs.randomElement(using: &self) ?? "x")
          : .quantity(.activation(layer: index, neuron: neuron + 1))
        let values: [NetworkDiagram.Value] =
          kind == .shape || kind == .update
          ? []
          : index == 0 ? [.init(name, number())] : [.init("z", number()), .init("a", number())]
        return .init(
          name, values: values, gradient: kind == .backward && index > 0 ? number() : nil)
      }
      let caption = captions.randomElement(using: &self) ?? ""
      let isStep = caption.hasPrefix("unit")
      return NetworkDiagram.Layer(
        index == 0 ? "Input" : .words("Layer \(index)"),
        caption: .words("\(count) neurons, \(caption)"), nodes: nodes,
        curve: index > 0
          ? .init(values: (0..<20).map { Double($0 / 10) }, isStep: isStep) : nil)
    }
    let connections = zip(sizes, sizes.dropFirst()).map { rows, columns in
      let hasBias = chance(0.8)
      return NetworkDiagram.Connection(
        parameters(rows, columns, hasBias: hasBias),
        gradients: kind == .backward ? parameters(rows, columns, hasBias: hasBias) : nil,
        new: kind == .update ? parameters(rows, columns, hasBias: hasBias) : nil)
    }
    let loss: NetworkDiagram.Loss? =
      switch kind {
      case .shape, .forward: nil
      case .backward: .init("L", number(), note: "y = 1")
      case .update: .init("L", number(), newValue: number())
      }
    return try NetworkDiagram(
      title: chance(0.2)
        ? .words(String(repeating: "A title of some length, ", count: 6)) : "Random network",
      layers: layers, connections: connections, loss: loss)
  }

  /// One neuron, with as many inputs as come.
  mutating func neuron(_ kind: Kind) throws -> NeuronDiagram {
    let hasValues = kind == .forward || kind == .backward
    let names = ["petal length (cm)", "x", "Außentemperatur", "a very long name of an input"]
    let layer = Int.random(in: 1...3, using: &self)
    func parameter(_ input: Int) -> NeuronDiagram.Parameter {
      .init(
        .quantity(.parameter(from: input, to: 1, layer: layer, biasIsWeight: false)), number(),
        gradient: kind == .backward ? number() : nil, new: kind == .update ? number() : nil)
    }
    func quantity(_ name: SymbolText) -> NeuronDiagram.Quantity {
      .init(
        name, hasValues ? number() : nil, gradient: kind == .backward ? number() : nil)
    }
    let functions = ["sigmoid", "leaky_relu(0.25)", "unit_step(0.5), strict, outputs (-1, 1)"]
    let isWords = chance(0.3)
    var inputs: [NeuronDiagram.Input] = []
    for input in 1...size() {
      let name: SymbolText =
        isWords
        ? .words(names.randomElement(using: &self) ?? "x")
        : .quantity(.activation(layer: layer - 1, neuron: input))
      let value: Double? = hasValues ? number() : nil
      inputs.append(.init(.init(name, value), weight: parameter(input)))
    }
    let bias: NeuronDiagram.Parameter? = chance(0.8) ? parameter(0) : nil
    var applied: (@Sendable (SymbolText) -> SymbolText)?
    if chance(0.8) { applied = { .variable("h") + .enclosed($0, .round) } }
    return try NeuronDiagram(
      title: .words("Neuron 1 of layer \(layer) of Network"), inputs: inputs, bias: bias,
      sum: quantity(.quantity(.netInput(layer: layer, neuron: 1))),
      output: quantity(.quantity(.activation(layer: layer, neuron: 1))),
      activation: .init(
        .words(functions.randomElement(using: &self) ?? ""),
        curve: .init(values: (0..<20).map { Double($0 / 10) }, isStep: true),
        applied: applied))
  }
}
