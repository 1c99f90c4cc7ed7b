import JupyterProtocol

/// A request with what is needed to answer it.
package struct IncomingRequest: Sendable {
  /// The channel it came by, which its reply takes.
  package let channel: ClientChannel
  package let message: ReceivedMessage
  package let request: Request
  /// When the kernel received it.
  package let arrival: ContinuousClock.Instant
  /// When the client sent it, at the latest; nil when that is not known.
  package let sent: ContinuousClock.Instant?
  /// The client's connection, where it is known.
  let connection: ClientWatch.Connection?

  init(
    channel: ClientChannel, message: ReceivedMessage, request: Request,
    arrival: ContinuousClock.Instant = Monotonic.now, sent: ContinuousClock.Instant? = nil,
    connection: ClientWatch.Connection? = nil
  ) {
    self.channel = channel
    self.message = message
    self.request = request
    self.arrival = arrival
    self.sent = sent
    self.connection = connection
  }
}
