import Session
import Synchronization

/// Where the evaluation thread leaves what the language thread may know.
///
/// A snapshot is made after its cell's reply has left, so that no cell waits for it. Who asks in between
/// waits for the new one; who asks while a cell runs gets the old one at once.
final class SnapshotBoard: Sendable {
  private let state = Mutex((snapshot: SymbolSnapshot(), isExpected: true))
  private let published = WakeSignal()

  /// How long to wait for a snapshot that is being made.
  private static let patienceInMilliseconds = 200

  /// A cell is about to reply, and a new snapshot follows.
  func expect() {
    published.clear()
    state.withLock { $0.isExpected = true }
  }

  func publish(_ snapshot: SymbolSnapshot) {
    state.withLock { $0 = (snapshot, false) }
    published.raise()
  }

  /// The newest snapshot.
  var latest: SymbolSnapshot {
    if state.withLock({ $0.isExpected }) {
      published.wait(milliseconds: Self.patienceInMilliseconds)
    }
    return state.withLock { $0.snapshot }
  }
}
