"""Gradients of random networks with random formulas as activations and losses, against PyTorch's.

    python functions.py NABLA [--count 200] [--seed 1]

NABLA is the kernel's program. Every network is written in Nabla's language and in PyTorch, with the same numbers; all
gradients are compared, relative to the largest of their parameter.
"""
import argparse
import random
import subprocess
import sys
import tempfile

import torch

TOLERANCE = 1e-12
torch.set_default_dtype(torch.float64)

# A function of one operand in Nabla, and the same in Python.
ONE = [
    ("tanh({})", "torch.tanh({})"), ("sigmoid({})", "torch.sigmoid({})"), ("sin({})", "torch.sin({})"),
    ("exp(-({})^2)", "torch.exp(-({})**2)"), ("ln(1 + ({})^2)", "torch.log(1 + ({})**2)"),
    ("sqrt(1 + ({})^2)", "torch.sqrt(1 + ({})**2)"), ("max(0, {})", "torch.relu({})"), ("abs({})", "torch.abs({})"),
    ("silu({})", "torch.nn.functional.silu({})"), ("gelu({})", "torch.nn.functional.gelu({})"),
    ("softplus({})", "torch.nn.functional.softplus({})"), ("elu({})", "torch.nn.functional.elu({})"),
    ("hard_tanh({})", "torch.nn.functional.hardtanh({})"), ("softsign({})", "torch.nn.functional.softsign({})"),
    ("erf({})", "torch.erf({})"),
]
TWO = [
    ("({} + {})", "({} + {})"), ("({} - {})", "({} - {})"), ("({})*({})", "({})*({})"),
    ("({})/(2 + ({})^2)", "({})/(2 + ({})**2)"),
]


def formula(draw, leaves, depth):
    """A formula of the leaves, in both languages."""
    if depth == 0:
        return draw.choice(leaves)
    if draw.random() < 0.55:
        inner = formula(draw, leaves, depth - 1)
        return tuple(form.format(part) for form, part in zip(draw.choice(ONE), inner))
    first, second = formula(draw, leaves, depth - 1), formula(draw, leaves, depth - 1)
    return tuple(form.format(a, b) for form, a, b in zip(draw.choice(TWO), first, second))


def numbers(draw, rows, columns):
    return [[round(draw.uniform(-1, 1), 6) for _ in range(columns)] for _ in range(rows)]


def written(matrix):
    return "[" + "; ".join(", ".join(map(repr, row)) for row in matrix) + "]"


def case(draw):
    """Lines that print how far each of a network's gradients is from PyTorch's."""
    sizes = [2, draw.randint(2, 3), draw.randint(2, 3)]
    examples = 3
    of_vectors = draw.random() < 0.3
    nabla, lines = [], []
    for layer in (1, 2):
        h = formula(draw, [("z", "z"), ("z", "z"), ("0.5z", "0.5*z")], 3)
        nabla.append(f"h{layer}(z) = {h[0]} + 0.1z")
        lines.append(h[1] + " + 0.1*z")
    e = formula(draw, [("y", "y"), ("a", "a"), ("(a - y)", "(a - y)")], 3)
    e = (f"{e[0]} + (a - y)^2", f"{e[1]} + (a - y)**2")
    if of_vectors:
        nabla.append(f"e(y: vector, a: vector) = ln(2 + norm(a - y)^2) + sum({e[0]})")
    else:
        nabla.append(f"e(y, a) = {e[0]}")
    x, y = numbers(draw, examples, 2), numbers(draw, examples, sizes[2])
    weights = [numbers(draw, sizes[i], sizes[i + 1]) for i in (0, 1)]
    biases = [numbers(draw, 1, sizes[i + 1])[0] for i in (0, 1)]
    shared = draw.random() < 0.3
    if shared:
        biases[0] = [biases[0][0]]
    bias = f"shared({biases[0][0]!r})" if shared else written([biases[0]])
    nabla.append(f"network N {{ input 2; dense {sizes[1]}, h1, W = {written(weights[0])}, b = {bias}\n"
                 f"dense {sizes[2]}, h2, W = {written(weights[1])}, b = {written([biases[1]])}\nloss e }}")
    nabla.append(f"g = backward(N, {written(x)}, {written(y)})")
    parameters = [torch.tensor(p, requires_grad=True) for p in (weights[0], biases[0], weights[1], biases[1])]
    a = torch.tensor(x)
    y = torch.tensor(y)
    for layer in (0, 1):
        z = a @ parameters[2 * layer] + parameters[2 * layer + 1]
        a = eval(lines[layer])
    each = eval(e[1])
    loss = each.sum()
    if of_vectors:
        loss = loss + torch.log(2 + ((a - y) ** 2).sum(1)).sum()
    (loss / examples).backward()
    for name, parameter in zip(("W[1]", "b[1]", "W[2]", "b[2]"), parameters):
        gradient = parameter.grad.tolist()
        expected = written(gradient if isinstance(gradient[0], list) else [gradient])
        nabla.append(f"p = {expected}; print(max(abs(g.{name} - p))/max(max(abs(p)), 1e-6))")
    return "\n".join(nabla)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("nabla")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    cases = [case(draw) for _ in range(options.count)]
    with tempfile.NamedTemporaryFile("w", suffix=".nabla") as file:
        file.write("set digits = 15\n" + "\n".join(cases))
        file.flush()
        ended = subprocess.run([options.nabla, "run", file.name], capture_output=True, text=True)
    if ended.returncode:
        sys.exit(ended.stdout[-2000:] + ended.stderr[-2000:])
    differences = [float(line) for line in ended.stdout.split("\n") if line and not line.startswith("note")]
    assert len(differences) == 4 * options.count, len(differences)
    worst = max(differences)
    print(f"{options.count} networks, PyTorch {torch.__version__}: the largest relative difference is {worst:.2g}")
    for place, difference in enumerate(differences):
        if not difference <= TOLERANCE:
            print(f"{difference:.2g} in\n{cases[place // 4]}")
    sys.exit(0 if worst <= TOLERANCE else 1)


if __name__ == "__main__":
    main()
