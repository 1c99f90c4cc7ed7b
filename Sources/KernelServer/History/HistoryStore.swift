import JupyterProtocol

/// Why a store does not do what it is asked.
package enum HistoryError: Error, CustomStringConvertible {
  /// Somebody else is at it, or the disk is full: later it may.
  case busy(String)
  /// It cannot do this, but other things.
  case refused(String)
  /// It is of no use any more.
  case broken(String)

  package var description: String {
    switch self {
    case .busy(let reason), .refused(let reason), .broken(let reason): reason
    }
  }
}

/// Where the inputs of this session and of earlier ones are kept. Confined to the history thread.
package protocol HistoryStore: AnyObject {
  /// The number of a new session, higher than all before.
  func beginSession() throws(HistoryError) -> Int

  /// Adds entries, which come in the order in which they ran.
  func append(_ entries: [HistoryEntry]) throws(HistoryError)

  /// The entries that a request asks for, oldest first.
  ///
  /// `session` is the asking shell's, which the request counts from; nil when nothing has run there yet.
  func entries(_ access: HistoryRequest.Access, from session: Int?) throws(HistoryError)
    -> [HistoryEntry]
}
