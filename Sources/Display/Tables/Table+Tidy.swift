import Notation

extension Table {
  /// A table that shows tidy data as it is: the columns under their names.
  package init(
    _ tidy: TidyTable, caption: SymbolText? = nil, notes: [TableNote] = [],
    visibleRows: Int = Table.defaultVisibleRows
  ) {
    self.init(
      caption: caption,
      columns: tidy.columns.map { TableColumn($0.head, $0.values.cells) },
      notes: notes, visibleRows: visibleRows)
  }
}

extension TidyValues {
  /// The values as a table shows them.
  package var cells: ColumnCells {
    switch self {
    case .numbers(let values): .numbers(values)
    case .integers(let values): .integers(values)
    case .optionalNumbers(let values): .mixed(values.map(TableCell.number))
    case .optionalIntegers(let values): .mixed(values.map(TableCell.integer))
    case .optionalStrings(let values):
      .mixed(values.map { $0.map(TableCell.text) ?? .missing })
    case .optionalBooleans(let values):
      .mixed(values.map { $0.map(TableCell.boolean) ?? .missing })
    }
  }
}
