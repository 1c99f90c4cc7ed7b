import JupyterProtocol

/// How much may wait for a subscriber that does not read: `mark` messages in ZeroMQ's queue for it, beside what the
/// connection itself holds, and 64 MB in front of all of them. Who does not keep up then loses messages, and the others
/// none.
///
/// ZeroMQ counts messages, not bytes, so the mark is low. It must not change: a reader says how much it has read after
/// every half mark, so under a lower mark than before a queue can count as full whose reader waits for more.
struct SubscriberFlow: Sendable {
  /// Bytes that may wait.
  static let most = 64 << 20
  /// How long others wait for a slow subscriber before it loses something.
  private static let patience = Duration.milliseconds(500)
  /// The same for a while after a loss, since it may be the same one; who keeps up makes room much sooner.
  private static let impatience = Duration.milliseconds(100)
  private static let memory = Duration.seconds(10)
  /// A subscriber that takes so many messages in a row keeps up again.
  private static let recovery = 8
  /// How many messages may wait in a subscriber's queue; few, since some are of megabytes.
  static let mark: Int32 = 128

  private var blockedSince: ContinuousClock.Instant?
  private var lastLoss: ContinuousClock.Instant?
  private var taken = 0
  /// How many messages were left out for somebody, and what the last of them answered.
  private(set) var lost = 0
  private var parent: [UInt8] = []

  /// Everybody has taken a message. Returns what is to be told to those who had not, once they do again.
  mutating func wasTaken() -> OutgoingMessage? {
    blockedSince = nil
    guard lost > 0 else { return nil }
    taken += 1
    guard taken >= Self.recovery else { return nil }
    let text = "\n[a client did not keep up: \(lost) messages were not sent to it]\n"
    lost = 0
    return OutgoingMessage(
      broadcast: StreamContent(name: "stderr", text: text), parentHeader: parent)
  }

  /// Somebody's queue is full. Whether the others are to wait for it.
  mutating func waits(_ waitingBytes: Int, now: ContinuousClock.Instant = Monotonic.now) -> Bool {
    taken = 0
    let since = blockedSince ?? now
    blockedSince = since
    let isForgiven = lastLoss.map { now - $0 > Self.memory } ?? true
    return waitingBytes < Self.most
      && now - since < (isForgiven ? Self.patience : Self.impatience)
  }

  /// A message goes to those who have room only. Returns whether it is the first of many.
  mutating func wasLost(_ message: OutgoingMessage, now: ContinuousClock.Instant = Monotonic.now)
    -> Bool
  {
    lost += 1
    lastLoss = now
    parent = message.parentHeader
    return lost == 1
  }
}
