import JupyterProtocol
import Synchronization

/// What waits to be published, in order, with neighbouring texts of a stream joined.
///
/// Filled by any thread, emptied by the one that owns the IOPub socket.
package final class PublishingQueue: Sendable {
  /// How long printed text may wait for more.
  static let textDelay = Duration.milliseconds(20)
  /// Text that has grown to this size waits no longer.
  static let textSize = 1 << 16
  /// How long messages wait for the subscription of a client whose first request has come.
  static let subscriptionDelay = Duration.milliseconds(250)

  private struct OpenText {
    var stream: String
    var parent: MessageHeader
    var text: String
    var deadline: ContinuousClock.Instant
  }

  private struct State {
    var ready: [OutgoingMessage] = []
    var openText: OpenText?
    /// Subscriptions so far and clients so far; while there are fewer of the former, messages may wait.
    var subscriptions = 0
    var clients = 0
    var heldUntil: ContinuousClock.Instant?
    var isClosed = false

    mutating func closeText() {
      guard let text = openText else { return }
      openText = nil
      let content = StreamContent(name: text.stream, text: text.text)
      ready.append(OutgoingMessage(broadcast: content, parent: text.parent))
    }
  }

  private let state = Mutex(State())
  /// Raised when there is something to look at.
  let signal = WakeSignal()

  package init() {}

  // MARK: - Filling

  package func publish(_ message: OutgoingMessage) {
    let wasEmpty = state.withLock { state in
      let wasEmpty = state.ready.isEmpty
      state.closeText()
      state.ready.append(message)
      return wasEmpty
    }
    if wasEmpty { signal.raise() }
  }

  package func publish(
    text: String, to stream: String, parent: MessageHeader,
    now: ContinuousClock.Instant = Monotonic.now
  ) {
    let mustWake = state.withLock { state in
      if var open = state.openText, open.stream == stream,
        open.parent.messageID == parent.messageID
      {
        // Taken out while it grows, so that the text is not copied.
        state.openText = nil
        open.text += text
        let isFull = open.text.utf8.count >= Self.textSize
        state.openText = open
        guard isFull else { return false }
        state.closeText()
        return state.ready.count == 1
      }
      state.closeText()
      state.openText = OpenText(
        stream: stream, parent: parent, text: text, deadline: now + Self.textDelay)
      return state.ready.count <= 1
    }
    if mustWake { signal.raise() }
  }

  package func flushText() {
    state.withLock { $0.closeText() }
    signal.raise()
  }

  /// A client has sent its first request: hold messages until its subscription is here, or for a moment.
  package func expectSubscriber(now: ContinuousClock.Instant = Monotonic.now) {
    state.withLock { state in
      state.clients += 1
      if state.subscriptions < state.clients { state.heldUntil = now + Self.subscriptionDelay }
    }
  }

  /// Lets the owner publish what is left and end.
  package func close() {
    state.withLock { $0.isClosed = true }
    signal.raise()
  }

  // MARK: - Emptying

  package struct Batch {
    package var messages: [OutgoingMessage]
    /// When to look again, if nothing happens before.
    package var deadline: ContinuousClock.Instant?
    /// Whether this was the last batch.
    package var isLast: Bool
  }

  /// A subscription has come in.
  package func subscribed() {
    state.withLock { state in
      state.subscriptions += 1
      if state.subscriptions >= state.clients { state.heldUntil = nil }
    }
  }

  /// What may be published now.
  package func take(now: ContinuousClock.Instant = Monotonic.now) -> Batch {
    signal.clear()
    return state.withLock { state in
      if let held = state.heldUntil, held > now, !state.isClosed {
        return Batch(messages: [], deadline: held, isLast: false)
      }
      if state.heldUntil != nil {
        // The awaited client does not subscribe; the next one is awaited for itself.
        state.heldUntil = nil
        state.clients = state.subscriptions
      }
      if let text = state.openText, state.isClosed || text.deadline <= now { state.closeText() }
      let messages = state.ready
      state.ready = []
      return Batch(
        messages: messages, deadline: state.openText?.deadline, isLast: state.isClosed)
    }
  }
}
