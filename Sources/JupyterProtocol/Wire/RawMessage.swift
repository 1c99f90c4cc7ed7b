/// The frames of a message, told apart but not read.
///
/// Source: Jupyter's messaging protocol, "The wire protocol":
/// `[identities…, <IDS|MSG>, signature, header, parent_header, metadata, content, buffers…]`.
package struct RawMessage: Sendable, Equatable {
  package static let delimiter = Array("<IDS|MSG>".utf8)

  /// ROUTER's routing identities, or the topic of a broadcast.
  package var identities: [[UInt8]]
  /// HMAC of the four JSON frames in hexadecimal; empty when messages are not signed.
  package var signature: [UInt8]
  package var header: [UInt8]
  package var parentHeader: [UInt8]
  package var metadata: [UInt8]
  package var content: [UInt8]
  package var buffers: [[UInt8]]

  package init(
    identities: [[UInt8]], signature: [UInt8] = [], header: [UInt8], parentHeader: [UInt8],
    metadata: [UInt8], content: [UInt8], buffers: [[UInt8]] = []
  ) {
    self.identities = identities
    self.signature = signature
    self.header = header
    self.parentHeader = parentHeader
    self.metadata = metadata
    self.content = content
    self.buffers = buffers
  }

  /// Tells the frames of a multipart message apart.
  ///
  /// Throws: `WireError` when the delimiter or one of the five frames after it is missing.
  package init(frames: [[UInt8]]) throws(WireError) {
    guard let delimiter = frames.firstIndex(of: Self.delimiter) else {
      throw WireError.noDelimiter
    }
    let rest = frames[(delimiter + 1)...]
    guard rest.count >= 5 else { throw WireError.tooFewFrames(rest.count) }
    let first = rest.startIndex
    self.init(
      identities: Array(frames[..<delimiter]), signature: rest[first], header: rest[first + 1],
      parentHeader: rest[first + 2], metadata: rest[first + 3], content: rest[first + 4],
      buffers: Array(rest[(first + 5)...]))
  }

  /// The multipart message.
  package var frames: [[UInt8]] {
    identities + [Self.delimiter, signature, header, parentHeader, metadata, content] + buffers
  }
}
