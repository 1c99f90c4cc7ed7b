/// Diagnostics as text, in the manner of LANGUAGE.md §8: message, source line, carets with a remark, help.
package enum DiagnosticRenderer {
  /// The whole text of some diagnostics, an empty line between them.
  package static func plainText(_ diagnostics: [Diagnostic], in source: SourceText) -> String {
    diagnostics.map { blocks($0, in: source, style: .plain).joined(separator: "\n") }
      .joined(separator: "\n\n")
  }

  /// The lines of a Jupyter traceback, with ANSI codes: for each diagnostic its message, then the
  /// source lines with carets, then the help; an empty line between two diagnostics.
  package static func traceback(_ diagnostics: [Diagnostic], in source: SourceText) -> [String] {
    var result: [String] = []
    for diagnostic in diagnostics {
      if !result.isEmpty { result.append("") }
      result += blocks(diagnostic, in: source, style: .marked)
    }
    return result
  }

  /// Which characters surround the parts.
  struct Style: Sendable {
    var strong = ""
    var end = ""

    static let plain = Style()
    /// Bold alone: no colour of a terminal stands out both from JupyterLab's light and from its dark ground of errors.
    static let marked = Style(strong: "\u{1B}[1m", end: "\u{1B}[0m")

    func strong(_ text: String) -> String { text.isEmpty ? "" : strong + text + end }
  }

  private static func blocks(_ diagnostic: Diagnostic, in source: SourceText, style: Style)
    -> [String]
  {
    var result = [
      style.strong(diagnostic.name.rawValue) + ": "
        + style.strong(oneLine(diagnostic.message))
    ]
    if let span = diagnostic.span {
      result.append(excerpt(span, label: diagnostic.label, in: source, style: style))
    } else if !diagnostic.label.isEmpty {
      result.append("  " + oneLine(diagnostic.label))
    }
    if let help = diagnostic.help {
      result.append("  " + style.strong("help:") + " " + oneLine(help))
    }
    return result
  }

  private static func oneLine(_ text: String) -> String {
    String(text.map { $0.isNewline ? " " : $0 })
  }

  /// The source lines of a span; of a long one the first and the last.
  private static func excerpt(
    _ span: SourceSpan, label: String, in source: SourceText, style: Style
  ) -> String {
    let start = min(max(span.start, 0), source.utf8.count)
    let end = min(max(span.end, start), source.utf8.count)
    let first = source.line(at: start)
    let last = max(first, source.line(at: max(start, end - 1)))
    let width = String(last).count
    var lines: [String] = []
    for line in [first, last].prefix(first == last ? 1 : 2) {
      if line == last, last > first + 1 {
        lines.append("  " + pad("…", width) + " |")
      }
      let full = source.span(ofLine: line)
      var marked = SourceSpan(min(max(start, full.start), full.end), min(end, full.end))
      if line > first { marked.start = min(indented(full, in: source), marked.end) }
      let window = SourceWindow(source: source, line: full, marked: marked)
      lines.append(
        "  " + pad(String(line), width) + " | " + window.text)
      var carets = String(repeating: "^", count: max(window.width, 1))
      if line == last, !label.isEmpty { carets += " " + oneLine(label) }
      lines.append(
        "  " + pad("", width) + " | "
          + String(repeating: " ", count: window.indent) + style.strong(carets))
    }
    return lines.joined(separator: "\n")
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// Where a line's first visible character is.
  private static func indented(_ line: SourceSpan, in source: SourceText) -> Int {
    var index = line.start
    while index < line.end, source.utf8[index] == 0x20 || source.utf8[index] == 0x09 { index += 1 }
    return index
  }
}

/// The part of a source line that is shown, as wide as a screen, with the marked part in sight.
private struct SourceWindow {
  var text = ""
  /// The columns before the carets, and of the carets.
  var indent = 0
  var width = 0

  private static let columns = 96
  private static let tab = 4

  init(source: SourceText, line: SourceSpan, marked: SourceSpan) {
    // Far to the left nothing is shown, so that a line of a megabyte costs no more than others.
    let reach = Self.columns * 4
    var from = line.start
    if marked.start - line.start > reach {
      from = marked.start - reach
      while from < marked.start, source.utf8[from] & 0xC0 == 0x80 { from += 1 }
    }
    var cells: [(text: String, width: Int)] = []
    var column = 0
    var (markStart, markEnd) = (0, 0)
    var index = from
    while index < line.end {
      if index == marked.start { markStart = cells.count }
      if index == marked.end { markEnd = cells.count }
      if index > marked.start, cells.count > markStart + Self.columns { break }
      let (scalar, length) = UTF8Scalar.decode(source.utf8, at: index)
      let width: Int
      if scalar == "\t" {
        width = Self.tab - column % Self.tab
        cells.append((String(repeating: " ", count: width), width))
      } else {
        let isControl = scalar.properties.generalCategory == .control
        width = isControl ? 1 : DisplayWidth.of(scalar)
        cells.append((isControl ? "\u{FFFD}" : String(scalar), width))
      }
      column += width
      index += length
    }
    if index <= marked.start { markStart = cells.count }
    if index <= marked.end { markEnd = cells.count }
    markEnd = max(markEnd, markStart)

    var first = 0
    var isCut = from > line.start
    let before = cells[..<markStart].reduce(0) { $0 + $1.width }
    let marking = min(cells[markStart..<markEnd].reduce(0) { $0 + $1.width }, Self.columns / 2)
    if before + marking > Self.columns - 8 || isCut {
      isCut = true
      var room = max(Self.columns / 2 - marking / 2, 8)
      first = markStart
      while first > 0, room - cells[first - 1].width > 0 {
        first -= 1
        room -= cells[first].width
      }
    }
    text = isCut ? "…" : ""
    indent = isCut ? 1 : 0
    var used = indent
    for (position, cell) in cells[first...].enumerated() {
      if used + cell.width > Self.columns {
        text += "…"
        break
      }
      text += cell.text
      used += cell.width
      if first + position < markStart { indent += cell.width }
      if (markStart..<markEnd).contains(first + position) { width += cell.width }
    }
    if used <= Self.columns, index < line.end, text.last != "…" { text += "…" }
    while text.last == " " { text.removeLast() }
  }
}
