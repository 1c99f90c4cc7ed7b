import Display
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
  private var printedBytes = 0
  /// What the reply hands to the pager.
  private(set) var pages: [MIMEContent] = []
  /// The plain text of the cell's result, for the history.
  private(set) var resultText: String?

  init(
    _ request: IncomingRequest, executionCount: Int, outbox: any Outbox, inputs: InputDesk,
    comms: CommRegistry, displays: DisplayPlaces
  ) {
    self.request = request
    self.displays = displays
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
      publish(DisplayData(updating: identity, with: MIMEContent(bundle)))
    case .display(let bundle, let identity):
      publish(DisplayData(MIMEContent(bundle), displayID: identity))
    case .updateDisplay(let bundle, let identity):
      publish(DisplayData(updating: identity, with: MIMEContent(bundle)))
    case .result(let bundle):
      resultText = bundle.data[MIMEType.plain]?.stringValue
      guard cell != nil else { return publish(DisplayData(MIMEContent(bundle))) }
      publish(ExecuteResult(MIMEContent(bundle), executionCount: executionCount))
    case .clear(let wait):
      displays.forget(cell: request.cellIdentity)
      publish(ClearOutput(wait: wait))
    case .page: break
    }
  }

  func readLine(prompt: String) throws(InputUnavailable) -> String? {
    guard cell?.allowsInput == true else { throw InputUnavailable() }
    outbox.flushText()
    return try inputs.ask(prompt, for: request)
  }

  func openDisplay(_ bundle: MIMEBundle) -> (any OpenDisplay)? {
    guard !isSilent else { return nil }
    let identity = String(UInt128.random(in: 0 ... .max), radix: 16)
    publish(DisplayData(MIMEContent(bundle), displayID: identity))
    return PublishedDisplay(identity: identity, outbox: outbox, cause: request.message.header)
  }

  func openComm(
    to target: String, _ content: CommContent, handler: @escaping CommHandler
  ) -> (any OpenComm)? {
    guard !isSilent else { return nil }
    return comms.open(target, content, for: request.message.header, handler: handler)
  }

  private var isSilent: Bool { cell?.isSilent == true }

  private func publish(_ content: some MessageContent) {
    outbox.publish(OutgoingMessage(broadcast: content, parent: request.message.header))
  }

  /// Prints up to the limit; the text that crosses it is followed by a notice, later text is left out.
  private func print(_ text: String, to stream: StreamName) {
    guard printedBytes <= Self.textLimit, !text.isEmpty else { return }
    printedBytes += text.utf8.count
    let parent = request.message.header
    guard printedBytes > Self.textLimit else {
      return outbox.publish(text: text, to: stream.rawValue, parent: parent)
    }
    let excess = printedBytes - Self.textLimit
    var end = text.utf8.index(text.utf8.endIndex, offsetBy: -excess)
    // Not within a character.
    while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
    let head = String(text[..<end])
    outbox.publish(text: head, to: stream.rawValue, parent: parent)
    outbox.publish(
      text: "\n[this cell has printed \(Self.textLimit >> 20) MB; what follows is not shown]\n",
      to: StreamName.stderr.rawValue, parent: parent)
  }
}

/// A display that a request has opened.
private struct PublishedDisplay: OpenDisplay {
  let identity: String
  let outbox: any Outbox
  /// What opened it; an update by a thread that is at no message is its doing as well.
  let cause: MessageHeader

  func update(_ bundle: MIMEBundle) {
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
