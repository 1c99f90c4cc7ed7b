/// Equal things one after the other, in rows of an `aligned` environment that are no wider than a page:
/// `a &= b = c \\ &\quad + d \\ &= e`.
///
/// Rows that hold fractions, sums or matrices get air between them, in the form that MathJax, KaTeX and LaTeX share.
package struct AlignedRows {
  /// So many characters stand in a row of a page, at the size of a lecture's slides too.
  package static let pageWidth = 70
  /// How many letters of a remark, which are narrower, stand where one character of a formula does.
  private static let remarkDensity = 1.25
  /// However wide the left sides are, a row of a remark has room for so many letters.
  private static let leastRemark = 40

  package private(set) var rows: [String] = []
  private var length = 0
  /// The widest left side.
  private var left = 0

  package init() {}

  /// Adds a chain: the first part stands on the left, the others behind equals signs.
  package mutating func append(chain parts: [String]) {
    guard let first = parts.first else { return }
    let left = LaTeXWidth.columns(of: first)
    self.left = max(self.left, left)
    rows.append("\(first) &")
    length = left
    var isAtStart = true
    for part in parts.dropFirst() {
      let own = LaTeXWidth.columns(of: part)
      if !isAtStart, length + own + 3 > Self.pageWidth {
        rows.append("&")
        length = left
        isAtStart = true
      }
      let width = max(Self.pageWidth - left - 3, Self.pageWidth / 2)
      let pieces = own <= width ? [part] : FormulaBreaking.rows(part, in: .latex, width: width)
      rows[rows.count - 1] += isAtStart ? "= \(pieces[0])" : " = \(pieces[0])"
      length += (pieces.count == 1 ? own : LaTeXWidth.columns(of: pieces[0])) + 3
      for piece in pieces.dropFirst() {
        rows.append("&\\quad {} \(piece)")
        length = left + LaTeXWidth.columns(of: piece) + 5
      }
      isAtStart = false
    }
  }

  /// Adds a remark behind the last row, or below it where there is no room.
  ///
  /// It has no column of its own: the longest remark would push all others off the page.
  package mutating func append(remark: Written) {
    if length + remark.text.count + 4 <= Self.pageWidth {
      rows[rows.count - 1] += " \\qquad \(remark.latex)"
    } else {
      let room = Double(Self.pageWidth - left - 4) * Self.remarkDensity
      rows += Self.rows(of: remark, width: max(Int(room), Self.leastRemark))
        .map { "&\\qquad \($0)" }
    }
  }

  /// A remark in LaTeX, in as many rows as it needs: one ends behind a semicolon of its text.
  private static func rows(of remark: Written, width: Int) -> [String] {
    let (opening, closing) = ("\\text{", "}")
    guard remark.text.count > width, remark.latex.hasPrefix(opening),
      remark.latex.hasSuffix(closing)
    else { return [remark.latex] }
    let parts = clauses(remark.latex.dropFirst(opening.count).dropLast(closing.count))
    let lengths = clauses(remark.text[...]).map(\.count)
    guard parts.count == lengths.count else { return [remark.latex] }
    var rows: [(latex: String, length: Int)] = []
    for (part, length) in zip(parts, lengths) {
      if let last = rows.last, last.length + length + 2 <= width {
        rows[rows.count - 1] = ("\(last.latex); \(part)", last.length + length + 2)
      } else {
        if !rows.isEmpty { rows[rows.count - 1].latex += ";" }
        rows.append((String(part), length))
      }
    }
    return rows.map { opening + $0.latex + closing }
  }

  /// What stands between the semicolons of a text, those within formulas left out.
  private static func clauses(_ text: Substring) -> [Substring] {
    var clauses: [Substring] = []
    var start = text.startIndex
    var isFormula = false
    for place in text.indices {
      if text[place] == "$" { isFormula.toggle() }
      guard !isFormula, text[place] == ";" else { continue }
      let next = text.index(after: place)
      guard next < text.endIndex, text[next] == " " else { continue }
      clauses.append(text[start..<place])
      start = text.index(after: next)
    }
    return clauses + [text[start...]]
  }

  /// The whole as a displayed formula.
  package var latex: String {
    var body = rows.first ?? ""
    var isTall = Self.isTall(body)
    for row in rows.dropFirst() {
      let isNextTall = Self.isTall(row)
      body += " \\\\\(isTall || isNextTall ? "[6pt]" : "[2pt]")\n\(row)"
      isTall = isNextTall
    }
    return "$$\\begin{aligned}\n\(body)\n\\end{aligned}$$"
  }

  /// Whether a row holds a fraction, a sum or a matrix.
  private static func isTall(_ row: String) -> Bool {
    var rest = Substring(row).utf8
    while let slash = rest.firstIndex(of: UInt8(ascii: "\\")) {
      rest = rest[rest.index(after: slash)...]
      if tall.contains(where: { rest.starts(with: $0.utf8) }) { return true }
    }
    return false
  }

  private static let tall = ["frac", "sum", "begin"]
}
