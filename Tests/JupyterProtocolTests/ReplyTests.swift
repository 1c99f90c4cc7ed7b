import JSONText
import JupyterProtocol
import Testing

@Suite("Contents that the kernel sends")
struct ReplyTests {
  private static let bundle = MIMEContent(data: ["text/plain": "2"], metadata: ["m": 1])
  private static let failure = ErrorContent(name: "E", message: "v", traceback: ["a", "b"])

  static let contents: [(any MessageContent, String)] = [
    (Status(.idle), #"{"execution_state":"idle"}"#),
    (Welcome(subscription: ""), #"{"subscription":""}"#),
    (StreamContent(name: "stdout", text: "a\n"), #"{"name":"stdout","text":"a\n"}"#),
    (ClearOutput(wait: true), #"{"wait":true}"#),
    (ExecuteInput(code: "x", executionCount: 3), #"{"code":"x","execution_count":3}"#),
    (
      ExecuteResult(bundle, executionCount: 1),
      #"{"execution_count":1,"data":{"text/plain":"2"},"metadata":{"m":1},"transient":{}}"#
    ),
    (DisplayData(bundle), #"{"data":{"text/plain":"2"},"metadata":{"m":1},"transient":{}}"#),
    (
      DisplayData(updating: "d", with: bundle),
      #"{"data":{"text/plain":"2"},"metadata":{"m":1},"transient":{"display_id":"d"}}"#
    ),
    (failure, #"{"ename":"E","evalue":"v","traceback":["a","b"]}"#),
    (
      ErrorReply(.inspectReply, failure),
      #"{"status":"error","ename":"E","evalue":"v","traceback":["a","b"]}"#
    ),
    (
      ErrorReply(.executeReply, failure, executionCount: 4),
      #"{"status":"error","ename":"E","evalue":"v","traceback":["a","b"],"execution_count":4,"#
        + #""user_expressions":{},"payload":[]}"#
    ),
    (
      ExecuteReply(
        executionCount: 2,
        userExpressions: [("good", .value(bundle)), ("bad", .failure(failure))], pages: [bundle]),
      #"{"status":"ok","execution_count":2,"user_expressions":{"#
        + #""good":{"status":"ok","data":{"text/plain":"2"},"metadata":{"m":1}},"#
        + #""bad":{"status":"error","ename":"E","evalue":"v","traceback":["a","b"]}},"#
        + #""payload":[{"source":"page","data":{"text/plain":"2"},"start":0}]}"#
    ),
    (
      CompleteReply(
        matches: [.init(text: "sin", type: "function", signature: "sin(x)")], start: 0, end: 2),
      #"{"status":"ok","matches":["sin"],"cursor_start":0,"cursor_end":2,"metadata":{"#
        + #""_jupyter_types_experimental":[{"start":0,"end":2,"text":"sin","type":"function","#
        + #""signature":"sin(x)"}]}}"#
    ),
    (
      InspectReply(bundle),
      #"{"status":"ok","found":true,"data":{"text/plain":"2"},"metadata":{"m":1}}"#
    ),
    (InspectReply(nil), #"{"status":"ok","found":false,"data":{},"metadata":{}}"#),
    (IsCompleteReply.complete, #"{"status":"complete"}"#),
    (IsCompleteReply.invalid, #"{"status":"invalid"}"#),
    (IsCompleteReply.incomplete(indent: "  "), #"{"status":"incomplete","indent":"  "}"#),
    (
      HistoryReply(
        [HistoryEntry(session: 1, line: 2, input: "x", output: "3")], includesOutput: false),
      #"{"status":"ok","history":[[1,2,"x"]]}"#
    ),
    (
      HistoryReply(
        [
          HistoryEntry(session: 1, line: 2, input: "x", output: "3"),
          HistoryEntry(session: 1, line: 3, input: "y", output: nil),
        ], includesOutput: true),
      #"{"status":"ok","history":[[1,2,["x","3"]],[1,3,["y",null]]]}"#
    ),
    (InterruptReply(), #"{"status":"ok"}"#),
    (ShutdownReply(restart: true), #"{"status":"ok","restart":true}"#),
    (CommInfoReply([("c", "t")]), #"{"status":"ok","comms":{"c":{"target_name":"t"}}}"#),
    (
      CommMessage(.open(target: "t"), commID: "c", data: ["a": 1]),
      #"{"comm_id":"c","target_name":"t","data":{"a":1}}"#
    ),
    (CommMessage(.message, commID: "c"), #"{"comm_id":"c","data":{}}"#),
    (CommMessage(.close, commID: "c"), #"{"comm_id":"c","data":{}}"#),
    (InputRequest(prompt: "?"), #"{"prompt":"?","password":false}"#),
  ]

  @Test("each content is written as the protocol says", arguments: contents.indices)
  func asTheProtocolSays(index: Int) throws {
    let (content, text) = Self.contents[index]
    #expect(try written(content).text == text)
  }

  @Test("a kernel_info reply has what strict clients want")
  func kernelInfo() throws {
    let reply = KernelInfoReply(
      implementation: "nabla", implementationVersion: "1",
      language: .init(
        name: "nabla", version: "1", mimetype: "text/x-nabla", fileExtension: ".nabla",
        pygmentsLexer: "text", codeMirrorMode: ["name": "nabla", "version": 1]),
      banner: "b", helpLinks: [.init(text: "t", url: "u")], supportedFeatures: ["debugger"])
    let content = try written(reply)
    #expect(content["status"] == "ok")
    #expect(content["protocol_version"] == "5.5")
    #expect(content["language_info"]?["file_extension"] == ".nabla")
    #expect(content["language_info"]?["codemirror_mode"]?["version"] == 1)
    #expect(content["debugger"] == true)
    #expect(content["help_links"] == .array([["text": "t", "url": "u"]]))
  }

  @Test("an input reply needs a text")
  func inputReply() throws {
    #expect(try InputReply(received("input_reply", ["value": "x"])).value == "x")
    #expect(throws: ContentError.self) { try InputReply(received("input_reply", [:])) }
  }
}
