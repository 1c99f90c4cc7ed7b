import CZeroMQ
import Display
import Glibc
import JSONText
import JupyterProtocol
import KernelServer
import Language
import Logging
import Testing

/// A kernel on real sockets, in this process, and a client of it.
final class KernelOnSockets {
  let connection: ConnectionFile
  private let server: SocketServer
  private let thread: PlainThread
  private let context: ZeroMQContext
  private let authenticator: MessageAuthenticator
  private(set) var sockets: [ConnectionFile.Channel: ZeroMQSocket] = [:]
  private var count = 0

  /// `curve` are the server's keys; the client makes its own.
  init(
    transport: ConnectionFile.Transport = .tcp, curve: ConnectionFile.CurveKeys? = nil,
    language: any KernelLanguage = ScriptedLanguage()
  ) throws {
    let ip: String
    var ports: [ConnectionFile.Channel: Int] = [:]
    switch transport {
    case .tcp:
      ip = "127.0.0.1"
      ports = try Self.freePorts()
    case .ipc:
      ip = "/tmp/nabla-test-\(getpid())-\(UInt32.random(in: 0 ... .max))"
      for (index, channel) in ConnectionFile.Channel.allCases.enumerated() {
        ports[channel] = index + 1
      }
    }
    connection = ConnectionFile(
      transport: transport, ip: ip, ports: ports, key: Array("key".utf8), curve: curve)
    let server = try SocketServer(
      connection, language: language,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
      makeHistory: { MemoryHistory() })
    self.server = server
    thread = PlainThread(name: "server") { server.run() }
    context = try ZeroMQContext()
    authenticator = MessageAuthenticator(key: connection.key)
    for channel in ConnectionFile.Channel.allCases { sockets[channel] = try connect(channel) }
  }

  func connect(_ channel: ConnectionFile.Channel, identity: String = "me") throws -> ZeroMQSocket {
    let socket = try ZeroMQSocket(channel == .iopub ? .subscriber : .dealer, in: context)
    if channel == .iopub {
      try socket.set(ZMQ_SUBSCRIBE, "")
    } else {
      try socket.set(ZMQ_ROUTING_ID, identity)
    }
    if let curve = connection.curve {
      var publicKey = [CChar](repeating: 0, count: 41)
      var secretKey = [CChar](repeating: 0, count: 41)
      zmq_curve_keypair(&publicKey, &secretKey)
      try socket.set(ZMQ_CURVE_SERVERKEY, curve.publicKey)
      try socket.set(ZMQ_CURVE_PUBLICKEY, Self.text(publicKey))
      try socket.set(ZMQ_CURVE_SECRETKEY, Self.text(secretKey))
    }
    try socket.connect(connection.endpoint(of: channel))
    return socket
  }

  static func text(_ key: [CChar]) -> String {
    String(decoding: key.prefix(40).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Ports that nobody listens on, below those that the system gives to connections by itself.
  private static func freePorts() throws -> [ConnectionFile.Channel: Int] {
    var ports: [ConnectionFile.Channel: Int] = [:]
    for channel in ConnectionFile.Channel.allCases {
      ports[channel] = (0..<1_000).lazy.map { _ in Int.random(in: 20_000..<32_000) }
        .first { !ports.values.contains($0) && isFree($0) }
    }
    guard ports.count == 5 else { throw Missing() }
    return ports
  }

  private static func isFree(_ port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    address.sin_port = UInt16(port).bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        bind(descriptor, generic, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }

  /// Sends a signed request; returns its identity.
  @discardableResult
  func send(
    _ type: String, _ content: JSONObject = [:], on channel: ConnectionFile.Channel = .shell,
    buffers: [[UInt8]] = []
  ) throws -> String {
    count += 1
    let id = "m\(count)"
    let header: JSONValue = [
      "msg_id": .string(id), "session": "s", "username": "u", "version": "5.3",
      "msg_type": .string(type), "date": .string(Timestamp.now.iso8601),
    ]
    var raw = RawMessage(
      identities: [], header: header.encoded, parentHeader: Array("{}".utf8),
      metadata: Array("{}".utf8), content: JSONValue.object(content).encoded,
      buffers: buffers)
    authenticator.sign(&raw)
    try sockets[channel]?.send(raw.frames)
    return id
  }

  /// The next message of a channel, verified.
  func receive(_ channel: ConnectionFile.Channel, seconds: Int = 10) throws -> SentMessage {
    let frames = try receiveFrames(channel, seconds: seconds)
    let raw = try RawMessage(frames: frames)
    try authenticator.verify(raw)
    let header = try JSONParser.parse(raw.header)
    return SentMessage(
      channel: channel.rawValue, type: header["msg_type"]?.stringValue ?? "?",
      parentID: try JSONParser.parse(raw.parentHeader)["msg_id"]?.stringValue,
      identities: raw.identities, content: try JSONParser.parse(raw.content),
      metadata: try JSONParser.parse(raw.metadata), buffers: raw.buffers)
  }

  func receiveFrames(_ channel: ConnectionFile.Channel, seconds: Int = 10) throws -> [[UInt8]] {
    let deadline = Monotonic.now + .seconds(seconds)
    while Monotonic.now < deadline {
      if let frames = try sockets[channel]?.receive() { return frames }
      sockets[channel]?.wait(until: deadline)
    }
    throw Missing()
  }

  /// What IOPub says of a request, up to its idle.
  func broadcasts(of id: String) throws -> [SentMessage] {
    var messages: [SentMessage] = []
    while messages.last?.summary != "idle" {
      let message = try receive(.iopub)
      if message.parentID == id { messages.append(message) }
    }
    return messages
  }

  func interrupt() { server.interrupt() }

  /// Waits until the server has ended.
  func waitForEnd() -> Bool { thread.join(milliseconds: 5_000) }

  deinit {
    server.stop()
    thread.join(milliseconds: 5_000)
    for socket in sockets.values {
      // What has not been delivered to a kernel that is gone never will be.
      try? socket.set(ZMQ_LINGER, 0)
      socket.close()
    }
    context.terminate()
  }

  struct Missing: Error {}
}

@Suite("Over sockets", .serialized)
struct SocketTests {
  @Test(
    "a fresh client gets its welcome and its first cell's whole output",
    arguments: [
      ConnectionFile.Transport.tcp, .ipc,
    ])
  func firstCell(transport: ConnectionFile.Transport) throws {
    let kernel = try KernelOnSockets(transport: transport)
    let id = try kernel.send("execute_request", ["code": "print a\nresult 2"])
    let welcome = try kernel.receive(.iopub)
    #expect(welcome.type == "iopub_welcome")
    #expect(welcome.content == ["subscription": ""])
    #expect(welcome.parentID == nil)
    #expect(
      try kernel.broadcasts(of: id).map(\.summary) == [
        "busy", "execute_input", "stdout: a\n", "execute_result", "idle",
      ])
    let reply = try kernel.receive(.shell)
    #expect(reply.summary == "execute_reply ok")
    #expect(reply.parentID == id)
  }

  @Test("a second subscriber is welcomed as well")
  func secondSubscriber() throws {
    let kernel = try KernelOnSockets()
    #expect(try kernel.receive(.iopub).type == "iopub_welcome")
    let second = try kernel.connect(.iopub)
    defer { second.close() }
    second.wait(until: Monotonic.now + .seconds(5))
    let frames = try #require(try second.receive())
    #expect(try JSONParser.parse(RawMessage(frames: frames).header)["msg_type"] == "iopub_welcome")
  }

  @Test("control answers while a cell runs, and interrupts it")
  func control() throws {
    let kernel = try KernelOnSockets()
    let cell = try kernel.send("execute_request", ["code": "spin"])
    while try kernel.receive(.iopub).parentID != cell {}
    try kernel.send("kernel_info_request", on: .control)
    #expect(try kernel.receive(.control).summary == "kernel_info_reply ok")
    try kernel.send("kernel_info_request")
    #expect(try kernel.receive(.shell).summary == "kernel_info_reply ok")
    try kernel.send("complete_request", ["code": "s", "cursor_pos": 1])
    #expect(try kernel.receive(.shell).summary == "complete_reply ok")
    try kernel.send("interrupt_request", on: .control)
    #expect(try kernel.receive(.control).summary == "interrupt_reply ok")
    #expect(try kernel.receive(.shell).summary == "execute_reply error InterruptError")
  }

  @Test("a line is asked for and answered on stdin")
  func input() throws {
    let kernel = try KernelOnSockets()
    let cell = try kernel.send("execute_request", ["code": "input name?", "allow_stdin": true])
    let request = try kernel.receive(.stdin)
    #expect(request.content["prompt"] == "name?")
    try kernel.send("input_reply", ["value": "Ada"], on: .stdin)
    let result = try kernel.broadcasts(of: cell).first { $0.type == "execute_result" }
    #expect(result?.content["data"] == ["text/plain": "Ada"])
  }

  @Test("a cell's comm is answered by the client, with bytes both ways, and outlives the sockets")
  func comm() throws {
    let language = ScriptedLanguage()
    do {
      let kernel = try KernelOnSockets(language: language)
      _ = try kernel.receive(.iopub)
      let opened = try kernel.broadcasts(
        of: kernel.send("execute_request", ["code": "open a\ncomm slider"]))
      let open = try #require(opened.first { $0.type == "comm_open" })
      #expect(open.buffers == [[1, 2], []] && open.metadata == ["version": "2.1.0"])
      let comm = try #require(open.content["comm_id"])
      let bytes = (0..<(1 << 16)).map { UInt8(truncatingIfNeeded: $0) }
      let message = try kernel.send(
        "comm_msg", ["comm_id": comm, "data": ["x": 1]], buffers: [bytes, [3]])
      let answer = try kernel.broadcasts(of: message)
      #expect(answer.map(\.summary) == ["busy", "comm_msg", "idle"])
      #expect(answer[1].buffers == [[3], bytes])
      let change = try kernel.send("comm_msg", ["comm_id": comm, "data": ["run": "change b"]])
      #expect(
        try kernel.broadcasts(of: change).map(\.summary)
          == ["busy", "update_display_data", "idle"])
      // From this thread, with no cell running.
      language.live.comm?.send(CommContent(["y": 2]))
      #expect(try kernel.receive(.iopub).content["data"] == ["y": 2])
    }
    language.live.comm?.send(CommContent(["y": 3]))
    language.live.display?.update(MIMEBundle(plain: "c"))
  }

  @Test("the heart beats")
  func heartbeat() throws {
    let kernel = try KernelOnSockets()
    try kernel.sockets[.heartbeat]?.send([Array("ping".utf8)])
    #expect(try kernel.receiveFrames(.heartbeat) == [Array("ping".utf8)])
  }

  @Test("a hundred thousand lines arrive whole and in order")
  func flood() throws {
    let kernel = try KernelOnSockets()
    let id = try kernel.send("execute_request", ["code": "flood 100000"])
    let text = try kernel.broadcasts(of: id).compactMap { $0.content["text"]?.stringValue }.joined()
    let isWhole = text.split(separator: "\n").elementsEqual((0..<100_000).lazy.map(String.init)) {
      $0 == $1
    }
    #expect(isWhole)
  }

  @Test("stdout and stderr keep their order")
  func alternating() throws {
    let kernel = try KernelOnSockets()
    let id = try kernel.send("execute_request", ["code": "alternate 2000"])
    let texts = try kernel.broadcasts(of: id).compactMap { $0.content["text"]?.stringValue }
    #expect(texts == (0..<2_000).map { "\($0)\n" })
  }

  @Test("what is no message leaves the kernel at work")
  func garbage() throws {
    let kernel = try KernelOnSockets()
    let shell = try #require(kernel.sockets[.shell])
    try shell.send([Array("hello".utf8)])
    try shell.send(Array(repeating: [], count: 20))
    try shell.send([[UInt8](repeating: 7, count: 10_000_000)])
    try shell.send([RawMessage.delimiter] + Array(repeating: Array("{}".utf8), count: 5))
    try kernel.sockets[.stdin]?.send([[1]])
    try kernel.sockets[.control]?.send([[1]])
    try kernel.send("execute_request", ["code": "result 1"])
    #expect(try kernel.receive(.shell).summary == "execute_reply ok")
  }

  @Test("a shutdown is answered, then the sockets are free again")
  func shutdown() throws {
    let kernel = try KernelOnSockets()
    let began = Monotonic.now
    try kernel.send("shutdown_request", ["restart": true], on: .control)
    #expect(try kernel.receive(.control).content == ["status": "ok", "restart": true])
    #expect(kernel.waitForEnd())
    #expect(Monotonic.now - began < .seconds(1))
    let context = try ZeroMQContext()
    for channel in ConnectionFile.Channel.allCases {
      let socket = try ZeroMQSocket(.router, in: context)
      defer { socket.close() }
      try socket.bind(kernel.connection.endpoint(of: channel))
    }
    context.terminate()
  }

  @Test("all five sockets can be encrypted", arguments: [ConnectionFile.Transport.tcp, .ipc])
  func curve(transport: ConnectionFile.Transport) throws {
    var publicKey = [CChar](repeating: 0, count: 41)
    var secretKey = [CChar](repeating: 0, count: 41)
    zmq_curve_keypair(&publicKey, &secretKey)
    let kernel = try KernelOnSockets(
      transport: transport,
      curve: .init(
        publicKey: KernelOnSockets.text(publicKey), secretKey: KernelOnSockets.text(secretKey)))
    #expect(try kernel.receive(.iopub).type == "iopub_welcome")
    let cell = try kernel.send("execute_request", ["code": "input a", "allow_stdin": true])
    #expect(try kernel.receive(.stdin).type == "input_request")
    try kernel.send("input_reply", ["value": "b"], on: .stdin)
    #expect(try kernel.broadcasts(of: cell).map(\.summary).contains("execute_result"))
    #expect(try kernel.receive(.shell).summary == "execute_reply ok")
    try kernel.send("kernel_info_request", on: .control)
    #expect(try kernel.receive(.control).summary == "kernel_info_reply ok")
    try kernel.sockets[.heartbeat]?.send([[1]])
    #expect(try kernel.receiveFrames(.heartbeat) == [[1]])
  }
}
