#!/usr/bin/env python3
"""round_trips.py [--count 100] [--torch PYTHON]: random networks out of Nabla and into other programs, and back.

Each network goes to ONNX (run by onnxruntime, loaded again), to a script for PyTorch (run by the Python that --torch names), to
safetensors and to a Nabla cell (both must come back bit for bit), and to a spreadsheet (recalculated by LibreOffice). Run it by a Python
that has numpy, onnxruntime, openpyxl and jupyter_client.
"""

import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy
import onnxruntime
import openpyxl
from jupyter_client.manager import start_new_kernel

ACTIVATIONS = ["sigmoid", "tanh", "relu", "leaky_relu(0.2)", "identity", "elu(1)", "gelu", "silu", "softplus", "softsign", "hard_tanh"]
# onnxruntime computes the error function in float32 only.
ONLY_SINGLE = {"gelu"}
# Relative differences; 0: bit for bit.
BARS = {"ONNX, float64": 1e-12, "ONNX, float32": 1e-6, "onnx and back": 0, "safetensors and back": 0, "Nabla cell and back": 0,
        "PyTorch script, float64": 1e-12, "PyTorch script, float32": 1e-6, "spreadsheet": 1e-12,
        "layers, ONNX": 1e-12, "layers, Nabla cell": 0, "layers, PyTorch script": 1e-12}


class Kernel:
    """A kernel that answers a cell's value as data."""

    def __enter__(self):
        self.manager, self.client = start_new_kernel(kernel_name="nabla")
        return self

    def __exit__(self, *_):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def run(self, cell):
        found = []

        def keep(message):
            if message["msg_type"] == "error":
                raise AssertionError("\n".join([cell, *message["content"]["traceback"]]))
            if message["msg_type"] in ("execute_result", "display_data"):
                found.append(message["content"]["data"])

        self.client.execute_interactive(cell, output_hook=keep, timeout=120)
        return found[-1] if found else None

    def numbers(self, expression):
        """All of a matrix's or vector's entries, as they are."""
        data = self.run(expression)["application/vnd.dataresource+json"]["data"]
        return numpy.array([row["value"] for row in data])


# Networks with layers that are formulas, and the sizes of an example. What comes in is 1, 2 or 3 where a layer chooses by it.
LAYERED = [
    ("input array(1, 6, 6); conv2d 2, 3, 3, relu, padding = 1; max_pool 2; flatten; dense 3, softmax", (1, 6, 6)),
    ("input matrix(2, 8); conv1d 3, 3, stride = 2; global_average_pool; dense 2", (2, 8)),
    ("input matrix(T, 2); rnn 3; dense 1", (4, 2)),
    ("input matrix(4, 2); lstm 3, sequence = true; lstm 2; dense 1, sigmoid", (4, 2)),
    ("input matrix(4, 2); gru 3; dense 1", (4, 2)),
    ("input matrix(4, 6); position; residual { layer_norm; attention 6, heads = 2, causal = true; dense 6 }; flatten; dense 2", (4, 6)),
    ("input 3; dense 4; batch_norm; relu; dropout 0.5; dense 1", (3,)),
    ("input 3; embedding 5, 2; flatten; dense 1", (3,)),
    ("input 3; Centres 4; dense 2, tanh", (3,)),
    ("input array(2, 5, 5); average_pool 2, padding = [1, 0], stride = 2; batch_norm; flatten; dense 2, silu", (2, 5, 5)),
]
LAYERS = """scale = 3
layer Centres(x: vector(n), k) {
    parameter C: matrix(k, n)
    d = [norm(x - C[j, :])^2 for j in 1:k]
    exp(-d)*scale + sum(x)
}"""


def definition(chance, precision):
    sizes = [chance.randint(1, 5) for _ in range(chance.randint(2, 4))]
    known = [name for name in ACTIVATIONS if precision == "float32" or name not in ONLY_SINGLE]
    lines = [f"    input {sizes[0]}"]
    for size in sizes[1:]:
        lines.append(f"    dense {size}, {chance.choice(known)}, init = normal({chance.choice((0.3, 0.7, 1.1))})"
                     + (", b = none" if chance.random() < 0.15 else ""))
    return sizes, "network N {\n" + "\n".join(lines) + f"\n    seed {chance.randrange(10000)}\n    precision {precision}\n}}"


def nested(array):
    """An array in brackets within brackets."""
    return f"[{', '.join(map(nested, array))}]" if numpy.ndim(array) else repr(float(array))


def layered(kernel, folder, number, chance):
    """A network of layers after two updates, through ONNX and a cell; its script stays in the folder."""
    block, sizes = LAYERED[number]
    shape = (5, *sizes)
    X = numpy.array([chance.uniform(-2, 2) for _ in range(int(numpy.prod(shape)))]).reshape(shape)
    if "embedding" in block:
        X = numpy.floor(numpy.abs(X)) + 1
    kernel.run(LAYERS)
    kernel.run("network N { " + block + " }")
    kernel.run(f"X = {nested(X)}; t = train(N, X, 0.5*ones(5, count(predict(N, X)[1, :] > -inf)), epochs = 2);")
    outputs = kernel.numbers("predict(N, X)")
    kernel.run(f'export(N, "layers{number}.onnx"); export(N, "layers{number}.nabla"); export(N, "layers{number}.py", X = X);')
    session = onnxruntime.InferenceSession(folder / f"layers{number}.onnx", providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {session.get_inputs()[0].name: X})
    kernel.run("reset(N);")
    kernel.run((folder / f"layers{number}.nabla").read_text(encoding="utf-8"))
    return outputs, difference(found, outputs), difference(kernel.numbers("predict(N, X)"), outputs)


def literal(matrix):
    return "[" + "; ".join(", ".join(repr(float(value)) for value in row) for row in matrix) + "]"


def difference(found, expected):
    """Relative to 1 or to the number, whichever is larger; the same bits are 0."""
    found, expected = numpy.ravel(found).astype(float), numpy.ravel(expected).astype(float)
    assert found.shape == expected.shape, (found.shape, expected.shape)
    return float(numpy.max(numpy.abs(found - expected) / numpy.maximum(1, numpy.abs(expected)), initial=0))


def through_kernel(kernel, folder, number, precision, X, outputs):
    """Each name of a way and how far its numbers are off. What needs another program is left in the folder."""
    kernel.run(f'export(N, "{number}.onnx"); export(N, "{number}.safetensors"); export(N, "{number}.nabla");')
    kernel.run(f'export(N, "{number}.py", X = X);')
    kernel.run(f'export(explain forward(N, X[1, :]), "{number}.xlsx");')
    session = onnxruntime.InferenceSession(folder / f"{number}.onnx", providers=["CPUExecutionProvider"])
    kind = numpy.float32 if precision == "float32" else numpy.float64
    (found,) = session.run(None, {session.get_inputs()[0].name: X.astype(kind)})
    yield f"ONNX, {precision}", difference(found, outputs)
    for ending in ("onnx", "safetensors"):
        kernel.run(f'M = load("{number}.{ending}");')
        yield f"{ending} and back", difference(kernel.numbers("predict(M, X)"), outputs)
    kernel.run("reset(N);")
    kernel.run((folder / f"{number}.nabla").read_text(encoding="utf-8"))
    yield "Nabla cell and back", difference(kernel.numbers("predict(N, X)"), outputs)


RUN_SCRIPTS = """
import contextlib, io, runpy, sys
for file in sys.argv[1:]:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        runpy.run_path(file, run_name="__main__")
    print(" ".join(said.getvalue().split()))
"""


def through_pytorch(python, folder, numbers):
    """What the scripts print, each as numbers; all in one process, since PyTorch takes seconds to start."""
    said = subprocess.run([python, "-c", RUN_SCRIPTS, *(f"{number}.py" for number in numbers)], cwd=folder, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    return [[float(word) for word in re.findall(r"-?\d+\.?\d*(?:[eE][-+]?\d+)?|nan|inf", line.partition("largest")[0])]
            for line in said.stdout.splitlines()]


def through_libreoffice(folder, numbers):
    """How far LibreOffice's numbers are from those that Nabla wrote beside its formulas, which it is not shown."""
    bare, done = folder / "bare", folder / "done"
    bare.mkdir()
    for number in numbers:
        openpyxl.load_workbook(folder / f"{number}.xlsx").save(bare / f"{number}.xlsx")
    subprocess.run(["soffice", "--headless", "--convert-to", "xlsx", "--outdir", str(done), *map(str, bare.glob("*.xlsx"))], check=True,
                   capture_output=True, timeout=1200, env={**os.environ, "HOME": str(folder)})
    for number in numbers:
        formulas = openpyxl.load_workbook(folder / f"{number}.xlsx").active
        wanted = openpyxl.load_workbook(folder / f"{number}.xlsx", data_only=True).active
        found = openpyxl.load_workbook(done / f"{number}.xlsx", data_only=True).active
        places = [cell.coordinate for row in formulas.iter_rows() for cell in row if cell.data_type == "f"]
        assert places, f"{number}.xlsx has no formula"
        yield difference([found[place].value for place in places], [wanted[place].value for place in places])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--torch", default=sys.executable)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    worst = {}

    def note(name, value):
        count, so_far = worst.get(name, (0, 0.0))
        worst[name] = (count + 1, max(so_far, value))

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        os.chdir(folder)
        made = {}
        with Kernel() as kernel:
            for number in range(options.count):
                precision = "float32" if number % 4 == 3 else "float64"
                sizes, block = definition(chance, precision)
                X = numpy.array([[chance.uniform(-2, 2) for _ in range(sizes[0])] for _ in range(4)])
                kernel.run(block)
                kernel.run(f"X = {literal(X)};")
                outputs = kernel.numbers("predict(N, X)")
                made[number] = (precision, outputs)
                for name, value in through_kernel(kernel, folder, number, precision, X, outputs):
                    note(name, value)
            written = {}
            for number in range(len(LAYERED)):
                outputs, by_onnx, by_cell = layered(kernel, folder, number, chance)
                written[f"layers{number}"] = outputs
                note("layers, ONNX", by_onnx)
                note("layers, Nabla cell", by_cell)
        for outputs, found in zip(written.values(), through_pytorch(options.torch, folder, written)):
            note("layers, PyTorch script", difference(found, outputs))
        wide = [number for number, (precision, _) in made.items() if precision == "float64"]
        for number, found in zip(made, through_pytorch(options.torch, folder, made)):
            precision, outputs = made[number]
            note(f"PyTorch script, {precision}", difference(found, outputs))
        for value in through_libreoffice(folder, wide):
            note("spreadsheet", value)
    good = True
    for name, (count, value) in worst.items():
        good = good and value <= BARS[name]
        print(f"{name:26} {count:4} networks   largest difference {value:8.2g}   (bar: {BARS[name]:g})")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
