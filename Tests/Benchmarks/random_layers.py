"""Random layers of lines in the language, their losses and gradients by PyTorch.

    python Tests/Benchmarks/random_layers.py [--write]

Every layer is a few random lines: products, sums, functions, rows and columns, softmax, norms, windows of what comes in, recurrences; it
stands in a small network, behind or before other layers. PyTorch computes loss and gradients in float64 by torch.func.grad, example by
example. --write stores cells and numbers in Tests/KernelClients/random_layers.json, where test_random_layers.py runs them in the kernel;
without it the stored file is compared with what was computed. Needs torch; Nabla itself is not started.
"""

import json
import random
from pathlib import Path

import torch
from torch.nn import functional as nn

from stored_cases import store_or_compare

STORED = Path(__file__).resolve().parents[1] / "KernelClients/random_layers.json"
COUNT = 200

# What is written in Nabla, and the same in PyTorch; {} is an operand of any shape.
UNARY = [
    ("sigmoid({})", torch.sigmoid), ("tanh({})", torch.tanh), ("sin({})", torch.sin), ("relu({})", torch.relu),
    ("exp(-({})^2)", lambda u: torch.exp(-u**2)), ("ln(1 + ({})^2)", lambda u: torch.log(1 + u**2)),
    ("sqrt(1 + ({})^2)", lambda u: torch.sqrt(1 + u**2)), ("softplus({})", nn.softplus), ("abs({})", torch.abs),
    ("({})/(1 + abs({}))", nn.softsign), ("max(0.1, {})", lambda u: torch.clamp(u, min=0.1)), ("({})^2", lambda u: u**2),
]
BINARY = [("{} + {}", torch.add), ("{} - {}", torch.sub), ("{} ⊙ {}", torch.mul), ("{}/(1 + {}^2)", lambda u, v: u / (1 + v**2))]
# From a vector or a matrix to the same, along the last index.
WHOLE = [
    ("softmax({})", lambda u: torch.softmax(u, -1)),
    ("{}/(1 + norm({}))", lambda u: u / (1 + torch.sqrt((u**2).sum()))),
    ("{} - mean({})", lambda u: u - u.mean()),
    ("{}*sum({})", lambda u: u * u.sum()),
]


class Layer:
    """A layer that grows line by line; every quantity is known by name, with its shape and what computes it."""

    def __init__(self, dice, sizes):
        self.dice, self.sizes = dice, sizes
        self.parameters, self.lines, self.known = {}, [], {"X": sizes}
        self.steps = []

    def parameter(self, sizes):
        """The name of a new parameter."""
        name = f"{'wUV'[min(len(sizes), 2)]}{len(self.parameters) + 1}"
        self.parameters[name] = sizes
        return name

    def add(self, text, sizes, compute):
        """A line; `compute` takes what is known by name."""
        name = f"q{len(self.lines) + 1}"
        self.lines.append(f"{name} = {text}")
        self.steps.append((name, compute))
        self.known[name] = sizes
        return name

    def pick(self, test=lambda sizes: True):
        """Something that is known, what came last more often."""
        names = [name for name, sizes in self.known.items() if test(sizes)]
        return self.dice.choice(names + 4 * names[-1:] + names[-2:]) if names else None

    def unary(self, name):
        text, function = self.dice.choice(UNARY)
        self.add(text.replace("{}", name), self.known[name], lambda v: function(v[name]))

    def whole(self, name):
        text, function = self.dice.choice(WHOLE)
        self.add(text.replace("{}", name), self.known[name], lambda v: function(v[name]))

    def binary(self, name):
        other = self.pick(lambda sizes: sizes == self.known[name])
        text, function = self.dice.choice(BINARY)
        self.add(text.format(name, other), self.known[name], lambda v: function(v[name], v[other]))

    def affine(self, name):
        sizes = self.known[name]
        units = self.dice.randint(1, 3)
        weights, biases = self.parameter([sizes[-1], units]), self.parameter([units])
        self.add(f"{name} @ {weights} + {biases}", [*sizes[:-1], units], lambda v: v[name] @ v[weights] + v[biases])

    def scaled(self, name):
        if self.dice.random() < 0.5:
            factor = self.parameter([])
            self.add(f"{factor}*{name}", self.known[name], lambda v: v[factor] * v[name])
        else:
            gains = self.parameter([self.known[name][-1]])
            self.add(f"{gains} ⊙ {name}", self.known[name], lambda v: v[gains] * v[name])

    def of_matrix(self, name):
        rows, columns = self.known[name]
        kind = self.dice.randrange(7)
        if kind == 0:
            self.add(f"{name}'", [columns, rows], lambda v: v[name].T)
        elif kind == 1:
            self.add(f"{name} @ {name}'", [rows, rows], lambda v: v[name] @ v[name].T)
        elif kind == 2:
            self.add(f"sum({name}, axis = 1)", [columns], lambda v: v[name].sum(0))
        elif kind == 3:
            self.add(f"mean({name}, axis = 2)", [rows], lambda v: v[name].mean(1))
        elif kind == 4:
            i = self.dice.randrange(rows)
            self.add(f"{name}[{i + 1}, :]", [columns], lambda v: v[name][i])
        elif kind == 5:
            j = self.dice.randrange(columns)
            self.add(f"{name}[:, {j + 1}]", [rows], lambda v: v[name][:, j])
        else:
            self.add(f"flatten({name})", [rows * columns], lambda v: v[name].flatten())

    def of_vector(self, name):
        (n,) = self.known[name]
        other = self.pick(lambda sizes: len(sizes) == 1)
        m = self.known[other][0]
        kind = self.dice.randrange(6)
        if kind == 0 and n * m <= 16:
            self.add(f"outer({name}, {other})", [n, m], lambda v: torch.outer(v[name], v[other]))
        elif kind == 1 and n + m <= 8:
            self.add(f"concat({name}, {other})", [n + m], lambda v: torch.cat([v[name], v[other]]))
        elif kind == 2 and n > 1:
            last = self.dice.randint(2, n)
            self.add(f"{name}[{last - 1}:{last}]", [2], lambda v: v[name][last - 2:last])
        elif kind == 3:
            self.add(f"cumsum({name})", [n], lambda v: torch.cumsum(v[name], 0))
        elif kind == 4:
            self.add(f"[{name}[i]*{name}[{n} + 1 - i] for i in 1:{n}]", [n], lambda v: v[name] * v[name].flip(0))
        else:
            self.add(f"[if u > 0 {{ u }} else {{ exp(u) - 1 }} for u in {name}]", [n], lambda v: nn.elu(v[name]))

    def recurrence(self, name):
        """A family: a state that goes along the rows."""
        rows, columns = self.known[name]
        units = self.dice.randint(1, 3)
        inner, outer = self.parameter([columns, units]), self.parameter([units, units])
        family = f"h{len(self.lines) + 1}"
        text, function = self.dice.choice([UNARY[0], UNARY[1], UNARY[2]])
        step = text.replace("{}", f"{name}[t, :] @ {inner} + {family}[t - 1] @ {outer}")
        self.lines.append(f"{family}[0] = zeros({units})")
        self.lines.append(f"for t in 1:{rows} {{ {family}[t] = {step} }}")

        def states(v):
            state = torch.zeros(units, dtype=torch.float64)
            found = []
            for row in v[name]:
                state = function(row @ v[inner] + state @ v[outer])
                found.append(state)
            return found

        if self.dice.random() < 0.5:
            self.add(f"{family}[{rows}]", [units], lambda v: states(v)[-1])
        else:
            self.add(f"[{family}[t] for t in 1:{rows}]", [rows, units], lambda v: torch.stack(states(v)))

    def windowed(self, name):
        """A convolution along a vector, written with windows."""
        (n,) = self.known[name]
        width = self.dice.randint(1, n)
        weights = self.parameter([width, 2])
        self.add(f"windows({name}, {width}) @ {weights}", [n - width + 1, 2], lambda v: v[name].unfold(0, width, 1) @ v[weights])

    def grow(self):
        name = self.pick()
        sizes = self.known[name]
        steps = [self.unary, self.unary, self.binary, self.whole, self.affine, self.affine, self.scaled]
        steps += [self.of_matrix, self.of_matrix, self.recurrence] if len(sizes) == 2 else [self.of_vector, self.of_vector, self.windowed]
        self.dice.choice(steps)(name)

    def value(self, x, parameters):
        known = {"X": x, **parameters}
        for name, compute in self.steps:
            known[name] = compute(known)
        return known[self.steps[-1][0]]


def numbers(dice, sizes):
    return [numbers(dice, sizes[1:]) for _ in range(sizes[0])] if sizes else round(dice.uniform(-1.2, 1.2), 3)


def written(value):
    """As Nabla writes an array."""
    if isinstance(value, list) and value and isinstance(value[0], list):
        return "[" + "; ".join(", ".join(map(str, row)) for row in value) + "]"
    return json.dumps(value)


def network(seed):
    """A network as it is stored: cells, loss, gradients by layer and parameter."""
    dice = random.Random(seed)
    few = [1, 2, 2, 3, 3]
    sizes = [dice.choice(few)] if dice.random() < 0.4 else [dice.choice(few), dice.choice(few)]
    layer = Layer(dice, sizes)
    for _ in range(dice.randint(3, 6)):
        layer.grow()
    given = {name: numbers(dice, shape) for name, shape in layer.parameters.items()}
    kind = f"vector({sizes[0]})" if len(sizes) == 1 else f"matrix({sizes[0]}, {sizes[1]})"
    kinds = {0: "", 1: ": vector({0})", 2: ": matrix({0}, {1})"}
    head = [f"    parameter {name}{kinds[len(shape)].format(*shape)}" for name, shape in layer.parameters.items()]
    body = head + [f"    {line}" for line in layer.lines] + [f"    {layer.steps[-1][0]}"]
    arguments = ", ".join(f"{name} = {written(value)}" for name, value in given.items())
    lines = [f"input {kind}", f"L {arguments}".strip()]
    tensors = {(1, name): torch.tensor(value, dtype=torch.float64) for name, value in given.items()}
    shape = layer.known[layer.steps[-1][0]]
    if len(shape) > 1:
        lines.append("flatten")
    units, width = dice.randint(1, 2), 1
    for size in shape:
        width *= size
    weights, biases = numbers(dice, [width, units]), numbers(dice, [units])
    lines.append(f"dense {units}, tanh, W = {written(weights)}, b = {json.dumps(biases)}")
    last = len(lines) - 1
    tensors[last, "W"] = torch.tensor(weights, dtype=torch.float64)
    tensors[last, "b"] = torch.tensor(biases, dtype=torch.float64)
    examples = dice.randint(1, 3)
    inputs = [numbers(dice, sizes) for _ in range(examples)]
    targets = numbers(dice, [examples, units])
    keys = list(tensors)

    def cost(*values):
        parameters = dict(zip(keys, values))
        own = {name: value for (place, name), value in parameters.items() if place == 1}
        total = 0
        for x, y in zip(inputs, targets):
            found = layer.value(torch.tensor(x, dtype=torch.float64), own).flatten()
            a = torch.tanh(found @ parameters[last, "W"] + parameters[last, "b"])
            total = total + ((a - torch.tensor(y, dtype=torch.float64))**2).sum() / 2
        return total / examples

    values = [tensors[key] for key in keys]
    gradients = torch.func.grad(cost, argnums=tuple(range(len(keys))))(*values)
    text = "\n".join(f"    {line}" for line in [*lines, "loss half_squared_error"])
    body = "\n".join(body)
    given = "\n".join(["X = [" + ", ".join(map(json.dumps if sizes[0] == 1 else written, inputs)) + "]" if len(sizes) > 1 else f"X = {written(inputs)}", f"Y = {written(targets)}"])
    return {"layer": f"layer L(X: {kind}) {{\n{body}\n}}", "network": f"network N {{\n{text}\n}}", "data": given, "loss": cost(*values).item(),
            "gradients": [[*key, gradient.flatten().tolist()] for key, gradient in zip(keys, gradients)]}


def is_plain(case):
    """Whether its numbers are moderate: neither tiny, which no relative bar suits, nor beyond all measure."""
    largest = max(abs(entry) for _, _, gradient in case["gradients"] for entry in gradient)
    return 1e-6 < largest < 1e4 and case["loss"] < 1e4


def main():
    now, seed = [], 0
    while len(now) < COUNT:
        case = network(seed)
        if is_plain(case):
            now.append({"seed": seed, **case})
        seed += 1
    store_or_compare(STORED, now)


if __name__ == "__main__":
    main()
