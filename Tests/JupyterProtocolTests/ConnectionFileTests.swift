import JSONText
import JupyterProtocol
import Testing

@Suite("Connection files")
struct ConnectionFileTests {
  private static let members: JSONObject = [
    "transport": "tcp", "ip": "127.0.0.1", "shell_port": 1001, "control_port": 1002,
    "iopub_port": 1003, "stdin_port": 1004, "hb_port": 1005, "key": "k",
    "signature_scheme": "hmac-sha256", "kernel_name": "nabla",
  ]

  private func file(_ changes: JSONObject = [:]) throws -> ConnectionFile {
    var members = Self.members
    for member in changes.members { members[member.name] = member.value }
    return try ConnectionFile(json: JSONValue.object(members).encoded)
  }

  @Test("addresses are ZeroMQ's")
  func endpoints() throws {
    #expect(try file().endpoint(of: .shell) == "tcp://127.0.0.1:1001")
    #expect(try file().endpoint(of: .heartbeat) == "tcp://127.0.0.1:1005")
    #expect(try file(["ip": "0.0.0.0"]).endpoint(of: .iopub) == "tcp://0.0.0.0:1003")
    #expect(try file(["ip": "::1"]).endpoint(of: .stdin) == "tcp://[::1]:1004")
    let ipc = try file(["transport": "ipc", "ip": "/tmp/kernel-ipc"])
    #expect(ipc.endpoint(of: .control) == "ipc:///tmp/kernel-ipc-1002")
  }

  @Test("keys are read")
  func keys() throws {
    #expect(try file().key == [UInt8(ascii: "k")])
    #expect(try file(["key": ""]).key.isEmpty)
    #expect(try file(["key": "", "signature_scheme": ""]).key.isEmpty)
    #expect(try file().curve == nil)
    #expect(try file().scheme == .sha256)
    #expect(try file(["signature_scheme": "hmac-sha512"]).scheme == .sha512)
    let publicKey = String(repeating: "p", count: 40)
    let secretKey = String(repeating: "s", count: 40)
    let curve = try file([
      "curve_publickey": .string(publicKey), "curve_secretkey": .string(secretKey),
    ])
    #expect(curve.curve == .init(publicKey: publicKey, secretKey: secretKey))
  }

  static let spoilt: [JSONObject] = [
    ["transport": "udp"], ["shell_port": "x"], ["hb_port": 0], ["iopub_port": 70_000],
    ["control_port": .null], ["signature_scheme": "hmac-sha7"], ["signature_scheme": "sha256"],
    ["curve_publickey": "short"],
    ["curve_publickey": "short", "curve_secretkey": "short"],
  ]

  @Test("what cannot be used is refused with a reason", arguments: spoilt)
  func refusals(changes: JSONObject) {
    #expect(throws: ConnectionFileError.self) { try file(changes) }
    #expect(throws: ConnectionFileError.self) { try ConnectionFile(json: Array("[]".utf8)) }
  }
}
