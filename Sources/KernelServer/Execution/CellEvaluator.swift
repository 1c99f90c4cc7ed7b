import Display
import Session

/// What runs cells: the session, or a test's stand-in. Confined to the evaluation thread.
package protocol CellEvaluator: AnyObject {
  func execute(_ source: String, silent: Bool, host: any CellHost) -> CellResult
  func evaluate(userExpression source: String) -> Result<MIMEBundle, ErrorReport>
  var snapshot: SymbolSnapshot { get }
}

extension Session: CellEvaluator {}
