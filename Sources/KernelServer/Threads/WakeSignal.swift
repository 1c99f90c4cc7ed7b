import CLinux
import Glibc

/// Wakes a thread that waits: an eventfd, so that it can be polled beside sockets.
///
/// A level, not an edge: once raised, every wait returns until it is cleared.
package final class WakeSignal: Sendable {
  let descriptor: Int32

  package init() {
    descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    precondition(descriptor >= 0, "the system has no file descriptor left for an eventfd")
  }

  deinit { close(descriptor) }

  /// Whether the system has descriptors left for so many.
  static func areAvailable(count: Int) -> Bool {
    var descriptors: [Int32] = []
    defer { for descriptor in descriptors { close(descriptor) } }
    for _ in 0..<count {
      let descriptor = eventfd(0, Int32(EFD_CLOEXEC))
      guard descriptor >= 0 else { return false }
      descriptors.append(descriptor)
    }
    return true
  }

  package func raise() {
    var one: UInt64 = 1
    while write(descriptor, &one, 8) < 0, errno == EINTR {}
  }

  package func clear() {
    var count: UInt64 = 0
    while read(descriptor, &count, 8) < 0, errno == EINTR {}
  }

  package var isRaised: Bool { wait(milliseconds: 0) }

  /// Waits until the signal is raised; false when the time ran out. Leaves the level as it is.
  @discardableResult
  package func wait(milliseconds: Int? = nil) -> Bool {
    let deadline = milliseconds.map { Monotonic.now + .milliseconds($0) }
    while true {
      var item = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let count = poll(&item, 1, Monotonic.pollTimeout(until: deadline))
      if count > 0 { return true }
      if count == 0, let deadline, Monotonic.now >= deadline { return false }
    }
  }
}

/// Time that only goes forward.
package enum Monotonic {
  package static var now: ContinuousClock.Instant { ContinuousClock.now }

  /// The same as a number, for atomics.
  static var nanoseconds: Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }

  /// The timeout for poll(2) in milliseconds, rounded up; −1 waits for ever.
  static func pollTimeout(until deadline: ContinuousClock.Instant?) -> Int32 {
    guard let deadline else { return -1 }
    let remaining = (deadline - now).components
    guard remaining.seconds >= 0, remaining.attoseconds >= 0 else { return 0 }
    let milliseconds = remaining.attoseconds / 1_000_000_000_000_000 + 1
    return Int32(
      clamping: remaining.seconds.multipliedReportingOverflow(by: 1_000).partialValue + milliseconds
    )
  }
}

extension Duration {
  var nanoseconds: Int {
    Int(components.seconds) * 1_000_000_000 + Int(components.attoseconds / 1_000_000_000)
  }
}
