import Assistance
import FoundationEssentials
import Language
import Lessons
import Session
import Testing

@Suite("the language reference")
struct LanguageReferenceTests {
  private static var path: String {
    let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    return "/\(tests)/../Sources/Assistance/reference.md"
  }

  /// With NABLA_RECORD_SNAPSHOTS set the file is written, and the test fails so that it cannot be forgotten.
  @Test("reference.md is what the registries say")
  func isCurrent() throws {
    let text = LanguageReference.markdown(.standard)
    if ProcessInfo.processInfo.environment["NABLA_RECORD_SNAPSHOTS"] != nil {
      try Data(text.utf8).write(to: URL(filePath: Self.path))
      Issue.record("reference.md was recorded")
    }
    let stored = try String(decoding: Data(contentsOf: URL(filePath: Self.path)), as: UTF8.self)
    #expect(stored == text)
  }
}
