/// The outlines of the region where numbers on a grid reach a level.
///
/// Marching squares on the grid with a border of numbers below every level around it, so that all
/// outlines close; where two corners that lie across from each other are inside, the mean of the four
/// says whether the region is connected there.
/// Source: Lorensen and Cline, "Marching cubes" (1987), in two dimensions.
struct ContourLines {
  /// The closed outlines, in units of columns and rows; inside is where an odd number of them is
  /// around a place.
  let rings: [[Point]]
  private let columns: Int
  private let rows: Int

  /// The parts of the outlines that do not run along the rim of the grid.
  var lines: [[Point]] {
    rings.flatMap { ring -> [[Point]] in
      var lines: [[Point]] = []
      var current: [Point] = []
      // Begins at a piece of the rim if there is one, so that no line is cut in two.
      let start = ring.indices.first { isRim(ring[$0], ring[($0 + 1) % ring.count]) } ?? 0
      for step in 0...ring.count {
        let corner = ring[(start + step) % ring.count]
        if let last = current.last, isRim(last, corner) {
          if current.count > 1 { lines.append(current) }
          current = []
        }
        current.append(corner)
      }
      if current.count > 1 { lines.append(current) }
      return lines
    }
  }

  /// Whether a piece of an outline runs along the rim of the grid.
  private func isRim(_ first: Point, _ second: Point) -> Bool {
    (first.x == second.x && (first.x == 0 || first.x == Double(columns - 1)))
      || (first.y == second.y && (first.y == 0 || first.y == Double(rows - 1)))
  }

  init(_ values: [Double], columns: Int, rows: Int, level: Double) {
    var cells = Cells(values: values, columns: columns, rows: rows, level: level)
    rings = cells.traced()
    self.columns = columns
    self.rows = rows
  }

  /// The squares between neighbouring numbers, and the crossings on their edges.
  private struct Cells {
    let values: [Double]
    let columns: Int
    let rows: Int
    let level: Double
    /// From every crossing to the next one on its outline, by the keys of their edges.
    private var next: [Int: Int] = [:]
    private var corners: [Int: Point] = [:]

    init(values: [Double], columns: Int, rows: Int, level: Double) {
      self.values = values
      self.columns = columns
      self.rows = rows
      self.level = level
    }

    private func value(_ column: Int, _ row: Int) -> Double? {
      column >= 0 && column < columns && row >= 0 && row < rows
        ? values[row * columns + column] : nil
    }

    mutating func traced() -> [[Point]] {
      for row in -1..<rows {
        for column in -1..<columns { join(column, row) }
      }
      var result: [[Point]] = []
      // In order, so that equal input draws the same picture.
      for start in next.keys.sorted() {
        var ring: [Point] = []
        var key = start
        while let following = next.removeValue(forKey: key) {
          if let corner = corners[key] { ring.append(corner) }
          key = following
        }
        if ring.count > 2 { result.append(ring) }
      }
      return result
    }

    private func isInside(_ column: Int, _ row: Int) -> Bool {
      (value(column, row) ?? -.infinity) >= level
    }

    /// Joins the crossings of one square, the inside on the left.
    private mutating func join(_ column: Int, _ row: Int) {
      let first = isInside(column, row)
      // Most squares lie wholly inside or outside.
      if isInside(column + 1, row) == first, isInside(column, row + 1) == first,
        isInside(column + 1, row + 1) == first
      {
        return
      }
      let places = [
        (column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1),
      ]
      let numbers = places.map { value($0.0, $0.1) }
      let isInside = places.map { self.isInside($0.0, $0.1) }
      let leaving = (0..<4).filter { isInside[$0] && !isInside[($0 + 1) % 4] }
      for edge in leaving {
        var end = (edge + 1) % 4
        if leaving.count == 1 {
          while isInside[end] || !isInside[(end + 1) % 4] { end = (end + 1) % 4 }
        } else {
          // Two opposite corners are inside.
          let mean = numbers.reduce(0.0) { $0 + ($1 ?? -.infinity) / 4 }
          end = mean >= level ? (edge + 1) % 4 : (edge + 3) % 4
        }
        next[crossing(places[edge], places[(edge + 1) % 4])] =
          crossing(places[end], places[(end + 1) % 4])
      }
    }

    /// The key of an edge, whose crossing is noted.
    private mutating func crossing(_ first: (Int, Int), _ second: (Int, Int)) -> Int {
      let (low, high) = first < second ? (first, second) : (second, first)
      let isVertical = low.0 == high.0
      let key = ((low.1 + 1) * (columns + 2) + low.0 + 1) * 2 + (isVertical ? 1 : 0)
      guard corners[key] == nil else { return key }
      let start = Point(Double(low.0), Double(low.1))
      let end = Point(Double(high.0), Double(high.1))
      switch (value(low.0, low.1), value(high.0, high.1)) {
      case (let a?, let b?):
        let part = a == b ? 0.5 : (level - a) / (b - a)
        corners[key] = start.toward(end, min(max(part, 0), 1))
      case (nil, _): corners[key] = end
      case (_, nil): corners[key] = start
      }
      return key
    }
  }
}
