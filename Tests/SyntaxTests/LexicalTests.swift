import Syntax
import Testing

@Suite("Characters, numbers, texts and lines")
struct LexicalTests {
  @Test(
    "look-alikes read as the plain signs",
    arguments: [
      ("x − y", "x - y"), ("x ⋅ y", "x · y"), ("x × y", "x * y"), ("f′", "f'"), ("a ≤ b", "a <= b"),
      ("a ≥ b", "a >= b"), ("a ≠ b", "a != b"), ("x²", "x^2"), ("x³", "x^3"), ("f′′(x)", "f''(x)"),
      ("−x", "-x"),
    ])
  func lookAlikes(text: String, plain: String) { #expect(dump(text) == dump(plain)) }

  @Test(
    "names have letters of any script, digits, marks and subscripts",
    arguments: [
      "x", "_", "x_1", "σ", "x₁", "xᵢⱼ", "x̂", "ŷ", "θ̂₁", "Größe", "переменная", "重み", "ℓ", "W1b",
      "a₊",
      "été", "𐤀",
    ])
  func names(name: String) {
    let tree = dump(name)
    #expect(tree.unicodeScalars.elementsEqual(SourceText(name).text.unicodeScalars))
    #expect(dump("\(name) = 1") == "(assign \(tree) 1)")
  }

  @Test(
    "superscripts and ᵀ end a name",
    arguments: [
      ("xᵀ", "(transpose x)"), ("x₁²", "(x₁ ^ 2)"), ("x₁[1]", "(index x₁ 1)"),
      ("x²ᵀ", "(transpose (x ^ 2))"),
    ])
  func superscripts(text: String, tree: String) { #expect(dump(text) == tree) }

  @Test("text is read in NFC, and the micro sign is mu")
  func normalization() {
    #expect(dump("e\u{301} = 1") == dump("é = 1"))
    #expect(dump("\u{B5} + 1") == dump("μ + 1"))
    #expect(dump("\"e\u{301}\"").utf8.count == 4)
  }

  @Test(
    "numbers keep their literal and have the nearest double",
    arguments: [
      ("1", 1.0), ("2.0", 2), (".5", 0.5), ("1e-3", 1e-3), ("0.7740", 0.774), ("1E5", 1e5),
      ("1e+2", 100),
      ("0.1", 0.1), ("123456789.123456789", 123456789.123456789),
      ("9007199254740993", 9_007_199_254_740_992),
      ("0.30000000000000004", 0.30000000000000004), ("1e400", .infinity),
      ("5e-324", Double.leastNonzeroMagnitude),
      ("3.141592653589793", 3.141592653589793), ("0.000001", 1e-6),
    ])
  func numbers(text: String, value: Double) throws {
    let expression = try Parser.parseExpression(SourceText(text))
    guard case .number(let number, let literal) = expression.kind else {
      Issue.record("no number: \(text)")
      return
    }
    #expect(number == value)
    #expect(literal == text)
  }

  @Test(
    "texts resolve their escapes",
    arguments: [
      (#""a b""#, "a b"), (#""""#, ""), (#""a\"b""#, "a\"b"), (#""a\nb\tc""#, "a\nb\tc"),
      (#""C:\\x""#, "C:\\x"),
      (#""\sigma""#, "\\sigma"), ("\"# no comment\"", "# no comment"), (#""it's""#, "it's"),
    ])
  func texts(source: String, value: String) throws {
    let expression = try Parser.parseExpression(SourceText(source))
    guard case .string(let text) = expression.kind else {
      Issue.record("no text: \(source)")
      return
    }
    #expect(text == value)
  }

  @Test(
    "a statement ends with its line, and goes on after an operator or a comma",
    arguments: [
      ("a\nb", "a\nb"), ("a +\nb", "(a + b)"), ("a + # why\n\n  b", "(a + b)"),
      ("a\n- b", "a\n(- b)"),
      ("(a\n+ b)", "(paren (a + b))"), ("f(a,\n b\n)", "(call f a b)"),
      ("[1, 2;\n 3, 4]", "[1 2 | 3 4]"),
      ("[1,\n2]", "[1 2]"), ("x =\n 2", "(assign x 2)"), ("f(x) =\n x", "(define f (x) x)"),
      ("a and\nb", "(and a b)"), ("explain f(x),\n layer = 2", "(explain (call f x) layer=2)"),
      ("a; b", "a ;\nb"), ("a;\n\n;b;", "a ;\nb ;"), ("a\r\nb\rc", "a\nb\nc"), ("# only\n", ""),
      ("", ""),
      ("symbols a,\n b", "(symbols a, b)"), ("x = a:\n b", "(assign x (a : b))"),
      ("\u{FEFF}a\u{A0}+\u{2003}b", "(a + b)"), ("a\n(b)", "a\n(paren b)"), ("a\n[1]", "a\n[1]"),
    ])
  func lines(text: String, tree: String) { #expect(dump(text) == tree) }

  @Test(
    "inside braces newlines and semicolons separate",
    arguments: [
      ("for i in 1:2 { a; b\n c }", "(for i (1 : 2) {a ; b c})"),
      ("if a { b }\nelse { c }", "(if a {b} {c})"),
      ("if a {\n b\n}\n\n# then\nelse if c { d } else { e }", "(if a {b} {(if c {d} {e})})"),
      ("[if a {\n1\n} else {2}, 3]", "[(if a 1 2) 3]"), ("if a { }", "(if a {})"),
      ("for i in 1:3 { };", "(for i (1 : 3) {}) ;"),
    ])
  func braces(text: String, tree: String) { #expect(dump(text) == tree) }
}
