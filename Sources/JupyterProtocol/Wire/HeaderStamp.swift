import JSONText

/// Makes the headers of one thread's messages.
package struct HeaderStamp {
  /// The version of Jupyter's messaging protocol that the kernel speaks.
  package static let protocolVersion = "5.5"

  private let session: String
  private let prefix: String
  private var count = 0

  /// `session` is the kernel's, shared by its threads; `thread` keeps their message identities apart.
  package init(session: String, thread: String) {
    self.session = session
    prefix = "\(session)_\(thread)_"
  }

  /// A header with a new message identity and the present time.
  package mutating func header(for type: MessageType) -> [UInt8] {
    count += 1
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("msg_id", prefix + String(count))
      writer.member("session", session)
      writer.member("username", "nabla")
      writer.member("date", Timestamp.now.iso8601)
      writer.member("msg_type", type.rawValue)
      writer.member("version", Self.protocolVersion)
    }
    return writer.finish()
  }
}
