/// Appends JSON to a buffer of bytes, member by member or a whole `JSONValue` at once.
///
/// Commas are its own affair: it writes one before a member or an element that is not the first.
///
///     var writer = JSONWriter()
///     writer.object { writer in
///       writer.member("status", "ok")
///       writer.member("execution_count", 3)
///     }
package struct JSONWriter: ~Copyable {
  package private(set) var bytes: [UInt8]
  /// Whether the next member or element needs a comma before it.
  private var needsComma = false

  package init(reservingCapacity capacity: Int = 256) {
    bytes = []
    bytes.reserveCapacity(capacity)
  }

  /// Ends the writing and hands out the text.
  package consuming func finish() -> [UInt8] { bytes }

  // MARK: - Structure

  package mutating func object(_ body: (inout JSONWriter) -> Void) {
    bracket(UInt8(ascii: "{"), UInt8(ascii: "}"), body)
  }

  package mutating func array(_ body: (inout JSONWriter) -> Void) {
    bracket(UInt8(ascii: "["), UInt8(ascii: "]"), body)
  }

  /// A member whose value is an object.
  package mutating func object(_ name: StaticString, _ body: (inout JSONWriter) -> Void) {
    writeName(name)
    object(body)
  }

  /// A member whose value is an array.
  package mutating func array(_ name: StaticString, _ body: (inout JSONWriter) -> Void) {
    writeName(name)
    array(body)
  }

  private mutating func bracket(
    _ open: UInt8, _ close: UInt8, _ body: (inout JSONWriter) -> Void
  ) {
    separate()
    bytes.append(open)
    needsComma = false
    body(&self)
    bytes.append(close)
    needsComma = true
  }

  // MARK: - Members

  package mutating func member(_ name: StaticString, _ value: String) {
    writeName(name)
    write(value)
  }

  package mutating func member(_ name: StaticString, _ value: Int) {
    writeName(name)
    write(value)
  }

  package mutating func member(_ name: StaticString, _ value: Bool) {
    writeName(name)
    write(value)
  }

  package mutating func member(_ name: StaticString, _ value: JSONObject) {
    writeName(name)
    write(value)
  }

  package mutating func member(_ name: StaticString, _ value: JSONValue) {
    writeName(name)
    write(value)
  }

  package mutating func member(_ name: StaticString, _ values: [String]) {
    writeName(name)
    array { writer in for value in values { writer.write(value) } }
  }

  /// A name that is not known when the kernel is compiled; its value is to follow.
  package mutating func name(_ name: String) {
    write(name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// A name, which must need no escapes; its value is to follow.
  private mutating func writeName(_ name: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    name.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  // MARK: - Values

  package mutating func write(_ value: JSONValue) {
    switch value {
    case .null: writeWord("null")
    case .boolean(let flag): write(flag)
    case .integer(let number): write(number)
    case .number(let number): write(number)
    case .string(let text): write(text)
    case .array(let items): array { writer in for item in items { writer.write(item) } }
    case .object(let object): write(object)
    }
  }

  package mutating func write(_ object: JSONObject) {
    self.object { writer in
      for member in object.members {
        writer.name(member.name)
        writer.write(member.value)
      }
    }
  }

  package mutating func write(_ flag: Bool) { writeWord(flag ? "true" : "false") }

  package mutating func write(_ number: Int) {
    separate()
    if number >= 0, number < 10 {
      bytes.append(UInt8(ascii: "0") + UInt8(number))
    } else {
      bytes.append(contentsOf: String(number).utf8)
    }
    needsComma = true
  }

  /// The shortest text that reads back equal; a non-finite number as the string "NaN", "INF" or "-INF".
  package mutating func write(_ number: Double) {
    guard number.isFinite else {
      write(number.isNaN ? "NaN" : number > 0 ? "INF" : "-INF")
      return
    }
    separate()
    bytes.append(contentsOf: number.description.utf8)
    needsComma = true
  }

  package mutating func write(_ text: String) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    let start = bytes.count
    bytes.append(contentsOf: text.utf8)
    if let first = indexOfEscape(from: start) {
      let rest = Array(bytes[first...])
      bytes.removeSubrange(first...)
      for byte in rest {
        if Self.needsEscape(byte) { appendEscape(of: byte) } else { bytes.append(byte) }
      }
    }
    bytes.append(UInt8(ascii: "\""))
    needsComma = true
  }

  /// JSON that was written before, as a member.
  package mutating func member(_ name: StaticString, json: [UInt8]) {
    writeName(name)
    bytes.append(contentsOf: json)
    needsComma = true
  }

  private mutating func writeWord(_ word: StaticString) {
    separate()
    word.withUTF8Buffer { bytes.append(contentsOf: $0) }
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
  }

  /// The first byte from an index on that must be escaped.
  private func indexOfEscape(from start: Int) -> Int? {
    var index = start
    while index < bytes.count {
      if Self.needsEscape(bytes[index]) { return index }
      index += 1
    }
    return nil
  }

  @inline(__always)
  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private mutating func appendEscape(of byte: UInt8) {
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case 0x0A: bytes.append(UInt8(ascii: "n"))
    case 0x0D: bytes.append(UInt8(ascii: "r"))
    case 0x09: bytes.append(UInt8(ascii: "t"))
    case 0x08: bytes.append(UInt8(ascii: "b"))
    case 0x0C: bytes.append(UInt8(ascii: "f"))
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
    default:
      let digits = Array("0123456789abcdef".utf8)
      bytes.append(contentsOf: "u00".utf8)
      bytes.append(digits[Int(byte >> 4)])
      bytes.append(digits[Int(byte & 15)])
    }
  }
}

extension JSONValue {
  /// The value as JSON text in UTF-8, without white space.
  package var encoded: [UInt8] {
    var writer = JSONWriter()
    writer.write(self)
    return writer.finish()
  }

  /// The value as JSON text, without white space.
  package var text: String { String(decoding: encoded, as: UTF8.self) }
}
