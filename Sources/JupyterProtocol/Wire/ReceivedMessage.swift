import JSONText

/// A message that came in: its frames read, its content not yet understood.
package struct ReceivedMessage: Sendable {
  package let identities: [[UInt8]]
  package let header: MessageHeader
  /// The subshell of the message that this one answers.
  package let parentSubshellID: String?
  package let metadata: JSONObject
  package let content: JSONObject
  package let buffers: [[UInt8]]

  /// Reads the JSON frames of a message that has been verified.
  ///
  /// Throws: `WireError.malformed` or `headerWithout`.
  package init(_ raw: RawMessage) throws(WireError) {
    identities = raw.identities
    header = try MessageHeader(frame: raw.header)
    parentSubshellID = try readObject(raw.parentHeader, part: .parentHeader)["subshell_id"]?
      .stringValue
    metadata = try readObject(raw.metadata, part: .metadata)
    content = try readObject(raw.content, part: .content)
    buffers = raw.buffers
  }
}
