/// An index of a term: it runs over a dimension, or is a fixed position.
struct Index: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    /// A fixed position, from 1.
    case literal(Int)
    /// An index of the result, in order.
    case output(Int)
    /// An index that the user named and nothing binds: the `j` of `∂y/∂w[j]`.
    case named(String)
    /// The index of a sum, named by its depth, so that equal sums are equal.
    case bound(Int)
    /// The index of a sum that is open for work; unique within one computation.
    case fresh(Int)
  }

  let kind: Kind
  /// What it runs over; of no meaning for a literal.
  let dimension: Dimension

  static func literal(_ position: Int) -> Index {
    Index(kind: .literal(position), dimension: .number(1))
  }

  var isLiteral: Bool {
    if case .literal = kind { return true }
    return false
  }

  private var rank: (Int, Int) {
    switch kind {
    case .literal(let i): (0, i)
    case .output(let i): (1, i)
    case .named: (2, 0)
    case .bound(let i): (3, i)
    case .fresh(let i): (4, i)
    }
  }

  static func < (a: Index, b: Index) -> Bool {
    if a.rank != b.rank { return a.rank < b.rank }
    if case .named(let x) = a.kind, case .named(let y) = b.kind, x != y { return x < y }
    return a.dimension.description < b.dimension.description
  }

  func mix(into mixer: inout FingerprintMixer) {
    mixer.mix(rank.0)
    mixer.mix(rank.1)
    if case .named(let name) = kind { mixer.mix(name) }
    if !isLiteral { dimension.mix(into: &mixer) }
  }
}

/// Gives out indices that no other term of the same computation has.
final class IndexSource {
  private var next = 0

  /// A new index over a dimension; over a dimension of 1 there is only the position 1.
  func fresh(_ dimension: Dimension) -> Index {
    if dimension.isOne { return .literal(1) }
    next += 1
    return Index(kind: .fresh(next), dimension: dimension)
  }

  static func output(_ position: Int, _ dimension: Dimension) -> Index {
    dimension.isOne ? .literal(1) : Index(kind: .output(position), dimension: dimension)
  }
}
