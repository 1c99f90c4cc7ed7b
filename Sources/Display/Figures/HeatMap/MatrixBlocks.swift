import MatrixEngine

/// A matrix divided into blocks of neighbouring entries, each with its mean; of a small matrix every
/// entry is a block.
struct MatrixBlocks: Sendable {
  let rows: [Range<Int>]
  let columns: [Range<Int>]
  /// The means by row of blocks and column of blocks.
  let means: [[Double]]
  /// The entries that a block has across and down; those at the end may have fewer.
  let rowSpan: Int
  let columnSpan: Int

  /// Blocks of one size, so large that there are at most `limit` of them in a row or column.
  init(_ matrix: Matrix<Double>, limit: Int) {
    rowSpan = (matrix.rows + limit - 1) / limit
    columnSpan = (matrix.columns + limit - 1) / limit
    let rows = Self.ranges(matrix.rows, span: rowSpan)
    let columns = Self.ranges(matrix.columns, span: columnSpan)
    means = rows.map { row in
      columns.map { column in
        let count = Double(row.count * column.count)
        // Divided first, since the sum might overflow.
        return row.reduce(0.0) { sum, i in
          column.reduce(sum) { $0 + matrix[i, $1] / count }
        }
      }
    }
    self.rows = rows
    self.columns = columns
  }

  var isMerged: Bool { rowSpan > 1 || columnSpan > 1 }

  private static func ranges(_ count: Int, span: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: span).map { $0..<min($0 + span, count) }
  }
}
