import JSONText

/// Asks the user of one client for a line, on stdin.
package struct InputRequest: MessageContent {
  package var prompt: String
  /// Whether what is typed must not be shown.
  package var isPassword: Bool

  package init(prompt: String, isPassword: Bool = false) {
    self.prompt = prompt
    self.isPassword = isPassword
  }

  package var messageType: MessageType { .inputRequest }

  package func write(to members: inout JSONWriter) {
    members.member("prompt", prompt)
    members.member("password", isPassword)
  }
}

/// The line.
package struct InputReply: Sendable {
  package var value: String

  /// Throws: `ContentError` when the message holds no text `value`.
  package init(_ message: ReceivedMessage) throws(ContentError) {
    value = try ContentReader(content: message.content, type: .inputReply).text("value")
  }
}
