import Display
import JSONText
import JupyterProtocol
import Language
import MatrixEngine
import Synchronization

/// What the first cell of a session is to be told, once: looked for when it runs, so that a kernel that never runs one
/// keeps nothing from the next.
final class News: Sendable {
  private let source: Mutex<(@Sendable () -> String?)?>

  init(_ source: (@Sendable () -> String?)?) { self.source = Mutex(source) }

  func take() -> String? {
    let look = source.withLock { source in
      defer { source = nil }
      return source
    }
    return look?()
  }
}

/// A shell and its thread: runs cells and comm messages one after the other, in the order they came.
package final class Shell: Sendable {
  /// Virtual, not resident: deep recursion of a user's functions is to meet the language's limit first.
  package static let stackSize = 1 << 30

  /// nil for the main shell.
  private let identity: String?
  /// 1 for the main shell: what debuggers call it.
  private let threadNumber: Int
  private let dispatcher: Dispatcher
  private let outbox: any Outbox
  private let history: HistoryLane
  private let comms: CommRegistry
  private let displays: DisplayPlaces
  private let language: any KernelLanguage
  private let debugger: Debugger
  private let news: News
  private let stops = StopDesk()
  let inputs: InputDesk
  let interrupts: InterruptDesk
  private let mailbox = Mailbox<IncomingRequest>()
  private let thread = Mutex<PlainThread?>(nil)
  private let count = Atomic<Int>(0)

  init(
    _ identity: String?, number: Int, dispatcher: Dispatcher, outbox: any Outbox,
    history: HistoryLane, comms: CommRegistry, displays: DisplayPlaces,
    language: any KernelLanguage, debugger: Debugger, clients: ClientWatch, news: News
  ) {
    self.identity = identity
    threadNumber = number
    self.debugger = debugger
    self.news = news
    self.dispatcher = dispatcher
    self.outbox = outbox
    self.history = history
    self.comms = comms
    self.displays = displays
    self.language = language
    inputs = InputDesk(outbox: outbox, clients: clients)
    interrupts = InterruptDesk([inputs, stops])
  }

  /// The number of cells that counted.
  var executionCount: Int { count.load(ordering: .relaxed) }

  /// `watch` is where the thread looks for requests itself, while it has none.
  ///
  /// False when the system has no room for the thread.
  func start(watching watch: ShellWatch? = nil) -> Bool {
    let name = identity.map { "subshell \($0)" } ?? "evaluation"
    return thread.withLock { thread in
      thread = PlainThread(trying: name, stackSize: Self.stackSize) { [self] in run(watch) }
      return thread != nil
    }
  }

  /// False when the shell is closed and takes nothing more.
  func put(_ request: IncomingRequest) -> Bool { mailbox.put(request) }

  /// Lets nothing more in, refuses what is queued, and stops what runs.
  func close() {
    mailbox.close()
    interrupts.close()
  }

  func join(milliseconds: Int) {
    thread.withLock { $0 }?.join(milliseconds: milliseconds)
  }

  private func run(_ watch: ShellWatch?) {
    let evaluator = language.makeEvaluator(interrupts.flag)
    var failures = FailureRule()
    let stack = ThreadStack()
    while !mailbox.isClosed {
      let batch = mailbox.takeAll()
      for (place, request) in batch.enumerated() {
        if mailbox.isClosed {
          refuse(request, .closed)
          continue
        }
        watch?.beginRequest()
        handle(request, before: batch[(place + 1)...], evaluator, &failures)
        stack.release()
        watch?.endRequest()
      }
      if let watch, watch.receive() { continue }
      mailbox.wait { watch?.wait(or: $0) ?? Polling.wait(for: $0) }
    }
    for request in mailbox.takeAll() { refuse(request, .closed) }
  }

  /// Answers a request that is not to run; those that have no reply get their busy and idle.
  private func refuse(_ request: IncomingRequest, _ error: ErrorContent) {
    dispatcher.serve(request) {
      guard case .execute = request.request else { return nil }
      return ErrorReply(.executeReply, error, executionCount: executionCount)
    }
  }

  /// `later` are requests that wait already, besides those in the mailbox.
  private func handle(
    _ request: IncomingRequest, before later: ArraySlice<IncomingRequest>,
    _ evaluator: any CellEvaluator, _ failures: inout FailureRule
  ) {
    switch request.request {
    case .execute(let cell):
      let header = request.message.header
      if failures.aborts(header.session, arrival: request.arrival, sent: request.sent) {
        refuse(request, .aborted)
      } else {
        execute(cell, request, evaluator, &failures)
      }
    case .comm(let message):
      answer(message, request, evaluator) { [mailbox] in
        later.compactMap { $0.data(of: message.commID) }
          + mailbox.waiting { $0.data(of: message.commID) }
      }
    default: break
    }
  }

  private func execute(
    _ cell: ExecuteRequest, _ request: IncomingRequest, _ evaluator: any CellEvaluator,
    _ failures: inout FailureRule
  ) {
    guard interrupts.begin(arrival: request.sent ?? request.arrival) else {
      // As if it had been interrupted at once: those that wait behind it are aborted.
      if cell.stopsOnError { failures.cellFailed(of: request.message.header.session) }
      return refuse(request, .interrupted)
    }
    let number =
      cell.storesHistory ? count.wrappingAdd(1, ordering: .relaxed).newValue : executionCount
    let announcement =
      cell.isSilent ? nil : ExecuteInput(code: cell.code, executionCount: number)
    // From before anybody hears that it runs until nobody has heard yet that it has ended.
    CrashReport.note(cell: number)
    dispatcher.serve(request, announcing: announcement) {
      defer { CrashReport.note(cell: 0) }
      let host = host(for: request, executionCount: number)
      if !cell.isSilent, let news = news.take() { host.emit(.stream(.stderr, news)) }
      displays.forget(cell: request.cellIdentity, deleted: request.deletedCells)
      evaluator.observer =
        debugger.isStarted
        ? ShellDebugger(thread: threadNumber, debugger: debugger, desk: stops, cell: request) : nil
      let result = evaluator.execute(cell.code, silent: cell.isSilent, host: host)
      host.end()
      evaluator.observer = nil
      if cell.storesHistory {
        history.record(
          .init(shell: identity, line: number, input: cell.code, output: host.resultText))
      }
      defer { interrupts.end(wasInterrupted: result.isInterrupt) }
      switch result {
      case .success:
        let expressions = cell.userExpressions.map { name, expression in
          (name: name, result: Self.result(of: evaluator.evaluate(userExpression: expression)))
        }
        return ExecuteReply(
          executionCount: number, userExpressions: expressions, pages: host.pages)
      case .failure(let report):
        if cell.stopsOnError { failures.cellFailed(of: request.message.header.session) }
        let error = ErrorContent(report)
        if !cell.isSilent { publish(error, for: request) }
        return ErrorReply(.executeReply, error, executionCount: number)
      }
    }
  }

  /// Hands a comm's message to whoever has opened the comm here. There is no reply; what goes wrong is shown.
  private func answer(
    _ message: CommMessage, _ request: IncomingRequest, _ evaluator: any CellEvaluator,
    newer: @escaping () -> [JSONObject]
  ) {
    dispatcher.serve(request) {
      guard let call = comms.take(message, of: request.message.header) else { return nil }
      interrupts.beginCall()
      let result = evaluator.receive(
        call.event, of: call.comm, by: call.handler,
        host: host(for: request, executionCount: executionCount, newer: newer))
      if case .failure(let report) = result { publish(ErrorContent(report), for: request) }
      interrupts.end(wasInterrupted: result.isInterrupt)
      return nil
    }
  }

  private func host(
    for request: IncomingRequest, executionCount: Int,
    newer: @escaping () -> [JSONObject] = { [] }
  ) -> ExecutionHost {
    ExecutionHost(
      request, executionCount: executionCount, outbox: outbox, inputs: inputs, comms: comms,
      displays: displays, newer: newer)
  }

  private func publish(_ error: ErrorContent, for request: IncomingRequest) {
    outbox.publish(OutgoingMessage(broadcast: error, parent: request.message.header))
  }

  private static func result(of value: Result<MIMEBundle, ErrorReport>)
    -> ExecuteReply.UserExpressionResult
  {
    switch value {
    case .success(let bundle): .value(MIMEContent(bundle))
    case .failure(let report): .failure(ErrorContent(report))
    }
  }
}

extension IncomingRequest {
  /// What it says, where it is a message of that comm.
  fileprivate func data(of comm: String) -> JSONObject? {
    if case .comm(let message) = request, message.commID == comm, message.kind == .message {
      message.data
    } else {
      nil
    }
  }
}

extension ErrorContent {
  /// The error of a cell that was queued when an interrupt came, and no other one ran.
  static let interrupted = ErrorContent(
    name: "InterruptError", message: "the cell was interrupted before it began")

  /// The error of a cell that was queued when another one failed.
  static let aborted = ErrorContent(
    name: "Aborted", message: "an earlier cell failed, so this one was not run")

  /// The error of a cell that was queued when its shell was closed.
  static let closed = ErrorContent(
    name: "Aborted", message: "the shell was closed, so this cell was not run")
}
