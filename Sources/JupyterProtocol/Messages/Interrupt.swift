import JSONText

/// Says that the running cell has been asked to stop.
package struct InterruptReply: MessageContent {
  package init() {}

  package var messageType: MessageType { .interruptReply }

  package func write(to members: inout JSONWriter) { members.member("status", "ok") }
}
