import Display
import Language
import Syntax

/// `table`: values side by side, or a record sorted by a column.
package enum TableCommands {
  package static let builtIns: [BuiltIn] = [
    BuiltIn(
      "table", .data,
      [
        .init("a", .any, default: .described("")),
        .init(
          "sort", .expression, default: .described("as given"), isKeywordOnly: true,
          completion: .argumentColumn),
      ],
      isVariadic: true, furtherNames: .columns,
      summary:
        "columns named after their expressions (or name = expression); of a record its tidy table, sorted by a column if wanted",
      gives: .init("a Table, whose columns are its members"),
      example: "table(x, sigmoid(x))"
    ) { (interpreter, call) throws(Diagnostic) in
      guard !call.named.isEmpty else {
        throw Diagnostic(
          .type, "table needs something to show", at: call.span, help: "table(x, sigmoid(x))")
      }
      var columns: [TidyColumn] = []
      for (name, argument) in call.named { try append(name, argument, to: &columns, interpreter) }
      let length = columns.map(\.values.count).max() ?? 0
      for (index, column) in columns.enumerated() where column.values.count != length {
        guard column.values.count == 1 else {
          throw Diagnostic(
            .shape,
            "the columns of a table have one length: \(column.name) has \(column.values.count) entries, another \(length)",
            at: call.span, help: "a single number or text is repeated in every row")
        }
        columns[index] = TidyColumn(column.name, column.values.repeated(length))
      }
      var table = TidyTable(columns)
      if let sort = call["sort"], let key = sort.syntax {
        table = try sorted(table, by: key, interpreter)
      }
      return .record(TableRecord(tidy: table))
    }
  ]

  private static func append(
    _ name: String, _ argument: Call.Argument, to columns: inout [TidyColumn],
    _ interpreter: Interpreter
  ) throws(Diagnostic) {
    guard let tabular = argument.value.asked(for: (any Tabular).self) else {
      throw Diagnostic(
        .type, "\(argument.value.description) makes no column", at: argument.span)
    }
    columns += try tabular.columns(named: name, at: argument.span)
  }

  private static func sorted(
    _ table: TidyTable, by key: ExpressionSyntax, _ interpreter: Interpreter
  ) throws(Diagnostic) -> TidyTable {
    var expression = key
    var isDescending = false
    if case .negative(let inner) = key.kind {
      isDescending = true
      expression = inner
    }
    let name =
      if case .string(let text) = expression.kind { text } else {
        interpreter.oneLine(expression.span)
      }
    guard let sorted = table.sorted(by: name) else {
      let names = table.columns.map(\.name)
      throw Diagnostic(
        .name, "the table has no column \(name)", at: expression.span,
        label: Spelling.question(name, in: names),
        help: "its columns are \(names.joined(separator: ", "))")
    }
    return isDescending ? sorted.reversed : sorted
  }
}

extension TidyValues {
  fileprivate func repeated(_ count: Int) -> TidyValues {
    picking(Array(repeating: 0, count: count))
  }
}

extension TidyTable {
  /// The rows from the last to the first.
  fileprivate var reversed: TidyTable {
    TidyTable(columns.map { TidyColumn($0.name, $0.values.picking((0..<rowCount).reversed())) })
  }
}
