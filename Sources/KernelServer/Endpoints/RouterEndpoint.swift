import CZeroMQ
import Glibc
import JupyterProtocol
import Logging

/// A ROUTER socket (shell, control or stdin): any thread sends on it.
final class RouterEndpoint: Sendable {
  private let socket: SharedSocket<HeaderStamp>
  private let name: String
  private let authenticator: MessageAuthenticator
  private let logger: Logger
  /// Raised when nothing more is to be received.
  let stop = WakeSignal()

  init(
    _ socket: ZeroMQSocket, name: String, session: String, authenticator: MessageAuthenticator,
    logger: Logger
  ) {
    self.socket = SharedSocket(socket, HeaderStamp(session: session, thread: name))
    self.name = name
    self.authenticator = authenticator
    self.logger = logger
  }

  /// Hands over every message that comes in, on this thread, until `stop` is raised.
  func run(_ onReceive: ([[UInt8]]) -> Void) {
    while !stop.isRaised {
      while let message = receive() { onReceive(message.frames) }
      wait(or: [stop.descriptor])
    }
  }

  /// The next message, if one is there, and the number of its connection. Called by one thread at a time.
  func receive() -> (frames: [[UInt8]], connection: Int32)? {
    do throws(ZeroMQError) {
      return try socket.receive()
    } catch {
      // The socket is broken for good: nothing more can come.
      logger.error("\(name): \(error)")
      stop.raise()
      return nil
    }
  }

  /// Waits until something may have come in or one of the descriptors can be read.
  func wait(or descriptors: [Int32]) { socket.wait(or: descriptors) }

  /// Lets the thread that receives look once more.
  func rouse() { socket.rouse() }

  /// Closes the socket, once everything has left.
  func close() { socket.close() }

  /// Sends a message to one client; false when a mandatory ROUTER does not know that client.
  @discardableResult
  func send(_ message: OutgoingMessage) -> Bool {
    do throws(ZeroMQError) {
      try socket.send { guarded throws(ZeroMQError) in
        var raw = message.raw(stampedBy: &guarded.state)
        authenticator.sign(&raw)
        try guarded.socket.send(raw.frames)
      }
    } catch  where error.code == EHOSTUNREACH {
      return false
    } catch {
      logger.error("\(name): \(error)")
    }
    return true
  }
}
