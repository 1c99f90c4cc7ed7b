import JupyterProtocol
import Synchronization

/// What waits to be published, in order, with neighbouring texts of a stream joined.
///
/// Filled by any thread, emptied by the one that owns the IOPub socket. That thread is woken at once by
/// the message that ends a request; what goes before waits for it, for a millisecond at most, so that a
/// short cell's messages leave together.
package final class PublishingQueue: Sendable {
  /// How long printed text may wait for more.
  static let textDelay = Duration.milliseconds(20)
  /// Text that has grown to this size waits no longer.
  static let textSize = 1 << 16
  /// How long a message may wait for the next one.
  static let messageDelay = Duration.milliseconds(1)
  /// So many messages wait no longer.
  static let messageCount = 64
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
    /// When `ready` is to leave; nil when it is empty.
    var readyDeadline: ContinuousClock.Instant?
    var openText: OpenText?
    /// Subscriptions so far and clients so far; while there are fewer of the former, messages may wait.
    var subscriptions = 0
    var clients = 0
    var heldUntil: ContinuousClock.Instant?
    var isClosed = false
    /// Whether `signal` has been raised since the owner last looked.
    var isSignalled = false
    /// The time that `alarm` is set to, unless it has been seen to go off.
    var alarmTime: ContinuousClock.Instant?

    /// When to look again.
    var deadline: ContinuousClock.Instant? {
      if let heldUntil { return heldUntil }
      guard let text = openText?.deadline else { return readyDeadline }
      return min(text, readyDeadline ?? text)
    }

    mutating func append(_ message: OutgoingMessage, now: ContinuousClock.Instant) {
      ready.append(message)
      if readyDeadline == nil { readyDeadline = now + PublishingQueue.messageDelay }
    }

    mutating func closeText(now: ContinuousClock.Instant) {
      guard let text = openText else { return }
      openText = nil
      let content = StreamContent(name: text.stream, text: text.text)
      append(OutgoingMessage(broadcast: content, parent: text.parent), now: now)
    }
  }

  private let state = Mutex(State())
  /// Raised when something is to leave now.
  let signal = WakeSignal()
  /// Goes off when something is to leave later.
  let alarm = Alarm()

  package init() {}

  // MARK: - Filling

  /// Appends a message; an urgent one takes everything before it along at once.
  package func publish(
    _ message: OutgoingMessage, urgently: Bool, now: ContinuousClock.Instant = Monotonic.now
  ) {
    change(now) { state in
      state.closeText(now: now)
      state.append(message, now: now)
      if urgently || state.ready.count >= Self.messageCount { state.readyDeadline = now }
    }
  }

  package func publish(
    text: String, to stream: String, parent: MessageHeader,
    now: ContinuousClock.Instant = Monotonic.now
  ) {
    change(now) { state in
      if var open = state.openText, open.stream == stream,
        open.parent.messageID == parent.messageID
      {
        // Taken out while it grows, so that the text is not copied.
        state.openText = nil
        open.text += text
        if open.text.utf8.count >= Self.textSize { open.deadline = now }
        state.openText = open
      } else {
        state.closeText(now: now)
        state.openText = OpenText(
          stream: stream, parent: parent, text: text, deadline: now + Self.textDelay)
      }
    }
  }

  package func flushText(now: ContinuousClock.Instant = Monotonic.now) {
    change(now) { state in
      state.closeText(now: now)
      if !state.ready.isEmpty { state.readyDeadline = now }
    }
  }

  /// A client has sent its first request: hold messages until its subscription is here, or for a moment.
  package func expectSubscriber(now: ContinuousClock.Instant = Monotonic.now) {
    state.withLock { state in
      state.clients += 1
      if state.subscriptions < state.clients { state.heldUntil = now + Self.subscriptionDelay }
    }
  }

  /// Lets the owner publish what is left and end.
  package func close() { change(Monotonic.now) { $0.isClosed = true } }

  /// Changes the state, and wakes the owner if something is to leave now.
  private func change(_ now: ContinuousClock.Instant, _ change: (inout State) -> Void) {
    let mustWake = state.withLock { state in
      change(&state)
      return isDue(&state, now)
    }
    // Not under the lock: the owner may run at once, and would only meet the lock.
    if mustWake { signal.raise() }
  }

  /// Whether the owner is to be woken now; if later, sets the alarm, should it not go off in time.
  private func isDue(_ state: inout State, _ now: ContinuousClock.Instant) -> Bool {
    guard !state.isSignalled else { return false }
    let deadline = state.deadline
    if state.isClosed || deadline.map({ $0 <= now }) ?? false {
      state.isSignalled = true
      return true
    }
    if let deadline, state.alarmTime.map({ $0 > deadline }) ?? true {
      state.alarmTime = deadline
      alarm.set(after: deadline - now)
    }
    return false
  }

  // MARK: - Emptying

  package struct Batch {
    package var messages: [OutgoingMessage]
    /// When something that waits is to leave.
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

  /// What is to be published now.
  package func take(now: ContinuousClock.Instant = Monotonic.now) -> Batch {
    signal.clear()
    return state.withLock { state in
      state.isSignalled = false
      if let time = state.alarmTime, time <= now {
        state.alarmTime = nil
        alarm.clear()
      }
      var messages: [OutgoingMessage] = []
      if isReleased(&state, now) {
        if let text = state.openText, text.deadline <= now || state.isClosed {
          state.closeText(now: now)
          state.readyDeadline = now
        }
        if let deadline = state.readyDeadline, deadline <= now || state.isClosed {
          messages = state.ready
          state.ready = []
          state.readyDeadline = nil
        }
      }
      // Sets the alarm for what still waits; nothing that is due has been left.
      _ = isDue(&state, now)
      return Batch(messages: messages, deadline: state.deadline, isLast: state.isClosed)
    }
  }

  /// Whether no client's subscription is awaited, or no longer.
  private func isReleased(_ state: inout State, _ now: ContinuousClock.Instant) -> Bool {
    guard let held = state.heldUntil, !state.isClosed else { return true }
    guard held <= now else { return false }
    // The awaited client does not subscribe; the next one is awaited for itself.
    state.heldUntil = nil
    state.clients = state.subscriptions
    return true
  }
}
