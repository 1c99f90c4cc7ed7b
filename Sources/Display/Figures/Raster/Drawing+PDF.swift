extension Drawing {
  /// The picture as a PDF of one page: shapes, sharp at any size, and letters as outlines, so that no font is missing.
  ///
  /// Source: ISO 32000-1:2008, 8.3 (coordinates), 8.5 (paths), 11.6.4 (opacity).
  package var pdf: [UInt8] {
    // A pixel is three quarters of a point.
    let (across, down) = (Double(shownWidth) * 0.75, Double(shownHeight) * 0.75)
    let scale = across / max(width, 1)
    var writer = PDFContent()
    writer.add([scale, 0, 0, -scale, 0, down], "cm")
    writer.add([4], "M")
    writer.draw(
      .rectangle(
        Box(0, 0, width, height), radius: Self.cornerRadius, Paint(fill: Palette.background)))
    for shape in shapes { writer.draw(shape) }
    let content = Deflate.zlib(Array(writer.content.utf8), rowLength: 1)
    let states = writer.opacities.enumerated().map { index, opacity in
      "/O\(index) << /ca \(PDFContent.text(opacity.fill)) /CA \(PDFContent.text(opacity.stroke)) >>"
    }
    let box = "[0 0 \(PDFContent.text(across)) \(PDFContent.text(down))]"
    return PDFFile.bytes([
      ("/Type /Catalog /Pages 2 0 R", nil), ("/Type /Pages /Kids [3 0 R] /Count 1", nil),
      (
        "/Type /Page /Parent 2 0 R /MediaBox \(box) /Contents 4 0 R"
          + " /Resources << /ExtGState << \(states.joined(separator: " ")) >> >>", nil
      ),
      ("/Filter /FlateDecode /Length \(content.count)", content),
    ])
  }
}

/// The objects of a PDF with their numbers, and the table that says where they are.
private enum PDFFile {
  static func bytes(_ objects: [(dictionary: String, stream: [UInt8]?)]) -> [UInt8] {
    var bytes = Array("%PDF-1.4\n".utf8)
    var places: [Int] = []
    for (index, object) in objects.enumerated() {
      places.append(bytes.count)
      bytes += Array("\(index + 1) 0 obj << \(object.dictionary) >>".utf8)
      if let stream = object.stream {
        bytes += Array("\nstream\n".utf8) + stream + Array("\nendstream".utf8)
      }
      bytes += Array("\nendobj\n".utf8)
    }
    let table = bytes.count
    let lines = places.map { place in
      String(repeating: "0", count: 10 - "\(place)".count) + "\(place) 00000 n \n"
    }
    let count = objects.count + 1
    bytes += Array("xref\n0 \(count)\n0000000000 65535 f \n\(lines.joined())".utf8)
    bytes += Array(
      "trailer << /Size \(count) /Root 1 0 R >>\nstartxref\n\(table)\n%%EOF\n".utf8)
    return bytes
  }
}

/// Writes shapes as the operators of a PDF page.
private struct PDFContent {
  private(set) var content = ""
  /// The opacities that occur, each a graphics state of its own.
  private(set) var opacities = [Opacity(fill: 1, stroke: 1)]

  /// How the last path was painted.
  private var current: (state: Int?, fill: RGBColor?, stroke: Drawing.Stroke?) = (nil, nil, nil)

  /// What the letters that occurred are, by their glyphs' numbers.
  private var letters: [Int: String] = [:]

  struct Opacity: Hashable {
    let fill: Double
    let stroke: Double
  }

  /// How far the handles of a curve stand off for a quarter of a circle.
  private static let quarter = 0.5522847498
  /// Outlines of letters are whole numbers on this grid.
  private static let grid = 512.0
  private static let limit = 100_000.0

  /// A number with at most five decimals and without an exponent.
  static func text(_ value: Double) -> String {
    guard !value.isNaN else { return "0" }
    let parts = Int((min(max(value, -limit), limit) * 100_000).rounded())
    let (whole, rest) = (parts.magnitude / 100_000, parts.magnitude % 100_000)
    var digits = rest == 0 ? "" : ".\(String(100_000 + rest).dropFirst())"
    while digits.hasSuffix("0") { digits.removeLast() }
    return (parts < 0 ? "-" : "") + "\(whole)\(digits)"
  }

  mutating func add(_ numbers: [Double], _ operation: String) {
    content += numbers.map { Self.text($0) + " " }.joined() + operation + "\n"
  }

  /// Points to two decimals, finer than a screen.
  private mutating func add(_ points: [Point], _ operation: String) {
    for point in points { content += "\(SVGNumber.text(point.x)) \(SVGNumber.text(point.y)) " }
    content += operation + "\n"
  }

  mutating func draw(_ shape: Drawing.Shape) {
    switch shape {
    case .rectangle(let box, let radius, let look):
      let box = Box(box.left, box.top, max(box.width, 0), max(box.height, 0))
      paint(look) { $0.outline(box, radius: max(radius, 0)) }
    case .circle(let center, let radius, let look):
      let side = 2 * max(radius, 0)
      paint(look, at: center) {
        $0.outline(Box(center: Point(0, 0), width: side, height: side), radius: side / 2)
      }
    case .line(let start, let end, let stroke):
      paint(Drawing.Paint(stroke: stroke)) {
        $0.add([start], "m")
        $0.add([end], "l")
      }
    case .path(let path, _, _) where path.isEmpty: break
    case .path(let path, var look, let isCrisp):
      // A thin line in the same colour closes the seams that a viewer leaves between neighbours.
      if isCrisp, let fill = look.fill, look.stroke == nil {
        look.stroke = Drawing.Stroke(color: fill, width: 0.3, opacity: look.opacity)
      }
      paint(look) { content in
        for step in path.steps { content.add(step) }
      }
    case .text(let line, let point, let style, let anchor, let isTurned):
      draw(line, at: point, style, anchor, isTurned: isTurned)
    case .titled(_, let shapes), .redrawn(let shapes): for shape in shapes { draw(shape) }
    case .cells(let rows, let box):
      if box.width < Self.largeCell * Double(rows.first?.count ?? 0) { return image(rows, in: box) }
      for (color, path) in CellPaths(rows, in: box).paths {
        draw(.path(path, Drawing.Paint(fill: color), isCrisp: true))
      }
    }
  }

  /// Smaller cells are pixels of an image, in which nobody sees whether a viewer smooths them.
  private static let largeCell = 5.0

  /// An image in the page. Source: ISO 32000-1:2008, 8.9.7.
  private mutating func image(_ rows: [[RGBColor]], in box: Box) {
    content += "q\n"
    add([box.width, 0, 0, -box.height, box.left, box.bottom], "cm")
    content += "BI /W \(rows.first?.count ?? 0) /H \(rows.count) /CS /RGB /BPC 8 /F /AHx ID "
    var digits: [UInt8] = []
    let hexadecimal = Array("0123456789abcdef".utf8)
    for pixel in rows.joined().lazy.map(\.pixel) {
      for shift: UInt32 in [20, 16, 12, 8, 4, 0] {
        digits.append(hexadecimal[Int(pixel >> shift & 15)])
      }
    }
    content += String(decoding: digits, as: UTF8.self) + "> EI\nQ\n"
  }

  private mutating func add(_ step: SVGPath.Step) {
    switch step {
    case .move(let point): add([point], "m")
    case .line(let point): add([point], "l")
    case .curve(let first, let second, let end): add([first, second, end], "c")
    case .close: content += "h\n"
    case .rectangle(let box): outline(box, radius: 0)
    }
  }

  /// A rectangle with round corners; a circle is one whose corners meet.
  private mutating func outline(_ box: Box, radius: Double) {
    let radius = min(radius, box.width / 2, box.height / 2)
    guard radius > 0 else {
      add([Point(box.left, box.top), Point(box.width, box.height)], "re")
      return
    }
    let hold = radius * (1 - Self.quarter)
    let (left, top, right, bottom) = (box.left, box.top, box.right, box.bottom)
    add([Point(left + radius, top)], "m")
    add([Point(right - radius, top)], "l")
    add(
      [Point(right - hold, top), Point(right, top + hold), Point(right, top + radius)], "c")
    add([Point(right, bottom - radius)], "l")
    add(
      [Point(right, bottom - hold), Point(right - hold, bottom), Point(right - radius, bottom)],
      "c")
    add([Point(left + radius, bottom)], "l")
    add(
      [Point(left + hold, bottom), Point(left, bottom - hold), Point(left, bottom - radius)], "c")
    add([Point(left, top + radius)], "l")
    add([Point(left, top + hold), Point(left + hold, top), Point(left + radius, top)], "c")
    content += "h\n"
  }

  /// Writes how a path is painted, where that is not as the one before, the path, and that it is. What is drawn at a
  /// place is the same text everywhere, so that it is stored once.
  private mutating func paint(
    _ look: Drawing.Paint, at place: Point? = nil, _ path: (inout PDFContent) -> Void
  ) {
    guard look.fill != nil || look.stroke != nil else { return }
    let opacity = Opacity(fill: look.opacity, stroke: look.stroke?.opacity ?? 1)
    let state = opacities.firstIndex(of: opacity) ?? opacities.count
    if state == opacities.count { opacities.append(opacity) }
    use(state: state, fill: look.fill, stroke: look.stroke)
    if let place {
      content += "q\n"
      add([1, 0, 0, 1, place.x, place.y], "cm")
    }
    path(&self)
    content += look.stroke == nil ? "f*\n" : look.fill == nil ? "S\n" : "B*\n"
    if place != nil { content += "Q\n" }
  }

  /// Writes what is not so already.
  private mutating func use(state: Int, fill: RGBColor?, stroke: Drawing.Stroke?) {
    if state != current.state { content += "/O\(state) gs\n" }
    current.state = state
    if let fill, fill != current.fill {
      add(fill, "rg")
      current.fill = fill
    }
    guard let stroke else { return }
    if stroke.color != current.stroke?.color { add(stroke.color, "RG") }
    if stroke.width != current.stroke?.width { add([stroke.width], "w") }
    let dash = stroke.dash.lengths(width: stroke.width)
    if dash != current.stroke?.dash.lengths(width: current.stroke?.width ?? 1) {
      content += "[\(dash.map(Self.text).joined(separator: " "))] 0 d\n"
    }
    current.stroke = stroke
  }

  private mutating func add(_ color: RGBColor, _ operation: String) {
    add([color.red, color.green, color.blue].map { ($0 * 1000).rounded() / 1000 }, operation)
  }

  // MARK: - Text

  /// Each letter is the same text wherever it stands, under a matrix that moves on, so that it is stored once.
  private mutating func draw(
    _ line: TypesetText, at point: Point, _ style: TextStyle, _ anchor: TextAnchor, isTurned: Bool
  ) {
    let line = OutlinedText(line, size: style.size, anchor: anchor)
    use(state: 0, fill: style.color, stroke: nil)
    for (run, start, glyphs) in line.runs {
      let unit = run.scale * style.size / Self.grid
      let slant = run.isItalic ? OutlinedText.slant * unit : 0
      let across = start - line.before
      let up = run.rise * style.size
      content += "q\n"
      add(
        isTurned
          ? [0, -unit, -unit, -slant, point.x - up, point.y - across]
          : [unit, 0, slant, -unit, point.x + across, point.y - up], "cm")
      for glyph in glyphs { content += letter(glyph) }
      content += "Q\n"
    }
  }

  private mutating func letter(_ glyph: Glyph) -> String {
    if let known = letters[glyph.number] { return known }
    var text = ""
    for ring in glyph.rings {
      for (index, corner) in ring.enumerated() {
        let (x, y) = (Self.grid * corner.x, Self.grid * corner.y)
        text += "\(Int(x.rounded())) \(Int(y.rounded())) \(index == 0 ? "m" : "l")\n"
      }
    }
    if !glyph.rings.isEmpty { text += "f\n" }
    text += "1 0 0 1 \(Int((Self.grid * glyph.advance).rounded())) 0 cm\n"
    letters[glyph.number] = text
    return text
  }
}
