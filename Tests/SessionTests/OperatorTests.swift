import Testing

@Suite("Operators and their precedence")
struct OperatorTests {
  @Test(
    "an expression has its value",
    arguments: [
      ("1 + 2", 3), ("2^3^2", 512), ("-2^2", -4), ("2^-1", 0.5), ("(-2)^2", 4), ("2/4*2", 1),
      ("2/4 · (3 - 1)", 1), ("8/2/2", 2), ("2 - 3 - 4", -5), ("1 − 2 · 3", -5), ("6 ⊘ 3 ⊗ 2", 4),
      ("--3", 3), ("2 * -3", -6), ("1 + 2 < 4", 1), ("not 1 == 2", 1), ("not 0 and 1", 1),
      ("1 or 0 and 0", 1), ("1:3 @ 2", 6), ("5²", 25), ("2^0.5^2", 1.189207115002721),
      ("1e3", 1000), (".5", 0.5), ("2π - 2*pi", 0), ("3e", 8.154845485377136),
    ] as [(String, Double)])
  func values(_ expression: String, _ value: Double) throws {
    let numbers = try Notebook().numbers("[\(expression)]")
    #expect(near(try #require(numbers.last), value))
  }

  @Test("a number juxtaposes: 2x^2 is 2(x²), 3x', 2(a + b), and 3x[2]")
  func juxtaposition() throws {
    let notebook = Notebook("x = 3\nv = [1, 2]\na = 1; b = 2")
    #expect(try notebook.number("2x^2") == 18)
    #expect(try notebook.number("-2x^2") == -18)
    #expect(try notebook.number("2(a + b)") == 6)
    #expect(try notebook.number("3v[2]") == 6)
    #expect(try notebook.number("2x^2 / 3") == 6)
    #expect(try notebook.number("2sin(0) + 1") == 1)
    #expect(try notebook.shape("3v'") == [1, 2])
  }

  @Test("postfix operators apply from left to right")
  func postfix() throws {
    let notebook = Notebook("W = [1, 2; 3, 4]\nf(x) = x + 1")
    #expect(try notebook.numbers("W'[1,:]") == [1, 3])
    #expect(try notebook.numbers("W[1,:]²") == [1, 4])
    #expect(try notebook.number("f(2)²") == 9)
    #expect(try notebook.numbers("Wᵀ'") == [1, 2, 3, 4])
    #expect(try notebook.number("sigmoid'(0)") == 0.25)
  }

  @Test("comparisons chain")
  func chains() throws {
    let notebook = Notebook()
    #expect(try notebook.text("1 < 2 < 3") == "true")
    #expect(try notebook.text("1 < 3 < 2") == "false")
    #expect(try notebook.text("1 == 1 == 1") == "true")
    #expect(try notebook.text("3 > 2 >= 2 != 1") == "true")
    #expect(try notebook.text("1 ≤ 1 ≠ 2") == "true")
  }

  @Test("comparisons of vectors go element by element and count as 0 and 1")
  func elementwiseComparisons() throws {
    let notebook = Notebook()
    #expect(try notebook.numbers("[1, 2, 3] > 2") == [0, 0, 1])
    #expect(try notebook.numbers("0 < [-1, 1, 3] < 2") == [0, 1, 0])
    #expect(try notebook.numbers("[1, 2] == [1, 3]") == [1, 0])
    #expect(try notebook.numbers("[1, 2; 3, 4] >= [2, 3]") == [0, 0, 1, 1])
    #expect(try notebook.number("sum([1, 5, 7] > 2)") == 2)
  }

  @Test("comparisons with nan are false, except !=")
  func nan() throws {
    let notebook = Notebook()
    #expect(try notebook.numbers("[nan == nan, nan < 1, nan >= 1, nan != nan]") == [0, 0, 0, 1])
  }

  @Test("texts compare with each other, not with numbers")
  func texts() throws {
    let notebook = Notebook()
    #expect(try notebook.text("\"a\" == \"a\"") == "true")
    #expect(try notebook.text("\"a\" < \"b\"") == "true")
    #expect(try notebook.error("\"a\" == 1").name == "TypeError")
  }

  @Test("and and or look at the right side only where it matters")
  func shortCircuit() throws {
    let notebook = Notebook("f(x) = [1, 2][x]")
    #expect(try notebook.text("false and f(3) == 1") == "false")
    #expect(try notebook.text("true or f(3) == 1") == "true")
    #expect(try notebook.error("true and f(3) == 1").name == "ValueError")
  }

  @Test("a condition is a truth value or a number; vectors are refused with a way out")
  func conditions() throws {
    let notebook = Notebook()
    #expect(try notebook.text("(if 2 { 1 } else { 0 })") == "1")
    #expect(try notebook.text("not 2") == "false")
    for source in ["not [1, 0]", "[1] and true", "if [1, 1] { 1 } else { 0 }"] {
      let error = try notebook.error(source)
      #expect(error.name == "TypeError")
      #expect(error.plainText.contains("min(…) asks whether all entries hold"))
    }
  }

  @Test("true and false count as 1 and 0")
  func booleans() throws {
    let notebook = Notebook()
    #expect(try notebook.number("true + true") == 2)
    #expect(try notebook.number("sum([true, false, true])") == 2)
    #expect(try notebook.text("true") == "true")
  }
}
