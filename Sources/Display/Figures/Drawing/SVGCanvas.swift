import Notation

/// Writes SVG element by element, from the back to the front.
///
/// What it writes holds everywhere a notebook goes: presentation attributes only, since GitHub
/// removes style sheets; no `id`, since pages with several pictures would mix them up; a background,
/// since the picture may stand on a dark page; no characters that XML forbids.
struct SVGCanvas {
  private var body = ""

  /// Fonts by preference; text is measured for the widest of them.
  static let fonts = "Helvetica Neue,Helvetica,Arial,Liberation Sans,DejaVu Sans,sans-serif"

  /// The outline of a shape.
  struct Stroke: Sendable, Hashable {
    var color: RGBColor
    var width: Double = 1
    var dash: Dash = .solid
    var opacity: Double = 1
  }

  // MARK: - Shapes

  mutating func rectangle(
    _ box: Box, fill: RGBColor?, opacity: Double = 1, stroke: Stroke? = nil, radius: Double = 0
  ) {
    open("rect")
    attribute("x", box.left)
    attribute("y", box.top)
    attribute("width", max(box.width, 0))
    attribute("height", max(box.height, 0))
    if radius > 0 { attribute("rx", radius) }
    finish(fill: fill, opacity: opacity, stroke: stroke)
  }

  mutating func circle(_ center: Point, radius: Double, fill: RGBColor?, stroke: Stroke? = nil) {
    open("circle")
    attribute("cx", center.x)
    attribute("cy", center.y)
    attribute("r", max(radius, 0))
    finish(fill: fill, opacity: 1, stroke: stroke)
  }

  mutating func line(from start: Point, to end: Point, _ stroke: Stroke) {
    open("line")
    attribute("x1", start.x)
    attribute("y1", start.y)
    attribute("x2", end.x)
    attribute("y2", end.y)
    finish(stroke)
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
    open("path")
    body += " d=\"\(path.data)\""
    if fill != nil { body += " fill-rule=\"evenodd\"" }
    if isCrisp { body += " shape-rendering=\"crispEdges\"" }
    finish(fill: fill, opacity: opacity, stroke: stroke)
  }

  /// Rows of coloured cells that fill a box: one path a colour. Cells without a gap that are neighbours in a row
  /// are one rectangle.
  mutating func cells(_ rows: [[RGBColor]], in box: Box, gap: Double = 0) {
    var paths: [RGBColor: SVGPath] = [:]
    var order: [RGBColor] = []
    let height = box.height / Double(max(rows.count, 1))
    for (row, colors) in rows.enumerated() {
      let width = box.width / Double(max(colors.count, 1))
      var start = 0
      while start < colors.count {
        var end = start + 1
        while gap == 0, end < colors.count, colors[end] == colors[start] { end += 1 }
        let cell = Box(
          box.left + Double(start) * width, box.top + Double(row) * height,
          Double(end - start) * width, height)
        if paths[colors[start]] == nil { order.append(colors[start]) }
        paths[colors[start], default: SVGPath()].rectangle(cell.expanded(by: -gap / 2))
        start = end
      }
    }
    for color in order { path(paths[color] ?? SVGPath(), fill: color, isCrisp: gap == 0) }
  }

  private mutating func open(_ name: String) { body += "<\(name)" }

  private mutating func attribute(_ name: String, _ value: Double) {
    body += " \(name)=\"\(SVGNumber.text(value))\""
  }

  private mutating func finish(fill: RGBColor?, opacity: Double, stroke: Stroke?) {
    body += " fill=\"\(fill?.hexadecimal ?? "none")\""
    if fill != nil, opacity < 1 { attribute("fill-opacity", opacity) }
    if let stroke { finish(stroke) } else { body += "/>\n" }
  }

  private mutating func finish(_ stroke: Stroke) {
    body += " stroke=\"\(stroke.color.hexadecimal)\""
    if stroke.width != 1 { attribute("stroke-width", stroke.width) }
    if stroke.opacity < 1 { attribute("stroke-opacity", stroke.opacity) }
    if stroke.dash != .solid {
      let lengths = stroke.dash.lengths(width: stroke.width).map(SVGNumber.text)
      body += " stroke-dasharray=\"\(lengths.joined(separator: " "))\""
    }
    body += "/>\n"
  }

  // MARK: - Text

  /// A line of text, its base line at a point; `turned` runs it upward.
  mutating func text(
    _ symbol: SymbolText, at point: Point, _ style: TextStyle, _ anchor: TextAnchor = .start,
    turned: Bool = false
  ) {
    let line = style.typeset(symbol)
    guard let first = line.runs.first else { return }
    open("text")
    attribute("x", point.x)
    attribute("y", point.y)
    attribute("font-size", style.size)
    if style.color != Palette.ink { body += " fill=\"\(style.color.hexadecimal)\"" }
    if style.isBold { body += " font-weight=\"bold\"" }
    if anchor != .start { body += " text-anchor=\"\(anchor.rawValue)\"" }
    if turned {
      let place = "\(SVGNumber.text(point.x)) \(SVGNumber.text(point.y))"
      body += " transform=\"rotate(-90 \(place))\""
    }
    if line.runs.count == 1, first.rise == 0, first.scale == 1 {
      if first.isItalic { body += " font-style=\"italic\"" }
      body += ">\(SVGText.content(first.text))</text>\n"
    } else {
      body += ">"
      appendRuns(line, style)
      body += "</text>\n"
    }
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

  /// Runs as `<tspan>`s, whose moves are relative to where the run before ended.
  private mutating func appendRuns(_ line: TypesetText, _ style: TextStyle) {
    var rise = 0.0
    var end = 0.0
    for run in line.runs {
      let climb = (rise - run.rise) * style.size
      let step = (run.x - end) * style.size
      rise = run.rise
      end = run.x + FontMetrics.width(of: run.text, bold: run.isBold) * run.scale
      var attributes = ""
      if abs(step) > 0.005 { attributes += " dx=\"\(SVGNumber.text(step))\"" }
      if abs(climb) > 0.005 { attributes += " dy=\"\(SVGNumber.text(climb))\"" }
      if run.scale != 1 {
        attributes += " font-size=\"\(SVGNumber.text(run.scale * style.size))\""
      }
      if run.isItalic { attributes += " font-style=\"italic\"" }
      if run.isBold, !style.isBold { attributes += " font-weight=\"bold\"" }
      body +=
        attributes.isEmpty
        ? SVGText.content(run.text)
        : "<tspan\(attributes)>\(SVGText.content(run.text))</tspan>"
    }
  }

  // MARK: - Document

  /// As wide as a cell's output on a small screen.
  private static let widest = 900.0

  /// The document: a background, then everything that was drawn. `title` names the picture to those
  /// who do not see it, `description` says what it shows.
  func document(width: Double, height: Double, title: String, description: String) -> String {
    let (width, height) = (width.rounded(.up), height.rounded(.up))
    // A picture wider than a notebook's page is shown smaller, not cut off.
    let scale = min(1, Self.widest / max(width, 1))
    let size =
      "\(SVGNumber.text((width * scale).rounded()))\" height=\"\(SVGNumber.text((height * scale).rounded()))"
    let box = "0 0 \(SVGNumber.text(width)) \(SVGNumber.text(height))"
    var result = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(size)\" viewBox=\"\(box)\""
    result += " role=\"img\" aria-label=\"\(SVGText.escaped(title))\" font-family=\"\(Self.fonts)\""
    result += " fill=\"\(Palette.ink.hexadecimal)\">\n"
    result += "<desc>\(SVGText.escaped(description))</desc>\n"
    var background = SVGCanvas()
    background.rectangle(Box(0, 0, width, height), fill: Palette.background)
    return result + background.body + body + "</svg>"
  }
}
