import Display
import Language
import Networks

/// The columns that name a parameter: layer, parameter, input, neuron. A bias has input 0.
package struct ParameterColumns {
  private var layers: [Int] = []
  private var parameters: [String] = []
  private var inputs: [Int] = []
  private var neurons: [Int] = []

  package mutating func append(_ layer: Int, _ parameter: String, input: Int, neuron: Int) {
    layers.append(layer)
    parameters.append(parameter)
    inputs.append(input)
    neurons.append(neuron)
  }

  package var tidy: [TidyColumn] {
    [
      TidyColumn("layer", integers: layers), TidyColumn("parameter", strings: parameters),
      TidyColumn("input", integers: inputs), TidyColumn("neuron", integers: neurons),
    ]
  }

  /// The names as the slides write them, w₁₃^[2] and b₁^[2] or w₀₁^[2].
  package func symbols(_ settings: Settings) -> [SymbolText] {
    layers.indices.map {
      NetworkSymbol.parameter(layers[$0], input: inputs[$0], neuron: neurons[$0], settings)
    }
  }

  /// One titled run of rows a layer, for rows in the order of the layers.
  package func groups(_ outline: NetworkOutline) -> [RowGroup] {
    var groups: [RowGroup] = []
    var start = 0
    while start < layers.count {
      let end = layers[start...].firstIndex { $0 != layers[start] } ?? layers.count
      groups.append(
        RowGroup(
          .words("Layer \(layers[start]): ") + outline.title(layer: layers[start]),
          rowCount: end - start))
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
    case .vector(let entries): return entries.first.map { .scalar($0) }
    case .list(let list): return list.elements.first
    default: return nil
    }
  }

  package func render(_ settings: Settings) -> MIMEBundle {
    Table(tidy, caption: .words(description))
      .bundle(tidy: tidy, numbers: settings.numberFormat)
  }
}
