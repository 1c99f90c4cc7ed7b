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

  /// Returns true once the launcher has acknowledged the registration; false when the process is to end, which
  /// `isEnding` tells whenever `descriptor` can be read.
  ///
  /// Throws: `ZeroMQError`, or `Refusal` when no signed receipt has come in time.
  package static func register(
    _ connection: ConnectionFile, with file: RegistrationFile, patience: Duration,
    polling descriptor: Int32 = -1, isEnding: () -> Bool = { false }
  ) throws -> Bool {
    let context = try ZeroMQContext()
    let socket = try ZeroMQSocket(.dealer, in: context)
    defer {
      socket.close()
      context.terminate()
    }
    try socket.set(ZMQ_LINGER, 0)
    if file.ip.contains(":") { try socket.set(ZMQ_IPV6, 1) }
    try socket.connect(file.endpoint)
    let authenticator = MessageAuthenticator(key: file.key, scheme: file.scheme)
    try socket.send(file.registration(of: connection, signedBy: authenticator))
    let deadline = Monotonic.now + patience
    while Monotonic.now < deadline {
      while let frames = try socket.receive() {
        if RegistrationFile.isReceipt(frames, verifiedBy: authenticator) { return true }
      }
      if isEnding() { return false }
      socket.wait(or: [descriptor], until: deadline)
    }
    throw Refusal(
      description: "the launcher at \(file.endpoint) has not acknowledged the registration")
  }
}
