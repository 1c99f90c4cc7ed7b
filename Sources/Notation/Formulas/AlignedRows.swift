/// Equal things one after the other, in rows of an `aligned` environment that are no wider than a page:
/// `a &= b = c \\ &\quad + d \\ &= e`.
///
/// Rows that hold fractions, sums or matrices get air between them, in the form that MathJax, KaTeX and LaTeX share.
package struct AlignedRows {
  /// So many columns stand in a row of a page, on a projector and at the size of a lecture's slides too.
  package static let pageWidth = 72

  private enum Line {
    case chain([String])
    case remark(String)
  }

  private var lines: [Line] = []
  /// The widest left side. One that is wider than half a page stands in a row of its own.
  private var left = 0

  package init() {}

  /// Adds a chain: the first part stands on the left, the others behind equals signs.
  package mutating func append(chain parts: [String]) {
    guard let first = parts.first else { return }
    lines.append(.chain(parts))
    let width = LaTeXWidth.columns(of: first)
    if width <= Self.pageWidth / 2 { left = max(left, width) }
  }

  /// Adds a remark behind the last row, or below it where there is no room.
  ///
  /// It has no column of its own: the longest remark would push all others off the page.
  package mutating func append(remark: Written) { lines.append(.remark(remark.latex)) }

  /// The whole as a displayed formula.
  package var latex: String {
    var layout = Layout(room: Self.pageWidth - left)
    for line in lines {
      switch line {
      case .chain(let parts): layout.append(chain: parts)
      case .remark(let remark): layout.append(remark: remark)
      }
    }
    var body = layout.rows.first ?? ""
    var isTall = Self.isTall(body)
    for row in layout.rows.dropFirst() {
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

/// The rows as they stand behind their left sides.
private struct Layout {
  /// The columns that the right sides have.
  let room: Int
  private(set) var rows: [String] = []
  /// The columns of the last row's right side.
  private var length = 0

  /// `= ` and the spaces around it; what a formula's next row, and a remark, stand in by.
  private static let equals = 3
  private static let formulaIndent = 3
  private static let remarkIndent = 4

  init(room: Int) { self.room = room }

  mutating func append(chain parts: [String]) {
    let isWide = LaTeXWidth.columns(of: parts[0]) > AlignedRows.pageWidth / 2
    if isWide {
      append(broken: parts[0], sign: "")
    } else {
      rows.append("\(parts[0]) &")
      length = 0
    }
    for (place, part) in parts.enumerated().dropFirst() {
      let own = LaTeXWidth.columns(of: part) + Self.equals
      let isFirst = place == 1 && !isWide
      if !isFirst, length + own > room {
        append(broken: part, sign: "= ")
      } else if isFirst {
        let pieces = FormulaBreaking.rows(part, in: .latex, width: room - Self.equals)
        rows[rows.count - 1] += "= \(pieces[0])"
        append(rest: pieces, of: own)
      } else {
        rows[rows.count - 1] += " = \(part)"
        length += own
      }
    }
  }

  /// Begins a row with a formula, which goes on in others where it must.
  private mutating func append(broken formula: String, sign: String) {
    let own = LaTeXWidth.columns(of: formula) + Self.equals
    let pieces = FormulaBreaking.rows(formula, in: .latex, width: room - Self.equals)
    rows.append("&\(sign)\(pieces[0])")
    append(rest: pieces, of: own)
  }

  private mutating func append(rest pieces: [String], of whole: Int) {
    length =
      pieces.count == 1 ? whole : LaTeXWidth.columns(of: pieces[0]) + Self.equals
    for piece in pieces.dropFirst() {
      rows.append("&\\quad {} \(piece)")
      length = LaTeXWidth.columns(of: piece) + Self.formulaIndent
    }
  }

  mutating func append(remark: String) {
    let own = LaTeXWidth.columns(of: remark) + Self.remarkIndent
    if length + own <= room, let last = rows.indices.last {
      rows[last] += " \\qquad \(remark)"
    } else {
      rows += RemarkBreaking.rows(remark, width: room - Self.remarkIndent).map { "&\\qquad \($0)" }
    }
    length = room
  }
}
