import Assistance
import Language
import Lessons
import Session
import Testing

@Suite("Generators of several ranges, loops in bodies, derivatives at points, bars")
struct LanguageFormTests {
  @Test(
    "generators as values",
    arguments: [
      ("[10i + j for i in 1:2, j in 1:3]", [11, 12, 13, 21, 22, 23]),
      ("shape([i*j for i in 1:2, j in 1:3])", [2, 3]),
      ("shape([i*j for i in 1:1, j in 1:3])", [1, 3]),
      ("shape([i*j for i in 1:3, j in 1:1])", [3, 1]),
      ("[i*j for i in 1:2, j in 1:3 if i != j]", [2, 3, 2, 6]),
      ("[10i + j for i in 1:3, j in 1:i]", [11, 21, 22, 31, 32, 33]),
      ("[i for i in 1:10 if mod2(i) == 0]", [2, 4, 6, 8, 10]),
      ("sum(i*j for i in 1:3, j in i+1:3)", [11]), ("sum(i for i in 1:3 if i > 5)", [0]),
      ("sum(i*j*k for i in 1:2, j in 1:2, k in 1:2)", [27]),
      ("max(i*j for i in 1:3, j in 1:3 if i + j < 5)", [4]),
      ("mean(x for x in [1, -2, 3] if x > 0)", [2]),
      ("sum(r[1]*c for r in [1, 2; 3, 4], c in [10, 20])", [120]),
      ("[[i + j for j in 1:2] for i in 1:2] - [i + j for i in 1:2, j in 1:2]", [0, 0, 0, 0]),
    ])
  func generators(_ cell: String, _ expected: [Double]) throws {
    let notebook = Notebook("mod2(n) = n - 2*round(n/2 - 0.25)")
    #expect(try notebook.numbers(cell) == expected, "\(cell)")
  }

  @Test(
    "sums of several ranges and under conditions have derivatives",
    arguments: [
      (
        "f(X: matrix(m, n)) = sum(X[k,l]*X[p,q] for k in 1:m, l in 1:n, p in 1:m, q in 1:n)",
        "X = [1, 2; 3, -4]"
      ),
      ("f(X: matrix(m, n)) = sum(X[i,j]^2 for i in 1:m, j in 1:n if i != j)", "X = [1, 2; 3, -4]"),
      ("f(X: matrix(m, n)) = [i*X[i,j]^2 for i in 1:m, j in 1:n]", "X = [1, 2; 3, -4]"),
      ("f(x: vector(n)) = sum(x[i]*x[j] for i in 1:n, j in i+1:n)", "x = [1, 2, -3]"),
      ("f(x: vector(n)) = sum(x[i]*x[j]^2 for i in 1:n, j in 1:i)", "x = [1, 2, -3]"),
      ("f(x: vector(n)) = sum((x[i] - x[j])^2 for i in 1:n, j in 1:n if i < j)", "x = [1, 2, -3]"),
      ("f(x: vector(n)) = sum(x[i]^3 for i in 1:n if x[i] > 0)", "x = [1, 2, -3]"),
      ("f(x: vector(3)) = sum(x[i]*i for i in 2:3)", "x = [1, 2, -3]"),
      ("f(x) = [x^(i*j) for i in 1:2, j in 1:3]", "x = 1.5"),
      ("f(x) = [x^i for i in 1:4 if i != 2]", "x = 1.5"),
    ])
  func derivatives(_ definition: String, _ point: String) throws {
    let notebook = Notebook(definition)
    #expect(try notebook.number("gradcheck(f, \(point)).holds") == 1, "\(definition)")
  }

  @Test(
    "their derivatives are short",
    arguments: [
      ("f(X: matrix(m, n)) = sum(X[i,j]^2 for i in 1:m, j in 1:n)", "∂f/∂X", "2*X"),
      ("f(x: vector(n)) = sum(x[i]^2 for i in 1:n if x[i] > 0)", "∂f/∂x", "2*(x*(x > 0))'"),
      (
        "f(x: vector(n)) = sum((x[i] - x[j])^2 for i in 1:n, j in 1:n if i != j)", "∂f/∂x",
        "(4*n*x - 4*sum(x))'"
      ),
    ])
  func shortForms(_ definition: String, _ asked: String, _ text: String) throws {
    #expect(
      try Notebook(definition).text(asked).split(separator: "\n").first.map(String.init) == text)
  }

  @Test(
    "bars",
    arguments: [
      ("|x|", [1, 2, 3]), ("‖x‖²", [14]), ("2|x[2]|", [4]), ("|x[2] - |x[3]||", [5]),
      ("|x[1]||x[2]|", [2]), ("‖x - [1, -2, 3]‖", [0]), ("‖[3, 4; 0, 0]‖", [5]),
      ("x[2]|x[3]|", [-6]),
    ])
  func bars(_ cell: String, _ expected: [Double]) throws {
    #expect(near(try Notebook("x = [1, -2, 3]").numbers(cell), expected, 1e-12), "\(cell)")
  }

  @Test("bars have derivatives")
  func barDerivatives() throws {
    let notebook = Notebook("f(x: vector) = ‖x‖²; g(x: vector) = sum(|x|)")
    #expect(try notebook.text("∂f/∂x").hasPrefix("2*x'"))
    #expect(try notebook.numbers("(∂g/∂x)([1, -2])") == [1, -1])
  }

  @Test(
    "loops and choices in bodies",
    arguments: [
      ("f(x) = { s = 0; for k in 1:3 { s = s + x^k }; s }", "f(2)", [14]),
      (
        "f(n) = { a = 0; b = 1; while n > 0 { t = a + b; a = b; b = t; n = n - 1 }; a }", "f(10)",
        [55]
      ),
      ("f(x) = { if x > 0 { q = x } else { q = -x }; 2q }", "[f(3), f(-3)]", [6, 6]),
      ("f(n) = { v = zeros(n); for i in 1:n { v[i] = i^2 }; v }", "f(3)", [1, 4, 9]),
      ("f(n) = { A = zeros(n, n); for i in 1:n { A[i,:] = i*ones(n) }; A }", "f(2)", [1, 1, 2, 2]),
      ("f(v: vector) = { v[1] = 9; v }", "f([1, 2])", [9, 2]),
      ("f(v: vector) = { s = 0; for x in v { s = s + x }; s }", "f([1, 2, 4])", [7]),
      ("f(x) = { for i in 1:0 { x = 7 }; x }", "f(2)", [2]),
      ("f(v: vector) = { s = 0; for x in v { if x > 0 { s = s + x } }; s }", "f([1, -2, 4])", [5]),
    ])
  func bodies(_ definition: String, _ call: String, _ expected: [Double]) throws {
    #expect(try Notebook(definition).numbers(call) == expected, "\(definition)")
  }

  @Test("names of a body are its own")
  func locality() throws {
    let notebook = Notebook(
      "s = 5; v = [1, 2]; f(x) = { s = 0; for k in 1:3 { s = s + x }; s }; f(2);")
    #expect(try notebook.number("s") == 5)
    notebook.run("g(w: vector) = { w[1] = 9; sum(w) }; g(v);")
    #expect(try notebook.numbers("v") == [1, 2])
    #expect(notebook.attempt("k").error?.plainText.hasPrefix("NameError") == true)
  }

  @Test(
    "loops whose turns are known are written out, choices become cases",
    arguments: [
      ("f(x) = { s = 0; for k in 1:3 { s = s + k*x^k }; s }", "9*x^2 + 4*x + 1"),
      ("f(x) = { v = zeros(3); for k in 1:3 { v[k] = x^k }; v }", "[1, 2*x, 3*x^2]"),
      ("f(x) = { if x > 0 { q = x^2 } else { q = -x }; q }", "if x > 0 { 2*x } else { -1 }"),
      ("f(x) = { i = 1; while i <= 2 { x = x^2; i = i + 1 }; x }", "4*x^3"),
    ])
  func writtenOut(_ definition: String, _ text: String) throws {
    #expect(try Notebook(definition).text("∂f/∂x").hasPrefix(text), "\(definition)")
  }

  @Test("explain keeps the names; of a name assigned again each value has its own")
  func explained() throws {
    let notebook = Notebook("f(x) = { s = x; for k in 2:3 { s = s*x + k }; s }")
    let text = try notebook.text("explain ∂f/∂x")
    for line in ["s = x", "s₂ = s*x + 2", "s₃ = s₂*x + 3", "f = s₃"] {
      #expect(text.components(of: line) == 1, "\(line) in\n\(text)")
    }
  }

  @Test(
    "functions of a while, and such that call themselves, have derivatives at points",
    arguments: [
      ("f(n) = if n <= 1 { 1 } else { n*f(n - 1) }", "(∂f/∂n)(4)", [26]),
      ("f(n) = if n <= 1 { 1 } else { n*f(n - 1) }", "f'(4)", [26]),
      ("f(x, n) = if n <= 0 { 1 } else { x*f(x, n - 1) }", "(∂f/∂x)(2, 5)", [80]),
      ("f(x, n) = if n <= 0 { 1 } else { x*f(x, n - 1) }", "(∂f/∂x)([1, 2], [3, 3])", [3, 12]),
      (
        "f(a) = { x = a; while |x^2 - a| > 1e-13 { x = (x + a/x)/2 }; x }", "f'(2)",
        [0.3535533905932738]
      ),
      (
        "f(x: vector) = { s = 0; i = 1; while i <= x[3] { s = s + x[1]^2*x[2]; i = i + 1 }; s }",
        "(∂f/∂x)([2, 3, 4])", [48, 16, 0]
      ),
      (
        "f(x: vector) = { s = 0; i = 1; while i <= x[3] { s = s + x[1]^2*x[2]; i = i + 1 }; s }",
        "(∇f)([2, 3, 4])", [48, 16, 0]
      ),
      ("f(x, y) = { while x < 10 { x = x*y }; x }", "(∇f)(1, 2)", [16, 32]),
      ("f(x) = { y = x; x = 2x; z = y; while x < 10 { x = x*y }; x*z }", "f'(3)", [54]),
      (
        "f(x: vector) = { s = 0; for r in x { x = 2x; s = s + r*x[1]; while s < 0 { s = 0 } }; s }",
        "(∂f/∂x)([1, 2])", [12, 4]
      ),
      ("f(x: vector(n)) = sum(x[i]*x[i-1] for i in 2:n)", "(∂f/∂x)([1, 2, -3])", [2, -2, 2]),
      ("f(x) = { v = [x, x^2]; while v[1] < 5 { v = 2*v }; v }", "(∂f/∂x)(1)", [8, 16]),
      (
        "f(A: matrix) = { B = A; while sum(B) < 5 { B = 2*B }; sum(B^2) }", "(∂f/∂A)([1, 0; 0, 1])",
        [32, 0, 0, 32]
      ),
      (
        "g(x) = { while x < 4 { x = x^2 }; x }; f(v: vector) = { s = 0; for x in v { while s < 0 { s = 0 }; s = s + g(x) }; s }",
        "(∂f/∂v)([2, 3])", [4, 6]
      ),
      ("c = 3; f(x) = { while x < 10 { x = c*x }; x }", "(∂f/∂x)(2)", [9]),
      ("f(n, x) = { s = 0; for i in 1:n { s = s + x^i }; s }", "(∂f/∂x)(3, 2)", [17]),
      (
        "f(x: vector) = { s = 0; while s < 1 { s = s + sum(x[i]*x[j] for i in 1:2, j in 1:2 if i != j) }; s }",
        "(∂f/∂x)([1, 2])", [4, 2]
      ),
    ])
  func points(_ definition: String, _ call: String, _ expected: [Double]) throws {
    #expect(
      near(try Notebook(definition).numbers(call), expected, 1e-9), "\(call) of \(definition)")
  }

  @Test("endless loops and calls end with an error, not with the kernel")
  func endless() throws {
    let error = Notebook("f(n) = f(n + 1)*n").attempt("(∂f/∂n)(1)").error
    #expect(error?.plainText.hasPrefix("LimitError") == true)
    #expect(
      Notebook("f(x) = { s = 0; while x > 0 { s = s + x }; s }").run("∂f/∂x").texts.joined()
        .contains("points only"))
  }

  @Test("one_hot of a number is a vector, in formulas too")
  func oneHot() throws {
    let notebook = Notebook("L(z: vector, c: index) = -ln(softmax(z)[c])")
    #expect(try notebook.numbers("one_hot(2, 3)") == [0, 1, 0])
    #expect(try notebook.number("check(∂L/∂z, (softmax(z) - one_hot(c, n))').holds") == 1)
    notebook.run("h(z: vector(n), c: index) = -sum(one_hot(c, n)*ln(softmax(z)))")
    #expect(try notebook.number("check(∂h/∂z, ∂L/∂z).holds") == 1)
  }
}

extension String {
  /// How many lines of the text are this one, but for spaces and what follows behind more of them.
  fileprivate func components(of line: String) -> Int {
    split(separator: "\n").count { $0.trimmingPrefix { $0 == " " } == line }
  }
}
