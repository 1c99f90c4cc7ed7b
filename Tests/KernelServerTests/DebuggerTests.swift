import JSONText
import JupyterProtocol
import KernelServer
import Testing

extension KernelInMemory {
  /// Sends a request to the debugger; returns the content of its reply.
  @discardableResult
  func debug(_ command: String, _ arguments: JSONObject = [:]) throws -> JSONValue {
    let id = send(
      "debug_request",
      ["type": "request", "seq": 5, "command": .string(command), "arguments": .object(arguments)],
      on: .control)
    try waitForIdle(id)
    let reply = try #require(messages(of: id).first { $0.type == "debug_reply" }).content
    #expect(reply["type"] == "response")
    #expect(reply["request_seq"] == 5)
    #expect(reply["command"] == .string(command))
    return reply
  }

  /// The body of a reply to a request that must succeed.
  func body(_ command: String, _ arguments: JSONObject = [:]) throws -> JSONValue {
    let reply = try debug(command, arguments)
    #expect(reply["success"] == true, "\(command): \(reply["message"]?.text ?? "")")
    return reply["body"] ?? .null
  }

  /// The events that were published for a cell.
  func events(_ id: String) -> [JSONValue] {
    messages(of: id).filter { $0.type == "debug_event" }.map(\.content)
  }

  /// Waits until a cell has stopped for the n-th time.
  func waitForStop(_ id: String, _ number: Int = 1) throws -> JSONValue {
    while events(id).count(where: { $0["event"] == "stopped" }) < number {
      WakeSignal().wait(milliseconds: 2)
      guard !summaries(of: id).contains("idle") else { throw RecordingOutbox.Missing() }
    }
    return try #require(events(id).last { $0["event"] == "stopped" })["body"] ?? .null
  }

  /// Starts the debugger as JupyterLab does, and sets breakpoints in a cell. Returns its path.
  @discardableResult
  func prepare(_ code: String, breakpoints lines: [Int]) throws -> String {
    _ = try body("initialize", ["clientID": "test"])
    _ = try body("attach")
    let path = try #require(body("dumpCell", ["code": .string(code)])["sourcePath"]?.stringValue)
    _ = try body(
      "setBreakpoints",
      [
        "source": ["path": .string(path)],
        "breakpoints": .array(lines.map { ["line": .integer($0)] }),
      ])
    _ = try body("configurationDone")
    return path
  }

  /// The line that a stopped cell is at.
  func stoppedLine() throws -> Int? {
    try body("stackTrace", ["threadId": 1])["stackFrames"]?.arrayValue?.first?["line"]?.integerValue
  }

  func variable(_ name: String, _ reference: JSONValue? = nil) throws -> JSONValue? {
    let list =
      try reference.map { try body("variables", ["variablesReference": $0]) }
      ?? body("inspectVariables")
    return list["variables"]?.arrayValue?.first { $0["name"] == .string(name) }
  }
}

@Suite("The panel of variables", .serialized)
struct VariablePanelTests {
  private let kernel = KernelInMemory(language: NablaLanguage())

  private func run(_ code: String) throws {
    #expect(try kernel.run(code).map(\.summary).contains("execute_reply ok"))
  }

  @Test("it needs no debugging session")
  func withoutSession() throws {
    try run("x = 0.25; t = \"text\"; yes = 1 < 2; v = [1, 2, 3]; f(x) = x^2")
    let info = try kernel.body("debugInfo")
    #expect(info["isStarted"] == false && info["richRendering"] == true)
    #expect(info["hashMethod"] == "Murmur2")
    for (name, type, value) in [
      ("x", "float", "0.25"), ("t", "str", "\"text\""), ("yes", "bool", "true"),
      ("v", "vector of 3: [1, 2, 3]", "[1, 2, 3]"), ("f", "f(x) = x^2", "f(x) = x^2"),
    ] {
      let variable = try #require(try kernel.variable(name))
      #expect(variable["type"] == .string(type))
      #expect(variable["value"] == .string(value))
      #expect(variable["evaluateName"] == .string(name))
      #expect((variable["variablesReference"] == 0) == (name != "v"))
    }
  }

  @Test("networks, matrices and gradients open up, level by level")
  func levels() throws {
    try run(
      """
      network N { input 2; dense 3, tanh, W = [1, 2, 3; 4, 5, 6]; dense 1, sigmoid }
      g = backward(N, [1, 2], [1]); A = [1, 2; 3, 4]; d = dataset(xor); l = ["a", "b"]
      """)
    let network = try #require(try kernel.variable("N"))
    #expect(network["type"] == "network 2-3-1, 0 updates")
    let weights = try #require(try kernel.variable("N.W[1]", network["variablesReference"]))
    #expect(weights["type"] == "2×3 matrix: [1, 2, 3; 4, 5, 6]")
    let row = try #require(try kernel.variable("N.W[1][2,:]", weights["variablesReference"]))
    #expect(row["value"] == "[4, 5, 6]")
    let entry = try #require(try kernel.variable("N.W[1][2,:][3]", row["variablesReference"]))
    #expect(entry["type"] == "float" && entry["value"] == "6")
    #expect(entry["variablesReference"] == 0)
    let gradients = try #require(try kernel.variable("g"))
    #expect(gradients["type"] == "gradients of N")
    for name in ["g.W[2]", "g.b[1]", "g.a[0]", "g.loss", "g.b_per_example[1]"] {
      #expect(try kernel.variable(name, gradients["variablesReference"]) != nil, "\(name)")
    }
    let data = try #require(try kernel.variable("d"))
    #expect(try kernel.variable("d.X", data["variablesReference"]) != nil)
    let list = try #require(try kernel.variable("l"))
    #expect(try kernel.variable("l[2]", list["variablesReference"])?["value"] == "\"b\"")
  }

  @Test("a value is shown whole, as a cell shows it")
  func rich() throws {
    try run("network N { input 2; dense 3, tanh }\nA = [1, 2; 3, 4]; run = forward(N, [1, 2])")
    for name in ["A", "run", "N", "N.W[1]"] {
      let body = try kernel.body("richInspectVariables", ["variableName": .string(name)])
      let html = try #require(body["data"]?["text/html"]?.stringValue)
      #expect(html.contains("<table") || html.contains("<div"))
      #expect(body["data"]?["text/plain"]?.stringValue?.isEmpty == false)
      #expect(body["metadata"] != nil)
    }
    for name in ["nosuch", "A[9,:]", "A +", "exp(1000)", "1 + 1", ""] {
      let reply = try kernel.debug("richInspectVariables", ["variableName": .string(name)])
      #expect(reply["success"] == false && reply["message"]?.stringValue?.isEmpty == false)
    }
  }

  @Test("a number that was given for a value leads to today's, in parts if wanted")
  func references() throws {
    try run("v = 1:300")
    let reference = try #require(try kernel.variable("v")?["variablesReference"])
    try run("v = [7, 8]")
    #expect(try kernel.variable("v")?["variablesReference"] == reference)
    #expect(try kernel.variable("v[1]", reference)?["value"] == "7")
    try run("v = 1:300")
    let part = try kernel.body(
      "variables", ["variablesReference": reference, "start": 10, "count": 5])
    #expect(
      part["variables"]?.arrayValue?.compactMap { $0["value"]?.stringValue }
        == ["11", "12", "13", "14", "15"])
    #expect(try kernel.debug("variables", ["variablesReference": 9_999])["success"] == false)
  }

  @Test("it answers while a cell runs, with what that cell has defined so far")
  func whileBusy() throws {
    let busy = kernel.execute(
      "y = 3\nfor i in 1:200 { for j in 1:10000 { for k in 1:10000 { z = k } } }")
    try kernel.waitForBusy(busy)
    while try kernel.variable("y") == nil {}
    #expect(try kernel.variable("y")?["value"] == "3")
    #expect(try kernel.variable("z") == nil)
    kernel.kernel.interrupt()
    try kernel.waitForIdle(busy)
  }
}

@Suite("Breakpoints and steps", .serialized)
struct DebuggerTests {
  private let kernel = KernelInMemory(language: NablaLanguage())
  private let code = """
    # numbers
    a = 1

    for i in 1:3 {
      a = a + i
      b = 2a
    }
    c = a + b; d = 5
    print(c)
    """

  @Test("starting tells what it can, and that it is ready")
  func starting() throws {
    let capabilities = try kernel.body("initialize")
    #expect(capabilities["supportsConfigurationDoneRequest"] == true)
    let id = kernel.send("debug_request", ["command": "attach", "seq": 1], on: .control)
    try kernel.waitForIdle(id)
    #expect(kernel.events(id).map { $0["event"] } == ["initialized"])
    #expect(try kernel.body("debugInfo")["isStarted"] == true)
    #expect(try kernel.debug("nonsense")["success"] == false)
    _ = try kernel.body("disconnect")
    #expect(try kernel.body("debugInfo")["isStarted"] == false)
  }

  @Test("a breakpoint moves to the next line that holds a statement, and is remembered")
  func placing() throws {
    let path = try kernel.prepare(code, breakpoints: [])
    let reply = try kernel.body(
      "setBreakpoints",
      [
        "source": ["path": .string(path)],
        "breakpoints": .array([["line": 1], ["line": 3], ["line": 6], ["line": 99]]),
      ])
    #expect(
      reply["breakpoints"]?.arrayValue?.map { $0["line"] } == [2, 4, 6, 9])
    #expect(reply["breakpoints"]?.arrayValue?.allSatisfy { $0["verified"] == true } == true)
    let info = try kernel.body("debugInfo")["breakpoints"]
    #expect(info?.arrayValue?.first?["source"] == .string(path))
    #expect(
      try kernel.body("source", ["source": ["path": .string(path)]])["content"] == .string(code))
    let empty = try #require(try kernel.body("dumpCell", ["code": "# words"])["sourcePath"])
    let none = try kernel.body(
      "setBreakpoints", ["source": ["path": empty], "breakpoints": .array([["line": 1]])])
    #expect(none["breakpoints"]?.arrayValue?.first?["verified"] == false)
  }

  @Test("a cell stops at its breakpoint, shows its variables, and goes on")
  func stopping() throws {
    let path = try kernel.prepare(code, breakpoints: [5])
    let cell = kernel.execute(code)
    let stop = try kernel.waitForStop(cell)
    #expect(stop["reason"] == "breakpoint" && stop["threadId"] == 1)
    #expect(try kernel.body("debugInfo")["stoppedThreads"] == .array([1]))
    let frames = try kernel.body("stackTrace", ["threadId": 1])["stackFrames"]?.arrayValue ?? []
    #expect(frames.map { $0["name"] } == ["<cell>"])
    #expect(frames.first?["line"] == 5)
    #expect(frames.first?["source"]?["path"] == .string(path))
    let scopes = try kernel.body("scopes", ["frameId": frames[0]["id"] ?? 0])["scopes"]?.arrayValue
    #expect(scopes?.map { $0["name"] } == ["Globals"])
    let globals = try #require(scopes?.first?["variablesReference"])
    // Values of the unfinished statement, which no other shell sees yet.
    #expect(try kernel.variable("i", globals)?["value"] == "1")
    #expect(try kernel.variable("a", globals)?["value"] == "1")
    for (number, value) in [(2, "2"), (3, "4")] {
      _ = try kernel.body("continue", ["threadId": 1])
      _ = try kernel.waitForStop(cell, number)
      #expect(try kernel.variable("a")?["value"] == .string(value))
    }
    _ = try kernel.body("continue", ["threadId": 1])
    try kernel.waitForIdle(cell)
    #expect(kernel.summaries(of: cell).contains("stdout: 21\n"))
    #expect(
      kernel.events(cell).map { $0["event"] }
        == Array(repeating: ["stopped", "continued"], count: 3).flatMap { $0 })
    #expect(try kernel.stoppedLine() == nil)
  }

  @Test("steps go from statement to statement")
  func stepping() throws {
    try kernel.prepare(code, breakpoints: [2])
    let cell = kernel.execute(code)
    _ = try kernel.waitForStop(cell)
    var lines: [Int] = [try #require(try kernel.stoppedLine())]
    for number in 2...10 {
      _ = try kernel.body("next", ["threadId": 1])
      _ = try kernel.waitForStop(cell, number)
      lines.append(try #require(try kernel.stoppedLine()))
    }
    #expect(lines == [2, 4, 5, 6, 5, 6, 5, 6, 8, 8])
    _ = try kernel.body("next", ["threadId": 1])
    #expect(try kernel.waitForStop(cell, 11)["reason"] == "step")
    _ = try kernel.body("next", ["threadId": 1])
    try kernel.waitForIdle(cell)
  }

  @Test("a step into a function shows its call and its parameters, a step out leaves it")
  func functions() throws {
    let definitions = "square(x) = x^2\nsum2(p, q) =\n  square(p) + square(q)"
    _ = try kernel.run(definitions)
    let code = "r = sum2(3, 4)\ns = r"
    try kernel.prepare(code, breakpoints: [1])
    let cell = kernel.execute(code)
    _ = try kernel.waitForStop(cell)
    _ = try kernel.body("stepIn", ["threadId": 1])
    _ = try kernel.waitForStop(cell, 2)
    _ = try kernel.body("stepIn", ["threadId": 1])
    _ = try kernel.waitForStop(cell, 3)
    let frames = try kernel.body("stackTrace", ["threadId": 1])["stackFrames"]?.arrayValue ?? []
    #expect(frames.map { $0["name"] } == ["square(x)", "sum2(p, q)", "<cell>"])
    #expect(frames.map { $0["line"] } == [1, 3, 1])
    let path = frames[0]["source"]?["path"] ?? ""
    #expect(
      try kernel.body("source", ["source": ["path": path]])["content"] == .string(definitions))
    let scopes = try kernel.body("scopes", ["frameId": frames[1]["id"] ?? 0])["scopes"]?.arrayValue
    #expect(scopes?.map { $0["name"] } == ["Locals", "Globals"])
    let locals = try #require(scopes?.first?["variablesReference"])
    #expect(try kernel.variable("q", locals)?["value"] == "4")
    let rich = try kernel.body(
      "richInspectVariables", ["variableName": "p", "frameId": frames[1]["id"] ?? 0])
    #expect(rich["data"]?["text/plain"] == "3")
    _ = try kernel.body("stepOut", ["threadId": 1])
    _ = try kernel.waitForStop(cell, 4)
    let outside = try kernel.body("stackTrace")["stackFrames"]?.arrayValue ?? []
    #expect(outside.map { $0["name"] } == ["<cell>"])
    #expect(outside.map { $0["line"] } == [2])
    _ = try kernel.body("continue")
    try kernel.waitForIdle(cell)
    #expect(try kernel.variable("s")?["value"] == "25")
  }

  @Test("a breakpoint in a function that another cell defined is met where it is called")
  func breakpointInFunction() throws {
    let definition = "double(x) =\n  2x"
    try kernel.prepare(definition, breakpoints: [2])
    _ = try kernel.run(definition)
    let cell = kernel.execute("double(21)")
    #expect(try kernel.waitForStop(cell)["reason"] == "breakpoint")
    #expect(try kernel.stoppedLine() == 2)
    _ = try kernel.body("continue")
    try kernel.waitForIdle(cell)
    #expect(kernel.summaries(of: cell).contains("execute_result"))
  }

  @Test("a line can be evaluated in a stopped cell, also with its local names")
  func evaluating() throws {
    _ = try kernel.run("f(x) = x + k\nk = 10")
    let code = "f(5)"
    try kernel.prepare(code, breakpoints: [1])
    #expect(try kernel.debug("evaluate", ["expression": "1"])["success"] == false)
    let cell = kernel.execute(code)
    _ = try kernel.waitForStop(cell)
    _ = try kernel.body("stepIn")
    _ = try kernel.waitForStop(cell, 2)
    let frame = try #require(try kernel.body("stackTrace")["stackFrames"]?.arrayValue?.first?["id"])
    func evaluate(_ text: String) throws -> JSONValue {
      try kernel.debug("evaluate", ["expression": .string(text), "frameId": frame])
    }
    #expect(try evaluate("x * k")["body"]?["result"] == "50")
    #expect(try evaluate("k = 100; k")["success"] == true)
    #expect(try kernel.variable("k")?["value"] == "100")
    #expect(try evaluate("nosuch")["success"] == false)
    #expect(try evaluate("1 +")["message"]?.stringValue?.contains("SyntaxError") == true)
    _ = try kernel.body("continue")
    try kernel.waitForIdle(cell)
    let result = kernel.messages(of: cell).first { $0.type == "execute_result" }
    #expect(result?.content["data"]?["text/plain"] == "105")
  }

  @Test("with the filter for errors a cell stops where it fails, before anything is taken back")
  func errors() throws {
    let code = "a = 1\nfor i in 1:5 {\n  a = 2a\n  if i == 3 { [1, 2] + [1, 2, 3] }\n}"
    try kernel.prepare(code, breakpoints: [])
    _ = try kernel.body("setExceptionBreakpoints", ["filters": .array(["errors"])])
    let cell = kernel.execute(code)
    let stop = try kernel.waitForStop(cell)
    #expect(stop["reason"] == "exception")
    #expect(stop["text"]?.stringValue?.hasPrefix("ShapeError") == true)
    #expect(try kernel.variable("a")?["value"] == "8")
    _ = try kernel.body("continue")
    try kernel.waitForIdle(cell)
    #expect(kernel.summaries(of: cell).contains("error ShapeError"))
    #expect(try kernel.variable("a")?["value"] == "1")
  }

  @Test("a running cell can be paused, and an interrupt ends a stopped one")
  func pausing() throws {
    try kernel.prepare("x = 1", breakpoints: [])
    let cell = kernel.execute("for i in 1:200 { for j in 1:10000 { for k in 1:10000 { z = k } } }")
    try kernel.waitForBusy(cell)
    _ = try kernel.body("pause", ["threadId": 1])
    #expect(try kernel.waitForStop(cell)["reason"] == "pause")
    kernel.kernel.interrupt()
    try kernel.waitForIdle(cell)
    #expect(kernel.summaries(of: cell).contains("execute_reply error InterruptError"))
    #expect(try kernel.body("debugInfo")["stoppedThreads"] == .array([]))
  }

  @Test("ending the session lets a stopped cell go on", arguments: ["disconnect", "terminate"])
  func disconnecting(command: String) throws {
    try kernel.prepare(code, breakpoints: [2])
    let cell = kernel.execute(code)
    _ = try kernel.waitForStop(cell)
    _ = try kernel.body(command)
    try kernel.waitForIdle(cell)
    #expect(kernel.summaries(of: cell).contains("stdout: 21\n"))
    #expect(try kernel.run(code).map(\.summary).contains("stdout: 21\n"))
  }

  @Test("cells of a subshell stop by themselves, while the main shell works")
  func subshells() throws {
    let subshell = try kernel.subshell()
    try kernel.prepare(code, breakpoints: [8])
    let cell = kernel.execute(code, header: ["subshell_id": .string(subshell)])
    let thread = try #require(try kernel.waitForStop(cell)["threadId"])
    #expect(thread != 1)
    #expect(try kernel.run("1 + 1").map(\.summary).contains("execute_result"))
    let threads = try kernel.body("threads")["threads"]?.arrayValue?.map { $0["id"] }
    #expect(threads == [1, thread])
    _ = try kernel.body("next", ["threadId": thread])
    _ = try kernel.waitForStop(cell, 2)
    _ = try kernel.body("continue", ["threadId": thread])
    try kernel.waitForIdle(cell)
  }

  @Test("the path of a cell is MurmurHash2 of its text")
  func paths() throws {
    // Values of an implementation that JupyterLab agrees with.
    for (code, hash): (String, UInt32) in [
      ("", 0xE297_7669), ("a", 0xA2A5_38F8), ("ab", 0xB772_4911), ("abc", 0x2B27_8A39),
      ("abcd", 0x8E28_6020), ("abcde", 0x2732_7532), ("σ(z) = 1/(1 + e^-z)\n", 0x7D21_870F),
    ] {
      let path = try kernel.body("dumpCell", ["code": .string(code)])["sourcePath"]?.stringValue
      #expect(path?.hasSuffix("/\(hash).nabla") == true)
    }
    let first = try kernel.body("dumpCell", ["code": "a = 1"])["sourcePath"]
    #expect(try kernel.body("dumpCell", ["code": "a = 1"])["sourcePath"] == first)
    #expect(try kernel.body("dumpCell", ["code": "a = 2"])["sourcePath"] != first)
  }
}
