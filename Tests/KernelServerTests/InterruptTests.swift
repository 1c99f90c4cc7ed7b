import JSONText
import JupyterProtocol
import KernelServer
import Testing

@Suite("Interrupts and input", .serialized)
struct InterruptTests {
  @Test("a running cell is interrupted at once, and the kernel goes on")
  func runningCell() throws {
    let kernel = KernelInMemory()
    let cell = kernel.execute("spin")
    try kernel.waitForBusy(cell)
    let began = Monotonic.now
    let request = kernel.send("interrupt_request", on: .control)
    #expect(kernel.summaries(of: request) == ["busy", "interrupt_reply ok", "idle"])
    try kernel.waitForIdle(cell)
    #expect(Monotonic.now - began < .milliseconds(100))
    #expect(kernel.summaries(of: cell).contains("execute_reply error InterruptError"))
    #expect(try kernel.run("print a").map(\.summary).contains("stdout: a\n"))
  }

  @Test("an interrupt takes the queued cells with it")
  func queuedCells() throws {
    let kernel = KernelInMemory()
    let cell = kernel.execute("spin")
    let next = kernel.execute("print a")
    try kernel.waitForBusy(cell)
    kernel.kernel.interrupt()
    try kernel.waitForIdle(next)
    #expect(kernel.summaries(of: next) == ["busy", "execute_reply error Aborted", "idle"])
  }

  @Test("an interrupt while nothing runs does not meet the next cell")
  func whileIdle() throws {
    let kernel = KernelInMemory()
    kernel.kernel.interrupt()
    kernel.send("interrupt_request", on: .control)
    #expect(try kernel.run("sleep 20\nprint a").map(\.summary).contains("stdout: a\n"))
    #expect(
      try kernel.run("input a", ["allow_stdin": false]).map(\.summary)
        .contains("error ValueError"))
  }

  private func answer(_ kernel: KernelInMemory, _ text: String, parent: JSONObject? = nil) throws {
    let (_, frames) = kernel.frames("input_reply", ["value": .string(text)])
    kernel.kernel.receiveInput(frames)
  }

  @Test("a cell asks its own client for a line and gets it")
  func input() throws {
    let kernel = KernelInMemory()
    let cell = kernel.execute("print a\ninput name?", ["allow_stdin": true])
    let request = try kernel.outbox.wait { $0.type == "input_request" }
    #expect(request.channel == "stdin")
    #expect(request.parentID == cell)
    #expect(request.identities == [Array("client".utf8)])
    #expect(request.content == ["prompt": "name?", "password": false])
    try answer(kernel, "Ada")
    try kernel.waitForIdle(cell)
    let result = try #require(kernel.messages(of: cell).first { $0.type == "execute_result" })
    #expect(result.content["data"] == ["text/plain": "Ada"])
  }

  @Test("an interrupt ends a wait for input; the late answer goes to nobody")
  func interruptedInput() throws {
    let kernel = KernelInMemory()
    let cell = kernel.execute("input first?", ["allow_stdin": true])
    _ = try kernel.outbox.wait { $0.type == "input_request" }
    let began = Monotonic.now
    kernel.send("interrupt_request", on: .control)
    try kernel.waitForIdle(cell)
    #expect(Monotonic.now - began < .milliseconds(100))
    #expect(kernel.summaries(of: cell).contains("execute_reply error InterruptError"))
    try answer(kernel, "stale")
    let second = kernel.execute("input second?", ["allow_stdin": true])
    _ = try kernel.outbox.wait { $0.content["prompt"] == "second?" }
    try answer(kernel, "fresh")
    try kernel.waitForIdle(second)
    let result = try #require(kernel.messages(of: second).first { $0.type == "execute_result" })
    #expect(result.content["data"] == ["text/plain": "fresh"])
  }

  @Test("a client without stdin is given up after a while")
  func unreachable() throws {
    let kernel = KernelInMemory()
    kernel.outbox.hasStdin.store(false, ordering: .relaxed)
    let cell = kernel.execute("input a", ["allow_stdin": true])
    try kernel.waitForIdle(cell)
    #expect(kernel.summaries(of: cell).contains("execute_reply error ValueError"))
  }
}
