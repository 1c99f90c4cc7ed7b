"""The loop: makes inputs of a kind, gives them to a kernel, and keeps those that it does not survive."""

import argparse
import hashlib
import io
import json
import math
import os
import random
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "KernelClients")]

from grammar import Grammar  # noqa: E402
from mutation import mutated  # noqa: E402
from raw_client import RawKernel  # noqa: E402

EXECUTABLE = Path(os.environ.get("NABLA_EXECUTABLE", HERE.parents[1] / ".build/release/nabla")).resolve()
CORPUS = HERE / "corpus"
# What a cell may take; a machine that does other things as well is slower.
PATIENCE = 1.0 * float(os.environ.get("NABLA_FUZZ_SLOWNESS", "1"))
# So that what asks for much is refused and not made.
ENVIRONMENT = {"NABLA_MEMORY": "400M", "NABLA_HISTORY": "none"}
LEAK = 32_000  # kilobytes beyond what names may hold


class Finding(Exception):
    """Something that must not happen."""


class Target:
    """A kernel that takes inputs one by one, and a new one where it has died."""

    def __init__(self):
        self.kernel = None

    def fresh(self):
        if self.kernel is None or self.kernel.process.poll() is not None:
            self.close()
            self.kernel = RawKernel(EXECUTABLE, environment=ENVIRONMENT)
            self.kernel.__enter__()
        return self.kernel

    def close(self):
        if self.kernel is not None:
            self.kernel.__exit__()
            self.kernel = None

    def drain(self):
        socket = self.kernel.sockets["iopub"]
        while socket.poll(0):
            socket.recv_multipart()

    def run(self, code):
        """A cell, which must be answered in time, by itself or once it is interrupted."""
        kernel = self.fresh()
        identity = kernel.execute(code)
        try:
            _, content = kernel.reply(identity, timeout=PATIENCE)
        except TimeoutError:
            self.require_life()
            kernel.send("interrupt_request", {}, channel="control")
            try:
                _, content = kernel.reply(identity, timeout=5)
            except TimeoutError:
                self.require_life()
                raise Finding("no interrupt ends it") from None
        self.drain()
        self.require_life()
        if content["status"] == "error" and (not content["ename"] or not content["traceback"]):
            raise Finding(f"an error without words: {content}")
        return content

    def require_life(self):
        code = self.kernel.process.poll()
        if code is not None:
            self.kernel.log.seek(0)
            raise Finding(f"ended with {code}: {self.kernel.log.read()[-300:]!r}")


class Cells:
    """Cells from the grammar, and others mutated."""

    def seeds(self, chance):
        grammar = Grammar(chance)
        while True:
            yield grammar.cell().encode()

    def feed(self, target, data):
        target.run(data.decode("utf-8", "replace"))


class Wire:
    """Messages, signed or not, whole or not."""

    KINDS = ["execute_request", "complete_request", "inspect_request", "is_complete_request", "history_request", "comm_open",
             "comm_msg", "comm_close", "comm_info_request", "kernel_info_request", "connect_request", "input_reply",
             "interrupt_request", "usage_request", "debug_request", "create_subshell_request", "delete_subshell_request"]

    def seeds(self, chance):
        content = {"code": "1+1", "cursor_pos": 1, "comm_id": "c", "data": {}, "target_name": "t", "silent": False, "pattern": "*",
                   "type": "request", "seq": 1, "command": "debugInfo", "arguments": {}, "hist_access_type": "search", "n": 3}
        while True:
            kind = chance.choice(self.KINDS)
            header = {"msg_id": str(chance.random()), "session": "s", "username": "u", "date": "2026-01-01T00:00:00Z",
                      "msg_type": kind, "version": "5.3"}
            yield b"\n".join(json.dumps(part).encode() for part in (header, {}, {}, content))

    def feed(self, target, data):
        kernel = target.fresh()
        parts = data.split(b"\n")
        chance = random.Random(data)
        frames = kernel.signed(parts[:4] if len(parts) >= 4 else parts)
        if chance.random() < 0.2:
            frames[1] = b"0" * 64
        kernel.sockets[chance.choice(("shell", "control", "stdin"))].send_multipart(frames + parts[4:8])
        if chance.random() < 0.05:
            target.run("1")


class Connections:
    """Connection and registration files of a kernel that is to refuse them or to serve."""

    def seeds(self, chance):
        while True:
            members = {"shell_port": 1, "iopub_port": 2, "stdin_port": 3, "control_port": 4, "hb_port": 5, "ip": "127.0.0.1",
                       "key": "k", "transport": "tcp", "signature_scheme": "hmac-sha256", "kernel_name": "nabla"}
            for _ in range(chance.randrange(4)):
                members[chance.choice(list(members))] = chance.choice([None, "", -1, 70000, "x", [], {}, 1e300, True, "::1", "ipc"])
            yield json.dumps(members).encode()

    def feed(self, target, data):
        with tempfile.NamedTemporaryFile(suffix=".json") as file:
            file.write(data)
            file.flush()
            try:
                result = subprocess.run([EXECUTABLE, "kernel", "-f", file.name], capture_output=True, timeout=0.3,
                                        env={**os.environ, **ENVIRONMENT})
            except subprocess.TimeoutExpired:
                return  # It serves.
            if result.returncode < 0 or not result.stderr:
                raise Finding(f"ended with {result.returncode}: {result.stderr[-300:]!r}")


class Files:
    """Data files: CSV, NPY, NPZ, IDX; networks: ONNX, safetensors."""

    SUFFIXES = ("csv", "npy", "npz", "idx", "onnx", "safetensors")
    # Of PyTorch's exporters.
    MODELS = sorted((HERE.parent / "SessionTests/Fixtures/pytorch").glob("*.onnx"))

    def seeds(self, chance):
        while True:
            yield chance.choice((self.csv, self.npy, self.npz, self.idx, self.onnx, self.safetensors))(chance)

    @staticmethod
    def csv(chance):
        separator = chance.choice((",", ";", "\t", "|", " "))
        fields = ["1", "2.5", "1,5", "NA", "", "a", '"b c"', '"x', "-3e5", "1e999", "Köln", "nan", "'", "#"]
        rows = [separator.join(chance.choice(fields) for _ in range(chance.randrange(1, 5))) for _ in range(chance.randrange(6))]
        return b"csv\n" + "\n".join(["x,y,z".replace(",", separator), *rows]).encode(chance.choice(("utf-8", "latin-1", "utf-16")))

    @staticmethod
    def npy(chance):
        shape = tuple(chance.choice((0, 1, 2, 3, 1000, 2**31, 2**62, 2**63 - 1)) for _ in range(chance.randrange(4)))
        kind = chance.choice(("<f8", "<f4", "<i8", "|u1", ">f8", "|b1", "<U3", "|O", "<c16"))
        head = f"{{'descr': '{kind}', 'fortran_order': {chance.choice(('True', 'False'))}, 'shape': {shape}, }}\n".encode()
        return b"npy\n\x93NUMPY\x01\0" + struct.pack("<H", len(head)) + head + chance.randbytes(chance.choice((0, 8, 48)))

    @staticmethod
    def npz(chance):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
            for name in ("x.npy", "y.npy")[:chance.randrange(3)]:
                archive.writestr(name, Files.npy(chance)[4:])
        return b"npz\n" + stream.getvalue()

    @staticmethod
    def idx(chance):
        """As MNIST's: two zeros, the kind of number, the sizes, the numbers."""
        kind, width = chance.choice(((0x08, 1), (0x09, 1), (0x0B, 2), (0x0C, 4), (0x0D, 4), (0x0E, 8)))
        sizes = [chance.randrange(1, 5) for _ in range(chance.randrange(1, 4))]
        head = bytes((0, 0, kind, len(sizes))) + b"".join(struct.pack(">I", size) for size in sizes)
        return b"idx\n" + head + chance.randbytes(math.prod(sizes) * width)

    @staticmethod
    def onnx(chance):
        return b"onnx\n" + chance.choice(Files.MODELS).read_bytes()

    @staticmethod
    def safetensors(chance):
        sizes = [chance.choice((1, 2, 3)) for _ in range(3)]
        header = {"__metadata__": {
            "nabla.layers": chance.choice(("1", "2", "-1", "9" * 30)), "nabla.layer1.kind": "dense", "nabla.layer2.kind": "dense",
            "nabla.layer1.activation": chance.choice(("relu", "f", "elu(0.5)", "softmax")), "nabla.layer2.activation": "g",
            "nabla.layer1.formula": chance.choice(("z^2", "sum(1 for i in 1:9999999)", "z^z^z^z", "(" * 900, "if z > 0 { z } else { -z }")),
            "nabla.loss": chance.choice(("huber(2)", "x")), "nabla.inputs": chance.choice(("", "a,b", "a,a"))}}
        start = 0
        for name, shape in (("W1", sizes[:2]), ("b1", sizes[1:2]), ("W2", sizes[1:]), ("b2", sizes[2:])):
            end = start + 8 * math.prod(shape)
            header[name] = {"dtype": chance.choice(("F64", "F32", "U8")), "shape": shape, "data_offsets": [start, end]}
            start = end
        text = json.dumps(header).encode()
        return b"safetensors\n" + struct.pack("<Q", len(text)) + text + chance.randbytes(start)

    def feed(self, target, data):
        kind, _, content = data.partition(b"\n")
        suffix = kind.decode("ascii", "replace")
        with tempfile.NamedTemporaryFile(suffix=f".{suffix if suffix in self.SUFFIXES else 'csv'}") as file:
            file.write(content)
            file.flush()
            target.run(f'd = load("{file.name}");\nload("{file.name}", target = "y")')


class Notebooks:
    """Files for `nabla run`."""

    def seeds(self, chance):
        grammar = Grammar(chance)
        while True:
            cells = [{"cell_type": "code", "source": grammar.cell(), "outputs": [], "metadata": {}, "execution_count": None}
                     for _ in range(3)]
            yield json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()

    def feed(self, target, data):
        with tempfile.NamedTemporaryFile(suffix=".ipynb") as file:
            file.write(data)
            file.flush()
            try:
                result = subprocess.run([EXECUTABLE, "run", file.name], capture_output=True, timeout=20 * PATIENCE,
                                        stdin=subprocess.DEVNULL, env={**os.environ, **ENVIRONMENT})
            except subprocess.TimeoutExpired:
                raise Finding("it does not end") from None
            if result.returncode < 0:
                raise Finding(f"ended with {result.returncode}: {result.stderr[-300:]!r}")


KINDS = {"cells": Cells, "wire": Wire, "connections": Connections, "files": Files, "notebooks": Notebooks}


def known(kind):
    """The corpus of a kind."""
    return [path.read_bytes() for path in sorted((CORPUS / kind).glob("*")) if path.is_file()]


def fuzz(kind, count, seconds, seed):
    """Runs a kind for a number of inputs or of seconds; returns how many failed."""
    chance = random.Random(seed)
    maker, target = KINDS[kind](), Target()
    seeds, pool = maker.seeds(chance), known(kind)
    began, done, failed, first_memory = time.monotonic(), 0, 0, None
    while done < count and time.monotonic() - began < seconds:
        data = next(seeds)
        if chance.random() < 0.5:
            data = mutated(chance.choice(pool) if pool and chance.random() < 0.3 else data, chance, pool)
        elif len(pool) < 500:
            pool.append(data)
        try:
            maker.feed(target, data)
        except (Finding, TimeoutError, AssertionError) as finding:
            failed += 1
            path = CORPUS / kind / hashlib.sha256(data).hexdigest()[:16]
            path.write_bytes(data)
            print(f"{kind}: {finding}\n  kept in {path}", flush=True)
            target.close()
            first_memory = None
        done += 1
        if target.kernel is not None and done % 5000 == 0:
            memory = target.kernel.resident_kilobytes()
            first_memory = first_memory or memory
            if memory - first_memory > LEAK:
                print(f"{kind}: memory has grown from {first_memory} to {memory} kB", flush=True)
                failed += 1
                first_memory = memory
    target.close()
    print(f"{kind}: {done} inputs in {time.monotonic() - began:.0f} s, {failed} findings (seed {seed})", flush=True)
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help="all when none is named")
    parser.add_argument("--count", type=int, default=None)
    parser.add_argument("--seconds", type=float, default=None)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    for kind in set(options.kinds) - set(KINDS):
        parser.error(f"there is no kind {kind}; there are {', '.join(KINDS)}")
    seconds = options.seconds or (60 if options.count is None else float("inf"))
    failed = sum(fuzz(kind, options.count or sys.maxsize, seconds, options.seed) for kind in options.kinds or KINDS)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
