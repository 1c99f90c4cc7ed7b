import Display
import Networks

/// What `summary` returns: layers, shapes and numbers of parameters.
package struct SummaryRecord: Record {
  package let outline: NetworkOutline
  private let precision: String
  private let parameterCount: Int

  package init(_ network: Network) {
    outline = NetworkOutline(network)
    precision = network.precision.rawValue
    parameterCount = network.parameterCount
  }

  package var kindName: String { "Summary" }
  package var description: String { "the summary of \(outline.name)" }
  package var memberNames: [String] { ["parameters_total", "loss"] }

  package func member(_ name: String) -> Value? {
    switch name {
    case "parameters_total": .scalar(Double(parameterCount))
    case "loss": .string(outline.loss)
    default: nil
    }
  }

  package var tidy: TidyTable {
    let layers = outline.layers
    return TidyTable([
      TidyColumn("layer", integers: Array(1...max(1, layers.count)).prefix(layers.count) + []),
      TidyColumn("name", .optionalStrings(layers.map(\.name))),
      TidyColumn("units", integers: layers.map(\.units)),
      TidyColumn("activation", strings: layers.map(\.activation)),
      TidyColumn("W_shape", strings: layers.map { "\($0.inputs)×\($0.units)" }),
      TidyColumn("b_shape", strings: layers.map { "1×\($0.units)" }),
      TidyColumn("parameters", integers: layers.map { ($0.inputs + 1) * $0.units }),
    ])
  }

  package func render(_ settings: Settings) -> MIMEBundle {
    let layers = outline.layers
    var columns = [
      TableColumn("layer", .integers(layers.indices.map { $0 + 1 }), isStub: true)
    ]
    if layers.contains(where: { $0.name != nil }) {
      columns.append(TableColumn("name", texts: layers.map { $0.name ?? "" }))
    }
    columns += [
      TableColumn("units", integers: layers.map(\.units)),
      TableColumn("activation", texts: layers.map(\.activation)),
      TableColumn(
        .variable("W"),
        symbols: layers.map { NetworkSymbol.dimensions($0.inputs, $0.units) }, isStub: false),
      TableColumn(
        .variable("b"), symbols: layers.map { NetworkSymbol.dimensions(1, $0.units) },
        isStub: false),
      TableColumn("parameters", integers: layers.map { ($0.inputs + 1) * $0.units }),
    ]
    let inputs =
      outline.inputNames.map { $0.joined(separator: ", ") }
      ?? "\(outline.inputs) input\(outline.inputs == 1 ? "" : "s")"
    let hidden = layers.count - 1
    return Table(
      caption: .words(
        "Network \(outline.name): \(inputs), \(hidden) hidden layer\(hidden == 1 ? "" : "s"), loss \(outline.loss)"
      ), columns: columns,
      notes: [
        TableNote(
          .words(
            "\(parameterCount) parameters in all, \(precision); \(outline.updatesText)"))
      ]
    ).bundle(tidy: tidy, numbers: settings.numberFormat)
  }
}
