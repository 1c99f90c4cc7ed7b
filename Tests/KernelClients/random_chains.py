"""Random chains of equalities, right step by step or with one wrong step, beside numbers that this file computes by itself.

An expression is a tuple: its kind, then its parts. `value` computes it, `text` writes it as Nabla does; neither asks the kernel. Everything
is a matrix of floats here, a number 1×1, a vector a column.
"""

import math

# MARK: - Values

SHAPES = {"A": "mn", "B": "nk", "C": "mn", "D": "kp", "S": "nn", "T": "nn", "x": "n1", "y": "n1", "z": "m1", "r": "11", "s": "11", "t": "11"}
SIZES = {"m": 2, "n": 3, "k": 4, "p": 2, "1": 1}
DECLARATION = "symbols A, C: matrix(m, n), B: matrix(n, k), D: matrix(k, p), S, T: matrix(n, n), x, y: vector(n), z: vector(m)"


def draw(chance, positive=False):
    """A number for every entry of every name."""
    low = 0.3 if positive else -1.5
    return {name: [[chance.uniform(low, 1.9) for _ in range(SIZES[shape[1]])] for _ in range(SIZES[shape[0]])] for name, shape in SHAPES.items()}


def entries(f, *matrices):
    rows, columns = max(len(m) for m in matrices), max(len(m[0]) for m in matrices)
    one = [m if len(m) == rows and len(m[0]) == columns else [[m[0][0]] * columns for _ in range(rows)] for m in matrices]
    return [[f(*(m[i][j] for m in one)) for j in range(columns)] for i in range(rows)]


def product(a, b):
    assert len(a[0]) == len(b)
    return [[sum(a[i][l] * b[l][j] for l in range(len(b))) for j in range(len(b[0]))] for i in range(len(a))]


def transposed(a):
    return [list(row) for row in zip(*a)]


def inverse(a):
    n = len(a)
    rows = [list(row) + [float(i == j) for j in range(n)] for i, row in enumerate(a)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [v / rows[i][i] for v in rows[i]]
        for r in range(n):
            if r != i:
                rows[r] = [v - rows[r][i] * w for v, w in zip(rows[r], rows[i])]
    return [row[n:] for row in rows]


FUNCTIONS = {
    "exp": math.exp, "ln": math.log, "sin": math.sin, "cos": math.cos, "tanh": math.tanh, "sqrt": math.sqrt,
    "sigmoid": lambda v: 1 / (1 + math.exp(-v)),
}


def value(e, at):
    kind = e[0]
    parts = [value(p, at) if isinstance(p, tuple) else p for p in e[1:]] if kind != "D" else []
    match kind:
        case "num": return [[float(e[1])]]
        case "name": return at[e[1]]
        case "+": return entries(lambda a, b: a + b, *parts)
        case "-": return entries(lambda a, b: a - b, *parts)
        case "*" | "had": return entries(lambda a, b: a * b, *parts)
        case "/": return entries(lambda a, b: a / b, *parts)
        case "neg": return entries(lambda a: -a, *parts)
        case "^": return entries(lambda a: a ** e[2], parts[0])
        case "fn": return entries(FUNCTIONS[e[1]], parts[1])
        case "@": return product(*parts)
        case "'": return transposed(parts[0])
        case "inv": return inverse(parts[0])
        case "dot": return [[sum(a[0] * b[0] for a, b in zip(*parts))]]
        case "trace": return [[sum(parts[0][i][i] for i in range(len(parts[0])))]]
        case "sum": return [[sum(map(sum, parts[0]))]]
        case "norm2": return [[sum(v * v for row in parts[0] for v in row)]]
        case "D": return slope(e[1], e[2], at)
    raise ValueError(kind)


def slope(e, name, at):
    """Central differences of a number, by each entry of a name; a row where that is a vector."""
    base, h = at[name], 1e-5
    result = [[0.0] * len(base[0]) for _ in base]
    for i in range(len(base)):
        for j in range(len(base[0])):
            ends = []
            for sign in (1, -1):
                moved = [list(row) for row in base]
                moved[i][j] += sign * h
                ends.append(value(e, {**at, name: moved})[0][0])
            result[i][j] = (ends[0] - ends[1]) / (2 * h)
    return transposed(result) if SHAPES[name].endswith("1") else result


def difference(a, b, points):
    """The largest relative difference at points where both have values; None where there is none."""
    worst, found = 0.0, 0
    for at in points:
        try:
            p, q = value(a, at), value(b, at)
        except (ValueError, ZeroDivisionError, OverflowError):
            continue
        if any(isinstance(v, complex) or not math.isfinite(v) for m in (p, q) for row in m for v in row):
            continue
        if (len(p), len(p[0])) != (len(q), len(q[0])):
            return math.inf
        found += 1
        scale = max(1.0, *(abs(v) for m in (p, q) for row in m for v in row))
        worst = max(worst, max(abs(v - w) for r1, r2 in zip(p, q) for v, w in zip(r1, r2)) / scale)
    return worst if found >= 3 else None


# MARK: - Texts

LEVEL = {"+": 1, "-": 1, "*": 2, "/": 2, "had": 2, "@": 2, "dot": 2, "neg": 3, "^": 4}


def text(e):
    kind = e[0]
    level = LEVEL.get(kind, 9)

    def part(p, least):
        own = LEVEL.get(p[0], 9)
        return text(p) if own >= least else f"({text(p)})"

    match kind:
        case "num": return str(e[1]) if e[1] >= 0 else f"({e[1]})"
        case "name": return e[1]
        case "+" | "-": return f"{part(e[1], 1)} {kind} {part(e[2], 2)}"
        case "*" | "/": return f"{part(e[1], 4)}{kind}{part(e[2], 4)}"
        case "had": return f"{part(e[1], 4)} ⊙ {part(e[2], 4)}"
        case "@": return f"{part(e[1], 4)} @ {part(e[2], 4)}"
        case "dot": return f"{part(e[1], 4)} · {part(e[2], 4)}"
        case "neg": return f"(-{part(e[1], 4)})"
        case "^": return f"{part(e[1], 9)}^{e[2] if e[2] >= 0 else f'({e[2]})'}"
        case "fn": return f"{e[1]}({text(e[2])})"
        case "'": return f"{part(e[1], 9)}'"
        case "norm2": return f"norm({text(e[1])})^2"
        case "D": return f"∂({text(e[1])})/∂{e[2]}"
        case _: return f"{kind}({text(e[1])})"


# MARK: - Right steps

def n(v):
    return ("num", v)


ONE = n(1)


def scalar_steps(e, chance):
    """What an expression may be written as."""
    kind = e[0]
    found = []
    match e:
        case ("+", a, b):
            found += [("+", b, a)]
            if a == b: found.append(("*", n(2), a))
            if a[0] == "*" and b[0] == "*" and a[1] == b[1]: found.append(("*", a[1], ("+", a[2], b[2])))
            if b[0] == "+": found.append(("+", ("+", a, b[1]), b[2]))
        case ("-", a, b):
            found += [("+", a, ("neg", b)), ("neg", ("-", b, a))]
            if a == b: found.append(n(0))
            if a[0] == "^" and b[0] == "^" and a[2] == b[2] == 2: found.append(("*", ("-", a[1], b[1]), ("+", a[1], b[1])))
            if a == ONE and b[0] == "fn" and b[1] == "sigmoid": found.append(("fn", "sigmoid", ("neg", b[2])))
        case ("*", a, b):
            found.append(("*", b, a))
            if a == b: found.append(("^", a, 2))
            if b[0] in "+-": found.append((b[0], ("*", a, b[1]), ("*", a, b[2])))
            if a[0] in "+-": found.append((a[0], ("*", a[1], b), ("*", a[2], b)))
            if b[0] == "*": found.append(("*", ("*", a, b[1]), b[2]))
            if a[0] == b[0] == "fn" and a[1] == b[1] == "exp": found.append(("fn", "exp", ("+", a[2], b[2])))
        case ("/", a, b):
            found += [("*", a, ("/", ONE, b)), ("*", a, ("^", b, -1))]
            if a[0] in "+-": found.append((a[0], ("/", a[1], b), ("/", a[2], b)))
        case ("^", a, 2):
            found.append(("*", a, a))
            if a[0] == "+": found.append(("+", ("+", ("^", a[1], 2), ("*", n(2), ("*", a[1], a[2]))), ("^", a[2], 2)))
            if a[0] == "-": found.append(("+", ("-", ("^", a[1], 2), ("*", n(2), ("*", a[1], a[2]))), ("^", a[2], 2)))
        case ("^", a, 3):
            found.append(("*", a, ("^", a, 2)))
        case ("fn", "exp", a):
            if a[0] == "+": found.append(("*", ("fn", "exp", a[1]), ("fn", "exp", a[2])))
            if a[0] == "-": found.append(("/", ("fn", "exp", a[1]), ("fn", "exp", a[2])))
            if a[0] == "neg": found.append(("/", ONE, ("fn", "exp", a[1])))
        case ("fn", "ln", a):
            if a[0] == "*": found.append(("+", ("fn", "ln", a[1]), ("fn", "ln", a[2])))
            if a[0] == "/": found.append(("-", ("fn", "ln", a[1]), ("fn", "ln", a[2])))
            if a[0] == "^": found.append(("*", n(a[2]), ("fn", "ln", a[1])))
            if a[0] == "fn" and a[1] == "exp": found.append(a[2])
        case ("fn", "sigmoid", a):
            found += [("/", ONE, ("+", ONE, ("fn", "exp", ("neg", a)))), ("-", ONE, ("fn", "sigmoid", ("neg", a)))]
        case ("fn", "tanh", a):
            found.append(("-", ("*", n(2), ("fn", "sigmoid", ("*", n(2), a))), ONE))
        case ("neg", a):
            if a[0] == "neg": found.append(a[1])
            if a[0] in "+-": found.append(({"+": "-", "-": "+"}[a[0]], ("neg", a[1]), a[2]))
            found.append(("*", n(-1), a))
        case ("num", v) if abs(v) > 1 and isinstance(v, int):
            found.append(("+", n(v - 1), ONE))
        case ("D", a, name):
            found += derivative_steps(a, name)
    return found


SLOPES = {
    "exp": lambda a: ("fn", "exp", a), "ln": lambda a: ("/", ONE, a), "sin": lambda a: ("fn", "cos", a), "cos": lambda a: ("neg", ("fn", "sin", a)),
    "tanh": lambda a: ("-", ONE, ("^", ("fn", "tanh", a), 2)), "sqrt": lambda a: ("/", ONE, ("*", n(2), ("fn", "sqrt", a))),
    "sigmoid": lambda a: ("*", ("fn", "sigmoid", a), ("-", ONE, ("fn", "sigmoid", a))),
}


def derivative_steps(a, name):
    d = lambda e: ("D", e, name)
    match a:
        case ("num", _): return [n(0)]
        case ("name", other) if SHAPES[other] == "11" and SHAPES[name] == "11": return [ONE if other == name else n(0)]
        case (("+" | "-") as sign, b, c) if scalar(a): return [(sign, d(b), d(c))]
        case ("neg", b): return [("neg", d(b))]
        case ("*", b, c) if b[0] == "num": return [("*", b, d(c))]
    if SHAPES[name] != "11":
        return MATRIX_SLOPES.get((a, name), [])
    match a:
        case ("*", b, c): return [("+", ("*", d(b), c), ("*", b, d(c)))]
        case ("/", b, c): return [("/", ("-", ("*", d(b), c), ("*", b, d(c))), ("^", c, 2))]
        case ("^", b, k): return [("*", ("*", n(k), ("^", b, k - 1)) if k != 2 else ("*", n(2), b), d(b))]
        case ("fn", f, b): return [("*", SLOPES[f](b), d(b))]
    return []


def names(*letters):
    return [("name", letter) for letter in letters]


A, B, C, D, S, T, x, y, z = names(*"ABCDSTxyz")
Tr = lambda e: ("'", e)
At = lambda a, b: ("@", a, b)
MATRIX_SLOPES = {
    (("norm2", x), "x"): [("*", n(2), Tr(x))],
    (("norm2", At(A, x)), "x"): [("*", n(2), At(Tr(At(A, x)), A)), At(At(("*", n(2), Tr(x)), Tr(A)), A)],
    (("norm2", ("-", At(A, x), z)), "x"): [("*", n(2), At(Tr(("-", At(A, x), z)), A))],
    (("dot", x, y), "x"): [Tr(y)], (("dot", x, y), "y"): [Tr(x)],
    (("dot", x, At(S, x)), "x"): [At(Tr(x), ("+", S, Tr(S))), ("+", At(Tr(x), S), At(Tr(x), Tr(S)))],
    (("dot", x, At(S, y)), "x"): [Tr(At(S, y)), At(Tr(y), Tr(S))],
    (("trace", At(S, T)), "S"): [Tr(T)], (("trace", At(Tr(A), C)), "A"): [C], (("trace", At(A, Tr(C))), "C"): [A],
    (("trace", At(S, At(T, S))), "T"): [Tr(At(S, S)), At(Tr(S), Tr(S))],
    (("norm2", A), "A"): [("*", n(2), A)],
    (("norm2", At(A, B)), "A"): [("*", n(2), At(At(A, B), Tr(B)))], (("norm2", At(A, B)), "B"): [("*", n(2), At(Tr(A), At(A, B)))],
    (("sum", ("had", A, C)), "A"): [C], (("sum", At(A, B)), "A"): [],
    (("dot", z, At(A, x)), "A"): [At(z, Tr(x))], (("dot", z, At(A, x)), "x"): [At(Tr(z), A)],
    (("norm2", ("-", At(A, x), z)), "A"): [("*", n(2), At(("-", At(A, x), z), Tr(x)))],
    (("sum", ("fn", "sigmoid", x)), "x"): [Tr(("had", ("fn", "sigmoid", x), ("-", ONE, ("fn", "sigmoid", x))))],
    (("sum", ("fn", "exp", x)), "x"): [Tr(("fn", "exp", x))],
    (("sum", ("fn", "exp", ("had", x, y))), "x"): [Tr(("had", ("fn", "exp", ("had", x, y)), y))],
    (("sum", ("^", x, 3)), "x"): [("*", n(3), Tr(("^", x, 2)))],
}


def shape(e):
    """Rows and columns, by their letters."""
    match e:
        case ("num", _) | ("dot", *_) | ("trace", _) | ("sum", _) | ("norm2", _): return "11"
        case ("name", a): return SHAPES[a]
        case ("D", _, name): return SHAPES[name][::-1] if SHAPES[name].endswith("1") else SHAPES[name]
        case ("'", a): return shape(a)[::-1]
        case ("@", a, b): return shape(a)[0] + shape(b)[1]
        case ("fn", _, a): return shape(a)
        case (_, a, b) if isinstance(b, tuple): return shape(b) if shape(a) == "11" else shape(a)
        case (_, a, *_): return shape(a)


def scalar(e):
    return shape(e) == "11"


def matrix_steps(e, chance):
    found = []
    match e:
        case ("'", ("@", a, b)): found.append(At(Tr(b), Tr(a)))
        case ("'", ("'", a)): found.append(a)
        case ("'", (("+" | "-") as sign, a, b)): found.append((sign, Tr(a), Tr(b)))
        case ("'", ("had", a, b)): found.append(("had", Tr(a), Tr(b)))
        case ("@", a, b):
            if a[0] == "@": found.append(At(a[1], At(a[2], b)))
            if b[0] == "@": found.append(At(At(a, b[1]), b[2]))
            if b[0] in "+-" and not scalar(b[1]): found.append((b[0], At(a, b[1]), At(a, b[2])))
            if a[0] in "+-" and not scalar(a[1]): found.append((a[0], At(a[1], b), At(a[2], b)))
            if a[0] == "*" and scalar(a[1]): found.append(("*", a[1], At(a[2], b)))
            if a[0] == "'" and b[0] == "'": found.append(Tr(At(b[1], a[1])))
            if a[0] == b[0] == "inv": found.append(("inv", At(b[1], a[1])))
        case ("*", a, b) if scalar(a) and not scalar(b):
            if b[0] in "+-": found.append((b[0], ("*", a, b[1]), ("*", a, b[2])))
            if b[0] == "@": found += [At(("*", a, b[1]), b[2]), At(b[1], ("*", a, b[2]))]
        case ("had", a, b): found.append(("had", b, a))
        case ("+", a, b): found.append(("+", b, a))
        case ("-", a, b): found.append(("neg", ("-", b, a)))
        case ("neg", a): found.append(("*", n(-1), a))
        case ("inv", ("@", a, b)): found.append(At(("inv", b), ("inv", a)))
        case ("inv", ("'", a)): found.append(Tr(("inv", a)))
        case ("^", a, 2): found.append(("had", a, a))
    if scalar(e):
        match e:
            case ("dot", a, b):
                found += [("dot", b, a), ("sum", ("had", a, b)), At(Tr(a), b)]
                if a == b: found.append(("norm2", a))
                if b[0] == "@": found.append(("dot", At(Tr(b[1]), a), b[2]))
                if b[0] in "+-": found.append((b[0], ("dot", a, b[1]), ("dot", a, b[2])))
            case ("norm2", a):
                found.append(("sum", ("^", a, 2)))
                if shape(a).endswith("1"): found.append(("dot", a, a))
                elif shape(a)[0] != "1": found += [("trace", At(Tr(a), a)), ("trace", At(a, Tr(a)))]
            case ("trace", a):
                found.append(("trace", Tr(a)))
                if a[0] == "@": found.append(("trace", At(a[2], a[1])))
                if a[0] in "+-": found.append((a[0], ("trace", a[1]), ("trace", a[2])))
            case ("sum", ("had", a, b)) if not shape(a).endswith("1"): found.append(("trace", At(Tr(a), b)))
            case ("sum", (("+" | "-") as sign, a, b)) if not scalar(a): found.append((sign, ("sum", a), ("sum", b)))
    return found


def steps(e, chance):
    found = matrix_steps(e, chance)
    if shape(e) == "11" and e[0] != "@":
        found += [s for s in scalar_steps(e, chance) if s not in found]
    elif e[0] == "D":
        found += derivative_steps(e[1], e[2])
    return found


# MARK: - Wrong steps

def slips(e, chance):
    """What a student may write instead: near, and mostly wrong."""
    found = []
    match e:
        case ("num", v): found += [n(v + 1), n(-v) if v else ONE, n(2 * v) if v else n(2)]
        case ("+", a, b): found += [("-", a, b), a, b]
        case ("-", a, b): found += [("+", a, b), ("-", b, a)]
        case ("*", a, b): found += [a, b, ("+", a, b)] if scalar(a) and scalar(b) else [b]
        case ("/", a, b): found += [("/", b, a), ("*", a, b)]
        case ("neg", a): found.append(a)
        case ("^", a, k):
            found += [("^", a, k + 1), ("*", n(k), a)]
            if a[0] in "+-": found.append((a[0], ("^", a[1], k), ("^", a[2], k)))
        case ("fn", f, a):
            other = {"exp": "ln", "ln": "exp", "sin": "cos", "cos": "sin", "tanh": "sigmoid", "sigmoid": "tanh", "sqrt": "ln"}[f]
            found += [("fn", other, a), ("fn", f, ("neg", a)), ("neg", e)]
            if a[0] in "+-": found.append((a[0], ("fn", f, a[1]), ("fn", f, a[2])))
        case ("D", ("*", a, b), name) if SHAPES[name] == "11": found.append(("*", ("D", a, name), ("D", b, name)))
        case ("D", ("fn", f, a), name) if SHAPES[name] == "11": found.append(SLOPES[f](a))
        case ("D", ("/", a, b), name): found.append(("/", ("D", a, name), ("D", b, name)))
        case ("D", _, name) if SHAPES[name] != "11":
            for s in derivative_steps(e[1], e[2]): found += slips(s, chance) + [Tr(s)]
        case ("'", a): found += [a, ("neg", e)] + ([At(Tr(a[1]), Tr(a[2]))] if a[0] == "@" else [])
        case ("@", a, b): found += [At(b, a), At(Tr(a), b), At(a, Tr(b)), ("neg", e)]
        case ("had", a, b): found += [At(a, b), a, ("+", a, b)]
        case ("trace", a): found += [("sum", a), ("neg", e)]
        case ("dot", a, b): found += [("norm2", a), ("neg", e)]
        case ("norm2", a): found += [("sum", a), ("*", n(2), e)]
        case ("inv", a): found += [a, Tr(e)]
        case ("sum", a): found += [("neg", e)]
    return found


def places(e, path=()):
    yield path, e
    for i, part in enumerate(e):
        if isinstance(part, tuple):
            yield from places(part, (*path, i))


def replaced(e, path, new):
    if not path:
        return new
    return (*e[:path[0]], replaced(e[path[0]], path[1:], new), *e[path[0] + 1:])


def fits(e):
    """Whether the shapes of all parts fit, as Nabla wants them."""
    for _, part in places(e):
        match part:
            case ("@", a, b):
                if shape(a)[1] != shape(b)[0] or scalar(a) or scalar(b): return False
                if shape(a)[1] == "1" and shape(a)[0] == "1": return False
            case ("dot", a, b):
                if shape(a) != shape(b) or not shape(a).endswith("1") or scalar(a): return False
            case (("+" | "-" | "*" | "/" | "had"), a, b):
                if shape(a) != shape(b) and not (scalar(a) or scalar(b)): return False
                if part[0] in "+-" and shape(a) != shape(b): return False
                if part[0] in "*/" and not (scalar(a) or scalar(b)): return False
                if part[0] == "had" and scalar(a) != scalar(b) and a != ONE and b != ONE: return False
            case ("trace" | "inv", a):
                if shape(a)[0] != shape(a)[1] or scalar(a): return False
            case ("'", a):
                if scalar(a): return False
            case ("sum" | "norm2", a):
                if scalar(a): return False
            case ("D", a, name):
                if not scalar(a): return False
            case ("^", a, k):
                if not scalar(a) and k != 2 and k != 3: return False
    return True


def one_of(e, chance, moves):
    """The expression with one of its parts moved, or None."""
    found = [(path, new) for path, part in places(e) for new in moves(part, chance) if new != part]
    chance.shuffle(found)
    for path, new in found:
        # Nothing is moved inside of what is differentiated by a matrix: the table of those would not know it.
        if any(under(e, path[:i])[0] == "D" and SHAPES[under(e, path[:i])[2]] != "11" for i in range(len(path))):
            continue
        result = replaced(e, path, new)
        if fits(result) and len(text(result)) < 160 and text(result) != text(e):
            return result
    return None


def under(e, path):
    for i in path:
        e = e[i]
    return e


# MARK: - Chains

def start(chance):
    if chance.random() < 0.55:
        e = scalar_start(chance, chance.randint(2, 3))
        if chance.random() < 0.5:
            e = ("D", e, chance.choice("rs"))
        return e
    if chance.random() < 0.5:
        terms = [f for f in MATRIX_SLOPES if MATRIX_SLOPES[f]]
        f, name = chance.choice(terms)
        if chance.random() < 0.5:
            others = [g for g, other in terms if other == name]
            f = (chance.choice("+-"), f, ("*", n(chance.randint(2, 5)), chance.choice(others)))
        return ("D", f, name)
    return chance.choice([
        Tr(At(A, B)), At(At(A, B), D), At(A, ("+", B, At(S, B))), Tr(At(At(A, B), D)), ("trace", At(A, Tr(C))), ("trace", At(S, At(T, S))),
        ("norm2", A), ("norm2", ("-", At(A, x), z)), ("dot", z, At(A, x)), ("dot", x, ("+", x, y)), ("sum", ("had", A, C)),
        ("inv", At(S, T)), Tr(("+", A, C)), At(Tr(A), ("-", A, C)), Tr(("inv", S)), At(("*", n(3), A), B), ("sum", ("+", A, C)),
        At(("+", S, T), ("+", S, T)), At(("-", S, T), ("+", S, T)), At(Tr(At(A, x)), z), ("trace", ("+", S, T)), ("dot", x, At(S, ("-", x, y))),
    ])


def scalar_start(chance, depth):
    if depth == 0:
        return chance.choice([("name", "r"), ("name", "s"), ("name", "t"), ("name", "r"), n(chance.randint(1, 5))])
    sub = lambda: scalar_start(chance, depth - 1)
    kind = chance.choice(["+", "-", "*", "/", "^", "fn", "fn", "*", "+"])
    if kind == "^":
        return ("^", sub(), chance.choice([2, 2, 3]))
    if kind == "fn":
        return ("fn", chance.choice(["exp", "ln", "sin", "cos", "tanh", "sigmoid", "sqrt"]), sub())
    return (kind, sub(), sub())


class Chain:
    """Sides, the place of the wrong one (None where all are right), and what each must be called."""

    def __init__(self, chance, with_slip):
        points = [draw(chance, positive=i % 2 == 0) for i in range(16)]
        while not self.made(chance, with_slip, points):
            pass

    def made(self, chance, with_slip, points):
        first = start(chance)
        if not fits(first) or difference(first, first, points) is None:
            return False
        sides, wrong = [first], None
        count = chance.randint(2, 5)
        slip = chance.randint(1, count) if with_slip else None
        for place in range(1, count + 1):
            new = one_of(sides[-1], chance, slips if place == slip else steps)
            if new is None:
                return False
            gap = difference(sides[-1], new, points)
            if place == slip:
                # What is nearly equal, or equal at all points, is no slip.
                if gap is None or gap < 1e-2:
                    return False
                wrong = place
            elif gap is None or gap > 1e-5:
                if gap is not None:
                    raise AssertionError(f"a step that is not right: {text(sides[-1])} = {text(new)}, {gap}")
                return False
            sides.append(new)
        self.sides, self.wrong, self.verdicts = sides, wrong, []
        for place, side in enumerate(sides[1:], 1):
            if wrong is None or place < wrong:
                self.verdicts.append("right")
            elif place == wrong:
                self.verdicts.append("wrong")
            else:
                self.verdicts.append("follows from the wrong line" if difference(first, side, points) > 1e-5 else "right by itself")
        self.name = chance.choice(["", "", "", "q = "]) if wrong != 1 else ""
        if self.name:
            self.verdicts.insert(0, "right")
        return True

    @property
    def block(self):
        lines = [self.name + text(self.sides[0]) + ("" if self.name else f" = {text(self.sides[1])}")]
        return "\n".join(lines + [f"  = {text(side)}" for side in self.sides[1 if self.name else 2:]])
