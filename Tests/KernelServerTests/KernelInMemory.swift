import JSONText
import JupyterProtocol
import KernelServer
import MatrixEngine
import Synchronization
import Testing

/// A message that the kernel sent, as a client would read it.
struct SentMessage: Sendable {
  var channel: String
  var type: String
  var parentID: String?
  var identities: [[UInt8]]
  var content: JSONValue
  var metadata: JSONValue = [:]
  var buffers: [[UInt8]] = []

  /// `busy`, `execute_input`, `stream stdout a`, `execute_reply error`…: enough to compare orders.
  var summary: String {
    switch type {
    case "status": content["execution_state"]?.stringValue ?? "?"
    case "stream":
      "\(content["name"]?.stringValue ?? "?"): \(content["text"]?.stringValue ?? "?")"
    case "error": "error \(content["ename"]?.stringValue ?? "?")"
    case _ where type.hasSuffix("_reply"):
      [type, content["status"]?.stringValue, content["ename"]?.stringValue].compactMap { $0 }
        .joined(separator: " ")
    default: type
    }
  }
}

/// Records what the kernel sends, in order over all channels; printed text is joined as on the wire.
final class RecordingOutbox: Outbox {
  private let sent = Mutex<[SentMessage]>([])
  private let news = WakeSignal()
  /// Whether the client has its stdin connected.
  let hasStdin = Atomic<Bool>(true)

  var messages: [SentMessage] { sent.withLock { $0 } }

  func publish(_ message: OutgoingMessage) { record(message, "iopub") }

  func publish(text: String, to stream: String, parent: MessageHeader) {
    let joined = sent.withLock { sent in
      guard var last = sent.last, last.type == "stream", last.parentID == parent.messageID,
        last.content["name"]?.stringValue == stream, let start = last.content["text"]?.stringValue
      else { return false }
      last.content = ["name": .string(stream), "text": .string(start + text)]
      sent[sent.count - 1] = last
      return true
    }
    guard !joined else { return }
    publish(
      OutgoingMessage(broadcast: StreamContent(name: stream, text: text), parent: parent))
  }

  func flushText() {}

  func send(_ message: OutgoingMessage, on channel: ClientChannel) -> Bool {
    guard channel != .stdin || hasStdin.load(ordering: .relaxed) else { return false }
    record(message, channel.rawValue)
    return true
  }

  func expectSubscriber(connectedSince moment: ContinuousClock.Instant) {}
  func expectSubscribers(_ count: Int) {}

  private func record(_ message: OutgoingMessage, _ channel: String) {
    let parent = try? JSONParser.parse(message.parentHeader)
    let content = (try? JSONParser.parse(message.content)) ?? .null
    sent.withLock { sent in
      sent.append(
        SentMessage(
          channel: channel, type: message.type.rawValue, parentID: parent?["msg_id"]?.stringValue,
          identities: message.identities, content: content,
          metadata: (try? JSONParser.parse(message.metadata)) ?? .null, buffers: message.buffers))
    }
    news.raise()
  }

  /// Waits until a message that fits has been sent.
  func wait(for condition: (SentMessage) -> Bool) throws -> SentMessage {
    let deadline = Monotonic.now + .seconds(20)
    while Monotonic.now < deadline {
      news.clear()
      if let found = messages.first(where: condition) { return found }
      news.wait(milliseconds: 100)
    }
    throw Missing()
  }

  struct Missing: Error {}
}

/// A kernel without sockets, and a client's means to speak to it.
final class KernelInMemory {
  let outbox = RecordingOutbox()
  let kernel: Kernel
  private let authenticator: MessageAuthenticator
  private var count = 0

  init(
    key: [UInt8] = [], language: any KernelLanguage = ScriptedLanguage(),
    makeHistory: @escaping @Sendable () throws(HistoryError) -> any HistoryStore = {
      MemoryHistory()
    }
  ) {
    authenticator = MessageAuthenticator(key: key)
    let shutdown = WakeSignal()
    kernel = Kernel(
      outbox: outbox, authenticator: MessageAuthenticator(key: key), language: language,
      ports: [.shell: 4_001, .control: 4_002, .iopub: 4_003, .stdin: 4_004, .heartbeat: 4_005],
      makeHistory: makeHistory, onShutdown: { shutdown.raise() })
    shutdownSignal = shutdown
    kernel.start()
  }

  private let shutdownSignal: WakeSignal

  var isShutDown: Bool { shutdownSignal.wait(milliseconds: 0) }

  deinit { kernel.stop() }

  /// The frames of a message of its own identity.
  func frames(
    _ type: String, _ content: JSONObject, header: JSONObject = [:], parent: JSONObject = [:],
    client: String = "client", buffers: [[UInt8]] = [], metadata: JSONObject = [:]
  ) -> (id: String, frames: [[UInt8]]) {
    count += 1
    let id = "\(client)-\(count)"
    var members: JSONObject = [
      "msg_id": .string(id), "session": .string(client), "username": "u", "version": "5.3",
      "msg_type": .string(type), "date": .string(Timestamp.now.iso8601),
    ]
    for member in header.members { members[member.name] = member.value }
    var raw = RawMessage(
      identities: [Array(client.utf8)], header: JSONValue.object(members).encoded,
      parentHeader: JSONValue.object(parent).encoded, metadata: JSONValue.object(metadata).encoded,
      content: JSONValue.object(content).encoded, buffers: buffers)
    authenticator.sign(&raw)
    return (id, raw.frames)
  }

  /// Sends a request; returns its identity.
  @discardableResult
  func send(
    _ type: String, _ content: JSONObject = [:], on channel: ClientChannel = .shell,
    header: JSONObject = [:], buffers: [[UInt8]] = [], metadata: JSONObject = [:]
  ) -> String {
    let (id, frames) = frames(
      type, content, header: header, buffers: buffers, metadata: metadata)
    kernel.receive(frames, on: channel)
    return id
  }

  @discardableResult
  func execute(
    _ code: String, _ members: JSONObject = [:], header: JSONObject = [:],
    metadata: JSONObject = [:]
  ) -> String {
    var content: JSONObject = ["code": .string(code)]
    for member in members.members { content[member.name] = member.value }
    return send("execute_request", content, header: header, metadata: metadata)
  }

  /// Waits for a request's idle.
  func waitForIdle(_ id: String) throws {
    _ = try outbox.wait { $0.parentID == id && $0.summary == "idle" }
  }

  /// Waits until a request is being handled.
  func waitForBusy(_ id: String) throws {
    _ = try outbox.wait { $0.parentID == id && $0.summary == "busy" }
  }

  /// Everything that a request caused, in order.
  func messages(of id: String) -> [SentMessage] { outbox.messages.filter { $0.parentID == id } }

  func summaries(of id: String) -> [String] { messages(of: id).map(\.summary) }

  /// Runs a cell to its end.
  func run(_ code: String, _ members: JSONObject = [:], metadata: JSONObject = [:]) throws
    -> [SentMessage]
  {
    let id = execute(code, members, metadata: metadata)
    try waitForIdle(id)
    return messages(of: id)
  }

  func reply(of id: String) throws -> JSONValue {
    try outbox.wait { $0.parentID == id && $0.type.hasSuffix("_reply") }.content
  }
}
