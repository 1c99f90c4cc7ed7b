/// A recursive-descent parser of one JSON text (RFC 8259).
///
/// Strict in grammar, forgiving where refusing would strand a client: invalid UTF-8 and lone surrogates
/// inside strings become U+FFFD, and of members with equal names the last one stays.
package struct JSONParser {
  /// Arrays and objects inside each other, at most; deeper texts are refused.
  package static let depthLimit = 512

  private let bytes: [UInt8]
  private var index = 0
  private var depth = 0

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The value that `bytes` spell, with white space around it allowed.
  ///
  /// Throws: `JSONError` when the bytes are not exactly one JSON text, hold a number beyond a double's
  /// range, or are nested deeper than `depthLimit`.
  package static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
    var parser = JSONParser(bytes)
    let value = try parser.parseValue()
    parser.skipWhitespace()
    guard parser.index == bytes.count else { throw JSONError(.trailingText, at: parser.index) }
    return value
  }

  /// The value that a text spells; see `parse(_: [UInt8])`.
  package static func parse(_ text: String) throws(JSONError) -> JSONValue {
    try parse(Array(text.utf8))
  }

  // MARK: - Values

  private mutating func parseValue() throws(JSONError) -> JSONValue {
    skipWhitespace()
    switch try currentByte() {
    case UInt8(ascii: "\""): return .string(try parseString())
    case UInt8(ascii: "{"): return .object(try parseObject())
    case UInt8(ascii: "["): return .array(try parseArray())
    case UInt8(ascii: "t"): return try parseWord("true", .boolean(true))
    case UInt8(ascii: "f"): return try parseWord("false", .boolean(false))
    case UInt8(ascii: "n"): return try parseWord("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseNumber()
    case let byte: throw JSONError(.unexpectedByte(byte), at: index)
    }
  }

  private mutating func parseWord(_ word: StaticString, _ value: JSONValue) throws(JSONError)
    -> JSONValue
  {
    let start = index
    for offset in 0..<word.utf8CodeUnitCount {
      let expected = word.withUTF8Buffer { $0[offset] }
      guard try currentByte() == expected else {
        throw JSONError(.unexpectedByte(bytes[start]), at: start)
      }
      index += 1
    }
    return value
  }

  private mutating func parseArray() throws(JSONError) -> [JSONValue] {
    try descend()
    defer { depth -= 1 }
    var items: [JSONValue] = []
    skipWhitespace()
    if try currentByte() == UInt8(ascii: "]") {
      index += 1
      return items
    }
    while true {
      items.append(try parseValue())
      skipWhitespace()
      switch try currentByte() {
      case UInt8(ascii: ","): index += 1
      case UInt8(ascii: "]"):
        index += 1
        return items
      case let byte: throw JSONError(.unexpectedByte(byte), at: index)
      }
    }
  }

  private mutating func parseObject() throws(JSONError) -> JSONObject {
    try descend()
    defer { depth -= 1 }
    var builder = MemberList()
    skipWhitespace()
    if try currentByte() == UInt8(ascii: "}") {
      index += 1
      return JSONObject()
    }
    while true {
      skipWhitespace()
      try expect(UInt8(ascii: "\""), advance: false)
      let name = try parseString()
      skipWhitespace()
      try expect(UInt8(ascii: ":"), advance: true)
      builder.append(name, try parseValue())
      skipWhitespace()
      switch try currentByte() {
      case UInt8(ascii: ","): index += 1
      case UInt8(ascii: "}"):
        index += 1
        return JSONObject(builder.members)
      case let byte: throw JSONError(.unexpectedByte(byte), at: index)
      }
    }
  }

  /// Enters an array or object, whose opening bracket is the current byte.
  private mutating func descend() throws(JSONError) {
    guard depth < Self.depthLimit else { throw JSONError(.tooDeep, at: index) }
    depth += 1
    index += 1
  }

  // MARK: - Strings

  /// Parses a string whose opening quote is the current byte.
  private mutating func parseString() throws(JSONError) -> String {
    index += 1
    let start = index
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\"") {
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        index += 1
        return text
      }
      if byte == UInt8(ascii: "\\") { return try parseEscapedString(from: start) }
      guard byte >= 0x20 else { throw JSONError(.controlCharacter, at: index) }
      index += 1
    }
    throw JSONError(.unexpectedEnd, at: index)
  }

  /// The slower way, from the first backslash on.
  private mutating func parseEscapedString(from start: Int) throws(JSONError) -> String {
    var text = Array(bytes[start..<index])
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: "\""):
        index += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        index += 1
        try parseEscape(into: &text)
      case 0..<0x20: throw JSONError(.controlCharacter, at: index)
      default:
        text.append(byte)
        index += 1
      }
    }
    throw JSONError(.unexpectedEnd, at: index)
  }

  private mutating func parseEscape(into text: inout [UInt8]) throws(JSONError) {
    let byte = try currentByte()
    index += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): text.append(contentsOf: String(try parseUnicodeEscape()).utf8)
    default: throw JSONError(.invalidEscape, at: index - 1)
    }
  }

  /// The scalar of `\uXXXX` or of a surrogate pair, after its `\u`; a lone surrogate gives U+FFFD.
  private mutating func parseUnicodeEscape() throws(JSONError) -> Character {
    let unit = try parseHexadecimal()
    if let scalar = Unicode.Scalar(unit) { return Character(scalar) }
    let afterFirst = index
    if unit < 0xDC00, index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"),
      bytes[index + 1] == UInt8(ascii: "u")
    {
      index += 2
      let second = try parseHexadecimal()
      if (0xDC00...0xDFFF).contains(second) {
        let value = 0x10000 + ((unit - 0xD800) << 10) + (second - 0xDC00)
        if let scalar = Unicode.Scalar(value) { return Character(scalar) }
      }
      index = afterFirst
    }
    return "\u{FFFD}"
  }

  private mutating func parseHexadecimal() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      let byte = try currentByte()
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: throw JSONError(.invalidEscape, at: index)
      }
      value = value << 4 | UInt32(digit)
      index += 1
    }
    return value
  }

  // MARK: - Numbers

  /// Parses a number; one without point, exponent and overflow is an `integer`.
  private mutating func parseNumber() throws(JSONError) -> JSONValue {
    let start = index
    let isNegative = bytes[index] == UInt8(ascii: "-")
    if isNegative { index += 1 }
    var magnitude = 0
    var fits = true
    let firstDigit = index
    while let digit = currentDigit() {
      let (shifted, overflow) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, carry) = shifted.addingReportingOverflow(digit)
      if overflow || carry { fits = false }
      magnitude = sum
      index += 1
    }
    guard index > firstDigit else { throw JSONError(.malformedNumber, at: start) }
    if bytes[firstDigit] == UInt8(ascii: "0"), index > firstDigit + 1 {
      throw JSONError(.malformedNumber, at: start)
    }
    var isInteger = true
    if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
      isInteger = false
      index += 1
      try skipDigits(from: start)
    }
    if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
      isInteger = false
      index += 1
      if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-")
      {
        index += 1
      }
      try skipDigits(from: start)
    }
    if isInteger, fits, !(isNegative && magnitude == 0) {
      return .integer(isNegative ? -magnitude : magnitude)
    }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    guard let value = Double(text), value.isFinite else {
      throw JSONError(.numberTooLarge, at: start)
    }
    return .number(value)
  }

  private mutating func skipDigits(from start: Int) throws(JSONError) {
    guard currentDigit() != nil else { throw JSONError(.malformedNumber, at: start) }
    while currentDigit() != nil { index += 1 }
  }

  private func currentDigit() -> Int? {
    guard index < bytes.count else { return nil }
    let digit = bytes[index] &- UInt8(ascii: "0")
    return digit < 10 ? Int(digit) : nil
  }

  // MARK: - Bytes

  @inline(__always)
  private func currentByte() throws(JSONError) -> UInt8 {
    guard index < bytes.count else { throw JSONError(.unexpectedEnd, at: index) }
    return bytes[index]
  }

  private mutating func expect(_ byte: UInt8, advance: Bool) throws(JSONError) {
    let found = try currentByte()
    guard found == byte else { throw JSONError(.unexpectedByte(found), at: index) }
    if advance { index += 1 }
  }

  @inline(__always)
  private mutating func skipWhitespace() {
    while index < bytes.count {
      switch bytes[index] {
      case 0x20, 0x0A, 0x0D, 0x09: index += 1
      default: return
      }
    }
  }
}

/// The members of an object while it is parsed: a repeated name replaces its value, at a cost that does
/// not grow with the square of the number of members.
private struct MemberList {
  private(set) var members: [(name: String, value: JSONValue)] = []
  /// Positions by name, kept once there are many members.
  private var positions: [String: Int] = [:]

  /// Up to this many members are compared one by one.
  private static let smallCount = 16

  mutating func append(_ name: String, _ value: JSONValue) {
    if let position = position(of: name) {
      members[position].value = value
      return
    }
    members.append((name: name, value: value))
    if members.count == Self.smallCount {
      for (position, member) in members.enumerated() { positions[member.name] = position }
    } else if members.count > Self.smallCount {
      positions[name] = members.count - 1
    }
  }

  private func position(of name: String) -> Int? {
    if members.count >= Self.smallCount { return positions[name] }
    return members.firstIndex { $0.name == name }
  }
}
