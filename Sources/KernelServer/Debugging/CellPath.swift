import Glibc

/// The path under which front ends and kernel speak of a cell: a hash of its text, in a folder that need not exist.
///
/// Source: Jupyter's messaging protocol, "debugInfo"; MurmurHash2, 32 bit, by Austin Appleby (public domain).
enum CellPath {
  static let seed: UInt32 = 0x5EED_0A5C
  static let prefix = "/tmp/nabla_\(getpid())/"
  static let suffix = ".nabla"

  static func path(of code: String) -> String { "\(prefix)\(hash(code))\(suffix)" }

  /// h of the UTF-8 text, four bytes at a time, little end first.
  static func hash(_ code: String, seed: UInt32 = seed) -> UInt32 {
    let multiplier: UInt32 = 0x5BD1_E995
    let bytes = Array(code.utf8)
    var hash = seed ^ UInt32(truncatingIfNeeded: bytes.count)
    var index = 0
    while index + 4 <= bytes.count {
      var word = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[index + $1]) << (8 * UInt32($1)) }
      word = word &* multiplier
      word ^= word >> 24
      hash = hash &* multiplier ^ word &* multiplier
      index += 4
    }
    if index < bytes.count {
      for (position, byte) in bytes[index...].enumerated() {
        hash ^= UInt32(byte) << (8 * UInt32(position))
      }
      hash = hash &* multiplier
    }
    hash ^= hash >> 13
    hash = hash &* multiplier
    return hash ^ hash >> 15
  }
}
