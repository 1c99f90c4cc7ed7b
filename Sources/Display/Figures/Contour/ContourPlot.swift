import Notation

/// A number over a plane, as shaded levels with lines between them: the loss over two parameters, and the way that a
/// training took through it.
package struct ContourPlot: Figure {
  package let title: SymbolText
  package let xLabel: SymbolText
  package let yLabel: SymbolText
  package let grid: BoundaryGrid
  /// At the places of the grid, in their order; not finite where there is none.
  package let values: [Double]
  /// What the numbers are.
  package let valueName: SymbolText
  /// The places of the way in their order; a single one is where the network stands.
  package let way: [(x: Double, y: Double)]
  /// How many updates lead along it.
  let updates: Int

  /// A plot; `updates` where the way has not a place for each.
  ///
  /// Throws: `FigureError` if the values are not one a place, if none of them is finite, or if a place of the way is
  /// not finite.
  package init(
    title: SymbolText = "", x: SymbolText, y: SymbolText, grid: BoundaryGrid, values: [Double],
    valueName: SymbolText, way: [(x: Double, y: Double)], updates: Int? = nil
  ) throws(FigureError) {
    try FigureError.requireCount(values.count, grid.columns * grid.rows, "the values")
    guard values.contains(where: \.isFinite) else {
      throw .outOfRange(valueName.text, nil, reason: "it is nowhere finite")
    }
    try FigureError.requireFinite(way.flatMap { [$0.x, $0.y] }, "the way")
    self.title = title
    xLabel = x
    yLabel = y
    self.grid = grid
    self.values = values
    self.valueName = valueName
    self.way = way
    self.updates = updates ?? max(way.count - 1, 0)
  }
}

extension ContourPlot {
  private static let levelCount = 12
  /// The share of the values that the levels divide; far above are steep walls, which would take them all.
  private static let core = 0.9

  private var finite: [Double] { values.filter(\.isFinite).sorted() }

  /// The levels of the lines, from the lowest: closer to each other at the bottom of a bowl, as its walls are steep.
  var levels: [Double] {
    let sorted = finite
    let (least, top) = (sorted[0], sorted[Int(Double(sorted.count - 1) * Self.core)])
    guard top / 2 > least / 2 else { return [] }
    var levels: [Double] = []
    for step in 1...Self.levelCount {
      let part = Double(step) / Double(Self.levelCount)
      let level = TickMath.rounded(least + (top - least) * part * part, 2)
      if level > levels.last ?? least { levels.append(level) }
    }
    return levels
  }

  /// The region where the number is at least a level; what is not finite lies above all.
  func region(_ level: Double) -> ContourLines {
    let most = finite.last ?? 0
    return ContourLines(
      values.map { $0.isFinite ? $0 : most }, columns: grid.columns, rows: grid.rows, level: level)
  }

  func notes(_ numbers: NumberFormat) -> [SymbolText] {
    let missing = values.count { !$0.isFinite }
    guard let least = finite.first, let most = finite.last else { return [] }
    guard least < most else { return [valueName + " is " + numbers.symbol(least) + " everywhere"] }
    var notes: [SymbolText] = [
      valueName + " from " + numbers.symbol(least) + " (light) to " + numbers.symbol(most)
        + " (dark)"
    ]
    if missing > 0 {
      notes.append(.words("At \(missing) of \(values.count) places it is not finite"))
    }
    return notes
  }

  package func text(numbers: NumberFormat) -> String {
    let heading = title.isEmpty ? "Contours" : title.text
    func range(_ range: ClosedRange<Double>) -> String {
      "\(numbers.text(range.lowerBound)) to \(numbers.text(range.upperBound))"
    }
    func place(_ x: Double, _ y: Double) -> String {
      "\(xLabel.text) = \(numbers.text(x)), \(yLabel.text) = \(numbers.text(y))"
    }
    var lines = [
      "\(heading): \(xLabel.text) from \(range(grid.x)), \(yLabel.text) from \(range(grid.y))"
    ]
    let places = grid.places
    let known = values.indices.filter { values[$0].isFinite }
    for (word, index) in [
      ("least", known.min { values[$0] < values[$1] }),
      ("greatest", known.max { values[$0] < values[$1] }),
    ] {
      guard let index else { continue }
      lines.append(
        "  \(word) \(valueName.text) \(numbers.text(values[index])) at \(place(places[index].x, places[index].y))"
      )
    }
    if let first = way.first, let last = way.last {
      lines.append(
        way.count == 1
          ? "  the network is at \(place(first.x, first.y))"
          : "  \(updates.counted("update")) from \(place(first.x, first.y)) to \(place(last.x, last.y))"
      )
    }
    return lines.joined(separator: "\n")
  }
}
