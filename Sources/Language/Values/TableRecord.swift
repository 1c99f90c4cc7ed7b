import Display
import Notation

/// A table whose columns the user chose: `table(x, f(x))`, a sorted record, a file.
package struct TableRecord: Record {
  package let tidy: TidyTable
  package var caption: String?

  package init(tidy: TidyTable, caption: String? = nil) {
    self.tidy = tidy
    self.caption = caption
  }

  package var kindName: String { "Table" }
  package var description: String { "a table of \(tidy.rowCount) rows" }
  package var memberNames: [String] { [] }
  package func member(_ name: String) -> Value? { nil }

  package func render(_ settings: Settings) -> MIMEBundle {
    Table(tidy, caption: caption.map(SymbolText.words))
      .bundle(tidy: tidy, numbers: settings.numberFormat)
  }
}

extension Value {
  /// A column of a table as a value: numbers make a vector, with nan for missing ones; texts a list.
  package init(_ column: TidyValues) {
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

extension TidyValues {
  /// Numbers as whole numbers where all of them are.
  package init(_ entries: [Double]) {
    let areWhole = !entries.isEmpty && entries.allSatisfy { Int(exactly: $0) != nil }
    self = areWhole ? .integers(entries.compactMap { Int(exactly: $0) }) : .numbers(entries)
  }
}
