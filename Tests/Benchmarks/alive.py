"""What is alive, measured without a browser: moves of a slider through the kernel, the size of the stored page, and what the live display costs.

    python Tests/Benchmarks/alive.py --nabla .build/release/nabla --check

Moves as a browser sees them, and in the page without a kernel, are measured by two browser tests, which print the figures:

    ./Tests/run browser -- -s -k "within_50_ms or within_a_frame"
"""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "KernelClients"))
from raw_client import RawKernel  # noqa: E402
from test_explore import LECTURE  # noqa: E402

EXPLORED = "explore(diagram(backward(Lecture, x, y)), forward(Lecture, x), loss(Lecture, x, y), W[2][1,3] = -2:2)"
TRAINING = "network N { input 2; dense 128, tanh; dense 128, tanh; dense 1, sigmoid; seed 3 }\nd = dataset(moons)"
EPOCHS = 10_000


def cell(kernel, code, silent=False):
    """Seconds from request to idle, and what was said meanwhile."""
    start = time.perf_counter()
    identity = kernel.send("execute_request", {"code": code, "silent": silent, "store_history": not silent, "user_expressions": {},
                                               "allow_stdin": False, "stop_on_error": True})
    reply = kernel.reply(identity, timeout=600)[1]
    messages = kernel.broadcasts(identity, timeout=600)
    assert reply["status"] == "ok", reply
    return time.perf_counter() - start, messages


def moves(kernel, count=100):
    """Milliseconds from a slider's message to the last of what follows, and the size of the stored page."""
    messages = cell(kernel, LECTURE + EXPLORED)[1]
    slider = next(content["comm_id"] for kind, content in messages if kind == "comm_open"
                  and content["data"]["state"].get("_model_name") == "FloatSliderModel")
    page = [content["data"] for kind, content in messages if kind == "display_data"][-1]
    times = []
    for number in range(count):
        value = -2 + 4 * ((number * 37) % count) / count
        start = time.perf_counter()
        identity = kernel.send("comm_msg", {"comm_id": slider, "data": {"method": "update", "state": {"value": value}, "buffer_paths": []}})
        answers = kernel.broadcasts(identity)
        times.append(1000 * (time.perf_counter() - start))
        assert sum(kind == "comm_msg" for kind, _ in answers) >= 3
    return times, len(json.dumps(page))


def trainings(kernel, rounds):
    """Seconds of 10,000 epochs with and without the live display, in turns, and how often it was changed."""
    cell(kernel, TRAINING)
    code = f"reset(N); h = train(N, d, epochs = {EPOCHS}, learning_rate = 0.5);"
    live, silent, updates = [], [], []
    cell(kernel, code)
    for number in range(rounds):
        for is_silent in ((False, True) if number % 2 else (True, False)):
            seconds, messages = cell(kernel, code, is_silent)
            (silent if is_silent else live).append(seconds)
            count = sum(kind == "update_display_data" for kind, _ in messages)
            assert (count == 0) == is_silent, f"{count} updates"
            updates += [] if is_silent else [count / seconds]
    return live, silent, updates


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nabla", default=".build/release/nabla")
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--check", action="store_true", help="exit status 1 when a bar is missed")
    options = parser.parse_args()
    with RawKernel(Path(options.nabla).resolve()) as kernel:
        times, size = moves(kernel)
        live, silent, updates = trainings(kernel, options.rounds)
    p95 = statistics.quantiles(times, n=20)[18]
    # Each beside its neighbour: what else the machine does is the same for both.
    cost = 100 * (statistics.median(a / b for a, b in zip(live, silent)) - 1)
    bars = [
        ("a move, kernel alone: p95 of 100, ms", p95, 50),
        ("the stored page of the lecture's network, kB", size / 1000, 150),
        (f"{EPOCHS} epochs with the live display, % more than silent (median of {options.rounds} pairs)", cost, 3),
        ("updates of the display a second, the most", max(updates), 20),
    ]
    for name, value, bar in bars:
        print(f"{value:8.2f}  {name} (bar: {bar})")
    print(f"{statistics.median(silent):8.2f}  s, the training itself")
    return int(options.check and any(value > bar for _, value, bar in bars))


if __name__ == "__main__":
    sys.exit(main())
