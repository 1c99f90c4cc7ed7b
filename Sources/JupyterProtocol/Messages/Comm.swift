import JSONText

/// A message of a comm: a channel between an object in the front end and its twin in the kernel. Either side may
/// send each kind.
package struct CommMessage: MessageContent {
  package enum Kind: Sendable, Equatable {
    case open(target: String)
    case message
    case close
  }

  package var kind: Kind
  package var commID: String
  package var data: JSONObject
  package var metadata: JSONObject
  package var buffers: [[UInt8]]

  package init(
    _ kind: Kind, commID: String, data: JSONObject = [:], metadata: JSONObject = [:],
    buffers: [[UInt8]] = []
  ) {
    self.kind = kind
    self.commID = commID
    self.data = data
    self.metadata = metadata
    self.buffers = buffers
  }

  init(_ reader: ContentReader, _ message: ReceivedMessage) throws(ContentError) {
    commID = try reader.text("comm_id")
    kind =
      switch reader.type {
      case .commOpen: .open(target: try reader.text("target_name", default: ""))
      case .commClose: .close
      default: .message
      }
    data = try reader.object("data")
    metadata = message.metadata
    buffers = message.buffers
  }

  package var messageType: MessageType {
    switch kind {
    case .open: .commOpen
    case .message: .commMessage
    case .close: .commClose
    }
  }

  package func write(to members: inout JSONWriter) {
    members.member("comm_id", commID)
    if case .open(let target) = kind { members.member("target_name", target) }
    members.member("data", data)
  }
}
