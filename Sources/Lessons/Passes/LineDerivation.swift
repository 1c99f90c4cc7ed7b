import Calculus
import Language
import MatrixEngine
import Networks
import Notation

/// A layer that tells its part of a run in its own way, beside what follows from its lines.
protocol TellsItself: Layer {
  /// Adds the way forward, or back, of layer `number` to an explanation, neuron by neuron or in matrices.
  func tellForward(_ number: Int, in derivation: inout NeuronDerivation) throws(CalculusError)
  func tellBackward(_ number: Int, in derivation: inout NeuronDerivation) throws(CalculusError)
  func tellForward(_ number: Int, in derivation: inout MatrixDerivation) throws(CalculusError)
  func tellBackward(_ number: Int, in derivation: inout MatrixDerivation) throws(CalculusError)
}

extension DenseLayer: TellsItself {
  func tellForward(_ number: Int, in derivation: inout NeuronDerivation) throws(CalculusError) {
    try derivation.addNeurons(number, activation ?? .identity)
  }

  func tellBackward(_ number: Int, in derivation: inout NeuronDerivation) throws(CalculusError) {
    try derivation.addGradients(number, activation ?? .identity)
  }

  func tellForward(_ number: Int, in derivation: inout MatrixDerivation) throws(CalculusError) {
    try derivation.addNeurons(number, activation ?? .identity)
  }

  func tellBackward(_ number: Int, in derivation: inout MatrixDerivation) throws(CalculusError) {
    try derivation.addNeuronGradients(number, activation ?? .identity)
  }
}

/// A layer's part of a run, told by its lines and by the way back that the calculus finds for them.
///
/// Of one example the quantities are as they are, a^[2]; of several vectors they are matrices with an example a row,
/// A^[2]; of several arrays one example is told.
struct LineDerivation {
  private let run: NetworkRun
  private let number: Int
  private let layer: any Layer
  /// Whether all examples are told at once.
  private let isBatch: Bool
  /// The example that is told otherwise, from 1.
  private let example: Int

  init(_ run: NetworkRun, _ number: Int, example: Int = 1) {
    self.run = run
    self.number = number
    self.example = example
    layer = run.layer(number)
    isBatch =
      run.examples > 1 && !layer.seesWholeBatch
      && (try? LayerFormulas(run.layer(number), backward: false)) != nil
  }

  /// Throws: as the formulas' values.
  func addForward(to writer: inout LineWriter) throws(CalculusError) {
    let title = layer.name.map { " (\($0))" } ?? ""
    let step = Derivation.Step("layer \(number)\(title): \(layer.title)")
    noteInputs(in: &writer)
    for line in try formulas(backward: false).forward {
      try append(step, line, quantity(line.name), value(run.forward, line.name), to: &writer)
    }
  }

  /// Throws: as the formulas' values.
  func addBackward(to writer: inout LineWriter) throws(CalculusError) {
    guard let gradients = run.gradients else { return }
    let step = Derivation.Step("back through layer \(number)")
    noteInputs(in: &writer)
    for found in run.forward.layers[number - 1] {
      writer.values[quantity(found.name)] = value(run.forward, found.name)
    }
    writer.values[partial(Trace.output)] = value(gradients.trace, Trace.output)
    for line in try formulas(backward: true).backward {
      let known: Tensor<Double>?
      var reason: SymbolText = ""
      if line.name == layer.inputName {
        known = numbers(
          gradients.trace.quantity(Trace.output, layer: number - 1)
            ?? Trace.Quantity(Trace.output, gradients.trace.input))
        reason = .words(
          number == 1 ? "by the inputs" : "from layer \(number) to layer \(number - 1)")
      } else if let found = gradients[parameter: line.name, number] {
        let isShare = run.examples > 1 && !isBatch && !layer.seesWholeBatch
        known = isShare ? nil : found.value
        reason =
          isBatch
          ? "summed over the examples" : isShare ? .words("the share of example \(example)") : ""
      } else {
        known = value(gradients.trace, line.name)
      }
      try append(step, line, partial(line.name), known, reason: reason, to: &writer)
    }
  }

  private func formulas(backward: Bool) throws(CalculusError) -> LayerFormulas {
    try LayerFormulas(layer, isBatch: isBatch, backward: backward)
  }

  private func append(
    _ step: Derivation.Step, _ line: LayerFormulas.Line, _ name: Quantity,
    _ value: Tensor<Double>?, reason: SymbolText = "", to writer: inout LineWriter
  ) throws(CalculusError) {
    let formula = try line.formula.resized {
      $0 == LayerLine.batch ? .number(run.examples) : $0
    }
    let named = try formula.substituting(names(in: formula))
    let sizes = value?.sizes ?? []
    try writer.append(
      step, Symbol(name, named.shape), last: named, reason: reason,
      dimensions: sizes.count < 2 ? "" : sizes.map(String.init).joined(separator: "×"),
      known: value)
  }

  private func noteInputs(in writer: inout LineWriter) {
    let input =
      run.forward.quantity(Trace.output, layer: number - 1)
      ?? Trace.Quantity(Trace.output, run.forward.input)
    writer.values[quantity(layer.inputName)] = numbers(input)
    for (parameter, value) in zip(layer.parameters, run.network.parameterValues[number - 1]) {
      writer.values[Quantity(parameter.symbolName, layer: number)] = value.value
    }
    for (name, value) in layer.constants { writer.values[Quantity(name, layer: number)] = value }
  }

  // MARK: - Names

  /// Of a quantity of this layer, or of its input, what the layer before gives.
  private func quantity(_ name: String) -> Quantity {
    let isInput = name == layer.inputName
    let layer = isInput ? number - 1 : number
    if let member = run.forward.quantity(name, layer: number)?.member, !isInput {
      return Quantity(member.family, index: "\(member.index)", layer: layer)
    }
    let letter = isInput ? (isBatch || layer > 0 ? Trace.output : LayerLine.input) : name
    return Quantity(isBatch ? NetworkSymbol.matrixName(letter) : letter, layer: layer)
  }

  private func partial(_ name: String) -> Quantity {
    layer.parameter(named: name) == nil
      ? quantity(name).derivative() : Quantity(name, layer: number).derivative()
  }

  /// The symbols of a formula, by what they are called here.
  private func names(in formula: Expression) -> [Symbol: Expression] {
    var names: [Symbol: Expression] = [:]
    let parameters = Set(layer.parameters.map(\.symbolName)).union(layer.constants.keys)
    let gradients = Dictionary(
      run.forward.layers[number - 1].map { (LayerFormulas.gradient($0.name), $0.name) },
      uniquingKeysWith: { first, _ in first })
    for symbol in formula.symbols {
      let name =
        if parameters.contains(symbol.name) {
          Quantity(symbol.name, layer: number)
        } else if let quantity = gradients[symbol.name] {
          partial(quantity)
        } else {
          quantity(symbol.name)
        }
      names[symbol] = .symbol(name, symbol.shape)
    }
    return names
  }

  private func value(_ trace: Trace, _ name: String) -> Tensor<Double>? {
    trace.quantity(name, layer: number).map(numbers)
  }

  /// Of the examples that are told.
  private func numbers(_ quantity: Trace.Quantity) -> Tensor<Double> {
    if isBatch || layer.seesWholeBatch {
      return quantity.array(isSingle: !isBatch && quantity.isShared)
    }
    let row = quantity.values.rows > 1 ? example - 1 : 0
    return Tensor(Shape(quantity.sizes), quantity.values.row(row))
  }
}
