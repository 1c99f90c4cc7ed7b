import Notation

extension NetworkDiagram {
  /// Larger pictures are drawn with less detail.
  private static let largestSize = 58_000

  package func drawing(numbers: NumberFormat) -> Drawing {
    for level in levels {
      let heading = Heading(title)
      guard
        let layout = NetworkLayout(
          self, level: level, top: heading.height, numbers: numbers)
      else { continue }
      let document = draw(layout, heading, numbers)
      let svg = numbers.marks ? MarkedText(document.svg).text() : document.svg
      if svg.utf8.count <= Self.largestSize { return document }
    }
    return blocks(numbers: numbers)
  }

  /// The levels to be tried, the most detailed first.
  private var levels: [NetworkLayout.Level] {
    if holdsArrays { return [] }
    switch detail {
    case .all: return [.numbers, .gradients, .hover]
    case .auto:
      let areFew = layers.allSatisfy { $0.nodes.count <= Self.fewNodes }
      return areFew ? [.numbers, .gradients, .hover] : []
    case .hover: return [.hover]
    case .blocks: return []
    }
  }

  /// A network with a larger layer is drawn as boxes, where nothing else is asked for.
  private static let fewNodes = 12

  private func draw(
    _ layout: NetworkLayout, _ heading: Heading, _ numbers: NumberFormat
  ) -> Drawing {
    var canvas = SVGCanvas()
    let width = max(layout.width, heading.width, 420)
    let shift = (width - layout.width) / 2
    let layout = shift > 0 ? layout.moved(by: shift) : layout
    heading.draw(on: &canvas)
    // Where the numbers move, that of lines which move with them.
    let largest = largest(withBiases: !numbers.marks)
    let style = EdgeStyle(
      pass: pass, largest: abs(largest?.amount ?? 0), hasNumbers: layout.level != .hover,
      moves: numbers.marks)
    for column in layout.columns { draw(head: column, top: heading.height, on: &canvas) }
    for edge in layout.edges { draw(edge, layout, style, numbers, on: &canvas) }
    if let loss, let place = layout.loss {
      place.draw(loss.lines(numbers), isBackward: style.pass == .gradients, on: &canvas)
    }
    for (index, column) in layout.columns.enumerated() {
      for slot in column.slots {
        draw(slot, of: index, layout, largest?.place, numbers, on: &canvas)
      }
    }
    for edge in layout.edges {
      drawLabel(edge, isLargest: style.framesLargest && edge.place == largest?.place, on: &canvas)
    }
    let bottom = drawLegend(
      notes(layout, numbers), style, width: width, below: layout.bottom + 12, on: &canvas)
    return canvas.document(
      width: width, height: bottom + 12, title: title.isEmpty ? "Network" : title.text,
      description: text(numbers: numbers))
  }

  private func draw(
    head column: NetworkLayout.Column, top: Double, on canvas: inout SVGCanvas
  ) {
    for (index, line) in column.head.enumerated() {
      let base = top + Double(index) * NetworkLayout.headLeading + 15
      canvas.text(line.text, at: Point(column.x, base), line.style, .middle)
    }
  }

  // MARK: - Lines

  private func draw(
    _ edge: NetworkLayout.Edge, _ layout: NetworkLayout, _ style: EdgeStyle,
    _ numbers: NumberFormat, on canvas: inout SVGCanvas
  ) {
    let connection = connections[edge.place.connection]
    let amount =
      connection.hasValues
      ? connection.amount(from: edge.place.input, to: edge.place.neuron, style.pass) : nil
    // Numbers that move stand beside their lines, once.
    let isSaid = numbers.marks && layout.level == .numbers
    canvas.titled(isSaid ? "" : saying(edge.place, numbers)) { style.draw(edge, amount, on: &$0) }
  }

  /// A label on a patch that breaks its own line; the largest has a frame.
  private func drawLabel(
    _ edge: NetworkLayout.Edge, isLargest: Bool, on canvas: inout SVGCanvas
  ) {
    guard let center = edge.labelCenter else { return }
    let width = (edge.label.map { $0.style.width(of: $0.text) }.max() ?? 0) + 6
    let height = Double(edge.label.count) * NetworkLayout.labelLeading
    canvas.rectangle(
      Box(center: center, width: width, height: height), fill: Palette.background,
      opacity: isLargest ? 1 : 0.92, stroke: isLargest ? EdgeStyle.mark : nil, radius: 4)
    for (index, line) in edge.label.enumerated() {
      let middle = center.y - height / 2 + (Double(index) + 0.5) * NetworkLayout.labelLeading
      canvas.text(
        line.text, at: Point(center.x, middle + line.style.middleShift), line.style, .middle)
    }
  }

  // MARK: - Circles

  private func draw(
    _ slot: NetworkLayout.Slot, of column: Int, _ layout: NetworkLayout, _ largest: Place?,
    _ numbers: NumberFormat, on canvas: inout SVGCanvas
  ) {
    switch slot.place {
    case .node(let node):
      guard let sketch = slot.sketch else { return }
      let isSaid = numbers.marks && layout.level == .numbers
      canvas.titled(isSaid ? "" : saying(layer: column, node: node, numbers)) { canvas in
        let shade =
          layout.level == .hover
          ? layers[column].shade(of: node, column: column, moves: numbers.marks) : nil
        draw(sketch, at: slot.center, layout, shade, on: &canvas)
      }
      let place = Place(connection: column - 1, input: nil, neuron: node)
      for text in sketch.texts(at: slot.center, radius: layout.radius) {
        canvas.text(text.line.text, at: text.base, text.line.style, text.anchor)
      }
      if pass != .weights, !numbers.marks, place == largest {
        canvas.rectangle(
          sketch.belowBox(at: slot.center, radius: layout.radius), fill: nil,
          stroke: EdgeStyle.mark,
          radius: 4)
      }
    case .gap(let hidden):
      for step in [-1.0, 0, 1] {
        canvas.circle(slot.center + Point(0, step * 8 - 9), radius: 2.4, fill: Palette.ink)
      }
      canvas.patchedText(
        .words("\(hidden) more"), at: slot.center + Point(0, 19), NetworkLayout.captionStyle,
        .middle)
    }
  }

  private func draw(
    _ sketch: NodeSketch, at center: Point, _ layout: NetworkLayout, _ shade: NodeShade?,
    on canvas: inout SVGCanvas
  ) {
    let fill = shade?.color ?? Palette.surface
    canvas.circle(
      center, radius: layout.radius, fill: fill,
      stroke: SVGCanvas.Stroke(color: Palette.ink, width: 1.8), amount: shade?.amount)
    if let curve = sketch.curve {
      let box = Box(
        center: center + Point(0, sketch.curveDrop), width: sketch.curveSize.x,
        height: sketch.curveSize.y)
      let color = shade?.ink ?? Palette.positive
      canvas.path(curve.path(in: box), stroke: SVGCanvas.Stroke(color: color, width: 2.2))
    } else if sketch.inside.count > 1 {
      canvas.line(
        from: center - Point(layout.radius, 0), to: center + Point(layout.radius, 0),
        SVGCanvas.Stroke(color: Palette.axis))
    }
    var style = sketch.insideStyle
    if let ink = shade?.ink { style.color = ink }
    for (index, line) in sketch.inside.enumerated() {
      let middle = (Double(index) - Double(sketch.inside.count - 1) / 2) * sketch.insideLeading
      canvas.text(
        line, at: center + Point(0, middle + sketch.insideDrop + style.middleShift), style, .middle)
    }
  }

  /// A node with its numbers, for whoever points at it.
  private func saying(layer: Int, node index: Int, _ numbers: NumberFormat) -> String {
    let node = layers[layer].nodes[index]
    var text = summary(node, numbers)
    if layer > 0, connections[layer - 1].hasValues,
      connections[layer - 1].parameters.bias != nil
    {
      let bias = saying(Place(connection: layer - 1, input: nil, neuron: index), numbers)
      text += text.isEmpty ? "\(node.name.text): \(bias)" : ", \(bias)"
    }
    return text.isEmpty ? node.name.text : text
  }
}

extension EdgeStyle {
  /// The frame around the largest gradient or change.
  static let mark = SVGCanvas.Stroke(color: Palette.ink, width: 1.6)

  /// Whether the largest has a frame.
  var framesLargest: Bool { pass != .weights && !moves }
}

extension NodeSketch {
  /// The room of what stands below a circle.
  func belowBox(at center: Point, radius: Double) -> Box {
    let width = (below.map { $0.style.width(of: $0.text) }.max() ?? 0) + 8
    return Box(
      center.x - width / 2, center.y + radius + 3, width, Double(below.count) * Self.belowLeading)
  }
}

extension NetworkLayout {
  /// The layout, everything further right.
  func moved(by shift: Double) -> NetworkLayout {
    var result = self
    result.shift(by: shift)
    return result
  }
}
