"""JEP 66: the kernel finds its ports by itself and tells them to whoever started it."""

import contextlib
import hashlib
import hmac
import json
import os
import subprocess
import time
import uuid
from pathlib import Path

import pytest
import zmq
from raw_client import CHANNELS, DELIMITER, RawClient

PORTS = {f"{name}_port" for name in CHANNELS}


class Launcher:
    """A peer with a registration socket, which starts kernels."""

    def __init__(self, executable, folder, transport="tcp"):
        self.executable, self.folder, self.transport = executable, Path(folder), transport
        self.key = uuid.uuid4().hex
        self.context = zmq.Context()
        self.socket = self.context.socket(zmq.ROUTER)
        if transport == "tcp":
            self.ip = "127.0.0.1"
            self.port = self.socket.bind_to_random_port("tcp://127.0.0.1")
        else:
            self.ip, self.port = str(self.folder / "reg"), 1
            self.socket.bind(f"ipc://{self.ip}-{self.port}")
        self.processes = []

    def start(self, kernel_id, *arguments):
        file = self.folder / f"registration-{kernel_id}.json"
        file.write_text(json.dumps({
            "kernel_id": kernel_id, "transport": self.transport, "registration_ip": self.ip,
            "registration_port": self.port, "signature_scheme": "hmac-sha256", "key": self.key}))
        process = subprocess.Popen(
            [self.executable, "kernel", "--connection-file", file, *arguments],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "JUPYTER_RUNTIME_DIR": str(self.folder / "runtime")})
        self.processes.append(process)
        return process

    def sign(self, content):
        return hmac.new(self.key.encode(), content, hashlib.sha256).hexdigest().encode()

    def registration(self, timeout=10):
        """The next registration: the peer that sent it, and its content."""
        assert self.socket.poll(timeout * 1000), "no registration"
        peer, delimiter, signature, content = self.socket.recv_multipart()
        assert delimiter == DELIMITER and signature == self.sign(content)
        return peer, json.loads(content)

    def acknowledge(self, peer, content=b"ACK", signature=None):
        self.socket.send_multipart([peer, DELIMITER, signature or self.sign(content), content])

    def client(self, content):
        """A client of a kernel that has registered."""
        return RawClient({"transport": self.transport, "ip": self.ip, "key": self.key,
                          **{name: content[name] for name in PORTS}})

    def close(self):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.communicate()
        self.context.destroy(linger=0)


@pytest.fixture(params=["tcp", "ipc"])
def launcher(request, executable, tmp_path):
    with contextlib.closing(Launcher(executable, tmp_path, request.param)) as launcher:
        yield launcher


def test_a_kernel_registers_and_serves_where_it_said(launcher, tmp_path):
    process = launcher.start("k-1")
    peer, content = launcher.registration()
    assert content.keys() == {"kernel_id", *PORTS} and content["kernel_id"] == "k-1"
    assert all(isinstance(content[name], str) and int(content[name]) > 0 for name in PORTS)
    launcher.acknowledge(peer)
    with contextlib.closing(launcher.client(content)) as client:
        client.sockets["shell"].send_multipart(client.frames("kernel_info_request", {}))
        assert client.receive("shell")[0] == "kernel_info_reply"
        client.check_alive()
        # Others can join while it lives.
        file = tmp_path / "runtime/kernel-k-1.json"
        stored = json.loads(file.read_text())
        assert {name: str(stored[name]) for name in PORTS} == {name: content[name] for name in PORTS}
        assert stored["key"] == launcher.key and file.stat().st_mode & 0o077 == 0
        client.send("shutdown_request", {"restart": False}, channel="control")
        assert process.wait(5) == 0
    assert not file.exists()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("reg-") and path.name != "reg-1"]


def test_kernels_started_at_once_share_nothing(launcher):
    for number in range(8):
        launcher.start(f"k-{number}")
    registered = {}
    for _ in range(8):
        peer, content = launcher.registration()
        launcher.acknowledge(peer)
        registered[content["kernel_id"]] = content
    assert len(registered) == 8
    ports = [content[name] for content in registered.values() for name in PORTS]
    assert len(set(ports)) == 40
    for content in registered.values():
        with contextlib.closing(launcher.client(content)) as client:
            client.reply(client.execute("1+1"))
            client.check_alive()


def test_without_a_receipt_the_kernel_ends_itself(launcher):
    began = time.monotonic()
    process = launcher.start("k", "--registration-timeout", "0.5")
    launcher.registration()
    assert process.wait(5) != 0 and 0.4 < time.monotonic() - began < 3
    assert "not acknowledged" in process.stderr.read()


def test_a_receipt_that_is_not_signed_is_none(launcher):
    process = launcher.start("k", "--registration-timeout", "1")
    peer, _ = launcher.registration()
    launcher.acknowledge(peer, signature=b"0" * 64)
    launcher.socket.send_multipart([peer, b"ACK"])
    launcher.socket.send_multipart([peer])
    assert process.wait(5) != 0


def test_a_launcher_that_is_not_there_is_given_up(launcher):
    launcher.socket.close()
    process = launcher.start("k", "--registration-timeout", "0.5")
    assert process.wait(5) != 0
