/// Every derivative, once. Vectors and matrices need no rules of their own: they are terms with
/// indices, and ∂x_i/∂x_j = δ_ij.
enum DerivativeTable {
  /// f′ at a.
  ///
  /// Throws: `CalculusError.noDerivative` where f has none.
  static func slope(_ f: ElementFunction, _ a: Term) throws(CalculusError) -> Term {
    try Lowering(IndexSource(), [f.argument: a]).lower(f.derivative(), at: [])
  }

  /// The derivative of a term, given those of its children by `d`.
  static func derivative(
    of term: Term, _ source: IndexSource, _ d: (Term) throws(CalculusError) -> Term
  ) throws(CalculusError) -> Term {
    switch term.form {
    // A constant, a size, an index: 0. (Entries are the differentiator's.)
    case .number, .constant, .size, .position, .delta, .entry, .constantEntry, .permutation:
      return .zero
    // (a + b)′ = a′ + b′
    case .add(let parts):
      return .add(try parts.map(d))
    // (ab)′ = a′b + ab′
    case .multiply(let c, let factors):
      var terms: [Term] = []
      for (i, factor) in factors.enumerated() {
        let slope = try d(factor)
        if slope.isZero { continue }
        var product = factors
        product[i] = slope
        terms.append(.multiply([.number(c)] + product))
      }
      return .add(terms)
    // (a^b)′ = b a^(b−1) a′ + a^b ln(a) b′
    case .power(let a, let b):
      let (da, db) = (try d(a), try d(b))
      let ofBase = da.isZero ? .zero : Term.multiply([b, .power(a, .subtract(b, .one)), da])
      return db.isZero ? ofBase : .add([ofBase, .multiply([term, .function(.ln, a), db])])
    case .function(.ln, let a): return try logarithm(a, source, d)
    // f(a)′ = f′(a) a′
    case .function(let f, let a):
      let inner = try d(a)
      return inner.isZero ? .zero : .multiply([try slope(f, a), inner])
    // max(a, b)′ is a′ where a is larger, b′ where b is; at a tie 0 if one is constant, else a′.
    case .extremum(let kind, let a, let b):
      let (da, db) = (try d(a), try d(b))
      let strictly: Comparison = kind == .max ? .greater : .less
      let tie: Comparison = kind == .max ? .greaterOrEqual : .lessOrEqual
      let first = Term.compare(a.isConstant || b.isConstant ? strictly : tie, a, b)
      return .add([
        .multiply([first, da]), .multiply([.compare(strictly, b, a), db]),
      ])
    // A condition is constant wherever it has a derivative.
    case .compare, .isExtremum: return .zero
    case .choose(let condition, let a, let b): return .choose(condition, try d(a), try d(b))
    // (Σ a)′ = Σ a′
    case .sum:
      let (indices, body) = term.opened(source)
      return .sum(indices, try d(body))
    case .product: return try product(term, source, d)
    case .reduce(let kind, _, _): return try largest(kind, term, source, d)
    // softmax_i′ = s_i (a_i′ − Σ_k s_k a_k′)
    case .softmax(_, _, let at):
      let (indices, body) = term.opened(source)
      let slope = try d(body)
      if slope.isZero { return .zero }
      let (other, copy) = term.opened(source)
      let atEntry = slope.substituting([indices[0]: at])
      let share = Term.softmax(other[0], copy, at: indices[0])
      return .multiply([
        term, .subtract(atEntry, .sum(indices[0], .multiply([share, slope]))),
      ])
    case .matrix(let function, _, _, let at):
      return try change(of: function, at, term, source, d)
    // f(a, b)′ = ∂₁f a′ + ∂₂f b′
    case .call(let name, let orders, let arguments):
      return .add(
        try arguments.indices.map { i throws(CalculusError) in
          var higher = orders
          higher[i] += 1
          return .multiply([.call(name, higher, arguments), try d(arguments[i])])
        })
    }
  }

  /// (ln a)′ = a′/a, (ln|a|)′ = a′/a, (ln Π a)′ = Σ a′/a.
  private static func logarithm(
    _ a: Term, _ source: IndexSource, _ d: (Term) throws(CalculusError) -> Term
  ) throws(CalculusError) -> Term {
    if a.isProduct {
      let (indices, body) = a.opened(source)
      return .sum(indices, .divide(try d(body), body))
    }
    if case .function(let f, let u) = a.form, f.laws.isMagnitude { return .divide(try d(u), u) }
    let inner = try d(a)
    return inner.isZero ? .zero : .multiply([try slope(.ln, a), inner])
  }

  /// (M⁻¹)′ = −M⁻¹ M′ M⁻¹, (det M)′ = det M · tr(M⁻¹ M′),
  /// (M⁺)′ = −M⁺ M′ M⁺ + M⁺ M⁺ᵀ M′ᵀ (I − M M⁺) + (I − M⁺ M) M′ᵀ M⁺ᵀ M⁺ where the rank stays.
  private static func change(
    of function: MatrixFunction, _ at: [Index], _ term: Term, _ source: IndexSource,
    _ d: (Term) throws(CalculusError) -> Term
  ) throws(CalculusError) -> Term {
    let (indices, body) = term.opened(source)
    let slope = try d(body)
    if slope.isZero { return .zero }
    let (p, q) = (indices[0], indices[1])
    /// The entry of the function, or of the inverse, at other indices.
    func entry(_ i: Index, _ j: Index) -> Term {
      let (other, copy) = term.opened(source)
      return .matrix(function == .determinant ? .inverse : function, other, copy, at: [i, j])
    }
    if function == .determinant {
      return .multiply([term, .sum(indices, .multiply([entry(q, p), slope]))])
    }
    let (i, j) = (at[0], at[1])
    let inverse = Term.negate(.sum(indices, .multiply([entry(i, p), slope, entry(q, j)])))
    guard function == .pseudoinverse else { return inverse }
    func sum(over size: Dimension, _ factors: (Index) -> [Term]) -> Term {
      let k = source.fresh(size)
      return .sum(k, .multiply(factors(k)))
    }
    func value(_ p: Index, _ q: Index) -> Term {
      let (other, copy) = term.opened(source)
      return copy.substituting([other[0]: p, other[1]: q])
    }
    let (m, n) = (p.dimension, q.dimension)
    let left = sum(over: m) { [entry(i, $0), entry(q, $0)] }
    let outside = Term.subtract(.delta(p, j), sum(over: n) { [value(p, $0), entry($0, j)] })
    let inside = Term.subtract(.delta(i, q), sum(over: m) { [entry(i, $0), value($0, q)] })
    let right = sum(over: n) { [entry($0, p), entry($0, j)] }
    return .add([
      inverse, .sum(indices, .multiply([left, slope, outside])),
      .sum(indices, .multiply([inside, slope, right])),
    ])
  }

  /// (Π a)′ = Σ_j a_j′ Π_{i ≠ j} a_i, with zeros among the factors too.
  private static func product(
    _ term: Term, _ source: IndexSource, _ d: (Term) throws(CalculusError) -> Term
  ) throws(CalculusError) -> Term {
    let (indices, body) = term.opened(source)
    let slope = try d(body)
    if slope.isZero { return .zero }
    let (others, copy) = term.opened(source)
    let isOwn = Term.delta(indices[0], others[0])
    return .sum(indices, .multiply([slope, .product(others[0], .choose(isOwn, .one, copy))]))
  }

  /// The largest changes as the first of the entries that attain it: of a matrix the first of its row, in the first
  /// row that has it.
  private static func largest(
    _ kind: Extremum, _ term: Term, _ source: IndexSource,
    _ d: (Term) throws(CalculusError) -> Term
  ) throws(CalculusError) -> Term {
    let (indices, body) = term.opened(source)
    let slope = try d(body)
    if slope.isZero { return .zero }
    let isFirst = indices.enumerated().map { axis, index in
      let (bound, copy) = term.opened(source)
      let known = Dictionary(
        zip(bound, indices).prefix(axis), uniquingKeysWith: { first, _ in first })
      let rest = Term.reduce(kind, Array(bound.dropFirst(axis + 1)), copy.substituting(known))
      return Term.isExtremum(kind, bound[axis], rest, at: index)
    }
    return .sum(indices, .multiply(isFirst + [slope]))
  }
}

extension ElementFunction {
  /// f′ in terms of the argument: as it is stated, or the derivative of the formula.
  ///
  /// Throws: `CalculusError.noDerivative` where it has none.
  package func derivative() throws(CalculusError) -> Expression {
    if let refusal { throw refusal }
    if let slope { return slope }
    return try formula?.derivative(by: argument).expression ?? 0
  }

  /// The rule as it is stated, or what the formula's derivative says; nil where there is none.
  var derivativeRule: DerivativeRule? {
    guard let slope = try? derivative() else { return nil }
    let u = Expression.symbol(argument).latex
    return rule ?? DerivativeRule(name, "\(spelling.sign)'(\(u)) = \(slope.latex)")
  }
}
