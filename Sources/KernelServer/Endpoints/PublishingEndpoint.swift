import CZeroMQ
import JupyterProtocol
import Logging

/// The IOPub socket. Whoever publishes sends what is due; a thread of its own admits subscribers and sends
/// what was to wait.
final class PublishingEndpoint: Sendable {
  let queue = PublishingQueue()
  /// What belongs to the socket's use.
  private struct Desk: Sendable {
    var stamp: HeaderStamp
    var connections: ConnectionMonitor
  }

  private let socket: SharedSocket<Desk>
  private let authenticator: MessageAuthenticator
  private let logger: Logger
  /// Raised when there is more to send than its publishers had time for.
  private let backlog = WakeSignal()
  /// Raised to end the thread.
  let stop = WakeSignal()

  init(
    _ socket: ZeroMQSocket, connections: ConnectionMonitor, session: String,
    authenticator: MessageAuthenticator, logger: Logger
  ) {
    self.socket = SharedSocket(
      socket,
      Desk(stamp: HeaderStamp(session: session, thread: "iopub"), connections: connections))
    self.authenticator = authenticator
    self.logger = logger
  }

  /// Closes the socket, once everything has left.
  func close() { socket.close() }

  func run() {
    while !stop.isRaised {
      backlog.clear()
      socket.use { admitSubscribers(&$0) }
      sendWhatIsDue()
      socket.wait(or: [queue.alarm.descriptor, backlog.descriptor, stop.descriptor])
    }
    queue.close()
    socket.use { sendBatch(&$0) }
  }

  /// Sends what is to leave now, in order, unless another thread is at it and will.
  func sendWhatIsDue() {
    // A publisher sends what it finds, but does not serve others for as long as they go on.
    for _ in 0..<2 {
      guard socket.useIfFree({ sendBatch(&$0) }) else { return }
      // Something may have come after the last look, from a thread that then found the socket in use.
      guard queue.isDue() else { return }
    }
    backlog.raise()
  }

  private func sendBatch(_ guarded: inout SharedSocket<Desk>.Guarded) {
    for message in queue.take() { send(message, &guarded) }
    // A cell that publishes without end must not keep subscribers out.
    admitSubscribers(&guarded)
  }

  /// Lets each subscription that has come in take effect, its `iopub_welcome` under its own topic first.
  ///
  /// The socket is in manual mode, so none takes effect in between: a subscriber's first message is its
  /// welcome.
  private func admitSubscribers(_ guarded: inout SharedSocket<Desk>.Guarded) {
    do throws(ZeroMQError) {
      while let frames = try guarded.socket.receive() {
        let connection = guarded.socket.lastConnection
        guard let frame = frames.first, let kind = frame.first else { continue }
        for case .began(let number) in guarded.state.connections.take() {
          queue.connected(number)
        }
        let topic = Array(frame.dropFirst())
        guard kind == 1 else {
          try guarded.socket.set(ZMQ_UNSUBSCRIBE, topic)
          continue
        }
        try guarded.socket.set(ZMQ_SUBSCRIBE, topic)
        let welcome = Welcome(subscription: String(decoding: topic, as: UTF8.self))
        send(OutgoingMessage(welcome, to: [topic], parent: nil), &guarded)
        queue.subscribed(connection)
      }
    } catch {
      logger.error("IOPub: \(error)")
    }
  }

  private func send(
    _ message: OutgoingMessage, _ guarded: inout SharedSocket<Desk>.Guarded
  ) {
    var raw = message.raw(stampedBy: &guarded.state.stamp)
    authenticator.sign(&raw)
    do throws(ZeroMQError) {
      try guarded.socket.send(raw.frames)
    } catch {
      logger.error("IOPub: \(error)")
    }
  }
}
