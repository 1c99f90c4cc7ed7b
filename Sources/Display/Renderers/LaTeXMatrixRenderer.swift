/// A laid-out matrix as `\begin{bmatrix}…\end{bmatrix}_{2 \times 3}`, for math mode.
///
/// Invariant: at most ten columns, dots included, which is what the environment allows.
enum LaTeXMatrixRenderer {
  static let columnLimit = 10

  /// Appends the matrix; its dimensions as a subscript if they are asked for, or if entries are left
  /// out.
  static func append(_ layout: MatrixLayout, labelled: Bool, to output: inout String) {
    let columns = layout.columns.positions
    output += "\\begin{bmatrix}"
    var place = 0
    for (line, row) in layout.rows.positions.enumerated() {
      output += line == 0 ? " " : " \\\\ "
      var column = 0
      for (index, position) in columns.enumerated() {
        if index > 0 { output += " & " }
        guard position != nil else {
          output += row == nil ? "\\ddots" : "\\cdots"
          continue
        }
        if row == nil {
          output += "\\vdots"
        } else {
          LaTeXNumber.appendCentred(
            layout.numbers[place][column], in: layout.alignments[column], to: &output)
        }
        column += 1
      }
      if row != nil { place += 1 }
    }
    output += " \\end{bmatrix}"
    if layout.isFolded || labelled && layout.shape.rank > 1 {
      output += "_{\(layout.shape.sizes.map(String.init).joined(separator: " \\times "))}"
    }
  }
}
