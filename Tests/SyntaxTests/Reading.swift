import Syntax

/// The tree of a text, as `SyntaxDump` shows it, or its mistakes.
func dump(_ text: String) -> String {
  let program = Parser.parse(SourceText(text))
  guard program.diagnostics.isEmpty else {
    return program.diagnostics.map { "\($0.name.rawValue): \($0.message)" }.joined(separator: "\n")
  }
  return SyntaxDump.text(of: program)
}

/// The messages of a text's mistakes.
func messages(_ text: String) -> [String] {
  Parser.parse(SourceText(text)).diagnostics.map(\.message)
}
