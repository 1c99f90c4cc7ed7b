import CZeroMQ
import Glibc
import JupyterProtocol
import Logging

/// A ROUTER socket (shell, control or stdin) and the loop of the thread that owns it.
final class RouterEndpoint: Sendable {
  private let socket: ZeroMQSocket
  private let name: String
  private let authenticator: MessageAuthenticator
  private let session: String
  private let logger: Logger
  /// Called with every message that comes in, on this socket's thread.
  private let onReceive: @Sendable ([[UInt8]]) -> Void
  /// Called when a message's client is not connected; only a mandatory ROUTER notices.
  private let onUndeliverable: @Sendable () -> Void
  /// What is to be sent.
  private let outgoing: Mailbox<OutgoingMessage>

  init(
    _ socket: ZeroMQSocket, name: String, outgoing: Mailbox<OutgoingMessage>,
    authenticator: MessageAuthenticator, session: String, logger: Logger,
    onReceive: @escaping @Sendable ([[UInt8]]) -> Void,
    onUndeliverable: @escaping @Sendable () -> Void = {}
  ) {
    self.socket = socket
    self.name = name
    self.outgoing = outgoing
    self.authenticator = authenticator
    self.session = session
    self.logger = logger
    self.onReceive = onReceive
    self.onUndeliverable = onUndeliverable
  }

  func run() {
    defer { socket.close() }
    var stamp = HeaderStamp(session: session, thread: name)
    var isSignalled = false
    while true {
      let (messages, isClosed) = outgoing.takeAll(clearing: isSignalled)
      isSignalled = false
      for message in messages { send(message, &stamp) }
      if isClosed { return }
      do throws(ZeroMQError) {
        if let frames = try socket.receive() {
          onReceive(frames)
        } else if messages.isEmpty {
          isSignalled = socket.wait(or: [outgoing.signal.descriptor])
        }
      } catch {
        logger.error("\(name): \(error)")
        return
      }
    }
  }

  private func send(_ message: OutgoingMessage, _ stamp: inout HeaderStamp) {
    var raw = message.raw(stampedBy: &stamp)
    authenticator.sign(&raw)
    do throws(ZeroMQError) {
      try socket.send(raw.frames)
    } catch  where error.code == EHOSTUNREACH {
      onUndeliverable()
    } catch {
      logger.error("\(name): \(error)")
    }
  }
}
