import JSONText

/// An error: the `error` message to all clients, and the error members of a reply.
package struct ErrorContent: MessageContent, Equatable {
  package var name: String
  package var message: String
  package var traceback: [String]

  package init(name: String, message: String, traceback: [String]) {
    self.name = name
    self.message = message
    self.traceback = traceback
  }

  /// An error that is told in one line.
  package init(name: String, message: String) {
    self.init(name: name, message: message, traceback: ["\(name): \(message)"])
  }

  package var messageType: MessageType { .error }

  package func write(to members: inout JSONWriter) {
    members.member("ename", name)
    members.member("evalue", message)
    members.member("traceback", traceback)
  }
}

/// A reply that says that its request failed.
package struct ErrorReply: MessageContent {
  package let messageType: MessageType
  package var error: ErrorContent
  /// Only for an `execute_reply`.
  package var executionCount: Int?

  package init(_ messageType: MessageType, _ error: ErrorContent, executionCount: Int? = nil) {
    self.messageType = messageType
    self.error = error
    self.executionCount = executionCount
  }

  package func write(to members: inout JSONWriter) {
    members.member("status", "error")
    error.write(to: &members)
    if let executionCount {
      members.member("execution_count", executionCount)
      members.object("user_expressions") { _ in }
      members.array("payload") { _ in }
    }
  }
}
