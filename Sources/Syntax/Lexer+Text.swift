extension Lexer {
  /// `"…"`, on one line; `\"`, `\\`, `\n` and `\t` stand for what they do elsewhere.
  mutating func readString() {
    let start = index
    if byte(1) == UInt8(ascii: "\""), byte(2) == UInt8(ascii: "\"") {
      readTripleQuoted()
      return
    }
    var end = index + 1
    while end < bytes.count {
      switch bytes[end] {
      case UInt8(ascii: "\""):
        append(.string, length: end + 1 - index)
        return
      case UInt8(ascii: "\\")
      where end + 1 < bytes.count && bytes[end + 1] != UInt8(ascii: "\n")
        && bytes[end + 1] != UInt8(ascii: "\r"):
        end += 2
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        reportUnterminated(from: start, to: end)
        append(.string, length: end - index)
        return
      default: end += 1
      }
    }
    end = min(end, bytes.count)
    reportUnterminated(from: start, to: end)
    append(.string, length: end - index)
  }

  private mutating func reportUnterminated(from start: Int, to end: Int) {
    report(
      "this text has no closing `\"`", at: SourceSpan(start, end), label: "a text ends on its line",
      help: "put a `\"` where it ends")
  }

  private mutating func readTripleQuoted() {
    let start = index
    let quotes = Array("\"\"\"".utf8)
    index += 3
    while index < bytes.count, !bytes[index...].starts(with: quotes) { index += 1 }
    index = min(index + 3, bytes.count)
    let length = index - start
    report(
      "a text stands between single `\"`", at: SourceSpan(start, start + 3), label: "three quotes",
      help: "write \"…\" on one line; a new line inside is `\\n`")
    index = start
    append(.string, length: length)
  }

  /// A `'` directly behind a value is a prime; elsewhere it opens a text, as in Python and MATLAB.
  mutating func readQuoteOrPrime() {
    if followsOperand && !spaceBefore {
      append(.prime, length: 1)
      return
    }
    var end = index + 1
    while end < bytes.count, bytes[end] != UInt8(ascii: "'"), bytes[end] != UInt8(ascii: "\n"),
      bytes[end] != UInt8(ascii: "\r")
    {
      end += 1
    }
    guard end < bytes.count, bytes[end] == UInt8(ascii: "'") else {
      if followsOperand {
        append(.prime, length: 1)
      } else {
        report(
          "`'` stands behind a matrix or a function", at: SourceSpan(index, index + 1),
          label: "nothing to transpose or to differentiate",
          help: "a text is written with \"…\"")
        append(.invalid, length: 1)
      }
      return
    }
    let inner = source[SourceSpan(index + 1, end)]
    report(
      "a text is written with double quotes", at: SourceSpan(index, end + 1),
      label: "single quotes mean transpose, or derivative",
      help: inner.utf8.count <= 40 ? "write \"\(inner)\"" : nil)
    append(.string, length: end + 1 - index)
  }

  /// “…” and ‘…’, which word processors write.
  mutating func readTypographicQuotes() {
    let start = index
    index += 3
    while index < bytes.count, bytes[index] != UInt8(ascii: "\n"),
      bytes[index] != UInt8(ascii: "\r")
    {
      let (scalar, length) = UTF8Scalar.decode(bytes, at: index)
      index += length
      if ["“", "”", "‘", "’", "\""].contains(scalar) { break }
    }
    let end = index
    index = start
    report(
      "a text is written with straight quotes", at: SourceSpan(start, end),
      label: "typographic quotes", help: "write \"…\"")
    append(.string, length: end - start)
  }
}
