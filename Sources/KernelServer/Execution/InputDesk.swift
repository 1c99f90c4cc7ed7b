import JupyterProtocol
import Session
import Synchronization

/// Where the evaluation thread waits for a line from the user.
package final class InputDesk: Interruptible {
  private enum State {
    /// Nobody waits: a reply that comes now is stale, and dropped.
    case closed
    case waiting
    case answered(String)
  }

  private let outbox: any Outbox
  private let clients: ClientWatch
  private let state = Mutex((state: State.closed, isCancelled: false))
  private let signal = WakeSignal()

  /// How long a client's stdin may take to connect.
  private static let patience = Duration.seconds(2)

  init(outbox: any Outbox, clients: ClientWatch) {
    self.outbox = outbox
    self.clients = clients
  }

  /// A cell begins: an earlier interrupt is forgotten.
  func begin() { state.withLock { $0.isCancelled = false } }

  /// Asks the client that sent `request` for a line. Nil when an interrupt ended the wait.
  ///
  /// Throws: `InputUnavailable` when that client has no stdin connected, nor connects it soon, or is gone.
  func ask(_ prompt: String, for request: IncomingRequest) throws(InputUnavailable) -> String? {
    let message = OutgoingMessage(
      InputRequest(prompt: prompt), to: request.message.identities, parent: request.message.header)
    let deadline = Monotonic.now + Self.patience
    state.withLock { $0.state = .waiting }
    defer { state.withLock { $0.state = .closed } }
    while !outbox.send(message, on: .stdin) {
      guard Monotonic.now < deadline, !clients.isGone(request.connection) else {
        throw InputUnavailable()
      }
      signal.clear()
      if state.withLock({ $0.isCancelled }) { return nil }
      signal.wait(milliseconds: 20)
    }
    while true {
      signal.clear()
      let outcome: Outcome? = state.withLock { state in
        if state.isCancelled { return .cancelled }
        if case .answered(let line) = state.state { return .answered(line) }
        return nil
      }
      switch outcome {
      case .answered(let line): return line
      case .cancelled: return nil
      case nil:
        if clients.isGone(request.connection) { throw InputUnavailable() }
        signal.wait()
      }
    }
  }

  private enum Outcome {
    case answered(String)
    case cancelled
  }

  /// Takes the user's line; false when nobody waits for it here.
  func receive(_ reply: InputReply) -> Bool {
    let isWanted = state.withLock { state in
      guard case .waiting = state.state else { return false }
      state.state = .answered(reply.value)
      return true
    }
    if isWanted { signal.raise() }
    return isWanted
  }

  /// Lets the one who waits look whether the client is still there.
  func reconsider() { signal.raise() }

  /// Ends the wait, and those that the cell would still begin.
  func cancel() {
    state.withLock { $0.isCancelled = true }
    signal.raise()
  }
}
