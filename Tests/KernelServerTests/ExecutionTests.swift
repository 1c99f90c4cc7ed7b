import JSONText
import JupyterProtocol
import KernelServer
import Testing

@Suite("Executing cells", .serialized)
struct ExecutionTests {
  @Test("a cell's messages come in the protocol's order")
  func order() throws {
    let kernel = KernelInMemory()
    let messages = try kernel.run(
      "print a\nprint b\nwarn c\nprint d\ndisplay e\nupdate f\nclear\nresult 2")
    #expect(
      messages.map(\.summary) == [
        "busy", "execute_input", "stdout: a\nb\n", "stderr: c\n", "stdout: d\n", "display_data",
        "update_display_data", "clear_output", "execute_result", "execute_reply ok", "idle",
      ])
    #expect(messages.map(\.channel) == Array(repeating: "iopub", count: 9) + ["shell", "iopub"])
    #expect(messages[1].content["execution_count"] == 1)
    #expect(messages[5].content["transient"] == ["display_id": "d"])
    #expect(
      messages[8].content == [
        "execution_count": 1, "data": ["text/plain": "2"], "metadata": [:], "transient": [:],
      ])
    #expect(messages[9].identities == [Array("client".utf8)])
    #expect(messages[9].content["execution_count"] == 1)
  }

  @Test("a failed cell has one error, a full reply and idle")
  func failure() throws {
    let kernel = KernelInMemory()
    let messages = try kernel.run("print a\nfail no\nprint b")
    #expect(
      messages.map(\.summary) == [
        "busy", "execute_input", "stdout: a\n", "error ValueError",
        "execute_reply error ValueError", "idle",
      ])
    let error: JSONValue = [
      "ename": "ValueError", "evalue": "no", "traceback": .array(["ValueError: no"]),
    ]
    #expect(messages[3].content == error)
    let reply = messages[4].content
    for name in ["ename", "evalue", "traceback"] { #expect(reply[name] == error[name]) }
    #expect(reply["execution_count"] == 1)
  }

  @Test("a silent cell tells clients nothing and does not count")
  func silent() throws {
    let kernel = KernelInMemory()
    let quiet = try kernel.run("print a\nresult 1\ndisplay b", ["silent": true])
    #expect(quiet.map(\.summary) == ["busy", "execute_reply ok", "idle"])
    #expect(quiet[1].content["execution_count"] == 0)
    let failing = try kernel.run("fail x", ["silent": true])
    #expect(failing.map(\.summary) == ["busy", "execute_reply error ValueError", "idle"])
    let history = kernel.send("history_request", ["hist_access_type": "tail"])
    #expect(try kernel.reply(of: history)["history"] == .array([]))
    #expect(try kernel.run("result 1")[1].content["execution_count"] == 1)
  }

  @Test("a cell that is not stored shows its output and does not count")
  func notStored() throws {
    let kernel = KernelInMemory()
    _ = try kernel.run("result 1")
    let messages = try kernel.run("result 2", ["store_history": false])
    #expect(
      messages.map(\.summary)
        == ["busy", "execute_input", "execute_result", "execute_reply ok", "idle"])
    #expect(messages.compactMap { $0.content["execution_count"] } == [1, 1, 1])
    #expect(try kernel.run("result 3")[1].content["execution_count"] == 2)
  }

  @Test("user expressions are evaluated after a success, each with its own status")
  func userExpressions() throws {
    let kernel = KernelInMemory()
    let expressions: JSONObject = ["user_expressions": ["a": "x", "b": "bad"]]
    let reply = try #require(try kernel.run("result 1", expressions).dropLast().last)
    #expect(
      reply.content["user_expressions"]?["a"] == [
        "status": "ok", "data": ["text/plain": "x"], "metadata": [:],
      ])
    #expect(reply.content["user_expressions"]?["b"]?["status"] == "error")
    #expect(reply.content["user_expressions"]?["b"]?["ename"] == "NameError")
    let failed = try #require(try kernel.run("fail x", expressions).dropLast().last)
    #expect(failed.content["user_expressions"] == [:])
  }

  @Test("a page is a payload of the reply, and nothing else")
  func page() throws {
    let kernel = KernelInMemory()
    let messages = try kernel.run("page help")
    #expect(messages.map(\.summary) == ["busy", "execute_input", "execute_reply ok", "idle"])
    #expect(
      messages[2].content["payload"]
        == .array([
          ["source": "page", "data": ["text/plain": "help"], "start": 0]
        ]))
  }

  @Test("cells run one after the other, each to its idle before the next one's busy")
  func sequence() throws {
    let kernel = KernelInMemory()
    let ids = (0..<20).map { kernel.execute("print \($0)\nresult \($0)") }
    try kernel.waitForIdle(ids[19])
    let parents = kernel.outbox.messages.compactMap(\.parentID)
    #expect(parents == ids.flatMap { Array(repeating: $0, count: 6) })
  }

  @Test("what a cell prints beyond the limit is left out, with one notice")
  func textLimit() throws {
    let kernel = KernelInMemory()
    let messages = try kernel.run("print a\nblocks 10")
    let printed = try #require(messages.first { $0.summary.hasPrefix("stdout") })
    #expect(printed.content["text"]?.stringValue?.utf8.count == 8 << 20)
    #expect(printed.content["text"]?.stringValue?.hasPrefix("a\n0123") == true)
    #expect(messages.filter { $0.summary.hasPrefix("stderr") }.count == 1)
    #expect(messages.count == 6)
  }
}

@Suite("Cells after a failed cell", .serialized)
struct AbortTests {
  private static let aborted = ["busy", "execute_reply error Aborted", "idle"]

  @Test("what is queued does not run, and is answered in full")
  func queued() throws {
    let kernel = KernelInMemory()
    let first = kernel.execute("sleep 50\nfail x")
    let queued = (0..<3).map { kernel.execute("print \($0)") }
    try kernel.waitForIdle(queued[2])
    #expect(kernel.summaries(of: first).contains("error ValueError"))
    for id in queued {
      #expect(kernel.summaries(of: id) == Self.aborted)
      let reply = try kernel.reply(of: id)
      #expect(reply["execution_count"] == 1)
      #expect(reply["evalue"]?.stringValue?.isEmpty == false)
      #expect(reply["traceback"]?.arrayValue?.isEmpty == false)
    }
  }

  @Test("what is sent after the failure runs, at once or later")
  func sentLater() throws {
    let kernel = KernelInMemory()
    for _ in 0..<5 {
      _ = try kernel.run("fail x")
      #expect(try kernel.run("print a").map(\.summary).contains("stdout: a\n"))
    }
  }

  @Test("what was sent before the failure and arrives a moment later does not run")
  func onItsWay() throws {
    let kernel = KernelInMemory()
    let before = Timestamp.now
    _ = try kernel.run("fail x")
    let late = kernel.execute("print a", header: ["date": .string(before.iso8601)])
    try kernel.waitForIdle(late)
    #expect(kernel.summaries(of: late) == Self.aborted)
  }

  @Test(
    "dates of whole seconds, and dates that stand still, take no cell along",
    arguments: [
      "2026-01-31T08:15:30.000000Z", "2026-01-31T08:15:30Z", "2026-01-31T08:15:30.123456Z",
    ])
  func coarseDates(date: String) throws {
    let kernel = KernelInMemory()
    let header: JSONObject = ["date": .string(date)]
    for _ in 0..<5 {
      try kernel.waitForIdle(kernel.execute("fail x", header: header))
      let next = kernel.execute("print a", header: header)
      try kernel.waitForIdle(next)
      #expect(kernel.summaries(of: next).contains("stdout: a\n"))
    }
  }

  @Test("without stop_on_error the queue goes on")
  func goesOn() throws {
    let kernel = KernelInMemory()
    kernel.execute("sleep 50\nfail x", ["stop_on_error": false])
    let next = kernel.execute("print a")
    try kernel.waitForIdle(next)
    #expect(kernel.summaries(of: next).contains("stdout: a\n"))
  }

  @Test("the cells of another client run")
  func otherClient() throws {
    let kernel = KernelInMemory()
    kernel.execute("sleep 50\nfail x")
    let own = kernel.execute("print a")
    let (other, frames) = kernel.frames("execute_request", ["code": "print b"], client: "other")
    kernel.kernel.receive(frames, on: .shell)
    try kernel.waitForIdle(other)
    #expect(kernel.summaries(of: own) == Self.aborted)
    #expect(kernel.summaries(of: other).contains("stdout: b\n"))
  }

  @Test("only cells are aborted")
  func othersGoOn() throws {
    let kernel = KernelInMemory()
    kernel.execute("sleep 50\nfail x")
    let comm = kernel.send("comm_open", ["comm_id": "c", "target_name": "nobody"])
    let completion = kernel.send("complete_request", ["code": "s", "cursor_pos": 1])
    try kernel.waitForIdle(comm)
    try kernel.waitForIdle(completion)
    #expect(kernel.summaries(of: comm) == ["busy", "comm_close", "idle"])
    #expect(try kernel.reply(of: completion)["status"] == "ok")
  }

  @Test("the rule: queued, or sent before the failure and here within the window")
  func rule() {
    let moment = Monotonic.now
    var rule = FailureRule()
    #expect(!rule.aborts("s", arrival: moment, sent: moment))
    rule.cellFailed(of: "s", at: moment)
    let earlier = moment - .milliseconds(1)
    #expect(rule.aborts("s", arrival: moment, sent: nil))
    #expect(rule.aborts("s", arrival: moment - .seconds(1), sent: moment))
    #expect(rule.aborts("s", arrival: moment + .milliseconds(99), sent: earlier))
    #expect(!rule.aborts("s", arrival: moment + .milliseconds(99), sent: moment))
    #expect(!rule.aborts("s", arrival: moment + .milliseconds(99), sent: nil))
    #expect(!rule.aborts("s", arrival: moment + .milliseconds(101), sent: earlier))
    #expect(!rule.aborts("another", arrival: moment, sent: moment))
  }
}
