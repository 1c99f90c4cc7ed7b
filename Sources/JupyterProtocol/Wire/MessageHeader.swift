import JSONText

/// The header of a message, as far as the kernel reads it.
package struct MessageHeader: Sendable {
  package let messageID: String
  /// The client's session.
  package let session: String
  package let username: String
  /// The type's name, which may be none that the kernel knows.
  package let typeName: String
  package let date: Timestamp?
  /// The subshell that is to handle a request; nil means the parent shell.
  package let subshellID: String?
  /// The whole header as JSON, for the `parent_header` of what answers it. Written again rather than
  /// passed on, so that a client's odd JSON never reaches other clients.
  package let encoded: [UInt8]

  /// Throws: `WireError` when the frame is no JSON object, or has no text `msg_id`, `msg_type` or
  /// `session`.
  package init(frame: [UInt8]) throws(WireError) {
    let members = try readObject(frame, part: .header)
    func text(_ name: String) throws(WireError) -> String {
      guard let text = members[name]?.stringValue else { throw WireError.headerWithout(name) }
      return text
    }
    messageID = try text("msg_id")
    session = try text("session")
    typeName = try text("msg_type")
    username = members["username"]?.stringValue ?? ""
    date = members["date"]?.stringValue.flatMap(Timestamp.init(iso8601:))
    // One that is no text is no subshell's, and above all not the main shell.
    subshellID =
      switch members["subshell_id"] {
      case nil, .null?: nil
      case .string(let text)?: text
      case let other?: String(decoding: other.encoded, as: UTF8.self)
      }
    encoded = JSONValue.object(members).encoded
  }
}

/// The JSON object that a frame holds.
func readObject(_ frame: [UInt8], part: WireError.Part) throws(WireError) -> JSONObject {
  guard let value = try? JSONParser.parse(frame), case .object(let members) = value else {
    throw WireError.malformed(part)
  }
  return members
}
