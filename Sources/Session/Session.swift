import Display
import MatrixEngine
import Networks
import Syntax

/// The state of one notebook: its names, their values and its settings.
///
/// Confined to the evaluation thread, but for `interrupt` (any thread) and `snapshot` values, which
/// are immutable and travel to the language thread.
package final class Session {
  package let interrupt: InterruptFlag

  var memory = SessionMemory()
  /// What this session shares with those of other shells, and the version of it that `memory` holds.
  let namespace: Namespace
  var version = 0
  /// This session's networks among the shared ones.
  var replicas: [NetworkIdentity: Network] = [:]
  /// Built-in names whose shadowing has been noticed already.
  var noticed: Set<String> = []
  /// Remarks for the result of the running statement.
  var notes: [String] = []

  /// The text that spans refer to now: the cell's, or that of the function whose body is evaluated.
  var source = SourceText("")
  /// The number of the cell that `source` belongs to.
  var cell = 0
  private var cellCount = 0
  var callDepth = 0
  /// How many formulas are being read, one inside the other.
  var formulaDepth = 0
  var stack = StackGuard()
  /// The receiver of outputs while a cell runs.
  package internal(set) var host: (any CellHost)?
  /// Who looks on while cells run, and what it can see: the calls that are being evaluated.
  package var observer: (any StatementObserver)?
  var frames: [ActiveFrame] = []

  package init(
    interrupt: InterruptFlag = InterruptFlag(), sharing namespace: Namespace = Namespace()
  ) {
    self.interrupt = interrupt
    self.namespace = namespace
  }

  var settings: Settings {
    get { memory.settings }
    _modify { yield &memory.settings }
  }

  /// Runs one cell: emits its outputs through `host` in order and returns how it ended.
  ///
  /// `silent` displays nothing. Never throws and never traps, whatever `source` holds. The interrupt flag is
  /// lowered at the end, not at the beginning, where an interrupt may have been meant for this cell.
  package func execute(_ source: String, silent: Bool = false, host: any CellHost) -> CellResult {
    defer { interrupt.lower() }
    begin(source, host: silent ? SilentHost(host) : host)
    defer { end() }
    let program = Parser.parse(self.source)
    guard program.diagnostics.isEmpty else { return .failure(report(program.diagnostics)) }
    synchronize()
    let findings = NameChecker(session: self).check(program.statements)
    let resultIndex = Self.resultIndex(of: program.statements)
    for (index, statement) in program.statements.enumerated() {
      let own = findings.filter { $0.statement == index }
      guard own.isEmpty else { return .failure(report(findings.map(\.diagnostic))) }
      do {
        try runWhole(statement, isResult: index == resultIndex)
      } catch {
        let later = findings.filter { $0.statement > index }.map(\.diagnostic)
        return .failure(report([error] + later))
      }
    }
    return .success
  }

  /// The value of one of the request's `user_expressions`; it displays nothing and changes nothing.
  package func evaluate(userExpression source: String) -> Result<MIMEBundle, ErrorReport> {
    synchronize()
    let mark = memory.mark()
    begin(source, host: nil)
    defer {
      rollBack(to: mark)
      end()
    }
    let program = Parser.parse(self.source)
    guard program.diagnostics.isEmpty else { return .failure(report(program.diagnostics)) }
    guard program.statements.count == 1,
      case .expression(let expression) = program.statements[0].kind
    else {
      return .failure(
        report([Diagnostic(.syntax, "a user expression is one expression", at: nil)]))
    }
    do {
      return .success(render(try evaluate(expression, .global)))
    } catch {
      return .failure(report([error]))
    }
  }

  /// Lets a handler do its part about a comm: with all of its effects, or none. Its outputs go to `host`.
  package func receive(
    _ event: CommEvent, of comm: any OpenComm, by handler: CommHandler, host: any CellHost
  ) -> CellResult {
    defer { interrupt.lower() }
    begin("", host: host)
    defer { end() }
    synchronize()
    let mark = memory.mark()
    do throws(Diagnostic) {
      try handler(event, comm, self)
    } catch {
      rollBack(to: mark)
      return .failure(report([error]))
    }
    handOver(since: mark)
    return .success
  }

  private func begin(_ text: String, host: (any CellHost)?) {
    cellCount += 1
    cell = cellCount
    source = SourceText(text)
    self.host = host
    callDepth = 0
    formulaDepth = 0
    frames =
      observer == nil ? [] : [ActiveFrame(name: "<cell>", source: source, line: 1, scope: .global)]
    stack = stack.current
    notes = []
  }

  private func end() {
    host = nil
    notes = []
  }

  /// One statement: all of its effects, or none.
  private func runWhole(_ statement: StatementSyntax, isResult: Bool) throws(Diagnostic) {
    synchronize()
    let mark = memory.mark()
    notes = []
    do {
      try announce(statement)
      try run(statement, display: isResult ? .result : .display)
      if !statement.isSuppressed { emitNotes() }
    } catch {
      if error.name != .interrupt {
        observer?.didFail(report([error]), line: source.line(at: statement.span.start), in: self)
      }
      rollBack(to: mark)
      throw error
    }
    handOver(since: mark)
  }

  /// The index of the statement whose value becomes the `execute_result`: the last that displays one.
  private static func resultIndex(of statements: [StatementSyntax]) -> Int? {
    statements.indices.last { index in
      let statement = statements[index]
      guard !statement.isSuppressed else { return false }
      switch statement.kind {
      case .expression(let expression): return !OutputFunctions.isOutputCall(expression)
      case .network, .perceptron: return index == statements.count - 1
      default: return false
      }
    }
  }

  /// Ends the cell with an InterruptError when somebody asked for it.
  func checkInterrupt(_ span: SourceSpan? = nil) throws(Diagnostic) {
    if interrupt.isRaised { throw Diagnostic.interrupted(at: span) }
  }
}

extension ErrorReport: Error {}

extension Diagnostic {
  /// The running cell was interrupted.
  static func interrupted(at span: SourceSpan?) -> Diagnostic {
    Diagnostic(
      .interrupt, "the cell was interrupted", at: span, label: "here",
      help: "earlier statements' results are kept; this statement changed nothing")
  }
}

/// A host for silent cells: nothing is shown, input is still asked for.
private final class SilentHost: CellHost {
  private let inner: any CellHost

  init(_ inner: any CellHost) { self.inner = inner }

  func emit(_ output: CellOutput) {}

  func readLine(prompt: String) throws(InputUnavailable) -> String? {
    try inner.readLine(prompt: prompt)
  }
}
