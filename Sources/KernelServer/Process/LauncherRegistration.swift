import CZeroMQ
import JupyterProtocol

/// Tells a launcher where the kernel listens, and waits for its receipt.
///
/// Source: JEP 66, "Kernel handshaking pattern".
package enum LauncherRegistration {
  /// Why a kernel that nobody acknowledges ends itself.
  package struct Refusal: Error, CustomStringConvertible {
    package let description: String
  }

  /// Returns once the launcher has acknowledged the registration.
  ///
  /// Throws: `ZeroMQError`, or `Refusal` when no signed receipt has come in time.
  package static func register(
    _ connection: ConnectionFile, with file: RegistrationFile, patience: Duration
  ) throws {
    let context = try ZeroMQContext()
    let socket = try ZeroMQSocket(.dealer, in: context)
    defer {
      socket.close()
      context.terminate()
    }
    try socket.set(ZMQ_LINGER, 0)
    if file.ip.contains(":") { try socket.set(ZMQ_IPV6, 1) }
    try socket.connect(file.endpoint)
    let authenticator = MessageAuthenticator(key: file.key)
    try socket.send(file.registration(of: connection, signedBy: authenticator))
    let deadline = Monotonic.now + patience
    while Monotonic.now < deadline {
      while let frames = try socket.receive() {
        if RegistrationFile.isReceipt(frames, verifiedBy: authenticator) { return }
      }
      socket.wait(until: deadline)
    }
    throw Refusal(
      description: "the launcher at \(file.endpoint) has not acknowledged the registration")
  }
}
