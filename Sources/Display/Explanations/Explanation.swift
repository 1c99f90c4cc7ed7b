import Notation

/// A calculation as it is shown: sections of numbered steps, each line a chain of equal things with a reason.
///
/// Source: LANGUAGE.md §4, `explain`; the tidy table is `step, quantity, formula, substituted, value`.
package struct Explanation: Sendable {
  package struct Line: Sendable {
    /// The heading that the line stands under; lines of one step follow each other.
    package var step: String
    /// What is equal: the quantity, its formula, with numbers put in, the value.
    package var parts: [Written]
    /// Why, or nil.
    package var reason: Written?
    package var rows: [Row]

    package init(step: String, parts: [Written], reason: Written? = nil, rows: [Row]) {
      self.step = step
      self.parts = parts
      self.reason = reason
      self.rows = rows
    }
  }

  /// A row of the tidy table.
  package struct Row: Sendable {
    package var quantity: String
    package var formula: String
    package var substituted: String?
    package var value: Double?

    package init(quantity: String, formula: String, substituted: String?, value: Double?) {
      self.quantity = quantity
      self.formula = formula
      self.substituted = substituted
      self.value = value
    }
  }

  package struct Section: Sendable {
    package var title: Written?
    package var lines: [Line]

    package init(title: Written?, lines: [Line]) {
      self.title = title
      self.lines = lines
    }

    /// The lines of each step.
    var steps: [(name: String, lines: [Line])] {
      var steps: [(name: String, lines: [Line])] = []
      for line in lines {
        if steps.last?.name == line.step {
          steps[steps.count - 1].lines.append(line)
        } else {
          steps.append((line.step, [line]))
        }
      }
      return steps
    }
  }

  package var title: String
  package var sections: [Section]
  /// Remarks below: what is folded, that a copy was used.
  package var notes: [String]
  /// Whether a page shows it step by step, one more at each click.
  package var isRevealed: Bool
  /// Whether the lines of the text are no wider than a page; a browser breaks them itself.
  private(set) var breaksLines: Bool

  package init(
    title: String, sections: [Section], notes: [String] = [], isRevealed: Bool = false,
    breaksLines: Bool = true
  ) {
    self.breaksLines = breaksLines
    self.title = title
    self.sections = sections
    self.notes = notes
    self.isRevealed = isRevealed
  }

  /// The names of the tidy table's columns.
  package static let columnNames = ["step", "quantity", "formula", "substituted", "value"]

  package var tidy: TidyTable {
    let lines = sections.flatMap(\.lines)
    let rows = lines.flatMap(\.rows)
    return TidyTable([
      TidyColumn("step", strings: lines.flatMap { line in line.rows.map { _ in line.step } }),
      TidyColumn("quantity", strings: rows.map(\.quantity)),
      TidyColumn("formula", strings: rows.map(\.formula)),
      TidyColumn("substituted", .optionalStrings(rows.map(\.substituted))),
      TidyColumn("value", .optionalNumbers(rows.map(\.value))),
    ])
  }

  package var rowCount: Int {
    sections.reduce(0) { $0 + $1.lines.reduce(0) { $0 + $1.rows.count } }
  }

  /// Text, LaTeX and the data resource; HTML, which would hide the LaTeX, only where steps are revealed.
  package var bundle: MIMEBundle {
    var bundle = MIMEBundle(plain: text)
    if isRevealed { bundle.data[MIMEType.html] = .string(revealingHTML) }
    bundle.data[MIMEType.latex] = .string(latex)
    if rowCount <= TidyTable.dataResourceLimit {
      bundle.data[MIMEType.dataResource] = tidy.dataResource
    }
    return bundle
  }
}
