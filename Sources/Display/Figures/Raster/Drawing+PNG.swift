import Glibc

extension Drawing {
  /// How many pixels a picture has at most; one that is shown large is no finer than usual, and a very large one less.
  private static let usualPixels = 700_000.0
  private static let pixelLimit = 1_200_000.0
  /// As long as a file should be, so that notebooks stay small; as long as one that cannot be shorter may be, since
  /// its length is an estimate; and the length beyond which it is drawn again.
  private static let usualLength = 40_000.0
  private static let greatestLength = 53_000.0
  private static let lengthLimit = 59_000
  private static let mostFineness = 1.5
  private static let usualFineness = 1.25
  private static let leastFineness = 0.8
  /// How the fineness follows from the length: twice as long a file is so many powers of 2 as fine.
  private static let finenessByLength = 0.8

  /// The picture as a PNG file, for where neither SVG nor PDF is shown; finer than it is shown, so that its letters are
  /// sharp.
  package var png: [UInt8] {
    let shown = Double(max(shownWidth, 1) * max(shownHeight, 1))
    let scale = Double(shownWidth) / max(width, 1)
    let slanted = scale * shapes.reduce(0) { $0 + $1.slantedLength }
    // Where lines cross, no row is like the one above.
    let length =
      shapes.reduce(Shape.emptyLength) { $0 + $1.length(scale: scale) }
      + Shape.crossingLength * slanted * slanted / shown
    func fineness(for wanted: Double) -> Double {
      Self.usualFineness * pow(wanted / length, Self.finenessByLength)
    }
    var fineness = min(
      Self.mostFineness, (Self.pixelLimit / shown).squareRoot(),
      max(Self.usualFineness, (Self.usualPixels / shown).squareRoot()),
      max(
        fineness(for: Self.usualLength),
        min(Self.usualFineness, fineness(for: Self.greatestLength))))
    fineness = max(fineness, Self.leastFineness)
    var file = png(fineness: fineness)
    while file.count > Self.lengthLimit, fineness > Self.leastFineness {
      // The length grows more than the fineness; a little less is sure to do.
      let part = 0.95 * Double(Self.lengthLimit) / Double(file.count)
      fineness = max(fineness * part, Self.leastFineness)
      file = png(fineness: fineness)
    }
    return file
  }

  private func png(fineness: Double) -> [UInt8] {
    let columns = max(Int((Double(shownWidth) * fineness).rounded()), 1)
    let rows = max(Int((Double(shownHeight) * fineness).rounded()), 1)
    let scale = Double(columns) / max(width, 1)
    var painter = Painter(
      canvas: PixelCanvas(width: columns, height: rows, ground: Palette.background), scale: scale)
    for shape in shapes { painter.draw(shape) }
    painter.canvas.roundCorners(radius: Self.cornerRadius * scale)
    return PNGFile(painter.canvas).bytes
  }
}

/// How long a file gets, in bytes, by what is drawn. The numbers are fitted to the diagrams of random networks: of 99 in
/// 100 the file is at most an eighth longer or shorter.
extension Drawing.Shape {
  /// The file of a picture without shapes.
  fileprivate static let emptyLength = 800.0

  /// What lines add where they cross, by their number, which grows with their lengths.
  fileprivate static let crossingLength = 7.0

  /// How long it is as a line across rows and columns.
  fileprivate var slantedLength: Double {
    switch self {
    case .line(let start, let end, _):
      start.x == end.x || start.y == end.y ? 0 : (end - start).length
    case .titled(_, let shapes), .redrawn(let shapes):
      shapes.reduce(0) { $0 + $1.slantedLength }
    default: 0
    }
  }

  /// What the shape adds to a file that is the usual fineness finer than it is shown.
  fileprivate func length(scale: Double) -> Double {
    switch self {
    // A row that is the one above again costs next to nothing.
    case .rectangle: 0
    case .circle(_, let radius, let paint):
      12 * ((paint.fill == nil ? 0 : 1) + (paint.stroke == nil ? 0 : 1)) * max(radius, 0) * scale
    case .line(let start, let end, let stroke):
      scale * Self.length(of: end - start, dashed: stroke.dash != .solid)
    case .path(let path, let paint, _): scale * Self.length(path, paint)
    case .text(let line, _, let style, _, _):
      Self.length(line, size: style.size * scale)
    case .titled(_, let shapes), .redrawn(let shapes):
      shapes.reduce(0) { $0 + $1.length(scale: scale) }
    case .cells(let rows, let box):
      0.15 * scale
        * (Double(rows.count) * box.width + Double(rows.first?.count ?? 0) * box.height)
    }
  }

  /// Each letter by itself, and its edges; of small type there is less of either.
  private static func length(_ line: TypesetText, size: Double) -> Double {
    let alone = 22 * min(size / 13, 1)
    return line.runs.reduce(0) {
      $0 + Double($1.text.unicodeScalars.count) * (1.15 * $1.scale * size + alone)
    }
  }

  private static func length(of line: Point, dashed: Bool) -> Double {
    line.x == 0 || line.y == 0
      ? 0.2 * line.length : 0.55 * abs(line.x) + (dashed ? 1.8 : 3) * abs(line.y)
  }

  private static func length(_ path: SVGPath, _ paint: Drawing.Paint) -> Double {
    let (upright, slanted) = path.lengths
    let outline = paint.stroke.map { $0.dash == .solid ? 1.5 : 4.4 } ?? 0
    return upright * 0.18 + slanted * ((paint.fill == nil ? 0 : 0.7) + outline)
  }
}

extension SVGPath {
  /// How long its pieces are that run along rows or columns, and the others; of curves about.
  fileprivate var lengths: (upright: Double, slanted: Double) {
    var (upright, slanted) = (0.0, 0.0)
    var last = Point(0, 0)
    for step in steps {
      switch step {
      case .move(let point): last = point
      case .line(let point):
        let length = (point - last).length
        if point.x == last.x || point.y == last.y { upright += length } else { slanted += length }
        last = point
      case .curve(let first, let second, let end):
        let around = (first - last).length + (second - first).length + (end - second).length
        slanted += ((end - last).length + around) / 2
        last = end
      case .close: break
      case .rectangle(let box): upright += 2 * (abs(box.width) + abs(box.height))
      }
    }
    return (upright, slanted)
  }
}

/// Draws shapes in pixels.
private struct Painter {
  var canvas: PixelCanvas
  let scale: Double

  mutating func draw(_ shape: Drawing.Shape) {
    switch shape {
    case .rectangle(let box, let radius, let paint):
      let scaled = Box(
        box.left * scale, box.top * scale, max(box.width, 0) * scale, max(box.height, 0) * scale)
      draw([Outlines.rectangle(scaled, radius: radius * scale)], paint)
    case .circle(let center, let radius, let paint):
      draw([Outlines.circle(scale * center, radius: max(radius, 0) * scale)], paint)
    case .line(let start, let end, let stroke):
      draw([Polyline(points: [scale * start, scale * end])], stroke)
    case .path(let path, let paint, let isCrisp):
      draw(path.polylines(scale: scale, isCrisp: isCrisp), paint)
    case .text(let line, let point, let style, let anchor, let isTurned):
      draw(line, at: scale * point, style, anchor, isTurned: isTurned)
    case .titled(_, let shapes), .redrawn(let shapes): for shape in shapes { draw(shape) }
    case .cells(let rows, let box):
      canvas.fill(
        rows, left: box.left * scale, top: box.top * scale, right: box.right * scale,
        bottom: box.bottom * scale)
    }
  }

  private mutating func draw(_ lines: [Polyline], _ paint: Drawing.Paint) {
    if let fill = paint.fill {
      for line in lines { canvas.add(ring: line.points) }
      canvas.fill(fill, opacity: paint.opacity, .evenOdd)
    }
    if let stroke = paint.stroke { draw(lines, stroke) }
  }

  private mutating func draw(_ lines: [Polyline], _ stroke: Drawing.Stroke) {
    let lengths = stroke.dash.lengths(width: stroke.width).map { $0 * scale }
    for line in lines {
      for dash in lengths.isEmpty ? [line] : Outlines.dashes(line, lengths) {
        for ring in Outlines.stroke(dash, width: stroke.width * scale) { canvas.add(ring: ring) }
      }
    }
    canvas.fill(stroke.color, opacity: stroke.opacity)
  }

  // MARK: - Text

  private mutating func draw(
    _ line: TypesetText, at point: Point, _ style: TextStyle, _ anchor: TextAnchor, isTurned: Bool
  ) {
    let size = style.size * scale
    let line = OutlinedText(line, size: size, anchor: anchor)
    for (run, start, glyphs) in line.runs {
      let height = run.scale * size
      let slant = run.isItalic ? OutlinedText.slant : 0
      var x = start - line.before
      for glyph in glyphs {
        for ring in glyph.rings {
          canvas.add(
            ring: ring.map { corner in
              let across = x + (corner.x + slant * corner.y) * height
              let up = run.rise * size + corner.y * height
              return isTurned
                ? Point(point.x - up, point.y - across) : Point(point.x + across, point.y - up)
            })
        }
        x += glyph.advance * height
      }
    }
    canvas.fill(style.color)
  }
}
