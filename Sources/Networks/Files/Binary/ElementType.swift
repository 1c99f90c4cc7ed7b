/// How an element of an array is written in a file: NumPy's `<f8`, IDX's 0x08.
struct ElementType: Equatable {
  enum Kind { case floating, signed, unsigned, boolean }

  let kind: Kind
  let size: Int
  let isBigEndian: Bool

  static let double = ElementType(kind: .floating, size: 8, isBigEndian: false)

  init(kind: Kind, size: Int, isBigEndian: Bool) {
    self.kind = kind
    self.size = size
    self.isBigEndian = isBigEndian
  }

  /// A type as NumPy names it; nil of those that are no numbers.
  init?(numpy name: String) {
    let parts = Array(name.utf8)
    guard parts.count == 3, "<>|=".utf8.contains(parts[0]) else { return nil }
    let size = Int(parts[2] &- UInt8(ascii: "0"))
    switch (parts[1], size) {
    case (UInt8(ascii: "f"), 2), (UInt8(ascii: "f"), 4), (UInt8(ascii: "f"), 8): kind = .floating
    case (UInt8(ascii: "i"), 1), (UInt8(ascii: "i"), 2), (UInt8(ascii: "i"), 4),
      (UInt8(ascii: "i"), 8):
      kind = .signed
    case (UInt8(ascii: "u"), 1), (UInt8(ascii: "u"), 2), (UInt8(ascii: "u"), 4),
      (UInt8(ascii: "u"), 8):
      kind = .unsigned
    case (UInt8(ascii: "b"), 1): kind = .boolean
    default: return nil
    }
    self.size = size
    isBigEndian = parts[0] == UInt8(ascii: ">")
  }

  /// A type as IDX files have it: always the highest byte first.
  init?(idx code: UInt8) {
    isBigEndian = true
    switch code {
    case 0x08: (kind, size) = (.unsigned, 1)
    case 0x09: (kind, size) = (.signed, 1)
    case 0x0B: (kind, size) = (.signed, 2)
    case 0x0C: (kind, size) = (.signed, 4)
    case 0x0D: (kind, size) = (.floating, 4)
    case 0x0E: (kind, size) = (.floating, 8)
    default: return nil
    }
  }

  /// Adds the numbers that lie one behind the other in `bytes`. Precondition: they are whole.
  func append(_ bytes: Span<UInt8>, to numbers: inout [Double]) {
    let raw = bytes.bytes
    switch (kind, size) {
    case (.floating, 8):
      append(raw, to: &numbers) { (bits: UInt64) in Double(bitPattern: bits) }
    case (.floating, 4):
      append(raw, to: &numbers) { (bits: UInt32) in Double(Float(bitPattern: bits)) }
    case (.floating, _): append(raw, to: &numbers, ElementType.half)
    case (.boolean, _): append(raw, to: &numbers) { (bits: UInt8) in bits == 0 ? 0 : 1 }
    case (.unsigned, 1): append(raw, to: &numbers) { (bits: UInt8) in Double(bits) }
    case (.unsigned, 2): append(raw, to: &numbers) { (bits: UInt16) in Double(bits) }
    case (.unsigned, 4): append(raw, to: &numbers) { (bits: UInt32) in Double(bits) }
    case (.unsigned, _): append(raw, to: &numbers) { (bits: UInt64) in Double(bits) }
    case (.signed, 1): append(raw, to: &numbers) { (bits: UInt8) in Double(Int8(bitPattern: bits)) }
    case (.signed, 2):
      append(raw, to: &numbers) { (bits: UInt16) in Double(Int16(bitPattern: bits)) }
    case (.signed, 4):
      append(raw, to: &numbers) { (bits: UInt32) in Double(Int32(bitPattern: bits)) }
    case (.signed, _):
      append(raw, to: &numbers) { (bits: UInt64) in Double(Int64(bitPattern: bits)) }
    }
  }

  @inline(__always)
  private func append<Bits: FixedWidthInteger & BitwiseCopyable>(
    _ raw: RawSpan, to numbers: inout [Double], _ value: (Bits) -> Double
  ) {
    for place in stride(from: 0, to: raw.byteCount, by: size) {
      let bits = raw.unsafeLoadUnaligned(fromByteOffset: place, as: Bits.self)
      numbers.append(value(isBigEndian ? bits.byteSwapped : bits))
    }
  }

  /// IEEE 754 binary16: a sign, 5 bits of exponent, 10 of significand.
  private static func half(_ bits: UInt16) -> Double {
    let (exponent, fraction) = (Int(bits >> 10 & 31), Double(bits & 0x3FF))
    let magnitude: Double =
      switch exponent {
      case 0: fraction * 0x1p-24
      case 31: fraction == 0 ? .infinity : .nan
      default: Double(sign: .plus, exponent: exponent - 25, significand: 1024 + fraction)
      }
    return bits >> 15 == 1 ? -magnitude : magnitude
  }
}
