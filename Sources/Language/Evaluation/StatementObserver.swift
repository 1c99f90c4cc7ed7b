import Syntax

/// Looks over a session's shoulder while a cell runs. Called on the session's thread, which waits meanwhile.
package protocol StatementObserver: AnyObject {
  /// A statement is about to run, or the body of a function of the user's to be evaluated.
  ///
  /// `depth` counts the calls that it stands in, 0 in the cell itself.
  func willRun(line: Int, of code: String, depth: Int, in interpreter: Interpreter)

  /// Whether it may stop at a line of a text, in so many calls.
  func mayStop(in code: String, depth: Int) -> Bool

  /// A statement of the cell has failed and not been taken back yet.
  func didFail(_ report: ErrorReport, line: Int, in interpreter: Interpreter)
}

extension StatementObserver {
  package func mayStop(in code: String, depth: Int) -> Bool { false }
}

/// One call of those that are being evaluated, as a debugger shows it.
package struct StoppedFrame: Sendable {
  /// `f(x, y)`, or `<cell>`.
  package var name: String
  /// The text of the cell that it was written in, as it was sent.
  package var code: String
  /// From 1, in that text.
  package var line: Int
  /// Parameters and the variables of generators.
  package var locals: SymbolSnapshot

  package init(name: String, code: String, line: Int, locals: SymbolSnapshot) {
    self.name = name
    self.code = code
    self.line = line
    self.locals = locals
  }
}

/// What an observer is told.
extension Interpreter {
  /// A call that is being evaluated.
  package struct ActiveFrame {
    package var name: String
    package var source: SourceText
    package var line: Int
    package var scope: Scope
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

  /// Tells the observer that something is about to happen that a line of an earlier cell has asked for, in a frame of
  /// its own.
  package func inFrame(_ name: String, line: Int, of code: String, _ scope: Scope) {
    guard let observer, frames.count <= Limits.debuggedFrames else { return }
    frames.append(ActiveFrame(name: name, source: SourceText(code), line: line, scope: scope))
    defer { frames.removeLast() }
    observer.willRun(line: line, of: code, depth: frames.count - 1, in: self)
  }

  /// Evaluates the body of a function within a frame of its own, for an observer to look at line by line.
  func inFrame(
    _ name: String,
    _ evaluate: ((SourceSpan, Scope) throws(Diagnostic) -> Void)
      throws(Diagnostic) -> Value
  ) throws(Diagnostic) -> Value {
    guard let observer, frames.count <= Limits.debuggedFrames else {
      return try evaluate { (_, _) throws(Diagnostic) in }
    }
    frames.append(ActiveFrame(name: name, source: source, line: 0, scope: .global))
    defer { frames.removeLast() }
    return try evaluate { (span, scope) throws(Diagnostic) in
      frames[frames.count - 1].scope = scope
      announce(span, observer)
      try checkInterrupt(span)
    }
  }
}
