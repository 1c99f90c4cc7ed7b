import Assistance
import Language
import Lessons
import Session
import Testing

/// A parameter's name means the parameter, whatever variables there are; a variable that another function reads
/// stays the variable.
@Suite("What names mean inside functions")
struct ParameterMeaningTests {
  @Test(
    "a parameter that is an index is its own, not the variable of that name",
    arguments: [
      ("i = 1; f(x: vector, i) = x[i]^2", "(∂f/∂x)([3, 4], 2)", [0, 8]),
      ("f(x: vector, i) = x[i]^2", "(∂f/∂x)([3, 4], 1)", [6, 0]),
      ("i = 1; f(x: vector, i) = x[i]^2", "(∂f/∂x[2])([3, 4], 2)", [8]),
      ("i = 1; f(x: vector, i) = x[i]^2", "(∇f)([3, 4], 2)", [0, 8]),
      ("i = 1; f(x: vector, i) = x[i]^2", "(hessian(f, x))([3, 4], 2)", [0, 0, 0, 2]),
      (
        "c = 1; g(z: vector, c) = -ln(softmax(z)[c])", "(∂g/∂z)([1, 2, 3], 2)",
        [0.0900305731703804, -0.7552715289452023, 0.6652409557748218]
      ),
      ("i = 2; g(A: matrix, i, j) = A[i,j]*A[j,i]", "(∂g/∂A)([1, 2; 3, 4], 1, 2)", [0, 3, 2, 0]),
      ("i = 2; g(A: matrix, i, j) = A[i,j]*A[j,i]", "(∂g/∂A)([1, 2; 3, 4], 2, 2)", [0, 0, 0, 8]),
      ("i = 2; h(A: matrix, i) = sum(A[i,:]^2)", "(∂h/∂A)([1, 2; 3, 4], 1)", [2, 4, 0, 0]),
      ("n = 2; f(x: vector, n) = x[n - 1]*n", "(∂f/∂x)([1, 2, 3], 3)", [0, 3, 0]),
      ("i = 1; f(x: vector, i) = x[i]*x[1]", "(∂f/∂x)([3, 4], 2)", [4, 3]),
      ("i = 1; f(x: vector, i) = x[i]*x[1]", "(∂f/∂x)([3, 4], 1)", [6, 0]),
      (
        "i = 1; f(x: vector, i) = i*sum([k*x[k] for k in 1:3])*x[i]", "(∂f/∂x)([1, 0, 0], 2)",
        [0, 2, 0]
      ),
    ])
  func indices(_ setUp: String, _ call: String, _ expected: [Double]) throws {
    let notebook = Notebook(setUp)
    #expect(near(try notebook.numbers(call), expected, 1e-12), "\(call)")
  }

  @Test("gradcheck agrees where the index is a parameter, and leaves the index out")
  func checks() throws {
    let notebook = Notebook("i = 1; f(x: vector, i) = x[i]^2 + x[1]")
    let call = "gradcheck(f, x = [3, 4], i = 2)"
    #expect(try notebook.column("analytic", of: call) == [1, 8])
    #expect(try notebook.number("\(call).holds") == 1)
  }

  @Test("f(i = 2) puts the number into the index; the formula reads back as the same function")
  func partialCalls() throws {
    let notebook = Notebook("i = 1; f(x: vector, i) = x[i]^2")
    #expect(try notebook.text("f(i = 2)").hasPrefix("x[2]^2"))
    #expect(try notebook.text("∂f/∂x").hasPrefix("2*x[i]*one_hot(i, n)'"))
    notebook.run("d = explain ∂f/∂x, x = [3, -4], i = 2")
    #expect(try notebook.text("d").contains("= 2*(-4)*[0, 1]' = [[0, -8]]"))
  }

  @Test(
    "a variable that another function reads is not the parameter of its name",
    arguments: [
      ("c = 5; g(x) = c*x; f(x, c) = g(x) + c", "(∂f/∂x)(1, 2)", 5),
      ("c = 5; g(x) = c*x; f(x, c) = g(x)*c", "(∂f/∂c)(3, 2)", 15),
      ("c = 5; D = ∂(c*x^2)/∂x; f(x, c) = D(x) + c", "f(1, 2)", 12),
      ("c = 5; D = ∂(c*x^2)/∂x; f(x, c) = D(x) + c", "(∂f/∂x)(1, 2)", 10),
      ("v = [1, 2]; g(x) = sum(v)*x; f(x, v: vector) = g(x) + sum(v)", "(∂f/∂x)(1, [5, 5])", 3),
      ("n = 2; f(x, n) = x*n; g(n) = f(n, 3)", "(∂g/∂n)(7)", 3),
    ])
  func variables(_ setUp: String, _ call: String, _ expected: Double) throws {
    #expect(try Notebook(setUp).number(call) == expected, "\(call)")
  }

  @Test("that two meanings meet is said")
  func notes() {
    let run = Notebook("c = 5; g(x) = c*x; f(x, c) = g(x) + c").run("∂f/∂x")
    #expect(
      run.texts.joined().contains("c is a parameter, and a variable that another function reads"))
  }

  @Test(
    "a derivative written inside a body knows the parameters there",
    arguments: [
      ("c = 5; f(x, c) = (∂(c*x^2)/∂x)(x)", "f(3, 2)", 12),
      ("c = 5; f(x, c) = (∂(c*x^2)/∂x)(x)", "(∂f/∂x)(3, 2)", 4),
      ("c = 5; f(x, c) = (∂(c*x^2)/∂x)(x)", "(∂f/∂c)(3, 2)", 6),
      ("f(z, c) = (∂(c*z^2)/∂z)(z)", "(∂f/∂z)(3, 2)", 4),
      ("m(x, y) = x*y; y = 9; q(x, y) = m(y = y)(x)", "(∂q/∂x)(3, 2)", 2),
      ("m(x, y) = x*y; y = 9; q(x, y) = derivative(m, x)(x, y)", "(∂q/∂y)(3, 2)", 1),
    ])
  func bodies(_ setUp: String, _ call: String, _ expected: Double) throws {
    #expect(try Notebook(setUp).number(call) == expected, "\(call)")
  }

  @Test("a formula made in a generator keeps the value that its variable had")
  func generators() throws {
    let notebook = Notebook("k = 100; d = [∂(k*t^2)/∂t for k in 1:3]")
    for k in 1...3 { #expect(try notebook.number("d[\(k)](2)") == Double(4 * k)) }
  }

  @Test("a range that ends at a parameter is not that of the variable")
  func ranges() throws {
    let notebook = Notebook("n = 2; f(x, n) = sum(x for i in 1:n)")
    #expect(try notebook.number("f(1, 5)") == 5)
    #expect(try notebook.error("(∂f/∂x)(1, 5)").name == "GradientError")
  }

  @Test(
    "an entry to differentiate by, and what an intermediate variable is, know the parameters",
    arguments: [
      ("j = 1; z(w: vector, x: vector, j) = w[j]*x[j]", "(∂z/∂w[j])([1, 2], [5, 6], 2)", [6]),
      ("z(w: vector, x: vector, j) = w[j]*x[j]", "(∂z/∂w[j])([1, 2], [5, 6], 1)", [5]),
      ("i = 1; f(x: vector, i) = x[i]^2*x[1]", "(∂f/∂x[i])([3, 4, 5], 2)", [24]),
      ("i = 1; f(x: vector, i) = x[i]^2*x[1]", "(derivative(f, x[i]))([3, 4, 5], 1)", [27]),
      ("i = 2; g(A: matrix, i, j) = A[i,j]^2", "(∂g/∂A[i,j])([1, 2; 3, 4], 1, 2)", [4]),
      (
        "i = 1; f(x: vector, u, i) = x[i]^2*u", "total_derivative(f, x, u = x[i])([3, 4], 2)",
        [0, 48]
      ),
      (
        "i = 2; f(x: vector, u, i) = x[i]^2*u",
        "total_derivative(f, x, u = sum(x[k]*x[i] for k in 1:2))([3, 4], 1)", [216, 27]
      ),
    ])
  func entries(_ setUp: String, _ call: String, _ expected: [Double]) throws {
    #expect(near(try Notebook(setUp).numbers(call), expected, 1e-12), "\(call)")
  }

  @Test(
    "check and compare read indices of the expected formula as parameters, and try whole numbers for them",
    arguments: [
      ("i = 2; f(x: vector, i) = x[i]^2", "f, x[i]^2"),
      ("k = 1; g(x: vector(n), k) = sum(x[j] for j in 1:n)*x[k]", "g, sum(x)*x[k]"),
      ("h(z: vector, c) = -ln(softmax(z)[c])", "h, ln(sum(exp(z))) - z[c]"),
      ("h(z: vector, c) = -ln(softmax(z)[c])", "∂h/∂z, (softmax(z) - one_hot(c, n))'"),
      ("f(x: vector(n), i) = x[i]^2", "∂f/∂x, 2*x[i]*one_hot(i, n)'"),
    ])
  func expectedFormulas(_ setUp: String, _ arguments: String) throws {
    let notebook = Notebook(setUp)
    notebook.run("check(\(arguments))")
    #expect(try notebook.texts("verdict", of: "compare(\(arguments))") == ["✓"])
  }

  @Test("a wrong formula with an index has a point where it is wrong")
  func wrongFormulas() throws {
    let error = try Notebook("f(x: vector, i) = x[i]^2").error("check(f, x[i]^3)")
    #expect(error.name == "ValueError" && error.message.contains("at i = "))
  }

  @Test("graph and explain of a partial call take what the call leaves open from their keywords")
  func pictures() throws {
    let notebook = Notebook("i = 1; f(x: vector, i) = x[i]^2; h(x, u) = x*u^2")
    #expect(try notebook.text("graph(f(x = [3, 4]), i = 2)").contains("= 16"))
    notebook.run("d = explain h(x = 2)")
    #expect(try notebook.text("d").contains("u^2*2"))
  }

  @Test("a parameter that is no function is skipped where one is called")
  func calls() throws {
    let notebook = Notebook("g(x) = x^2; f(g, x) = g*x + g(x)")
    #expect(try notebook.number("(∂f/∂x)(3, 2)") == 7)
  }

  @Test(
    "a variable is a constant where max ties, a parameter is not",
    arguments: [
      ("c = 1; f(x) = max(x, c)", "f'(1)", [0]), ("c = 1; f(x) = min(x, 2c - 1)", "f'(1)", [0]),
      ("b = [1, 2]; f(x: vector) = sum(max(x, b))", "(∂f/∂x)([1, 2])", [0, 0]),
      ("c = 1; f(x, c) = max(x, c)", "(∂f/∂x)(1, 1)", [1]),
      ("f(x) = max(x, x^2)", "f'(1)", [1]),
    ])
  func ties(_ setUp: String, _ call: String, _ expected: [Double]) throws {
    #expect(try Notebook(setUp).numbers(call) == expected, "\(call)")
  }

  @Test("beside a derivative its parameters stay parameters, whatever values their names have")
  func besideDerivatives() throws {
    let notebook = Notebook("x = 2; f(x) = x^3")
    let run = notebook.run("d = ∂f/∂x - 3x^2 + x")
    #expect(run.stream(.stdout).isEmpty)
    #expect(try notebook.number("d(5)") == 5)
  }

  @Test(
    "large local arrays keep their names in a formula, and are not taken for variables, nor variables for them"
  )
  func largeArrays() throws {
    let notebook = Notebook(
      """
      symbols w: vector(n)
      g(w0: vector, X: matrix, y: vector) = (∂(sum((X @ w - y)^2))/∂w)(w0)
      X = ones(20, 2)
      D = ∂(sum(X @ w))/∂w
      h(X: matrix) = D([1, 1])
      make(X: matrix) = ∂(sum(X @ w))/∂w
      """)
    #expect(try notebook.numbers("g([1, 1], ones(100, 2), zeros(100))") == [400, 400])
    #expect(try notebook.numbers("h(5*ones(20, 2))") == [20, 20])
    notebook.run("F = make(7*ones(20, 2))")
    #expect(try notebook.error("F([1, 1])").name == "NameError")
  }
}
