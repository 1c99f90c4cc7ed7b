import JSONText

/// Asks a console's question: may the text run, or does it want another line?
package struct IsCompleteRequest: Sendable {
  package var code: String

  init(_ reader: ContentReader) throws(ContentError) { code = try reader.text("code") }
}

package enum IsCompleteReply: MessageContent {
  case complete
  case incomplete(indent: String)
  case invalid

  package var messageType: MessageType { .isCompleteReply }

  package func write(to members: inout JSONWriter) {
    switch self {
    case .complete: members.member("status", "complete")
    case .incomplete(let indent):
      members.member("status", "incomplete")
      members.member("indent", indent)
    case .invalid: members.member("status", "invalid")
    }
  }
}
