import Assistance
import Language
import Session

/// The reference of the language as a notebook, its examples tried in a session.
enum ReferenceNotebook {
  /// The file's text.
  static var bytes: [UInt8] {
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
