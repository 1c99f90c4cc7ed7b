import JSONText

extension Chart {
  private static let plotWidth = 600.0

  package func vegaLite(numbers: NumberFormat) -> JSONValue? {
    let notes = allNotes.map(\.text)
    var chart: JSONObject = ["$schema": .string(VegaLite.schema)]
    chart["background"] = .string(Palette.background.hexadecimal)
    if !title.isEmpty || !notes.isEmpty {
      chart["title"] = VegaLite.title(title.text, notes: notes)
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

  /// One panel: a line layer and a point layer on the same data.
  private func view(_ index: Int, _ numbers: NumberFormat) -> JSONObject {
    let panel = panels[index]
    let height = Self.panelHeight(panels.count)
    let names = names.map(\.text)
    let looks = names.indices.map(SeriesLook.init)
    let domain = JSONValue.array(names.map(JSONValue.string))
    func scale(_ range: [JSONValue]) -> JSONValue { ["domain": domain, "range": .array(range)] }
    let hasLines = panel.series.contains { $0.form != .points }
    let legend = legend(ofLines: hasLines)

    var encoding: JSONObject = [
      "x": VegaLite.channel(
        "x", x, xScale, PlotArea.horizontalTicks(xScale, width: Self.plotWidth)),
      "y": VegaLite.channel(
        "y", panel.y, yScale(panel), PlotArea.verticalTicks(yScale(panel), height: height),
        title: yTitle(panel).text),
      "color": [
        "field": "series", "type": "nominal", "legend": legend,
        "scale": scale(looks.map { .string($0.color.hexadecimal) }),
      ],
      "tooltip": .array([
        ["field": "series", "type": "nominal", "title": "series"],
        ["field": "x", "type": "quantitative", "title": .string(Self.tooltip(x, "x"))],
        [
          "field": "y", "type": "quantitative",
          "title": .string(Self.tooltip(panel.y, yTitle(panel).text)),
        ],
      ]),
    ]
    if needsLegend {
      encoding["opacity"] = [
        "condition": ["param": .string("pick\(index)"), "value": 1], "value": .number(0.15),
      ]
    }
    let dash: JSONValue = [
      "field": "series", "type": "nominal", "legend": legend,
      "scale": scale(
        looks.map { .array($0.dash.lengths(width: 2.5).map { .number($0) }) }),
    ]
    let shape: JSONValue = [
      "field": "series", "type": "nominal", "legend": hasLines ? .null : legend,
      "scale": scale(looks.map { .string($0.marker.vegaShape) }),
    ]
    var layers: [JSONValue] = []
    if hasLines {
      layers.append([
        "transform": VegaLite.list(["filter": "datum.form !== 'points'"]),
        "mark": ["type": "line", "strokeWidth": .number(2.5), "clip": true],
        "encoding": ["strokeDash": dash],
      ])
    }
    var points: JSONObject = [
      "transform": VegaLite.list(["filter": "isValid(datum.y)"]),
      "mark": ["type": "point", "filled": true, "size": 70, "clip": true],
      "encoding": ["shape": shape, "opacity": Self.pointOpacity(index, picking: needsLegend)],
    ]
    points["params"] = parameters(index)
    layers.append(.object(points))
    return [
      "width": .number(Self.plotWidth), "height": .number(height),
      "data": ["values": .array(values(panel))], "encoding": .object(encoding),
      "layer": .array(layers),
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
    axis.label.isEmpty ? (name.isEmpty ? "value" : name) : axis.title.text
  }

  /// The point that is nearest to the mouse, and the series that is picked in the legend.
  private func parameters(_ index: Int) -> JSONValue {
    let hover: JSONValue = [
      "name": .string("hover\(index)"),
      "select": ["type": "point", "on": "mouseover", "clear": "mouseout", "nearest": true],
    ]
    guard needsLegend else { return .array([hover]) }
    return .array([
      hover,
      [
        "name": .string("pick\(index)"), "select": ["type": "point", "fields": ["series"]],
        "bind": "legend",
      ],
    ])
  }

  /// Points along a dense line are seen only while they are pointed at.
  private static func pointOpacity(_ index: Int, picking: Bool) -> JSONValue {
    let picked: JSONValue = ["param": .string("pick\(index)")]
    let test: JSONValue =
      picking ? ["and": .array([picked, "datum.marked"])] : "datum.marked"
    return [
      "condition": .array([
        ["param": .string("hover\(index)"), "empty": false, "value": 1],
        ["test": test, "value": 1],
      ]), "value": 0,
    ]
  }

  /// A row for every point; what has no place on the axes is null, which is a gap.
  private func values(_ panel: Panel) -> [JSONValue] {
    let area = PlotArea(
      box: Box(0, 0, Self.plotWidth, Self.plotWidth), x: xScale, y: yScale(panel))
    return panel.series.flatMap { series in
      let places = zip(series.x, series.y).map(area.point)
      let kept = Decimation.kept(places)
      let isMarked = series.form != .line || series.y.count <= 26
      return kept.map { index in
        [
          "series": .string(series.name.text), "x": .number(series.x[index]),
          "y": places[index] == nil ? .null : .number(series.y[index]),
          "form": series.form == .points ? "points" : "line", "marked": .boolean(isMarked),
        ] as JSONValue
      }
    }
  }
}
