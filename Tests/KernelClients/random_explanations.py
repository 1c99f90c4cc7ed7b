"""Random networks and derivatives to be explained, and one change in the lines that are printed: a digit of a number, or a sign."""

import re

SMOOTH = ["sigmoid", "tanh", "softplus", "silu", "gelu"]
ACTIVATIONS = SMOOTH + ["relu", "leaky_relu", "elu", "identity", "softsign", "hard_tanh"]
OPTIMIZERS = ["", ", optimizer = momentum", ", optimizer = nesterov", ", optimizer = adam", ", optimizer = rmsprop", ", optimizer = adagrad",
              ", optimizer = adamw", ", l2 = 0.01", ", l1 = 0.01", ", clip = 0.1"]


def number(chance, low=-1.5, high=1.5):
    return f"{chance.uniform(low, high):.{chance.choice([1, 2, 2, 3])}f}"


def matrix(chance, rows, columns):
    return "[" + "; ".join(", ".join(number(chance) for _ in range(columns)) for _ in range(rows)) + "]"


def network(chance):
    """A definition and the call that is explained."""
    inputs = chance.randint(1, 3)
    sizes = [inputs, *(chance.randint(1, 3) for _ in range(chance.randint(1, 2))), chance.randint(1, 2)]
    lines = [f"input {inputs}"]
    for place in range(1, len(sizes)):
        last = place == len(sizes) - 1
        activation = chance.choice(["sigmoid", "identity", "tanh", "softmax"] if last else ACTIVATIONS)
        if activation == "softmax" and sizes[place] == 1:
            activation = "sigmoid"
        weights = matrix(chance, sizes[place - 1], sizes[place])
        if sizes[place - 1] == 1 or sizes[place] == 1:
            weights = weights.replace(";", ",")
        bias = "b = none" if chance.random() < 0.1 else "b = [" + ", ".join(number(chance) for _ in range(sizes[place])) + "]"
        lines.append(f"dense {sizes[place]}, {activation}, W = {weights}, {bias}")
    examples = chance.choice([1, 1, 1, 2])
    x = "[" + ", ".join(number(chance) for _ in range(inputs)) + "]" if examples == 1 else matrix(chance, examples, inputs)
    rows = [[chance.choice(["0", "1"]) if activation == "sigmoid" else number(chance) for _ in range(sizes[-1])] for _ in range(examples)]
    if activation == "softmax":
        rows = [["1", "0"] if chance.random() < 0.5 else ["0", "1"] for _ in range(examples)]
    y = "[" + "; ".join(", ".join(row) for row in rows) + "]"
    network = "network N {\n    " + "\n    ".join(lines) + "\n}\n"
    call = chance.choice(["forward(N, x)", "loss(N, x, y)", "backward(N, x, y)", "backward(N, x, y)",
                          f"step(N, x, y, learning_rate = 0.{chance.randint(1, 9)}{chance.choice(OPTIMIZERS)})"])
    return f"{network}x = {x}\ny = {y}", call


def term(chance, depth, name):
    """A smooth function of one number, as text."""
    if depth == 0:
        return chance.choice([name, name, f"{chance.randint(2, 9)}*{name}", f"({name} + {chance.randint(1, 9)})", f"{name}^{chance.randint(2, 4)}"])
    inner = term(chance, depth - 1, name)
    return chance.choice([
        f"sin({inner})", f"cos({inner})", f"exp(-{inner})", f"sigmoid({inner})", f"tanh({inner})", f"ln({inner}^2 + {chance.randint(1, 5)})",
        f"sqrt({inner}^2 + {chance.randint(1, 5)})", f"({inner})^{chance.randint(2, 3)}", f"{inner}*{term(chance, depth - 1, name)}",
        f"({inner} - {term(chance, depth - 1, name)})", f"{inner}/({term(chance, 0, name)}^2 + {chance.randint(1, 5)})",
    ])


MATRICES = [
    ("(w: vector, b, X: matrix, y: vector) = mean((y - {f}(X @ w + b))^2)", "wb"),
    ("(w: vector, x: vector) = {f}(w · x)", "wx"), ("(w: vector, x: vector, b) = {f}(w · x + b)^2", "wxb"),
    ("(A: matrix, W: matrix) = sum((A @ W)^2)", "AW"), ("(A: matrix, W: matrix) = sum({f}(A @ W))", "AW"),
    ("(x: vector, A: matrix, b: vector) = norm(A @ x - b)^2", "xb"), ("(x: vector, A: matrix) = x' @ A @ x", "x"),
    ("(w: vector, x: vector) = {f}(w ⊗ x)", "wx"), ("(x: vector) = sum({f}(x)^2)", "x"), ("(A: matrix, B: matrix) = trace(A @ B)", "AB"),
    ("(x: vector, y: vector) = sum((x - y)^2)/{n}", "xy"), ("(A: matrix) = ln(det(A))", "A"), ("(z: vector) = softmax(z)", "z"),
    ("(x: vector, A: matrix, b: vector) = {f}(A @ x + b)", "xb"), ("(x: vector, n) = x/norm(x)", "x"),
]


def derivative(chance):
    kind = chance.random()
    if kind < 0.35:
        return f"f(t) = {term(chance, chance.randint(1, 3), 't')}", "∂f/∂t" + (f", t = {number(chance)}" if chance.random() < 0.5 else "")
    if kind < 0.5:
        return (f"q(t) = {term(chance, 1, 't')}\nf(t) = {term(chance, 1, 'q(t)')}", "∂f/∂t")
    if kind < 0.6:
        return (f"f(s, t) = {term(chance, 1, 's')}*{term(chance, 1, 't')} + {term(chance, 1, 's')}", chance.choice(["∂f/∂s", "∂f/∂t", "∇f", "∂²f/∂s∂t"]))
    if kind < 0.7:
        return f"f(t) = {term(chance, 2, 't')}", f"f({number(chance)})"
    pattern, names = chance.choice(MATRICES)
    body = pattern.replace("{f}", chance.choice(["sigmoid", "tanh", "exp", "sin", "relu"])).replace("{n}", str(chance.randint(2, 5)))
    return f"f{body}", f"∂f/∂{chance.choice(names)}"


def case(chance):
    """Definitions, and the call that is explained."""
    return network(chance) if chance.random() < 0.6 else derivative(chance)


# Numbers that are values: no part of a name, of its layer, or of another number.
NUMBER = re.compile(r"(?<![\w.₀₁₂₃₄₅₆₇₈₉^\]\[])(?<!\^\[)\d+(?:\.\d+)?(?:e-?\d+)?(?![\w.]*\])")
# A sign before a zero says nothing, nor does what stands in a product with a zero, or in a term that is differentiated away.
SIGN = re.compile(r"(?<= )[+-](?= (?!0\b(?!\.)|zeros))|(?<![\w)\]⁾] )(?<=[ (\[*/])-(?=[\w(])")
NOTHING = re.compile(r"· 0(?![.\d])|∂/∂\w+\(")


def code(line):
    return line.split("#")[0].rstrip()


def changes(lines):
    """All places that can be changed, as (line, start, end, kind)."""
    found = []
    for place, line in enumerate(lines):
        text = code(line)
        if NOTHING.search(text):
            continue
        found += [(place, m.start(), m.end(), "number") for m in NUMBER.finditer(text)]
        found += [(place, m.start(), m.end(), "sign") for m in SIGN.finditer(text)]
    return found


def changed(chance, lines):
    """The lines with one change, the number of the line in which the changed side begins, and what was changed to what; None where nothing
    can be."""
    places = changes(lines)
    if not places:
        return None
    place, start, end, kind = chance.choice(places)
    line = lines[place]
    old = line[start:end]
    if kind == "sign":
        new = {"+": "-", "-": "+" if line[end:end + 1] == " " else ""}[old]
    else:
        mantissa = old.split("e")[0]
        digits = [i for i, c in enumerate(mantissa) if c.isdigit()]
        at = chance.choice(digits)
        new = old[:at] + chance.choice([d for d in "0123456789" if d != old[at]]) + old[at + 1:]
    result = list(lines)
    result[place] = line[:start] + new + line[end:]
    first = place
    # A row without an equals sign goes on with the one before.
    while first > 0 and not re.search(r"(?<![<>=!])=(?!=)", code(lines[first])):
        first -= 1
    return result, first + 1, (old, new)


def is_hidden(old, new):
    """Whether rounding hides a change: to a number within the 1.5 units that compare allows, from one that is rounded itself."""
    if "." not in old or not new[:1].isdigit():
        return False
    return abs(float(old) - float(new)) <= 2.0001 * 10.0 ** (int(old.partition("e")[2] or 0) - len(old.partition("e")[0].partition(".")[2]))
