import Testing

@Suite("Linear algebra in the language")
struct LinearAlgebraTests {
  @Test(
    "values",
    arguments: [
      ("det([2, 1; 1, 3])", [5.0]), ("det([1, 2; 2, 4])", [0]), ("trace([1, 2; 3, 4])", [5]),
      ("tr([1, 2; 3, 4])", [5]), ("inv([2, 1; 1, 1])", [1, -1, -1, 2]),
      ("solve([2, 1; 1, 1], [3, 2])", [1, 1]),
      ("solve([2, 1; 1, 1], [3, 1; 2, 0])", [1, 1, 1, -1]), ("rank([1, 2; 2, 4])", [1]),
      ("rank([1, 2; 3, 4; 5, 6])", [2]), ("pinv([3, 0; 0, 4; 0, 0]) @ [3, 4, 9]", [1, 1]),
    ])
  func values(source: String, expected: [Double]) throws {
    #expect(near(try Notebook().numbers(source), expected, 1e-12))
  }

  @Test(
    "what is refused",
    arguments: [
      ("det(3)", "det needs a square matrix, not a number"),
      ("det([1, 2; 3, 4; 5, 6])", "det needs a square matrix, not a 3×2 matrix"),
      ("trace([1, 2])", "trace needs a square matrix, not a vector of 2"),
      ("inv([1, 2; 2, 4])", "inv of a singular matrix: its columns depend on each other"),
      (
        "solve([1, 2; 2, 4], [1, 2])",
        "solve of a singular matrix: its columns depend on each other"
      ),
      (
        "solve([2, 1; 1, 1], [1, 2, 3])",
        "solve needs a vector of 2 or a matrix of 2 rows, not a vector of 3"
      ),
      ("solve([1, 2; 3, 4; 5, 6], [1, 2, 3])", "solve needs a square matrix, not a 3×2 matrix"),
      ("pinv([1, 2])", "pinv needs a matrix, not a vector of 2"),
      ("f(X: matrix(m, n)) = det(X)\n∂f/∂X", "det is given m×n, but needs a square matrix"),
      ("f(X: matrix) = det(X)\nf([1, 2, 3; 4, 5, 6])", "det needs a square matrix"),
      ("f(X: matrix(n, n)) = rank(X)\n∂f/∂X", "rank has no derivative"),
      (
        "f(X: matrix(n, n)) = sum(inv(X))\n(∂f/∂X)([1, 2; 2, 4])",
        "inv of a singular matrix: its columns depend on each other"
      ),
      (
        "f(A: symmetric(n)) = det(A)\nf([1, 2; 3, 4])",
        "A is symmetric, but this matrix is not"
      ),
      (
        "f(A: diagonal(n), x: vector(n)) = x' @ A @ x\n(∂f/∂x)([1, 2; 3, 4], [1, 2])",
        "A is diagonal, but this matrix is not"
      ),
      (
        "f(y: one_hot(k)) = sum(y)\nf([1, 1])", "y is one-hot, but its rows do not sum to 1"
      ),
      ("symbols A: symetric(n)", "`symetric` is not a kind of symbol"),
      ("symbols A: symmetric(m, n)", "a symmetric has one size"),
      ("symbols A: one_hot(a, b, c)", "a one_hot has one size or two"),
    ])
  func refusals(source: String, message: String) throws {
    #expect(try Notebook().error(source).message.contains(message))
  }

  @Test(
    "identities, as they are typed from a book",
    arguments: [
      ("X: matrix(n, n)", "det(X)", "X", "det(X)*inv(X)'"),
      ("X: matrix(n, n)", "det(X' @ X)", "X", "2*det(X' @ X)*inv(X)'"),
      ("X: matrix(m, n)", "ln(det(X' @ X))", "X", "2*pinv(X)'"),
      ("X: matrix(n, n)", "det(inv(X))", "X", "-det(inv(X))*inv(X)'"),
      (
        "X: matrix(n, n), A: matrix(n, n)", "tr(inv(X + A))", "X",
        "-(inv(X + A) @ inv(X + A))'"
      ),
      ("X: matrix(n, n)", "sum(diag(X @ X @ X @ X))", "X", "4*(X @ X @ X)'"),
      ("a, X: matrix(n, n)", "ln(det(a*X))", "X", "inv(X)'"),
      (
        "x, A: matrix(n, n), B: matrix(n, n)", "det(A + x*B)", "x",
        "det(A + x*B)*trace(inv(A + x*B) @ B)"
      ),
      (
        "x, A: matrix(n, n), C: matrix(n, n)", "sum(diag((A + x*C) @ (A + x*C)))", "x",
        "2*sum(diag((A + x*C) @ C))"
      ),
      (
        "S: matrix(n, n), x: vector(n)", "ln(det(S)) + x' @ inv(S) @ x", "S",
        "inv(S)' - inv(S)' @ x @ x' @ inv(S)'"
      ),
      ("x: vector(n), A: symmetric(n)", "x' @ A @ x", "x", "2x' @ A"),
      (
        "X: matrix(m, n), A: matrix(m, m)", "det(X' @ A @ X)", "X",
        "det(X' @ A @ X)*(A @ X @ inv(X' @ A @ X) + A' @ X @ inv(X' @ A' @ X))"
      ),
    ])
  func identities(head: String, body: String, variable: String, published: String) throws {
    Notebook("f(\(head)) = \(body)").run("check(∂f/∂\(variable), \(published))")
  }

  @Test("functions of matrices are checked at a point, by their parameters in turn")
  func pointwise() throws {
    let notebook = Notebook(
      """
      A = [4, 1, 0; 2, 5, 1; 0, 1, 3]
      b = [1, 2, 3]
      s(A: matrix(n, n), b: vector(n)) = solve(A, b)
      q(S: symmetric(n), x: vector(n)) = { P = inv(S); x' @ P @ x + ln(det(S)) }
      d(A: matrix(n, n)) = trace(A @ A)*det(A)
      """)
    for call in ["s, A = A, b = b", "q, S = (A + A')/2, x = b", "d, A = A"] {
      #expect(try notebook.text("gradcheck(\(call)).holds") == "true")
    }
    #expect(try notebook.text("∂s/∂b").hasPrefix("inv(A)\n"))
    #expect(try notebook.text("hessian(q, x)").hasPrefix("2*inv(S)\n"))
    #expect(near(try notebook.numbers("s(A, b)"), try notebook.numbers("inv(A) @ b"), 1e-14))
  }

  @Test("a derivation says what changes in each part, and why")
  func derivations() throws {
    let notebook = Notebook(
      """
      g(S: matrix(n, n), x: vector(n)) = ln(det(S)) + x' @ inv(S) @ x
      h(x, A: matrix(n, n), B: matrix(n, n)) = det(A + x*B)
      """)
    let text = try notebook.text("explain ∂g/∂S")
    #expect(text.contains("d(det(S)) = det(S)*trace(inv(S) @ dS)"))
    #expect(text.contains("determinant (Jacobi)"))
    #expect(text.contains("d(inv(S)) = -inv(S) @ dS @ inv(S)"))
    #expect(text.contains("∂g/∂S = inv(S)' - inv(S)' @ x @ x' @ inv(S)'"))
    let other = try notebook.text("explain ∂h/∂x")
    #expect(other.contains("∂h/∂x = det(x*B + A)*trace(inv(x*B + A) @ B)"))
    let rules = try notebook.bundle("explain ∂g/∂S").data["text/latex"]?.stringValue ?? ""
    #expect(rules.contains("S^{-1}"))
  }

  @Test("what structure was used is said, and kinds are shown as declared")
  func structure() throws {
    let notebook = Notebook("f(x: vector(n), A: symmetric(n)) = x' @ A @ x")
    #expect(
      try notebook.text("∂f/∂x") == """
        2*x' @ A
        # 1×n, of x: vector(n); A: symmetric(n)
        # of a number by a vector: a row; A is symmetric, A' = A
        """)
    #expect(
      try notebook.text("∂f/∂A").contains(
        "A is symmetric, but its entries count as independent here"))
    notebook.run("symbols T: triangular(n), D: diagonal(n), Y: one_hot(N, k), Z: matrix(N, k)")
    #expect(try notebook.text("trace(inv(T))").hasPrefix("sum(1/diag(T))\n"))
    #expect(try notebook.text("∂(-sum(Y*ln(softmax(Z))))/∂Z").hasPrefix("softmax(Z) - Y\n"))
    #expect(try notebook.text("D").hasPrefix("D\n# a symbol: diagonal(n)"))
    #expect(try notebook.text("∂(D @ inv(D))/∂D").hasPrefix("[[[["))
  }

  @Test(
    "LaTeX",
    arguments: [
      ("inv(X)'", #"X^{-\top}"#), ("ln(det(X))", #"\det\left(X\right)"#),
      ("trace(X @ X)", #"\operatorname{tr}\left(X X\right)"#), ("inv(X + X')", #"^{-1}"#),
      ("pinv(X)", "X^{+}"),
    ])
  func latex(source: String, expected: String) throws {
    let notebook = Notebook("symbols X: matrix(n, n)")
    #expect(try notebook.bundle(source).data["text/latex"]?.stringValue?.contains(expected) == true)
  }
}
