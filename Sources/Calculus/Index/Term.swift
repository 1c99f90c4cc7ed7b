/// A number that depends on indices: `Σ_k A_ik x_k − b_i`. Immutable, canonical, shareable.
///
/// Make terms with the functions of `Term+Construction.swift` only: they keep products and sums flat,
/// sorted and collected, so that equal terms are equal.
final class Term: Sendable {
  indirect enum Form: Sendable {
    case number(Number)
    case constant(NamedConstant)
    case size(Dimension)
    /// An entry of a symbol; a scalar has no indices.
    case entry(Symbol, [Index])
    /// The value of an index as a number, from 1.
    case position(Index)
    /// 1 where both indices are equal, else 0.
    case delta(Index, Index)
    /// At least two terms, none of them a sum, no two alike.
    case add([Term])
    /// A number and at least one factor, none of them a number or product, no two of one base.
    case multiply(Number, [Term])
    case power(Term, Term)
    case function(ElementFunction, Term)
    case extremum(Extremum, Term, Term)
    /// 1 where it holds, else 0.
    case compare(Comparison, Term, Term)
    case choose(Term, Term, Term)
    case sum(Index, Term)
    /// The largest or smallest over some indices.
    case reduce(Extremum, [Index], Term)
    /// 1 where `at` is the first position of the largest or smallest, else 0.
    case isExtremum(Extremum, Index, Term, at: Index)
    /// exp(body at `at`) / Σ exp(body).
    case softmax(Index, Term, at: Index)
    /// A function of the matrix over two indices: its entry at two others, or its number.
    case matrix(MatrixFunction, [Index], Term, at: [Index])
    /// An unknown function's derivative of the given order in every argument.
    case call(String, [Int], [Term])
    /// An entry of something that does not depend on what is differentiated by.
    case constantEntry(Expression, [Index])
    /// Π over an index.
    case product(Index, Term)
    /// 1, −1 or 0: the sign of the permutation of 1, 2, 3 that three indices are.
    case permutation(Index, Index, Index)
  }

  let form: Form
  let fingerprint: Fingerprint
  /// Its place in the order of factors.
  let rank: Int
  /// Indices that nothing in here binds; no fixed positions.
  let free: Set<Index>
  /// How long it is when written out; what simplification makes smaller. Saturates.
  let cost: Int
  /// Its degree as a polynomial, roughly: orders the terms of a sum.
  let degree: Int
  /// How deeply sums are nested in it.
  let level: Int
  /// Whether it is a δ, a product with one, or a sum with such a part.
  let hasDelta: Bool
  /// Whether an index in it is the row or column of one that counts the entries of a matrix.
  let hasParts: Bool

  /// Only for `Term+Construction.swift`.
  init(_ form: Form) {
    self.form = form
    fingerprint = form.fingerprint
    let (rank, children) = form.anatomy
    self.rank = rank
    var free = form.ownIndices
    for child in children { free.formUnion(child.free) }
    for index in form.boundIndices { free.remove(index) }
    for index in form.atIndices { index.insertLeaves(into: &free) }
    self.free = free
    var cost = form.ownCost
    var level = 0
    for child in children {
      cost = min(cost + child.cost, 1 << 40)
      level = max(level, child.level)
    }
    self.cost = cost
    hasParts = form.entryIndices.contains(where: \.hasPart) || children.contains(where: \.hasParts)
    self.level = level + (form.boundIndices.isEmpty ? 0 : form.boundIndices.count)
    degree = max(-1_000_000, min(1_000_000, form.degree))
    hasDelta =
      switch form {
      case .delta: true
      case .add(let parts), .multiply(_, let parts): parts.contains(where: \.hasDelta)
      default: false
      }
  }
}

extension Term {
  /// Whether it is a number made of indices that run.
  var comparesPositions: Bool {
    switch form {
    case .position(let index): !index.isFixed
    case .add(let parts): parts.contains(where: \.comparesPositions)
    case .multiply(_, let factors): factors.contains(where: \.comparesPositions)
    default: false
    }
  }
}

extension Term: Hashable {
  static func == (a: Term, b: Term) -> Bool { a.fingerprint == b.fingerprint }
  func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }
}

extension Term.Form {
  /// One line a form: its place in the order of factors (numbers, sizes, scalars, entries, sums, functions,
  /// conditions), and the terms directly below.
  fileprivate var anatomy: (rank: Int, children: [Term]) {
    switch self {
    case .number: (0, [])
    case .size: (1, [])
    case .constant: (2, [])
    case .entry(_, let indices): (indices.isEmpty ? 3 : 4, [])
    case .position: (5, [])
    case .call(_, _, let arguments): (6, arguments)
    case .power(let a, let b): (7, [a, b])
    case .function(_, let a): (8, [a])
    case .softmax(_, let a, _): (9, [a])
    case .extremum(_, let a, let b): (10, [a, b])
    case .reduce(_, _, let a): (11, [a])
    case .sum(_, let a): (12, [a])
    case .matrix(_, _, let a, let at): (at.isEmpty ? 6 : 9, [a])
    case .add(let parts): (13, parts)
    case .multiply(_, let factors): (14, factors)
    case .choose(let c, let a, let b): (15, [c, a, b])
    case .compare(_, let a, let b): (16, [a, b])
    case .isExtremum(_, _, let a, _): (17, [a])
    case .delta: (18, [])
    case .constantEntry: (4, [])
    case .product(_, let a): (12, [a])
    case .permutation: (19, [])
    }
  }

  var children: [Term] { anatomy.children }

  /// The indices that the body of this form binds.
  var boundIndices: [Index] {
    switch self {
    case .sum(let index, _), .softmax(let index, _, _), .isExtremum(_, let index, _, _),
      .product(let index, _):
      [index]
    case .reduce(_, let indices, _), .matrix(_, let indices, _, _): indices
    default: []
    }
  }

  /// The free indices that select an entry of a bound one.
  var atIndices: [Index] {
    switch self {
    case .softmax(_, _, let at), .isExtremum(_, _, _, let at): [at]
    case .matrix(_, _, _, let at): at
    default: []
    }
  }

  /// The two indices of an entry of a matrix.
  var rowAndColumn: (row: Index, column: Index)? {
    switch self {
    case .entry(_, let at) where at.count == 2, .matrix(_, _, _, let at) where at.count == 2:
      (at[0], at[1])
    default: nil
    }
  }

  fileprivate var ownIndices: Set<Index> {
    switch self {
    case .entry, .constantEntry, .position, .delta, .permutation:
      entryIndices.reduce(into: []) { $1.insertLeaves(into: &$0) }
    default: []
    }
  }

  /// The indices that stand in this form itself.
  var entryIndices: [Index] {
    switch self {
    case .entry(_, let indices), .constantEntry(_, let indices): indices
    case .position(let index): [index]
    case .delta(let a, let b): [a, b]
    case .permutation(let a, let b, let c): [a, b, c]
    default: atIndices
    }
  }

  fileprivate var ownCost: Int {
    switch self {
    case .add(let parts): parts.count - 1
    case .multiply(let c, let parts):
      (c == .one ? 0 : c == .minusOne ? 1 : 2) + parts.count - 1
    case .power(_, let e):
      // Division is no dearer than a product.
      if case .number(.fraction(-1, 1)) = e.form { 0 } else { 1 }
    case .choose: 3
    default: 1
    }
  }

  fileprivate var degree: Int {
    switch self {
    case .number, .constant, .size, .delta, .compare: 0
    case .add(let parts): parts.map(\.degree).max() ?? 0
    case .multiply(_, let parts): parts.reduce(0) { $0 + $1.degree }
    case .power(let base, let exponent):
      if case .number(let n) = exponent.form, let n = n.integer, n.magnitude < 1000 {
        base.degree &* n
      } else {
        base.degree
      }
    case .function(_, let a): a.degree == 0 ? 0 : 1
    case .sum(_, let body): body.degree
    case .permutation: 0
    default: 1
    }
  }

  fileprivate var fingerprint: Fingerprint {
    var mixer = FingerprintMixer(2)
    let (rank, children) = anatomy
    mixer.mix(rank)
    mixer.mix(children.map(\.fingerprint))
    for index in boundIndices { index.mix(into: &mixer) }
    for index in atIndices { index.mix(into: &mixer) }
    switch self {
    case .number(let number), .multiply(let number, _): number.mix(into: &mixer)
    case .constant(let constant): mixer.mix(constant.rawValue)
    case .size(let size): size.mix(into: &mixer)
    case .entry(let symbol, let indices):
      mixer.mix(symbol.name)
      symbol.shape.mix(into: &mixer)
      for index in indices { index.mix(into: &mixer) }
    case .position, .delta, .permutation:
      for index in entryIndices { index.mix(into: &mixer) }
    case .constantEntry(let array, let indices):
      mixer.mix("constant")
      mixer.mix(array.fingerprint)
      for index in indices { index.mix(into: &mixer) }
    case .product: mixer.mix("product")
    case .function(let function, _): function.mix(into: &mixer)
    case .extremum(let kind, _, _), .reduce(let kind, _, _), .isExtremum(let kind, _, _, _):
      mixer.mix(kind.rawValue)
    case .compare(let comparison, _, _): mixer.mix(comparison.rawValue)
    case .matrix(let function, _, _, _): mixer.mix(function.rawValue)
    case .call(let name, let orders, _):
      mixer.mix(name)
      for order in orders { mixer.mix(order) }
    default: break
    }
    return mixer.fingerprint
  }
}
