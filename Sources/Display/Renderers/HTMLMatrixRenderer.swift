/// A laid-out matrix as an HTML table between brackets.
///
/// The brackets are the borders of two cells as high as the matrix, so that they need no style sheet.
enum HTMLMatrixRenderer {
  /// Appends the matrix; its dimensions as a subscript if they are asked for, or if entries are left
  /// out.
  static func append(_ layout: MatrixLayout, labelled: Bool, to output: inout String) {
    let label = labelled || layout.isFolded ? layout.label : nil
    let rows = layout.rows.positions
    let columns = layout.columns.positions
    output += "<table style=\"border-collapse:collapse;display:inline-table;"
    output += "vertical-align:middle;margin:0.2em 0;border:none\"><tbody>"
    if rows.isEmpty || columns.isEmpty {
      output += "<tr>"
      appendBracket(side: "right", rows: 1, to: &output)
      appendBracket(side: "left", rows: 1, to: &output)
      appendLabel(label, rows: 1, to: &output)
      output += "</tr></tbody></table>"
      return
    }
    var place = 0
    for (line, row) in rows.enumerated() {
      output += "<tr>"
      if line == 0 { appendBracket(side: "right", rows: rows.count, to: &output) }
      var column = 0
      for position in columns {
        guard position != nil else {
          appendDots(row == nil ? "⋱" : "⋯", to: &output)
          continue
        }
        if row == nil {
          appendDots("⋮", to: &output)
        } else {
          output += "<td style=\"text-align:right;padding:0.12em 0.5em;border:none\">"
          HTMLNumber.append(
            layout.numbers[place][column], in: layout.alignments[column], to: &output)
          output += "</td>"
        }
        column += 1
      }
      if row != nil { place += 1 }
      if line == 0 {
        appendBracket(side: "left", rows: rows.count, to: &output)
        appendLabel(label, rows: rows.count, to: &output)
      }
      output += "</tr>"
    }
    output += "</tbody></table>"
  }

  private static func appendDots(_ dots: String, to output: inout String) {
    output += "<td style=\"text-align:center;padding:0.12em 0.5em;border:none\">\(dots)</td>"
  }

  /// A bracket that is open at the given side.
  private static func appendBracket(side: String, rows: Int, to output: inout String) {
    let outer = side == "right" ? "left" : "right"
    output += "<td rowspan=\"\(rows)\" style=\"padding:0 0.15em;border-top:1.5px solid;"
    output += "border-bottom:1.5px solid;border-\(outer):1.5px solid;border-\(side):none\"></td>"
  }

  private static func appendLabel(_ label: String?, rows: Int, to output: inout String) {
    guard let label else { return }
    output += "<td rowspan=\"\(rows)\" class=\"nb-m\" "
    output += "style=\"vertical-align:bottom;padding:0 0.2em;border:none;font-size:75%\">"
    output += "\(label)</td>"
  }
}

extension MatrixLayout {
  /// The dimensions of a matrix, `2×3`; of a vector only where not all of it is shown.
  fileprivate var label: String? {
    shape.rank > 1 ? shape.description : isFolded ? "\(shape) entries" : nil
  }
}
