/// Looks over a session's shoulder while a cell runs. Called on the session's thread, which waits meanwhile.
package protocol StatementObserver: AnyObject {
  /// A statement is about to run, or the body of a function of the user's to be evaluated.
  ///
  /// `depth` counts the calls that it stands in, 0 in the cell itself.
  func willRun(line: Int, of code: String, depth: Int, in session: Session)

  /// A statement of the cell has failed and not been taken back yet.
  func didFail(_ report: ErrorReport, line: Int, in session: Session)
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
}
