import JSONText

/// Where a launcher waits to be told the ports that the kernel has found by itself.
///
/// Source: JEP 66, "Kernel handshaking pattern".
package struct RegistrationFile: Sendable, Equatable {
  package var kernelID: String
  package var transport: ConnectionFile.Transport
  /// A network address, or for `ipc` the beginning of a file name; the kernel's own sockets are there too.
  package var ip: String
  package var port: Int
  /// Empty when messages are not signed.
  package var key: [UInt8]
  package var scheme: SignatureScheme
  package var curve: ConnectionFile.CurveKeys?

  package init(
    kernelID: String, transport: ConnectionFile.Transport, ip: String, port: Int, key: [UInt8],
    scheme: SignatureScheme = .sha256, curve: ConnectionFile.CurveKeys? = nil
  ) {
    self.kernelID = kernelID
    self.transport = transport
    self.ip = ip
    self.port = port
    self.key = key
    self.scheme = scheme
    self.curve = curve
  }

  /// Throws: `ConnectionFileError` when a member is missing or of the wrong kind.
  init(_ members: ConnectionMembers) throws(ConnectionFileError) {
    guard let kernelID = members.text("kernel_id"), !kernelID.isEmpty else {
      throw ConnectionFileError(message: "kernel_id must be a text")
    }
    self.init(
      kernelID: kernelID, transport: try members.transport,
      ip: members.text("registration_ip") ?? "127.0.0.1",
      port: try members.port("registration_port"), key: try members.key,
      scheme: try members.scheme, curve: try members.curveKeys)
  }

  /// The address of the launcher's socket, as ZeroMQ writes it.
  package var endpoint: String { transport.endpoint(ip, port) }

  /// A connection file whose ports, 0, the kernel is to find.
  package var connection: ConnectionFile {
    let ports = ConnectionFile.Channel.allCases.map { ($0, 0) }
    return ConnectionFile(
      transport: transport, ip: ip, ports: Dictionary(uniqueKeysWithValues: ports), key: key,
      scheme: scheme, curve: curve)
  }

  /// What tells the launcher the ports, as frames: `[<IDS|MSG>, signature, content]`.
  package func registration(
    of connection: ConnectionFile, signedBy authenticator: MessageAuthenticator
  ) -> [[UInt8]] {
    var writer = JSONWriter()
    writer.object { members in
      members.member("kernel_id", kernelID)
      for channel in ConnectionFile.Channel.allCases {
        members.name("\(channel.rawValue)_port")
        members.write(String(connection.ports[channel] ?? 0))
      }
    }
    let content = writer.finish()
    return [RawMessage.delimiter, authenticator.signature(of: content), content]
  }

  /// Whether frames are the launcher's receipt: anything that it has signed with the key.
  package static func isReceipt(
    _ frames: [[UInt8]], verifiedBy authenticator: MessageAuthenticator
  ) -> Bool {
    guard let delimiter = frames.firstIndex(of: RawMessage.delimiter),
      frames.count > delimiter + 2
    else { return false }
    let content = Array(frames[(delimiter + 2)...].joined())
    return authenticator.isValid(frames[delimiter + 1], of: content)
  }
}

/// What a kernel is given when it starts: where to listen, or whom to tell where it listens.
package enum StartupFile: Sendable, Equatable {
  case connection(ConnectionFile)
  case registration(RegistrationFile)

  /// Throws: `ConnectionFileError` when it is no JSON object, or lacks what its kind needs.
  package init(json: [UInt8]) throws(ConnectionFileError) {
    let members = try ConnectionMembers(json: json)
    self =
      members.has("registration_port")
      ? .registration(try RegistrationFile(members)) : .connection(try ConnectionFile(members))
  }
}
