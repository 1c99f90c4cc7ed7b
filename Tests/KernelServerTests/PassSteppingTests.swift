import JSONText
import JupyterProtocol
import KernelServer
import Testing

@Suite("Stepping through the passes of a network", .serialized)
struct PassSteppingTests {
  private let kernel = KernelInMemory(language: NablaLanguage())
  private let definition = """
    x = [2, 1]; y = [1]
    network N {
      input 2
      dense 3, tanh
      dense 2, relu
      dense 1, sigmoid
      loss bce
    }
    """

  /// Defines the network, with breakpoints in its block.
  private func define(breakpoints lines: [Int]) throws {
    try kernel.prepare(definition, breakpoints: lines)
    #expect(try kernel.run(definition).map(\.summary).contains("execute_reply ok"))
  }

  private func frame() throws -> JSONValue {
    try #require(
      try kernel.body("stackTrace", ["threadId": 1])["stackFrames"]?.arrayValue?.first)
  }

  /// What the panel shows of the pass, as name: value.
  private func shown() throws -> [String: String] {
    let scopes = try kernel.body("scopes", ["frameId": frame()["id"] ?? 0])["scopes"]?.arrayValue
    #expect(scopes?.first?["name"] == "Locals")
    let list = try kernel.body(
      "variables", ["variablesReference": scopes?.first?["variablesReference"] ?? 0])
    var result: [String: String] = [:]
    for variable in list["variables"]?.arrayValue ?? [] {
      result[variable["name"]?.stringValue ?? ""] = variable["value"]?.stringValue
    }
    return result
  }

  /// The lines at which a cell stops, each told to go on by a command, until it ends.
  private func stops(_ cell: String, _ command: String = "continue", most: Int = 40) throws
    -> [String]
  {
    var places: [String] = []
    while places.count < most {
      while kernel.events(cell).count(where: { $0["event"] == "stopped" }) <= places.count {
        if kernel.summaries(of: cell).contains("idle") { return places }
        WakeSignal().wait(milliseconds: 2)
      }
      let frame = try frame()
      places.append("\(frame["name"]?.stringValue ?? ""):\(frame["line"]?.integerValue ?? 0)")
      _ = try kernel.body(command, ["threadId": 1])
    }
    return places
  }

  @Test("a forward pass stops before each layer, with what has been computed so far")
  func forward() throws {
    try define(breakpoints: [4, 5, 6])
    let cell = kernel.execute("r = forward(N, x); r.z[1]")
    #expect(try kernel.waitForStop(cell)["reason"] == "breakpoint")
    #expect(try frame()["name"] == "N forward, layer 1" && frame()["line"] == 4)
    var values = try shown()
    #expect(values["a[0]"] == "[2, 1]")
    for name in ["z[1]", "a[1]", "z[2]", "a[2]", "z[3]", "a[3]"] { #expect(values[name] == "—") }
    _ = try kernel.body("continue", ["threadId": 1])
    _ = try kernel.waitForStop(cell, 2)
    values = try shown()
    #expect(try frame()["line"] == 5)
    #expect(values["z[1]"]?.hasPrefix("[") == true && values["a[1]"]?.hasPrefix("[") == true)
    #expect(values["z[2]"] == "—" && values["a[3]"] == "—")
    // The value is that of the result, and can be looked at whole.
    let rich = try kernel.body(
      "richInspectVariables", ["variableName": "z[1]", "frameId": frame()["id"] ?? 0])
    let told = try kernel.body(
      "evaluate", ["expression": "z[1]", "frameId": frame()["id"] ?? 0])
    #expect(told["result"] == rich["data"]?["text/plain"])
    _ = try kernel.body("continue", ["threadId": 1])
    _ = try kernel.waitForStop(cell, 3)
    _ = try kernel.body("continue", ["threadId": 1])
    try kernel.waitForIdle(cell)
    let result = kernel.messages(of: cell).first { $0.type == "execute_result" }
    #expect(result?.content["data"]?["text/plain"] == rich["data"]?["text/plain"])
  }

  @Test("the way back stops from the last layer to the first, with the gradients so far")
  func backward() throws {
    try define(breakpoints: [5])
    let cell = kernel.execute("g = backward(N, x, y)")
    _ = try kernel.waitForStop(cell)
    #expect(try frame()["name"] == "N forward, layer 2")
    _ = try kernel.body("continue", ["threadId": 1])
    _ = try kernel.waitForStop(cell, 2)
    #expect(try frame()["name"] == "N backward, layer 2")
    let values = try shown()
    for name in ["z[3]", "∂L/∂a[3]", "∂L/∂z[3]", "∂L/∂W[3]", "∂L/∂b[3]", "∂L/∂a[2]"] {
      #expect(values[name]?.hasPrefix("[") == true, "\(name)")
    }
    for name in ["∂L/∂z[2]", "∂L/∂W[2]", "∂L/∂b[2]", "∂L/∂a[1]", "∂L/∂z[1]", "∂L/∂W[1]"] {
      #expect(values[name] == "—", "\(name)")
    }
    _ = try kernel.body("continue", ["threadId": 1])
    try kernel.waitForIdle(cell)
  }

  @Test("a step over goes to the next layer, forward, back, and on to the next statement")
  func steppingOver() throws {
    try define(breakpoints: [4])
    let code = "step(N, x, y);\nb = 1"
    let cell = kernel.execute(code)
    #expect(
      try stops(cell, "next") == [
        "N forward, layer 1:4", "N forward, layer 2:5", "N forward, layer 3:6",
        "N backward, layer 3:6", "N backward, layer 2:5", "N backward, layer 1:4", "<cell>:2",
      ])
  }

  @Test("a step into a pass enters it, one over it does not, one out leaves it")
  func steppingInto() throws {
    try define(breakpoints: [])
    let code = "forward(N, x);\nforward(N, x);\nc = 2"
    try kernel.prepare(code, breakpoints: [1])
    let cell = kernel.execute(code)
    var places: [String] = []
    for command in ["stepIn", "stepOut", "next", "continue"] {
      _ = try kernel.waitForStop(cell, places.count + 1)
      let frame = try frame()
      places.append("\(frame["name"]?.stringValue ?? ""):\(frame["line"]?.integerValue ?? 0)")
      _ = try kernel.body(command, ["threadId": 1])
    }
    try kernel.waitForIdle(cell)
    #expect(places == ["<cell>:1", "N forward, layer 1:4", "<cell>:2", "<cell>:3"])
  }

  @Test("inside of loops and trainings every update stops", arguments: ["", ", batch_size = 2"])
  func training(options: String) throws {
    try define(breakpoints: [6])
    let cell = kernel.execute(
      "for i in 1:2 { train(N, [1, 2; 3, 4; 5, 6; 7, 8], [0, 1, 0, 1], epochs = 3\(options)); }")
    let updates = options.isEmpty ? 6 : 12
    #expect(
      try stops(cell)
        == Array(
          repeating: ["N forward, layer 3:6", "N backward, layer 3:6"], count: updates
        ).flatMap { $0 })
  }

  @Test("an interrupt ends a stopped pass, and a training keeps what it has learnt")
  func interrupting() throws {
    try define(breakpoints: [6])
    for code in ["forward(N, x)", "train(N, x, y, epochs = 3)"] {
      let cell = kernel.execute(code)
      _ = try kernel.waitForStop(cell)
      kernel.kernel.interrupt()
      try kernel.waitForIdle(cell)
      #expect(kernel.summaries(of: cell).contains("execute_reply error InterruptError"))
    }
  }

  @Test("values are the same with and without a debugger, and without breakpoints nothing stops")
  func sameValues() throws {
    try define(breakpoints: [])
    let code = "reset(N); train(N, x, y, epochs = 5); N.W[1]"
    let debugged = try kernel.run(code).first { $0.type == "execute_result" }
    _ = try kernel.body("disconnect")
    let plain = try kernel.run(code).first { $0.type == "execute_result" }
    #expect(debugged?.content["data"] == plain?.content["data"])
  }
}
