import JSONText

/// The representations of one value by MIME type, and what is to be known of them.
package struct MIMEContent: Sendable, Equatable {
  package var data: JSONObject
  package var metadata: JSONObject

  package init(data: JSONObject, metadata: JSONObject = [:]) {
    self.data = data
    self.metadata = metadata
  }

  func write(to members: inout JSONWriter) {
    members.member("data", data)
    members.member("metadata", metadata)
  }
}

/// The value of a cell, as all clients are told it.
package struct ExecuteResult: MessageContent {
  package var content: MIMEContent
  package var executionCount: Int

  package init(_ content: MIMEContent, executionCount: Int) {
    self.content = content
    self.executionCount = executionCount
  }

  package var messageType: MessageType { .executeResult }

  package func write(to members: inout JSONWriter) {
    members.member("execution_count", executionCount)
    content.write(to: &members)
    members.object("transient") { _ in }
  }
}

/// A picture, table or other value to show: a `display_data`, or an `update_display_data` that replaces
/// what was shown under the same identity.
package struct DisplayData: MessageContent {
  package var content: MIMEContent
  package var displayID: String?
  package var isUpdate: Bool

  package init(_ content: MIMEContent, displayID: String? = nil) {
    self.content = content
    self.displayID = displayID
    isUpdate = false
  }

  package init(updating displayID: String, with content: MIMEContent) {
    self.content = content
    self.displayID = displayID
    isUpdate = true
  }

  package var messageType: MessageType { isUpdate ? .updateDisplayData : .displayData }

  package func write(to members: inout JSONWriter) {
    content.write(to: &members)
    members.object("transient") { members in
      if let displayID { members.member("display_id", displayID) }
    }
  }
}
