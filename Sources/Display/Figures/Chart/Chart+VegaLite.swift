import JSONText

extension Chart {
  /// With its axis it fits a page that a projector shows at 150 %.
  private static let plotWidth = 530.0

  package func vegaLite(numbers: NumberFormat) -> JSONValue? {
    let notes = allNotes.map(\.singleLine)
    var chart: JSONObject = ["$schema": .string(VegaLite.schema)]
    chart["background"] = .string(Palette.background.hexadecimal)
    if !title.isEmpty || !notes.isEmpty {
      chart["title"] = VegaLite.title(title.singleLine, notes: notes)
    }
    let views = panels.indices.map { view($0, numbers) }
    if views.count == 1, let view = views.first {
      for member in view.members { chart[member.name] = member.value }
    } else {
      chart["vconcat"] = .array(views.map(JSONValue.object))
      chart["resolve"] = ["legend": ["color": "shared"]]
    }
    chart["config"] = VegaLite.config
    return .object(chart)
  }

  /// One panel: a layer of lines and one of points on the same data.
  private func view(_ index: Int, _ numbers: NumberFormat) -> JSONObject {
    let panel = panels[index]
    let hasLines = panel.series.contains { $0.form != .points }
    let legend = legend(ofLines: hasLines)
    var layers = [pointLayer(index, legend: hasLines ? nil : legend)]
    if hasLines { layers.insert(lineLayer(legend, panel), at: 0) }
    if index == 0, needsLegend {
      let own = layers[0]["params"]?.arrayValue ?? []
      layers[0]["params"] = .array(own + [Self.pick])
    }
    if panel.series.contains(where: { !$0.jumps.isEmpty }) { layers.append(jumpLayer) }
    return [
      "width": .number(Self.plotWidth), "height": .number(Self.panelHeight(panels.count)),
      "data": ["values": .array(values(panel))], "encoding": encoding(panel, legend),
      "layer": .array(layers.map(JSONValue.object)),
    ]
  }

  private func encoding(_ panel: Panel, _ legend: JSONValue) -> JSONValue {
    let height = Self.panelHeight(panels.count)
    let yScale = yScale(panel)
    var encoding: JSONObject = [
      "x": VegaLite.channel(
        "x", x, xScale, PlotArea.horizontalTicks(xScale, width: Self.plotWidth, isWhole: xIsWhole)),
      "y": VegaLite.channel(
        "y", panel.y, yScale,
        PlotArea.verticalTicks(yScale, height: height, isWhole: yIsWhole(panel)),
        title: yTitle(panel).singleLine),
      "color": bySeries(legend) { .string($0.color.hexadecimal) },
      "tooltip": .array([
        ["field": "series", "type": "nominal", "title": "series"],
        ["field": "x", "type": "quantitative", "title": .string(Self.tooltip(x, "x"))],
        [
          "field": "y", "type": "quantitative",
          "title": .string(Self.tooltip(panel.y, yTitle(panel).singleLine)),
        ],
      ]),
    ]
    if needsLegend {
      encoding["opacity"] = [
        "condition": ["param": "pick", "value": 1], "value": .number(0.15),
      ]
    }
    return .object(encoding)
  }

  /// Something that tells the series apart, in the order of their names.
  private func bySeries(_ legend: JSONValue, _ look: (SeriesLook) -> JSONValue) -> JSONValue {
    [
      "field": "series", "type": "nominal", "legend": legend,
      "scale": [
        "domain": .array(names.map { .string($0.singleLine) }),
        "range": .array(names.indices.map { look(self.look($0)) }),
      ],
    ]
  }

  private func lineLayer(_ legend: JSONValue, _ panel: Panel) -> JSONObject {
    var encoding: JSONObject = [
      "strokeDash": bySeries(legend) { look in
        .array(look.dash.lengths(width: 2.5).map { .number($0) })
      }
    ]
    if needsOrder(panel) {
      encoding["order"] = ["field": "place", "type": "quantitative"]
    }
    return [
      "transform": VegaLite.list(["filter": "!datum.form"]),
      "mark": ["type": "line", "strokeWidth": .number(2.5)],
      "encoding": .object(encoding),
    ]
  }

  /// Whether the order of x alone would not draw the lines as they are: going back, or with gaps.
  private func needsOrder(_ panel: Panel) -> Bool {
    let scale = yScale(panel)
    return panel.series.contains { series in
      series.form != .points
        && (zip(series.x, series.x.dropFirst()).contains { $0 >= $1 }
          || series.y.contains { !scale.contains($0) })
    }
  }

  /// The dots where functions leap.
  private var jumpLayer: JSONObject {
    [
      "transform": VegaLite.list(["filter": "datum.form === 'jump'"]),
      "mark": [
        "type": "point", "filled": false, "size": 90, "strokeWidth": 2, "opacity": 1,
      ],
      "encoding": [
        "fill": [
          "condition": [
            "test": "datum.open", "value": .string(Palette.background.hexadecimal),
          ],
          "field": "series", "type": "nominal", "legend": .null,
          "scale": [
            "domain": .array(names.map { .string($0.singleLine) }),
            "range": .array(names.indices.map { .string(look($0).color.hexadecimal) }),
          ],
        ]
      ],
    ]
  }

  /// The points; `legend` is nil where the legend shows lines. The shapes then come from a field that
  /// has no legend.
  private func pointLayer(_ index: Int, legend: JSONValue?) -> JSONObject {
    let shapes = VegaLite.list(names.indices.map { self.look($0).marker.vegaShape })
    let names = VegaLite.list(names.map(\.singleLine))
    let shape: JSONValue =
      legend.map { bySeries($0) { .string($0.marker.vegaShape) } }
      ?? ["field": "shape", "type": "nominal", "scale": .null]
    return [
      "transform": .array([
        ["filter": "isValid(datum.y) && datum.form !== 'jump'"],
        ["calculate": .string("\(shapes)[indexof(\(names), datum.series)]"), "as": "shape"],
      ]),
      "params": VegaLite.list(Self.hover(index)),
      "mark": ["type": "point", "filled": true, "size": 70],
      "encoding": ["shape": shape, "opacity": Self.pointOpacity(index, picking: needsLegend)],
    ]
  }

  /// Samples of lines, or of points where there are no lines.
  private func legend(ofLines hasLines: Bool) -> JSONValue {
    guard needsLegend else { return .null }
    var legend: JSONObject = ["title": .null, "orient": "top", "columns": 4]
    legend["symbolSize"] = hasLines ? 1_200 : 140
    if hasLines {
      legend["symbolType"] = "stroke"
      legend["symbolStrokeWidth"] = 3
    }
    return .object(legend)
  }

  /// What a tooltip calls a number.
  private static func tooltip(_ axis: FigureAxis, _ name: String) -> String {
    axis.label.isEmpty ? (name.isEmpty ? "value" : name) : axis.title.singleLine
  }

  /// The point that is nearest to the mouse.
  private static func hover(_ index: Int) -> JSONValue {
    [
      "name": .string("hover\(index)"),
      "select": ["type": "point", "on": "mouseover", "clear": "mouseout", "nearest": true],
    ]
  }

  /// The series that is picked in the legend, which all panels share. It belongs to the layer that the
  /// legend comes from, which is the first.
  private static let pick: JSONValue = [
    "name": "pick", "select": ["type": "point", "fields": ["series"]], "bind": "legend",
  ]

  /// Points along a dense line are seen only while they are pointed at.
  private static func pointOpacity(_ index: Int, picking: Bool) -> JSONValue {
    let picked: JSONValue = ["param": "pick"]
    let test: JSONValue =
      picking ? ["and": .array([picked, "datum.marked"])] : "datum.marked"
    return [
      "condition": .array([
        ["param": .string("hover\(index)"), "empty": false, "value": 1],
        ["test": test, "value": 1],
      ]), "value": 0,
    ]
  }

  /// The rows of all points, cut off at the frame; where a line has a gap there is a row without y.
  private func values(_ panel: Panel) -> [JSONValue] {
    let area = PlotArea(
      box: Box(0, 0, Self.plotWidth, Self.panelHeight(panels.count)), x: xScale, y: yScale(panel))
    let isOrdered = needsOrder(panel)
    return panel.series.flatMap { series in
      rows(series, in: area, isOrdered: isOrdered) + dots(series, in: area)
    }
  }

  /// Neighbours on a line are at most so far apart, so that there is something to point at.
  private static let farthest = 20.0
  /// How many rows all lines have together, so that notebooks stay small.
  private static let mostRows = 4_000
  /// Points that lie closer than this cover one another.
  private static let coveredSquare = 5.0

  private func rows(_ series: Series, in area: PlotArea, isOrdered: Bool) -> [JSONValue] {
    let places = zip(series.x, series.y).map(area.point)
    let frame = area.box.expanded(by: 0.5)
    let share = Self.mostRows / max(1, panels.reduce(0) { $0 + $1.series.count })
    let isMarked = series.form != .line && series.y.count <= share || series.y.count <= 26
    var rows: [JSONValue] = []
    var last = area.x.lower
    func append(_ place: Point?, isMarked: Bool) {
      let numbers = place.map(area.numbers)
      last = numbers?.x ?? last
      var row: JSONObject = [
        "series": .string(series.name.singleLine), "x": .number(TickMath.rounded(last, 6)),
        "y": numbers.map { .number(TickMath.rounded($0.y, 6)) } ?? .null,
      ]
      // Most rows are points of a line without a mark of their own.
      if series.form == .points { row["form"] = "points" }
      if isMarked { row["marked"] = true }
      if isOrdered { row["place"] = .integer(rows.count) }
      rows.append(.object(row))
    }
    guard series.form != .points else {
      let inside = places.compactMap { $0 }.filter(frame.contains)
      for place in Decimation.spread(inside, over: Self.coveredSquare) {
        append(place, isMarked: true)
      }
      return rows
    }
    let own = Set(places.compactMap { $0 })
    let kept =
      isMarked
      ? places
      : Decimation.kept(
        places, tolerance: Self.tolerance, longest: Self.farthest, most: max(100, share)
      )
      .map { places[$0] }
    for piece in Self.pieces(kept, in: area.box) {
      if !rows.isEmpty { append(nil, isMarked: false) }
      for place in piece { append(place, isMarked: isMarked && own.contains(place)) }
    }
    let lonely = Self.lonely(places).filter(frame.contains)
    for place in Decimation.spread(lonely, over: Self.coveredSquare) {
      append(nil, isMarked: false)
      append(place, isMarked: true)
    }
    return rows
  }

  private func dots(_ series: Series, in area: PlotArea) -> [JSONValue] {
    series.jumps.flatMap { jump in
      jump.dots.filter { area.x.contains(jump.x) && area.y.contains($0.y) }.map { dot in
        [
          "series": .string(series.name.singleLine), "x": .number(jump.x), "y": .number(dot.y),
          "form": "jump", "open": .boolean(dot.isOpen),
        ]
      }
    }
  }
}
