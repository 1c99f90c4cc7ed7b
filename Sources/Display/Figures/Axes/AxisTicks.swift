import Glibc
import Notation

/// The marks of an axis.
struct AxisTicks: Sendable {
  struct Tick: Sendable {
    let value: Double
    let label: SymbolText
  }

  /// The labelled ticks, in order.
  let major: [Tick]
  /// Marks between them, without labels.
  let minor: [Double]

  /// About so many ticks at multiples of 1, 2 or 5 times a power of ten; on a logarithmic axis at the
  /// powers of ten. Whole numbers have whole ticks.
  init(_ scale: AxisScale, about count: Int, isWhole: Bool = false) {
    switch scale.kind {
    case .linear:
      major = Self.linear(
        from: scale.lower, to: scale.upper, about: count, leastPower: isWhole ? 0 : nil)
      minor = []
    case .logarithmic:
      (major, minor) = Self.logarithmic(scale, about: count)
    }
  }

  /// An axis without marks.
  static let none = AxisTicks()

  private init() {
    major = []
    minor = []
  }

  private static func linear(
    from lower: Double, to upper: Double, about count: Int, leastPower: Int? = nil
  ) -> [Tick] {
    var step = TickMath.niceStep(span: upper - lower, parts: count)
    if let leastPower, step.power < leastPower { step = (1, leastPower) }
    let labels = TickLabels(
      mantissa: step.mantissa, power: step.power, largest: max(abs(lower), abs(upper)))
    let size = TickMath.scaled(Double(step.mantissa), byPower: step.power)
    guard
      let first = Int(exactly: (lower / size - 1e-9).rounded(.up)),
      let last = Int(exactly: (upper / size + 1e-9).rounded(.down)), first <= last,
      last - first < 1_000
    else { return [] }
    return (first...last).map { Tick(value: labels.value($0), label: labels.label($0)) }
  }

  private static func logarithmic(
    _ scale: AxisScale, about count: Int
  ) -> (major: [Tick], minor: [Double]) {
    let first = Int((log10(scale.lower) - 1e-9).rounded(.up))
    let last = Int((log10(scale.upper) + 1e-9).rounded(.down))
    guard last > first else {
      // Less than two powers of ten: the usual ticks, unevenly spaced.
      var ticks: [Tick] = []
      for power in (first - 2)...(last + 1) {
        for mantissa in [1, 2, 5] {
          let value = TickMath.scaled(Double(mantissa), byPower: power)
          guard value >= scale.lower * (1 - 1e-9), value <= scale.upper * (1 + 1e-9) else {
            continue
          }
          let labels = TickLabels(mantissa: mantissa, power: power, largest: value)
          ticks.append(Tick(value: value, label: labels.label(1)))
        }
      }
      return (
        ticks.count > 2 ? ticks : linear(from: scale.lower, to: scale.upper, about: count * 2 / 3),
        []
      )
    }
    let stride = max((last - first) / max(count, 1) + 1, 1)
    let isPlain = first >= -4 && last <= 4
    let major = Swift.stride(from: first, through: last, by: stride).map { power in
      let value = TickMath.scaled(1, byPower: power)
      let labels = TickLabels(mantissa: 1, power: power, largest: value)
      return Tick(value: value, label: isPlain ? labels.label(1) : .powerOfTen(power))
    }
    guard stride == 1, last - first <= 6 else { return (major, []) }
    var minor: [Double] = []
    for power in (first - 1)...last {
      minor += (2...9).map { TickMath.scaled(Double($0), byPower: power) }
    }
    return (major, minor.filter { $0 > scale.lower && $0 < scale.upper })
  }
}
