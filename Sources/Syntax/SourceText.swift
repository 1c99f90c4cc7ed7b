/// The text of a cell, in NFC, with the lines that diagnostics show.
///
/// Spans are UTF-8 offsets into the normalized text; positions on the wire count the Unicode scalars
/// of the text as it was sent, and `offset(ofScalar:)` and `scalar(ofOffset:)` go between the two.
package struct SourceText: Sendable {
  package let text: String
  package let utf8: [UInt8]
  /// The text as it was sent, where normalization changed it.
  private let original: String?
  /// The offset at which each line begins.
  private let lineStarts: [Int]

  package init(_ text: String) {
    var bytes = Array(text.utf8)
    if let composed = UnicodeNormalization.composed(text, utf8: bytes) {
      original = text
      bytes = Array(composed.utf8)
      self.text = composed
    } else {
      original = nil
      self.text = text
    }
    var starts = [0]
    for index in bytes.indices {
      if bytes[index] == Self.lineFeed
        || bytes[index] == Self.carriageReturn
          && !(index + 1 < bytes.count && bytes[index + 1] == Self.lineFeed)
      {
        starts.append(index + 1)
      }
    }
    utf8 = bytes
    lineStarts = starts
  }

  /// The text of a span, as it was written. A span beyond the text is clamped.
  package subscript(span: SourceSpan) -> String {
    let start = min(max(span.start, 0), utf8.count)
    let end = min(max(span.end, start), utf8.count)
    return String(decoding: utf8[start..<end], as: UTF8.self)
  }

  /// The text as it was sent.
  package var sent: String { original ?? text }

  /// The number, from 1, of the line that holds an offset.
  package func line(at offset: Int) -> Int {
    var (low, high) = (0, lineStarts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// The column, from 1 and in Unicode scalars, of an offset in its line.
  package func column(at offset: Int) -> Int {
    let start = lineStarts[line(at: offset) - 1]
    let end = min(max(offset, start), utf8.count)
    return utf8[start..<end].count { $0 & 0xC0 != 0x80 } + 1
  }

  /// The span of a line without its line end. Lines count from 1; others give an empty span.
  package func span(ofLine line: Int) -> SourceSpan {
    guard line >= 1, line <= lineStarts.count else { return SourceSpan(utf8.count, utf8.count) }
    let start = lineStarts[line - 1]
    var end = line < lineStarts.count ? lineStarts[line] : utf8.count
    while end > start, utf8[end - 1] == Self.lineFeed || utf8[end - 1] == Self.carriageReturn {
      end -= 1
    }
    return SourceSpan(start, end)
  }

  /// The offset of a position that counts Unicode scalars of the text as it was sent, clamped.
  package func offset(ofScalar position: Int) -> Int {
    guard position > 0 else { return 0 }
    if let original {
      var (scalars, offset) = (0, 0)
      for character in original {
        if scalars >= position { break }
        scalars += character.unicodeScalars.count
        offset += Self.composedLength(character)
      }
      return offset
    }
    var scalars = 0
    for index in utf8.indices where utf8[index] & 0xC0 != 0x80 {
      if scalars == position { return index }
      scalars += 1
    }
    return utf8.count
  }

  /// The position, in Unicode scalars of the text as it was sent, of an offset.
  package func scalar(ofOffset offset: Int) -> Int {
    if let original {
      var (scalars, reached) = (0, 0)
      for character in original {
        if reached >= offset { break }
        reached += Self.composedLength(character)
        scalars += character.unicodeScalars.count
      }
      return scalars
    }
    return utf8[..<min(max(offset, 0), utf8.count)].count { $0 & 0xC0 != 0x80 }
  }

  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  /// The UTF-8 length of a character in NFC; composition never crosses the bounds of a character.
  private static func composedLength(_ character: Character) -> Int {
    let text = String(character)
    let utf8 = Array(text.utf8)
    return UnicodeNormalization.composed(text, utf8: utf8)?.utf8.count ?? utf8.count
  }
}
