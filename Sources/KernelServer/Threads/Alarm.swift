import CLinux
import Glibc

/// Wakes a thread that polls at a set time, without waking it to set the time: a timerfd.
package final class Alarm: Sendable {
  let descriptor: Int32

  package init() {
    descriptor = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC | TFD_NONBLOCK))
    precondition(descriptor >= 0, "the system has no file descriptor left for a timer")
  }

  deinit { close(descriptor) }

  /// Lets the descriptor become readable after a while; an earlier time is forgotten.
  func set(after delay: Duration) {
    let (seconds, attoseconds) = delay.components
    var time = itimerspec()
    time.it_value.tv_sec = max(0, Int(seconds))
    // A zero would mean never.
    time.it_value.tv_nsec = max(1, Int(attoseconds / 1_000_000_000))
    timerfd_settime(descriptor, 0, &time, nil)
  }

  /// Makes the descriptor unreadable again.
  func clear() {
    var count: UInt64 = 0
    while read(descriptor, &count, 8) < 0, errno == EINTR {}
  }
}
