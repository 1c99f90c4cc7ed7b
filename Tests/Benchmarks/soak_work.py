"""What the clients of a soak do: cells that say what they must show, interrupts, and how badly they read."""

import collections
import contextlib
import json
import os
import signal
import sys
import time
from pathlib import Path

import zmq

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "KernelClients"))

from raw_client import DELIMITER, RawClient  # noqa: E402

PATIENCE = 120
"""Seconds that somebody waits in vain. Where all are stopped for a while, as the whole machine may be, nobody waits."""


class Client(RawClient):
    """Runs cells, and remembers all that it saw, its own and the others'."""

    def __init__(self, connection, name):
        super().__init__(connection, identity=name.encode())
        self.seen = collections.Counter()
        self.poller = zmq.Poller()
        for channel in ("shell", "iopub", "stdin"):
            self.poller.register(self.sockets[channel], zmq.POLLIN)

    def take(self, channel):
        """The next message there; what is broadcast is counted by its kind and by whose doing it is."""
        frames = self.sockets[channel].recv_multipart()
        start = frames.index(DELIMITER)
        header, parent = json.loads(frames[start + 2]), json.loads(frames[start + 3])
        kind, content = header["msg_type"], frames[start + 5]
        if channel == "iopub":
            self.seen[kind, parent.get("session", "").split(" ")[0]] += 1
        return kind, parent.get("msg_id"), content

    def perform(self, code, allow_stdin=False, during=None, **header):
        """Runs a cell to its end: its reply and its outputs. `during` is called once it runs."""
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {},
                   "allow_stdin": allow_stdin, "stop_on_error": False}
        identity = self.send("execute_request", content, **header)
        reply, outputs, states = None, [], []
        in_vain = 0
        while reply is None or states[-1:] != ["idle"]:
            ready = dict(self.poller.poll(1000))
            in_vain += not ready
            if in_vain > PATIENCE:
                raise TimeoutError(f"{code!r}: no end in {PATIENCE} s; reply {reply}, states {states}")
            for channel in ("shell", "iopub", "stdin"):
                if self.sockets[channel] not in ready:
                    continue
                kind, parent, content = self.take(channel)
                if parent != identity:
                    continue
                content = json.loads(content)
                if kind == "execute_reply":
                    reply = content
                elif kind == "input_request":
                    self.send("input_reply", {"value": content["prompt"][::-1]}, channel="stdin")
                elif kind == "status":
                    states.append(content["execution_state"])
                    if states == ["busy"] and during:
                        during()
                elif kind != "execute_input":
                    outputs.append((kind, content))
        if states != ["busy", "idle"]:
            raise AssertionError(f"{code!r}: states {states}")
        return reply, outputs

    def wait_for_welcome(self):
        """What is sent before a subscription has arrived is lost to it."""
        while self.receive("iopub", PATIENCE)[0] != "iopub_welcome":
            pass

    def drain(self, quiet_milliseconds=1500):
        while self.sockets["iopub"].poll(quiet_milliseconds):
            self.take("iopub")


def text_of(outputs, stream="stdout"):
    return "".join(content["text"] for kind, content in outputs if kind == "stream" and content["name"] == stream)


def result_of(outputs):
    return [content["data"]["text/plain"] for kind, content in outputs if kind == "execute_result"]


class Work:
    """The cells of one client; each says what it must show, and returns how many outputs it counted."""

    def __init__(self, client, number, chance, disk):
        self.client, self.number, self.chance = client, number, chance
        self.file = f"{disk}/kept{number}.npy"
        self.kept = None
        self.kinds = [self.sum, self.printing, self.displaying, self.product, self.failing, self.training, self.deriving,
                      self.drawing, self.saving, self.asking, self.questions]

    def require(self, condition, code, reply, outputs):
        if not condition:
            raise AssertionError(f"{code!r} showed {str(outputs)[:300]}, reply {str(reply)[:200]}")
        return len(outputs) + 2

    def expect(self, code, condition, **options):
        reply, outputs = self.client.perform(code, **options)
        return self.require(reply["status"] == "ok" and condition(outputs), code, reply, outputs)

    def sum(self):
        a, b = self.chance.randrange(1000), self.chance.randrange(1000)
        return self.expect(f"{a} + {b}", lambda outputs: result_of(outputs) == [str(a + b)] and len(outputs) == 1)

    def printing(self):
        count = self.chance.choice((1, 30, 3000))
        wanted = "".join(f"{number}\n" for number in range(1, count + 1))
        return self.expect(f"for i in 1:{count} {{ print(i) }}", lambda outputs: text_of(outputs) == wanted) + count

    def displaying(self):
        count = self.chance.choice((1, 5, 60))
        return self.expect(f"for i in 1:{count} {{ display(i) }}",
                           lambda outputs: [kind for kind, _ in outputs] == ["display_data"] * count)

    def product(self):
        size = self.chance.choice((3, 40, 200))
        return self.expect(f"A{self.number} = ones({size}, {size})\nsum(A{self.number} @ A{self.number})",
                           lambda outputs: result_of(outputs)[0].replace(" ", "") == str(size**3))

    def failing(self):
        code = f"print(1)\nnosuch{self.chance.randrange(100)}"
        reply, outputs = self.client.perform(code)
        return self.require(reply["status"] == "error" and [kind for kind, _ in outputs] == ["stream", "error"]
                            and outputs[1][1]["ename"] == "NameError", code, reply, outputs)

    def training(self):
        name = f"N{self.number}"
        return self.expect(f"network {name} {{ input 2\n dense 8, tanh\n dense 1, sigmoid\n loss bce }}\nd{self.number} = dataset(\"moons\");\n"
                           f"train({name}, d{self.number}.X, d{self.number}.Y, epochs = {self.chance.choice((1, 20, 200))});\n7",
                           lambda outputs: result_of(outputs) == ["7"])

    def deriving(self):
        return self.expect("C(w: vector, b, X: matrix, y: vector) = mean((y - max(0, X @ w + b))^2)\nexplain ∂C/∂w",
                           lambda outputs: len(result_of(outputs)) == 1 and "Jacobian" in str(outputs))

    def drawing(self):
        return self.expect(f"g{self.number}(x) = sin(x*{self.chance.randrange(1, 9)})\nplot(g{self.number})",
                           lambda outputs: "image/svg+xml" in outputs[-1][1]["data"])

    def saving(self):
        """What was saved stands until something else is saved whole, also on a full disk."""
        value = self.chance.randrange(1_000_000)
        code = f"S{self.number} = zeros(300, 300) + {value}\nsave(S{self.number}, \"{self.file}\");\n1"
        reply, outputs = self.client.perform(code)
        if reply["status"] == "ok":
            self.kept = value
        else:
            self.require(reply["ename"] == "FileError", code, reply, outputs)
        if self.kept is None:
            return len(outputs) + 2
        return len(outputs) + 2 + self.expect(
            f"L{self.number} = load(\"{self.file}\");\nL{self.number}[300, 300]",
            lambda outputs: result_of(outputs)[0].replace(" ", "") == str(self.kept))

    def asking(self):
        return self.expect('input("abc")', lambda outputs: result_of(outputs) == ['"cba"'] or result_of(outputs) == ["cba"], allow_stdin=True)

    def questions(self):
        wanted = {self.client.send(kind, content): kind.replace("request", "reply") for kind, content in (
            ("complete_request", {"code": "sigm", "cursor_pos": 4}), ("inspect_request", {"code": "train", "cursor_pos": 5, "detail_level": 0}),
            ("is_complete_request", {"code": "for i in 1:3 {"}), ("comm_info_request", {}), ("kernel_info_request", {}),
            ("history_request", {"output": False, "raw": True, "hist_access_type": "tail", "n": 5}))}
        count = len(wanted)
        in_vain = 0
        while wanted:
            if not self.client.sockets["shell"].poll(1000):
                in_vain += 1
                if in_vain > PATIENCE:
                    raise TimeoutError(f"no {wanted.values()}")
                continue
            kind, parent, _ = self.client.take("shell")
            if wanted.pop(parent, kind) != kind:
                raise AssertionError(f"a {kind} as the answer")
        return count

    def step(self):
        return self.chance.choice(self.kinds)()


class Interrupting(Work):
    """Begins what never ends, and ends it; and what runs beside it, in a subshell."""

    ENDLESS = ["while true { 1 }", "for i in 1:1000000000 { t = i }", "v = randn(200000)\nwhile true { w = sort(v) }",
               "network E { input 2\n dense 32, tanh\n dense 1, sigmoid\n loss bce }\nde = dataset(\"moons\")\ntrain(E, de.X, de.Y, epochs = 1000000)"]

    def __init__(self, client, number, chance, disk, process):
        super().__init__(client, number, chance, disk)
        self.process = process
        self.times = []
        self.kinds = [self.interrupting, self.sum, self.subshell]

    def interrupting(self):
        code = self.chance.choice(self.ENDLESS)
        began = 0

        def during():
            nonlocal began
            time.sleep(0.05 + 0.1 * self.chance.random())
            began = time.perf_counter()
            if self.chance.random() < 0.5:
                self.client.send("interrupt_request", {}, channel="control")
            else:
                os.kill(self.process.pid, signal.SIGINT)

        reply, outputs = self.client.perform(code, during=during)
        self.times.append((time.perf_counter() - began) * 1e3)
        while self.client.sockets["control"].poll(0):
            self.client.receive("control")
        return self.require(reply.get("ename") == "InterruptError", code, reply, outputs)

    def subshell(self):
        identity = self.client.send("create_subshell_request", {}, channel="control")
        subshell = self.client.reply(identity, "control", PATIENCE)[1]["subshell_id"]
        reply, outputs = self.client.perform("20 + 3", subshell_id=subshell)
        identity = self.client.send("delete_subshell_request", {"subshell_id": subshell}, channel="control")
        status = self.client.reply(identity, "control", PATIENCE)[1]["status"]
        return self.require(result_of(outputs) == ["23"] and status == "ok", "a subshell", reply, outputs)


class SlowReading(Work):
    """Sends some cells, and long does not read."""

    def step(self):
        time.sleep(20 * self.chance.random())
        return super().step()


class Visiting(Work):
    """Comes, runs a cell, and leaves, sometimes in its midst."""

    def __init__(self, connection, chance, disk):
        super().__init__(None, 10, chance, disk)
        self.connection = connection

    def step(self):
        time.sleep(2 * self.chance.random())
        with contextlib.closing(Client(self.connection, f"visitor {self.chance.random()}")) as self.client:
            self.client.wait_for_welcome()
            if self.chance.random() < 0.2:
                self.client.execute("for i in 1:2000 { print(i) }")
                time.sleep(0.01)
                return 0
            return self.chance.choice((self.sum, self.printing, self.displaying))()
