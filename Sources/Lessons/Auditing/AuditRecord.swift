import Display
import Language
import Notation

/// How a line of an audit was judged.
package enum AuditVerdict: String, Sendable, CaseIterable {
  case right
  /// Right as far as rounded numbers can tell.
  case close
  case wrong
  /// Behind the first wrong line: right all the same.
  case rightByItself = "right by itself"
  /// An error carried forward.
  case follows = "follows from the wrong line"
  case wrongAgain = "wrong again"
  case undecided = "not decided"

  /// Whether the line earns its point.
  package var earnsPoint: Bool {
    switch self {
    case .right, .close, .rightByItself, .follows: true
    case .wrong, .wrongAgain, .undecided: false
    }
  }

  package var mark: VerdictMark {
    switch self {
    case .right, .rightByItself: .holds
    case .close, .follows: .close
    case .wrong, .wrongAgain, .undecided: .fails
    }
  }
}

/// What `audit` returns: a row an equality, with what was expected, what was found, and why.
package struct AuditRecord: Record {
  package struct Row: Sendable {
    /// The number of the equality, from 1.
    package var step: Int
    /// The line of the block.
    package var line: Int
    /// What the line says, as it was written.
    package var written: String
    package var verdict: AuditVerdict
    package var expected: String
    package var got: String
    package var why: String
  }

  package let rows: [Row]
  /// What it is about: the call whose quantities it knows.
  package let subject: String?

  package init(rows: [Row], subject: String?) {
    self.rows = rows
    self.subject = subject
  }

  package var kindName: String { "Audit" }
  package var description: String { "an audit" }
  package var memberNames: [String] { ["holds", "first_wrong", "points"] }

  /// Whether every line earns its point and none carries an error.
  package var holds: Bool { firstWrong == 0 }

  /// The line of the first equality that is wrong, or 0.
  package var firstWrong: Int { rows.first { !$0.verdict.earnsPoint }?.line ?? 0 }

  /// The lines that are right, right by themselves, or follow.
  package var points: Int {
    Set(rows.map(\.line)).count { line in
      rows.allSatisfy { $0.line != line || $0.verdict.earnsPoint }
    }
  }

  package func member(_ name: String) -> Value? {
    switch name {
    case "holds": .boolean(holds)
    case "first_wrong": .scalar(Double(firstWrong))
    case "points": .scalar(Double(points))
    default: nil
    }
  }

  package static let columnNames = ["step", "line", "verdict", "expected", "got", "why"]
  package var columnNames: [String] { Self.columnNames }
  package var rowCount: Int { rows.count }

  package var tidy: TidyTable {
    TidyTable([
      TidyColumn("step", integers: rows.map(\.step)),
      TidyColumn("line", integers: rows.map(\.line)),
      TidyColumn("verdict", strings: rows.map(\.verdict.rawValue)),
      TidyColumn("expected", strings: rows.map(\.expected)),
      TidyColumn("got", strings: rows.map(\.got)),
      TidyColumn("why", strings: rows.map(\.why)),
    ])
  }

  package func render(_ settings: Settings) -> MIMEBundle {
    let lines = Set(rows.map(\.line)).count
    let outcome =
      holds
      ? "every line is right" : "line \(firstWrong) is the first that is wrong"
    let subject = subject.map { " of \($0)" } ?? ""
    return Table(
      caption: .words("Audit\(subject): \(outcome), \(points) of \(lines.counted("point"))"),
      columns: [
        TableColumn("line", integers: rows.map(\.line)),
        TableColumn("it says", texts: rows.map(\.written), isStub: true),
        TableColumn("", cells: rows.map { .mark($0.verdict.mark) }),
        TableColumn("verdict", texts: rows.map(\.verdict.rawValue)),
        TableColumn("why", texts: rows.map(\.why)),
      ], visibleRows: Self.visibleRows
    ).bundle(tidy: tidy, numbers: settings.numberFormat)
  }

  private static let visibleRows = 60
}
