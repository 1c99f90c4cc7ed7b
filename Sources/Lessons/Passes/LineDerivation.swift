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
/// Of one example the quantities are vectors, a^[2]; of several matrices with an example a row, A^[2].
struct LineDerivation {
  private let run: NetworkRun
  private let number: Int
  private let layer: any Layer
  private var isBatch: Bool { run.examples > 1 }

  init(_ run: NetworkRun, _ number: Int) {
    self.run = run
    self.number = number
    layer = run.layer(number)
  }

  /// Throws: as the formulas' values.
  func addForward(to writer: inout LineWriter) throws(CalculusError) {
    let title = layer.name.map { " (\($0))" } ?? ""
    let step = Derivation.Step("layer \(number)\(title): \(layer.title)")
    let names = try names()
    noteInputs(in: &writer)
    for line in try LayerFormulas(layer, isBatch: isBatch, backward: false).forward {
      try append(step, line, quantity(line.name), names, value(run.forward, line.name), to: &writer)
    }
  }

  /// Throws: as the formulas' values.
  func addBackward(to writer: inout LineWriter) throws(CalculusError) {
    guard let gradients = run.gradients else { return }
    let step = Derivation.Step("back through layer \(number)")
    let names = try names()
    noteInputs(in: &writer)
    for found in run.forward.layers[number - 1] {
      writer.values[quantity(found.name)] = value(run.forward, found.name)
    }
    writer.values[partial(Trace.output)] = value(gradients.trace, Trace.output)
    for line in try LayerFormulas(layer, isBatch: isBatch).backward {
      let known: Tensor<Double>?
      var reason: SymbolText = ""
      if line.name == LayerLine.input {
        known = numbers(gradients.trace.output(of: number - 1))
        reason = .words(
          number == 1 ? "by the inputs" : "from layer \(number) to layer \(number - 1)")
      } else if let found = gradients[parameter: line.name, number] {
        known = found.value
        reason = isBatch ? "summed over the examples" : ""
      } else {
        known = value(gradients.trace, line.name)
      }
      try append(step, line, partial(line.name), names, known, reason: reason, to: &writer)
    }
  }

  private func append(
    _ step: Derivation.Step, _ line: LayerFormulas.Line, _ name: Quantity,
    _ names: [Symbol: Expression], _ value: Tensor<Double>?, reason: SymbolText = "",
    to writer: inout LineWriter
  ) throws(CalculusError) {
    let formula = try line.formula.resized { $0 == .name("m") ? .number(run.examples) : $0 }
      .substituting(names)
    try writer.append(
      step, Symbol(name, formula.shape), last: formula, reason: reason,
      dimensions: (value?.sizes ?? []).count < 2
        ? "" : (value?.sizes ?? []).map(String.init).joined(separator: "×"), known: value)
  }

  private func noteInputs(in writer: inout LineWriter) {
    writer.values[quantity(LayerLine.input)] = numbers(run.forward.output(of: number - 1))
    for value in run.network.parameterValues[number - 1] {
      writer.values[Quantity(value.parameter, layer: number)] = value.value
    }
  }

  // MARK: - Names

  /// Of a quantity of this layer, or of `x`, what the layer before gives.
  private func quantity(_ name: String) -> Quantity {
    let layer = name == LayerLine.input ? number - 1 : number
    let letter =
      name == LayerLine.input ? (isBatch || layer > 0 ? Trace.output : LayerLine.input) : name
    return Quantity(isBatch ? NetworkSymbol.matrixName(letter) : letter, layer: layer)
  }

  private func partial(_ name: String) -> Quantity {
    layer.parameter(named: name) == nil
      ? quantity(name).derivative() : Quantity(name, layer: number).derivative()
  }

  /// The symbols of the lines, by what they are called here.
  private func names() throws(CalculusError) -> [Symbol: Expression] {
    var names: [Symbol: Expression] = [:]
    func add(_ name: String, _ shape: ExpressionShape, _ new: Quantity) {
      names[Symbol(name, shape)] = .symbol(new, shape)
    }
    func shape(_ columns: Int) -> ExpressionShape {
      isBatch
        ? .matrix(.number(run.examples), layer.size(columns)) : .vector(layer.size(columns))
    }
    add(LayerLine.input, shape(layer.inputs), quantity(LayerLine.input))
    for found in run.forward.layers[number - 1] {
      add(found.name, shape(found.values.columns), quantity(found.name))
      add(LayerFormulas.gradient(found.name), shape(found.values.columns), partial(found.name))
    }
    for parameter in layer.parameters {
      guard case .symbol(let symbol) = layer.symbol(parameter).node else { continue }
      add(symbol.name, symbol.shape, Quantity(symbol.name, layer: number))
    }
    return names
  }

  private func value(_ trace: Trace, _ name: String) -> Tensor<Double>? {
    trace[name, number].map(numbers)
  }

  private func numbers(_ matrix: Matrix<Double>) -> Tensor<Double> {
    isBatch ? matrix : .vector(matrix.storage)
  }
}
