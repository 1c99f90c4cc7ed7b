@_spi(_Unicode) import Swift

/// Normalization form C, in which cells are read.
enum UnicodeNormalization {
  /// The text in NFC, or nil when it is so already.
  static func composed(_ text: String, utf8: [UInt8]) -> String? {
    if isSurelyComposed(utf8) { return nil }
    var scalars = String.UnicodeScalarView()
    for scalar in text._nfc { scalars.append(scalar) }
    let result = String(scalars)
    return result.utf8.elementsEqual(utf8) ? nil : result
  }

  /// A quick test that is right whenever it says yes: ASCII, Latin, Greek and mathematical signs.
  private static func isSurelyComposed(_ utf8: [UInt8]) -> Bool {
    var index = 0
    while index < utf8.count {
      let lead = utf8[index]
      if lead < 0x80 {
        index += 1
        continue
      }
      let (scalar, length) = UTF8Scalar.decode(utf8, at: index)
      switch scalar.value {
      case 0x374, 0x37E, 0x387, 0x2000, 0x2001, 0x2126, 0x212A, 0x212B, 0x2329, 0x232A,
        0x20D0...0x20FF, 0x2ADC:
        return false
      case 0x80..<0x300, 0x370...0x3FF, 0x1D00...0x1DBF, 0x2002...0x2BFF: index += length
      default: return false
      }
    }
    return true
  }
}

/// Reading one scalar out of valid UTF-8.
enum UTF8Scalar {
  /// The scalar that begins at `index`, and how many bytes it takes. Broken bytes read as U+FFFD.
  static func decode(_ bytes: [UInt8], at index: Int) -> (Unicode.Scalar, length: Int) {
    func tail(_ offset: Int) -> UInt32 {
      index + offset < bytes.count ? UInt32(bytes[index + offset] & 0x3F) : 0
    }
    let lead = UInt32(bytes[index])
    let value: UInt32
    let length: Int
    if lead < 0x80 {
      (value, length) = (lead, 1)
    } else if lead < 0xE0 {
      (value, length) = ((lead & 0x1F) << 6 | tail(1), 2)
    } else if lead < 0xF0 {
      (value, length) = ((lead & 0x0F) << 12 | tail(1) << 6 | tail(2), 3)
    } else {
      (value, length) = ((lead & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), 4)
    }
    return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
  }
}
