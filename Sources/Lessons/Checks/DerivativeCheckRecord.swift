import Calculus
import Display
import Language
import Notation

/// What `gradcheck` of a function returns: every derivative beside its central difference.
package struct DerivativeCheckRecord: Record {
  package let function: String
  package let check: DerivativeCheck

  package var kindName: String { "GradientCheck" }
  package var description: String { "a gradient check of \(function)" }
  package var memberNames: [String] { ["worst", "holds"] }

  package func member(_ name: String) -> Value? {
    switch name {
    case "worst": .scalar(check.worst.map { check.entries[$0].relativeError } ?? 0)
    case "holds": .boolean(check.holds)
    default: nil
    }
  }

  package static let columnNames = ["output", "variable", "analytic", "numeric", "relative_error"]

  private static func place(_ name: String, _ indices: [Int]) -> String {
    let name =
      name.allSatisfy { $0.isLetter || $0.isNumber || "_'".contains($0) } ? name : "(\(name))"
    return indices.isEmpty ? name : "\(name)[\(indices.map(String.init).joined(separator: ","))]"
  }

  private var outputs: [String] { check.entries.map { Self.place(function, $0.output) } }
  private var variables: [String] { check.entries.map { Self.place($0.variable, $0.entry) } }

  package var tidy: TidyTable {
    TidyTable([
      TidyColumn("output", strings: outputs),
      TidyColumn("variable", strings: variables),
      TidyColumn("analytic", numbers: check.entries.map(\.analytic)),
      TidyColumn("numeric", numbers: check.entries.map(\.numeric)),
      TidyColumn("relative_error", numbers: check.entries.map(\.relativeError)),
    ])
  }

  package func render(_ settings: Settings) -> MIMEBundle {
    let entries = check.entries
    let marks: [TableCell] = entries.map {
      $0.isAtKink ? .text("kink") : .mark($0.holds ? .holds : .fails)
    }
    var columns = [TableColumn("variable", texts: variables, isStub: true)]
    if entries.contains(where: { !$0.output.isEmpty }) {
      columns.insert(TableColumn("output", texts: outputs, isStub: true), at: 0)
    }
    var notes: [TableNote] = []
    if let worst = check.worst, entries.count > 1 {
      notes.append(TableNote("the worst entry", at: [.cell(row: worst, column: columns.count + 2)]))
    }
    columns += [
      TableColumn("analytic", numbers: entries.map(\.analytic)),
      TableColumn("numeric", numbers: entries.map(\.numeric)),
      TableColumn("relative error", numbers: entries.map(\.relativeError)),
      TableColumn("", cells: marks),
    ]
    let kinks = entries.count(where: \.isAtKink)
    let verdict =
      (check.holds ? "all agree" : "NOT all agree")
      + (kinks == 0 ? "" : ", \(kinks.counted("kink")) without a verdict")
    let error = check.worst.map { settings.numberFormat.text(entries[$0].relativeError) } ?? "—"
    return Table(
      caption: .words(
        "Gradient check of \(function): \(verdict), worst relative error \(error)"
      ), columns: columns, notes: notes
    ).bundle(tidy: tidy, numbers: settings.numberFormat)
  }
}
