/// The data of an SVG path, built up point by point.
struct SVGPath: Sendable, Equatable {
  private(set) var data = ""

  var isEmpty: Bool { data.isEmpty }

  mutating func move(to point: Point) { append("M", [point]) }
  mutating func line(to point: Point) { append("L", [point]) }
  mutating func curve(to point: Point, _ first: Point, _ second: Point) {
    append("C", [first, second, point])
  }
  mutating func close() { data += "Z" }

  mutating func rectangle(_ box: Box) {
    move(to: Point(box.left, box.top))
    data += "h\(SVGNumber.text(box.width))v\(SVGNumber.text(box.height))"
    data += "h\(SVGNumber.text(-box.width))z"
  }

  private mutating func append(_ command: Character, _ points: [Point]) {
    data.append(command)
    for (index, point) in points.enumerated() {
      if index > 0 { data += " " }
      data += SVGNumber.text(point.x)
      data += ","
      data += SVGNumber.text(point.y)
    }
  }

  /// A line through points.
  mutating func append(_ points: [Point], closed: Bool = false) {
    for (index, point) in points.enumerated() {
      if index == 0 { move(to: point) } else { line(to: point) }
    }
    if closed, !points.isEmpty { close() }
  }

  init() {}

  init(through points: [Point], closed: Bool = false) { append(points, closed: closed) }
}
