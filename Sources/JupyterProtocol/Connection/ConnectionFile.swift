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
  package var scheme: SignatureScheme
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
    transport: Transport, ip: String, ports: [Channel: Int], key: [UInt8],
    scheme: SignatureScheme = .sha256, curve: CurveKeys? = nil
  ) {
    self.transport = transport
    self.ip = ip
    self.ports = ports
    self.key = key
    self.scheme = scheme
    self.curve = curve
  }

  /// Reads the text of a connection file.
  ///
  /// Throws: `ConnectionFileError` when it is no JSON object, a member is missing or of the wrong kind, or
  /// it asks for a transport other than `tcp` and `ipc`, or for an unknown signature scheme.
  package init(json: [UInt8]) throws(ConnectionFileError) {
    try self.init(ConnectionMembers(json: json))
  }

  init(_ members: ConnectionMembers) throws(ConnectionFileError) {
    var ports: [Channel: Int] = [:]
    for channel in Channel.allCases {
      ports[channel] = try members.port("\(channel.rawValue)_port")
    }
    self.init(
      transport: try members.transport, ip: members.text("ip") ?? "127.0.0.1", ports: ports,
      key: try members.key, scheme: try members.scheme, curve: try members.curveKeys)
  }

  /// The text of the file, for clients that join later.
  package var json: [UInt8] {
    var members: JSONObject = [
      "transport": .string(transport.rawValue), "ip": .string(ip),
      "key": .string(String(decoding: key, as: UTF8.self)),
      "signature_scheme": .string(scheme.rawValue),
      "kernel_name": "nabla",
    ]
    for channel in Channel.allCases {
      members["\(channel.rawValue)_port"] = .integer(ports[channel] ?? 0)
    }
    if let curve {
      members["curve_publickey"] = .string(curve.publicKey)
      members["curve_secretkey"] = .string(curve.secretKey)
    }
    return JSONValue.object(members).encoded
  }

  /// The address to bind, as ZeroMQ writes it.
  package func endpoint(of channel: Channel) -> String {
    transport.endpoint(ip, ports[channel] ?? 0)
  }
}

extension ConnectionFile.Transport {
  /// An address as ZeroMQ writes it. Port 0 of `tcp` is any free one.
  func endpoint(_ ip: String, _ port: Int) -> String {
    switch self {
    case .tcp:
      "tcp://\(ip.contains(":") ? "[\(ip)]" : ip):\(port == 0 ? "*" : String(port))"
    case .ipc: "ipc://\(ip)-\(port)"
    }
  }
}

/// The members that connection and registration files have in common.
struct ConnectionMembers {
  private let members: JSONObject

  init(json: [UInt8]) throws(ConnectionFileError) {
    guard let members = (try? JSONParser.parse(json))?.objectValue else {
      throw ConnectionFileError(message: "it is no JSON object")
    }
    self.members = members
  }

  func has(_ name: String) -> Bool { members[name] != nil }

  func text(_ name: String) -> String? { members[name]?.stringValue }

  var transport: ConnectionFile.Transport {
    get throws(ConnectionFileError) {
      let name = text("transport") ?? "tcp"
      guard let transport = ConnectionFile.Transport(rawValue: name) else {
        throw ConnectionFileError(message: "the transport \"\(name)\" is neither tcp nor ipc")
      }
      return transport
    }
  }

  func port(_ name: String) throws(ConnectionFileError) -> Int {
    let value = members[name]
    guard let port = value?.integerValue ?? value?.stringValue.flatMap(Int.init),
      (1...65_535).contains(port)
    else { throw ConnectionFileError(message: "\(name) must be a number from 1 to 65535") }
    return port
  }

  var key: [UInt8] {
    get throws(ConnectionFileError) {
      switch members["key"] {
      case nil, .null?: return []
      case .string(let text)?: return Array(text.utf8)
      // Taken for no key, it would let everybody in.
      default: throw ConnectionFileError(message: "key must be a text")
      }
    }
  }

  /// The scheme that messages are signed by; without a key none is needed.
  var scheme: SignatureScheme {
    get throws(ConnectionFileError) {
      guard let name = text("signature_scheme"), try !key.isEmpty else { return .sha256 }
      guard let scheme = SignatureScheme(rawValue: name) else {
        let known = SignatureScheme.allCases.map(\.rawValue).joined(separator: ", ")
        throw ConnectionFileError(message: "the signature scheme \"\(name)\" is none of \(known)")
      }
      return scheme
    }
  }

  var curveKeys: ConnectionFile.CurveKeys? {
    get throws(ConnectionFileError) {
      switch (members["curve_publickey"], members["curve_secretkey"]) {
      case (nil, nil), (.null?, .null?): return nil
      case (.string(let publicKey)?, .string(let secretKey)?):
        guard publicKey.utf8.count == 40, secretKey.utf8.count == 40 else {
          throw ConnectionFileError(message: "curve keys must have 40 characters (Z85)")
        }
        return .init(publicKey: publicKey, secretKey: secretKey)
      default:
        throw ConnectionFileError(
          message: "curve_publickey and curve_secretkey must both be given as texts")
      }
    }
  }
}

/// Why a connection file cannot be used.
package struct ConnectionFileError: Error, Sendable, Equatable, CustomStringConvertible {
  package let message: String

  package var description: String { "the connection file cannot be used: \(message)" }
}
