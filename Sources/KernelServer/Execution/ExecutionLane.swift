import Display
import JupyterProtocol
import MatrixEngine
import Session
import Synchronization

/// The evaluation thread: runs cells and comm messages one after the other, in the order they came.
package final class ExecutionLane: Sendable {
  /// Virtual, not resident: deep recursion of a user's functions is to meet the language's limit first.
  package static let stackSize = 1 << 30

  private let dispatcher: Dispatcher
  private let outbox: any Outbox
  private let snapshots: SnapshotBoard
  private let history: HistoryLane
  private let comms: CommRegistry
  private let inputs: InputDesk
  private let interrupts: InterruptDesk
  private let makeEvaluator: @Sendable (InterruptFlag) -> any CellEvaluator
  private let mailbox = Mailbox<IncomingRequest>()
  private let thread = Mutex<PlainThread?>(nil)
  private let count = Atomic<Int>(0)

  init(
    dispatcher: Dispatcher, outbox: any Outbox, snapshots: SnapshotBoard,
    history: HistoryLane, comms: CommRegistry, inputs: InputDesk, interrupts: InterruptDesk,
    makeEvaluator: @escaping @Sendable (InterruptFlag) -> any CellEvaluator
  ) {
    self.dispatcher = dispatcher
    self.outbox = outbox
    self.snapshots = snapshots
    self.history = history
    self.comms = comms
    self.inputs = inputs
    self.interrupts = interrupts
    self.makeEvaluator = makeEvaluator
  }

  /// The number of cells that counted.
  var executionCount: Int { count.load(ordering: .relaxed) }

  /// `watch` is where the thread looks for requests itself, while it has none.
  func start(watching watch: ShellWatch?) {
    thread.withLock { thread in
      thread = PlainThread(name: "evaluation", stackSize: Self.stackSize) { [self] in run(watch) }
    }
  }

  func put(_ request: IncomingRequest) { mailbox.put(request) }

  /// Lets nothing more in and drops what is queued.
  func close() { mailbox.close() }

  func join(milliseconds: Int) {
    thread.withLock { $0 }?.join(milliseconds: milliseconds)
  }

  private func run(_ watch: ShellWatch?) {
    let evaluator = makeEvaluator(interrupts.flag)
    snapshots.publish(evaluator.snapshot)
    var failures = FailureRule()
    while !mailbox.isClosed {
      for request in mailbox.takeAll() {
        if mailbox.isClosed { return }
        watch?.beginRequest()
        handle(request, evaluator, &failures)
        watch?.endRequest()
      }
      if let watch, watch.receive() { continue }
      mailbox.wait { watch?.wait(or: $0) ?? Polling.wait(for: $0) }
    }
  }

  private func handle(
    _ request: IncomingRequest, _ evaluator: any CellEvaluator, _ failures: inout FailureRule
  ) {
    switch request.request {
    case .execute(let cell):
      if failures.aborts(arrival: request.arrival, date: request.message.header.date) {
        dispatcher.serve(request) {
          ErrorReply(.executeReply, .aborted, executionCount: executionCount)
        }
      } else {
        execute(cell, request, evaluator, &failures)
        snapshots.publish(evaluator.snapshot)
      }
    case .commOpen(let content): dispatcher.serve(request) { comms.opened(content, request) }
    case .commMessage(let content): dispatcher.serve(request) { comms.received(content, request) }
    case .commClose(let content): dispatcher.serve(request) { comms.closed(content, request) }
    default: break
    }
  }

  private func execute(
    _ cell: ExecuteRequest, _ request: IncomingRequest, _ evaluator: any CellEvaluator,
    _ failures: inout FailureRule
  ) {
    interrupts.begin()
    let number =
      cell.storesHistory ? count.wrappingAdd(1, ordering: .relaxed).newValue : executionCount
    let announcement =
      cell.isSilent ? nil : ExecuteInput(code: cell.code, executionCount: number)
    dispatcher.serve(request, announcing: announcement) {
      let host = ExecutionHost(
        request, cell: cell, executionCount: number, outbox: outbox, inputs: inputs)
      let result = evaluator.execute(cell.code, silent: cell.isSilent, host: host)
      if cell.storesHistory {
        history.record(
          .init(shell: nil, line: number, input: cell.code, output: host.resultText))
      }
      defer {
        interrupts.end()
        snapshots.expect()
      }
      switch result {
      case .success:
        let expressions = cell.userExpressions.map { name, expression in
          (name: name, result: Self.result(of: evaluator.evaluate(userExpression: expression)))
        }
        return ExecuteReply(
          executionCount: number, userExpressions: expressions, pages: host.pages)
      case .failure(let report):
        if cell.stopsOnError { failures.cellFailed() }
        let error = ErrorContent(report)
        if !cell.isSilent {
          outbox.publish(OutgoingMessage(broadcast: error, parent: request.message.header))
        }
        return ErrorReply(.executeReply, error, executionCount: number)
      }
    }
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

extension ErrorContent {
  /// The error of a cell that was queued when another one failed.
  static let aborted = ErrorContent(
    name: "Aborted", message: "an earlier cell failed, so this one was not run",
    traceback: ["Aborted: an earlier cell failed, so this one was not run"])
}
