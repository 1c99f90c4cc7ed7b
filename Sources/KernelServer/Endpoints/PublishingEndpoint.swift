import CLinux
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
    var flow = SubscriberFlow()
    /// What could not be sent yet, in its order.
    var waiting: [OutgoingMessage] = []
    var waitingBytes = 0
  }

  private let socket: SharedSocket<Desk>
  private let authenticator: MessageAuthenticator
  private let logger: Logger
  /// Wakes the thread to try again what a full queue did not take.
  private let retry = Alarm()
  private static let retryDelay = Duration.milliseconds(10)
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
      retry.clear()
      socket.use { guarded in
        admitSubscribers(&guarded)
        sendBatch(&guarded, isRetry: true)
      }
      sendWhatIsDue()
      socket.wait(
        or: [queue.alarm.descriptor, backlog.descriptor, retry.descriptor, stop.descriptor])
    }
    queue.close()
    socket.use { sendBatch(&$0, isRetry: true, isLast: true) }
  }

  /// Sends what is to leave now, in order, unless another thread is at it and will, or a full queue is waited for.
  func sendWhatIsDue() {
    // A publisher sends what it finds, but does not serve others for as long as they go on.
    for _ in 0..<2 {
      var isHeldUp = false
      guard socket.useIfFree({ isHeldUp = !sendBatch(&$0) }), !isHeldUp else { return }
      // Something may have come after the last look, from a thread that then found the socket in use.
      guard queue.isDue() else { return }
    }
    backlog.raise()
  }

  /// False when what there is waits for a subscriber whose queue is full; `isRetry` tries all the same.
  @discardableResult
  private func sendBatch(
    _ guarded: inout SharedSocket<Desk>.Guarded, isRetry: Bool = false, isLast: Bool = false
  ) -> Bool {
    guard isRetry || guarded.state.waiting.isEmpty else { return false }
    let messages = guarded.state.waiting + queue.take()
    guarded.state.waiting = []
    let isAllSent = sendAll(messages, &guarded, isLast: isLast)
    // A cell that publishes without end must not keep subscribers out.
    admitSubscribers(&guarded)
    return isAllSent
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
        noteConnections(&guarded)
        let topic = Array(frame.dropFirst())
        guard kind == 1 else {
          try guarded.socket.set(ZMQ_UNSUBSCRIBE, topic)
          continue
        }
        try guarded.socket.set(ZMQ_SUBSCRIBE, topic)
        let welcome = Welcome(subscription: String(decoding: topic, as: UTF8.self))
        send(OutgoingMessage(welcome, to: [topic], parent: nil), &guarded, true)
        queue.subscribed(connection)
      }
      noteConnections(&guarded)
    } catch {
      logger.error("IOPub: \(error)")
    }
  }

  private func noteConnections(_ guarded: inout SharedSocket<Desk>.Guarded) {
    for event in guarded.state.connections.take() {
      switch event {
      case .began(let number): queue.connected(number)
      case .ended(let number):
        queue.disconnected(number)
        // What waited for it may have been much.
        nabla_return_memory()
      case .settled: break
      }
    }
  }

  // MARK: - Sending

  /// Sends messages in their order; those that would have to wait for a subscriber are kept for later, and then it
  /// is false.
  private func sendAll(
    _ messages: [OutgoingMessage], _ guarded: inout SharedSocket<Desk>.Guarded, isLast: Bool
  ) -> Bool {
    for (index, message) in messages.enumerated() where !send(message, &guarded, isLast) {
      guarded.state.waiting = Array(messages[index...])
      guarded.state.waitingBytes = guarded.state.waiting.reduce(0) { $0 + $1.byteCount }
      retry.set(after: Self.retryDelay)
      return false
    }
    guarded.state.waitingBytes = 0
    return true
  }

  /// False when somebody's queue is full and the message is to wait.
  @discardableResult
  private func send(
    _ message: OutgoingMessage, _ guarded: inout SharedSocket<Desk>.Guarded, _ isLast: Bool = false
  ) -> Bool {
    var raw = message.raw(stampedBy: &guarded.state.stamp)
    authenticator.sign(&raw)
    do throws(ZeroMQError) {
      if try guarded.socket.trySend(raw.frames) {
        if let notice = guarded.state.flow.wasTaken() { send(notice, &guarded, true) }
        return true
      }
      if !isLast, guarded.state.flow.waits(guarded.state.waitingBytes) { return false }
      if guarded.state.flow.wasLost(message) {
        logger.warning("a client does not keep up: messages are not sent to it")
      }
      try guarded.socket.set(ZMQ_XPUB_NODROP, 0)
      try guarded.socket.send(raw.frames)
      try guarded.socket.set(ZMQ_XPUB_NODROP, 1)
    } catch {
      logger.error("IOPub: \(error)")
    }
    return true
  }
}
