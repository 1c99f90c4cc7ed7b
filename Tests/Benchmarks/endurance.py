"""Measures how soon a kernel stops, how it answers while it works, and what many restarts and messages leave behind.

    python endurance.py --nabla PATH [--interrupts 30] [--only KIND …] [--restarts 200] [--mutated 100000] [--cells 5000] [--check]

Prints a line for each figure. With --check the exit code says whether the bars hold.
"""

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "KernelClients"))

import interruptible  # noqa: E402
from measure import percentile  # noqa: E402
from raw_client import CHANNELS, RawKernel  # noqa: E402


BUSY = {name: "".join(interruptible.KINDS[name]) for name in ("training", "for loop", "product")}
BUSY["product"] = BUSY["product"].replace("B @ B;", "while true { B @ B }")
SPOILING_SECONDS = 0.02


class Report:
    """Prints figures, and remembers which bars were missed."""

    def __init__(self):
        self.missed = []

    def figure(self, text, holds=None):
        mark = "" if holds is None else "held: " if holds else "MISSED: "
        print(mark + text, flush=True)
        if holds is False:
            self.missed.append(text)


def measure_interrupts(executable, count, report, only=None):
    """How soon a cell has ended that is interrupted at some moment of its work, for each kind of work."""
    wanted = {name: kind for name, kind in interruptible.KINDS.items() if not only or name in only}
    late = 0
    for name, (before, code) in wanted.items():
        with tempfile.TemporaryDirectory() as folder, RawKernel(executable, wrapper=("env", "-C", folder), environment={"NABLA_HISTORY": "none"}) as kernel:
            kernel.check_alive()
            status = kernel.reply(kernel.execute(before), timeout=60)[1]
            assert status["status"] == "ok", (name, status)
            times, ended, pause = [], 0, 0.3
            while len(times) < count and ended < 10 + count:
                identity = kernel.execute(code, allow_stdin=True)
                kernel.wait_until_busy(identity)
                if name == "input":
                    kernel.receive("stdin")
                # At another place in the work each time; where it had ended by then, earlier the next time.
                time.sleep(pause * (0.1 + 0.9 * random.random()))
                if kernel.sockets["shell"].poll(0):
                    content = kernel.reply(identity)[1]
                    assert content["status"] == "ok", (name, content)
                    ended += 1
                    pause *= 0.8
                    continue
                began = time.perf_counter()
                kernel.send("interrupt_request", {}, channel="control")
                content = kernel.reply(identity, timeout=30)[1]
                times.append((time.perf_counter() - began) * 1e3)
                assert content["status"] == "ok" or content["ename"] == "InterruptError", (name, content)
                kernel.receive("control")
                time.sleep(SPOILING_SECONDS)
                kernel.check_alive()
            if not times:
                report.figure(f"{name}: ends before it can be interrupted")
                continue
            p99 = percentile(times, 0.99)
            late += p99 > 50
            report.figure(f"interrupt in {name}: median {statistics.median(times):.1f} ms, p99 {p99:.1f} ms ≤ 50 ms, "
                          f"worst {max(times):.1f} ms", p99 <= 50)
    report.figure(f"{len(wanted)} kinds of work, {late} of them late")


def measure_language_service(executable, count, report):
    """Completion, inspection, is_complete while a cell runs."""
    questions = {"complete_request": {"code": "network N { input 2\n den", "cursor_pos": 24},
                 "inspect_request": {"code": "train(N)", "cursor_pos": 3, "detail_level": 0},
                 "is_complete_request": {"code": "for i in 1:5 {"}}
    for place, code in (("idle", None), ("training", BUSY["training"]), ("multiplying", BUSY["product"])):
        with RawKernel(executable) as kernel:
            kernel.check_alive()
            if code:
                kernel.wait_until_busy(kernel.execute(code))
                time.sleep(0.5)
            for kind, content in questions.items():
                times = []
                for _ in range(count):
                    began = time.perf_counter()
                    identity = kernel.send(kind, content)
                    kernel.reply(identity)
                    times.append((time.perf_counter() - began) * 1e3)
                    time.sleep(0.002)
                median = statistics.median(times)
                p99 = percentile(times, 0.99)
                report.figure(f"{kind} while {place}: median {median:.2f} ms, p99 {p99:.2f} ms ≤ 5 ms", p99 <= 5)


def listening(pid_file):
    """The sockets in the system's table that use one of the ports."""
    ports = {json.loads(Path(pid_file).read_text())[f"{name}_port"] for name in CHANNELS}
    found = []
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[3] == "0A" and int(fields[1].split(":")[1], 16) in ports:
            found.append(line)
    return found


def kernels_of(executable):
    name = str(Path(executable).resolve())
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.readlink(process / "exe") == name:
                found.append(int(process.name))
        except OSError:
            pass
    return found


def measure_restarts(executable, count, report):
    before = set(kernels_of(executable))
    folder = Path("/dev/shm"), Path("/tmp")
    entries = {str(path) for each in folder for path in each.iterdir()}
    left = []
    began = time.perf_counter()
    for number in range(count):
        transport = "ipc" if number % 4 == 3 else "tcp"
        with RawKernel(executable, transport) as kernel:
            kernel.check_alive()
            if number % 2:
                kernel.wait_until_busy(kernel.execute(BUSY["for loop"]))
            kernel.send("shutdown_request", {"restart": True}, channel="control")
            code = kernel.wait_for_end(10)
            if code != 0:
                left.append(f"exit code {code}")
            left += listening(kernel.file)
            left += [path.name for path in Path(kernel.folder.name).iterdir()
                     if path.name not in ("connection.json", "stderr.txt")]
    seconds = (time.perf_counter() - began) / count
    left += [f"process {pid}" for pid in set(kernels_of(executable)) - before]
    left += [path for each in folder for path in map(str, each.iterdir())
             if path not in entries and "nabla" in path]
    report.figure(f"{count} restarts, {seconds * 1e3:.0f} ms each: left behind {left or 'nothing'}", not left)


def measure_mutated(executable, count, report):
    with RawKernel(executable) as kernel:
        chance = random.Random(2026)
        levels = []
        began = time.perf_counter()
        for number in range(1, count + 1):
            kernel.send_mutated(chance)
            if number % 500 == 0:
                kernel.check_alive_after_spoilt()
            if number % max(1, count // 10) == 0:
                levels.append(kernel.resident_kilobytes() / 1024)
        grown = levels[-1] - levels[len(levels) // 2]
        report.figure(f"{count} mutated messages in {time.perf_counter() - began:.0f} s: alive, resident MB at each tenth "
                      f"{' '.join(f'{level:.0f}' for level in levels)}; second half grew by {grown:.1f} MB ≤ 2 MB", grown <= 2)


def measure_cells(executable, count, report):
    with RawKernel(executable) as kernel:
        kernel.check_alive()
        for _ in range(200):
            kernel.reply(kernel.execute("sigmoid([1, 2; 3, 4])"))
        # The history's file is opened a moment after the first cell.
        time.sleep(1)
        before = kernel.resident_kilobytes()
        medians = []
        for _ in range(10):
            times = []
            for _ in range(count // 10):
                began = time.perf_counter()
                identity = kernel.execute("sigmoid([1, 2; 3, 4])")
                kernel.reply(identity)
                kernel.broadcasts(identity)
                times.append(time.perf_counter() - began)
            medians.append(statistics.median(times) * 1e6)
        grown = (kernel.resident_kilobytes() - before) / 1024
        report.figure(f"{count} cells: resident memory grew by {grown:.2f} MB ≤ 1 MB; median of the last tenth "
                      f"{medians[-1] / medians[0]:.2f} of the first", grown <= 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--nabla", default=os.environ.get("NABLA_EXECUTABLE", ".build/release/nabla"))
    for name, count in (("interrupts", 30), ("questions", 300), ("restarts", 200), ("mutated", 100_000), ("cells", 5000)):
        parser.add_argument(f"--{name}", type=int, default=count)
    parser.add_argument("--only", nargs="*", help="kinds of work to interrupt; all when none is named")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    report = Report()
    if options.interrupts:
        measure_interrupts(options.nabla, options.interrupts, report, options.only)
    for measure, count in ((measure_language_service, options.questions),
                           (measure_restarts, options.restarts), (measure_mutated, options.mutated),
                           (measure_cells, options.cells)):
        if count:
            measure(options.nabla, count, report)
    return 1 if options.check and report.missed else 0


if __name__ == "__main__":
    sys.exit(main())
