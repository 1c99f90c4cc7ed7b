/// Notes in a band of rows by how much the covered part of a row changes in each pixel that an outline's pieces pass.
struct Coverage {
  /// The changes, `stride` a row.
  let changes: UnsafeMutableBufferPointer<Float>
  /// A bit for each that is not 0, `words` a row.
  let marks: UnsafeMutableBufferPointer<UInt64>
  let width: Int
  let stride: Int
  let words: Int
  /// The words of a row's bits between which all that are not 0 lie.
  private(set) var marked = (first: Int.max, last: -1)

  init(
    changes: UnsafeMutableBufferPointer<Float>, marks: UnsafeMutableBufferPointer<UInt64>,
    width: Int, stride: Int, words: Int
  ) {
    self.changes = changes
    self.marks = marks
    self.width = width
    self.stride = stride
    self.words = words
  }

  /// Notes the part of a piece that lies in a band of rows.
  mutating func cover(
    _ piece: (upper: Point, lower: Point, isDown: Bool), in band: Range<Int>
  ) {
    let (upper, lower, isDown) = piece
    let top = max(upper.y, Double(band.lowerBound))
    let bottom = min(lower.y, Double(band.upperBound))
    guard top < bottom else { return }
    let slope = (lower.x - upper.x) / (lower.y - upper.y)
    var x = upper.x + (top - upper.y) * slope
    var y = top
    for row in Int(top)..<min(Int(bottom.rounded(.up)), band.upperBound) {
      let next = min(Double(row + 1), bottom)
      let rise = next - y
      let nextX = x + slope * rise
      cover(row - band.lowerBound, from: x, to: nextX, by: isDown ? rise : -rise)
      x = nextX
      y = next
    }
  }

  /// Notes a piece within a row, which moves the covered part of all pixels to its right by `amount`.
  private mutating func cover(_ row: Int, from start: Double, to end: Double, by amount: Double) {
    let edge = Double(width)
    let left = min(max(min(start, end), 0), edge)
    let right = min(max(max(start, end), 0), edge)
    let first = Int(left)
    let last = max(Int(right.rounded(.up)) - 1, first)
    if first == last {
      // A trapezoid within one pixel.
      let beyond = amount * ((left + right) / 2 - Double(first))
      change(row, first, by: amount - beyond)
      change(row, first + 1, by: beyond)
      return
    }
    let slope = amount / (right - left)
    let head = Double(first + 1) - left
    let tail = right - Double(last)
    let inFirst = slope * head * head / 2
    let inLast = slope * tail * tail / 2
    change(row, first, by: inFirst)
    if last == first + 1 {
      change(row, last, by: amount - inFirst - inLast)
    } else {
      change(row, first + 1, by: slope * (head + 0.5) - inFirst)
      for column in (first + 2)..<max(last, first + 2) { change(row, column, by: slope) }
      change(row, last, by: amount - inLast - slope * (head + Double(last - first) - 1.5))
    }
    change(row, last + 1, by: inLast)
  }

  private mutating func change(_ row: Int, _ column: Int, by amount: Double) {
    changes[row * stride + column] += Float(amount)
    let word = column >> 6
    marks[row * words + word] |= 1 << UInt64(column & 63)
    marked = (min(marked.first, word), max(marked.last, word))
  }
}
