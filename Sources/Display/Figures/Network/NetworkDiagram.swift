import MatrixEngine
import Notation

/// A network as lecture slides draw it: columns of circles, joined by lines for the weights.
///
/// The width of a line shows how large its weight is, its gradient, or what an update changes; colour and dash say
/// the sign. What does not fit a page with letters that can be read is drawn with less detail, see `DiagramDetail`.
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
    /// The function that makes its outputs; drawn in units that decide by a jump.
    package var curve: ActivationCurve?
    /// Of a layer that gives an array its sizes: it is drawn as a box and has no nodes.
    package var sizes: [Int]?
    /// The matrices of that array, where they are known.
    package var maps: [Matrix<Double>]

    package init(
      _ title: SymbolText, caption: SymbolText = "", nodes: [Node], curve: ActivationCurve? = nil,
      sizes: [Int]? = nil, maps: [Matrix<Double>] = []
    ) {
      self.title = title
      self.caption = caption
      self.nodes = nodes
      self.curve = curve
      self.sizes = sizes
      self.maps = maps
    }
  }

  /// Weights from one layer to the next, and the next layer's biases; or their gradients.
  ///
  /// Shape: `weights: [inputs, neurons]`, `bias: neurons`.
  package struct Parameters: Sendable, Equatable {
    package var weights: Matrix<Double>
    /// nil where the neurons have none.
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
    /// The parameters with their shapes, as boxes name them: "W 64×32", "b 32"; nil: those of `parameters`.
    package var shapes: [SymbolText]?
    /// How many numbers those are in all.
    package var count: Int?
    /// Of parameters that belong to no single line: the norms of their gradients, and their largest change.
    package var gradientNorms: [Value] = []
    package var largestChange: Double?

    package init(
      _ parameters: Parameters, names: [SymbolText]? = nil, gradients: Parameters? = nil,
      new: Parameters? = nil, isOneToOne: Bool = false, hasValues: Bool = true,
      shapes: [SymbolText]? = nil
    ) {
      self.shapes = shapes
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
  /// How much is asked for; what finds no room is drawn with less.
  package var detail: DiagramDetail

  /// A diagram; `connections[l]` joins `layers[l]` and `layers[l + 1]`.
  ///
  /// Throws: `FigureError` if there is no layer or an empty one, if a shape does not fit the layers that
  /// it joins, or if a parameter is not finite.
  package init(
    title: SymbolText = "", layers: [Layer], connections: [Connection], loss: Loss? = nil,
    gradientNames: GradientNames = GradientNames(), detail: DiagramDetail = .auto
  ) throws(FigureError) {
    guard !layers.isEmpty else { throw .empty("the network") }
    for layer in layers where layer.nodes.isEmpty && layer.sizes == nil {
      throw .empty(layer.title.text)
    }
    try FigureError.requireCount(
      connections.count, layers.count - 1, "connections between \(layers.count) layers")
    for (index, connection) in connections.enumerated() where connection.hasValues {
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
    self.detail = detail
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

extension NetworkDiagram {
  /// Whether a layer gives an array: then there is a box a layer.
  var holdsArrays: Bool { layers.contains { $0.sizes != nil } }
}

extension NetworkDiagram.Layer {
  /// How many values it gives.
  var count: Int { sizes?.reduce(1, *) ?? nodes.count }
}

extension NetworkDiagram.Parameters {
  /// The parameter of the line from an input to a neuron; from no input, the bias.
  package func value(from input: Int?, to neuron: Int) -> Double? {
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

  /// How many lines join two layers of these sizes, biases left out.
  func lineCount(_ inputs: Int, _ neurons: Int) -> Int {
    isOneToOne ? min(inputs, neurons) : inputs * neurons
  }
}
