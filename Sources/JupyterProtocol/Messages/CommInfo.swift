import JSONText

/// Asks which comms are open, of one target or of all.
package struct CommInfoRequest: Sendable {
  package var targetName: String?

  init(_ reader: ContentReader) throws(ContentError) {
    let name = try reader.text("target_name", default: "")
    targetName = name.isEmpty ? nil : name
  }
}

package struct CommInfoReply: MessageContent {
  /// The open comms: their identities and targets.
  package var comms: [(commID: String, targetName: String)]

  package init(_ comms: [(commID: String, targetName: String)]) { self.comms = comms }

  package var messageType: MessageType { .commInfoReply }

  package func write(to members: inout JSONWriter) {
    members.member("status", "ok")
    members.object("comms") { members in
      for comm in comms {
        members.name(comm.commID)
        members.object { $0.member("target_name", comm.targetName) }
      }
    }
  }
}
