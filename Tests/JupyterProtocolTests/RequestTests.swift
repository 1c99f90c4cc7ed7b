import JSONText
import JupyterProtocol
import Testing

@Suite("Requests")
struct RequestTests {
  @Test("an execute request has the protocol's defaults")
  func executeDefaults() throws {
    guard case .execute(let cell) = try Request(received("execute_request", ["code": "1+1"])) else {
      Issue.record("not understood")
      return
    }
    #expect(cell.code == "1+1")
    #expect(!cell.isSilent)
    #expect(cell.storesHistory)
    #expect(!cell.allowsInput)
    #expect(cell.stopsOnError)
    #expect(cell.userExpressions.isEmpty)
  }

  @Test("an execute request's members are read; a silent cell is never stored")
  func executeMembers() throws {
    let content: JSONObject = [
      "code": "", "silent": true, "store_history": true, "allow_stdin": true,
      "stop_on_error": false, "user_expressions": ["b": "1", "a": "2"],
    ]
    guard case .execute(let cell) = try Request(received("execute_request", content)) else {
      Issue.record("not understood")
      return
    }
    #expect(cell.isSilent)
    #expect(!cell.storesHistory)
    #expect(cell.allowsInput)
    #expect(!cell.stopsOnError)
    #expect(cell.userExpressions.map(\.name) == ["b", "a"])
    #expect(cell.userExpressions.map(\.expression) == ["1", "2"])
  }

  @Test("a cursor may be missing, null, negative or a whole double")
  func cursors() throws {
    let cursors: [(JSONValue?, Int)] = [
      (nil, .max), (.null, .max), (-5, 0), (.number(3), 3), (7, 7),
    ]
    for (value, expected) in cursors {
      var content: JSONObject = ["code": "x"]
      content["cursor_pos"] = value
      guard case .complete(let complete) = try Request(received("complete_request", content)),
        case .inspect(let inspect) = try Request(received("inspect_request", content))
      else {
        Issue.record("not understood")
        return
      }
      #expect(complete.cursor == expected)
      #expect(inspect.cursor == expected)
      #expect(inspect.detail == 0)
    }
  }

  @Test("history requests of each kind are read")
  func history() throws {
    func access(_ content: JSONObject) throws -> HistoryRequest.Access? {
      guard case .history(let request) = try Request(received("history_request", content)) else {
        return nil
      }
      return request.access
    }
    #expect(try access([:]) == .tail(count: 10))
    #expect(try access(["hist_access_type": "tail", "n": 3]) == .tail(count: 3))
    #expect(
      try access(["hist_access_type": "range", "session": -1, "start": 2, "stop": 5])
        == .range(session: -1, start: 2, stop: 5))
    #expect(try access(["hist_access_type": "range"]) == .range(session: 0, start: 0, stop: nil))
    #expect(
      try access(["hist_access_type": "search", "pattern": "a*", "unique": true, "n": 3])
        == .search(pattern: "a*", count: 3, unique: true))
    #expect(
      try access(["hist_access_type": "search", "n": .null])
        == .search(pattern: "*", count: nil, unique: false))
  }

  @Test("requests without members and comms are read")
  func others() throws {
    func check(_ type: String, _ content: JSONObject, _ matches: (Request) -> Bool) throws {
      #expect(matches(try Request(received(type, content))), "\(type)")
    }
    try check("kernel_info_request", [:]) { if case .kernelInfo = $0 { true } else { false } }
    try check("interrupt_request", [:]) { if case .interrupt = $0 { true } else { false } }
    try check("shutdown_request", ["restart": true]) {
      if case .shutdown(let request) = $0 { request.restart } else { false }
    }
    try check("is_complete_request", ["code": "x"]) {
      if case .isComplete(let request) = $0 { request.code == "x" } else { false }
    }
    try check("comm_info_request", ["target_name": "t"]) {
      if case .commInfo(let request) = $0 { request.targetName == "t" } else { false }
    }
    try check("comm_open", ["comm_id": "c", "target_name": "t", "data": ["a": 1]]) {
      if case .comm(let open) = $0 {
        open.data == ["a": 1] && open.commID == "c" && open.kind == .open(target: "t")
      } else {
        false
      }
    }
    try check("comm_msg", ["comm_id": "c"]) {
      if case .comm(let message) = $0 {
        message.data == [:] && message.kind == .message
      } else {
        false
      }
    }
    try check("comm_close", ["comm_id": "c"]) {
      if case .comm(let close) = $0 { close.commID == "c" && close.kind == .close } else { false }
    }
    try check("status", [:]) { if case .unknown("status") = $0 { true } else { false } }
    try check("future_request", [:]) {
      if case .unknown("future_request") = $0 { true } else { false }
    }
  }

  static let spoilt: [(String, JSONObject)] = [
    ("execute_request", [:]), ("execute_request", ["code": 1]),
    ("execute_request", ["code": "", "silent": "yes"]),
    ("execute_request", ["code": "", "user_expressions": ["a": 1]]),
    ("execute_request", ["code": "", "user_expressions": "a"]),
    ("complete_request", ["cursor_pos": 1]), ("complete_request", ["code": "", "cursor_pos": "1"]),
    ("inspect_request", ["code": "", "cursor_pos": .number(1.5)]),
    ("is_complete_request", ["code": .null]),
    ("history_request", ["hist_access_type": "all"]), ("comm_open", [:]),
  ]

  @Test("a spoilt member is named", arguments: spoilt)
  func spoiltMembers(type: String, content: JSONObject) throws {
    let message = try received(type, content)
    #expect { try Request(message) } throws: { error in
      (error as? ContentError)?.message.isEmpty == false
    }
  }

  @Test("every request type that has a reply is understood as a request")
  func registry() throws {
    for type in MessageType.allCases where type.reply != nil {
      let request = try Request(
        received(type.rawValue, ["code": "", "subshell_id": "s", "command": "c"]))
      if case .unknown = request { Issue.record("\(type.rawValue) is not understood") }
    }
  }
}
