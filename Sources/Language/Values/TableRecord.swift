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
