/// A field of a line: where it stands in the bytes and what follows it.
struct ScannedField {
  enum Ending {
    case separator, line, openQuote
    /// The bytes end before the line does.
    case cut
  }

  var content: Range<Int>
  var isQuoted = false
  /// Whether quotes stand in it twice.
  var hasDoubledQuotes = false
  /// How many lines end within its quotes.
  var lineBreaks = 0
  var ending: Ending
  /// Where the next field or line begins.
  var next: Int
}

/// Finds fields in bytes: the one place that knows quotes, blanks and ends of lines.
///
/// The bytes end with a zero behind the last one of the text, at `count`. Quotes, doubled quotes and line breaks in
/// quotes as RFC 4180; blanks around a field, quoted or not, are none of it.
struct FieldScanner {
  var dialect: TextDialect
  /// Line feed, or carriage return in a text that has no line feed.
  var newline: UInt8

  private static let quote = UInt8(ascii: "\"")
  private static let carriageReturn: UInt8 = 13

  /// The position of the first byte that is no blank.
  @inline(__always)
  func skippingBlanks(_ bytes: Span<UInt8>, _ start: Int) -> Int {
    var position = start
    while dialect.isBlank(bytes[position]) { position += 1 }
    return position
  }

  /// What stands at a position where a field may end, and where the next one begins; nil when the field goes on.
  @inline(__always)
  func ending(
    _ bytes: Span<UInt8>, _ place: Int, count: Int, isLast: Bool
  ) -> (ending: ScannedField.Ending, next: Int)? {
    let end = skippingBlanks(bytes, place)
    let byte = bytes[end]
    if byte == newline { return (.line, end + 1) }
    if byte == dialect.separator { return (.separator, skippingBlanks(bytes, end + 1)) }
    if end == count { return (isLast ? .line : .cut, end) }
    if byte == FieldScanner.carriageReturn {
      if end + 1 == count { return (isLast ? .line : .cut, end + 1) }
      if bytes[end + 1] == newline { return (.line, end + 2) }
    }
    if dialect.separatesByBlanks, end > place { return (.separator, end) }
    return nil
  }

  /// The field that begins at a position, which is no blank.
  func field(_ bytes: Span<UInt8>, at start: Int, count: Int, isLast: Bool) -> ScannedField {
    if start < count, bytes[start] == FieldScanner.quote,
      let field = quoted(bytes, at: start, count: count, isLast: isLast)
    {
      return field
    }
    var position = start
    while true {
      if let (ending, next) = ending(bytes, position, count: count, isLast: isLast) {
        return ScannedField(content: start..<position, ending: ending, next: next)
      }
      position += 1
    }
  }

  /// nil where text follows the closing quote: then the quotes are part of the text.
  private func quoted(_ bytes: Span<UInt8>, at start: Int, count: Int, isLast: Bool)
    -> ScannedField?
  {
    var field = ScannedField(content: start..<start, isQuoted: true, ending: .cut, next: count)
    var position = start + 1
    while position < count {
      let byte = bytes[position]
      if byte == newline { field.lineBreaks += 1 }
      if byte == FieldScanner.quote {
        guard position + 1 < count || isLast else { return field }
        guard bytes[position + 1] == FieldScanner.quote else {
          field.content = start + 1..<position
          guard let end = ending(bytes, position + 1, count: count, isLast: isLast) else {
            return nil
          }
          (field.ending, field.next) = end
          return field
        }
        field.hasDoubledQuotes = true
        position += 1
      }
      position += 1
    }
    if isLast { field.ending = .openQuote }
    return field
  }

  /// The field's text.
  func text(_ bytes: Span<UInt8>, _ field: ScannedField, _ encoding: TextEncoding) -> String {
    let text = encoding.decode(bytes, field.content)
    guard field.hasDoubledQuotes else { return text }
    return text.split(separator: "\"\"", omittingEmptySubsequences: false).joined(separator: "\"")
  }

  /// The beginning of the next line; nil when it is not among the bytes.
  func nextLine(_ bytes: Span<UInt8>, _ start: Int, count: Int, isLast: Bool) -> Int? {
    var position = start
    while position < count {
      if bytes[position] == newline { return position + 1 }
      position += 1
    }
    return isLast ? count : nil
  }
}

/// The first lines of a text, from which its dialect and its names are found.
struct TextSample {
  struct Field {
    var text: String
    var isQuoted: Bool
  }

  struct Record {
    /// The line it begins on, from 1.
    var line: Int
    /// Where the next record begins, and on which line.
    var end: Int
    var nextLine: Int
    var fields: [Field]

    /// The fields without an empty last one: many programs end each line with a separator.
    var usedCount: Int {
      fields.count > 1 && fields[fields.count - 1].text.isEmpty
        && !fields[fields.count - 1].isQuoted
        ? fields.count - 1 : fields.count
    }
  }

  /// More records tell no more, nor do more fields.
  private static let mostRecords = 200
  private static let mostFields = 4_000

  /// With a zero behind the text.
  let bytes: [UInt8]
  /// Where the first line begins.
  let start: Int
  let firstLine: Int
  let newline: UInt8
  /// Whether the text ends with the sample.
  let isWhole: Bool
  let encoding: TextEncoding

  /// The whole records at the beginning, without empty lines and those that begin with `#`.
  func records(_ dialect: TextDialect) -> [Record] {
    let scanner = FieldScanner(dialect: dialect, newline: newline)
    let span = bytes.span
    let count = bytes.count - 1
    var records: [Record] = []
    var position = start
    var line = firstLine
    var fields = 0
    while records.count < TextSample.mostRecords,
      fields < TextSample.mostFields || records.count < 3
    {
      position = scanner.skippingBlanks(span, position)
      guard position < count else { break }
      let byte = bytes[position]
      if byte == newline || byte == 13 || byte == UInt8(ascii: "#") {
        guard let next = scanner.nextLine(span, position, count: count, isLast: isWhole) else {
          break
        }
        position = next
        line += 1
        continue
      }
      var record = Record(line: line, end: position, nextLine: line, fields: [])
      reading: while true {
        let field = scanner.field(span, at: position, count: count, isLast: isWhole)
        guard field.ending != .cut else { return records }
        record.fields.append(
          Field(text: scanner.text(span, field, encoding), isQuoted: field.isQuoted))
        line += field.lineBreaks
        position = field.next
        if field.ending != .separator { break reading }
      }
      line += 1
      fields += record.fields.count
      record.end = position
      record.nextLine = line
      records.append(record)
    }
    return records
  }
}
