import JSONText

/// Opens a comm: a channel between an object in the front end and its twin in the kernel.
package struct CommOpen: MessageContent {
  package var commID: String
  package var targetName: String
  package var data: JSONObject
  package var metadata: JSONObject
  package var buffers: [[UInt8]]

  package init(
    commID: String, targetName: String, data: JSONObject, metadata: JSONObject = [:],
    buffers: [[UInt8]] = []
  ) {
    self.commID = commID
    self.targetName = targetName
    self.data = data
    self.metadata = metadata
    self.buffers = buffers
  }

  init(_ reader: ContentReader, _ message: ReceivedMessage) throws(ContentError) {
    commID = try reader.text("comm_id")
    targetName = try reader.text("target_name", default: "")
    data = try reader.object("data")
    metadata = message.metadata
    buffers = message.buffers
  }

  package var messageType: MessageType { .commOpen }

  package func write(to members: inout JSONWriter) {
    members.member("comm_id", commID)
    members.member("target_name", targetName)
    members.member("data", data)
  }
}

/// A message over an open comm.
package struct CommMessage: MessageContent {
  package var commID: String
  package var data: JSONObject
  package var metadata: JSONObject
  package var buffers: [[UInt8]]

  package init(
    commID: String, data: JSONObject, metadata: JSONObject = [:], buffers: [[UInt8]] = []
  ) {
    self.commID = commID
    self.data = data
    self.metadata = metadata
    self.buffers = buffers
  }

  init(_ reader: ContentReader, _ message: ReceivedMessage) throws(ContentError) {
    commID = try reader.text("comm_id")
    data = try reader.object("data")
    metadata = message.metadata
    buffers = message.buffers
  }

  package var messageType: MessageType { .commMessage }

  package func write(to members: inout JSONWriter) {
    members.member("comm_id", commID)
    members.member("data", data)
  }
}

/// Ends a comm.
package struct CommClose: MessageContent {
  package var commID: String
  package var data: JSONObject

  package init(commID: String, data: JSONObject = [:]) {
    self.commID = commID
    self.data = data
  }

  init(_ reader: ContentReader, _ message: ReceivedMessage) throws(ContentError) {
    commID = try reader.text("comm_id")
    data = try reader.object("data")
  }

  package var messageType: MessageType { .commClose }

  package func write(to members: inout JSONWriter) {
    members.member("comm_id", commID)
    members.member("data", data)
  }
}
