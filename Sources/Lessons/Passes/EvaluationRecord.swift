import Display
import Language
import MatrixEngine
import Networks
import Notation

/// What `evaluate` returns: loss, accuracy and the confusion matrix.
package struct EvaluationRecord: Record {
  package let outline: NetworkOutline
  package let evaluation: Evaluation
  package let classes: [String]?

  package var kindName: String { "Evaluation" }
  package var description: String { "an evaluation of \(outline.name)" }
  package var memberNames: [String] { ["loss", "accuracy", "confusion"] }

  package func member(_ name: String) -> Value? {
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
    if count == 2, case .decisions(let low, let high)? = outline.layers.last?.activation?.meaning {
      return [low, high].map(Interpreter.plain)
    }
    // One output tells 0 from 1; several outputs are classes 1…k.
    return (0..<count).map { String(outline.layers.last?.outputs == 1 ? $0 : $0 + 1) }
  }

  package var tidy: TidyTable {
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

  package func render(_ settings: Settings) -> MIMEBundle {
    let format = settings.numberFormat
    let accuracy =
      evaluation.accuracy.map { "accuracy \(format.text($0 * 100)) %" } ?? "accuracy —"
    let caption: SymbolText = .words(
      "\(outline.name) on \(evaluation.examples.counted("example")): loss \(format.text(evaluation.loss)), \(accuracy)"
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
