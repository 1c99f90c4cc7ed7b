import JSONText

/// A message that came in: its frames read, its content not yet understood.
package struct ReceivedMessage: Sendable {
  package let identities: [[UInt8]]
  package let header: MessageHeader
  /// The message that this one answers, and the subshell of that.
  package let parentID: String?
  package let parentSubshellID: String?
  package let metadata: JSONObject
  package let content: JSONObject
  /// Whether the content is what it should be: a JSON object.
  package let hasObject: Bool
  package let buffers: [[UInt8]]

  /// Reads the JSON frames of a message that has been verified. Without a header nobody can be answered; other
  /// frames that are no objects are taken for empty ones.
  ///
  /// Throws: `WireError.malformed` or `headerWithout`.
  package init(_ raw: RawMessage) throws(WireError) {
    identities = raw.identities
    header = try MessageHeader(frame: raw.header)
    let parent = (try? readObject(raw.parentHeader, part: .parentHeader)) ?? [:]
    parentID = parent["msg_id"]?.stringValue
    parentSubshellID = parent["subshell_id"]?.stringValue
    metadata = (try? readObject(raw.metadata, part: .metadata)) ?? [:]
    let object = try? readObject(raw.content, part: .content)
    content = object ?? [:]
    hasObject = object != nil
    buffers = raw.buffers
  }
}
