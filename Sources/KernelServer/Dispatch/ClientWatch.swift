import Synchronization

/// Knows when clients' connections begin and end, so that nobody waits for one that is gone, and a new one can be
/// told from one that has been here for a while.
///
/// A connection is the number that the system gave it, which a later one may get again at once; so it is told
/// from those by how many of that number have ended.
final class ClientWatch: Sendable {
  /// The connection that a message came by.
  struct Connection: Sendable {
    fileprivate let number: Int32
    fileprivate let endedBefore: Int
    /// When it began, if its message is the first that has come by it.
    let newSince: ContinuousClock.Instant?
  }

  private struct Entry {
    /// How many connections of this number are known to have ended, and how many of these long enough ago that
    /// all they sent has been received.
    var ended = 0
    var settled = 0
    /// Whether one has begun since the last has ended.
    var hasBegunAgain = false
    var began: ContinuousClock.Instant?
    /// Who spoke last, and when.
    var identity: [UInt8]?
    var spoke: ContinuousClock.Instant?
    /// Whether a cell has come by the connection.
    var hasRun = false
    var isOpen: Bool { identity != nil && (hasBegunAgain || ended == 0) }
  }

  /// No client can end a connection and begin another in this time.
  private static let shortestAbsence = Duration.microseconds(400)

  private let entries = Mutex<[Int32: Entry]>([:])

  /// The connection of a number by which a message of a client came now.
  ///
  /// `refresh` is called first where it may be another one than for the last message: it notes what has happened
  /// to connections.
  func connection(
    _ number: Int32?, of identity: [UInt8]?, now: ContinuousClock.Instant, refresh: () -> Void
  ) -> Connection? {
    guard let number, number >= 0 else { return nil }
    let isInDoubt = entries.withLock { entries in
      guard let entry = entries[number], entry.identity == identity, let spoke = entry.spoke else {
        return true
      }
      return now - spoke > Self.shortestAbsence
    }
    if isInDoubt { refresh() }
    return entries.withLock { entries in
      entries[number, default: Entry()].spoke = now
      let entry = entries[number] ?? Entry()
      if entry.ended > entry.settled, !entry.hasBegunAgain, entry.identity == identity {
        // Sent before the connection ended.
        return Connection(number: number, endedBefore: entry.ended - 1, newSince: nil)
      }
      let isFirst = entry.identity != identity
      if isFirst { entries[number, default: Entry()].identity = identity }
      return Connection(
        number: number, endedBefore: entry.ended, newSince: isFirst ? entry.began ?? now : nil)
    }
  }

  /// A client that has been connected for this long has subscribed, or does not want to.
  private static let longestSubscription = Duration.milliseconds(300)

  /// How many clients are connected, if a cell by a young connection is the first one; nil otherwise.
  func clientsAtFirstCell(by connection: Connection?, now: ContinuousClock.Instant) -> Int? {
    guard let connection else { return nil }
    return entries.withLock { entries in
      guard let entry = entries[connection.number], !entry.hasRun else { return nil }
      entries[connection.number]?.hasRun = true
      guard let began = entry.began, now - began < Self.longestSubscription else { return nil }
      return entries.values.count(where: \.isOpen)
    }
  }

  /// A connection has been accepted.
  func began(_ number: Int32, at moment: ContinuousClock.Instant) {
    entries.withLock { entries in
      entries[number, default: Entry()].hasBegunAgain = true
      entries[number]?.began = moment
      entries[number]?.identity = nil
      entries[number]?.hasRun = false
    }
  }

  /// A connection has ended; some of its messages may not have been received yet.
  func ended(_ number: Int32) {
    entries.withLock { entries in
      entries[number, default: Entry()].ended += 1
      entries[number]?.hasBegunAgain = false
      entries[number]?.began = nil
    }
  }

  /// All that a connection that has ended had sent is received.
  func settled(_ number: Int32) {
    entries.withLock { entries in
      guard let entry = entries[number], entry.settled < entry.ended else { return }
      entries[number]?.settled += 1
    }
  }

  /// Whether a connection has ended since its message came.
  func isGone(_ connection: Connection?) -> Bool {
    guard let connection else { return false }
    return entries.withLock { $0[connection.number]?.settled ?? 0 } > connection.endedBefore
  }
}
