extension Chart {
  private static let width = 720.0
  private static let margin = 16.0
  static let lineWidth = 2.6

  /// Where everything lies.
  struct Places {
    /// A panel with its place and its ticks.
    struct Placed {
      let panel: Panel
      let area: PlotArea
      let vertical: AxisTicks
    }

    let panels: [Placed]
    let horizontal: AxisTicks
    let legend: Legend
    let left: Double
    let right: Double
    /// Where the legend begins, and where the notes do.
    let legendTop: Double
    let bottom: Double
  }

  /// The height of each of so many panels.
  static func panelHeight(_ count: Int) -> Double { count == 1 ? 330 : count == 2 ? 230 : 190 }

  var places: Places {
    let scale = xScale
    let height = Self.panelHeight(panels.count)
    let verticals = panels.map {
      PlotArea.verticalTicks(yScale($0), height: height, isWhole: yIsWhole($0))
    }
    let left =
      zip(panels, verticals).map { PlotArea.leftMargin($1, label: yTitle($0)) }.max() ?? 0
    let right = Self.width - PlotArea.rightMargin(scale)
    let horizontal = PlotArea.horizontalTicks(scale, width: right - left, isWhole: xIsWhole)

    let legendTop = Self.margin + (title.isEmpty ? 0 : TextStyle.title.size + 14)
    let legend = Legend(needsLegend ? names.indices.map(legendEntry) : [], width: right - left)
    let first = legendTop + legend.height
    let placed = zip(panels, verticals).enumerated().map { index, panel in
      let top = first + Double(index) * (height + 22)
      return Places.Placed(
        panel: panel.0,
        area: PlotArea(
          box: Box(left, top, right - left, height), x: scale, y: yScale(panel.0)),
        vertical: panel.1)
    }
    return Places(
      panels: placed, horizontal: horizontal, legend: legend, left: left, right: right,
      legendTop: legendTop,
      bottom: first + Double(panels.count) * (height + 22) - 22
        + PlotArea.bottomMargin(label: x.title))
  }

  package func drawing(numbers: NumberFormat) -> Drawing {
    var canvas = SVGCanvas()
    let places = places
    if !title.isEmpty {
      let heading = TextStyle.title.fitted(title, width: places.right - places.left)
      canvas.text(
        heading, at: Point(places.left, Self.margin + TextStyle.title.size), TextStyle.title)
    }
    places.legend.draw(on: &canvas, at: Point(places.left, places.legendTop))
    for (index, placed) in places.panels.enumerated() {
      draw(
        placed, places.horizontal, isLast: index == panels.count - 1, moves: numbers.marks,
        on: &canvas)
    }
    var top = places.bottom
    canvas.notes(allNotes, at: places.left, below: &top, width: Self.width - places.left - 8)
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
    _ placed: Places.Placed, _ horizontal: AxisTicks, isLast: Bool, moves: Bool,
    on canvas: inout SVGCanvas
  ) {
    placed.area.drawGrid(on: &canvas, horizontal, placed.vertical)
    placed.area.drawAxes(
      on: &canvas,
      isLast ? horizontal : AxisTicks.none, placed.vertical, xLabel: isLast ? x.title : "",
      yLabel: yTitle(placed.panel))
    for position in placed.panel.series.indices {
      guard moves else {
        draw(position, in: placed, on: &canvas)
        continue
      }
      canvas.redrawn { draw(position, in: placed, on: &$0) }
    }
  }

  /// How the series at a position of a panel looks.
  func look(at position: Int, of panel: Panel) -> SeriesLook {
    look(names.firstIndex(of: panel.series[position].name) ?? position)
  }

  /// How far along a line its first marker is.
  func stagger(_ position: Int, of panel: Panel) -> Double? {
    needsLegend ? Double(position + 1) / Double(panel.series.count + 1) : nil
  }

  /// How large the points of a series are, and those where it leaps.
  static func markerRadius(_ form: Series.Form) -> Double { form == .line ? 5 : 5.5 }
  static let jumpRadius = 5.0

  /// Over its line a series has at most so many points.
  static func markerLimit(_ panel: Panel) -> Int { pointLimit / max(panel.series.count, 1) }

  private func draw(_ position: Int, in placed: Places.Placed, on canvas: inout SVGCanvas) {
    let series = placed.panel.series[position]
    let look = look(at: position, of: placed.panel)
    let area = placed.area
    let places = zip(series.x, series.y).map { area.point($0, $1).map(Self.near) }
    if series.form != .points {
      var path = SVGPath()
      let whole = series.isFunction ? Self.partedAtPoles(places, in: area.box) : places
      let kept = Decimation.kept(whole, tolerance: Self.tolerance).map { whole[$0] }
      for piece in Self.pieces(kept, in: area.box) { path.append(piece) }
      canvas.path(path, stroke: look.stroke(Self.lineWidth))
    }
    let frame = area.box.expanded(by: 0.5)
    let inside = places.compactMap { $0 }.filter(frame.contains)
    let marked = Self.marked(
      inside, series.form, stagger: stagger(position, of: placed.panel),
      limit: Self.markerLimit(placed.panel))
    let lonely = Self.lonely(places).filter { frame.contains($0) && !marked.contains($0) }
    for place in marked + lonely {
      look.marker.draw(
        on: &canvas, at: place, radius: Self.markerRadius(series.form), fill: look.color)
    }
    for jump in series.jumps {
      for dot in jump.dots {
        guard let place = area.point(jump.x, dot.y), frame.contains(place) else { continue }
        look.drawDot(at: place, radius: Self.jumpRadius, isOpen: dot.isOpen, on: &canvas)
      }
    }
  }

  /// A line may be drawn so far from where it is: less than the eye sees.
  static let tolerance = 0.15

  /// What lies so far away is as good as there, and can be reckoned with.
  private static func near(_ place: Point) -> Point {
    let limit = 1e7
    return Point(min(max(place.x, -limit), limit), min(max(place.y, -limit), limit))
  }

  /// The places of a function, with a gap between two that follow each other and lie beyond opposite edges: that is a
  /// pole.
  static func partedAtPoles(_ places: [Point?], in box: Box) -> [Point?] {
    var result: [Point?] = []
    for (index, place) in places.enumerated() {
      if index > 0, let last = places[index - 1], let place,
        min(last.y, place.y) < box.top, max(last.y, place.y) > box.bottom
      {
        result.append(nil)
      }
      result.append(place)
    }
    return result
  }

  /// The pieces of the line inside the box.
  static func pieces(_ places: [Point?], in box: Box) -> [[Point]] {
    var pieces: [[Point]] = []
    var end: Point?
    for (start, next) in zip(places, places.dropFirst()) {
      guard let start, let next else {
        end = nil
        continue
      }
      guard let part = box.clipped(from: start, to: next) else {
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

  /// The value of a function where it leaps, or an open end that it only comes near.
  func drawDot(at place: Point, radius: Double, isOpen: Bool, on canvas: inout SVGCanvas) {
    canvas.circle(
      place, radius: radius, fill: isOpen ? Palette.background : color,
      stroke: SVGCanvas.Stroke(color: color, width: 2))
  }
}
