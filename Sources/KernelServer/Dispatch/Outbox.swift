import JupyterProtocol

/// Where the kernel's messages go: the sockets' threads, or a test.
package protocol Outbox: Sendable {
  /// Sends a message to all clients, after everything that was published before it.
  func publish(_ message: OutgoingMessage)

  /// Sends printed text to all clients; neighbouring texts of one stream may arrive as one message.
  func publish(text: String, to stream: String, parent: MessageHeader)

  /// Lets waiting printed text go at once.
  func flushText()

  /// Sends a message to one client.
  func send(_ message: OutgoingMessage, on channel: ClientChannel)

  /// Ends a request: its reply, if it has one, to its client, and its idle to all.
  ///
  /// The reply goes into its queue first, but nobody waits for the reply's journey with the idle.
  func conclude(_ reply: OutgoingMessage?, on channel: ClientChannel, idle: OutgoingMessage)

  /// Says that a client has sent its first request and its subscription may still be on its way.
  func expectSubscriber()
}

/// The sockets on which a message goes to one client.
package enum ClientChannel: String, Sendable { case shell, control, stdin }
