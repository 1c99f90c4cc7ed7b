import JSONText

/// Where the kernel listens and by which key messages are signed: what the front end wrote down for it.
///
/// Source: jupyter_client, "Making kernels for Jupyter", connection files.
package struct ConnectionFile: Sendable, Equatable {
  package enum Transport: String, Sendable { case tcp, ipc }

  /// The kernel's five sockets.
  package enum Channel: String, Sendable, CaseIterable {
    case shell, control, iopub, stdin
    case heartbeat = "hb"
  }

  package var transport: Transport
  /// A network address, or for `ipc` the beginning of a file name.
  package var ip: String
  package var ports: [Channel: Int]
  /// Empty when messages are not signed.
  package var key: [UInt8]
  /// The server's key pair for CurveZMQ in Z85, where the connection is to be encrypted.
  package var curve: CurveKeys?

  package struct CurveKeys: Sendable, Equatable {
    package var publicKey: String
    package var secretKey: String

    package init(publicKey: String, secretKey: String) {
      self.publicKey = publicKey
      self.secretKey = secretKey
    }
  }

  package init(
    transport: Transport, ip: String, ports: [Channel: Int], key: [UInt8], curve: CurveKeys? = nil
  ) {
    self.transport = transport
    self.ip = ip
    self.ports = ports
    self.key = key
    self.curve = curve
  }

  /// Reads the text of a connection file.
  ///
  /// Throws: `ConnectionFileError` when it is no JSON object, a member is missing or of the wrong kind, or
  /// it asks for a transport or a signature scheme other than `tcp`, `ipc` and `hmac-sha256`.
  package init(json: [UInt8]) throws(ConnectionFileError) {
    guard let members = (try? JSONParser.parse(json))?.objectValue else {
      throw ConnectionFileError(message: "it is no JSON object")
    }
    let name = members["transport"]?.stringValue ?? "tcp"
    guard let transport = Transport(rawValue: name) else {
      throw ConnectionFileError(message: "the transport \"\(name)\" is neither tcp nor ipc")
    }
    var ports: [Channel: Int] = [:]
    for channel in Channel.allCases {
      let name = "\(channel.rawValue)_port"
      guard let port = members[name]?.integerValue, (1...65_535).contains(port) else {
        throw ConnectionFileError(message: "\(name) must be a number from 1 to 65535")
      }
      ports[channel] = port
    }
    let key = Array((members["key"]?.stringValue ?? "").utf8)
    let scheme = members["signature_scheme"]?.stringValue ?? "hmac-sha256"
    guard key.isEmpty || scheme == "hmac-sha256" else {
      throw ConnectionFileError(message: "the signature scheme \"\(scheme)\" is not hmac-sha256")
    }
    self.init(
      transport: transport, ip: members["ip"]?.stringValue ?? "127.0.0.1", ports: ports, key: key,
      curve: try Self.curveKeys(in: members))
  }

  private static func curveKeys(in members: JSONObject) throws(ConnectionFileError) -> CurveKeys? {
    switch (members["curve_publickey"], members["curve_secretkey"]) {
    case (nil, nil), (.null?, .null?): return nil
    case (.string(let publicKey)?, .string(let secretKey)?):
      guard publicKey.utf8.count == 40, secretKey.utf8.count == 40 else {
        throw ConnectionFileError(message: "curve keys must have 40 characters (Z85)")
      }
      return CurveKeys(publicKey: publicKey, secretKey: secretKey)
    default:
      throw ConnectionFileError(
        message: "curve_publickey and curve_secretkey must both be given as texts")
    }
  }

  /// The address to bind, as ZeroMQ writes it.
  package func endpoint(of channel: Channel) -> String {
    let port = ports[channel] ?? 0
    switch transport {
    case .tcp: return "tcp://\(ip.contains(":") ? "[\(ip)]" : ip):\(port)"
    case .ipc: return "ipc://\(ip)-\(port)"
    }
  }
}

/// Why a connection file cannot be used.
package struct ConnectionFileError: Error, Sendable, Equatable, CustomStringConvertible {
  package let message: String

  package var description: String { "the connection file cannot be used: \(message)" }
}
