import JSONText

/// Asks what is known of the name at the cursor. Positions count Unicode scalars.
package struct InspectRequest: Sendable {
  package var code: String
  package var cursor: Int
  /// 0 or 1: how much the user wants to know.
  package var detail: Int

  init(_ reader: ContentReader) throws(ContentError) {
    code = try reader.text("code")
    cursor = max(0, try reader.integer("cursor_pos", default: .max))
    detail = min(max(0, try reader.integer("detail_level", default: 0)), 1)
  }
}

package struct InspectReply: MessageContent {
  /// nil when nothing is known.
  package var content: MIMEContent?

  package init(_ content: MIMEContent?) { self.content = content }

  package var messageType: MessageType { .inspectReply }

  package func write(to members: inout JSONWriter) {
    members.member("status", "ok")
    members.member("found", content != nil)
    (content ?? MIMEContent(data: [:])).write(to: &members)
  }
}
