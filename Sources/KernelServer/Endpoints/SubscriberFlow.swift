import JupyterProtocol

/// How much may wait for a subscriber that does not read: some 64 MB in ZeroMQ's queue for it and as much in front of
/// all of them. Who does not keep up then loses messages, and the others none.
///
/// ZeroMQ counts messages, not bytes, so the mark follows the size of those that were sent of late.
struct SubscriberFlow: Sendable {
  /// Bytes that may wait.
  static let most = 64 << 20
  /// How long others wait for a slow subscriber before it loses something.
  private static let patience = Duration.milliseconds(500)
  /// How long one that has lost something is not waited for again.
  private static let memory = Duration.seconds(10)
  /// A subscriber that takes so many messages in a row keeps up again.
  private static let recovery = 8
  static let firstMark: Int32 = 1 << 14

  /// The size of the largest of the last thousand messages or so.
  private var peak = 0.0
  private var mark = firstMark
  private var blockedSince: ContinuousClock.Instant?
  private var lastLoss: ContinuousClock.Instant?
  private var taken = 0
  /// How many messages were left out for somebody, and what the last of them answered.
  private(set) var lost = 0
  private var parent: [UInt8] = []

  /// The mark to set before a message of a size is sent, where it changes.
  mutating func newMark(for size: Int) -> Int32? {
    peak = max(Double(size), 0.999 * peak)
    var fitting = Self.firstMark
    while fitting > 32, Double(fitting) * peak > Double(Self.most) { fitting /= 2 }
    defer { mark = fitting }
    return fitting == mark ? nil : fitting
  }

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
    return isForgiven && waitingBytes < Self.most && now - since < Self.patience
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
