import JSONText

/// Asks for the mistakes of a text that is being typed. No request of Jupyter's: the extension for JupyterLab sends it.
package struct FindingsRequest: Sendable {
  package var code: String

  init(_ reader: ContentReader) throws(ContentError) { code = try reader.text("code") }
}

/// The mistakes, in the order of the text. Positions count Unicode scalars.
package struct FindingsReply: MessageContent {
  package struct Finding: Sendable {
    package var start: Int
    package var end: Int
    package var name: String
    package var message: String
    package var label: String
    package var help: String

    package init(
      start: Int, end: Int, name: String, message: String, label: String, help: String
    ) {
      self.start = start
      self.end = end
      self.name = name
      self.message = message
      self.label = label
      self.help = help
    }
  }

  package var findings: [Finding]

  package init(_ findings: [Finding]) { self.findings = findings }

  package var messageType: MessageType { .findingsReply }

  package func write(to members: inout JSONWriter) {
    members.member("status", "ok")
    members.array("findings") { items in
      for finding in findings {
        items.object { members in
          members.member("start", finding.start)
          members.member("end", finding.end)
          members.member("name", finding.name)
          members.member("message", finding.message)
          members.member("label", finding.label)
          members.member("help", finding.help)
        }
      }
    }
  }
}

/// Asks for a text laid out. No request of Jupyter's: the extension for JupyterLab sends it.
package struct FormatRequest: Sendable {
  package var code: String

  init(_ reader: ContentReader) throws(ContentError) { code = try reader.text("code") }
}

package enum FormatReply: MessageContent {
  case formatted(String)
  /// The text cannot be read: the first mistake, and the line of it.
  case refused(line: Int, reason: String)

  package var messageType: MessageType { .formatReply }

  package func write(to members: inout JSONWriter) {
    switch self {
    case .formatted(let code):
      members.member("status", "ok")
      members.member("code", code)
    case .refused(let line, let reason):
      members.member("status", "refused")
      members.member("line", line)
      members.member("reason", reason)
    }
  }
}
