import ArgumentParser
import Assistance
import Display
import Glibc
import Language
import Session

/// `nabla reference`: the notebook of the language, from the registries.
struct ReferenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reference",
    abstract: "Print the reference of the language as a notebook: every word with an example.")

  func run() throws {
    try File.write(String(decoding: Self.notebook, as: UTF8.self), to: STDOUT_FILENO)
  }

  /// The file's text.
  static var notebook: [UInt8] {
    let session = Session()
    let host = QuietHost()
    _ = session.execute(LanguageReference.setUp, silent: true, host: host)
    return LanguageReference.notebook(.standard) { lines in
      if case .success = session.execute(lines, silent: true, host: host) { return true }
      return false
    }.bytes
  }
}

/// Shows nothing and answers nothing.
private final class QuietHost: CellHost {
  func emit(_ output: CellOutput) {}
  func readLine(prompt: String) throws(InputUnavailable) -> String? { throw InputUnavailable() }
}
