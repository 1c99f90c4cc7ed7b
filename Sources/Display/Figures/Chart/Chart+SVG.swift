extension Chart {
  private static let width = 720.0
  private static let margin = 16.0
  private static let lineWidth = 2.6

  /// A panel with its place and its ticks.
  private struct Placed {
    let panel: Panel
    let area: PlotArea
    let vertical: AxisTicks
  }

  /// The height of each of so many panels.
  static func panelHeight(_ count: Int) -> Double { count == 1 ? 330 : count == 2 ? 230 : 190 }

  package func drawing(numbers: NumberFormat) -> Drawing {
    var canvas = SVGCanvas()
    let scale = xScale
    let height = Self.panelHeight(panels.count)
    let verticals = panels.map {
      PlotArea.verticalTicks(yScale($0), height: height, isWhole: yIsWhole($0))
    }
    let left =
      zip(panels, verticals).map { PlotArea.leftMargin($1, label: yTitle($0)) }.max() ?? 0
    let right = Self.width - PlotArea.rightMargin(scale)
    let horizontal = PlotArea.horizontalTicks(scale, width: right - left, isWhole: xIsWhole)

    var top = Self.margin
    if !title.isEmpty {
      top += TextStyle.title.size
      let heading = TextStyle.title.fitted(title, width: right - left)
      canvas.text(heading, at: Point(left, top), TextStyle.title)
      top += 14
    }
    let legend = Legend(needsLegend ? names.indices.map(legendEntry) : [], width: right - left)
    legend.draw(on: &canvas, at: Point(left, top))
    top += legend.height

    for (index, panel) in panels.enumerated() {
      let area = PlotArea(
        box: Box(left, top, right - left, height), x: scale, y: yScale(panel))
      draw(
        Placed(panel: panel, area: area, vertical: verticals[index]), horizontal,
        isLast: index == panels.count - 1, on: &canvas)
      top += height + 22
    }
    top += PlotArea.bottomMargin(label: x.title) - 22
    canvas.notes(allNotes, at: left, below: &top, width: Self.width - left - 8)
    return canvas.document(
      width: Self.width, height: top + 14, title: title.isEmpty ? "Chart" : title.text,
      description: text(numbers: numbers))
  }

  func look(_ index: Int) -> SeriesLook { SeriesLook(index, colors) }

  private func legendEntry(_ index: Int) -> Legend.Entry {
    let forms = panels.flatMap(\.series).filter { $0.name == names[index] }.map(\.form)
    let look = self.look(index)
    return Legend.Entry(name: names[index], sampleWidth: 44) { box, canvas in
      if forms.contains(where: { $0 != .points }) {
        canvas.line(
          from: Point(box.left, box.center.y), to: Point(box.right, box.center.y),
          look.stroke(Self.lineWidth))
      }
      look.marker.draw(on: &canvas, at: box.center, radius: 5.5, fill: look.color)
    }
  }

  private func draw(
    _ placed: Placed, _ horizontal: AxisTicks, isLast: Bool, on canvas: inout SVGCanvas
  ) {
    placed.area.drawGrid(on: &canvas, horizontal, placed.vertical)
    placed.area.drawAxes(
      on: &canvas,
      isLast ? horizontal : AxisTicks.none, placed.vertical, xLabel: isLast ? x.title : "",
      yLabel: yTitle(placed.panel))
    for (position, series) in placed.panel.series.enumerated() {
      let index = names.firstIndex(of: series.name) ?? position
      draw(
        series, look(index), placed,
        stagger: Double(position + 1) / Double(placed.panel.series.count + 1), on: &canvas)
    }
  }

  private func draw(
    _ series: Series, _ look: SeriesLook, _ placed: Placed, stagger: Double,
    on canvas: inout SVGCanvas
  ) {
    let area = placed.area
    let places = zip(series.x, series.y).map(area.point)
    if series.form != .points {
      var path = SVGPath()
      let kept = Decimation.kept(places, tolerance: Self.tolerance).map { places[$0] }
      for piece in Self.pieces(kept, in: area.box) { path.append(piece) }
      canvas.path(path, stroke: look.stroke(Self.lineWidth))
    }
    let frame = area.box.expanded(by: 0.5)
    let inside = places.compactMap { $0 }.filter(frame.contains)
    let limit = Self.pointLimit / max(placed.panel.series.count, 1)
    let marked = Self.marked(
      inside, series.form, stagger: needsLegend ? stagger : nil, limit: limit)
    let lonely = Self.lonely(places).filter { frame.contains($0) && !marked.contains($0) }
    for place in marked + lonely {
      look.marker.draw(
        on: &canvas, at: place, radius: series.form == .line ? 5 : 5.5, fill: look.color)
    }
    for jump in series.jumps {
      for dot in jump.dots {
        guard let place = area.point(jump.x, dot.y), frame.contains(place) else { continue }
        canvas.circle(
          place, radius: 5, fill: dot.isOpen ? Palette.background : look.color,
          stroke: SVGCanvas.Stroke(color: look.color, width: 2))
      }
    }
  }

  /// A line may be drawn so far from where it is: less than the eye sees.
  static let tolerance = 0.15

  /// The pieces of the line inside the box. Between two points that lie beyond opposite edges there is no line: that
  /// is a pole.
  static func pieces(_ places: [Point?], in box: Box) -> [[Point]] {
    var pieces: [[Point]] = []
    var end: Point?
    for (start, next) in zip(places, places.dropFirst()) {
      guard let start, let next else {
        end = nil
        continue
      }
      let isPole =
        min(start.y, next.y) < box.top && max(start.y, next.y) > box.bottom
      guard !isPole, let part = box.clipped(from: start, to: next) else {
        end = nil
        continue
      }
      if end != part.from { pieces.append([part.from]) }
      pieces[pieces.count - 1].append(part.to)
      end = part.to
    }
    return pieces
  }

  /// Points between two gaps, through which no line goes.
  static func lonely(_ places: [Point?]) -> [Point] {
    places.indices.compactMap { index in
      let isAlone =
        (index == 0 || places[index - 1] == nil)
        && (index == places.count - 1 || places[index + 1] == nil)
      return isAlone ? places[index] : nil
    }
  }

  /// So many points of a panel are drawn; more would lie over each other.
  private static let pointLimit = 600

  /// The points that get a marker: all of few, or of those that are points by themselves; else some
  /// along the line, if there are other lines that it has to be told from.
  private static func marked(
    _ places: [Point], _ form: Series.Form, stagger: Double?, limit: Int
  ) -> [Point] {
    guard let first = places.first, let last = places.last else { return [] }
    if places.count <= 26 || form != .line {
      let step = max((places.count + limit - 1) / limit, 1)
      return stride(from: 0, to: places.count, by: step).map { places[$0] }
    }
    guard let stagger else { return [] }
    let pitch = (last.x - first.x) / 6
    guard pitch > 0 else { return [] }
    var result: [Point] = []
    var next = first.x + pitch * stagger
    for place in places where place.x >= next {
      result.append(place)
      next += pitch
    }
    return result
  }
}

/// How a series is told from others.
struct SeriesLook {
  let color: RGBColor
  let dash: Dash
  let marker: Marker

  init(_ index: Int, _ colors: [RGBColor]) {
    color = colors[index % colors.count]
    dash = Dash.series(index)
    marker = Marker.series(index)
  }

  func stroke(_ width: Double) -> SVGCanvas.Stroke {
    SVGCanvas.Stroke(color: color, width: width, dash: dash)
  }
}
