import Display
import MatrixEngine

/// The state of one notebook: its names, their values and its settings.
///
/// Confined to the evaluation thread, but for `interrupt` (any thread) and `snapshot` values, which
/// are immutable and travel to the language thread.
package final class Session {
  package let interrupt: InterruptFlag

  package init(interrupt: InterruptFlag = InterruptFlag()) { self.interrupt = interrupt }

  /// Runs one cell: emits its outputs through `host` in order and returns how it ended.
  ///
  /// `silent` displays nothing. Never throws and never traps, whatever `source` holds.
  package func execute(_ source: String, silent: Bool = false, host: any CellHost) -> CellResult {
    .success
  }

  /// The value of one of the request's `user_expressions`, without side effects on the notebook's output.
  package func evaluate(userExpression source: String) -> Result<MIMEBundle, ErrorReport> {
    .success(MIMEBundle(plain: ""))
  }

  /// What completion, inspection and `is_complete` need to know now.
  package var snapshot: SymbolSnapshot { SymbolSnapshot() }
}

extension ErrorReport: Error {}
