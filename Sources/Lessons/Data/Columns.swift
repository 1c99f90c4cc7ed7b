import Display
import Language
import MatrixEngine
import Networks
import Syntax

extension Tensor: Tabular where Scalar == Double {
  package func columns(named name: String, at span: SourceSpan) throws(Diagnostic) -> [TidyColumn] {
    switch rank {
    case 0: return [TidyColumn(name, numbers: storage)]
    case 1: return [TidyColumn(name, .init(storage))]
    case 2:
      guard columns <= mostColumns else {
        throw Diagnostic(
          .limit, "a table of \(columns) columns cannot be read", at: span,
          label: "the limit is \(mostColumns) columns", help: "\(name)[:,1:10] takes some of them")
      }
      return (0..<columns).map { number in
        TidyColumn(columns == 1 ? name : "\(name)[:,\(number + 1)]", .init(column(number)))
      }
    default: throw Diagnostic(.type, "\(description) makes no column", at: span)
    }
  }
}

/// A matrix gives a table at most so many columns.
private let mostColumns = 256

extension Tensor: Exportable where Scalar == Double {
  package var fileContent: DataFile.Content { .value(self) }
}

extension Bool: Tabular {
  package func columns(named name: String, at span: SourceSpan) -> [TidyColumn] {
    [TidyColumn(name, booleans: [self])]
  }
}

extension String: Tabular {
  package func columns(named name: String, at span: SourceSpan) -> [TidyColumn] {
    [TidyColumn(name, strings: [self])]
  }
}

extension Dataset: Tabular, Exportable {
  package func columns(named name: String, at span: SourceSpan) -> [TidyColumn] {
    DatasetRecord(self).tidy.columns
  }

  package var fileContent: DataFile.Content { .dataset(self) }
}

extension ListValue: Tabular {
  package func columns(named name: String, at span: SourceSpan) throws(Diagnostic) -> [TidyColumn] {
    let texts = elements.compactMap(\.text)
    if texts.count == elements.count { return [TidyColumn(name, strings: texts)] }
    let value = Value.list(self)
    if let numbers = value.entriesOfAny, numbers.count == elements.count {
      return [TidyColumn(name, numbers: numbers)]
    }
    throw Diagnostic(
      .type, "\(name) is \(value.description) of different kinds and makes no column", at: span)
  }
}
