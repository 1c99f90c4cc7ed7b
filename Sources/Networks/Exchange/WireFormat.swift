/// Writes messages of protocol buffers, field by field.
///
/// Source: protobuf.dev/programming-guides/encoding
struct WireWriter {
  private(set) var bytes: [UInt8] = []

  /// How a field's content is laid out.
  fileprivate enum Kind: UInt64 {
    case variable = 0
    case eightBytes = 1
    case counted = 2
    case fourBytes = 5
  }

  private mutating func variable(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func begin(_ field: Int, _ kind: Kind) {
    variable(UInt64(field) << 3 | kind.rawValue)
  }

  mutating func append(_ field: Int, _ value: Int) {
    begin(field, .variable)
    variable(UInt64(bitPattern: Int64(value)))
  }

  mutating func append(_ field: Int, _ content: [UInt8]) {
    begin(field, .counted)
    variable(UInt64(content.count))
    bytes += content
  }

  mutating func append(_ field: Int, _ text: String) { append(field, Array(text.utf8)) }

  mutating func append(_ field: Int, _ value: Float) {
    begin(field, .fourBytes)
    for byte in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> (8 * byte))) }
  }

  /// A message inside this one.
  mutating func message(_ field: Int, _ write: (inout WireWriter) -> Void) {
    var inner = WireWriter()
    write(&inner)
    append(field, inner.bytes)
  }
}

/// Reads messages of protocol buffers, field by field, without copying what lies inside them.
///
/// No length that a file claims is believed: every range lies within that of the message around it.
struct WireReader {
  let bytes: [UInt8]
  private var place: Int
  private let end: Int

  /// What a field holds; numbers as their bits.
  enum Content {
    case number(UInt64)
    case four(UInt32)
    case counted(WireReader)
  }

  init(_ bytes: [UInt8]) { self.init(bytes, 0..<bytes.count) }

  private init(_ bytes: [UInt8], _ range: Range<Int>) {
    self.bytes = bytes
    place = range.lowerBound
    end = range.upperBound
  }

  /// The bytes that are still to be read.
  var rest: Range<Int> { place..<end }

  var text: String { String(decoding: bytes[rest], as: UTF8.self) }

  /// What is wrong with a message.
  enum Fault: Error { case damaged }

  /// The next field; nil at the end.
  mutating func next() throws(Fault) -> (field: Int, content: Content)? {
    guard place < end else { return nil }
    let key = try variable()
    guard let kind = WireWriter.Kind(rawValue: key & 7), key >> 3 > 0, key >> 3 < 1 << 29 else {
      throw .damaged
    }
    let field = Int(key >> 3)
    switch kind {
    case .variable: return (field, .number(try variable()))
    case .eightBytes: return (field, .number(try fixed(8)))
    case .fourBytes: return (field, .four(UInt32(truncatingIfNeeded: try fixed(4))))
    case .counted:
      let count = try variable()
      guard count <= UInt64(end - place) else { throw .damaged }
      let range = place..<place + Int(count)
      place = range.upperBound
      return (field, .counted(WireReader(bytes, range)))
    }
  }

  /// The next number of a packed field, as its bits; nil at the end.
  mutating func nextNumber() throws(Fault) -> UInt64? { place < end ? try variable() : nil }

  private mutating func variable() throws(Fault) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard place < end else { throw .damaged }
      let byte = bytes[place]
      place += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw .damaged
  }

  private mutating func fixed(_ count: Int) throws(Fault) -> UInt64 {
    guard end - place >= count else { throw .damaged }
    defer { place += count }
    return (0..<count).reduce(0) { $0 | UInt64(bytes[place + $1]) << UInt64(8 * $1) }
  }
}
