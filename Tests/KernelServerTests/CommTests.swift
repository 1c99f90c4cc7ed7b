import JSONText
import JupyterProtocol
import KernelServer
import Language
import Testing

@Suite("Comms", .serialized)
struct CommTests {
  /// A target that sends back what it gets.
  static let echo: CommHandler = { event, comm, _ in
    if case .received(let content) = event { comm.send(content) }
  }

  @Test("a comm to an unknown target is closed at once")
  func unknownTarget() throws {
    let kernel = KernelInMemory()
    let id = kernel.send("comm_open", ["comm_id": "c1", "target_name": "nobody", "data": [:]])
    try kernel.waitForIdle(id)
    #expect(kernel.summaries(of: id) == ["busy", "comm_close", "idle"])
    #expect(kernel.messages(of: id)[1].content == ["comm_id": "c1", "data": [:]])
    let info = kernel.send("comm_info_request")
    #expect(try kernel.reply(of: info)["comms"] == [:])
  }

  @Test("a front end that asks for the widgets' states is told that there are none")
  func widgetControl() throws {
    let kernel = KernelInMemory()
    let open = kernel.send(
      "comm_open", ["comm_id": "w", "target_name": "jupyter.widget.control", "data": [:]])
    try kernel.waitForIdle(open)
    #expect(kernel.summaries(of: open) == ["busy", "idle"])
    let request = kernel.send(
      "comm_msg", ["comm_id": "w", "data": ["method": "request_states"]])
    try kernel.waitForIdle(request)
    #expect(kernel.summaries(of: request) == ["busy", "comm_msg", "idle"])
    #expect(
      kernel.messages(of: request)[1].content["data"]
        == ["method": "update_states", "states": [:], "buffer_paths": .array([])])
    let other = kernel.send("comm_msg", ["comm_id": "w", "data": ["method": "nonsense"]])
    try kernel.waitForIdle(other)
    #expect(kernel.summaries(of: other) == ["busy", "idle"])
  }

  @Test("messages of an unknown comm are passed over")
  func unknownComm() throws {
    let kernel = KernelInMemory()
    for type in ["comm_msg", "comm_close"] {
      let id = kernel.send(type, ["comm_id": "\u{FFFD}", "data": [:]])
      try kernel.waitForIdle(id)
      #expect(kernel.summaries(of: id) == ["busy", "idle"])
    }
  }

  @Test("a comm lives from its opening to its closing")
  func life() throws {
    let kernel = KernelInMemory(language: ScriptedLanguage(commTargets: ["echo": Self.echo]))
    try kernel.waitForIdle(kernel.send("comm_open", ["comm_id": "c", "target_name": "echo"]))
    let info = kernel.send("comm_info_request", ["target_name": "echo"])
    #expect(try kernel.reply(of: info)["comms"] == ["c": ["target_name": "echo"]])
    let other = kernel.send("comm_info_request", ["target_name": "other"])
    #expect(try kernel.reply(of: other)["comms"] == [:])
    let message = kernel.send("comm_msg", ["comm_id": "c", "data": ["x": 1]])
    try kernel.waitForIdle(message)
    #expect(kernel.summaries(of: message) == ["busy", "comm_msg", "idle"])
    #expect(kernel.messages(of: message)[1].content == ["comm_id": "c", "data": ["x": 1]])
    try kernel.waitForIdle(kernel.send("comm_close", ["comm_id": "c"]))
    let after = kernel.send("comm_info_request")
    #expect(try kernel.reply(of: after)["comms"] == [:])
  }

  // MARK: - Opened by the kernel

  /// A kernel one of whose cells has opened a comm, and the comm's identity.
  private func opened() throws -> (kernel: KernelInMemory, live: LiveObjects, comm: JSONValue) {
    let language = ScriptedLanguage()
    let kernel = KernelInMemory(language: language)
    let messages = try kernel.run("comm slider")
    let identity = try #require(messages.first { $0.type == "comm_open" }?.content["comm_id"])
    return (kernel, language.live, identity)
  }

  @Test("a cell opens a comm, with metadata and buffers, and it is listed")
  func opening() throws {
    let kernel = KernelInMemory()
    let messages = try kernel.run("comm slider\ncomm slider")
    #expect(
      messages.map(\.summary) == [
        "busy", "execute_input", "comm_open", "comm_open", "execute_reply ok", "idle",
      ])
    let open = messages[2]
    #expect(open.channel == "iopub")
    #expect(open.content["target_name"] == "slider")
    #expect(open.content["data"] == ["state": ["value": 1]])
    #expect(open.metadata == ["version": "2.1.0"])
    #expect(open.buffers == [[1, 2], []])
    let identities = messages[2...3].compactMap { $0.content["comm_id"]?.stringValue }
    #expect(Set(identities).count == 2)
    let info = try kernel.reply(of: kernel.send("comm_info_request", ["target_name": "slider"]))
    #expect(info["comms"]?.objectValue?.members.map(\.name) == identities)
  }

  @Test("a message is a call: what it leads to stands between its busy and its idle")
  func calling() throws {
    let (kernel, _, comm) = try opened()
    let id = kernel.send(
      "comm_msg",
      ["comm_id": comm, "data": ["run": "print a\ndisplay b\nsend c\nresult 2\nopen d\nchange e"]])
    try kernel.waitForIdle(id)
    #expect(
      kernel.summaries(of: id) == [
        "busy", "stdout: a\n", "display_data", "comm_msg", "display_data", "display_data",
        "update_display_data", "idle",
      ])
  }

  @Test("buffers come and go as they are")
  func buffers() throws {
    let (kernel, _, comm) = try opened()
    let buffers: [[UInt8]] = [
      Array("<IDS|MSG>".utf8), [], Array(0...255), [UInt8](repeating: 7, count: 1 << 20),
    ]
    let id = kernel.send(
      "comm_msg", ["comm_id": comm, "data": ["n": .array([.number(1.5), .null])]], buffers: buffers)
    try kernel.waitForIdle(id)
    let answer = try #require(kernel.messages(of: id).first { $0.type == "comm_msg" })
    #expect(answer.content == ["comm_id": comm, "data": ["n": .array([.number(1.5), .null])]])
    #expect(answer.buffers == buffers.reversed())
  }

  @Test("a handler that fails is told of, and the comm lives on")
  func failing() throws {
    let (kernel, _, comm) = try opened()
    let failed = kernel.send("comm_msg", ["comm_id": comm, "data": ["run": "print a\nfail x"]])
    try kernel.waitForIdle(failed)
    #expect(kernel.summaries(of: failed) == ["busy", "stdout: a\n", "error ValueError", "idle"])
    let next = kernel.send("comm_msg", ["comm_id": comm])
    try kernel.waitForIdle(next)
    #expect(kernel.summaries(of: next) == ["busy", "comm_msg", "idle"])
    #expect(try kernel.run("result 1").count == 5)
  }

  @Test("a message waits for the cell that runs, and keeps its place between cells")
  func waiting() throws {
    let (kernel, _, comm) = try opened()
    let first = kernel.execute("sleep 60\nprint a")
    let message = kernel.send("comm_msg", ["comm_id": comm, "data": ["run": "print b"]])
    let last = kernel.execute("print c")
    try kernel.waitForIdle(last)
    let places = kernel.outbox.messages.compactMap { sent in
      [first, message, last].firstIndex { $0 == sent.parentID }
    }
    #expect(places == places.sorted())
    #expect(kernel.summaries(of: message) == ["busy", "stdout: b\n", "idle"])
  }

  @Test("a message to a subshell is answered there while a cell runs")
  func subshell() throws {
    let (kernel, _, comm) = try opened()
    let subshell = try kernel.subshell()
    let busy = kernel.execute("spin")
    try kernel.waitForBusy(busy)
    let id = kernel.send(
      "comm_msg", ["comm_id": comm, "data": ["run": "print a\nsend b"]],
      header: ["subshell_id": .string(subshell)])
    try kernel.waitForIdle(id)
    #expect(kernel.summaries(of: id) == ["busy", "stdout: a\n", "comm_msg", "idle"])
    #expect(!kernel.summaries(of: busy).contains("idle"))
  }

  @Test("an interrupt ends what a message leads to, and no later cell")
  func interrupting() throws {
    let (kernel, _, comm) = try opened()
    let id = kernel.send("comm_msg", ["comm_id": comm, "data": ["run": "print a\nspin"]])
    _ = try kernel.outbox.wait { $0.parentID == id && $0.type == "stream" }
    kernel.send("interrupt_request", on: .control)
    try kernel.waitForIdle(id)
    #expect(kernel.summaries(of: id) == ["busy", "stdout: a\n", "error InterruptError", "idle"])
    #expect(try kernel.run("print b").map(\.summary).contains("stdout: b\n"))
  }

  @Test("a client closes it: the handler is told, and nothing is sent any more")
  func closedByClient() throws {
    let (kernel, live, comm) = try opened()
    let close = kernel.send("comm_close", ["comm_id": comm, "data": ["x": 1]])
    try kernel.waitForIdle(close)
    #expect(kernel.summaries(of: close) == ["busy", "stdout: closed: 1", "idle"])
    let info = kernel.send("comm_info_request")
    #expect(try kernel.reply(of: info)["comms"] == [:])
    try kernel.waitForIdle(info)
    let count = kernel.outbox.messages.count
    live.comm?.send(CommContent(["x": 1]))
    live.comm?.close([:])
    #expect(kernel.outbox.messages.count == count)
    #expect(try kernel.run("send a\nend b").map(\.type).filter { $0.hasPrefix("comm") } == [])
  }

  @Test("the kernel closes it once, and later messages are passed over")
  func closedByKernel() throws {
    let (kernel, _, comm) = try opened()
    let messages = try kernel.run("end enough\nend again")
    #expect(
      messages.map(\.summary)
        == ["busy", "execute_input", "comm_close", "execute_reply ok", "idle"])
    #expect(messages[2].content == ["comm_id": comm, "data": ["reason": "enough"]])
    let late = kernel.send("comm_msg", ["comm_id": comm, "data": ["run": "print a"]])
    try kernel.waitForIdle(late)
    #expect(kernel.summaries(of: late) == ["busy", "idle"])
  }

  @Test("a thread that is at no message speaks for the cell that opened the comm")
  func otherThread() throws {
    let (kernel, live, comm) = try opened()
    let opening = try #require(kernel.outbox.messages.first { $0.type == "comm_open" }?.parentID)
    let running = kernel.execute("spin")
    try kernel.waitForBusy(running)
    live.comm?.send(CommContent(["x": 1]))
    let sent = try kernel.outbox.wait { $0.type == "comm_msg" }
    #expect(sent.parentID == opening && sent.content["comm_id"] == comm)
  }

  @Test("no client takes a comm of the kernel's over")
  func reopening() throws {
    let language = ScriptedLanguage(commTargets: ["echo": Self.echo])
    let kernel = KernelInMemory(language: language)
    let comm = try #require(kernel.run("comm slider")[2].content["comm_id"])
    let id = kernel.send("comm_open", ["comm_id": comm, "target_name": "echo"])
    try kernel.waitForIdle(id)
    #expect(kernel.summaries(of: id) == ["busy", "idle"])
    #expect(
      try kernel.reply(of: kernel.send("comm_info_request"))["comms"]?.objectValue?.members
        .map(\.value) == [["target_name": "slider"]])
  }

  @Test("a silent cell has no comms")
  func silent() throws {
    let kernel = KernelInMemory()
    let id = kernel.execute("comm slider", ["silent": true])
    #expect(try kernel.reply(of: id)["evalue"] == "no comm")
    #expect(!kernel.outbox.messages.contains { $0.type == "comm_open" })
  }

  @Test(
    "nothing that a message holds ends the kernel",
    arguments: [
      ["data": 7], ["data": ["run": 7]], ["data": ["run": "nonsense"]], ["data": .null],
      ["data": ["run": "input x"]], ["data": ["run": "end\nsend a\nend"]], ["comm_id": 7],
      ["comm_id": .null], ["data": .array([])],
      ["data": ["a": .string(String(repeating: "\u{0}\u{1F600}", count: 1 << 16))]],
    ] as [JSONObject])
  func hostile(content: JSONObject) throws {
    let (kernel, _, comm) = try opened()
    for type in ["comm_msg", "comm_open", "comm_close"] {
      var members: JSONObject = ["comm_id": comm]
      for member in content.members { members[member.name] = member.value }
      try kernel.waitForIdle(kernel.send(type, members, buffers: [[], [0]]))
    }
    #expect(try kernel.run("result 1").count == 5)
  }

  @Test("a comm that outlives its kernel is silent")
  func afterTheEnd() throws {
    let (kernel, live, _) = try opened()
    kernel.kernel.stop()
    let count = kernel.outbox.messages.count
    live.comm?.send(CommContent(["x": 1]))
    live.comm?.close([:])
    #expect(kernel.outbox.messages.count == count)
  }
}
