import Display
import MatrixEngine
import Networks
import Notation

/// What `summary` returns: layers, shapes and numbers of parameters.
package struct SummaryRecord: Record {
  package let outline: NetworkOutline
  private let precision: String
  private let parameterCount: Int

  package init(_ network: Network) {
    outline = NetworkOutline(network)
    precision = network.precision.rawValue
    parameterCount = network.learnedCount
  }

  package var kindName: String { "Summary" }
  package var description: String { "the summary of \(outline.name)" }
  package var memberNames: [String] { ["parameters_total", "loss"] }

  package func member(_ name: String) -> Value? {
    switch name {
    case "parameters_total": .scalar(Double(parameterCount))
    case "loss": .string(outline.loss.name)
    default: nil
    }
  }

  package var tidy: TidyTable {
    let layers = outline.layers
    return TidyTable(
      [
        TidyColumn("layer", integers: layers.indices.map { $0 + 1 }),
        TidyColumn("name", .optionalStrings(layers.map(\.name))),
        TidyColumn("units", integers: layers.map(\.outputs)),
        TidyColumn("activation", .optionalStrings(layers.map { $0.activation?.notation })),
      ]
        + layers.parameterNames.map { name in
          TidyColumn("\(name)_shape", .optionalStrings(layers.map { $0.shapeText(name) }))
        } + [TidyColumn("parameters", integers: layers.map(parameterCount))])
  }

  private func parameterCount(_ layer: any Layer) -> Int {
    layer.parameters.reduce(0) { $1.isAverage ? $0 : $0 + $1.count }
  }

  package func render(_ settings: Settings) -> MIMEBundle {
    let layers = outline.layers
    var columns = [
      TableColumn("layer", .integers(layers.indices.map { $0 + 1 }), isStub: true)
    ]
    let isOfKinds = layers.contains { $0.kind != LayerKind.dense.name }
    if isOfKinds { columns.append(TableColumn("kind", texts: layers.map(\.kindWords))) }
    if layers.contains(where: { $0.name != nil }) {
      columns.append(TableColumn("name", texts: layers.map { $0.name ?? "" }))
    }
    if layers.contains(where: { $0.outputSizes.count != 1 }) {
      columns.append(TableColumn("gives", symbols: layers.map(\.givenSizes), isStub: false))
    } else {
      columns.append(TableColumn("units", integers: layers.map(\.outputs)))
    }
    columns += [
      TableColumn("activation", texts: layers.map { $0.activation?.notation ?? "" })
    ]
    for name in layers.parameterNames {
      let shapes = layers.map { layer -> SymbolText in
        layer.parameter(named: name).map {
          $0.sizes.count > 2
            ? .words($0.sizes.map(String.init).joined(separator: " × "))
            : NetworkSymbol.dimensions($0.shape.rows, $0.shape.columns)
        } ?? ""
      }
      columns.append(TableColumn(.variable(name), symbols: shapes, isStub: false))
    }
    columns.append(TableColumn("parameters", integers: layers.map(parameterCount)))
    let inputs =
      outline.inputNames.map { $0.joined(separator: ", ") }
      ?? (outline.inputSizes.count > 1
        ? "examples of \(outline.inputSizes.map(String.init).joined(separator: " × "))"
        : outline.inputs.counted("input"))
    let hidden = layers.count - 1
    return Table(
      caption: .words(
        "Network \(outline.name): \(inputs), \(hidden.counted("hidden layer")), loss \(outline.loss.notation)"
      ), columns: columns,
      notes: outline.notesOnKept + [
        TableNote(
          .words(
            "\(parameterCount) parameters in all, \(precision); \(outline.updatesText)"))
      ]
    ).bundle(tidy: tidy, numbers: settings.numberFormat)
  }
}

extension Layer {
  /// The sizes of what it gives of an example: 2 × 3 × 3.
  fileprivate var givenSizes: SymbolText {
    outputSizes.isEmpty
      ? "a number" : .words(outputSizes.map(String.init).joined(separator: " × "))
  }

  /// The shape of a parameter as tables write it, `2×3`; nil where the layer has none of the name.
  fileprivate func shapeText(_ name: String) -> String? {
    parameter(named: name).map { $0.sizes.count > 2 ? "\(Shape($0.sizes))" : "\($0.shape)" }
  }
}
