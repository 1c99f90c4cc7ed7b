import MatrixEngine
import Notation

/// Boxes in rows, each joined to the next.
struct BlockChain {
  /// A line of text in a box.
  struct Line {
    var text: SymbolText
    var style: TextStyle

    static func plain(_ text: SymbolText) -> Line { Line(text: text, style: TextStyle(size: 14)) }
    static func muted(_ text: SymbolText) -> Line {
      Line(text: text, style: TextStyle(size: 14, color: Palette.mutedInk))
    }
    static func gradient(_ text: SymbolText) -> Line {
      Line(text: text, style: TextStyle(size: 14, color: Palette.gradient))
    }
  }

  /// What stands in a box.
  struct Content {
    var title: SymbolText
    var lines: [Line]
    /// How many circles stand for it; 0: none.
    var units: Int
    var curve: ActivationCurve?
    /// The sizes of the array that stands for it, and its matrices where they are known.
    var sizes: [Int]?
    var maps: [Matrix<Double>] = []

    /// The strip above the title, with circles and the curve, or pictures.
    var strip: Double {
      if !maps.isEmpty { return BlockChain.mapSize + 14 }
      return sizes != nil || units > 0 ? 30 : 12
    }
  }

  struct Block {
    var box: Box
    var content: Content
    var lines: [Line]
    /// Where its text begins.
    var strip: Double
  }

  /// The way from a box to the next, through its corners.
  struct Link {
    var points: [Point]
  }

  private(set) var blocks: [Block] = []
  private(set) var links: [Link] = []
  private(set) var width = 0.0
  private(set) var bottom = 0.0

  private static let titleStyle = TextStyle(size: 16, isBold: true)
  private static let mostInRow = 4
  private static let across = 40.0
  private static let down = 36.0
  private static let padding = 10.0
  private static let leading = 20.0
  /// The side of the picture of a matrix.
  static let mapSize = 48.0

  /// Of more boxes than a reader looks at, the first and the last; nil stands for those between. nil where all have
  /// room.
  static func shown<Element>(_ all: [Element]) -> [Element?]? {
    guard all.count > 32 else { return nil }
    return all.prefix(24).map(Optional.some) + [nil] + all.suffix(6).map(Optional.some)
  }

  init(_ contents: [Content], top: Double) {
    let rows = (contents.count + Self.mostInRow - 1) / Self.mostInRow
    let perRow = (contents.count + rows - 1) / rows
    let page = NetworkLayout.pageWidth - 2 * NetworkLayout.margin
    let room = (page - Double(perRow - 1) * Self.across) / Double(perRow)
    let boxWidth = min(room, 200)
    var y = top
    for row in 0..<rows {
      let items = contents[(row * perRow)..<min((row + 1) * perRow, contents.count)]
      let lines = items.map { Self.lines(of: $0, width: boxWidth - 2 * Self.padding) }
      let strip = max(items.map(\.strip).max() ?? 0, 30)
      let height =
        strip + Double(lines.map(\.count).max() ?? 0) * Self.leading + Self.padding + 4
      for (place, (content, lines)) in zip(items, lines).enumerated() {
        let x = NetworkLayout.margin + Double(place) * (boxWidth + Self.across)
        blocks.append(
          Block(
            box: Box(x, y, boxWidth, height), content: content, lines: lines,
            strip: content.strip > 12 ? strip : content.strip))
      }
      bottom = y + height
      y = bottom + Self.down
    }
    width = (blocks.map(\.box.right).max() ?? 0) + NetworkLayout.margin
    links = zip(blocks, blocks.dropFirst()).map { Self.link($0.box, $1.box) }
  }

  private static func lines(of content: Content, width: Double) -> [Line] {
    titleStyle.wrapped(content.title, width: width).map { Line(text: $0, style: titleStyle) }
      + content.lines.flatMap { line in
        line.style.wrapped(line.text, width: width).map { Line(text: $0, style: line.style) }
      }
  }

  private static func link(_ first: Box, _ second: Box) -> Link {
    if first.top == second.top {
      return Link(points: [
        Point(first.right, first.center.y), Point(second.left, second.center.y),
      ])
    }
    let y = (first.bottom + second.top) / 2
    return Link(points: [
      Point(first.center.x, first.bottom), Point(first.center.x, y), Point(second.center.x, y),
      Point(second.center.x, second.top),
    ])
  }
}

extension BlockChain.Link {
  /// An arrow, of the way back against the order; as wide as its part of the largest.
  func draw(isBackward: Bool, part: Double?, on canvas: inout SVGCanvas) {
    let points = isBackward ? points.reversed() : points
    guard let end = points.last, points.count > 1 else { return }
    let stroke = SVGCanvas.Stroke(
      color: isBackward ? Palette.gradient : Palette.ink, width: 1.6 + 4 * (part ?? 0))
    let before = points[points.count - 2]
    let path = Array(points.dropLast())
    if path.count > 1 { canvas.path(SVGPath(through: path), stroke: stroke) }
    canvas.arrow(from: before, to: end, stroke)
  }
}

extension BlockChain.Block {
  func draw(on canvas: inout SVGCanvas) {
    canvas.rectangle(
      box, fill: Palette.surface, stroke: SVGCanvas.Stroke(color: Palette.ink, width: 1.6),
      radius: 8)
    if content.sizes == nil { drawCircles(on: &canvas) } else { drawArray(on: &canvas) }
    if let curve = content.curve {
      let place = Box(box.right - 44, box.top + 9, 34, 18)
      canvas.path(
        curve.path(in: place), stroke: SVGCanvas.Stroke(color: Palette.positive, width: 2))
    }
    for (index, line) in lines.enumerated() {
      let base = box.top + strip + Double(index) * 20 + 15
      canvas.text(line.text, at: Point(box.left + 10, base), line.style)
    }
  }

  /// A row of circles: one a unit, or a few with dots between.
  private func drawCircles(on canvas: inout SVGCanvas) {
    let most = 5
    let isCut = content.units > most
    for place in 0..<min(content.units, most) {
      let center = Point(box.left + 16 + Double(place) * 15, box.top + 18)
      let isDot = isCut && place == most - 2
      for step in isDot ? [-4.0, 0, 4] : [0] {
        canvas.circle(
          center + Point(step, 0), radius: isDot ? 1.3 : 5.5,
          fill: isDot ? Palette.ink : Palette.background,
          stroke: isDot ? nil : SVGCanvas.Stroke(color: Palette.ink, width: 1.4))
      }
    }
  }

  /// The matrices of an array as small heat maps of one scale, as many as there is room for; sheets where they are
  /// not known.
  private func drawArray(on canvas: inout SVGCanvas) {
    guard let first = content.maps.first, first.rows > 0, first.columns > 0 else {
      return drawSheets(on: &canvas)
    }
    let blocks = content.maps.map { MatrixBlocks($0, limit: Self.mapLimit) }
    let scale = DivergingScale(blocks)
    let (rows, columns) = (Double(blocks[0].rows.count), Double(blocks[0].columns.count))
    let room = box.width - 20
    let cell = min(BlockChain.mapSize / rows, room / columns, 16)
    let (width, height) = (cell * columns, cell * rows)
    let isCut = Double(blocks.count) * (width + 6) - 6 > room
    let most = max(Int((room - (isCut ? 30 : 0) + 6) / (width + 6)), 1)
    for (place, block) in blocks.prefix(most).enumerated() {
      let map = Box(
        box.left + 10 + Double(place) * (width + 6),
        box.top + 9 + (BlockChain.mapSize - height) / 2,
        width, height)
      canvas.cells(
        block.means.map { $0.map { scale.color($0) } }, in: map)
      canvas.rectangle(map, fill: nil, stroke: SVGCanvas.Stroke(color: Palette.axis))
    }
    if blocks.count > most {
      let style = TextStyle(size: 14, color: Palette.mutedInk)
      canvas.text(
        .words("+\(blocks.count - most)"),
        at: Point(
          box.left + 12 + Double(most) * (width + 6),
          box.top + 9 + BlockChain.mapSize / 2 + style.middleShift), style)
    }
  }

  private static let mapLimit = 24

  /// A sheet of lines for a matrix; of an array several behind each other.
  private func drawSheets(on canvas: inout SVGCanvas) {
    let count = min(content.sizes.map { $0.count > 2 ? $0[0] : 1 } ?? 1, 3)
    let stroke = SVGCanvas.Stroke(color: Palette.ink, width: 1.4)
    for place in 0..<count {
      let shift = 4 * Double(count - 1 - place)
      canvas.rectangle(
        Box(box.left + 12 + shift, box.top + 14 - shift, 20, 16), fill: Palette.background,
        stroke: stroke)
    }
  }
}
