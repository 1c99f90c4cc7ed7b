/// A place in a picture: x to the right, y down, in pixels at full size.
struct Point: Hashable, Sendable {
  var x: Double
  var y: Double

  init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }

  static func + (left: Point, right: Point) -> Point { Point(left.x + right.x, left.y + right.y) }
  static func - (left: Point, right: Point) -> Point { Point(left.x - right.x, left.y - right.y) }
  static func * (factor: Double, point: Point) -> Point {
    Point(factor * point.x, factor * point.y)
  }

  var length: Double { (x * x + y * y).squareRoot() }

  /// The point a part of the way from here to another.
  func toward(_ other: Point, _ part: Double) -> Point { self + part * (other - self) }
}

/// A rectangle.
struct Box: Hashable, Sendable {
  var left: Double
  var top: Double
  var width: Double
  var height: Double

  init(_ left: Double, _ top: Double, _ width: Double, _ height: Double) {
    self.left = left
    self.top = top
    self.width = width
    self.height = height
  }

  init(center: Point, width: Double, height: Double) {
    self.init(center.x - width / 2, center.y - height / 2, width, height)
  }

  var right: Double { left + width }
  var bottom: Double { top + height }
  var center: Point { Point(left + width / 2, top + height / 2) }

  /// The box with so much more room on every side.
  func expanded(by margin: Double) -> Box {
    Box(left - margin, top - margin, width + 2 * margin, height + 2 * margin)
  }

  /// The area that two boxes share.
  func overlap(with other: Box) -> Double {
    let across = min(right, other.right) - max(left, other.left)
    let down = min(bottom, other.bottom) - max(top, other.top)
    return across > 0 && down > 0 ? across * down : 0
  }

  func contains(_ point: Point) -> Bool {
    point.x >= left && point.x <= right && point.y >= top && point.y <= bottom
  }

  /// The part of a segment inside the box, or nil if there is none.
  /// Source: Liang and Barsky, "A new concept and method for line clipping" (1984).
  func clipped(from start: Point, to end: Point) -> (from: Point, to: Point)? {
    let step = end - start
    var first = 0.0
    var last = 1.0
    for (change, room) in [
      (-step.x, start.x - left), (step.x, right - start.x), (-step.y, start.y - top),
      (step.y, bottom - start.y),
    ] {
      if change == 0 {
        if room < 0 { return nil }
      } else if change < 0 {
        first = max(first, room / change)
      } else {
        last = min(last, room / change)
      }
    }
    return first <= last ? (start.toward(end, first), start.toward(end, last)) : nil
  }

  func meets(segmentFrom start: Point, to end: Point) -> Bool {
    guard min(start.x, end.x) <= right, max(start.x, end.x) >= left,
      min(start.y, end.y) <= bottom, max(start.y, end.y) >= top
    else { return false }
    return clipped(from: start, to: end) != nil
  }
}
