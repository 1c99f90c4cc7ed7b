import Notation

/// The colours of a heat map with their numbers: a bar as tall as the map at its right, or lying below a low one.
extension HeatMap {
  private static let thickness = 18.0
  private static let steps = 48

  /// Returns the right edge.
  func drawStandingLegend(
    _ layout: Layout, _ scale: DivergingScale, on canvas: inout SVGCanvas
  ) -> Double {
    // The label of the last column may be wider than the column.
    let last = layout.blocks.columns.last.map { columnLabel($0) } ?? ""
    let labelWidth = TextStyle.tick.width(of: TextStyle.tick.fitted(last, width: Self.labelLimit))
    let beyond = layout.texts == nil ? max((labelWidth - layout.cell.width) / 2, 0) : 0
    let bar = Box(
      layout.corner.x + layout.width + 26 + beyond, layout.corner.y, Self.thickness, layout.height)
    for step in 0..<Self.steps {
      let height = bar.height / Double(Self.steps)
      draw(
        Box(bar.left, bar.bottom - Double(step + 1) * height, bar.width, height), scale,
        step: step, on: &canvas)
    }
    canvas.rectangle(bar, fill: nil, stroke: SVGCanvas.Stroke(color: Palette.axis))
    var right = bar.right
    for (part, label) in ticks(scale, about: bar.height < 200 ? 2 : 4) {
      let place = Point(bar.right + 8, bar.bottom - part * bar.height)
      canvas.line(
        from: Point(bar.right, place.y), to: Point(bar.right + 4, place.y),
        SVGCanvas.Stroke(color: Palette.axis))
      canvas.text(label, at: place + Point(0, TextStyle.tick.middleShift), TextStyle.tick)
      right = max(right, place.x + TextStyle.tick.width(of: label))
    }
    let valueName = TextStyle.tick.fitted(valueName, width: 200)
    if !valueName.isEmpty {
      let place = Point(bar.left, bar.top - 10)
      canvas.text(valueName, at: place, TextStyle.tick)
      right = max(right, place.x + TextStyle.tick.width(of: valueName))
    }
    return right
  }

  /// Returns the right edge; `bottom` moves below the numbers.
  func drawLyingLegend(
    _ layout: Layout, _ scale: DivergingScale, below bottom: inout Double,
    on canvas: inout SVGCanvas
  ) -> Double {
    let bar = Box(layout.corner.x, bottom + 8, Self.lyingBar, Self.thickness)
    for step in 0..<Self.steps {
      let width = bar.width / Double(Self.steps)
      draw(
        Box(bar.left + Double(step) * width, bar.top, width, bar.height), scale, step: step,
        on: &canvas)
    }
    canvas.rectangle(bar, fill: nil, stroke: SVGCanvas.Stroke(color: Palette.axis))
    let style = TextStyle.tick
    bottom = bar.bottom + style.size * 1.4
    var right = bar.right
    for (part, label) in ticks(scale, about: 2) {
      let place = Point(bar.left + part * bar.width, bottom)
      canvas.line(
        from: Point(place.x, bar.bottom), to: Point(place.x, bar.bottom + 4),
        SVGCanvas.Stroke(color: Palette.axis))
      canvas.text(label, at: place, style, .middle)
      right = max(right, place.x + style.width(of: label) / 2)
    }
    let valueName = style.fitted(valueName, width: 200)
    if !valueName.isEmpty {
      let place = Point(bar.right + 10, bar.center.y + style.middleShift)
      canvas.text(valueName, at: place, style)
      right = max(right, place.x + style.width(of: valueName))
    }
    bottom += 6
    return max(right, layout.corner.x + layout.width)
  }

  /// A piece of the bar, from the least number on.
  private func draw(
    _ box: Box, _ scale: DivergingScale, step: Int, on canvas: inout SVGCanvas
  ) {
    var stripe = SVGPath()
    stripe.rectangle(box)
    let value = scale.value(at: (Double(step) + 0.5) / Double(Self.steps))
    canvas.path(stripe, fill: scale.color(value), isCrisp: true)
  }

  /// The marks of the bar, with how far along they are.
  private func ticks(
    _ scale: DivergingScale, about count: Int
  ) -> [(part: Double, label: SymbolText)] {
    let axis = AxisScale(.linear, from: scale.range.lowerBound, to: scale.range.upperBound)
    // Three at least: one on either side of 0 where the bar has two sides.
    let choices = (count...(count + 3)).map { AxisTicks(axis, about: $0).major }
    let ticks = choices.first { $0.count > 2 } ?? choices[choices.count - 1]
    return ticks.compactMap { tick in
      axis.part(of: tick.value).map { ($0, tick.label) }
    }
  }
}
