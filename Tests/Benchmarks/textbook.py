"""Textbook derivatives in Nabla's notation, side by side with SymPy and with PyTorch.

    python Tests/Benchmarks/textbook.py [--write]

Every case of this file is computed twice: by SymPy, which writes all outputs out as numbers and differentiates
each by each input, and by torch.func.jacrev in float64 (further orders by jacfwd over it, as torch.func.hessian
does). The two must agree to 1e-10. Those of textbook_identities.py, of larger shapes and with the form that books
print, are computed by PyTorch. Then --write stores cases and results in Tests/KernelClients/textbook.json, where
test_textbook.py runs them in the kernel; without it the stored file is compared with what was computed. Needs
sympy and torch; Nabla itself is not started.
"""

import argparse
import functools
import itertools
import json
import math
import sys
from pathlib import Path

import sympy as sp
import torch
from textbook_identities import IDENTITIES
from torch.nn import functional as nn

STORED = Path(__file__).resolve().parents[1] / "KernelClients/textbook.json"
TOLERANCE = 1e-10
CASES = []


def case(title, source, derivative, point, sympy, torch, by="x", check="f", shape=None):
    """Adds a case. SymPy's and PyTorch's functions take the values of `point` in order.

    source      definitions in Nabla, one a line
    derivative  the expression that is shown, then called with the values of `point` in order
    sympy       from numbers (symbols; a vector is a list of them, a matrix a list of rows) to the same
    torch       from tensors to a tensor
    by          what the derivative is by: orders separated by commas, several variables of one order by
                spaces; `x[2]` is an entry
    check       what `gradcheck` compares with differences by every variable, separated by semicolons
    shape       of the result, where the rule in `layout` does not give it
    """
    CASES.append({"title": title, "source": source, "derivative": derivative, "point": point, "by": by,
                  "check": check.split("; "), "shape": shape, "sympy": sympy, "torch": torch})


# MARK: - Entries, for SymPy


def add(u, v):
    return [a + b for a, b in zip(u, v)]


def subtract(u, v):
    return [a - b for a, b in zip(u, v)]


def times(u, v):
    return [a * b for a, b in zip(u, v)]


def dot(u, v):
    return sum(times(u, v))


def transposed(A):
    return [list(row) for row in zip(*A)]


def matvec(A, x):
    return [dot(row, x) for row in A]


def matmul(A, B):
    return [[dot(row, column) for column in zip(*B)] for row in A]


def squares(x):
    return sum(a**2 for a in x)


def norm(x):
    return sp.sqrt(squares(x))


def mean(x):
    return sum(x) / sp.Integer(len(x))


def outer(u, v):
    return [[a * b for b in v] for a in u]


def entries(value):
    """All numbers of a number, vector or matrix, row by row."""
    return [each for part in value for each in entries(part)] if isinstance(value, list) else [value]


def every(function, value):
    """A function of numbers, entry by entry."""
    return [every(function, part) for part in value] if isinstance(value, list) else function(value)


def sigmoid(z):
    return 1 / (1 + sp.exp(-z))


def relu(z):
    return sp.Piecewise((z, z > 0), (0, True))


def leaky_relu(z, slope=sp.Rational(1, 100)):
    return sp.Piecewise((z, z > 0), (slope * z, True))


def softmax(z):
    powers = [sp.exp(a) for a in z]
    return [a / sum(powers) for a in powers]


def cross_entropy(a, y):
    return -y * sp.ln(a) - (1 - y) * sp.ln(1 - a)


def log_likelihood(y, p):
    return sum(a * sp.ln(b) for a, b in zip(y, p))


# MARK: - Points, away from kinks

V2 = [0.7, -1.3]
V3 = [0.4, -1.2, 2.1]
W3 = [1.1, 0.6, -0.8]
P3 = [0.5, 1.7, 2.3]
Q3 = [1.4, 0.8, 2.6]
M23 = [[0.3, -1.1, 0.8], [1.6, 0.5, -0.4]]
M32 = [[0.9, -0.2], [0.4, 1.3], [-0.7, 0.6]]
N23 = [[1.2, 0.7, -0.5], [-0.9, 2.2, 0.1]]
M33 = [[2.1, -0.3, 0.5], [0.7, 1.4, -0.6], [0.2, 0.9, 1.8]]
M22 = [[1.3, -0.4], [0.8, 2.1]]
X42 = [[1.0, 2.0], [-0.5, 0.3], [-1.5, -2.0], [0.7, -0.1]]
Y4 = [1.0, 0.5, -0.3, 2.0]
T4 = [1.0, 0.0, 0.0, 1.0]
HOT = [0.0, 1.0, 0.0]
HOT33 = [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]

# MARK: - One variable

case("power rule", "f(x) = x^5 - 3x^2 + 7", "∂f/∂x", {"x": 1.3},
     lambda x: x**5 - 3 * x**2 + 7, lambda x: x**5 - 3 * x**2 + 7)
case("power rule, roots and negative powers", "f(x) = x^(-2) + 2/x + sqrt(x) + x^1.5", "∂f/∂x", {"x": 1.7},
     lambda x: 1 / x**2 + 2 / x + sp.sqrt(x) + x**sp.Rational(3, 2),
     lambda x: x**-2 + 2 / x + torch.sqrt(x) + x**1.5)
case("product rule", "f(x) = x^2*exp(x)*cos(x)", "∂f/∂x", {"x": 0.8},
     lambda x: x**2 * sp.exp(x) * sp.cos(x), lambda x: x**2 * torch.exp(x) * torch.cos(x))
case("quotient rule", "f(x) = (x^2 + 1)/(x - 3)", "∂f/∂x", {"x": 1.2},
     lambda x: (x**2 + 1) / (x - 3), lambda x: (x**2 + 1) / (x - 3))
case("quotient of sine and logarithm", "f(x) = sin(x)/ln(x)", "∂f/∂x", {"x": 2.4},
     lambda x: sp.sin(x) / sp.ln(x), lambda x: torch.sin(x) / torch.log(x))
case("chain rule", "f(x) = sin(x^2)", "∂f/∂x", {"x": 0.7},
     lambda x: sp.sin(x**2), lambda x: torch.sin(x**2))
case("chain rule, three links", "f(x) = ln(sin(x^3 + x^2))", "derivative(f, x)", {"x": 0.9},
     lambda x: sp.ln(sp.sin(x**3 + x**2)), lambda x: torch.log(torch.sin(x**3 + x**2)))
case("trigonometric functions", "f(x) = tan(x) + sin(x)*cos(2x)", "∂f/∂x", {"x": 0.6},
     lambda x: sp.tan(x) + sp.sin(x) * sp.cos(2 * x),
     lambda x: torch.tan(x) + torch.sin(x) * torch.cos(2 * x))
case("Gaussian density", "f(x, μ, s) = exp(-(x - μ)^2/(2*s^2))/(s*sqrt(2*pi))", "∂f/∂s",
     {"x": 0.9, "μ": 0.2, "s": 1.3},
     lambda x, m, s: sp.exp(-(x - m)**2 / (2 * s**2)) / (s * sp.sqrt(2 * sp.pi)),
     lambda x, m, s: torch.exp(-(x - m)**2 / (2 * s**2)) / (s * math.sqrt(2 * math.pi)), by="s")
case("power with a variable exponent", "f(x) = x^x + 2^x", "∂f/∂x", {"x": 1.4},
     lambda x: x**x + 2**x, lambda x: x**x + 2**x)
case("decimal logarithm", "f(x) = log10(x^2 + 1)", "∂f/∂x", {"x": 1.9},
     lambda x: sp.log(x**2 + 1, 10), lambda x: torch.log10(x**2 + 1))
case("sigmoid, written out", "f(x) = 1/(1 + exp(-x))", "∂f/∂x", {"x": 0.35},
     sigmoid, torch.sigmoid)
case("sigmoid of a line, by its weight", "f(w, x, b) = sigmoid(w*x + b)", "∂f/∂w",
     {"w": 0.4, "x": 1.7, "b": -0.3},
     lambda w, x, b: sigmoid(w * x + b), lambda w, x, b: torch.sigmoid(w * x + b), by="w")
case("tanh, written out", "f(x) = (exp(x) - exp(-x))/(exp(x) + exp(-x))", "∂f/∂x", {"x": -0.45},
     lambda x: (sp.exp(x) - sp.exp(-x)) / (sp.exp(x) + sp.exp(-x)), torch.tanh)
case("tanh of a square", "f(x) = tanh(x^2 - 1)", "∂f/∂x", {"x": 0.8},
     lambda x: sp.tanh(x**2 - 1), lambda x: torch.tanh(x**2 - 1))
case("softplus", "f(x) = ln(1 + exp(x))", "∂f/∂x", {"x": 0.65},
     lambda x: sp.ln(1 + sp.exp(x)), nn.softplus)
case("swish", "f(x) = x*sigmoid(x)", "∂f/∂x", {"x": -0.8},
     lambda x: x * sigmoid(x), nn.silu)
case("hypotenuse", "f(x, y) = sqrt(x^2 + y^2)", "∂f/∂y", {"x": 1.5, "y": -0.7},
     lambda x, y: sp.sqrt(x**2 + y**2), torch.hypot, by="y")
case("absolute value, away from 0", "f(x) = abs(x^3 - 2)", "∂f/∂x", {"x": 0.7},
     lambda x: sp.Abs(x**3 - 2), lambda x: torch.abs(x**3 - 2))
case("cases", "f(x) = if x >= 1 { x^2 } else { 2x - 1 + sin(x) }", "∂f/∂x", {"x": 0.4},
     lambda x: sp.Piecewise((x**2, x >= 1), (2 * x - 1 + sp.sin(x), True)),
     lambda x: torch.where(x >= 1, x**2, 2 * x - 1 + torch.sin(x)))
case("leaky relu with a slope of its own", "f(x) = leaky_relu(x^2 - 2, slope = 0.2)", "∂f/∂x", {"x": 0.9},
     lambda x: leaky_relu(x**2 - 2, sp.Float(0.2, 40)), lambda x: nn.leaky_relu(x**2 - 2, 0.2))
case("greater and smaller of two", "f(x) = max(x^2, 1.5)*min(x, exp(-x))", "∂f/∂x", {"x": 1.6},
     lambda x: sp.Max(x**2, 1.5) * sp.Min(x, sp.exp(-x)),
     lambda x: torch.clamp(x**2, min=1.5) * torch.minimum(x, torch.exp(-x)))
case("derivative by a prime", "f(x) = x^3*ln(x)", "f'", {"x": 1.3},
     lambda x: x**3 * sp.ln(x), lambda x: x**3 * torch.log(x))
case("derivative of an expression", "symbols a, x", "∂(a*sin(a*x) + x^2)/∂x", {"a": 1.2, "x": 0.5},
     lambda a, x: a * sp.sin(a * x) + x**2, lambda a, x: a * torch.sin(a * x) + x**2,
     check="a*sin(a*x) + x^2")

# MARK: - Second and third derivatives of one variable

case("second derivative", "f(x) = exp(-x^2)*sin(3x)", "∂²f/∂x²", {"x": 0.45},
     lambda x: sp.exp(-x**2) * sp.sin(3 * x), lambda x: torch.exp(-x**2) * torch.sin(3 * x), by="x, x",
     check="f; ∂f/∂x")
case("second derivative of the sigmoid", "f(x) = sigmoid(x)", "f''", {"x": 0.8},
     sigmoid, torch.sigmoid, by="x, x", check="f; f'")
case("second derivative of a quotient", "f(x) = ln(x)/x", "∂²f/∂x²", {"x": 2.2},
     lambda x: sp.ln(x) / x, lambda x: torch.log(x) / x, by="x, x", check="f; ∂f/∂x")
case("third derivative", "f(x) = tanh(x)*x^2", "∂³f/∂x³", {"x": 0.6},
     lambda x: sp.tanh(x) * x**2, lambda x: torch.tanh(x) * x**2, by="x, x, x", check="f; ∂f/∂x; ∂²f/∂x²")

# MARK: - Several numbers

case("partial derivative", "f(x, y) = x^2*y + sin(x*y)", "∂f/∂x", {"x": 0.7, "y": -1.1},
     lambda x, y: x**2 * y + sp.sin(x * y), lambda x, y: x**2 * y + torch.sin(x * y))
case("gradient of two numbers", "f(x, y) = 3*x^2*y + exp(x/y)", "∇f", {"x": 0.8, "y": 1.9},
     lambda x, y: 3 * x**2 * y + sp.exp(x / y), lambda x, y: 3 * x**2 * y + torch.exp(x / y), by="x y",
     shape=[2])
case("gradient of three numbers", "f(x, y, z) = x*y*z + ln(x^2 + y^2 + z^2)", "gradient(f)",
     {"x": 0.6, "y": 1.2, "z": -0.9},
     lambda x, y, z: x * y * z + sp.ln(x**2 + y**2 + z**2),
     lambda x, y, z: x * y * z + torch.log(x**2 + y**2 + z**2), by="x y z", shape=[3])
case("Jacobian of two functions", "f(x, y) = 3*x^2*y\ng(x, y) = 2*x + y^8", "jacobian([f, g], [x, y])",
     {"x": 1.3, "y": 0.9},
     lambda x, y: [3 * x**2 * y, 2 * x + y**8], lambda x, y: torch.stack([3 * x**2 * y, 2 * x + y**8]),
     by="x y", check="f; g")
case("polar coordinates", "f(r, θ) = r*cos(θ)\ng(r, θ) = r*sin(θ)", "jacobian([f, g], [r, θ])",
     {"r": 1.6, "θ": 0.7},
     lambda r, t: [r * sp.cos(t), r * sp.sin(t)],
     lambda r, t: torch.stack([r * torch.cos(t), r * torch.sin(t)]), by="r θ", check="f; g")
case("mixed second derivative", "f(x, y) = x^3*y^2 + cos(x*y)", "∂²f/∂x∂y", {"x": 0.7, "y": 1.4},
     lambda x, y: x**3 * y**2 + sp.cos(x * y), lambda x, y: x**3 * y**2 + torch.cos(x * y), by="x, y",
     check="f; ∂f/∂x; ∂f/∂y")
case("Hessian of two numbers", "f(x, y) = (1 - x)^2 + 100*(y - x^2)^2", "hessian(f)", {"x": 0.6, "y": 0.9},
     lambda x, y: (1 - x)**2 + 100 * (y - x**2)**2, lambda x, y: (1 - x)**2 + 100 * (y - x**2)**2,
     by="x y, x y", check="f; ∂f/∂x; ∂f/∂y")
case("a vector of one variable", "f(t) = [cos(t), sin(t), t^2]", "∂f/∂t", {"t": 0.9},
     lambda t: [sp.cos(t), sp.sin(t), t**2], lambda t: torch.stack([torch.cos(t), torch.sin(t), t**2]),
     by="t")
case("a rotation by its angle", "f(t) = [cos(t), -sin(t); sin(t), cos(t)]", "∂f/∂t", {"t": 0.7},
     lambda t: [[sp.cos(t), -sp.sin(t)], [sp.sin(t), sp.cos(t)]],
     lambda t: torch.stack([torch.cos(t), -torch.sin(t), torch.sin(t), torch.cos(t)]).reshape(2, 2), by="t")

# MARK: - Total derivatives and composed functions

case("total derivative", "g(x, y) = x^2*y + y^3\nf(x) = g(x, sin(x))", "total_derivative(g, x, y = sin(x))",
     {"x": 0.8},
     lambda x: x**2 * sp.sin(x) + sp.sin(x)**3, lambda x: x**2 * torch.sin(x) + torch.sin(x)**3)
case("total derivative, two intermediate variables that depend on each other",
     "g(x, u1, u2) = u2 + x*u1\nf(x) = g(x, x^2, x + x^2)", "total_derivative(g, x, u1 = x^2, u2 = x + u1)",
     {"x": 1.3},
     lambda x: x + x**2 + x**3, lambda x: x + x**2 + x**3)
case("total derivative with a further parameter", "g(x, y, t) = exp(t*x)*y\nf(x, t) = g(x, x^2 + t, t)",
     "total_derivative(g, x, y = x^2 + t)", {"x": 0.5, "t": 0.9},
     lambda x, t: sp.exp(t * x) * (x**2 + t), lambda x, t: torch.exp(t * x) * (x**2 + t))
case("named functions composed", "g(x) = 3x + x^2\np(u) = ln(1 + u^2)\nf(x) = p(g(x))", "∂f/∂x", {"x": 0.4},
     lambda x: sp.ln(1 + (3 * x + x**2)**2), lambda x: torch.log(1 + (3 * x + x**2)**2))
case("named functions of vectors composed",
     "g(x: vector, A: matrix) = A @ x\np(u: vector) = u^2*sin(u)\nf(x: vector, A: matrix) = p(g(x, A))",
     "∂f/∂x", {"x": V3, "A": M23},
     lambda x, A: [u**2 * sp.sin(u) for u in matvec(A, x)], lambda x, A: (A @ x)**2 * torch.sin(A @ x))
case("a function with a parameter filled in", "g(x, y) = x^2*y + y^3*x\nf = g(y = 2)", "∂f/∂x", {"x": 1.2},
     lambda x: 2 * x**2 + 8 * x, lambda x: 2 * x**2 + 8 * x)
case("a function of vectors with a vector filled in",
     "g(w: vector, x: vector) = sigmoid(w · x)\nf = g(x = [0.5, -0.2, 0.3])", "∂f/∂w", {"w": V3},
     lambda w: sigmoid(dot(w, [0.5, -0.2, 0.3])),
     lambda w: torch.sigmoid(0.5 * w[0] - 0.2 * w[1] + 0.3 * w[2]), by="w")
case("a function of a matrix with a vector filled in",
     "g(A: matrix, x: vector) = norm(A @ x)^2\nf = g(x = [1, -2, 3])", "∂f/∂A", {"A": M23},
     lambda A: squares(matvec(A, [1, -2, 3])),
     lambda A: torch.sum((A[:, 0] - 2 * A[:, 1] + 3 * A[:, 2])**2), by="A")
case("a constant of the session", "k = 2.5\nf(x) = sin(k*x)/k", "∂f/∂x", {"x": 0.3},
     lambda x: sp.sin(2.5 * x) / 2.5, lambda x: torch.sin(2.5 * x) / 2.5)
case("a matrix of the session", "A = [1, -2, 3; 4, 5, -6]\nsymbols x: vector(3)", "∂(norm(A @ x)^2)/∂x",
     {"x": V3},
     lambda x: squares(matvec([[1, -2, 3], [4, 5, -6]], x)),
     lambda x: torch.sum((torch.tensor([[1, -2, 3], [4, 5, -6]]).to(x) @ x)**2), check="norm(A @ x)^2")
case("a vector of the session and a size", "b = [0.5, -1]\nf(x: vector(n)) = norm(x - b)^2/n", "∂f/∂x",
     {"x": V2},
     lambda x: ((x[0] - 0.5)**2 + (x[1] + 1)**2) / 2, lambda x: ((x[0] - 0.5)**2 + (x[1] + 1)**2) / 2)

# MARK: - Vectors, entry by entry

case("elementwise sum", "f(w: vector, x: vector) = w + x", "∂f/∂w", {"w": W3, "x": V3},
     add, lambda w, x: w + x, by="w")
case("elementwise difference", "f(w: vector, x: vector) = w - x", "∂f/∂x", {"w": W3, "x": V3},
     subtract, lambda w, x: w - x)
case("Hadamard product", "f(w: vector, x: vector) = w ⊙ x", "∂f/∂w", {"w": W3, "x": V3},
     times, lambda w, x: w * x, by="w")
case("Hadamard product, the lecture's sign", "f(w: vector, x: vector) = w ⊗ x", "jacobian(f, x)",
     {"w": W3, "x": V3},
     times, lambda w, x: w * x)
case("elementwise quotient by the numerator", "f(w: vector, x: vector) = w ⊘ x", "∂f/∂w",
     {"w": W3, "x": V3},
     lambda w, x: [a / b for a, b in zip(w, x)], lambda w, x: w / x, by="w")
case("elementwise quotient by the denominator", "f(w: vector, x: vector) = w ⊘ x", "∂f/∂x",
     {"w": W3, "x": V3},
     lambda w, x: [a / b for a, b in zip(w, x)], lambda w, x: w / x)
case("vector plus a number", "f(x: vector, z) = x + z", "∂f/∂z", {"x": V3, "z": 0.4},
     lambda x, z: [a + z for a in x], lambda x, z: x + z, by="z")
case("vector times a number", "f(x: vector, z) = x*z", "∂f/∂z", {"x": V3, "z": 0.4},
     lambda x, z: [a * z for a in x], lambda x, z: x * z, by="z")
case("vector times a number, by the vector", "f(x: vector, z) = x*z", "∂f/∂x", {"x": V3, "z": 0.4},
     lambda x, z: [a * z for a in x], lambda x, z: x * z)
case("powers of entries", "f(x: vector, y: vector) = x^y", "∂f/∂y", {"x": P3, "y": V3},
     lambda x, y: [a**b for a, b in zip(x, y)], lambda x, y: x**y, by="y")
case("functions of entries", "f(x: vector) = sin(x) ⊙ exp(-x) + sqrt(x^2 + 1)", "∂f/∂x", {"x": V3},
     lambda x: [sp.sin(a) * sp.exp(-a) + sp.sqrt(a**2 + 1) for a in x],
     lambda x: torch.sin(x) * torch.exp(-x) + torch.sqrt(x**2 + 1))
case("sigmoid of entries", "f(z: vector) = sigmoid(z)", "∂f/∂z", {"z": V3},
     lambda z: every(sigmoid, z), torch.sigmoid, by="z")
case("tanh of entries", "f(z: vector) = tanh(2z)", "∂f/∂z", {"z": V3},
     lambda z: [sp.tanh(2 * a) for a in z], lambda z: torch.tanh(2 * z), by="z")
case("relu of entries", "f(z: vector) = relu(z)", "∂f/∂z", {"z": V3},
     lambda z: every(relu, z), torch.relu, by="z")
case("leaky relu of entries", "f(z: vector) = leaky_relu(z)", "∂f/∂z", {"z": V3},
     lambda z: every(leaky_relu, z), lambda z: nn.leaky_relu(z, 0.01), by="z")
case("max(0, ·) of entries", "f(x: vector) = max(0, x)", "∂f/∂x", {"x": V3},
     lambda x: every(relu, x), lambda x: torch.clamp(x, min=0))
case("absolute value of entries", "f(x: vector) = abs(x)*x^2", "∂f/∂x", {"x": V3},
     lambda x: [sp.Abs(a) * a**2 for a in x], lambda x: torch.abs(x) * x**2)
case("softmax", "f(z: vector) = softmax(z)", "∂f/∂z", {"z": V3},
     softmax, lambda z: torch.softmax(z, -1), by="z")
case("diagonal matrix of a vector", "f(x: vector) = diag(x^2)", "∂f/∂x", {"x": V2},
     lambda x: [[x[0]**2, 0], [0, x[1]**2]], lambda x: torch.diag(x**2))
case("entries picked and combined", "f(x: vector) = [x[1]^2*x[2], x[2]*sin(x[3])]", "∂f/∂x", {"x": V3},
     lambda x: [x[0]**2 * x[1], x[1] * sp.sin(x[2])],
     lambda x: torch.stack([x[0]**2 * x[1], x[1] * torch.sin(x[2])]))
case("part of a vector", "f(x: vector) = x[2:3]^3", "∂f/∂x", {"x": V3},
     lambda x: [x[1]**3, x[2]**3], lambda x: x[1:3]**3)
case("numbers and a vector joined", "f(x: vector(3)) = concat(1, x)^2", "∂f/∂x", {"x": V3},
     lambda x: [sp.Integer(1), *(a**2 for a in x)], lambda x: torch.cat([torch.ones_like(x[:1]), x])**2)

# MARK: - Numbers from vectors

case("sum", "f(x: vector) = sum(x)", "∂f/∂x", {"x": V3}, sum, torch.sum)
case("sum of a function", "f(x: vector, z) = sum(x^2*sin(z*x))", "∂f/∂z", {"x": V3, "z": 0.7},
     lambda x, z: sum(a**2 * sp.sin(z * a) for a in x), lambda x, z: torch.sum(x**2 * torch.sin(z * x)),
     by="z")
case("mean", "f(x: vector) = mean(exp(x))", "∂f/∂x", {"x": V3},
     lambda x: mean(every(sp.exp, x)), lambda x: torch.mean(torch.exp(x)))
case("mean square, divided by a size", "f(x: vector(n)) = sum(x^2)/n", "∂f/∂x", {"x": V3},
     lambda x: squares(x) / 3, lambda x: torch.mean(x**2))
case("gradient of a number of one vector", "f(x: vector) = sum(exp(x))*x[1]", "∇f", {"x": V3},
     lambda x: sum(every(sp.exp, x)) * x[0], lambda x: torch.sum(torch.exp(x)) * x[0], shape=[3])
case("variance", "f(x: vector) = mean((x - mean(x))^2)", "∂f/∂x", {"x": V3},
     lambda x: mean([(a - mean(x))**2 for a in x]), lambda x: torch.var(x, correction=0))
case("norm", "f(x: vector) = norm(x)", "∂f/∂x", {"x": V3}, norm, torch.linalg.vector_norm)
case("unit vector", "f(x: vector) = x/norm(x)", "∂f/∂x", {"x": V3},
     lambda x: [a / norm(x) for a in x], lambda x: x / torch.linalg.vector_norm(x))
case("dot product", "f(w: vector, x: vector) = dot(w, x)", "∂f/∂w", {"w": W3, "x": V3},
     dot, torch.dot, by="w")
case("dot product plus bias", "f(w: vector, x: vector, b) = w · x + b", "∂f/∂w",
     {"w": W3, "x": V3, "b": 0.2},
     lambda w, x, b: dot(w, x) + b, lambda w, x, b: w @ x + b, by="w")
case("bias joined to the input", "f(w: vector, x: vector(3)) = w · concat(1, x)", "∂f/∂x",
     {"w": [0.3, *W3], "x": V3},
     lambda w, x: w[0] + dot(w[1:], x), lambda w, x: w @ torch.cat([torch.ones_like(x[:1]), x]))
case("cosine of an angle", "f(w: vector, x: vector) = w · x/(norm(w)*norm(x))", "∂f/∂w", {"w": W3, "x": V3},
     lambda w, x: dot(w, x) / (norm(w) * norm(x)), lambda w, x: nn.cosine_similarity(w, x, dim=0), by="w")
case("greatest entry", "f(x: vector) = max(x^2)", "∂f/∂x", {"x": V3},
     lambda x: sp.Max(*(a**2 for a in x)), lambda x: torch.max(x**2))
case("smallest entry", "f(x: vector) = min(x)*sum(x)", "∂f/∂x", {"x": V3},
     lambda x: sp.Min(*x) * sum(x), lambda x: torch.min(x) * torch.sum(x))
case("logarithm of a sum of exponentials", "f(x: vector) = ln(sum(exp(x)))", "∂f/∂x", {"x": V3},
     lambda x: sp.ln(sum(every(sp.exp, x))), lambda x: torch.logsumexp(x, 0))
case("entropy", "f(p: vector) = -sum(p ⊙ ln(p))", "∂f/∂p", {"p": P3},
     lambda p: -sum(a * sp.ln(a) for a in p), lambda p: -torch.sum(p * torch.log(p)), by="p")
case("geometric mean by one entry", "f(x: vector) = exp(mean(ln(x)))", "∂f/∂x[2]", {"x": P3},
     lambda x: sp.exp(mean(every(sp.ln, x))), lambda x: torch.exp(torch.mean(torch.log(x))), by="x[2]",
     shape=[])

# MARK: - Sums over an index

case("sum over an index", "f(w: vector, x: vector) = sum(w[i]*x[i]^i for i in 1:3)", "∂f/∂x",
     {"w": W3, "x": V3},
     lambda w, x: sum(w[i] * x[i]**(i + 1) for i in range(3)),
     lambda w, x: torch.sum(w * torch.stack([x[0], x[1]**2, x[2]**3])))
case("sum over an index up to a size", "f(x: vector(n)) = sum(i*x[i]^2 for i in 1:n)", "∂f/∂x", {"x": V3},
     lambda x: sum((i + 1) * a**2 for i, a in enumerate(x)), lambda x: torch.sum(torch.arange(1, 4) * x**2))
case("sum over two indices",
     "f(x: vector, A: matrix) = sum(sum(A[i,j]*x[j]*sin(x[i]) for j in 1:3) for i in 1:3)", "∂f/∂x",
     {"x": V3, "A": M33},
     lambda x, A: sum(A[i][j] * x[j] * sp.sin(x[i]) for i in range(3) for j in range(3)),
     lambda x, A: torch.sin(x) @ A @ x)
case("sum of neighbours' differences", "f(x: vector) = sum((x[i+1] - x[i])^2 for i in 1:2)", "∂f/∂x",
     {"x": V3},
     lambda x: (x[1] - x[0])**2 + (x[2] - x[1])**2, lambda x: torch.sum(torch.diff(x)**2))
case("power series by its variable", "f(x) = sum(x^k/k for k in 1:5)", "∂f/∂x", {"x": 0.7},
     lambda x: sum(x**k / k for k in range(1, 6)), lambda x: sum(x**k / k for k in range(1, 6)))
case("list over an index", "f(x: vector) = [x[i]^i for i in 1:3]", "∂f/∂x", {"x": V3},
     lambda x: [a**(i + 1) for i, a in enumerate(x)], lambda x: torch.stack([x[0], x[1]**2, x[2]**3]))
case("sum over a part of a vector", "f(x: vector) = sum(x[i]^2 for i in 1:2)", "∂f/∂x", {"x": V3},
     lambda x: x[0]**2 + x[1]**2, lambda x: torch.sum(x[:2]**2))
case("sum from the second entry", "f(x: vector) = sum(x[i]^i for i in 2:3)", "∂f/∂x", {"x": V3},
     lambda x: x[1]**2 + x[2]**3, lambda x: x[1]**2 + x[2]**3)
case("sum from the second entry up to a size", "f(x: vector(n)) = sum(i*x[i]^2 for i in 2:n)", "∂f/∂x",
     {"x": V3},
     lambda x: 2 * x[1]**2 + 3 * x[2]**2, lambda x: 2 * x[1]**2 + 3 * x[2]**2)
case("sum of neighbours' products", "f(x: vector(3)) = sum(x[i]*x[i+1]^2 for i in 1:2)",
     "∂f/∂x", {"x": V3},
     lambda x: x[0] * x[1]**2 + x[1] * x[2]**2, lambda x: torch.sum(x[:-1] * x[1:]**2))
case("squares of running sums", "f(x: vector) = sum(sum(x[j] for j in 1:i)^2 for i in 1:3)", "∂f/∂x",
     {"x": V3},
     lambda x: squares([sum(x[:i]) for i in (1, 2, 3)]), lambda x: torch.sum(torch.cumsum(x, 0)**2))
case("dot product, written with an index", "f(w: vector, x: vector) = sum(w[i]*x[i]^2 for i in 1:3)",
     "∂f/∂x", {"w": W3, "x": V3},
     lambda w, x: dot(w, [a**2 for a in x]), lambda w, x: torch.dot(w, x**2))
case("quotients summed over an index", "f(w: vector(n), x: vector(n)) = sum(w[i]/x[i] for i in 1:n)",
     "∂f/∂x", {"w": W3, "x": V3},
     lambda w, x: sum(a / b for a, b in zip(w, x)), lambda w, x: torch.sum(w / x))
case("trace, written with an index", "f(A: matrix(n, n)) = sum(A[i,i]^2 for i in 1:n)", "∂f/∂A", {"A": M33},
     lambda A: sum(A[i][i]**2 for i in range(3)), lambda A: torch.sum(torch.diagonal(A)**2), by="A")
case("trace of a leading part", "f(A: matrix) = sum(A[i,i]^2 for i in 1:2)", "∂f/∂A", {"A": M33},
     lambda A: A[0][0]**2 + A[1][1]**2, lambda A: torch.sum(torch.diagonal(A)[:2]**2), by="A")
case("matrix product, written with indices",
     "f(A: matrix, x: vector) = [sum(A[i,j]*x[j]^2 for j in 1:3) for i in 1:2]", "∂f/∂x",
     {"A": M23, "x": V3},
     lambda A, x: [sum(A[i][j] * x[j]**2 for j in range(3)) for i in range(2)], lambda A, x: A @ x**2)

# MARK: - Matrices times vectors

case("matrix times vector", "symbols A: matrix(m, n), x: vector(n)", "∂(A @ x)/∂x", {"A": M23, "x": V3},
     matvec, lambda A, x: A @ x, check="A @ x")
case("affine layer through the sigmoid", "f(x: vector, W: matrix, b: vector) = sigmoid(x @ W + b)", "∂f/∂x",
     {"x": V3, "W": M32, "b": V2},
     lambda x, W, b: every(sigmoid, add(matvec(transposed(W), x), b)),
     lambda x, W, b: torch.sigmoid(x @ W + b))
case("affine layer through the sigmoid, by the bias",
     "f(x: vector, W: matrix, b: vector) = sigmoid(x @ W + b)", "∂f/∂b", {"x": V3, "W": M32, "b": V2},
     lambda x, W, b: every(sigmoid, add(matvec(transposed(W), x), b)),
     lambda x, W, b: torch.sigmoid(x @ W + b), by="b")
case("affine layer through the sigmoid, by the weights",
     "f(x: vector, W: matrix, b: vector) = sigmoid(x @ W + b)", "∂f/∂W", {"x": V3, "W": M32, "b": V2},
     lambda x, W, b: every(sigmoid, add(matvec(transposed(W), x), b)),
     lambda x, W, b: torch.sigmoid(x @ W + b), by="W")
case("quadratic form", "f(x: vector, A: matrix) = x' @ A @ x", "∂f/∂x", {"x": V3, "A": M33},
     lambda x, A: dot(x, matvec(A, x)), lambda x, A: x @ A @ x)
case("quadratic form by its matrix", "f(x: vector, A: matrix) = x' @ A @ x", "∂f/∂A", {"x": V3, "A": M33},
     lambda x, A: dot(x, matvec(A, x)), lambda x, A: x @ A @ x, by="A")
case("squared length of a product", "f(x: vector, A: matrix) = norm(A @ x)^2", "∂f/∂x", {"x": V3, "A": M23},
     lambda x, A: squares(matvec(A, x)), lambda x, A: torch.sum((A @ x)**2))
case("least squares", "f(x: vector, A: matrix, b: vector) = norm(A @ x - b)^2", "∂f/∂x",
     {"x": V3, "A": M23, "b": V2},
     lambda x, A, b: squares(subtract(matvec(A, x), b)), lambda x, A, b: torch.sum((A @ x - b)**2))
case("least squares by the matrix", "f(x: vector, A: matrix, b: vector) = norm(A @ x - b)^2", "∂f/∂A",
     {"x": V3, "A": M23, "b": V2},
     lambda x, A, b: squares(subtract(matvec(A, x), b)), lambda x, A, b: torch.sum((A @ x - b)**2), by="A")
case("ridge regression", "f(w: vector, X: matrix, y: vector, λ) = mean((X @ w - y)^2) + λ*norm(w)^2",
     "∂f/∂w", {"w": V2, "X": X42, "y": Y4, "λ": 0.3},
     lambda w, X, y, c: mean([a**2 for a in subtract(matvec(X, w), y)]) + c * squares(w),
     lambda w, X, y, c: torch.mean((X @ w - y)**2) + c * (w @ w), by="w")
case("Rayleigh quotient", "f(x: vector, A: matrix) = (x' @ A @ x)/(x' @ x)", "∂f/∂x", {"x": V3, "A": M33},
     lambda x, A: dot(x, matvec(A, x)) / squares(x), lambda x, A: (x @ A @ x) / (x @ x))
case("softmax of a layer", "f(x: vector, W: matrix) = softmax(x @ W)", "∂f/∂x", {"x": V2, "W": M23},
     lambda x, W: softmax(matvec(transposed(W), x)), lambda x, W: torch.softmax(x @ W, -1))
case("a relu between two matrices", "f(x: vector, A: matrix, B: matrix) = A @ relu(B @ x)", "∂f/∂x",
     {"x": V3, "A": M32, "B": M23},
     lambda x, A, B: matvec(A, every(relu, matvec(B, x))), lambda x, A, B: A @ torch.relu(B @ x))
case("outer product", "f(u: vector, v: vector) = u @ v'", "∂f/∂u", {"u": V2, "v": V3},
     outer, torch.outer, by="u")

# MARK: - Matrices

case("sum of a matrix product", "f(A: matrix, B: matrix) = sum(A @ B)", "∂f/∂A", {"A": M23, "B": M32},
     lambda A, B: sum(entries(matmul(A, B))), lambda A, B: torch.sum(A @ B), by="A")
case("sum of a matrix product by the second", "f(A: matrix, B: matrix) = sum(A @ B)", "∂f/∂B",
     {"A": M23, "B": M32},
     lambda A, B: sum(entries(matmul(A, B))), lambda A, B: torch.sum(A @ B), by="B")
case("bilinear form", "f(a: vector, X: matrix, b: vector) = a' @ X @ b", "∂f/∂X",
     {"a": V2, "X": M23, "b": V3},
     lambda a, X, b: dot(a, matvec(X, b)), lambda a, X, b: a @ X @ b, by="X")
case("squared Frobenius norm", "f(A: matrix) = norm(A)^2", "∂f/∂A", {"A": M23},
     lambda A: squares(entries(A)), lambda A: torch.sum(A**2), by="A")
case("Frobenius norm of a difference", "f(A: matrix, B: matrix) = norm(A - B)", "∂f/∂A",
     {"A": M23, "B": N23},
     lambda A, B: norm(subtract(entries(A), entries(B))), lambda A, B: torch.linalg.matrix_norm(A - B),
     by="A")
case("trace of a product", "f(A: matrix, B: matrix) = sum(diag(A @ B))", "∂f/∂A", {"A": M23, "B": M32},
     lambda A, B: sum(matmul(A, B)[i][i] for i in range(2)), lambda A, B: torch.trace(A @ B), by="A")
case("determinant, two by two", "f(A: matrix) = A[1,1]*A[2,2] - A[1,2]*A[2,1]", "∂f/∂A", {"A": M22},
     lambda A: A[0][0] * A[1][1] - A[0][1] * A[1][0], torch.linalg.det, by="A")
case("matrix by one entry", "f(A: matrix) = sum(exp(A) ⊙ A)", "∂f/∂A[1,2]", {"A": M23},
     lambda A: sum(a * sp.exp(a) for a in entries(A)), lambda A: torch.sum(torch.exp(A) * A), by="A[1,2]",
     shape=[])
case("matrix times a number, by the number", "f(A: matrix, t) = sin(t)*A", "∂f/∂t", {"A": M23, "t": 0.6},
     lambda A, t: every(lambda a: sp.sin(t) * a, A), lambda A, t: torch.sin(t) * A, by="t")
case("matrix times vector, by the matrix", "f(A: matrix, x: vector) = A @ x", "∂f/∂A", {"A": M23, "x": V3},
     matvec, lambda A, x: A @ x, by="A", check="f; ∂f/∂A")
case("transpose", "f(A: matrix) = A'", "∂f/∂A", {"A": M23}, transposed, lambda A: A.T, by="A")
case("matrix product by a matrix", "f(A: matrix, B: matrix) = A @ B", "∂f/∂A", {"A": M22, "B": M23},
     matmul, lambda A, B: A @ B, by="A")
case("sums of columns", "f(A: matrix) = sum(A^2, axis = 1)", "∂f/∂A", {"A": M23},
     lambda A: [squares(column) for column in zip(*A)], lambda A: torch.sum(A**2, 0), by="A")
case("softmax by rows, by a matrix", "f(A: matrix) = softmax(A)", "∂f/∂A", {"A": M23},
     lambda A: [softmax(row) for row in A], lambda A: torch.softmax(A, -1), by="A")
case("a row of a matrix", "f(A: matrix) = A[2,:] ⊙ A[1,:]", "∂f/∂A", {"A": M23},
     lambda A: times(A[1], A[0]), lambda A: A[1] * A[0], by="A")

# MARK: - Networks and their costs

NEURON = "C(w: vector, b, X: matrix, y: vector) = mean((y - max(0, X @ w + b))^2)"
AT_NEURON = {"w": [0.5, 0.3], "b": 0.1, "X": X42, "y": Y4}


def neuron_cost(w, b, X, y):
    return mean([(t - relu(z + b))**2 for t, z in zip(y, matvec(X, w))])


def torch_neuron_cost(w, b, X, y):
    return torch.mean((y - torch.clamp(X @ w + b, min=0))**2)


case("the lecture's neuron", "f(w: vector, x: vector, b) = max(0, w · x + b)", "∂f/∂w",
     {"w": W3, "x": P3, "b": 0.2},
     lambda w, x, b: relu(dot(w, x) + b), lambda w, x, b: torch.relu(w @ x + b), by="w")
case("the lecture's neuron by its bias", "f(w: vector, x: vector, b) = max(0, w · x + b)", "∂f/∂b",
     {"w": W3, "x": P3, "b": 0.2},
     lambda w, x, b: relu(dot(w, x) + b), lambda w, x, b: torch.relu(w @ x + b), by="b")
case("the lecture's cost by the weights", NEURON, "∂C/∂w", AT_NEURON,
     neuron_cost, torch_neuron_cost, by="w", check="C")
case("the lecture's cost by the bias", NEURON, "∂C/∂b", AT_NEURON,
     neuron_cost, torch_neuron_cost, by="b", check="C")
case("mean squared error of one layer",
     "f(W: matrix, X: matrix, Y: matrix) = mean((tanh(X @ W) - Y)^2)", "∂f/∂W",
     {"W": [[0.4, -0.7], [0.2, 0.9]], "X": X42, "Y": [[0.1, 0.3], [0.9, -0.4], [0.0, 0.7], [-0.6, 0.2]]},
     lambda W, X, Y: mean([(sp.tanh(z) - t)**2 for z, t in zip(entries(matmul(X, W)), entries(Y))]),
     lambda W, X, Y: nn.mse_loss(torch.tanh(X @ W), Y), by="W")
case("binary cross entropy of a sigmoid", "L(y, a) = -y*ln(a) - (1 - y)*ln(1 - a)\nsymbols y, z",
     "∂L(y, sigmoid(z))/∂z", {"y": 1.0, "z": 0.7},
     lambda y, z: cross_entropy(sigmoid(z), y), lambda y, z: nn.binary_cross_entropy_with_logits(z, y),
     by="z", check="L(y, sigmoid(z))")
case("logistic regression by the weights",
     "L(y, a) = -y*ln(a) - (1 - y)*ln(1 - a)\n"
     "f(w: vector, b, X: matrix, y: vector) = mean(L(y, sigmoid(X @ w + b)))",
     "∂f/∂w", {"w": V2, "b": 0.3, "X": X42, "y": T4},
     lambda w, b, X, y: mean([cross_entropy(sigmoid(z + b), t) for t, z in zip(y, matvec(X, w))]),
     lambda w, b, X, y: nn.binary_cross_entropy_with_logits(X @ w + b, y), by="w")
case("cross entropy with softmax", "f(z: vector, y: vector) = -sum(y ⊙ ln(softmax(z)))", "∂f/∂z",
     {"z": V3, "y": HOT},
     lambda z, y: -log_likelihood(y, softmax(z)), lambda z, y: nn.cross_entropy(z, y), by="z")
case("cross entropy with softmax by the weights",
     "f(W: matrix, x: vector, y: vector) = -sum(y ⊙ ln(softmax(x @ W)))", "∂f/∂W",
     {"W": M23, "x": V2, "y": HOT},
     lambda W, x, y: -log_likelihood(y, softmax(matvec(transposed(W), x))),
     lambda W, x, y: nn.cross_entropy(x @ W, y), by="W")
case("cross entropy with softmax of a batch",
     "f(W: matrix, b: vector, X: matrix, Y: matrix) = -sum(Y ⊙ ln(softmax(X @ W + b)))/3", "∂f/∂W",
     {"W": M23, "b": W3, "X": X42[:3], "Y": HOT33},
     lambda W, b, X, Y: -sum(log_likelihood(y, softmax(add(z, b))) for y, z in zip(Y, matmul(X, W))) / 3,
     lambda W, b, X, Y: nn.cross_entropy(X @ W + b, Y), by="W")
case("cross entropy with softmax of a batch, by the bias",
     "f(W: matrix, b: vector, X: matrix, Y: matrix) = -sum(Y ⊙ ln(softmax(X @ W + b)))/3", "∂f/∂b",
     {"W": M23, "b": W3, "X": X42[:3], "Y": HOT33},
     lambda W, b, X, Y: -sum(log_likelihood(y, softmax(add(z, b))) for y, z in zip(Y, matmul(X, W))) / 3,
     lambda W, b, X, Y: nn.cross_entropy(X @ W + b, Y), by="b")

TWO_LAYERS = """h(x: vector, W: matrix, b: vector) = sigmoid(x @ W + b)
f(W: matrix, b: vector, v: vector, c, x: vector, y) = (sigmoid(h(x, W, b) · v + c) - y)^2"""
AT_TWO_LAYERS = {"W": M32, "b": V2, "v": [0.8, -0.6], "c": 0.25, "x": V3, "y": 1.0}


def two_layers(W, b, v, c, x, y):
    return (sigmoid(dot(every(sigmoid, add(matvec(transposed(W), x), b)), v) + c) - y)**2


def torch_two_layers(W, b, v, c, x, y):
    return (torch.sigmoid(torch.sigmoid(x @ W + b) @ v + c) - y)**2


case("two layers by the first weights", TWO_LAYERS, "∂f/∂W", AT_TWO_LAYERS,
     two_layers, torch_two_layers, by="W")
case("two layers by the second weights", TWO_LAYERS, "∂f/∂v", AT_TWO_LAYERS,
     two_layers, torch_two_layers, by="v")
case("two layers by the input", TWO_LAYERS, "∂f/∂x", AT_TWO_LAYERS, two_layers, torch_two_layers)

# MARK: - Second derivatives of vectors and matrices

case("Hessian of a quadratic form", "f(x: vector, A: matrix) = x' @ A @ x", "hessian(f, x)",
     {"x": V3, "A": M33},
     lambda x, A: dot(x, matvec(A, x)), lambda x, A: x @ A @ x, by="x, x", check="f; ∂f/∂x")
case("Hessian of least squares", "f(x: vector, A: matrix, b: vector) = norm(A @ x - b)^2", "∂²f/∂x²",
     {"x": V3, "A": M23, "b": V2},
     lambda x, A, b: squares(subtract(matvec(A, x), b)), lambda x, A, b: torch.sum((A @ x - b)**2),
     by="x, x", check="f; ∂f/∂x")
case("Hessian of the logarithm of a sum of exponentials", "f(x: vector) = ln(sum(exp(x)))", "hessian(f)",
     {"x": V3},
     lambda x: sp.ln(sum(every(sp.exp, x))), lambda x: torch.logsumexp(x, 0), by="x, x", check="f; ∂f/∂x")
case("Hessian of a norm", "f(x: vector) = norm(x)", "hessian(f, x)", {"x": V3},
     norm, torch.linalg.vector_norm, by="x, x", check="f; ∂f/∂x")
case("Hessian of cross entropy with softmax", "f(z: vector, y: vector) = -sum(y ⊙ ln(softmax(z)))",
     "∂²f/∂z²", {"z": V3, "y": HOT},
     lambda z, y: -log_likelihood(y, softmax(z)), lambda z, y: nn.cross_entropy(z, y), by="z, z",
     check="f; ∂f/∂z")
case("Hessian of logistic regression",
     "f(w: vector, X: matrix, y: vector) = mean(ln(1 + exp(X @ w)) - y*(X @ w))", "hessian(f, w)",
     {"w": V2, "X": X42, "y": T4},
     lambda w, X, y: mean([sp.ln(1 + sp.exp(z)) - t * z for t, z in zip(y, matvec(X, w))]),
     lambda w, X, y: nn.binary_cross_entropy_with_logits(X @ w, y), by="w, w", check="f; ∂f/∂w")
case("Hessian of a sum over neighbours", "f(x: vector) = sum(x[i]*x[i+1]^2 for i in 1:2)", "hessian(f, x)",
     {"x": V3},
     lambda x: x[0] * x[1]**2 + x[1] * x[2]**2, lambda x: torch.sum(x[:2] * x[1:]**2), by="x, x",
     check="f; ∂f/∂x")
case("mixed second derivative of a bilinear form", "f(x: vector, A: matrix, y: vector) = x' @ A @ y",
     "∂²f/∂x∂y", {"x": V2, "A": M23, "y": V3},
     lambda x, A, y: dot(x, matvec(A, y)), lambda x, A, y: x @ A @ y, by="x, y", check="f; ∂f/∂x; ∂f/∂y")
case("mixed second derivative by a vector and a number", "f(x: vector, t) = sum(sin(t*x))", "∂²f/∂x∂t",
     {"x": V3, "t": 0.6},
     lambda x, t: sum(sp.sin(t * a) for a in x), lambda x, t: torch.sum(torch.sin(t * x)), by="x, t",
     check="f; ∂f/∂x; ∂f/∂t")
case("mixed second derivative by a vector and a matrix", "f(x: vector, A: matrix) = norm(A @ x)^2",
     "∂²f/∂x∂A", {"x": V3, "A": M23},
     lambda x, A: squares(matvec(A, x)), lambda x, A: torch.sum((A @ x)**2), by="x, A",
     check="f; ∂f/∂x; ∂f/∂A")
case("second derivative of a vector function", "f(x: vector) = x^3 + sum(x)*x", "∂²f/∂x²", {"x": V3},
     lambda x: [a**3 + sum(x) * a for a in x], lambda x: x**3 + torch.sum(x) * x, by="x, x",
     check="f; ∂f/∂x")
case("second derivative of softmax", "f(z: vector) = softmax(z)", "∂²f/∂z²", {"z": V3},
     softmax, lambda z: torch.softmax(z, -1), by="z, z", check="f; ∂f/∂z")
case("Hessian by a matrix", "f(A: matrix, x: vector) = norm(A @ x)^2", "∂²f/∂A²", {"A": M23, "x": V3},
     lambda A, x: squares(matvec(A, x)), lambda A, x: torch.sum((A @ x)**2), by="A, A", check="f; ∂f/∂A")
case("mixed second derivative by two matrices", "f(A: matrix, B: matrix) = sum(A @ B)", "∂²f/∂A∂B",
     {"A": M23, "B": M32},
     lambda A, B: sum(entries(matmul(A, B))), lambda A, B: torch.sum(A @ B), by="A, B",
     check="f; ∂f/∂A; ∂f/∂B")
case("third derivative by a vector", "f(x: vector) = sum(x)*sum(x^3)", "∂³f/∂x³", {"x": V2},
     lambda x: sum(x) * sum(a**3 for a in x), lambda x: torch.sum(x) * torch.sum(x**3), by="x, x, x",
     check="f; ∂f/∂x; ∂²f/∂x²")
case("second derivative of a linear function", "f(x: vector, A: matrix) = A @ x + 2x", "∂²f/∂x²",
     {"x": V3, "A": M33},
     lambda x, A: add(matvec(A, x), [2 * a for a in x]), lambda x, A: A @ x + 2 * x, by="x, x",
     check="f; ∂f/∂x")
case("Hessian of two layers by the weights", TWO_LAYERS, "hessian(f, v)", AT_TWO_LAYERS,
     two_layers, torch_two_layers, by="v, v", check="f; ∂f/∂v")


# MARK: - The peers


def orders(text):
    """`x y, x[2]` as [[("x", None), ("y", None)], [("x", (1,))]]: a list an order, entries from 0."""
    found = []
    for order in text.split(", "):
        found.append([])
        for word in order.split():
            name, _, entry = word.partition("[")
            found[-1].append((name, tuple(int(i) - 1 for i in entry[:-1].split(",")) if entry else None))
    return found


def size(value):
    """[] for a number, [n] for a list, [m, n] for a list of rows."""
    return [len(value), *size(value[0])] if isinstance(value, list) else []


def layout(outputs, by, point):
    """The shape of a derivative: outputs, then inputs; of a number by a vector it is a row."""
    shape = list(outputs)
    for order in orders(by):
        name, entry = order[0]
        shape += [len(order)] if len(order) > 1 else [] if entry else size(point[name])
    return [1, *shape] if len(shape) == 1 and not outputs else shape


def symbols_of(name, value):
    """A real symbol for each entry of a value."""
    if not isinstance(value, list):
        return sp.Symbol(name, real=True)
    return [symbols_of(f"{name}_{i}", part) for i, part in enumerate(value, 1)]


def by_sympy(each):
    """Outputs written out, each differentiated by each input; 30 digits before they become floats."""
    symbols, values = {}, {}
    for name, value in each["point"].items():
        symbols[name] = symbols_of(name, value)
        values.update(zip(entries(symbols[name]), (sp.Float(number, 40) for number in entries(value))))
    outputs = entries(each["sympy"](*symbols.values()))
    for order in orders(each["by"]):
        inputs = []
        for name, entry in order:
            inputs += entries(functools.reduce(lambda part, i: part[i], entry or (), symbols[name]))
        outputs = [sp.diff(output, variable) for output in outputs for variable in inputs]
    return [float(sp.sympify(output).subs(values).evalf(30)) for output in outputs]


def by_torch(each):
    """The shape of the function's value, and its derivative flat: jacrev, and jacfwd for further orders."""
    names = list(each["point"])
    arguments = [torch.tensor(value, dtype=torch.float64) for value in each["point"].values()]
    outputs = each["torch"](*arguments).shape
    function = each["torch"]
    for position, order in enumerate(orders(each["by"])):
        transform = torch.func.jacfwd if position else torch.func.jacrev
        function = jacobian(function, transform, names, order)
    return list(outputs), function(*arguments).flatten().tolist()


def jacobian(function, transform, names, order):
    """The derivative of a function by all entries of some arguments, as its last dimension."""
    by = transform(function, argnums=tuple(names.index(name) for name, _ in order))

    def derivative(*arguments):
        outputs = function(*arguments).dim()
        parts = []
        for (_, entry), part in zip(order, by(*arguments)):
            part = part[(..., *entry)].unsqueeze(-1) if entry else part
            parts.append(part.reshape(*part.shape[:outputs], -1))
        return torch.cat(parts, -1)

    return derivative


def agree(first, second):
    """Whether two lists of numbers are equal to the tolerance, relative for those above 1."""
    return len(first) == len(second) and all(
        abs(a - b) <= TOLERANCE * max(1, abs(a), abs(b)) for a, b in zip(first, second))


def computed(each):
    """A case as it is stored."""
    outputs, second = by_torch(each)
    first = by_sympy(each) if each["sympy"] else second
    if not agree(first, second):
        sys.exit(f"{each['title']}: SymPy says {first}, PyTorch {second}")
    shape = layout(outputs, each["by"], each["point"]) if each["shape"] is None else each["shape"]
    assert math.prod(shape) == len(first), each["title"]
    stored = ("title", "source", "derivative", "published", "point", "by", "check")
    return {**{name: each[name] for name in stored if each.get(name) is not None}, "shape": shape, "expected": first}


def differences(stored, now):
    """What differs between the stored file and today's, a line each; the peers' versions may differ."""
    found = []
    for old, new in itertools.zip_longest(stored["cases"], now["cases"], fillvalue={}):
        title = new.get("title") or old.get("title")
        found += [f"{title}: {name} differs" for name in {**old, **new}
                  if name != "expected" and old.get(name) != new.get(name)]
        if not agree(old.get("expected", []), new.get("expected", [])):
            found.append(f"{title}: stored {old.get('expected')}, now {new.get('expected')}")
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true", help=f"store the results in {STORED.name}")
    write = parser.parse_args().write
    CASES.extend(IDENTITIES)
    assert len({each["title"] for each in CASES}) == len(CASES), "two cases with one title"
    now = {"layout": "entries row by row: rows are outputs, columns inputs",
           "peers": {"SymPy": sp.__version__, "PyTorch": torch.__version__.partition("+")[0]},
           "cases": [computed(each) for each in CASES]}
    print(f"{len(CASES)} cases: SymPy {sp.__version__} and PyTorch {torch.__version__} agree to {TOLERANCE}")
    if write:
        lines = ",\n".join("    " + json.dumps(each, ensure_ascii=False) for each in now.pop("cases"))
        head = json.dumps(now, ensure_ascii=False, indent=2).removesuffix("\n}")
        STORED.write_text(f'{head},\n  "cases": [\n{lines}\n  ]\n}}\n', encoding="utf-8")
        return
    found = differences(json.loads(STORED.read_text(encoding="utf-8")), now)
    print("\n".join(found) or f"{STORED.name} says the same")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
