import JupyterProtocol

/// Where the kernel's messages go: the sockets, or a test. Called by any thread.
package protocol Outbox: Sendable {
  /// Sends a message to all clients, after everything that was published before it.
  func publish(_ message: OutgoingMessage)

  /// Sends printed text to all clients; neighbouring texts of one stream may arrive as one message.
  func publish(text: String, to stream: String, parent: MessageHeader)

  /// Lets waiting printed text go at once.
  func flushText()

  /// Sends a message to one client; false when it is known not to be connected.
  @discardableResult
  func send(_ message: OutgoingMessage, on channel: ClientChannel) -> Bool

  /// Says that a client has sent its first request by a connection that began at a moment, so that its
  /// subscription may still be on its way.
  func expectSubscriber(connectedSince moment: ContinuousClock.Instant)

  /// Says that a client has sent its first cell, and how many clients there are, each of which has a subscription
  /// or will have one soon.
  func expectSubscribers(_ count: Int)
}

/// The sockets on which a message goes to one client.
package enum ClientChannel: String, Sendable { case shell, control, stdin }
