import Synchronization

/// A socket on which any thread may send, while one thread, its owner, waits for what comes in.
///
/// ZeroMQ lets a socket move between threads behind a full memory barrier, and the lock here is one. So a
/// reply or a broadcast leaves on the thread that made it, and no request waits for another thread to wake up.
///
/// ZeroMQ reports each incoming message once, to whoever reads the socket's events next, and sending may read
/// them. So whoever has sent looks for messages: `send` does, and tells the owner; within `use` it is for the
/// body to receive them.
final class SharedSocket<State: Sendable>: Sendable {
  /// The socket with what belongs to its use, such as the headers' counter.
  struct Guarded {
    let socket: ZeroMQSocket
    var state: State
    fileprivate(set) var isClosed = false
  }

  private let guarded: Mutex<Guarded>
  /// What the owner polls.
  private let descriptor: Int32
  /// Raised when a sender has found messages that came in.
  private let report = WakeSignal()

  init(_ socket: ZeroMQSocket, _ state: State) {
    descriptor = socket.descriptor
    guarded = Mutex(Guarded(socket: socket, state: state))
  }

  /// Sends something, unless the socket is closed.
  func send<Failure: Error>(_ body: (inout Guarded) throws(Failure) -> Void) throws(Failure) {
    try use { guarded throws(Failure) in
      defer { if guarded.socket.hasMessage { report.raise() } }
      try body(&guarded)
    }
  }

  /// Does something with the socket, unless it is closed.
  func use<Failure: Error>(_ body: (inout Guarded) throws(Failure) -> Void) throws(Failure) {
    try guarded.withLock { guarded throws(Failure) in
      if !guarded.isClosed { try body(&guarded) }
    }
  }

  /// The same, unless another thread is at it; false when one is.
  func useIfFree(_ body: (inout Guarded) -> Void) -> Bool {
    let isDone: Void? = guarded.withLockIfAvailable { guarded in
      if !guarded.isClosed { body(&guarded) }
    }
    return isDone != nil
  }

  /// The next message, if one is there, and the number of its connection. Called by the owner.
  ///
  /// Throws: `ZeroMQError` when the socket is broken.
  func receive() throws(ZeroMQError) -> (frames: [[UInt8]], connection: Int32)? {
    try guarded.withLock { guarded throws(ZeroMQError) in
      guard !guarded.isClosed, let frames = try guarded.socket.receive() else { return nil }
      return (frames, guarded.socket.lastConnection)
    }
  }

  /// Waits until something may have come in or one of the descriptors can be read. Called by the owner, once
  /// it has received everything.
  func wait(or descriptors: [Int32]) {
    let ready = Polling.wait(for: [descriptor, report.descriptor] + descriptors)
    if ready.contains(report.descriptor) { report.clear() }
  }

  /// Lets the owner look once more: for whoever has waited in its place and may have used a report up.
  func rouse() { report.raise() }

  /// Closes the socket; what it has sent still leaves within its linger time, later messages are dropped.
  func close() {
    guarded.withLock { guarded in
      guard !guarded.isClosed else { return }
      guarded.isClosed = true
      guarded.socket.close()
    }
  }
}
