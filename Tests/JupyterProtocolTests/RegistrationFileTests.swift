import JSONText
import JupyterProtocol
import Testing

@Suite("Registration files")
struct RegistrationFileTests {
  private static let members: JSONObject = [
    "kernel_id": "k-1", "transport": "tcp", "registration_ip": "127.0.0.1",
    "registration_port": 5000, "key": "secret", "signature_scheme": "hmac-sha256",
  ]

  private func file(_ changes: JSONObject = [:]) throws -> StartupFile {
    var members = Self.members
    for member in changes.members { members[member.name] = member.value }
    return try StartupFile(json: JSONValue.object(members).encoded)
  }

  private func registration(_ changes: JSONObject = [:]) throws -> RegistrationFile {
    let file = try file(changes)
    let registration: RegistrationFile? =
      if case .registration(let file) = file { file } else { nil }
    return try #require(registration)
  }

  @Test("a startup file with a registration port is one, another is a connection file")
  func kinds() throws {
    #expect(
      try registration()
        == RegistrationFile(
          kernelID: "k-1", transport: .tcp, ip: "127.0.0.1", port: 5000,
          key: Array("secret".utf8)))
    #expect(try registration().endpoint == "tcp://127.0.0.1:5000")
    #expect(try registration(["registration_port": "5000"]).port == 5000)
    let ipc = try registration(["transport": "ipc", "registration_ip": "/tmp/reg"])
    #expect(ipc.endpoint == "ipc:///tmp/reg-5000")
    #expect(try registration().connection.endpoint(of: .shell) == "tcp://127.0.0.1:*")
    let connection: JSONObject = [
      "shell_port": 1, "control_port": 2, "iopub_port": 3, "stdin_port": 4, "hb_port": 5,
    ]
    guard case .connection = try StartupFile(json: JSONValue.object(connection).encoded) else {
      Issue.record("no connection file")
      return
    }
  }

  @Test(
    "what cannot be used is refused with a reason",
    arguments: [
      ["kernel_id": 7], ["kernel_id": ""], ["registration_port": 0], ["transport": "udp"],
      ["signature_scheme": "md5"], ["curve_publickey": "x"],
    ] as [JSONObject])
  func refusals(changes: JSONObject) {
    #expect(throws: ConnectionFileError.self) { try file(changes) }
  }

  @Test("the registration tells the ports as texts, signed; the receipt must be signed as well")
  func messages() throws {
    let file = try registration()
    var connection = file.connection
    for (index, channel) in ConnectionFile.Channel.allCases.enumerated() {
      connection.ports[channel] = 100 + index
    }
    let authenticator = MessageAuthenticator(key: file.key)
    let frames = file.registration(of: connection, signedBy: authenticator)
    #expect(frames.count == 3 && frames[0] == RawMessage.delimiter)
    #expect(
      try JSONParser.parse(frames[2]) == [
        "kernel_id": "k-1", "shell_port": "100", "control_port": "101", "iopub_port": "102",
        "stdin_port": "103", "hb_port": "104",
      ])
    #expect(RegistrationFile.isReceipt(frames, verifiedBy: authenticator))
    let receipt = Array("ACK".utf8)
    let signature = authenticator.signature(of: receipt)
    #expect(
      RegistrationFile.isReceipt(
        [[1], RawMessage.delimiter, signature, receipt], verifiedBy: authenticator))
    for spoilt: [[UInt8]] in [
      [], [receipt], [RawMessage.delimiter], [RawMessage.delimiter, signature],
      [RawMessage.delimiter, signature, [1]], [RawMessage.delimiter, [], receipt],
      [RawMessage.delimiter, Array(signature.dropLast()), receipt],
    ] {
      #expect(!RegistrationFile.isReceipt(spoilt, verifiedBy: authenticator))
    }
    let unsigned = MessageAuthenticator(key: [])
    #expect(unsigned.signature(of: receipt).isEmpty)
    #expect(RegistrationFile.isReceipt([RawMessage.delimiter, [], receipt], verifiedBy: unsigned))
  }

  @Test("a connection file reads back what it was written from")
  func connectionFile() throws {
    var connection = try registration().connection
    for channel in ConnectionFile.Channel.allCases { connection.ports[channel] = 1_234 }
    connection.curve = .init(
      publicKey: String(repeating: "p", count: 40), secretKey: String(repeating: "s", count: 40))
    #expect(try ConnectionFile(json: connection.json) == connection)
  }
}
