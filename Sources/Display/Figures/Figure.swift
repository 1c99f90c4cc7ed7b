import JSONText

/// A picture: drawn as SVG, said in words and, where it gains from pointing at things, also a
/// Vega-Lite chart.
///
/// Invariant: a figure that exists can be drawn. What cannot be drawn is refused by the figure's
/// initializer with a `FigureError`, so that drawing never fails.
package protocol Figure: Sendable {
  /// The picture as an SVG document.
  func svg(numbers: NumberFormat) -> String

  /// What the picture shows, with its main numbers: for terminals, for screen readers, and where
  /// pictures are not trusted.
  func text(numbers: NumberFormat) -> String

  /// The picture as a Vega-Lite 5 specification, or nil where that would not serve anybody.
  func vegaLite(numbers: NumberFormat) -> JSONValue?
}

extension Figure {
  package func vegaLite(numbers: NumberFormat) -> JSONValue? { nil }

  /// The picture in every format that it has. JupyterLab prefers the interactive chart to the SVG;
  /// `interactive` is false where the picture is replaced many times a second.
  package func bundle(
    numbers: NumberFormat = .standard, interactive: Bool = true
  ) -> MIMEBundle {
    var bundle = MIMEBundle(plain: text(numbers: numbers))
    bundle.data[MIMEType.svg] = .string(svg(numbers: numbers))
    if interactive, let chart = vegaLite(numbers: numbers) {
      bundle.data[MIMEType.vegaLite] = chart
    }
    return bundle
  }
}
