/// Makes terms shorter: expands where parts cancel, takes common factors out, cancels fractions,
/// drops a max inside the region where its condition holds.
///
/// Every change is kept only if it lowers `Term.cost`, so that the result is never longer.
final class Simplifier {
  private let source: IndexSource
  private var done: [Fingerprint: Term] = [:]

  init(_ source: IndexSource) { self.source = source }

  func simplify(_ term: Term) -> Term {
    if let known = done[term.fingerprint] { return known }
    var result: Term
    if term.form.boundIndices.isEmpty {
      result = term.mapping(simplify)
    } else {
      let (indices, body) = term.opened(source)
      result = term.closing(indices, simplify(body))
    }
    // A change at the top can make others possible.
    for _ in 0..<4 {
      let improved = improve(result)
      if improved == result { break }
      result = improved
    }
    done[term.fingerprint] = result
    return result
  }

  private func improve(_ term: Term) -> Term {
    switch term.form {
    case .add: improveSum(term)
    case .multiply: improveProduct(term)
    default: term
    }
  }

  // MARK: Sums

  private func improveSum(_ term: Term) -> Term {
    var best = term
    if let expanded = Simplifier.expanded(term), expanded.cost < best.cost { best = expanded }
    if let squares = Simplifier.pythagoras(best), squares.cost < best.cost { best = squares }
    // A common denominator is for numbers; vectors keep theirs.
    var hasDenominator = false
    for denominators in best.free.isEmpty ? [true, false] : [false] {
      // A little shorter is no reason to take x out of 2x sin x + x² cos x; a denominator is.
      guard let collected = collected(best, commonDenominator: denominators) else { continue }
      let isFraction =
        collected.free.isEmpty
        && collected.factors.factors.contains {
          $0.baseAndExponent.exponent.asNumber?.isNegative ?? false
        }
      // (f'g − f g')/g² stays, though (f' − f g'/g)/g is as short.
      let least =
        hasDenominator
        ? 4 : isFraction ? denominators ? 0 : 1 : sharesWholePowers(best, collected) ? 2 : 3
      if collected.cost + least <= best.cost {
        best = collected
        hasDenominator = denominators && isFraction
      }
    }
    if let merged = merged(best), merged.cost + 3 <= best.cost { best = merged }
    return best
  }

  /// Whether what was taken out of a sum is left in none of its parts: q σ − q y, not t + 3t²x.
  private func sharesWholePowers(_ sum: Term, _ product: Term) -> Bool {
    let common = Set(product.factors.factors.map(\.baseAndExponent.base))
    let left = product.factors.factors.flatMap { factor -> [Term] in
      guard case .add(let parts) = factor.form else { return [] }
      return parts.flatMap(\.factors.factors).map(\.baseAndExponent.base)
    }
    return common.isDisjoint(with: left)
  }

  /// Σ a + Σ b as Σ (a + b) where that is shorter.
  private func merged(_ term: Term) -> Term? {
    guard case .add(let parts) = term.form, parts.count <= 8, term.cost < 500 else { return nil }
    var groups: [Dimension: (index: Index, bodies: [Term])] = [:]
    var order: [Dimension] = []
    var rest: [Term] = []
    for part in parts {
      let (c, factors) = part.factors
      guard
        let position = factors.firstIndex(where: { if case .sum = $0.form { true } else { false } }
        ),
        case .sum(let bound, let body) = factors[position].form
      else {
        rest.append(part)
        continue
      }
      if groups[bound.dimension] == nil {
        groups[bound.dimension] = (source.fresh(bound.dimension), [])
        order.append(bound.dimension)
      }
      guard let index = groups[bound.dimension]?.index else { continue }
      let others = factors.removing(at: position)
      groups[bound.dimension]?.bodies.append(
        .multiply([.number(c)] + others + [body.substituting([bound: index])]))
    }
    var result = rest
    for dimension in order {
      guard let (index, bodies) = groups[dimension] else { continue }
      let sum = bodies.count > 1 ? factored(simplify(.add(bodies))) : bodies[0]
      // A sum over two indices is a matrix if each of its parts is; one over three would leave no product.
      let hasNotation = sum.factors.factors.allSatisfy { factor in
        guard case .add(let parts) = factor.form else { return true }
        let free = factor.free.union([index])
        return free.count < 2
          || free.count == 2
            && parts.allSatisfy { $0.factors.factors.contains { $0.free.isSuperset(of: free) } }
      }
      guard hasNotation else { return nil }
      result.append(.sum(index, sum))
    }
    let merged = Term.add(result)
    return merged == term ? nil : merged
  }

  /// A sum with what all parts share in front, however little that saves.
  private func factored(_ term: Term) -> Term { collected(term, commonDenominator: false) ?? term }

  /// Products of sums multiplied out; nil if there are none or the result would be long.
  static func expanded(_ term: Term, limit: Int = 48) -> Term? {
    var changed = false
    var parts: [Term] = []
    for part in term.parts {
      let (c, factors) = part.factors
      var products = [[Term.number(c)]]
      for factor in factors {
        let (base, exponent) = factor.baseAndExponent
        if case .add(let summands) = base.form, let n = exponent.asNumber?.integer, n > 0, n <= 3 {
          changed = true
          for _ in 0..<n {
            products = products.flatMap { product in summands.map { product + [$0] } }
            if products.count > limit { return nil }
          }
        } else {
          products = products.map { $0 + [factor] }
        }
      }
      parts += products.map(Term.multiply)
      if parts.count > limit { return nil }
    }
    return changed ? .add(parts) : nil
  }

  /// The factors that all parts share, in front.
  ///
  /// Of different powers in the denominator the largest, if they are to have a common one.
  private func collected(_ term: Term, commonDenominator: Bool) -> Term? {
    guard case .add(let parts) = term.form else { return nil }
    var common: [Fingerprint: (base: Term, exponent: Number)] = [:]
    for (i, part) in parts.enumerated() {
      var here: [Fingerprint: (base: Term, exponent: Number)] = [:]
      for factor in part.factors.factors {
        let (base, exponent) = factor.baseAndExponent
        if let n = exponent.asNumber { here[base.fingerprint] = (base, n) }
      }
      if i == 0 {
        common = here
        continue
      }
      for (key, entry) in common {
        guard let other = here[key], other.exponent.isNegative == entry.exponent.isNegative else {
          common[key] = nil
          continue
        }
        let takesOther =
          entry.exponent.isNegative && !commonDenominator
          ? entry.exponent < other.exponent : other.exponent < entry.exponent
        if takesOther { common[key] = other }
      }
    }
    // A size in the denominator, a condition or a δ alone is no reason to take parts together.
    guard
      common.values.contains(where: {
        switch $0.base.form {
        case .size, .delta: false
        default: true
        }
      })
    else { return nil }
    let factors = common.values.map { Term.power($0.base, .number($0.exponent)) }
    let inverse = common.values.map { Term.power($0.base, .number(-$0.exponent)) }
    let rest = Term.add(parts.map { .multiply([$0] + inverse) })
    return .multiply(factors + [improve(rest)])
  }

  /// c sin²u + c cos²u = c.
  private static func pythagoras(_ term: Term) -> Term? {
    guard case .add(let parts) = term.form else { return nil }
    for (i, part) in parts.enumerated() {
      for factor in part.factors.factors {
        guard case .power(let base, let exponent) = factor.form, exponent.asNumber == Number(2),
          case .function(let function, let u) = base.form,
          let complement = function.laws.complement
        else { continue }
        let rest = Term.divide(part, factor)
        let partner = Term.multiply([rest, .power(.function(complement(), u), exponent)])
        if let j = parts.firstIndex(of: partner), j != i {
          var left = parts
          left.remove(at: max(i, j))
          left.remove(at: min(i, j))
          return .add(left + [rest])
        }
      }
    }
    return nil
  }

  // MARK: Products

  private func improveProduct(_ term: Term) -> Term {
    var best = term
    if let active = Simplifier.insideCondition(best) { best = simplify(active) }
    if let cancelled = cancelled(best), cancelled.cost < best.cost { best = cancelled }
    if let share = share(best), share.cost < best.cost { best = share }
    return best
  }

  /// e^u/(1 + e^u) = σ(u), e^{u_i}/Σ_k e^{u_k} = softmax(u)_i, and powers of them.
  private func share(_ term: Term) -> Term? {
    let (c, factors) = term.factors
    for (i, factor) in factors.enumerated() {
      let (top, power) = factor.baseAndExponent
      guard case .function(let f, let u) = top.form, let share = f.laws.share,
        let most = power.asNumber?.integer, most > 0
      else { continue }
      for (j, other) in factors.enumerated() where j != i {
        let (sum, exponent) = other.baseAndExponent
        guard let n = exponent.asNumber?.integer, n < 0 else { continue }
        let count = min(most, -n)
        var quotient: Term?
        // e^u/(1 + e^u)² stays, as books have the slope of 1/(1 + e^−x).
        if most == -n, sum == .add([top, .one]) {
          quotient = .function(share(), u)
        } else if case .sum = sum.form {
          let (indices, body) = sum.opened(source)
          guard case .function(f, let a) = body.form,
            let place = u.free.first(where: { a.substituting([indices[0]: $0]) == u })
          else { continue }
          quotient = .softmax(indices[0], a, at: place)
        }
        guard let quotient else { continue }
        let rest = factors.indices.filter { $0 != i && $0 != j }.map { factors[$0] }
        let left = [Term.power(top, .number(most - count)), .power(sum, .number(n + count))]
        return .multiply([.number(c), .power(quotient, .number(count))] + left + rest)
      }
    }
    return nil
  }

  /// (−y/p + (1 − y)/(1 − p)) · p(1 − p) multiplied out where fractions cancel.
  private func cancelled(_ term: Term) -> Term? {
    let (c, factors) = term.factors
    for (i, factor) in factors.enumerated() {
      guard case .add(let parts) = factor.form else { continue }
      let others = factors.removing(at: i)
      let bases = Set(others.map(\.baseAndExponent.base.fingerprint))
      let cancels = parts.contains { part in
        part.factors.factors.contains {
          let (base, exponent) = $0.baseAndExponent
          return bases.contains(base.fingerprint) && (exponent.asNumber?.isNegative ?? false)
        }
      }
      if cancels {
        let product = Term.add(parts.map { .multiply([.number(c), $0] + others) })
        return simplifyParts(product)
      }
    }
    return nil
  }

  private func simplifyParts(_ term: Term) -> Term { improve(term.mapping(improve)) }

  /// [u > 0] · max(0, u) = [u > 0] · u: where a condition is a factor, the others may use it.
  static func insideCondition(_ term: Term) -> Term? {
    let (c, factors) = term.factors
    guard factors.count > 1 else { return nil }
    for (i, factor) in factors.enumerated() {
      guard case .compare(let comparison, let a, let b) = factor.form else { continue }
      let others = factors.removing(at: i)
      let changed = others.map { $0.assuming(comparison, a, b) }
      if changed != others { return .multiply([.number(c), factor] + changed) }
    }
    return nil
  }
}

extension Term {
  /// This term where a comparison is known to hold.
  func assuming(_ comparison: Comparison, _ a: Term, _ b: Term) -> Term {
    var done: [Fingerprint: Term] = [:]
    return assuming(comparison, a, b, &done)
  }

  private func assuming(
    _ comparison: Comparison, _ a: Term, _ b: Term, _ done: inout [Fingerprint: Term]
  ) -> Term {
    if let known = done[fingerprint] { return known }
    func holds(_ x: Term, _ y: Term) -> Bool? {
      if x == a, y == b {
        switch comparison {
        case .greater, .greaterOrEqual: return true
        case .less, .lessOrEqual: return false
        default: return nil
        }
      }
      if x == b, y == a { return holds(y, x).map { !$0 } }
      return nil
    }
    let result: Term
    switch form {
    case .extremum(let kind, let x, let y):
      // Whether x is the larger one; at a tie both are.
      if let larger = holds(x, y) {
        result = larger == (kind == .max) ? x : y
      } else {
        result = mapping { $0.assuming(comparison, a, b, &done) }
      }
    case .function(let f, a) where b.isZero && f.laws.sides != nil:
      switch (comparison, f.laws.sides) {
      case (.greater, let sides?), (.greaterOrEqual, let sides?):
        result = .multiply([.number(sides.above), a])
      case (.less, let sides?), (.lessOrEqual, let sides?):
        result = .multiply([.number(sides.below), a])
      default: result = self
      }
    case .compare:
      let condition = Term.compare(comparison, a, b)
      if self == condition {
        result = .one
      } else if negatedCondition == condition {
        result = .zero
      } else {
        result = mapping { $0.assuming(comparison, a, b, &done) }
      }
    case .choose(let condition, let x, let y):
      let known = condition.assuming(comparison, a, b, &done)
      result = .choose(
        known, x.assuming(comparison, a, b, &done), y.assuming(comparison, a, b, &done))
    case .sum, .reduce, .isExtremum, .softmax, .matrix, .product: result = self
    default: result = mapping { $0.assuming(comparison, a, b, &done) }
    }
    done[fingerprint] = result
    return result
  }
}
