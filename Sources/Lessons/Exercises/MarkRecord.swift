import Calculus
import Display
import Glibc
import Language
import MatrixEngine
import Notation

/// What `mark` returns: a row a gap, with the answer, what belongs there, and whether it earns its point.
package struct MarkRecord: Record {
  /// How an answer was judged.
  package enum Outcome: String, Sendable, CaseIterable {
    case right, close
    /// Wrong, but what follows from a wrong answer before.
    case follows = "follows from a wrong answer"
    case wrong
    case none = "no answer"

    var earnsPoint: Bool {
      switch self {
      case .right, .close, .follows: true
      case .wrong, .none: false
      }
    }

    var mark: VerdictMark {
      switch self {
      case .right: .holds
      case .close, .follows: .close
      case .wrong, .none: .fails
      }
    }
  }

  package struct Row: Sendable {
    package var gap: Int
    package var quantity: String
    package var symbol: SymbolText
    package var expected: Double
    package var answer: PrintedNumber
    package var outcome: Outcome
  }

  package let rows: [Row]

  package var kindName: String { "Mark" }
  package var description: String { "a mark" }
  package var memberNames: [String] { Self.members }
  package static let members = ["points", "holds", "first_wrong"]
  package static let columnNames = ["gap", "quantity", "expected", "answer", "verdict", "points"]
  package var columnNames: [String] { Self.columnNames }
  package var rowCount: Int { rows.count }

  package var points: Int { rows.count { $0.outcome.earnsPoint } }

  package func member(_ name: String) -> Value? {
    switch name {
    case "points": .scalar(Double(points))
    case "holds": .boolean(points == rows.count)
    case "first_wrong":
      .scalar(Double(rows.first { $0.outcome != .right && $0.outcome != .close }?.gap ?? 0))
    default: nil
    }
  }

  package var tidy: TidyTable {
    TidyTable([
      TidyColumn("gap", integers: rows.map(\.gap)),
      TidyColumn("quantity", strings: rows.map(\.quantity)),
      TidyColumn("expected", numbers: rows.map(\.expected)),
      TidyColumn(
        "answer", .optionalNumbers(rows.map { $0.answer.value.isNaN ? nil : $0.answer.value })),
      TidyColumn("verdict", strings: rows.map(\.outcome.rawValue)),
      TidyColumn("points", integers: rows.map { $0.outcome.earnsPoint ? 1 : 0 }),
    ])
  }

  package func render(_ settings: Settings) -> MIMEBundle {
    Table(
      caption: .words("\(points) of \(rows.count.counted("point"))"),
      columns: [
        TableColumn("gap", texts: rows.map { ExerciseGap.sign($0.gap) }, isStub: true),
        TableColumn("quantity", symbols: rows.map(\.symbol)),
        TableColumn(
          "answer", cells: rows.map { $0.answer.value.isNaN ? .missing : .text($0.answer.text) }),
        TableColumn("expected", numbers: rows.map(\.expected)),
        TableColumn("", cells: rows.map { .mark($0.outcome.mark) }),
        TableColumn("verdict", texts: rows.map(\.outcome.rawValue)),
      ], visibleRows: ExerciseGap.most
    ).bundle(tidy: tidy, numbers: settings.numberFormat).withBoxes
  }
}

extension ExerciseRecord {
  /// Judges answers in the order of the gaps, by compare's rule, with the digits of the sheet at least; what follows
  /// from one that is not right is told apart.
  func marked(_ answers: [PrintedNumber]) -> MarkRecord {
    var rows: [MarkRecord.Row] = []
    var carried = CarriedAnswers()
    var place = 0
    for (gap, answer) in zip(gaps, answers) {
      // What the lines up to the gap come to with the wrong answers.
      while place < gap.line {
        carried.pass(derivation.lines[place])
        place += 1
      }
      let line = derivation.lines[gap.line]
      carried.enter(line)
      let expected = line.value?.storage[gap.entry] ?? .nan
      let outcome: MarkRecord.Outcome
      switch Self.verdict(answer, expected) {
      case _ where answer.value.isNaN: outcome = .none
      case .holds: outcome = .right
      case .close: outcome = .close
      case .fails:
        let follows = carried.values(of: line).contains {
          $0.storage.count > gap.entry && Self.verdict(answer, $0.storage[gap.entry]) != .fails
        }
        outcome = follows ? .follows : .wrong
      }
      // One that is only close is gone on with as well.
      if outcome != .right, outcome != .none {
        carried.note(answer.value, for: line, entry: gap.entry)
      }
      rows.append(
        .init(
          gap: gap.number, quantity: name(of: gap), symbol: symbol(of: gap), expected: expected,
          answer: answer, outcome: outcome))
    }
    return MarkRecord(rows: rows)
  }

  private static func verdict(_ answer: PrintedNumber, _ expected: Double) -> Verdict {
    if answer.agreesBeyondRounding(with: expected) { return .holds }
    return Verdict(
      computed: expected, printed: answer, closeWithin: 1.5,
      coarsest: pow(10, -Double(min(4, thirdDigit(expected)))))
  }

  /// The decimal of the third digit that counts: 4 of 0.0766, 0 of 123. An answer needs as many, or four: by its own
  /// digits alone a 0 would be right for 0.0766.
  static func thirdDigit(_ number: Double) -> Int {
    guard number != 0, number.isFinite else { return 4 }
    return 2 - Int(log10(abs(number)).rounded(.down))
  }
}

/// What quantities are where wrong answers are carried on: as they are shown but for these, or all anew.
private struct CarriedAnswers {
  private var given: [String: Tensor<Double>] = [:]
  private var anew: [String: Tensor<Double>] = [:]
  private var step: Derivation.Step?
  private var seen: Set<String> = []

  /// A wrong answer in the place of a quantity.
  mutating func note(_ answer: Double, for line: Derivation.Line, entry: Int) {
    guard let value = given[line.name] ?? line.value else { return }
    var storage = value.storage
    storage[entry] = answer
    given[line.name] = Tensor(value.shape, storage)
    anew[line.name] = given[line.name]
  }

  /// What a line comes to.
  func values(of line: Derivation.Line) -> [Tensor<Double>] {
    [given, anew].compactMap { value(of: line, $0) }
  }

  /// Goes over a line.
  mutating func pass(_ line: Derivation.Line) {
    enter(line)
    // A gap that was answered wrongly keeps its answer.
    guard given[line.name] == nil, let value = value(of: line, anew) else { return }
    anew[line.name] = value
  }

  /// Where a presentation of the perceptron rule begins, quantities are computed again: its weights are the new ones
  /// of the one before.
  mutating func enter(_ line: Derivation.Line) {
    if let step, step != line.step, seen.contains(line.name) {
      given = Self.handedOn(given, seen)
      anew = Self.handedOn(anew, seen)
      seen = []
    }
    step = line.step
    seen.insert(line.name)
  }

  private static func handedOn(_ values: [String: Tensor<Double>], _ seen: Set<String>)
    -> [String: Tensor<Double>]
  {
    var kept = values.filter { !seen.contains($0.key) }
    for (name, value) in values where name.hasSuffix("_new") {
      kept[String(name.dropLast(4))] = value
    }
    return kept
  }

  /// nil where nothing in it is another.
  private func value(of line: Derivation.Line, _ changed: [String: Tensor<Double>]) -> Tensor<
    Double
  >? {
    guard let formula = line.lastFormula,
      formula.symbols.contains(where: { changed[$0.name] != nil })
    else { return nil }
    return try? formula.value(at: line.operands.merging(changed) { $1 })
  }
}
