"""Random networks with random formulas for activations and loss, their gradients by PyTorch.

    python Tests/Benchmarks/random_networks.py [--write]

Every network has functions of its own, made of the language's: `h1(z) = z*sigmoid(z) + 0.3sin(z)`, and a loss
`J(y, a)` of numbers or of vectors. PyTorch computes loss and gradients in float64 by torch.func.grad. --write
stores cells and numbers in Tests/KernelClients/random_networks.json, where test_random_networks.py runs them in the
kernel; without it the stored file is compared with what was computed. Needs torch; Nabla itself is not started.
"""

import json
import random
from pathlib import Path

import torch
from torch.nn import functional as nn

from stored_cases import store_or_compare

STORED = Path(__file__).resolve().parents[1] / "KernelClients/random_networks.json"
COUNT = 200

# What is written in Nabla, and the same in PyTorch; {} is an operand.
UNARY = [
    ("sigmoid({})", torch.sigmoid), ("tanh({})", torch.tanh), ("sin({})", torch.sin), ("cos({})", torch.cos),
    ("exp(-({})^2)", lambda u: torch.exp(-u**2)), ("ln(1 + ({})^2)", lambda u: torch.log(1 + u**2)),
    ("sqrt(1 + ({})^2)", lambda u: torch.sqrt(1 + u**2)), ("max(0, {})", torch.relu), ("atan({})", torch.atan),
    ("softplus({})", nn.softplus), ("abs({})", torch.abs), ("({})/(1 + abs({}))", nn.softsign),
    ("(if {} > 0 {{ {} }} else {{ exp({}) - 1 }})", nn.elu),
]
BINARY = [("{} + {}", torch.add), ("{} - {}", torch.sub), ("({})*({})", torch.mul)]
LOSSES = [
    ("J(y, a) = (y - a)^2/2", lambda y, a: ((y - a)**2 / 2).sum(-1)),
    ("J(y, a) = ln(1 + (a - y)^2)", lambda y, a: torch.log(1 + (a - y)**2).sum(-1)),
    ("J(y, a) = sqrt(1 + (y - a)^2) - 1", lambda y, a: (torch.sqrt(1 + (y - a)**2) - 1).sum(-1)),
    ("J(a, y) = exp(a/2 - y)", lambda y, a: torch.exp(a / 2 - y).sum(-1)),
    ("J(t, o) = (t - o)^4 + abs(t - o)", lambda y, a: ((y - a)**4 + torch.abs(y - a)).sum(-1)),
    ("J(target, o) = if abs(target - o) < 1 { (target - o)^2/2 } else { abs(target - o) - 1/2 }",
     lambda y, a: nn.huber_loss(a, y, reduction="none").sum(-1)),
    ("J(y: vector, a: vector) = norm(y - a)^2*(1 + a · a)",
     lambda y, a: ((y - a)**2).sum(-1) * (1 + (a * a).sum(-1))),
    ("J(y: vector, a: vector) = -sum(y*ln(softmax(a)))", lambda y, a: -(y * torch.log_softmax(a, -1)).sum(-1)),
    ("J(y: vector, a: vector) = { d = y - a; sqrt(1 + d · d) }",
     lambda y, a: torch.sqrt(1 + ((y - a)**2).sum(-1))),
]


def formula(dice, depth):
    """A random function of z: its text, and the same of tensors."""
    if depth == 0:
        factor = dice.choice([0.5, 0.7, 1.5])
        return dice.choice([("z", lambda z: z), (f"{factor}z", lambda z: factor * z)])
    if dice.random() < 0.6:
        text, function = dice.choice(UNARY)
        inner, below = formula(dice, depth - 1)
        return text.replace("{}", inner).replace("{{", "{").replace("}}", "}"), lambda z: function(below(z))
    text, function = dice.choice(BINARY)
    (left, first), (right, second) = formula(dice, depth - 1), formula(dice, 0)
    right = f"({right})" if "-" in text else right
    return text.format(left, right), lambda z: function(first(z), second(z))


def is_learnable(function):
    """Whether a function has moderate values and a slope that is not 0 throughout."""
    z = torch.linspace(-6, 6, 25, dtype=torch.float64)
    values, slopes = function(z), torch.func.vmap(torch.func.grad(function))(z)
    return bool((values.abs() < 40).all() and (slopes.abs() > 1e-3).any())


def activation(dice):
    """A random function that a network can learn with."""
    while True:
        text, function = formula(dice, dice.randint(1, 3))
        if is_learnable(function):
            return text, function


def numbers(dice, rows, columns):
    return [[round(dice.uniform(-1.2, 1.2), 3) for _ in range(columns)] for _ in range(rows)]


def network(seed):
    """A network as it is stored: cells, loss, gradients by layer (W, then b)."""
    dice = random.Random(seed)
    sizes = [dice.randint(1, 4) for _ in range(dice.randint(2, 4))]
    examples = dice.randint(1, 4)
    definitions, lines, functions, parameters = [], [f"input {sizes[0]}"], [], []
    for layer, (inputs, units) in enumerate(zip(sizes, sizes[1:]), 1):
        text, function = activation(dice)
        definitions.append(f"h{layer}(z) = {text}")
        weights, biases = numbers(dice, inputs, units), numbers(dice, 1, units)[0]
        lines.append(f"dense {units}, h{layer}, W = {json.dumps(weights)}, b = {json.dumps(biases)}")
        functions.append(function)
        parameters += [torch.tensor(weights, dtype=torch.float64), torch.tensor(biases, dtype=torch.float64)]
    definition, loss = dice.choice(LOSSES)
    inputs, targets = numbers(dice, examples, sizes[0]), numbers(dice, examples, sizes[-1])

    def cost(*parameters):
        a = torch.tensor(inputs, dtype=torch.float64)
        for layer, function in enumerate(functions):
            a = function(a @ parameters[2 * layer] + parameters[2 * layer + 1])
        return loss(torch.tensor(targets, dtype=torch.float64), a).mean()

    body = "\n".join(f"    {line}" for line in [*lines, "loss J"])
    gradients = torch.func.grad(cost, argnums=tuple(range(len(parameters))))(*parameters)
    return {"definitions": "\n".join([*definitions, definition]), "network": f"network N {{\n{body}\n}}",
            "X": inputs, "Y": targets, "loss": cost(*parameters).item(),
            "gradients": [gradient.flatten().tolist() for gradient in gradients]}


if __name__ == "__main__":
    store_or_compare(STORED, [network(seed) for seed in range(COUNT)])
