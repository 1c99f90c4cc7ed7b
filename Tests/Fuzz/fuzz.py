"""The loop: makes inputs of a kind, gives them to a kernel, and keeps those that it does not survive."""

import argparse
import hashlib
import hmac
import io
import json
import math
import os
import random
import select
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
from raw_client import DELIMITER, RawKernel  # noqa: E402

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

    loop = "cells"

    def message(self, data):
        return data

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

    loop = "wire"

    @staticmethod
    def frames(data, key):
        """The channel that a message goes by, and its frames; most are signed."""
        parts = data.split(b"\n")
        chance = random.Random(data)
        signature = hmac.new(key, b"".join(parts[:4]), "sha256").hexdigest() if chance.random() < 0.8 else "0" * 64
        return chance.choice(("shell", "control", "stdin")), [DELIMITER, signature.encode(), *parts[:8]]

    def message(self, data):
        channel, frames = self.frames(data, b"fuzz")
        return {"shell": b"s", "control": b"c", "stdin": b"i"}[channel] + b"".join(struct.pack("<I", len(frame)) + frame for frame in [b"client", *frames])

    def feed(self, target, data):
        kernel = target.fresh()
        channel, frames = self.frames(data, kernel.key)
        kernel.sockets[channel].send_multipart(frames)
        if random.Random(data).random() < 0.05:
            target.run("1")


class Connections:
    """Connection and registration files of a kernel that is to refuse them or to serve."""

    loop = "connections"

    def message(self, data):
        return data

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
    """Files of one format: data as CSV, NPY, NPZ, IDX; networks as ONNX, safetensors."""

    # Of PyTorch's exporters.
    MODELS = [path.read_bytes() for path in sorted((HERE.parent / "SessionTests/Fixtures/pytorch").glob("*.onnx"))]
    loop = "files"

    def __init__(self, suffix):
        self.suffix = suffix

    def seeds(self, chance):
        while True:
            yield getattr(self, self.suffix)(chance)

    def message(self, data):
        return self.suffix.encode() + b"\n" + data

    @staticmethod
    def csv(chance):
        separator = chance.choice((",", ";", "\t", "|", " "))
        fields = ["1", "2.5", "1,5", "NA", "", "a", '"b c"', '"x', "-3e5", "1e999", "Köln", "nan", "'", "#"]
        rows = [separator.join(chance.choice(fields) for _ in range(chance.randrange(1, 5))) for _ in range(chance.randrange(6))]
        return "\n".join(["x,y,z".replace(",", separator), *rows]).encode(chance.choice(("utf-8", "latin-1", "utf-16")))

    @staticmethod
    def npy(chance):
        shape = tuple(chance.choice((0, 1, 2, 3, 1000, 2**31, 2**62, 2**63 - 1)) for _ in range(chance.randrange(4)))
        kind = chance.choice(("<f8", "<f4", "<i8", "|u1", ">f8", "|b1", "<U3", "|O", "<c16"))
        head = f"{{'descr': '{kind}', 'fortran_order': {chance.choice(('True', 'False'))}, 'shape': {shape}, }}\n".encode()
        return b"\x93NUMPY\x01\0" + struct.pack("<H", len(head)) + head + chance.randbytes(chance.choice((0, 8, 48)))

    @staticmethod
    def npz(chance):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
            for name in ("x.npy", "y.npy")[:chance.randrange(3)]:
                archive.writestr(name, Files.npy(chance))
        return stream.getvalue()

    @staticmethod
    def idx(chance):
        """As MNIST's: two zeros, the kind of number, the sizes, the numbers; half of them lie about these."""
        kind, width = chance.choice(((0x08, 1), (0x09, 1), (0x0B, 2), (0x0C, 4), (0x0D, 4), (0x0E, 8)))
        sizes = [chance.randrange(1, 5) for _ in range(chance.randrange(1, 4))]
        numbers = chance.randbytes(math.prod(sizes) * width)
        if chance.random() < 0.5:
            sizes = [chance.choice((0, 1, 2, 3, 28, 2**16, 2**31, 2**32 - 1)) for _ in range(chance.randrange(5))]
            kind = chance.choice((8, 9, 11, 12, 13, 14, 7, 0))
        return bytes((0, 0, kind, len(sizes))) + struct.pack(f">{len(sizes)}I", *sizes) + numbers

    @staticmethod
    def onnx(chance):
        return chance.choice(Files.MODELS)

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
        return struct.pack("<Q", len(text)) + text + chance.randbytes(start)

    def feed(self, target, data):
        with tempfile.NamedTemporaryFile(suffix=f".{self.suffix}") as file:
            file.write(data)
            file.flush()
            target.run(f'd = load("{file.name}");\nload("{file.name}", target = "y")')


class Notebooks:
    """Files for `nabla run`."""

    loop = "notebooks"

    def message(self, data):
        return data

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


FORMATS = ("csv", "npy", "npz", "idx", "onnx", "safetensors")
KINDS = {"cells": Cells(), "wire": Wire(), "connections": Connections(), "notebooks": Notebooks(),
         **{suffix: Files(suffix) for suffix in FORMATS}}


def known(kind):
    """The corpus of a kind."""
    return [path.read_bytes() for path in sorted((CORPUS / kind).glob("*")) if path.is_file()]


def inputs(kind, chance):
    """Inputs of a kind without end: as they should be, and spoilt."""
    seeds, corpus = KINDS[kind].seeds(chance), known(kind)
    yield from corpus
    pool = [data for data in corpus if len(data) < 1 << 14]
    while True:
        data = next(seeds)
        if chance.random() < 0.5:
            data = mutated(chance.choice(pool) if pool and chance.random() < 0.3 else data, chance, pool)
        elif len(pool) < 500:
            pool.append(data)
        yield data


def keep(kind, data, finding):
    path = CORPUS / kind / hashlib.sha256(data).hexdigest()[:16]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    print(f"{kind}: {finding}\n  kept in {path}", flush=True)


class Loop:
    """The process that takes inputs in its own memory: see FuzzLoop/main.swift."""

    BATCH = 200
    RENEWAL = 5_000

    def __init__(self, kind):
        self.maker = KINDS[kind]
        self.folder = tempfile.TemporaryDirectory(prefix="nabla-fuzz-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
        self.process = subprocess.Popen([EXECUTABLE.parent / "FuzzLoop", self.maker.loop, self.folder.name], cwd=self.folder.name,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, **ENVIRONMENT})
        # Without a buffer, which select would not see.
        self.answers = self.process.stdout.raw
        self.interrupted = 0

    def send(self, batch):
        parts = []
        for data in batch:
            message = self.maker.message(data)
            parts += [struct.pack("<I", len(message)), message]
        try:
            self.process.stdin.write(b"".join(parts))
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # It is told by what is missing.

    def verdicts(self, count):
        """A finding, or None, for each input; fewer where one has ended the process."""
        for _ in range(count):
            # Second by second, so that the time in which all are stopped does not count.
            if not any(select.select([self.answers], [], [], 1)[0] for _ in range(60)):
                yield "no answer in a minute"
                return
            byte = self.answers.read(1)
            self.interrupted += byte == b"i"
            if not byte:
                self.process.wait()
                yield f"ended with {self.process.returncode}: {self.process.stderr.read()[-300:]!r}"
                return
            finding = self.answers.readline().decode().strip() if byte == b"!" else None
            yield finding
            if finding and "interrupt" in finding:
                return  # It has ended itself.

    def renewed(self):
        """The memory in kilobytes once all has been forgotten."""
        self.process.stdin.write(struct.pack("<I", 0))
        self.process.stdin.flush()
        self.answers.read(1)
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("RssAnon"):
                return int(line.split()[1])
        raise RuntimeError("no RssAnon")

    def close(self):
        self.process.kill()
        self.process.communicate()
        self.folder.cleanup()


def fuzz_within(kind, count, seconds, seed):
    """As `fuzz`, within one process: many more inputs."""
    source, loop = inputs(kind, random.Random(seed)), Loop(kind)
    began, done, failed, levels, doubts = time.monotonic(), 0, 0, [], 0
    while done < count and time.monotonic() - began < seconds:
        batch = [next(source) for _ in range(min(Loop.BATCH, count - done))]
        loop.send(batch)
        place = -1
        for place, finding in enumerate(loop.verdicts(len(batch))):
            if finding and not survives(kind, batch[place]):
                failed += 1
                keep(kind, batch[place], finding)
            elif finding:
                doubts += 1
                print(f"{kind}: {finding}, but not by itself: {batch[place][:300]!r}", flush=True)
        done += place + 1
        if loop.process.poll() is not None or place + 1 < len(batch):
            loop.close()
            interrupted, loop, levels = loop.interrupted, Loop(kind), []
            loop.interrupted = interrupted
        elif done % Loop.RENEWAL == 0:
            levels.append(loop.renewed())
    grown = levels[-1] - levels[len(levels) // 5] if len(levels) > 4 else 0
    took = time.monotonic() - began
    loop.close()
    print(f"{kind}: {done} inputs in {took:.0f} s, {done / took:.0f} a second, {loop.interrupted} interrupted; {failed} findings, {doubts} that come "
          f"with others only; memory in kB {' '.join(map(str, levels[::max(1, len(levels) // 10)]))}, grown by {grown} kB ≤ 1000 after the first fifth (seed {seed})", flush=True)
    return failed + doubts + (grown > 1_000)


def survives(kind, data):
    """Whether an input is survived by itself, which it is where only the machine was slow."""
    loop = Loop(kind)
    try:
        loop.send([data])
        return not any(loop.verdicts(1))
    finally:
        loop.close()


def fuzz(kind, count, seconds, seed):
    """Gives a kernel a number of inputs of a kind, or as many as there is time for; returns how many failed."""
    source, maker, target = inputs(kind, random.Random(seed)), KINDS[kind], Target()
    began, done, failed, first_memory = time.monotonic(), 0, 0, None
    while done < count and time.monotonic() - began < seconds:
        data = next(source)
        try:
            maker.feed(target, data)
        except (Finding, TimeoutError, AssertionError) as finding:
            failed += 1
            keep(kind, data, finding)
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
    parser.add_argument("--within", action="store_true", help="in one process without sockets (the product FuzzLoop beside the kernel)")
    options = parser.parse_args()
    for kind in set(options.kinds) - set(KINDS):
        parser.error(f"there is no kind {kind}; there are {', '.join(KINDS)}")
    seconds = options.seconds or (60 if options.count is None else float("inf"))
    run = fuzz_within if options.within else fuzz
    failed = sum(run(kind, options.count or sys.maxsize, seconds, options.seed) for kind in options.kinds or KINDS)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
