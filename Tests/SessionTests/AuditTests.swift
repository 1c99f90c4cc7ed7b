import Testing

/// Derivations that somebody else wrote: what is wrong in them is found, and nothing else.
@Suite("Audits find the first wrong line")
struct AuditTests {
  /// The lines of a block, one behind the other, with the verdicts that they must get.
  private func verdicts(_ block: String, of call: String = "", in notebook: Notebook = Notebook())
    throws -> [String]
  {
    notebook.run("r = audit \(call) {\n\(block)\n}")
    return try notebook.texts("verdict", of: "r")
  }

  private func firstWrong(_ block: String, of call: String = "", in notebook: Notebook = Notebook())
    throws -> Double
  {
    notebook.run("r = audit \(call) {\n\(block)\n}")
    return try notebook.number("r.first_wrong")
  }

  @Test("the output layer's gradient, and a sign that is lost in it")
  func outputLayer() throws {
    let notebook = Notebook()
    let lines = """
      assume ŷ in 0..1
      ∂L/∂z = (-y/ŷ + (1-y)/(1-ŷ))*ŷ*(1-ŷ)
          = -y*(1-ŷ) + (1-y)*ŷ
          = ŷ - y
      """
    #expect(try verdicts(lines, in: notebook) == ["right", "right", "right"])
    #expect(try notebook.number("r.points") == 3)
    #expect(try notebook.number("r.holds") == 1)
    let wrong = lines.replacing("+ (1-y)*ŷ", with: "- (1-y)*ŷ")
    #expect(try verdicts(wrong, in: notebook) == ["right", "wrong", "right by itself"])
    #expect(try notebook.number("r.first_wrong") == 3)
    let why = try notebook.texts("why", of: "r")[1]
    #expect(why.contains("on the left") && why.contains("ŷ = 0."))
  }

  @Test("an error that is carried forward is told from a new one")
  func carried() throws {
    #expect(
      try verdicts(
        """
        y = (x + 1)^2
          = x^2 + x + 1
          = 1 + x*(x + 1)
          = x^2 + 2x + 1
          = x^2 + 3
        w = 2*y = 2*(x^2 + x + 1)
        w = 2*y = 2x^2 + 4x + 2
        """) == [
          "right", "wrong", "follows from the wrong line", "right by itself", "wrong again",
          "right by itself", "wrong again", "right by itself", "right by itself",
        ])
  }

  @Test(
    "rules of differentiation",
    arguments: [
      ("(u*v)' = u'*v + u*v'", 0.0), ("(u/v)' = (u'*v - u*v')/v^2", 0),
      ("(u/v)' = (u'*v + u*v')/v^2", 1),
      ("(f(g(x)))' = f'(g(x))*g'(x)", 0), ("(f(g(x)))' = f'(x)*g'(x)", 1),
      ("∂(f(x)*g(x))/∂x = f'(x)*g(x) + f(x)*g'(x)", 0), ("∂(x^n)/∂x = n*x^(n - 1)", 0),
      ("∂(ln(sin(x)))/∂x = cos(x)/sin(x)\n = 1/tan(x)", 0), ("∂/∂x(x^2*y) = 2*x*y", 0),
      ("tanh'(z) = 1 - tanh(z)^2", 0), ("sigmoid'(z) = sigmoid(z)*(1 + sigmoid(z))", 1),
    ])
  func rules(block: String, wrong: Double) throws { #expect(try firstWrong(block) == wrong) }

  @Test("derivatives follow from what is defined")
  func definitions() throws {
    let block = """
      L = -(y*ln(ŷ) + (1-y)*ln(1-ŷ))
      ŷ = sigmoid(z)
      z = w*x + b
      ∂L/∂ŷ = -y/ŷ + (1-y)/(1-ŷ)
      ∂ŷ/∂z = ŷ*(1-ŷ)
      ∂L/∂z = ∂L/∂ŷ*∂ŷ/∂z = ŷ - y
      dL/dw = dL/dz*dz/dw = (ŷ - y)*x
      """
    #expect(try firstWrong(block) == 0)
    #expect(try firstWrong(block.replacing("∂ŷ/∂z = ŷ*(1-ŷ)", with: "∂ŷ/∂z = ŷ*(1+ŷ)")) == 5)
    #expect(try firstWrong(block.replacing("= (ŷ - y)*x", with: "= (ŷ - y)*b")) == 7)
    #expect(try firstWrong(block.replacing("∂L/∂ŷ = -y", with: "∂L/∂ŷ = y")) == 4)
  }

  @Test(
    "matrices: products, transposes, gradients",
    arguments: [
      ("(A @ B)' = B' @ A'", 0.0), ("(A @ B)' = A' @ B'", 1), ("(A @ B) @ C = A @ (B @ C)", 0),
      ("Z = A @ B\n L = norm(Z)^2\n ∂L/∂A = 2*Z @ B'", 0),
      ("L = norm(A @ B)^2\n ∂L/∂A = 2*B' @ A @ B", 2),
      ("A' @ A = A @ A'", 1), ("trace(A @ A') = norm(A)^2", 0),
    ])
  func matrices(block: String, wrong: Double) throws {
    #expect(
      try firstWrong(
        block, in: Notebook("symbols A: matrix(m, n), B: matrix(n, k), C: matrix(k, p)")) == wrong)
  }

  @Test("numbers by their digits")
  func numbers() throws {
    #expect(try firstWrong("0.3 + 0.2*0.5744 + 0.1*0.5987 = 0.4748") == 0)
    #expect(
      try firstWrong("0.5226 + 0.4139*0.6147 + 0.2135*0.5973 + 0.6137*0.6089 = 1.2794") == 1)
    #expect(try firstWrong("z = 0.4748\n a = sigmoid(z) = 0.6165\n a = 0.6265") == 3)
    #expect(try firstWrong("1/3 = 0.33") == 0)
    #expect(try firstWrong("1/3 = 0.34") == 1)
    #expect(try firstWrong("2 + 2 = 5") == 1)
  }

  private static let lecture = """
    \(lectureCell)
    X = [0, 1; 1, 0.5; 1, 1]
    network Small { input 2; dense 2, tanh; dense 2, softmax }
    d = dataset(and)
    perceptron P { input 2; threshold 0 }
    f(t) = sin(t^2)*exp(t)
    g(w: vector, v: vector, c) = sigmoid(w · v + c)
    p(u) = u^2
    q(t) = p(sin(t))
    C(w: vector, c, A: matrix, v: vector) = mean((v - max(0, A @ w + c))^2)
    H(A: matrix, W: matrix) = sum((A @ W)^2)
    """

  @Test(
    "what explain prints, audit reads",
    arguments: [
      "forward(Lecture, x)", "backward(Lecture, x, y)", "loss(Lecture, x, y)",
      "step(Lecture, x, y, learning_rate = 0.1)",
      "step(Lecture, x, y, optimizer = adam, l2 = 0.01, clip = 0.1)",
      "step(Lecture, x, y, optimizer = momentum, l1 = 0.01)",
      "step(Lecture, x, y, optimizer = rmsprop)",
      "forward(Small, X)", "backward(Small, X, [1, 2, 1])", "loss(Small, X, [1, 2, 1])",
      "train(P, d.X, d.Y, rule = perceptron, epochs = 3)", "∂f/∂t", "∂f/∂t, t = 2", "∂g/∂w",
      "∂q/∂t", "∂C/∂w",
      "∂C/∂c", "q(2)", "2*3 + 4/7", "∂H/∂W", "∂H/∂A",
    ])
  func everythingExplained(call: String) throws {
    let notebook = Notebook(Self.lecture)
    let lines = try notebook.run("explain \(call)").texts[0]
    notebook.run("r = audit \(call) {\n\(lines)\n}")
    let (verdicts, written) = (
      try notebook.texts("verdict", of: "r"), try notebook.texts("why", of: "r")
    )
    for (verdict, why) in zip(verdicts, written) {
      #expect(verdict == "right" || verdict == "close", "\(why) in\n\(lines)")
    }
  }

  @Test("the derivative by an entry, moved inside a sum, also through what is defined")
  func entriesInsideSums() throws {
    let block = """
      symbols A: matrix(m, n), w: vector(n)
      u = A @ w
      s = sum(u[i]^2 for i in 1:m)
      ∂s/∂w[p] = sum(∂/∂w[p](u[i]^2) for i in 1:m)
               = sum(2*u[i]*∂(u[i])/∂w[p] for i in 1:m)
               = 2*sum(u[i]*A[i, p] for i in 1:m)
      """
    #expect(try firstWrong(block) == 0)
    #expect(try firstWrong(block.replacing("sum(2*u[i]*∂(u", with: "sum(u[i]*∂(u")) == 5)
    #expect(try firstWrong(block.replacing("A[i, p]", with: "A[p, i]")) == 6)
  }

  @Test(
    "sums of so many numbers as a name says, also from 0",
    arguments: [
      ("sum(i for i in 1:n) = n*(n+1)/2", "right"), ("sum(i for i in 1:n) = 3n - 3", "wrong"),
      ("sum(i^2 for i in 1:n) = n*(n+1)*(2n+1)/6", "right"),
      ("sum(q^k for k in 0:n) = (q^(n+1) - 1)/(q - 1)", "right"),
      ("sum(q^k for k in 0:n) = (q^n - 1)/(q - 1)", "wrong"),
      ("sum(k for k in -9223372036854775808:n) = 1", "wrong"),
      ("sum(sum(1 for j in 1:m) for i in 1:n) = n*m", "right"),
      ("sum(sum(1 for j in 1:m) for i in 1:n) = n^2", "wrong"),
    ])
  func turns(line: String, verdict: String) throws {
    #expect(try verdicts(line) == [verdict])
  }

  @Test("what holds for matrices of two rows only is wrong")
  func sizes() throws {
    let line = "A @ A = tr(A)*A - det(A)*eye(n)"
    #expect(
      try verdicts("symbols A: matrix(2, 2)\n" + line.replacing("(n)", with: "(2)")) == ["right"])
    #expect(try verdicts("symbols A: matrix(n, n)\n" + line) == ["wrong"])
  }

  @Test("functions are defined by a line, and have derivatives")
  func functions() throws {
    let block = """
      f(x) = a*x^2*sin(x)
      f'(x) = 2*a*x*sin(x) + a*x^2*cos(x)
      ∂f/∂x = a*x*(2*sin(x) + x*cos(x))
      f(2) = 4*a*sin(2)
      sum(f(i) for i in 1:2) = a*sin(1) + 4*a*sin(2)
      g(x, y) = x*y^2
      ∇g = [y^2, 2*x*y]
      """
    #expect(try firstWrong(block) == 0)
    #expect(try firstWrong(block.replacing("+ a*x^2*cos(x)", with: "- a*x^2*cos(x)")) == 2)
    #expect(try firstWrong(block.replacing("f(2) = 4*a", with: "f(2) = 2*a")) == 4)
    #expect(try firstWrong(block.replacing("2*x*y]", with: "x*y]")) == 7)
    #expect(try firstWrong("y = x^3\n y' = 3x^2") == 0)
    #expect(try firstWrong("y = x^3\n y' = 2x^2") == 2)
  }

  @Test(
    "derivatives by the only variable, as books write them",
    arguments: [
      ("d/dx(x^2) = 2x", 0.0), ("d(x^2)/dx = 2x", 0), ("d(x*sin(x))/dx = cos(x)", 1),
      ("d/dz(sigmoid(z)) = sigmoid(z)*(1 - sigmoid(z))", 0), ("3*d/dx(x^2) = 6x", 0),
    ])
  func quotients(block: String, wrong: Double) throws { #expect(try firstWrong(block) == wrong) }

  @Test(
    "the chain rule holds for a loss of which nothing is known",
    arguments: [
      ("z = w*v + c\n ∂L/∂w = ∂L/∂z*∂z/∂w = ∂L/∂z*v\n ∂L/∂c = ∂L/∂z", 0.0),
      ("z = w*v + c\n ∂L/∂w = ∂L/∂z*c", 2), ("z = w*v + c\n dL/dw = dL/dz*w", 2),
      ("Z = X @ W\n ∂L/∂W = X' @ ∂L/∂Z\n ∂L/∂X = ∂L/∂Z @ W'", 0),
      ("Z = X @ W\n ∂L/∂W = X @ ∂L/∂Z", 2), ("Z = X @ W\n ∂L/∂X = ∂L/∂Z @ W", 2),
      ("Z = X @ W + b\n ∂L/∂b = sum(∂L/∂Z, axis = 1)'", 0),
      ("a = W' @ x\n ∂L/∂x = ∂L/∂a @ W'\n ∂L/∂W = x @ ∂L/∂a", 0),
      ("symbols ∂L/∂a: vector(n)\n a = W' @ x\n ∂L/∂x = W @ ∂L/∂a\n ∂L/∂W = x @ ∂L/∂a'", 0),
      ("symbols ∂L/∂a: vector(n)\n a = W' @ x\n ∂L/∂x = W' @ ∂L/∂a", 3),
    ])
  func chainRule(block: String, wrong: Double) throws {
    let notebook = Notebook(
      "symbols X: matrix(m, n), W: matrix(n, n), b: vector(n), x: vector(n)")
    #expect(try firstWrong(block, in: notebook) == wrong)
  }

  @Test("what is computed from rounded numbers is close")
  func roundedOn() throws {
    #expect(
      try verdicts("a = 1/3 = 0.33\n b = 2*a = 2*0.33 = 0.66\n c = 3*b = 1.98\n c = 1.99") == [
        "right", "right", "right", "close", "close", "right", "close", "wrong",
      ])
  }

  @Test("a name whose kind nobody said is named where shapes do not fit")
  func kindsMissing() throws {
    let notebook = Notebook()
    #expect(try firstWrong("softmax(z)[1] = exp(z[1])", in: notebook) == 1)
    #expect(try notebook.texts("why", of: "r")[0].contains("symbols z: vector"))
  }

  @Test(
    "≈ is judged by the digits that are printed",
    arguments: [
      ("1/3 ≈ 0.33", 0.0), ("1/3 ≈ 0.34", 1), ("sqrt(10) ≈ 3\n = 6/2", 0), ("sqrt(10) ≈ 4", 1),
      ("[1/3, 2/3] ≈ [0.33, 0.67]", 0), ("[1/3, 2/3] ≈ [0.33, 0.66]", 1),
      ("pi ≈ 3.14\n 2*pi ≈ 6.28", 0), ("sqrt(10) = 3", 1), ("sin(x) ≈ x", 1),
      ("(x + 1)^2 ≈ x^2 + 2x + 1", 0), ("sigmoid(0.4748) ≈ 0.6165\n ≈ 0.62\n ≈ 0.6", 0),
    ])
  func rounded(block: String, wrong: Double) throws { #expect(try firstWrong(block) == wrong) }

  @Test("≈ of a run's quantities, and as it is shown")
  func roundedQuantities() throws {
    let notebook = Notebook(Self.lecture)
    let block = "a₁^[3] ≈ 0.77\na₁^[3] ≈ 0.79\nz₁^[3] ≈ 1"
    #expect(
      try verdicts(block, of: "forward(Lecture, x)", in: notebook) == [
        "right", "wrong", "right by itself",
      ])
    #expect(try notebook.run("r").texts[0].contains("a₁^[3] ≈ 0.77"))
  }

  @Test("symbols inside name what an audit knows nothing else of")
  func symbolsInside() throws {
    let block = """
      symbols ∂L/∂Z: matrix(m, k), A: matrix(m, n), w₁^[2]: vector(n)
      2*A' @ ∂L/∂Z = A' @ (∂L/∂Z + ∂L/∂Z)
      A @ w₁^[2] = w₁^[2]' @ A'
      """
    #expect(try verdicts(block) == ["right", "wrong"])
    #expect(try firstWrong(block.replacing("w₁^[2]' @ A'", with: "(w₁^[2]' @ A')'")) == 0)
    #expect(try firstWrong("symbols Z: matrix\n L = norm(Z)^2\n ∂L/∂Z = 2*Z'") == 3)
  }

  @Test(
    "rows, columns and sizes are told apart",
    arguments: [
      ("∂(x · y)/∂x = y'", 0.0), ("∂(x · y)/∂x = y''", 1), ("x'' = x", 0), ("A' @ A = A @ A'", 1),
      ("sum(x[i] for i in 1:n) = sum(x)", 0), ("sum(x[i] for i in 0:n) = sum(x)", 1),
    ])
  func sizes(block: String, wrong: Double) throws {
    #expect(
      try firstWrong(block, in: Notebook("symbols A: matrix(m, n), x, y: vector(n)")) == wrong)
  }

  @Test("numbers behind a wrong formula are right by themselves or follow from it")
  func numbersBehindWrongFormula() throws {
    let block = """
      z₁^[1] = b₁^[1] - w₁₁^[1]*x₁ = 0.1 + 0.1*2 = 0.3
      z₂^[1] = b₂^[1] - w₁₂^[1]*x₁ = 0.2 - 0.1*2 = 0
      """
    #expect(
      try verdicts(block, of: "forward(Lecture, x)", in: Notebook(Self.lecture)) == [
        "wrong", "right by itself", "right by itself", "wrong again", "follows from the wrong line",
        "follows from the wrong line",
      ])
  }

  @Test("the sign of a number that is squared is its quantity's")
  func squaredSigns() throws {
    let notebook = Notebook("f(t) = (t - 3)^2")
    let block = "f = (t - 3)^2 = (1 - 3)^2 = 4"
    #expect(try firstWrong(block, of: "f(1)", in: notebook) == 0)
    let lines = try notebook.run("explain f(1)").texts[0]
    #expect(lines.contains("(-2)^2"))
    notebook.run("r = audit f(1) {\n\(lines.replacing("(-2)^2", with: "2^2"))\n}")
    #expect(
      try notebook.texts("why", of: "r").contains { $0.contains("stands for u₁, which is -2") })
  }

  @Test("the slips of the lecture's numbers are found at their lines")
  func slips() throws {
    let notebook = Notebook(
      Self.lecture + "\nu = step(Lecture, x, y, learning_rate = 0.1); n = u.new")
    notebook.run(
      """
      r = audit forward(n, x) {
        z₁^[3] = b₁^[3] + w₁₁^[3]*a₁^[2] + w₂₁^[3]*a₂^[2] + w₃₁^[3]*a₃^[2]
               = 0.5226 + 0.4139*0.6147 + 0.2135*0.5973 + 0.6137*0.6089
               = 1.2794
        a₁^[3] = sigmoid(1.2794) = 0.7862
      }
      """)
    #expect(
      try notebook.texts("verdict", of: "r") == [
        "right", "wrong", "right by itself", "right by itself", "wrong again",
      ])
    #expect(try notebook.texts("why", of: "r")[1].contains("0.6147 stands for a₁^[2]"))
    #expect(try notebook.number("r.first_wrong") == 2)
  }

  @Test("a presentation of the perceptron rule is named by its heading")
  func perceptron() throws {
    let notebook = Notebook(Self.lecture)
    let block = """
      # epoch 1, example 4
      z = b + w₁*x₁ + w₂*x₂ = -1 + 0*1 + 0*1 = -1
      o = 0
      e = t - o = 1 - 0 = 1
      w₁_new = w₁ + η*e*x₁ = 0 + 1*1*1 = 1
      # epoch 1, example 1
      z = 0 + 0*0 + 0*0 = 0
      """
    let call = "train(P, d.X, d.Y, rule = perceptron, epochs = 3)"
    #expect(try firstWrong(block, of: call, in: notebook) == 0)
    #expect(
      try firstWrong(block.replacing("= -1 + 0*1", with: "= -1 + 1*1"), of: call, in: notebook) == 2
    )
  }

  @Test("a wrong number goes on through a run")
  func carriedNumbers() throws {
    let notebook = Notebook(Self.lecture)
    #expect(
      try verdicts(
        """
        z₁^[1] = b₁^[1] + w₁₁^[1]*x₁ = 0.1 + 0.1*2 = 0.4
        a₁^[1] = sigmoid(0.4) = 0.5987
        a₂^[1] = sigmoid(0.4) = 0.5987
        """, of: "forward(Lecture, x)", in: notebook) == [
          "right", "right", "wrong", "follows from the wrong line", "follows from the wrong line",
          "right by itself", "right by itself",
        ])
    #expect(try notebook.number("r.points") == 2)
  }

  @Test("an audit is text, HTML, LaTeX and a tidy table, and can be checked")
  func output() throws {
    let notebook = Notebook()
    let run = notebook.run("audit { 1 + 1 = 2\n = 3 }")
    let bundle = try #require(run.bundles.first)
    #expect(
      bundle.data.members.map(\.name).sorted() == [
        "application/vnd.dataresource+json", "text/html", "text/latex", "text/plain",
      ])
    #expect(
      try notebook.columns("audit { 1 + 1 = 2 }") == [
        "step", "line", "verdict", "expected", "got", "why",
      ])
    notebook.run("check(audit { 1 + 1 = 2 }.holds)")
    #expect(try notebook.error("check(audit { 1 + 1 = 3 }.holds)").name == "ValueError")
    #expect(try notebook.texts("verdict", of: "table(audit { 1 + 1 = 3 })") == ["wrong"])
  }

  @Test("variables of the session are symbols in it")
  func symbols() throws {
    let notebook = Notebook("x = [1, 2, 3]\ny = 4")
    #expect(try firstWrong("(x + y)^2 = x^2 + 2*x*y + y^2", in: notebook) == 0)
    #expect(try firstWrong("x + y = 5", in: notebook) == 1)
  }
}
