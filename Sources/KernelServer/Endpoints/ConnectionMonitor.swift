import CZeroMQ

/// Hears which connections of a socket begin and end. Used by one thread at a time.
struct ConnectionMonitor {
  enum Event {
    case began(Int32)
    case ended(Int32)
    /// A moment after the end: what a client sent before it went away has been received.
    case settled(Int32)
  }

  static let events = ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED
  private static let delay = Duration.milliseconds(50)

  private let socket: ZeroMQSocket
  private var waiting: [(connection: Int32, due: ContinuousClock.Instant)] = []

  /// `socket` is where the monitor of another tells of `events`.
  init(_ socket: ZeroMQSocket) { self.socket = socket }

  /// What can be read when something has happened since `take`.
  var descriptor: Int32 { socket.descriptor }

  /// When there is something to take even if nothing happens.
  var deadline: ContinuousClock.Instant? { waiting.first?.due }

  /// What has happened since the last call, in its order.
  mutating func take() -> [Event] {
    let now = Monotonic.now
    var events: [Event] = []
    // Two frames: the event's number and value, in the machine's byte order; the address.
    while let frames = try? socket.receive(), let event = frames.first, event.count >= 6 {
      let kind = Int32(event[0]) | Int32(event[1]) << 8
      let value = event[2..<6].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      let connection = Int32(bitPattern: value)
      if kind == ZMQ_EVENT_ACCEPTED {
        events.append(.began(connection))
      } else {
        events.append(.ended(connection))
        waiting.append((connection, now + Self.delay))
      }
    }
    let due = waiting.prefix { $0.due <= now }.map(\.connection)
    waiting.removeFirst(due.count)
    return events + due.map { .settled($0) }
  }
}
