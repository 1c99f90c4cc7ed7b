import CZeroMQ
import JupyterProtocol
import Logging

/// The IOPub socket and the loop of the thread that owns it.
final class PublishingEndpoint: Sendable {
  private let socket: ZeroMQSocket
  private let queue: PublishingQueue
  private let authenticator: MessageAuthenticator
  private let session: String
  private let logger: Logger

  init(
    _ socket: ZeroMQSocket, queue: PublishingQueue, authenticator: MessageAuthenticator,
    session: String, logger: Logger
  ) {
    self.socket = socket
    self.queue = queue
    self.authenticator = authenticator
    self.session = session
    self.logger = logger
  }

  func run() {
    defer { socket.close() }
    var stamp = HeaderStamp(session: session, thread: "iopub")
    var isSignalled = false
    while true {
      welcomeSubscribers(&stamp)
      let batch = queue.take(clearing: isSignalled)
      isSignalled = false
      for message in batch.messages { send(message, &stamp) }
      if batch.isLast { return }
      if batch.messages.isEmpty {
        isSignalled = socket.wait(or: [queue.signal.descriptor, queue.alarm.descriptor])
      }
    }
  }

  /// Lets each subscription that has come in take effect, its `iopub_welcome` under its own topic first.
  ///
  /// The socket is in manual mode, so none takes effect in between: a subscriber's first message is its
  /// welcome.
  private func welcomeSubscribers(_ stamp: inout HeaderStamp) {
    do throws(ZeroMQError) {
      while let frames = try socket.receive() {
        guard let frame = frames.first, let kind = frame.first else { continue }
        let topic = Array(frame.dropFirst())
        guard kind == 1 else {
          try socket.set(ZMQ_UNSUBSCRIBE, topic)
          continue
        }
        try socket.set(ZMQ_SUBSCRIBE, topic)
        let welcome = Welcome(subscription: String(decoding: topic, as: UTF8.self))
        send(OutgoingMessage(welcome, to: [topic], parent: nil), &stamp)
        queue.subscribed()
      }
    } catch {
      logger.error("IOPub: \(error)")
    }
  }

  private func send(_ message: OutgoingMessage, _ stamp: inout HeaderStamp) {
    var raw = message.raw(stampedBy: &stamp)
    authenticator.sign(&raw)
    do throws(ZeroMQError) {
      try socket.send(raw.frames)
    } catch {
      logger.error("IOPub: \(error)")
    }
  }
}
