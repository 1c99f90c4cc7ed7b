import Glibc
import JSONText
import JupyterProtocol
import KernelServer
import Synchronization
import Testing

@Suite("Handling requests", .serialized)
struct RequestHandlingTests {
  @Test("the kernel says that it starts")
  func starting() throws {
    let kernel = KernelInMemory()
    let first = try kernel.outbox.wait { _ in true }
    #expect(first.summary == "starting")
    #expect(first.parentID == nil)
  }

  @Test(
    "kernel_info is answered on its channel at once, also while a cell runs",
    arguments: [
      ClientChannel.shell, .control,
    ])
  func kernelInfo(channel: ClientChannel) throws {
    let kernel = KernelInMemory()
    let cell = kernel.execute("spin")
    try kernel.waitForBusy(cell)
    let id = kernel.send("kernel_info_request", on: channel)
    let messages = kernel.messages(of: id)
    #expect(messages.map(\.summary) == ["busy", "kernel_info_reply ok", "idle"])
    #expect(messages.map(\.channel) == ["iopub", channel.rawValue, "iopub"])
    #expect(messages[1].content["language_info"]?["name"] == "nabla")
  }

  @Test("connect_request is told the ports")
  func ports() throws {
    let kernel = KernelInMemory()
    let messages = kernel.messages(of: kernel.send("connect_request", on: .shell))
    #expect(messages.map(\.summary) == ["busy", "connect_reply ok", "idle"])
    for (index, name) in ["shell", "control", "iopub", "stdin", "hb"].enumerated() {
      #expect(messages[1].content["\(name)_port"] == .integer(4_001 + index))
    }
  }

  static let languageRequests: [(String, JSONObject)] = [
    ("complete_request", ["code": "si", "cursor_pos": 2]),
    ("complete_request", ["code": "σ😀si", "cursor_pos": 4_000_000]),
    ("complete_request", ["code": "", "cursor_pos": -3]),
    ("inspect_request", ["code": "sin", "cursor_pos": 2]),
    ("is_complete_request", ["code": "1 + 1"]), ("history_request", ["hist_access_type": "tail"]),
    ("comm_info_request", [:]),
  ]

  @Test("what needs no evaluation is answered while a cell runs", arguments: languageRequests)
  func language(type: String, content: JSONObject) throws {
    let kernel = KernelInMemory()
    let cell = kernel.execute("spin")
    try kernel.waitForBusy(cell)
    let id = kernel.send(type, content)
    try kernel.waitForIdle(id)
    let messages = kernel.messages(of: id)
    #expect(messages.map(\.type) == ["status", type.replacing("request", with: "reply"), "status"])
    let status = messages[1].content["status"]?.stringValue
    #expect(status == (type == "is_complete_request" ? "complete" : "ok"))
    #expect(!kernel.summaries(of: cell).contains("idle"))
  }

  @Test("an unknown type gets busy and idle")
  func unknownType() {
    let kernel = KernelInMemory()
    let id = kernel.send("future_request", ["a": 1])
    #expect(kernel.summaries(of: id) == ["busy", "idle"])
  }

  @Test(
    "a request with a spoilt member gets an error reply",
    arguments: [
      "execute_request", "complete_request", "inspect_request", "is_complete_request",
    ])
  func spoiltMember(type: String) throws {
    let kernel = KernelInMemory()
    let id = kernel.send(type, ["code": 7])
    #expect(
      kernel.messages(of: id).map(\.type) == [
        "status", type.replacing("request", with: "reply"), "status",
      ])
    let reply = try kernel.reply(of: id)
    #expect(reply["status"] == "error")
    #expect(reply["evalue"]?.stringValue?.contains("code") == true)
    #expect((reply["execution_count"] != nil) == (type == "execute_request"))
  }

  @Test("a subshell that does not exist is an error, not silence")
  func unknownSubshell() throws {
    let kernel = KernelInMemory()
    let id = kernel.execute("print a", header: ["subshell_id": "s"])
    #expect(kernel.summaries(of: id) == ["busy", "execute_reply error SubshellError", "idle"])
  }

  @Test("usage is answered on control at once, also while a cell runs")
  func usage() throws {
    let kernel = KernelInMemory()
    try kernel.waitForBusy(kernel.execute("spin"))
    WakeSignal().wait(milliseconds: 100)
    let id = kernel.send("usage_request", on: .control)
    #expect(kernel.summaries(of: id) == ["busy", "usage_reply ok", "idle"])
    let usage = try kernel.reply(of: id)
    #expect(usage["hostname"]?.stringValue?.isEmpty == false)
    #expect(usage["pid"] == .integer(Int(getpid())))
    // A cell that spins uses a processor, or what others leave of it.
    let busy = try #require(usage["kernel_cpu"]?.numberValue)
    let processors = try #require(usage["cpu_count"]?.integerValue)
    #expect(busy > 10 && busy < 100 * Double(processors) + 50)
    let memoryOfKernel = try #require(usage["kernel_memory"]?.integerValue)
    #expect(memoryOfKernel > 1 << 20)
    let host = try #require(usage["host_cpu_percent"]?.numberValue)
    #expect((0...100).contains(host))
    let memory = try #require(usage["host_virtual_memory"]?.objectValue)
    for name in ["total", "available", "percent", "used", "free", "active", "cached"] {
      let value = try #require(memory[name]?.numberValue)
      #expect(value > 0, "\(name)")
    }
  }

  @Test("a shutdown is answered with its restart flag, then done", arguments: [true, false])
  func shutdown(restart: Bool) throws {
    let kernel = KernelInMemory()
    let id = kernel.send("shutdown_request", ["restart": .boolean(restart)], on: .control)
    #expect(kernel.summaries(of: id) == ["busy", "shutdown_reply ok", "idle"])
    #expect(kernel.messages(of: id)[1].channel == "control")
    #expect(try kernel.reply(of: id)["restart"] == .boolean(restart))
    #expect(kernel.isShutDown)
  }

  @Test("a message that is badly signed, repeated or malformed is dropped, and nobody is stranded")
  func dropped() throws {
    let kernel = KernelInMemory(key: [1, 2, 3])
    let good = kernel.frames("execute_request", ["code": "print a"])
    var forged = kernel.frames("execute_request", ["code": "print b"])
    forged.frames[2] = Array(repeating: UInt8(ascii: "0"), count: 64)
    kernel.kernel.receive(forged.frames, on: .shell)
    kernel.kernel.receive(good.frames, on: .shell)
    kernel.kernel.receive(good.frames, on: .shell)
    kernel.kernel.receive(good.frames, on: .control)
    kernel.kernel.receive([], on: .shell)
    kernel.kernel.receive(Array(good.frames.prefix(5)), on: .shell)
    let last = kernel.execute("print c")
    try kernel.waitForIdle(last)
    #expect(kernel.messages(of: forged.id).isEmpty)
    #expect(kernel.summaries(of: good.id).filter { $0 == "stdout: a\n" }.count == 1)
    #expect(kernel.summaries(of: last).contains("stdout: c\n"))
  }

  @Test("no mutated message stops the kernel")
  func mutations() throws {
    let kernel = KernelInMemory()
    var state: UInt64 = 11
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let types = MessageType.allCases.filter { $0 != .shutdownRequest }
    for _ in 0..<5_000 {
      let type = types[random(types.count)]
      var frames = kernel.frames(
        type.rawValue,
        ["code": "print a", "cursor_pos": 1, "comm_id": "c", "data": [:], "user_expressions": [:]]
      ).frames
      for _ in 0..<random(4) {
        let index = random(frames.count)
        switch random(4) {
        case 0: frames.remove(at: index)
        case 1: frames.insert(frames[index], at: random(frames.count))
        default:
          guard !frames[index].isEmpty else { break }
          frames[index][random(frames[index].count)] = UInt8(random(256))
        }
        if frames.isEmpty { break }
      }
      kernel.kernel.receive(frames, on: random(2) == 0 ? .shell : .control)
    }
    // An interrupt among them must be over before the last cell begins, whose client has a clock of its own.
    let question = kernel.frames("kernel_info_request", [:])
    kernel.kernel.receive(question.frames, on: .control)
    try kernel.waitForIdle(question.id)
    let last = kernel.frames("execute_request", ["code": "print alive"], client: "another")
    kernel.kernel.receive(last.frames, on: .shell)
    try kernel.waitForIdle(last.id)
    #expect(kernel.summaries(of: last.id).contains("stdout: alive\n"))
  }
}
