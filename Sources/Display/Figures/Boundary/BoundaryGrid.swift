/// Evenly spaced places in a rectangle, at which a classifier or a loss is asked.
package struct BoundaryGrid: Sendable, Hashable {
  package let x: ClosedRange<Double>
  package let y: ClosedRange<Double>
  /// How many places there are in a row, and how many rows; both ends count.
  package let columns: Int
  package let rows: Int

  /// A finer grid shows nothing more.
  package static let limit = 200

  /// Throws: `FigureError` if a range is not finite or has no extent, or if there are fewer than two
  /// places in a row or column, or more than `limit`.
  package init(
    x: ClosedRange<Double>, y: ClosedRange<Double>, columns: Int = 81, rows: Int = 81
  ) throws(FigureError) {
    try FigureAxis("", span: .fixed(x)).validate("the horizontal range")
    try FigureAxis("", span: .fixed(y)).validate("the vertical range")
    for (name, count) in [("columns", columns), ("rows", rows)] {
      guard count > 1 else {
        throw .wrongCount("the \(name) of the grid", found: count, expected: 2)
      }
      guard count <= Self.limit else {
        throw .tooMany("\(name) of the grid", count: count, limit: Self.limit)
      }
    }
    self.x = x
    self.y = y
    self.columns = columns
    self.rows = rows
  }

  /// A grid around points, with a tenth of their extent more on every side.
  ///
  /// Throws: `FigureError` if there is no point or one that is not finite.
  package init(
    aroundX first: [Double], y second: [Double], columns: Int = 81, rows: Int = 81
  ) throws(FigureError) {
    try self.init(
      x: Self.range(first, "the horizontal axis"), y: Self.range(second, "the vertical axis"),
      columns: columns, rows: rows)
  }

  private static func range(
    _ values: [Double], _ what: String
  ) throws(FigureError) -> ClosedRange<Double> {
    try FigureError.requireFinite(values, what)
    guard let lower = values.min(), let upper = values.max() else { throw .empty(what) }
    let extent = upper / 2 - lower / 2
    let margin = extent > 0 ? extent * 0.2 : max(abs(lower) * 0.1, 1)
    return (lower - margin)...(upper + margin)
  }

  /// The places row by row, from the lowest y and the lowest x.
  package var places: [(x: Double, y: Double)] {
    (0..<rows).flatMap { row in
      (0..<columns).map { (x: xValue(Double($0)), y: yValue(Double(row))) }
    }
  }

  /// The coordinates of a place in units of columns and rows, which may be a fraction.
  func xValue(_ column: Double) -> Double { Self.value(column / Double(columns - 1), in: x) }
  func yValue(_ row: Double) -> Double { Self.value(row / Double(rows - 1), in: y) }

  /// Where a place, in units of columns and rows, lies in a box.
  func place(_ point: Point, in box: Box) -> Point {
    Point(
      box.left + point.x / Double(columns - 1) * box.width,
      box.bottom - point.y / Double(rows - 1) * box.height)
  }

  private static func value(_ part: Double, in range: ClosedRange<Double>) -> Double {
    range.lowerBound * (1 - part) + range.upperBound * part
  }
}
