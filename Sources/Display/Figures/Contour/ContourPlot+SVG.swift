import Notation

extension ContourPlot {
  private static let width = 720.0
  private static let height = 460.0
  private static let margin = 16.0
  /// Contours may be drawn so far from where they are: less than the eye sees.
  private static let tolerance = 0.15
  /// Longer ways show no dot a place.
  private static let mostDots = 60

  package func drawing(numbers: NumberFormat) -> Drawing {
    var canvas = SVGCanvas()
    let x = AxisScale(.linear, from: grid.x.lowerBound, to: grid.x.upperBound)
    let y = AxisScale(.linear, from: grid.y.lowerBound, to: grid.y.upperBound)
    let vertical = PlotArea.verticalTicks(y, height: Self.height)
    let left = PlotArea.leftMargin(vertical, label: yLabel)
    let right = Self.width - PlotArea.rightMargin(x)
    var top = Self.margin
    if !title.isEmpty {
      top += TextStyle.title.size
      canvas.text(
        TextStyle.title.fitted(title, width: right - left), at: Point(left, top), TextStyle.title)
      top += 14
    }
    let legend = Legend(legendEntries, width: right - left)
    legend.draw(on: &canvas, at: Point(left, top))
    top += legend.height
    let area = PlotArea(box: Box(left, top, right - left, Self.height), x: x, y: y)
    drawLevels(area, on: &canvas)
    area.drawAxes(
      on: &canvas, PlotArea.horizontalTicks(x, width: right - left), vertical, xLabel: xLabel,
      yLabel: yLabel)
    drawWay(area, on: &canvas)
    top += Self.height + PlotArea.bottomMargin(label: xLabel)
    canvas.notes(notes(numbers), at: left, below: &top, width: Self.width - left - 8)
    return canvas.document(
      width: Self.width, height: top + 14, title: title.isEmpty ? "Contours" : title.text,
      description: text(numbers: numbers))
  }

  /// The shades from the lowest up, the lines on them, and their numbers where there is room.
  private func drawLevels(_ area: PlotArea, on canvas: inout SVGCanvas) {
    let (box, levels) = (area.box, self.levels)
    canvas.rectangle(box, fill: Self.shade(0))
    var lines: [(level: Double, longest: [Point])] = []
    for (index, level) in levels.enumerated() {
      let region = region(level)
      var fill = SVGPath()
      for ring in region.rings {
        let places = ring.map { grid.place($0, in: box) }
        fill.append(Decimation.thinned(places, tolerance: Self.tolerance), closed: true)
      }
      canvas.path(fill, fill: Self.shade(Double(index + 1) / Double(levels.count)))
      var path = SVGPath()
      let drawn = region.lines.map { $0.map { grid.place($0, in: box) } }
      for line in drawn { path.append(Decimation.thinned(line, tolerance: Self.tolerance)) }
      canvas.path(path, stroke: SVGCanvas.Stroke(color: Palette.blue, opacity: 0.6))
      if let longest = drawn.max(by: { $0.count < $1.count }) { lines.append((level, longest)) }
    }
    // The ends of the way are not covered.
    var taken = [way.first, way.last].compactMap { $0.flatMap { area.point($0.x, $0.y) } }
      .map { Box(center: $0, width: 20, height: 20) }
    for (level, line) in lines {
      let label = NumberFormat(digits: 0, significantDigits: 2).symbol(level)
      let style = TextStyle.tick
      for place in [line.count / 2, line.count / 4, line.count * 3 / 4] where place < line.count {
        let point = line[place] + Point(0, style.middleShift)
        let room = style.box(of: label, at: point, .middle).expanded(by: 4)
        guard room.left > box.left, room.right < box.right, room.top > box.top,
          room.bottom < box.bottom, !taken.contains(where: { $0.overlap(with: room) > 0 })
        else { continue }
        canvas.patchedText(label, at: point, style, .middle)
        taken.append(room)
        break
      }
    }
  }

  private static func shade(_ part: Double) -> RGBColor {
    Palette.tint(Palette.blue, 0.04 + 0.5 * part)
  }

  private static let wayStroke = SVGCanvas.Stroke(color: Palette.vermilion, width: 2.4)

  private func drawWay(_ area: PlotArea, on canvas: inout SVGCanvas) {
    let places = way.compactMap { area.point($0.x, $0.y) }
    var path = SVGPath()
    for (start, end) in zip(places, places.dropFirst()) {
      guard let part = area.box.clipped(from: start, to: end) else { continue }
      path.move(to: part.from)
      path.line(to: part.to)
    }
    canvas.path(path, stroke: Self.wayStroke)
    let inside = places.filter(area.box.expanded(by: 0.5).contains)
    if places.count <= Self.mostDots {
      for place in inside { canvas.circle(place, radius: 3, fill: Palette.vermilion) }
    }
    if places.count > 1, let start = places.first, inside.contains(start) {
      Self.drawEnd(start, isStart: true, on: &canvas)
    }
    if let end = places.last, inside.contains(end) {
      Self.drawEnd(end, isStart: false, on: &canvas)
    }
  }

  private static func drawEnd(_ place: Point, isStart: Bool, on canvas: inout SVGCanvas) {
    canvas.circle(
      place, radius: 6, fill: isStart ? Palette.background : Palette.vermilion,
      stroke: SVGCanvas.Stroke(
        color: isStart ? Palette.vermilion : Palette.background, width: isStart ? 2.4 : 1.5))
  }

  private var legendEntries: [Legend.Entry] {
    func end(_ name: SymbolText, isStart: Bool) -> Legend.Entry {
      Legend.Entry(name: name, sampleWidth: 16) { box, canvas in
        Self.drawEnd(box.center, isStart: isStart, on: &canvas)
      }
    }
    guard way.count > 1 else { return way.isEmpty ? [] : [end("where it is", isStart: false)] }
    return [
      end("start", isStart: true),
      Legend.Entry(name: .words(updates.counted("update")), sampleWidth: 34) {
        box, canvas in
        canvas.line(
          from: Point(box.left, box.center.y), to: Point(box.right, box.center.y), Self.wayStroke)
      }, end("end", isStart: false),
    ]
  }
}
