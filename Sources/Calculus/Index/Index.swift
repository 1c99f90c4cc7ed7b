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
    /// An index that runs through a part of something longer: i + 1 of x[2:4].
    indirect case shifted(Index, by: Dimension)
    /// Two indices as one that counts row by row, as the entries of a matrix in a vector.
    indirect case joined(Index, Index, rows: Dimension, columns: Dimension)
    /// The row, or the column, in a matrix of these sizes of an index that counts row by row.
    indirect case part(Index, isRow: Bool, rows: Dimension, columns: Dimension)
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
    case .shifted(let i, _): (6, i.rank.1)
    case .joined(let i, _, _, _): (7, i.rank.1)
    case .part(let i, let isRow, _, _): (isRow ? 8 : 9, i.rank.1)
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
    case .shifted(let index, let shift):
      index.mix(into: &mixer)
      shift.mix(into: &mixer)
    case .joined(let row, let column, _, let columns):
      row.mix(into: &mixer)
      column.mix(into: &mixer)
      columns.mix(into: &mixer)
    case .part(let index, _, let rows, let columns):
      index.mix(into: &mixer)
      rows.mix(into: &mixer)
      columns.mix(into: &mixer)
    default: break
    }
    if case .literal = kind { return }
    dimension.mix(into: &mixer)
  }
}

/// Indices made of others.
extension Index {
  /// The running indices that it is made of: itself, but of a position none.
  var leaves: [Index] {
    switch kind {
    case .literal, .computed: []
    case .shifted(let index, _), .part(let index, _, _, _): index.leaves
    case .joined(let row, let column, _, _): row.leaves + column.leaves
    default: [self]
    }
  }

  func insertLeaves(into found: inout Set<Index>) {
    switch kind {
    case .literal, .computed: break
    case .shifted, .joined, .part: found.formUnion(leaves)
    default: found.insert(self)
    }
  }

  /// Whether it is made of the row or column of an index.
  var hasPart: Bool {
    switch kind {
    case .part: true
    case .shifted(let index, _): index.hasPart
    case .joined(let row, let column, _, _): row.hasPart || column.hasPart
    default: false
    }
  }

  /// An index plus a number, in something of a size.
  static func shifted(_ index: Index, by shift: Dimension, in size: Dimension) -> Index {
    if let position = index.position {
      if let known = Dimension(position).map({ $0 + shift }) {
        if case .number(let place) = known { return .literal(place) }
        return Index(kind: .computed(known.expression), dimension: size)
      }
      let moved = Expression(.add([position, .size(shift)]), .scalar)
      return Index(kind: .computed(moved), dimension: size)
    }
    if case .shifted(let inner, let first) = index.kind {
      return shifted(inner, by: first + shift, in: size)
    }
    if shift == .number(0), index.dimension == size { return index }
    return Index(kind: .shifted(index, by: shift), dimension: size)
  }

  /// (row, column) as one index, row by row.
  static func joined(_ row: Index, _ column: Index, _ rows: Dimension, _ columns: Dimension)
    -> Index
  {
    if rows.isOne { return column }
    if columns.isOne { return row }
    if case .literal(let i) = row.kind, case .literal(let j) = column.kind,
      case .number(let width) = columns
    {
      return .literal((i - 1) * width + j)
    }
    if case .part(let whole, true, rows, columns) = row.kind,
      case .part(whole, false, rows, columns) = column.kind
    {
      return whole
    }
    return Index(
      kind: .joined(row, column, rows: rows, columns: columns), dimension: rows * columns)
  }

  /// The row, or the column, of an index that counts row by row.
  func part(isRow: Bool, _ rows: Dimension, _ columns: Dimension) -> Index {
    if rows.isOne { return isRow ? .literal(1) : self }
    if columns.isOne { return isRow ? self : .literal(1) }
    if case .literal(let place) = kind, case .number(let width) = columns {
      return .literal(isRow ? (place - 1) / width + 1 : (place - 1) % width + 1)
    }
    if case .joined(let row, let column, rows, columns) = kind { return isRow ? row : column }
    return Index(
      kind: .part(self, isRow: isRow, rows: rows, columns: columns),
      dimension: isRow ? rows : columns)
  }

  /// The same of other indices.
  func replacing(_ map: [Index: Index]) -> Index {
    if let other = map[self] { return other }
    switch kind {
    case .shifted(let index, let shift):
      return .shifted(index.replacing(map), by: shift, in: dimension)
    case .joined(let row, let column, let rows, let columns):
      return .joined(row.replacing(map), column.replacing(map), rows, columns)
    case .part(let index, let isRow, let rows, let columns):
      return index.replacing(map).part(isRow: isRow, rows, columns)
    default: return self
    }
  }

  /// The sizes of the matrix whose rows and columns are counted by parts of `leaf` here, or nil.
  func matrix(of leaf: Index) -> (rows: Dimension, columns: Dimension)? {
    switch kind {
    case .part(leaf, _, let rows, let columns): (rows, columns)
    case .part(let index, _, _, _), .shifted(let index, _): index.matrix(of: leaf)
    case .joined(let row, let column, _, _): row.matrix(of: leaf) ?? column.matrix(of: leaf)
    default: nil
    }
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
