import JSONText

/// Text that a cell printed.
package struct StreamContent: MessageContent {
  /// `stdout` or `stderr`.
  package var name: String
  package var text: String

  package init(name: String, text: String) {
    self.name = name
    self.text = text
  }

  package var messageType: MessageType { .stream }

  package func write(to members: inout JSONWriter) {
    members.member("name", name)
    members.member("text", text)
  }
}

/// Takes a cell's outputs away, at once or when the next output comes.
package struct ClearOutput: MessageContent {
  package var wait: Bool

  package init(wait: Bool) { self.wait = wait }

  package var messageType: MessageType { .clearOutput }

  package func write(to members: inout JSONWriter) { members.member("wait", wait) }
}
