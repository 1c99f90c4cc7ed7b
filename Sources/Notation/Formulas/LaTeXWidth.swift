/// How wide a formula in LaTeX is on a page, in characters of text: as near as breaking it into rows needs.
package enum LaTeXWidth {
  /// The width in columns of a text of the same size.
  package static func columns(of latex: some StringProtocol) -> Int {
    var reader = Reader(Array(latex))
    return Int(reader.width(upTo: nil).rounded(.up))
  }

  /// What scripts and the parts of a fraction in a line are scaled by.
  private static let scriptScale = 0.7
  /// A sign with the spaces around it.
  private static let signWidth = 2.5
  /// Between the columns of a matrix, and for its brackets.
  private static let columnGap = 2.0

  private struct Reader {
    private let characters: [Character]
    private var place = 0

    init(_ characters: [Character]) { self.characters = characters }

    private var next: Character? { place < characters.count ? characters[place] : nil }

    /// The width of what comes up to a closing brace, or up to the end of an environment.
    mutating func width(upTo end: Character?) -> Double {
      var rows: [Double] = []
      var row = 0.0
      while let character = next {
        place += 1
        if character == end { break }
        switch character {
        case "{": row += width(upTo: "}")
        case "}", " ", "\n", "$": break
        case "_", "^": row += LaTeXWidth.scriptScale * argument()
        case "&": row += LaTeXWidth.columnGap
        case "+", "-", "=", "<", ">": row += LaTeXWidth.signWidth
        case "\\":
          let name = command()
          if name == "\\" {
            rows.append(row)
            row = 0
          } else if name == "end" {
            _ = group()
            return (rows + [row]).max() ?? row
          } else {
            row += width(ofCommand: name)
          }
        default: row += 1
        }
      }
      return (rows + [row]).max() ?? row
    }

    private mutating func width(ofCommand name: String) -> Double {
      switch name {
      case "frac", "dfrac", "tfrac": return max(argument(), argument())
      case "begin":
        _ = group()
        return width(upTo: nil) + LaTeXWidth.columnGap
      case "text", "textbf", "mathrm", "operatorname", "texttt": return Double(group().count)
      case "left", "right":
        // The bracket that follows is counted as what it is; none is a point.
        if next == "." { place += 1 }
        return 0
      case ",", ";", ":", "!", "displaystyle", "mathbf", "boldsymbol": return 0
      case "quad": return 2
      case "qquad": return 4
      case "cdot", "odot", "otimes", "oslash", "times", "le", "ge", "ne", "leftarrow", "to":
        return LaTeXWidth.signWidth
      case "sin", "cos", "tan", "tanh", "ln", "log", "exp", "max", "min", "det", "ldots", "cdots":
        return Double(min(name.count, 4))
      default: return 1
      }
    }

    /// The name behind a backslash: letters, or one sign.
    private mutating func command() -> String {
      var name = ""
      while let character = next, character.isASCII, character.isLetter {
        name.append(character)
        place += 1
      }
      if name.isEmpty, let sign = next {
        place += 1
        return String(sign)
      }
      return name
    }

    /// The width of a group, or of the one character or command that stands for one.
    private mutating func argument() -> Double {
      while next == " " { place += 1 }
      guard let character = next else { return 0 }
      place += 1
      if character == "{" { return width(upTo: "}") }
      return character == "\\" ? width(ofCommand: command()) : 1
    }

    /// The text of a group.
    private mutating func group() -> String {
      guard next == "{" else { return "" }
      place += 1
      var text = ""
      var depth = 1
      while let character = next {
        place += 1
        if character == "{" { depth += 1 }
        if character == "}" { depth -= 1 }
        if depth == 0 { break }
        text.append(character)
      }
      return text
    }
  }
}
