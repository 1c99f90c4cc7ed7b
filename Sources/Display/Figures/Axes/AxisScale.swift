import Glibc

/// Where the numbers of an axis lie, between its two ends.
struct AxisScale: Sendable, Equatable {
  let kind: FigureAxis.Scale
  /// The ends; `lower < upper`, and both are positive on a logarithmic axis.
  let lower: Double
  let upper: Double

  /// Numbers beyond this are no more drawn than infinite ones, nor their inverses on a logarithmic axis.
  static let limit = 1e300

  /// Numbers that are all smaller than this are drawn as 0.
  private static let least = 1e-280

  /// Whether a number has a place on an axis of some kind.
  static func canShow(_ value: Double, _ kind: FigureAxis.Scale) -> Bool {
    abs(value) <= limit && (kind == .linear || value >= 1 / limit)
  }

  /// An axis from one end to the other; ends that are too close for ticks are moved apart.
  init(_ kind: FigureAxis.Scale, from lower: Double, to upper: Double) {
    self.kind = kind
    let size = max(abs(lower), abs(upper))
    let isWide = size > Self.least && upper / 2 - lower / 2 > size * 1e-12
    switch kind {
    case .linear:
      let room = isWide ? 0 : size > Self.least ? size * 0.1 : 1
      self.lower = lower - room
      self.upper = upper + room
    case .logarithmic:
      self.lower = isWide ? lower : lower / 1.5
      self.upper = isWide ? upper : upper * 1.5
    }
  }

  /// An axis for numbers, with a little room beyond them. Numbers that start at 0 keep it as the end.
  init(_ kind: FigureAxis.Scale, around values: ClosedRange<Double>, room: Double) {
    let bare = AxisScale(kind, from: values.lowerBound, to: values.upperBound)
    guard values.lowerBound < values.upperBound else {
      self = bare
      return
    }
    switch kind {
    case .linear:
      let margin = (bare.upper - bare.lower) * room
      let startsAtZero = bare.lower >= 0 && bare.lower < 2 * margin
      let endsAtZero = bare.upper <= 0 && bare.upper > -2 * margin
      self.init(
        kind, from: startsAtZero ? 0 : bare.lower - margin,
        to: endsAtZero ? 0 : bare.upper + margin)
    case .logarithmic:
      let factor = exp((log(bare.upper) - log(bare.lower)) * room)
      self.init(
        kind, from: max(bare.lower / factor, .leastNormalMagnitude),
        to: min(bare.upper * factor, .greatestFiniteMagnitude))
    }
  }

  /// How far along the axis a number lies: 0 at the lower end, 1 at the upper one. nil for what the
  /// axis cannot show; below 0 or above 1 for what lies beyond its ends.
  func part(of value: Double) -> Double? {
    guard Self.canShow(value, kind) else { return nil }
    switch kind {
    case .linear: return (value - lower) / (upper - lower)
    case .logarithmic: return (log(value) - log(lower)) / (log(upper) - log(lower))
    }
  }

  /// The number that lies so far along the axis; where only rounding parts it from 0, it is 0.
  func value(at part: Double) -> Double {
    switch kind {
    case .linear:
      let value = lower + part * (upper - lower)
      return abs(value) < (upper - lower) * 1e-12 ? 0 : value
    case .logarithmic: return exp(log(lower) + part * (log(upper) - log(lower)))
    }
  }

  /// Whether a number lies between the ends.
  func contains(_ value: Double) -> Bool { value >= lower && value <= upper }
}
