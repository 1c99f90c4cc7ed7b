/// Text that is safe in a LaTeX paragraph or table cell.
package enum LaTeXText {
  /// The text with its special characters replaced.
  package static func escaped(_ text: String) -> String {
    var result = ""
    append(text, to: &result)
    return result
  }

  /// Text beside formulas, which MathJax sees as well: what only LaTeX knows is mathematics here.
  package static func inline(_ text: String) -> String {
    var result = text.split(separator: "…", omittingEmptySubsequences: false)
      .map { escaped(String($0)) }.joined(separator: "$\\ldots$")
    for sign in "#%&_{}" { result.replace("\\\(sign)", with: "$\\\(sign)$") }
    return result
  }

  /// Appends text with LaTeX's special characters replaced, and with the mathematical characters that
  /// its text fonts lack written as formulas.
  package static func append(_ text: String, to output: inout String) {
    guard text.utf8.contains(where: { $0 >= 0x80 || $0 < 0x20 || isSpecial($0) }) else {
      output += text
      return
    }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": output += "\\textbackslash{}"
      case "~": output += "\\textasciitilde{}"
      case "^": output += "\\textasciicircum{}"
      case "<", ">", "|": output += "$\(scalar)$"
      case "#", "$", "%", "&", "_", "{", "}":
        output += "\\"
        output.unicodeScalars.append(scalar)
      case "—": output += "---"
      case "–": output += "--"
      case "…": output += "\\ldots{}"
      case "\u{0}"..."\u{1F}", "\u{7F}": output += " "
      default:
        if let command = LaTeXMath.command(for: scalar) {
          output += "$\(command)$"
        } else {
          output.unicodeScalars.append(scalar)
        }
      }
    }
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\\"), UInt8(ascii: "~"), UInt8(ascii: "^"),
      UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "|"), UInt8(ascii: "#"),
      UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"), UInt8(ascii: "_"),
      UInt8(ascii: "{"), UInt8(ascii: "}"), 0x7F:
      true
    default: false
    }
  }
}
