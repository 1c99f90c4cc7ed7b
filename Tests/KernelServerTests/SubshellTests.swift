import JSONText
import JupyterProtocol
import KernelServer
import Testing

extension KernelInMemory {
  /// A new subshell's identity.
  func subshell() throws -> String {
    let reply = try reply(of: send("create_subshell_request", on: .control))
    return try #require(reply["subshell_id"]?.stringValue)
  }

  func list() throws -> JSONValue? {
    try reply(of: send("list_subshell_request", on: .control))["subshell_id"]
  }

  /// Runs a cell on a subshell to its end.
  func run(_ code: String, on subshell: String, _ members: JSONObject = [:]) throws
    -> [SentMessage]
  {
    let id = execute(code, members, header: ["subshell_id": .string(subshell)])
    try waitForIdle(id)
    return messages(of: id)
  }
}

@Suite("Subshells", .serialized)
struct SubshellTests {
  @Test("they are made, listed and ended on control, also while a cell runs")
  func life() throws {
    let kernel = KernelInMemory()
    try kernel.waitForBusy(kernel.execute("spin"))
    #expect(try kernel.list() == .array([]))
    let request = kernel.send("create_subshell_request", on: .control)
    #expect(kernel.summaries(of: request) == ["busy", "create_subshell_reply ok", "idle"])
    let first = try #require(kernel.reply(of: request)["subshell_id"])
    let second = try kernel.subshell()
    #expect(try kernel.list() == .array([first, .string(second)]))
    let deletion = kernel.send(
      "delete_subshell_request", ["subshell_id": first], on: .control)
    #expect(kernel.summaries(of: deletion) == ["busy", "delete_subshell_reply ok", "idle"])
    #expect(try kernel.list() == .array([.string(second)]))
  }

  @Test("one that is unknown gets busy, a full error and idle")
  func unknown() throws {
    let kernel = KernelInMemory()
    for content: JSONObject in [["subshell_id": "nosuch"], ["subshell_id": 7], [:]] {
      let id = kernel.send("delete_subshell_request", content, on: .control)
      #expect(kernel.messages(of: id).map(\.type) == ["status", "delete_subshell_reply", "status"])
      let reply = try kernel.reply(of: id)
      #expect(reply["status"] == "error" && reply["evalue"]?.stringValue?.isEmpty == false)
    }
    for type in ["execute_request", "complete_request", "history_request", "kernel_info_request"] {
      let id = kernel.send(
        type, ["code": "result 1", "cursor_pos": 0], header: ["subshell_id": "nosuch"])
      try kernel.waitForIdle(id)
      #expect(kernel.messages(of: id).count == 3)
      #expect(try kernel.reply(of: id)["ename"] == "SubshellError")
    }
  }

  @Test("cells run there while the main shell is busy, counted and remembered by themselves")
  func cells() throws {
    let kernel = KernelInMemory()
    _ = try kernel.run("result 1")
    _ = try kernel.run("result 2")
    let subshell = try kernel.subshell()
    let busy = kernel.execute("spin")
    try kernel.waitForBusy(busy)
    let messages = try kernel.run("print a\nresult 3", on: subshell)
    #expect(
      messages.map(\.summary) == [
        "busy", "execute_input", "stdout: a\n", "execute_result", "execute_reply ok", "idle",
      ])
    #expect(messages.compactMap { $0.content["execution_count"] } == [1, 1, 1])
    _ = try kernel.run("fail x", on: subshell)
    func history(_ header: JSONObject) throws -> JSONValue? {
      try kernel.reply(
        of: kernel.send(
          "history_request", ["hist_access_type": "range", "session": 0], header: header))[
          "history"]
    }
    #expect(
      try history(["subshell_id": .string(subshell)])
        == .array([.array([2, 1, "print a\nresult 3"]), .array([2, 2, "fail x"])]))
    #expect(try history([:]) == .array([.array([1, 1, "result 1"]), .array([1, 2, "result 2"])]))
    #expect(!kernel.summaries(of: busy).contains("idle"))
  }

  @Test("completion, inspection and comms answer there while the main shell is busy")
  func otherRequests() throws {
    let kernel = KernelInMemory(
      language: ScriptedLanguage(commTargets: ["echo": CommTests.echo]))
    let subshell = try kernel.subshell()
    try kernel.waitForBusy(kernel.execute("spin"))
    let header: JSONObject = ["subshell_id": .string(subshell)]
    for (type, content) in RequestHandlingTests.languageRequests {
      let id = kernel.send(type, content, header: header)
      try kernel.waitForIdle(id)
      #expect(kernel.messages(of: id).count == 3, "\(type)")
    }
    try kernel.waitForIdle(
      kernel.send("comm_open", ["comm_id": "c", "target_name": "echo"], header: header))
    let message = kernel.send("comm_msg", ["comm_id": "c", "data": ["x": 1]], header: header)
    try kernel.waitForIdle(message)
    #expect(kernel.summaries(of: message) == ["busy", "comm_msg", "idle"])
  }

  @Test("a failed cell aborts what is queued in its own shell only")
  func aborting() throws {
    let kernel = KernelInMemory()
    let subshell = try kernel.subshell()
    let header: JSONObject = ["subshell_id": .string(subshell)]
    kernel.execute("sleep 60\nfail x", header: header)
    let queuedThere = kernel.execute("print a", header: header)
    let main = kernel.execute("sleep 90\nprint b")
    let queuedHere = kernel.execute("print c")
    for id in [queuedThere, main, queuedHere] { try kernel.waitForIdle(id) }
    #expect(
      kernel.summaries(of: queuedThere) == ["busy", "execute_reply error Aborted", "idle"])
    #expect(kernel.summaries(of: main).contains("stdout: b\n"))
    #expect(kernel.summaries(of: queuedHere).contains("stdout: c\n"))
  }

  @Test("an interrupt stops what runs in all shells")
  func interrupt() throws {
    let kernel = KernelInMemory()
    let subshell = try kernel.subshell()
    let cells = [
      kernel.execute("spin"), kernel.execute("spin", header: ["subshell_id": .string(subshell)]),
    ]
    for cell in cells { try kernel.waitForBusy(cell) }
    kernel.send("interrupt_request", on: .control)
    for cell in cells {
      try kernel.waitForIdle(cell)
      #expect(kernel.summaries(of: cell).contains("execute_reply error InterruptError"))
    }
  }

  @Test("ending a subshell stops its cell, answers its queue and leaves the others alone")
  func deletion() throws {
    let kernel = KernelInMemory()
    let subshell = try kernel.subshell()
    let header: JSONObject = ["subshell_id": .string(subshell)]
    let main = kernel.execute("sleep 200\nprint a")
    let running = kernel.execute("spin", header: header)
    let queued = (0..<3).map { _ in kernel.execute("print b", header: header) }
    let comm = kernel.send("comm_msg", ["comm_id": "c"], header: header)
    try kernel.waitForBusy(running)
    kernel.send("delete_subshell_request", ["subshell_id": .string(subshell)], on: .control)
    for id in [running, comm, main] + queued { try kernel.waitForIdle(id) }
    #expect(kernel.summaries(of: running).contains("execute_reply error InterruptError"))
    for id in queued {
      #expect(kernel.summaries(of: id) == ["busy", "execute_reply error Aborted", "idle"])
    }
    #expect(kernel.summaries(of: comm) == ["busy", "idle"])
    #expect(kernel.summaries(of: main).contains("stdout: a\n"))
    let late = kernel.execute("print c", header: header)
    #expect(kernel.summaries(of: late) == ["busy", "execute_reply error SubshellError", "idle"])
  }

  @Test("each shell asks for input by itself, and gets its own answer", arguments: [true, false])
  func input(namesInHeader: Bool) throws {
    let kernel = KernelInMemory()
    let subshell = try kernel.subshell()
    let header: JSONObject = ["subshell_id": .string(subshell)]
    let main = kernel.execute("input main?", ["allow_stdin": true])
    let other = kernel.execute("input other?", ["allow_stdin": true], header: header)
    for prompt in ["main?", "other?"] {
      _ = try kernel.outbox.wait { $0.content["prompt"] == .string(prompt) }
    }
    func answer(_ text: String, _ header: JSONObject) {
      let (_, frames) = kernel.frames(
        "input_reply", ["value": .string(text)], header: namesInHeader ? header : [:],
        parent: namesInHeader ? [:] : header)
      kernel.kernel.receiveInput(frames)
    }
    answer("to the other", header)
    try kernel.waitForIdle(other)
    answer("to main", [:])
    try kernel.waitForIdle(main)
    func result(_ id: String) -> JSONValue? {
      kernel.messages(of: id).first { $0.type == "execute_result" }?.content["data"]
    }
    #expect(result(other) == ["text/plain": "to the other"])
    #expect(result(main) == ["text/plain": "to main"])
  }

  @Test("names are common to all shells, also those of a cell that runs")
  func names() throws {
    let kernel = KernelInMemory(language: NablaLanguage())
    let subshell = try kernel.subshell()
    _ = try kernel.run("x = 2")
    let busy = kernel.execute(
      "y = 3\nfor i in 1:200 { for j in 1:10000 { for k in 1:10000 { z = k } } }")
    try kernel.waitForBusy(busy)
    let header: JSONObject = ["subshell_id": .string(subshell)]
    while try !kernel.run("y", on: subshell).map(\.summary).contains("execute_reply ok") {}
    let messages = try kernel.run("x = 10x + y; x", on: subshell)
    #expect(messages[2].content["data"]?["text/plain"] == "23")
    let completion = kernel.send(
      "complete_request", ["code": "y", "cursor_pos": 1], header: header)
    #expect(
      try kernel.reply(of: completion)["matches"]?.arrayValue?.contains("y") == true)
    kernel.kernel.interrupt()
    try kernel.waitForIdle(busy)
    let last = try kernel.run("x")
    #expect(last[2].content["data"]?["text/plain"] == "23")
  }

  @Test("fifty come and go, and their threads with them")
  func many() throws {
    let kernel = KernelInMemory()
    for _ in 0..<50 {
      let subshell = try kernel.subshell()
      #expect(try kernel.run("result 1", on: subshell).count == 5)
      kernel.send("delete_subshell_request", ["subshell_id": .string(subshell)], on: .control)
    }
    #expect(try kernel.list() == .array([]))
    #expect(try kernel.run("result 1").count == 5)
  }

  @Test("more than a hundred are refused, and no cell suffers")
  func limit() throws {
    let kernel = KernelInMemory()
    for _ in 0..<100 { _ = try kernel.subshell() }
    let refused = kernel.send("create_subshell_request", on: .control)
    #expect(
      kernel.summaries(of: refused)
        == ["busy", "create_subshell_reply error SubshellError", "idle"])
    #expect(try kernel.run("result 1").count == 5)
  }
}
