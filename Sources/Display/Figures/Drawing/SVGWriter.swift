import FoundationEssentials
import Notation

extension Drawing {
  /// Fonts by preference; text is measured for the widest of them.
  static let fonts = "Helvetica Neue,Helvetica,Arial,Liberation Sans,DejaVu Sans,sans-serif"

  /// The picture as an SVG document.
  package var svg: String {
    let size = "\(shownWidth)\" height=\"\(shownHeight)"
    let box = "0 0 \(SVGNumber.text(width)) \(SVGNumber.text(height))"
    var result = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(size)\" viewBox=\"\(box)\""
    result += " role=\"img\" aria-label=\"\(SVGText.escaped(title))\" font-family=\"\(Self.fonts)\""
    result += " fill=\"\(Palette.ink.hexadecimal)\">\n"
    result += "<desc>\(SVGText.escaped(description))</desc>\n"
    var writer = SVGWriter()
    writer.write(
      .rectangle(
        Box(0, 0, width, height), radius: Self.cornerRadius, Paint(fill: Palette.background)))
    writer.write(shapes)
    return result + writer.body + "</svg>"
  }
}

extension Drawing.Shape {
  /// What shapes have in common that differ in nothing but their places.
  fileprivate struct Look: Hashable {
    let isPath: Bool
    let paint: Drawing.Paint
  }

  /// Nil where it shares its look with none: where it stands for a number, or is of a kind that is not many.
  fileprivate var look: Look? {
    let look: Look
    switch self {
    case .circle(_, _, let paint): look = Look(isPath: false, paint: paint)
    case .path(_, let paint, let isCrisp) where !isCrisp: look = Look(isPath: true, paint: paint)
    default: return nil
    }
    return look.paint.amount == nil && look.paint.stroke?.amount == nil ? look : nil
  }
}

extension [Drawing.Shape] {
  /// The elements that they are in a document.
  var markup: String {
    var writer = SVGWriter()
    writer.write(self)
    return writer.body
  }
}

/// Writes shapes as SVG, an element a line.
///
/// What it writes holds everywhere a notebook goes: presentation attributes only, since GitHub
/// removes style sheets; no `id`, since pages with several pictures would mix them up; no characters
/// that XML forbids.
private struct SVGWriter {
  private(set) var body = ""

  mutating func write(_ shape: Drawing.Shape) {
    switch shape {
    case .rectangle(let box, let radius, let paint):
      open("rect")
      attribute("x", box.left)
      attribute("y", box.top)
      attribute("width", max(box.width, 0))
      attribute("height", max(box.height, 0))
      if radius > 0 { attribute("rx", radius) }
      finish(paint)
    case .circle(let center, let radius, let paint):
      open("circle")
      attribute("cx", center.x)
      attribute("cy", center.y)
      attribute("r", max(radius, 0))
      finish(paint)
    case .line(let start, let end, let stroke):
      open("line")
      attribute("x1", start.x)
      attribute("y1", start.y)
      attribute("x2", end.x)
      attribute("y2", end.y)
      finish(stroke)
    case .path(let path, let paint, let isCrisp):
      open("path")
      body += " d=\"\(path.data)\""
      if paint.fill != nil { body += " fill-rule=\"evenodd\"" }
      if isCrisp { body += " shape-rendering=\"crispEdges\"" }
      finish(paint)
    case .text(let line, let point, let style, let anchor, let isTurned):
      write(line, at: point, style, anchor, isTurned: isTurned)
    case .titled(let title, let shapes):
      body += "<g>\n<title>\(SVGText.escaped(title))</title>\n"
      write(shapes)
      body += "</g>\n"
    case .redrawn(let shapes):
      NumberMark.append(0, as: .redrawn, look: 0, to: &body) { $0 += shapes.markup }
    case .cells(let rows, let box):
      open("image")
      attribute("x", box.left)
      attribute("y", box.top)
      attribute("width", box.width)
      attribute("height", box.height)
      body += " preserveAspectRatio=\"none\" image-rendering=\"pixelated\""
      let image = Data(PNGFile(rows).bytes).base64EncodedString()
      body += " href=\"data:image/png;base64,\(image)\"/>\n"
    }
  }

  /// Shapes one behind the other; many that look alike share what they look like.
  mutating func write(_ shapes: [Drawing.Shape]) {
    var start = 0
    while start < shapes.count {
      let look = shapes[start].look
      var end = start + 1
      if look != nil { while end < shapes.count, shapes[end].look == look { end += 1 } }
      if let look, end - start > Self.manyAlike {
        body += "<g"
        attributes(look)
        body += ">\n"
        for shape in shapes[start..<end] { writePlain(shape) }
        body += "</g>\n"
      } else {
        for shape in shapes[start..<end] { write(shape) }
      }
      start = end
    }
  }

  private static let manyAlike = 40

  /// A shape whose look those around it say.
  private mutating func writePlain(_ shape: Drawing.Shape) {
    switch shape {
    case .circle(let center, let radius, _):
      open("circle")
      attribute("cx", center.x)
      attribute("cy", center.y)
      attribute("r", max(radius, 0))
      body += "/>\n"
    case .path(let path, _, _): body += "<path d=\"\(path.data)\"/>\n"
    default: break
    }
  }

  private mutating func attributes(_ look: Drawing.Shape.Look) {
    body += " fill=\"\(look.paint.fill?.hexadecimal ?? "none")\""
    if look.isPath, look.paint.fill != nil { body += " fill-rule=\"evenodd\"" }
    if look.paint.fill != nil, look.paint.opacity < 1 {
      attribute("fill-opacity", look.paint.opacity)
    }
    if let stroke = look.paint.stroke { body += Self.attributes(stroke) }
  }

  private mutating func open(_ name: String) { body += "<\(name)" }

  private mutating func attribute(_ name: String, _ value: Double) {
    body += " \(name)=\"\(SVGNumber.text(value))\""
  }

  private mutating func finish(_ paint: Drawing.Paint) {
    let fill = "fill=\"\(paint.fill?.hexadecimal ?? "none")\""
    body += " "
    if let amount = paint.amount {
      NumberMark.append(amount.value, as: .filling, look: amount.look, to: &body) { $0 += fill }
    } else {
      body += fill
    }
    if paint.fill != nil, paint.opacity < 1 { attribute("fill-opacity", paint.opacity) }
    if let stroke = paint.stroke { finish(stroke) } else { body += "/>\n" }
  }

  private mutating func finish(_ stroke: Drawing.Stroke) {
    if let amount = stroke.amount {
      body += " "
      NumberMark.append(amount.value, as: .line, look: amount.look, to: &body) {
        $0 += Self.attributes(stroke).dropFirst()
      }
    } else {
      body += Self.attributes(stroke)
    }
    body += "/>\n"
  }

  private static func attributes(_ stroke: Drawing.Stroke) -> String {
    var text = " stroke=\"\(stroke.color.hexadecimal)\""
    if stroke.width != 1 { text += " stroke-width=\"\(SVGNumber.text(stroke.width))\"" }
    if stroke.opacity < 1 { text += " stroke-opacity=\"\(SVGNumber.text(stroke.opacity))\"" }
    if stroke.dash != .solid {
      let lengths = stroke.dash.lengths(width: stroke.width).map(SVGNumber.text)
      text += " stroke-dasharray=\"\(lengths.joined(separator: " "))\""
    }
    return text
  }

  private mutating func write(
    _ line: TypesetText, at point: Point, _ style: TextStyle, _ anchor: TextAnchor, isTurned: Bool
  ) {
    guard let first = line.runs.first else { return }
    open("text")
    attribute("x", point.x)
    attribute("y", point.y)
    attribute("font-size", style.size)
    if style.color != Palette.ink { body += " fill=\"\(style.color.hexadecimal)\"" }
    if style.isBold { body += " font-weight=\"bold\"" }
    if anchor != .start { body += " text-anchor=\"\(anchor.rawValue)\"" }
    if isTurned {
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

  /// Runs as `<tspan>`s, whose moves are relative to where the run before ended.
  private mutating func appendRuns(_ line: TypesetText, _ style: TextStyle) {
    var rise = 0.0
    for (run, step) in line.steps {
      let climb = (rise - run.rise) * style.size
      rise = run.rise
      var attributes = ""
      if abs(step * style.size) > 0.005 {
        attributes += " dx=\"\(SVGNumber.text(step * style.size))\""
      }
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
}
