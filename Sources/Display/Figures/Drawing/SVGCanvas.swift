import Notation

/// Draws shape by shape, from the back to the front.
struct SVGCanvas {
  typealias Stroke = Drawing.Stroke

  private(set) var shapes: [Drawing.Shape] = []

  // MARK: - Shapes

  mutating func rectangle(
    _ box: Box, fill: RGBColor?, opacity: Double = 1, stroke: Stroke? = nil, radius: Double = 0
  ) {
    shapes.append(
      .rectangle(box, radius: radius, .init(fill: fill, opacity: opacity, stroke: stroke)))
  }

  mutating func circle(
    _ center: Point, radius: Double, fill: RGBColor?, stroke: Stroke? = nil,
    amount: Drawing.Amount? = nil
  ) {
    shapes.append(
      .circle(center, radius: radius, .init(fill: fill, stroke: stroke, amount: amount)))
  }

  mutating func line(from start: Point, to end: Point, _ stroke: Stroke) {
    shapes.append(.line(start, end, stroke))
  }

  /// A line with a head at its end.
  mutating func arrow(from start: Point, to end: Point, _ stroke: Stroke) {
    let length = (end - start).length
    guard length > 0 else { return }
    let size = 6 + 2 * stroke.width
    line(from: start, to: end.toward(start, min(size * 0.8 / length, 1)), stroke)
    arrowHead(at: end, along: (1 / length) * (end - start), size: size, stroke.color)
  }

  /// A triangle with its point at a place; `direction` has length 1.
  mutating func arrowHead(
    at end: Point, along direction: Point, size: Double, _ color: RGBColor
  ) {
    let side = Point(-direction.y, direction.x)
    let back = end - size * direction
    path(
      SVGPath(through: [end, back + size * 0.4 * side, back - size * 0.4 * side], closed: true),
      fill: color)
  }

  /// A path; holes of a filled one are where its rings overlap. `isCrisp` leaves no seams between
  /// shapes that touch.
  mutating func path(
    _ path: SVGPath, fill: RGBColor? = nil, opacity: Double = 1, stroke: Stroke? = nil,
    isCrisp: Bool = false
  ) {
    guard !path.isEmpty else { return }
    shapes.append(
      .path(path, .init(fill: fill, opacity: opacity, stroke: stroke), isCrisp: isCrisp))
  }

  /// Rows of coloured cells that fill a box, one of so many such boxes. Between them the ground is seen where there is
  /// a gap.
  mutating func cells(_ rows: [[RGBColor]], in box: Box, gap: Double = 0, boxes: Int = 1) {
    let count = rows.reduce(0) { $0 + $1.count }
    guard boxes * count > Self.fewCells else {
      for (color, cells) in CellPaths(rows, in: box, gap: gap).paths {
        path(cells, fill: color, isCrisp: gap == 0)
      }
      return
    }
    shapes.append(.cells(rows, box))
    guard gap > 0, let columns = rows.first?.count else { return }
    var lines = SVGPath()
    for column in 1..<max(columns, 1) {
      let x = box.left + box.width * Double(column) / Double(columns)
      lines.append([Point(x, box.top), Point(x, box.bottom)])
    }
    for row in 1..<rows.count {
      let y = box.top + box.height * Double(row) / Double(rows.count)
      lines.append([Point(box.left, y), Point(box.right, y)])
    }
    path(lines, stroke: Stroke(color: Palette.background, width: gap))
  }

  /// More cells are no paths but an image in the picture, which is shorter.
  private static let fewCells = 300

  /// What `draw` draws, with words for whoever points at it, where a page shows the SVG inline.
  mutating func titled(_ title: String, _ draw: (inout SVGCanvas) -> Void) {
    guard !title.isEmpty else { return draw(&self) }
    var part = SVGCanvas()
    draw(&part)
    shapes.append(.titled(title, part.shapes))
  }

  /// What `draw` draws, apart from the rest, so that something else may draw it anew.
  mutating func redrawn(_ draw: (inout SVGCanvas) -> Void) {
    var part = SVGCanvas()
    draw(&part)
    shapes.append(.redrawn(part.shapes))
  }

  // MARK: - Text

  /// A line of text, its base line at a point; `turned` runs it upward.
  mutating func text(
    _ symbol: SymbolText, at point: Point, _ style: TextStyle, _ anchor: TextAnchor = .start,
    turned: Bool = false
  ) {
    let line = style.typeset(symbol)
    guard !line.runs.isEmpty else { return }
    shapes.append(.text(line, point, style, anchor, isTurned: turned))
  }

  /// The title above a picture, where it has one; `bottom` moves to where the picture may begin.
  mutating func heading(
    _ title: SymbolText, at left: Double, below bottom: inout Double, width: Double
  ) {
    guard !title.isEmpty else { return }
    let style = TextStyle.title
    bottom += style.size
    text(style.fitted(title, width: width), at: Point(left, bottom), style)
    bottom += 14
  }

  /// Notes below a picture, a line each; `bottom` moves to where the last one stands.
  mutating func notes(
    _ notes: [SymbolText], at left: Double, below bottom: inout Double, leading: Double = 1.4,
    width: Double = .infinity
  ) {
    for note in notes {
      bottom += TextStyle.note.size * leading
      text(TextStyle.note.fitted(note, width: width), at: Point(left, bottom), TextStyle.note)
    }
  }

  /// A line of text on a patch of background, which keeps lines behind it from crossing it.
  mutating func patchedText(
    _ symbol: SymbolText, at point: Point, _ style: TextStyle, _ anchor: TextAnchor = .start
  ) {
    rectangle(
      style.box(of: symbol, at: point, anchor).expanded(by: 1.5), fill: Palette.background,
      opacity: 0.88, radius: 3)
    text(symbol, at: point, style, anchor)
  }

  // MARK: - Drawing

  /// What was drawn, on a ground of its own. `title` names the picture to those who do not see it, `description`
  /// says what it shows.
  func document(width: Double, height: Double, title: String, description: String) -> Drawing {
    Drawing(
      width: width.rounded(.up), height: height.rounded(.up), title: title,
      description: description, shapes: shapes)
  }
}
