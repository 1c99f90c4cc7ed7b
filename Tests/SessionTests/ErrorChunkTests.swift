import Assistance
import FoundationEssentials
import Language
import Lessons
import Session
import Testing

/// Cells that fail, and what is said of them.
///
/// The files in `Errors` hold chunks: cells with a line `%%` between them, of which the last one fails; a
/// line `---`; the error as it is shown; a line `===`. With `NABLA_RECORD_SNAPSHOTS=1` in the environment the expected
/// parts are written anew, and the run fails.
@Suite("Errors name, mark and help")
struct ErrorChunkTests {
  @Test("every name of an error is met")
  func names() throws {
    let text = try chunkFiles.map { try String(contentsOfFile: $0, encoding: .utf8) }.joined()
    for name in [
      "SyntaxError", "NameError", "ShapeError", "TypeError", "ValueError", "DomainError",
      "GradientError", "FileError", "LimitError",
    ] { #expect(text.contains("\n\(name): ")) }
  }

  @Test("every chunk", arguments: chunkFiles)
  func chunks(file: String) throws {
    let text = try String(contentsOfFile: file, encoding: .utf8)
    var recorded = ""
    for chunk in text.split(separator: "\n===\n") {
      let parts = chunk.split(separator: "\n---\n").map(String.init)
      guard let input = parts.first else { continue }
      let cells = input.split(separator: "\n%%\n").map(String.init)
      let notebook = Notebook()
      for cell in cells.dropLast() { notebook.run(cell) }
      let error = try #require(
        notebook.attempt(cells[cells.count - 1]).error, "no error in:\n\(input)")
      let found = error.plainText
      recorded += "\(input)\n---\n\(found)\n===\n"
      #expect(found.hasPrefix(error.name + ": "))
      #expect(!error.message.contains { $0.isNewline })
      if !Self.isRecording { #expect(parts.count == 2 && parts[1] == found, "of:\n\(input)") }
    }
    if Self.isRecording {
      try recorded.write(toFile: file, atomically: true, encoding: .utf8)
      Issue.record("recorded \(file)")
    }
  }

  private static let isRecording =
    ProcessInfo.processInfo.environment["NABLA_RECORD_SNAPSHOTS"] == "1"
}

/// The paths of the files with chunks.
private let chunkFiles: [String] = {
  let folder = #filePath.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/Errors"
  let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  return names.filter { $0.hasSuffix(".nabla") }.sorted().map { "\(folder)/\($0)" }
}()
