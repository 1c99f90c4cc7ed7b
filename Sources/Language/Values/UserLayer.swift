import Display
import Notation
import Syntax

/// A layer that is written in the language, with the text that it was written in.
package final class UserLayer: Sendable {
  package let syntax: LayerSyntax
  package let source: SourceText
  /// Which cell it was written in: diagnostics point into the text of the running cell only.
  package let cell: Int

  package init(_ syntax: LayerSyntax, source: SourceText, cell: Int) {
    self.syntax = syntax
    self.source = source
    self.cell = cell
  }

  package var name: String { syntax.name }
  /// As it was written.
  package var text: String { source[syntax.span] }
  /// What it does: the remark above it.
  package var summary: String {
    let line = source.line(at: syntax.span.start)
    guard line > 1 else { return head }
    let above = source[source.span(ofLine: line - 1)].drop { $0 == " " }
    return above.first == "#" ? String(above.dropFirst().drop { $0 == " " }) : head
  }

  /// A line of it: `lstm 4`.
  package var usage: String {
    let required = syntax.options.filter { $0.fallback == nil }
    return
      ([name]
      + (required.isEmpty
        ? [] : [required.map { Self.examples[$0.name] ?? "4" }.joined(separator: ", ")]))
      .joined(separator: " ")
  }

  /// What may stand for an option, where that is no size.
  private static let examples = ["p": "0.5", "width": "3", "height": "3"]

  /// Its head: `layer RNN(X: matrix(T, n), k, h0 = 0)`.
  package var head: String {
    let end = text.firstIndex(of: "{") ?? text.endIndex
    return String(text[..<end].reversed().drop { $0 == " " }.reversed())
  }
}

/// A layer under its name: it shows its lines.
package struct LayerRecord: Record {
  package let layer: UserLayer

  package init(_ layer: UserLayer) { self.layer = layer }

  package var kindName: String { "layer" }
  package var description: String { "the layer \(layer.name)" }
  package var memberNames: [String] { [] }
  package func member(_ name: String) -> Value? { nil }

  package var tidy: TidyTable {
    TidyTable([TidyColumn("line", strings: layer.text.split(separator: "\n").map(String.init))])
  }

  package func render(_ settings: Settings) -> MIMEBundle { MIMEBundle(plain: layer.text) }
}

extension Value {
  /// The layer that it is; nil for everything else.
  package var layer: UserLayer? {
    if case .record(let record) = self { (record as? LayerRecord)?.layer } else { nil }
  }
}
