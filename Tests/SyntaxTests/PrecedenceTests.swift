import Syntax
import Testing

@Suite("Operators bind as the reference says")
struct PrecedenceTests {
  @Test(
    "postfix operators are one level, left to right",
    arguments: [
      ("W[2]'", "(prime (index W 2))"),
      ("sigmoid'(z)", "(call (prime sigmoid) z)"),
      ("f''", "(prime (prime f))"),
      ("x²'", "(prime (x ^ 2))"),
      ("a.b(c)[1].d", "(member (index (call (member a b) c) 1) d)"),
      ("Aᵀ.W", "(member (transpose A) W)"),
      ("-x²", "(- (x ^ 2))"),
      ("x²^3", "((x ^ 2) ^ 3)"),
      ("x⁻¹", "(x ^ (- 1))"),
      ("xⁿ", "(x ^ n)"),
      ("x¹⁰", "(x ^ 10)"),
      ("2²", "(2 ^ 2)"),
      ("f (x)", "(call f x)"),
    ])
  func postfix(text: String, tree: String) { #expect(dump(text) == tree) }

  @Test(
    "powers go from right to left and take a minus on the right",
    arguments: [
      ("a^b^c", "(a ^ (b ^ c))"),
      ("-a^2", "(- (a ^ 2))"),
      ("a^-b", "(a ^ (- b))"),
      ("a^-b^c", "(a ^ (- (b ^ c)))"),
      ("e^-x * y", "((e ^ (- x)) * y)"),
      ("a^b'", "(a ^ (prime b))"),
    ])
  func powers(text: String, tree: String) { #expect(dump(text) == tree) }

  @Test(
    "a number joins what follows it without a space",
    arguments: [
      ("3x", "(juxtapose 3 x)"),
      ("2x^2", "(juxtapose 2 (x ^ 2))"),
      ("2(a + b)", "(juxtapose 2 (paren (a + b)))"),
      ("-2x", "(- (juxtapose 2 x))"),
      ("2x[1]'", "(juxtapose 2 (prime (index x 1)))"),
      ("2sin(x)cos", nil),
      ("2e", "(juxtapose 2 e)"),
      ("2e-3", "2e-3"),
      ("2e-x", "((juxtapose 2 e) - x)"),
      ("2π", "(juxtapose 2 π)"),
      ("2∂f/∂x", "(juxtapose 2 (partial f / x))"),
      ("3x/2", "((juxtapose 3 x) / 2)"),
      ("a * 2x", "(a * (juxtapose 2 x))"),
      ("2[1, 2]", "(juxtapose 2 [1 2])"),
      ("2 and x", "(and 2 x)"),
      ("x(1 + 2)", "(call x (1 + 2))"),
    ])
  func juxtaposition(text: String, tree: String?) {
    if let tree { #expect(dump(text) == tree) } else { #expect(!messages(text).isEmpty) }
  }

  @Test(
    "after a division or a power a joined number is refused",
    arguments: [
      "1/2x", "1/2(a + b)", "a ⊘ 2x", "2^3x", "e^-2x", "1/-2x", "2x/3y",
    ])
  func ambiguous(text: String) {
    #expect(messages(text).count == 1)
    #expect(messages(text).first?.contains("ambiguous") == true)
  }

  @Test(
    "products are one level, left to right",
    arguments: [
      ("2/m · (A - Y)", "(2 / m · (paren (A - Y)))"),
      ("a @ b * c ⊙ d ⊗ e ⊘ f", "(a @ b * c ⊙ d ⊗ e ⊘ f)"),
      ("a * -b", "(a * (- b))"),
      ("-a * b", "((- a) * b)"),
      ("a + b*c - d", "(a + (b * c) - d)"),
      ("a - -b", "(a - (- b))"),
      ("a + +b", "(a + b)"),
    ])
  func products(text: String, tree: String) { #expect(dump(text) == tree) }

  @Test(
    "ranges, comparisons and the words",
    arguments: [
      ("1:n + 1", "(1 : (n + 1))"),
      ("a:b:c", "(a : b : c)"),
      ("0 <= x < 1", "(0 <= x < 1)"),
      ("1:3 == 1:3", "((1 : 3) == (1 : 3))"),
      ("not a == b", "(not (a == b))"),
      ("not not a", "(not (not a))"),
      ("a and not b or c and d", "(or (and a (not b)) (and c d))"),
      ("x ≤ 2 ≥ 3 ≠ 4", "(x <= 2 >= 3 != 4)"),
    ])
  func words(text: String, tree: String) { #expect(dump(text) == tree) }

  @Test(
    "an if stands where a value can",
    arguments: [
      ("y = if a { 1 } else { 2 }", "(assign y (if a 1 2))"),
      ("y = if a { 1 } else if b { 2 } else { 3 } + 1", "(assign y ((if a 1 (if b 2 3)) + 1))"),
      ("y = 2 * if a {\n 1\n}\nelse {\n 2;\n}", "(assign y (2 * (if a 1 2)))"),
      ("f(if a { 1 } else { 0 }, 2)", "(call f (if a 1 0) 2)"),
      ("y = if a { 1 }", "(assign y (if a 1))"),
    ])
  func conditionals(text: String, tree: String) { #expect(dump(text) == tree) }

  @Test("the tables of operators and keywords show what parses")
  func usages() {
    for entry in OperatorEntry.all {
      #expect(messages(entry.usage) == [], "\(entry.usage)")
      for alternative in entry.alternatives {
        let text = entry.usage.replacing(entry.symbol, with: alternative)
        #expect(dump(text) == dump(entry.usage), "\(text)")
      }
    }
    for keyword in Keyword.allCases {
      var text = keyword.usage.replacing("…", with: "1")
      if keyword.places == [.network] { text = "network N { input 1; dense 1; \(text) }" }
      if keyword.places == [.perceptron] { text = "perceptron P { input 1; \(text) }" }
      if keyword.places == [.layer] { text = "layer L(x: vector(n)) { μ = 1; v = 2; \(text); x }" }
      if keyword.places == [.audit] { text = "audit { \(text) }" }
      if keyword == .input { text = "network N {\ndense 1\n\(keyword.usage)\n}" }
      #expect(messages(text) == [], "\(text)")
    }
  }
}
