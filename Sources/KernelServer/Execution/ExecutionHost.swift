import Display
import JSONText
import JupyterProtocol
import Language

/// Receives what a cell, or the answer to a comm's message, emits and publishes it as that request's doing.
final class ExecutionHost: CellHost {
  /// How much text one cell may print; more would bring the front end to a halt.
  static let textLimit = 8 << 20

  private let request: IncomingRequest
  /// nil for a comm's message.
  private let cell: ExecuteRequest?
  private let executionCount: Int
  private let outbox: any Outbox
  private let inputs: InputDesk
  private let comms: CommRegistry
  private let displays: DisplayPlaces
  private let transcript = Transcript()
  /// The display of what is shown for the time being.
  private var passing: String?
  private let newer: () -> [JSONObject]
  private var printedBytes = 0
  /// What the reply hands to the pager.
  private(set) var pages: [MIMEContent] = []
  /// The plain text of the cell's result, for the history.
  private(set) var resultText: String?

  init(
    _ request: IncomingRequest, executionCount: Int, outbox: any Outbox, inputs: InputDesk,
    comms: CommRegistry, displays: DisplayPlaces, newer: @escaping () -> [JSONObject] = { [] }
  ) {
    self.request = request
    self.displays = displays
    self.newer = newer
    cell = if case .execute(let cell) = request.request { cell } else { nil }
    self.comms = comms
    self.executionCount = executionCount
    self.outbox = outbox
    self.inputs = inputs
  }

  func emit(_ output: CellOutput) {
    if case .page(let bundle) = output { return pages.append(MIMEContent(bundle)) }
    guard !isSilent else { return }
    switch output {
    case .stream(let name, let text): print(text, to: name)
    case .display(let bundle, let identity?)
    where !displays.opens(identity, in: request.cellIdentity):
      update(identity, MIMEContent(bundle))
    case .display(let bundle, let identity):
      show(.display(MIMEContent(bundle), identity: identity))
    case .updateDisplay(let bundle, let identity): update(identity, MIMEContent(bundle))
    case .result(let bundle):
      resultText = bundle.data[MIMEType.plain]?.stringValue
      show(
        cell == nil
          ? .display(MIMEContent(bundle), identity: nil) : .result(MIMEContent(bundle)))
    case .clear(let wait):
      displays.forget(cell: request.cellIdentity)
      passing = nil
      transcript.clear()
      publish(ClearOutput(wait: wait))
    case .page: break
    }
  }

  // MARK: - What is shown

  private func show(_ entry: Transcript.Entry) {
    endPassing(isFollowed: true)
    transcript.add(entry)
    send(entry)
  }

  private func update(_ identity: String, _ content: MIMEContent) {
    transcript.replace(identity, with: content)
    publish(DisplayData(updating: identity, with: content))
  }

  private func send(_ entry: Transcript.Entry) {
    switch entry {
    case .text(let text, let stream):
      outbox.publish(text: text, to: stream.rawValue, parent: request.message.header)
    case .display(let content, let identity):
      publish(DisplayData(content, displayID: identity))
    case .result(let content): publish(ExecuteResult(content, executionCount: executionCount))
    }
  }

  /// A front end that does not say which cell it is at may be a terminal, which cannot clear what it has printed: it is
  /// shown something only where nothing else would have to be shown again. In a terminal that cannot be seen either,
  /// since what is shown at first has no text.
  func showMeanwhile(_ bundle: MIMEBundle) -> Bool {
    guard !isSilent, cell != nil, transcript.isWhole,
      transcript.isEmpty || request.message.metadata["cellId"] != nil
    else { return false }
    if passing == nil {
      let identity = String(UInt128.random(in: 0 ... .max), radix: 16)
      passing = identity
      var content = MIMEContent(bundle)
      content.data[MIMEType.plain] = nil
      publish(DisplayData(content, displayID: identity))
    }
    if let passing { publish(DisplayData(updating: passing, with: MIMEContent(bundle))) }
    return true
  }

  /// What was shown for the time being goes; what else was shown stays.
  private func endPassing(isFollowed: Bool) {
    guard passing != nil else { return }
    passing = nil
    let entries = transcript.entries
    publish(ClearOutput(wait: isFollowed || !entries.isEmpty))
    for entry in entries { send(entry) }
  }

  /// The cell is over, but for its reply.
  func end() { endPassing(isFollowed: false) }

  func readLine(prompt: String) throws(InputUnavailable) -> String? {
    guard cell?.allowsInput == true else { throw InputUnavailable() }
    outbox.flushText()
    let line = try inputs.ask(prompt, for: request)
    // Front ends write down what was asked and answered.
    if let line { transcript.add(.text("\(prompt)\(line)\n", stream: .stdout)) }
    return line
  }

  func openDisplay(_ bundle: MIMEBundle) -> (any OpenDisplay)? {
    guard !isSilent else { return nil }
    let identity = String(UInt128.random(in: 0 ... .max), radix: 16)
    show(.display(MIMEContent(bundle), identity: identity))
    return PublishedDisplay(
      identity: identity, outbox: outbox, cause: request.message.header, transcript: transcript)
  }

  func openComm(
    to target: String, _ content: CommContent, handler: @escaping CommHandler
  ) -> (any OpenComm)? {
    guard !isSilent else { return nil }
    return comms.open(target, content, for: request.message.header, handler: handler)
  }

  var waitingMessages: [JSONObject] { newer() }

  private var isSilent: Bool { cell?.isSilent == true }

  private func publish(_ content: some MessageContent) {
    outbox.publish(OutgoingMessage(broadcast: content, parent: request.message.header))
  }

  /// Prints up to the limit; the text that crosses it is followed by a notice, later text is left out.
  private func print(_ text: String, to stream: StreamName) {
    guard printedBytes <= Self.textLimit, !text.isEmpty else { return }
    printedBytes += text.utf8.count
    guard printedBytes > Self.textLimit else {
      return show(.text(text, stream: stream))
    }
    let excess = printedBytes - Self.textLimit
    var end = text.utf8.index(text.utf8.endIndex, offsetBy: -excess)
    // Not within a character.
    while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
    let head = String(text[..<end])
    show(.text(head, stream: stream))
    show(
      .text(
        "\n[this cell has printed \(Self.textLimit >> 20) MB; what follows is not shown]\n",
        stream: .stderr))
  }
}

/// A display that a request has opened.
private struct PublishedDisplay: OpenDisplay {
  let identity: String
  let outbox: any Outbox
  /// What opened it; an update by a thread that is at no message is its doing as well.
  let cause: MessageHeader
  let transcript: Transcript

  func update(_ bundle: MIMEBundle) {
    transcript.replace(identity, with: MIMEContent(bundle))
    outbox.publish(
      OutgoingMessage(
        broadcast: DisplayData(updating: identity, with: MIMEContent(bundle)),
        parent: Cause.current ?? cause))
  }
}

extension MIMEContent {
  init(_ bundle: MIMEBundle) { self.init(data: bundle.data, metadata: bundle.metadata) }
}

extension ErrorContent {
  init(_ report: ErrorReport) {
    self.init(name: report.name, message: report.message, traceback: report.traceback)
  }
}
