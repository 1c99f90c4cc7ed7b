import Display

/// A table whose columns the user chose: `table(x, f(x))`, a sorted record, a file.
struct TableRecord: Record {
  let tidy: TidyTable
  var caption: String?

  var kindName: String { "Table" }
  var description: String { "a table of \(tidy.rowCount) rows" }
  var memberNames: [String] { [] }
  func member(_ name: String) -> Value? { nil }

  func render(_ settings: Settings) -> MIMEBundle {
    Table(tidy, caption: caption.map(SymbolText.words))
      .bundle(tidy: tidy, numbers: settings.numberFormat)
  }
}

extension Table {
  /// A tidy table as it stands, column by column.
  init(_ tidy: TidyTable, caption: SymbolText? = nil, notes: [TableNote] = []) {
    self.init(
      caption: caption,
      columns: tidy.columns.map { column in
        let head = SymbolText(name: column.name)
        return switch column.values {
        case .numbers(let values): TableColumn(head, numbers: values)
        case .optionalNumbers(let values):
          TableColumn(head, cells: values.map { TableCell.number($0) })
        case .integers(let values): TableColumn(head, integers: values)
        case .optionalIntegers(let values):
          TableColumn(head, cells: values.map { TableCell.integer($0) })
        case .optionalStrings(let values):
          TableColumn(head, cells: values.map { $0.map(TableCell.text) ?? .missing })
        case .optionalBooleans(let values):
          TableColumn(head, cells: values.map { $0.map(TableCell.boolean) ?? .missing })
        }
      }, notes: notes)
  }
}

extension Value {
  /// A column of a table as a value: numbers make a vector, with nan for missing ones; texts a list.
  init(_ column: TidyValues) {
    switch column {
    case .numbers(let values): self = .vector(values)
    case .optionalNumbers(let values): self = .vector(values.map { $0 ?? .nan })
    case .integers(let values): self = .vector(values.map(Double.init))
    case .optionalIntegers(let values):
      self = .vector(values.map { $0.map(Double.init) ?? .nan })
    case .optionalStrings(let values): self = .list(ListValue(values.map { .string($0 ?? "") }))
    case .optionalBooleans(let values):
      self = .vector(values.map { $0.map { $0 ? 1 : 0 } ?? .nan })
    }
  }
}
