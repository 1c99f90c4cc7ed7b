/// The leaves, and reading a term as coefficient × rest or base ^ exponent.
extension Term {
  static let zero = Term(.number(.zero))
  static let one = Term(.number(.one))
  static let minusOne = Term(.number(.minusOne))

  static func number(_ number: Number) -> Term { Term(.number(number)) }
  static func number(_ number: Int) -> Term { Term(.number(Number(number))) }
  static func constant(_ constant: NamedConstant) -> Term { Term(.constant(constant)) }
  static func size(_ dimension: Dimension) -> Term {
    switch dimension {
    case .number(let size): return .number(size)
    case .single: return .one
    case .made(let sum):
      return .add(
        sum.sorted.map { factors, number in .multiply([.number(number)] + factors.map(Term.size)) })
    default: return Term(.size(dimension))
    }
  }
  /// Of a symmetric matrix A_ij = A_ji, of a diagonal one δ_ij D_ii.
  static func entry(_ symbol: Symbol, _ indices: [Index] = []) -> Term {
    switch symbol.structure {
    case .symmetric: return Term(.entry(symbol, indices.sorted(by: <)))
    case .diagonal where indices[0] != indices[1]:
      return multiply([
        .delta(indices[0], indices[1]), Term(.entry(symbol, [indices[0], indices[0]])),
      ])
    default: return Term(.entry(symbol, indices))
    }
  }
  static func position(_ index: Index) -> Term {
    if case .literal(let i) = index.kind { return .number(i) }
    return Term(.position(index))
  }
  /// 1 where both are one position, else 0; of positions that are not known yet, a condition.
  static func delta(_ a: Index, _ b: Index) -> Term {
    if a == b { return .one }
    if case .literal = a.kind, case .literal = b.kind { return .zero }
    if let known = overlap(a, b) ?? overlap(b, a) { return known }
    return a < b ? Term(.delta(a, b)) : Term(.delta(b, a))
  }

  /// δ of indices made of others, where it says less, or nothing: i + 1 = 3 is i = 2, i = j + n where i ends at n
  /// is never.
  private static func overlap(_ a: Index, _ b: Index) -> Term? {
    switch (a.kind, b.kind) {
    case (.literal, .shifted(let index, let shift)), (.computed, .shifted(let index, let shift)):
      guard let place = a.position.flatMap({ Dimension($0) }) else { return nil }
      if place.isOne, !shift.isNumber { return .zero }
      if case .number(let gap) = place - shift - index.dimension, gap > 0 { return .zero }
      guard case .number(let inside) = place - shift else { return nil }
      return inside > 0 ? delta(.literal(inside), index) : .zero
    case (.computed(let first), .literal), (.computed(let first), .computed):
      guard let first = Dimension(first), let second = b.position.flatMap({ Dimension($0) }),
        case .number(let gap) = first - second
      else { return nil }
      return gap == 0 ? .one : .zero
    case (.shifted(let i, let first), .shifted(let j, let second)):
      if first == second, i.dimension == j.dimension { return delta(i, j) }
      // One ends before the other begins.
      guard case .number(let gap) = second - first - i.dimension, gap >= 0 else { return nil }
      return .zero
    case (.joined(let row, let column, let rows, let columns), _):
      return multiply([
        delta(row, b.part(isRow: true, rows, columns)),
        delta(column, b.part(isRow: false, rows, columns)),
      ])
    default: return nil
    }
  }

  var isZero: Bool { asNumber == .zero }
  var isOne: Bool { asNumber == .one }
  var asNumber: Number? {
    if case .number(let number) = form { return number }
    return nil
  }
  /// Whether it holds no symbol but variables with values: what the convention at ties of max calls a constant.
  var isConstant: Bool {
    switch form {
    case .entry(let symbol, _): symbol.isOuter
    case .constantEntry(let array, _): array.symbols.allSatisfy(\.isOuter)
    case .call, .position: false
    default: form.children.allSatisfy(\.isConstant)
    }
  }

  /// c · rest, with the number apart.
  var coefficientAndRest: (coefficient: Number, rest: Term) {
    switch form {
    case .number(let number): (number, .one)
    case .multiply(let c, let factors): (c, .rawProduct(.one, factors))
    default: (.one, self)
    }
  }

  /// The number and the factors of a product.
  var factors: (coefficient: Number, factors: [Term]) {
    switch form {
    case .number(let number): (number, [])
    case .multiply(let c, let factors): (c, factors)
    default: (.one, [self])
    }
  }

  /// base ^ exponent; the exponent of anything but a power is 1.
  var baseAndExponent: (base: Term, exponent: Term) {
    if case .power(let base, let exponent) = form { return (base, exponent) }
    return (self, .one)
  }

  /// The parts of a sum; itself otherwise.
  var parts: [Term] {
    if case .add(let parts) = form { return parts }
    return [self]
  }

  /// A product of factors that are canonical already.
  static func rawProduct(_ coefficient: Number, _ factors: [Term]) -> Term {
    if coefficient.isZero { return .zero }
    if factors.isEmpty { return .number(coefficient) }
    if coefficient.isOne, factors.count == 1 { return factors[0] }
    return Term(.multiply(coefficient, factors))
  }
}

/// Sums, differences and what depends on a condition.
extension Term {
  /// a + b + …: flat, sorted, like terms collected.
  static func add(_ terms: [Term]) -> Term {
    if terms.count == 1 { return terms[0] }
    var order: [Fingerprint] = []
    var collected: [Fingerprint: (coefficient: Number, rest: Term)] = [:]
    func take(_ term: Term, _ scale: Number) {
      switch term.form {
      case .add(let parts):
        for part in parts { take(part, scale) }
      case .multiply(let c, let factors) where factors.count == 1:
        if case .add(let parts) = factors[0].form {
          for part in parts { take(part, scale * c) }
          return
        }
        fallthrough
      default:
        let (c, rest) = term.coefficientAndRest
        if let old = collected[rest.fingerprint] {
          collected[rest.fingerprint] = (old.coefficient + scale * c, rest)
        } else {
          order.append(rest.fingerprint)
          collected[rest.fingerprint] = (scale * c, rest)
        }
      }
    }
    for term in terms { take(term, .one) }
    let parts = order.compactMap { collected[$0] }
      .filter { !$0.coefficient.isZero }
      .map { rawProduct($0.coefficient, $0.rest.factors.factors) }
    if parts.isEmpty { return .zero }
    if parts.count == 1 { return parts[0] }
    return Term(.add(parts.sorted(by: partsInOrder)))
  }

  static func negate(_ a: Term) -> Term { multiply([.minusOne, a]) }
  static func subtract(_ a: Term, _ b: Term) -> Term { add([a, negate(b)]) }

  /// 1 where the comparison holds, else 0; a number goes to the right.
  static func compare(_ comparison: Comparison, _ a: Term, _ b: Term) -> Term {
    if let x = a.asNumber, let y = b.asNumber {
      return comparison.holds(x.value, y.value) ? .one : .zero
    }
    if a.asNumber != nil { return compare(comparison.mirrored, b, a) }
    if case .position(let i) = a.form, case .position(let j) = b.form {
      if comparison == .equal { return delta(i, j) }
      if comparison == .notEqual { return subtract(.one, delta(i, j)) }
    }
    if comparison == .equal, case .position(let i) = a.form, let j = b.asNumber?.integer {
      return delta(i, .literal(j))
    }
    if b.asNumber == nil {
      // x > 0.01 x is x > 0.
      let difference = subtract(a, b)
      if difference.isZero { return comparison.holds(0, 0) ? .one : .zero }
      let (c, rest) = difference.coefficientAndRest
      var isShorter = true
      if case .add = rest.form { isShorter = false }
      if isShorter {
        return compare(c.isNegative ? comparison.mirrored : comparison, rest, .zero)
      }
    }
    if b.asNumber == nil, comparison == .less || comparison == .lessOrEqual {
      return Term(.compare(comparison.mirrored, b, a))
    }
    return Term(.compare(comparison, a, b))
  }

  /// A condition's opposite, or nil for anything but a comparison.
  var negatedCondition: Term? {
    guard case .compare(let comparison, let a, let b) = form else { return nil }
    return .compare(comparison.negated, a, b)
  }

  static func choose(_ condition: Term, _ a: Term, _ b: Term) -> Term {
    if let number = condition.asNumber { return number.isZero ? b : a }
    if a == b { return a }
    // What is 0 but where two indices agree in every case stands in front of the cases.
    let (p, q) = (a.factors, b.factors)
    let deltas = (a.isZero ? q : p).factors.filter { factor in
      guard case .delta = factor.form else { return false }
      return a.isZero || b.isZero || q.factors.contains(factor)
    }
    guard !deltas.isEmpty else { return Term(.choose(condition, a, b)) }
    func rest(_ c: Number, _ factors: [Term]) -> Term {
      multiply([.number(c)] + factors.filter { !deltas.contains($0) })
    }
    return multiply(
      deltas + [choose(condition, rest(p.coefficient, p.factors), rest(q.coefficient, q.factors))])
  }

  static func extremum(_ kind: Extremum, _ a: Term, _ b: Term) -> Term {
    if let x = a.asNumber, let y = b.asNumber {
      return (kind == .max) == (x.value < y.value) ? b : a
    }
    return a == b ? a : Term(.extremum(kind, a, b))
  }

  static func call(_ name: String, _ orders: [Int], _ arguments: [Term]) -> Term {
    Term(.call(name, orders, arguments))
  }

  /// f(a), with the values and signs that need no calculator.
  static func function(_ function: ElementFunction, _ a: Term) -> Term {
    let laws = function.laws
    if let exponent = laws.exponent { return power(a, .number(exponent)) }
    if let number = a.asNumber, let value = laws.exact(number) { return .number(value) }
    if let x = laws.inverse.flatMap({ a.argument(of: $0()) }) { return x }
    let (c, rest) = a.coefficientAndRest
    if c.isNegative, let symmetry = laws.symmetry {
      let positive = Term.function(function, multiply([.number(-c), rest]))
      return symmetry == .odd ? negate(positive) : positive
    }
    if laws.isMagnitude, c != .one {
      return multiply([.number(c.magnitude), .function(function, rest)])
    }
    return Term(.function(function, a))
  }

  /// What f is applied to where this is a value of f; e is exp(1).
  private func argument(of f: ElementFunction) -> Term? {
    switch form {
    case .function(f, let a): a
    case .constant(.e) where f == .exp: .one
    default: nil
    }
  }
}
