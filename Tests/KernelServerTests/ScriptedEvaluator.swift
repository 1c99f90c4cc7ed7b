import Display
import KernelServer
import Language
import MatrixEngine
import Session

/// A language without names, whose evaluators are scripted.
struct ScriptedLanguage: KernelLanguage {
  func makeEvaluator(_ interrupt: InterruptFlag) -> any CellEvaluator {
    ScriptedEvaluator(interrupt: interrupt)
  }

  var symbols: SymbolSnapshot { SymbolSnapshot(.standard) }
}

/// An evaluator whose cells are small commands, one a line, so that the kernel is tested without the
/// language: `result 2`, `print text`, `warn text`, `display text`, `clear`, `page text`, `fail text`, `input
/// prompt`, `spin` (until interrupted), `sleep milliseconds`, `flood count`, `blocks
/// count` (of 1 MB), `alternate count`.
final class ScriptedEvaluator: CellEvaluator {
  private let interrupt: InterruptFlag

  var observer: (any StatementObserver)?

  init(interrupt: InterruptFlag) { self.interrupt = interrupt }

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
