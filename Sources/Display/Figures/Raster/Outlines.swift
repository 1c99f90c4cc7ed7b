import Glibc

/// A line of straight pieces.
struct Polyline {
  var points: [Point]
  var isClosed = false
}

extension SVGPath {
  /// The path in straight pieces, enlarged; a crisp one has its corners between pixels.
  func polylines(scale: Double, isCrisp: Bool = false) -> [Polyline] {
    var result: [Polyline] = []
    var current = Polyline(points: [])
    func placed(_ point: Point) -> Point {
      let point = scale * point
      return isCrisp ? Point(point.x.rounded(), point.y.rounded()) : point
    }
    func finish(closed: Bool) {
      if current.points.count > 1 {
        current.isClosed = closed
        result.append(current)
      }
      // What follows a closed ring begins where the ring does.
      current = Polyline(points: closed ? Array(current.points.prefix(1)) : [])
    }
    for step in steps {
      switch step {
      case .move(let point):
        finish(closed: false)
        current.points = [placed(point)]
      case .line(let point): current.points.append(placed(point))
      case .curve(let first, let second, let end):
        let start = current.points.last ?? placed(first)
        current.points += Outlines.curve(start, placed(first), placed(second), placed(end))
      case .close: finish(closed: true)
      case .rectangle(let box):
        finish(closed: false)
        current.points = [
          Point(box.left, box.top), Point(box.right, box.top), Point(box.right, box.bottom),
          Point(box.left, box.bottom),
        ].map(placed)
        finish(closed: true)
        current.points = []
      }
    }
    finish(closed: false)
    return result
  }
}

/// Curves in straight pieces, and lines with a width as the outlines of what they cover.
enum Outlines {
  /// A cubic Bézier curve without its start.
  /// Source: Sederberg, "Computer aided geometric design" (2012), 10.6: how many pieces keep within a tolerance.
  static func curve(_ start: Point, _ first: Point, _ second: Point, _ end: Point) -> [Point] {
    let bend = max(
      (start - 2 * first + second).length, (first - 2 * second + end).length)
    let count = min(max(Int((bend * 3.75).squareRoot().rounded(.up)), 1), 100)
    return (1...count).map { step in
      let t = Double(step) / Double(count)
      let a = start.toward(first, t)
      let b = first.toward(second, t)
      let c = second.toward(end, t)
      return a.toward(b, t).toward(b.toward(c, t), t)
    }
  }

  /// A part of a circle, from one angle to another.
  static func arc(_ center: Point, radius: Double, from start: Double, to end: Double) -> [Point] {
    let count = max(Int((abs(end - start) * (radius * 1.25).squareRoot()).rounded(.up)), 2)
    return (0...count).map { step in
      let angle = start + (end - start) * Double(step) / Double(count)
      return center + Point(radius * cos(angle), radius * sin(angle))
    }
  }

  static func circle(_ center: Point, radius: Double) -> Polyline {
    let points = arc(center, radius: radius, from: 0, to: 2 * .pi)
    return Polyline(points: Array(points.dropLast()), isClosed: true)
  }

  static func rectangle(_ box: Box, radius: Double) -> Polyline {
    let radius = min(radius, box.width / 2, box.height / 2)
    guard radius > 0 else {
      return Polyline(
        points: [
          Point(box.left, box.top), Point(box.right, box.top), Point(box.right, box.bottom),
          Point(box.left, box.bottom),
        ], isClosed: true)
    }
    let corners = [
      Point(box.right - radius, box.bottom - radius), Point(box.left + radius, box.bottom - radius),
      Point(box.left + radius, box.top + radius), Point(box.right - radius, box.top + radius),
    ]
    return Polyline(
      points: corners.enumerated().flatMap { index, corner in
        let start = Double(index) * .pi / 2
        return arc(corner, radius: radius, from: start, to: start + .pi / 2)
      }, isClosed: true)
  }

  // MARK: - Strokes

  /// The rings around what a line of a width covers, its ends cut off straight, its corners pointed.
  static func stroke(_ line: Polyline, width: Double) -> [[Point]] {
    var points: [Point] = []
    for point in line.points where point != points.last { points.append(point) }
    if line.isClosed, points.count > 1, points.first == points.last { points.removeLast() }
    guard points.count > 1, width > 0 else { return [] }
    let isClosed = line.isClosed && points.count > 2
    let left = side(points, width / 2, isClosed: isClosed)
    let right = side(points, -width / 2, isClosed: isClosed)
    return isClosed ? [left, right.reversed()] : [left + right.reversed()]
  }

  /// The line at a distance from another, on one side of it.
  private static func side(_ points: [Point], _ distance: Double, isClosed: Bool) -> [Point] {
    let count = points.count
    let pieces = isClosed ? count : count - 1
    var lengths: [Double] = []
    var normals: [Point] = []
    for index in 0..<pieces {
      let step = points[(index + 1) % count] - points[index]
      let length = step.length
      lengths.append(length)
      normals.append(Point(-step.y / length, step.x / length))
    }
    var result: [Point] = []
    for index in 0..<count {
      let corner = points[index]
      guard isClosed || index > 0 && index < count - 1 else {
        result.append(corner + distance * normals[index == 0 ? 0 : pieces - 1])
        continue
      }
      let before = (index + pieces - 1) % pieces
      let (n, m) = (normals[before], normals[index])
      let cosine = n.x * m.x + n.y * m.y
      let isInner = (n.x * m.y - n.y * m.x) * distance > 0
      // How far the pointed corner reaches along the pieces, in units of the distance; squared.
      let reach = cosine > -0.9999 ? (1 - cosine) / (1 + cosine) : .infinity
      let room = min(lengths[before], lengths[index]) / distance
      // SVG's limit: a corner that is longer than four times the half width is cut.
      if isInner ? reach <= room * room : reach <= 15 {
        result.append(corner + (distance / (1 + cosine)) * (n + m))
      } else if isInner {
        result += [corner + distance * n, corner, corner + distance * m]
      } else {
        result += [corner + distance * n, corner + distance * m]
      }
    }
    return result
  }

  /// A line broken into dashes; lengths are those of strokes and gaps in turn.
  static func dashes(_ line: Polyline, _ lengths: [Double]) -> [Polyline] {
    guard !lengths.isEmpty, lengths.allSatisfy({ $0 > 0 }) else { return [line] }
    let points = line.isClosed ? line.points + line.points.prefix(1) : line.points
    guard var last = points.first else { return [] }
    var result: [Polyline] = []
    var current = [last]
    var (index, rest) = (0, lengths[0])
    for point in points.dropFirst() {
      while true {
        let length = (point - last).length
        guard length > rest else {
          rest -= length
          break
        }
        last = last.toward(point, rest / length)
        current.append(last)
        if index.isMultiple(of: 2) { result.append(Polyline(points: current)) }
        current = [last]
        index += 1
        rest = lengths[index % lengths.count]
      }
      last = point
      current.append(point)
    }
    // With an odd number of lengths strokes and gaps would change places; there are none such.
    if index.isMultiple(of: 2), current.count > 1 { result.append(Polyline(points: current)) }
    return result
  }
}
