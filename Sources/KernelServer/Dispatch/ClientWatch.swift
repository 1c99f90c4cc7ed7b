import Synchronization

/// Knows which clients' connections have ended, so that nobody waits for one that is gone.
///
/// A connection is the number that the system gave it, which a later one may get again; so it is told from those
/// by how many of that number have ended.
final class ClientWatch: Sendable {
  /// The connection that a message came by.
  struct Connection: Sendable {
    fileprivate let number: Int32
    fileprivate let endedBefore: Int
  }

  private let ended = Mutex<[Int32: Int]>([:])

  /// The connection of a number that is alive now.
  func connection(_ number: Int32?) -> Connection? {
    guard let number, number >= 0 else { return nil }
    return Connection(number: number, endedBefore: ended.withLock { $0[number] ?? 0 })
  }

  /// The connection of a number has ended.
  func end(_ number: Int32) { ended.withLock { $0[number, default: 0] += 1 } }

  /// Whether a connection has ended since its message came.
  func isGone(_ connection: Connection?) -> Bool {
    guard let connection else { return false }
    return ended.withLock { $0[connection.number] ?? 0 } > connection.endedBefore
  }
}
