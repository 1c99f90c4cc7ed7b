import Assistance
import Display
import JupyterProtocol
import Language
import Session
import Synchronization
import Syntax

/// The language thread: answers what needs no evaluation, also while a cell runs.
package final class LanguageLane: Sendable {
  /// The parser descends as deep as the text is nested.
  static let stackSize = 256 << 20

  private let dispatcher: Dispatcher
  private let language: any KernelLanguage
  private let comms: CommRegistry
  private let debugger: Debugger
  private let mailbox = Mailbox<IncomingRequest>()
  private let thread = Mutex<PlainThread?>(nil)

  init(
    dispatcher: Dispatcher, language: any KernelLanguage, comms: CommRegistry,
    debugger: Debugger
  ) {
    self.dispatcher = dispatcher
    self.language = language
    self.comms = comms
    self.debugger = debugger
  }

  func start() {
    thread.withLock { thread in
      thread = PlainThread(name: "language", stackSize: Self.stackSize) { [self] in run() }
    }
  }

  func put(_ request: IncomingRequest) { mailbox.put(request) }

  func close() { mailbox.close() }

  func join(milliseconds: Int) {
    thread.withLock { $0 }?.join(milliseconds: milliseconds)
  }

  private func run() {
    while let requests = mailbox.waitAndTakeAll() {
      for request in requests {
        dispatcher.serve(request) { reply(to: request) }
      }
    }
  }

  private func reply(to incoming: IncomingRequest) -> (any MessageContent)? {
    switch incoming.request {
    case .complete(let request): complete(request)
    case .inspect(let request): inspect(request)
    case .isComplete(let request): isComplete(request)
    case .findings(let request): findings(request)
    case .format(let request): format(request)
    case .debug(let request): debugger.reply(to: request, incoming)
    case .commInfo(let request): CommInfoReply(comms.open(target: request.targetName))
    default: nil
    }
  }

  private func complete(_ request: CompleteRequest) -> CompleteReply {
    let completion = LanguageService.complete(
      request.code, at: clamp(request.cursor, to: request.code), in: language.symbols)
    return CompleteReply(
      matches: completion.matches.map {
        .init(text: $0.text, type: $0.type, signature: $0.signature)
      }, start: completion.start, end: completion.end)
  }

  private func inspect(_ request: InspectRequest) -> InspectReply {
    let bundle = LanguageService.inspect(
      request.code, at: clamp(request.cursor, to: request.code), detail: request.detail,
      in: language.symbols)
    return InspectReply(bundle.map(MIMEContent.init))
  }

  private func isComplete(_ request: IsCompleteRequest) -> IsCompleteReply {
    switch LanguageService.isComplete(request.code, in: language.symbols) {
    case .complete: .complete
    case .incomplete(let indent): .incomplete(indent: indent)
    case .invalid: .invalid
    }
  }

  private func findings(_ request: FindingsRequest) -> FindingsReply {
    FindingsReply(
      LanguageService.findings(request.code, in: language.symbols).map {
        .init(
          start: $0.start, end: $0.end, name: $0.diagnostic.name.rawValue,
          message: $0.diagnostic.message, label: $0.diagnostic.label,
          help: $0.diagnostic.help ?? "")
      })
  }

  private func format(_ request: FormatRequest) -> FormatReply {
    do {
      return .formatted(try LanguageService.formatted(request.code, in: language.symbols))
    } catch {
      return .refused(
        line: SourceText(request.code).line(at: error.span?.start ?? 0),
        reason: "\(error.name.rawValue): \(error.message)")
    }
  }

  /// A cursor within the text, in Unicode scalars as the protocol counts them.
  private func clamp(_ cursor: Int, to code: String) -> Int {
    min(max(0, cursor), code.unicodeScalars.count)
  }
}
