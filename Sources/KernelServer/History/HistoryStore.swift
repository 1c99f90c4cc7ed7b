import JupyterProtocol

/// The inputs of this session and of earlier ones. Called by the evaluation and the language thread.
///
/// A store that fails loses the history, never the cell: nothing here throws.
package protocol HistoryStore: Sendable {
  /// Remembers a cell of the present session; `output` is the plain text of its result.
  func record(line: Int, input: String, output: String?)

  /// The entries that a history request asks for, oldest first.
  func entries(_ access: HistoryRequest.Access) -> [HistoryEntry]
}
