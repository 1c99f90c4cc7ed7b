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
      for (place, layer) in network.layers.enumerated() {
        guard let dense = layer as? DenseLayer, let activation = dense.activation else {
          throw .notStorable(
            path: path,
            reason: "layer \(place + 1), \(layer.kind), has no line with its weights yet")
        }
        lines.append("    " + line(dense, activation, values[place]))
      }
      lines.append("    loss \(network.loss.notation)")
      if network.definition.seed != 0 { lines.append("    seed \(network.definition.seed)") }
      if network.definition.precision == .float32 { lines.append("    precision float32") }
      lines.append("}")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var input: String {
    "input "
      + (network.definition.inputNames?.joined(separator: ", ") ?? "\(network.definition.inputs)")
  }

  /// The definitions of functions that the language does not have.
  private var functions: [String] {
    var lines: [String] = []
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
    var parts = ["dense \(layer.outputs)", activation.notation]
    for (parameter, value) in zip(layer.parameters, values) {
      parts.append("\(parameter.name) = \(text(value, parameter.naming))")
    }
    if layer.bias == nil { parts.append("b = none") }
    let frozen = layer.parameters.filter(\.isFrozen).map(\.name)
    if !frozen.isEmpty {
      parts.append(
        "frozen = \(frozen.count == 1 ? frozen[0] : "[\(frozen.joined(separator: ", "))]")")
    }
    if let name = layer.name {
      parts.append("name = \"\(name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\"")
    }
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
        parameter.naming == .weight ? vector(value.value.storage) : text(value, parameter.naming)
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
    guard numbers.rank == 2 else { return vector(numbers.storage) }
    // One row in single brackets would be a vector.
    if numbers.rows == 1 { return "[\(vector(numbers.storage))]" }
    let rows = (0..<numbers.rows).map { numbers.row($0).map(number).joined(separator: ", ") }
    return "[\(rows.joined(separator: "; "))]"
  }

  private func vector(_ numbers: [Double]) -> String {
    "[\(numbers.map(number).joined(separator: ", "))]"
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
