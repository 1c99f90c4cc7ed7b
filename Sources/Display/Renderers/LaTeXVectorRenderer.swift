import Notation

/// A laid-out vector in math mode: in a row, or in several where a page has no room for one.
enum LaTeXVectorRenderer {
  static func append(_ layout: VectorLayout, to output: inout String) {
    var rows = [""]
    for (place, entry) in layout.entries.enumerated() {
      var text = ""
      if let entry {
        LaTeXNumber.append(entry, isSpaced: true, to: &text)
      } else {
        text = "\\ldots"
      }
      if place + 1 < layout.entries.count { text += ",\\; " }
      let row = rows[rows.count - 1]
      if LaTeXWidth.columns(of: row + text) > AlignedRows.pageWidth { rows.append("") }
      rows[rows.count - 1] += text
    }
    output +=
      rows.count == 1
      ? "[\(rows[0])]"
      : "\\begin{aligned} &[\(rows.joined(separator: " \\\\ &\\;"))] \\end{aligned}"
    if layout.folding.hidden > 0 { output += "_{\(layout.folding.count)}" }
  }
}
