import Notation

extension NeuronDiagram {
  package func drawing(numbers: NumberFormat) -> Drawing {
    let heading = Heading(title)
    let layout = NeuronLayout(self, top: heading.height, numbers: numbers)
    var canvas = SVGCanvas()
    let width = max(layout.width, heading.width)
    heading.draw(on: &canvas)
    drawHeads(layout, top: heading.height, on: &canvas)
    let style = EdgeStyle(pass: pass, largest: largest, hasNumbers: true)
    for row in layout.rows { draw(row, layout, style, on: &canvas) }
    drawSum(layout, layout.numbers, on: &canvas)
    let bottom = drawFormulas(
      width: max(width, NetworkLayout.pageWidth - 1), below: layout.bottom + 14, numbers,
      on: &canvas)
    return canvas.document(
      width: max(width, bottom.right + NetworkLayout.margin), height: bottom.y + 14,
      title: title.text, description: text(numbers: numbers))
  }

  private var parameters: [Parameter] { inputs.map(\.weight) + [bias].compactMap { $0 } }

  private var pass: NetworkDiagram.Pass {
    parameters.contains { $0.new != nil }
      ? .changes : parameters.contains { $0.gradient != nil } ? .gradients : .weights
  }

  private var largest: Double { parameters.reduce(0) { max($0, abs($1.amount(pass))) } }

  private func drawHeads(_ layout: NeuronLayout, top: Double, on canvas: inout SVGCanvas) {
    let heads: [(SymbolText, Double)] = [
      ("inputs", layout.circleX),
      ("weights", (layout.circleX + layout.radius + layout.levelEnd) / 2),
      ("sum", layout.sum.x), ("activation", layout.box.center.x),
      ("output", (layout.box.right + layout.end.x) / 2 + 6),
    ]
    for (head, x) in heads {
      canvas.text(head, at: Point(x, top + 14), NeuronLayout.headStyle, .middle)
    }
  }

  // MARK: - Inputs and weights

  private func draw(
    _ row: NeuronLayout.Row, _ layout: NeuronLayout, _ style: EdgeStyle, on canvas: inout SVGCanvas
  ) {
    let center = Point(layout.circleX, row.y)
    if let hidden = row.hidden {
      for step in [-9.0, 0, 9] {
        canvas.circle(center + Point(0, step), radius: 2.4, fill: Palette.ink)
      }
      return canvas.text(
        .words("\(hidden) more"), at: center + Point(-layout.radius - 6, 5), NeuronLayout.headStyle,
        .end)
    }
    if let weight = row.weight {
      drawLine(row, layout, style.stroke(weight.amount(style.pass)), style.pass, on: &canvas)
    }
    canvas.circle(
      center, radius: layout.radius, fill: row.isBias ? Palette.grid : Palette.surface,
      stroke: SVGCanvas.Stroke(color: Palette.ink, width: 1.8))
    let (name, label) = (NeuronLayout.nameStyle, NeuronLayout.labelStyle)
    canvas.text(row.inside, at: center + Point(0, label.middleShift), label, .middle)
    let beside = center + Point(-layout.radius - 6, 0)
    // The name's index and the number's power have to stay apart.
    let rise = row.value.isEmpty ? 0.0 : 14
    canvas.text(row.name, at: beside + Point(0, name.middleShift - rise), name, .end)
    canvas.text(row.value, at: beside + Point(0, label.middleShift + rise), label, .end)
    let left = layout.circleX + layout.radius + 9
    canvas.text(row.label, at: Point(left, row.y - 11), label)
    if let below = row.below {
      canvas.text(below.text, at: Point(left, row.y + 18), below.style)
    }
  }

  /// Level under the weight, then bent to the sum.
  private func drawLine(
    _ row: NeuronLayout.Row, _ layout: NeuronLayout, _ stroke: SVGCanvas.Stroke,
    _ pass: NetworkDiagram.Pass, on canvas: inout SVGCanvas
  ) {
    let start = Point(layout.circleX + layout.radius, row.y)
    let isBackward = pass == .gradients
    let bend = Point(layout.levelEnd, row.y)
    let end = Point(layout.sum.x - NeuronLayout.sumRadius, layout.sum.y)
    var path = SVGPath()
    path.move(to: isBackward ? start + Point(6, 0) : start)
    path.line(to: bend)
    let reach = (end.x - bend.x) * 0.55
    path.curve(to: end, bend + Point(reach, 0), end - Point(reach, 0))
    canvas.path(path, stroke: stroke)
    if isBackward {
      canvas.arrowHead(
        at: start, along: Point(-1, 0), size: 6 + 2 * stroke.width, stroke.color)
    }
  }

  // MARK: - Sum, activation, output

  private func drawSum(
    _ layout: NeuronLayout, _ numbers: NumberFormat, on canvas: inout SVGCanvas
  ) {
    let stroke = SVGCanvas.Stroke(color: Palette.ink, width: 1.8)
    canvas.circle(
      layout.sum, radius: NeuronLayout.sumRadius, fill: Palette.surface, stroke: stroke)
    let sign = TextStyle(size: 28)
    canvas.text("Σ", at: layout.sum + Point(0, sign.middleShift), sign, .middle)
    let left = Point(layout.sum.x + NeuronLayout.sumRadius, layout.sum.y)
    drawArrow(from: left, to: Point(layout.box.left, left.y), sum, numbers, on: &canvas)
    canvas.rectangle(layout.box, fill: Palette.surface, stroke: stroke, radius: 8)
    drawActivation(layout, on: &canvas)
    drawArrow(from: Point(layout.box.right, left.y), to: layout.end, output, numbers, on: &canvas)
  }

  private func drawActivation(_ layout: NeuronLayout, on canvas: inout SVGCanvas) {
    if let curve = activation.curve {
      let room = layout.box.expanded(by: -12)
      canvas.line(
        from: Point(room.left - 4, room.bottom), to: Point(room.right + 4, room.bottom),
        SVGCanvas.Stroke(color: Palette.axis))
      canvas.line(
        from: Point(room.center.x, room.top - 4), to: Point(room.center.x, room.bottom + 4),
        SVGCanvas.Stroke(color: Palette.axis))
      canvas.path(
        curve.path(in: room), stroke: SVGCanvas.Stroke(color: Palette.positive, width: 2.6))
    }
    for (index, line) in layout.activationName.enumerated() {
      canvas.text(
        line, at: Point(layout.box.center.x, layout.box.bottom + 18 + Double(index) * 18),
        NeuronLayout.headStyle, .middle)
    }
  }

  /// An arrow with a quantity's name above it, and its numbers below; the way back leads against it.
  private func drawArrow(
    from start: Point, to end: Point, _ quantity: Quantity, _ numbers: NumberFormat,
    on canvas: inout SVGCanvas
  ) {
    let isBackward = pass == .gradients
    let stroke = SVGCanvas.Stroke(
      color: isBackward ? Palette.gradient : Palette.ink, width: 2)
    canvas.arrow(from: isBackward ? end : start, to: isBackward ? start : end, stroke)
    // Between the circle or box and the next one, which may have a wide name below it.
    let isOuter = end.x > start.x && quantity == output
    let slot = max(0, activationWidth / 2 - 31)
    let middle = (start.x + (isOuter ? slot : 0) + end.x - (isOuter ? 0 : slot)) / 2
    canvas.text(quantity.name, at: Point(middle, start.y - 13), NeuronLayout.nameStyle, .middle)
    for (index, line) in quantity.lines(numbers).enumerated() {
      canvas.text(
        line.text, at: Point(middle, start.y + 22 + Double(index) * 19), line.style, .middle)
    }
  }

  private var activationWidth: Double {
    max(
      76,
      NeuronLayout.headStyle.wrapped(activation.name, width: NeuronLayout.widestActivation).map {
        NeuronLayout.headStyle.width(of: $0)
      }.max() ?? 0)
  }

  // MARK: - Formulas

  /// The lines below, broken at their signs to the width. Returns the lower edge and how far right they reach.
  private func drawFormulas(
    width: Double, below top: Double, _ numbers: NumberFormat, on canvas: inout SVGCanvas
  ) -> (right: Double, y: Double) {
    let room = width - 2 * NetworkLayout.margin
    var y = top
    var right = 0.0
    for formula in NeuronFormulas(self, numbers).lines {
      let style = TextStyle(
        size: 16, color: formula.isGradient ? Palette.gradient : Palette.ink)
      var lines: [(text: SymbolText, indent: Double)] = []
      for part in formula.parts {
        if let last = lines.last,
          last.indent + style.width(of: last.text + part) <= room
        {
          lines[lines.count - 1].text = last.text + part
        } else {
          lines.append((part, lines.isEmpty ? 0 : 24))
        }
      }
      for line in lines {
        y += 27
        canvas.text(line.text, at: Point(NetworkLayout.margin + line.indent, y), style)
        right = max(right, NetworkLayout.margin + line.indent + style.width(of: line.text))
      }
    }
    return (right, y + 4)
  }
}

extension NeuronDiagram.Parameter {
  /// What decides how wide its line is.
  func amount(_ pass: NetworkDiagram.Pass) -> Double {
    switch pass {
    case .weights: value
    case .gradients: gradient ?? 0
    case .changes: (new ?? value) - value
    }
  }
}
