import JSONText

/// Says under which name the new subshell is.
///
/// Source: JEP 91; its request has no content.
package struct CreateSubshellReply: MessageContent {
  package var subshellID: String

  package init(subshellID: String) { self.subshellID = subshellID }

  package var messageType: MessageType { .createSubshellReply }

  package func write(to members: inout JSONWriter) {
    members.member("status", "ok")
    members.member("subshell_id", subshellID)
  }
}

/// Asks to end a subshell.
package struct DeleteSubshellRequest: Sendable {
  package var subshellID: String

  init(_ reader: ContentReader) throws(ContentError) {
    subshellID = try reader.text("subshell_id")
  }
}

package struct DeleteSubshellReply: MessageContent {
  package init() {}

  package var messageType: MessageType { .deleteSubshellReply }

  package func write(to members: inout JSONWriter) { members.member("status", "ok") }
}

/// Tells the subshells, without the main shell; the request has no content.
package struct ListSubshellsReply: MessageContent {
  package var subshellIDs: [String]

  package init(subshellIDs: [String]) { self.subshellIDs = subshellIDs }

  package var messageType: MessageType { .listSubshellsReply }

  package func write(to members: inout JSONWriter) {
    members.member("status", "ok")
    members.member("subshell_id", subshellIDs)
  }
}
