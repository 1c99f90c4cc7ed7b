import Notation

extension Explanation {
  /// Parts of a chain that are together no longer than this stand in one row.
  private static let width = 70

  /// Every step as a heading and an `aligned` block: the subset that MathJax, KaTeX and LaTeX share.
  package var latex: String {
    var blocks: [String] = []
    for section in sections {
      // A paragraph of its own is one only in display style.
      if let title = section.title, sections.count > 1 {
        blocks.append("$$\\boldsymbol{\\triangleright}\\; \(title.latex)$$")
      }
      for (number, step) in section.steps.enumerated() {
        let heading = LaTeXText.inline(step.name.prefix(1).uppercased() + step.name.dropFirst())
        blocks.append("$\\textbf{\(number + 1). \(heading)}$")
        let rows = step.lines.flatMap(Self.rows)
        blocks.append("$$\\begin{aligned}\n\(rows.joined(separator: " \\\\\n"))\n\\end{aligned}$$")
      }
    }
    blocks += notes.map { LaTeXText.inline("note: \($0)") }
    return blocks.joined(separator: "\n\n")
  }

  private static func rows(_ line: Line) -> [String] {
    guard let first = line.parts.first else { return [] }
    var rows: [String] = []
    var current = ""
    var length = 0
    for part in line.parts.dropFirst() {
      let own = part.text.count + 3
      if !current.isEmpty, length + own > width {
        rows.append(current)
        (current, length) = ("", 0)
      }
      current += (current.isEmpty ? "&= " : " = ") + part.latex
      length += own
    }
    if !current.isEmpty { rows.append(current) }
    if rows.isEmpty { rows = ["&"] }
    rows[0] = "\(first.latex) \(rows[0])"
    guard let reason = line.reason, !reason.latex.isEmpty else { return rows }
    // No column of its own: the longest reason would push all others off the page.
    if length + reason.text.count < 72 {
      rows[rows.count - 1] += " \\qquad \(reason.latex)"
    } else {
      rows.append("&\\qquad \(reason.latex)")
    }
    return rows
  }
}
