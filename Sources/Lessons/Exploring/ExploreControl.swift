import Language
import Networks
import Syntax

/// Something of an exploration that moves: what it is, over what, and where it begins.
struct ExploreControl: Sendable {
  enum Target: Sendable {
    /// A name, whether or not there is a variable of it.
    case name(String)
    /// A parameter of a network or an entry of a variable, as an assignment to it says it.
    case place(ExpressionSyntax)
  }

  enum Domain: Sendable {
    case range(ExploreRange)
    case choices([Choice])
    case truth
  }

  /// An entry of a menu.
  struct Choice: Sendable {
    let label: String
    let value: SharedValue
    let networks: [NetworkIdentity: NetworkState]
  }

  let target: Target
  /// As it was written.
  let label: String
  let span: SourceSpan
  var domain: Domain
  /// The setting at the beginning: the number itself, the position of a choice from 0, 0 or 1.
  let start: Double

  /// A setting that a front end may have sent, as one that there is.
  func nearest(to setting: Double) -> Double {
    switch domain {
    case .range(let range): range.nearest(to: setting)
    case .choices(let choices): min(max(setting.rounded(), 0), Double(choices.count - 1))
    case .truth: setting == 0 ? 0 : 1
    }
  }

  /// The setting that a front end means; nil: none but that which there is.
  func meant(by setting: Double, at current: Double) -> Double? {
    if case .range(let range) = domain {
      range.meant(by: setting, at: current)
    } else {
      nearest(to: setting)
    }
  }

  /// What the target is at a setting.
  func value(at setting: Double) -> Value {
    switch domain {
    case .range: .scalar(setting)
    case .truth: .boolean(setting != 0)
    case .choices(let choices):
      {
        let choice = choices[Int(nearest(to: setting))]
        return choice.value.value { choice.networks[$0].map { Network($0) } }
      }()
    }
  }

  /// Its setting in words: `η = 0.1`.
  func text(at setting: Double) -> String {
    switch domain {
    case .range: "\(label) = \(Interpreter.plain(setting))"
    case .truth: "\(label) = \(setting != 0)"
    case .choices(let choices): "\(label) = \(choices[Int(nearest(to: setting))].label)"
    }
  }
}

/// The numbers of a slider.
struct ExploreRange: Sendable {
  let from: Double
  let to: Double
  /// The distance between its positions; of a range without one, a distance that is fine enough for a hand.
  let step: Double
  /// Whether the cell says the step: then its positions can be played.
  let isStepped: Bool
  /// Whether every position is a whole number.
  var isWhole: Bool

  var count: Int { Int(NumberRange(from: from, by: step, to: to).count) }

  /// The number at a position from 0.
  subscript(position: Int) -> Double {
    NumberRange(from: from, by: step, to: to)[min(max(position, 0), count - 1)]
  }

  /// The position of the number that is nearest.
  func position(of number: Double) -> Int {
    guard number.isFinite else { return 0 }
    return Int(min(max(((number - from) / step).rounded(), 0), Double(count - 1)))
  }

  /// Between the ends, and on a step where there are some.
  func nearest(to number: Double) -> Double {
    guard number.isFinite else { return from }
    if isStepped || isWhole { return self[position(of: number)] }
    return min(max(number, from), to)
  }

  /// What a front end means by a number of its own arithmetic: sliders without steps of the cell's count in `step`s from
  /// the smaller end. nil: it is only where it has put the slider for `current`, which is on none of them.
  func meant(by number: Double, at current: Double) -> Double? {
    guard !isStepped, !isWhole, number.isFinite else { return nearest(to: number) }
    func isAlike(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-6 * step }
    let snapped = from + ((current - from) / step).rounded() * step
    if isAlike(number, min(snapped, to)) || isAlike(number, current) { return nil }
    for end in [from, to] where isAlike(number, end) { return end }
    // 0.1, not 0.10000000000000009: the decimal that is nearest.
    var scale = 1.0
    while scale < 1e22, (scale * step).rounded() < 1e6 { scale *= 10 }
    return nearest(to: (number * scale).rounded() / scale)
  }

  /// A step of 1, 2 or 5 times a power of ten, of which 100 to 250 make the range.
  static func fineStep(_ width: Double) -> Double {
    let raw = width / 200
    var power = 1.0
    while power > raw { power /= 10 }
    while power * 10 <= raw { power *= 10 }
    let ratio = raw / power
    return power * (ratio < 1.5 ? 1 : ratio < 3.5 ? 2 : ratio < 7.5 ? 5 : 10)
  }
}
