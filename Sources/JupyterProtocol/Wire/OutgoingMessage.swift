import JSONText

/// A message on its way out, all but its header and signature, which the thread that sends it adds.
package struct OutgoingMessage: Sendable {
  /// ROUTER's routing identities, or the topic of a broadcast.
  package let identities: [[UInt8]]
  package let type: MessageType
  /// The header of the message that caused this one, as JSON.
  package let parentHeader: [UInt8]
  package let metadata: [UInt8]
  package let content: [UInt8]
  package let buffers: [[UInt8]]
  /// The message's identity, where somebody must know it beforehand.
  package var messageID: String?

  package static let emptyObject = Array("{}".utf8)

  /// A message that answers `parent`, or nobody in particular.
  package init(
    _ content: some MessageContent, to identities: [[UInt8]], parent: MessageHeader?
  ) {
    self.init(content, to: identities, parentHeader: parent?.encoded ?? Self.emptyObject)
  }

  private init(_ content: some MessageContent, to identities: [[UInt8]], parentHeader: [UInt8]) {
    var writer = JSONWriter()
    writer.object { content.write(to: &$0) }
    self.identities = identities
    type = content.messageType
    self.parentHeader = parentHeader
    let metadata = content.metadata
    self.metadata =
      metadata.members.isEmpty ? Self.emptyObject : JSONValue.object(metadata).encoded
    self.content = writer.finish()
    buffers = content.buffers
  }

  /// A message for all clients, with its type as topic.
  package init(broadcast content: some MessageContent, parent: MessageHeader?) {
    self.init(content, to: [Array(content.messageType.rawValue.utf8)], parent: parent)
  }

  /// The same about a message of which no more than its header as JSON is at hand.
  package init(broadcast content: some MessageContent, parentHeader: [UInt8]) {
    self.init(
      content, to: [Array(content.messageType.rawValue.utf8)], parentHeader: parentHeader)
  }

  /// How many bytes it has, but for its own header.
  package var byteCount: Int {
    buffers.reduce(parentHeader.count + metadata.count + content.count) { $0 + $1.count }
  }

  /// The message with its own header, not yet signed.
  package func raw(stampedBy stamp: inout HeaderStamp) -> RawMessage {
    RawMessage(
      identities: identities, header: stamp.header(for: type, messageID: messageID),
      parentHeader: parentHeader,
      metadata: metadata, content: content, buffers: buffers)
  }
}
