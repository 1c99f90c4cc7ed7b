import Calculus
import MatrixEngine
import Testing

/// The places where the slides err, each with what is right.
@Suite("Where the slides err")
struct ErrataTests {
  private static let symbols = Blackboard.withVector

  @Test(
    "B1: confident and wrong gives the largest gradient with cross entropy, a small one with squares"
  )
  func confidentAndWrong() throws {
    let (y, z) = (Symbol("y"), Symbol("z"))
    let entropy = try Reader.read("-(y*ln(sigmoid(z)) + (1 - y)*ln(1 - sigmoid(z)))", [y, z])
    let squares = try Reader.read("(sigmoid(z) - y)^2", [y, z])
    // sigmoid(z) = 0.001
    let point = ["y": Tensor<Double>.scalar(1), "z": .scalar(-6.906754778648554)]
    let a = try entropy.derivative(by: z).expression.value(at: point).storage[0]
    let b = try squares.derivative(by: z).expression.value(at: point).storage[0]
    #expect((a + 0.999).magnitude < 1e-9)
    #expect((b + 2 * 0.999 * 0.001 * 0.999).magnitude < 1e-9)
  }

  @Test("B2: the simplified derivative is finite where the product of its factors is not")
  func stability() throws {
    let (y, z) = (Symbol("y"), Symbol("z"))
    let factors = try Reader.read(
      "(-y/sigmoid(z) + (1 - y)/(1 - sigmoid(z)))*sigmoid(z)*(1 - sigmoid(z))", [y, z])
    let point = ["y": Tensor<Double>.scalar(0), "z": .scalar(40)]
    #expect(try factors.value(at: point).storage[0].isNaN)
    #expect(try factors.simplified().value(at: point).storage[0] == 1)
    #expect(try factors.simplified().text == "sigmoid(z) - y")
  }

  @Test("B4: the derivative of y − u keeps its minus")
  func minus() throws {
    let derivative = try Blackboard.derivative(
      "y - max(0, w · x + b)", by: "w", ErrataTests.symbols)
    #expect(derivative.expression.text == "if w · x + b > 0 { -x' } else { zeros(n)' }")
  }

  @Test("B5, B6, B8: the cost's gradient is masked example by example")
  func masked() throws {
    let formula = "mean((yy - max(0, X @ w + b))^2)"
    let symbols = ErrataTests.symbols
    let byWeights = try Blackboard.derivative(formula, by: "w", symbols)
    #expect(byWeights.expression.text == "2/m*((X @ w + b - yy)*(X @ w + b > 0))' @ X")
    let byBias = try Blackboard.derivative(formula, by: "b", symbols)
    #expect(byBias.expression.text == "2/m*sum((X @ w + b - yy)*(X @ w + b > 0))")
    let point = [
      "X": Tensor(Shape([2, 1]), [1, -1]), "yy": .vector([2, 2]), "w": .vector([1]),
      "b": .scalar(0),
    ]
    #expect(try byWeights.expression.value(at: point).storage == [-1])
    #expect(try byBias.expression.value(at: point).storage == [-1])
  }

  @Test("B7: by w it is a row")
  func row() throws {
    let f = try Reader.read("mean((X @ w + b - yy)^2)", ErrataTests.symbols)
    let w = try Blackboard.symbol("w", in: ErrataTests.symbols)
    #expect(try f.derivative(by: w).shape == .matrix(.number(1), Blackboard.n))
  }

  @Test("B10: at 0 the derivative of max(0, z) is 0 by convention")
  func kink() throws {
    let derivative = try Blackboard.derivative("max(0, z)", by: "z", ErrataTests.symbols)
    #expect(try derivative.expression.value(at: ["z": .scalar(0)]).storage == [0])
  }

  @Test("B11: the derivative of max(0, x) by x is a matrix, the printed vector its diagonal")
  func reluJacobian() throws {
    let derivative = try Blackboard.derivative("max(0, x)", by: "x", ErrataTests.symbols)
    #expect(derivative.expression.text == "diag(x > 0)")
    #expect(derivative.shape == .matrix(Blackboard.n, Blackboard.n))
  }

  @Test("B14: ∂L/∂w changes its sign with the activation before")
  func sign() throws {
    let derivative = try Blackboard.derivative(
      "-(y*ln(sigmoid(t*q)) + (1 - y)*ln(1 - sigmoid(t*q)))", by: "t", ErrataTests.symbols)
    #expect(derivative.expression.text == "q*(sigmoid(q*t) - y)")
  }

  @Test("B15: of an affine layer the Jacobian is not diagonal")
  func affine() throws {
    let derivative = try Blackboard.derivative("B @ x + w", by: "x", ErrataTests.symbols)
    #expect(derivative.expression.text == "B")
    #expect(!derivative.isDiagonal)
  }

  @Test("B17: w · x is the sum of the element-wise product")
  func dot() throws {
    let both = try ["w · x", "sum(w*x)", "sum(w[i]*x[i] for i in 1:n)"].map {
      try Reader.read($0, ErrataTests.symbols).simplified().text
    }
    #expect(Set(both) == ["w · x"])
  }

  @Test("B20: the loss is the squared norm over N")
  func squaredNorm() throws {
    let f = try Reader.read("mean(yy^2)", ErrataTests.symbols)
    #expect(try f.simplified().text == "norm(yy)^2/m")
  }
}
