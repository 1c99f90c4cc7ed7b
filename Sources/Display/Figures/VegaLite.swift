import JSONText
import Notation

/// What all Vega-Lite specifications of this kernel have in common.
///
/// Source: Vega-Lite 5 documentation, "Configuration", "Axis", "Scale".
enum VegaLite {
  /// The version that JupyterLab shows; it has no renderer for version 6.
  static let schema = "https://vega.github.io/schema/vega-lite/v5.json"

  /// Large type on a white ground, as in the SVG.
  static let config: JSONValue = [
    "font": .string(Drawing.fonts),
    "view": ["stroke": .string(Palette.axis.hexadecimal)],
    "axis": [
      "labelFontSize": 15, "titleFontSize": 17, "titleFontWeight": "normal", "titlePadding": 10,
      "labelColor": .string(Palette.ink.hexadecimal),
      "titleColor": .string(Palette.ink.hexadecimal),
      "gridColor": .string(Palette.grid.hexadecimal),
      "domainColor": .string(Palette.axis.hexadecimal),
      "tickColor": .string(Palette.axis.hexadecimal), "labelOverlap": true,
    ],
    "legend": [
      "labelFontSize": 15, "titleFontSize": 15, "titleFontWeight": "normal", "labelLimit": 300,
      "labelColor": .string(Palette.ink.hexadecimal),
      "titleColor": .string(Palette.ink.hexadecimal),
    ],
    "title": [
      "fontSize": 18, "anchor": "start", "subtitleFontSize": 13,
      "color": .string(Palette.ink.hexadecimal),
      "subtitleColor": .string(Palette.mutedInk.hexadecimal),
    ],
  ]

  /// A list of one thing.
  static func list(_ value: JSONValue) -> JSONValue { .array([value]) }

  /// Texts as a list in Vega's language of expressions.
  static func list(_ texts: [String]) -> String {
    JSONValue.array(texts.map(JSONValue.string)).text
  }

  /// A title with remarks below it.
  static func title(_ text: String, notes: [String]) -> JSONValue {
    var title: JSONObject = ["text": .string(text)]
    if !notes.isEmpty { title["subtitle"] = .array(notes.map(JSONValue.string)) }
    return .object(title)
  }

  /// A number on an axis, with the same ticks and labels as in the SVG.
  static func channel(
    _ field: String, _ axis: FigureAxis, _ scale: AxisScale, _ ticks: AxisTicks,
    title: String? = nil
  ) -> JSONValue {
    let values = JSONValue.array(ticks.major.map { .number($0.value) })
    let labels = list(ticks.major.map { $0.label.text })
    var scaling: JSONObject = [
      "type": scale.kind == .linear ? "linear" : "log", "nice": false,
      "domain": .array([.number(scale.lower), .number(scale.upper)]),
    ]
    if scale.kind == .linear { scaling["zero"] = false }
    return [
      "field": .string(field), "type": "quantitative",
      "axis": [
        "title": .string(title ?? axis.title.singleLine), "values": values,
        "labelExpr": .string("\(labels)[indexof(\(values.text), datum.value)]"),
      ],
      "scale": .object(scaling),
    ]
  }
}

extension SymbolText {
  /// Plain text for a specification: Vega puts titles into expressions, where a new line ends a string.
  var singleLine: String { TextWidth.singleLine(text) }
}
