import JSONText

/// Asks the kernel to end; `restart` when another one is to take its place.
package struct ShutdownRequest: Sendable {
  package var restart: Bool

  /// Who asks for an end is to get it, however the rest is put.
  init(_ reader: ContentReader) { restart = (try? reader.flag("restart", default: false)) ?? false }
}

package struct ShutdownReply: MessageContent {
  package var restart: Bool

  package init(restart: Bool) { self.restart = restart }

  package var messageType: MessageType { .shutdownReply }

  package func write(to members: inout JSONWriter) {
    members.member("status", "ok")
    members.member("restart", restart)
  }
}
