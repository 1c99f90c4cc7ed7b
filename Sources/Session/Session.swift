import Assistance
import Display
import Language
import Lessons
import MatrixEngine
import Networks
import Syntax

/// One notebook: cells in, outputs out.
///
/// Confined to the evaluation thread, but for `interrupt` (any thread) and `snapshot` values, which
/// are immutable and travel to the language thread.
package final class Session {
  private let interpreter: Interpreter

  package init(
    interrupt: InterruptFlag = InterruptFlag(), sharing namespace: Namespace = Namespace()
  ) {
    interpreter = Interpreter(interrupt: interrupt, sharing: namespace)
  }

  package var interrupt: InterruptFlag { interpreter.interrupt }

  /// Who looks on while cells run.
  package var observer: (any StatementObserver)? {
    get { interpreter.observer }
    set { interpreter.observer = newValue }
  }

  /// The names that this session shares, after its last statement.
  package var snapshot: SymbolSnapshot { interpreter.snapshot }

  /// Runs one cell: emits its outputs through `host` in order and returns how it ended.
  ///
  /// `silent` displays nothing. Never throws and never traps, whatever `source` holds. The interrupt flag is
  /// lowered at the end, not at the beginning, where an interrupt may have been meant for this cell.
  package func execute(_ source: String, silent: Bool = false, host: any CellHost) -> CellResult {
    defer { interrupt.lower() }
    interpreter.begin(source, host: silent ? SilentHost(host) : host)
    defer { interpreter.end() }
    let program = Parser.parse(
      interpreter.source, layers: interpreter.layerWords)
    guard program.diagnostics.isEmpty else {
      return .failure(interpreter.report(program.diagnostics))
    }
    interpreter.synchronize()
    let findings = NameChecker(interpreter: interpreter).check(program.statements)
    let resultIndex = Self.resultIndex(of: program.statements)
    interpreter.labelsValues =
      program.statements.count(where: interpreter.mayShowValue) > 1
    // Checks that hold are seen where there is nothing else to see, also before an error.
    var isWhole = false
    defer { interpreter.showConfirmations(isWhole: isWhole) }
    for (index, statement) in program.statements.enumerated() {
      let own = findings.filter { $0.statement == index }
      guard own.isEmpty else { return .failure(interpreter.report(findings.map(\.diagnostic))) }
      do {
        try interpreter.runWhole(statement, isResult: index == resultIndex)
      } catch {
        let later = findings.filter { $0.statement > index }.map(\.diagnostic)
        return .failure(interpreter.report([error] + later))
      }
    }
    isWhole = true
    return .success
  }

  /// The value of one of the request's `user_expressions`; it displays nothing and changes nothing.
  package func evaluate(userExpression source: String) -> Result<MIMEBundle, ErrorReport> {
    interpreter.synchronize()
    let mark = interpreter.memory.mark()
    interpreter.begin(source, host: nil)
    defer {
      interpreter.rollBack(to: mark)
      interpreter.end()
    }
    let program = Parser.parse(
      interpreter.source, layers: interpreter.layerWords)
    guard program.diagnostics.isEmpty else {
      return .failure(interpreter.report(program.diagnostics))
    }
    guard program.statements.count == 1,
      case .expression(let expression) = program.statements[0].kind
    else {
      return .failure(
        interpreter.report([Diagnostic(.syntax, "a user expression is one expression", at: nil)]))
    }
    do {
      return .success(interpreter.render(try interpreter.evaluate(expression, .global)))
    } catch {
      return .failure(interpreter.report([error]))
    }
  }

  /// Lets a handler do its part about a comm: with all of its effects, or none. Its outputs go to `host`.
  package func receive(
    _ event: CommEvent, of comm: any OpenComm, by handler: CommHandler, host: any CellHost
  ) -> CellResult {
    defer { interrupt.lower() }
    interpreter.begin("", host: host)
    defer { interpreter.end() }
    do {
      try interpreter.transact { () throws(Diagnostic) in try handler(event, comm, interpreter) }
    } catch {
      return .failure(interpreter.report([error]))
    }
    return .success
  }

  /// The index of the statement whose value becomes the `execute_result`: the last that displays one. Before a call that
  /// is not shown there is none, for that may fail yet: `check(a, 1);`.
  private static func resultIndex(of statements: [StatementSyntax]) -> Int? {
    let shown = statements.indices.last { index in
      let statement = statements[index]
      guard !statement.isSuppressed else { return false }
      switch statement.kind {
      case .expression(let expression): return !BuiltIn.isOutputCall(expression)
      case .network, .perceptron: return index == statements.count - 1
      default: return false
      }
    }
    guard let shown else { return nil }
    let mayFail = statements[shown...].contains { statement in
      if case .expression = statement.kind { statement.isSuppressed } else { false }
    }
    return mayFail ? nil : shown
  }
}

extension Vocabulary {
  /// Everything that the kernel knows.
  package static let standard = Vocabulary.language(of: .standard)

  /// The whole language with networks of a catalog, and more functions and commands.
  package static func language(of catalog: NetworkCatalog, adding more: [BuiltIn] = [])
    -> Vocabulary
  {
    Vocabulary(
      BasicFunctions.builtIns(catalog) + Lessons.builtIns(catalog) + more, catalog: catalog,
      explain: { (interpreter, subject, options, scope) throws(Diagnostic) in
        try interpreter.explain(subject, options, scope)
      },
      audit: { (interpreter, audit, span, scope) throws(Diagnostic) in
        try interpreter.audit(audit, span, scope)
      },
      help: { name, snapshot in LanguageService.help(name, in: snapshot) })
  }
}

extension Namespace {
  /// Names without values, for sessions of the whole language.
  package convenience init() { self.init(.standard) }
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
