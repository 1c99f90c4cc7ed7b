import Testing

@Suite("check and compare")
struct ComparisonTests {
  private let notebook = Notebook(
    "a = 0.7739049279; v = [0.57444, 0.59869]; M = [1.234, 2.345; 3.456, 4.567]")

  @Test(
    "the digits of the printed number decide: ✓ to half a unit, ≈ to 1.5 units, else ✗",
    arguments: [
      ("a, 0.7739", "✓"), ("a, 0.7740", "≈"), ("a, 0.7738", "≈"), ("a, 0.7742", "✗"),
      ("a, 0.774", "✓"), ("a, 0.77", "✓"), ("a, 0.8", "✓"), ("a, 1", "✓"), ("a, 0", "≈"),
      ("a, 7.739e-1", "✓"), ("a, 7.74e-1", "✓"), ("a, 77.39e-2", "✓"), ("-a, -0.7739", "✓"),
      ("-a, 0.7739", "✗"), ("a, 0.77390", "✓"), ("a, 0.773900", "✗"), ("100a, 77.39", "✓"),
      ("a, 0.7742, units = 4", "≈"), ("a, 0.7740, units = 0.5", "✗"),
      ("a, a", "✓"), ("a, a + 1e-3", "✗"), ("nan, 0.5", "✗"), ("nan, nan", "✓"), ("inf, inf", "✓"),
      ("inf, 0.5", "✗"), ("0.77390, 0.7740", "✗"), ("ln(0.7740), -0.2562", "✓"),
      ("ln(0.7740), -0.2563", "✗"), ("0.125, 0.12", "✓"), ("0.125, 0.13", "✓"),
      ("2/3, 0.6666", "✗"), ("2a/a/3, 0.6666", "≈"), ("true, 1", "✓"),
    ])
  func verdicts(_ arguments: String, _ verdict: String) throws {
    let call = "compare(\(arguments))"
    #expect(try notebook.texts("verdict", of: call) == [verdict], "\(call)")
  }

  @Test("the table: quantity, computed, printed, difference, units of the last digit, verdict")
  func table() throws {
    let call = "compare(a, 0.7740)"
    #expect(
      try notebook.columns(call)
        == ["quantity", "computed", "printed", "difference", "units_of_last_digit", "verdict"])
    #expect(try notebook.texts("quantity", of: call) == ["a"])
    #expect(near(try notebook.column("units_of_last_digit", of: call), [0.950721], 1e-6))
    #expect(try notebook.column("printed", of: call) == [0.774])
    #expect(try notebook.text("\(call).holds") == "true")
    #expect(try notebook.text("compare(a, 0.7862).holds") == "false")
  }

  @Test(
    "the digits that are compared are the digits that are shown",
    arguments: [
      ("0.75136507, 0.75136508", ["0.751365070", "0.75136508"]),
      ("a, 0.7740", ["0.77390", "0.7740"]),
      ("a, 7.74e-1", ["7.739e-1", "7.74e-1"]), ("a, 1", ["0.8", "1"]),
      ("-a, -0.77", ["-0.774", "-0.77"]),
      ("100a, 77.39", ["77.390", "77.39"]), ("2, 2.00", ["2.000", "2.00"]),
      ("a, a + 1e-9", ["0.773904928", "0.773904929"]), ("a, a", ["0.7739", "0.7739"]),
      ("inf, 0.5", ["inf", "0.5"]), ("0.7755, 774e-3", ["775.5e-3", "774e-3"]),
      ("1234.5, 123e1", ["123.5e1", "123e1"]), ("a, 0.774e0", ["0.7739e0", "0.774e0"]),
      ("2^60, 1152921504606846976", ["1152921504606846976.0", "1152921504606846976"]),
      ("-0.575, -.57", ["-0.575", "-.57"]),
    ])
  func digits(_ arguments: String, _ shown: [String]) throws {
    let text = try notebook.text("compare(\(arguments))")
    let row = try #require(text.split(separator: "\n").dropFirst(3).first)
    let words = row.split(separator: " ").map(String.init)
    for number in shown { #expect(words.contains(number), "\(number) in \(text)") }
  }

  @Test("set digits does not change them")
  func digitsAreThePrinted() throws {
    let notebook = Notebook("set digits = 2")
    let text = try notebook.text("compare(0.75136507, 0.7514)")
    #expect(text.contains("0.75137") && text.contains("0.7514"))
  }

  @Test(
    "more than 12 digits are held to what the order of a sum may change",
    arguments: [
      ("0.1 + 0.2, 0.3000000000000000", "✓"), ("sum([0.1, 0.2, 0.3]), 0.6000000000000001", "✓"),
      ("sum([0.3, 0.2, 0.1]), 0.6000000000000001", "✓"), ("a, 0.7739049279000001", "✓"),
      ("1e-20*3, 3.0000000000000e-20", "✓"), ("a, 0.7739049280000000", "✗"),
      ("a, 0.77390492791", "≈"), ("a, 0.7739049279000001, units = 0.5", "✗"),
    ])
  func beyondRounding(_ arguments: String, _ verdict: String) throws {
    let call = "compare(\(arguments))"
    #expect(try notebook.texts("verdict", of: call) == [verdict], "\(call)")
  }

  @Test("check holds numbers of more than 12 digits to the same")
  func checksBeyondRounding() throws {
    notebook.run(
      "check(0.1 + 0.2, 0.3000000000000000)\ncheck(sum([0.3, 0.2, 0.1]), 0.6000000000000001)")
    #expect(try notebook.error("check(a, 0.7739049280000000)").name == "ValueError")
    #expect(try notebook.error("check(a, 0.7740)").name == "ValueError")
  }

  @Test(
    "an expected formula may end in a transpose",
    arguments: [
      ("f(x: vector) = sum(x^2)/2", "∂f/∂x, x'"), ("f(x: vector) = sum(x^2)", "∂f/∂x, (2x)'"),
      ("f(x: vector, A: matrix) = A @ x", "∂f/∂x, A''"),
      ("f(w: vector, x: vector) = w · x", "∂f/∂w, x'"),
      ("g(z) = sigmoid(z)", "∂g/∂z, sigmoid'"), ("g(z) = z^3; h(z) = z^3 + 1", "∂g/∂z, h'"),
      ("f(x: vector) = sum(x^2)/2", "∂f/∂x, xᵀ"),
    ])
  func transposes(_ setUp: String, _ arguments: String) throws {
    Notebook(setUp).run("check(\(arguments))")
    let compared = Notebook(setUp)
    #expect(try compared.texts("verdict", of: "compare(\(arguments))") == ["✓"])
  }

  @Test("a transpose that is wrong does not hold")
  func wrongTransposes() throws {
    let notebook = Notebook("f(x: vector) = sum(x^2)")
    #expect(try notebook.error("check(∂f/∂x, x')").name == "ValueError")
    #expect(try notebook.error("check(∂f/∂x, y')").message.contains("there is no y"))
  }

  @Test("lists, vectors and matrices entry by entry; several pairs in one table")
  func several() throws {
    #expect(try notebook.texts("verdict", of: "compare(v, [0.5744, 0.5988])") == ["✓", "≈"])
    #expect(try notebook.texts("quantity", of: "compare(v, [0.5744, 0.5988])") == ["v[1]", "v[2]"])
    #expect(
      try notebook.texts("quantity", of: "compare(M, [1.2, 2.3; 3.5, 4.6])")
        == ["M[1,1]", "M[1,2]", "M[2,1]", "M[2,2]"])
    #expect(
      try notebook.texts("verdict", of: "compare(M, [1.2, 2.3; 3.5, 4.6])").allSatisfy { $0 == "✓" }
    )
    #expect(
      try notebook.texts("verdict", of: "compare(a, 0.7739, v, [0.57, 0.60], 1/3, 0.33)") == [
        "✓", "✓", "✓", "✓",
      ])
    notebook.run(lectureCell)
    #expect(
      try notebook.texts("verdict", of: "compare(forward(Lecture, x).a[1], [0.5744, 0.5987])") == [
        "✓", "✓",
      ])
  }

  @Test(
    "what cannot be compared",
    arguments: [
      ("compare(a)", "TypeError"), ("compare(a, 1, 2)", "TypeError"),
      ("compare(v, 1)", "ShapeError"),
      ("compare(a, \"x\")", "TypeError"),
      ("compare(v, [1, 2, 3])", "ShapeError"), ("compare()", "TypeError"),
    ])
  func mistakes(_ source: String, _ name: String) throws {
    #expect(try notebook.error(source).name == name)
  }

  @Test(
    "check holds to half a unit of a decimal literal, else to 1e-9 relative",
    arguments: [
      "a, 0.7739", "a, 0.774", "a, a", "1 + 1, 2", "1 == 1", "v, v", "v, [0.5744, 0.5987]",
      "0.1 + 0.2, 0.3", "1e9 + 0.1, 1e9 + 0.2", "a, 0.78, tolerance = 0.01", "1, 2, tolerance = 1",
      "\"a\", \"a\"", "nan, nan", "inf, inf", "true", "shape(M), [2, 2]", "M, M", "a, 0.8",
    ])
  func holding(_ arguments: String) throws {
    let run = notebook.run("check(\(arguments))")
    #expect(run.texts[0].hasPrefix("✓"))
    #expect(try notebook.text("check(\(arguments)).holds") == "true")
  }

  @Test(
    "a check that does not hold is an error that says both numbers",
    arguments: [
      ("a, 0.7740", "expected 0.774"), ("1, 2", "it is 1, expected 2"), ("1 == 2", "does not hold"),
      ("v, [0.5744, 0.5999]", "entry [2]"), ("\"a\", \"b\"", "expected \"b\""),
      ("nan, 1", "it is nan"),
      ("a, 0.78, tolerance = 0.001", "expected 0.78"), ("1e-12, 0", "expected 0"),
      ("inf, 1", "it is inf"),
      ("2, 3", "expected 3"), ("1 + 1e-8, 1", "expected 1"),
    ])
  func failing(_ arguments: String, _ part: String) throws {
    let error = try notebook.error("check(\(arguments))")
    #expect(error.name == "ValueError")
    #expect(error.message.contains(part), "\(error.message)")
  }

  @Test(
    "what cannot be checked",
    arguments: [
      ("check(M, [1, 2, 3, 4])", "ShapeError"), ("check(v, 1)", "ShapeError"),
      ("check(a, \"a\")", "TypeError"), ("check()", "TypeError"),
      ("check(a, 1, tolerance = \"x\")", "TypeError"), ("check(sin, cos)", "ValueError"),
    ])
  func checkMistakes(_ source: String, _ name: String) throws {
    #expect(try notebook.error(source).name == name)
  }
}
