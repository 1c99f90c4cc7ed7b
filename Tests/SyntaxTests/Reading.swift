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

extension Parser {
  /// A cell of a language whose networks have dense layers.
  static func parse(_ source: SourceText) -> ParsedProgram { parse(source, layers: [.dense]) }
}

extension LayerWord {
  static let dense = LayerWord(
    name: "dense", usage: "dense 8, relu, name = \"hidden\"",
    form: "its size, an activation and options by name",
    positions: ["the units", "the activation"],
    required: 1, options: ["W = …", "b = …", "init = …", "name = \"…\""])
}
