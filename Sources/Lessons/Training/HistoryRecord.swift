import Display
import Language
import MatrixEngine
import Networks
import Notation

/// What `train` returns: loss and accuracy after each epoch; epoch 0 is before the first update.
package struct HistoryRecord: Record {
  package let outline: NetworkOutline
  package let history: TrainingHistory

  package var kindName: String { "History" }
  package var description: String { "a training history of \(outline.name)" }
  package static let members = ["loss", "accuracy", "epochs", "at"]
  package static let columns = ["epoch", "loss", "accuracy"]
  private static let ofValidation = ["validation_loss", "validation_accuracy"]
  private var hasValidation: Bool { !history.validationLoss.isEmpty }
  package var memberNames: [String] {
    Self.members + (hasValidation ? Self.ofValidation : []) + (history.best == nil ? [] : ["best"])
  }

  package func member(_ name: String) -> Value? {
    switch name {
    case "loss": .vector(history.loss)
    case "accuracy": .vector(history.accuracy.map { $0 ?? .nan })
    case "epochs": .vector(history.epochs.map(Double.init))
    case "at": .function(.builtIn(at))
    case "validation_loss" where hasValidation: .vector(history.validationLoss)
    case "validation_accuracy" where hasValidation:
      .vector(history.validationAccuracy.map { $0 ?? .nan })
    case "best": history.best.map { .scalar(Double($0)) }
    default: nil
    }
  }

  package var columnNames: [String] { Self.columns + (hasValidation ? Self.ofValidation : []) }

  package var tidy: TidyTable {
    let validation =
      hasValidation
      ? [
        TidyColumn(Self.ofValidation[0], numbers: history.validationLoss),
        TidyColumn(Self.ofValidation[1], .optionalNumbers(history.validationAccuracy)),
      ] : []
    return TidyTable(
      [
        TidyColumn("epoch", integers: history.epochs),
        TidyColumn("loss", numbers: history.loss),
        TidyColumn("accuracy", .optionalNumbers(history.accuracy)),
      ] + validation)
  }

  package func render(_ settings: Settings) -> MIMEBundle {
    let columns = tidy.columns.map { column in
      let isStub = if case .integers = column.values { true } else { false }
      return TableColumn(
        .words(column.name.split(separator: "_").joined(separator: " ")), column.values.cells,
        isStub: isStub)
    }
    let best = history.best.map { "; the weights are those of epoch \($0), the best" } ?? ""
    return Table(
      caption: .words(
        "Training of \(outline.name) with \(history.optimizer.title), η = \(history.learningRate.text)\(history.penalty.words(clip: history.clip)): \(outline.updatesText)\(best)"
      ), columns: columns
    ).bundle(tidy: tidy, numbers: settings.numberFormat)
  }
}

/// What `train(…, rule = perceptron)` returns: every example's turn, z before it and b, w after it.
package struct PerceptronHistoryRecord: Record {
  package let outline: NetworkOutline
  package let history: PerceptronHistory
  /// The perceptron before training, and the examples.
  package let start: NetworkState
  package let x: Matrix<Double>

  package var kindName: String { "PerceptronHistory" }
  package var description: String { "a perceptron's history" }
  package var memberNames: [String] { ["errors", "converged"] }

  package func member(_ name: String) -> Value? {
    switch name {
    case "errors": .vector(history.errors.map(Double.init))
    case "converged": .boolean(history.converged)
    default: nil
    }
  }

  private var hasBias: Bool { outline.layers[0].parameter(named: "b") != nil }
  package var rowCount: Int { history.rows.count }
  package var columnNames: [String] {
    ["epoch", "example", "z", "output", "target", "error"] + (hasBias ? ["b"] : [])
      + (0..<outline.inputs).map { "w\($0 + 1)" }
  }

  package var tidy: TidyTable {
    let rows = history.rows
    return TidyTable(
      [
        TidyColumn("epoch", integers: rows.map(\.epoch)),
        TidyColumn("example", integers: rows.map(\.example)),
        TidyColumn("z", numbers: rows.map(\.z)),
        TidyColumn("output", numbers: rows.map(\.output)),
        TidyColumn("target", numbers: rows.map(\.target)),
        TidyColumn("error", numbers: rows.map(\.error)),
      ] + (hasBias ? [TidyColumn("b", numbers: rows.compactMap(\.bias))] : [])
        + (0..<outline.inputs).map { input in
          TidyColumn(
            "w\(input + 1)", .numbers(rows.map { $0.weights[input] }),
            head: .quantity(Quantity("w", index: "\(input + 1)")))
        })
  }

  /// Examples whose z is the threshold but for rounding.
  private var ties: [TableNote] {
    let rows = history.rows.filter(\.isTie)
    guard let first = rows.first else { return [] }
    let more = rows.count > 1 ? " (and \((rows.count - 1).counted("row")) more)" : ""
    return [
      TableNote(
        .words(
          "epoch \(first.epoch), example \(first.example)\(more): z is the threshold but for rounding, and counts as on it"
        ))
    ]
  }

  /// An epoch that ends with the weights of an earlier one: from there on everything repeats, for ever.
  private var cycle: [TableNote] {
    guard !history.converged else { return [] }
    var ends: [[Double]: Int] = [:]
    for epoch in history.errors.indices {
      let row = history.rows[(epoch + 1) * examples - 1]
      guard let earlier = ends.updateValue(epoch, forKey: row.weights + [row.bias ?? 0]) else {
        continue
      }
      // Only where weights and bias move does the rule find a line whenever there is one.
      let movesAll =
        history.rows.contains { $0.bias != row.bias }
        && history.rows.contains { $0.weights != row.weights }
      let end = movesAll ? "so the examples are not linearly separable" : "for ever"
      return [
        TableNote(
          .words(
            "the weights of epoch \(earlier + 1) return in epoch \(epoch + 1): it goes round in a circle, \(end)"
          ))
      ]
    }
    return []
  }

  /// How many there are; every epoch presents all of them.
  private var examples: Int { history.rows.count / max(history.errors.count, 1) }

  package func render(_ settings: Settings) -> MIMEBundle {
    let tidy = tidy
    var groups: [RowGroup] = []
    for (index, errors) in history.errors.enumerated() {
      groups.append(
        RowGroup(
          .words("Epoch \(index + 1): \(errors.counted("error"))"), rowCount: examples))
    }
    let end =
      history.converged
      ? "converged in epoch \(history.errors.count)"
      : "not converged after \(history.errors.count.counted("epoch"))"
    let columns = tidy.columns.dropFirst().map { column in
      let isStub = if case .integers = column.values { true } else { false }
      return TableColumn(column.head, column.values.cells, isStub: isStub)
    }
    return Table(
      caption: .words("Perceptron rule on \(outline.name), \(end)"), columns: Array(columns),
      groups: groups,
      notes: [
        TableNote(.words("z is before the example; \(hasBias ? "b and w are" : "w is") after it"))
      ] + ties + cycle
    ).bundle(tidy: tidy, numbers: settings.numberFormat)
  }
}

extension TidyValues {
  /// The values as numbers; missing ones and texts are nan.
  package var numbers: [Double] {
    Value(self).vector ?? []
  }
}
