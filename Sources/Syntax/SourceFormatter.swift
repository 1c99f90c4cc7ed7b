/// Lays out the text of a cell: indentation, the space around signs, columns that stand below one another, blank lines.
///
/// Lines are kept: none is broken or joined, and neither a sign nor a comment changes. So the tree stays what it was,
/// which `formatted` sees to, and a text that is laid out already stays as it is.
package struct SourceFormatter {
  /// The columns that a block's lines stand further right.
  package static let unit = 4

  let source: SourceText
  let tokens: [Token]
  let spacing: SpacingRoles
  var lines: [FormattedLine] = []

  private init(_ source: SourceText, _ tokens: [Token], _ spacing: SpacingRoles) {
    self.source = source
    self.tokens = tokens
    self.spacing = spacing
  }

  /// The text laid out; with a newline at its end where it had one.
  ///
  /// Throws: the first syntax error of a text that cannot be read.
  package static func formatted(_ text: String, layers: [LayerWord]) throws(Diagnostic) -> String {
    var text = text
    // Where columns have moved, others may stand below one another now.
    for _ in 0..<4 {
      let next = try formattedOnce(text, layers)
      if next == text { break }
      text = next
    }
    return text
  }

  private static func formattedOnce(_ text: String, _ layers: [LayerWord]) throws(Diagnostic)
    -> String
  {
    let source = SourceText(text)
    let program = Parser.parse(source, layers: layers)
    if let first = program.diagnostics.first { throw first }
    let tokens = Lexer.tokens(of: source).tokens
    let spacing = SpacingRoles(program.statements, tokens: tokens)
    var formatter = SourceFormatter(source, tokens, spacing)
    formatter.readLines()
    formatter.layOut()
    let result = formatter.text + (text.utf8.last == UInt8(ascii: "\n") ? "\n" : "")
    return formatter.holds(result, layers) ? result : source.text
  }

  /// Whether a text has the same tokens and the same tree over them.
  private func holds(_ text: String, _ layers: [LayerWord]) -> Bool {
    let other = SourceText(text)
    let program = Parser.parse(other, layers: layers)
    let tokensNow = Lexer.tokens(of: other).tokens
    guard program.diagnostics.isEmpty, tokensNow.count == tokens.count else { return false }
    for (before, now) in zip(tokens, tokensNow) {
      guard before.kind == now.kind, self.source[before.span] == other[now.span] else {
        return false
      }
    }
    return spacing.nodes == SpacingRoles(program.statements, tokens: tokensNow).nodes
  }

  // MARK: Lines

  private mutating func readLines() {
    var reader = FormattedLineReader(source: source)
    for (index, token) in tokens.enumerated() {
      reader.readSpace(to: Int(token.start), token: index)
      if token.kind != .endOfText { reader.append(token.span, token: index) }
    }
    lines = reader.lines
  }

  private var text: String {
    var result = ""
    for (index, line) in lines.enumerated() {
      if index > 0 {
        let blanks = isInAudit(line) ? line.blanks : min(line.blanks, 1)
        result += String(repeating: "\n", count: blanks + 1)
      }
      for piece in line.pieces {
        result += String(repeating: " ", count: piece.gap) + piece.text
      }
    }
    return result
  }

  /// An audit names its lines by their numbers, so empty ones stay.
  func isInAudit(_ line: FormattedLine) -> Bool {
    let start = Int(tokens[line.nextToken].start)
    return spacing.audits.contains { $0.start < start && start < $0.end }
  }
}
