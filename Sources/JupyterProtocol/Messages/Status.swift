import JSONText

/// What the kernel does with the request that is this message's parent.
package struct Status: MessageContent {
  package enum State: String, Sendable { case starting, busy, idle }

  package var state: State

  package init(_ state: State) { self.state = state }

  package var messageType: MessageType { .status }

  package func write(to members: inout JSONWriter) {
    members.member("execution_state", state.rawValue)
  }
}

/// Tells a new subscriber that it receives from now on.
///
/// Source: JEP 65.
package struct Welcome: MessageContent {
  package var subscription: String

  package init(subscription: String) { self.subscription = subscription }

  package var messageType: MessageType { .welcome }

  package func write(to members: inout JSONWriter) { members.member("subscription", subscription) }
}
