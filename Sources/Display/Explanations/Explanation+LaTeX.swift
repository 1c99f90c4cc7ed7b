import Notation

extension Explanation {
  /// Every step as a heading and an `aligned` block: the subset that MathJax, KaTeX and LaTeX share.
  package var latex: String {
    var blocks: [String] = []
    for section in sections {
      if let title = shownTitle(section) { blocks.append(title) }
      for (number, step) in section.steps.enumerated() {
        blocks.append("$\\textbf{\(number + 1). \(LaTeXText.inline(Self.heading(step.name)))}$")
        blocks.append(Self.formulas(step.lines))
      }
    }
    blocks += notes.map { LaTeXText.inline("note: \($0)") }
    return blocks.joined(separator: "\n\n")
  }

  /// The title of a section, where there are several. A paragraph of its own is one only in display style.
  func shownTitle(_ section: Section) -> String? {
    guard let title = section.title, sections.count > 1 else { return nil }
    return "$$\\boldsymbol{\\triangleright}\\; \(title.latex)$$"
  }

  static func heading(_ step: String) -> String { step.prefix(1).uppercased() + step.dropFirst() }

  /// Lines as one displayed formula.
  static func formulas(_ lines: [Line]) -> String {
    var rows = AlignedRows()
    for line in lines where !line.parts.isEmpty {
      rows.append(chain: line.parts.map(\.latex))
      if let reason = line.reason, !reason.latex.isEmpty { rows.append(remark: reason) }
    }
    return rows.latex
  }
}
