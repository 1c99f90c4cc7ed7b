import Notation

/// The rectangle of a plot with its two axes: from numbers to places, and the drawing of both axes.
struct PlotArea {
  let box: Box
  let x: AxisScale
  let y: AxisScale

  /// From the frame to the labels of its ticks.
  private static let tickGap = 8.0

  /// Where two numbers lie, or nil if the axes cannot show them; perhaps outside the box.
  func point(_ first: Double, _ second: Double) -> Point? {
    guard let across = x.part(of: first), let up = y.part(of: second) else { return nil }
    return Point(box.left + across * box.width, box.bottom - up * box.height)
  }

  /// The two numbers that lie at a place.
  func numbers(at place: Point) -> (x: Double, y: Double) {
    (
      x.value(at: (place.x - box.left) / box.width),
      y.value(at: (box.bottom - place.y) / box.height)
    )
  }

  // MARK: - Ticks

  /// As many ticks as their labels have room for.
  static func horizontalTicks(
    _ scale: AxisScale, width: Double, isWhole: Bool = false
  ) -> AxisTicks {
    for count in stride(from: 9, to: 1, by: -1) {
      let ticks = AxisTicks(scale, about: count, isWhole: isWhole)
      let widest = ticks.major.map { TextStyle.tick.width(of: $0.label) }.max() ?? 0
      if Double(max(ticks.major.count - 1, 1)) * (widest + 18) <= width { return ticks }
    }
    return AxisTicks(scale, about: 1, isWhole: isWhole)
  }

  static func verticalTicks(
    _ scale: AxisScale, height: Double, isWhole: Bool = false
  ) -> AxisTicks {
    AxisTicks(
      scale, about: max(Int(height / (scale.kind == .linear ? 60 : 40)), 2), isWhole: isWhole)
  }

  /// The room left of the box for ticks and, turned, the label.
  static func leftMargin(_ ticks: AxisTicks, label: SymbolText) -> Double {
    let widest = ticks.major.map { TextStyle.tick.width(of: $0.label) }.max() ?? 0
    return widest + tickGap + (label.isEmpty ? 14 : TextStyle.axisTitle.size * 1.5 + 14)
  }

  /// The room right of the box for half of a label.
  static func rightMargin(_ scale: AxisScale) -> Double {
    let labels = AxisTicks(scale, about: 5).major.map { TextStyle.tick.width(of: $0.label) }
    return max((labels.max() ?? 0) / 2 + 6, 30)
  }

  /// The room below the box for ticks and label.
  static func bottomMargin(label: SymbolText) -> Double {
    tickGap + TextStyle.tick.size * 1.3 + (label.isEmpty ? 8 : TextStyle.axisTitle.size * 1.6)
  }

  // MARK: - Drawing

  /// The grid, which lies behind everything.
  func drawGrid(on canvas: inout SVGCanvas, _ horizontal: AxisTicks, _ vertical: AxisTicks) {
    let faint = SVGCanvas.Stroke(color: Palette.grid, width: 0.6)
    let light = SVGCanvas.Stroke(color: Palette.grid)
    let zero = SVGCanvas.Stroke(color: Palette.axis)
    for value in horizontal.minor { drawVertical(at: value, faint, on: &canvas) }
    for value in vertical.minor { drawHorizontal(at: value, faint, on: &canvas) }
    for tick in horizontal.major {
      drawVertical(at: tick.value, tick.value == 0 ? zero : light, on: &canvas)
    }
    for tick in vertical.major {
      drawHorizontal(at: tick.value, tick.value == 0 ? zero : light, on: &canvas)
    }
  }

  private func drawVertical(
    at value: Double, _ stroke: SVGCanvas.Stroke, on canvas: inout SVGCanvas
  ) {
    guard let part = x.part(of: value) else { return }
    let place = box.left + part * box.width
    canvas.line(from: Point(place, box.top), to: Point(place, box.bottom), stroke)
  }

  private func drawHorizontal(
    at value: Double, _ stroke: SVGCanvas.Stroke, on canvas: inout SVGCanvas
  ) {
    guard let part = y.part(of: value) else { return }
    let place = box.bottom - part * box.height
    canvas.line(from: Point(box.left, place), to: Point(box.right, place), stroke)
  }

  /// The frame with the labels of both axes.
  func drawAxes(
    on canvas: inout SVGCanvas, _ horizontal: AxisTicks, _ vertical: AxisTicks,
    xLabel: SymbolText, yLabel: SymbolText
  ) {
    canvas.rectangle(box, fill: nil, stroke: SVGCanvas.Stroke(color: Palette.axis))
    let style = TextStyle.tick
    for tick in horizontal.major {
      guard let part = x.part(of: tick.value) else { continue }
      let place = Point(
        box.left + part * box.width, box.bottom + Self.tickGap + style.size * 0.95)
      canvas.text(tick.label, at: place, style, .middle)
    }
    for tick in vertical.major {
      guard let part = y.part(of: tick.value) else { continue }
      let place = Point(
        box.left - Self.tickGap, box.bottom - part * box.height + style.middleShift)
      canvas.text(tick.label, at: place, style, .end)
    }
    let below = box.bottom + Self.bottomMargin(label: xLabel) - TextStyle.axisTitle.size * 0.5
    let across = TextStyle.axisTitle.fitted(xLabel, width: box.width)
    let up = TextStyle.axisTitle.fitted(yLabel, width: box.height)
    canvas.text(across, at: Point(box.center.x, below), TextStyle.axisTitle, .middle)
    let beside = box.left - Self.leftMargin(vertical, label: yLabel) + TextStyle.axisTitle.size + 4
    canvas.text(up, at: Point(beside, box.center.y), TextStyle.axisTitle, .middle, turned: true)
  }
}
