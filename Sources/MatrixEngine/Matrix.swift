/// A dense matrix, stored row by row.
///
/// Shape: `[rows, columns]`; element (i, j), counted from 0, is `storage[i * columns + j]`.
/// Invariant: `storage.count == rows * columns`.
@usableFromInline package struct Matrix<Scalar: MatrixScalar>: Equatable, Sendable {
  @usableFromInline package let rows: Int
  @usableFromInline package let columns: Int
  @usableFromInline package var storage: [Scalar]

  /// A matrix of the given elements, row by row.
  @inlinable
  package init(rows: Int, columns: Int, storage: [Scalar]) {
    precondition(storage.count == rows * columns, "storage does not fill \(rows)×\(columns)")
    self.rows = rows
    self.columns = columns
    self.storage = storage
  }

  /// A matrix filled with one value. For sizes that a user gives: `filled(_:with:)`.
  @inlinable
  package init(rows: Int, columns: Int, repeating value: Scalar) {
    self.init(
      rows: rows, columns: columns, storage: Array(repeating: value, count: rows * columns))
  }

  @inlinable
  package var shape: Shape { Shape(rows, columns) }
  @inlinable
  package var isEmpty: Bool { storage.isEmpty }

  @inlinable
  package subscript(row: Int, column: Int) -> Scalar {
    get { storage[row * columns + column] }
    set { storage[row * columns + column] = newValue }
  }
}

extension Matrix {
  /// A matrix filled with one value.
  ///
  /// Throws: `MatrixError.negativeSize` or `.tooLarge` for a shape no matrix may have.
  package static func filled(_ shape: Shape, with value: Scalar, operation: String = "filled")
    throws(MatrixError) -> Matrix
  {
    let shape = try shape.checked(for: operation)
    return Matrix(rows: shape.rows, columns: shape.columns, repeating: value)
  }

  /// Ones on the diagonal, zeros elsewhere. Shape: `[size, size]`.
  ///
  /// Throws: `MatrixError.negativeSize` or `.tooLarge`.
  package static func identity(_ size: Int) throws(MatrixError) -> Matrix {
    var result = try filled(Shape(size, size), with: 0, operation: "eye")
    for i in 0..<size { result[i, i] = 1 }
    return result
  }

  /// The elements on the diagonal of a square matrix. Shape: `[n] → [n, n]`.
  ///
  /// Throws: `MatrixError.tooLarge`.
  package static func diagonal(_ elements: [Scalar]) throws(MatrixError) -> Matrix {
    let size = elements.count
    var result = try filled(Shape(size, size), with: 0, operation: "diag")
    for i in 0..<size { result[i, i] = elements[i] }
    return result
  }

  /// Shape: `[n] → [n, 1]`.
  package static func column(_ elements: [Scalar]) -> Matrix {
    Matrix(rows: elements.count, columns: 1, storage: elements)
  }

  /// Shape: `[n] → [1, n]`.
  package static func row(_ elements: [Scalar]) -> Matrix {
    Matrix(rows: 1, columns: elements.count, storage: elements)
  }

  /// A matrix of the given rows, or nil when they differ in length.
  package init?(rows lists: [[Scalar]]) {
    let columns = lists.first?.count ?? 0
    guard lists.allSatisfy({ $0.count == columns }) else { return nil }
    self.init(rows: lists.count, columns: columns, storage: Array(lists.joined()))
  }

  /// The elements of `other` in this precision, rounded to nearest.
  package init<Other: MatrixScalar>(_ other: Matrix<Other>) {
    self.init(
      rows: other.rows, columns: other.columns, storage: other.storage.map { Scalar($0) })
  }
}
