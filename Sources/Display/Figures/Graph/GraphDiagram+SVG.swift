import Notation

extension GraphDiagram {

  package func drawing(numbers: NumberFormat) -> Drawing {
    var canvas = SVGCanvas()
    let heading =
      title.isEmpty ? [] : TextStyle.title.wrapped(title, width: Self.headingWidth)
    let leading = TextStyle.title.size * 1.3
    let top =
      GraphLayout.margin + (heading.isEmpty ? 0 : Double(heading.count) * leading + 12)
    let layout = GraphLayout(self, top: top, numbers: numbers)
    for (index, line) in heading.enumerated() {
      let base = GraphLayout.margin + TextStyle.title.size - 2 + Double(index) * leading
      canvas.text(line, at: Point(GraphLayout.margin, base), TextStyle.title)
    }
    for arrow in layout.arrows { draw(arrow, on: &canvas) }
    for (node, box) in zip(nodes, layout.boxes) { draw(node, box, numbers, on: &canvas) }
    for arrow in layout.arrows {
      guard let label = arrow.label, let center = arrow.labelCenter else { continue }
      let style = GraphLayout.labelStyle
      canvas.patchedText(label, at: center + Point(0, style.middleShift), style, .middle)
    }
    var bottom = layout.bottom
    let headingWidth = heading.map(TextStyle.title.width).max() ?? 0
    var width = max(layout.width, headingWidth + 2 * GraphLayout.margin)
    canvas.notes(notes, at: GraphLayout.margin, below: &bottom, leading: 1.8)
    for note in notes {
      width = max(width, TextStyle.note.width(of: note) + 2 * GraphLayout.margin)
    }
    return canvas.document(
      width: width, height: bottom + GraphLayout.margin * 0.8,
      title: title.isEmpty ? "Computational graph" : title.text,
      description: text(numbers: numbers))
  }

  /// A longer heading goes on in the next line.
  private static let headingWidth = 640.0

  private var notes: [SymbolText] {
    let hasLabels = edges.contains { !$0.label.isEmpty || $0.value != nil }
    let hasGradients = nodes.contains { $0.gradient != nil }
    return [
      hasLabels ? "Along an arrow: the derivative of its end by its start" : nil,
      hasGradients ? "∂ in a node: " + gradientName : nil,
    ].compactMap { $0 }
  }

  private func draw(_ arrow: GraphLayout.Arrow, on canvas: inout SVGCanvas) {
    guard let first = arrow.points.first, let last = arrow.points.last else { return }
    let head = 11.0
    var path = SVGPath()
    path.move(to: first)
    for (start, end) in zip(arrow.points, arrow.points.dropFirst()) {
      let (a, b) = GraphLayout.Arrow.controls(start, end)
      let isLast = end == last
      path.curve(to: isLast ? end - Point(head * 0.8, 0) : end, a, b)
    }
    canvas.path(path, stroke: SVGCanvas.Stroke(color: Palette.mutedInk, width: 1.8))
    canvas.arrowHead(at: last, along: Point(1, 0), size: head, Palette.mutedInk)
  }

  /// Inputs are round at their ends, the output has two frames, constants a dashed one.
  private func draw(
    _ node: Node, _ box: Box, _ numbers: NumberFormat, on canvas: inout SVGCanvas
  ) {
    let radius = node.kind == .input ? box.height / 2 : 7
    let fill: RGBColor =
      switch node.kind {
      case .input: Palette.tint(Palette.blue, 0.14)
      case .constant: Palette.background
      case .operation: Palette.surface
      case .output: Palette.tint(Palette.green, 0.16)
      }
    if node.kind == .output {
      canvas.rectangle(
        box, fill: Palette.background, stroke: SVGCanvas.Stroke(color: Palette.ink, width: 1.4),
        radius: radius + 4)
    }
    canvas.rectangle(
      box.expanded(by: node.kind == .output ? -4 : 0), fill: fill,
      stroke: SVGCanvas.Stroke(
        color: Palette.ink, width: 1.8, dash: node.kind == .constant ? .dashed : .solid),
      radius: radius)
    let lines = GraphLayout.lines(node, numbers)
    for (index, line) in lines.enumerated() {
      let offset = (Double(index) - Double(lines.count - 1) / 2) * GraphLayout.lineHeight
      canvas.text(
        line.text, at: box.center + Point(0, offset + line.style.middleShift), line.style, .middle)
    }
  }
}
