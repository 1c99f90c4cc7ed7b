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
  /// What the optimizer has a column for, by its line; behind the gradient.
  private var state: [(line: Int, column: String, head: SymbolText)] {
    update.optimizer.lines.enumerated().compactMap { place, line in
      line.column.map { (place, $0, .quantity(Quantity(name: line.symbol))) }
    }
  }
  package var memberNames: [String] { Self.members }

  package func member(_ name: String) -> Value? {
    switch name {
    case "before": .scalar(update.before)
    case "after": .scalar(update.after)
    case "old": .network(Network(update.old))
    case "new": .network(Network(update.new))
    case "largest": update.largest.map { row([$0], "the largest update") }
    case "smallest": update.smallest.map { row([$0], "the smallest update") }
    case "learning_rate":
      switch update.learningRate {
      case .constant, .epochs: .scalar(update.learningRate(layer: 1))
      case .layers(let rates): .vector(rates)
      }
    default: nil
    }
  }

  private func row(_ changes: [ParameterChange], _ text: String) -> Value {
    .record(RowRecord(tidy: tidy(changes), description: text))
  }

  package var columnNames: [String] { tidy([]).columns.map(\.name) }

  package var tidy: TidyTable { tidy(update.changes) }

  private func tidy(_ changes: [ParameterChange]) -> TidyTable {
    TidyTable(
      ParameterColumns(changes.map(\.place)).tidy + [
        TidyColumn("old", numbers: changes.map(\.old)),
        TidyColumn("gradient", learned(changes, \.gradient)),
      ] + stateColumns(changes) + [TidyColumn("new", numbers: changes.map(\.new))])
  }

  /// An average has no gradient, and no optimizer moves it.
  private func learned(
    _ changes: [ParameterChange], _ number: (ParameterChange) -> Double
  ) -> TidyValues {
    let isAverage = changes.map { update.isAverage($0.place) }
    guard isAverage.contains(true) else { return .numbers(changes.map(number)) }
    return .optionalNumbers(zip(changes, isAverage).map { $1 ? nil : number($0) })
  }

  private func stateColumns(_ changes: [ParameterChange]) -> [TidyColumn] {
    var columns = state.map { line, column, head in
      TidyColumn(column, learned(changes) { $0.lines[line] }, head: head)
    }
    if update.optimizer.countsUpdates {
      columns.append(TidyColumn("t", integers: changes.map { _ in update.number }))
    }
    return columns
  }

  package func render(_ settings: Settings) -> MIMEBundle {
    let table =
      outline.showsNeurons(settings, examples: 1) ? neuronView(settings) : matrixView(settings)
    return table.bundle(tidy: tidy, numbers: settings.numberFormat)
  }

  private func caption(_ settings: Settings) -> SymbolText {
    let format = settings.numberFormat
    let optimizer = update.optimizer == .sgd ? "" : update.optimizer.title + ", "
    return .words(
      "Update \(outline.updateCount) of \(outline.name) with \(optimizer)η = \(update.learningRate.text(format))\(update.gradients.penalty.words(clip: update.clip)): loss \(format.text(update.before)) → \(format.text(update.after)); reset(\(outline.name)) goes back to the definition"
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
        TableColumn("gradient", learned(changes, \.gradient).cells, isStub: false),
      ]
        + stateColumns(changes).map { TableColumn($0.head, $0.values.cells, isStub: false) }
        + [TableColumn("new", numbers: changes.map(\.new))], groups: columns.groups(outline),
      notes: extremes(settings))
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
    let bound: [TableNote] =
      update.clipFactor < 1
      ? [
        TableNote(
          .words(
            "the norm of all gradients is bounded: each is \(format.text(update.clipFactor)) times what it was"
          ))
      ] : []
    return bound + outline.notesOnKept + [
      TableNote(.words("moves most: ") + named(largest) + .words("; least: ") + named(smallest))
    ]
  }

  /// More numbers of matrices side by side are too wide for a page; they stand below each other.
  private static let numbersAcross = 6
  private static let visibleMatrices = 60

  private func matrixView(_ settings: Settings) -> Table {
    var symbols: [SymbolText] = []
    var dimensions: [SymbolText] = []
    var cells: [[TableCell]] = []
    let (before, after, lines) = (
      update.old.parameterValues, update.new.parameterValues, update.lines
    )
    var start = 0
    for (index, gradients) in update.gradients.parameters.enumerated() {
      for (place, gradient) in gradients.enumerated() {
        let shape = gradient.matrix.shape
        symbols.append(
          NetworkSymbol.parameter(gradient.parameter, isMatrix: gradient.isMatrix, index + 1))
        dimensions.append(NetworkSymbol.dimensions(shape.rows, shape.columns))
        let bounded = gradient.matrix.storage.map { update.clipFactor * $0 }
        let parts = state.map { Array(lines[$0.line][start..<(start + shape.count)]) }
        let isAverage =
          outline.layers[index].parameter(named: gradient.parameter)?.isAverage ?? false
        cells.append(
          [.array(before[index][place].matrix)]
            + ([bounded] + parts).map { isAverage ? .missing : .array(Matrix(shape, $0)) }
            + (update.optimizer.countsUpdates ? [.integer(update.number)] : [])
            + [.array(after[index][place].matrix)])
        start += shape.count
      }
    }
    let heads: [SymbolText] =
      ["old", "gradient"] + state.map(\.head) + (update.optimizer.countsUpdates ? ["t"] : [])
      + ["new"]
    let widest = update.gradients.parameters.joined().map { $0.matrix.columns }.max() ?? 0
    if widest * heads.count > Self.numbersAcross {
      return Table(
        caption: caption(settings),
        columns: [
          TableColumn("quantity", symbols: symbols.flatMap { _ in heads }),
          TableColumn("value", cells: Array(cells.joined())),
        ],
        groups: zip(symbols, dimensions).map { symbol, dimensions in
          RowGroup(symbol + ", " + dimensions, rowCount: heads.count)
        }, notes: extremes(settings), visibleRows: Self.visibleMatrices)
    }
    return Table(
      caption: caption(settings),
      columns: [
        TableColumn("parameter", symbols: symbols),
        TableColumn("dimensions", symbols: dimensions, isStub: false),
      ]
        + heads.enumerated().map { place, head in
          TableColumn(head, cells: cells.map { $0[place] })
        }, notes: extremes(settings))
  }
}

extension ParameterPlace {
  /// The slides' order: from the last layer back, neuron by neuron, the bias first.
  func standsBefore(_ other: ParameterPlace) -> Bool {
    (other.layer, neuron ?? 0, input ?? 0) < (layer, other.neuron ?? 0, other.input ?? 0)
  }
}
