import Notation

/// What the lines, points and colours of a plot stand for: entries in rows above it.
struct Legend {
  struct Entry {
    var name: SymbolText
    /// How wide the sample is.
    var sampleWidth: Double
    /// Draws the sample into a box.
    var sample: (Box, inout SVGCanvas) -> Void
  }

  private let entries: [Entry]
  /// The row and the left edge of every entry.
  private var places: [(row: Int, left: Double)] = []
  private var rows = 0

  private static let style = TextStyle(size: 17)
  private static let rowHeight = 26.0
  private static let sampleGap = 8.0
  private static let entryGap = 24.0

  /// Entries set in rows of a width.
  init(_ entries: [Entry], width: Double) {
    let entries = entries.map { entry in
      var entry = entry
      let room = width - entry.sampleWidth - Self.sampleGap
      entry.name = Self.style.fitted(entry.name, width: room)
      return entry
    }
    self.entries = entries
    var left = 0.0
    for entry in entries {
      let needed = entry.sampleWidth + Self.sampleGap + Self.style.width(of: entry.name)
      if left > 0, left + needed > width {
        rows += 1
        left = 0
      }
      places.append((rows, left))
      left += needed + Self.entryGap
    }
    if !entries.isEmpty { rows += 1 }
  }

  var height: Double { Double(rows) * Self.rowHeight + (rows > 0 ? 6 : 0) }

  /// Draws the rows below a corner.
  func draw(on canvas: inout SVGCanvas, at corner: Point) {
    for (entry, place) in zip(entries, places) {
      let middle = corner.y + (Double(place.row) + 0.5) * Self.rowHeight
      let left = corner.x + place.left
      entry.sample(
        Box(left, middle - Self.rowHeight / 2, entry.sampleWidth, Self.rowHeight), &canvas)
      canvas.text(
        entry.name,
        at: Point(left + entry.sampleWidth + Self.sampleGap, middle + Self.style.middleShift),
        Self.style)
    }
  }
}
