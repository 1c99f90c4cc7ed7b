import Glibc

/// poll(2) for reading.
enum Polling {
  /// Waits until one of the descriptors can be read or the time is over; returns those that can be.
  ///
  /// A signal of the system ends the wait as well, with nothing to read: callers look at everything anyway.
  @discardableResult
  static func wait(for descriptors: [Int32], until deadline: ContinuousClock.Instant? = nil)
    -> [Int32]
  {
    var items = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    guard poll(&items, nfds_t(items.count), Monotonic.pollTimeout(until: deadline)) > 0 else {
      return []
    }
    return items.filter { $0.revents != 0 }.map(\.fd)
  }

  /// Waits until the descriptor can be read, or a signal of the system comes.
  static func wait(for descriptor: Int32) { wait(for: [descriptor]) }
}
