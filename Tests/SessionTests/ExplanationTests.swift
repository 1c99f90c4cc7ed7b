import Assistance
import Language
import Lessons
import Notation
import Session
import Testing

/// `explain` of formulas: what it says, with which numbers.
@Suite("Explanations of derivatives and expressions")
struct ExplanationTests {
  private static let definitions = """
    f(x) = sin(x^2); k(x, y) = x^2*y + y^3; h(x, u1) = x + u1
    g(x) = 3*x; p(u) = ln(u); F(x) = p(g(x))
    C(w: vector, b, X: matrix, y: vector) = mean((y - max(0, X @ w + b))^2)
    symbols v, s: vector(n)
    """

  private func explanation(_ source: String) throws -> String {
    let notebook = Notebook(Self.definitions)
    notebook.run("d = explain \(source)")
    return try notebook.text("d")
  }

  @Test(
    "lines of the lecture's method",
    arguments: [
      ("∂f/∂x", "u₁ = x^2"), ("∂f/∂x", "∂f/∂u₁ = cos(u₁)"),
      ("∂f/∂x", "∂f/∂x = ∂f/∂u₁ · ∂u₁/∂x = (cos(u₁)) · (2*x) = 2*x*cos(x^2)"),
      ("∂f/∂x, x = 2", "u₁ = x^2 = 2^2 = 4"), ("∂f/∂x(2)", "= -0.6536*4 = -2.6146"),
      ("∂F/∂x", "∂F/∂x = ∂p/∂g · ∂g/∂x = (1/g) · 3 = 1/x"),
      ("∂sum(v ⊗ s)/∂v", "ones(n)' · diag(s) = s'"), ("∂sum(v ⊗ s)/∂v", "1×n · n×n"),
      ("∂sum(v ⊗ s)/∂v", "the Jacobian is diagonal"),
      ("∂(v · s)/∂v, form = scalar", "sum(∂/∂v[j](s[i]*v[i]) for i in 1:n)"),
      ("∂C/∂w", "2/m*((X @ w + b - y)*(X @ w + b > 0))' @ X"), ("∂C/∂w", "1×m · m×m · m×m · m×n"),
      ("∂C/∂b", "a vertical vector"),
      ("total_derivative(h, x, u1 = x^2)", "dh/dx = ∂h/∂x + ∂h/∂u1 · du1/dx = 1 + 1 · (2*x)"),
      ("total_derivative(h, x, u1 = x^2)", "law of total derivatives"),
      ("∇k, x = 1, y = 2", "= [4, 13]"), ("hessian(k)", "∂²k/∂x∂y = ∂/∂y(2*x*y) = 2*x"),
      ("∂²k/∂x²", "∂²k/∂x² = ∂/∂x(2*x*y) = 2*y"), ("∂(v · s)/∂v[j]", "∂y/∂v[j]"),
      ("jacobian([f, g], [x])", "J = [2*x*cos(x^2), 3]"),
      ("∂([ln(t^2), sin(3*t)])/∂t", "[1/u₁, 0; 0, cos(u₂)] · [2*t, 3]"),
      ("f(0.3)", "u₁ = x^2 = 0.3^2 = 0.09"), ("f", "u₁ = x^2"), ("2*3 + 1", "= 7"),
      ("sigmoid(0.5)^2", "0.6225^2 = 0.3875"),
    ])
  func lines(source: String, part: String) throws {
    let text = try explanation(source)
    #expect(text.contains(part), "\(text)")
  }

  @Test("names with values put them in; `set carry` rounds in between, inside explain only")
  func values() throws {
    let notebook = Notebook("f(x) = exp(sin(x))\nset carry = 3\nd = explain f(1)")
    // sin 1 = 0.84147 is carried as 0.841, exp 0.841 = 2.31868 as 2.319.
    #expect(try notebook.text("d").contains("f = exp(u₁) = exp(0.841) = 2.319"))
    #expect(near(try notebook.number("f(1)"), 2.319776824715853))
    notebook.run("set carry = off; a = 2; c = 5; e2 = explain a*c + 1")
    #expect(try notebook.text("e2").contains("2*5 + 1 = 11"))
    #expect(try notebook.number("e2.result") == 11)
  }

  @Test("the tidy table: a row a line, one an entry for arrays, at full precision")
  func tidy() throws {
    let notebook = Notebook(Self.definitions)
    notebook.run("d = explain ∂f/∂x, x = 2; e1 = explain ∇k, x = 1, y = 2")
    #expect(
      try notebook.columns("d") == ["step", "quantity", "formula", "substituted", "value"])
    #expect(
      try notebook.texts("quantity", of: "d") == ["u₁", "f", "∂u₁/∂x", "∂f/∂u₁", "∂f/∂x"])
    #expect(near(try notebook.column("value", of: "d")[4], -2.6145744834544478))
    #expect(try notebook.texts("quantity", of: "e1").suffix(2) == ["∇k[1]", "∇k[2]"])
    let bundle = try notebook.bundle("d")
    #expect(bundle.data["text/html"] == nil)
    #expect(bundle.data["text/latex"]?.stringValue?.contains("\\begin{aligned}") == true)
  }

  @Test(
    "reveal = true: details one in the other, whose contents are fragments; text and LaTeX stay")
  func reveal() throws {
    let notebook = Notebook("f(x) = sin(x^2); network N { input 1; dense 2, relu; dense 1 }")
    for subject in ["∂f/∂x", "f(2)", "backward(N, [1], [2])", "forward(N, [1])"] {
      notebook.run("d = explain \(subject)\nr = explain \(subject), reveal = true")
      let (whole, revealed) = (try notebook.bundle("d"), try notebook.bundle("r"))
      let html = try #require(revealed.data["text/html"]?.stringValue)
      let steps = html.split(separator: "<details").count - 1
      #expect(steps > 1, "\(subject)")
      #expect(
        html.split(separator: "</details>", omittingEmptySubsequences: false).count == steps + 1)
      #expect(html.split(separator: "class=\"fragment\"").count - 1 >= steps)
      #expect(!html.contains("var(--") && !html.contains("<script"))
      #expect(whole.data["text/html"] == nil)
      #expect(whole.data["text/plain"] == revealed.data["text/plain"])
      #expect(whole.data["text/latex"] == revealed.data["text/latex"])
    }
    notebook.run("r = explain ∂f/∂x, reveal = false")
    #expect(try notebook.bundle("r").data["text/html"] == nil)
  }

  @Test("indices are named in the order in which they come: i, j, k, l")
  func indexLetters() throws {
    let notebook = Notebook("symbols A: matrix(m, n), x: vector(n)")
    notebook.run("d = explain ∂(A @ x)/∂x, form = scalar")
    #expect(try notebook.text("d").contains("y[i] = sum(A[i, j]*x[j] for j in 1:n)"))
    #expect(try notebook.text("d").contains("∂y[i]/∂x[k]"))
    notebook.run("d = explain ∂sum(A @ x)/∂x, form = scalar")
    #expect(try notebook.text("d").contains("sum(sum(A[i, j]*x[j] for j in 1:n) for i in 1:m)"))
    #expect(try notebook.text("d").contains("∂y/∂x[k]"))
  }

  @Test("long lines are broken at their signs; rows with fractions have air between them")
  func longLines() throws {
    let notebook = Notebook(
      "q(x) = (x^2 + 3*x + 1)*sin(x)*cos(x)*exp(x) + ln(x^2 + 1)/(x + 1) + sqrt(x)*tanh(x)*sigmoid(x) + x^5*exp(-x^2)"
    )
    notebook.run("d = explain ∂q/∂x")
    for line in try notebook.text("d").split(separator: "\n") {
      #expect(line.count <= 100, "\(line)")
    }
    let latex = try #require(notebook.bundle("d").data["text/latex"]?.stringValue)
    #expect(latex.contains(#"&\quad {} +"#) && latex.contains(#"\\[6pt]"#))
    #expect(latex.split(separator: #"\left"#).count == latex.split(separator: #"\right"#).count)
    for row in latex.split(separator: "\n") where row.contains("&") {
      #expect(LaTeXWidth.columns(of: row) <= AlignedRows.pageWidth, "\(row)")
    }
  }

  @Test("a long reason goes on behind a semicolon or a word in a row of its own")
  func longReasons() throws {
    let notebook = Notebook(
      """
      network Look {
        input matrix(3, 2)
        attention 2, Wq = [1, 0; 0, 1], Wk = [1, 0; 0, 1], Wv = [1, 0; 0, 2]
        flatten
        dense 1, W = [0.1; 0.2; 0.3; 0.4; 0.5; 0.6], b = [0]
      }
      """)
    notebook.run("told = explain backward(Look, [1, 0; 0, 1; 1, 1], [1])")
    let latex = try #require(notebook.bundle("told").data["text/latex"]?.stringValue)
    let rows = latex.split(separator: "\n").filter { $0.contains("\\qquad \\text{") }
    #expect(rows.contains { $0.contains("(by the inputs; the sum of its 3 uses;") })
    #expect(rows.contains { $0.contains("\\text{since the sum runs over") })
    for row in rows { #expect(LaTeXWidth.columns(of: row) <= AlignedRows.pageWidth, "\(row)") }
  }

  @Test(
    "mistakes",
    arguments: [
      ("3", "GradientError", "nothing to explain"), ("a1", "NameError", "no a1"),
      ("∂f/∂x, t = 2", "NameError", "f"), ("∂f/∂x, form = vector", "NameError", "form = scalar"),
      ("∂f/∂x, reveal = 3", "TypeError", "reveal is true or false, not 3"),
      ("∂f/∂x, reveal = [true]", "TypeError", "true or false"),
      ("π", "GradientError", "constant"), ("n0", "GradientError", "no longer knows"),
      ("∂ln(t)/∂t, t = -1", "DomainError", ""), ("f(\"a\")", "TypeError", "not numbers"),
      ("∂f/∂x, x = [1, 2]", "ShapeError", "x"),
    ])
  func mistakes(source: String, name: String, part: String) throws {
    let notebook = Notebook(Self.definitions + "\nn0 = 5")
    let error = try notebook.error("explain \(source)")
    #expect(error.name == name, "\(error.plainText)")
    #expect(error.plainText.contains(part), "\(error.plainText)")
  }
}
