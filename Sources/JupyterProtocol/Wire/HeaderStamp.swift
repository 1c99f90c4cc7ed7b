/// Makes the headers of one thread's messages.
///
/// Written byte by byte, for every message needs one: between its fixed parts stand a number, the date and
/// the type.
package struct HeaderStamp {
  /// The version of Jupyter's messaging protocol that the kernel speaks.
  package static let protocolVersion = "5.5"

  /// Up to the number in the message identity.
  private let beginning: [UInt8]
  /// From there to the date.
  private let middle: [UInt8]
  private var count = 0

  /// `session` is the kernel's, shared by its threads; `thread` keeps their message identities apart.
  /// Both must need no escapes in JSON.
  package init(session: String, thread: String) {
    beginning = Self.start + Array("\(session)_\(thread)_".utf8)
    middle = Array("\",\"session\":\"\(session)\",\"username\":\"nabla\",\"date\":\"".utf8)
  }

  private static let start = Array("{\"msg_id\":\"".utf8)
  private static let beforeType = Array("\",\"msg_type\":\"".utf8)
  private static let end = Array("\",\"version\":\"\(protocolVersion)\"}".utf8)

  /// A header with the present time and a new message identity, or one that was chosen, which must need no
  /// escapes in JSON.
  package mutating func header(for type: MessageType, messageID: String? = nil) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(256)
    if let messageID {
      bytes += Self.start
      bytes.append(contentsOf: messageID.utf8)
    } else {
      count += 1
      bytes += beginning
      bytes.append(contentsOf: String(count).utf8)
    }
    bytes += middle
    Timestamp.now.appendISO8601(to: &bytes)
    bytes += Self.beforeType
    bytes.append(contentsOf: type.rawValue.utf8)
    bytes += Self.end
    return bytes
  }
}
