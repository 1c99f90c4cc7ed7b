/// 128 bits that stand for an expression: equal content has equal fingerprints, and different content
/// different ones but for a chance of 2⁻¹²⁸.
///
/// This is how parts are shared without a global table: whatever was done for a fingerprint is not
/// done again. It depends on content alone, not on the process, so that orders based on it are stable.
package struct Fingerprint: Hashable, Sendable, Comparable {
  let high: UInt64
  let low: UInt64

  /// Half of it is a hash already.
  package func hash(into hasher: inout Hasher) { hasher.combine(low) }

  /// The same for the standard library's tables, which would hash it once more: expressions are looked up by their
  /// fingerprints all the time.
  package func _rawHashValue(seed: Int) -> Int { Int(truncatingIfNeeded: low) ^ seed }

  /// An arbitrary but fixed order.
  package static func < (a: Fingerprint, b: Fingerprint) -> Bool {
    (a.high, a.low) < (b.high, b.low)
  }
}

/// Mixes words, texts and other fingerprints, in order, into a fingerprint.
struct FingerprintMixer {
  private var high: UInt64 = 0x9E37_79B9_7F4A_7C15
  private var low: UInt64 = 0xD1B5_4A32_D192_ED03

  init(_ tag: UInt64) { mix(tag) }

  mutating func mix(_ word: UInt64) {
    high = FingerprintMixer.scramble(high ^ word &* 0xBF58_476D_1CE4_E5B9)
    low = FingerprintMixer.scramble((low &+ word) &* 0x94D0_49BB_1331_11EB ^ high)
  }

  mutating func mix(_ number: Int) { mix(UInt64(bitPattern: Int64(number))) }

  mutating func mix(_ text: String) {
    var word: UInt64 = 0
    var filled = 0
    for byte in text.utf8 {
      word = word << 8 | UInt64(byte)
      filled += 1
      if filled % 8 == 0 {
        mix(word)
        word = 0
      }
    }
    mix(word)
    mix(filled)
  }

  mutating func mix(_ other: Fingerprint) {
    mix(other.high)
    mix(other.low)
  }

  mutating func mix(_ others: [Fingerprint]) {
    mix(others.count)
    for other in others { mix(other) }
  }

  var fingerprint: Fingerprint { Fingerprint(high: high, low: low) }

  private static func scramble(_ x: UInt64) -> UInt64 {
    var x = x
    x = (x ^ x >> 30) &* 0xBF58_476D_1CE4_E5B9
    x = (x ^ x >> 27) &* 0x94D0_49BB_1331_11EB
    return x ^ x >> 31
  }
}
