/// Text that is safe in HTML and in XML, in elements and in quoted attributes.
package enum HTMLText {
  /// The text with its special characters replaced.
  package static func escaped(_ text: String) -> String {
    var result = ""
    append(text, to: &result)
    return result
  }

  /// Lines of text for `<pre>`.
  package static func escapedLines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { escaped(String($0)) }.joined(separator: "\n")
  }

  /// LaTeX with its delimiters, for the page's typesetter.
  package static func formulas(_ latex: String) -> String {
    latex.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }

  /// Appends text with its special characters replaced. Control characters, which XML forbids, turn
  /// into U+FFFD; a dollar sign stands alone in an element, so that no typesetter takes two of them
  /// for the ends of a formula.
  package static func append(_ text: String, to output: inout String) {
    guard text.utf8.contains(where: isSpecial) else {
      output += text
      return
    }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": output += "&amp;"
      case "<": output += "&lt;"
      case ">": output += "&gt;"
      case "\"": output += "&quot;"
      case "'": output += "&#39;"
      case "$": output += "<span>$</span>"
      case "\n", "\t": output += " "
      case "\u{0}"..."\u{1F}", "\u{7F}", "\u{FFFE}", "\u{FFFF}": output += "\u{FFFD}"
      default: output.unicodeScalars.append(scalar)
      }
    }
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x00...0x1F, 0x7F, 0xEF: true
    case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""),
      UInt8(ascii: "'"), UInt8(ascii: "$"):
      true
    default: false
    }
  }
}
