import JSONText
import Notation

extension HeatMap {
  package func vegaLite(numbers: NumberFormat) -> JSONValue? {
    let blocks = blocks
    let scale = blocks.scale
    var values: [JSONValue] = []
    for (row, means) in blocks.means.enumerated() {
      for (column, mean) in means.enumerated() {
        var cell: JSONObject = [
          "i": .integer(row), "j": .integer(column), "value": .number(TickMath.rounded(mean, 7)),
        ]
        if showsNumbers {
          let isDark = Palette.text(on: Self.color(mean, scale)) == Palette.background
          cell["number"] = .string(numbers.symbol(mean).text)
          cell["dark"] = .boolean(isDark)
        }
        values.append(.object(cell))
      }
    }
    let rowNames = VegaLite.list(blocks.rows.map { rowLabel($0).singleLine })
    let columnNames = VegaLite.list(blocks.columns.map { columnLabel($0).singleLine })
    var layers: [JSONValue] = [
      [
        "mark": [
          "type": "rect", "stroke": "white", "strokeWidth": cellWidth(blocks, numbers) < 12 ? 0 : 1,
        ],
        "encoding": ["color": color(scale), "tooltip": tooltip],
      ]
    ]
    if showsNumbers {
      layers.append([
        "mark": ["type": "text", "fontSize": 15],
        "encoding": [
          "text": ["field": "number", "type": "nominal"],
          "color": ["condition": ["test": "datum.dark", "value": "white"], "value": "black"],
        ],
      ])
    }
    if !showsNumbers, cellWidth(blocks, numbers) >= 12 {
      layers.append([
        "transform": VegaLite.list(["filter": "datum.value < 0"]),
        "mark": ["type": "text", "text": "–", "fontSize": 11, "opacity": .number(0.7)],
      ])
    }
    var chart: JSONObject = [
      "$schema": .string(VegaLite.schema),
      "background": .string(Palette.background.hexadecimal),
    ]
    if !title.isEmpty || !notes.isEmpty {
      chart["title"] = VegaLite.title(title.singleLine, notes: notes)
    }
    chart["width"] = ["step": .number(cellWidth(blocks, numbers))]
    chart["height"] = ["step": .number(showsNumbers ? 34 : cellWidth(blocks, numbers))]
    chart["data"] = ["values": .array(values)]
    chart["transform"] = .array([
      ["calculate": .string("\(rowNames)[datum.i]"), "as": "row"],
      ["calculate": .string("\(columnNames)[datum.j]"), "as": "column"],
    ])
    chart["encoding"] = [
      "x": position("j", names: columnNames, title: columnTitle, orient: "top"),
      "y": position("i", names: rowNames, title: rowTitle, orient: "left"),
    ]
    chart["layer"] = .array(layers)
    chart["config"] = VegaLite.config
    return .object(chart)
  }

  /// Whole pixels, so that no seams are seen between cells.
  private func cellWidth(_ blocks: MatrixBlocks, _ numbers: NumberFormat) -> Double {
    guard showsNumbers else {
      let longest = max(blocks.rows.count, blocks.columns.count)
      return min(max(560 / Double(longest), 8), 24).rounded(.down)
    }
    let widest = blocks.means.joined().map { TypesetText(numbers.symbol($0)).width }.max() ?? 0
    let labels = blocks.columns.map { TypesetText(columnLabel($0)).width }.max() ?? 0
    return max(widest * 15 + 14, min(labels * 15 + 10, 110), 40).rounded(.up)
  }

  private var tooltip: JSONValue {
    .array([
      [
        "field": "row", "type": "nominal",
        "title": .string(rowTitle.isEmpty ? "row" : rowTitle.singleLine),
      ],
      [
        "field": "column", "type": "nominal",
        "title": .string(columnTitle.isEmpty ? "column" : columnTitle.singleLine),
      ],
      [
        "field": "value", "type": "quantitative",
        "title": .string(valueName.isEmpty ? "value" : valueName.singleLine),
      ],
    ])
  }

  private func color(_ scale: Double) -> JSONValue {
    [
      "field": "value", "type": "quantitative",
      "legend": [
        "title": valueName.isEmpty ? .null : .string(valueName.singleLine), "gradientLength": 160,
      ],
      "scale": [
        "domain": .array([.number(-scale), 0, .number(scale)]),
        "range": .array([-1, -0.5, 0, 0.5, 1].map { .string(Palette.diverging($0).hexadecimal) }),
      ],
    ]
  }

  private func position(
    _ field: String, names: String, title: SymbolText, orient: String
  ) -> JSONValue {
    [
      "field": .string(field), "type": "ordinal",
      "axis": [
        "title": title.isEmpty ? .null : .string(title.singleLine), "orient": .string(orient),
        "labelExpr": .string("\(names)[datum.value]"), "labelAngle": 0, "labelOverlap": "greedy",
        "labelSeparation": 12,
        "domain": false, "ticks": false,
      ],
    ]
  }
}
