/// A laid-out matrix as lines of plain text.
enum TextMatrixRenderer {
  /// The rows with their columns aligned; two spaces between columns.
  static func lines(_ layout: MatrixLayout) -> [String] {
    let columnPositions = layout.columns.positions
    var place = 0
    return layout.rows.positions.map { row in
      var line = ""
      var column = 0
      for position in columnPositions {
        if !line.isEmpty { line += "  " }
        guard position != nil else {
          line += row == nil ? "⋱" : "⋯"
          continue
        }
        let room = layout.alignments[column]
        if row == nil {
          line += TextWidth.spaces(room.head - 1) + "⋮" + TextWidth.spaces(room.tail)
        } else {
          append(layout.numbers[place][column], in: room, to: &line)
        }
        column += 1
      }
      if row != nil { place += 1 }
      return line
    }
  }

  /// A number with its point where the column has it.
  static func append(_ number: FormattedNumber, in room: NumberAlignment, to output: inout String) {
    for _ in 0..<max(room.head - number.headWidth, 0) { output += " " }
    number.appendText(to: &output)
    for _ in 0..<max(room.tail - number.tailWidth, 0) { output += " " }
  }

  /// The rows between brackets as high as the matrix.
  static func bracketedLines(_ layout: MatrixLayout) -> [String] {
    let lines = lines(layout)
    guard lines.count > 1 else { return ["[ " + (lines.first ?? "") + " ]"] }
    return lines.enumerated().map { index, line in
      switch index {
      case 0: "⎡ " + line + " ⎤"
      case lines.count - 1: "⎣ " + line + " ⎦"
      default: "⎢ " + line + " ⎥"
      }
    }
  }
}
