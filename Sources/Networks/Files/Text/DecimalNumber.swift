/// Reads decimal numbers out of bytes, each to the nearest Double.
///
/// Up to 19 digits are one whole number m, and the value m·10^e: exact by one multiplication or division where m and
/// the power of ten are exact, by a division of 128 by 64 bits where m has more than 53 bits; whatever else there is
/// reads the standard library.
/// Source: William D. Clinger, "How to read floating point numbers accurately", 1990.
struct DecimalNumber {
  /// 10⁰ to 10²², the powers that a Double holds exactly.
  private let powers: InlineArray<23, Double> = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    1e18,
    1e19, 1e20, 1e21, 1e22,
  ]
  /// What stands between the whole part and the fraction.
  var decimalSign: UInt8
  /// Whether a number with that sign has been read.
  private(set) var hasSeenSign = false

  init(decimalSign: UInt8) { self.decimalSign = decimalSign }

  /// A number with the sign has been read elsewhere.
  mutating func noteSign() { hasSeenSign = true }

  /// Reads a number at a position; returns the position behind it, or the same one where this reader finds none.
  /// The bytes end with one that is in no number.
  @inline(__always)
  mutating func read(_ bytes: Span<UInt8>, at start: Int, into value: inout Double) -> Int {
    var position = start
    let sign = bytes[position]
    if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { position += 1 }
    var mantissa: UInt64 = 0
    let first = position
    var digit = bytes[position] &- UInt8(ascii: "0")
    while digit < 10 {
      mantissa = mantissa &* 10 &+ UInt64(digit)
      position += 1
      digit = bytes[position] &- UInt8(ascii: "0")
    }
    var digits = position - first
    var exponent = 0
    if bytes[position] == decimalSign {
      hasSeenSign = true
      position += 1
      let fraction = position
      digit = bytes[position] &- UInt8(ascii: "0")
      while digit < 10 {
        mantissa = mantissa &* 10 &+ UInt64(digit)
        position += 1
        digit = bytes[position] &- UInt8(ascii: "0")
      }
      exponent = fraction - position
      digits -= exponent
    }
    guard digits > 0, digits <= 19 else { return start }
    if bytes[position] | 0x20 == UInt8(ascii: "e") {
      guard let power = DecimalNumber.exponent(bytes, &position) else { return start }
      exponent += power
    }
    if mantissa <= 1 << 53, exponent >= -22, exponent <= 22 {
      let whole = Double(mantissa)
      value = exponent < 0 ? whole / powers[-exponent] : whole * powers[exponent]
    } else if let exact = DecimalNumber.quotient(mantissa, exponent) {
      value = exact
    } else {
      return start
    }
    if sign == UInt8(ascii: "-") { value = -value }
    return position
  }

  /// The exponent behind an `e`; nil where there is none, or one that no Double has.
  private static func exponent(_ bytes: Span<UInt8>, _ position: inout Int) -> Int? {
    var next = position + 1
    let sign = bytes[next]
    if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { next += 1 }
    var power = 0
    let first = next
    while bytes[next] &- UInt8(ascii: "0") < 10 {
      guard next - first < 4 else { return nil }
      power = power * 10 + Int(bytes[next] &- UInt8(ascii: "0"))
      next += 1
    }
    guard next > first else { return nil }
    position = next
    return sign == UInt8(ascii: "-") ? -power : power
  }

  /// m·10^e for e from -19 to 0, rounded to nearest, ties to even; nil elsewhere.
  static func quotient(_ mantissa: UInt64, _ exponent: Int) -> Double? {
    guard exponent <= 0, exponent >= -19 else { return nil }
    guard mantissa > 0 else { return 0 }
    var power: UInt64 = 1
    for _ in 0..<(-exponent) { power &*= 10 }
    // Both with their first bit set, the dividend then half as large: a quotient of 63 or 64 bits.
    let (shift, divisorShift) = (mantissa.leadingZeroBitCount, power.leadingZeroBitCount)
    let dividend = mantissa << UInt64(shift)
    let (quotient, remainder) = (power << UInt64(divisorShift)).dividingFullWidth(
      (dividend >> 1, dividend << 63))
    // A bit for all that follow, far below the last of a Double, keeps ties and the rest apart.
    let whole = Double(remainder == 0 ? quotient : quotient | 1)
    // quotient = (m·2^shift/2·2^64) / (power·2^divisorShift)
    return whole * Double(sign: .plus, exponent: divisorShift - shift - 63, significand: 1)
  }
}
