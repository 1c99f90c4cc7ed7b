/// How wide a formula in LaTeX is on a page, as near as breaking it into rows needs: most are within a tenth of what
/// MathJax makes of them, the worst within a fifth.
///
/// Source: the widths of Computer Modern, whose letters MathJax, KaTeX and LaTeX share.
package enum LaTeXWidth {
  /// The width in columns, each as wide as a digit.
  package static func columns(of latex: some StringProtocol) -> Int {
    var latex = String(latex)
    return latex.withUTF8 { bytes in
      var reader = Reader(bytes)
      return Int((reader.width(upTo: nil) / digit).rounded(.up))
    }
  }

  // MARK: - Widths, in sizes of the type

  private static let digit = 0.5
  /// What scripts are scaled by.
  private static let scriptScale = 0.707
  /// Signs with the spaces around them; within scripts they have none.
  private static let relation = 1.333
  private static let sum = 1.222
  private static let sign = 0.778
  /// Between the columns of a matrix, and its two brackets.
  private static let columnGap = 1.0
  private static let matrixBrackets = 1.2
  /// A bracket as tall as what stands in it, and what is left of one that is not drawn.
  private static let bracket = 0.5
  private static let noBracket = 0.12
  /// Beside the line of a fraction.
  private static let fractionMargin = 0.24

  /// A character in a formula: letters slant, and have more room.
  private static func width(inFormula byte: UInt8) -> Double {
    switch byte {
    case UInt8(ascii: "("), UInt8(ascii: ")"): 0.39
    case UInt8(ascii: ","): 0.44
    case _ where "[].:;!|'".utf8.contains(byte): 0.28
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"): digit
    case UInt8(ascii: "I"): 0.45
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): 0.75
    case UInt8(ascii: "m"), UInt8(ascii: "w"): 0.8
    case _ where "ijlftrs".utf8.contains(byte): 0.4
    default: 0.53
    }
  }

  /// A character of words.
  private static func width(inWords byte: UInt8) -> Double {
    switch byte {
    case UInt8(ascii: " "): 0.333
    case _ where "ijltfI.,;:'()|!".utf8.contains(byte): 0.3
    case _ where "mwMW".utf8.contains(byte): 0.8
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): 0.7
    default: 0.49
    }
  }

  /// What a command does to the width.
  private enum Command {
    case fraction, begin, end, words, name, bracket
    case width(Double)
  }

  /// By the letters behind the backslash; others are one letter wide.
  private static let commands: [String: Command] = {
    var all: [String: Command] = [
      "begin": .begin, "end": .end, "left": .bracket, "right": .bracket, "quad": .width(1),
      "qquad": .width(2), "sum": .width(1.6), "prod": .width(1.5), "sqrt": .width(0.9),
      "infty": .width(1), "top": .width(0.78), "Sigma": .width(0.75), "ldots": .width(1.3),
      "cdots": .width(1.3), "cdot": .width(0.72), "delta": .width(0.45),
    ]
    for name in ["frac", "dfrac", "tfrac"] { all[name] = .fraction }
    for name in ["text", "textbf", "texttt"] { all[name] = .words }
    for name in ["mathrm", "operatorname"] { all[name] = .name }
    for name in ["displaystyle", "mathbf", "boldsymbol"] { all[name] = .width(0) }
    for name in ["odot", "otimes", "oslash", "times", "pm"] { all[name] = .width(sum) }
    for name in ["le", "ge", "ne", "approx", "leftarrow", "to", "in"] {
      all[name] = .width(relation)
    }
    for name in ["sin", "cos", "tan", "tanh", "ln", "log", "exp", "max", "min", "det"] {
      all[name] = .width(name.utf8.reduce(0.167) { $0 + width(inWords: $1) })
    }
    return all
  }()

  /// Of the spaces `\,` `\;` `\:` `\!` `\ `.
  private static let spaces: [UInt8: Double] = [
    UInt8(ascii: ","): 0.167, UInt8(ascii: ";"): 0.278, UInt8(ascii: ":"): 0.222,
    UInt8(ascii: "!"): -0.167, UInt8(ascii: " "): 0.333,
  ]

  private struct Reader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var place = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    /// Whether a byte goes on with a character that began before.
    private static func isInside(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

    /// The width of what comes up to a closing byte, or up to the end of an environment, whose columns are each as wide
    /// as their widest entry.
    mutating func width(
      upTo end: UInt8?, isScript: Bool = false, hasColumns: Bool = false
    ) -> Double {
      var columns: [Double] = [0]
      var column = 0
      var row = 0.0
      func close() {
        if column == columns.count { columns.append(0) }
        columns[column] = max(columns[column], row)
        row = 0
      }
      reading: while let byte = next {
        place += 1
        if byte == end { break }
        switch byte {
        case UInt8(ascii: "{"): row += width(upTo: UInt8(ascii: "}"), isScript: isScript)
        case UInt8(ascii: "}"), UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "$"): break
        case UInt8(ascii: "_"), UInt8(ascii: "^"): row += scripts()
        case UInt8(ascii: "&"):
          guard hasColumns else { break }
          close()
          column += 1
        case UInt8(ascii: "="), UInt8(ascii: "<"), UInt8(ascii: ">"):
          row += isScript ? LaTeXWidth.sign : LaTeXWidth.relation
        case UInt8(ascii: "+"): row += isScript ? LaTeXWidth.sign : LaTeXWidth.sum
        case UInt8(ascii: "-"):
          // At the beginning it is no sign between two things.
          row += isScript || row == 0 ? LaTeXWidth.sign : LaTeXWidth.sum
        case UInt8(ascii: "\\"):
          if next == UInt8(ascii: "\\") {
            place += 1
            skipRowGap()
            close()
            column = 0
            continue
          }
          let command = command()
          if case .end = command {
            group()
            break reading
          }
          row += width(of: command, isScript: isScript)
        default: row += Self.isInside(byte) ? 0 : LaTeXWidth.width(inFormula: byte)
        }
      }
      close()
      return columns.reduce(0, +) + Double(columns.count - 1) * LaTeXWidth.columnGap
    }

    /// Behind `_` or `^`: a second script stands above or below the first.
    private mutating func scripts() -> Double {
      var widest = argument(isScript: true)
      while next == UInt8(ascii: "_") || next == UInt8(ascii: "^") {
        place += 1
        widest = max(widest, argument(isScript: true))
      }
      return LaTeXWidth.scriptScale * widest + 0.05
    }

    /// Behind `\\`, the `[4pt]` of a matrix.
    private mutating func skipRowGap() {
      guard next == UInt8(ascii: "[") else { return }
      while let byte = next {
        place += 1
        if byte == UInt8(ascii: "]") { return }
      }
    }

    private mutating func width(of command: Command, isScript: Bool) -> Double {
      switch command {
      case .fraction:
        let over = argument(isScript: isScript)
        return max(over, argument(isScript: isScript)) + LaTeXWidth.fractionMargin
      case .begin:
        group()
        return width(upTo: nil, isScript: isScript, hasColumns: true) + LaTeXWidth.matrixBrackets
      case .words: return words()
      case .name: return group().reduce(0) { $0 + LaTeXWidth.width(inWords: $1) }
      case .bracket:
        if next == UInt8(ascii: ".") {
          place += 1
          return LaTeXWidth.noBracket
        }
        if next == UInt8(ascii: "\\") {
          place += 1
          _ = self.command()
        } else {
          place += 1
        }
        return LaTeXWidth.bracket
      case .end: return 0
      case .width(let width): return width
      }
    }

    /// The group of a text, with the formulas between its dollars.
    private mutating func words() -> Double {
      guard next == UInt8(ascii: "{") else { return 0 }
      place += 1
      var width = 0.0
      var depth = 1
      while let byte = next {
        place += 1
        switch byte {
        case UInt8(ascii: "$"): width += self.width(upTo: UInt8(ascii: "$"))
        case UInt8(ascii: "{"): depth += 1
        case UInt8(ascii: "}"):
          depth -= 1
          if depth == 0 { return width }
        case UInt8(ascii: "\\"): width += self.width(of: command(), isScript: false)
        default: width += Self.isInside(byte) ? 0 : LaTeXWidth.width(inWords: byte)
        }
      }
      return width
    }

    /// What stands behind a backslash: letters, or one sign.
    private mutating func command() -> Command {
      let start = place
      while let byte = next, Self.isLetter(byte) { place += 1 }
      guard place > start else { return signCommand() }
      let name = String(decoding: bytes[start..<place], as: UTF8.self)
      return LaTeXWidth.commands[name] ?? .width(0.55)
    }

    /// A space; a brace and the like are one character.
    private mutating func signCommand() -> Command {
      guard let sign = next else { return .width(LaTeXWidth.digit) }
      place += 1
      while let byte = next, Self.isInside(byte) { place += 1 }
      return .width(LaTeXWidth.spaces[sign] ?? LaTeXWidth.digit)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
      UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }

    /// The width of a group, or of the one character or command that stands for one.
    private mutating func argument(isScript: Bool) -> Double {
      while next == UInt8(ascii: " ") { place += 1 }
      guard let byte = next else { return 0 }
      place += 1
      if byte == UInt8(ascii: "{") { return width(upTo: UInt8(ascii: "}"), isScript: isScript) }
      if byte == UInt8(ascii: "\\") { return width(of: command(), isScript: isScript) }
      while let byte = next, Self.isInside(byte) { place += 1 }
      return LaTeXWidth.width(inFormula: byte)
    }

    /// Goes on behind a group; its characters.
    @discardableResult
    private mutating func group() -> [UInt8] {
      guard next == UInt8(ascii: "{") else { return [] }
      place += 1
      var (text, depth): ([UInt8], Int) = ([], 1)
      while let byte = next {
        place += 1
        if byte == UInt8(ascii: "{") { depth += 1 }
        if byte == UInt8(ascii: "}") { depth -= 1 }
        if depth == 0 { break }
        if !Self.isInside(byte) { text.append(byte) }
      }
      return text
    }
  }
}
