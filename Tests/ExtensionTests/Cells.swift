import Assistance
import Display
import JSONText
import Language
import Session
import Testing

/// A session of the language with the newcomers, that a test talks to in cells.
final class Cells: CellHost {
  let session: Session
  private var outputs: [CellOutput] = []

  init(_ setUp: String = "") throws {
    session = Session(sharing: Namespace(Newcomers.vocabulary))
    if !setUp.isEmpty { _ = try bundles(setUp) }
  }

  func emit(_ output: CellOutput) { outputs.append(output) }
  func readLine(prompt: String) -> String? { nil }

  /// What a cell shows; an error is a failed test.
  func bundles(_ source: String) throws -> [MIMEBundle] {
    let result = run(source)
    if case .failure(let report) = result { throw report }
    return outputs.compactMap { output in
      switch output {
      case .display(let bundle, _), .result(let bundle): bundle
      default: nil
      }
    }
  }

  func run(_ source: String) -> CellResult {
    outputs = []
    return session.execute(source, host: self)
  }

  /// The text of the last thing that a cell shows.
  func text(_ source: String) throws -> String {
    try bundles(source).last?.data[MIMEType.plain]?.stringValue ?? ""
  }

  func error(_ source: String) -> ErrorReport? {
    if case .failure(let report) = run(source) { report } else { nil }
  }

  /// The names that complete a text at its end.
  func completions(_ source: String) -> [String] {
    LanguageService.complete(source, at: source.unicodeScalars.count, in: session.snapshot)
      .matches.map(\.text)
  }

  /// The help page of a name.
  func help(_ name: String) -> String {
    LanguageService.help(name, in: session.snapshot)?.data[MIMEType.plain]?.stringValue ?? ""
  }
}
