import MatrixEngine
import Synchronization

/// Where a shell's thread waits for somebody, and an interrupt must find it.
protocol Interruptible: Sendable {
  /// A cell begins: an earlier interrupt is forgotten.
  func begin()
  /// Ends the wait, and those that the cell would still begin.
  func cancel()
}

/// Brings an interrupt, from wherever it comes, to the running cell of a shell and to nothing else.
package final class InterruptDesk: Sendable {
  /// What the running computation polls.
  let flag = InterruptFlag()
  private let waits: [any Interruptible]
  private struct State {
    var isRunning = false
    /// Every cell from now on is interrupted: the shell ends.
    var isClosed = false
    /// When an interrupt came that no cell has felt yet.
    var pending: ContinuousClock.Instant?
  }
  private let state = Mutex(State())

  init(_ waits: [any Interruptible]) { self.waits = waits }

  /// A cell begins that came at a moment; false when an interrupt that came later, and met no other cell, is
  /// meant for it: then it is not to run. Earlier interrupts are none of its business.
  func begin(arrival: ContinuousClock.Instant) -> Bool {
    state.withLock { state in
      defer { state.pending = nil }
      if let pending = state.pending, pending >= arrival { return false }
      run(&state)
      return true
    }
  }

  /// What a comm message leads to begins: an interrupt that comes now is for it, an earlier one for the cells that
  /// wait.
  func beginCall() { state.withLock { run(&$0) } }

  private func run(_ state: inout State) {
    state.isRunning = true
    flag.lower()
    for wait in waits { wait.begin() }
    if state.isClosed { raise() }
  }

  /// The cell, or the call, has ended. An interrupt that it has not felt is for the next of those that wait already.
  func end(wasInterrupted: Bool) {
    state.withLock { state in
      state.isRunning = false
      flag.lower()
      if wasInterrupted { state.pending = nil }
    }
  }

  package func interrupt(at moment: ContinuousClock.Instant = Monotonic.now) {
    state.withLock { state in
      state.pending = moment
      if state.isRunning { raise() }
    }
  }

  /// Interrupts the running cell, and every one that would still begin.
  func close() {
    state.withLock { state in
      state.isClosed = true
      if state.isRunning { raise() }
    }
  }

  private func raise() {
    flag.raise()
    for wait in waits { wait.cancel() }
  }
}
