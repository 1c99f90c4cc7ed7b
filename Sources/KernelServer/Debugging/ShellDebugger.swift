import JupyterProtocol
import Language
import Session

/// The debugger's part in one shell: stops its cells, and lets them go on. Confined to the shell's thread.
final class ShellDebugger: StatementObserver {
  private let thread: Int
  private let debugger: Debugger
  private let desk: StopDesk
  /// The cell that runs.
  private var cell: IncomingRequest
  private var mode = StepMode.run
  /// The text that `path` belongs to; the same one for many statements.
  private var code = ""
  private var path = ""

  init(thread: Int, debugger: Debugger, desk: StopDesk, cell: IncomingRequest) {
    self.thread = thread
    self.debugger = debugger
    self.desk = desk
    self.cell = cell
  }

  func willRun(line: Int, of code: String, depth: Int, in interpreter: Interpreter) {
    guard debugger.isStarted else {
      // Whoever was stepping has gone.
      mode = .run
      return
    }
    guard debugger.isArmed || mode != .run else { return }
    look(at: code)
    if let reason = reason(line, depth) { stop(reason, interpreter) }
  }

  private func look(at code: String) {
    guard code != self.code else { return }
    self.code = code
    path = CellPath.path(of: code)
  }

  func mayStop(in code: String, depth: Int) -> Bool {
    guard debugger.isStarted, debugger.isArmed || mode != .run else { return false }
    if isStep(depth) { return true }
    look(at: code)
    return debugger.hasBreakpoints(path) || debugger.isPauseWanted
  }

  /// Whether the way on ends at the next line that is so deep.
  private func isStep(_ depth: Int) -> Bool {
    switch mode {
    case .into: true
    case .over(let limit): depth <= limit
    case .out(let limit): depth < limit
    case .run: false
    }
  }

  private func reason(_ line: Int, _ depth: Int) -> String? {
    if debugger.takePause() { return "pause" }
    if isStep(depth) { return "step" }
    return debugger.hasBreakpoint(path, line) ? "breakpoint" : nil
  }

  func didFail(_ report: ErrorReport, line: Int, in interpreter: Interpreter) {
    guard debugger.stopsAtErrors else { return }
    stop("exception", interpreter, text: "\(report.name): \(report.message)")
  }

  private func stop(_ reason: String, _ interpreter: Interpreter, text: String? = nil) {
    func look() -> Debugger.Stop {
      Debugger.Stop(
        thread: thread, desk: desk, frames: interpreter.stoppedFrames,
        globals: interpreter.presentSnapshot)
    }
    desk.occupy()
    guard debugger.stopped(look(), reason, text: text, for: cell) else { return desk.vacate() }
    mode = desk.wait { request in
      debugger.answer(request) { text, frame in
        // What it changes is there to be looked at before it is answered.
        defer { debugger.changed(look()) }
        return interpreter.evaluateWhileStopped(text, inFrame: frame)
      }
    }
    debugger.resumed(thread, for: cell)
  }
}
