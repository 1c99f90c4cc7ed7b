"""What `run` asks of other libraries, in their Python: a JSON request a line, a JSON answer a line.

    {"do": "step", "peer": "torch" | "jax" | "jax loop" | "numpy", "case": {…of cases.json}}   seconds a training step
    {"do": "layers", "peer": "torch" | "jax" | "jax loop", "kind": "conv 8×8", "precision": "float32"}   the same, of layers
    {"do": "peak", "precision": "float32"}   the best product of two matrices, operations a second
    peers.py read pandas|polars|numpy FILE   a whole process: seconds, and kilobytes above the library's own peak
    peers.py digits FILE.npz                 a whole process: trains digits in PyTorch, prints the test accuracy
"""

import json
import resource
import sys
import time

HIDDEN_GAIN = 0.3


def seconds_a_step(steps_in, limit=0.5):
    """The difference of a long and a short training, so that what happens once does not count."""
    steps = 2
    steps_in(steps)
    while True:
        began = time.perf_counter()
        steps_in(steps)
        if time.perf_counter() - began >= limit / 6 or steps >= 1 << 22:
            break
        steps *= 2
    times = []
    for _ in range(3):
        first = time.perf_counter()
        steps_in(steps)
        second = time.perf_counter()
        steps_in(2 * steps)
        times.append((time.perf_counter() - second - (second - first)) / steps)
    return sorted(times)[1]


def data(case, numpy):
    source = numpy.random.default_rng(1)
    sizes, batch, kind = case["sizes"], case["batch"], case["precision"]
    x = source.random((batch, sizes[0])).astype(kind)
    if case["output"] == "softmax":
        y = numpy.eye(sizes[-1], dtype=kind)[numpy.arange(batch) % sizes[-1]]
    else:
        y = numpy.floor(2 * source.random((batch, sizes[-1]))).astype(kind)
    weights = [(HIDDEN_GAIN * source.standard_normal(pair)).astype(kind) for pair in zip(sizes, sizes[1:])]
    biases = [numpy.zeros(size, dtype=kind) for size in sizes[1:]]
    return x, y, weights, biases


def in_numpy(case):
    import numpy as np

    x, y, weights, biases = data(case, np)
    hidden = {"sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda a: a * (1 - a)),
              "tanh": (np.tanh, lambda a: 1 - a * a),
              "relu": (lambda z: np.maximum(z, 0), lambda a: (a > 0).astype(a.dtype))}[case["hidden"]]
    moments = [[0, 0] for _ in range(2 * len(weights))]
    count = 0

    def update(parameter, gradient, moment):
        if case["optimizer"] == "sgd":
            return parameter - 1e-4 * gradient
        moment[0] = 0.9 * moment[0] + 0.1 * gradient
        moment[1] = 0.999 * moment[1] + 0.001 * gradient * gradient
        rate = 1e-4 * np.sqrt(1 - 0.999**count) / (1 - 0.9**count)
        return (parameter - rate * moment[0] / (np.sqrt(moment[1]) + 1e-8)).astype(parameter.dtype)

    def steps(number):
        nonlocal count
        last = len(weights) - 1
        for _ in range(number):
            count += 1
            a = [x]
            for layer in range(last + 1):
                z = a[-1] @ weights[layer] + biases[layer]
                if layer < last:
                    a.append(hidden[0](z))
            if case["output"] == "softmax":
                e = np.exp(z - z.max(axis=1, keepdims=True))
                a.append(e / e.sum(axis=1, keepdims=True))
                np.mean(-np.log(np.maximum((a[-1] * y).sum(axis=1), 1e-30)))
            elif case["output"] == "sigmoid":
                a.append(1 / (1 + np.exp(-z)))
                np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z))))
            else:
                a.append(z)
                np.mean(((z - y) ** 2).sum(axis=1))
            delta = (a[-1] - y) * ((2 if case["output"] == "identity" else 1) / len(x))
            delta = delta.astype(x.dtype)
            for layer in range(last, -1, -1):
                dw, db = a[layer].T @ delta, delta.sum(axis=0)
                if layer:
                    delta = (delta @ weights[layer].T) * hidden[1](a[layer])
                weights[layer] = update(weights[layer], dw, moments[2 * layer])
                biases[layer] = update(biases[layer], db, moments[2 * layer + 1])

    return seconds_a_step(steps)


def in_torch(case):
    import numpy
    import torch

    x, y, weights, biases = data(case, numpy)
    layers = []
    for place, (w, b) in enumerate(zip(weights, biases)):
        layer = torch.nn.Linear(*w.shape).to(torch.float64 if case["precision"] == "float64" else torch.float32)
        with torch.no_grad():
            layer.weight.copy_(torch.tensor(w).T)
            layer.bias.copy_(torch.tensor(b))
        layers.append(layer)
        if place < len(weights) - 1:
            layers.append({"sigmoid": torch.nn.Sigmoid, "tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}[case["hidden"]]())
    net = torch.nn.Sequential(*layers)
    loss = {"softmax": torch.nn.CrossEntropyLoss, "sigmoid": torch.nn.BCEWithLogitsLoss,
            "identity": torch.nn.MSELoss}[case["output"]]()
    make = torch.optim.SGD if case["optimizer"] == "sgd" else torch.optim.Adam
    optimizer = make(net.parameters(), lr=1e-4)
    inputs, targets = torch.tensor(x), torch.tensor(y)

    def steps(number):
        for _ in range(number):
            optimizer.zero_grad()
            loss(net(inputs), targets).backward()
            optimizer.step()

    return seconds_a_step(steps)


def jax_with_doubles():
    import jax

    jax.config.update("jax_enable_x64", True)
    return jax


def in_jax(case, in_one_call):
    import numpy

    jax = jax_with_doubles()
    import jax.numpy as jnp

    x, y, weights, biases = data(case, numpy)
    x, y = jnp.asarray(x), jnp.asarray(y)
    parameters = [(jnp.asarray(w), jnp.asarray(b)) for w, b in zip(weights, biases)]
    hidden = {"sigmoid": jax.nn.sigmoid, "tanh": jnp.tanh, "relu": jax.nn.relu}[case["hidden"]]

    def loss(parameters):
        a = x
        for w, b in parameters[:-1]:
            a = hidden(a @ w + b)
        z = a @ parameters[-1][0] + parameters[-1][1]
        if case["output"] == "softmax":
            return -jnp.mean(jnp.sum(y * jax.nn.log_softmax(z), axis=1))
        if case["output"] == "sigmoid":
            return jnp.mean(jnp.maximum(z, 0) - y * z + jnp.log1p(jnp.exp(-jnp.abs(z))))
        return jnp.mean(jnp.sum((z - y) ** 2, axis=1))

    def step(state):
        parameters, first, second, count, _ = state
        value, gradients = jax.value_and_grad(loss)(parameters)
        if case["optimizer"] == "sgd":
            new = jax.tree.map(lambda p, g: p - jnp.asarray(1e-4, p.dtype) * g, parameters, gradients)
            return new, first, second, count + 1, value
        first = jax.tree.map(lambda m, g: (0.9 * m + 0.1 * g).astype(m.dtype), first, gradients)
        second = jax.tree.map(lambda v, g: (0.999 * v + 0.001 * g * g).astype(v.dtype), second, gradients)
        rate = 1e-4 * jnp.sqrt(1 - 0.999 ** (count + 1.0)) / (1 - 0.9 ** (count + 1.0))
        new = jax.tree.map(
            lambda p, m, v: (p - rate * m / (jnp.sqrt(v) + 1e-8)).astype(p.dtype), parameters, first, second)
        return new, first, second, count + 1, value

    zeros = jax.tree.map(jnp.zeros_like, parameters)
    state = (parameters, zeros, zeros, 0, jnp.asarray(0, x.dtype))
    once = jax.jit(step)
    loop = jax.jit(lambda state, number: jax.lax.fori_loop(0, number, lambda _, state: step(state), state))

    def steps(number):
        if in_one_call:
            result = loop(state, number)
        else:
            result = state
            for _ in range(number):
                result = once(result)
        jax.block_until_ready(result)

    return seconds_a_step(steps)


def peak(precision):
    """Operations a second of the best of several products of two 2048 × 2048 matrices, in NumPy, PyTorch and JAX."""
    import numpy
    import torch

    jax = jax_with_doubles()
    size, best = 2048, 0
    a = numpy.random.default_rng(1).random((size, size)).astype(precision)
    t, j = torch.tensor(a), jax.numpy.asarray(a)
    for product in (lambda: a @ a, lambda: t @ t, lambda: (j @ j).block_until_ready()):
        product()
        for _ in range(4):
            began = time.perf_counter()
            product()
            best = max(best, 2 * size**3 / (time.perf_counter() - began))
    return best


def step(request):
    case, peer = request["case"], request["peer"]
    if peer == "numpy":
        return in_numpy(case)
    if peer == "torch":
        return in_torch(case)
    return in_jax(case, peer == "jax loop")


def read(library, path):
    if library == "pandas":
        import pandas

        open_file = pandas.read_csv
    elif library == "polars":
        import polars

        open_file = polars.read_csv
    else:
        import numpy

        open_file = numpy.load
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    table = open_file(path)
    took = time.perf_counter() - began
    print(json.dumps({"seconds": took, "kilobytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before}))
    return table


def digits(path):
    import numpy
    import torch

    torch.manual_seed(0)
    with numpy.load(path) as file:
        x, y = torch.tensor(file["X"] / 16), torch.tensor(file["Y"]).long() - 1
    order = torch.randperm(len(x))
    test, train = order[: len(x) // 4], order[len(x) // 4:]
    net = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.ReLU(), torch.nn.Linear(32, 10)).double()
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    loss = torch.nn.CrossEntropyLoss()
    for _ in range(30):
        for batch in train[torch.randperm(len(train))].split(32):
            optimizer.zero_grad()
            loss(net(x[batch]), y[batch]).backward()
            optimizer.step()
    print((net(x[test]).argmax(dim=1) == y[test]).double().mean().item())


def main():
    if len(sys.argv) > 1:
        return read(*sys.argv[2:]) if sys.argv[1] == "read" else digits(sys.argv[2])
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if request["do"] == "layers":
                import layer_peers
                answer = {"value": layer_peers.seconds(request["peer"], request["kind"], request["precision"])}
            else:
                answer = {"value": peak(request["precision"]) if request["do"] == "peak" else step(request)}
        except ImportError as error:
            answer = {"missing": str(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
