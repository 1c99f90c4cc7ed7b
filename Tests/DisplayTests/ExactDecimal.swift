/// The exact decimal expansion of a finite double, digit by digit: the reference for rounding.
struct ExactDecimal {
  /// Digits of the whole part, and of the fraction to its end; most significant first.
  private(set) var whole: [UInt8]
  private(set) var fraction: [UInt8]

  init(_ value: Double) {
    let significand = value.magnitude == 0 ? 0 : UInt64(value.magnitude.significandBitPattern)
    let isNormal = value.magnitude.exponentBitPattern != 0
    let mantissa = isNormal ? significand | (1 << 52) : significand
    let exponent = (isNormal ? Int(value.exponentBitPattern) - 1023 : -1022) - 52
    var digits = String(mantissa).utf8.map { $0 - UInt8(ascii: "0") }
    var decimals = 0
    if exponent >= 0 {
      for _ in 0..<exponent { Self.multiply(&digits, by: 2) }
    } else {
      // m / 2^k = m · 5^k / 10^k.
      for _ in 0..<(-exponent) { Self.multiply(&digits, by: 5) }
      decimals = -exponent
    }
    if digits.count <= decimals {
      digits.insert(contentsOf: Array(repeating: 0, count: decimals - digits.count + 1), at: 0)
    }
    whole = Array(digits[..<(digits.count - decimals)])
    fraction = Array(digits[(digits.count - decimals)...])
  }

  private static func multiply(_ digits: inout [UInt8], by factor: Int) {
    var carry = 0
    for index in digits.indices.reversed() {
      let product = Int(digits[index]) * factor + carry
      digits[index] = UInt8(product % 10)
      carry = product / 10
    }
    while carry > 0 {
      digits.insert(UInt8(carry % 10), at: 0)
      carry /= 10
    }
  }

  /// The magnitude rounded to so many decimals: to nearest, away from zero where the exact value is
  /// half-way or `tie` says that it counts as that.
  func rounded(decimals: Int, tie: Bool) -> String {
    var kept = whole + fraction.prefix(decimals)
    kept += Array(repeating: 0, count: max(decimals - fraction.count, 0))
    if tie || (fraction.count > decimals && fraction[decimals] >= 5) {
      var index = kept.count - 1
      while index >= 0, kept[index] == 9 {
        kept[index] = 0
        index -= 1
      }
      if index >= 0 { kept[index] += 1 } else { kept.insert(1, at: 0) }
    }
    let text = kept.map { String($0) }.joined()
    let cut = text.index(text.endIndex, offsetBy: -decimals)
    return decimals == 0 ? text : text[..<cut] + "." + text[cut...]
  }

  /// Whether the shortest text of a number ends in a 5 just behind so many decimals.
  static func isShortestTie(_ value: Double, decimals: Int) -> Bool {
    let parts = value.magnitude.description.split(separator: "e")
    let mantissa = parts[0].split(separator: ".")
    var digits = mantissa.joined()
    var places = mantissa.count > 1 ? mantissa[1].count : 0
    if parts.count > 1 { places -= Int(parts[1]) ?? 0 }
    while digits.count > 1, digits.last == "0" {
      digits.removeLast()
      places -= 1
    }
    return places == decimals + 1 && digits.last == "5"
  }
}

/// SplitMix64, so that a run repeats.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
