import Display
import MatrixEngine
import Networks

/// What `gradcheck` returns: analytic derivatives beside central differences.
struct GradientCheckRecord: Record {
  let outline: NetworkOutline
  let check: GradientCheck

  var kindName: String { "GradientCheck" }
  var description: String { "a gradient check of \(outline.name)" }
  var memberNames: [String] { ["worst", "holds"] }

  func member(_ name: String) -> Value? {
    switch name {
    case "worst": .scalar(check.worst?.relativeError ?? 0)
    case "holds": .boolean(check.passes)
    default: nil
    }
  }

  var columnNames: [String] {
    ["layer", "parameter", "input", "neuron", "analytic", "numeric", "relative_error"]
  }

  private var columns: ParameterColumns {
    var columns = ParameterColumns()
    for entry in check.entries {
      columns.append(
        entry.layer, entry.parameter.rawValue, input: entry.input, neuron: entry.neuron)
    }
    return columns
  }

  var tidy: TidyTable {
    TidyTable(
      columns.tidy + [
        TidyColumn("analytic", numbers: check.entries.map(\.analytic)),
        TidyColumn("numeric", numbers: check.entries.map(\.numeric)),
        TidyColumn("relative_error", numbers: check.entries.map(\.relativeError)),
      ])
  }

  func render(_ settings: Settings) -> MIMEBundle {
    let columns = columns
    let worst = check.worst
    let marks: [TableCell] = check.entries.map { entry in
      if entry.isAtKink { return .text("kink") }
      return .mark(entry.relativeError <= check.tolerance ? .holds : .fails)
    }
    var notes: [TableNote] = []
    if let worst, let row = check.entries.firstIndex(of: worst) {
      notes.append(TableNote("the worst entry", at: [.cell(row: row, column: 3)]))
    }
    let verdict = check.passes ? "all agree" : "NOT all agree"
    return Table(
      caption: .words(
        "Gradient check of \(outline.name): \(verdict), worst relative error \(worst.map { settings.numberFormat.text($0.relativeError) } ?? "—")"
      ),
      columns: [
        TableColumn("parameter", symbols: columns.symbols(settings)),
        TableColumn("analytic", numbers: check.entries.map(\.analytic)),
        TableColumn("numeric", numbers: check.entries.map(\.numeric)),
        TableColumn("relative error", numbers: check.entries.map(\.relativeError)),
        TableColumn("", cells: marks),
      ], groups: columns.groups(outline), notes: notes
    ).bundle(tidy: tidy, numbers: settings.numberFormat)
  }
}

/// What `evaluate` returns: loss, accuracy and the confusion matrix.
struct EvaluationRecord: Record {
  let outline: NetworkOutline
  let evaluation: Evaluation
  let classes: [String]?

  var kindName: String { "Evaluation" }
  var description: String { "an evaluation of \(outline.name)" }
  var memberNames: [String] { ["loss", "accuracy", "confusion"] }

  func member(_ name: String) -> Value? {
    switch name {
    case "loss": .scalar(evaluation.loss)
    case "accuracy": .scalar(evaluation.accuracy ?? .nan)
    case "confusion": evaluation.confusion.map { .array($0) }
    default: nil
    }
  }

  /// The names of the rows and columns of the confusion matrix.
  private var labels: [String] {
    let count = evaluation.confusion?.rows ?? 0
    if let classes, classes.count == count { return classes }
    // One output tells 0 from 1; several outputs are classes 1…k.
    return (0..<count).map { String(outline.layers.last?.units == 1 ? $0 : $0 + 1) }
  }

  var tidy: TidyTable {
    var quantities = ["loss", "accuracy"]
    var truths: [String?] = [nil, nil]
    var guesses: [String?] = [nil, nil]
    var values: [Double?] = [evaluation.loss, evaluation.accuracy]
    if let confusion = evaluation.confusion {
      for row in 0..<confusion.rows {
        for column in 0..<confusion.columns {
          quantities.append("count")
          truths.append(labels[row])
          guesses.append(labels[column])
          values.append(confusion[row, column])
        }
      }
    }
    return TidyTable([
      TidyColumn("quantity", strings: quantities),
      TidyColumn("true", .optionalStrings(truths)),
      TidyColumn("predicted", .optionalStrings(guesses)),
      TidyColumn("value", .optionalNumbers(values)),
    ])
  }

  func render(_ settings: Settings) -> MIMEBundle {
    let format = settings.numberFormat
    let accuracy =
      evaluation.accuracy.map { "accuracy \(format.text($0 * 100)) %" } ?? "accuracy —"
    let caption: SymbolText = .words(
      "\(outline.name) on \(evaluation.examples) example\(evaluation.examples == 1 ? "" : "s"): loss \(format.text(evaluation.loss)), \(accuracy)"
    )
    guard let confusion = evaluation.confusion else {
      return Table(
        caption: caption,
        columns: [
          TableColumn("quantity", texts: ["loss", "accuracy"], isStub: true),
          TableColumn("value", cells: [.number(evaluation.loss), .number(evaluation.accuracy)]),
        ]
      ).bundle(tidy: tidy, numbers: format)
    }
    let columns =
      [TableColumn("true", texts: labels, isStub: true)]
      + (0..<confusion.columns).map { column in
        TableColumn(
          .words(labels[column]), integers: confusion.column(column).map { Int($0) })
      }
    return Table(
      caption: caption, columns: columns,
      spanners: [ColumnSpanner("predicted", columns: 1..<(confusion.columns + 1))]
    ).bundle(tidy: tidy, numbers: format)
  }
}
