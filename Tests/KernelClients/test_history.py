"""History in a file that all kernels of a user share."""

import contextlib
import shutil
import sqlite3
import stat
import subprocess
import time

import pytest
from raw_client import RawKernel


@pytest.fixture
def start(executable, tmp_path):
    """Starts kernels with a history of their own."""
    def start(path=tmp_path / "data/history.sqlite"):
        return RawKernel(executable, arguments=("--history", str(path)))
    return start


def ask(kernel, **content):
    kind, reply = kernel.reply(kernel.send("history_request", {"raw": True, "output": False, **content}))
    assert kind == "history_reply" and reply["status"] == "ok"
    return reply["history"]


def run(kernel, *cells):
    for code in cells:
        kernel.reply(kernel.execute(code))


def end(kernel):
    kernel.send("shutdown_request", {"restart": True}, channel="control")
    assert kernel.wait_for_end() == 0


def test_it_lasts_across_restarts(start):
    with start() as first:
        run(first, "a = 1", "a + 1", "nobody_knows")
        end(first)
    with start() as second:
        assert [entry[2] for entry in ask(second, hist_access_type="tail", n=10)] == ["a = 1", "a + 1", "nobody_knows"]
        run(second, "b = 2")
        assert ask(second, hist_access_type="range", session=-1, start=1, stop=3) == [[1, 1, "a = 1"], [1, 2, "a + 1"]]
        assert ask(second, hist_access_type="range", session=0, start=1) == [[2, 1, "b = 2"]]
        assert ask(second, hist_access_type="range", session=1, start=2, stop=3, output=True) == [
            [1, 2, ["a + 1", "2"]]]
        found = ask(second, hist_access_type="search", pattern="a*", n=1)
        assert found == [[1, 2, "a + 1"]]


def test_search_can_be_unique(start):
    with start() as kernel:
        run(kernel, "1 + 1", "2 + 2", "1 + 1", "3 + 3")
        assert [e[2] for e in ask(kernel, hist_access_type="search", pattern="*+*")] == [
            "1 + 1", "2 + 2", "1 + 1", "3 + 3"]
        assert [e[2] for e in ask(kernel, hist_access_type="search", pattern="*+*", unique=True)] == [
            "2 + 2", "1 + 1", "3 + 3"]
        assert [e[2] for e in ask(kernel, hist_access_type="search", pattern="1*", unique=True)] == ["1 + 1"]


def test_several_kernels_write_at_once(start):
    with start() as first, start() as second, start() as third:
        kernels = [first, second, third]
        for number in range(20):
            for index, kernel in enumerate(kernels):
                kernel.execute(f"{index} + {number}")
        for kernel in kernels:
            for _ in range(20):
                kernel.receive("shell")
        for index, kernel in enumerate(kernels):
            own = ask(kernel, hist_access_type="range", session=0)
            assert [entry[2] for entry in own] == [f"{index} + {number}" for number in range(20)]
            assert [entry[1] for entry in own] == list(range(1, 21)) and len({entry[0] for entry in own}) == 1
        assert len(ask(first, hist_access_type="tail", n=1000)) == 60


@pytest.mark.parametrize("fate", ["broken", "read-only folder", "folder", "none"])
def test_a_file_that_cannot_be_used_costs_the_history_only(start, tmp_path, fate):
    path = tmp_path / "place" / "history.sqlite"
    path.parent.mkdir()
    if fate == "broken":
        path.write_bytes(b"not a database at all" * 1000)
    elif fate == "read-only folder":
        path = "/proc/nabla/history.sqlite"
    elif fate == "folder":
        path.mkdir()
    else:
        path = "none"
    with start(path) as kernel:
        run(kernel, "x = 1")
        kernel.check_alive("x + 1")
        assert [entry[2] for entry in ask(kernel, hist_access_type="tail", n=5)] == ["x = 1", "x + 1"]


@pytest.fixture
def small_disk(tmp_path):
    """A folder on a disk of its own that is soon full."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("needs the right to mount a disk")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_full_disk_holds_the_history_back_until_there_is_room(start, small_disk):
    cells = [f"{number} + 0  # {'long' * 300}" for number in range(40)]
    with start(small_disk / "history.sqlite") as kernel:
        run(kernel, "before = 1")
        assert len(ask(kernel, hist_access_type="tail", n=5)) == 1
        with contextlib.suppress(OSError), open(small_disk / "ballast", "wb", buffering=0) as file:
            while True:
                file.write(b"\0" * 4096)
        for cell in cells:
            kernel.check_alive(cell)
        time.sleep(1.5)
        (small_disk / "ballast").unlink()
        kernel.check_alive("behind = 2")
        time.sleep(2.5)
    with start(small_disk / "history.sqlite") as kernel:
        found = [entry[2] for entry in ask(kernel, hist_access_type="tail", n=100)]
        assert found == ["before = 1", *cells, "behind = 2"]


def test_a_file_that_another_program_has_locked_holds_up_no_cell(start, tmp_path):
    path = tmp_path / "data/history.sqlite"
    with start(path) as kernel:
        run(kernel, "1")
        ask(kernel, hist_access_type="tail")
        with sqlite3.connect(path, isolation_level=None) as database:
            database.execute("BEGIN EXCLUSIVE")
            for _ in range(20):
                kernel.check_alive()
            identity = kernel.send("complete_request", {"code": "sig", "cursor_pos": 3})
            assert kernel.reply(identity, timeout=0.5)[0] == "complete_reply"


def test_it_is_its_owners_alone(start, tmp_path):
    path = tmp_path / "data/history.sqlite"
    with start(path) as kernel:
        run(kernel, "1")
        ask(kernel, hist_access_type="tail")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("pattern", ["a" * 60_000, "*a" * 30_000, "[" * 60_000 + "*"])
def test_a_search_may_be_of_any_length(start, pattern):
    with start() as kernel:
        run(kernel, "a = 1")
        assert ask(kernel, hist_access_type="search", pattern=pattern) == []
        run(kernel, "b = 2")
        assert [entry[2] for entry in ask(kernel, hist_access_type="search", pattern="b*")] == ["b = 2"]


def test_a_file_that_is_locked_for_long_is_written_later(start, tmp_path):
    path = tmp_path / "data/history.sqlite"
    with start() as kernel:
        run(kernel, "a = 1")
        ask(kernel, hist_access_type="tail", n=1)
        lock = sqlite3.connect(path)
        lock.execute("BEGIN IMMEDIATE")
        run(kernel, "b = 2")
        ask(kernel, hist_access_type="tail", n=1)
        lock.rollback()
        lock.close()
        run(kernel, "c = 3")
        end(kernel)
    with start() as kernel:
        assert [entry[2] for entry in ask(kernel, hist_access_type="tail", n=10)] == ["a = 1", "b = 2", "c = 3"]
