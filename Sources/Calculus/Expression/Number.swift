import Glibc

/// A number in an expression: an exact fraction as long as it fits, else the nearest double.
package enum Number: Hashable, Sendable {
  /// numerator / denominator, in lowest terms; the denominator is positive.
  case fraction(Int, Int)
  case real(Double)

  package static let zero = Number.fraction(0, 1)
  package static let one = Number.fraction(1, 1)
  package static let minusOne = Number.fraction(-1, 1)

  /// Equal bits are equal, nan too, so that whatever works until nothing changes comes to an end.
  package static func == (a: Number, b: Number) -> Bool {
    switch (a, b) {
    case (.fraction(let p, let q), .fraction(let r, let s)): p == r && q == s
    case (.real(let x), .real(let y)): x == y || x.isNaN && y.isNaN
    default: false
    }
  }

  package func hash(into hasher: inout Hasher) {
    switch self {
    case .fraction(let p, let q):
      hasher.combine(p)
      hasher.combine(q)
    case .real(let value): hasher.combine(value.isNaN ? 0 : value)
    }
  }

  /// A whole number.
  package init(_ value: Int) {
    self = value == Int.min ? .real(Double(value)) : .fraction(value, 1)
  }

  /// A double; whole numbers up to 2³¹ are kept as such.
  package init(_ value: Double) {
    if value.magnitude < 0x1p31, value == value.rounded() {
      self = .fraction(Int(value), 1)
    } else {
      self = .real(value)
    }
  }

  /// numerator / denominator in lowest terms; a double where that is 0 or too large.
  package static func ratio(_ numerator: Int, _ denominator: Int) -> Number {
    guard denominator != 0, numerator != Int.min, denominator != Int.min else {
      return .real(Double(numerator) / Double(denominator))
    }
    let divisor = max(1, gcd(numerator.magnitude, denominator.magnitude))
    let sign = denominator < 0 ? -1 : 1
    return .fraction(sign * numerator / Int(divisor), sign * denominator / Int(divisor))
  }

  /// The nearest double.
  package var value: Double {
    switch self {
    case .fraction(let p, let q): Double(p) / Double(q)
    case .real(let value): value
    }
  }

  package var isZero: Bool { self == .zero }
  package var isOne: Bool { self == .one }
  package var isNegative: Bool {
    switch self {
    case .fraction(let p, _): p < 0
    case .real(let value): value < 0
    }
  }
  /// The whole number that this is, or nil.
  package var integer: Int? {
    if case .fraction(let p, 1) = self { return p }
    return nil
  }
  var numerator: Number {
    if case .fraction(let p, _) = self { return Number(p) }
    return self
  }
  var denominator: Number {
    if case .fraction(_, let q) = self { return Number(q) }
    return .one
  }

  static func + (a: Number, b: Number) -> Number {
    if case .fraction(let p, let q) = a, case .fraction(let r, let s) = b {
      let (ps, o1) = p.multipliedReportingOverflow(by: s)
      let (rq, o2) = r.multipliedReportingOverflow(by: q)
      let (sum, o3) = ps.addingReportingOverflow(rq)
      let (qs, o4) = q.multipliedReportingOverflow(by: s)
      if !(o1 || o2 || o3 || o4) { return ratio(sum, qs) }
    }
    return Number(a.value + b.value)
  }

  static func * (a: Number, b: Number) -> Number {
    if case .fraction(let p, let q) = a, case .fraction(let r, let s) = b {
      let (pr, o1) = p.multipliedReportingOverflow(by: r)
      let (qs, o2) = q.multipliedReportingOverflow(by: s)
      if !(o1 || o2) { return ratio(pr, qs) }
    }
    return Number(a.value * b.value)
  }

  static prefix func - (a: Number) -> Number { a * .minusOne }
  static func - (a: Number, b: Number) -> Number { a + -b }
  static func < (a: Number, b: Number) -> Bool { (a - b).isNegative }

  var magnitude: Number { isNegative ? -self : self }

  /// 1 / self.
  var reciprocal: Number {
    if case .fraction(let p, let q) = self, p != 0 { return .ratio(q, p) }
    return .real(1 / value)
  }

  /// self to a whole power, exactly where that fits.
  func raised(to exponent: Int) -> Number {
    guard exponent.magnitude <= 64 else { return Number(pow(value, Double(exponent))) }
    var result = Number.one
    for _ in 0..<exponent.magnitude { result = result * self }
    return exponent < 0 ? result.reciprocal : result
  }

  func mix(into mixer: inout FingerprintMixer) {
    switch self {
    case .fraction(let p, let q):
      mixer.mix(p)
      mixer.mix(q)
    case .real(let value):
      mixer.mix(value.bitPattern)
      mixer.mix(-1)
    }
  }

  private static func gcd(_ a: UInt, _ b: UInt) -> UInt { b == 0 ? a : gcd(b, a % b) }
}
