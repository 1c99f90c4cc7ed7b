/// What the parser makes of a cell.
package struct ParsedProgram: Sendable {
  package var statements: [StatementSyntax]
  /// Every syntax error of the cell, in order; the statements are sound only when there is none.
  package var diagnostics: [Diagnostic]
  /// Whether the text only lacks an ending (an open bracket, a block, an operand): `is_complete`.
  package var isIncomplete: Bool
}

package enum Parser {
  /// The statements of a cell. Never traps, whatever the text holds.
  package static func parse(_ source: SourceText) -> ParsedProgram {
    ParsedProgram(statements: [], diagnostics: [], isIncomplete: false)
  }
}
