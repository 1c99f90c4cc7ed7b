import Calculus
import Display
import Language
import Notation

/// What `explain` returns for a formula: its derivation, line by line.
package struct DerivationRecord: Record {
  package let derivation: Derivation
  /// Whether element-wise products are ⊗, as they were typed.
  var usesTimes = false
  /// Remarks: what is folded, that a copy was used.
  package var notes: [String] = []
  /// Whether its steps are shown one by one, at clicks.
  var isRevealed = false

  package var kindName: String { "Explanation" }
  package var description: String { "an explanation of \(derivation.title)" }
  package var memberNames: [String] { ["result"] }

  package func member(_ name: String) -> Value? {
    guard name == "result", let value = derivation.lines.last?.value else { return nil }
    return Value(value)
  }

  package var columnNames: [String] { Explanation.columnNames }
  package var tidy: TidyTable { explanation(Settings()).tidy }
  package var rowCount: Int { explanation(Settings()).rowCount }

  package func render(_ settings: Settings) -> MIMEBundle { explanation(settings).bundle }

  private func explanation(_ settings: Settings) -> Explanation { shown(settings, hiding: nil) }

  /// What is shown, without the numbers that an exercise leaves out.
  func shown(_ settings: Settings, hiding hidden: HiddenNumbers?) -> Explanation {
    var place = -1
    return Explanation(
      title: derivation.title,
      sections: derivation.sections.map { section in
        Explanation.Section(
          title: section.title?.written,
          lines: section.lines.map { line in
            place += 1
            return line.shown(settings, usesTimes: usesTimes, at: place, hiding: hidden)
          })
      }, notes: notes, isRevealed: isRevealed, breaksLines: !settings.marksNumbers)
  }
}

extension Derivation.Line {
  /// More characters of numbers than these are not written out.
  private static let longest = 400
  /// Nor are arrays of more entries than these.
  private static let mostEntries = 100
  /// Of larger arrays the table has one row, without numbers: the record that is explained has them.
  private static let mostRows = 400
  /// Behind a longer reason there is no room for the rule as a formula.
  private static let longestReasonWithRule = 60

  fileprivate func shown(
    _ settings: Settings, usesTimes: Bool, at place: Int, hiding hidden: HiddenNumbers?
  ) -> Explanation.Line {
    let style = settings.formulaStyle.withTimes(usesTimes)
    let exact = FormulaStyle.exact.withTimes(usesTimes)
    var parts = [quantity.written]
    for side in equals {
      if case .formula(let formula) = side {
        if parts.last?.text != formula.text(exact) { parts.append(written(formula, exact)) }
      } else {
        let part = side.written(exact)
        if parts.last?.text != part.text { parts.append(part) }
      }
    }
    let literal = value.flatMap {
      $0.storage.count <= Self.mostEntries ? Expression.literal($0) : nil
    }
    let (ownSubstituted, ownValue) = (
      hidden?.substituted(self, at: place), hidden?.value(of: self, at: place)
    )
    for number in [ownSubstituted ?? substituted, ownValue ?? literal].compactMap({ $0 }) {
      let part = written(number, style)
      let text = MarkedText(part.text).text()
      guard text.count <= Self.longest, parts.last.map({ MarkedText($0.text).text() }) != text
      else { continue }
      parts.append(part)
    }
    if hidden != nil { parts = parts.map(ExerciseGap.boxed) }
    return Explanation.Line(
      step: step.name, parts: parts, reason: shownReason,
      rows: ownValue == nil && ownSubstituted == nil
        ? rows : [hiddenRow(ownSubstituted, isHidden: ownValue != nil)])
  }

  /// A formula between equals signs: a condition in brackets, since z ≥ 0 = 0 ≥ 0 = 1 is none of these.
  private func written(_ formula: Expression, _ style: FormulaStyle) -> Written {
    var written = formula.written(style)
    if formula.isCondition {
      return Written(text: "(\(written.text))", latex: "\\left[\(written.latex)\\right]")
    }
    if lies { written.latex = formula.lying.latex(style) }
    return written
  }

  /// Of a line with gaps the table tells what is shown.
  private func hiddenRow(_ substituted: Expression?, isHidden: Bool) -> Explanation.Row {
    Explanation.Row(
      quantity: quantity.written.text, formula: equals.last?.written().text ?? "",
      substituted: (substituted ?? (isHidden ? self.substituted : nil))?.text,
      value: isHidden || !(value?.sizes.isEmpty ?? true) ? nil : value?.storage.first)
  }

  private var shownReason: Written? {
    var words = reason
    // Numbers have no dimensions worth telling.
    if dimensions.contains(where: { $0.isLetter || $0.isNumber && $0 != "1" }) {
      words = words + .words(words.isEmpty ? dimensions : "; \(dimensions)")
    }
    let text = words.text
    guard !text.isEmpty else { return nil }
    var latex = "\\text{(\(words.latexInline))}"
    if !rule.isEmpty, text.count <= Self.longestReasonWithRule { latex += "\\; \(rule)" }
    return Written(text: text, latex: latex)
  }

  /// One row, or one for every entry of a vector or matrix.
  private var rows: [Explanation.Row] {
    let formula = equals.last?.written().text ?? ""
    let numbers = substituted?.text
    guard let value, !value.sizes.isEmpty, value.storage.count <= Self.mostRows else {
      return [
        .init(
          quantity: quantity.written.text, formula: formula, substituted: numbers,
          value: value.flatMap { $0.sizes.isEmpty ? $0.storage[0] : nil })
      ]
    }
    return value.storage.enumerated().map { place, number in
      let indices = Expression.position(place, in: value.sizes).map(String.init)
      return .init(
        quantity: "\(quantity.written.text)[\(indices.joined(separator: ","))]", formula: formula,
        substituted: numbers, value: number)
    }
  }
}

extension Settings {
  /// How `explain` writes numbers: as tables do, without zeros at the end of what is exact.
  var formulaStyle: FormulaStyle {
    let format = numberFormat
    return marksNumbers
      ? FormulaStyle(placing: { format.formulaText($0, at: $1) })
      : FormulaStyle { format.shortText($0) }
  }
}
