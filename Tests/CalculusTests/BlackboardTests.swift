import Calculus
import MatrixEngine
import Testing

/// What names stand for in these tests; `x` is a number in the first table, a vector in the second.
enum Blackboard {
  static let n = Dimension.name("n")
  static let m = Dimension.name("m")
  static let k = Dimension.name("k")
  static let scalars = ["b", "z", "y", "ŷ", "t", "u", "q", "θ", "λ", "p"].map { Symbol($0) }
  static let arrays: [Symbol] = [
    Symbol("w", .vector(n)), Symbol("v", .vector(n)), Symbol("yy", .vector(m)),
    Symbol("bb", .vector(m)), Symbol("c", .vector(k)), Symbol("X", .matrix(m, n)),
    Symbol("A", .matrix(m, n)), Symbol("B", .matrix(n, n)), Symbol("W", .matrix(n, k)),
    Symbol("Y", .matrix(m, k)), Symbol("T", .matrix(m, k)),
  ]
  static let withNumber = scalars + arrays + [Symbol("x")]
  static let withVector = scalars + arrays + [Symbol("x", .vector(n))]
  static let sizes = ["n": 3, "m": 2, "k": 2]

  static func symbol(_ name: String, in symbols: [Symbol]) throws -> Symbol {
    try #require(symbols.first { $0.name == name })
  }

  /// Values that are inside every domain: positive, and probabilities below 1.
  static func values(_ symbols: [Symbol]) -> [String: Tensor<Double>] {
    var values: [String: Tensor<Double>] = [:]
    var next = 0.31
    for symbol in symbols {
      let counts = symbol.shape.dimensions.map { sizes[$0.description] ?? 1 }
      values[symbol.name] = Tensor(
        Shape(counts),
        (0..<counts.reduce(1, *)).map { _ in
          next = (next * 7.13 + 0.217).truncatingRemainder(dividingBy: 0.9)
          return 0.05 + next
        })
    }
    return values
  }

  /// The formula's derivative, checked: automatic differentiation agrees, and its text reads back.
  static func derivative(_ formula: String, by name: String, _ symbols: [Symbol]) throws
    -> Derivative
  {
    let f = try Reader.read(formula, symbols)
    let variable = try symbol(name, in: symbols)
    let derivative = try f.derivative(by: variable)
    let values = values(symbols)
    let value = try derivative.expression.value(at: values, sizes: sizes, symbols: symbols)
    let automatic = try f.forwardDerivative(by: variable, at: values, sizes: sizes)
    #expect(RandomDerivativeTests.difference(automatic.storage, value.storage) < 1e-10)
    let again = try Reader.read(derivative.expression.text, symbols)
    #expect(again.shape == derivative.shape)
    let reread = try again.value(at: values, sizes: sizes, symbols: symbols)
    #expect(RandomDerivativeTests.difference(reread.storage, value.storage) < 1e-12)
    return derivative
  }
}

@Suite("Textbook derivatives and those of the slides, to the letter")
struct BlackboardTests {
  @Test(
    "of formulas of numbers",
    arguments: [
      ("x^2", "x", "2*x"),
      ("sin(x^2)", "x", "2*x*cos(x^2)"),
      ("x*exp(x)", "x", "x*exp(x) + exp(x)"),
      ("1/(1 + exp(-x))", "x", "exp(-x)/(exp(-x) + 1)^2"),
      ("x^2*sin(x)", "x", "x^2*cos(x) + 2*x*sin(x)"),
      ("sqrt(x^2 + 1)", "x", "x/sqrt(x^2 + 1)"),
      ("exp(-x^2/2)", "x", "-x*exp(-x^2/2)"),
      ("(x - 1)^3", "x", "3*(x - 1)^2"),
      ("(1 - x)^2", "x", "-2*(1 - x)"),
      ("x^x", "x", "x^x*ln(x) + x^x"),
      ("2^x", "x", "2^x*ln(2)"),
      ("ln(x)/x", "x", "(1 - ln(x))/x^2"),
      ("tan(x)", "x", "tan(x)^2 + 1"),
      ("log10(x)", "x", "1/(x*ln(10))"),
      ("abs(x)", "x", "sign(x)"),
      ("x^2 + 3*x + 1", "x", "2*x + 3"),
      ("(x^2 + 1)/(x - 1)", "x", "(x^2 - 2*x - 1)/(x - 1)^2"),
      ("sin(x)^2 + cos(x)^2", "x", "0"),
      ("x^(-2)", "x", "-2/x^3"),
      ("sqrt(x)", "x", "1/(2*sqrt(x))"),
      ("cos(3*x)*x", "x", "cos(3*x) - 3*x*sin(3*x)"),
      ("t*x + t^2*x^3", "x", "3*t^2*x^2 + t"),
      ("relu(x)^2", "x", "if x > 0 { 2*x } else { 0 }"),
      ("if x >= θ { 1 } else { 0 }", "x", "0"),
      ("if x > 0 { x^2 } else { -x }", "x", "if x > 0 { 2*x } else { -1 }"),
      ("max(x, t)", "x", "if x >= t { 1 } else { 0 }"),
      ("max(x, t)", "t", "if t > x { 1 } else { 0 }"),
      ("min(x, 2)", "x", "if x < 2 { 1 } else { 0 }"),
      ("ln(1 + exp(x))", "x", "sigmoid(x)"),
      ("max(0.01*x, x)", "x", "if x > 0 { 1 } else { 0.01 }"),
      ("2*(ŷ - y)*ŷ*(1 - ŷ)", "ŷ", "4*y*ŷ + 4*ŷ - 6*ŷ^2 - 2*y"),
    ])
  func numbers(formula: String, name: String, expected: String) throws {
    let derivative = try Blackboard.derivative(formula, by: name, Blackboard.withNumber)
    #expect(derivative.expression.text == expected)
  }

  @Test(
    "of formulas of vectors and matrices",
    arguments: [
      ("x", "x", "eye(n)"),
      ("w + x", "w", "eye(n)"),
      ("w + x", "x", "eye(n)"),
      ("w - x", "w", "eye(n)"),
      ("w - x", "x", "-eye(n)"),
      ("w*x", "w", "diag(x)"),
      ("w*x", "x", "diag(w)"),
      ("w/x", "w", "diag(1/x)"),
      ("w/x", "x", "-diag(w/x^2)"),
      ("x + z", "x", "eye(n)"),
      ("x + z", "z", "ones(n)"),
      ("x*z", "z", "x"),
      ("x*z", "x", "z*eye(n)"),
      ("sum(x)", "x", "ones(n)'"),
      ("sum(w*x)", "w", "x'"),
      ("w · x", "w", "x'"),
      ("w · x + b", "w", "x'"),
      ("w · x + b", "b", "1"),
      ("max(0, z)", "z", "if z > 0 { 1 } else { 0 }"),
      ("max(0, x)", "x", "diag(x > 0)"),
      ("max(0, w · x + b)", "w", "if w · x + b > 0 { x' } else { zeros(n)' }"),
      ("max(0, w · x + b)", "b", "if w · x + b > 0 { 1 } else { 0 }"),
      ("max(0, w · x + b)", "x", "if w · x + b > 0 { w' } else { zeros(n)' }"),
      ("y - max(0, w · x + b)", "w", "if w · x + b > 0 { -x' } else { zeros(n)' }"),
      ("y - max(0, w · x + b)", "b", "if w · x + b > 0 { -1 } else { 0 }"),
      (
        "(y - max(0, w · x + b))^2", "w",
        "if w · x + b > 0 { 2*(w · x + b - y)*x' } else { zeros(n)' }"
      ),
      ("(y - max(0, w · x + b))^2", "b", "if w · x + b > 0 { 2*(w · x + b - y) } else { 0 }"),
      ("mean((yy - max(0, X @ w + b))^2)", "w", "2/m*((X @ w + b - yy)*(X @ w + b > 0))' @ X"),
      ("mean((yy - max(0, X @ w + b))^2)", "b", "2/m*sum((X @ w + b - yy)*(X @ w + b > 0))"),
      ("mean((yy - max(0, X @ w + b))^2)", "X", "2/m*((X @ w + b - yy)*(X @ w + b > 0)) @ w'"),
      ("mean((yy - (X @ w + b))^2)", "w", "2/m*(X @ w + b - yy)' @ X"),
      ("norm(yy - X @ w)^2/2", "w", "(X @ w - yy)' @ X"),
      ("A @ x", "x", "A"),
      ("norm(A @ x - bb)^2", "x", "2*(A @ x - bb)' @ A"),
      ("norm(x)", "x", "x'/norm(x)"),
      ("sigmoid(x)", "x", "diag(sigmoid(x)*(1 - sigmoid(x)))"),
      ("tanh(x)", "x", "diag(1 - tanh(x)^2)"),
      ("exp(x)", "x", "diag(exp(x))"),
      ("x^2", "x", "2*diag(x)"),
      ("1/x", "x", "-diag(1/x^2)"),
      ("softmax(x)", "x", "diag(softmax(x)) - softmax(x) @ softmax(x)'"),
      ("-sum(w*ln(softmax(x)))", "x", "(sum(w)*softmax(x) - w)'"),
      ("x' @ B @ x", "x", "x' @ (B + B')"),
      ("x' @ B @ x", "B", "x @ x'"),
      ("norm(x)^2", "x", "2*x'"),
      ("mean(x)", "x", "ones(n)'/n"),
      ("x · x", "x", "2*x'"),
      ("x @ x'", "x", "[[[x[i]*(j == k) + x[j]*(i == k) for k in 1:n] for j in 1:n] for i in 1:n]"),
      ("-(y*ln(ŷ) + (1 - y)*ln(1 - ŷ))", "ŷ", "(1 - y)/(1 - ŷ) - y/ŷ"),
      ("-(y*ln(sigmoid(z)) + (1 - y)*ln(1 - sigmoid(z)))", "z", "sigmoid(z) - y"),
      (
        "-mean(yy*ln(sigmoid(X @ w + b)) + (1 - yy)*ln(1 - sigmoid(X @ w + b)))", "w",
        "((sigmoid(X @ w + b) - yy)' @ X)/m"
      ),
      (
        "-mean(yy*ln(sigmoid(X @ w + b)) + (1 - yy)*ln(1 - sigmoid(X @ w + b)))", "b",
        "sum(sigmoid(X @ w + b) - yy)/m"
      ),
      ("sum((T - Y)^2)/m", "T", "2/m*(T - Y)"),
      (
        "X @ W + c", "X",
        "[[[[W[p, j]*(i == l) for p in 1:n] for l in 1:m] for j in 1:k] for i in 1:m]"
      ),
      ("X @ W + c", "c", "[[[j == l for l in 1:k] for j in 1:k] for i in 1:m]"),
      (
        "sum((sigmoid(X @ W + c) - Y)^2)/m", "W",
        "2/m*X' @ (sigmoid(X @ W + c)*(sigmoid(X @ W + c) - Y)*(1 - sigmoid(X @ W + c)))"
      ),
      (
        "sum((sigmoid(X @ W + c) - Y)^2)/m", "c",
        "2/m*ones(m)' @ (sigmoid(X @ W + c)*(sigmoid(X @ W + c) - Y)*(1 - sigmoid(X @ W + c)))"
      ),
      (
        "sum((sigmoid(X @ W + c) - Y)^2)/m", "X",
        "2/m*(sigmoid(X @ W + c)*(sigmoid(X @ W + c) - Y)*(1 - sigmoid(X @ W + c))) @ W'"
      ),
      ("norm(A @ x - bb)^2 + λ*norm(x)^2", "x", "2*(A @ x - bb)' @ A + 2*λ*x'"),
      ("sum(w[i]*x[i] for i in 1:n)", "w", "x'"),
      ("sum(exp(x[i]) for i in 1:n)", "x", "exp(x)'"),
      ("max(x)", "x", "one_hot(argmax(x), n)'"),
      ("sum(X)", "X", "ones(m, n)"),
      (
        "softmax(X)", "X",
        "[[[[softmax([X[i, p] for p in 1:n])[j]*(i == k)*(j == l) - softmax([X[i, p] for p in 1:n])[j]*softmax([X[i, p] for p in 1:n])[l]*(i == k) for l in 1:n] for k in 1:m] for j in 1:n] for i in 1:m]"
      ),
      ("diag(x) @ v", "x", "diag(v)"),
      ("sum(diag(B))", "B", "eye(n)"),
      ("sum(X, axis = 1)", "X", "[[[i == k for k in 1:n] for j in 1:m] for i in 1:n]"),
      ("ln(sum(exp(x)))", "x", "softmax(x)'"),
      ("w*x*v", "x", "diag(v*w)"),
      ("exp(w · x)", "x", "exp(w · x)*w'"),
      ("norm(w - x)", "x", "(x - w)'/norm(w - x)"),
      ("sum(abs(x))", "x", "sign(x)'"),
      ("(w · x)/(norm(w)*norm(x))", "x", "(w - (w · x)/norm(x)^2*x)'/(norm(w)*norm(x))"),
      ("B @ B @ x", "x", "B @ B"),
      (
        "B^2", "B",
        "[[[[2*B[i, j]*(i == k)*(j == l) for l in 1:n] for k in 1:n] for j in 1:n] for i in 1:n]"
      ),
      (
        "-sum(Y*ln(softmax(X @ W + c)))/m", "W",
        "(X' @ (column(sum(Y, axis = 2))*softmax(X @ W + c) - Y))/m"
      ),
      ("sum(diag(B @ B))", "B", "2*B'"),
      ("w*(w · x)", "w", "w @ x' + (w · x)*eye(n)"),
      ("x/norm(x)", "x", "eye(n)/norm(x) - (x @ x')/norm(x)^3"),
      ("sum(max(0, X @ w))", "w", "(X @ w > 0)' @ X"),
      ("mean(abs(yy - X @ w))", "w", "-(sign(yy - X @ w)' @ X)/m"),
      (
        "sigmoid(B @ sigmoid(B @ x))", "x",
        "diag(sigmoid(B @ sigmoid(B @ x))*(1 - sigmoid(B @ sigmoid(B @ x)))) @ B @ diag(sigmoid(B @ x)*(1 - sigmoid(B @ x))) @ B"
      ),
      ("sum(X @ w)^2", "w", "2*sum(X @ w)*ones(m)' @ X"),
      ("norm(B - w @ x')^2", "w", "2*((w @ x' - B) @ x)'"),
      ("norm(X)", "X", "X/norm(X)"),
      ("X @ x + X @ w", "x", "X"),
      ("z^2*B", "z", "2*z*B"),
      ("exp(z)*x + z", "z", "exp(z)*x + 1"),
      (
        "max(X)", "X",
        "one_hot(argmax(max(X, axis = 2)), m) @ one_hot(argmax(X[argmax(max(X, axis = 2)), :]), n)'"
      ),
      (
        "sum(max(X, axis = 2))", "X",
        "[[j == argmax([X[i, k] for k in 1:n]) for j in 1:n] for i in 1:m]"
      ),
      ("(if z > 0 { x } else { w })*z", "z", "if z > 0 { x } else { w }"),
      ("leaky_relu(B @ x)", "x", "diag((B @ x > 0) + 0.01*(B @ x <= 0)) @ B"),
      (
        "-(yy · ln(sigmoid(X @ w)) + (1 - yy) · ln(1 - sigmoid(X @ w)))/m", "w",
        "((sigmoid(X @ w) - yy)' @ X)/m"
      ),
      ("x + sum(x)", "x", "ones(n, n) + eye(n)"),
      ("mean((X - sum(X, axis = 1)/m)^2)", "X", "2/(m*n)*(X - (X' @ ones(m))/m)"),
      ("sum(exp(X))", "X", "exp(X)"),
      ("tanh(X @ w + b)", "b", "1 - tanh(X @ w + b)^2"),
      ("(x' @ B @ x)^2", "x", "2*(x' @ B @ x)*x' @ (B + B')"),
      ("(x' @ B @ x)/(x · x)", "x", "(((B + B') @ x)/norm(x)^2 - (2*x' @ B @ x)/norm(x)^4*x)'"),
      ("-sum(w*ln(x) + (1 - w)*ln(1 - x))", "x", "((1 - w)/(1 - x) - w/x)'"),
      ("sqrt(sum(x^2) + 1)", "x", "x'/sqrt(norm(x)^2 + 1)"),
      (
        "2*(sigmoid(z) - y)*sigmoid(z)*(1 - sigmoid(z))", "z",
        "2*sigmoid(z)*(3*sigmoid(z)^3 + 3*y*sigmoid(z) + 2*sigmoid(z) - 2*y*sigmoid(z)^2 - 5*sigmoid(z)^2 - y)"
      ),
      ("min(x)", "x", "one_hot(argmax(-x), n)'"),
      ("sum([x[i]^2*w[i] for i in 1:n])", "x", "2*(w*x)'"),
      ("sum(sum(B[i, j]*x[i]*x[j] for j in 1:n) for i in 1:n)", "x", "x' @ (B + B')"),
      ("norm(w)^3", "w", "3*norm(w)*w'"),
      ("ln(norm(x))", "x", "x'/norm(x)^2"),
      (
        "(sigmoid(t*q + b) - y)^2/2", "t",
        "q*sigmoid(q*t + b)*(sigmoid(q*t + b) - y)*(1 - sigmoid(q*t + b))"
      ),
    ])
  func arrays(formula: String, name: String, expected: String) throws {
    let derivative = try Blackboard.derivative(formula, by: name, Blackboard.withVector)
    #expect(derivative.expression.text == expected)
  }

  @Test(
    "element-wise operations have diagonal Jacobians and say so",
    arguments: [
      ("w + x", true), ("w*x", true), ("w/x", true), ("max(0, x)", true), ("sigmoid(x)", true),
      ("B @ x", false), ("softmax(x)", false), ("x + sum(x)", false),
    ])
  func diagonal(formula: String, isDiagonal: Bool) throws {
    let derivative = try Blackboard.derivative(formula, by: "x", Blackboard.withVector)
    #expect(derivative.isDiagonal == isDiagonal)
  }

  @Test(
    "the layout is the pinned one",
    arguments: [
      ("w · x", "x", "1×n"), ("x*z", "z", "n-vector"), ("A @ x", "x", "m×n"),
      ("sum(X)", "X", "m×n"),
      ("z*X", "z", "m×n"), ("X @ w", "X", "m×m×n"), ("z^2", "z", "scalar"),
      ("w · x", "z", "scalar"),
      ("sum(w)", "x", "1×n"),
    ])
  func layout(formula: String, name: String, shape: String) throws {
    let f = try Reader.read(formula, Blackboard.withVector)
    let variable = try Blackboard.symbol(name, in: Blackboard.withVector)
    #expect(try f.derivative(by: variable).shape.description == shape)
  }

  @Test(
    "second derivatives",
    arguments: [
      ("x' @ B @ x", "B + B'"), ("norm(A @ x - bb)^2", "2*A' @ A"), ("sum(x^2)", "2*eye(n)"),
      ("exp(w · x)", "exp(w · x)*w @ w'"),
    ])
  func hessians(formula: String, expected: String) throws {
    let f = try Reader.read(formula, Blackboard.withVector)
    let x = try Blackboard.symbol("x", in: Blackboard.withVector)
    #expect(try f.hessian(by: [x]).text == expected)
  }

  @Test("gradients, Jacobians and Hessians of numbers")
  func several() throws {
    let (x, y) = (Symbol("x"), Symbol("y"))
    let f = try Reader.read("x^2*y", [x, y])
    let g = try Reader.read("sin(x) + y", [x, y])
    #expect(try f.gradient(by: [x, y]).text == "[2*x*y, x^2]")
    #expect(try Expression.jacobian(of: [f, g], by: [x, y]).text == "[2*x*y, x^2; cos(x), 1]")
    #expect(try f.hessian(by: [x, y]).text == "[2*y, 2*x; 2*x, 0]")
    #expect(try f.higherDerivative(by: [x, x, y]).expression.text == "2")
    let sines = try Reader.read("sin(x)", [x])
    #expect(try sines.higherDerivative(by: [x, x]).expression.text == "-sin(x)")
  }

  @Test("a vector of two entries has the Jacobian written out")
  func entries() throws {
    let x = Symbol("x", .vector(.number(2)))
    let f = try Reader.read("[x[1]^2, x[1]*x[2]]", [x])
    #expect(try f.derivative(by: x).expression.text == "[2*x[1], 0; x[2], x[1]]")
  }

  @Test("by one entry: ∂(w · x)/∂w[j] = x[j]")
  func byEntry() throws {
    let symbols = Blackboard.withVector
    let w = try Blackboard.symbol("w", in: symbols)
    for formula in ["w · x", "sum(w[i]*x[i] for i in 1:n)"] {
      let f = try Reader.read(formula, symbols)
      #expect(try f.derivative(by: w, entry: [.value(.index("j"))]).expression.text == "x[j]")
      #expect(try f.derivative(by: w, entry: [.value(.number(2))]).expression.text == "x[2]")
    }
  }

  @Test("partial application: the special cases of the cross entropy")
  func partialApplication() throws {
    let (y, p) = (Symbol("y"), Symbol("ŷ"))
    let loss = try Reader.read("-(y*ln(ŷ) + (1 - y)*ln(1 - ŷ))", [y, p])
    #expect(try loss.substituting([y: .number(1)]).simplified().text == "-ln(ŷ)")
    #expect(try loss.substituting([y: .number(0)]).simplified().text == "-ln(1 - ŷ)")
  }

  @Test("the factors of the output layer cancel: (−y/ŷ + (1 − y)/(1 − ŷ)) · ŷ(1 − ŷ) = ŷ − y")
  func cancelling() throws {
    let (y, p) = (Symbol("y"), Symbol("ŷ"))
    let product = try Reader.read("(-y/ŷ + (1 - y)/(1 - ŷ))*ŷ*(1 - ŷ)", [y, p])
    #expect(try product.simplified().text == "ŷ - y")
  }

  @Test("a network of two layers: its gradient is backpropagation")
  func backpropagation() throws {
    let symbols = Blackboard.withVector + [Symbol("V", .matrix(Blackboard.k, Blackboard.k))]
    let loss = "sum((sigmoid(sigmoid(X @ W) @ V) - Y)^2)/m"
    let output = "sigmoid(sigmoid(X @ W) @ V)"
    let delta = "(\(output)*(\(output) - Y)*(1 - \(output)))"
    #expect(
      try Blackboard.derivative(loss, by: "V", symbols).expression.text
        == "2/m*sigmoid(X @ W)' @ \(delta)")
    #expect(
      try Blackboard.derivative(loss, by: "W", symbols).expression.text
        == "2/m*X' @ (sigmoid(X @ W)*(1 - sigmoid(X @ W))*(\(delta) @ V'))")
  }

  @Test("sharing bounds the size: deep compositions stay small")
  func swell() throws {
    var f = Expression.symbol("x")
    for _ in 0..<20 { f = .function(.sin, try .add([.power(f, .number(2)), f])) }
    let derivative = try f.derivative(by: Symbol("x")).expression
    #expect(derivative.nodeCount < 200)
  }

  @Test("unknown functions are differentiated by name")
  func unknownFunctions() throws {
    let x = Symbol("x")
    let square = try Expression.power(.symbol(x), .number(2))
    let f = try Expression.call("f", [square])
    #expect(try f.derivative(by: x).expression.text == "2*x*f'(x^2)")
    let g = try Expression.call("f", [.symbol(x)])
    #expect(try g.higherDerivative(by: [x, x]).expression.text == "f''(x)")
  }
}
