/// How many places an array has along each of its dimensions: none of a number, one of a vector, two of a matrix.
///
/// Read as a matrix it has rows along its first dimension and columns along all others: a number is 1×1, a vector
/// n×1, a list of m matrices m rows. Invariant: the sizes beyond the rank are 1.
@usableFromInline package struct Shape: Sendable {
  /// How many dimensions it may have: a second derivative of a matrix by a matrix has 6.
  package static let largestRank = 8
  /// The most elements an array may have: 2²⁶, half a gigabyte of Doubles.
  @usableFromInline package static let largestCount = 1 << 26

  @usableFromInline package var rank: Int
  /// In line, so that a shape is no allocation.
  @usableFromInline var places: InlineArray<8, Int>

  /// A matrix.
  @inlinable
  package init(_ rows: Int, _ columns: Int) {
    rank = 2
    places = InlineArray(repeating: 1)
    places[0] = rows
    places[1] = columns
  }

  /// Of any rank, without sizes of a number. Precondition: no more than `largestRank` sizes.
  @inlinable
  package init(_ sizes: some Sequence<Int> = EmptyCollection()) {
    rank = 0
    places = InlineArray(repeating: 1)
    for size in sizes { append(size) }
  }

  /// One dimension more.
  @inlinable
  package mutating func append(_ size: Int) {
    places[rank] = size
    rank += 1
  }

  @inlinable
  package var sizes: [Int] { (0..<rank).map { places[$0] } }
  /// The size along a dimension, counted from 0.
  @inlinable
  package subscript(axis: Int) -> Int {
    get { places[axis] }
    set { places[axis] = newValue }
  }
  @inlinable
  package var rows: Int { places[0] }
  @inlinable
  package var columns: Int { rank <= 2 ? places[1] : count(1..<rank) }
  /// How many elements there are, and `Int.max` where the product overflows.
  @inlinable
  package var count: Int { count(0..<rank) }

  /// The product of the sizes that are not 0, and `Int.max` where it overflows: an array without elements is to have
  /// sizes, and products of them, as small as others have, for loops run along each of them.
  package var extent: Int {
    var extent = 1
    for axis in 0..<rank {
      let (product, overflow) = extent.multipliedReportingOverflow(by: Swift.max(1, places[axis]))
      if overflow { return Int.max }
      extent = product
    }
    return extent
  }

  /// The product of some of the sizes, and `Int.max` where it overflows.
  @inlinable
  package func count(_ axes: Range<Int>) -> Int {
    var count = 1
    for axis in axes {
      let (product, overflow) = count.multipliedReportingOverflow(by: places[axis])
      if overflow { return Int.max }
      count = product
    }
    return count
  }

  /// Shape: `[m, n] → [n, m]`, `[n] → [1, n]`.
  package var transposed: Shape { Shape(columns, rows) }
  /// One dimension, counted from 0, less.
  package func without(_ axis: Int) -> Shape {
    Shape(sizes[..<axis] + sizes[(axis + 1)...])
  }

  /// Whether an array may have so many elements.
  package var isHeld: Bool { extent <= Shape.largestCount }

  /// This shape, if an array may have it and there is memory for one.
  ///
  /// Throws: `MatrixError.negativeSize`, `.tooLarge` or `.outOfMemory`.
  @usableFromInline
  package func checked(for operation: String) throws(MatrixError) -> Shape {
    for axis in 0..<rank where places[axis] < 0 {
      throw .negativeSize(operation: operation, shape: self)
    }
    guard isHeld else { throw .tooLarge(operation: operation, shape: self) }
    try MemoryBudget.ask(count, numbersOf: MemoryLayout<Double>.stride, for: operation)
    return self
  }

  /// The shape that both broadcast to: seen from the last dimension, equal sizes stay and a size of 1, or none,
  /// stretches.
  ///
  /// Throws: `MatrixError.shapeMismatch` when sizes differ and neither is 1; `.tooLarge`.
  @usableFromInline
  package func broadcast(with other: Shape, operation: String) throws(MatrixError) -> Shape {
    var (result, small) = rank >= other.rank ? (self, other) : (other, self)
    let offset = result.rank - small.rank
    for axis in offset..<result.rank where result[axis] != small[axis - offset] {
      if result[axis] == 1 {
        result[axis] = small[axis - offset]
      } else if small[axis - offset] != 1 {
        throw .shapeMismatch(operation: operation, left: self, right: other)
      }
    }
    return try result.checked(for: operation)
  }

  /// How far apart in storage neighbours along each dimension of `whole` are when this shape is broadcast to it.
  @usableFromInline
  func strides(in whole: Shape) -> InlineArray<8, Int> {
    var strides = InlineArray<8, Int>(repeating: 0)
    var step = 1
    for axis in stride(from: rank - 1, through: 0, by: -1) {
      strides[axis + whole.rank - rank] = places[axis] == 1 ? 0 : step
      step *= places[axis]
    }
    return strides
  }

  /// Where the element of this shape stands that goes to a position of `whole` when it is broadcast to it.
  package func position(of position: Int, in whole: Shape) -> Int {
    let strides = strides(in: whole)
    var (rest, result) = (position, 0)
    for axis in stride(from: whole.rank - 1, through: 0, by: -1) {
      result += rest % whole[axis] * strides[axis]
      rest /= whole[axis]
    }
    return result
  }

  /// The index, along each dimension and counted from 1, of the element at a position of the storage: `2, 1`.
  package func index(at position: Int, separator: String = ", ") -> String {
    var rest = position
    var index: [String] = []
    for axis in stride(from: rank - 1, through: 0, by: -1) {
      index.insert(String(rest % Swift.max(1, places[axis]) + 1), at: 0)
      rest /= Swift.max(1, places[axis])
    }
    return index.joined(separator: separator)
  }
}

extension Shape: Hashable {
  @inlinable
  package static func == (left: Shape, right: Shape) -> Bool {
    guard left.rank == right.rank else { return false }
    for axis in 0..<left.rank where left.places[axis] != right.places[axis] { return false }
    return true
  }

  @usableFromInline
  package func hash(into hasher: inout Hasher) { hasher.combine(sizes) }
}

extension Shape: CustomStringConvertible {
  /// As the documents write it: `2×3`.
  @usableFromInline package var description: String {
    sizes.map(String.init).joined(separator: "×")
  }

  /// Within a sentence: "a vector of 3", "a 2×3 matrix".
  package var phrase: String {
    switch rank {
    case 0: "a number"
    case 1: "a vector of \(self[0])"
    case 2: "a \(self) matrix"
    default: "an array of \(self)"
    }
  }
}
