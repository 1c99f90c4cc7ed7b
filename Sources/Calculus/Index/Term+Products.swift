import Glibc

/// Products and powers: flat, sorted, powers of one base joined, the number in front.
extension Term {
  static func multiply(_ terms: [Term]) -> Term {
    var coefficient = Number.one
    var order: [Fingerprint] = []
    var powers: [Fingerprint: (base: Term, exponent: Term)] = [:]
    func take(_ base: Term, _ exponent: Term) {
      if let old = powers[base.fingerprint] {
        powers[base.fingerprint] = (base, add([old.exponent, exponent]))
      } else {
        order.append(base.fingerprint)
        powers[base.fingerprint] = (base, exponent)
      }
    }
    for term in terms {
      let (c, factors) = term.factors
      coefficient = coefficient * c
      for factor in factors {
        let (base, exponent) = factor.baseAndExponent
        if case .add = base.form, exponent.isOne {
          let (content, primitive) = base.contentAndPrimitive
          coefficient = coefficient * content
          take(primitive, exponent)
        } else {
          take(base, exponent)
        }
      }
    }
    if coefficient.isZero { return .zero }
    var factors: [Term] = []
    var needsAnotherPass = false
    for key in order {
      guard let (base, exponent) = powers[key] else { continue }
      let isIndicator =
        switch base.form {
        case .compare, .delta, .isExtremum: true
        default: false
        }
      if isIndicator, let n = exponent.asNumber, !n.isNegative, !n.isZero {
        factors.append(base)
        continue
      }
      let factor = power(base, exponent)
      if case .number(let number) = factor.form {
        coefficient = coefficient * number
      } else {
        if case .multiply = factor.form { needsAnotherPass = true }
        factors.append(factor)
      }
    }
    if needsAnotherPass { return multiply([.number(coefficient)] + factors) }
    if coefficient.isZero { return .zero }
    if let joined = joiningExponentials(factors) {
      return multiply([.number(coefficient)] + joined)
    }
    if hasContradiction(factors) { return .zero }
    if let renamed = applyingDeltas(factors) {
      return multiply([.number(coefficient)] + renamed)
    }
    if factors.count > 1, factors.contains(where: \.hasDelta),
      let position = factors.firstIndex(where: {
        if case .add = $0.form { $0.hasDelta } else { false }
      })
    {
      var rest = factors
      let sum = rest.remove(at: position)
      return add(sum.parts.map { multiply([.number(coefficient), $0] + rest) })
    }
    return rawProduct(coefficient, factors.sorted(by: factorsInOrder))
  }

  static func divide(_ a: Term, _ b: Term) -> Term { multiply([a, power(b, .minusOne)]) }

  /// base ^ exponent.
  static func power(_ base: Term, _ exponent: Term) -> Term {
    guard let n = exponent.asNumber else {
      if base.isOne { return .one }
      if case .constant(.e) = base.form { return .function(.exp, exponent) }
      return Term(.power(base, exponent))
    }
    if n.isZero { return .one }
    if n.isOne { return base }
    switch base.form {
    case .number(let number):
      if let n = n.integer, n.magnitude <= 64, !(number.isZero && n < 0) {
        return .number(number.raised(to: n))
      }
      if number.isZero, !n.isNegative { return .zero }
      if number.isOne { return .one }
      if n == .ratio(1, 2), let root = exactRoot(number) { return .number(root) }
    case .power(let inner, let innerExponent):
      if n.integer != nil { return power(inner, multiply([innerExponent, exponent])) }
      if n == .ratio(1, 2), let m = innerExponent.asNumber?.integer, m == 2 {
        return .function(.abs, inner)
      }
    case .multiply(let c, let factors):
      // (2x)^1100 stays as it is: 2^1100 is too large for a number.
      if n.integer != nil, c.isOne || pow(c.magnitude.value, n.value).isUsable {
        return multiply([power(.number(c), exponent)] + factors.map { power($0, exponent) })
      }
      if n == .ratio(1, 2), !c.isOne, let root = exactRoot(c) {
        return multiply([.number(root), power(rawProduct(.one, factors), exponent)])
      }
    case .add:
      if n.integer != nil {
        let (content, primitive) = base.contentAndPrimitive
        if !content.isOne {
          return multiply([power(.number(content), exponent), power(primitive, exponent)])
        }
      }
    case .compare, .delta, .isExtremum:
      if !n.isNegative { return base }
    case .function(let function, let a) where function.laws.isMagnitude:
      if let n = n.integer, n % 2 == 0 { return power(a, exponent) }
    default: break
    }
    return Term(.power(base, exponent))
  }

  /// A sum as a number times a sum whose numbers have no common divisor and whose first sign is
  /// plus: that of its constant (1 − σ), else of its first part.
  var contentAndPrimitive: (content: Number, primitive: Term) {
    guard case .add(let parts) = form else { return (.one, self) }
    let coefficients = parts.map(\.coefficientAndRest.coefficient)
    let leading = parts.last?.asNumber ?? coefficients[0]
    var content = Number.one
    if let common = Term.commonDivisor(coefficients) { content = common }
    if leading.isNegative { content = -content }
    if content.isOne { return (.one, self) }
    return (content, scalingParts(by: content.reciprocal))
  }

  /// A sum times a number, part by part.
  func scalingParts(by scale: Number) -> Term {
    Term(
      .add(
        parts.map { part in
          let (c, factors) = part.factors
          return .rawProduct(c * scale, factors)
        }))
  }

  /// The largest fraction of which all are whole multiples, or nil for doubles.
  private static func commonDivisor(_ numbers: [Number]) -> Number? {
    var numerator = 0
    var denominator = 1
    for number in numbers {
      guard case .fraction(let p, let q) = number else { return nil }
      numerator = gcd(numerator, p)
      let (product, overflow) = (denominator / max(1, gcd(denominator, q)))
        .multipliedReportingOverflow(by: q)
      if overflow { return nil }
      denominator = product
    }
    return numerator == 0 ? nil : .ratio(numerator, denominator)
  }

  private static func gcd(_ a: Int, _ b: Int) -> Int {
    b == 0 ? Int(a.magnitude) : gcd(b, a % b)
  }

  /// The root of a number if it is a fraction.
  private static func exactRoot(_ number: Number) -> Number? {
    guard case .fraction(let p, let q) = number, p >= 0 else { return nil }
    let (r, s) = (Int(Double(p).squareRoot()), Int(Double(q).squareRoot()))
    return r * r == p && s * s == q ? .ratio(r, s) : nil
  }

  /// exp(a)·exp(b) as exp(a + b) where that is shorter: e^x·e^−x = 1.
  private static func joiningExponentials(_ factors: [Term]) -> [Term]? {
    var exponential: ElementFunction?
    var exponents: [Term] = []
    var rest: [Term] = []
    var cost = 0
    for factor in factors {
      let (base, exponent) = factor.baseAndExponent
      if case .function(let function, let a) = base.form, function.laws.isExponential,
        function == exponential ?? function, exponent.asNumber?.integer != nil
      {
        exponential = function
        exponents.append(multiply([exponent, a]))
        cost += factor.cost
      } else {
        rest.append(factor)
      }
    }
    guard let exponential, exponents.count > 1 else { return nil }
    let joined = function(exponential, add(exponents))
    return joined.cost < cost - exponents.count ? rest + [joined] : nil
  }

  /// Whether two conditions exclude each other.
  private static func hasContradiction(_ factors: [Term]) -> Bool {
    let conditions = factors.filter { if case .compare = $0.form { true } else { false } }
    guard conditions.count > 1 else { return false }
    return conditions.contains { condition in
      condition.negatedCondition.map(conditions.contains) ?? false
    }
  }

  /// δ_ij f_j as δ_ij f_i, so that such products can be equal; nil where nothing changes.
  private static func applyingDeltas(_ factors: [Term]) -> [Term]? {
    guard factors.count > 1 else { return nil }
    for (position, factor) in factors.enumerated() {
      guard case .delta(let kept, let replaced) = factor.form else { continue }
      let rest = factors.removing(at: position)
      guard rest.contains(where: { $0.free.contains(replaced) }) else { continue }
      return [factor] + rest.map { $0.substituting([replaced: kept]) }
    }
    return nil
  }
}

extension Double {
  /// Neither too large nor too small to be a coefficient.
  fileprivate var isUsable: Bool { isFinite && magnitude > 1e-200 && magnitude < 1e200 }
}
