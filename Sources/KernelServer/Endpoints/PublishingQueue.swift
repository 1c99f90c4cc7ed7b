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
  /// How long after its connection began a client's subscription may come.
  static let subscriptionDelay = Duration.milliseconds(250)
  /// How long the first cell of a client waits for its subscription.
  static let cellDelay = Duration.milliseconds(500)
  /// How much earlier a client's subscription may have come than its connection to the shell.
  static let subscriptionLead = Duration.milliseconds(150)
  /// Further topics of one subscriber come within this time.
  static let topicsTime = Duration.milliseconds(100)

  private struct OpenText {
    var stream: String
    var parent: MessageHeader
    var text: String
    var deadline: ContinuousClock.Instant
  }

  private struct State {
    var ready: [OutgoingMessage] = []
    var openText: OpenText?
    /// Subscribers of late that no client has been found for, and when each connection subscribed last.
    var subscribers: [ContinuousClock.Instant] = []
    var subscriptionTimes: [Int32: ContinuousClock.Instant] = [:]
    /// How many new clients' subscriptions are awaited; messages wait as long as there are any.
    var awaited = 0
    /// How often nobody came: those who wait are kept waiting half as long each time.
    var disappointments = 0
    var heldUntil: ContinuousClock.Instant?
    /// The connections that have subscribed.
    var live: Set<Int32> = []
    /// How many are wanted before the first cell of a client is told of, and until when.
    var wanted: (count: Int, deadline: ContinuousClock.Instant)?
    /// How many clients have turned out to have no subscription.
    var silent = 0
    var isClosed = false
    /// The time that `alarm` is set to, unless it has been seen to go off.
    var alarmTime: ContinuousClock.Instant?

    /// Whether something is to leave now.
    func isDue(_ now: ContinuousClock.Instant) -> Bool {
      if isClosed { return !ready.isEmpty || openText != nil }
      if let hold { return hold <= now }
      return !ready.isEmpty || openText.map { $0.deadline <= now } ?? false
    }

    /// Until when all messages wait for subscriptions.
    var hold: ContinuousClock.Instant? {
      guard let heldUntil, let wanted else { return heldUntil ?? wanted?.deadline }
      return max(heldUntil, wanted.deadline)
    }

    /// When to look again, if nothing is due now.
    var deadline: ContinuousClock.Instant? { hold ?? openText?.deadline }

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

  /// A client has sent its first request by a connection that began at a moment: hold messages until its
  /// subscription is here, unless it must have come long ago.
  package func expectSubscriber(
    connectedSince began: ContinuousClock.Instant, now: ContinuousClock.Instant = Monotonic.now
  ) {
    state.withLock { state in
      let deadline = began + Self.subscriptionDelay / (1 << min(state.disappointments, 20))
      guard now < deadline else { return }
      state.subscribers.removeAll { $0 < began - Self.subscriptionLead }
      guard state.subscribers.isEmpty else {
        state.subscribers.removeFirst()
        return
      }
      state.awaited += 1
      // Others are not kept waiting for longer because more come.
      state.heldUntil = state.heldUntil ?? deadline
    }
  }

  /// A client has sent its first cell: hold messages until there are as many subscribers as clients, but not for
  /// those who have had time enough.
  package func expectSubscribers(_ count: Int, now: ContinuousClock.Instant = Monotonic.now) {
    state.withLock { state in
      // Who has come after all is not missing.
      state.silent = min(state.silent, max(0, count - 1 - state.live.count))
      guard state.live.count + state.silent < count else { return }
      state.wanted = (count - state.silent, now + Self.cellDelay)
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

  /// A connection has begun: what it subscribes to is a new subscriber's.
  func connected(_ connection: Int32) {
    state.withLock { state in
      state.subscriptionTimes[connection] = nil
      state.live.remove(connection)
    }
  }

  /// A connection has ended.
  func disconnected(_ connection: Int32) { connected(connection) }

  /// A subscription has come in by a connection.
  package func subscribed(_ connection: Int32, now: ContinuousClock.Instant = Monotonic.now) {
    state.withLock { state in
      state.live.insert(connection)
      if let wanted = state.wanted, state.live.count >= wanted.count { state.wanted = nil }
      let last = state.subscriptionTimes.updateValue(now, forKey: connection)
      // Another topic of a subscriber that has just come.
      if let last, now - last < Self.topicsTime { return }
      guard state.awaited > 0 else {
        if state.subscribers.count >= 1_000 { state.subscribers.removeFirst() }
        state.subscribers.append(now)
        return
      }
      state.awaited -= 1
      state.disappointments = 0
      if state.awaited == 0 { state.heldUntil = nil }
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
    if state.isClosed { return true }
    if let wanted = state.wanted, wanted.deadline <= now {
      state.silent += wanted.count - state.live.count
      state.wanted = nil
    }
    if let held = state.heldUntil, held <= now {
      // The awaited client does not subscribe; the next one is awaited for itself.
      state.heldUntil = nil
      state.awaited = 0
      state.disappointments += 1
    }
    return state.hold == nil
  }
}
