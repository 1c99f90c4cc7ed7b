import Calculus
import Display
import Glibc
import JSONText
import Language
import MatrixEngine
import Notation

/// An exercise on paper: the explanation with its gaps and a place for each answer; or whole, with the key.
extension ExerciseRecord: HandedOut {
  func handout(withKey: Bool, _ settings: Settings) -> [MIMEBundle] {
    [
      head(withKey: withKey), shown(settings, withKey: withKey),
      withKey ? keyTable(settings) : answerTable(settings),
    ]
  }

  private func shown(_ settings: Settings, withKey: Bool) -> MIMEBundle {
    var plain = explanation
    plain.isRevealed = false
    return plain.shown(settings, hiding: withKey ? nil : HiddenNumbers(gaps, in: derivation)).bundle
  }

  // MARK: - Words

  private func title(withKey: Bool) -> String {
    "\(withKey ? "Key" : "Exercise"): \(derivation.title)"
  }

  private func paragraphs(withKey: Bool) -> [String] {
    let points = "One point a gap, \(gaps.count) in all."
    guard withKey else {
      return [
        "Fill in the gaps, with four decimals, or with three digits that count where there are more. \(points) What follows from a wrong answer earns its point.",
        "Name: ........................................  Points: ........ of \(gaps.count)",
      ]
    }
    return [
      points,
      "An answer counts within half a unit of its last digit, and up to one and a half for what was rounded on the way. Where a gap is worked out from others, a wrong answer there is carried on: what follows from it by the formula of its line earns the point.",
    ]
  }

  private func head(withKey: Bool) -> MIMEBundle {
    let (title, paragraphs) = (title(withKey: withKey), paragraphs(withKey: withKey))
    var bundle = MIMEBundle(plain: ([title] + paragraphs).joined(separator: "\n\n"))
    bundle.data[MIMEType.html] = .string(
      "<h1>\(HTMLText.escaped(title))</h1>"
        + paragraphs.map { "<p>\(HTMLText.escaped($0))</p>" }.joined())
    bundle.data[MIMEType.latex] = .string(
      "\\section*{\(LaTeXText.inline(title))}\n\n"
        + paragraphs.map(LaTeXText.inline).joined(separator: "\n\n"))
    return bundle
  }

  // MARK: - Tables

  private var signs: TableColumn { TableColumn("gap", texts: gaps.map(\.sign), isStub: true) }

  private var quantities: TableColumn {
    TableColumn("quantity", symbols: gaps.map(symbol(of:)))
  }

  private func answerTable(_ settings: Settings) -> MIMEBundle {
    Table(
      columns: [
        signs, quantities,
        TableColumn("answer", texts: gaps.map { _ in "........................" }),
        TableColumn("points", texts: gaps.map { _ in "...." }),
      ], visibleRows: ExerciseGap.most
    ).bundle(
      tidy: TidyTable([
        TidyColumn("gap", integers: gaps.map(\.number)),
        TidyColumn("quantity", strings: gaps.map(name(of:))),
      ]), numbers: settings.numberFormat
    ).withBoxes
  }

  private func keyTable(_ settings: Settings) -> MIMEBundle {
    let carried = sources.map { $0.map(ExerciseGap.sign).joined(separator: ", ") }
    return Table(
      columns: [
        signs, quantities, TableColumn("answer", numbers: key),
        TableColumn("points", integers: gaps.map { _ in 1 }),
        TableColumn("carries on", texts: carried),
      ], visibleRows: ExerciseGap.most
    ).bundle(
      tidy: TidyTable([
        TidyColumn("gap", integers: gaps.map(\.number)),
        TidyColumn("quantity", strings: gaps.map(name(of:))),
        TidyColumn("answer", numbers: key),
        TidyColumn("points", integers: gaps.map { _ in 1 }),
        TidyColumn("carries_on", strings: carried),
      ]), numbers: settings.numberFormat
    ).withBoxes
  }

  /// By gap: the gaps that its line's formula uses, also through lines between them.
  var sources: [[Int]] {
    var behind: [String: Set<Int>] = [:]
    var found: [[Int]] = []
    var waiting = gaps[...]
    for (place, line) in derivation.lines.enumerated() {
      let used = (line.lastFormula?.symbols ?? []).reduce(into: Set<Int>()) {
        $0.formUnion(behind[$1.name] ?? behind["\($1.name)_new"] ?? [])
      }
      var own = used
      while let gap = waiting.first, gap.line == place {
        waiting.removeFirst()
        found.append(used.sorted())
        own =
          gap.entry == gaps.first { $0.line == place }?.entry
          ? [gap.number] : own.union([gap.number])
      }
      behind[line.name] = own
    }
    return found
  }

  // MARK: - The notebook

  func notebook(withKey: Bool, _ settings: Settings) -> NotebookDocument {
    let text = "# \(title(withKey: withKey))\n\n" + paragraphs(withKey: withKey)[0]
    var cells: [NotebookDocument.Cell] = [.init(.markdown(text))]
    let picture = shown(settings, withKey: false)
    if let source {
      let names = freeNames
      cells.append(
        .init(
          .code(
            (source.definitions + ["\(names.sheet) = \(source.statement)", names.sheet])
              .joined(separator: "\n"), outputs: [picture]),
          metadata: Self.grading("sheet", isLocked: true)))
      cells.append(answerCell(names.answers, withKey: withKey))
      cells.append(
        .init(
          .code("mark(\(names.sheet), \(names.answers)).points", outputs: []),
          metadata: Self.grading("points", isLocked: true, points: gaps.count)))
    } else {
      let formulas = picture.data[MIMEType.latex]?.stringValue ?? ""
      cells.append(.init(.markdown(formulas)))
      cells.append(answerCell("answers", withKey: withKey))
    }
    if withKey {
      let rows = zip(gaps, zip(key, sources)).map { gap, rest in
        "| \(gap.sign) | \(name(of: gap).replacing("|", with: "\\|")) | \(settings.numberFormat.shortText(rest.0)) | 1 | \(rest.1.map(ExerciseGap.sign).joined(separator: ", ")) |"
      }
      cells.append(
        .init(
          .markdown(
            "| gap | quantity | answer | points | carries on |\n|---|---|---|---|---|\n"
              + rows.joined(separator: "\n") + "\n\n" + paragraphs(withKey: true)[1])))
    }
    return NotebookDocument(cells)
  }

  private func answerCell(_ name: String, withKey: Bool) -> NotebookDocument.Cell {
    let first = "# the numbers for ①, ②, … in their order; nan where there is none"
    let numbers = withKey ? key.map(Self.rounded) : gaps.map { _ in "nan" }
    let line = "\(name) = [\(numbers.joined(separator: ", "))]"
    return .init(
      .code(
        withKey ? "\(first)\n### BEGIN SOLUTION\n\(line)\n### END SOLUTION" : "\(first)\n\(line)",
        outputs: []), metadata: Self.grading("answers", isLocked: false))
  }

  /// Names that the exercise does not use itself.
  private var freeNames: (sheet: String, answers: String) {
    let text = (source.map { $0.definitions + [$0.statement] } ?? []).joined(separator: "\n")
    func free(_ name: String) -> String { text.contains(name) ? free("\(name)_") : name }
    return (free("sheet"), free("answers"))
  }

  /// A number with four decimals, of small ones three digits that count.
  private static func rounded(_ value: Double) -> String {
    let scale = pow(10, Double(max(4, thirdDigit(value))))
    let rounded = (value * scale).rounded() / scale
    return Interpreter.plain(rounded.isFinite ? rounded : value)
  }

  /// What nbgrader does with a cell. Source: nbgrader's schema 3 of cells.
  private static func grading(_ name: String, isLocked: Bool, points: Int? = nil) -> JSONObject {
    var members: JSONObject = [
      "schema_version": 3, "grade_id": .string(name), "grade": .boolean(points != nil),
      "locked": .boolean(isLocked), "solution": .boolean(!isLocked), "task": false,
    ]
    if let points { members["points"] = .integer(points) }
    return ["nbgrader": .object(members)]
  }
}

extension MIMEBundle {
  /// Signs of gaps as boxes, where LaTeX sets them.
  var withBoxes: MIMEBundle {
    guard var latex = data[MIMEType.latex]?.stringValue else { return self }
    var bundle = self
    for number in 1...ExerciseGap.most {
      latex = latex.replacing(ExerciseGap.sign(number), with: "$\\boxed{\(number)}$")
    }
    bundle.data[MIMEType.latex] = .string(latex)
    return bundle
  }
}
