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
    #expect(try notebook.text("∂f/∂x").hasPrefix("2*x[i]*eye(n)[i, :]'"))
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
}
