/// Hears which connections of a socket end, a moment after they do. Belongs to one thread.
struct DisconnectionMonitor {
  /// What a client sent before it went away is to be received first.
  private static let delay = Duration.milliseconds(50)

  private let events: ZeroMQSocket
  private var waiting: [(connection: Int32, due: ContinuousClock.Instant)] = []

  /// `events` is where the socket's monitor tells of `ZMQ_EVENT_DISCONNECTED`.
  init(_ events: ZeroMQSocket) { self.events = events }

  /// Waits until there is something to do, one of the descriptors can be read, or the time is over.
  func wait(or descriptors: [Int32], until deadline: ContinuousClock.Instant) {
    events.wait(or: descriptors, until: waiting.first.map { min($0.due, deadline) } ?? deadline)
  }

  /// The connections that have ended, each once.
  mutating func take() -> [Int32] {
    let now = Monotonic.now
    // Two frames: the event's number and value, in the machine's byte order; the address.
    while let frames = try? events.receive(), let event = frames.first, event.count >= 6 {
      let value = event[2..<6].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      waiting.append((Int32(bitPattern: value), now + Self.delay))
    }
    let due = waiting.prefix { $0.due <= now }.map(\.connection)
    waiting.removeFirst(due.count)
    return due
  }
}
