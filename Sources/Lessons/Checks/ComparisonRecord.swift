import Display
import Language
import Notation

/// What `compare` returns: computed numbers beside printed ones, with a verdict each.
package struct ComparisonRecord: Record {
  package struct Row {
    package var quantity: String
    /// nil of a formula.
    package var computed: Double?
    package var printed: PrintedNumber?
    package var verdict: Verdict

    package var difference: Double? {
      guard let computed, let printed = printed?.value else { return nil }
      return computed == printed ? 0 : computed - printed
    }
    package var units: Double? {
      guard let unit = printed?.unit, let difference else { return nil }
      return abs(difference) / unit
    }

    /// The printed number as it was printed, and the computed one with one digit more: the digits that were
    /// compared. Two numbers that differ are shown with as many digits as that takes.
    package func cells(_ format: NumberFormat) -> (computed: TableCell, printed: TableCell) {
      guard let computed, let printed else { return (.missing, .missing) }
      if let literal = printed.literal,
        let written = FormattedNumber(literal: literal, isNegative: printed.value.sign == .minus)
      {
        return (.written(format.format(computed, beside: written)), .written(written))
      }
      let pair = format.format(computed, apartFrom: printed.value)
      return (.written(pair.0), .written(pair.1))
    }
  }

  package let rows: [Row]

  package var kindName: String { "Comparison" }
  package var description: String { "a comparison" }
  package var memberNames: [String] { ["holds"] }

  package func member(_ name: String) -> Value? {
    guard name == "holds" else { return nil }
    return .boolean(rows.allSatisfy { $0.verdict != .fails })
  }

  package var tidy: TidyTable {
    TidyTable([
      TidyColumn("quantity", strings: rows.map(\.quantity)),
      TidyColumn("computed", .optionalNumbers(rows.map(\.computed))),
      TidyColumn("printed", .optionalNumbers(rows.map(\.printed?.value))),
      TidyColumn("difference", .optionalNumbers(rows.map(\.difference))),
      TidyColumn("units_of_last_digit", .optionalNumbers(rows.map(\.units))),
      TidyColumn("verdict", strings: rows.map(\.verdict.mark.symbol)),
    ])
  }

  package func render(_ settings: Settings) -> MIMEBundle {
    let cells = rows.map { $0.cells(settings.numberFormat) }
    let table = Table(
      columns: [
        TableColumn("quantity", texts: rows.map(\.quantity), isStub: true),
        TableColumn("computed", cells: cells.map(\.computed), alignment: .decimal),
        TableColumn("printed", cells: cells.map(\.printed), alignment: .decimal),
        TableColumn(
          "difference", cells: rows.map { .number($0.difference) },
          style: .scientific(decimals: 1)),
        TableColumn(
          "units of last digit", cells: rows.map { .number($0.units) }, style: .decimals(2)),
        TableColumn("", cells: rows.map { .mark($0.verdict.mark) }),
      ])
    return table.bundle(tidy: tidy, numbers: settings.numberFormat)
  }
}

/// What a `check` that holds returns.
package struct CheckRecord: Record {
  package let quantity: String
  /// The expected value as it was written; nil for a check of a truth value.
  let expectedText: String?
  /// The checked entries, with the places where they stand: `[2]`, `[1,3]`; nil for what has no numbers.
  private let entries: (places: [String], computed: [Double], expected: [Double])?
  /// The checked number, where it is a single one.
  private let number: Double?

  package init(quantity: String, expectedText: String?, computed: Value, expected: Value) {
    self.quantity = quantity
    self.expectedText = expectedText
    number = computed.number
    entries = computed.entriesOfAny.map { entries in
      let expected = expected.entriesOfAny ?? []
      return (
        places: entries.indices.map(computed.indexText), computed: entries,
        expected: expected.count == entries.count ? expected : entries
      )
    }
  }

  package var kindName: String { "Check" }
  package var description: String { "a check" }
  package var isConfirmation: Bool { true }
  package var memberNames: [String] { ["holds"] }
  package func member(_ name: String) -> Value? { name == "holds" ? .boolean(true) : nil }

  package var tidy: TidyTable {
    let entries = entries ?? ([], [], [])
    return TidyTable([
      TidyColumn("quantity", strings: entries.places.map { quantity + $0 }),
      TidyColumn("computed", numbers: entries.computed),
      TidyColumn("expected", numbers: entries.expected),
      TidyColumn("verdict", strings: entries.places.map { _ in VerdictMark.holds.symbol }),
    ])
  }

  package func render(_ settings: Settings) -> MIMEBundle {
    var text = "✓ \(quantity)"
    if let expectedText {
      text += " = \(expectedText)"
      // A number that was expected as it is shown is not told twice.
      if let value = number.map(settings.numberFormat.text), value != expectedText {
        text += " (\(value))"
      }
    }
    var bundle = MIMEBundle(plain: text)
    bundle.data[MIMEType.html] = .string(
      "<div class=\"nabla-check\"><b>✓</b>"
        + "\(HTMLText.escaped(String(text.dropFirst())))</div>")
    bundle.data[MIMEType.latex] = .string(
      "$\\checkmark$\(LaTeXText.escaped(String(text.dropFirst())))")
    if entries != nil {
      bundle.data[MIMEType.dataResource] = tidy.dataResource
    }
    return bundle
  }
}
