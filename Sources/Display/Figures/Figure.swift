import FoundationEssentials
import JSONText

/// A picture: drawn, said in words and, where it gains from pointing at things, also a Vega-Lite chart.
///
/// Invariant: a figure that exists can be drawn. What cannot be drawn is refused by the figure's
/// initializer with a `FigureError`, so that drawing never fails.
package protocol Figure: Sendable {
  func drawing(numbers: NumberFormat) -> Drawing

  /// What the picture shows, with its main numbers: for terminals and for screen readers.
  func text(numbers: NumberFormat) -> String

  /// The picture as a Vega-Lite 5 specification, or nil where that would not serve anybody.
  func vegaLite(numbers: NumberFormat) -> JSONValue?
}

extension Figure {
  package func vegaLite(numbers: NumberFormat) -> JSONValue? { nil }

  /// The picture as an SVG document.
  package func svg(numbers: NumberFormat) -> String { drawing(numbers: numbers).svg }

  /// The picture in every format that it has. JupyterLab prefers the interactive chart to the SVG, and shows the
  /// PNG where a notebook is not trusted; GitHub, Markdown and LaTeX take the PNG. `interactive` is false where
  /// the picture is replaced many times a second: then there is the SVG alone.
  package func bundle(
    numbers: NumberFormat = .standard, interactive: Bool = true
  ) -> MIMEBundle {
    var bundle = MIMEBundle(plain: text(numbers: numbers))
    let drawing = drawing(numbers: numbers)
    bundle.data[MIMEType.svg] = .string(drawing.svg)
    guard interactive, !numbers.marks else { return bundle }
    bundle.data[MIMEType.png] = .string(Data(drawing.png).base64EncodedString())
    // nbconvert makes a PDF of every SVG that has none, by Inkscape.
    bundle.data[MIMEType.pdf] = .string(Data(drawing.pdf).base64EncodedString())
    // It is finer than it is shown.
    bundle.metadata[MIMEType.png] = [
      "width": .integer(drawing.shownWidth), "height": .integer(drawing.shownHeight),
    ]
    if let chart = vegaLite(numbers: numbers) { bundle.data[MIMEType.vegaLite] = chart }
    return bundle
  }
}
