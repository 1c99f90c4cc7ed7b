import Synchronization

/// A queue into one thread from any other.
package final class Mailbox<Element: Sendable>: Sendable {
  private struct State {
    var elements: [Element] = []
    var isClosed = false
  }

  private let state = Mutex(State())
  /// Raised while there may be something to take.
  let signal = WakeSignal()

  package init() {}

  /// Appends an element; after `close`, drops it.
  package func put(_ element: Element) {
    // Not under the lock: the receiver may run at once, and would only meet the lock.
    if putQuietly(element) { signal.raise() }
  }

  /// Appends an element without waking the receiver; true when the caller must raise the signal.
  func putQuietly(_ element: Element) -> Bool {
    state.withLock { state in
      guard !state.isClosed else { return false }
      state.elements.append(element)
      return state.elements.count == 1
    }
  }

  /// Lets nothing more in, and lets the receiver know.
  package func close() {
    state.withLock { $0.isClosed = true }
    signal.raise()
  }

  package var isClosed: Bool { state.withLock { $0.isClosed } }

  /// Everything that is there now, and whether the mailbox is closed. Never waits.
  ///
  /// `clearing` says whether the signal may be raised; a signal left raised costs the next wait only.
  package func takeAll(clearing: Bool = true) -> (elements: [Element], isClosed: Bool) {
    if clearing { signal.clear() }
    let taken = state.withLock { state in
      let elements = state.elements
      state.elements = []
      return (elements: elements, isClosed: state.isClosed)
    }
    // Once closed, the signal stays raised, so that no later wait misses it.
    if taken.isClosed { signal.raise() }
    return taken
  }

  /// Waits for something and takes everything; nil once the mailbox is closed and empty.
  package func waitAndTakeAll() -> [Element]? {
    while true {
      signal.wait()
      let (elements, isClosed) = takeAll()
      if !elements.isEmpty { return elements }
      if isClosed { return nil }
    }
  }
}
