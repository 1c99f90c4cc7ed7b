import Synchronization

/// A queue into one thread from any other.
package final class Mailbox<Element: Sendable>: Sendable {
  private struct State {
    var elements: [Element] = []
    var isClosed = false
    /// Whether the receiver waits, or is about to.
    var isAwaited = false
  }

  private let state = Mutex(State())
  /// Raised when the receiver waits and need not.
  private let signal = WakeSignal()

  package init() {}

  /// Appends an element; false after `close`, when nothing more is let in.
  @discardableResult
  package func put(_ element: Element) -> Bool {
    change { state in
      if !state.isClosed { state.elements.append(element) }
      return !state.isClosed
    }
  }

  /// Lets nothing more in, and lets the receiver know.
  package func close() {
    _ = change { state in
      state.isClosed = true
      return true
    }
  }

  private func change(_ change: (inout State) -> Bool) -> Bool {
    let (result, mustWake) = state.withLock { state in
      let result = change(&state)
      defer { state.isAwaited = false }
      return (result, state.isAwaited)
    }
    // Not under the lock: the receiver may run at once, and would only meet the lock.
    if mustWake { signal.raise() }
    return result
  }

  package var isClosed: Bool { state.withLock { $0.isClosed } }

  /// Everything that is there now. Never waits.
  package func takeAll() -> [Element] {
    state.withLock { state in
      var elements: [Element] = []
      swap(&elements, &state.elements)
      return elements
    }
  }

  /// What can be made of those that wait.
  package func waiting<Found: Sendable>(_ find: (Element) -> Found?) -> [Found] {
    state.withLock { $0.elements.compactMap(find) }
  }

  /// Waits for something and takes everything; nil once the mailbox is closed and empty.
  package func waitAndTakeAll() -> [Element]? {
    while true {
      let elements = takeAll()
      if !elements.isEmpty { return elements }
      if isClosed { return nil }
      wait { Polling.wait(for: $0) }
    }
  }

  /// Unless there is something, lets the receiver wait its own way for a descriptor that becomes readable when
  /// there is. May return early.
  package func wait(_ body: (_ descriptor: Int32) -> Void) {
    let mustWait = state.withLock { state in
      state.isAwaited = state.elements.isEmpty && !state.isClosed
      return state.isAwaited
    }
    guard mustWait else { return }
    body(signal.descriptor)
    let isRaised = state.withLock { state in
      defer { state.isAwaited = false }
      return !state.isAwaited
    }
    // Raised, or about to be: in that case a later wait ends early.
    if isRaised { signal.clear() }
  }
}
