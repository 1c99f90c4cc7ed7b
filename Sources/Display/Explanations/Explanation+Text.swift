import Notation

extension Explanation {
  /// A line is broken at its equals signs, then at those of sums, where it gets longer than this.
  private static let width = 84

  /// Headings, then each line as `quantity = formula = numbers = value   # reason`. What is no equality stands behind
  /// `#`, so that an audit reads the whole.
  package var text: String {
    var lines = ["# \(title)"]
    for section in sections {
      let titleLine = section.title.map(\.text)
      if let titleLine, sections.count > 1 { lines += ["", "# \(titleLine)"] }
      for (number, step) in section.steps.enumerated() {
        lines.append("# \(number + 1). \(step.name)")
        for line in step.lines { lines += broken(line).map { "   \($0)" } }
      }
    }
    lines += notes.map { "# note: \($0)" }
    return lines.joined(separator: "\n")
  }

  private func broken(_ line: Line) -> [String] {
    let width = breaksLines ? Self.width : .max
    guard let first = line.parts.first else { return [] }
    let whole = line.parts.map(\.text).joined(separator: " = ")
    var rows = [whole]
    if TextWidth.columns(of: whole) > width {
      let indent = String(repeating: " ", count: TextWidth.columns(of: first.text))
      // Beside a long quantity a formula has half a page at least.
      let room = max(width - TextWidth.columns(of: indent) - 3, width / 2)
      rows = line.parts.dropFirst().enumerated().flatMap { index, part in
        let pieces = FormulaBreaking.rows(part.text, in: .text, width: room)
        return ["\(index == 0 ? first.text : indent) = \(pieces[0])"]
          + pieces.dropFirst().map { "\(indent)     \($0)" }
      }
    }
    guard let reason = line.reason?.text, !reason.isEmpty else { return rows }
    let last = rows[rows.count - 1]
    if TextWidth.columns(of: last) + TextWidth.columns(of: reason) + 5 <= width {
      rows[rows.count - 1] = "\(last)   # \(reason)"
    } else {
      rows.append("  # \(reason)")
    }
    return rows
  }
}
