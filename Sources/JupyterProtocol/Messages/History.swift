import JSONText

/// Asks for earlier inputs.
package struct HistoryRequest: Sendable {
  package enum Access: Sendable, Equatable {
    /// The last `count` inputs of all sessions.
    case tail(count: Int)
    /// The inputs numbered `start..<stop` of one session: 0 is the present one, −1 the one before.
    case range(session: Int, start: Int, stop: Int?)
    /// The last `count` inputs that match a pattern with `*` and `?`.
    case search(pattern: String, count: Int?, unique: Bool)
  }

  package var access: Access
  /// Whether each input comes with its output.
  package var includesOutput: Bool

  init(_ reader: ContentReader) throws(ContentError) {
    includesOutput = try reader.flag("output", default: false)
    let count = try reader.integer("n", default: -1)
    switch try reader.text("hist_access_type", default: "tail") {
    case "tail": access = .tail(count: count < 0 ? 10 : count)
    case "range":
      let stop = try reader.integer("stop", default: .max)
      access = .range(
        session: try reader.integer("session", default: 0),
        start: try reader.integer("start", default: 0), stop: stop == .max ? nil : stop)
    case "search":
      access = .search(
        pattern: try reader.text("pattern", default: "*"), count: count < 0 ? nil : count,
        unique: try reader.flag("unique", default: false))
    case let other:
      throw ContentError(message: "\"\(other)\" is no hist_access_type: tail, range or search")
    }
  }
}

/// One input that ran.
package struct HistoryEntry: Sendable, Equatable {
  /// The number of the session, from 1.
  package var session: Int
  /// Its execution count.
  package var line: Int
  package var input: String
  /// The plain text of its result, if it had one.
  package var output: String?

  package init(session: Int, line: Int, input: String, output: String?) {
    self.session = session
    self.line = line
    self.input = input
    self.output = output
  }
}

package struct HistoryReply: MessageContent {
  package var entries: [HistoryEntry]
  package var includesOutput: Bool

  package init(_ entries: [HistoryEntry], includesOutput: Bool) {
    self.entries = entries
    self.includesOutput = includesOutput
  }

  package var messageType: MessageType { .historyReply }

  package func write(to members: inout JSONWriter) {
    members.member("status", "ok")
    members.array("history") { items in
      for entry in entries {
        items.array { parts in
          parts.write(entry.session)
          parts.write(entry.line)
          guard includesOutput else { return parts.write(entry.input) }
          parts.array { pair in
            pair.write(entry.input)
            pair.write(entry.output.map(JSONValue.string) ?? .null)
          }
        }
      }
    }
  }
}
