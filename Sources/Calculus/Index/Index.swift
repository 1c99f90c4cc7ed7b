/// An index of a term: it runs over a dimension, or is a fixed position.
struct Index: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    /// A fixed position, from 1.
    case literal(Int)
    /// A fixed position that is known with the values only: the `i` of `x[i]` where it is a parameter.
    case computed(Expression)
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
  /// What it runs over; of no meaning for a literal. For a computed position, where it is one.
  let dimension: Dimension

  static func literal(_ position: Int) -> Index {
    Index(kind: .literal(position), dimension: .number(1))
  }

  /// The position of an index that does not run, or nil.
  var position: Expression? {
    switch kind {
    case .literal(let i): .number(i)
    case .computed(let position): position
    default: nil
    }
  }
  /// Whether it is one position, written or computed.
  var isFixed: Bool { position != nil }

  private var rank: (Int, Int) {
    switch kind {
    case .literal(let i): (0, i)
    case .computed: (1, 0)
    case .output(let i): (2, i)
    case .named: (3, 0)
    case .bound(let i): (4, i)
    case .fresh(let i): (5, i)
    }
  }

  static func < (a: Index, b: Index) -> Bool {
    if a.rank != b.rank { return a.rank < b.rank }
    if case .named(let x) = a.kind, case .named(let y) = b.kind, x != y { return x < y }
    if case .computed(let x) = a.kind, case .computed(let y) = b.kind, x != y {
      return x.text < y.text
    }
    return a.dimension.description < b.dimension.description
  }

  func mix(into mixer: inout FingerprintMixer) {
    mixer.mix(rank.0)
    mixer.mix(rank.1)
    switch kind {
    case .named(let name): mixer.mix(name)
    case .computed(let position): mixer.mix(position.fingerprint)
    default: break
    }
    if case .literal = kind { return }
    dimension.mix(into: &mixer)
  }
}

extension Index {
  /// What chooses an entry: a number, the name of an index, or a position that is known with the values; else nil.
  init?(_ entry: Expression, over dimension: Dimension) {
    if case .index(let name) = entry.node {
      self.init(kind: .named(name), dimension: dimension)
    } else if let position = entry.number?.integer {
      self = .literal(position)
    } else if entry.freeIndices.isEmpty {
      self.init(kind: .computed(entry), dimension: dimension)
    } else {
      return nil
    }
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
