/// Where a formula that is wider than a page goes on in the next row: at its signs outside of all brackets, first at
/// those of sums, then at those of products.
package enum FormulaBreaking {
  /// The formula in pieces that stand in rows of their own, each no wider than `width` where there is a sign to break
  /// it at; all but the first begin with that sign.
  package static func rows(
    _ formula: String, in notation: Notation, width: Int
  ) -> [String] {
    guard notation.columns(formula) > width else { return [formula] }
    let sums = pieces(of: formula, at: notation.sums, notation)
    let parts = sums.flatMap { part in
      notation.columns(part) > width ? pieces(of: part, at: notation.products, notation) : [part]
    }
    var rows: [String] = []
    var length = 0
    for part in parts {
      let own = notation.columns(part)
      if let last = rows.indices.last, length + own + 1 <= width {
        rows[last] += " " + part
        length += own + 1
      } else {
        rows.append(part)
        length = own
      }
    }
    return rows
  }

  /// A way in which formulas are written.
  package struct Notation: Sendable {
    /// The signs, spaces and all.
    fileprivate let sums: [String]
    fileprivate let products: [String]
    fileprivate let columns: @Sendable (String) -> Int
    fileprivate let isLaTeX: Bool

    package static let text = Notation(
      sums: [" + ", " - ", " = "], products: [" · ", " @ ", " ⊙ ", "*"],
      columns: { $0.count }, isLaTeX: false)
    package static let latex = Notation(
      sums: [" + ", " - ", " = "],
      products: [" \\cdot ", " \\odot ", " \\otimes ", " \\, "],
      columns: { LaTeXWidth.columns(of: $0) }, isLaTeX: true)
  }

  /// The formula cut before each of these signs that stands outside of brackets.
  private static func pieces(of formula: String, at signs: [String], _ notation: Notation)
    -> [String]
  {
    var pieces: [String] = []
    var current = ""
    var depth = 0
    var rest = Substring(formula)
    while let character = rest.first {
      if depth == 0, !current.isEmpty, let sign = signs.first(where: rest.hasPrefix) {
        pieces.append(current)
        current = String(sign.drop { $0 == " " })
        rest = rest.dropFirst(sign.count)
        continue
      }
      var length = 1
      if notation.isLaTeX, character == "\\" {
        let name = rest.dropFirst().prefix { $0.isASCII && $0.isLetter }
        switch name {
        case "left", "begin": depth += 1
        case "right", "end": depth -= 1
        default: break
        }
        // The bracket behind `\left` and `\right` is counted with it; `\{` and `\\` are two characters.
        length = name.isEmpty ? 2 : 1 + name.count
        if name == "left" || name == "right", rest.dropFirst(length).first != "\\" { length += 1 }
      } else {
        switch character {
        case "(", "[", "{": depth += 1
        case ")", "]", "}": depth -= 1
        default: break
        }
      }
      current += rest.prefix(length)
      rest = rest.dropFirst(length)
    }
    return current.isEmpty ? pieces : pieces + [current]
  }
}
