import Display
import Language
import MatrixEngine
import Networks

/// What `forward` returns: net inputs and activations of every layer.
package struct ForwardRecord: Record {
  package let outline: NetworkOutline
  /// The network as it was.
  package let network: NetworkState
  /// Z^[1]…Z^[L], m×k each.
  package let z: [Matrix<Double>]
  /// A^[0] = X, A^[1]…A^[L].
  package let a: [Matrix<Double>]
  /// Whether X was a vector: then `.z[l]`, `.a[l]` and `.output` are vectors.
  let isSingle: Bool

  package var kindName: String { "Forward" }
  package var description: String { "a forward run of \(outline.name)" }
  package static let members = ["z", "a", "output"]
  package static let columns = ["layer", "neuron", "example", "z", "a"]
  package var memberNames: [String] { Self.members }

  private var examples: Int { a[0].rows }

  package func member(_ name: String) -> Value? {
    switch name {
    case "z": .list(ListValue(z.map(value), elementName: "layer"))
    case "a": .list(ListValue(a.map(value), firstIndex: 0, elementName: "layer"))
    case "output": value(a[a.count - 1])
    default: nil
    }
  }

  private func value(_ matrix: Matrix<Double>) -> Value {
    isSingle ? .vector(matrix.storage) : .matrix(matrix)
  }

  package var columnNames: [String] { Self.columns }
  package var rowCount: Int { z.reduce(0) { $0 + $1.storage.count } }

  package var tidy: TidyTable {
    var rows = LayerRows()
    var zs: [Double] = []
    var activations: [Double] = []
    for layer in z.indices {
      for neuron in 0..<z[layer].columns {
        for example in 0..<examples {
          rows.append(layer + 1, neuron + 1, example + 1)
          zs.append(z[layer][example, neuron])
          activations.append(a[layer + 1][example, neuron])
        }
      }
    }
    return TidyTable(
      rows.columns + [TidyColumn("z", numbers: zs), TidyColumn("a", numbers: activations)])
  }

  package func render(_ settings: Settings) -> MIMEBundle {
    let table =
      outline.showsNeurons(settings, examples: examples) ? neuronView : matrixView
    return table.bundle(tidy: tidy, numbers: settings.numberFormat)
  }

  private var caption: SymbolText {
    .words("Forward pass of \(outline.name), \(outline.updatesText)")
  }

  private var neuronView: Table {
    var names: [SymbolText] = []
    var activationNames: [SymbolText] = []
    var examplesColumn: [Int] = []
    var zs: [Double] = []
    var activations: [Double] = []
    var groups: [RowGroup] = []
    for layer in z.indices {
      for neuron in 0..<z[layer].columns {
        for example in 0..<examples {
          names.append(NetworkSymbol.neuron("z", layer + 1, neuron + 1))
          activationNames.append(NetworkSymbol.neuron("a", layer + 1, neuron + 1))
          examplesColumn.append(example + 1)
          zs.append(z[layer][example, neuron])
          activations.append(a[layer + 1][example, neuron])
        }
      }
      groups.append(
        RowGroup(
          .words("Layer \(layer + 1): ") + outline.title(layer: layer + 1),
          rowCount: z[layer].columns * examples))
    }
    var columns = [TableColumn("neuron", symbols: names)]
    if examples > 1 { columns.append(TableColumn("example", integers: examplesColumn)) }
    columns.append(TableColumn("z", numbers: zs))
    columns.append(TableColumn("", symbols: activationNames, isStub: false))
    columns.append(TableColumn("a", numbers: activations))
    let width = columns.count
    return Table(
      caption: caption, columns: columns,
      spanners: [
        ColumnSpanner("net input", columns: 0..<(width - 2)),
        ColumnSpanner("activation", columns: (width - 2)..<width),
      ], groups: groups)
  }

  private var matrixView: Table {
    var view = MatrixView()
    view.append(NetworkSymbol.matrix("A", 0), .variable("X"), a[0])
    for layer in z.indices {
      let number = layer + 1
      view.append(
        NetworkSymbol.matrix("Z", number),
        .sequence([
          NetworkSymbol.matrix("A", layer), .sign(.dot), NetworkSymbol.matrix("W", number),
          .sign(.plus), NetworkSymbol.bias(number),
        ]), z[layer])
      view.append(
        NetworkSymbol.matrix("A", number),
        NetworkSymbol.activated(
          outline.layers[layer].activation, NetworkSymbol.matrix("Z", number)), a[number])
    }
    return view.table(caption: caption)
  }
}

/// The columns that locate a neuron: layer, neuron, example.
package struct LayerRows {
  private var layers: [Int] = []
  private var neurons: [Int] = []
  private var examples: [Int] = []

  package mutating func append(_ layer: Int, _ neuron: Int, _ example: Int) {
    layers.append(layer)
    neurons.append(neuron)
    examples.append(example)
  }

  package var columns: [TidyColumn] {
    [
      TidyColumn("layer", integers: layers), TidyColumn("neuron", integers: neurons),
      TidyColumn("example", integers: examples),
    ]
  }
}

/// The matrix view: one row a quantity, with symbol, formula, dimensions and value.
package struct MatrixView {
  private var symbols: [SymbolText] = []
  private var formulas: [SymbolText] = []
  private var dimensions: [SymbolText] = []
  private var values: [TableCell] = []

  package mutating func append(
    _ symbol: SymbolText, _ formula: SymbolText, _ value: Matrix<Double>?
  ) {
    symbols.append(symbol)
    formulas.append(formula)
    dimensions.append(value.map { NetworkSymbol.dimensions($0.rows, $0.columns) } ?? "—")
    values.append(value.map(TableCell.matrix) ?? .missing)
  }

  package func table(caption: SymbolText, notes: [TableNote] = []) -> Table {
    Table(
      caption: caption,
      columns: [
        TableColumn("quantity", symbols: symbols),
        TableColumn("formula", symbols: formulas, isStub: false),
        TableColumn("dimensions", symbols: dimensions, isStub: false),
        TableColumn("value", cells: values),
      ], notes: notes)
  }
}
