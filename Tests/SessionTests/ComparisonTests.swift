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
