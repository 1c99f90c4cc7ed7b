/// The heartbeat socket: sends back whatever comes, as a sign of life.
final class HeartbeatEndpoint: Sendable {
  private let socket: ZeroMQSocket
  /// Raised to end the thread.
  let stop = WakeSignal()

  init(_ socket: ZeroMQSocket) { self.socket = socket }

  /// Closes the socket; not while `run` runs.
  func close() { socket.close() }

  func run() {
    while !stop.isRaised {
      // A frame that cannot be read or sent is a beat lost, which the client notices by itself.
      while let frames = try? socket.receive() { try? socket.send(frames) }
      socket.wait(or: [stop.descriptor])
    }
  }
}
