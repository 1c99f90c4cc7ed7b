import JSONText

/// Asks how a text can go on at the cursor. Positions count Unicode scalars.
package struct CompleteRequest: Sendable {
  package var code: String
  package var cursor: Int

  init(_ reader: ContentReader) throws(ContentError) {
    code = try reader.text("code")
    cursor = max(0, try reader.integer("cursor_pos", default: .max))
  }
}

/// The ways on, each a replacement of the text from `start` to `end`.
package struct CompleteReply: MessageContent {
  package struct Match: Sendable {
    package var text: String
    package var type: String
    package var signature: String

    package init(text: String, type: String, signature: String) {
      self.text = text
      self.type = type
      self.signature = signature
    }
  }

  package var matches: [Match]
  package var start: Int
  package var end: Int

  package init(matches: [Match], start: Int, end: Int) {
    self.matches = matches
    self.start = start
    self.end = end
  }

  package var messageType: MessageType { .completeReply }

  package func write(to members: inout JSONWriter) {
    members.member("status", "ok")
    members.member("matches", matches.map(\.text))
    members.member("cursor_start", start)
    members.member("cursor_end", end)
    members.object("metadata") { members in
      members.array("_jupyter_types_experimental") { items in
        for match in matches {
          items.object { members in
            members.member("start", start)
            members.member("end", end)
            members.member("text", match.text)
            members.member("type", match.type)
            members.member("signature", match.signature)
          }
        }
      }
    }
  }
}
