import MatrixEngine
import Notation
import Synchronization

/// A size of a vector or matrix: a number, a name (equal names are equal sizes), or one still to be found.
package enum Dimension: Hashable, Sendable, CustomStringConvertible {
  case number(Int)
  /// One that was declared by a name and is 1: a matrix with as many rows is no row, for what holds of it holds for
  /// every number of them.
  case single
  case name(String)
  /// The size of a parameter that was declared without one; see `SizeInference`.
  case unknown(Int)
  /// Made of other sizes: n + 1.
  case made(SizeSum)

  package var description: String {
    switch self {
    case .number(let size): "\(size)"
    case .single: "1"
    case .name(let name): name
    case .unknown: "?"
    case .made: text
    }
  }

  /// As many rows make a row, as many columns a column.
  var isOne: Bool { self == .number(1) }
  /// Whether it stretches to any other.
  var stretches: Bool { isOne || self == .single }
  package var isNumber: Bool { count != nil }
  /// The number that it is, where it is known.
  package var count: Int? {
    switch self {
    case .number(let size): size
    case .single: 1
    case .name, .unknown, .made: nil
    }
  }
  /// The size that a name stands for where it has this number.
  package static func declared(_ count: Int) -> Dimension { count == 1 ? .single : .number(count) }
  package var isUnknown: Bool { if case .unknown = self { true } else { false } }
  /// Whether it is no negative number.
  package var isNatural: Bool { if case .number(let size) = self { size >= 0 } else { true } }
  var isMade: Bool { if case .made = self { true } else { false } }

  /// A size that nothing is known of yet, another one each time.
  package static func fresh() -> Dimension {
    .unknown(counter.wrappingAdd(1, ordering: .relaxed).newValue)
  }

  /// Above what readers number by themselves.
  private static let counter = Atomic(1 << 32)

  func mix(into mixer: inout FingerprintMixer) {
    switch self {
    case .number(let size): mixer.mix(size)
    case .single: mixer.mix("1")
    case .name(let name): mixer.mix(name)
    case .unknown(let id):
      mixer.mix("?")
      mixer.mix(id)
    case .made: mixer.mix(key)
    }
  }
}

/// What an expression is: a scalar, a vector (a column), a matrix (1×n is a row), or more indices.
package enum ExpressionShape: Hashable, Sendable, CustomStringConvertible {
  case scalar
  case vector(Dimension)
  case matrix(Dimension, Dimension)
  /// Three or more indices: what index form has and matrix notation has not.
  case tensor([Dimension])

  package init(_ dimensions: [Dimension]) {
    switch dimensions.count {
    case 0: self = .scalar
    case 1: self = .vector(dimensions[0])
    case 2: self = .matrix(dimensions[0], dimensions[1])
    default: self = .tensor(dimensions)
    }
  }

  package var dimensions: [Dimension] {
    switch self {
    case .scalar: []
    case .vector(let n): [n]
    case .matrix(let m, let n): [m, n]
    case .tensor(let sizes): sizes
    }
  }

  /// Whether this is a matrix of one row.
  package var isRow: Bool { if case .matrix(.number(1), _) = self { true } else { false } }

  var isVector: Bool { if case .vector = self { true } else { false } }
  var isMatrix: Bool { if case .matrix = self { true } else { false } }
  package var isVectorOrRow: Bool { isVector || isRow }

  /// The kind as declarations write it: `scalar`, `vector(n)`, `matrix(m, n)`; a row is `row(n)`.
  package var kindText: String {
    switch self {
    case .scalar: "scalar"
    case .vector(let n): "vector(\(n))"
    case .matrix(let m, let n) where m.isOne: "row(\(n))"
    case .matrix(let m, let n): "matrix(\(m), \(n))"
    case .tensor: description
    }
  }

  /// As a sentence on a result says it: `a number`, `a vector of n`, `1×n`, `m×n`.
  package var sizeText: String {
    switch self {
    case .scalar: "a number"
    case .vector(let n): "a vector of \(n)"
    default: description
    }
  }

  /// As messages write it behind a name: `scalar`, `vector of n`, `m×n`.
  package var messageText: String {
    if case .vector(let n) = self { return "vector of \(n)" }
    return description
  }

  /// As captions write it: `scalar`, `n` (a vector), `1×n`, `m×n×k`.
  package var description: String {
    switch self {
    case .scalar: "scalar"
    case .vector(let n): "\(n)-vector"
    default: dimensions.map { $0.isMade ? "(\($0))" : "\($0)" }.joined(separator: "×")
    }
  }

  /// As the product of Jacobians counts it: a scalar is 1×1, a vector n×1.
  package var jacobianDescription: String {
    switch self {
    case .scalar: "1×1"
    case .vector(let n): "\(n)×1"
    default: description
    }
  }

  func mix(into mixer: inout FingerprintMixer) {
    mixer.mix(dimensions.count)
    for dimension in dimensions { dimension.mix(into: &mixer) }
  }
}

/// A named quantity: `x`, `w: vector(n)`, `A: matrix(m, n)`.
package struct Symbol: Hashable, Sendable {
  package let quantity: Quantity
  package let shape: ExpressionShape
  /// Where its value comes from. It is the same symbol all the same.
  package let role: Role
  /// What is known of its entries. It is the same symbol all the same.
  package let structure: Structure?

  package enum Role: Sendable {
    /// What a formula is a function of.
    case open
    /// A variable with a value.
    case variable
    /// A name of the call or generator in which the formula was made.
    case local
  }

  package init(
    _ quantity: Quantity, _ shape: ExpressionShape = .scalar, role: Role = .open,
    structure: Structure? = nil
  ) {
    self.quantity = quantity
    self.shape = shape
    self.role = role
    self.structure = structure
  }

  /// A symbol by its name as it is typed.
  package init(
    _ name: String, _ shape: ExpressionShape = .scalar, role: Role = .open,
    structure: Structure? = nil
  ) {
    self.init(Quantity(name: name), shape, role: role, structure: structure)
  }

  /// The same symbol with other sizes.
  func with(_ shape: ExpressionShape) -> Symbol {
    Symbol(quantity, shape, role: role, structure: structure)
  }

  /// The same symbol, of which nothing is known but its shape.
  var unstructured: Symbol { Symbol(quantity, shape, role: role) }

  /// The kind as declarations write it: `matrix(m, n)`, `symmetric(n)`.
  package var kindText: String {
    guard let structure else { return shape.kindText }
    let sizes = structure == .oneHot ? shape.dimensions : Array(shape.dimensions.prefix(1))
    return "\(structure.rawValue)(\(sizes.map(\.description).joined(separator: ", ")))"
  }

  /// As it is typed, and the key under which its value is kept.
  package var name: String { quantity.text }

  /// In LaTeX bold where it is a vector.
  package var written: Written { Written(quantity, isBold: shape.isVector) }

  /// An entry of it, which is never bold; without indices the whole.
  package func written(_ indices: [String]) -> Written {
    indices.isEmpty ? written : .entry(quantity, indices.map { Written(text: $0, latex: $0) })
  }

  /// Whether it has a value: beside a parameter a constant, where the two tie.
  package var isOuter: Bool { role != .open }

  package static func == (a: Symbol, b: Symbol) -> Bool { a.name == b.name && a.shape == b.shape }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(shape)
  }
}
