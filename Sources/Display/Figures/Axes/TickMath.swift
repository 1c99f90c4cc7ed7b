import Glibc

/// Powers of ten for ticks.
enum TickMath {
  /// `value · 10^power`, by division for negative powers, which rounds only once.
  static func scaled(_ value: Double, byPower power: Int) -> Double {
    power < 0 && power > -300 ? value / pow(10, Double(-power)) : value * pow(10, Double(power))
  }

  /// The power of ten of the first digit of a positive number.
  static func leadingPower(of value: Double) -> Int {
    let estimate = Int(log10(value).rounded(.down))
    // The logarithm of a power of ten may come out just below it.
    return scaled(1, byPower: estimate + 1) <= value ? estimate + 1 : estimate
  }

  /// The step of 1, 2 or 5 times a power of ten that divides a span into about so many parts.
  static func niceStep(span: Double, parts: Int) -> (mantissa: Int, power: Int) {
    let raw = span / Double(max(parts, 1))
    guard raw > 0, raw.isFinite else { return (1, 0) }
    let power = leadingPower(of: raw)
    let part = scaled(raw, byPower: -power)
    switch part {
    case ..<1.5: return (1, power)
    case ..<3.5: return (2, power)
    case ..<7.5: return (5, power)
    default: return (1, power + 1)
    }
  }

  /// A number with so many significant digits.
  static func rounded(_ value: Double, _ digits: Int = 3) -> Double {
    // At the ends of what a double can hold, the scaling would overflow.
    guard abs(value) > 1e-280, abs(value) < 1e280 else { return value }
    let power = leadingPower(of: abs(value)) - digits + 1
    return scaled(scaled(value, byPower: -power).rounded(), byPower: power)
  }
}
