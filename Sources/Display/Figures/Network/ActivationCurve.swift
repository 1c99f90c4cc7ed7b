/// The graph of an activation, small enough for a circle.
package struct ActivationCurve: Sendable, Hashable {
  /// The function at net inputs that lie evenly side by side.
  package var values: [Double]
  /// Whether it takes two values alone, with a jump between them.
  package var isStep: Bool

  package init(values: [Double], isStep: Bool) {
    self.values = values
    self.isStep = isStep
  }

  /// The curve in a box, with the jump upright.
  func path(in box: Box) -> SVGPath {
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max(), values.count > 1 else {
      return SVGPath()
    }
    let range = high > low ? high - low : 1
    var points: [Point] = []
    for (index, value) in values.enumerated() where value.isFinite {
      let x = box.left + box.width * Double(index) / Double(values.count - 1)
      let part = high > low ? (value - low) / range : 0.5
      let point = Point(x, box.bottom - box.height * part)
      if isStep, let last = points.last, last.y != point.y {
        points.append(Point((last.x + point.x) / 2, last.y))
        points.append(Point((last.x + point.x) / 2, point.y))
      }
      points.append(point)
    }
    return SVGPath(through: Self.bends(points))
  }

  /// The points without those in the middle of a straight piece.
  private static func bends(_ points: [Point]) -> [Point] {
    points.indices.filter { index in
      guard index > 0, index < points.count - 1 else { return true }
      let (before, after) = (points[index] - points[index - 1], points[index + 1] - points[index])
      return abs(before.x * after.y - before.y * after.x) > 1e-6
    }.map { points[$0] }
  }
}
