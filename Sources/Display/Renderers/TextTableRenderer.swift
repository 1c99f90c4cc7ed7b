import Notation

/// Tables as plain text: aligned columns under three rules, as `booktabs` sets them.
struct TextTableRenderer: TableRenderer {
  var mimeType: String { MIMEType.plain }

  private static let gap = "  "

  func render(_ layout: TableLayout) -> String {
    let columns = layout.columns.map(TextColumn.init)
    var widths = columns.map(\.width)
    widen(&widths, for: layout.spanners)
    let total = widths.reduce(0, +) + Self.gap.count * max(widths.count - 1, 0)
    let rule = String(repeating: "─", count: total)
    var output = ""
    output.reserveCapacity((layout.rows.count + 6) * (total + 8))
    func line(_ text: String) {
      output += text
      TextWidth.endLine(&output)
    }
    if let caption = layout.caption { line(TextWidth.singleLine(caption.text)) }
    line(rule)
    if !layout.spanners.isEmpty {
      let (titles, rules) = spannerLines(layout.spanners, widths: widths)
      line(titles)
      line(rules)
    }
    for (index, column) in columns.enumerated() {
      if index > 0 { output += Self.gap }
      column.appendHead(width: widths[index], to: &output)
    }
    TextWidth.endLine(&output)
    line(rule)
    var isFirst = true
    for row in layout.rows {
      switch row {
      case .group(let title):
        if !isFirst { line(title == nil ? rule : "") }
        if let title { line(TextWidth.singleLine(title.text)) }
      case .cells(let place):
        for depth in 0..<columns.reduce(0, { max($0, $1.cells[place].count) }) {
          for (index, column) in columns.enumerated() {
            if index > 0 { output += Self.gap }
            column.appendLine(place, depth, width: widths[index], to: &output)
          }
          TextWidth.endLine(&output)
        }
      case .gap(let hidden):
        line("⋮ \(hidden) more of \(layout.rowCount) rows")
      }
      isFirst = false
    }
    if layout.rowCount == 0 { line("no rows") }
    line(rule)
    for note in layout.notes {
      let letter = note.letter.map { (ScriptCharacters.superscripted($0) ?? $0) + " " } ?? ""
      line(letter + TextWidth.singleLine(note.text.text))
    }
    output.removeLast()
    return output
  }

  /// Makes the last column below a spanner wider where the title needs more room.
  private func widen(_ widths: inout [Int], for spanners: [ColumnSpanner]) {
    for spanner in spanners where !spanner.columns.isEmpty {
      let room = width(of: spanner.columns, in: widths)
      let needed = TextWidth.columns(of: spanner.title.text)
      if needed > room { widths[spanner.columns.upperBound - 1] += needed - room }
    }
  }

  private func width(of columns: Range<Int>, in widths: [Int]) -> Int {
    widths[columns].reduce(0, +) + Self.gap.count * max(columns.count - 1, 0)
  }

  private func spannerLines(
    _ spanners: [ColumnSpanner], widths: [Int]
  ) -> (titles: String, rules: String) {
    var titles = ""
    var rules = ""
    var column = 0
    for spanner in spanners where !spanner.columns.isEmpty {
      for skipped in column..<max(spanner.columns.lowerBound, column) {
        let blank = TextWidth.spaces(widths[skipped] + Self.gap.count)
        titles += blank
        rules += blank
      }
      let room = width(of: spanner.columns, in: widths)
      let title = spanner.title.text
      let space = room - TextWidth.columns(of: title)
      titles += TextWidth.spaces(space / 2) + title + TextWidth.spaces(space - space / 2)
      rules += String(repeating: "─", count: room)
      titles += Self.gap
      rules += Self.gap
      column = spanner.columns.upperBound
    }
    return (titles, rules)
  }
}

/// A column as lines of text.
private struct TextColumn {
  let alignment: ColumnAlignment
  let head: String
  /// The lines of every shown cell, each with its width.
  let cells: [[(text: String, width: Int)]]
  let width: Int

  init(_ column: LaidOutColumn) {
    alignment = column.alignment
    head = TextWidth.singleLine(column.head.text) + Self.raised(column.headLetters)
    let letterRoom = column.cells.reduce(0) { max($0, $1.letters.count) }
    var width = TextWidth.columns(of: head)
    cells = column.cells.map { cell in
      var lines: [String]
      switch cell.content {
      case .missing: lines = [Self.dash(column)]
      case .number(let number): lines = [Self.number(number, in: column)]
      case .words(let text): lines = [TextWidth.singleLine(text)]
      case .symbol(let symbol): lines = [TextWidth.singleLine(symbol.text)]
      case .mark(let mark): lines = [mark.symbol]
      case .matrix(let matrix): lines = TextMatrixRenderer.bracketedLines(matrix)
      }
      if letterRoom > 0 {
        // The letters stand behind the last digit, before the room that the column keeps for others.
        let last = TextWidth.trimmed(lines[0])
        let kept = lines[0].utf8.count - last.utf8.count
        lines[0] =
          last + Self.raised(cell.letters)
          + TextWidth.spaces(kept + letterRoom - cell.letters.count)
      }
      return lines.map { line in
        let room = TextWidth.columns(of: line)
        width = max(width, room)
        return (line, room)
      }
    }
    self.width = width
  }

  private static func raised(_ letters: String) -> String {
    ScriptCharacters.superscripted(letters) ?? letters
  }

  private static func number(_ number: FormattedNumber, in column: LaidOutColumn) -> String {
    guard column.alignment == .decimal else { return number.text }
    var text = ""
    TextMatrixRenderer.append(number, in: column.numbers, to: &text)
    return text
  }

  private static func dash(_ column: LaidOutColumn) -> String {
    guard column.alignment == .decimal else { return "—" }
    return TextWidth.spaces(column.numbers.head - 1) + "—" + TextWidth.spaces(column.numbers.tail)
  }

  func appendHead(width: Int, to output: inout String) {
    append(head, TextWidth.columns(of: head), in: width, to: &output)
  }

  func appendLine(_ place: Int, _ depth: Int, width: Int, to output: inout String) {
    guard depth < cells[place].count else {
      TextWidth.appendSpaces(width, to: &output)
      return
    }
    let line = cells[place][depth]
    append(line.text, line.width, in: width, to: &output)
  }

  private func append(_ text: String, _ room: Int, in width: Int, to output: inout String) {
    let space = width - room
    let before =
      switch alignment {
      case .left: 0
      case .right, .decimal: space
      case .center: space / 2
      }
    TextWidth.appendSpaces(before, to: &output)
    output += text
    TextWidth.appendSpaces(space - before, to: &output)
  }
}
