import Glibc
import Synchronization

/// Whether somebody has asked the running computation to stop.
///
/// One flag a session: raised by any thread (an interrupt request, SIGINT), polled in every long
/// loop, lowered when the cell ends.
@usableFromInline package final class InterruptFlag: Sendable {
  @usableFromInline let raised = Atomic<Bool>(false)

  package init() {}

  @inlinable @inline(__always)
  package var isRaised: Bool { raised.load(ordering: .relaxed) }

  package func raise() { raised.store(true, ordering: .relaxed) }
  package func lower() { raised.store(false, ordering: .relaxed) }

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
