import Calculus
import MatrixEngine

/// A network as a cell that defines it, with the weights that it has now, bit for bit.
struct NablaCell {
  let network: NetworkState
  let catalog: NetworkCatalog

  /// Throws: `DataError.notStorable` for a layer that no line here writes.
  func text(_ path: String) throws(DataError) -> String {
    var lines = functions
    let values = network.parameterValues
    if let threshold = perceptronThreshold {
      lines += perceptron(threshold, values[0])
    } else {
      lines += ["network \(network.name) {", "    \(input)"]
      lines += try layerLines(path, values)
      lines.append("    loss \(network.loss.notation)")
      if network.definition.seed != 0 { lines.append("    seed \(network.definition.seed)") }
      if network.definition.precision == .float32 { lines.append("    precision float32") }
      lines.append("}")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var input: String {
    let sizes = network.definition.inputSizes
    guard sizes.count > 1 else {
      return "input " + (network.definition.inputNames?.joined(separator: ", ") ?? "\(sizes[0])")
    }
    let free = network.definition.freeInput?.sizes
    let texts = sizes.enumerated().map { place, size in
      free.map { $0[place] == nil } ?? false ? "T\(place == 0 ? "" : "\(place + 1)")" : "\(size)"
    }
    return "input \(sizes.count == 2 ? "matrix" : "array")(\(texts.joined(separator: ", ")))"
  }

  /// The lines of the layers, those that residuals hold in braces.
  private func layerLines(_ path: String, _ values: [[ParameterValue]]) throws(DataError)
    -> [String]
  {
    var lines: [String] = []
    var indentation = "    "
    for (place, layer) in network.layers.enumerated() {
      for _ in network.residuals.filter({ $0.lowerBound == place + 1 }) {
        lines.append("\(indentation)residual {")
        indentation += "    "
      }
      let line: String
      if let dense = layer as? DenseLayer, let activation = dense.activation {
        line = self.line(dense, activation, values[place])
      } else if let formula = layer as? FormulaLayer, let written = formula.written {
        line = self.line(formula, written, values[place])
      } else {
        throw .notStorable(
          path: path, reason: "layer \(place + 1), \(layer.kind), has no line with its weights")
      }
      lines.append(indentation + line)
      for _ in network.residuals.filter({ $0.upperBound == place + 1 }) {
        indentation.removeLast(4)
        lines.append("\(indentation)}")
      }
    }
    return lines
  }

  private func line(_ layer: FormulaLayer, _ written: WrittenLayer, _ values: [ParameterValue])
    -> String
  {
    var parts = written.arguments
    for (parameter, value) in zip(layer.parameters, values) {
      parts.append("\(parameter.name) = \(text(value, parameter.naming))")
    }
    parts += ending(layer, layer.parameters.filter { !$0.isAverage })
    return parts.isEmpty ? written.word : "\(written.word) \(parts.joined(separator: ", "))"
  }

  /// What is frozen, and the layer's name.
  private func ending(_ layer: any Layer, _ parameters: [LayerParameter]) -> [String] {
    var parts: [String] = []
    let frozen = parameters.filter(\.isFrozen).map(\.name)
    if !frozen.isEmpty {
      parts.append(
        "frozen = \(frozen.count == 1 ? frozen[0] : "[\(frozen.joined(separator: ", "))]")")
    }
    if let name = layer.name {
      parts.append("name = \"\(name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\"")
    }
    return parts
  }

  /// The definitions of functions that the language does not have.
  private var functions: [String] {
    var lines: [String] = []
    for definition in network.layers.flatMap({ ($0 as? FormulaLayer)?.written?.definitions ?? [] })
    where !lines.contains(definition) {
      lines.append(definition)
    }
    for activation in network.layers.compactMap(\.activation) where activation.threshold == nil {
      guard catalog.activation(written: activation.notation) != activation,
        !activation.isFunctionOfItsName
      else { continue }
      let kind = activation.isElementwise ? "" : ": vector"
      let line = "\(activation.name)(z\(kind)) = \(activation.definition.text)"
      if !lines.contains(line) { lines.append(line) }
    }
    if catalog.loss(written: network.loss.notation) != network.loss {
      let kind = network.loss.isElementwise ? "" : ": vector"
      lines.append("\(network.loss.name)(y\(kind), a\(kind)) = \(network.loss.part.text)")
    }
    return lines
  }

  private func line(_ layer: DenseLayer, _ activation: Activation, _ values: [ParameterValue])
    -> String
  {
    var parts = ["dense \(layer.units)", activation.notation]
    for (parameter, value) in zip(layer.parameters, values) {
      parts.append("\(parameter.name) = \(text(value, parameter.naming))")
    }
    if layer.bias == nil { parts.append("b = none") }
    parts += ending(layer, layer.parameters)
    return parts.joined(separator: ", ")
  }

  // MARK: - Perceptrons

  /// What decides in the only unit, where a `network` block has no word for it.
  private var perceptronThreshold: Threshold? {
    guard network.layers.count == 1, network.layers[0].outputs == 1,
      let threshold = network.layers[0].activation?.threshold,
      threshold.isStrict || threshold.low != 0 || threshold.high != 1
    else { return nil }
    return threshold
  }

  private func perceptron(_ threshold: Threshold, _ values: [ParameterValue]) -> [String] {
    let layer = network.layers[0]
    var lines = ["perceptron \(network.name) {", "    \(input)"]
    for (parameter, value) in zip(layer.parameters, values) {
      let numbers =
        parameter.naming == .weight
        ? Tensor.vector(value.value.storage).bracketed(number) : text(value, parameter.naming)
      lines.append("    \(parameter.name) = \(numbers)")
    }
    if layer.parameter(named: "b") == nil { lines.append("    b = none") }
    lines.append("    threshold \(number(threshold.value))")
    if threshold.isStrict { lines.append("    strict") }
    if threshold.low != 0 || threshold.high != 1 {
      lines.append("    outputs \(number(threshold.low)), \(number(threshold.high))")
    }
    return lines + ["}"]
  }

  // MARK: - Numbers

  private func text(_ value: ParameterValue, _ naming: LayerParameter.EntryNaming) -> String {
    let numbers = value.value
    if naming == .sharedBias { return "shared(\(number(numbers.storage.first ?? 0)))" }
    // One row in single brackets would be a vector.
    guard numbers.rank == 2, numbers.rows != 1 else { return numbers.bracketed(number) }
    let rows = (0..<numbers.rows).map { numbers.row($0).map(number).joined(separator: ", ") }
    return "[\(rows.joined(separator: "; "))]"
  }

  /// The shortest text that reads back equal in the network's precision.
  private func number(_ value: Double) -> String {
    if !value.isFinite { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    return network.definition.precision == .float32 ? "\(Float(value))" : "\(value)"
  }
}

extension Activation {
  /// Whether it is the language's own function, which needs no definition: `cosh`.
  fileprivate var isFunctionOfItsName: Bool {
    guard case .function(let function, let argument) = definition.node else { return false }
    return function.name == name && argument == .netInput
  }
}
