import MatrixEngine

/// A matrix or a vector laid out for writing: its shown entries as formatted numbers.
///
/// Shape: `numbers[i][j]` belongs to shown row i and shown column j; `rows` and `columns` say where
/// dots stand for what was left out.
struct MatrixLayout: Sendable {
  enum Source: Sendable, Equatable {
    case matrix(Shape)
    case vector(Int)
  }

  let source: Source
  let rows: Folding
  let columns: Folding
  let numbers: [[FormattedNumber]]
  /// One a shown column.
  let alignments: [NumberAlignment]

  init(_ matrix: Matrix<Double>, numbers format: NumberFormat, rowLimit: Int, columnLimit: Int) {
    self.init(
      .matrix(matrix.shape), storage: matrix.storage, shape: matrix.shape, format: format,
      rowLimit: rowLimit, columnLimit: columnLimit)
  }

  /// A vector, as a column.
  init(_ vector: [Double], numbers format: NumberFormat, rowLimit: Int) {
    self.init(
      .vector(vector.count), storage: vector, shape: Shape(vector.count, 1), format: format,
      rowLimit: rowLimit, columnLimit: 1)
  }

  private init(
    _ source: Source, storage: [Double], shape: Shape, format: NumberFormat, rowLimit: Int,
    columnLimit: Int
  ) {
    self.source = source
    rows = Folding(count: shape.rows, limit: rowLimit)
    columns = Folding(count: shape.columns, limit: columnLimit)
    let shownColumns = columns.shown
    var alignments = Array(repeating: NumberAlignment(), count: shownColumns.count)
    numbers = rows.shown.map { row in
      shownColumns.indices.map { place in
        let number = format.format(storage[row * shape.columns + shownColumns[place]])
        alignments[place].include(number)
        return number
      }
    }
    self.alignments = alignments
  }

  var isFolded: Bool { rows.hidden > 0 || columns.hidden > 0 }
}
