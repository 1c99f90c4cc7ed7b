import MatrixEngine
import Notation

/// A network as lecture slides draw it: columns of circles, joined by lines for the weights.
///
/// The width of a line shows the magnitude of its weight, colour and dash its sign. Circles hold the
/// values that are given; where few lines meet they carry their weights, gradients and new weights.
package struct NetworkDiagram: Figure {
  /// A number with its name; nil is one that was not computed.
  package struct Value: Sendable, Hashable {
    package var name: SymbolText
    package var value: Double?

    package init(_ name: SymbolText, _ value: Double?) {
      self.name = name
      self.value = value
    }
  }

  /// A neuron or an input.
  package struct Node: Sendable, Hashable {
    package var name: SymbolText
    /// What stands in the circle: the input, the activation, or net input and activation.
    package var values: [Value]
    /// The derivative that stands below it; `GradientNames.node` says by what.
    package var gradient: Double?

    package init(_ name: SymbolText, values: [Value] = [], gradient: Double? = nil) {
      self.name = name
      self.values = values
      self.gradient = gradient
    }
  }

  package struct Layer: Sendable, Hashable {
    package var title: SymbolText
    /// A line below the title, such as the number of units and the activation.
    package var caption: SymbolText
    package var nodes: [Node]

    package init(_ title: SymbolText, caption: SymbolText = "", nodes: [Node]) {
      self.title = title
      self.caption = caption
      self.nodes = nodes
    }
  }

  /// Weights from one layer to the next, and the next layer's biases; or their gradients.
  ///
  /// Shape: `weights: [inputs, neurons]`, `bias: neurons`.
  package struct Parameters: Sendable, Equatable {
    package var weights: Matrix<Double>
    /// nil draws no bias unit.
    package var bias: [Double]?

    package init(weights: Matrix<Double>, bias: [Double]? = nil) {
      self.weights = weights
      self.bias = bias
    }
  }

  /// What joins two layers.
  package struct Connection: Sendable, Equatable {
    package var parameters: Parameters
    /// Names of the weights row by row, then of the biases; nil shows values only.
    package var names: [SymbolText]?
    package var gradients: Parameters?
    /// The parameters after an update.
    package var new: Parameters?
    /// Whether each neuron is joined to one input alone, that of its own place.
    package var isOneToOne: Bool
    /// Whether the numbers are known; lines without them say only what depends on what.
    package var hasValues: Bool

    package init(
      _ parameters: Parameters, names: [SymbolText]? = nil, gradients: Parameters? = nil,
      new: Parameters? = nil, isOneToOne: Bool = false, hasValues: Bool = true
    ) {
      self.isOneToOne = isOneToOne
      self.hasValues = hasValues
      self.parameters = parameters
      self.names = names
      self.gradients = gradients
      self.new = new
    }
  }

  /// What the output is measured by, at the right of the diagram.
  package struct Loss: Sendable, Hashable {
    package var name: SymbolText
    package var value: Double
    /// The loss after an update.
    package var newValue: Double?
    /// A second line, such as the target.
    package var note: SymbolText

    package init(
      _ name: SymbolText, _ value: Double, newValue: Double? = nil, note: SymbolText = ""
    ) {
      self.name = name
      self.value = value
      self.newValue = newValue
      self.note = note
    }
  }

  /// What the derivatives at circles and at lines are.
  package struct GradientNames: Sendable, Hashable {
    package var node: SymbolText
    package var weight: SymbolText

    package init(
      node: SymbolText = .partial(.variable("L"), by: .variable("z")),
      weight: SymbolText = .partial(.variable("L"), by: .variable("w"))
    ) {
      self.node = node
      self.weight = weight
    }
  }

  package let title: SymbolText
  package let layers: [Layer]
  package let connections: [Connection]
  package let loss: Loss?
  package let gradientNames: GradientNames

  /// A diagram; `connections[l]` joins `layers[l]` and `layers[l + 1]`.
  ///
  /// Throws: `FigureError` if there is no layer or an empty one, if a shape does not fit the layers that
  /// it joins, or if a parameter is not finite.
  package init(
    title: SymbolText = "", layers: [Layer], connections: [Connection], loss: Loss? = nil,
    gradientNames: GradientNames = GradientNames()
  ) throws(FigureError) {
    guard !layers.isEmpty else { throw .empty("the network") }
    for layer in layers where layer.nodes.isEmpty { throw .empty(layer.title.text) }
    try FigureError.requireCount(
      connections.count, layers.count - 1, "connections between \(layers.count) layers")
    for (index, connection) in connections.enumerated() {
      let (inputs, neurons) = (layers[index].nodes.count, layers[index + 1].nodes.count)
      let target = layers[index + 1].title.text
      for (what, parameters) in [
        ("the weights of \(target)", connection.parameters),
        ("the gradients of \(target)", connection.gradients),
        ("the new weights of \(target)", connection.new),
      ] {
        guard let parameters else { continue }
        try Self.validate(parameters, inputs, neurons, what)
      }
      if let names = connection.names {
        let biases = connection.parameters.bias == nil ? 0 : neurons
        try FigureError.requireCount(
          names.count, inputs * neurons + biases, "the names of the weights of \(target)")
      }
    }
    self.title = title
    self.layers = layers
    self.connections = connections
    self.loss = loss
    self.gradientNames = gradientNames
  }

  private static func validate(
    _ parameters: Parameters, _ inputs: Int, _ neurons: Int, _ what: String
  ) throws(FigureError) {
    try FigureError.requireCount(parameters.weights.rows, inputs, "the rows of \(what)")
    try FigureError.requireCount(parameters.weights.columns, neurons, "the columns of \(what)")
    try FigureError.requireFinite(
      rowMajor: parameters.weights.storage, columns: max(neurons, 1), what)
    guard let bias = parameters.bias else { return }
    try FigureError.requireCount(bias.count, neurons, "the biases of \(what)")
    try FigureError.requireFinite(bias, "the bias of \(what)")
  }
}

extension NetworkDiagram.Parameters {
  /// The parameter of the line from an input to a neuron; from no input, the bias.
  func value(from input: Int?, to neuron: Int) -> Double? {
    guard let input else { return bias?[neuron] }
    return weights[input, neuron]
  }
}

extension NetworkDiagram.Connection {
  /// Whether there is a line from an input, or from the bias unit, to a neuron.
  func joins(_ input: Int?, _ neuron: Int) -> Bool {
    input == nil || !isOneToOne || input == neuron
  }

  func name(from input: Int?, to neuron: Int) -> SymbolText? {
    let weights = parameters.weights
    return names?[(input ?? weights.rows) * weights.columns + neuron]
  }
}

extension NetworkDiagram {
  /// All weights and biases that lines show.
  var shownWeights: [Double] {
    connections.filter(\.hasValues).flatMap { connection in
      connection.parameters.weights.storage + (connection.parameters.bias ?? [])
    }
  }

  /// The largest magnitude of a weight or bias.
  var largestWeight: Double {
    shownWeights.reduce(0) { max($0, abs($1)) }
  }

  package func text(numbers: NumberFormat) -> String {
    let name = title.isEmpty ? "Network" : title.text
    var lines = ["\(name): " + layers.map { "\($0.nodes.count)" }.joined(separator: " – ")]
    for (index, layer) in layers.enumerated() {
      let caption = layer.caption.isEmpty ? "" : ", \(layer.caption.text)"
      lines.append("  \(layer.title.text)\(caption)")
      if index > 0 { lines.append("    " + summary(connections[index - 1], numbers)) }
      let places = Elision(count: layer.nodes.count).places
      for place in places {
        switch place {
        case .node(let node):
          let values = summary(layer.nodes[node], numbers)
          if !values.isEmpty { lines.append("    \(values)") }
        case .gap(let hidden): lines.append("    … \(hidden) more of \(layer.nodes.count)")
        }
      }
    }
    if let loss {
      let change = loss.newValue.map { " → \(numbers.text($0))" } ?? ""
      let note = loss.note.isEmpty ? "" : ", \(loss.note.text)"
      lines.append("  \(loss.name.text) = \(numbers.text(loss.value))\(change)\(note)")
    }
    return lines.joined(separator: "\n")
  }

  private func summary(_ connection: Connection, _ numbers: NumberFormat) -> String {
    let weights = connection.parameters.weights
    guard connection.hasValues else {
      return connection.isOneToOne ? "each from the one before it" : "each from all before it"
    }
    let positive = weights.storage.count { $0 > 0 }
    let negative = weights.storage.count { $0 < 0 }
    let largest = weights.storage.reduce(0) { max($0, abs($1)) }
    return "weights \(weights.shape): \(positive) positive, \(negative) negative, "
      + "magnitude at most \(numbers.text(largest))"
  }

  private func summary(_ node: Node, _ numbers: NumberFormat) -> String {
    var values = node.values.map { value in
      let number = value.value.map { numbers.text($0) } ?? "—"
      return value.name.isEmpty || value.name == node.name
        ? number : "\(value.name.text) \(number)"
    }
    if let gradient = node.gradient {
      values.append("\(gradientNames.node.text) \(numbers.text(gradient))")
    }
    guard !values.isEmpty else { return "" }
    return "\(node.name.text): " + values.joined(separator: ", ")
  }
}
