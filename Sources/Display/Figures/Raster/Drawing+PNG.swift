extension Drawing {
  /// How many pixels a picture may have; a larger one is less than twice as fine as it is shown.
  private static let pixelLimit = 1_200_000.0
  /// As long as a file should be, so that notebooks stay small; and as long as it may be, or it is drawn again.
  private static let usualLength = 48_000.0
  private static let lengthLimit = 59_000
  /// The bytes of a file for each unit of the edges in it, as pictures of all kinds have at most.
  private static let bytesPerEdge = 0.85
  private static let mostFineness = 1.5
  private static let usualFineness = 1.25
  private static let leastFineness = 0.8

  /// The picture as a PNG file, for where neither SVG nor PDF is shown; finer than it is shown, so that its letters are
  /// sharp.
  package var png: [UInt8] {
    let shown = Double(max(shownWidth, 1) * max(shownHeight, 1))
    let scale = Double(shownWidth) / max(width, 1)
    let edges = scale * shapes.reduce(1) { $0 + $1.edges }
    let bytes = Self.bytesPerEdge * edges
    var fineness = min(
      Self.mostFineness, (Self.pixelLimit / shown).squareRoot(),
      max(Self.usualFineness, Self.usualLength / bytes))
    var file = png(fineness: fineness)
    while file.count > Self.lengthLimit, fineness > Self.leastFineness {
      // The length grows with the edges; a little less is sure to do.
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

extension Drawing.Shape {
  /// About how long the edges are on which colours change, in units of the drawing.
  fileprivate var edges: Double {
    switch self {
    case .rectangle(let box, _, let paint):
      paint.outlines * 2 * max(box.height, 0)
    case .circle(_, let radius, let paint): paint.outlines * 6 * max(radius, 0)
    case .line(let start, let end, _): 2 * (end - start).length
    case .path(let path, let paint, _):
      paint.outlines
        * path.polylines(scale: 1).reduce(0) { sum, line in
          sum + zip(line.points, line.points.dropFirst()).reduce(0) { $0 + ($1.1 - $1.0).length }
        }
    case .text(let line, _, let style, _, _):
      line.runs.reduce(0) { $0 + Double($1.text.utf8.count) * $1.scale } * style.size * 3
    case .titled(_, let shapes): shapes.reduce(0) { $0 + $1.edges }
    }
  }
}

extension Drawing.Paint {
  /// A line has two edges, a filling one.
  fileprivate var outlines: Double { (fill == nil ? 0 : 1) + (stroke == nil ? 0 : 2) }
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
    case .titled(_, let shapes): for shape in shapes { draw(shape) }
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
