/// What the parser makes of a cell.
package struct ParsedProgram: Sendable {
  package var statements: [StatementSyntax]
  /// Every syntax error of the cell, in order; the statements are sound only when there is none.
  package var diagnostics: [Diagnostic]
  /// Whether the text only lacks an ending (an open bracket, a block, an operand): `is_complete`.
  package var isIncomplete: Bool
  /// The spaces that the next line of an incomplete text should begin with.
  package var indentation: String
}

/// Reads cells. The grammar is in grammar.txt.
package enum Parser {
  /// How deep brackets, blocks and prefix operators may nest.
  package static let nestingLimit = 100
  /// How high an expression's tree may be; only long chains of postfix operators come near.
  package static let heightLimit = 400

  /// The statements of a cell, where `layers` are the kinds of layers that networks may have. Never traps, whatever
  /// the text holds.
  package static func parse(_ source: SourceText, layers: [LayerWord]) -> ParsedProgram {
    let (tokens, lexical) = Lexer.tokens(of: source)
    var parser = CellParser(source: source, tokens: tokens, layers: layers)
    let statements = parser.parseProgram()
    var diagnostics = lexical
    if diagnostics.isEmpty {
      diagnostics = parser.diagnostics
    } else if !parser.diagnostics.isEmpty {
      diagnostics += parser.diagnostics
      diagnostics.sort { ($0.span?.start ?? 0) < ($1.span?.start ?? 0) }
    }
    if diagnostics.count > Lexer.diagnosticLimit {
      diagnostics.removeLast(diagnostics.count - Lexer.diagnosticLimit)
    }
    let isIncomplete = parser.lacksEnding && diagnostics.count == 1
    return ParsedProgram(
      statements: statements, diagnostics: diagnostics, isIncomplete: isIncomplete,
      indentation: isIncomplete ? parser.indentationOfNextLine : "")
  }

  /// The expression that a text holds, for texts that come from the program itself.
  ///
  /// Throws: the first syntax error, also where the text is a statement of another kind.
  package static func parseExpression(_ source: SourceText) throws(Diagnostic) -> ExpressionSyntax {
    let program = parse(source, layers: [])
    if let first = program.diagnostics.first { throw first }
    guard program.statements.count == 1,
      case .expression(let expression) = program.statements[0].kind
    else {
      throw Diagnostic(
        .syntax, "one expression was expected", at: SourceSpan(0, source.utf8.count))
    }
    return expression
  }
}
