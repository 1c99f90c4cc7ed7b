import MatrixEngine

/// A matrix or a vector laid out for writing: its shown entries as formatted numbers.
///
/// Shape: `numbers[i][j]` belongs to shown row i and shown column j; `rows` and `columns` say where
/// dots stand for what was left out.
struct MatrixLayout: Sendable {
  /// Of one dimension for a vector, which is a column.
  let shape: Shape
  let rows: Folding
  let columns: Folding
  let numbers: [[FormattedNumber]]
  /// One a shown column.
  let alignments: [NumberAlignment]

  init(_ array: Tensor<Double>, numbers format: NumberFormat, rowLimit: Int, columnLimit: Int) {
    shape = array.shape
    rows = Folding(count: array.rows, limit: rowLimit)
    columns = Folding(count: array.columns, limit: columnLimit)
    let shownColumns = columns.shown
    var alignments = Array(repeating: NumberAlignment(), count: shownColumns.count)
    numbers = rows.shown.map { row in
      shownColumns.indices.map { place in
        let number = format.format(array[row, shownColumns[place]])
        alignments[place].include(number)
        return number
      }
    }
    self.alignments = alignments
  }

  /// How many characters stand side by side, with the spaces between them and the brackets.
  var width: Int { alignments.reduce(4) { $0 + $1.head + $1.tail + 2 } }

  var isFolded: Bool { rows.hidden > 0 || columns.hidden > 0 }
}
