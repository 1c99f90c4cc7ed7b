import MatrixEngine
import Notation

/// A computational graph: from the inputs at the left to the output at the right, with values in the
/// nodes and local derivatives along the arrows.
package struct GraphDiagram: Figure {
  package struct Node: Sendable, Hashable {
    package enum Kind: Sendable, Hashable { case input, constant, operation, output }

    package var label: SymbolText
    package var kind: Kind
    /// The shape of a vector, matrix or array, as it is said: `3×2`.
    package var shape: String?
    /// What it comes to, where numbers were put in.
    package var value: Tensor<Double>?
    /// The derivative of the output by this node, in its shape.
    package var gradient: Tensor<Double>?

    package init(
      _ label: SymbolText, _ kind: Kind = .operation, shape: String? = nil,
      value: Tensor<Double>? = nil, gradient: Tensor<Double>? = nil
    ) {
      self.label = label
      self.kind = kind
      self.shape = shape
      self.value = value
      self.gradient = gradient
    }

    /// An array with more entries is shown as its shape.
    private static let entryLimit = 6

    static func isWrittenOut(_ value: Tensor<Double>) -> Bool {
      value.rank == 0 || value.rank < 3 && value.storage.count <= entryLimit
    }

    /// A number, or an array as a cell writes it; a large one as its shape.
    static func reading(_ value: Tensor<Double>, _ entry: (Double) -> SymbolText) -> SymbolText {
      guard value.rank > 0 else { return entry(value.storage[0]) }
      guard isWrittenOut(value) else { return .words(value.shapeDescription) }
      var parts: [SymbolText] = ["["]
      for (index, number) in value.storage.enumerated() {
        if index > 0 { parts.append(index % value.columns == 0 && value.rank > 1 ? "; " : ", ") }
        parts.append(entry(number))
      }
      return .sequence(parts + ["]"])
    }
  }

  /// An arrow from a node to one that is computed from it, by their positions from 0.
  package struct Edge: Sendable, Hashable {
    package var from: Int
    package var to: Int
    /// The local derivative.
    package var label: SymbolText
    package var value: Double?

    package init(from: Int, to: Int, label: SymbolText = "", value: Double? = nil) {
      self.from = from
      self.to = to
      self.label = label
      self.value = value
    }
  }

  package let title: SymbolText
  package let nodes: [Node]
  package let edges: [Edge]
  /// What the derivatives in the nodes are.
  package let gradientName: SymbolText

  package static let nodeLimit = 120

  /// A graph.
  ///
  /// Throws: `FigureError` if there is no node, if there are more than `nodeLimit`, if an edge begins or
  /// ends at a node that is not there, or if nodes depend on each other in a circle.
  package init(
    title: SymbolText = "", nodes: [Node], edges: [Edge],
    gradientName: SymbolText = "the derivative of the output"
  ) throws(FigureError) {
    guard !nodes.isEmpty else { throw .empty("the graph") }
    guard nodes.count <= Self.nodeLimit else {
      throw .tooMany("nodes", count: nodes.count, limit: Self.nodeLimit)
    }
    for (index, edge) in edges.enumerated() {
      for end in [edge.from, edge.to] where !nodes.indices.contains(end) {
        throw .outOfRange(
          "the arrows", .index(index + 1), reason: "there is no node at position \(end)")
      }
    }
    if let circle = GraphLayers.circle(edges.map { ($0.from, $0.to) }, count: nodes.count) {
      throw .circle(circle.map { nodes[$0].label.text })
    }
    self.title = title
    self.nodes = nodes
    self.edges = edges
    self.gradientName = gradientName
  }

  package func text(numbers: NumberFormat) -> String {
    let heading = title.isEmpty ? "Computational graph" : title.text
    let counts = [(nodes.count, "node"), (edges.count, "arrow")]
      .map { $0.0.counted($0.1) }.joined(separator: ", ")
    var lines = ["\(heading): \(counts)"]
    func reading(_ value: Tensor<Double>) -> String {
      Node.reading(value) { .words(numbers.text($0)) }.text
    }
    for (index, node) in nodes.enumerated() {
      var line = "  \(node.label.text)"
      if let shape = node.shape { line += " (\(shape))" }
      if let value = node.value { line += " = \(reading(value))" }
      let inputs = edges.filter { $0.to == index }.map { edge -> String in
        let derivative = edge.derivative(numbers)?.text
        return nodes[edge.from].label.text + (derivative.map { " (\($0))" } ?? "")
      }
      if !inputs.isEmpty { line += "  from " + inputs.joined(separator: ", ") }
      if let gradient = node.gradient { line += "; ∂ \(reading(gradient))" }
      lines.append(line)
    }
    if nodes.contains(where: { $0.gradient != nil }) { lines.append("∂ is \(gradientName.text)") }
    return lines.joined(separator: "\n")
  }
}

extension GraphDiagram.Edge {
  /// The local derivative with its value, or nil where there is neither.
  func derivative(_ numbers: NumberFormat) -> SymbolText? {
    switch (label.isEmpty, value) {
    case (true, nil): nil
    case (true, let value?): numbers.symbol(value)
    case (false, nil): label
    case (false, let value?):
      // A derivative that is a number already is not said twice.
      label.text == numbers.text(value) ? label : label + .sign(.equals) + numbers.symbol(value)
    }
  }
}
