import Display
import Language
import MatrixEngine
import Session

/// What runs a shell's cells: a session, or a test's stand-in. Confined to the shell's thread.
package protocol CellEvaluator: AnyObject {
  func execute(_ source: String, silent: Bool, host: any CellHost) -> CellResult
  func evaluate(userExpression source: String) -> Result<MIMEBundle, ErrorReport>
  /// Who looks on while the next cell runs.
  var observer: (any StatementObserver)? { get set }
}

/// The language of a kernel: makes the evaluators of its shells, which have their names in common.
package protocol KernelLanguage: Sendable {
  /// Called on the thread of the shell, which owns what it returns.
  func makeEvaluator(_ interrupt: InterruptFlag) -> any CellEvaluator

  /// The names as they are now. Called by any thread.
  var symbols: SymbolSnapshot { get }
}

extension Session: CellEvaluator {}

/// Nabla.
package struct NablaLanguage: KernelLanguage {
  private let namespace = Namespace()

  package init() {}

  package func makeEvaluator(_ interrupt: InterruptFlag) -> any CellEvaluator {
    Session(interrupt: interrupt, sharing: namespace)
  }

  package var symbols: SymbolSnapshot { namespace.snapshot }
}
