"""A long day: ten clients at one kernel, while its clock jumps, its disk fills up, it is stopped, and another kernel is killed and begun anew.

    unshare --mount bash -c 'mkdir -p /tmp/soak && mount -t tmpfs -o size=32m tmpfs /tmp/soak &&
        python Tests/Benchmarks/soak.py --nabla .build/release/nabla --disk /tmp/soak --minutes 120 --check'

Every output is counted: each client knows what its cells must show, and all subscribers must have seen the same messages. At each checkpoint
all is quiet for a moment, and memory and the round trip are taken, the latter beside a kernel that has just been started. Clocks jump only
where libfaketime is there (Debian's package `faketime`). --disk is a folder on a small disk that may be filled.
"""

import argparse
import collections
import contextlib
import glob
import json
import os
import random
import signal
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "KernelClients"))

from endurance import Report  # noqa: E402
from measure import percentile  # noqa: E402
from raw_client import RawClient, RawKernel  # noqa: E402
from soak_work import PATIENCE, Client, Interrupting, SlowReading, Visiting, Work, result_of  # noqa: E402

FAKETIME = (glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1") + [None])[0]


class Losses:
    """What went missing or wrong, in words; and how much went right."""

    def __init__(self):
        self.lock = threading.Lock()
        self.told = []
        self.counts = collections.Counter()

    def tell(self, text):
        with self.lock:
            self.told.append(text)
            if len(self.told) <= 50:
                print(f"LOST: {text[:400]}", flush=True)

    def count(self, kind, number=1):
        with self.lock:
            self.counts[kind] += number


class Faults:
    """What happens to the machine: the clock, the disk, the scheduler."""

    def __init__(self, process, disk, clock, chance, losses):
        self.process, self.disk, self.clock, self.chance, self.losses = process, Path(disk), clock, chance, losses

    def jump(self):
        self.clock.write_text(self.chance.choice(("+0", "+1h", "-1h", "+1y", "-10y", "+30", "-2", "+0.2")) + "\n")
        self.losses.count("clock jumps")

    def fill(self):
        ballast = self.disk / "ballast"
        try:
            with contextlib.suppress(OSError), open(ballast, "wb", buffering=0) as file:
                while True:
                    file.write(b"\0" * (1 << 16))
            self.losses.count("full disks")
            time.sleep(8)
        finally:
            ballast.unlink(missing_ok=True)

    def halt(self):
        self.process.send_signal(signal.SIGSTOP)
        time.sleep(3 * self.chance.random())
        self.process.send_signal(signal.SIGCONT)
        self.losses.count("halts")

    def step(self):
        time.sleep(6 * self.chance.random())
        self.chance.choice(([self.jump, self.jump] if FAKETIME else []) + [self.fill, self.halt])()
        return 0


class Mortal:
    """A kernel that ends in every way, again and again; the next one has the history, and tells of a crash."""

    def __init__(self, executable, folder, chance, losses):
        self.executable, self.chance, self.losses = executable, chance, losses
        self.folder = tempfile.TemporaryDirectory(dir=folder)
        self.environment = {"NABLA_HISTORY": f"{self.folder.name}/mortal.sqlite"}
        self.crashed = False
        self.before = None

    def step(self):
        outputs = 0
        with started(self.executable, "ipc" if self.chance.random() < 0.3 else "tcp", environment=self.environment) as kernel:
            client = Client({**json.loads(kernel.file.read_text())}, "mortal")
            try:
                client.wait_for_welcome()
                told = "SIGSEGV" in str(client.perform("0")[1])
                crashed, self.crashed = self.crashed, False
                if told != crashed:
                    raise AssertionError(f"the first cell says a crash: {told}; there was one: {crashed}")
                if self.before:
                    identity = client.send("history_request", {"hist_access_type": "search", "pattern": self.before, "n": 1, "output": False, "raw": True})
                    found = client.reply(identity, timeout=PATIENCE)[1]["history"]
                    if [entry[2] for entry in found] != [self.before]:
                        raise AssertionError(f"the history has lost {self.before}, has {found}")
                number = self.chance.randrange(10**9)
                work = Work(client, 11, self.chance, "/nonexistent")
                work.expect(f"{number} + 0", lambda outputs: result_of(outputs) == [str(number)])
                self.before = f"{number} + 0"
                for _ in range(self.chance.randrange(1, 15)):
                    outputs += self.chance.choice((work.sum, work.printing, work.displaying, work.deriving, work.failing))()
                # What is written within a second is there for the next one.
                time.sleep(1.2 + self.chance.random())
                if self.chance.random() < 0.5:
                    client.execute("while true { 1 }")
                    time.sleep(0.05)
                self.end(kernel, client)
            finally:
                client.close()
        return outputs

    def end(self, kernel, client):
        way = self.chance.choice(("kill", "crash", "terminate", "restart", "shutdown"))
        if way in ("restart", "shutdown"):
            client.send("shutdown_request", {"restart": way == "restart"}, channel="control")
            wanted = 0
        else:
            number = {"kill": signal.SIGKILL, "crash": signal.SIGSEGV, "terminate": signal.SIGTERM}[way]
            kernel.process.send_signal(number)
            wanted = 0 if way == "terminate" else -number
        code = kernel.wait_for_end(PATIENCE)
        if code != wanted:
            raise AssertionError(f"{way} ended with {code}")
        self.crashed = way == "crash"
        self.losses.count(f"ends by {way}")


@contextlib.contextmanager
def started(*arguments, **options):
    """A kernel that serves. Where all were stopped while it started, which looks like a kernel that does not, another."""
    for attempt in range(5):
        kernel = RawKernel(*arguments, **options)
        try:
            kernel.__enter__()
            break
        except TimeoutError:
            kernel.__exit__()
            if attempt == 4:
                raise
    try:
        yield kernel
    finally:
        kernel.__exit__()


def processor_time(process):
    """What all threads of a process have taken of the processors, in seconds."""
    return sum(int((task / "schedstat").read_text().split()[0]) for task in Path(f"/proc/{process}/task").iterdir()) / 1e9


class Soak:
    """The kernel, its clients and their threads, and the checkpoints."""

    def __init__(self, options, losses):
        self.options, self.losses = options, losses
        chance = random.Random(options.seed)
        disk = Path(options.disk)
        clock = disk / "clock"
        clock.write_text("+0\n")
        self.environment = {"NABLA_HISTORY": str(disk / "history.sqlite")}
        if FAKETIME:
            self.environment |= {"LD_PRELOAD": FAKETIME, "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1",
                                 "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        self.kernel = RawKernel(options.nabla, environment=self.environment).__enter__()
        connection = json.loads(self.kernel.file.read_text())
        self.clients = [Client(connection, f"client{number}") for number in range(1, 10)]
        for client in self.clients:
            client.wait_for_welcome()
        for client in self.clients:
            client.drain(500)
            client.seen.clear()
        process = self.kernel.process
        self.interrupting = Interrupting(self.clients[7], 8, random.Random(chance.random()), disk, process)
        workers = [Work(client, number, random.Random(chance.random()), disk) for number, client in enumerate(self.clients[:7], 1)]
        workers += [self.interrupting, SlowReading(self.clients[8], 9, random.Random(chance.random()), disk),
                    Visiting(connection, random.Random(chance.random()), disk), Faults(process, disk, clock, random.Random(chance.random()), losses),
                    Mortal(options.nabla, options.elsewhere, random.Random(chance.random()), losses)]
        self.gate, self.ended = threading.Event(), threading.Event()
        self.working = len(workers)
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.loop, args=[worker, random.Random(chance.random())], daemon=True) for worker in workers]
        self.levels, self.ratios = [], []

    def loop(self, worker, chance):
        while not self.ended.is_set():
            if not self.gate.is_set():
                with self.lock:
                    self.working -= 1
                self.gate.wait()
                with self.lock:
                    self.working += 1
                continue
            try:
                self.losses.count("outputs", worker.step())
                self.losses.count("steps")
            except Exception as error:
                self.losses.tell(f"{type(worker).__name__}: {type(error).__name__}: {error}")
                time.sleep(1)
            time.sleep(self.options.pause * 2 * chance.random())

    def quieten(self):
        self.gate.clear()
        deadline = time.monotonic() + 2 * PATIENCE
        while self.working and time.monotonic() < deadline:
            time.sleep(0.1)
        if self.working:
            self.losses.tell(f"{self.working} workers do not come to an end")

    def round_trips(self, kernels, count):
        """A short round trip of each kernel, taken in turns, and the processor's time for one, in microseconds.

        The tenth of the shortest: the others tell of what else the machine does.
        """
        times, work = [[] for _ in kernels], [processor_time(kernel.process.pid) for kernel in kernels]
        for _ in range(count):
            for kernel, taken in zip(kernels, times):
                began = time.perf_counter()
                identity = kernel.execute("1+1")
                kernel.reply(identity, timeout=PATIENCE)
                kernel.broadcasts(identity, PATIENCE)
                taken.append(time.perf_counter() - began)
        return [(percentile(taken, 0.1) * 1e6, (processor_time(kernel.process.pid) - before) * 1e6 / count)
                for kernel, taken, before in zip(kernels, times, work)]

    def checkpoint(self, minute):
        self.quieten()
        for client in self.clients:
            client.drain()
        first = self.clients[0].seen
        for client in self.clients[1:]:
            if client.seen != first:
                self.losses.tell(f"{client.identity} has seen otherwise: {(client.seen - first) or first - client.seen}")
        self.losses.count("messages seen", sum(sum(client.seen.values()) for client in self.clients))
        for client in self.clients:
            client.seen.clear()
        if self.kernel.process.poll() is not None:
            self.losses.tell(f"the kernel has ended with {self.kernel.process.poll()}")
            return
        status = dict(line.split(":", 1) for line in Path(f"/proc/{self.kernel.process.pid}/status").read_text().splitlines())
        resident, own = (int(status[name].split()[0]) / 1024 for name in ("VmRSS", "RssAnon"))
        # The same number of subscribers, so that the same is to be sent.
        with started(self.options.nabla, environment=self.environment) as fresh:
            connection = json.loads(fresh.file.read_text())
            others = [RawClient(connection, identity=f"other{number}".encode()) for number in range(len(self.clients))]
            for kernel in (self.kernel, fresh):
                while kernel.sockets["iopub"].poll(0):
                    kernel.sockets["iopub"].recv_multipart()
            self.round_trips([self.kernel, fresh], 50)
            (old, work), (new, new_work) = self.round_trips([self.kernel, fresh], self.options.round_trips)
            for other in others:
                other.close()
        for client in self.clients:
            client.drain(300)
            client.seen.clear()
        self.levels.append((resident, own))
        self.ratios.append((old / new, work / new_work))
        print(f"minute {minute:5.1f}: {resident:.1f} MB resident, {own:.1f} of its own; {old:.0f} µs a cell, {work:.0f} of work; of a fresh "
              f"kernel {new:.0f}, {new_work:.0f}; ratios {old / new:.3f}, {work / new_work:.3f}; lost {len(self.losses.told)}; {dict(self.losses.counts)}", flush=True)

    def run(self):
        began = time.monotonic()
        for thread in self.threads:
            thread.start()
        self.gate.set()
        end = began + 60 * self.options.minutes
        with contextlib.suppress(KeyboardInterrupt):
            while time.monotonic() < end:
                time.sleep(max(0, min(60 * self.options.every, end - time.monotonic())))
                self.checkpoint((time.monotonic() - began) / 60)
                self.gate.set()
        self.ended.set()
        self.gate.set()
        return (time.monotonic() - began) / 60

    def report(self, minutes, report):
        # The first minutes fill caches, pools and tables.
        levels, ratios = self.levels[2:] or self.levels, self.ratios[2:] or self.ratios
        third = max(1, len(levels) // 3)
        report.figure(f"{minutes:.0f} minutes, {dict(self.losses.counts)}: {len(self.losses.told)} lost or wrong", not self.losses.told)
        resident = [level for level, _ in levels]
        grown = statistics.median(resident[-third:]) - statistics.median(resident[:third])
        report.figure(f"resident memory {min(resident):.1f} to {max(resident):.1f} MB, the last third {grown:+.2f} MB over the first ≤ 2 MB", grown <= 2)
        for name, values in zip(("round trip", "processor's time for it"), zip(*ratios)):
            drift = statistics.median(values[-third:]) / statistics.median(values[:third]) - 1
            report.figure(f"{name} beside a fresh kernel's: {statistics.median(values):.3f}, the last third {drift:+.1%} of the first ≤ 5 %", drift <= 0.05)
        if self.interrupting.times:
            times = self.interrupting.times
            report.figure(f"{len(times)} interrupts among ten clients: median {statistics.median(times):.1f} ms, p99 {percentile(times, 0.99):.1f} ms")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--nabla", default=os.environ.get("NABLA_EXECUTABLE", ".build/release/nabla"))
    parser.add_argument("--disk", required=True, help="a folder on a small disk, which is filled up")
    parser.add_argument("--elsewhere", default=os.environ.get("TMPDIR", "/tmp"), help="a folder that is not")
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--every", type=float, default=3, help="minutes between two checkpoints")
    parser.add_argument("--pause", type=float, default=0.2, help="seconds between two cells of a client, on average")
    parser.add_argument("--round-trips", type=int, default=200)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    report, losses = Report(), Losses()
    if not FAKETIME:
        print("libfaketime is not there: no clock jumps", flush=True)
    soak = Soak(options, losses)
    try:
        minutes = soak.run()
        soak.report(minutes, report)
    finally:
        soak.kernel.__exit__()
    # The threads are daemons, and some of them may wait for what never comes.
    sys.stdout.flush()
    os._exit(1 if options.check and report.missed else 0)


if __name__ == "__main__":
    main()
