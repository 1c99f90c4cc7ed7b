/// A path, built up point by point.
struct SVGPath: Sendable, Hashable {
  enum Step: Sendable, Hashable {
    case move(Point)
    case line(Point)
    /// A cubic Bézier curve with its two control points.
    case curve(Point, Point, Point)
    case close
    case rectangle(Box)
  }

  private(set) var steps: [Step] = []

  var isEmpty: Bool { steps.isEmpty }

  mutating func move(to point: Point) { steps.append(.move(point)) }
  mutating func line(to point: Point) { steps.append(.line(point)) }
  mutating func curve(to point: Point, _ first: Point, _ second: Point) {
    steps.append(.curve(first, second, point))
  }
  mutating func close() { steps.append(.close) }
  mutating func rectangle(_ box: Box) { steps.append(.rectangle(box)) }

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

extension SVGPath {
  /// The path as SVG and Vega write it.
  var data: String {
    var data = ""
    for step in steps {
      switch step {
      case .move(let point): Self.append("M", [point], to: &data)
      case .line(let point): Self.append("L", [point], to: &data)
      case .curve(let first, let second, let end):
        Self.append("C", [first, second, end], to: &data)
      case .close: data += "Z"
      case .rectangle(let box):
        Self.append("M", [Point(box.left, box.top)], to: &data)
        data += "h\(SVGNumber.text(box.width))v\(SVGNumber.text(box.height))"
        data += "h\(SVGNumber.text(-box.width))z"
      }
    }
    return data
  }

  private static func append(_ command: Character, _ points: [Point], to data: inout String) {
    data.append(command)
    for (index, point) in points.enumerated() {
      if index > 0 { data += " " }
      data += SVGNumber.text(point.x)
      data += ","
      data += SVGNumber.text(point.y)
    }
  }
}
