import CKernels
import Glibc

/// Whether somebody has asked the running computation to stop.
///
/// One flag a session: raised by any thread (an interrupt request, SIGINT), polled in every long
/// loop, lowered when the cell ends. Its memory is the kernels', which poll it too.
@usableFromInline package final class InterruptFlag: Sendable {
  @usableFromInline nonisolated(unsafe) let memory: UnsafeMutablePointer<nabla_flag>

  package init() {
    memory = .allocate(capacity: 1)
    memory.initialize(to: nabla_flag(raised: false))
  }

  deinit { memory.deallocate() }

  @inlinable @inline(__always)
  package var isRaised: Bool { nabla_flag_is_raised(memory) }

  package func raise() { nabla_flag_set(memory, true) }
  package func lower() { nabla_flag_set(memory, false) }

  /// Waits until a moment, or until it is raised; true when it was.
  package func wait(until moment: ContinuousClock.Instant) -> Bool {
    while !isRaised {
      let rest = moment - ContinuousClock.now
      guard rest > .zero else { return false }
      let turn = min(rest, .milliseconds(10)).components
      var time = timespec(tv_sec: Int(turn.seconds), tv_nsec: Int(turn.attoseconds / 1_000_000_000))
      nanosleep(&time, nil)
    }
    return true
  }
}
