/// What binds indices: Σ, the largest over an index, softmax. And renaming indices.
extension Term {
  /// Σ over an index. Parts apart, factors without the index in front, δ's summed away.
  static func sum(_ index: Index, _ body: Term) -> Term {
    if index.isFixed { return body }
    if let (rows, columns) = body.matrix(of: index) {
      // An index that counts the entries of a matrix is two.
      let row = Index(kind: .bound(body.level + 2), dimension: rows)
      let column = Index(kind: .bound(body.level + 1), dimension: columns)
      let whole = Index.joined(row, column, rows, columns)
      return sum([row, column], body.substituting([index: whole]))
    }
    if !body.free.contains(index) { return multiply([.size(index.dimension), body]) }
    if case .add(let parts) = body.form { return add(parts.map { sum(index, $0) }) }
    let (c, factors) = body.factors
    if let position = factors.firstIndex(where: {
      if case .delta(let a, let b) = $0.form { a == index || b == index } else { false }
    }), case .delta(let a, let b) = factors[position].form {
      let rest = factors.removing(at: position)
      let other = a == index ? b : a
      return multiply([.number(c)] + rest.map { $0.substituting([index: other]) })
    }
    if let position = factors.firstIndex(where: { $0.sumsDelta(of: index) }),
      case .sum(let bound, let inner) = factors[position].form
    {
      let open = Index(kind: .bound(body.level + 1), dimension: bound.dimension)
      let inside = inner.substituting([bound: open])
      return sum(
        open, sum(index, multiply([.number(c), inside] + factors.removing(at: position))))
    }
    let inside = factors.filter { $0.free.contains(index) }
    if inside.count < factors.count || !c.isOne {
      let outside = factors.filter { !$0.free.contains(index) }
      return multiply([.number(c)] + outside + [sum(index, rawProduct(.one, inside))])
    }
    if case .entry(let symbol, let at) = body.form, symbol.structure == .oneHot, at.last == index,
      !at.dropLast().contains(index)
    {
      return .one
    }
    let bound = Index(kind: .bound(body.level + 1), dimension: index.dimension)
    return Term(.sum(bound, body.substituting([index: bound])))
  }

  /// Whether it is Σ_k δ(index, k + shift) …: what stands at the index of parts one behind the other.
  private func sumsDelta(of index: Index) -> Bool {
    guard case .sum(let bound, let inner) = form else { return false }
    return inner.factors.factors.contains { factor in
      guard case .delta(let a, let b) = factor.form, a == index || b == index else { return false }
      return (a == index ? b : a).leaves == [bound]
    }
  }

  /// Σ over several indices, the last innermost.
  static func sum(_ indices: [Index], _ body: Term) -> Term {
    indices.reversed().reduce(body) { sum($1, $0) }
  }

  /// The sizes of a matrix whose entries an index counts somewhere in here, or nil.
  func matrix(of index: Index) -> (rows: Dimension, columns: Dimension)? {
    guard hasParts, free.contains(index) else { return nil }
    for found in form.entryIndices {
      if let sizes = found.matrix(of: index) { return sizes }
    }
    for child in form.children {
      if let sizes = child.matrix(of: index) { return sizes }
    }
    return nil
  }

  /// Π over an index.
  static func product(_ index: Index, _ body: Term) -> Term {
    if index.isFixed { return body }
    if !body.free.contains(index) { return power(body, .size(index.dimension)) }
    let (bound, renamed) = binding([index], body)
    return Term(.product(bound[0], renamed))
  }

  var isProduct: Bool { if case .product = form { true } else { false } }

  /// The sign of a permutation; its indices are sorted.
  static func permutation(_ a: Index, _ b: Index, _ c: Index) -> Term {
    if a == b || b == c || a == c { return .zero }
    if b < a { return negate(permutation(b, a, c)) }
    if c < b { return negate(permutation(a, c, b)) }
    // (1, 2, 3) is the only order that is left of known ones.
    if case .literal = a.kind, case .literal = b.kind, case .literal = c.kind { return .one }
    return Term(.permutation(a, b, c))
  }

  /// The largest or smallest over some indices.
  static func reduce(_ kind: Extremum, _ indices: [Index], _ body: Term) -> Term {
    let indices = indices.filter { !$0.isFixed && body.free.contains($0) }
    if indices.isEmpty { return body }
    let (bound, renamed) = binding(indices, body)
    return Term(.reduce(kind, bound, renamed))
  }

  /// 1 where `at` is the first position of the largest or smallest.
  static func isExtremum(_ kind: Extremum, _ index: Index, _ body: Term, at: Index) -> Term {
    if index.isFixed { return .one }
    let (bound, renamed) = binding([index], body)
    return Term(.isExtremum(kind, bound[0], renamed, at: at))
  }

  /// softmax over an index, its entry at another.
  static func softmax(_ index: Index, _ body: Term, at: Index) -> Term {
    if index.isFixed { return .one }
    let (bound, renamed) = binding([index], body)
    return Term(.softmax(bound[0], renamed, at: at))
  }

  /// The entry at two indices of a function of the matrix whose entries `body` has at `indices`, or its number.
  ///
  /// (cM)⁻¹ = M⁻¹/c, (M⁻¹)⁻¹ = M, det M⁻¹ = 1/det M; of a diagonal matrix entry by entry. A symmetric matrix has a
  /// symmetric inverse; else the transpose is outside. A trace is a sum.
  static func matrix(
    _ function: MatrixFunction, _ indices: [Index], _ body: Term, at: [Index] = []
  ) -> Term {
    if function == .trace { return sum(indices[0], body.substituting([indices[1]: indices[0]])) }
    if indices.allSatisfy(\.isFixed) {
      return function == .determinant ? body : power(body, .minusOne)
    }
    if let fixed = indices.firstIndex(where: \.isFixed) {
      // The pseudoinverse of a row or column.
      let running = indices[1 - fixed]
      return divide(
        body.substituting([running: at[fixed]]), sum(running, power(body, .number(2))))
    }
    let (c, factors) = body.factors
    let inside = factors.filter { !$0.free.isDisjoint(with: indices) }
    if function != .determinant, inside.count < factors.count || !c.isOne {
      let outside = rawProduct(c, factors.filter { !inside.contains($0) })
      return divide(matrix(function, indices, rawProduct(.one, inside), at: at), outside)
    }
    if case .matrix(let inner, let bound, let matrix, let places) = body.form,
      inner == .inverse || inner == function, Set(places) == Set(indices)
    {
      if function == .determinant {
        return power(.matrix(function, bound, matrix), .minusOne)
      }
      let order = places == indices ? at : at.reversed()
      return matrix.substituting([bound[0]: order[0], bound[1]: order[1]])
    }
    if let diagonal = body.onDiagonal(indices) {
      if function != .determinant {
        let entry = diagonal.substituting([indices[0]: at[0]])
        return multiply([.delta(at[0], at[1]), power(entry, .minusOne)])
      }
      if diagonal.isOne { return .one }
    }
    let (p, q) = (indices[0], indices[1])
    if function == .inverse, at[0] == at[1], case .entry(let symbol, _) = body.form,
      symbol.structure == .triangular
    {
      return power(.entry(symbol, at), .minusOne)
    }
    if body.substituting([p: q, q: p]) == body {
      let (bound, renamed) = binding(indices, body)
      return Term(.matrix(function, bound, renamed, at: at.sorted(by: <)))
    }
    let isTurned = body.orientation(p, q) < 0
    let (bound, renamed) = binding(isTurned ? [q, p] : [p, q], body)
    return Term(.matrix(function, bound, renamed, at: isTurned ? at.reversed() : at))
  }

  /// What stands on the diagonal of a matrix over two indices that is 0 elsewhere, or nil.
  private func onDiagonal(_ indices: [Index]) -> Term? {
    let delta = Term.delta(indices[0], indices[1])
    guard parts.allSatisfy({ $0.factors.factors.contains(delta) }) else { return nil }
    return substituting([indices[1]: indices[0]])
  }

  /// Whether it is the same at another index: x_i − μ_i and x_j − μ_j.
  func isEqual(to other: Term) -> Bool {
    guard free.count == 1, other.free.count == 1, let a = free.first, let b = other.free.first
    else { return false }
    return substituting([a: b]) == other
  }

  /// Whether the matrix over both indices has `a` as its rows in more of the entries in here than `b` (> 0), or in
  /// fewer: each entry with one of them as its row or column has a vote.
  func orientation(_ a: Index, _ b: Index) -> Int {
    var seen: Set<Fingerprint> = []
    var votes = 0
    func count(_ term: Term) {
      guard term.free.contains(a) || term.free.contains(b),
        seen.insert(term.fingerprint).inserted
      else { return }
      if let pair = term.form.rowAndColumn {
        if pair.row == a || pair.column == b { votes += 1 }
        if pair.row == b || pair.column == a { votes -= 1 }
      }
      for child in term.form.children { count(child) }
    }
    count(self)
    return votes
  }

  private static func binding(_ indices: [Index], _ body: Term) -> ([Index], Term) {
    let bound = indices.enumerated().map {
      Index(kind: .bound(body.level + indices.count - $0.offset), dimension: $0.element.dimension)
    }
    // Most often they are named so already, and the body stays as it is.
    guard bound != indices else { return (bound, body) }
    let map = Dictionary(zip(indices, bound), uniquingKeysWith: { first, _ in first })
    return (bound, body.substituting(map))
  }

  /// This term with other indices. The new ones must not be bound inside.
  func substituting(_ map: [Index: Index]) -> Term {
    guard map.keys.contains(where: { free.contains($0) }) else { return self }
    var done: [Fingerprint: Term] = [:]
    return substituting(map, &done)
  }

  private func substituting(_ map: [Index: Index], _ done: inout [Fingerprint: Term]) -> Term {
    guard map.keys.contains(where: { free.contains($0) }) else { return self }
    if let term = done[fingerprint] { return term }
    func renamed(_ index: Index) -> Index { index.replacing(map) }
    let result: Term
    switch form {
    case .number, .constant, .size: result = self
    case .entry(let symbol, let indices): result = .entry(symbol, indices.map(renamed))
    case .constantEntry(let array, let indices):
      result = Term(.constantEntry(array, indices.map(renamed)))
    case .permutation(let a, let b, let c):
      result = .permutation(renamed(a), renamed(b), renamed(c))
    case .position(let index): result = .position(renamed(index))
    case .delta(let a, let b): result = .delta(renamed(a), renamed(b))
    case .sum(_, let body), .reduce(_, _, let body), .isExtremum(_, _, let body, _),
      .softmax(_, let body, _), .matrix(_, _, let body, _), .product(_, let body):
      result = closing(form.boundIndices, body.substituting(map, &done), at: renamed)
    default: result = mapping { $0.substituting(map, &done) }
    }
    done[fingerprint] = result
    return result
  }

  /// The same with the structure that a symbol has, where its entries were taken for independent.
  func using(_ symbol: Symbol) -> Term {
    replacing {
      if case .entry(symbol, let indices) = $0.form { .entry(symbol, indices) } else { nil }
    }
  }

  /// The same with every part for which `replacement` gives another in its place.
  func replacing(_ replacement: (Term) -> Term?) -> Term {
    var done: [Fingerprint: Term] = [:]
    func visit(_ term: Term) -> Term {
      if let known = done[term.fingerprint] ?? replacement(term) { return known }
      let result: Term =
        switch term.form {
        case .sum(_, let body), .reduce(_, _, let body), .isExtremum(_, _, let body, _),
          .softmax(_, let body, _), .matrix(_, _, let body, _), .product(_, let body):
          term.closing(term.form.boundIndices, visit(body))
        default: term.mapping(visit)
        }
      done[term.fingerprint] = result
      return result
    }
    return visit(self)
  }

  /// The same form over other children; not for forms that bind indices.
  func mapping(_ change: (Term) -> Term) -> Term {
    switch form {
    case .add(let parts): .add(parts.map(change))
    case .multiply(let c, let factors): .multiply([.number(c)] + factors.map(change))
    case .power(let a, let b): .power(change(a), change(b))
    case .function(let function, let a): .function(function, change(a))
    case .extremum(let kind, let a, let b): .extremum(kind, change(a), change(b))
    case .compare(let comparison, let a, let b): .compare(comparison, change(a), change(b))
    case .choose(let c, let a, let b): .choose(change(c), change(a), change(b))
    case .call(let name, let orders, let arguments): .call(name, orders, arguments.map(change))
    default: self
    }
  }

  /// What a binding form's body is with fresh indices in place of the bound ones.
  func opened(_ source: IndexSource) -> (indices: [Index], body: Term) {
    let bound = form.boundIndices
    guard let body = form.children.first, !bound.isEmpty else { return ([], self) }
    let fresh = bound.map { source.fresh($0.dimension) }
    let map = Dictionary(zip(bound, fresh), uniquingKeysWith: { first, _ in first })
    return (fresh, body.substituting(map))
  }

  /// A binding form rebuilt over a changed body; the indices are those of `opened`.
  func closing(_ indices: [Index], _ body: Term, at renamed: (Index) -> Index = { $0 }) -> Term {
    switch form {
    case .sum: .sum(indices, body)
    case .product: .product(indices[0], body)
    case .reduce(let kind, _, _): .reduce(kind, indices, body)
    case .isExtremum(let kind, _, _, let at): .isExtremum(kind, indices[0], body, at: renamed(at))
    case .softmax(_, _, let at): .softmax(indices[0], body, at: renamed(at))
    case .matrix(let function, _, _, let at):
      .matrix(function, indices, body, at: at.map(renamed))
    default: body
    }
  }
}

// MARK: Distributing

extension Term {
  /// Σ_p y_p (V_jp − c_j) as Σ_p y_p V_jp − c_j Σ_p y_p, wherever such a sum stands in it.
  ///
  /// c, made of sums itself, would be a vector that is added to every row of a matrix to be multiplied: that is no
  /// notation. The bias of X W + b may be, and what is joined entry by entry, as in G ⊙ (X − mean).
  func distributed(_ source: IndexSource) -> Term {
    guard level > 0 else { return self }
    guard !form.boundIndices.isEmpty else { return mapping { $0.distributed(source) } }
    let (indices, whole) = opened(source)
    let body = whole.distributed(source)
    guard case .sum = form else { return closing(indices, body) }
    let (c, factors) = body.factors
    for (place, factor) in factors.enumerated() {
      guard case .add(let parts) = factor.form, factor.free.contains(indices[0]) else { continue }
      let rest = factors.removing(at: place)
      let isProduct =
        factor.free.count > 2
        || factor.free.count == 2 && rest.allSatisfy { $0.free.isSubset(of: indices) }
      let isBroadcast = parts.contains { part in
        !part.free.contains(indices[0]) && !part.free.isEmpty && part.level > 0
      }
      guard isProduct, isBroadcast else { continue }
      return .add(
        parts.map { part in
          Term.sum(indices, .multiply([.number(c), part] + rest)).distributed(source)
        })
    }
    return closing(indices, body)
  }
}
