/// How the bytes of a text are its characters.
enum TextEncoding: Equatable {
  case utf8, latin1, windows1252

  /// Characters of Windows-1252 between 0x80 and 0x9F; 0 where there is none.
  /// Source: unicode.org, MAPPINGS/VENDORS/MICSFT/WINDOWS/CP1252.TXT.
  private static let windowsCharacters: [UInt16] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
    0x0152, 0,
    0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161,
    0x203A,
    0x0153, 0, 0x017E, 0x0178,
  ]

  /// The encoding of bytes that are no UTF-8: where a byte is a control character of Latin-1, but a letter or
  /// a sign of Windows's, it is Windows's.
  static func singleByte(_ hasSeen: (UInt8) -> Bool) -> TextEncoding {
    let controls = (UInt8(0x80)...0x9F).filter(hasSeen)
    let isWindows =
      !controls.isEmpty && controls.allSatisfy { windowsCharacters[Int($0) - 0x80] != 0 }
    return isWindows ? .windows1252 : .latin1
  }

  /// What a reader is told; nil of UTF-8.
  var name: String? {
    switch self {
    case .utf8: nil
    case .latin1: "Latin-1"
    case .windows1252: "Windows-1252"
    }
  }

  func decode(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
    let part = range.map { bytes[$0] }
    guard self != .utf8, part.contains(where: { $0 >= 0x80 }) else {
      return String(decoding: part, as: UTF8.self)
    }
    var text = ""
    for byte in part {
      var code = UInt32(byte)
      if self == .windows1252, 0x80...0x9F ~= byte {
        code = UInt32(TextEncoding.windowsCharacters[Int(byte) - 0x80])
      }
      if let scalar = Unicode.Scalar(code) { text.unicodeScalars.append(scalar) }
    }
    return text
  }
}

/// Tells UTF-8 from other bytes, part by part.
/// Source: The Unicode Standard, table 3-7, well-formed UTF-8 byte sequences.
struct UTF8Check {
  /// How many bytes the character still needs, and between which bounds the next one lies.
  private var missing = 0
  private var bounds: ClosedRange<UInt8> = 0x80...0xBF
  private(set) var isValid = true

  /// Whether the text may end here.
  var isComplete: Bool { missing == 0 }

  mutating func include(_ bytes: Span<UInt8>) {
    guard isValid else { return }
    for index in bytes.indices {
      let byte = bytes[index]
      if missing > 0 {
        guard bounds ~= byte else {
          isValid = false
          return
        }
        missing -= 1
        bounds = 0x80...0xBF
      } else if byte >= 0x80 {
        switch byte {
        case 0xC2...0xDF: missing = 1
        case 0xE0: (missing, bounds) = (2, 0xA0...0xBF)
        case 0xED: (missing, bounds) = (2, 0x80...0x9F)
        case 0xE1...0xEF: missing = 2
        case 0xF0: (missing, bounds) = (3, 0x90...0xBF)
        case 0xF4: (missing, bounds) = (3, 0x80...0x8F)
        case 0xF1...0xF3: missing = 3
        default:
          isValid = false
          return
        }
      }
    }
  }
}

/// UTF-16 and its UTF-8.
enum UTF16Text {
  /// Whether bytes are UTF-16, by their mark or, without one, by the zeros of plain letters; with the lower byte first
  /// or last. nil of other bytes.
  static func isLittleEndian(_ beginning: [UInt8]) -> (littleEndian: Bool, mark: Int)? {
    if beginning.starts(with: [0xFF, 0xFE]), !beginning.starts(with: [0xFF, 0xFE, 0, 0]) {
      return (true, 2)
    }
    if beginning.starts(with: [0xFE, 0xFF]) { return (false, 2) }
    let pairs = min(beginning.count, 512) / 2
    guard pairs >= 2 else { return nil }
    let zeros = (0..<2).map { offset in (0..<pairs).count { beginning[2 * $0 + offset] == 0 } }
    if zeros[0] == 0, zeros[1] * 4 >= pairs * 3 { return (true, 0) }
    if zeros[1] == 0, zeros[0] * 4 >= pairs * 3 { return (false, 0) }
    return nil
  }

  /// nil where the bytes are no UTF-16.
  static func utf8(_ bytes: [UInt8], littleEndian: Bool, from start: Int) -> [UInt8]? {
    guard (bytes.count - start) % 2 == 0 else { return nil }
    let units = stride(from: start, to: bytes.count, by: 2).lazy.map { place in
      littleEndian
        ? UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8
        : UInt16(bytes[place]) << 8 | UInt16(bytes[place + 1])
    }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count / 2)
    var isWhole = true
    var decoder = UTF16()
    var source = units.makeIterator()
    decoding: while true {
      switch decoder.decode(&source) {
      case .scalarValue(let scalar): result.append(contentsOf: UTF8.encode(scalar) ?? .init())
      case .emptyInput: break decoding
      case .error:
        isWhole = false
        break decoding
      }
    }
    return isWhole ? result : nil
  }
}

/// A text that somebody has written, in whatever encoding.
package enum WrittenText {
  /// The text of a file's bytes and, where they are no UTF-8, what they were read as.
  package static func decode(_ bytes: [UInt8]) -> (text: String, encoding: String?) {
    if let (littleEndian, mark) = UTF16Text.isLittleEndian(bytes),
      let utf8 = UTF16Text.utf8(bytes, littleEndian: littleEndian, from: mark)
    {
      return (String(decoding: utf8, as: UTF8.self), "UTF-16")
    }
    let rest = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    if let text = String(validating: rest, as: UTF8.self) { return (text, nil) }
    let seen = Set(bytes)
    let encoding = TextEncoding.singleByte(seen.contains)
    return (encoding.decode(bytes.span, 0..<bytes.count), encoding.name)
  }
}
