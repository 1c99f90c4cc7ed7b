import Syntax
import Testing

@Suite("Diagnostics as text")
struct RendererTests {
  private func render(
    _ text: String, _ start: Int, _ end: Int, label: String = "here", help: String? = nil
  ) -> String {
    DiagnosticRenderer.plainText(
      [Diagnostic(.value, "wrong", at: SourceSpan(start, end), label: label, help: help)],
      in: SourceText(text))
  }

  @Test("the form of the language reference")
  func reference() {
    let source = SourceText(
      "network N {\n    input 1\n    dense 2\n    dense 1, sigmoid, W = [0.4; 0.2; 0.6]\n}")
    let start = source.text.utf8.count - "[0.4; 0.2; 0.6]\n}".utf8.count
    let diagnostic = Diagnostic(
      .shape, "W of layer 3 is 3×1, but layer 2 gives it 2 values",
      at: SourceSpan(start, start + 15),
      label: "3 rows, so it expects 3 inputs",
      help: "layer 2 has 2 units; give W 2 rows, or layer 2 a third unit")
    #expect(
      DiagnosticRenderer.plainText([diagnostic], in: source) == """
        ShapeError: W of layer 3 is 3×1, but layer 2 gives it 2 values
          4 |     dense 1, sigmoid, W = [0.4; 0.2; 0.6]
            |                           ^^^^^^^^^^^^^^^ 3 rows, so it expects 3 inputs
          help: layer 2 has 2 units; give W 2 rows, or layer 2 a third unit
        """)
  }

  @Test(
    "carets go by the width of what is shown",
    arguments: [
      ("x̂ + y", 6, 7, "    |     ^ here"), ("重み + y", 9, 10, "    |        ^ here"),
      ("\ty", 1, 2, "    |     ^ here"),
      ("a\ty", 2, 3, "    |     ^ here"), ("重み", 0, 6, "    | ^^^^ here"),
      ("🙂y", 4, 5, "    |   ^ here"),
      ("ab", 2, 2, "    |   ^ here"), ("", 0, 0, "    | ^ here"),
    ])
  func widths(text: String, start: Int, end: Int, carets: String) {
    #expect(render(text, start, end).split(separator: "\n").last.map(String.init) == carets)
  }

  @Test("a span of two lines marks both, of more the first and the last")
  func lines() {
    #expect(
      render("x = f(1,\n  2)", 4, 13) == """
        ValueError: wrong
          1 | x = f(1,
            |     ^^^^
          2 |   2)
            |   ^^ here
        """)
    #expect(
      render("[1,\n2,\n3,\n4]", 0, 12, help: "less") == """
        ValueError: wrong
          1 | [1,
            | ^^^
          … |
          4 | 4]
            | ^^ here
          help: less
        """)
  }

  @Test("line numbers are as wide as the widest, and line ends of any kind count")
  func numbers() {
    let text = String(repeating: "a\r\n", count: 11) + "b"
    #expect(
      render(text, text.utf8.count - 1, text.utf8.count) == """
        ValueError: wrong
          12 | b
             | ^ here
        """)
  }

  @Test("a long line is cut around its span", arguments: [0, 50, 5_000, 99_990])
  func longLines(start: Int) throws {
    let text =
      String(repeating: "a", count: start) + "B" + String(repeating: "c", count: 100_000 - start)
    let lines = render(text, start, start + 1).split(separator: "\n").map(String.init)
    try #require(lines.count == 3)
    #expect(lines[1].count <= 105)
    let shown = Array(lines[1])
    let carets = Array(lines[2])
    let place = try #require(carets.firstIndex(of: "^"))
    #expect(shown[place] == "B")
    #expect(lines[1].contains("…"))
  }

  @Test("a long span is cut")
  func longSpan() {
    let text = String(repeating: "a", count: 1000)
    let lines = render(text, 10, 1000).split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 110 })
    #expect(lines.last?.hasSuffix("^ here") == true)
  }

  @Test(
    "several diagnostics have an empty line between them, and a traceback begins with the message")
  func several() {
    let source = SourceText("a\nb")
    let diagnostics = [
      Diagnostic(.name, "no a", at: SourceSpan(0, 1), label: "unknown"),
      Diagnostic(.file, "no file"),
    ]
    #expect(
      DiagnosticRenderer.plainText(diagnostics, in: source)
        == "NameError: no a\n  1 | a\n    | ^ unknown\n\nFileError: no file")
    let traceback = DiagnosticRenderer.traceback(diagnostics, in: source)
    #expect(traceback.count == 4)
    #expect(traceback.first?.contains("NameError") == true)
    var plain = traceback.joined(separator: "\n")
    while let escape = plain.firstIndex(of: "\u{1B}"),
      let end = plain[escape...].firstIndex(of: "m")
    {
      plain.removeSubrange(escape...end)
    }
    #expect(plain == DiagnosticRenderer.plainText(diagnostics, in: source))
  }

  @Test("spans outside the text are clamped")
  func clamping() {
    #expect(render("ab", 50, 60).contains("  1 | ab"))
    #expect(render("ab", -5, 1).contains("    | ^ here"))
  }
}
