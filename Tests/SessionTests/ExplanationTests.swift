import Assistance
import Language
import Lessons
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
    "mistakes",
    arguments: [
      ("3", "GradientError", "nothing to explain"), ("a1", "NameError", "no a1"),
      ("∂f/∂x, t = 2", "NameError", "f"), ("∂f/∂x, form = vector", "NameError", "form = scalar"),
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
