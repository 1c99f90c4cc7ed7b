import JSONText
import Notation

extension HeatMap {
  /// Of colours alone, whose numbers are seen where one points; where the numbers stand in the cells nothing is left
  /// to be shown.
  package func vegaLite(numbers: NumberFormat) -> JSONValue? {
    guard !showsNumbers else { return nil }
    let blocks = blocks
    let scale = DivergingScale([blocks])
    let cellWidth = cellWidth(blocks)
    let values = blocks.means.enumerated().flatMap { row, means in
      means.enumerated().map { column, mean in
        [
          "i": .integer(row), "j": .integer(column), "value": .number(TickMath.rounded(mean, 5)),
        ] as JSONValue
      }
    }
    let rowNames = VegaLite.list(blocks.rows.map { rowLabel($0).singleLine })
    let columnNames = VegaLite.list(blocks.columns.map { columnLabel($0).singleLine })
    var layers: [JSONValue] = [
      [
        "mark": [
          "type": "rect", "stroke": .string(Palette.background.hexadecimal),
          "strokeWidth": cellWidth < 12 ? 0 : 1,
        ],
        "encoding": [
          "color": color(scale, height: cellWidth * Double(blocks.rows.count)),
          "tooltip": tooltip,
        ],
      ]
    ]
    if cellWidth >= 12 {
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
    chart["width"] = ["step": .number(cellWidth)]
    chart["height"] = ["step": .number(cellWidth)]
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
  private func cellWidth(_ blocks: MatrixBlocks) -> Double {
    let longest = max(blocks.rows.count, blocks.columns.count)
    return min(max(560 / Double(longest), 8), 24).rounded(.down)
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

  /// The bar is as tall as the map, or lies below one that is too low for that.
  private func color(_ scale: DivergingScale, height: Double) -> JSONValue {
    let isLow = height < Self.lowestBar
    return [
      "field": "value", "type": "quantitative",
      "legend": [
        "title": valueName.isEmpty ? .null : .string(valueName.singleLine),
        "gradientLength": .number(isLow ? Self.lyingBar : height),
        "orient": isLow ? "bottom" : "right",
        "direction": isLow ? "horizontal" : "vertical",
      ],
      "scale": [
        "domain": .array([0, 0.5, 1].map { .number(scale.value(at: $0)) }),
        "range": .array(
          stride(from: 0, through: 1, by: 0.25).map {
            .string(scale.color(scale.value(at: $0)).hexadecimal)
          }),
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
