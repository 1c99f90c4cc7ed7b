import JupyterProtocol
import Synchronization

/// What waits to be published, in order, with neighbouring texts of a stream joined.
///
/// A message is due at once, and takes the text before it along; printed text alone sets an alarm, and
/// leaves with the next message or when the alarm goes off.
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
    /// The time that `alarm` is set to, unless it has been seen to go off.
    var alarmTime: ContinuousClock.Instant?

    /// Whether something is to leave now.
    func isDue(_ now: ContinuousClock.Instant) -> Bool {
      if isClosed { return !ready.isEmpty || openText != nil }
      if let heldUntil { return heldUntil <= now }
      return !ready.isEmpty || openText.map { $0.deadline <= now } ?? false
    }

    /// When to look again, if nothing is due now.
    var deadline: ContinuousClock.Instant? { heldUntil ?? openText?.deadline }

    mutating func closeText() {
      guard let text = openText else { return }
      openText = nil
      let content = StreamContent(name: text.stream, text: text.text)
      ready.append(OutgoingMessage(broadcast: content, parent: text.parent))
    }
  }

  private let state = Mutex(State())
  /// Goes off when something is to leave later.
  let alarm = Alarm()

  package init() {}

  // MARK: - Filling
  // Each of these says whether something is to leave now.

  @discardableResult
  package func publish(
    _ message: OutgoingMessage, now: ContinuousClock.Instant = Monotonic.now
  ) -> Bool {
    change(now) { state in
      state.closeText()
      state.ready.append(message)
    }
  }

  @discardableResult
  package func publish(
    text: String, to stream: String, parent: MessageHeader,
    now: ContinuousClock.Instant = Monotonic.now
  ) -> Bool {
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
        state.closeText()
        state.openText = OpenText(
          stream: stream, parent: parent, text: text, deadline: now + Self.textDelay)
      }
    }
  }

  @discardableResult
  package func flushText(now: ContinuousClock.Instant = Monotonic.now) -> Bool {
    change(now) { $0.closeText() }
  }

  /// A client has sent its first request: hold messages until its subscription is here, or for a moment.
  package func expectSubscriber(now: ContinuousClock.Instant = Monotonic.now) {
    state.withLock { state in
      state.clients += 1
      if state.subscriptions < state.clients { state.heldUntil = now + Self.subscriptionDelay }
    }
  }

  /// Nothing is to wait any more.
  package func close() { _ = change(Monotonic.now) { $0.isClosed = true } }

  private func change(_ now: ContinuousClock.Instant, _ change: (inout State) -> Void) -> Bool {
    state.withLock { state in
      change(&state)
      setAlarm(&state, now)
      return state.isDue(now)
    }
  }

  /// Sets the alarm for what is to leave later, should it not go off in time.
  private func setAlarm(_ state: inout State, _ now: ContinuousClock.Instant) {
    guard !state.isDue(now), let deadline = state.deadline,
      state.alarmTime.map({ $0 > deadline }) ?? true
    else { return }
    state.alarmTime = deadline
    alarm.set(after: deadline - now)
  }

  // MARK: - Emptying

  /// A subscription has come in.
  package func subscribed() {
    state.withLock { state in
      state.subscriptions += 1
      if state.subscriptions >= state.clients { state.heldUntil = nil }
    }
  }

  /// Whether something is to leave now.
  package func isDue(_ now: ContinuousClock.Instant = Monotonic.now) -> Bool {
    state.withLock { $0.isDue(now) }
  }

  /// When something that waits is to leave.
  package var deadline: ContinuousClock.Instant? { state.withLock { $0.deadline } }

  /// Takes out what is to be published now.
  package func take(_ now: ContinuousClock.Instant = Monotonic.now) -> [OutgoingMessage] {
    state.withLock { state in
      if let time = state.alarmTime, time <= now {
        state.alarmTime = nil
        alarm.clear()
      }
      var messages: [OutgoingMessage] = []
      if isReleased(&state, now) {
        if let text = state.openText, text.deadline <= now || state.isClosed { state.closeText() }
        swap(&messages, &state.ready)
      }
      setAlarm(&state, now)
      return messages
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
