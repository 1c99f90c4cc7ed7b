import MatrixEngine
import Notation

/// A table as a reader sees it: immutable parts, laid out once and then written in each format.
///
/// What a program reads is a `TidyTable`; the two are views of one record, and whoever makes the
/// record builds both. `bundle(tidy:numbers:)` puts them together.
/// Shape: every column has `rowCount` cells; groups and spanners lie within the rows and columns.
package struct Table: Sendable {
  package let caption: SymbolText?
  package let columns: [TableColumn]
  /// Heads over several neighbouring columns, in order, without overlap.
  package let spanners: [ColumnSpanner]
  /// Titled runs of rows, from the first row on; rows after the last group have no title.
  package let groups: [RowGroup]
  package let notes: [TableNote]
  package let rowCount: Int
  /// A longer table shows its first and last rows and says how many there are.
  package let visibleRows: Int

  package static let defaultVisibleRows = 20

  package init(
    caption: SymbolText? = nil, columns: [TableColumn], spanners: [ColumnSpanner] = [],
    groups: [RowGroup] = [], notes: [TableNote] = [],
    visibleRows: Int = Table.defaultVisibleRows
  ) {
    let count = columns.first?.cells.count ?? 0
    precondition(columns.allSatisfy { $0.cells.count == count }, "columns of different lengths")
    precondition(groups.reduce(0) { $0 + $1.rowCount } <= count, "groups exceed the rows")
    precondition(
      spanners.allSatisfy { $0.columns.lowerBound >= 0 && $0.columns.upperBound <= columns.count },
      "a spanner exceeds the columns")
    self.caption = caption
    self.columns = columns
    self.spanners = spanners.sorted { $0.columns.lowerBound < $1.columns.lowerBound }
    self.groups = groups
    self.notes = notes
    self.visibleRows = max(visibleRows, 4)
    rowCount = count
  }
}

/// A column: its head, its cells and how they are set.
package struct TableColumn: Sendable {
  package let head: SymbolText
  package let cells: ColumnCells
  /// nil: numbers at their decimal point, marks and booleans centred, everything else at the left.
  package let alignment: ColumnAlignment?
  package let style: NumberStyle
  /// A stub column names its row, as a row head.
  package let isStub: Bool

  package init(
    _ head: SymbolText, _ cells: ColumnCells, alignment: ColumnAlignment? = nil,
    style: NumberStyle = .standard, isStub: Bool = false
  ) {
    self.head = head
    self.cells = cells
    self.alignment = alignment
    self.style = style
    self.isStub = isStub
  }

  /// A column of mixed cells.
  package init(
    _ head: SymbolText, cells: [TableCell], alignment: ColumnAlignment? = nil,
    style: NumberStyle = .standard, isStub: Bool = false
  ) {
    self.init(head, .mixed(cells), alignment: alignment, style: style, isStub: isStub)
  }

  package init(_ head: SymbolText, numbers: [Double], style: NumberStyle = .standard) {
    self.init(head, .numbers(numbers), style: style)
  }

  package init(_ head: SymbolText, integers: [Int]) { self.init(head, .integers(integers)) }

  package init(_ head: SymbolText, texts: [String], isStub: Bool = false) {
    self.init(head, .texts(texts), isStub: isStub)
  }

  /// A column of names, a stub unless said otherwise.
  package init(_ head: SymbolText, symbols: [SymbolText], isStub: Bool = true) {
    self.init(head, .mixed(symbols.map(TableCell.symbol)), isStub: isStub)
  }
}

/// The cells of a column; long columns of one type are kept without a wrapper around each cell.
package enum ColumnCells: Sendable {
  case numbers([Double])
  case integers([Int])
  case texts([String])
  case mixed([TableCell])
  /// A column of a matrix, counted from 0, read where it stands.
  case column(Matrix<Double>, Int)

  package var count: Int {
    switch self {
    case .numbers(let values): values.count
    case .integers(let values): values.count
    case .texts(let values): values.count
    case .mixed(let values): values.count
    case .column(let matrix, _): matrix.rows
    }
  }

  package subscript(row: Int) -> TableCell {
    switch self {
    case .numbers(let values): .number(values[row])
    case .integers(let values): .integer(values[row])
    case .texts(let values): .text(values[row])
    case .mixed(let values): values[row]
    case .column(let matrix, let column): .number(matrix[row, column])
    }
  }
}

package enum ColumnAlignment: Sendable, Hashable { case left, center, right, decimal }

/// A head over the columns of a half-open range.
package struct ColumnSpanner: Sendable {
  package let title: SymbolText
  package let columns: Range<Int>

  package init(_ title: SymbolText, columns: Range<Int>) {
    self.title = title
    self.columns = columns
  }
}

/// A title over the next `rowCount` rows.
package struct RowGroup: Sendable {
  package let title: SymbolText
  package let rowCount: Int

  package init(_ title: SymbolText, rowCount: Int) {
    self.title = title
    self.rowCount = rowCount
  }
}

/// A line below the table; with anchors, a footnote whose letter stands at each of them.
package struct TableNote: Sendable {
  package enum Anchor: Sendable, Hashable {
    case head(column: Int)
    case cell(row: Int, column: Int)

    var column: Int {
      switch self {
      case .head(let column), .cell(_, let column): column
      }
    }
  }

  /// Where a display would be too large with the table's data.
  package static let dataLeftOut = TableNote(
    .words("too large to bring its data along: save(…) writes it to a file"))

  package let text: SymbolText
  package let anchors: [Anchor]

  package init(_ text: SymbolText, at anchors: [Anchor] = []) {
    self.text = text
    self.anchors = anchors
  }

  /// The first row that it speaks of, which is shown however many rows are folded.
  var firstRow: Int? {
    anchors.lazy.compactMap { if case .cell(let row, _) = $0 { row } else { nil } }.first
  }
}
