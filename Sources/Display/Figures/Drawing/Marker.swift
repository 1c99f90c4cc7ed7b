/// The shape of a point; a second sign beside its colour.
package enum Marker: Sendable, Hashable, CaseIterable {
  case circle, square, triangle, diamond, triangleDown, cross, plus

  static func series(_ index: Int) -> Marker { allCases[index % allCases.count] }

  /// The name of the shape in Vega-Lite; the last two are paths in its unit square.
  package var vegaShape: String {
    switch self {
    case .circle: "circle"
    case .square: "square"
    case .triangle: "triangle-up"
    case .diamond: "diamond"
    case .triangleDown: "triangle-down"
    case .cross: Self.path(arms: Self.crossOutline)
    case .plus: "cross"
    }
  }

  /// The corners of the shape around 0 with radius 1; nil for the circle.
  private var outline: [Point]? {
    switch self {
    case .circle: nil
    case .square: [(-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)].map(Point.init)
    case .triangle: [(0, -1.15), (1.08, 0.78), (-1.08, 0.78)].map(Point.init)
    case .triangleDown: [(0, 1.15), (1.08, -0.78), (-1.08, -0.78)].map(Point.init)
    case .diamond: [(0, -1.25), (1.05, 0), (0, 1.25), (-1.05, 0)].map(Point.init)
    case .cross: Self.crossOutline
    case .plus: Self.plusOutline
    }
  }

  private static let plusOutline: [Point] = [
    (-0.33, -1.1), (0.33, -1.1), (0.33, -0.33), (1.1, -0.33), (1.1, 0.33), (0.33, 0.33),
    (0.33, 1.1), (-0.33, 1.1), (-0.33, 0.33), (-1.1, 0.33), (-1.1, -0.33), (-0.33, -0.33),
  ].map(Point.init)

  private static let crossOutline = plusOutline.map {
    Point(($0.x - $0.y) * 0.7071, ($0.x + $0.y) * 0.7071)
  }

  private static func path(arms outline: [Point]) -> String {
    SVGPath(through: outline, closed: true).data
  }

  /// Draws the shape with a fine edge, so that points that touch can be told apart.
  func draw(
    on canvas: inout SVGCanvas, at center: Point, radius: Double, fill: RGBColor,
    edge: RGBColor = Palette.background, edgeWidth: Double = 1
  ) {
    let stroke = SVGCanvas.Stroke(color: edge, width: edgeWidth)
    guard let outline else {
      return canvas.circle(center, radius: radius, fill: fill, stroke: stroke)
    }
    canvas.path(
      SVGPath(through: outline.map { center + radius * $0 }, closed: true), fill: fill,
      stroke: stroke)
  }
}
