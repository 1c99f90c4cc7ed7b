/// The shortest decimal that reads back as a given finite double: `significand · 10^exponent`.
///
/// Invariant: the significand has at most 17 digits and does not end in 0, unless it is 0.
/// Source: Swift's `Double.description` gives the shortest digits, and of those the nearest.
struct ShortestDecimal: Equatable {
  private(set) var significand: UInt64
  private(set) var exponent: Int
  private(set) var isNegative: Bool

  /// The digits of `|value|`, which has to be finite.
  init(_ value: Double) {
    var significand: UInt64 = 0
    var exponent = 0
    var written = 0
    var writtenIsNegative = false
    var afterPoint = false
    var inExponent = false
    for byte in value.magnitude.description.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        let figure = byte &- UInt8(ascii: "0")
        if inExponent {
          written = written * 10 + Int(figure)
        } else {
          significand = significand &* 10 &+ UInt64(figure)
          if afterPoint { exponent -= 1 }
        }
      case UInt8(ascii: "."): afterPoint = true
      case UInt8(ascii: "-"): writtenIsNegative = true
      case UInt8(ascii: "e"): inExponent = true
      default: break
      }
    }
    self.significand = significand
    self.exponent = exponent + (writtenIsNegative ? -written : written)
    isNegative = value < 0
    dropTrailingZeros()
  }

  private mutating func dropTrailingZeros() {
    if significand == 0 {
      exponent = 0
      return
    }
    while significand.isMultiple(of: 10) {
      significand /= 10
      exponent += 1
    }
  }

  /// Multiplies by a power of ten, exactly.
  mutating func scale(byPower power: Int) { exponent += power }

  var isZero: Bool { significand == 0 }
  var isWhole: Bool { exponent >= 0 }

  var digitCount: Int {
    var count = 1
    var bound: UInt64 = 10
    while count < 19, significand >= bound {
      count += 1
      bound &*= 10
    }
    return count
  }

  /// The power of ten of the first digit: `10^p ≤ |value| < 10^(p+1)`.
  var leadingPower: Int { digitCount - 1 + exponent }

  /// Rounded half away from zero to a multiple of `10^power`.
  func rounded(toPower power: Int) -> ShortestDecimal {
    let dropped = power - exponent
    guard dropped > 0, !isZero else { return self }
    var result = self
    result.exponent = power
    if dropped > 19 {
      result.significand = 0
    } else {
      let unit = (0..<dropped).reduce(UInt64(1)) { power, _ in power &* 10 }
      let remainder = significand % unit
      result.significand = significand / unit + (remainder >= unit - remainder ? 1 : 0)
    }
    result.dropTrailingZeros()
    return result
  }

  /// The digits before and after the point, with exactly `decimals` of the latter.
  ///
  /// The number has to be rounded so far already, and to be below 10^40 in magnitude.
  func figures(decimals: Int) -> (integer: String, fraction: String) {
    let digits = String(significand)
    let shift = exponent + decimals
    // The digits of |value|·10^decimals, which is whole.
    let scaled = isZero ? "0" : digits + String(repeating: "0", count: max(shift, 0))
    guard decimals > 0 else { return (scaled, "") }
    let count = scaled.utf8.count
    guard count > decimals else {
      return ("0", String(repeating: "0", count: decimals - count) + scaled)
    }
    let point = scaled.utf8.index(scaled.startIndex, offsetBy: count - decimals)
    return (String(scaled[..<point]), String(scaled[point...]))
  }
}
