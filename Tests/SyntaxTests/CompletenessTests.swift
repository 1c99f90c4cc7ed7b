import Syntax
import Testing

@Suite("Whether a text only lacks its ending")
struct CompletenessTests {
  @Test(
    "texts that go on",
    arguments: [
      "f(x", "[1, 2", "[1, 2;", "x = 1 +", "x =", "f(x) =", "f(x) = {", "f(x) = {\n  q = x\n",
      "f(x) = { q = ", "for i in 1:5 {", "if a { 1 } else {",
      "network N {\n  input 1", "a and", "explain f(x),", "f(a,", "x = (1 +\n 2", "for i in 1:5",
      "if x == 2",
      "symbols a,", "W[1,", "[i for", "[i for i in", "set digits =", "-", "not",
      "network N {\n dense 2,",
      "sum(i for i in 1:3", "f(a: vector(", "if a {\n  for i in 1:3 {\n    b",
      "network N", "x = if a { 1 } else", "∂", "∂f", "∂f/∂", "2 * (a +", "W[", "W[:",
    ])
  func incomplete(text: String) {
    let program = Parser.parse(SourceText(text))
    #expect(program.isIncomplete, "\(program.diagnostics.map(\.message))")
    #expect(program.diagnostics.count == 1)
  }

  @Test(
    "texts that are finished",
    arguments: [
      "", "x", "x = 1", "f(x)", "if a { 1 }", "# note", "x;", "f(x) = { q = x; q }",
      "f(x) =\n{\n  x\n}", "network N { input 1; dense 1 }",
      "end",
    ])
  func complete(text: String) {
    let program = Parser.parse(SourceText(text))
    #expect(!program.isIncomplete)
    #expect(program.diagnostics == [])
  }

  @Test(
    "texts that no ending makes right",
    arguments: [
      "f(x]", "1 2", "x = = 2", ")", "\"abc", "'abc' + (", "a ** (", "x = 3 y\nf(", "[1 2",
      "if x = 2 {", "x.",
    ])
  func wrong(text: String) {
    let program = Parser.parse(SourceText(text))
    #expect(!program.isIncomplete)
    #expect(!program.diagnostics.isEmpty)
  }

  @Test(
    "the next line is indented by what is open",
    arguments: [
      ("for i in 1:5 {", "    "), ("if a {\n    for i in 1:3 {", "        "), ("f(a,", "    "),
      ("  x = 1 +", "      "),
      ("x = 1", ""), ("f(x)", ""), ("[f(1), (2", "        "),
    ])
  func indentation(text: String, indentation: String) {
    #expect(Parser.parse(SourceText(text)).indentation == indentation)
  }
}
