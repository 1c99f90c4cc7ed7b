import JSONText
import JupyterProtocol
import Testing

@Suite("The wire format")
struct WireFormatTests {
  private static func bytes(_ texts: String...) -> [[UInt8]] { texts.map { Array($0.utf8) } }

  @Test("frames are told apart and put together again")
  func frames() throws {
    let frames = Self.bytes("id1", "id2", "<IDS|MSG>", "sig", "h", "p", "m", "c", "b1", "b2")
    let message = try RawMessage(frames: frames)
    #expect(message.identities == Self.bytes("id1", "id2"))
    #expect(message.signature == Array("sig".utf8))
    #expect(message.header == Array("h".utf8))
    #expect(message.parentHeader == Array("p".utf8))
    #expect(message.metadata == Array("m".utf8))
    #expect(message.content == Array("c".utf8))
    #expect(message.buffers == Self.bytes("b1", "b2"))
    #expect(message.frames == frames)
  }

  @Test("a message without delimiter or with too few frames is refused")
  func shortMessages() {
    #expect(throws: WireError.noDelimiter) { try RawMessage(frames: []) }
    #expect(throws: WireError.noDelimiter) { try RawMessage(frames: Self.bytes("a", "b", "c")) }
    for count in 0..<5 {
      let frames = Self.bytes("id", "<IDS|MSG>") + Array(repeating: [], count: count)
      #expect(throws: WireError.tooFewFrames(count)) { try RawMessage(frames: frames) }
    }
  }

  private func raw(
    header: String = #"{"msg_id":"1","session":"s","msg_type":"t"}"#, parent: String = "{}",
    metadata: String = "{}", content: String = "{}"
  ) -> RawMessage {
    RawMessage(
      identities: [], header: Array(header.utf8), parentHeader: Array(parent.utf8),
      metadata: Array(metadata.utf8), content: Array(content.utf8))
  }

  @Test("a header that is no JSON object is named, other frames are taken for empty")
  func malformedFrames() throws {
    #expect(throws: WireError.malformed(.header)) { try ReceivedMessage(raw(header: "[]")) }
    #expect(try ReceivedMessage(raw(parent: "")).parentID == nil)
    #expect(try ReceivedMessage(raw(metadata: "1")).metadata.members.isEmpty)
    let message = try ReceivedMessage(raw(content: "{\"a\":NaN}"))
    #expect(!message.hasObject && message.content.members.isEmpty)
    #expect(throws: WireError.headerWithout("msg_type")) {
      try ReceivedMessage(raw(header: #"{"msg_id":"1","session":"s"}"#))
    }
    #expect(throws: WireError.headerWithout("msg_id")) {
      try ReceivedMessage(raw(header: #"{"msg_id":1,"session":"s","msg_type":"t"}"#))
    }
  }

  @Test("a header is read, and passed on as clean JSON")
  func headers() throws {
    let text =
      #"{"msg_id":"a","msg_id":"1","session":"\ud800","username":"u","msg_type":"t","#
      + #" "date":"1970-01-01T00:00:01Z","version":"5.3","subshell_id":"sub","more":[1, 2]}"#
    let header = try MessageHeader(frame: Array(text.utf8))
    #expect(header.messageID == "1")
    #expect(header.session == "\u{FFFD}")
    #expect(header.username == "u")
    #expect(header.typeName == "t")
    #expect(header.date == Timestamp(microseconds: 1_000_000))
    #expect(header.subshellID == "sub")
    let encoded = String(decoding: header.encoded, as: UTF8.self)
    #expect(
      encoded == #"{"msg_id":"1","session":"\#u{FFFD}","username":"u","msg_type":"t","#
        + #""date":"1970-01-01T00:00:01Z","version":"5.3","subshell_id":"sub","more":[1,2]}"#)
  }

  @Test("an outgoing message has a header of its own and its parent's header")
  func outgoing() throws {
    let parent = try received("execute_request", [:]).header
    var stamp = HeaderStamp(session: "k", thread: "shell")
    let message = OutgoingMessage(
      CommMessage(.close, commID: "c", metadata: ["x": 1], buffers: [[9]]), to: [[7]],
      parent: parent)
    let raw = message.raw(stampedBy: &stamp)
    #expect(raw.identities == [[7]])
    #expect(raw.parentHeader == parent.encoded)
    #expect(raw.buffers == [[9]])
    #expect(try JSONParser.parse(raw.metadata) == ["x": 1])
    #expect(try JSONParser.parse(raw.content) == ["comm_id": "c", "data": [:]])
    let header = try JSONParser.parse(raw.header)
    #expect(header["msg_type"] == "comm_close")
    #expect(header["session"] == "k")
    #expect(header["version"] == "5.5")
    let date = try #require(header["date"]?.stringValue)
    #expect(date.hasSuffix("Z"))
    let moment = try #require(Timestamp(iso8601: date))
    #expect(abs(moment.microseconds - Timestamp.now.microseconds) < 10_000_000)
    let next = try JSONParser.parse(message.raw(stampedBy: &stamp).header)
    #expect(header["msg_id"] != next["msg_id"])
  }

  @Test("a broadcast has its type as topic and, without parent, an empty parent header")
  func broadcasts() {
    let message = OutgoingMessage(broadcast: Welcome(subscription: ""), parent: nil)
    #expect(message.identities == [Array("iopub_welcome".utf8)])
    #expect(message.parentHeader == Array("{}".utf8))
  }
}
