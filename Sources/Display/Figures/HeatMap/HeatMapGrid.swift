import MatrixEngine
import Notation

/// Heat maps of one scale beside each other: filters, feature maps, the heads of attention.
package struct HeatMapGrid: Figure {
  /// All of one shape.
  package let maps: [HeatMap]
  package let title: SymbolText
  /// A word below each map.
  package let captions: [SymbolText]
  /// How many stand in a row, if there is room for them; nil: as many as there is room for.
  package let perRow: Int?

  /// More maps than these are not drawn, which a note says.
  package static let mapLimit = 64

  /// A grid, filled row by row; all matrices have the same names along their rows and columns.
  ///
  /// Shape: `matrices: [h, w]` each, `captions`: one a matrix, `rowLabels: h`, `columnLabels: w`.
  /// Throws: `FigureError` as of a heat map, and if the shapes or the number of captions differ.
  package init(
    _ matrices: [Matrix<Double>], title: SymbolText = "", captions: [SymbolText],
    perRow: Int? = nil, rowLabels: [SymbolText]? = nil, columnLabels: [SymbolText]? = nil
  ) throws(FigureError) {
    guard let first = matrices.first else { throw .empty("the array") }
    try FigureError.requireCount(captions.count, matrices.count, "the captions")
    var maps: [HeatMap] = []
    for (index, matrix) in matrices.enumerated() {
      try FigureError.requireCount(matrix.rows, first.rows, "the rows of map \(index + 1)")
      try FigureError.requireCount(matrix.columns, first.columns, "the columns of map \(index + 1)")
      maps.append(try HeatMap(matrix, rowLabels: rowLabels, columnLabels: columnLabels))
    }
    self.maps = maps
    self.title = title
    self.captions = captions
    self.perRow = perRow
  }

  private var entries: [Double] { maps.flatMap(\.values.storage) }

  package func text(numbers: NumberFormat) -> String {
    let entries = entries
    let size = maps[0].values.storage.count
    func place(_ index: Int) -> String {
      let (map, rest) = index.quotientAndRemainder(dividingBy: size)
      let (row, column) = rest.quotientAndRemainder(dividingBy: maps[0].values.columns)
      return "map \(captions[map].text), row \(row + 1), column \(column + 1)"
    }
    let heading = title.isEmpty ? "Heat maps" : title.text
    var lines = ["\(heading): \(maps.count) maps of \(maps[0].values.shape)"]
    if let least = entries.indices.min(by: { entries[$0] < entries[$1] }),
      let greatest = entries.indices.max(by: { entries[$0] < entries[$1] })
    {
      lines.append("  least \(numbers.text(entries[least])) at \(place(least))")
      lines.append("  greatest \(numbers.text(entries[greatest])) at \(place(greatest))")
    }
    return (lines + notes.map { "  \($0)" }).joined(separator: "\n")
  }

  private var notes: [String] {
    maps.count > Self.mapLimit
      ? ["The first \(Self.mapLimit) of \(maps.count) maps are drawn"] : []
  }
}

extension HeatMapGrid {
  private static let margin = 16.0
  private static let widest = 720.0
  private static let gap = 18.0
  /// What one map may take, and the least and largest cell.
  private static let (room, leastCell, largestCell) = (220.0, 2.0, 34.0)
  private static let labelStyle = TextStyle(size: 14)
  /// From this many cells along a side on, cells have no labels.
  private static let mostLabels = 32

  /// What the maps have in common.
  private struct Layout {
    let blocks: [MatrixBlocks]
    let scale: DivergingScale
    let cell: Double
    /// Room for labels at the left of a map and above it.
    let left: Double
    let above: Double
    let turnsLabels: Bool

    var width: Double { cell * Double(blocks[0].columns.count) }
    var height: Double { cell * Double(blocks[0].rows.count) }
  }

  private var layout: Layout {
    let blocks = maps.prefix(Self.mapLimit).map(\.blocks)
    let longest = Double(max(blocks[0].rows.count, blocks[0].columns.count))
    let style = Self.labelStyle
    let hasLabels = maps[0].rowLabels != nil || maps[0].columnLabels != nil
    let room = hasLabels || maps.count < 4 ? Self.room * 1.4 : Self.room / 2
    let cell = min(
      max((room / longest).rounded(.down), hasLabels ? 20 : Self.leastCell), Self.largestCell)
    func widest(_ labels: [SymbolText]?) -> Double {
      guard let labels, labels.count <= Self.mostLabels else { return 0 }
      return labels.map { style.width(of: style.fitted($0, width: 100)) }.max() ?? 0
    }
    let (rows, columns) = (widest(maps[0].rowLabels), widest(maps[0].columnLabels))
    let turns = columns > cell - 2
    return Layout(
      blocks: blocks, scale: DivergingScale(blocks), cell: cell,
      left: rows > 0 ? rows + 8 : 0, above: columns > 0 ? (turns ? columns : style.size) + 6 : 0,
      turnsLabels: turns)
  }

  package func drawing(numbers: NumberFormat) -> Drawing {
    var canvas = SVGCanvas()
    let layout = layout
    let style = TextStyle.note
    let shown = layout.blocks.count
    let pitch = max(layout.left + layout.width, 40) + Self.gap
    let fitting = max(Int((Self.widest + Self.gap) / pitch), 1)
    let columns = min(fitting, perRow ?? shown, shown)
    var top = Self.margin
    canvas.heading(title, at: Self.margin, below: &top, width: Self.widest)
    let rowHeight = layout.above + layout.height + style.size * 1.5 + Self.gap
    for index in 0..<shown {
      let corner = Point(
        Self.margin + Double(index % columns) * pitch + layout.left,
        top + Double(index / columns) * rowHeight + layout.above)
      draw(index, layout, at: corner, pitch: pitch, on: &canvas)
    }
    top += Double((shown + columns - 1) / columns) * rowHeight - Self.gap
    let right = maps[0].drawLyingLegend(
      HeatMap.Layout(
        blocks: layout.blocks[0], texts: nil, numberStyle: style, cell: (layout.cell, layout.cell),
        notes: [], corner: Point(Self.margin, top)),
      layout.scale, below: &top, on: &canvas)
    let notes = notes.map(SymbolText.words)
    canvas.notes(notes, at: Self.margin, below: &top)
    let widths =
      [Self.margin + pitch * Double(columns) - Self.gap, right]
      + notes.map { Self.margin + style.width(of: $0) }
      + [Self.margin + min(TextStyle.title.width(of: title), Self.widest)]
    return canvas.document(
      width: (widths.max() ?? 0) + Self.margin, height: top + 12,
      title: title.isEmpty ? "Heat maps" : title.text, description: text(numbers: numbers))
  }

  private func draw(
    _ index: Int, _ layout: Layout, at corner: Point, pitch: Double, on canvas: inout SVGCanvas
  ) {
    let box = Box(corner.x, corner.y, layout.width, layout.height)
    let means = layout.blocks[index].means
    canvas.cells(
      means.map { $0.map { layout.scale.color($0) } }, in: box,
      gap: layout.cell >= 12 ? 1 : 0, boxes: layout.blocks.count)
    canvas.rectangle(box, fill: nil, stroke: SVGCanvas.Stroke(color: Palette.axis))
    drawDashes(means, layout, at: corner, on: &canvas)
    drawLabels(index, layout, at: corner, on: &canvas)
    canvas.text(
      TextStyle.note.fitted(captions[index], width: pitch),
      at: Point(box.center.x, box.bottom + TextStyle.note.size + 2), TextStyle.note, .middle)
  }

  /// Negative cells carry a dash where there is room, so that the sign does not hang on colour alone.
  private func drawDashes(
    _ means: [[Double]], _ layout: Layout, at corner: Point, on canvas: inout SVGCanvas
  ) {
    guard layout.cell >= 12 else { return }
    let half = Point(layout.cell * 0.18, 0)
    var dashes: [RGBColor: SVGPath] = [:]
    for (row, line) in means.enumerated() {
      for (column, mean) in line.enumerated() where mean < 0 {
        let center =
          corner
          + Point((Double(column) + 0.5) * layout.cell, (Double(row) + 0.5) * layout.cell)
        let color = Palette.text(on: layout.scale.color(mean))
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

  private func drawLabels(
    _ index: Int, _ layout: Layout, at corner: Point, on canvas: inout SVGCanvas
  ) {
    let style = Self.labelStyle
    let blocks = layout.blocks[index]
    if layout.left > 0 {
      for row in blocks.rows.indices {
        let middle = corner.y + (Double(row) + 0.5) * layout.cell + style.middleShift
        canvas.text(
          style.fitted(maps[index].rowLabel(blocks.rows[row]), width: 100),
          at: Point(corner.x - 6, middle), style, .end)
      }
    }
    guard layout.above > 0 else { return }
    for column in blocks.columns.indices {
      let center = corner.x + (Double(column) + 0.5) * layout.cell
      let label = style.fitted(maps[index].columnLabel(blocks.columns[column]), width: 100)
      if layout.turnsLabels {
        canvas.text(
          label, at: Point(center + style.middleShift, corner.y - 5), style, .start, turned: true)
      } else {
        canvas.text(label, at: Point(center, corner.y - 5), style, .middle)
      }
    }
  }
}
