import Display
import Language
import MatrixEngine
import Session

/// What runs a shell's cells and answers its comms: a session, or a test's stand-in. Confined to the shell's thread.
package protocol CellEvaluator: AnyObject {
  func execute(_ source: String, silent: Bool, host: any CellHost) -> CellResult
  func evaluate(userExpression source: String) -> Result<MIMEBundle, ErrorReport>
  /// Lets a handler of the language's do its part about a comm.
  func receive(
    _ event: CommEvent, of comm: any OpenComm, by handler: CommHandler, host: any CellHost
  ) -> CellResult
  /// Who looks on while the next cell runs.
  var observer: (any StatementObserver)? { get set }
}

/// The language of a kernel: makes the evaluators of its shells, which have their names in common.
package protocol KernelLanguage: Sendable {
  /// Called on the thread of the shell, which owns what it returns.
  func makeEvaluator(_ interrupt: InterruptFlag) -> any CellEvaluator

  /// The names as they are now. Called by any thread.
  var symbols: SymbolSnapshot { get }

  /// What clients may open comms to, by name, and who answers there.
  var commTargets: [String: CommHandler] { get }
}

extension CellResult {
  /// Whether an interrupt ended the cell.
  var isInterrupt: Bool {
    if case .failure(let report) = self { report.name == "InterruptError" } else { false }
  }
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

  package var commTargets: [String: CommHandler] {
    [WidgetControl.targetName: WidgetControl.target]
  }
}
