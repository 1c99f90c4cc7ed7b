/// Where a formula that is wider than a page goes on in the next row: at its signs, first at those of its outermost sum,
/// then at those of products, then before a matrix that is a factor without a sign, then inside of its brackets.
package enum FormulaBreaking {
  /// The formula in pieces that stand in rows of their own, each no wider than `width` where there is a sign to break
  /// it at; all but the first begin with that sign.
  package static func rows(_ formula: String, in notation: Notation, width: Int) -> [String] {
    guard notation.columns(formula) > width else { return [formula] }
    var parts = [formula]
    for depth in 0...deepest {
      // What stands before a sign inside of brackets is the name of an argument: window = [2, 2].
      let sums = depth == 0 ? notation.sums : notation.sums.filter { $0 != " = " }
      for signs in [sums, notation.products, notation.factors] {
        parts = parts.flatMap { part in
          notation.columns(part) > width ? pieces(of: part, at: signs, depth, notation) : [part]
        }
      }
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
    // A bracket goes on where parts of it share a row.
    for _ in 0..<(notation.isLaTeX ? deepest : 0) {
      rows = rows.map { $0.replacing("\\right. \\left. ", with: "") }
    }
    return rows
  }

  /// A way in which formulas are written.
  package struct Notation: Sendable {
    /// The signs, spaces and all.
    fileprivate let sums: [String]
    fileprivate let products: [String]
    /// Beginnings of factors that stand side by side without a sign; in a row of its own a factor has one.
    fileprivate let factors: [String]
    fileprivate let columns: @Sendable (String) -> Int
    fileprivate let isLaTeX: Bool

    package static let text = Notation(
      sums: [" + ", " - ", " = "], products: [" · ", " @ ", " ⊙ "], factors: [],
      columns: { $0.count }, isLaTeX: false)
    package static let latex = Notation(
      sums: [" + ", " - ", " = "],
      products: [" \\cdot ", " \\odot ", " \\otimes ", " \\, "],
      factors: [" \\begin{bmatrix}"],
      columns: { LaTeXWidth.columns(of: $0) }, isLaTeX: true)
  }

  /// In so many brackets inside one another a formula is broken.
  private static let deepest = 2

  /// The formula cut before each of these signs that stands in `depth` brackets. In LaTeX these end with the row, and
  /// begin anew with the next.
  private static func pieces(
    of formula: String, at signs: [String], _ depth: Int, _ notation: Notation
  ) -> [String] {
    var pieces: [String] = []
    var current = ""
    // Whether each group that is open is a bracket, and no fraction, script or matrix.
    var open: [Bool] = []
    var rest = Substring(formula)
    while !rest.isEmpty {
      if open.count == depth, open.allSatisfy({ $0 }), !current.isEmpty,
        let sign = signs.first(where: rest.hasPrefix),
        !notation.factors.contains(sign) || current.hasSuffix("}") || current.hasSuffix(")")
      {
        let brackets = notation.isLaTeX ? depth : 0
        pieces.append(current + String(repeating: " \\right.", count: brackets))
        current = String(repeating: "\\left. ", count: brackets)
        if notation.factors.contains(sign) {
          current += "\\cdot "
          rest = rest.dropFirst()
        } else {
          current += sign.drop { $0 == " " }
          rest = rest.dropFirst(sign.count)
        }
        continue
      }
      let token = nextToken(of: rest, notation)
      switch token.effect {
      case .opens(let isBracket): open.append(isBracket)
      case .closes: _ = open.popLast()
      case .none: break
      }
      current += rest.prefix(token.length)
      rest = rest.dropFirst(token.length)
    }
    return current.isEmpty ? pieces : pieces + [current]
  }

  private enum Effect {
    case none, closes
    case opens(isBracket: Bool)
  }

  /// How long what comes next is, and whether it opens or closes a group.
  private static func nextToken(of rest: Substring, _ notation: Notation) -> (
    length: Int, effect: Effect
  ) {
    guard notation.isLaTeX, rest.first == "\\" else {
      switch rest.first {
      case "(", "[": return (1, .opens(isBracket: !notation.isLaTeX))
      case "{": return (1, .opens(isBracket: false))
      case ")", "]", "}": return (1, .closes)
      default: return (1, .none)
      }
    }
    let name = rest.dropFirst().prefix { $0.isASCII && $0.isLetter }
    // `\\` and `\{` are two characters.
    let length = name.isEmpty ? 2 : 1 + name.count
    switch name {
    case "begin": return (length, .opens(isBracket: false))
    case "end": return (length, .closes)
    case "left", "right":
      // With its bracket, which may be a command.
      let behind = rest.dropFirst(length)
      let isCommand = behind.first == "\\"
      let bracket =
        isCommand ? 1 + behind.dropFirst().prefix { $0.isASCII && $0.isLetter }.count : 1
      return (length + bracket, name == "left" ? .opens(isBracket: true) : .closes)
    default: return (length, .none)
    }
  }
}
