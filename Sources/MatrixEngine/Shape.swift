/// The numbers of rows and columns of a matrix.
package struct Shape: Hashable, Sendable, CustomStringConvertible {
  package var rows: Int
  package var columns: Int

  package init(_ rows: Int, _ columns: Int) {
    self.rows = rows
    self.columns = columns
  }

  package var count: Int { rows * columns }
  package var transposed: Shape { Shape(columns, rows) }
  /// As the documents write it: `2×3`.
  package var description: String { "\(rows)×\(columns)" }
}
