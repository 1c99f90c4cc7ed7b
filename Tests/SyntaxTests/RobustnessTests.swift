import Syntax
import Testing

@Suite("No text brings the parser down")
struct RobustnessTests {
  @Test(
    "what nests too deeply is a LimitError",
    arguments: [
      ("(", ""), ("[", ""), ("f(", ""), ("-", "x"), ("not ", "x"), ("x^", "x"), ("2^-", "x"),
      ("if a {", ""), ("∂(", ""),
      ("if a { 1 } else ", "{ 2 }"), ("for i in 1:2 {", ""), ("W[", ""), ("(if a {", ""),
      ("3(", ""), ("explain (", ""), ("∇(", ""),
    ])
  func nesting(unit: String, end: String) {
    for count in [10_000, 100_000] {
      for start in unit.hasPrefix("for") || unit.hasPrefix("explain") ? [""] : ["", "y = "] {
        let text = start + String(repeating: unit, count: count) + end
        let program = Parser.parse(SourceText(text))
        #expect(program.diagnostics.last?.name == .limit, "\(start)\(unit)")
        #expect(!program.isIncomplete)
      }
    }
  }

  @Test(
    "long chains of postfix operators are a LimitError",
    arguments: ["'", ".b", "[1]", "(1)", "ᵀ", "[1]'"])
  func chains(unit: String) {
    let program = Parser.parse(SourceText("a" + String(repeating: unit, count: 100_000)))
    #expect(program.diagnostics.map(\.name) == [.limit])
  }

  @Test("matched brackets are refused beyond the limit and accepted below it")
  func matched() {
    func nest(_ count: Int) -> String {
      String(repeating: "(", count: count) + "x" + String(repeating: ")", count: count)
    }
    #expect(messages(nest(90)) == [])
    #expect(Parser.parse(SourceText(nest(10_000))).diagnostics.map(\.name) == [.limit])
  }

  @Test("chains of binary operators stay flat")
  func flatness() throws {
    let sum = try Parser.parseExpression(
      SourceText("1" + String(repeating: "+1", count: 500_000)))
    #expect(sum.height == 2)
    guard case .chain(_, let links) = sum.kind else {
      Issue.record("no chain")
      return
    }
    #expect(links.count == 500_000)
  }

  @Test(
    "a megabyte of anything ends", .timeLimit(.minutes(1)),
    arguments: [
      "a", "1", " ", "\n", ",", ";", "\"", "'", "#", "=", "a=1;", "a b ", "(", ")", "[", "]", "{",
      "}", "([{", "}])", "∂", "∂f/∂x ",
      "1,", "x.", "?", "if ", "for i in ", "network N {", "é", "e\u{301}", "\u{301}", "\u{0}", "!",
      "|", "%", "/*", "...", "“", "f(x)=",
      "1e", "1.", "0.1 ", "else ", "a' ' ", "[1 2] ", "\\", "a:", "a<", "and ", "dense 1,", "²",
      "x²", "W[1,", "\r", "{}", "(]",
      "a,\n", "f(a b) ", "🙂", "if a {", "x=1\n", "_", "x[", "\"\\", "1.1.1", "-", "- ", "a -",
    ])
  func megabyte(unit: String) {
    #if DEBUG
      let size = 100_000
    #else
      let size = 1_000_000
    #endif
    let count = size / max(unit.utf8.count, 1)
    let source = SourceText(String(repeating: unit, count: count))
    let program = Parser.parse(source)
    #expect(program.diagnostics.count <= 20)
    #expect(DiagnosticRenderer.plainText(program.diagnostics, in: source).utf8.count < 40_000)
  }

  @Test("random token soup never breaks an invariant", arguments: 0..<8)
  func soup(seed: UInt64) {
    var random = SplitMix(state: seed)
    for _ in 0..<2500 {
      let count = Int(random.next() % 24) + 1
      var text = ""
      for _ in 0..<count {
        text += Self.pieces[Int(random.next() % UInt64(Self.pieces.count))]
        if random.next() % 3 == 0 { text += " " }
      }
      check(text)
    }
  }

  @Test("random bytes and cut cells never break an invariant")
  func bytes() {
    var random = SplitMix(state: 42)
    let cell = Array(
      "network N { input x1, x2; dense 2, relu, W = [1, 2; 3, 4] }\nf(x: vector(n)) = if x' ≥ 2 { ∂²f/∂x∂y } else { \"a\" }"
        .unicodeScalars)
    for length in 0...cell.count {
      var cut = String.UnicodeScalarView()
      cut.append(contentsOf: cell[..<length])
      check(String(cut))
      var rest = String.UnicodeScalarView()
      rest.append(contentsOf: cell[length...])
      check(String(rest))
    }
    for _ in 0..<2000 {
      let bytes = (0..<Int(random.next() % 40)).map { _ in UInt8(truncatingIfNeeded: random.next())
      }
      check(String(decoding: bytes, as: UTF8.self))
    }
  }

  /// Spans lie in the text and nest, sound expressions read back, and everything can be rendered.
  private func check(_ text: String) {
    let source = SourceText(text)
    let program = Parser.parse(source)
    for diagnostic in program.diagnostics {
      guard let span = diagnostic.span else {
        Issue.record("no span: \(text)")
        continue
      }
      #expect(0 <= span.start && span.start <= span.end && span.end <= source.utf8.count, "\(text)")
      #expect(!diagnostic.message.isEmpty)
    }
    #expect(!program.isIncomplete || program.diagnostics.count == 1)
    _ = DiagnosticRenderer.plainText(program.diagnostics, in: source)
    guard program.diagnostics.isEmpty else { return }
    for statement in program.statements {
      #expect(statement.span.start < statement.span.end, "\(text)")
      guard case .assignment(_, let value) = statement.kind else {
        if case .expression(let value) = statement.kind { checkTree(value, text) }
        continue
      }
      checkTree(value, text)
    }
  }

  private func checkTree(_ tree: ExpressionSyntax, _ text: String) {
    tree.kind.forEachChild { child in
      #expect(tree.span.start <= child.span.start && child.span.end <= tree.span.end, "\(text)")
    }
    // As a value, where an `if` is an expression.
    let printed = "y = " + SourcePrinter.text(of: tree)
    let again = Parser.parse(SourceText(printed))
    #expect(again.diagnostics == [], "\(text) → \(printed)")
    #expect(
      SyntaxDump.text(of: again) == "(assign y \(SyntaxDump.text(of: tree)))",
      "\(text) → \(printed)")
  }

  private static let pieces = [
    "a", "b", "x", "f", "W", "1", "2.5", "3", "e", "(", ")", "[", "]", "{", "}", "(", ")", "[", "]",
    ",", ",", ";", "\n", "=", "==", "+",
    "-", "*", "/", "^", "@", "·", "⊙", "'", "ᵀ", "²", "∂", "∇", ":", ".", "?", "<", "≤", "!=",
    "if ", " else ", "for ", " in ", " and ",
    " or ", "not ", "true", "set ", "try ", "symbols ", "explain ", "network ", "perceptron ",
    "input ", "dense ", "loss ", "seed ",
    "\"t\"", "'q'", "**", "&&", "//", "%", "!", "|", "...", "+=", "->", "“", "$", "1.", "0.1e",
    "x₁", "x̂", "∂f/∂x", "f(x)=", "x = ",
    "for i in 1:3 {", "if a {", "else {", "⁻¹", "vector", "#", "\t", "√", "end", "lambda ", "def ",
    "np.", "e3", "_1",
  ]
}

/// A small generator, so that failures repeat.
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
