import Testing

@Suite("Truth values of many entries")
struct TruthIndexTests {
  private let notebook = Notebook("X = [1,2;3,4;5,6]; y = [1,0,1]; v = [1,-2,3]; m = v > 0")

  @Test("a comparison is shown as 0 and 1 and counts so")
  func counting() throws {
    #expect(try notebook.text("v > 0") == "[1, 0, 1]")
    #expect(try notebook.numbers("m + m") == [2, 0, 2])
    #expect(try notebook.number("sum(m)") == 2)
    #expect(try notebook.text("X >= 3").hasPrefix("3×2 matrix\n  0  0\n  1  1"))
  }

  @Test(
    "as an index they choose",
    arguments: [
      ("v[v > 0]", [1, 3], [2]), ("v[m]", [1, 3], [2]), ("v[v > 9]", [], [0]),
      ("X[y == 1, :]", [1, 2, 5, 6], [2, 2]),
      ("X[[1, 1, 1] == 1, :]", [1, 2, 3, 4, 5, 6], [3, 2]),
      ("X[:, [true, false]]", [1, 3, 5], [3, 1]), ("X[m, 2]", [2, 6], [2]),
      ("X[X > 2]", [3, 4, 5, 6], [4]), ("X[y == 5, :]", [], [0, 2]),
      ("[X, 10*X][[X, 10*X] > 20]", [30, 40, 50, 60], [4]),
      ("[X, 10*X][[false, true], 1, :]", [10, 20], [1, 2]),
      ("v[[x > 0 for x in v]]", [1, 3], [2]), ("v[m[1:3]]", [1, 3], [2]),
      ("X[y, :]", nil, nil), ("X[[3, 1], :]", [5, 6, 1, 2], [2, 2]),
      ("v[not m]", [-2], [1]), ("v[m and v < 3]", [1], [1]), ("v[v < 0 or v > 2]", [-2, 3], [2]),
      ("v[0 < v < 3]", [1], [1]), ("v[(v > 0) + 1]", [-2, 1, -2], [3]),
    ] as [(String, [Double]?, [Double]?)])
  func choosing(_ expression: String, _ numbers: [Double]?, _ shape: [Double]?) throws {
    guard let numbers, let shape else {
      // Numbers stay places: 0 is none.
      #expect(try notebook.error(expression).message.contains("index 0 is out of range"))
      return
    }
    #expect(try notebook.shape(expression) == shape)
    #expect(try notebook.numbers("sum(\(expression))") == [numbers.reduce(0, +)])
    if !numbers.isEmpty { #expect(try notebook.numbers(expression) == numbers) }
  }

  @Test("entry by entry with and, or and not")
  func logic() throws {
    #expect(try notebook.numbers("not m") == [0, 1, 0])
    #expect(try notebook.numbers("m or v < 0") == [1, 1, 1])
    #expect(try notebook.numbers("true and m") == [1, 0, 1])
    #expect(try notebook.numbers("m or true") == [1, 1, 1])
    #expect(try notebook.numbers("X > 2 and X[1,:] > 1") == [0, 0, 0, 1, 0, 1])
    #expect(try notebook.text("false and nan > 0") == "false")
    #expect(try notebook.number("max(v > 2)") == 1)
  }

  @Test("in a formula they choose among numbers")
  func formulas() throws {
    notebook.run("f(w: vector) = sum((X[y == 1, :] @ w)^2); k(w: vector) = sum(X[m, :] @ w)")
    #expect(try notebook.numbers("(∂f/∂w)([1, 2])") == [180, 224])
    #expect(try notebook.numbers("(∂k/∂w)([1, 2])") == [6, 8])
    notebook.run("g(x: vector) = sum(x[x > 0])")
    #expect(try notebook.number("g([1, -2, 3])") == 4)
    #expect(try notebook.error("∂g/∂x").name == "GradientError")
  }

  @Test("they choose what is assigned to")
  func assignment() throws {
    notebook.run("v[v < 0] = 0; X[y == 1, :] = 7; X[X < 5] = [0.5, 0.25]")
    #expect(try notebook.numbers("v") == [1, 0, 3])
    #expect(try notebook.numbers("X") == [7, 7, 0.5, 0.25, 7, 7])
    notebook.run("A = [X, X]; A[A > 1] = -1; A[:, [false, true, false], 1] = 0; v[v > 9] = 5")
    #expect(try notebook.numbers("A") == [-1, -1, 0, 0.25, -1, -1, -1, -1, 0, 0.25, -1, -1])
    // Numbers that are put in make numbers of them.
    notebook.run("m[1] = 2")
    #expect(try notebook.error("v[m]").message.contains("index 0 is out of range"))
  }

  @Test(
    "what does not fit is told",
    arguments: [
      ("X[y == 1]", "ShapeError", "X[y == 1, :] chooses rows"),
      ("X[[true, false]]", "ShapeError", "X[:, [true, false]] chooses columns"),
      ("X[X[1:2, :] > 0]", "ShapeError", "one truth value is needed for each entry"),
      ("v[[true, false]]", "ShapeError", "v has 3 entries, but the index is a vector of 2"),
      ("X[:, m]", "ShapeError", "X has 2 columns"),
      ("v[X > 0]", "ShapeError", "a 3×2 matrix of truth values"),
      ("m and [true, false]", "ShapeError", "cannot join m (vector of 3)"),
      ("if m { 1 }", "TypeError", "a condition needs a truth value"),
      ("X[X > 2] = [1, 2]", "ShapeError", "4 entries cannot take a vector of 2"),
      ("X[y == 1] = 0", "ShapeError", "X[y == 1, :] chooses rows"),
      ("v[v > 0] = [1, 2, 3]", "ShapeError", "2 entries cannot take a vector of 3"),
      ("not [1, 0]", "TypeError", "min(…) asks whether all entries hold"),
      ("m and [1, 0, 1]", "TypeError", "a condition needs a truth value"),
      ("not \"a\"", "TypeError", "a condition needs a truth value"),
    ])
  func mistakes(_ source: String, _ name: String, _ part: String) throws {
    let error = try notebook.error(source)
    #expect(error.name == name, "\(error.plainText)")
    #expect(error.plainText.contains(part), "\(error.plainText)")
  }
}
