import Display
import Language
import MatrixEngine
import Networks
import Notation

/// What `step` returns: every parameter before and after, with the gradient that moved it.
package struct UpdateRecord: Record {
  package let outline: NetworkOutline
  package let update: UpdateResult

  package var kindName: String { "Update" }
  package var description: String { "an update of \(outline.name)" }
  package static let members = [
    "before", "after", "old", "new", "largest", "smallest", "learning_rate",
  ]
  package static let columns = ["layer", "parameter", "input", "neuron", "old", "gradient", "new"]
  package var memberNames: [String] { Self.members }

  package func member(_ name: String) -> Value? {
    switch name {
    case "before": .scalar(update.before)
    case "after": .scalar(update.after)
    case "old": .network(Network(update.old))
    case "new": .network(Network(update.new))
    case "largest": update.largest.map { row([$0], "the largest update") }
    case "smallest": update.smallest.map { row([$0], "the smallest update") }
    case "learning_rate": .scalar(update.learningRate)
    default: nil
    }
  }

  private func row(_ changes: [ParameterChange], _ text: String) -> Value {
    .record(RowRecord(tidy: Self.tidy(changes), description: text))
  }

  package var columnNames: [String] { Self.columns }

  package var tidy: TidyTable { Self.tidy(update.changes) }

  private static func tidy(_ changes: [ParameterChange]) -> TidyTable {
    TidyTable(
      ParameterColumns(changes.map(\.place)).tidy + [
        TidyColumn("old", numbers: changes.map(\.old)),
        TidyColumn("gradient", numbers: changes.map(\.gradient)),
        TidyColumn("new", numbers: changes.map(\.new)),
      ])
  }

  package func render(_ settings: Settings) -> MIMEBundle {
    let table =
      outline.showsNeurons(settings, examples: 1) ? neuronView(settings) : matrixView(settings)
    return table.bundle(tidy: tidy, numbers: settings.numberFormat)
  }

  private func caption(_ settings: Settings) -> SymbolText {
    let format = settings.numberFormat
    return .words(
      "Update \(outline.updateCount) of \(outline.name) with η = \(Interpreter.plain(update.learningRate)): loss \(format.text(update.before)) → \(format.text(update.after)); reset(\(outline.name)) goes back to the definition"
    )
  }

  private func neuronView(_ settings: Settings) -> Table {
    // The slides' order: the bias first, then the weights, neuron by neuron, from the last layer back.
    let changes = update.changes.sorted {
      $0.place.standsBefore($1.place)
    }
    let columns = ParameterColumns(changes.map(\.place))
    return Table(
      caption: caption(settings),
      columns: [
        TableColumn("parameter", symbols: columns.symbols(settings)),
        TableColumn("old", numbers: changes.map(\.old)),
        TableColumn("gradient", numbers: changes.map(\.gradient)),
        TableColumn("new", numbers: changes.map(\.new)),
      ], groups: columns.groups(outline), notes: extremes(settings))
  }

  /// Which parameter moved most, and which least.
  private func extremes(_ settings: Settings) -> [TableNote] {
    guard let largest = update.largest, let smallest = update.smallest, update.changes.count > 1
    else { return [] }
    let format = settings.numberFormat
    func named(_ change: ParameterChange) -> SymbolText {
      NetworkSymbol.parameter(change.place, settings)
        + .words(" by \(format.text(abs(change.new - change.old)))")
    }
    return (outline.frozenNames.map { [TableNote(.words("frozen, so kept: ") + $0)] } ?? []) + [
      TableNote(.words("moves most: ") + named(largest) + .words("; least: ") + named(smallest))
    ]
  }

  private func matrixView(_ settings: Settings) -> Table {
    var symbols: [SymbolText] = []
    var dimensions: [SymbolText] = []
    var old: [TableCell] = []
    var gradient: [TableCell] = []
    var new: [TableCell] = []
    func append(_ symbol: SymbolText, _ a: Matrix<Double>, _ g: Matrix<Double>, _ b: Matrix<Double>)
    {
      symbols.append(symbol)
      dimensions.append(NetworkSymbol.dimensions(a.rows, a.columns))
      old.append(.array(a))
      gradient.append(.array(g))
      new.append(.array(b))
    }
    let (before, after) = (update.old.parameterValues, update.new.parameterValues)
    for (index, gradients) in update.gradients.parameters.enumerated() {
      for (place, gradient) in gradients.enumerated() {
        append(
          NetworkSymbol.parameter(gradient.parameter, isMatrix: gradient.isMatrix, index + 1),
          before[index][place].matrix, gradient.matrix, after[index][place].matrix)
      }
    }
    return Table(
      caption: caption(settings),
      columns: [
        TableColumn("parameter", symbols: symbols),
        TableColumn("dimensions", symbols: dimensions, isStub: false),
        TableColumn("old", cells: old), TableColumn("gradient", cells: gradient),
        TableColumn("new", cells: new),
      ], notes: extremes(settings))
  }
}

extension ParameterPlace {
  /// The slides' order: from the last layer back, neuron by neuron, the bias first.
  func standsBefore(_ other: ParameterPlace) -> Bool {
    (other.layer, neuron ?? 0, input ?? 0) < (layer, other.neuron ?? 0, other.input ?? 0)
  }
}
