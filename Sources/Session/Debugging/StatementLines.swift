import Syntax

/// The lines of a cell at which it can be stopped: those on which a statement or the body of a function begins.
package enum StatementLines {
  /// In ascending order; none for a text that does not parse.
  package static func of(_ code: String) -> [Int] {
    let source = SourceText(code)
    let program = Parser.parse(source)
    guard program.diagnostics.isEmpty else { return [] }
    var lines: Set<Int> = []
    func visit(_ statements: [StatementSyntax]) {
      for statement in statements {
        lines.insert(source.line(at: statement.span.start))
        switch statement.kind {
        case .forLoop(_, _, _, let body): visit(body)
        case .conditional(_, let then, let otherwise): visit(then + (otherwise ?? []))
        case .definition(let function): lines.insert(source.line(at: function.body.span.start))
        default: break
        }
      }
    }
    visit(program.statements)
    return lines.sorted()
  }

  /// Where a cell stops when it is to stop at a line: there, or at the next line where it can; nil when nowhere.
  package static func nearest(to line: Int, in code: String) -> Int? {
    let lines = of(code)
    return lines.first { $0 >= line } ?? lines.last
  }
}
