import Session
import Synchronization

/// Where the evaluation thread leaves what the language thread may know.
///
/// A snapshot is made after its cell's reply has left, so that no cell waits for it. Who asks in between
/// waits for the new one; who asks while a cell runs gets the old one at once.
final class SnapshotBoard: Sendable {
  private struct State {
    var snapshot = SymbolSnapshot()
    /// Whether a new one is being made; so it is at the beginning.
    var isExpected = true
    var isAwaited = false
  }

  private let state = Mutex(State())
  private let published = WakeSignal()

  /// How long to wait for a snapshot that is being made.
  private static let patienceInMilliseconds = 200

  /// A cell is about to reply, and a new snapshot follows.
  func expect() { state.withLock { $0.isExpected = true } }

  func publish(_ snapshot: SymbolSnapshot) {
    let isAwaited = state.withLock { state in
      state.snapshot = snapshot
      state.isExpected = false
      return state.isAwaited
    }
    if isAwaited { published.raise() }
  }

  /// The newest snapshot. Called by the language thread only.
  var latest: SymbolSnapshot {
    let mustWait = state.withLock { state in
      state.isAwaited = state.isExpected
      return state.isExpected
    }
    if mustWait {
      published.wait(milliseconds: Self.patienceInMilliseconds)
      published.clear()
    }
    return state.withLock { state in
      state.isAwaited = false
      return state.snapshot
    }
  }
}
