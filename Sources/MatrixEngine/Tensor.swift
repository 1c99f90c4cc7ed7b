/// An array of numbers with any number of indices: a number, a vector, a matrix or more.
///
/// One buffer, the last index running fastest: element (i, j) of a matrix, counted from 0, is
/// `storage[i * columns + j]`.
/// Invariant: `storage.count == shape.count`.
@usableFromInline package struct Tensor<Scalar: MatrixScalar>: Sendable {
  @usableFromInline package let shape: Shape
  @usableFromInline package var storage: [Scalar]
  /// Whether the elements are truth values, 0 and 1, as a comparison gives them: as an index they choose. They
  /// count as numbers, and whatever is computed from them is numbers.
  @usableFromInline package var holdsTruths: Bool

  /// An array of the given elements, row by row.
  @inlinable
  package init(_ shape: Shape, _ storage: [Scalar], holdsTruths: Bool = false) {
    precondition(storage.count == shape.count, "\(storage.count) elements do not fill \(shape)")
    self.shape = shape
    self.storage = storage
    self.holdsTruths = holdsTruths
  }

  /// A matrix of the given elements, row by row.
  @inlinable
  package init(rows: Int, columns: Int, storage: [Scalar]) {
    self.init(Shape(rows, columns), storage)
  }

  /// A matrix filled with one value.
  @inlinable
  package init(rows: Int, columns: Int, repeating value: Scalar) {
    self.init(Shape(rows, columns), repeating: value)
  }

  /// An array filled with one value. For sizes that a user gives: `filled(_:with:)`.
  @inlinable
  package init(_ shape: Shape, repeating value: Scalar) {
    self.init(shape, Array(repeating: value, count: shape.count))
  }

  @inlinable
  package var rank: Int { shape.rank }
  @inlinable
  package var sizes: [Int] { shape.sizes }
  @inlinable
  package var rows: Int { shape.rows }
  @inlinable
  package var columns: Int { shape.columns }
  @inlinable
  package var isEmpty: Bool { storage.isEmpty }

  @inlinable
  package subscript(row: Int, column: Int) -> Scalar {
    get { storage[row * columns + column] }
    set { storage[row * columns + column] = newValue }
  }
}

extension Tensor: Hashable {
  @usableFromInline
  @specialized(where Scalar == Double)
  package static func == (left: Tensor, right: Tensor) -> Bool {
    left.shape == right.shape && left.storage == right.storage
  }

  @usableFromInline
  @specialized(where Scalar == Double)
  package func hash(into hasher: inout Hasher) {
    hasher.combine(shape)
    hasher.combine(storage)
  }
}

/// The name of an array where it has rows and columns.
package typealias Matrix = Tensor

extension Tensor {
  /// A number. Shape: `[]`.
  package static func scalar(_ value: Scalar) -> Tensor { Tensor(Shape(), [value]) }

  /// Shape: `[n]`.
  @inlinable
  package static func vector(_ elements: [Scalar]) -> Tensor {
    Tensor(Shape(CollectionOfOne(elements.count)), elements)
  }

  /// Shape: `[n] → [n, 1]`.
  package static func column(_ elements: [Scalar]) -> Tensor {
    Tensor(rows: elements.count, columns: 1, storage: elements)
  }

  /// Shape: `[n] → [1, n]`.
  package static func row(_ elements: [Scalar]) -> Tensor {
    Tensor(rows: 1, columns: elements.count, storage: elements)
  }

  /// An array filled with one value.
  ///
  /// Throws: `MatrixError.negativeSize` or `.tooLarge` for a shape no array may have.
  @specialized(where Scalar == Double)
  package static func filled(_ shape: Shape, with value: Scalar, operation: String = "filled")
    throws(MatrixError) -> Tensor
  {
    Tensor(try shape.checked(for: operation), repeating: value)
  }

  /// Ones on the diagonal, zeros elsewhere. Shape: `[size, size]`.
  ///
  /// Throws: `MatrixError.negativeSize` or `.tooLarge`.
  @specialized(where Scalar == Double)
  package static func identity(_ size: Int) throws(MatrixError) -> Tensor {
    var result = try filled(Shape(size, size), with: 0, operation: "eye")
    for i in 0..<size { result[i, i] = 1 }
    return result
  }

  /// The elements on the diagonal of a square matrix. Shape: `[n] → [n, n]`.
  ///
  /// Throws: `MatrixError.tooLarge`.
  @specialized(where Scalar == Double)
  package static func diagonal(_ elements: [Scalar]) throws(MatrixError) -> Tensor {
    let size = elements.count
    var result = try filled(Shape(size, size), with: 0, operation: "diag")
    for i in 0..<size { result[i, i] = elements[i] }
    return result
  }

  /// The elements of `other` in this precision, rounded to nearest.
  package init<Other: MatrixScalar>(_ other: Tensor<Other>) {
    self.init(other.shape, other.storage.map { Scalar($0) })
  }

  /// The same elements in another shape. Precondition: it has as many.
  @inlinable
  package func reshaped(_ shape: Shape) -> Tensor {
    Tensor(shape, storage, holdsTruths: holdsTruths)
  }
  /// As rows and columns: a vector is a column.
  package var asMatrix: Tensor { reshaped(Shape(rows, columns)) }
}
