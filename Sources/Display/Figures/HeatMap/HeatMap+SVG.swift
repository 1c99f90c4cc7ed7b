import Notation

extension HeatMap {
  private static let margin = 16.0
  private static let axisStyle = TextStyle(size: 17, color: Palette.mutedInk)
  /// The widest that cells and their labels may be together.
  private static let widest = 980.0
  static let labelLimit = 150.0
  /// A bar of colours beside a lower map would have no room for its numbers; it lies below, so long.
  static let lowestBar = 60.0
  static let lyingBar = 200.0

  /// Where everything is.
  struct Layout {
    var blocks: MatrixBlocks
    /// The number in every cell, if numbers are shown.
    var texts: [[SymbolText]]?
    var numberStyle: TextStyle
    var cell: (width: Double, height: Double)
    /// Remarks below the cells.
    var notes: [String]
    /// The upper left corner of the cells.
    var corner: Point

    var width: Double { cell.width * Double(blocks.columns.count) }
    var height: Double { cell.height * Double(blocks.rows.count) }

    func box(_ row: Int, _ columns: Range<Int>) -> Box {
      Box(
        corner.x + Double(columns.lowerBound) * cell.width, corner.y + Double(row) * cell.height,
        Double(columns.count) * cell.width, cell.height)
    }
  }

  package func drawing(numbers: NumberFormat) -> Drawing {
    var canvas = SVGCanvas()
    let layout = layout(numbers)
    let scale = DivergingScale([layout.blocks])
    drawCells(layout, scale, on: &canvas)
    drawLabels(layout, on: &canvas)
    var bottom = layout.corner.y + layout.height + 8
    let right =
      layout.height < Self.lowestBar
      ? drawLyingLegend(layout, scale, below: &bottom, on: &canvas)
      : drawStandingLegend(layout, scale, on: &canvas)
    let notes = layout.notes.map(SymbolText.words)
    canvas.notes(notes, at: Self.margin, below: &bottom)
    let noteWidth = notes.map(TextStyle.note.width).max() ?? 0
    let titleWidth = TextStyle.title.width(of: fittedTitle(layout))
    return canvas.document(
      width: max(right, noteWidth + Self.margin, titleWidth + Self.margin) + Self.margin,
      height: bottom + 10,
      title: title.isEmpty ? "Heat map" : title.text, description: text(numbers: numbers))
  }

  private func fittedTitle(_ layout: Layout) -> SymbolText {
    TextStyle.title.fitted(title, width: max(layout.corner.x + layout.width, 500))
  }

  // MARK: - Layout

  private func layout(_ numbers: NumberFormat) -> Layout {
    let blocks = blocks
    let rowWidth =
      blocks.rows.map { TextStyle.tick.width(of: rowLabel($0)) }.max() ?? 0
    let left =
      Self.margin + min(rowWidth, Self.labelLimit) + 8
      + (rowTitle.isEmpty ? 0 : Self.axisStyle.size * 1.5)
    let top =
      Self.margin + (title.isEmpty ? 0 : TextStyle.title.size + 14)
      + (columnTitle.isEmpty ? 0 : Self.axisStyle.size * 1.4) + TextStyle.tick.size + 8
    var layout = Layout(
      blocks: blocks, texts: nil, numberStyle: TextStyle.tick, cell: (0, 0), notes: notes,
      corner: Point(left.rounded(.up), top.rounded(.up)))
    if showsNumbers {
      setNumbers(numbers, in: &layout, room: Self.widest - left)
    } else {
      // Whole pixels: no seams between cells, and short coordinates.
      let longest = Double(max(blocks.columns.count, blocks.rows.count))
      let size = min(max((560 / longest).rounded(.down), 8), 24)
      layout.cell = (size, size)
    }
    return layout
  }

  /// Cells as wide as their numbers. Where many stand side by side the numbers get smaller, then fewer
  /// decimals, and as a last resort smaller still.
  private func setNumbers(_ numbers: NumberFormat, in layout: inout Layout, room: Double) {
    let labels = layout.blocks.columns.map { TextStyle.tick.width(of: columnLabel($0)) }
    let labelWidth = min((labels.max() ?? 0) + 10, 110)
    let short = NumberFormat(digits: min(2, numbers.digits), significantDigits: 2)
    for (format, smallest) in [(numbers, 14.0), (short, 12.0)] {
      let texts = layout.blocks.means.map { $0.map { format.symbol($0) } }
      let widest = texts.joined().map { TypesetText($0).width }.max() ?? 0
      for size in stride(from: 17, through: smallest, by: -1) {
        let cell = (max(widest * size + 14, labelWidth, 40), max(size * 2, 30))
        layout.texts = texts
        layout.numberStyle = TextStyle(size: size)
        layout.cell = cell
        if cell.0 * Double(labels.count) <= room {
          if format != numbers { layout.notes.append("Numbers are shown with fewer digits") }
          return
        }
      }
    }
    layout.notes.append("Numbers are shown with fewer digits")
  }

  // MARK: - Drawing

  private func drawCells(_ layout: Layout, _ scale: DivergingScale, on canvas: inout SVGCanvas) {
    if let texts = layout.texts {
      drawNumbers(texts, layout, scale, on: &canvas)
    } else {
      drawColors(layout, scale, on: &canvas)
    }
    canvas.rectangle(
      Box(layout.corner.x, layout.corner.y, layout.width, layout.height), fill: nil,
      stroke: SVGCanvas.Stroke(color: Palette.axis))
  }

  private func drawNumbers(
    _ texts: [[SymbolText]], _ layout: Layout, _ scale: DivergingScale, on canvas: inout SVGCanvas
  ) {
    let colors = layout.blocks.means.map { $0.map { scale.color($0) } }
    canvas.cells(
      colors, in: Box(layout.corner.x, layout.corner.y, layout.width, layout.height), gap: 1)
    for (row, line) in colors.enumerated() {
      for (column, color) in line.enumerated() {
        let box = layout.box(row, column..<(column + 1))
        var style = layout.numberStyle
        style.color = Palette.text(on: color)
        canvas.text(
          texts[row][column], at: box.center + Point(0, style.middleShift), style, .middle)
      }
    }
  }

  /// Cells without numbers; those that are large enough have a dash where they are negative.
  private func drawColors(_ layout: Layout, _ scale: DivergingScale, on canvas: inout SVGCanvas) {
    let isMedium = layout.cell.width >= 12
    let colors = layout.blocks.means.map { $0.map { scale.color($0) } }
    canvas.cells(
      colors, in: Box(layout.corner.x, layout.corner.y, layout.width, layout.height),
      gap: isMedium ? 1 : 0)
    guard isMedium else { return }
    var dashes: [RGBColor: SVGPath] = [:]
    let half = Point(layout.cell.width * 0.18, 0)
    for (row, means) in layout.blocks.means.enumerated() {
      for (column, mean) in means.enumerated() where mean < 0 {
        let center = layout.box(row, column..<(column + 1)).center
        let color = Palette.text(on: colors[row][column])
        dashes[color, default: SVGPath()].move(to: center - half)
        dashes[color, default: SVGPath()].line(to: center + half)
      }
    }
    for color in [Palette.black, Palette.background] {
      canvas.path(
        dashes[color] ?? SVGPath(),
        stroke: SVGCanvas.Stroke(color: color, width: 1.2, opacity: 0.75))
    }
  }

  private func drawLabels(_ layout: Layout, on canvas: inout SVGCanvas) {
    let corner = layout.corner
    let style = TextStyle.tick
    if !title.isEmpty {
      canvas.text(
        fittedTitle(layout), at: Point(Self.margin, Self.margin + TextStyle.title.size),
        TextStyle.title)
    }
    if !columnTitle.isEmpty {
      canvas.text(
        Self.axisStyle.fitted(columnTitle, width: max(layout.width, 120)),
        at: Point(corner.x + layout.width / 2, corner.y - style.size - 14),
        Self.axisStyle, .middle)
    }
    if !rowTitle.isEmpty {
      canvas.text(
        Self.axisStyle.fitted(rowTitle, width: max(layout.height, 60)),
        at: Point(Self.margin + Self.axisStyle.size, corner.y + layout.height / 2),
        Self.axisStyle, .middle, turned: true)
    }
    for row in Self.labelled(layout.blocks.rows.count, pitch: layout.cell.height, room: 20) {
      let label = style.fitted(rowLabel(layout.blocks.rows[row]), width: Self.labelLimit)
      let middle = corner.y + (Double(row) + 0.5) * layout.cell.height
      canvas.text(label, at: Point(corner.x - 8, middle + style.middleShift), style, .end)
    }
    let labels = layout.blocks.columns.map { style.fitted(columnLabel($0), width: Self.labelLimit) }
    let widest = labels.map { style.width(of: $0) }.max() ?? 0
    let room = layout.texts == nil ? widest + 10 : 0
    for column in Self.labelled(labels.count, pitch: layout.cell.width, room: room) {
      let center = corner.x + (Double(column) + 0.5) * layout.cell.width
      let label =
        layout.texts == nil
        ? labels[column] : style.fitted(labels[column], width: layout.cell.width - 2)
      canvas.text(label, at: Point(center, corner.y - 8), style, .middle)
    }
  }

  /// The positions that get a label: all, or every fifth, tenth… where they are narrow.
  private static func labelled(_ count: Int, pitch: Double, room: Double) -> [Int] {
    let step = [1, 5, 10, 20, 50].first { Double($0) * pitch >= room } ?? 100
    guard step > 1 else { return Array(0..<count) }
    return [0] + stride(from: step - 1, to: count, by: step).filter { $0 > step / 2 }
  }
}
