import Syntax
import Testing

@Suite("Trees as text")
struct PrinterTests {
  @Test(
    "texts are normalized",
    arguments: [
      ("a+b*c", "a + b*c"), ("2*(A@x-b)'@A", "2*(A @ x - b)' @ A"), ("x²", "x^2"), ("x²'", "x²'"),
      ("a/b/c", "a/b/c"),
      ("-a^-b", "-a^-b"), ("[1,2;3,4]", "[1, 2; 3, 4]"), ("f(x,slope=.2)", "f(x, slope = .2)"),
      ("1:2:n", "1:2:n"),
      ("a<=b<c", "a <= b < c"), ("not a and b", "not a and b"), ("2x^2", "2x^2"),
      ("∂^2 f/∂x^2", "∂²f/∂x²"),
      ("W[1,:]", "W[1, :]"), ("x⋅y", "x · y"), ("[i^2 for i in 1:5]", "[i^2 for i in 1:5]"),
      ("x⁻¹'", "x⁻¹'"),
      ("\"a\\\"b\"", "\"a\\\"b\""),
      ("f(if a{1}else if b{2}else{3})", "f(if a { 1 } else if b { 2 } else { 3 })"),
    ])
  func normalized(text: String, printed: String) throws {
    let expression = try Parser.parseExpression(SourceText(text))
    #expect(SourcePrinter.text(of: expression) == printed)
  }

  @Test(
    "a printed tree reads back as the same tree",
    arguments: [
      "a + b - c*d/e @ f", "(a + b)*c", "a - (b - c)", "-(-a)", "--a", "a^b^c", "(a^b)^c", "x²^3",
      "x²ᵀ", "x²[1]", "(x^2)'",
      "2(3)(4)", "2x(3)", "(2)(3)", "2'", "5²", "x⁻¹ + xⁿ'", "not (a or b) and c", "(not a) == b",
      "1:(2:3)", "(1:2):3",
      "∂f/∂x(2)' + ∂²f/∂x∂y", "∂(a*b)/∂w[1, j]", "∂x^2/∂x", "∂f/∂x²", "∂f/∂x²'", "∂²f/∂x²^2",
      "(∂²f/∂x²)²", "∂f/∂w[1][2]",
      "∇f(x)", "∇(f)", "sum(w[i]*x[i] for i in 1:n)", "whatif(n, X, W[2][1,3] = 0.9)",
      "f(a = 1, b)", "[[1, 2], [3, 4]]",
      "(if a { 1 } else { 2 }) + 1", "[]", "a.b.c[1](2)", "-2x", "a*-b", "a - -b", "1e-3x", "2e",
      "0.7740", "e^-x", "a^-(2x)", "1/(2x)",
      "explain f(x), layer = 2, x = [1, 2]", "a @ b' · c ⊙ d ⊗ e ⊘ f", "\"α\\n\"", "x == y != z",
      "a:b == c", "true and false",
      "max(0, X @ w + b)^2", "(a)(b)", "(a)[1]", "\"a\"'", "[1, 2][1]", "2[1, 2]",
    ])
  func roundTrip(text: String) throws {
    let tree = try Parser.parseExpression(SourceText(text))
    let printed = SourcePrinter.text(of: tree)
    let again = try Parser.parseExpression(SourceText(printed))
    #expect(SyntaxDump.text(of: again) == SyntaxDump.text(of: tree), "\(printed)")
    #expect(SourcePrinter.text(of: again) == printed)
  }

  @Test("trees that no text gives get parentheses")
  func foreignTrees() throws {
    let span = SourceSpan(0, 0)
    func node(_ kind: ExpressionSyntax.Kind) -> ExpressionSyntax { ExpressionSyntax(kind, span) }
    let sum = node(.chain(node(.name("a")), [.init(.add, span, node(.name("b")))]))
    let two = node(.number(2, literal: "2"))
    let joined = node(.juxtaposition(two, node(.name("e3"))))
    let cases: [(ExpressionSyntax, String)] = [
      (node(.chain(sum, [.init(.multiply, span, sum)])), "(a + b)*(a + b)"),
      (node(.power(sum, sum)), "(a + b)^(a + b)"), (node(.negative(sum)), "-(a + b)"),
      (joined, "2(e3)"), (node(.chain(sum, [.init(.divide, span, joined)])), "(a + b)/(2(e3))"),
      (node(.call(two, [])), "(2)()"),
      (node(.power(node(.number(-1, literal: "-1")), two)), "(-1)^2"),
      (node(.nabla(sum)), "∇(a + b)"), (node(.not(node(.or([sum, two])))), "not (a + b or 2)"),
      (node(.juxtaposition(two, two)), "2(2)"), (node(.prime(node(.negative(two)))), "(-2)'"),
    ]
    for (tree, text) in cases {
      #expect(SourcePrinter.text(of: tree) == text)
      #expect(messages(text) == [])
    }
  }

  @Test("a function shows its head and its body")
  func functions() {
    let program = Parser.parse(SourceText("f(x,A:matrix( m,2 ),  w : vector)=A@x+w"))
    guard case .definition(let function) = program.statements.first?.kind else {
      Issue.record("no definition")
      return
    }
    #expect(SourcePrinter.text(of: function) == "f(x, A: matrix(m, 2), w: vector) = A @ x + w")
  }
}
