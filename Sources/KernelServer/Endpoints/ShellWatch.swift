import Synchronization

/// Who receives from the shell socket: the evaluation thread itself, so that a cell runs on the thread that its
/// request woke; and where a cell takes longer than a moment, a relief in its place.
package final class ShellWatch: Sendable {
  /// How long the evaluation thread may be busy before the relief takes over.
  private static let patience = Duration.milliseconds(2)

  private let endpoint: RouterEndpoint
  private let onReceive: @Sendable (_ frames: [[UInt8]], _ connection: Int32) -> Void
  /// Held from a message's arrival until it is in its queue, so that messages keep their order.
  private let turn = Mutex(())
  private let isBusy = Atomic<Bool>(false)
  private let isRelieved = Atomic<Bool>(false)
  /// When the evaluation thread turned to its request, and when the alarm goes off, in nanoseconds.
  private let busySince = Atomic<Int>(0)
  private let alarmTime = Atomic<Int>(0)
  /// Wakes the relief, to see whether the evaluation thread has been busy for a while.
  private let alarm = Alarm()
  /// Raised when the evaluation thread is back.
  private let handback = WakeSignal()

  init(
    _ endpoint: RouterEndpoint,
    onReceive: @escaping @Sendable (_ frames: [[UInt8]], _ connection: Int32) -> Void
  ) {
    self.endpoint = endpoint
    self.onReceive = onReceive
  }

  /// Hands over the next message if there is one; false when there is none.
  func receive() -> Bool {
    turn.withLock { _ in
      guard let message = endpoint.receive() else { return false }
      onReceive(message.frames, message.connection)
      return true
    }
  }

  // MARK: - On the evaluation thread

  /// Waits until there may be a message or the descriptor can be read, after `receive` found none.
  func wait(or descriptor: Int32) { endpoint.wait(or: [descriptor]) }

  /// The evaluation thread turns to a request.
  func beginRequest() {
    isBusy.store(true, ordering: .sequentiallyConsistent)
    // Read after the flag is set: a relief that has not seen it looked before this moment.
    let now = Monotonic.nanoseconds
    busySince.store(now, ordering: .sequentiallyConsistent)
    // Setting a timer takes longer than a small cell, so one serves all the requests until it goes off.
    if alarmTime.load(ordering: .sequentiallyConsistent) <= now {
      setAlarm(now, after: Self.patience.nanoseconds)
    }
  }

  private func setAlarm(_ now: Int, after delay: Int) {
    alarmTime.store(now + delay, ordering: .sequentiallyConsistent)
    alarm.set(after: .nanoseconds(delay))
  }

  /// The evaluation thread is free again.
  func endRequest() {
    isBusy.store(false, ordering: .sequentiallyConsistent)
    if isRelieved.load(ordering: .sequentiallyConsistent) { handback.raise() }
  }

  // MARK: - On the relief's thread

  /// Receives whenever the evaluation thread is busy for long, until the endpoint stops.
  func relieve() {
    while !endpoint.stop.isRaised {
      Polling.wait(for: [alarm.descriptor, endpoint.stop.descriptor])
      alarm.clear()
      guard isBusy.load(ordering: .sequentiallyConsistent) else { continue }
      let now = Monotonic.nanoseconds
      let remaining =
        busySince.load(ordering: .sequentiallyConsistent) + Self.patience.nanoseconds - now
      guard remaining <= 0 else {
        setAlarm(now, after: remaining)
        continue
      }
      isRelieved.store(true, ordering: .sequentiallyConsistent)
      while isBusy.load(ordering: .sequentiallyConsistent), !endpoint.stop.isRaised {
        if !receive() { endpoint.wait(or: [handback.descriptor, endpoint.stop.descriptor]) }
      }
      isRelieved.store(false, ordering: .sequentiallyConsistent)
      handback.clear()
      // The last wait or receipt may have used up what was to wake the evaluation thread.
      endpoint.rouse()
    }
  }
}
