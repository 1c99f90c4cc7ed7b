import Notation

/// Tables as HTML for notebooks: `booktabs` rules, decimals aligned, valid XML.
struct HTMLTableRenderer: TableRenderer {
  var mimeType: String { MIMEType.html }

  func render(_ layout: TableLayout) -> String {
    var output = ""
    output.reserveCapacity(2_500 + layout.rows.count * layout.columns.count * 90)
    appendTable(layout, to: &output)
    for whole in layout.unfolded {
      output += "<details style=\"margin:0 0 0.5em 0\"><summary style=\"cursor:pointer\">"
      output += "All \(whole.rowCount) rows</summary>"
      appendTable(whole, to: &output)
      output += "</details>"
    }
    return HTMLStyle.container(output)
  }

  private func appendTable(_ layout: TableLayout, to output: inout String) {
    let density =
      layout.isMarked
      ? HTMLStyle.Density.usual
      : HTMLStyle.Density(width: layout.width, columns: layout.columns.count)
    output += "<figure style=\"margin:0.4em 0 0.6em 0\">"
    if let caption = layout.caption {
      // No caption element: it would be broken into lines as short as the table.
      output += "<figcaption style=\"text-align:left;padding:0 0 0.35em 0\">"
      appendSymbol(caption, to: &output)
      output += "</figcaption>"
    }
    output += "<table style=\"border-collapse:collapse;border-top:\(HTMLStyle.heavyRule);"
    output += "border-bottom:\(HTMLStyle.heavyRule);margin:0 0 0.3em 0\(density.tableStyle)\">"
    output += "<thead style=\"border-bottom:\(HTMLStyle.lightRule)\">"
    appendSpanners(layout, density, to: &output)
    output += "<tr>"
    for column in layout.columns {
      output += "<th scope=\"col\" style=\"\(HTMLStyle.text(column.alignment));"
      output += "\(density.cellPadding);font-weight:600\">"
      appendSymbol(column.head, to: &output)
      output += letters(column.headLetters)
      output += "</th>"
    }
    output += "</tr></thead><tbody>"
    let starts = layout.columns.map { column in
      let name = column.isStub ? "th scope=\"row\"" : "td"
      let weight = column.isStub ? ";font-weight:normal" : ""
      let wrapping =
        column.numbers.exponent > 0
        ? ";white-space:nowrap"
        : density == .wrapping && column.alignment != .decimal ? ";white-space:normal" : ""
      let style =
        "\(HTMLStyle.text(column.alignment));\(density.cellPadding)\(weight)\(wrapping)"
      return "<\(name) style=\"\(style)\">"
    }
    var isFirst = true
    for row in layout.rows {
      switch row {
      case .group(let title): appendGroup(title, isFirst: isFirst, in: layout, to: &output)
      case .cells(let place):
        output += "<tr class=\"nb-r\">"
        for (column, start) in zip(layout.columns, starts) {
          output += start
          appendCell(column.cells[place], in: column, to: &output)
          output += column.isStub ? "</th>" : "</td>"
        }
        output += "</tr>"
      case .gap(let hidden):
        appendLine("⋮ \(hidden) more of \(layout.rowCount) rows", in: layout, to: &output)
      }
      isFirst = false
    }
    if layout.rowCount == 0 { appendLine("no rows", in: layout, to: &output) }
    output += "</tbody></table>"
    appendNotes(layout.notes, to: &output)
    output += "</figure>"
  }

  /// A remark in the place of rows.
  private func appendLine(_ text: String, in layout: TableLayout, to output: inout String) {
    output += "<tr><td colspan=\"\(max(layout.columns.count, 1))\" "
    output += "style=\"text-align:center;\(HTMLStyle.Density.usual.cellPadding);opacity:0.75\">"
    output += "\(text)</td></tr>"
  }

  private func appendSpanners(
    _ layout: TableLayout, _ density: HTMLStyle.Density, to output: inout String
  ) {
    guard !layout.spanners.isEmpty else { return }
    output += "<tr>"
    var column = 0
    for spanner in layout.spanners where !spanner.columns.isEmpty {
      if spanner.columns.lowerBound > column {
        output += "<td colspan=\"\(spanner.columns.lowerBound - column)\"></td>"
      }
      output += "<th colspan=\"\(spanner.columns.count)\" scope=\"colgroup\" "
      output +=
        "style=\"text-align:center;\(density.cellPadding);padding-bottom:0;font-weight:600\">"
      output += "<div style=\"border-bottom:\(HTMLStyle.lightRule);padding:0 0 0.2em 0\">"
      appendSymbol(spanner.title, to: &output)
      output += "</div></th>"
      column = spanner.columns.upperBound
    }
    if column < layout.columns.count {
      output += "<td colspan=\"\(layout.columns.count - column)\"></td>"
    }
    output += "</tr>"
  }

  private func appendGroup(
    _ title: SymbolText?, isFirst: Bool, in layout: TableLayout, to output: inout String
  ) {
    let rule = isFirst ? "" : "border-top:1px solid rgba(128,128,128,0.5);"
    output +=
      "<tr><th colspan=\"\(max(layout.columns.count, 1))\" scope=\"rowgroup\" style=\"\(rule)"
    if let title {
      output += "text-align:left;padding:0.45em 0.8em 0.2em 0.8em;font-weight:600\">"
      appendSymbol(title, to: &output)
    } else {
      output += "padding:0\">"
    }
    output += "</th></tr>"
  }

  private func appendCell(
    _ cell: LaidOutCell, in column: LaidOutColumn, to output: inout String
  ) {
    switch cell.content {
    case .missing:
      if column.alignment == .decimal {
        HTMLNumber.append(
          placeholder: "—", in: column.numbers, mark: letters(cell.letters), to: &output)
        return
      }
      output += "—"
    case .number(let number):
      if column.alignment == .decimal {
        HTMLNumber.append(
          number, in: column.numbers, mark: letters(cell.letters), to: &output)
        return
      }
      HTMLNumber.append(number, to: &output)
    case .words(let text): HTMLText.append(text, to: &output)
    case .symbol(let symbol): appendSymbol(symbol, to: &output)
    case .matrix(let matrix): HTMLMatrixRenderer.append(matrix, labelled: false, to: &output)
    case .mark(let mark):
      output +=
        "<span class=\"\(HTMLStyle.className(mark))\" style=\"font-weight:bold\">\(mark.symbol)</span>"
    }
    output += letters(cell.letters)
  }

  /// The letters of footnotes hang over the edge, so that they do not move a number's point.
  private func letters(_ letters: String) -> String {
    letters.isEmpty
      ? "" : "<sup style=\"display:inline-block;width:0\"><i>\(letters)</i></sup>"
  }

  private func appendSymbol(_ symbol: SymbolText, to output: inout String) {
    switch symbol {
    case _ where symbol.plainWords != nil:
      HTMLText.append(symbol.plainWords ?? "", to: &output)
    case .sequence(let parts) where parts.contains(where: { $0.isProse }):
      // Words and formulas in turn: a caption.
      for part in parts { appendSymbol(part, to: &output) }
    default:
      output += "<span class=\"nb-f\">"
      symbol.writeHTML(to: &output)
      output += "</span>"
    }
  }

  fileprivate static let noteStart = "<div style=\"font-size:90%;text-align:left\">"

  private func appendNotes(_ notes: [LaidOutNote], to output: inout String) {
    for note in notes {
      output += Self.noteStart
      if let letter = note.letter { output += "<sup><i>\(letter)</i></sup> " }
      appendSymbol(note.text, to: &output)
      output += "</div>"
    }
  }
}

extension SymbolText {
  /// Words with letters in them, such as captions have, against figures and signs of formulas.
  fileprivate var isProse: Bool {
    if case .words(let text) = self {
      text.unicodeScalars.contains { $0.properties.isAlphabetic } && text.contains(" ")
    } else {
      false
    }
  }
}

extension MarkedText {
  /// A rendering with tables, without the remarks below them: what is remarked depends on the numbers.
  package var withoutNotes: MarkedText {
    var (literals, numbers) = (literals, numbers)
    let begin = "</table>"
    while let first = literals.firstIndex(where: {
      $0.contains(begin + HTMLTableRenderer.noteStart)
    }),
      let last = literals[first...].firstIndex(where: { $0.contains("</figure>") }),
      let start = literals[first].firstRange(of: begin + HTMLTableRenderer.noteStart),
      let end = literals[last].firstRange(of: "</figure>"),
      first < last || start.upperBound <= end.lowerBound
    {
      let joined = literals[first][..<start.lowerBound] + begin + literals[last][end.lowerBound...]
      literals.replaceSubrange(first...last, with: [String(joined)])
      numbers.removeSubrange(first..<last)
    }
    return MarkedText(literals: literals, numbers: numbers)
  }
}
