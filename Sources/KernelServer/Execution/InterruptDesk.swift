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
  private let isRunning = Mutex(false)

  init(_ waits: [any Interruptible]) { self.waits = waits }

  /// A cell begins; interrupts that came before are none of its business.
  func begin() {
    isRunning.withLock { isRunning in
      isRunning = true
      flag.lower()
      for wait in waits { wait.begin() }
    }
  }

  /// The cell has ended.
  func end() {
    isRunning.withLock { isRunning in
      isRunning = false
      flag.lower()
    }
  }

  package func interrupt() {
    isRunning.withLock { isRunning in
      guard isRunning else { return }
      flag.raise()
      for wait in waits { wait.cancel() }
    }
  }
}
