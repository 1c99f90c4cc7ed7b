import Display
import JupyterProtocol
import Language
import Session

/// Receives what a running cell emits and publishes it.
final class ExecutionHost: CellHost {
  /// How much text one cell may print; more would bring the front end to a halt.
  static let textLimit = 8 << 20

  private let request: IncomingRequest
  private let cell: ExecuteRequest
  private let executionCount: Int
  private let outbox: any Outbox
  private let inputs: InputDesk
  private var printedBytes = 0
  /// What the reply hands to the pager.
  private(set) var pages: [MIMEContent] = []
  /// The plain text of the cell's result, for the history.
  private(set) var resultText: String?

  init(
    _ request: IncomingRequest, cell: ExecuteRequest, executionCount: Int, outbox: any Outbox,
    inputs: InputDesk
  ) {
    self.request = request
    self.cell = cell
    self.executionCount = executionCount
    self.outbox = outbox
    self.inputs = inputs
  }

  func emit(_ output: CellOutput) {
    if case .page(let bundle) = output { return pages.append(MIMEContent(bundle)) }
    guard !cell.isSilent else { return }
    switch output {
    case .stream(let name, let text): print(text, to: name)
    case .display(let bundle, let identity):
      publish(DisplayData(MIMEContent(bundle), displayID: identity))
    case .updateDisplay(let bundle, let identity):
      publish(DisplayData(updating: identity, with: MIMEContent(bundle)))
    case .result(let bundle):
      resultText = bundle.data[MIMEType.plain]?.stringValue
      publish(ExecuteResult(MIMEContent(bundle), executionCount: executionCount))
    case .clear(let wait): publish(ClearOutput(wait: wait))
    case .page: break
    }
  }

  func readLine(prompt: String) throws(InputUnavailable) -> String? {
    guard cell.allowsInput else { throw InputUnavailable() }
    outbox.flushText()
    return try inputs.ask(prompt, for: request)
  }

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

extension MIMEContent {
  init(_ bundle: MIMEBundle) { self.init(data: bundle.data, metadata: bundle.metadata) }
}

extension ErrorContent {
  init(_ report: ErrorReport) {
    self.init(name: report.name, message: report.message, traceback: report.traceback)
  }
}
