import Display
import Language
import MatrixEngine
import Networks
import Notation

/// What `gradcheck` returns: analytic derivatives beside central differences.
package struct GradientCheckRecord: Record {
  package let outline: NetworkOutline
  package let check: GradientCheck

  package var kindName: String { "GradientCheck" }
  package var description: String { "a gradient check of \(outline.name)" }
  package var memberNames: [String] { ["worst", "holds"] }

  package func member(_ name: String) -> Value? {
    switch name {
    case "worst": .scalar(check.worst?.relativeError ?? 0)
    case "holds": .boolean(check.passes)
    default: nil
    }
  }

  package var columnNames: [String] {
    ["layer", "parameter", "input", "neuron", "analytic", "numeric", "relative_error"]
  }

  private var columns: ParameterColumns {
    ParameterColumns(check.entries.map(\.place))
  }

  package var tidy: TidyTable {
    TidyTable(
      columns.tidy + [
        TidyColumn("analytic", numbers: check.entries.map(\.analytic)),
        TidyColumn("numeric", numbers: check.entries.map(\.numeric)),
        TidyColumn("relative_error", numbers: check.entries.map(\.relativeError)),
      ])
  }

  package func render(_ settings: Settings) -> MIMEBundle {
    let columns = columns
    let worst = check.worst
    let marks: [TableCell] = check.entries.map { entry in
      if entry.isAtKink { return .text("kink") }
      return .mark(check.holds(entry) ? .holds : .fails)
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
