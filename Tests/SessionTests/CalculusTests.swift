import Assistance
import Display
import Language
import Lessons
import Session
import Testing

/// LANGUAGE.md §5, line by line, as somebody types it.
@Suite("The calculus in the language")
struct CalculusTests {
  /// The formula of an expression's value; what is said about it follows as comments.
  private func formula(_ source: String, in notebook: Notebook) throws -> String {
    try notebook.text(source).split(separator: "\n").first.map(String.init) ?? ""
  }

  private static let definitions = """
    f(x) = sin(x^2); k(x, y) = x^2*y + y^3
    g(x) = 3*x; p(u) = ln(u); F(x) = p(g(x))
    h(x, u1) = x + u1
    C(w: vector, b, X: matrix, y: vector) = mean((y - max(0, X @ w + b))^2)
    L(y, q) = -(y*ln(q) + (1 - y)*ln(1 - q))
    """
  private static let symbols =
    "symbols w, x: vector(n), A: matrix(m, n), b: vector(m), c, z: scalar, q: function"

  @Test(
    "derivatives of functions of numbers",
    arguments: [
      ("∂f/∂x", "2*x*cos(x^2)"), ("f'", "2*x*cos(x^2)"), ("derivative(f, x)", "2*x*cos(x^2)"),
      ("derivative(f)", "2*x*cos(x^2)"), ("f''", "2*cos(x^2) - 4*x^2*sin(x^2)"),
      ("∂²f/∂x²", "2*cos(x^2) - 4*x^2*sin(x^2)"), ("∂²k/∂x∂y", "2*x"),
      ("derivative(k, x, y)", "2*x"), ("∇k", "[2*x*y, x^2 + 3*y^2]"),
      ("gradient(k)", "[2*x*y, x^2 + 3*y^2]"), ("gradient(k, y)", "x^2 + 3*y^2"),
      ("hessian(k)", "[2*y, 2*x; 2*x, 6*y]"), ("hessian(k, x, y)", "[2*y, 2*x; 2*x, 6*y]"),
      ("hessian(f, x)", "2*cos(x^2) - 4*x^2*sin(x^2)"),
      ("jacobian([f, k], [x, y])", "[2*x*cos(x^2), 0; 2*x*y, x^2 + 3*y^2]"),
      ("total_derivative(h, x, u1 = x^2)", "2*x + 1"), ("∂h/∂x", "1"), ("∂F/∂x", "1/x"),
      ("k(y = 1)", "x^2 + 1"), ("∂k/∂x(y = 1)", "2*x"), ("sigmoid'", "sigmoid(x)*(1 - sigmoid(x))"),
      ("tanh'", "1 - tanh(x)^2"), ("∂f/∂x + 1", "2*x*cos(x^2) + 1"), ("2*∂k/∂y", "2*(x^2 + 3*y^2)"),
      ("-∂f/∂x", "-2*x*cos(x^2)"), ("[f', g']", "[2*x*cos(x^2), 3]"),
      ("∂(x^2*y)/∂x", "2*x*y"), ("∂(e^t)/∂t", "exp(t)"),
      ("∂(if t > 0 { t^2 } else { 0 })/∂t", "if t > 0 { 2*t } else { 0 }"),
      ("∂(sum(i*t^i for i in 1:3))/∂t", "9*t^2 + 4*t + 1"),
    ])
  func ofNumbers(source: String, expected: String) throws {
    #expect(try formula(source, in: Notebook(Self.definitions)) == expected)
  }

  @Test(
    "derivatives of vectors and matrices keep symbolic sizes",
    arguments: [
      ("∂(w ⊗ x)/∂w", "diag(x)", "n×n"), ("∂(w + x)/∂w", "eye(n)", "n×n"),
      ("∂(w - x)/∂x", "-eye(n)", "n×n"), ("∂(w ⊘ x)/∂w", "diag(1/x)", "n×n"),
      ("∂sum(x)/∂x", "ones(n)'", "1×n"), ("∂(A @ x)/∂x", "A", "m×n"),
      ("∂(w · x + c)/∂w", "x'", "1×n"), ("∂(w · x + c)/∂c", "1", "a number"),
      ("∂max(0, x)/∂x", "diag(x > 0)", "n×n"), ("∂(x + z)/∂z", "ones(n)", "a vector of n"),
      ("∂(x*z)/∂z", "x", "a vector of n"), ("∂(x*z)/∂x", "z*eye(n)", "n×n"),
      ("∂norm(A @ x - b)^2/∂x", "2*(A @ x - b)' @ A", "1×n"),
      ("∂(x' @ x)/∂x", "2*x'", "1×n"), ("∂x/∂x", "eye(n)", "n×n"),
      ("∂max(0, w · x + c)/∂w", "if w · x + c > 0 { x' } else { zeros(n)' }", "1×n"),
      ("∂(w · x)/∂w[j]", "x[j]", "a number"), ("∂sum(w[i]*x[i] for i in 1:n)/∂w", "x'", "1×n"),
      ("∂softmax(x)/∂x", "diag(softmax(x)) - softmax(x) @ softmax(x)'", "n×n"),
      ("A @ x + b", "A @ x + b", "a vector of m"), ("2*x", "2*x", "a vector of n"),
      ("x[1]^2", "x[1]^2", "a number"), ("sum(w*x)", "w · x", "a number"), ("x'", "x'", "1×n"),
    ])
  func ofArrays(source: String, expected: String, shape: String) throws {
    let text = try Notebook(Self.symbols).text(source)
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines.first == expected)
    #expect(lines.dropFirst().first?.hasPrefix("# \(shape)") == true, "\(text)")
  }

  @Test("that a number comes of numbers is no news")
  func ofNumbers() throws {
    #expect(try Notebook(Self.symbols).text("∂q(c)/∂c") == "q'(c)")
  }

  @Test("a shape says why it is that: diagonal, row, column")
  func reasons() throws {
    let notebook = Notebook(Self.symbols)
    #expect(try notebook.text("∂(w ⊗ x)/∂w").contains("the Jacobian is diagonal"))
    #expect(try notebook.text("∂(x + z)/∂z").contains("a vertical vector"))
    #expect(try notebook.text("∂sum(x)/∂x").contains("a row"))
  }

  @Test("the output layer's derivative is ŷ − y")
  func outputLayer() throws {
    let notebook = Notebook(Self.definitions)
    #expect(try formula("∂L(y, sigmoid(z))/∂z", in: notebook) == "sigmoid(z) - y")
    notebook.run("M(y, z) = L(y, sigmoid(z))")
    #expect(try formula("∂M/∂z", in: notebook) == "sigmoid(z) - y")
  }

  @Test("the neuron's cost shows the masked formula")
  func cost() throws {
    let notebook = Notebook(Self.definitions)
    #expect(
      try formula("∂C/∂w", in: notebook) == "2/m*((X @ w + b - y)*(X @ w + b > 0))' @ X")
    #expect(try formula("∂C/∂b", in: notebook) == "2/m*sum((X @ w + b - y)*(X @ w + b > 0))")
    notebook.run("X = [1; -1]; y = [2, 2]; w = [1]; b = 0")
    #expect(try notebook.numbers("∂C/∂w(w, b, X, y)") == [-1])
    #expect(try notebook.number("∂C/∂b(w, b, X, y)") == -1)
  }

  @Test("a derivative is called like a function: mapped, with keywords, with outer names")
  func calls() throws {
    let notebook = Notebook(Self.definitions)
    #expect(near(try notebook.number("∂f/∂x(2)"), -2.6145744834544478))
    #expect(near(try notebook.numbers("∂f/∂x([0, 2])"), [0, -2.6145744834544478]))
    #expect(try notebook.numbers("∇k(1, 2)") == [4, 13])
    #expect(try notebook.number("∂k/∂y(y = 2, x = 1)") == 13)
    notebook.run("a = 5; s(x) = a*x^2; d = ∂s/∂x")
    #expect(try notebook.number("d(1)") == 10)
    notebook.run("a = 7")
    #expect(try notebook.number("d(1)") == 14)
    #expect(near(try notebook.number("sigmoid'(0)"), 0.25))
    notebook.run("x = 3")
    // A name with a value is still the parameter of a function.
    #expect(try formula("∂f/∂x + 1", in: notebook) == "2*x*cos(x^2) + 1")
    #expect(near(try notebook.number("(∂f/∂x + 1)(2)"), -1.6145744834544478))
  }

  @Test("what is printed reads back as the same function")
  func readsBack() throws {
    let notebook = Notebook(Self.symbols)
    for source in [
      "∂norm(A @ x - b)^2/∂x", "∂softmax(x)/∂x", "∂(w ⊘ x)/∂x", "∂max(0, w · x + c)/∂w",
      "∂mean((A @ x - b)^2)/∂x", "∂sum(exp(A @ x))/∂A", "∂tanh(A @ x + b)/∂x",
    ] {
      let printed = try formula(source, in: notebook)
      #expect(try notebook.text("check(\(source), \(printed))").hasPrefix("✓"), "\(printed)")
    }
  }

  @Test("symbols take values away, and share the kind behind the last")
  func symbols() throws {
    let notebook = Notebook("x = 2\nsymbols v, x: vector(3), a")
    #expect(try notebook.text("x") == "x\n# a symbol: vector(3)")
    #expect(try notebook.text("v") == "v\n# a symbol: vector(3)")
    #expect(try notebook.text("a") == "a\n# a symbol: scalar")
    #expect(try notebook.number("∂(a*norm(v))/∂a(a = 1, v = [3, 4, 0])") == 5)
  }

  @Test("check of functions: equal formulas")
  func equality() throws {
    let notebook = Notebook(Self.definitions + "\n" + Self.symbols)
    for source in [
      "check(∂f/∂x, 2*x*cos(x^2))", "check(f', derivative(f))", "check(F, p(3*x))",
      "check(sigmoid', sigmoid(x)*(1 - sigmoid(x)))", "check(∂(w · x)/∂w, x')",
      "check(tanh, 2*sigmoid(2*x) - 1)", "check(k, k)",
    ] {
      notebook.run(source)
    }
    let error = try notebook.error("check(∂f/∂x, 2*x)")
    #expect(error.name == "ValueError")
    #expect(error.plainText.contains("∂f/∂x is 2*x*cos(x^2)"))
    #expect(try notebook.error("check(f, k)").name == "ValueError")
    #expect(try notebook.error("check(∂(x + z)/∂x, 1)").name == "ShapeError")
    #expect(try notebook.error("check(∂(x + z)/∂x, ones(n) @ ones(n)')").name == "ValueError")
  }

  @Test("gradcheck of functions: every derivative, kinks marked, numbers mapped")
  func gradientCheck() throws {
    let notebook = Notebook(Self.definitions)
    let call = "gradcheck(C, w = [1, 2], b = 0.5, X = [1, 2; 3, 4; -1, -2], y = [1, 2, 3])"
    #expect(try notebook.number("\(call).holds") == 1)
    #expect(try notebook.column("analytic", of: call).count == 12)
    #expect(
      try notebook.columns(call)
        == ["output", "variable", "analytic", "numeric", "relative_error"])
    #expect(try notebook.texts("variable", of: "gradcheck(f, x = [1, 2])") == ["x[1]", "x[2]"])
    #expect(try notebook.text("gradcheck(relu, x = [0, 1])").contains("kink"))
    #expect(try notebook.number("gradcheck(relu, x = [0, 1]).holds") == 1)
    #expect(try notebook.number("gradcheck(k, x = 1, y = 2).worst") < 1e-6)
    #expect(try notebook.error("gradcheck(k, x = 1)").message.contains("y is missing"))
    #expect(try notebook.error("gradcheck(k, x = 1, t = 2)").name == "NameError")
    #expect(try notebook.error("gradcheck(ln, x = -1)").name == "DomainError")
  }

  @Test(
    "mistakes are named, and help",
    arguments: [
      ("y = x0^2; x0 = 3", "∂y/∂x0", "NameError", ""),
      ("x0 = 3; y = x0^2", "∂y/∂x0", "GradientError", "write y(x0) = …"),
      ("", "∂f/∂t", "GradientError", "its parameters are x"),
      ("", "derivative(k)", "GradientError", "write derivative(k, x)"),
      ("", "derivative(f, 3)", "GradientError", "nothing to differentiate by"),
      ("", "∂unit_step(t)/∂t", "GradientError", "step"),
      ("", "∂A1/∂x", "NameError", "no A1"),
      ("symbols A1: matrix(2, 3), v: vector(2)", "∂(A1 @ v)/∂v", "ShapeError", "A1 (2×3)"),
      ("symbols v: vector(n)", "∂(v*x1[1])/∂v", "TypeError", "x1 is a number"),
      ("", "total_derivative(h, x)", "TypeError", "needs the intermediate variables"),
      ("", "total_derivative(h, x, v = x^2)", "GradientError", "not a parameter"),
      ("", "total_derivative(h, x, u1 = u1^2)", "GradientError", "given by itself"),
      ("symbols v: vector(n)", "gradient(2*v)", "GradientError", "is a vector of n"),
      ("", "hessian(f, q)", "GradientError", "its parameters are x"),
      ("", "hessian(C)", "GradientError", "several kinds"),
      ("network N { input 2; dense 1 }", "∂N/∂x", "GradientError", "backward(N"),
      ("", "∂π/∂x", "GradientError", "constant"),
      ("r(x) = r(x - 1)", "(∂r/∂x)(1)", "LimitError", "inside one another"),
      ("", "∂f/∂x(1, 2)", "TypeError", "one too many"), ("", "∂ln(t)/∂t(-1)", "DomainError", "ln"),
      ("symbols v: vector(n)", "v(2)", "TypeError", "v*(2)"),
    ])
  func mistakes(setUp: String, source: String, name: String, part: String) throws {
    let notebook = Notebook(Self.definitions)
    _ = notebook.attempt(setUp)
    let error = try notebook.error(source)
    #expect(error.name == name, "\(error.plainText)")
    #expect(error.plainText.contains(part), "\(error.plainText)")
  }

  /// What a formula's LaTeX is in front of the remarks.
  private func formula(_ setUp: String, _ expression: String) throws -> String {
    let latex = try #require(Notebook(setUp).bundle(expression).data[MIMEType.latex]?.stringValue)
    return String(latex.prefix { $0 != "\n" })
  }

  @Test(
    "formulas are set as they were typed: ⊗, ε, names of several letters, gradients in a row",
    arguments: [
      ("h(w: vector, x: vector) = sum(w ⊗ x ⊗ x)", "∂h/∂x", #"\otimes"#),
      ("h(w: vector, x: vector) = sum(w ⊙ x ⊙ x)", "∂h/∂x", #"\odot"#),
      ("f(x, y) = x^2*y", "∇f", #"\nabla f = \begin{bmatrix} 2 x y & x^{2} \end{bmatrix}"#),
      ("f(w, ε) = w^2*ε", "∂f/∂w", #"2 w \varepsilon"#),
      ("cost(w) = w^2", "∂cost/∂w", #"\frac{\partial \mathrm{cost}}{\partial w} = 2 w"#),
      ("", "∂sigmoid/∂x", #"\frac{\partial \sigma}{\partial x}"#),
      ("", "∂leaky_relu/∂x", #"\frac{\partial \operatorname{LeakyReLU}}{\partial x}"#),
      ("f(a_b, w) = w*a_b", "∂f/∂w", "= a_{b}"),
    ])
  func typeset(_ setUp: String, _ expression: String, _ part: String) throws {
    let latex = try formula(setUp, expression)
    #expect(latex.contains(part), "\(latex)")
    #expect(!part.contains("otimes") || !latex.contains("odot"))
  }

  @Test("explain keeps ⊗, sets ∇f lying, and tells a condition in brackets")
  func explainedSigns() throws {
    let notebook = Notebook("h(w: vector, x: vector) = w ⊗ x; f(x, y) = x^2*y; q(z) = z >= 0")
    func latex(_ source: String) throws -> String {
      notebook.run("d = explain \(source)")
      return try #require(notebook.bundle("d").data[MIMEType.latex]?.stringValue)
    }
    let product = try latex("h([1, 2], [3, -1])")
    #expect(product.contains(#"\otimes"#) && !product.contains(#"\odot"#))
    #expect(try latex("∇f, x = 1, y = 2").contains(#"= \begin{bmatrix} 4 & 1 \end{bmatrix}"#))
    _ = try latex("q(0)")
    #expect(try notebook.text("d").contains("q = (z >= 0) = (0 >= 0) = 1"))
  }

  @Test("a draw has no place in a formula, and nothing is drawn by the attempt")
  func draws() throws {
    let notebook = Notebook("symbols w; set seed = 5; a = rand(); set seed = 5")
    for source in ["w*rand()", "rand()*w", "w + randn()*w"] {
      #expect(try notebook.error(source).message.contains("draws anew"))
    }
    #expect(try notebook.number("rand()") == notebook.number("a"))
    let own = Notebook("f(w) = w*rand()")
    #expect(try own.error("gradcheck(f, w = 1)").name == "GradientError")
    #expect(try own.error("explain ∂f/∂w").name == "GradientError")
  }
}
