/// How many cells of a terminal or of a fixed-width font a text takes.
enum TextWidth {
  /// The width: 0 for marks that combine, 2 for wide East Asian characters, else 1.
  static func columns(of text: String) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    return text.unicodeScalars.reduce(0) { $0 + columns(of: $1) }
  }

  private static func columns(of scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    // Latin; then punctuation, subscripts and superscripts; arrows, operators and rules.
    case 0x20..<0x300, 0x2010..<0x2028, 0x2030..<0x2060, 0x2070..<0x20D0, 0x2100..<0x2E00:
      return 1
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    case _ where NumberMark.isPart(scalar): return 0
    default:
      switch scalar.properties.generalCategory {
      case .nonspacingMark, .enclosingMark, .format, .control: return 0
      default: return 1
      }
    }
  }

  /// A text for one line: control characters, which would break it, replaced.
  static func singleLine(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n", "\t", "\r": result += " "
      case "\u{0}"..."\u{1F}", "\u{7F}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Takes off the spaces at the end of a text and begins a new line.
  static func endLine(_ output: inout String) {
    while output.utf8.last == UInt8(ascii: " ") { output.unicodeScalars.removeLast() }
    output += "\n"
  }

  /// A line without the spaces at its end.
  static func trimmed(_ line: String) -> Substring {
    var result = Substring(line)
    while result.utf8.last == UInt8(ascii: " ") { result.unicodeScalars.removeLast() }
    return result
  }

  static func appendSpaces(_ count: Int, to output: inout String) {
    for _ in 0..<max(count, 0) { output += " " }
  }

  static func spaces(_ count: Int) -> String { String(repeating: " ", count: max(count, 0)) }
}
