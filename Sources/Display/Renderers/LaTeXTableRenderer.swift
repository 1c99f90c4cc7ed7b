import Notation

/// Tables as LaTeX with the `booktabs` package, for PDF.
struct LaTeXTableRenderer: TableRenderer {
  var mimeType: String { MIMEType.latex }

  func render(_ layout: TableLayout) -> String {
    let width = max(layout.columns.count, 1)
    var output = "\\begin{center}\n"
    if let caption = layout.caption { output += caption.latexInText + "\\par\\smallskip\n" }
    if layout.isTall { output += "\\renewcommand{\\arraystretch}{1.35}%\n" }
    let letters = layout.columns.map(\.alignment.latex).joined()
    output += "\\begin{tabular}{\(letters.isEmpty ? "l" : letters)}\n\\toprule\n"
    appendSpanners(layout, to: &output)
    for (index, column) in layout.columns.enumerated() {
      if index > 0 { output += " & " }
      output += column.head.latexInText
      appendLetters(column.headLetters, to: &output)
    }
    output += " \\\\\n\\midrule\n"
    var isFirst = true
    for row in layout.rows {
      switch row {
      case .group(let title):
        if !isFirst { output += "\\addlinespace\n" }
        if let title { output += "\\multicolumn{\(width)}{l}{\(title.latexInText)} \\\\\n" }
      case .cells(let place):
        for (index, column) in layout.columns.enumerated() {
          // An empty group keeps a bracket from being the argument of the line's end before it.
          output += index > 0 ? " & " : column.cells[place].mayOpenBracket ? "{}" : ""
          appendCell(column.cells[place], in: column, to: &output)
        }
        output += " \\\\\n"
      case .gap(let hidden):
        output += "\\multicolumn{\(width)}{c}"
        output += "{$\\vdots$ \(hidden) more of \(layout.rowCount) rows} \\\\\n"
      }
      isFirst = false
    }
    if layout.rowCount == 0 { output += "\\multicolumn{\(width)}{c}{no rows} \\\\\n" }
    output += "\\bottomrule\n\\end{tabular}\n"
    for note in layout.notes {
      output += "\\par\\smallskip{\\small "
      if let letter = note.letter { output += "$^{\(letter)}$\\," }
      output += note.text.latexInText + "}\n"
    }
    output += "\\end{center}"
    return output
  }

  private func appendSpanners(_ layout: TableLayout, to output: inout String) {
    let spanners = layout.spanners.filter { !$0.columns.isEmpty }
    guard !spanners.isEmpty else { return }
    var column = 0
    var rules = ""
    for spanner in spanners {
      let first = spanner.columns.lowerBound
      output += String(repeating: " & ", count: first - column + (column > 0 ? 1 : 0))
      output += "\\multicolumn{\(spanner.columns.count)}{c}{\(spanner.title.latexInText)}"
      rules += "\\cmidrule(lr){\(first + 1)-\(spanner.columns.upperBound)}"
      column = spanner.columns.upperBound
    }
    output += " \\\\\n\(rules)\n"
  }

  private func appendCell(
    _ cell: LaidOutCell, in column: LaidOutColumn, to output: inout String
  ) {
    switch cell.content {
    case .missing:
      if column.alignment == .decimal {
        output += "$"
        LaTeXNumber.append(placeholder: "\\text{---}", in: column.numbers, to: &output)
        output += "$"
      } else {
        output += "---"
      }
    case .number(let number):
      output += "$"
      if column.alignment == .decimal {
        LaTeXNumber.append(number, in: column.numbers, to: &output)
      } else {
        LaTeXNumber.append(number, to: &output)
      }
      output += "$"
    case .words(let text): LaTeXText.append(text, to: &output)
    case .symbol(let symbol): output += symbol.latexInText
    case .matrix(let matrix):
      output += "$"
      LaTeXMatrixRenderer.append(matrix, labelled: false, to: &output)
      output += "$"
    case .mark(let mark): LaTeXText.append(mark.symbol, to: &output)
    }
    appendLetters(cell.letters, to: &output)
  }

  private func appendLetters(_ letters: String, to output: inout String) {
    if !letters.isEmpty { output += "\\rlap{$^{\(letters)}$}" }
  }
}

extension ColumnAlignment {
  fileprivate var latex: String {
    switch self {
    case .left: "l"
    case .center: "c"
    case .right, .decimal: "r"
    }
  }
}

extension TableLayout {
  /// Whether fractions or matrices stand in it, which need more room between the lines.
  fileprivate var isTall: Bool {
    columns.contains { column in
      column.head.hasFraction
        || column.cells.contains { cell in
          switch cell.content {
          case .symbol(let symbol): symbol.hasFraction
          case .matrix: true
          default: false
          }
        }
    }
  }
}

extension SymbolText {
  fileprivate var hasFraction: Bool {
    switch self {
    case .partial, .fraction: true
    case .sequence(let parts): parts.contains { $0.hasFraction }
    case .enclosed(let content, _): content.hasFraction
    case .transposed(let base), .bold(let base): base.hasFraction
    default: false
    }
  }
}

extension LaidOutCell {
  /// Whether its LaTeX may begin with `[` or `*`.
  fileprivate var mayOpenBracket: Bool {
    guard case .words(let text) = content else { return false }
    return text.hasPrefix("[") || text.hasPrefix("*")
  }
}
