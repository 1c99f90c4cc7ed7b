/// Where a remark that is wider than a page goes on in the next row: behind a semicolon, then behind a word, then at the
/// formula that follows it.
enum RemarkBreaking {
  private static let opening = "\\text{"

  /// A remark `\text{…}`, with or without a formula behind it, in rows no wider than `width`.
  static func rows(_ remark: String, width: Int) -> [String] {
    guard LaTeXWidth.columns(of: remark) > width, remark.hasPrefix(opening) else { return [remark] }
    let (words, formula) = split(remark.dropFirst(opening.count))
    var rows: [String] = []
    func fits(_ text: String) -> Bool { LaTeXWidth.columns(of: "\(opening)\(text)}") <= width }
    func join(_ text: Substring) {
      if let last = rows.last, fits("\(last) \(text)") {
        rows[rows.count - 1] += " \(text)"
      } else {
        rows.append(String(text))
      }
    }
    for clause in pieces(of: words, behind: "; ") {
      if fits(String(clause)) {
        join(clause)
      } else {
        for word in pieces(of: clause, behind: " ") { join(word) }
      }
    }
    rows = rows.map { "\(opening)\($0)}" }
    guard !formula.isEmpty, let last = rows.last else { return rows }
    if LaTeXWidth.columns(of: last + formula) <= width {
      rows[rows.count - 1] += formula
    } else {
      rows.append(String(formula.trimmingPrefix("\\; ")))
    }
    return rows
  }

  /// What stands up to the brace that closes the words, and behind it.
  private static func split(_ text: Substring) -> (words: Substring, formula: Substring) {
    var depth = 0
    for place in text.indices {
      switch text[place] {
      case "{": depth += 1
      case "}":
        if depth == 0 { return (text[..<place], text[text.index(after: place)...]) }
        depth -= 1
      default: break
      }
    }
    return (text, "")
  }

  /// The text cut behind a sign that ends in a space, those within formulas and groups left out; the space is dropped.
  private static func pieces(of text: Substring, behind sign: String) -> [Substring] {
    var pieces: [Substring] = []
    var start = text.startIndex
    var (isFormula, depth) = (false, 0)
    for place in text.indices {
      switch text[place] {
      case "$": isFormula.toggle()
      case "{": depth += 1
      case "}": depth -= 1
      default: break
      }
      guard !isFormula, depth == 0, place >= start, text[place...].hasPrefix(sign) else { continue }
      let end = text.index(place, offsetBy: sign.count)
      pieces.append(text[start..<text.index(before: end)])
      start = end
    }
    return pieces + [text[start...]]
  }
}
