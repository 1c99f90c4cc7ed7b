"""Should a kernel die all the same: what it leaves behind, and what the next one says of it."""

import re
import signal
import subprocess

import pytest
from raw_client import RawKernel

LINE = re.compile(rb"nabla \d+\.\d+\S* pid (\d+) time \d+ cell (\d+) signal (\d+) at( \+?[0-9a-f]+)+\n")


@pytest.fixture
def start(executable, tmp_path):
    def start():
        return RawKernel(executable, environment={"NABLA_HISTORY": str(tmp_path / "history.sqlite")})
    return start


def streams(kernel, code):
    identity = kernel.execute(code)
    return "".join(content["text"] for kind, content in kernel.broadcasts(identity) if kind == "stream")


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGILL, signal.SIGBUS, signal.SIGFPE])
@pytest.mark.parametrize("busy", [True, False])
def test_a_crash_leaves_one_line_and_is_told_once(start, tmp_path, number, busy):
    with start() as kernel:
        kernel.check_alive()
        if busy:
            kernel.wait_until_busy(kernel.execute("while true { 1 }"))
        kernel.signal(number)
        assert kernel.wait_for_end() == -number
        kernel.log.seek(0)
        said = LINE.findall(kernel.log.read())
        pid = kernel.process.pid
    found = LINE.fullmatch((tmp_path / "crashes.txt").read_bytes())
    assert found and [int(group) for group in found.groups()[:3]] == [pid, 2 if busy else 0, number]
    assert len(said) == 1
    with start() as kernel:
        told = streams(kernel, "1 + 1")
        assert signal.Signals(number).name in told and ("cell 2" in told) == busy
        assert streams(kernel, "1 + 1") == ""
    with start() as kernel:
        assert streams(kernel, "1 + 1") == ""
    assert LINE.fullmatch((tmp_path / "crashes.txt.told").read_bytes())


def test_a_kernel_that_runs_no_cell_keeps_a_crash_for_the_next(start):
    with start() as kernel:
        kernel.check_alive()
        kernel.signal(signal.SIGSEGV)
        kernel.wait_for_end()
    for number in (signal.SIGKILL, signal.SIGTERM):
        with start() as kernel:
            kernel.send("kernel_info_request", {})
            kernel.signal(number)
            kernel.wait_for_end()
    with start() as kernel:
        assert "SIGSEGV" in streams(kernel, "1 + 1")


def test_a_kernel_that_is_killed_or_ended_leaves_no_line(start, tmp_path):
    for number in (signal.SIGKILL, signal.SIGTERM):
        with start() as kernel:
            kernel.check_alive()
            kernel.signal(number)
            kernel.wait_for_end()
    with start() as kernel:
        assert streams(kernel, "1 + 1") == ""
    assert not (tmp_path / "crashes.txt").exists()


def test_kernels_that_crash_together_mix_no_lines(start, tmp_path):
    kernels = [start() for _ in range(6)]
    try:
        for kernel in kernels:
            kernel.__enter__()
        for kernel in kernels:
            kernel.signal(signal.SIGSEGV)
        for kernel in kernels:
            kernel.wait_for_end()
    finally:
        for kernel in kernels:
            kernel.__exit__()
    lines = (tmp_path / "crashes.txt").read_bytes().splitlines(keepends=True)
    assert len(lines) == 6 and all(map(LINE.fullmatch, lines))
    with start() as kernel:
        assert "SIGSEGV" in streams(kernel, "1 + 1")


def test_what_is_no_crash_report_is_passed_over(start, tmp_path):
    for content in (b"", b"\0\xff" * 1000, b"nabla\n", b"nabla 1 cell 99999999999999999999 signal x\n"):
        (tmp_path / "crashes.txt").write_bytes(content)
        with start() as kernel:
            streams(kernel, "1 + 1")
            kernel.check_alive()


def test_a_line_finds_its_place_in_the_executable(start, tmp_path, executable):
    with start() as kernel:
        kernel.check_alive()
        kernel.signal(signal.SIGSEGV)
        kernel.wait_for_end()
    places = re.findall(rb"\+([0-9a-f]+)", (tmp_path / "crashes.txt").read_bytes())
    assert places
    text = subprocess.run(
        ["addr2line", "-f", "-e", executable, *(place.decode() for place in places)], capture_output=True, text=True)
    assert text.returncode != 0 or "KernelProcess" in text.stdout or "main" in text.stdout
