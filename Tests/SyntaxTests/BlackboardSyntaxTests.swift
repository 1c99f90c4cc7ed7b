import Syntax
import Testing

@Suite("Bars, generators of several ranges, loops in bodies, letters")
struct BlackboardSyntaxTests {
  @Test(
    "bars close if one of their kind is open, else they open",
    arguments: [
      ("|x|", "(call abs x)"), ("‖x‖", "(call norm x)"), ("∥x∥", "(call norm x)"),
      ("‖x‖²", "((call norm x) ^ 2)"), ("‖x‖^2", "((call norm x) ^ 2)"),
      ("|x|'", "(prime (call abs x))"), ("-|x|", "(- (call abs x))"),
      ("2|x|", "(juxtapose 2 (call abs x))"), ("2 |x|", "(juxtapose 2 (call abs x))"),
      ("|a|*|b|", "((call abs a) * (call abs b))"),
      ("|a||b|", "(juxtapose (call abs a) (call abs b))"),
      ("a|b|", "(juxtapose a (call abs b))"), ("|a|^|b|", "((call abs a) ^ (call abs b))"),
      ("|x - |y||", "(call abs (x - (call abs y)))"),
      ("||x| - |y||", "(call abs ((call abs x) - (call abs y)))"),
      ("|a + |b| + c|", "(call abs (a + (call abs b) + c))"),
      ("‖a|b|‖", "(call norm (juxtapose a (call abs b)))"),
      ("|‖x‖ - ‖y‖|", "(call abs ((call norm x) - (call norm y)))"),
      ("|f(|x|)|", "(call abs (call f (call abs x)))"),
      ("[|x|, |y|]", "[(call abs x) (call abs y)]"),
      ("|v[1]|", "(call abs (index v 1))"), ("|x| <= |y|", "((call abs x) <= (call abs y))"),
      ("not |x| > 1", "(not ((call abs x) > 1))"),
      ("|if a { 1 } else { |b| }|", "(call abs (if a 1 (call abs b)))"),
      ("|x # note", "SyntaxError: this `|` is never closed"),
      ("(|x\n+ y|)", "(paren (call abs (x + y)))"), ("|x +\ny|", "(call abs (x + y))"),
      ("print(\"|x\")", "(call print \"|x\")"),
      ("||x||", "SyntaxError: a length is not written with `||`"),
      ("2||x||", "SyntaxError: a length is not written with `||`"),
      ("1/2|x|", "SyntaxError: `/` before `2|x|` is ambiguous"),
      ("a || b", "SyntaxError: `||` is not an operator here"),
      ("|x", "SyntaxError: this `|` is never closed"),
      ("‖x|", "SyntaxError: this `|` is never closed"),
      ("||", "SyntaxError: this `|` is never closed"),
    ])
  func bars(text: String, tree: String) {
    if tree.hasPrefix("SyntaxError") {
      #expect(dump(text).split(separator: "\n").contains { $0 == tree }, "\(dump(text))")
    } else {
      #expect(dump(text) == tree)
    }
  }

  @Test(
    "generators take several ranges and a condition",
    arguments: [
      ("[X[i,j] for i in 1:m, j in 1:n]", "[(index X i j) for i in (1 : m), j in (1 : n)]"),
      (
        "sum(x[i] for i in 1:n if x[i] > 0)",
        "(call sum ((index x i) for i in (1 : n) if ((index x i) > 0)))"
      ),
      (
        "sum(a for i in 1:2, j in i:3, k in v if i != j and k > 0)",
        "(call sum (a for i in (1 : 2), j in (i : 3), k in v if (and (i != j) (k > 0))))"
      ),
      ("[i\nfor i in 1:2,\nj in 1:2\nif i == j]", "[i for i in (1 : 2), j in (1 : 2) if (i == j)]"),
      (
        "[i for i in 1:2 for j in 1:3]",
        "SyntaxError: one `for` stands in a list or a call"
      ),
      ("[i for i in 1:2 if i = 1]", "SyntaxError: `=` gives a value, it does not compare"),
    ])
  func generators(text: String, tree: String) { #expect(dump(text) == tree) }

  @Test("a generator of very many ranges is refused")
  func manyRanges() {
    let ranges = (1...2000).map { "i\($0) in 1:2" }.joined(separator: ", ")
    #expect(messages("[1 for \(ranges)]") == ["a `for` runs over at most 12 ranges"])
  }

  @Test(
    "while loops, and lines of bodies",
    arguments: [
      ("while i < 3 { i = i + 1 }", "(while (i < 3) {(assign i (i + 1))})"),
      ("while (a) { }", "(while (paren a) {})"), ("while = 3", "(assign while 3)"),
      (
        "f(x) = { s = 0; for i in 1:3 { s = s + x }; s }",
        "(define f (x) (assign s 0) (for i (1 : 3) {(assign s (s + x))}) s)"
      ),
      (
        "f(x) = {\n while x > 1 {\n x = x/2\n }\n x\n}",
        "(define f (x) (while (x > 1) {(assign x (x / 2))}) x)"
      ),
      (
        "f(x) = { if x > 0 { q = 1 } else { q = 2 }\nq }",
        "(define f (x) (if (x > 0) {(assign q 1)} {(assign q 2)}) q)"
      ),
      ("f(x) = { v[1] = x; v }", "(define f (x) (assign (index v 1) x) v)"),
      ("f(x, i: index) = x[i]", "(define f (x, i: index) (index x i))"),
      ("while { }", "SyntaxError: `while` needs a condition"),
      (
        "f(x) = { for i in 1:3 { print(i) }; x }",
        "SyntaxError: a line in the body of `f` has a value that nothing uses"
      ),
      ("f(x) = { while x > 1 { x = 1 } }", "SyntaxError: the body of `f` ends without a value"),
      ("f(i: index(3)) = i", "SyntaxError: an index has no size"),
    ])
  func loops(text: String, tree: String) { #expect(dump(text) == tree) }

  @Test(
    "what is printed reads back as the same tree",
    arguments: [
      "[X[i, j] for i in 1:m, j in 1:n]", "sum(x[i] for i in 1:n if x[i] > 0)", "2|x|^2",
      "|x|²'", "-|a|", "|a - |b||", "sum(i for i in 1:3, j in i:3 if i != j or j > 1)",
    ])
  func roundTrip(text: String) throws {
    let tree = try Parser.parseExpression(SourceText(text))
    let printed = SourcePrinter.text(of: tree)
    let again = try Parser.parseExpression(SourceText(printed))
    #expect(SyntaxDump.text(of: again) == SyntaxDump.text(of: tree), "\(printed)")
  }

  @Test("a body's lines are printed, and read back")
  func printedBodies() {
    let text =
      "f(x, i: index) = { s = 0; for k in 1:3 { s = s + x*k }; while s > 1 { s = s/2 }; "
      + "if s > 0 { v = [s] } else if x > 0 { v = [x] } else { v = [0] }; v[1] = x; v[i] }"
    guard case .definition(let function)? = Parser.parse(SourceText(text)).statements.first?.kind
    else {
      Issue.record("no definition")
      return
    }
    #expect(SourcePrinter.text(of: function) == text)
  }

  @Test("an open bar ends with its line, except inside brackets")
  func completeness() {
    for text in ["(|x", "f(‖x", "|x +", "while c {", "while c", "f(x) = { while x > 1 {"] {
      #expect(Parser.parse(SourceText(text)).isIncomplete, "\(text)")
    }
    for text in ["|x", "‖x", "|x\n"] {
      #expect(!Parser.parse(SourceText(text)).isIncomplete, "\(text)")
    }
  }

  @Test(
    "variants of a letter are that letter",
    arguments: [
      ("ϵ", "ε"), ("ϕ", "φ"), ("ϑ", "θ"), ("µ", "μ"), ("∆x", "Δx"), ("x∆", "xΔ"), ("𝑥", "x"),
      ("ﬁlter", "filter"), ("ﬂoor", "floor"), ("aﬃne", "affine"),
      ("𝐖", "W"), ("𝒘₁", "w₁"), ("ℎ", "h"), ("ℒ", "L"), ("𝜎", "σ"), ("𝜎(𝑧)", "(call σ z)"),
      ("ℼ", "π"), ("ⅆ𝑥", "dx"), ("ϐ", "β"), ("ℏ", "ħ"), ("𝝐", "ε"), ("𝚫", "Δ"), ("𝔼", "E"),
      ("𝖆𝗯𝚌", "abc"), ("𝑥𝟏", "x1"), ("ϱ", "ρ"),
      ("𝜕𝑓/𝜕𝑥", "(partial f / x)"), ("𝛁f", "(nabla f)"), ("a.𝑊", "(member a W)"),
      ("\"𝑥ϵ\"", "\"𝑥ϵ\""),
    ])
  func letters(text: String, tree: String) { #expect(dump(text) == tree) }

  @Test(
    "an invisible character in a name is named",
    arguments: [
      ("al\u{200B}pha", "U+200B, zero width space"), ("x\u{AD}y = 2", "U+00AD, soft hyphen"),
      ("a\u{2060}b", "U+2060, word joiner"), ("η\u{200D}x", "U+200D, zero width joiner"),
      ("x\u{FE0F}1", "U+FE0F, variation selector-16"),
      ("x\u{3164}y", "U+3164, hangul filler"), ("x\u{34F}y", "U+034F, combining grapheme joiner"),
      ("x\u{180B}y", "U+180B, mongolian free variation selector one"),
      ("x\u{E0100}y", "U+E0100, variation selector-17"),
      ("x\u{2063}y", "U+2063, invisible separator"), ("x\u{200E}y", "U+200E, left-to-right mark"),
    ])
  func invisible(text: String, label: String) {
    let found = Parser.parse(SourceText(text)).diagnostics
    #expect(found.map(\.message) == ["an invisible character stands in this name"])
    #expect(found.map(\.label) == [label])
  }

  @Test("between names it is a space, as before")
  func invisibleSpaces() { #expect(dump("\u{FEFF}a\u{200B} + b") == "(a + b)") }

  @Test(
    "nothing that begins with bars traps", arguments: ["|", "‖", "|x", "‖2|", "2|", "[|", "(‖"])
  func robustness(piece: String) {
    for count in [1, 2, 3, 99, 5000] {
      _ = messages(String(repeating: piece, count: count))
      _ = messages(
        String(repeating: piece, count: count) + "x" + String(repeating: "|", count: count))
    }
  }
}
