import JSONText

/// The ports on which the kernel listens, for a client that knows one of them.
///
/// Source: Jupyter's messaging protocol, "Connect", deprecated there but still asked.
package struct ConnectReply: MessageContent {
  package var ports: [ConnectionFile.Channel: Int]

  package init(ports: [ConnectionFile.Channel: Int]) { self.ports = ports }

  package var messageType: MessageType { .connectReply }

  package func write(to members: inout JSONWriter) {
    members.member("status", "ok")
    for channel in ConnectionFile.Channel.allCases {
      members.name("\(channel.rawValue)_port")
      members.write(ports[channel] ?? 0)
    }
  }
}
