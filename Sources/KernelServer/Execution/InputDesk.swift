import JupyterProtocol
import Language
import Synchronization

/// Where the evaluation thread waits for a line from the user.
package final class InputDesk: Interruptible {
  private enum State {
    /// Nobody waits: a reply that comes now is stale, and dropped.
    case closed
    /// For an answer to a prompt, from a client.
    case waiting(prompt: String, client: [[UInt8]])
    case answered(String)
  }

  private struct Desk {
    var state = State.closed
    var isCancelled = false
    /// The prompts asked last, for stale answers to be known.
    var asked: [String] = []
  }

  private let outbox: any Outbox
  private let clients: ClientWatch
  private let state = Mutex(Desk())
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
    var message = OutgoingMessage(
      InputRequest(prompt: prompt), to: request.message.identities, parent: request.message.header)
    let identity = String(UInt128.random(in: 0 ... .max), radix: 16)
    message.messageID = identity
    let deadline = Monotonic.now + Self.patience
    state.withLock { desk in
      desk.state = .waiting(prompt: identity, client: request.message.identities)
      desk.asked = desk.asked.suffix(31) + [identity]
    }
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

  /// The identity of the prompt that waits for an answer, if one does.
  var prompt: String? {
    state.withLock { desk in
      if case .waiting(let prompt, _) = desk.state { prompt } else { nil }
    }
  }

  /// Whether this prompt was one of the last here.
  func hasAsked(_ prompt: String) -> Bool { state.withLock { $0.asked.contains(prompt) } }

  /// Takes the user's line; false when nobody waits here for a line of that client.
  func receive(_ reply: InputReply, from client: [[UInt8]]) -> Bool {
    let isWanted = state.withLock { state in
      guard case .waiting(_, client) = state.state else { return false }
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
