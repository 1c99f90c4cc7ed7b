import Notation

extension NetworkDiagram {

  package func drawing(numbers: NumberFormat) -> Drawing {
    var canvas = SVGCanvas()
    var top = NetworkLayout.margin
    if !title.isEmpty { top += TextStyle.title.size + 18 }
    let captionTop = top
    top += NetworkLayout.titleStyle.size + NetworkLayout.captionStyle.size + 22
    let layout = NetworkLayout(self, top: top, numbers: numbers)
    let heading = TextStyle.title.fitted(title, width: max(layout.width, 500) - 40)
    let width = max(layout.width, 480, TextStyle.title.width(of: heading) + 40)

    if !title.isEmpty {
      canvas.text(
        heading, at: Point(NetworkLayout.margin, NetworkLayout.margin + TextStyle.title.size - 2),
        TextStyle.title)
    }
    drawCaptions(layout, captionTop, on: &canvas)
    let largest = largestWeight
    for edge in layout.edges.joined() {
      canvas.line(from: edge.from, to: edge.to, Self.stroke(edge.weight, largest: largest))
    }
    drawLoss(layout, numbers, on: &canvas)
    for (column, layer) in zip(layout.columns, layers) {
      draw(column, layer, layout, numbers, on: &canvas)
    }
    for edge in layout.edges.joined() { drawLabel(edge, on: &canvas) }
    let bottom = drawLegend(layout, width, numbers, on: &canvas)
    return canvas.document(
      width: width, height: bottom + 14, title: title.isEmpty ? "Network" : title.text,
      description: text(numbers: numbers))
  }

  private func drawCaptions(
    _ layout: NetworkLayout, _ top: Double, on canvas: inout SVGCanvas
  ) {
    for (column, layer) in zip(layout.columns, layers) {
      let title = Point(column.x, top + NetworkLayout.titleStyle.size)
      canvas.text(NetworkLayout.title(layer), at: title, NetworkLayout.titleStyle, .middle)
      canvas.text(
        NetworkLayout.caption(layer), at: title + Point(0, NetworkLayout.captionStyle.size + 5),
        NetworkLayout.captionStyle, .middle)
    }
  }

  // MARK: - Edges

  /// A line for a weight: as wide as it is large, dashed where it is negative, dotted where it is 0.
  private static func stroke(_ weight: Double, largest: Double) -> SVGCanvas.Stroke {
    guard weight != 0 else { return SVGCanvas.Stroke(color: Palette.axis, width: 1, dash: .dotted) }
    let part = abs(weight) / largest
    return SVGCanvas.Stroke(
      color: weight > 0 ? Palette.positive : Palette.negative, width: 1 + 4.5 * part,
      dash: weight > 0 ? .solid : .dashed, opacity: 0.85)
  }

  private func drawLabel(_ edge: NetworkLayout.Edge, on canvas: inout SVGCanvas) {
    guard let center = edge.labelCenter else { return }
    let widths = edge.label.map { $0.style.width(of: $0.text) }
    let height = Double(edge.label.count) * NetworkLayout.labelLineHeight
    canvas.rectangle(
      Box(center: center, width: (widths.max() ?? 0) + 6, height: height), fill: Palette.background,
      opacity: 0.9, radius: 3)
    for (index, line) in edge.label.enumerated() {
      let middle = center.y - height / 2 + (Double(index) + 0.5) * NetworkLayout.labelLineHeight
      canvas.text(
        line.text, at: Point(center.x, middle + line.style.middleShift), line.style, .middle)
    }
  }

  // MARK: - Nodes

  private func draw(
    _ column: NetworkLayout.Column, _ layer: Layer, _ layout: NetworkLayout,
    _ numbers: NumberFormat, on canvas: inout SVGCanvas
  ) {
    if let unit = column.biasUnit {
      canvas.circle(
        unit, radius: layout.biasRadius, fill: Palette.grid,
        stroke: SVGCanvas.Stroke(color: Palette.axis, width: 1.5))
      let style = NetworkLayout.valueStyle
      canvas.text("1", at: unit + Point(0, style.middleShift), style, .middle)
    }
    for slot in column.slots {
      switch slot.place {
      case .node(let node):
        draw(layer.nodes[node], at: slot.center, layout, numbers, on: &canvas)
      case .gap(let hidden):
        for step in [-1.0, 0, 1] {
          canvas.circle(slot.center + Point(0, step * 9 - 8), radius: 2.6, fill: Palette.ink)
        }
        canvas.patchedText(
          .words("\(hidden) more"), at: slot.center + Point(0, 26), NetworkLayout.captionStyle,
          .middle)
      }
    }
  }

  private func draw(
    _ node: Node, at center: Point, _ layout: NetworkLayout, _ numbers: NumberFormat,
    on canvas: inout SVGCanvas
  ) {
    canvas.circle(
      center, radius: layout.radius, fill: Palette.surface,
      stroke: SVGCanvas.Stroke(color: Palette.ink, width: 2))
    let lines = node.values.map { $0.line(of: node, numbers) }
    if lines.isEmpty {
      var style = NetworkLayout.nameStyle
      let name = style.fitted(node.name, width: 2 * layout.radius + 20)
      style.size *= min(1, (2 * layout.radius - 8) / max(style.width(of: name), 1))
      canvas.text(
        name, at: center + Point(0, style.middleShift), style, .middle)
    } else {
      canvas.patchedText(
        layout.name(node), at: layout.namePlace(center), NetworkLayout.nameStyle, .middle)
    }
    drawValues(lines, at: center, layout.radius, on: &canvas)
    if let gradient = node.gradient {
      canvas.patchedText(
        "∂ " + numbers.symbol(gradient), at: layout.gradientPlace(center),
        NetworkLayout.gradientStyle, .middle)
    }
  }

  /// Lines of values below each other, with a rule between net input and activation.
  private func drawValues(
    _ lines: [SymbolText], at center: Point, _ radius: Double, on canvas: inout SVGCanvas
  ) {
    if lines.count == 2 {
      canvas.line(
        from: center - Point(radius, 0), to: center + Point(radius, 0),
        SVGCanvas.Stroke(color: Palette.axis))
    }
    for (index, line) in lines.enumerated() {
      var style = NetworkLayout.valueStyle
      let pitch = style.size + (lines.count == 2 ? 9 : 4)
      let middle = (Double(index) - Double(lines.count - 1) / 2) * pitch
      let room = 2 * max(radius * radius - middle * middle, 1).squareRoot() - 6
      style.size *= min(1, room / max(style.width(of: line), 1))
      canvas.text(line, at: center + Point(0, middle + style.middleShift), style, .middle)
    }
  }

  // MARK: - Loss and legend

  private func drawLoss(
    _ layout: NetworkLayout, _ numbers: NumberFormat, on canvas: inout SVGCanvas
  ) {
    guard let loss, let box = layout.lossBox, let outputs = layout.columns.last else { return }
    let centers = outputs.slots.compactMap { slot in
      if case .node = slot.place { slot.center } else { nil as Point? }
    }
    let pitch = min(14, (box.height - 16) / Double(max(centers.count - 1, 1)))
    for (index, center) in centers.enumerated() {
      let end = Point(
        box.left, box.center.y + (Double(index) - Double(centers.count - 1) / 2) * pitch)
      let length = (end - center).length
      canvas.arrow(
        from: center.toward(end, layout.radius / length), to: end,
        SVGCanvas.Stroke(color: Palette.mutedInk, width: 1.6))
    }
    canvas.rectangle(
      box, fill: Palette.background, stroke: SVGCanvas.Stroke(color: Palette.ink, width: 1.6),
      radius: 8)
    for (index, line) in loss.lines(numbers).enumerated() {
      let style = NetworkLayout.lossStyle
      let middle = box.top + 9 + (Double(index) + 0.5) * 26
      canvas.text(line, at: Point(box.center.x, middle + style.middleShift), style, .middle)
    }
  }

  /// What the lines mean, and what is not drawn. Returns the lower edge.
  private func drawLegend(
    _ layout: NetworkLayout, _ width: Double, _ numbers: NumberFormat, on canvas: inout SVGCanvas
  ) -> Double {
    var bottom = layout.bottom + 16
    if !connections.isEmpty {
      let weights = shownWeights
      var entries: [Legend.Entry] = []
      for (name, example) in [("positive", 1.0), ("negative", -1), ("zero", 0)]
      where weights.contains(where: { $0.signum == example.signum }) {
        entries.append(
          Legend.Entry(name: .words(name), sampleWidth: 46) { box, canvas in
            canvas.line(
              from: Point(box.left, box.center.y), to: Point(box.right, box.center.y),
              Self.stroke(example * 0.5, largest: 1))
          })
      }
      let legend = Legend(entries, width: width - 2 * NetworkLayout.margin)
      legend.draw(on: &canvas, at: Point(NetworkLayout.margin, bottom))
      bottom += legend.height
    }
    for note in notes(layout, numbers) {
      let lines = TextStyle.note.wrapped(note, width: width - 2 * NetworkLayout.margin)
      for line in lines {
        bottom += TextStyle.note.size * 1.35
        canvas.text(line, at: Point(NetworkLayout.margin, bottom), TextStyle.note)
      }
    }
    return bottom
  }

  private func notes(_ layout: NetworkLayout, _ numbers: NumberFormat) -> [SymbolText] {
    var notes: [SymbolText] = []
    let largest = largestWeight
    if largest > 0 {
      notes.append("The wider a line, the larger its weight; at most " + numbers.symbol(largest))
    }
    let hasNodes = layers.contains { $0.nodes.contains { $0.gradient != nil } }
    let hasWeights = connections.contains { $0.gradients != nil }
    let meanings = [
      hasNodes ? gradientNames.node + " below a circle" : nil,
      hasWeights ? gradientNames.weight + " at a line" : nil,
    ].compactMap { $0 }
    if let first = meanings.first {
      notes.append(meanings.dropFirst().reduce("∂ is " + first) { $0 + ", " + $1 })
    }
    if !layout.unlabelled.isEmpty {
      let names = layout.unlabelled.map { layers[$0].title.text }.joined(separator: ", ")
      notes.append(.words("\(names): too many lines for labels"))
    }
    let hidden = layers.contains { Elision(count: $0.nodes.count).hidden > 0 }
    if hidden { notes.append("Lines to circles that are left out are not drawn") }
    return notes
  }
}

extension Double {
  /// −1, 0 or 1.
  fileprivate var signum: Int { self > 0 ? 1 : self < 0 ? -1 : 0 }
}
