import Display
import Session
import Testing

/// What lecturers type, rightly and wrongly: gradients of numbers, bars, arrays, and the help that is given.
@Suite("Reviewed clauses of the language and the calculus")
struct ReviewedLanguageTests {
  @Test(
    "a gradient has the shape of its point",
    arguments: [
      ("f(x) = x^2", "∇f(3)", [6]), ("f(x) = x^2; x = 3", "x - 0.1*∇f(x)", [2.4]),
      ("f(x) = x^2", "∇f([1, 2])", [2, 4]), ("f(x) = x^2", "gradient(f, x)(3)", [6]),
      ("f(x) = { y = x; while y < 10 { y = y^2 }; y }", "∇f(2)", [32]),
      ("f(x, y) = x*y", "∇f(2, 3)", [3, 2]), ("f(x: vector) = sum(x^2)", "∇f([1, 2])", [2, 4]),
      ("f(X: matrix) = sum(X^2)", "∇f([1, 2; 3, 4])", [2, 4, 6, 8]),
    ])
  func gradients(_ setUp: String, _ call: String, _ expected: [Double]) throws {
    let notebook = Notebook(setUp)
    #expect(near(try notebook.numbers(call), expected, 1e-12), "\(call)")
  }

  @Test("a gradient of one number is no vector")
  func gradientOfNumber() throws {
    let notebook = Notebook("f(x) = x^2")
    #expect(try notebook.shape("∇f(3)") == [])
    #expect(try notebook.text("∇f") == "2*x")
    #expect(notebook.run("explain ∇f, x = 3").texts[0].contains("∇f = 2*x = 2*3 = 6"))
  }

  @Test(
    "bars stand under ∂ as the calls do that they are",
    arguments: [
      ("∂‖A @ a - b‖²/∂a", "2*(A @ a - b)' @ A"), ("∂‖a‖/∂a", "a'/norm(a)"),
      ("∂|t|/∂t", "sign(t)"), ("∂²‖a‖²/∂a²", "2*eye(n)"),
    ])
  func bars(_ derivative: String, _ formula: String) throws {
    let notebook = Notebook("symbols A: matrix(n, n), a, b: vector(n), t")
    #expect(try notebook.text(derivative).split(separator: "\n").first == formula[...])
  }

  @Test("an unknown name in an index is a parameter of the result")
  func freeIndices() throws {
    let notebook = Notebook("symbols z, w: vector(n)")
    notebook.run("g = ∂(-ln(softmax(z)[c]))/∂z")
    #expect(
      near(
        try notebook.numbers("g([1, 2, 3], 2)"),
        [0.0900305731703804, -0.7552715289452023, 0.6652409557748218], 1e-12))
    #expect(try notebook.text("∂(w[j]*z[j])/∂w[j]").hasPrefix("z[j]\n"))
    #expect(try notebook.text("∂(w · z)/∂w[j]").hasPrefix("z[j]\n"))
    notebook.run("symbols x: vector(n), i: index")
    #expect(near(try notebook.numbers("(∂(x[i]^2)/∂x)([3, 4], 2)"), [0, 8], 1e-12))
  }

  @Test("functions without a formula are checked too")
  func pointwiseChecks() throws {
    let notebook = Notebook(
      """
      f(x) = { y = x; while y < 10 { y = y^2 }; y }
      g(x: vector, n: index) = if n == 0 { sum(x^2) } else { x[1]*g(x, n - 1) }
      h(x: vector) = [x[i]^2 for i in 1:2 if x[i] > 0]
      """)
    for call in ["f, x = 2", "f, 2", "g, x = [1, 2], n = 2", "h, x = [1, 2]"] {
      #expect(try notebook.text("gradcheck(\(call)).holds") == "true", "\(call)")
    }
    let far = try notebook.error("gradcheck(h, x = [0, 2])")
    #expect(far.plainText.contains("another number of values nearby"), "\(far.plainText)")
    let many = try notebook.error("gradcheck(f, x = [1, 2])")
    #expect(many.plainText.contains("x of f is a number"), "\(many.plainText)")
    let missing = try notebook.error("gradcheck(f)")
    #expect(missing.plainText.contains("gradcheck(f, x = …)"), "\(missing.plainText)")
  }

  @Test("reshape makes arrays, by rows")
  func reshaping() throws {
    let notebook = Notebook("A = reshape(1:24, 2, 3, 4)")
    #expect(try notebook.numbers("A[2, 1, :]") == [13, 14, 15, 16])
    #expect(try notebook.shape("reshape(A, 4, 3, 2)") == [4, 3, 2])
    #expect(try notebook.numbers("reshape(A, 24)[24]") == [24])
    for (call, part) in [
      ("reshape(A, 5, 3, 2)", "5×3×2 is another number"),
      ("reshape([1], 1, 1, 1, 1, 1, 1, 1, 1, 1)", "at most 8 dimensions"),
      ("reshape(1:6, 9e18, 9e18, 9e18)", "another number"), ("kron(A, 2)", "kron takes vectors"),
      ("concat(A, 1)", "not a 2×3×4 array"),
    ] {
      let error = try notebook.error(call)
      #expect(error.plainText.contains(part), "\(error.plainText)")
    }
  }

  @Test("print writes values, then the notes, once")
  func notes() throws {
    let text = Notebook().run("print(1/0, 2, ln(0))\nprint(3)").stream(.stdout)
    #expect(
      text == "inf 2 -inf\nnote: 1 / 0 is inf: division by 0\nnote: ln(0) is -inf\n3\n", "\(text)")
  }

  @Test("a generator's rows are bounded before memory is")
  func bounds() throws {
    let error = try Notebook("r = zeros(20000000)").error("[r for i in 1:1e9]")
    #expect(error.name == "LimitError", "\(error.plainText)")
  }

  @Test(
    "what is meant is said",
    arguments: [
      ("f(A) = inv(A); f([2, 1; 1, 3])", "`f(A: matrix)` takes it whole"),
      ("f(v) = v[1] + v[2]; f([1, 2])", "`f(v: vector)` takes it whole"),
      ("f(x: vector, i: index) = x[i]; f([1, 2], 1.5)", "the argument is the number 1.5"),
      ("f(x: vector, i: index) = x[i]; (∂f/∂x)([1, 2], 1.5)", "a whole number, not 1.5"),
      ("v = [1, 2, 3]; v[[1, 0, 1]]", "[1, 0, 1] == 1 chooses"),
      ("A = eye(2); A.inv()", "write inv(A)"), ("A = eye(2); A.sum()", "write sum(A)"),
      ("A = eye(2); [A, A; A, A]", "vstack(hstack(a, b), hstack(c, d))"),
      ("f(x: vector, X: matrix(3, 2)) = [ones(3), X] @ x; ∂f/∂x", "hstack(ones(3), X)"),
      ("f(x: vector) = [1, x] · [1, x]; ∂f/∂x", "concat(a, b)"),
      ("diff(x^2, x)", "did you mean derivative?"), ("d/dx(x^2)", "write ∂(x^2)/∂x"),
      ("inverse(eye(2))", "did you mean inv?"), ("determinant(eye(2))", "did you mean det?"),
      ("A = eye(2); A \\ [1, 2]", "`solve(A, b)`"), ("5!", "`prod(1:n)`"), ("3 % 2", "`mod(a, b)`"),
      ("7 // 2", "`floor(a/b)`"), ("∏(x)", "`prod(x[i] for i in 1:n)`"),
      ("f(x) = if x < 0 { 1 } elif x > 1 { 2 } else { 3 }", "write `else if`"),
      ("f(x) = {\n y = x\n return y\n}", "the last line of a body is its value"),
    ])
  func help(_ source: String, _ part: String) throws {
    let error = try Notebook().error(source)
    #expect(error.plainText.contains(part), "\(error.plainText)")
  }

  @Test("one mistake is reported once", arguments: ["diff(x^2, x)", "d/dx(x^2)"])
  func reportedOnce(_ source: String) throws {
    let text = try Notebook().error(source).plainText
    #expect(text.ranges(of: "NameError").count == 1, "\(text)")
  }

  @Test(
    "kinds of parameters and bars have help",
    arguments: [
      ("symmetric", "its own transpose"), ("index", "chooses entries"), ("vector", "its size"),
      ("\"‖\"", "the length"), ("\"|\"", "the absolute value"),
    ])
  func pages(_ subject: String, _ part: String) {
    let texts = Notebook().run("help(\(subject))").texts
    #expect(texts.first?.contains(part) ?? false, "\(texts)")
  }

  @Test("the least entry is not called the largest")
  func reasons() {
    let texts = Notebook("f(x: vector) = min(x)").run("explain ∂f/∂x").texts
    #expect(texts[0].contains("smallest entry"), "\(texts)")
  }
}
