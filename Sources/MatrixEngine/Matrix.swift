/// A dense matrix, stored row by row.
///
/// Shape: `[rows, columns]`; element (i, j), counted from 0, is `storage[i * columns + j]`.
/// Invariant: `storage.count == rows * columns`.
package struct Matrix<Scalar: MatrixScalar>: Equatable, Sendable {
  package let rows: Int
  package let columns: Int
  package var storage: [Scalar]

  /// A matrix of the given elements, row by row.
  package init(rows: Int, columns: Int, storage: [Scalar]) {
    precondition(storage.count == rows * columns, "storage does not fill \(rows)×\(columns)")
    self.rows = rows
    self.columns = columns
    self.storage = storage
  }

  /// A matrix filled with one value.
  package init(rows: Int, columns: Int, repeating value: Scalar) {
    self.init(
      rows: rows, columns: columns, storage: Array(repeating: value, count: rows * columns))
  }

  package var shape: Shape { Shape(rows, columns) }

  package subscript(row: Int, column: Int) -> Scalar {
    get { storage[row * columns + column] }
    set { storage[row * columns + column] = newValue }
  }
}
