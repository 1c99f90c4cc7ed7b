/// The text of a cell, in NFC, with the lines that diagnostics show.
package struct SourceText: Sendable {
  package let text: String
  package let utf8: [UInt8]

  package init(_ text: String) {
    self.text = text
    utf8 = Array(text.utf8)
  }

  /// The text of a span, as it was written.
  package subscript(span: SourceSpan) -> String {
    String(decoding: utf8[span.start..<span.end], as: UTF8.self)
  }
}
