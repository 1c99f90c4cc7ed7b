import MatrixEngine
import Synchronization

/// Brings an interrupt, from wherever it comes, to the running cell of a shell and to nothing else.
package final class InterruptDesk: Sendable {
  /// What the running computation polls.
  let flag = InterruptFlag()
  private let inputs: InputDesk
  private let isRunning = Mutex(false)

  init(inputs: InputDesk) { self.inputs = inputs }

  /// A cell begins; interrupts that came before are none of its business.
  func begin() {
    isRunning.withLock { isRunning in
      isRunning = true
      flag.lower()
      inputs.begin()
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
      inputs.cancel()
    }
  }
}
