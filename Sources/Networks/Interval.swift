/// What a loss is defined for: the targets, or the predictions, that it takes.
package struct LossDomain: Sendable, Equatable {
  package let loss: String
  package let interval: Interval
  /// The way out for others.
  package let help: String

  package init(loss: String, interval: Interval, help: String) {
    self.loss = loss
    self.interval = interval
    self.help = help
  }
}

/// The numbers between two bounds, which belong to it or do not.
package struct Interval: Sendable, Equatable {
  package let lower: Double
  package let upper: Double
  package let isOpen: Bool
  /// Whether it is its bounds alone.
  package let isPair: Bool
  /// Whether the upper bound alone does not belong to it.
  package var isOpenAbove = false

  package static let all = Interval(lower: -.infinity, upper: .infinity, isOpen: false)
  /// [0, 1]
  package static let probabilities = Interval(lower: 0, upper: 1, isOpen: false)
  /// (0, 1)
  package static let properProbabilities = Interval(lower: 0, upper: 1, isOpen: true)
  /// (0, ∞)
  package static let positive = Interval(lower: 0, upper: .infinity, isOpen: true)
  /// −1 and 1
  package static let signs = Interval(lower: -1, upper: 1, isOpen: false, isPair: true)
  /// [0, ∞)
  package static let notNegative = Interval(lower: 0, upper: .infinity, isOpen: false)

  package init(lower: Double, upper: Double, isOpen: Bool, isPair: Bool = false) {
    self.lower = lower
    self.upper = upper
    self.isOpen = isOpen
    self.isPair = isPair
  }

  /// Whether a number lies on the wrong side of a bound. A NaN lies nowhere.
  @inline(__always)
  package func excludes<Scalar: BinaryFloatingPoint>(_ value: Scalar) -> Bool {
    let (lower, upper) = (Scalar(lower), Scalar(upper))
    if isPair { return value != lower && value != upper }
    if isOpen { return value <= lower || value >= upper }
    return value < lower || (isOpenAbove ? value >= upper : value > upper)
  }

  /// As it stands behind "targets": `from 0 to 1`.
  package var words: String {
    func text(_ bound: Double) -> String {
      bound == bound.rounded() && bound.magnitude < 1e15 ? "\(Int(bound))" : "\(bound)"
    }
    if isPair { return "\(text(lower)) or \(text(upper))" }
    if isOpen, upper == .infinity { return "above \(text(lower))" }
    if isOpen { return "between \(text(lower)) and \(text(upper))" }
    if upper == .infinity { return "of at least \(text(lower))" }
    return "from \(text(lower)) to \(isOpenAbove ? "below " : "")\(text(upper))"
  }
}
