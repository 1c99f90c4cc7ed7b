/// How wide a formula in LaTeX is on a page, in characters of text: as near as breaking it into rows needs.
package enum LaTeXWidth {
  /// The width in columns of a text of the same size.
  package static func columns(of latex: some StringProtocol) -> Int {
    var latex = String(latex)
    return latex.withUTF8 { bytes in
      var reader = Reader(bytes)
      return Int(reader.width(upTo: nil).rounded(.up))
    }
  }

  /// What scripts and the parts of a fraction in a line are scaled by.
  private static let scriptScale = 0.7
  /// A sign with the spaces around it.
  private static let signWidth = 2.5
  /// Between the columns of a matrix, and for its brackets.
  private static let columnGap = 2.0

  /// What a command does to the width.
  private enum Command {
    case fraction, begin, end, text, bracket
    case width(Double)
  }

  /// By the letters behind the backslash; others are one character wide.
  private static let commands: [String: Command] = {
    var all: [String: Command] = [
      "begin": .begin, "end": .end, "left": .bracket, "right": .bracket, "quad": .width(2),
      "qquad": .width(4),
    ]
    for name in ["frac", "dfrac", "tfrac"] { all[name] = .fraction }
    for name in ["text", "textbf", "mathrm", "operatorname", "texttt"] { all[name] = .text }
    for name in ["displaystyle", "mathbf", "boldsymbol"] { all[name] = .width(0) }
    for name in [
      "cdot", "odot", "otimes", "oslash", "times", "le", "ge", "ne", "leftarrow", "to",
    ] { all[name] = .width(signWidth) }
    for name in [
      "sin", "cos", "tan", "tanh", "ln", "log", "exp", "max", "min", "det", "ldots", "cdots",
    ] { all[name] = .width(Double(min(name.count, 4))) }
    return all
  }()

  private struct Reader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var place = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    /// Whether a byte goes on with a character that began before.
    private static func isInside(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

    /// The width of what comes up to a closing brace, or up to the end of an environment.
    mutating func width(upTo end: UInt8?) -> Double {
      var widest = 0.0
      var row = 0.0
      while let byte = next {
        place += 1
        if byte == end { break }
        switch byte {
        case UInt8(ascii: "{"): row += width(upTo: UInt8(ascii: "}"))
        case UInt8(ascii: "}"), UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "$"): break
        case UInt8(ascii: "_"), UInt8(ascii: "^"): row += LaTeXWidth.scriptScale * argument()
        case UInt8(ascii: "&"): row += LaTeXWidth.columnGap
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "="), UInt8(ascii: "<"),
          UInt8(ascii: ">"):
          row += LaTeXWidth.signWidth
        case UInt8(ascii: "\\"):
          if next == UInt8(ascii: "\\") {
            place += 1
            widest = max(widest, row)
            row = 0
            continue
          }
          let command = command()
          if case .end = command {
            group()
            return max(widest, row)
          }
          row += width(of: command)
        default: row += Self.isInside(byte) ? 0 : 1
        }
      }
      return max(widest, row)
    }

    private mutating func width(of command: Command) -> Double {
      switch command {
      case .fraction: return max(argument(), argument())
      case .begin:
        group()
        return width(upTo: nil) + LaTeXWidth.columnGap
      case .text: return Double(group())
      case .bracket:
        // The bracket that follows is counted as what it is; none is a point.
        if next == UInt8(ascii: ".") { place += 1 }
        return 0
      case .end: return 0
      case .width(let width): return width
      }
    }

    /// What stands behind a backslash: letters, or one sign.
    private mutating func command() -> Command {
      let start = place
      while let byte = next, Self.isLetter(byte) { place += 1 }
      guard place > start else { return signCommand() }
      let name = String(decoding: bytes[start..<place], as: UTF8.self)
      return LaTeXWidth.commands[name] ?? .width(1)
    }

    /// A space is nothing; a brace and the like are one character.
    private mutating func signCommand() -> Command {
      guard let sign = next else { return .width(1) }
      place += 1
      while let byte = next, Self.isInside(byte) { place += 1 }
      switch sign {
      case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "!"):
        return .width(0)
      default: return .width(1)
      }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
      UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }

    /// The width of a group, or of the one character or command that stands for one.
    private mutating func argument() -> Double {
      while next == UInt8(ascii: " ") { place += 1 }
      guard let byte = next else { return 0 }
      place += 1
      if byte == UInt8(ascii: "{") { return width(upTo: UInt8(ascii: "}")) }
      if byte == UInt8(ascii: "\\") { return width(of: command()) }
      while let byte = next, Self.isInside(byte) { place += 1 }
      return 1
    }

    /// Goes on behind a group, whose text has so many characters.
    @discardableResult
    private mutating func group() -> Int {
      guard next == UInt8(ascii: "{") else { return 0 }
      place += 1
      var (count, depth) = (0, 1)
      while let byte = next {
        place += 1
        if byte == UInt8(ascii: "{") { depth += 1 }
        if byte == UInt8(ascii: "}") { depth -= 1 }
        if depth == 0 { break }
        if !Self.isInside(byte) { count += 1 }
      }
      return count
    }
  }
}
