"""Identities of matrix calculus as books print them: the Matrix Cookbook's, and those of course notes on networks.

textbook.py takes them in. A case says its function in Nabla's notation, what it is differentiated by, the published
result in the same notation (the kernel's is not to be longer; None: nobody prints one), and the function in PyTorch,
of the parameters in their order. Points are drawn at random, once for each case: square matrices well away from
singular ones, `positive` names above 0.
"""

import random
import re

import torch
from torch.linalg import det, inv, matrix_norm, pinv, solve
from torch.linalg import vector_norm as norm
from torch.nn import functional as nn

SIZES = {"n": 3, "m": 2, "p": 2, "k": 4, "d": 3, "N": 5, "K": 3, "h": 4}
IDENTITIES = []


def drawn(kind, source, positive):
    """A value for a parameter: a number, a list, or a list of rows."""

    def number():
        return round(source.uniform(0.3, 1.7) if positive else source.gauss(0, 1), 3)

    word, _, sizes = kind.rstrip(")").partition("(")
    sizes = [SIZES.get(size.strip()) or int(size) for size in sizes.split(",") if size.strip()]
    if word == "one_hot":
        rows = [[float(j == source.randrange(sizes[-1])) for j in range(sizes[-1])] for _ in range(sizes[0])]
        for row in rows:
            place = source.randrange(sizes[-1])
            row[:] = [float(j == place) for j in range(sizes[-1])]
        return rows if len(sizes) == 2 else rows[0]
    if word in ("scalar", ""):
        return number()
    if word == "vector":
        return [number() for _ in range(sizes[0])]
    if word == "symmetric":
        sizes = sizes * 2
    matrix = [[number() for _ in range(sizes[1])] for _ in range(sizes[0])]
    if sizes[0] == sizes[1]:
        for i in range(sizes[0]):
            matrix[i][i] = round(matrix[i][i] + 3, 3)
            if word == "symmetric":
                for j in range(i):
                    matrix[i][j] = matrix[j][i]
    return matrix


def identity(title, function, by, published, torch, positive=(), orders=1):
    """Adds a case; `function` is `(parameters) = body`, or lines that define `f`."""
    source = function if function.startswith(("f(", "g(", "L(")) else f"f{function}"
    head = re.search(r"(?m)^f\((.*?)\) = ", source)[1]
    kinds = [part.partition(":") for part in re.split(r", (?![^(]*\))", head)]
    dice = random.Random(title)
    point = {name: drawn(kind.strip(), dice, name in positive) for name, _, kind in kinds}
    derivative = f"∂f/∂{by}" if orders == 1 else f"∂²f/∂{by}²"
    IDENTITIES.append(
        {"title": title, "source": source, "derivative": derivative, "point": point,
         "by": ", ".join([by] * orders), "check": ["f"] + [f"∂f/∂{by}"] * (orders - 1), "shape": None,
         "published": published, "sympy": None, "torch": torch})


# MARK: - Determinants

identity("determinant", "(X: matrix(n, n)) = det(X)", "X", "det(X)*inv(X)'", det)
identity("logarithm of a determinant", "(X: matrix(n, n)) = ln(det(X))", "X", "inv(X)'",
         lambda X: torch.log(det(X)))
identity("logarithm of a determinant's size", "(X: matrix(n, n)) = ln(abs(det(X)))", "X", "inv(X)'",
         lambda X: torch.log(torch.abs(det(X))))
identity("determinant of a product", "(A: matrix(n, n), X: matrix(n, n), B: matrix(n, n)) = det(A @ X @ B)", "X",
         "det(A @ X @ B)*inv(X)'", lambda A, X, B: det(A @ X @ B))
identity("Gram determinant, square", "(X: matrix(n, n)) = det(X' @ X)", "X", "2*det(X' @ X)*inv(X)'",
         lambda X: det(X.T @ X))
identity("Gram determinant, tall", "(X: matrix(k, n)) = det(X' @ X)", "X", "2*det(X' @ X)*X @ inv(X' @ X)",
         lambda X: det(X.T @ X))
identity("logarithm of a Gram determinant", "(X: matrix(k, n)) = ln(det(X' @ X))", "X", "2*pinv(X)'",
         lambda X: torch.log(det(X.T @ X)))
identity("determinant of an inverse", "(X: matrix(n, n)) = det(inv(X))", "X", "-det(inv(X))*inv(X)'",
         lambda X: det(inv(X)))
identity("determinant of a square form", "(X: matrix(n, n), A: matrix(n, n)) = det(X' @ A @ X)", "X",
         "2*det(X' @ A @ X)*inv(X)'", lambda X, A: det(X.T @ A @ X))
identity("square of a determinant", "(X: matrix(n, n)) = det(X)^2", "X", "2*det(X)^2*inv(X)'",
         lambda X: det(X)**2)
identity("determinant of a matrix times a number", "(a, X: matrix(n, n)) = ln(det(a*X))", "X", "inv(X)'",
         lambda a, X: torch.log(det(a * X)), positive="a")
identity("determinant by a number", "(t, A: matrix(n, n), B: matrix(n, n)) = det(A + t*B)", "t",
         "det(A + t*B)*trace(inv(A + t*B) @ B)", lambda t, A, B: det(A + t * B))
identity("logarithm of a determinant by a number", "(t, A: matrix(n, n), B: matrix(n, n)) = ln(det(A + t*B))",
         "t", "trace(inv(A + t*B) @ B)", lambda t, A, B: torch.log(det(A + t * B)), positive="t")

# MARK: - Inverses

identity("bilinear form of an inverse", "(a: vector(n), X: matrix(n, n), b: vector(n)) = a' @ inv(X) @ b", "X",
         "-inv(X)' @ a @ b' @ inv(X)'", lambda a, X, b: a @ inv(X) @ b)
identity("trace of an inverse", "(X: matrix(n, n)) = trace(inv(X))", "X", "-(inv(X) @ inv(X))'",
         lambda X: torch.trace(inv(X)))
identity("trace of an inverse in a product",
         "(A: matrix(n, n), X: matrix(n, n), B: matrix(n, n)) = trace(A @ inv(X) @ B)", "X",
         "-(inv(X) @ B @ A @ inv(X))'", lambda A, X, B: torch.trace(A @ inv(X) @ B))
identity("trace of the inverse of a sum", "(X: matrix(n, n), A: matrix(n, n)) = trace(inv(X + A))", "X",
         "-(inv(X + A) @ inv(X + A))'", lambda X, A: torch.trace(inv(X + A)))
identity("sum of an inverse", "(X: matrix(n, n)) = sum(inv(X))", "X", None, lambda X: torch.sum(inv(X)))
identity("inverse, entry by entry", "(X: matrix(m, m)) = inv(X)", "X", None, inv)
identity("inverse by a number", "(t, A: matrix(n, n), B: matrix(n, n)) = inv(A + t*B)", "t",
         "-inv(A + t*B) @ B @ inv(A + t*B)", lambda t, A, B: inv(A + t * B))
identity("solution by its right side", "(A: matrix(n, n), b: vector(n)) = solve(A, b)", "b", "inv(A)",
         lambda A, b: solve(A, b))
identity("solution by its matrix", "(A: matrix(m, m), b: vector(m)) = solve(A, b)", "A", None,
         lambda A, b: solve(A, b))
identity("a weighted solution by the matrix",
         "(c: vector(n), A: matrix(n, n), b: vector(n)) = c' @ solve(A, b)", "A",
         "-inv(A)' @ c @ b' @ inv(A)'", lambda c, A, b: c @ solve(A, b))
identity("normal log-density by the mean",
         "(x: vector(n), μ: vector(n), S: symmetric(n)) = -(x - μ)' @ inv(S) @ (x - μ)/2", "μ",
         "(x - μ)' @ inv(S)", lambda x, u, S: -(x - u) @ inv((S + S.T) / 2) @ (x - u) / 2)
identity("normal log-density by the covariance",
         "(x: vector(n), μ: vector(n), S: matrix(n, n)) = -ln(det(S))/2 - (x - μ)' @ inv(S) @ (x - μ)/2", "S",
         "(inv(S)' @ (x - μ) @ (x - μ)' @ inv(S)' - inv(S)')/2",
         lambda x, u, S: -torch.log(det(S)) / 2 - (x - u) @ inv(S) @ (x - u) / 2)
identity("logarithm of a determinant and a quadratic form",
         "(S: matrix(n, n), x: vector(n)) = ln(det(S)) + x' @ inv(S) @ x", "S",
         "inv(S)' - inv(S)' @ x @ x' @ inv(S)'", lambda S, x: torch.log(det(S)) + x @ inv(S) @ x)

# MARK: - Traces

SQUARE3 = "A: matrix(n, n), X: matrix(n, n), B: matrix(n, n)"
identity("trace", "(X: matrix(n, n)) = trace(X)", "X", "eye(n)", torch.trace)
identity("trace of X A", "(X: matrix(n, m), A: matrix(m, n)) = trace(X @ A)", "X", "A'",
         lambda X, A: torch.trace(X @ A))
identity("trace of A X B", "(A: matrix(m, n), X: matrix(n, k), B: matrix(k, m)) = trace(A @ X @ B)", "X", "A' @ B'",
         lambda A, X, B: torch.trace(A @ X @ B))
identity("trace of A X' B", "(A: matrix(m, k), X: matrix(n, k), B: matrix(n, m)) = trace(A @ X' @ B)", "X", "B @ A",
         lambda A, X, B: torch.trace(A @ X.T @ B))
identity("trace of X' A", "(X: matrix(n, m), A: matrix(n, m)) = trace(X' @ A)", "X", "A",
         lambda X, A: torch.trace(X.T @ A))
identity("trace of A X'", "(A: matrix(n, m), X: matrix(n, m)) = trace(A @ X')", "X", "A",
         lambda A, X: torch.trace(A @ X.T))
identity("trace of X squared", "(X: matrix(n, n)) = trace(X @ X)", "X", "2*X'", lambda X: torch.trace(X @ X))
identity("trace of X X B", "(X: matrix(n, n), B: matrix(n, n)) = trace(X @ X @ B)", "X", "(X @ B + B @ X)'",
         lambda X, B: torch.trace(X @ X @ B))
identity("trace of X' B X", "(X: matrix(n, m), B: matrix(n, n)) = trace(X' @ B @ X)", "X", "(B + B') @ X",
         lambda X, B: torch.trace(X.T @ B @ X))
identity("trace of X B X'", "(X: matrix(n, m), B: matrix(m, m)) = trace(X @ B @ X')", "X", "X @ (B + B')",
         lambda X, B: torch.trace(X @ B @ X.T))
identity("trace of B X X'", "(X: matrix(n, m), B: matrix(n, n)) = trace(B @ X @ X')", "X", "(B + B') @ X",
         lambda X, B: torch.trace(B @ X @ X.T))
identity("trace of X' X", "(X: matrix(n, m)) = trace(X' @ X)", "X", "2*X", lambda X: torch.trace(X.T @ X))
identity("trace of A X B X", f"({SQUARE3}) = trace(A @ X @ B @ X)", "X", "A' @ X' @ B' + B' @ X' @ A'",
         lambda A, X, B: torch.trace(A @ X @ B @ X))
identity("trace of A X B X' C",
         "(A: matrix(n, n), X: matrix(n, m), B: matrix(m, m), C: matrix(n, n)) = trace(A @ X @ B @ X' @ C)", "X",
         "A' @ C' @ X @ B' + C @ A @ X @ B", lambda A, X, B, C: torch.trace(A @ X @ B @ X.T @ C))
identity("trace of B' X' C X B",
         "(B: matrix(m, k), X: matrix(n, m), C: matrix(n, n)) = trace(B' @ X' @ C @ X @ B)", "X",
         "(C + C') @ X @ B @ B'", lambda B, X, C: torch.trace(B.T @ X.T @ C @ X @ B))
identity("trace of the square of an affine form",
         "(A: matrix(k, n), X: matrix(n, m), B: matrix(m, p), C: matrix(k, p)) = "
         "trace((A @ X @ B + C) @ (A @ X @ B + C)')", "X",
         "2*A' @ (A @ X @ B + C) @ B'",
         lambda A, X, B, C: torch.trace((A @ X @ B + C) @ (A @ X @ B + C).T))
identity("trace of X cubed", "(X: matrix(n, n)) = trace(X @ X @ X)", "X", "3*(X @ X)'",
         lambda X: torch.trace(X @ X @ X))
identity("trace of X to the fourth", "(X: matrix(n, n)) = trace(X @ X @ X @ X)", "X", "4*X' @ X' @ X'",
         lambda X: torch.trace(X @ X @ X @ X))
identity("trace of a Kronecker square", "(X: matrix(m, m)) = trace(kron(X, X))", "X", "2*trace(X)*eye(m)",
         lambda X: torch.trace(torch.kron(X, X)))
identity("trace by a number", "(t, A: matrix(n, n), C: matrix(n, n)) = trace((A + t*C) @ (A + t*C))", "t",
         "2*trace((A + t*C) @ C)", lambda t, A, C: torch.trace((A + t * C) @ (A + t * C)))
identity("square of a trace", "(X: matrix(n, n)) = trace(X)^2", "X", "2*trace(X)*eye(n)",
         lambda X: torch.trace(X)**2)
identity("trace of a product with a diagonal matrix", "(w: vector(n), X: matrix(n, n)) = trace(diag(w) @ X)", "X",
         "diag(w)", lambda w, X: torch.trace(torch.diag(w) @ X))

# MARK: - Linear and quadratic forms

identity("linear form", "(a: vector(n), x: vector(n)) = a' @ x", "x", "a'", lambda a, x: a @ x)
identity("square of a linear form", "(a: vector(n), x: vector(n)) = (a' @ x)^2", "x", "2*a' @ x*a'",
         lambda a, x: (a @ x)**2)
identity("squared length", "(x: vector(n)) = x' @ x", "x", "2*x'", lambda x: x @ x)
identity("quadratic form, by its vector", "(x: vector(n), A: matrix(n, n)) = x' @ A @ x", "x", "x' @ (A + A')",
         lambda x, A: x @ A @ x)
identity("quadratic form of a symmetric matrix", "(x: vector(n), A: symmetric(n)) = x' @ A @ x", "x", "2*x' @ A",
         lambda x, A: x @ ((A + A.T) / 2) @ x)
identity("quadratic function", "(x: vector(n), A: matrix(n, n), b: vector(n)) = x' @ A @ x + b' @ x", "x",
         "x' @ (A + A') + b'", lambda x, A, b: x @ A @ x + b @ x)
identity("half a quadratic form, symmetric", "(x: vector(n), A: symmetric(n), b: vector(n)) = x' @ A @ x/2 - b' @ x",
         "x", "x' @ A - b'", lambda x, A, b: x @ ((A + A.T) / 2) @ x / 2 - b @ x)
identity("weighted residual by the coefficients",
         "(x: vector(n), A: matrix(n, m), s: vector(m), W: symmetric(n)) = (x - A @ s)' @ W @ (x - A @ s)", "s",
         "-2*(x - A @ s)' @ W @ A", lambda x, A, s, W: (x - A @ s) @ ((W + W.T) / 2) @ (x - A @ s))
identity("weighted residual by the data",
         "(x: vector(n), A: matrix(n, m), s: vector(m), W: symmetric(n)) = (x - A @ s)' @ W @ (x - A @ s)", "x",
         "2*(x - A @ s)' @ W", lambda x, A, s, W: (x - A @ s) @ ((W + W.T) / 2) @ (x - A @ s))
identity("weighted residual by the matrix",
         "(x: vector(n), A: matrix(n, m), s: vector(m), W: symmetric(n)) = (x - A @ s)' @ W @ (x - A @ s)", "A",
         "-2*W @ (x - A @ s) @ s'", lambda x, A, s, W: (x - A @ s) @ ((W + W.T) / 2) @ (x - A @ s))
identity("two linear forms of one matrix",
         "(b: vector(m), X: matrix(n, m), c: vector(m)) = b' @ X' @ X @ c", "X", "X @ (b @ c' + c @ b')",
         lambda b, X, c: b @ X.T @ X @ c)
identity("two linear forms of one matrix, transposed",
         "(a: vector(n), X: matrix(n, m), b: vector(n)) = a' @ X @ X' @ b", "X", "(a @ b' + b @ a') @ X",
         lambda a, X, b: a @ X @ X.T @ b)
identity("quadratic form of an affine one",
         "(X: matrix(n, m), b: vector(m), c: vector(n), D: matrix(n, n)) = (X @ b + c)' @ D @ (X @ b + c)", "X",
         "(D + D') @ (X @ b + c) @ b'", lambda X, b, c, D: (X @ b + c) @ D @ (X @ b + c))
identity("bilinear form through a matrix",
         "(b: vector(m), X: matrix(n, m), D: matrix(n, n), c: vector(m)) = b' @ X' @ D @ X @ c", "X",
         "D' @ X @ b @ c' + D @ X @ c @ b'", lambda b, X, D, c: b @ X.T @ D @ X @ c)
identity("product of two affine forms",
         "(A: matrix(k, n), x: vector(n), b: vector(k), D: matrix(k, n), c: vector(k)) = (A @ x + b)' @ (D @ x + c)",
         "x", "(D @ x + c)' @ A + (A @ x + b)' @ D", lambda A, x, b, D, c: (A @ x + b) @ (D @ x + c))
identity("transposed linear form", "(a: vector(m), X: matrix(n, m), b: vector(n)) = a' @ X' @ b", "X", "b @ a'",
         lambda a, X, b: a @ X.T @ b)
identity("quadratic form by its matrix, twice", "(x: vector(n), A: matrix(n, n)) = (x' @ A @ x)^2", "A",
         "2*x' @ A @ x*x @ x'", lambda x, A: (x @ A @ x)**2)
identity("Gaussian of a quadratic form", "(x: vector(n), A: symmetric(n)) = exp(-x' @ A @ x/2)", "x",
         "-exp(-x' @ A @ x/2)*x' @ A", lambda x, A: torch.exp(-x @ ((A + A.T) / 2) @ x / 2))
identity("Hessian of a quadratic function", "(x: vector(n), A: matrix(n, n), b: vector(n)) = x' @ A @ x + b' @ x",
         "x", "A + A'", lambda x, A, b: x @ A @ x + b @ x, orders=2)
identity("Hessian of a weighted residual",
         "(x: vector(n), A: matrix(n, m), s: vector(m)) = norm(x - A @ s)^2", "s", "2*A' @ A",
         lambda x, A, s: (x - A @ s) @ (x - A @ s), orders=2)

# MARK: - Norms

identity("distance", "(x: vector(n), a: vector(n)) = norm(x - a)", "x", "(x - a)'/norm(x - a)",
         lambda x, a: norm(x - a))
identity("direction", "(x: vector(n), a: vector(n)) = (x - a)/norm(x - a)", "x",
         "eye(n)/norm(x - a) - (x - a) @ (x - a)'/norm(x - a)^3", lambda x, a: (x - a) / norm(x - a))
identity("squared length by bars", "(x: vector(n)) = ‖x‖²", "x", "2*x'", lambda x: x @ x)
identity("squared Frobenius distance", "(X: matrix(n, m), B: matrix(n, m)) = norm(X - B)^2", "X", "2*(X - B)",
         lambda X, B: torch.sum((X - B)**2))
identity("Frobenius norm", "(X: matrix(n, m)) = norm(X)", "X", "X/norm(X)", matrix_norm)
identity("squared norm of A X - B", "(A: matrix(k, n), X: matrix(n, m), B: matrix(k, m)) = norm(A @ X - B)^2", "X",
         "2*A' @ (A @ X - B)", lambda A, X, B: torch.sum((A @ X - B)**2))
identity("squared norm of X A", "(X: matrix(n, m), A: matrix(m, k)) = norm(X @ A)^2", "X", "2*X @ A @ A'",
         lambda X, A: torch.sum((X @ A)**2))
identity("fourth power of a length", "(x: vector(n)) = (x' @ x)^2", "x", "4*x' @ x*x'", lambda x: (x @ x)**2)
identity("absolute values", "(x: vector(n)) = sum(|x|)", "x", "sign(x)'", lambda x: torch.sum(torch.abs(x)))
identity("Huber's square root", "(x: vector(n)) = sum(sqrt(1 + x^2))", "x", "(x/sqrt(1 + x^2))'",
         lambda x: torch.sum(torch.sqrt(1 + x**2)))

# MARK: - Regression

REGRESSION = "w: vector(n), X: matrix(N, n), y: vector(N)"
identity("least squares by the weights", f"({REGRESSION}) = norm(X @ w - y)^2", "w", "2*(X @ w - y)' @ X",
         lambda w, X, y: torch.sum((X @ w - y)**2))
identity("least squares, half a mean", f"({REGRESSION}) = norm(X @ w - y)^2/(2*N)", "w", "(X @ w - y)' @ X/N",
         lambda w, X, y: torch.mean((X @ w - y)**2) / 2)
identity("least squares by mean", f"({REGRESSION}) = mean((y - X @ w)^2)", "w", "2/N*(X @ w - y)' @ X",
         lambda w, X, y: torch.mean((y - X @ w)**2))
identity("ridge, half", f"({REGRESSION}, λ) = (norm(X @ w - y)^2 + λ*norm(w)^2)/2", "w",
         "(X @ w - y)' @ X + λ*w'", lambda w, X, y, c: (torch.sum((X @ w - y)**2) + c * (w @ w)) / 2)
identity("weighted least squares", f"({REGRESSION}, S: symmetric(N)) = (X @ w - y)' @ S @ (X @ w - y)", "w",
         "2*(X @ w - y)' @ S @ X", lambda w, X, y, S: (X @ w - y) @ ((S + S.T) / 2) @ (X @ w - y))
identity("Hessian of least squares, by the weights", f"({REGRESSION}) = norm(X @ w - y)^2/2", "w", "X' @ X",
         lambda w, X, y: torch.sum((X @ w - y)**2) / 2, orders=2)
identity("least squares of several outputs",
         "(W: matrix(n, m), X: matrix(N, n), Y: matrix(N, m)) = norm(X @ W - Y)^2/2", "W", "X' @ (X @ W - Y)",
         lambda W, X, Y: torch.sum((X @ W - Y)**2) / 2)
identity("lasso", f"({REGRESSION}, λ) = norm(X @ w - y)^2/2 + λ*sum(abs(w))", "w",
         "(X @ w - y)' @ X + λ*sign(w)'",
         lambda w, X, y, c: torch.sum((X @ w - y)**2) / 2 + c * torch.sum(torch.abs(w)))
identity("logistic neuron", "(w: vector(n), x: vector(n), b) = sigmoid(w · x + b)", "w",
         "sigmoid(w · x + b)*(1 - sigmoid(w · x + b))*x'", lambda w, x, b: torch.sigmoid(w @ x + b))
identity("logistic regression, summed",
         f"({REGRESSION}) = -sum(y*ln(sigmoid(X @ w)) + (1 - y)*ln(1 - sigmoid(X @ w)))", "w",
         "(sigmoid(X @ w) - y)' @ X",
         lambda w, X, y: nn.binary_cross_entropy_with_logits(X @ w, y, reduction="sum"), positive="y")
identity("logistic regression with labels ±1", f"({REGRESSION}) = sum(ln(1 + exp(-y*(X @ w))))", "w",
         "-(y*sigmoid(-y*(X @ w)))' @ X", lambda w, X, y: torch.sum(nn.softplus(-y * (X @ w))))
identity("binary cross entropy of a layer",
         "(W: matrix(n, m), X: matrix(N, n), Y: matrix(N, m)) = "
         "-mean(Y*ln(sigmoid(X @ W)) + (1 - Y)*ln(1 - sigmoid(X @ W)))", "W",
         "(X' @ (sigmoid(X @ W) - Y))/(m*N)",
         lambda W, X, Y: nn.binary_cross_entropy_with_logits(X @ W, Y), positive="Y")
identity("Poisson regression", f"({REGRESSION}) = sum(exp(X @ w) - y*(X @ w))", "w", "(exp(X @ w) - y)' @ X",
         lambda w, X, y: torch.sum(torch.exp(X @ w) - y * (X @ w)))
identity("hinge loss of a linear classifier", f"({REGRESSION}) = sum(max(0, 1 - y*(X @ w)))", "w",
         "-((1 - y*(X @ w) > 0)*y)' @ X", lambda w, X, y: torch.sum(torch.relu(1 - y * (X @ w))))

# MARK: - Softmax

identity("softmax's Jacobian", "(z: vector(n)) = softmax(z)", "z", "diag(softmax(z)) - softmax(z) @ softmax(z)'",
         lambda z: torch.softmax(z, 0))
identity("logarithm of summed exponentials", "(x: vector(n)) = ln(sum(exp(x)))", "x", "softmax(x)'",
         lambda x: torch.logsumexp(x, 0))
identity("cross entropy of softmax, one-hot target", "(z: vector(K), y: one_hot(K)) = -sum(y*ln(softmax(z)))", "z",
         "(softmax(z) - y)'", lambda z, y: nn.cross_entropy(z, y))
identity("softmax regression, one-hot rows",
         "(W: matrix(n, K), X: matrix(N, n), Y: one_hot(N, K)) = -sum(Y*ln(softmax(X @ W)))", "W",
         "X' @ (softmax(X @ W) - Y)", lambda W, X, Y: nn.cross_entropy(X @ W, Y, reduction="sum"))
identity("softmax regression with decay",
         "(W: matrix(n, K), X: matrix(N, n), b: vector(K), Y: one_hot(N, K), r) = "
         "-sum(Y*ln(softmax(X @ W + b)))/N + r/2*sum(W*W)", "W",
         "X' @ (softmax(X @ W + b) - Y)/N + r*W",
         lambda W, X, b, Y, r: nn.cross_entropy(X @ W + b, Y) + r / 2 * torch.sum(W * W))
TWO = "X: matrix(N, n), Y: matrix(N, K), W: matrix(n, h), V: matrix(h, K)"
identity("two layers with softmax by the inner weights", f"({TWO}) = -sum(Y*ln(softmax(X @ W @ V)))", "W",
         "X' @ (column(sum(Y, axis = 2))*softmax(X @ W @ V) - Y) @ V'",
         lambda X, Y, W, V: nn.cross_entropy(X @ W @ V, Y, reduction="sum"))
identity("two layers with softmax by the outer weights", f"({TWO}) = -sum(Y*ln(softmax(X @ W @ V)))", "V",
         "W' @ X' @ (column(sum(Y, axis = 2))*softmax(X @ W @ V) - Y)",
         lambda X, Y, W, V: nn.cross_entropy(X @ W @ V, Y, reduction="sum"))
identity("two layers with softmax, one-hot rows",
         "(X: matrix(N, n), Y: one_hot(N, K), W: matrix(n, h), V: matrix(h, K)) = -sum(Y*ln(softmax(X @ W @ V)))",
         "W", "X' @ (softmax(X @ W @ V) - Y) @ V'",
         lambda X, Y, W, V: nn.cross_entropy(X @ W @ V, Y, reduction="sum"))
identity("an example through two layers with relu",
         "(x: vector(d), W: matrix(h, d), b: vector(h), U: matrix(K, h), c: vector(K), y: one_hot(K)) = "
         "-sum(y*ln(softmax(U @ max(0, W @ x + b) + c)))", "W", None,
         lambda x, W, b, U, c, y: nn.cross_entropy(U @ torch.relu(W @ x + b) + c, y))
identity("an example through two layers with relu, by the inner bias",
         "(x: vector(d), W: matrix(h, d), b: vector(h), U: matrix(K, h), c: vector(K), y: one_hot(K)) = "
         "-sum(y*ln(softmax(U @ max(0, W @ x + b) + c)))", "b", None,
         lambda x, W, b, U, c, y: nn.cross_entropy(U @ torch.relu(W @ x + b) + c, y))
identity("entropy of softmax", "(z: vector(n)) = -sum(softmax(z)*ln(softmax(z)))", "z", None,
         lambda z: -torch.sum(torch.softmax(z, 0) * torch.log_softmax(z, 0)))

# MARK: - Layers

LAYER = "x: vector(n), W: matrix(h, n), b: vector(h)"
identity("tanh layer by its input", f"({LAYER}) = tanh(W @ x + b)", "x", "diag(1 - tanh(W @ x + b)^2) @ W",
         lambda x, W, b: torch.tanh(W @ x + b))
identity("relu layer by its input", f"({LAYER}) = relu(W @ x + b)", "x", "diag(W @ x + b > 0) @ W",
         lambda x, W, b: torch.relu(W @ x + b))
identity("sigmoid layer by its bias", f"({LAYER}) = sigmoid(W @ x + b)", "b",
         "diag(sigmoid(W @ x + b)*(1 - sigmoid(W @ x + b)))", lambda x, W, b: torch.sigmoid(W @ x + b))
identity("squared error of a tanh layer", f"({LAYER}, y: vector(h)) = norm(tanh(W @ x + b) - y)^2/2", "W",
         "((tanh(W @ x + b) - y)*(1 - tanh(W @ x + b)^2)) @ x'",
         lambda x, W, b, y: torch.sum((torch.tanh(W @ x + b) - y)**2) / 2)
identity("linear autoencoder by the code's weights",
         "(X: matrix(N, n), W: matrix(n, m)) = norm(X @ W @ W' - X)^2", "W", None,
         lambda X, W: torch.sum((X @ W @ W.T - X)**2))
identity("layer normalisation",
         "(x: vector(n), g: vector(n), b: vector(n)) = g*(x - mean(x))/sqrt(mean((x - mean(x))^2) + 0.001) + b", "x", None,
         lambda x, g, b: nn.layer_norm(x, [3], g, b, 0.001))
identity("layer normalisation by its gain",
         "(x: vector(n), g: vector(n), b: vector(n)) = g*(x - mean(x))/sqrt(mean((x - mean(x))^2) + 0.001) + b", "g", None,
         lambda x, g, b: nn.layer_norm(x, [3], g, b, 0.001))
ATTENTION = "(Q: matrix(m, d), R: matrix(m, d), V: matrix(m, k)) = softmax(Q @ R'/sqrt(d)) @ V"
for name in "QRV":
    identity(f"attention by {name}", ATTENTION, name, None,
             lambda Q, R, V: torch.softmax(Q @ R.T / 3**0.5, -1) @ V)
identity("summed attention by the values",
         "(Q: matrix(m, d), R: matrix(m, d), V: matrix(m, k), G: matrix(m, k)) = sum(G*(softmax(Q @ R') @ V))", "V",
         "softmax(Q @ R')' @ G", lambda Q, R, V, G: torch.sum(G * (torch.softmax(Q @ R.T, -1) @ V)))
identity("summed attention by the queries",
         "(Q: matrix(m, d), R: matrix(m, d), V: matrix(m, k), G: matrix(m, k)) = sum(G*(softmax(Q @ R') @ V))", "Q",
         None, lambda Q, R, V, G: torch.sum(G * (torch.softmax(Q @ R.T, -1) @ V)))
identity("recurrent step by the state", "(x: vector(n), h: vector(m), A: matrix(m, n), B: matrix(m, m)) = tanh(A @ x + B @ h)",
         "h", "diag(1 - tanh(A @ x + B @ h)^2) @ B", lambda x, h, A, B: torch.tanh(A @ x + B @ h))

# MARK: - Slices, stacks, products of shapes

identity("sum of some rows", "(X: matrix(3, 3)) = sum(X[1:2, :])", "X", None, lambda X: torch.sum(X[:2]))
identity("squares of a part", "(x: vector(4)) = sum(x[2:3]^2)", "x", None, lambda x: torch.sum(x[1:3]**2))
identity("a row times a vector", "(X: matrix(n, m), a: vector(m)) = X[2, :] @ a", "X", None, lambda X, a: X[1] @ a)
identity("trace of a corner", "(X: matrix(3, 3)) = trace(X[1:2, 1:2])", "X", None, lambda X: torch.trace(X[:2, :2]))
identity("stacked vectors' squared length", "(x: vector(n), y: vector(m)) = norm(concat(x, y))^2", "x", "2*x'",
         lambda x, y: x @ x + y @ y)
identity("matrices side by side", "(A: matrix(n, 2), B: matrix(n, 4), C: matrix(n, 6)) = sum(hstack(A, B)*C)", "A", None,
         lambda A, B, C: torch.sum(torch.hstack([A, B]) * C))
identity("matrices one above the other", "(A: matrix(n, m), B: matrix(k, m)) = norm(vstack(A, B))^2", "A", "2*A",
         lambda A, B: torch.sum(A**2) + torch.sum(B**2))
identity("squared length of all entries", "(X: matrix(n, m)) = norm(flatten(X))^2", "X", "2*X",
         lambda X: torch.sum(X**2))
identity("reshaped entries", "(x: vector(6), a: vector(2), b: vector(3)) = a' @ reshape(x, 2, 3) @ b", "x", None,
         lambda x, a, b: a @ x.reshape(2, 3) @ b)
identity("Kronecker product by its first", "(A: matrix(2, 2), B: matrix(2, 2), C: matrix(4, 4)) = sum(kron(A, B)*C)",
         "A", None, lambda A, B, C: torch.sum(torch.kron(A, B) * C))
identity("Kronecker product by a number", "(x, A: matrix(m, m), B: matrix(m, m)) = kron(x*A, x*B)", "x",
         "2*x*kron(A, B)", lambda x, A, B: torch.kron(x * A, x * B))
identity("outer product in a sum", "(u: vector(n), v: vector(m), M: matrix(n, m)) = sum(outer(u, v)*M)", "u", "(M @ v)'",
         lambda u, v, M: torch.sum(torch.outer(u, v) * M))
identity("cross product", "(a: vector(3), x: vector(3)) = cross(a, x)", "x", None,
         lambda a, x: torch.linalg.cross(a, x))
identity("triple product", "(a: vector(3), x: vector(3), b: vector(3)) = cross(a, x) · b", "x", None,
         lambda a, x, b: torch.linalg.cross(a, x) @ b)
identity("squares of running sums, by cumsum", "(x: vector(n)) = sum(cumsum(x)^2)", "x", None,
         lambda x: torch.sum(torch.cumsum(x, 0)**2))
identity("product of all entries", "(x: vector(n)) = prod(x)", "x", None, torch.prod)
identity("variance of entries", "(x: vector(n)) = var(x)", "x", "2/n*(x - mean(x))'",
         lambda x: torch.var(x, correction=0))
identity("sum of all entries, squared", "(X: matrix(n, m)) = sum(X)^2", "X", "2*sum(X)*ones(n, m)",
         lambda X: torch.sum(X)**2)
identity("a number times a sum", "(X: matrix(n, m), z) = z*sum(X)", "z", "sum(X)", lambda X, z: z * torch.sum(X))
identity("sum over two ranges", "(A: matrix(2, 3), x: vector(2), y: vector(3)) = sum(A[i,j]*x[i]*y[j] for i in 1:2, j in 1:3)",
         "A", None, lambda A, x, y: x @ A @ y)
identity("matrix over two ranges", "(x: vector(2), y: vector(3)) = [x[i]*y[j]^2 for i in 1:2, j in 1:3]", "x", None,
         lambda x, y: torch.outer(x, y**2))
identity("pseudo-inverse's solution by the data", "(X: matrix(k, n), y: vector(k)) = pinv(X) @ y", "y", "pinv(X)",
         lambda X, y: pinv(X) @ y)

# MARK: - Functions of one number

for title, text, value in [
    ("error function", "erf(x)", torch.erf), ("arc sine", "asin(x/4)", lambda x: torch.asin(x / 4)),
    ("arc cosine", "acos(x/4)", lambda x: torch.acos(x / 4)), ("arc tangent", "atan(x^2)", lambda x: torch.atan(x**2)),
    ("hyperbolic sine", "sinh(2x)", lambda x: torch.sinh(2 * x)), ("hyperbolic cosine", "cosh(x)^2", lambda x: torch.cosh(x)**2),
    ("binary logarithm", "log2(1 + x^2)", lambda x: torch.log2(1 + x**2)),
    ("gelu", "gelu(x)", nn.gelu), ("silu", "silu(x)", nn.silu), ("elu", "elu(x)", nn.elu),
    ("softplus by name", "softplus(x)", nn.softplus), ("softsign", "softsign(x)", nn.softsign),
    ("hard tanh", "hard_tanh(x/4)", lambda x: nn.hardtanh(x / 4)),
]:
    identity(title, f"(x) = {text}", "x", None, value)
