import FoundationEssentials
import JSONText
import Notation

/// The regions are an SVG picture behind the points, since Vega-Lite has no contours; cells that are
/// not seen say what is predicted where the mouse is.
extension BoundaryPlot {
  /// At most so many cells in a row or column.
  private static let cellLimit = 30
  private static let plot = Box(0, 0, 580, 440)

  package func vegaLite(numbers: NumberFormat) -> JSONValue? {
    var chart: JSONObject = [
      "$schema": .string(VegaLite.schema),
      "background": .string(Palette.background.hexadecimal),
    ]
    let notes = notes.map(\.singleLine)
    if !title.isEmpty || !notes.isEmpty {
      chart["title"] = VegaLite.title(title.singleLine, notes: notes)
    }
    chart["width"] = .number(Self.plot.width)
    chart["height"] = .number(Self.plot.height)
    chart["layer"] = .array([backdrop, cells] + (examples.isEmpty ? [] : [points]))
    chart["config"] = VegaLite.config
    return .object(chart)
  }

  /// Regions and decision lines as a picture.
  private var backdrop: JSONValue {
    var canvas = SVGCanvas()
    drawRegions(Self.plot, on: &canvas)
    let document = canvas.document(
      width: Self.plot.width, height: Self.plot.height, title: "", description: ""
    ).svg(isRound: false)
    let url = "data:image/svg+xml;base64," + Data(document.utf8).base64EncodedString()
    return [
      "data": ["values": [[:]]],
      "mark": [
        "type": "image", "url": .string(url), "width": .number(Self.plot.width),
        "height": .number(Self.plot.height), "aspect": false,
      ],
      "encoding": [
        "x": ["value": .number(Self.plot.width / 2)],
        "y": ["value": .number(Self.plot.height / 2)],
      ],
    ]
  }

  private var cells: JSONValue {
    let isProbability = if case .probability = field { true } else { false }
    let encoding: JSONValue = [
      "x": axis("x", xLabel, grid.x), "x2": ["field": "x2"],
      "y": axis("y", yLabel, grid.y), "y2": ["field": "y2"],
      "tooltip": isProbability
        ? [
          "field": "p", "type": "quantitative", "format": ".4f",
          "title": .string("probability of \(classes[1].singleLine)"),
        ] : ["field": "class", "type": "nominal"],
    ]
    return [
      "data": ["values": .array(cellValues(isProbability))],
      "mark": ["type": "rect", "opacity": 0], "encoding": encoding,
    ]
  }

  /// The grid in blocks, each with what is said in its middle.
  private func cellValues(_ isProbability: Bool) -> [JSONValue] {
    let xStep = (grid.columns - 2) / Self.cellLimit + 1
    let yStep = (grid.rows - 2) / Self.cellLimit + 1
    var result: [JSONValue] = []
    for row in stride(from: 0, to: grid.rows - 1, by: yStep) {
      for column in stride(from: 0, to: grid.columns - 1, by: xStep) {
        let right = min(column + xStep, grid.columns - 1)
        let top = min(row + yStep, grid.rows - 1)
        let middle = (row + top) / 2 * grid.columns + (column + right) / 2
        var cell: JSONObject = [
          "x": number(grid.xValue(Double(column))), "x2": number(grid.xValue(Double(right))),
          "y": number(grid.yValue(Double(row))), "y2": number(grid.yValue(Double(top))),
        ]
        if isProbability, case .probability(let values) = field {
          cell["p"] = number(values[middle])
        } else {
          cell["class"] = .string(classes[decision(middle)].singleLine)
        }
        result.append(.object(cell))
      }
    }
    return result
  }

  private var points: JSONValue {
    let values = drawnExamples.map { example -> JSONValue in
      [
        "x": .number(example.x), "y": .number(example.y),
        "class": .string(classes[example.classIndex].singleLine),
        "wrong": .boolean(example.isWrong),
      ]
    }
    let legend: JSONValue = ["title": .null, "orient": "top", "symbolSize": 130]
    return [
      "data": ["values": .array(values)],
      "mark": ["type": "point", "filled": true, "size": 90, "opacity": 1, "clip": true],
      "encoding": [
        "x": ["field": "x", "type": "quantitative"],
        "y": ["field": "y", "type": "quantitative"],
        "color": [
          "field": "class", "type": "nominal", "legend": legend,
          "scale": classScale { Palette.classes($0).hexadecimal },
        ],
        "shape": [
          "field": "class", "type": "nominal", "legend": legend,
          "scale": classScale { Marker.series($0).vegaShape },
        ],
        "stroke": [
          "condition": ["test": "datum.wrong", "value": "black"], "value": "white",
        ],
        "strokeWidth": ["condition": ["test": "datum.wrong", "value": 3], "value": 1],
        "tooltip": .array([
          ["field": "class", "type": "nominal"],
          ["field": "x", "type": "quantitative", "title": .string(xLabel.singleLine)],
          ["field": "y", "type": "quantitative", "title": .string(yLabel.singleLine)],
          ["field": "wrong", "type": "nominal", "title": "wrong side"],
        ]),
      ],
    ]
  }

  private func classScale(_ look: (Int) -> String) -> JSONValue {
    [
      "domain": .array(classes.map { .string($0.singleLine) }),
      "range": .array(classes.indices.map { .string(look($0)) }),
    ]
  }

  private func axis(
    _ field: String, _ label: SymbolText, _ range: ClosedRange<Double>
  ) -> JSONValue {
    let scale = AxisScale(.linear, from: range.lowerBound, to: range.upperBound)
    let ticks =
      field == "x"
      ? PlotArea.horizontalTicks(scale, width: Self.plot.width)
      : PlotArea.verticalTicks(scale, height: Self.plot.height)
    return VegaLite.channel(field, FigureAxis(label), scale, ticks)
  }

  private func number(_ value: Double) -> JSONValue { .number(TickMath.rounded(value, 5)) }
}
