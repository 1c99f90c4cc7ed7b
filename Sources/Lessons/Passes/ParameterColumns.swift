import Display
import Language
import Networks
import Notation

/// The columns that name a parameter: layer, parameter, input, neuron. A bias has input 0; an entry of more than two
/// indices has these, `2,1,1,3`, in a column `index` that is there for such only.
package struct ParameterColumns {
  private let places: [ParameterPlace]

  package init(_ places: [ParameterPlace]) { self.places = places }

  package var tidy: [TidyColumn] {
    func column(_ name: String, _ numbers: [Int?]) -> TidyColumn {
      TidyColumn(
        name,
        numbers.contains(nil) ? .optionalIntegers(numbers) : .integers(numbers.compactMap { $0 }))
    }
    let indices = places.map(\.indexText)
    return [
      TidyColumn("layer", integers: places.map(\.layer)),
      TidyColumn("parameter", strings: places.map(\.parameter)),
      column("input", places.map { $0.index.isEmpty ? $0.input : nil }),
      column("neuron", places.map { $0.index.isEmpty ? $0.neuron : nil }),
    ]
      + (indices.contains { $0 != nil } ? [TidyColumn("index", .optionalStrings(indices))] : [])
  }

  /// The names as the slides write them, w₁₃^[2] and b₁^[2] or w₀₁^[2].
  package func symbols(_ settings: Settings) -> [SymbolText] {
    places.map { NetworkSymbol.parameter($0, settings) }
  }

  /// One titled run of rows a layer, for rows in the order of the layers.
  package func groups(_ outline: NetworkOutline) -> [RowGroup] {
    var groups: [RowGroup] = []
    var start = 0
    while start < places.count {
      let layer = places[start].layer
      let end = places[start...].firstIndex { $0.layer != layer } ?? places.count
      groups.append(RowGroup(outline.title(layer: layer), rowCount: end - start))
      start = end
    }
    return groups
  }
}

/// One row of a table as a record of its own: `.largest` and `.smallest` of an update.
package struct RowRecord: Record {
  package let tidy: TidyTable
  package let description: String

  package var kindName: String { "Row" }
  package var memberNames: [String] { tidy.columns.map(\.name) }

  package func member(_ name: String) -> Value? {
    guard let column = tidy.column(name) else { return nil }
    switch Value(column.values) {
    case .array(let array): return array.storage.first.map { .scalar($0) }
    case .list(let list): return list.elements.first
    default: return nil
    }
  }

  package func render(_ settings: Settings) -> MIMEBundle {
    Table(tidy, caption: .words(description))
      .bundle(tidy: tidy, numbers: settings.numberFormat)
  }
}
