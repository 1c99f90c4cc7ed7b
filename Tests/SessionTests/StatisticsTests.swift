import Testing

/// The numbers are NumPy's and PyTorch's.
@Suite("Functions of many entries and of rounding")
struct StatisticsTests {
  private let notebook = Notebook("X = [3,1,4; 1,5,9; 2,6,5; 3,5,8]; x = [-0.7, -0.2, 0.4, 0.9]")

  @Test(
    "values",
    arguments: [
      (
        "erf(x)",
        [-0.6778011938374184, -0.22270258921047847, 0.42839235504666845, 0.7969082124228322]
      ),
      (
        "sinh(x)",
        [-0.7585837018395335, -0.201336002541094, 0.4107523258028155, 1.0265167257081753]
      ),
      ("cosh(x)", [1.255169005630943, 1.020066755619076, 1.0810723718384547, 1.4330863854487743]),
      (
        "asin(x)",
        [-0.775397496610753, -0.2013579207903308, 0.41151684606748806, 1.1197695149986342]
      ),
      (
        "arccos(x)",
        [2.34619382340565, 1.7721542475852274, 1.1592794807274087, 0.45102681179626236]
      ),
      (
        "atan(x)",
        [-0.6107259643892086, -0.19739555984988078, 0.3805063771123649, 0.7328151017865066]
      ),
      ("log2([8, 0.5])", [3, -1]), ("sign([-2, 0, 3])", [-1, 0, 1]),
      ("floor([-0.5, 1.5])", [-1, 1]), ("ceil([-0.5, 1.5])", [0, 2]), ("round(-2.5)", [-3]),
      ("mod([-7, 7, -7, 7, 5.5, -0.5], [3, -3, -3, 3, 2, 1])", [2, -2, -1, 1, 1.5, 0.5]),
      ("mod(-1, inf)", [.infinity]), ("mod([1, 2; 3, 4], [2, 3])", [1, 2, 1, 1]),
      ("std(X)", [2.4267032964268394]),
      ("std(X, axis = 1)", [0.82915619758885, 1.920286436967152, 2.0615528128088303]),
      (
        "std(X, axis = 2)",
        [1.247219128924647, 3.265986323710904, 1.699673171197595, 2.0548046676563256]
      ),
      ("var(X)", [5.888888888888889]), ("var(X, axis = 1)", [0.6875, 3.6875, 4.25]),
      ("std(X, sample = true)", [2.534608929251695]),
      (
        "var(X, axis = 1, sample = true)",
        [0.9166666666666666, 4.916666666666667, 5.666666666666667]
      ),
      (
        "std(X, axis = 2, sample = true)",
        [1.5275252316519465, 4.0, 2.0816659994661326, 2.516611478423583]
      ),
      ("median(X)", [4.5]), ("median(X, axis = 1)", [2.5, 5, 6.5]), ("median([3, 1, 2])", [2]),
      ("sort(X)", [1, 3, 4, 1, 5, 9, 2, 5, 6, 3, 5, 8]),
      ("sort(X, axis = 1)", [1, 1, 4, 2, 5, 5, 3, 5, 8, 3, 6, 9]),
      ("sort([2, nan, 1])", [1, 2, .nan]), ("sort([1, 3, 2], descending = true)", [3, 2, 1]),
      ("unique(X)", [1, 2, 3, 4, 5, 6, 8, 9]), ("unique([nan, 1, nan])", [1, .nan]),
      ("count(X > 4)", [6]), ("count(X > 4, axis = 1)", [0, 3, 3]), ("count([])", [0]),
      ("where(X > 4, X, 0)", [0, 0, 0, 0, 5, 9, 0, 6, 5, 0, 5, 8]),
      ("where([1, -1] > 0, [1, nan], [inf, 4])", [1, 4]), ("where(2 > 1, 5, 6)", [5]),
      ("where(X > 5)", [2, 3, 3, 2, 4, 3]), ("where([0, 1, 1])", [2, 3]),
      ("var(zeros(2, 3, 4) + [1, 2, 3, 4], axis = 3)", [1.25, 1.25, 1.25, 1.25, 1.25, 1.25]),
      ("one_hot(2, 3)", [0, 1, 0]), ("standardize([1; 2; 3], sample = true)", [-1, 0, 1]),
    ] as [(String, [Double])])
  func values(_ expression: String, _ values: [Double]) throws {
    #expect(near(try notebook.numbers(expression), values, 4e-16), "\(expression)")
  }

  @Test(
    "mistakes",
    arguments: [
      ("asin(2)", "DomainError", "asin of 2 is not a real number", "-1 <= x <= 1"),
      ("acos([0, -1.5])", "DomainError", "acos of -1.5", "entry [2]"),
      ("log2(-1)", "DomainError", "log2 of -1", "x >= 0"),
      ("std([])", "ValueError", "std needs at least one number", ""),
      ("var(ones(0, 2), axis = 1)", "ValueError", "var needs", ""),
      ("median([])", "ValueError", "median needs", ""),
      ("std([1, 2], axis = 1)", "ValueError", "axis belongs to a matrix, but std", ""),
      ("sort([1, 2], axis = 1)", "ValueError", "axis belongs to a matrix, but sort", ""),
      ("sort(ones(2, 2), axis = 3)", "ValueError", "axis is 1 (down the columns)", ""),
      ("where([1, 0], 1)", "TypeError", "where needs b", ""),
      ("where([1, 0], [1, 2, 3], 0)", "ShapeError", "where", "vector of 3"),
      ("mod([1, 2], [1, 2, 3])", "ShapeError", "mod", ""),
      ("mod(1)", "TypeError", "mod needs y", ""),
      (
        "f(x) = x*floor(x); ∂f/∂x", "GradientError", "floor has no usable derivative",
        "leave floor out"
      ),
      ("f(x: vector) = sum(sort(x)); ∂f/∂x", "GradientError", "sort has no derivative", ""),
      ("f(x: vector) = sum(x)/count(x > 0); ∂f/∂x", "GradientError", "count has no derivative", ""),
      ("f(x: vector) = sum(unique(x)); ∂f/∂x", "GradientError", "unique has no derivative", ""),
    ])
  func mistakes(_ source: String, _ name: String, _ message: String, _ part: String) throws {
    let error = try notebook.error(source)
    #expect(error.name == name, "\(error.plainText)")
    #expect(error.message.contains(message), "\(error.plainText)")
    #expect(error.plainText.contains(part), "\(error.plainText)")
  }

  @Test("why a number is nan")
  func notes() throws {
    #expect(notebook.run("mod(3, 0)").texts[0] == "nan\nnote: mod(x, 0) is nan: division by 0")
    #expect(
      notebook.run("var([1], sample = true)").texts[0]
        == "nan\nnote: the var is nan: a sample of one number has none")
  }

  @Test(
    "derivatives as formulas",
    arguments: [
      ("f(x) = erf(2x)", "∂f/∂x", "4*exp(-4*x^2)/sqrt(pi)"),
      ("f(x) = log2(x)", "∂f/∂x", "1/(x*ln(2))"),
      ("f(x) = asin(x)", "∂f/∂x", "1/sqrt(1 - x^2)"),
      ("f(x) = acos(x)", "∂f/∂x", "-1/sqrt(1 - x^2)"),
      ("f(x) = atan(x)", "f''", "-2*x/(x^2 + 1)^2"),
      ("f(x) = sinh(x)", "f''", "sinh(x)"),
      ("f(x) = abs(x)", "∂f/∂x", "sign(x)"),
      ("f(x) = x*sign(x)", "∂f/∂x", "sign(x)"),
      ("f(x) = mod(x^2, 3)", "∂f/∂x", "2*x"),
      ("f(x: vector(n)) = sum(where(x > 0, x^2, -x))", "∂f/∂x", "where(x > 0, 2*x, -1)'"),
    ])
  func formulas(_ definition: String, _ derivative: String, _ text: String) throws {
    notebook.run(definition)
    #expect(
      try notebook.text(derivative).split(separator: "\n").first.map(String.init) == text)
  }

  @Test("derivatives at points")
  func slopes() throws {
    notebook.run(
      """
      s(v: vector) = std(v)
      u(v: vector) = var(v, sample = true)
      t(A: matrix) = sum(std(A, axis = 1)^3)
      v = [1, -2, 3.5, 0.25]
      """)
    #expect(
      near(
        try notebook.numbers("(∂s/∂v)(v)"),
        [0.03978793837995189, -0.3421762700675863, 0.35809144541956706, -0.05570311373193265],
        1e-14))
    #expect(
      near(
        try notebook.numbers("(∂u/∂v)(v)"),
        [0.20833333333333331, -1.7916666666666665, 1.875, -0.29166666666666663], 1e-14))
    #expect(
      near(
        try notebook.numbers("(∂t/∂A)(X)"),
        [
          0.46640036114372807, -4.6806981901074325, -3.8654115240165563, -0.7773339352395469,
          1.080161120794023, 3.8654115240165563, -0.15546678704790937, 2.520375948519387,
          -2.319246914409934, 0.46640036114372807, 1.080161120794023, 2.319246914409934,
        ], 1e-13))
    for check in ["gradcheck(s, v = v)", "gradcheck(u, v = v)", "gradcheck(t, A = X)"] {
      #expect(try notebook.number("\(check).holds") == 1, "\(check)")
    }
  }

  @Test("formulas of them are written as they are typed")
  func typesetting() throws {
    notebook.run("f(x: vector) = std(x)*var(x) + sum(mod(x, 2)*floor(x)*asin(x)^2)")
    #expect(
      try notebook.text("f")
        == "f(x: vector) = std(x)*var(x) + sum(mod(x, 2)*floor(x)*asin(x)^2)")
    notebook.run("symbols x: vector(n)")
    let latex = notebook.run("print(latex(std(x)*var(x) + sum(mod(x, 2)*floor(x)*asin(x)^2)))")
      .stream(.stdout)
    for part in [
      #"\operatorname{std}"#, #"\operatorname{mod}\left(\mathbf{x}, 2\right)"#,
      #"\left\lfloor \mathbf{x} \right\rfloor"#, #"\arcsin^{2}"#,
    ] { #expect(latex.contains(part), "\(latex)") }
  }

  @Test("explain says why")
  func explanations() throws {
    notebook.run("f(x: vector) = var(x); g(x) = erf(x)")
    #expect(try notebook.text("explain ∂f/∂x").contains("# variance; "))
    #expect(try notebook.text("explain ∂g/∂x").contains("error function"))
  }
}
