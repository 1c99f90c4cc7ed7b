/// A picture that is drawn: shapes from the back to the front, which one writer a format turns into SVG and PNG.
package struct Drawing: Sendable {
  /// The size in the shapes' own units, in whole numbers.
  package let width: Double
  package let height: Double
  /// Names the picture to those who do not see it, and says what it shows.
  let title: String
  let description: String
  let shapes: [Shape]

  /// What a picture is made of.
  indirect enum Shape: Sendable {
    case rectangle(Box, radius: Double, Paint)
    case circle(Point, radius: Double, Paint)
    case line(Point, Point, Stroke)
    /// Holes of a filled path are where its rings overlap. A crisp one leaves no seams to what it touches.
    case path(SVGPath, Paint, isCrisp: Bool)
    /// Rows of coloured cells that fill a box.
    case cells([[RGBColor]], Box)
    /// A line of text, its base line at a point; a turned one runs upward.
    case text(TypesetText, Point, TextStyle, TextAnchor, isTurned: Bool)
    /// Shapes that say something to whoever points at them.
    case titled(String, [Shape])
    /// Shapes that something else may draw anew.
    case redrawn([Shape])
  }

  /// How a shape is filled and outlined.
  struct Paint: Sendable, Hashable {
    var fill: RGBColor?
    var opacity = 1.0
    var stroke: Stroke?
    /// What the filling stands for, where that is to be replaced.
    var amount: Amount?
  }

  /// The outline of a shape.
  struct Stroke: Sendable, Hashable {
    var color: RGBColor
    var width: Double = 1
    var dash: Dash = .solid
    var opacity: Double = 1
    /// What it stands for, where that is to be replaced.
    var amount: Amount?
  }

  /// A number that a shape stands for, and which of the looks that such shapes may have; of a filling, which of those
  /// it is compared with.
  struct Amount: Sendable, Hashable {
    let value: Double
    let look: Int
  }

  /// As wide as a cell's output on a small screen.
  private static let widest = 900.0
  /// How round the corners of a picture's ground are.
  static let cornerRadius = 8.0

  /// A wider picture than a notebook's page is shown smaller, not cut off.
  private var scale: Double { min(1, Self.widest / max(width, 1)) }

  /// The size at which the picture is shown, in whole pixels.
  package var shownWidth: Int { Int((width * scale).rounded()) }
  package var shownHeight: Int { Int((height * scale).rounded()) }
}
