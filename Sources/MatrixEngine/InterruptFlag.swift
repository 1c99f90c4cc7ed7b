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
}
