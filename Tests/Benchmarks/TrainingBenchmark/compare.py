"""The cases of TrainingBenchmark in NumPy, PyTorch and JAX, as far as they are installed.

Run: python3 compare.py; prints lines like the Swift program's: name, microseconds, unit.
"""
import importlib.util
import time


def best(function, runs=3):
    result = float("inf")
    for _ in range(runs):
        start = time.perf_counter()
        function()
        result = min(result, time.perf_counter() - start)
    return result


def report(name, seconds, steps):
    print(f"{name}\t{seconds / steps * 1e6:.3f}\tµs", flush=True)


WEIGHTS = [[[0.1, 0.1]], [[0.2, 0.3, 0.1], [0.1, 0.2, 0.3]], [[0.4], [0.2], [0.6]]]
BIASES = [[0.1, 0.2], [0.3, 0.1, 0.2], [0.5]]


def numpy_small():
    import numpy as np

    W = [np.array(w) for w in WEIGHTS]
    b = [np.array(v) for v in BIASES]
    x, y = np.array([[2.0]]), np.array([[1.0]])

    def step():
        a = [x]
        for w, v in zip(W, b):
            a.append(1 / (1 + np.exp(-(a[-1] @ w + v))))
        loss = -np.mean(y * np.log(a[-1]) + (1 - y) * np.log(1 - a[-1]))
        delta = a[-1] - y
        for l in (2, 1, 0):
            gradient_w, gradient_b = a[l].T @ delta, delta.sum(axis=0)
            if l:
                delta = (delta @ W[l].T) * a[l] * (1 - a[l])
            W[l] = W[l] - 0.1 * gradient_w
            b[l] = b[l] - 0.1 * gradient_b
        return loss

    report("numpy: step 1-2-3-1", best(lambda: [step() for _ in range(2000)]), 2000)


def torch_cases():
    import torch

    x, y = torch.tensor([[2.0]], dtype=torch.float64), torch.tensor([[1.0]], dtype=torch.float64)
    layers = [torch.nn.Linear(1, 2), torch.nn.Linear(2, 3), torch.nn.Linear(3, 1)]
    with torch.no_grad():
        for layer, w, v in zip(layers, WEIGHTS, BIASES):
            layer.weight.copy_(torch.tensor(w).T)
            layer.bias.copy_(torch.tensor(v))
    sigmoid = torch.nn.Sigmoid()
    net = torch.nn.Sequential(
        layers[0], sigmoid, layers[1], sigmoid, layers[2]).double()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    criterion = torch.nn.BCEWithLogitsLoss()

    def step(x, y):
        optimizer.zero_grad()
        loss = criterion(net(x), y)
        loss.backward()
        optimizer.step()
        return loss

    report("torch: step 1-2-3-1", best(lambda: [step(x, y).item() for _ in range(500)]), 500)

    for dtype in (torch.float64, torch.float32):
        for name, make in (("sgd", torch.optim.SGD), ("adam", torch.optim.Adam)):
            images = torch.rand(3200, 784, dtype=dtype)
            labels = torch.arange(3200) % 10
            net = torch.nn.Sequential(
                torch.nn.Linear(784, 128), torch.nn.ReLU(), torch.nn.Linear(128, 10)).to(dtype)
            optimizer = make(net.parameters(), lr=0.001)
            criterion = torch.nn.CrossEntropyLoss()

            def epoch():
                order = torch.randperm(3200)
                for i in range(0, 3200, 64):
                    batch = order[i:i + 64]
                    step(images[batch], labels[batch])

            kind = str(dtype).split(".")[1]
            report(f"torch: step 784-128-10, batch 64, {kind}, {name}", best(epoch, 5), 50)


def jax_small():
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    parameters = [(jnp.array(w), jnp.array(v)) for w, v in zip(WEIGHTS, BIASES)]
    x, y = jnp.array([[2.0]]), jnp.array([[1.0]])

    def loss(parameters):
        a = x
        for w, v in parameters:
            z = a @ w + v
            a = jax.nn.sigmoid(z)
        return jnp.mean(jnp.maximum(z, 0) - y * z + jnp.log1p(jnp.exp(-jnp.abs(z))))

    @jax.jit
    def step(parameters):
        value, gradients = jax.value_and_grad(loss)(parameters)
        return value, jax.tree.map(lambda p, g: p - 0.1 * g, parameters, gradients)

    def run():
        current = parameters
        for _ in range(2000):
            value, current = step(current)
        value.block_until_ready()

    run()
    report("jax jit: step 1-2-3-1", best(run), 2000)


for module, case in (("numpy", numpy_small), ("torch", torch_cases), ("jax", jax_small)):
    if importlib.util.find_spec(module):
        case()
    else:
        print(f"{module}: not installed")
