"""The wire protocol by hand: a kernel process, five sockets, and messages as frames."""

import contextlib
import hmac
import json
import os
import random
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from datetime import datetime, timezone
from pathlib import Path

import zmq

CHANNELS = ("shell", "control", "iopub", "stdin", "hb")
DELIMITER = b"<IDS|MSG>"


class RawClient:
    """One client's sockets to a kernel that listens where a connection says."""

    def __init__(self, connection, identity=b"raw"):
        self.identity = identity
        self.key = connection["key"].encode()
        self.digest = connection.get("signature_scheme", "hmac-sha256").removeprefix("hmac-")
        self.transport = connection["transport"]
        self.ip = connection["ip"]
        self.ports = {name: int(connection[f"{name}_port"]) for name in CHANNELS}
        self.context = zmq.Context()
        self.sockets = {name: self.connect(name) for name in CHANNELS}

    def connect(self, name, identity=None):
        each = self.context.socket(zmq.SUB if name == "iopub" else zmq.DEALER)
        if name == "iopub":
            each.subscribe(b"")
        else:
            each.identity = identity or self.identity
        each.setsockopt(zmq.LINGER, 0)
        each.setsockopt(zmq.RCVHWM, 0)
        each.setsockopt(zmq.SNDHWM, 0)
        each.setsockopt(zmq.RECONNECT_IVL, 5)
        separator = ":" if self.transport == "tcp" else "-"
        if ":" in self.ip and self.transport == "tcp":
            each.setsockopt(zmq.IPV6, 1)
        ip = {"*": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::1": "[::1]"}.get(self.ip, self.ip)
        each.connect(f"{self.transport}://{ip}{separator}{self.ports[name]}")
        return each

    def frames(self, kind, content, identity=None, **header):
        """A signed message as frames."""
        full = {"msg_id": identity or uuid.uuid4().hex, "session": self.identity.decode(), "username": "raw",
                "date": datetime.now(timezone.utc).isoformat(), "msg_type": kind, "version": "5.3", **header}
        return self.signed([json.dumps(part).encode() for part in (full, {}, {}, content)])

    def signed(self, parts):
        signature = hmac.new(self.key, b"".join(parts), self.digest).hexdigest() if self.key else ""
        return [DELIMITER, signature.encode(), *parts]

    def send(self, kind, content, channel="shell", **header):
        """Sends a request; returns its identity."""
        identity = uuid.uuid4().hex
        self.sockets[channel].send_multipart(self.frames(kind, content, identity, **header))
        return identity

    def send_mutated(self, chance):
        """Sends some request to some channel with bytes changed or frames missing, mostly with a right signature."""
        kinds = ["execute_request", "complete_request", "inspect_request", "is_complete_request", "history_request",
                 "comm_open", "comm_msg", "comm_info_request", "kernel_info_request", "input_reply", "interrupt_request",
                 "list_subshell_request", "delete_subshell_request", "usage_request", "debug_request"]
        content = {"code": "1+1", "cursor_pos": 1, "comm_id": "c", "data": {}, "target_name": "t",
                   "type": "request", "seq": 1, "command": "debugInfo", "arguments": {}}
        frames = self.frames(chance.choice(kinds), content)
        parts = frames[2:]
        for _ in range(chance.randrange(1, 4)):
            position = chance.randrange(4)
            part = bytearray(parts[position])
            if part:
                part[chance.randrange(len(part))] = chance.randrange(256)
            parts[position] = bytes(part)
        frames = self.signed(parts) if chance.random() < 0.7 else frames[:2] + parts
        if chance.random() < 0.2:
            del frames[chance.randrange(len(frames))]
        self.sockets[chance.choice(["shell", "control", "stdin"])].send_multipart(frames or [b""])

    def check_alive_after_spoilt(self):
        """As `check_alive`: where a spoilt cell failed, the first may be aborted with it, the next one is not."""
        self.reply(self.execute("1+1"))
        time.sleep(0.12)
        self.check_alive()

    def execute(self, code, **content):
        full = {"code": code, "silent": False, "store_history": True, "user_expressions": {},
                "allow_stdin": False, "stop_on_error": True, **content}
        return self.send("execute_request", full)

    def receive(self, channel, timeout=10.0):
        """The next message as (type, parent's identity, content); checks its signature."""
        if not self.sockets[channel].poll(timeout * 1000):
            raise TimeoutError(f"nothing on {channel} for {timeout} s")
        frames = self.sockets[channel].recv_multipart()
        start = frames.index(DELIMITER)
        parts = frames[start + 2:start + 6]
        assert self.signed(parts)[1] == frames[start + 1], "wrong signature"
        header, parent, _, content = map(json.loads, parts)
        return header["msg_type"], parent.get("msg_id"), content

    def reply(self, identity, channel="shell", timeout=10.0):
        while True:
            kind, parent, content = self.receive(channel, timeout)
            if parent == identity:
                return kind, content

    def broadcasts(self, identity, timeout=10.0):
        """Everything on IOPub about a request, up to its idle, as (type, content)."""
        messages = []
        while True:
            kind, parent, content = self.receive("iopub", timeout)
            if parent == identity:
                messages.append((kind, content))
                if kind == "status" and content["execution_state"] == "idle":
                    return messages

    def wait_until_busy(self, identity):
        while self.receive("iopub")[1] != identity:
            pass

    def check_alive(self, code="1+1"):
        """A cell runs as if nothing had happened."""
        identity = self.execute(code)
        kind, content = self.reply(identity)
        assert (kind, content["status"]) == ("execute_reply", "ok")
        assert self.broadcasts(identity)[-1] == ("status", {"execution_state": "idle"})

    def close(self):
        self.context.destroy(linger=0)


class RawKernel(RawClient):
    """A kernel process with its connection file, and a client of it."""

    def __init__(self, executable, transport="tcp", key=None, environment=None, wrapper=(), arguments=(),
                 pass_descriptors=(), before_start=None, members=None):
        self.folder = tempfile.TemporaryDirectory(prefix="nabla-raw-")
        key = uuid.uuid4().hex if key is None else key
        if transport == "tcp":
            ip, ports = "127.0.0.1", dict(zip(CHANNELS, free_ports(5)))
        else:
            ip, ports = str(Path(self.folder.name) / "ipc"), dict(zip(CHANNELS, range(1, 6)))
        connection = {f"{name}_port": port for name, port in ports.items()}
        connection |= {"transport": transport, "ip": ip, "key": key,
                       "signature_scheme": "hmac-sha256", "kernel_name": "nabla", **(members or {})}
        self.file = Path(self.folder.name) / "connection.json"
        self.file.write_text(json.dumps(connection))
        super().__init__(connection)
        self.log = open(Path(self.folder.name) / "stderr.txt", "w+b")
        self.process = subprocess.Popen(
            [*wrapper, str(executable), "kernel", "--connection-file", str(self.file), *arguments],
            stdout=subprocess.DEVNULL, stderr=self.log, pass_fds=pass_descriptors, preexec_fn=before_start,
            env={**os.environ, **(environment or {})})

    def resident_kilobytes(self):
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1])
        raise RuntimeError("no VmRSS")

    def wait_for_end(self, timeout=5.0):
        """The exit code of the process, once it has ended."""
        return self.process.wait(timeout)

    def signal(self, number):
        os.kill(self.process.pid, number)

    def __enter__(self):
        self.sockets["shell"].send_multipart(self.frames("kernel_info_request", {}))
        assert self.receive("shell")[0] == "kernel_info_reply"
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        self.close()
        self.log.close()
        self.folder.cleanup()


def free_ports(count):
    """Ports that nobody listens on, below those that the system gives to connections by itself."""
    ports = set()
    while len(ports) < count:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe:
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                ports.add(port)
    return sorted(ports)


def wait_until(condition, timeout):
    """Whether a condition comes true in time."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return condition()
