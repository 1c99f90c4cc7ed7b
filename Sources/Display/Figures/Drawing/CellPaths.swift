/// Rows of coloured cells as one path a colour.
struct CellPaths {
  /// In the order in which the colours first occur.
  private(set) var paths: [(color: RGBColor, path: SVGPath)] = []

  /// Cells without a gap that are neighbours in a row and of one colour are one rectangle.
  init(_ rows: [[RGBColor]], in box: Box, gap: Double = 0) {
    var places: [RGBColor: Int] = [:]
    let height = box.height / Double(max(rows.count, 1))
    for (row, colors) in rows.enumerated() {
      let width = box.width / Double(max(colors.count, 1))
      var start = 0
      while start < colors.count {
        let color = colors[start]
        var end = start + 1
        while gap == 0, end < colors.count, colors[end] == color { end += 1 }
        let cell = Box(
          box.left + Double(start) * width, box.top + Double(row) * height,
          Double(end - start) * width, height)
        let place = places[color] ?? paths.count
        if place == paths.count {
          places[color] = place
          paths.append((color, SVGPath()))
        }
        paths[place].path.rectangle(cell.expanded(by: -gap / 2))
        start = end
      }
    }
  }
}
