extension Box {
  /// Whether the box and a circle share a point.
  func meets(circleAt center: Point, radius: Double) -> Bool {
    let across = max(left - center.x, 0, center.x - right)
    let down = max(top - center.y, 0, center.y - bottom)
    return across * across + down * down < radius * radius
  }

  /// The smallest box around this one and another.
  func union(_ other: Box) -> Box {
    let (left, top) = (min(left, other.left), min(top, other.top))
    return Box(left, top, max(right, other.right) - left, max(bottom, other.bottom) - top)
  }
}
