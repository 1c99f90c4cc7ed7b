import JSONText

/// A request of the Debug Adapter Protocol, wrapped in one of Jupyter's.
///
/// Source: Jupyter's messaging protocol, "Debug request"; the Debug Adapter Protocol.
package struct DebugRequest: Sendable {
  package var command: String
  package var sequence: Int
  package var arguments: JSONObject

  init(_ reader: ContentReader) throws(ContentError) {
    command = try reader.text("command")
    sequence = try reader.integer("seq", default: 0)
    arguments = try reader.object("arguments")
  }
}

package struct DebugReply: MessageContent {
  package var request: DebugRequest
  package var body: JSONObject
  /// Why the request failed; nil when it succeeded.
  package var failure: String?

  package init(to request: DebugRequest, body: JSONObject = [:]) {
    self.request = request
    self.body = body
  }

  package init(to request: DebugRequest, failure: String) {
    self.request = request
    self.failure = failure
    body = [:]
  }

  package var messageType: MessageType { .debugReply }

  package func write(to members: inout JSONWriter) {
    members.member("type", "response")
    members.member("seq", request.sequence)
    members.member("request_seq", request.sequence)
    members.member("command", request.command)
    members.member("success", failure == nil)
    if let failure { members.member("message", failure) }
    members.member("body", body)
  }
}

/// What a debugger tells all clients by itself: that it is ready, that a cell has stopped, that it goes on.
package struct DebugEvent: MessageContent {
  package var sequence: Int
  package var event: String
  package var body: JSONObject

  package init(_ event: String, sequence: Int, body: JSONObject = [:]) {
    self.event = event
    self.sequence = sequence
    self.body = body
  }

  package var messageType: MessageType { .debugEvent }

  package func write(to members: inout JSONWriter) {
    members.member("type", "event")
    members.member("seq", sequence)
    members.member("event", event)
    members.member("body", body)
  }
}
