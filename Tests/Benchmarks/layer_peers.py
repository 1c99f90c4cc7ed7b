"""Training steps of networks of layers in PyTorch and JAX: what `peers.py` asks for cases whose kind is one of these.

Forward, loss, backward and SGD on one batch of 32, both with the same shapes as `layers` in `run`.
"""

from peers import seconds_a_step

BATCH = 32
SIZES = {"conv 8×8": (1, 8, 8), "conv 28×28": (1, 28, 28), "lstm 16, 32 steps": (32, 4), "attention 2 heads, 16 tokens": (16, 16)}


def in_torch(kind, precision):
    import torch
    from torch import nn

    torch.manual_seed(0)
    torch.set_default_dtype(getattr(torch, precision))
    x = torch.rand(BATCH, *SIZES[kind])

    class Last(nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm, self.out = nn.LSTM(4, 16, batch_first=True), nn.Linear(16, 1)

        def forward(self, x):
            return self.out(self.lstm(x)[0][:, -1])

    class Attention(nn.Module):
        def __init__(self):
            super().__init__()
            self.q, self.k, self.v = (nn.Linear(16, 16, bias=False) for _ in range(3))
            self.out = nn.Linear(256, 1)

        def forward(self, x):
            q, k, v = (part(x).view(BATCH, 16, 2, 8).transpose(1, 2) for part in (self.q, self.k, self.v))
            shares = torch.softmax(q @ k.transpose(-1, -2) / 8**0.5, -1)
            return self.out((shares @ v).transpose(1, 2).reshape(BATCH, 256))

    if kind.startswith("conv"):
        side = SIZES[kind][1]
        network = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
                                nn.Linear(8 * (side // 2) ** 2, 10))
        y = nn.functional.one_hot(torch.arange(BATCH) % 10, 10).to(x.dtype)

        def loss(output):
            return -(y * torch.log_softmax(output, 1)).sum(1).mean()
    else:
        network = Last() if kind.startswith("lstm") else Attention()
        y = torch.rand(BATCH, 1)

        def loss(output):
            return ((output - y) ** 2).mean()
    optimizer = torch.optim.SGD(network.parameters(), lr=1e-4)

    def steps(number):
        for _ in range(number):
            optimizer.zero_grad()
            loss(network(x)).backward()
            optimizer.step()

    return seconds_a_step(steps)


def in_jax(kind, precision, in_loop):
    import jax
    import jax.numpy as jnp
    import numpy as np

    jax.config.update("jax_enable_x64", True)
    source = np.random.default_rng(1)

    def array(*shape):
        return jnp.asarray(0.3 * source.standard_normal(shape), dtype=precision)

    x = jnp.asarray(source.random((BATCH, *SIZES[kind])), dtype=precision)
    if kind.startswith("conv"):
        side = SIZES[kind][1]
        parameters = [array(8, 1, 3, 3), array(8), array(8 * (side // 2) ** 2, 10), array(10)]
        y = jnp.eye(10, dtype=precision)[jnp.arange(BATCH) % 10]

        def loss(p):
            z = jax.lax.conv_general_dilated(x, p[0], (1, 1), "SAME") + p[1][:, None, None]
            z = jax.lax.reduce_window(jax.nn.relu(z), -jnp.inf, jax.lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID")
            return -(y * jax.nn.log_softmax(z.reshape(BATCH, -1) @ p[2] + p[3])).sum(1).mean()
    elif kind.startswith("lstm"):
        parameters = [array(4, 64), array(16, 64), array(64), array(16, 1), array(1)]
        y = jnp.asarray(source.random((BATCH, 1)), dtype=precision)

        def loss(p):
            def cell(state, now):
                h, c = state
                i, f, g, o = jnp.split(now @ p[0] + h @ p[1] + p[2], 4, axis=1)
                c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
                return (jax.nn.sigmoid(o) * jnp.tanh(c), c), None

            start = (jnp.zeros((BATCH, 16), precision),) * 2
            (h, _), _ = jax.lax.scan(cell, start, x.transpose(1, 0, 2))
            return ((h @ p[3] + p[4] - y) ** 2).mean()
    else:
        parameters = [array(16, 16), array(16, 16), array(16, 16), array(256, 1), array(1)]
        y = jnp.asarray(source.random((BATCH, 1)), dtype=precision)

        def loss(p):
            q, k, v = ((x @ w).reshape(BATCH, 16, 2, 8).transpose(0, 2, 1, 3) for w in p[:3])
            shares = jax.nn.softmax(q @ k.transpose(0, 1, 3, 2) / 8**0.5)
            return (((shares @ v).transpose(0, 2, 1, 3).reshape(BATCH, 256) @ p[3] + p[4] - y) ** 2).mean()

    def step(p):
        return [w - 1e-4 * g for w, g in zip(p, jax.grad(loss)(p))]

    if in_loop:
        loop = jax.jit(lambda p, number: jax.lax.fori_loop(0, number, lambda _, q: step(q), p))

        def steps(number):
            jax.block_until_ready(loop(parameters, number))
    else:
        jitted = jax.jit(step)

        def steps(number):
            p = parameters
            for _ in range(number):
                p = jitted(p)
            jax.block_until_ready(p)

    return seconds_a_step(steps)


def seconds(peer, kind, precision):
    return in_torch(kind, precision) if peer == "torch" else in_jax(kind, precision, peer == "jax loop")
