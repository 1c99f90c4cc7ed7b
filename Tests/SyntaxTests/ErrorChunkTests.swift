import FoundationEssentials
import Syntax
import Testing

/// Cells with mistakes, and what is said of them.
///
/// The files in `Errors` hold chunks: a cell, a line `---`, the rendered diagnostics, a line `===`.
/// With `NABLA_RECORD_SNAPSHOTS=1` in the environment the expected parts are written anew, and the run fails.
@Suite("Mistakes are named, marked and helped")
struct ErrorChunkTests {
  @Test("there are files to test")
  func files() { #expect(chunkFiles.count >= 8) }

  @Test("every chunk", arguments: chunkFiles)
  func chunks(file: String) throws {
    let text = try String(contentsOfFile: file, encoding: .utf8)
    var recorded = ""
    for chunk in text.split(separator: "\n===\n") {
      let parts = chunk.split(separator: "\n---\n").map(String.init)
      guard let cell = parts.first, !cell.isEmpty else { continue }
      let source = SourceText(cell)
      let program = Parser.parse(source)
      let found = DiagnosticRenderer.plainText(program.diagnostics, in: source)
      #expect(!program.diagnostics.isEmpty, "no mistake found in:\n\(cell)")
      recorded += "\(cell)\n---\n\(found)\n===\n"
      if !Self.isRecording { #expect(parts.count == 2 && parts[1] == found, "of:\n\(cell)") }
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
