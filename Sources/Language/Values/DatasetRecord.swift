import Display
import MatrixEngine
import Networks
import Notation

/// A dataset as a table: one row an example, the target last, by the names of its classes.
package struct DatasetRecord: Record {
  package let dataset: Dataset

  package init(_ dataset: Dataset) { self.dataset = dataset }

  package var kindName: String { "Dataset" }
  package var description: String { "the dataset \(dataset.name)" }
  package var memberNames: [String] { Members.ofDatasets }

  package func member(_ name: String) -> Value? {
    switch name {
    case "X": .array(dataset.x)
    case "Y": dataset.y.map(Value.init) ?? .vector([])
    case "names": .list(ListValue(dataset.names.map { .string($0) }, elementName: "column"))
    case "classes": .list(ListValue(dataset.classes.map { .string($0) }, elementName: "class"))
    default: nil
    }
  }

  /// What commands take as Y; without a target an empty vector, which no network accepts.
  package var targets: Tensor<Double> { dataset.y ?? .vector([]) }

  /// Further columns nobody can look at; a dataset without examples may have millions.
  private static let mostColumns = 10_000

  /// Texts for class numbers where the classes have names.
  private var targetColumns: [TidyColumn] {
    let name = dataset.targetName ?? "y"
    guard let y = dataset.y else { return [] }
    if y.rank == 1, !dataset.classes.isEmpty {
      return [
        TidyColumn(
          name,
          strings: y.storage.map { value in
            let index = (Int(exactly: value) ?? 0) - 1
            return dataset.classes.indices.contains(index)
              ? dataset.classes[index] : Interpreter.plain(value)
          })
      ]
    }
    return (0..<min(y.columns, Self.mostColumns)).map {
      TidyColumn(y.rank < 2 ? name : "\(name)\($0 + 1)", .init(y.column($0)))
    }
  }

  package var tidy: TidyTable {
    var columns = dataset.names.prefix(Self.mostColumns).enumerated().map { index, name in
      TidyColumn(name, numbers: dataset.x.column(index))
    }
    var names = Set(columns.map(\.name))
    for column in targetColumns where names.insert(column.name).inserted {
      columns.append(column)
    }
    return TidyTable(columns)
  }

  /// "xor: 4 examples of 2 inputs", "digits: 1797 examples of 1×8×8, 10 classes"
  package var outline: String {
    let classes = dataset.classes.isEmpty ? "" : ", \(dataset.classes.count) classes"
    let example =
      dataset.x.rank > 2
      ? dataset.x.sizes.dropFirst().map(String.init).joined(separator: "×")
      : dataset.x.columns.counted("input")
    return "\(dataset.name): \(dataset.count.counted("example")) of \(example)\(classes)"
  }

  /// Above so many numbers a display does without the data, and they are not copied.
  private static let mostNumbers = 100_000

  package func render(_ settings: Settings) -> MIMEBundle {
    guard dataset.x.storage.count > Self.mostNumbers else {
      let tidy = tidy
      return Table(tidy, caption: .words(outline)).bundle(
        tidy: tidy, numbers: settings.numberFormat)
    }
    let inputs = dataset.names.prefix(Self.mostColumns).enumerated().map { place, name in
      TableColumn(.quantity(Quantity(name: name)), .column(dataset.x, place))
    }
    let targets = targetColumns.map { TableColumn($0.head, $0.values.cells) }
    return Table(caption: .words(outline), columns: inputs + targets, notes: [.dataLeftOut])
      .bundle(numbers: settings.numberFormat)
  }
}
