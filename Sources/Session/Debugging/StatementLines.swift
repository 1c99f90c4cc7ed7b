import Language
import Syntax

/// The lines of a cell at which it can be stopped: those on which a statement, the body of a function or a layer of a
/// network begins.
package struct StatementLines: Sendable {
  /// In ascending order; none for a text that does not parse.
  package let lines: [Int]

  package init(_ code: String, _ vocabulary: Vocabulary) {
    let source = SourceText(code)
    let program = Parser.parse(source, layers: vocabulary.layerWords)
    var lines: Set<Int> = []
    func visit(_ statements: [StatementSyntax]) {
      for statement in statements {
        lines.insert(source.line(at: statement.span.start))
        switch statement.kind {
        case .forLoop(_, _, _, let body), .whileLoop(_, let body): visit(body)
        case .conditional(_, let then, let otherwise): visit(then + (otherwise ?? []))
        case .network(let network):
          for layer in network.layers { lines.insert(source.line(at: layer.span.start)) }
        case .definition(let function):
          visit(function.body.lines)
          lines.insert(source.line(at: function.body.result.span.start))
        default: break
        }
      }
    }
    if program.diagnostics.isEmpty { visit(program.statements) }
    self.lines = lines.sorted()
  }

  /// Where a cell stops when it is to stop at a line: there, or at the next line where it can; nil when nowhere.
  package func nearest(to line: Int) -> Int? { lines.first { $0 >= line } ?? lines.last }
}
