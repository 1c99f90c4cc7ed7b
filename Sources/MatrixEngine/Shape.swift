/// The numbers of rows and columns of a matrix.
@usableFromInline package struct Shape: Hashable, Sendable, CustomStringConvertible {
  @usableFromInline package var rows: Int
  @usableFromInline package var columns: Int

  @inlinable
  package init(_ rows: Int, _ columns: Int) {
    self.rows = rows
    self.columns = columns
  }

  /// The most elements a matrix may have: 2²⁶, half a gigabyte of Doubles.
  package static let largestCount = 1 << 26

  /// Rows times columns, and `Int.max` where the product overflows.
  @inlinable
  package var count: Int {
    let (product, overflow) = rows.multipliedReportingOverflow(by: columns)
    return overflow ? Int.max : product
  }

  package var transposed: Shape { Shape(columns, rows) }
  /// As the documents write it: `2×3`.
  @usableFromInline package var description: String { "\(rows)×\(columns)" }

  /// This shape, if a matrix may have it.
  ///
  /// Throws: `MatrixError.negativeSize` or `.tooLarge`.
  @usableFromInline
  package func checked(for operation: String) throws(MatrixError) -> Shape {
    guard rows >= 0, columns >= 0 else {
      throw .negativeSize(operation: operation, rows: rows, columns: columns)
    }
    guard count <= Shape.largestCount else {
      throw .tooLarge(operation: operation, rows: rows, columns: columns)
    }
    return self
  }

  /// The shape that both broadcast to: equal sizes stay, a size of 1 stretches.
  ///
  /// Throws: `MatrixError.shapeMismatch` when sizes differ and neither is 1; `.tooLarge`.
  @usableFromInline
  package func broadcast(with other: Shape, operation: String) throws(MatrixError) -> Shape {
    guard rows == other.rows || rows == 1 || other.rows == 1,
      columns == other.columns || columns == 1 || other.columns == 1
    else { throw .shapeMismatch(operation: operation, left: self, right: other) }
    return try Shape(
      rows == 1 ? other.rows : rows, columns == 1 ? other.columns : columns
    ).checked(for: operation)
  }
}
