/// Whether braces, dollar signs and environments of a LaTeX text balance.
enum LaTeXBalance {
  struct Unbalanced: Error, CustomStringConvertible {
    let description: String
  }

  private enum Open: Equatable {
    case brace
    case environment(String)
    case formula(String)
  }

  /// Throws: `Unbalanced` for what is closed without being open, or the other way round; for special
  /// characters that are not escaped; and for rows with more cells than the table has columns.
  static func check(_ text: String) throws(Unbalanced) {
    var open: [Open] = []
    var rest = Substring(text)
    func fail(_ message: String) -> Unbalanced {
      Unbalanced(description: "\(message) at \(rest.prefix(40))")
    }
    while let next = rest.first {
      switch next {
      case "\\":
        rest.removeFirst()
        let command = rest.prefix { $0.isASCII && $0.isLetter }
        if command == "begin" || command == "end" {
          rest.removeFirst(command.count)
          guard rest.first == "{", let close = rest.firstIndex(of: "}") else {
            throw fail("no name")
          }
          let name = String(rest[rest.index(after: rest.startIndex)..<close])
          rest = rest[rest.index(after: close)...]
          if command == "begin" {
            open.append(.environment(name))
          } else if open.popLast() != .environment(name) {
            throw fail("\\end{\(name)}")
          }
        } else {
          rest.removeFirst(max(command.count, 1))
        }
        continue
      case "{": open.append(.brace)
      case "}": if open.popLast() != .brace { throw fail("}") }
      case "$":
        let delimiter = rest.hasPrefix("$$") ? "$$" : "$"
        if open.last == .formula(delimiter) {
          open.removeLast()
        } else {
          open.append(.formula(delimiter))
        }
        rest.removeFirst(delimiter.count)
        continue
      case "&":
        let inside = open.reversed().contains { if case .environment = $0 { true } else { false } }
        if !inside { throw fail("& outside of an environment") }
      case "_", "^":
        let inside = open.contains { if case .formula = $0 { true } else { false } }
        if !inside { throw fail("script outside of a formula") }
      case "#", "~": throw fail("unescaped \(next)")
      default: break
      }
      rest.removeFirst()
    }
    if let left = open.last { throw Unbalanced(description: "\(left) is not closed in \(text)") }
  }
}
