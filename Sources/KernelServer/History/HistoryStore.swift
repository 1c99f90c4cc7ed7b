import JupyterProtocol

/// Where the inputs of this session and of earlier ones are kept. Confined to the history thread.
package protocol HistoryStore: AnyObject {
  /// The number of a new session, higher than all before.
  func beginSession() throws -> Int

  /// Adds entries, which come in the order in which they ran.
  func append(_ entries: [HistoryEntry]) throws

  /// The entries that a request asks for, oldest first.
  ///
  /// `session` is the asking shell's, which the request counts from; nil when nothing has run there yet.
  func entries(_ access: HistoryRequest.Access, from session: Int?) throws -> [HistoryEntry]
}
