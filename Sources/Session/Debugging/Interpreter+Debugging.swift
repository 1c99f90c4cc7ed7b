import Display
import Networks
import Syntax

/// What a session tells of itself while it is stopped in the middle of a cell.
extension Session {
  /// A call that is being evaluated.
  struct ActiveFrame {
    var name: String
    var source: SourceText
    var line: Int
    var scope: Scope
  }

  /// Tells the observer that a statement is about to run, and where an interrupt came while it looked.
  func announce(_ statement: StatementSyntax) throws(Diagnostic) {
    guard let observer else { return }
    announce(statement.span, observer)
    try checkInterrupt(statement.span)
  }

  private func announce(_ span: SourceSpan, _ observer: any StatementObserver) {
    let line = source.line(at: span.start)
    frames[frames.count - 1].line = line
    observer.willRun(line: line, of: source.sent, depth: frames.count - 1, in: self)
  }

  /// Evaluates the body of a function within a frame of its own, for an observer to look at.
  func inFrame(
    _ name: String, _ scope: Scope, _ body: ExpressionSyntax,
    _ evaluate: () throws(Diagnostic) -> Value
  ) throws(Diagnostic) -> Value {
    guard let observer, frames.count <= Limits.debuggedFrames else { return try evaluate() }
    frames.append(ActiveFrame(name: name, source: source, line: 0, scope: scope))
    defer { frames.removeLast() }
    announce(body.span, observer)
    try checkInterrupt(body.span)
    return try evaluate()
  }

  /// The calls that are being evaluated, the innermost first.
  package var stoppedFrames: [StoppedFrame] {
    frames.reversed().map { frame in
      StoppedFrame(
        name: frame.name, code: frame.source.sent, line: frame.line,
        locals: snapshot(frame.scope.bindings))
    }
  }

  /// All names with their values at this moment, in the middle of a statement or not.
  package var presentSnapshot: SymbolSnapshot {
    snapshot(memory.names.compactMap { name in memory[name].map { (name, $0) } })
  }

  private func snapshot(_ names: [(name: String, value: Value)]) -> SymbolSnapshot {
    var networks: [NetworkIdentity: NetworkState] = [:]
    let shared = names.map { name, value in
      (name: name, value: SharedValue(value) { networks[$0.identity] = $0.state })
    }
    return SymbolSnapshot(names: shared, networks: networks, settings: settings)
  }

  /// Runs a line in a frame of a stopped cell, 0 the innermost: an expression, or statements of the cell's.
  ///
  /// Returns the value's bundle; nil when the line has none.
  package func evaluateWhileStopped(_ text: String, inFrame index: Int) -> Result<
    MIMEBundle?, ErrorReport
  > {
    let outer = (source, notes, observer)
    (source, notes, observer) = (SourceText(text), [], nil)
    defer { (source, notes, observer) = outer }
    let program = Parser.parse(source)
    guard program.diagnostics.isEmpty else { return .failure(report(program.diagnostics)) }
    let position = frames.count - 1 - index
    let scope = frames.indices.contains(position) ? frames[position].scope : .global
    var last: MIMEBundle?
    do throws(Diagnostic) {
      for statement in program.statements {
        if case .expression(let expression) = statement.kind {
          let value = try evaluate(expression, scope)
          last = value.isNothing ? nil : render(value)
        } else {
          if case .assignment(let target, _) = statement.kind, case .name(let name) = target.kind,
            scope[name] != nil
          {
            throw Diagnostic(
              .type, "\(name) is an argument of the function here, which stays as it is",
              at: target.span, help: "evaluate it with another argument instead")
          }
          try run(statement, display: .hidden)
          last = nil
        }
      }
    } catch {
      return .failure(report([error]))
    }
    return .success(last)
  }
}
