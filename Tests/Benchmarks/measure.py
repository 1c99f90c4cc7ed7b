"""Measures kernels over raw ZeroMQ, all in one run, and prints a table with ratios.

    python measure.py --nabla PATH [--rounds 2000] [--starts 15] [--check]

Compared are nabla, the canned C program beside this file (which neither reads nor signs anything), and, where this Python
has them, ipykernel and xeus-python. With --check the exit code says whether the bars hold.
"""

import argparse
import contextlib
import hashlib
import hmac
import importlib.util
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from datetime import datetime, timezone
from pathlib import Path

import zmq

HERE = Path(__file__).resolve().parent
CHANNELS = ("shell", "control", "iopub", "stdin", "hb")


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


class Kernel:
    """A kernel process and raw sockets to it. Requests are made and signed before time is taken."""

    def __init__(self, command, folder):
        self.key = uuid.uuid4().hex.encode()
        self.ports = dict(zip(CHANNELS, free_ports(5)))
        self.file = Path(folder) / f"{uuid.uuid4().hex}.json"
        connection = {f"{name}_port": port for name, port in self.ports.items()}
        connection |= {"transport": "tcp", "ip": "127.0.0.1", "key": self.key.decode(),
                       "signature_scheme": "hmac-sha256", "kernel_name": "measured"}
        self.file.write_text(json.dumps(connection))
        self.context = zmq.Context()
        self.shell = self.context.socket(zmq.DEALER)
        self.iopub = self.context.socket(zmq.SUB)
        self.iopub.subscribe(b"")
        for name, each in (("shell", self.shell), ("iopub", self.iopub)):
            # The kernel is started after the client: try again at once, not after 0.1 s.
            each.setsockopt(zmq.RECONNECT_IVL, 1)
            each.setsockopt(zmq.LINGER, 0)
            each.setsockopt(zmq.RCVHWM, 0)
            each.connect(f"tcp://127.0.0.1:{self.ports[name]}")
        request = self.request("kernel_info_request", {})
        began = time.perf_counter()
        self.process = subprocess.Popen(
            [part.format(connection_file=self.file) for part in command],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.shell.send_multipart(request)
        if not self.shell.poll(30_000):
            raise RuntimeError("no kernel_info_reply in 30 s")
        self.shell.recv_multipart()
        self.start = time.perf_counter() - began

    def request(self, kind, content):
        header = {"msg_id": uuid.uuid4().hex, "session": "measure", "username": "measure",
                  "date": datetime.now(timezone.utc).isoformat(), "msg_type": kind, "version": "5.3"}
        frames = [json.dumps(part).encode() for part in (header, {}, {}, content)]
        signature = hmac.new(self.key, b"".join(frames), hashlib.sha256).hexdigest().encode()
        return [b"<IDS|MSG>", signature, *frames]

    def execution(self, code="1+1"):
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {},
                   "allow_stdin": False, "stop_on_error": True}
        return self.request("execute_request", content)

    def until_idle(self, request):
        """Sends a request; returns the seconds until its idle came."""
        own = request[2][12:44]
        began = time.perf_counter()
        self.shell.send_multipart(request)
        while True:
            frames = self.iopub.recv_multipart()
            if b'"idle"' in frames[-1] and own in frames[-3]:
                took = time.perf_counter() - began
                break
        self.shell.recv_multipart()
        return took

    def warm_up(self):
        """Waits until the subscription is in place and the kernel has run some cells."""
        for _ in range(100):
            self.shell.send_multipart(self.execution())
            self.shell.recv_multipart()
            if self.iopub.poll(100):
                break
        time.sleep(0.2)
        while self.iopub.poll(0):
            self.iopub.recv_multipart()
        for _ in range(200):
            self.until_idle(self.execution())

    def resident(self):
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        return float("nan")

    def end(self):
        self.process.kill()
        self.process.wait()
        self.context.destroy(linger=0)
        self.file.unlink(missing_ok=True)


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--nabla", default=os.environ.get("NABLA_EXECUTABLE", ".build/release/nabla"))
    parser.add_argument("--rounds", type=int, default=2000)
    parser.add_argument("--starts", type=int, default=15)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        canned = str(Path(folder) / "canned_kernel")
        subprocess.run(["cc", "-O2", "-o", canned, str(HERE / "canned_kernel.c"), "-lzmq"], check=True)
        commands = {
            "canned C": [canned, "{connection_file}"],
            "nabla": [options.nabla, "kernel", "--connection-file", "{connection_file}"],
        }
        if importlib.util.find_spec("ipykernel"):
            commands["ipykernel"] = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        if importlib.util.find_spec("xpython_launcher"):
            commands["xeus-python raw"] = [
                sys.executable, "-m", "xpython_launcher", "-f", "{connection_file}", "--raw"]

        starts = {name: [] for name in commands}
        for _ in range(options.starts):
            for name, command in commands.items():
                kernel = Kernel(command, folder)
                starts[name].append(kernel.start * 1e3)
                kernel.end()

        kernels = {name: Kernel(command, folder) for name, command in commands.items()}
        resident = {}
        trips = {name: [] for name in commands}
        for kernel in kernels.values():
            kernel.warm_up()
        time.sleep(1)
        for name, kernel in kernels.items():
            resident[name] = kernel.resident()
        # In turns, so that a busy moment of the machine meets all alike.
        block = 100
        for _ in range(max(1, options.rounds // block)):
            for name, kernel in kernels.items():
                requests = [kernel.execution() for _ in range(block)]
                trips[name] += [kernel.until_idle(request) * 1e6 for request in requests]
        for kernel in kernels.values():
            kernel.end()

    base = statistics.median(trips["canned C"])
    print("| kernel | start to kernel_info, ms (median, worst) | 1+1 to idle, µs (median, p99) | "
          "ratio to canned C | idle RSS, MB |")
    print("|---|---|---|---|---|")
    for name in commands:
        trip = statistics.median(trips[name])
        print(f"| {name} | {statistics.median(starts[name]):.1f}, {max(starts[name]):.1f} "
              f"| {trip:.0f}, {percentile(trips[name], 0.99):.0f} | {trip / base:.2f} | {resident[name]:.1f} |")

    bars = {
        "start ≤ 20 ms": statistics.median(starts["nabla"]) <= 20,
        "1+1 ≤ 1.5 × canned C": statistics.median(trips["nabla"]) <= 1.5 * base,
        "1+1 p99 ≤ 3 × median": percentile(trips["nabla"], 0.99) <= 3 * statistics.median(trips["nabla"]),
        "idle RSS ≤ 20 MB": resident["nabla"] <= 20,
    }
    for name, holds in bars.items():
        print(f"{'held' if holds else 'MISSED'}: {name}")
    return 1 if options.check and not all(bars.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
