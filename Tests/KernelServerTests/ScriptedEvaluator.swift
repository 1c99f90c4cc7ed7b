import Display
import JSONText
import KernelServer
import Language
import MatrixEngine
import Session
import Synchronization
import Syntax

/// A language without names, whose evaluators are scripted.
struct ScriptedLanguage: KernelLanguage {
  var commTargets = NablaLanguage().commTargets
  /// What its cells have opened.
  let live = LiveObjects()

  func makeEvaluator(_ interrupt: InterruptFlag) -> any CellEvaluator {
    ScriptedEvaluator(interrupt: interrupt, live: live)
  }

  var symbols: SymbolSnapshot { SymbolSnapshot(.standard) }
}

/// The displays and comms that cells have opened, for any thread to use.
final class LiveObjects: Sendable {
  private let state = Mutex<(displays: [any OpenDisplay], comms: [any OpenComm])>(([], []))

  var display: (any OpenDisplay)? { state.withLock { $0.displays.last } }
  var comm: (any OpenComm)? { state.withLock { $0.comms.last } }

  func add(_ display: any OpenDisplay) { state.withLock { $0.displays.append(display) } }
  func add(_ comm: any OpenComm) { state.withLock { $0.comms.append(comm) } }
}

/// An evaluator whose cells are small commands, one a line, so that the kernel is tested without the
/// language: `result 2`, `print text`, `warn text`, `display text`, `clear`, `page text`, `fail text`, `input
/// prompt`, `spin` (until interrupted), `sleep milliseconds`, `flood count`, `blocks
/// count` (of 1 MB), `alternate count`, `open text` and `change text` (a display), `comm target`, `send text`
/// and `end` (a comm, which answers such commands too).
final class ScriptedEvaluator: CellEvaluator {
  private let interrupt: InterruptFlag
  private let live: LiveObjects
  /// Calls the handlers of comms.
  private let session: Session

  var observer: (any StatementObserver)?

  init(interrupt: InterruptFlag, live: LiveObjects) {
    self.interrupt = interrupt
    self.live = live
    session = Session(interrupt: interrupt)
  }

  func receive(
    _ event: CommEvent, of comm: any OpenComm, by handler: CommHandler, host: any CellHost
  ) -> CellResult {
    session.receive(event, of: comm, by: handler, host: host)
  }

  /// Runs the cell that a comm's message brings as `run`; without one, sends the message back, its buffers in the
  /// other order. Tells of its closing.
  private static func handler(_ live: LiveObjects) -> CommHandler {
    { (event, comm, session) throws(Diagnostic) in
      switch event {
      case .received(let content):
        guard let code = content.data["run"]?.stringValue, let host = session.host else {
          return comm.send(
            CommContent(
              content.data, metadata: content.metadata, buffers: content.buffers.reversed()))
        }
        let evaluator = ScriptedEvaluator(interrupt: session.interrupt, live: live)
        guard case .failure(let report) = evaluator.execute(code, silent: false, host: host) else {
          return
        }
        throw Diagnostic(
          report.name == "InterruptError" ? .interrupt : .value, report.message, at: nil)
      case .closed(let content):
        session.host?.emit(.stream(.stdout, "closed: \(content.data.members.count)"))
      case .opened: break
      }
    }
  }

  func execute(_ source: String, silent: Bool, host: any CellHost) -> CellResult {
    for line in source.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1).map(String.init)
      if let failure = run(parts.first ?? "", parts.count > 1 ? parts[1] : "", host) {
        return .failure(failure)
      }
    }
    return .success
  }

  func evaluate(userExpression source: String) -> Result<MIMEBundle, ErrorReport> {
    source == "bad"
      ? .failure(Self.report("NameError", source)) : .success(MIMEBundle(plain: source))
  }

  private func run(_ command: String, _ argument: String, _ host: any CellHost) -> ErrorReport? {
    switch command {
    case "result": host.emit(.result(MIMEBundle(plain: argument)))
    case "print": host.emit(.stream(.stdout, argument + "\n"))
    case "warn": host.emit(.stream(.stderr, argument + "\n"))
    case "display": host.emit(.display(MIMEBundle(plain: argument), identity: "d"))
    case "update": host.emit(.updateDisplay(MIMEBundle(plain: argument), identity: "d"))
    case "clear": host.emit(.clear(wait: true))
    case "page": host.emit(.page(MIMEBundle(plain: argument)))
    case "open":
      guard let display = host.openDisplay(MIMEBundle(plain: argument)) else {
        return Self.report("ValueError", "no display")
      }
      live.add(display)
    case "meanwhile":
      guard host.showMeanwhile(MIMEBundle(plain: argument)) else {
        return Self.report("ValueError", "not shown")
      }
    case "change": live.display?.update(MIMEBundle(plain: argument))
    case "comm":
      let content = CommContent(
        ["state": ["value": 1]], metadata: ["version": "2.1.0"], buffers: [[1, 2], []])
      guard
        let comm = host.openComm(to: argument, content, handler: Self.handler(live))
      else { return Self.report("ValueError", "no comm") }
      live.add(comm)
    case "send": live.comm?.send(CommContent(["text": .string(argument)], buffers: [[9]]))
    case "end": live.comm?.close(["reason": .string(argument)])
    case "fail": return Self.report("ValueError", argument)
    case "flood":
      for number in 0..<(Int(argument) ?? 0) { host.emit(.stream(.stdout, "\(number)\n")) }
    case "blocks":
      let block = String(repeating: "0123456789abcde\n", count: 1 << 16)
      for _ in 0..<(Int(argument) ?? 0) { host.emit(.stream(.stdout, block)) }
    case "alternate":
      for number in 0..<(Int(argument) ?? 0) {
        host.emit(.stream(number % 2 == 0 ? .stdout : .stderr, "\(number)\n"))
      }
    case "spin":
      while !interrupt.isRaised {}
      return Self.report("InterruptError", "interrupted")
    case "sleep":
      let end = Monotonic.now + .milliseconds(Int(argument) ?? 0)
      while Monotonic.now < end, !interrupt.isRaised {}
      if interrupt.isRaised { return Self.report("InterruptError", "interrupted") }
    case "input":
      do {
        guard let line = try host.readLine(prompt: argument) else {
          return Self.report("InterruptError", "interrupted")
        }
        host.emit(.result(MIMEBundle(plain: line)))
      } catch {
        return Self.report("ValueError", "no input")
      }
    default: return Self.report("NameError", command)
    }
    return nil
  }

  private static func report(_ name: String, _ message: String) -> ErrorReport {
    ErrorReport(name: name, message: message, traceback: ["\(name): \(message)"])
  }
}
