import Display
import Session
import Testing

/// Derivatives of slices, stacks, products of arrays and matrix forms of networks: as books print them, and against
/// finite differences.
@Suite("Shapes in the calculus")
struct ShapeCalculusTests {
  /// The formula of ∂f/∂x, and the largest relative error of all derivatives of f at a point.
  private func derivative(_ definition: String, by variable: String) throws -> String {
    let notebook = Notebook(definition)
    let name = String(definition.prefix { $0 != "(" })
    let point = try SamplePoint(definition).text
    #expect(try notebook.numbers("gradcheck(\(name), \(point)).worst")[0] < 1e-6)
    return try notebook.text("∂\(name)/∂\(variable)").split(separator: "\n")
      .prefix { !$0.hasPrefix("#") }.joined(separator: "\n")
  }

  @Test(
    "of slices, entries and sums",
    arguments: [
      ("x", "f(x: vector(n)) = sum(x[2:4]^2)", "2*x[2:4]' @ eye(n)[2:4, :]"),
      ("x", "f(x: vector(5)) = sum(x[2:4]^2)", "[0, 2*x[2], 2*x[3], 2*x[4], 0]'"),
      (
        "x",
        "f(x: vector(n)) = sum((x[2:n] - x[1:n-1])^2)",
        "2*(x[2:n] - x[1:n - 1])' @ eye(n)[2:n, :] + 2*(x[1:n - 1] - x[2:n])' @ eye(n)[1:n - 1, :]"
      ),
      ("x", "f(x: vector(n)) = x[1]^2*x[3]", "(x[1]^2*one_hot(3, n) + 2*x[1]*x[3]*one_hot(1, n))'"),
      ("x", "f(x: vector(3)) = x[1]^2*x[3] + x[2]", "[2*x[1]*x[3], 1, x[1]^2]'"),
      ("x", "f(x: vector(n)) = x[2:n]", "eye(n)[2:n, :]"),
      ("x", "f(x: vector(n)) = sum(exp(x[1:2]))", "exp(x[1:2])' @ eye(n)[1:2, :]"),
      ("x", "f(x: vector(n), w: vector(2)) = w · x[1:2]", "w' @ eye(n)[1:2, :]"),
      ("x", "f(x: vector(n), A: matrix(m, 3)) = A @ x[2:4]", "A @ eye(n)[2:4, :]"),
      ("x", "f(x: vector(4)) = x[[1, 3]]", "[1, 0, 0, 0; 0, 0, 1, 0]"),
      ("x", "f(x: vector(n)) = norm(x[1:3])^2", "2*x[1:3]' @ eye(n)[1:3, :]"),
      ("X", "f(X: matrix(3, 3)) = sum(X[1:2, :])", "[1, 1, 1; 1, 1, 1; 0, 0, 0]"),
      ("X", "f(X: matrix(m, n)) = sum(X[1:2, :]^2)", "2*eye(m)[1:2, :]' @ X[1:2, :]"),
      ("X", "f(X: matrix(m, n)) = sum(X[:, 2]^2)", "2*X[:, 2] @ one_hot(2, n)'"),
      ("X", "f(X: matrix(m, n)) = sum(X[:, 2])", "ones(m) @ one_hot(2, n)'"),
      ("X", "f(X: matrix(m, n)) = sum(X[1, :]^3)", "3*one_hot(1, m) @ (X[1, :]^2)'"),
      ("X", "f(X: matrix(m, n)) = X[2, 3]^2", "2*X[2, 3]*one_hot(2, m) @ one_hot(3, n)'"),
      (
        "X",
        "f(X: matrix(2, 2)) = X[1, 1]*X[2, 2] - X[1, 2]*X[2, 1]",
        "[X[2, 2], -X[2, 1]; -X[1, 2], X[1, 1]]"
      ),
      (
        "X",
        "f(X: matrix(2, 3)) = sum(X[:, 2:3]^2)",
        "[0, 2*X[1, 2], 2*X[1, 3]; 0, 2*X[2, 2], 2*X[2, 3]]"
      ),
      (
        "X",
        "f(X: matrix(m, n)) = norm(X[2:3, 1:2])^2",
        "2*eye(m)[2:3, :]' @ X[2:3, 1:2] @ eye(n)[1:2, :]"
      ),
      ("X", "f(X: matrix(m, n), a: vector(m)) = a · X[:, 1]", "a @ one_hot(1, n)'"),
      ("a", "f(X: matrix(m, n), a: vector(m)) = a · X[:, 1]", "X[:, 1]'"),
      (
        "X",
        "f(X: matrix(3, 2)) = sum(X[[1, 3], :]^2)",
        "[2*X[1, 1], 2*X[1, 2]; 0, 0; 2*X[3, 1], 2*X[3, 2]]"
      ),
      (
        "X",
        "f(X: matrix(m, n), W: matrix(n, n)) = sum(X[1, :] @ W)",
        "one_hot(1, m) @ ones(n)' @ W'"
      ),
      ("z", "f(X: matrix(m, n), z) = z*sum(X)", "sum(X)"),
      ("X", "f(X: matrix(m, n)) = sum(X)^2", "2*sum(X)*ones(m, n)"),
      (
        "X",
        "f(X: matrix(m, n)) = sum(sum(sum(sum(X[k,l]*X[p,q] for q in 1:n) for p in 1:m) for l in 1:n) for k in 1:m)",
        "2*sum(X)*ones(m, n)"
      ),
      ("X", "f(X: matrix(m, n), w: vector(n), z) = sum(X @ w)*z", "z*ones(m) @ w'"),
      ("x", "f(x: vector(n), y: vector(n)) = ln(sum(exp(x))) - x · y", "(softmax(x) - y)'"),
      ("X", "f(X: matrix(m, n), Y: matrix(m, n)) = sum(max(0, X)*Y)", "Y*(X > 0)"),
      ("X", "f(X: matrix(m, n), M: matrix(m, n)) = norm(M*X)^2", "2*(M^2*X)"),
    ])
  func slices(variable: String, definition: String, expected: String) throws {
    #expect(try derivative(definition, by: variable) == expected)
  }

  @Test(
    "of stacks and reshapes",
    arguments: [
      ("x", "f(x: vector(n), w: vector(5)) = w · concat(1, x)", "w[2:5]'"),
      ("x", "f(x: vector(n)) = sum(concat(1, x, 2)^2)", "2*x'"),
      ("x", "f(x: vector(n), y: vector(m)) = norm(concat(x, y))^2", "2*x'"),
      ("y", "f(x: vector(n), y: vector(m)) = norm(concat(x, y))^2", "2*y'"),
      ("x", "f(x: vector(n)) = concat(x, x)", "eye(2*n)[1:n, :]' + eye(2*n)[n + 1:2*n, :]'"),
      ("x", "f(x: vector(n)) = concat(0, x^2)", "2*eye(n + 1)[2:n + 1, :]' @ diag(x)"),
      (
        "w",
        "f(w: vector(5), x: vector(4)) = sigmoid(w · concat(1, x))",
        "[sigmoid(w[2]*x[1] + w[3]*x[2] + w[4]*x[3] + w[5]*x[4] + w[1])*(1 - sigmoid(w[2]*x[1] + w[3]*x[2] + w[4]*x[3] + w[5]*x[4] + w[1])), x[1]*sigmoid(w[2]*x[1] + w[3]*x[2] + w[4]*x[3] + w[5]*x[4] + w[1])*(1 - sigmoid(w[2]*x[1] + w[3]*x[2] + w[4]*x[3] + w[5]*x[4] + w[1])), x[2]*sigmoid(w[2]*x[1] + w[3]*x[2] + w[4]*x[3] + w[5]*x[4] + w[1])*(1 - sigmoid(w[2]*x[1] + w[3]*x[2] + w[4]*x[3] + w[5]*x[4] + w[1])), x[3]*sigmoid(w[2]*x[1] + w[3]*x[2] + w[4]*x[3] + w[5]*x[4] + w[1])*(1 - sigmoid(w[2]*x[1] + w[3]*x[2] + w[4]*x[3] + w[5]*x[4] + w[1])), x[4]*sigmoid(w[2]*x[1] + w[3]*x[2] + w[4]*x[3] + w[5]*x[4] + w[1])*(1 - sigmoid(w[2]*x[1] + w[3]*x[2] + w[4]*x[3] + w[5]*x[4] + w[1]))]'"
      ),
      ("X", "f(X: matrix(m, n), Y: matrix(k, n)) = norm(vstack(X, Y))^2", "2*X"),
      ("Y", "f(X: matrix(m, n), Y: matrix(k, n)) = norm(vstack(X, Y))^2", "2*Y"),
      (
        "w",
        "f(w: vector(5), X: matrix(m, 4), y: vector(m)) = norm(hstack(ones(m), X) @ w - y)^2",
        "2*(hstack(ones(m), X) @ w - y)' @ hstack(ones(m), X)"
      ),
      (
        "w",
        "f(w: vector(5), X: matrix(m, 4), y: vector(m)) = mean((hstack(ones(m), X) @ w - y)^2)",
        "2/m*(hstack(ones(m), X) @ w - y)' @ hstack(ones(m), X)"
      ),
      (
        "X",
        "f(w: vector(5), X: matrix(m, 4), y: vector(m)) = norm(hstack(ones(m), X) @ w - y)^2",
        "2*(X @ w[2:5] + w[1] - y) @ w[2:5]'"
      ),
      ("a", "f(a: vector(n), b: vector(n)) = sum(hstack(a, b)^2)", "2*a'"),
      ("b", "f(a: vector(n), b: vector(n)) = sum(vstack(a, b)^3)", "3*(b^2)'"),
      ("A", "f(A: matrix(m, n), B: matrix(m, k), C: matrix) = sum(C*hstack(A, B))", "C[:, 1:n]"),
      ("x", "f(x: vector(6), A: matrix(2, 3)) = sum(A*reshape(x, 2, 3))", "flatten(A)'"),
      ("x", "f(x: vector(6)) = norm(reshape(x, 2, 3))^2", "2*x'"),
      (
        "x",
        "f(x: vector(6)) = reshape(x, 2, 3)",
        "[[[k == (i - 1)*3 + j for k in 1:6] for j in 1:3] for i in 1:2]"
      ),
      ("X", "f(X: matrix(m, n), a: vector) = a · flatten(X)", "reshape(a, m, n)"),
      ("a", "f(X: matrix(m, n), a: vector) = a · flatten(X)", "flatten(X)'"),
      ("X", "f(X: matrix(m, n)) = norm(flatten(X))^2", "2*X"),
      (
        "X",
        "f(X: matrix(2, 3), W: matrix(2, 6)) = W @ flatten(X)",
        "[[[W[i, (j - 1)*3 + k] for k in 1:3] for j in 1:2] for i in 1:2]"
      ),
      ("X", "f(X: matrix(m, n)) = sum(flatten(X)^3)", "3*X^2"),
    ])
  func stacks(variable: String, definition: String, expected: String) throws {
    #expect(try derivative(definition, by: variable) == expected)
  }

  @Test(
    "of products of arrays, running sums",
    arguments: [
      ("x", "f(x, A: matrix(2, 2), B: matrix(2, 2)) = kron(x*A, x*B)", "2*x*kron(A, B)"),
      ("x", "f(x, A: matrix(p, q), B: matrix(r, s)) = kron(x^2*A, B)", "2*x*kron(A, B)"),
      ("X", "f(X: matrix(n, n)) = sum(diag(kron(X, X)))", "2*trace(X)*eye(n)"),
      ("A", "f(A: matrix(p, q), B: matrix(r, s)) = sum(kron(A, B))", "sum(B)*ones(p, q)"),
      ("A", "f(A: matrix(p, q), B: matrix(r, s)) = norm(kron(A, B))^2", "2*norm(B)^2*A"),
      ("a", "f(a: vector(n), b: vector(m)) = sum(kron(a, b))", "sum(b)*ones(n)'"),
      ("a", "f(a: vector(n), b: vector(m)) = sum(kron(a, b)^2)", "2*norm(b)^2*a'"),
      (
        "v",
        "f(A: matrix(p, q), B: matrix(r, s), v: vector) = norm(kron(A, B) @ v)^2",
        "2*(kron(A, B) @ v)' @ kron(A, B)"
      ),
      ("a", "f(a: vector(m), b: vector(n)) = sum(outer(a, b)^2)", "2*norm(b)^2*a'"),
      ("W", "f(a: vector(m), b: vector(n), W: matrix(m, n)) = sum(W*outer(a, b))", "a @ b'"),
      ("a", "f(a: vector(m), b: vector(n), W: matrix(m, n)) = sum(W*outer(a, b))", "(W @ b)'"),
      ("b", "f(a: vector(m), b: vector(n)) = outer(a, b) @ b", "2*a @ b'"),
      ("x", "f(x, a: vector(3), b: vector(3)) = cross(x*a, x^2*b)", "3*x^2*cross(a, b)"),
      (
        "a",
        "f(a: vector(3), b: vector(3)) = cross(a, b)",
        "[0, b[3], -b[2]; -b[3], 0, b[1]; b[2], -b[1], 0]"
      ),
      (
        "b",
        "f(a: vector(3), b: vector(3)) = cross(a, b)",
        "[0, -a[3], a[2]; a[3], 0, -a[1]; -a[2], a[1], 0]"
      ),
      ("a", "f(a: vector(3), b: vector(3), c: vector(3)) = a · cross(b, c)", "cross(b, c)'"),
      ("b", "f(a: vector(3), b: vector(3), c: vector(3)) = a · cross(b, c)", "cross(c, a)'"),
      ("c", "f(a: vector(3), b: vector(3), c: vector(3)) = a · cross(b, c)", "cross(a, b)'"),
      ("a", "f(a: vector(3), b: vector(3)) = norm(cross(a, b))^2", "2*cross(cross(b, a), b)'"),
      ("x", "f(x: vector(n)) = cumsum(x)", "cumsum(eye(n), axis = 1)"),
      ("x", "f(x: vector(n), y: vector(n)) = y · cumsum(x)", "y' @ cumsum(eye(n), axis = 1)"),
      (
        "x",
        "f(x: vector(n)) = norm(cumsum(x))^2",
        "2*(cumsum(eye(n), axis = 1) @ x)' @ cumsum(eye(n), axis = 1)"
      ),
      (
        "X",
        "f(X: matrix(m, n), Y: matrix(m, n)) = sum(Y*cumsum(X, axis = 1))",
        "cumsum(eye(m), axis = 1)' @ Y"
      ),
      (
        "X",
        "f(X: matrix(m, n), Y: matrix(m, n)) = sum(Y*cumsum(X, axis = 2))",
        "Y @ cumsum(eye(n), axis = 1)"
      ),
      ("x", "f(x: vector(n)) = prod(x)", "prod(where(eye(n), 1, x), axis = 2)'"),
      ("x", "f(x: vector(3)) = prod(x)", "[x[2]*x[3], x[1]*x[3], x[1]*x[2]]'"),
      ("x", "f(x: vector(3)) = ln(prod(x))", "[1/x[1], 1/x[2], 1/x[3]]'"),
      ("x", "f(x: vector(n)) = prod(x^2)", "2*(x*prod(where(eye(n), 1, x^2), axis = 2))'"),
      ("x", "f(x, a: vector(3)) = prod(x*a)", "3*x^2*a[1]*a[2]*a[3]"),
      (
        "X",
        "f(X: matrix(2, 2)) = prod(X)",
        "[X[1, 2]*X[2, 1]*X[2, 2], X[1, 1]*X[2, 1]*X[2, 2]; X[1, 1]*X[1, 2]*X[2, 2], X[1, 1]*X[1, 2]*X[2, 1]]"
      ),
      (
        "a",
        "f(x, a: vector(3), b: vector(3)) = cross(x*a, x^2*b)",
        "x^3*[0, b[3], -b[2]; -b[3], 0, b[1]; b[2], -b[1], 0]"
      ),
    ])
  func products(variable: String, definition: String, expected: String) throws {
    #expect(try derivative(definition, by: variable) == expected)
  }

  @Test(
    "of layers of networks in matrix form",
    arguments: [
      (
        "W",
        "C(W: matrix(n, k), X: matrix(m, n), Y: matrix(m, k)) = -mean(Y*ln(sigmoid(X @ W)) + (1 - Y)*ln(1 - sigmoid(X @ W)))",
        "(X' @ (sigmoid(X @ W) - Y))/(k*m)"
      ),
      (
        "W",
        "C(W: matrix(n, k), X: matrix(m, n), Y: matrix(m, k)) = -sum(Y*ln(sigmoid(X @ W)) + (1 - Y)*ln(1 - sigmoid(X @ W)))/m",
        "(X' @ (sigmoid(X @ W) - Y))/m"
      ),
      (
        "X",
        "C(W: matrix(n, k), X: matrix(m, n), Y: matrix(m, k)) = -mean(Y*ln(sigmoid(X @ W)) + (1 - Y)*ln(1 - sigmoid(X @ W)))",
        "((sigmoid(X @ W) - Y) @ W')/(k*m)"
      ),
      (
        "b",
        "C(W: matrix(n, k), X: matrix(m, n), Y: matrix(m, k), b: vector(k)) = -mean(Y*ln(sigmoid(X @ W + b)) + (1 - Y)*ln(1 - sigmoid(X @ W + b)))",
        "(ones(m)' @ (sigmoid(X @ W + b) - Y))/(k*m)"
      ),
      (
        "W",
        "L(W: matrix(n, k), X: matrix(m, n), Y: matrix(m, k), b: vector(k), N, r) = -sum(Y*ln(softmax(X @ W + b)))/N + r/2*sum(W*W)",
        "r*W + (X' @ (column(sum(Y, axis = 2))*softmax(X @ W + b) - Y))/N"
      ),
      (
        "b",
        "L(W: matrix(n, k), X: matrix(m, n), Y: matrix(m, k), b: vector(k), N, r) = -sum(Y*ln(softmax(X @ W + b)))/N + r/2*sum(W*W)",
        "(ones(m)' @ (column(sum(Y, axis = 2))*softmax(X @ W + b) - Y))/N"
      ),
      (
        "X",
        "L(W: matrix(n, k), X: matrix(m, n), Y: matrix(m, k), b: vector(k), N, r) = -sum(Y*ln(softmax(X @ W + b)))/N + r/2*sum(W*W)",
        "((column(sum(Y, axis = 2))*softmax(X @ W + b) - Y) @ W')/N"
      ),
      (
        "W",
        "f(X: matrix(m, n), W: matrix(n, h), V: matrix(h, k), Y: matrix(m, k)) = -sum(Y*ln(softmax(X @ W @ V)))",
        "X' @ (column(sum(Y, axis = 2))*softmax(X @ W @ V) - Y) @ V'"
      ),
      (
        "V",
        "f(X: matrix(m, n), W: matrix(n, h), V: matrix(h, k), Y: matrix(m, k)) = -sum(Y*ln(softmax(X @ W @ V)))",
        "(X @ W)' @ (column(sum(Y, axis = 2))*softmax(X @ W @ V) - Y)"
      ),
      (
        "W",
        "f(x: vector(d), W: matrix(h, d), b: vector(h), U: matrix(k, h), c: vector(k), y: vector(k)) = -sum(y*ln(softmax(U @ max(0, W @ x + b) + c)))",
        "((U' @ (sum(y)*softmax(U @ max(0, W @ x + b) + c) - y))*(W @ x + b > 0)) @ x'"
      ),
      (
        "b",
        "f(x: vector(d), W: matrix(h, d), b: vector(h), U: matrix(k, h), c: vector(k), y: vector(k)) = -sum(y*ln(softmax(U @ max(0, W @ x + b) + c)))",
        "((U' @ (sum(y)*softmax(U @ max(0, W @ x + b) + c) - y))*(W @ x + b > 0))'"
      ),
      (
        "U",
        "f(x: vector(d), W: matrix(h, d), b: vector(h), U: matrix(k, h), c: vector(k), y: vector(k)) = -sum(y*ln(softmax(U @ max(0, W @ x + b) + c)))",
        "(sum(y)*softmax(U @ max(0, W @ x + b) + c) - y) @ max(0, W @ x + b)'"
      ),
      (
        "c",
        "f(x: vector(d), W: matrix(h, d), b: vector(h), U: matrix(k, h), c: vector(k), y: vector(k)) = -sum(y*ln(softmax(U @ max(0, W @ x + b) + c)))",
        "(sum(y)*softmax(U @ max(0, W @ x + b) + c) - y)'"
      ),
      (
        "x",
        "f(x: vector(d), W: matrix(h, d), b: vector(h), U: matrix(k, h), c: vector(k), y: vector(k)) = -sum(y*ln(softmax(U @ max(0, W @ x + b) + c)))",
        "((W @ x + b > 0)*(U' @ (sum(y)*softmax(U @ max(0, W @ x + b) + c) - y)))' @ W"
      ),
      (
        "W",
        "L(X: matrix(m, d), W: matrix(d, h), b: vector(h), V: matrix(h, k), c: vector(k), Y: matrix(m, k)) = -sum(Y*ln(softmax(max(0, X @ W + b) @ V + c)))/m",
        "(X' @ (((column(sum(Y, axis = 2))*softmax(max(0, X @ W + b) @ V + c) - Y) @ V')*(X @ W + b > 0)))/m"
      ),
      (
        "b",
        "L(X: matrix(m, d), W: matrix(d, h), b: vector(h), V: matrix(h, k), c: vector(k), Y: matrix(m, k)) = -sum(Y*ln(softmax(max(0, X @ W + b) @ V + c)))/m",
        "(ones(m)' @ (((column(sum(Y, axis = 2))*softmax(max(0, X @ W + b) @ V + c) - Y) @ V')*(X @ W + b > 0)))/m"
      ),
      (
        "V",
        "L(X: matrix(m, d), W: matrix(d, h), b: vector(h), V: matrix(h, k), c: vector(k), Y: matrix(m, k)) = -sum(Y*ln(softmax(max(0, X @ W + b) @ V + c)))/m",
        "(max(0, X @ W + b)' @ (column(sum(Y, axis = 2))*softmax(max(0, X @ W + b) @ V + c) - Y))/m"
      ),
      (
        "c",
        "L(X: matrix(m, d), W: matrix(d, h), b: vector(h), V: matrix(h, k), c: vector(k), Y: matrix(m, k)) = -sum(Y*ln(softmax(max(0, X @ W + b) @ V + c)))/m",
        "(ones(m)' @ (column(sum(Y, axis = 2))*softmax(max(0, X @ W + b) @ V + c) - Y))/m"
      ),
      (
        "W",
        "L(X: matrix(m, d), W: matrix(d, h), V: matrix(h, k), Y: matrix(m, k)) = -sum(Y*ln(softmax(tanh(X @ W) @ V)))/m",
        "(X' @ ((1 - tanh(X @ W)^2)*((column(sum(Y, axis = 2))*softmax(tanh(X @ W) @ V) - Y) @ V')))/m"
      ),
      (
        "V",
        "A(Q: matrix(t, k), K: matrix(t, k), V: matrix(t, d)) = sum(softmax(Q @ K' / sqrt(k)) @ V)",
        "softmax((Q @ K')/sqrt(k))' @ ones(t, d)"
      ),
      (
        "Q",
        "A(Q: matrix(t, k), K: matrix(t, k), G: matrix(t, t)) = sum(G*softmax(Q @ K'))",
        "(softmax(Q @ K')*(G - column(sum(G*softmax(Q @ K'), axis = 2)))) @ K"
      ),
      (
        "g",
        "N(x: vector(n), g: vector(n)) = sum(g*(x - mean(x))/sqrt(mean((x - mean(x))^2) + 1))",
        "(x - mean(x))'/sqrt(norm(x - mean(x))^2/n + 1)"
      ),
      (
        "x",
        "N(x: vector(n), g: vector(n)) = sum(g*(x - mean(x))/sqrt(mean((x - mean(x))^2) + 1))",
        "((g - sum(g)/n)/sqrt(norm(x - mean(x))^2/n + 1) + (g · (x - mean(x)))/(n*(norm(x - mean(x))^2/n + 1)^(3/2))*(mean(x) - x))'"
      ),
      (
        "x",
        "N(x: vector(n)) = (x - mean(x))/norm(x - mean(x))",
        "eye(n)/norm(x - mean(x)) - ((x - mean(x)) @ (x - mean(x))')/norm(x - mean(x))^3 - ones(n, n)/(n*norm(x - mean(x)))"
      ),
      ("z", "f(X: matrix(m, n), z) = z*mean(X)", "mean(X)"),
      (
        "X",
        "f(X: matrix(m, n)) = sum(softmax(X)^2)",
        "2*(softmax(X)*(softmax(X) - column(sum(softmax(X)^2, axis = 2))))"
      ),
      (
        "X",
        "B(X: matrix(m, n), G: matrix(m, n)) = sum(G*(X - mean(X, axis = 1)))",
        "G - (ones(m) @ ones(m)' @ G)/m"
      ),
      (
        "X",
        "B(X: matrix(m, n), G: matrix(m, n)) = sum(G*(X - column(mean(X, axis = 2))))",
        "G - (G @ ones(n, n))/n"
      ),
      (
        "X",
        "B(X: matrix(m, n)) = mean((X - mean(X, axis = 1))^2)",
        "2/(m*n)*(X - mean(X, axis = 1))"
      ),
    ])
  func networks(variable: String, definition: String, expected: String) throws {
    #expect(try derivative(definition, by: variable) == expected)
  }

  @Test(
    "values of the functions that make arrays",
    arguments: [
      ("hstack(ones(2), [1, 2; 3, 4])", [1, 1, 2, 1, 3, 4]),
      ("vstack([1, 2], [3, 4; 5, 6])", [1, 2, 3, 4, 5, 6]),
      ("hstack([1, 2], [3, 4])", [1, 3, 2, 4]), ("vstack([1, 2], [3, 4])", [1, 2, 3, 4]),
      ("reshape(1:6, 3, 2)", [1, 2, 3, 4, 5, 6]), ("shape(reshape(1:6, 3, 2))", [3, 2]),
      ("reshape([1, 2; 3, 4], 4)", [1, 2, 3, 4]), ("flatten([1, 2; 3, 4])", [1, 2, 3, 4]),
      ("outer([1, 2], [3, 4, 5])", [3, 4, 5, 6, 8, 10]),
      ("cross([1, 0, 0], [0, 1, 0])", [0, 0, 1]),
      ("cross([1, 2, 3], [4, 5, 6])", [-3, 6, -3]), ("cumsum([1, 2, 3])", [1, 3, 6]),
      ("cumsum([1, 2; 3, 4], axis = 1)", [1, 2, 4, 6]),
      ("cumsum([1, 2; 3, 4], axis = 2)", [1, 3, 3, 7]), ("prod([2, 3, 4])", [24]),
      ("prod([1, 2; 3, 4], axis = 1)", [3, 8]), ("prod([1, 2; 3, 4], axis = 2)", [2, 12]),
      ("prod([0.5, 0.2, 0.1])", [0.01]), ("prod([])", [1]), ("flatten(5)", [5]),
    ])
  func values(source: String, expected: [Double]) throws {
    let values = try Notebook().numbers(source)
    #expect(values.count == expected.count)
    for (value, wanted) in zip(values, expected) { #expect(abs(value - wanted) < 1e-15) }
  }

  @Test(
    "what does not fit is refused by name",
    arguments: [
      ("cross([1, 2], [3, 4])", "ShapeError", "cross"),
      ("hstack(ones(2), ones(3, 3))", "ShapeError", "hstack"),
      ("vstack(ones(2), ones(3, 3))", "ShapeError", "vstack"),
      ("hstack(1, 2)", "ShapeError", "hstack"),
      ("reshape(1:6, 4, 2)", "ShapeError", "6 entries"),
      ("reshape(1:6, 2.5)", "ValueError", "whole"),
      ("cumsum([1, 2; 3, 4])", "ShapeError", "axis"),
      ("cumsum([1, 2], axis = 1)", "ShapeError", "axis"),
      ("outer([1, 2; 3, 4], [1])", "TypeError", "vector"),
      ("kron(ones(9000), ones(9000))", "LimitError", ""),
      ("f(x: vector(3)) = x[2:5]; ∂f/∂x", "ValueError", "5"),
      ("f(x: vector(n)) = sum(x[3:2]); ∂f/∂x", "TypeError", "empty"),
      ("f(x: vector(n)) = sum(x[2:9]); f([1, 2])", "ValueError", "out of range"),
      ("f(x: vector(n)) = sum(x[2:9]); (∂f/∂x)([1, 2])", "ValueError", "9"),
      ("f(X: matrix(m, n)) = cross(X, X); ∂f/∂X", "ShapeError", "cross"),
    ])
  func refusals(source: String, name: String, words: String) throws {
    let error = try Notebook().error(source)
    #expect(error.name == name)
    #expect(error.message.contains(words))
  }

  @Test("∇f is a step's direction: for a vector, for numbers, for a matrix")
  func descent() throws {
    let notebook = Notebook(
      "f(x: vector(2)) = 0.1x[1]^2 + 2x[2]^2; k(a, b) = a^2*b; h(W: matrix(m, n)) = sum(W^2)")
    notebook.run("x = [-5, -2]; p = [1, 2]; W = [1, 2; 3, 4]")
    #expect(try notebook.numbers("x - 0.4*(∇f)(x)") == [-4.6, -2 + 0.4 * 8])
    #expect(try notebook.numbers("x - 0.4*∇f(x)") == notebook.numbers("x - 0.4*gradient(f)(x)"))
    #expect(try notebook.numbers("p - 0.1*∇k(p)") == [1 - 0.1 * 4, 2 - 0.1])
    #expect(try notebook.numbers("∇k(1, 2)") == notebook.numbers("∇k(p)"))
    #expect(try notebook.numbers("W - 0.5*∇h(W)") == [0, 0, 0, 0])
    notebook.run("for t in 1:200 { x = x - 0.1*∇f(x) }")
    #expect(try notebook.numbers("norm(x)")[0] < 0.1)
    #expect(try notebook.text("(∂f/∂x)([1, 2])").contains("1×2 matrix"))
    #expect(try notebook.text("check(∂f/∂x, (∇f)')").hasPrefix("✓"))
  }

  @Test("∇f of a least-squares function is the column of the row")
  func gradientColumn() throws {
    let notebook = Notebook(
      "f(x: vector(n), A: matrix(m, n), b: vector(m)) = norm(A @ x - b)^2")
    #expect(try notebook.text("gradient(f, x)").hasPrefix("2*A' @ (A @ x - b)\n# a vector of n"))
    #expect(try notebook.text("∂f/∂x").hasPrefix("2*(A @ x - b)' @ A\n# 1×n"))
  }

  @Test("∇f of variables of several kinds is a list in their order")
  func mixedGradient() throws {
    let notebook = Notebook("f(w: vector(n), b, W: matrix(m, n)) = b^2*sum(w^2) + sum(W)")
    #expect(abs(try notebook.number("∇f([1, 2], 3, ones(1, 2))[2]") - 30) < 1e-12)
    notebook.run("g = ∇f([1, 2], 3, ones(2, 2)); G = ∇f")
    #expect(try notebook.numbers("g[1]") == [18, 36])
    #expect(try notebook.numbers("g[3]") == [1, 1, 1, 1])
    #expect(try notebook.numbers("[1, 2] - 0.5*g[1]") == [-8, -16])
    #expect(abs(try notebook.number("G([1, 2], 3, ones(2, 2))[2]") - 30) < 1e-12)
    #expect(try notebook.error("explain ∇f").name == "GradientError")
    #expect(try notebook.text("∇f") == "[2*b^2*w, 2*b*norm(w)^2, ones(m, n)]")
  }

  @Test("a derivative by a slice is one by that part")
  func bySlice() throws {
    let notebook = Notebook("f(x: vector(4)) = sum(x^2)")
    #expect(try notebook.numbers("(∂f/∂x[2:3])([1, 2, 3, 4])") == [4, 6])
  }

  @Test("sizes made of others are checked with values")
  func madeSizes() throws {
    let notebook = Notebook("f(w: vector, x: vector(n)) = w · concat(1, x)")
    #expect(try notebook.text("∂f/∂w").contains("w: vector(n + 1)"))
    #expect(try notebook.numbers("(∂f/∂x)([1, 2, 3], [4, 5])") == [2, 3])
    #expect(try notebook.error("(∂f/∂x)([1, 2], [4, 5])").name == "ShapeError")
    #expect(try notebook.text("check(∂f/∂w, concat(1, x)')").hasPrefix("✓"))
  }

  @Test("the first of a tie moves the largest entry of a matrix, by rows")
  func ties() throws {
    let notebook = Notebook("f(X: matrix(2, 2)) = max(X)")
    #expect(try notebook.numbers("(∂f/∂X)([1, 1; 0, 0])") == [1, 0, 0, 0])
    #expect(try notebook.numbers("(∂f/∂X)([0, 1; 1, 1])") == [0, 1, 0, 0])
  }

  @Test(
    "a published formula is read whatever ends it",
    arguments: [
      ("f(x: vector(n), w: vector(n)) = w · x", "w", "x'"),
      ("f(x: vector(n), W: matrix(m, n)) = W @ x", "x", "W"),
      ("f(x: vector(m), W: matrix(m, n)) = x @ W", "x", "W'"),
      ("f(x: vector(n), a: vector(n)) = a' @ x", "x", "a'"),
      (
        "f(x: vector(n), B: matrix(m, n), C: matrix(m, m), D: matrix(m, n), b: vector(m), d: vector(m)) = (B @ x + b)' @ C @ (D @ x + d)",
        "x", "(B' @ C @ (D @ x + d) + D' @ C' @ (B @ x + b))'"
      ),
      (
        "f(x: vector(n), W: matrix(n, n), s: vector(n)) = (x - s)' @ W @ (x - s)", "x",
        "((W + W') @ (x - s))'"
      ),
      (
        "f(x: vector(n), A: matrix(n, n), b: vector(n)) = x' @ A @ x + b' @ x", "x",
        "((A + A') @ x + b)'"
      ),
      ("f(X: matrix(n, n), B: matrix(n, n)) = sum(diag(X @ X @ B))", "X", "(X @ B + B @ X)'"),
      ("f(x: vector(n)) = sum(sin(x)*cos(x))", "x", "(cos(x)^2 - sin(x)^2)'"),
      ("f(x: vector(n)) = ln(sum(exp(x)))", "x", "softmax(x)'"),
      ("f(x: vector(n)) = norm(x)", "x", "x'/norm(x)"), ("f(x: vector(n)) = sum(x^2)", "x", "2x'"),
      ("f(x: vector(n)) = sum(exp(x))", "x", "exp(x)ᵀ"),
      ("f(x: vector(n), y: vector(n)) = sum((x - y)^2)", "x", "-2*(y - x)'"),
    ])
  func checks(definition: String, variable: String, published: String) throws {
    let notebook = Notebook(definition)
    #expect(try notebook.text("check(∂f/∂\(variable), \(published))").hasPrefix("✓"))
    #expect(try notebook.error("check(∂f/∂\(variable), 3*\(published))").name == "ValueError")
  }

  @Test("the quotient rule as it is printed")
  func quotient() throws {
    let notebook = Notebook("symbols f, g: function, x")
    #expect(
      try notebook.text("∂(f(x)/g(x))/∂x") == "(f'(x)*g(x) - f(x)*g'(x))/g(x)^2")
  }

  @Test("LaTeX tells the Kronecker product from the one entry by entry")
  func latex() throws {
    let notebook = Notebook("f(A: matrix(p, q), B: matrix(r, s)) = kron(A, B)")
    notebook.run("g(a: vector(3), b: vector(3)) = cross(a, b); h(x: vector(n)) = x[2:n]")
    func latex(_ source: String) throws -> String {
      try #require(notebook.run(source).bundles.last?.data[MIMEType.latex]?.stringValue)
    }
    #expect(try latex("explain f").contains(#"\operatorname{kron}\left(A, B\right)"#))
    #expect(try latex("explain g").contains(#"\mathbf{a} \times \mathbf{b}"#))
    #expect(try latex("explain h").contains("x_{2:n}"))
  }
}

/// Numbers for the parameters of a function, as `x = [0.3, 0.5], A = [[…], […]]`.
private struct SamplePoint {
  private static let sizes = [
    "n": 4, "m": 3, "k": 2, "p": 2, "q": 3, "r": 2, "s": 3, "d": 3, "h": 2, "t": 3,
  ]
  private var seed = 0.31
  private(set) var text = ""

  init(_ definition: String) throws {
    var parameters: [String] = [""]
    var depth = 0
    for character in definition.drop(while: { $0 != "(" }) {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if depth == 0 { break }
      if depth == 1, character == "," {
        parameters.append("")
      } else {
        parameters[parameters.count - 1].append(character)
      }
    }
    parameters[0].removeFirst()
    let all = parameters.map { parameter in
      let parts = parameter.split(separator: ":").map { $0.filter { $0 != " " } }
      return "\(parts[0]) = \(value(parts.count > 1 ? parts[1] : "", in: definition))"
    }
    text = all.joined(separator: ", ")
  }

  private mutating func value(_ kind: String, in definition: String) -> String {
    // Sizes that are left out follow from others.
    var names = kind.split { "(),".contains($0) }.dropFirst().map(String.init)
    if kind == "vector" { names = [definition.contains("flatten") ? "12" : "9"] }
    if kind == "matrix" { names = ["m", "6"] }
    let counts = names.map { Self.sizes[$0] ?? Int($0) ?? 1 }
    guard let last = counts.last else { return number() }
    let rows = (0..<counts.dropLast().reduce(1, *)).map { _ in
      "[\((0..<last).map { _ in number() }.joined(separator: ", "))]"
    }
    return counts.count == 1 ? rows[0] : "[\(rows.joined(separator: ", "))]"
  }

  private mutating func number() -> String {
    seed = (seed * 7.13 + 0.217).truncatingRemainder(dividingBy: 0.9)
    return "\(0.05 + seed)"
  }
}
