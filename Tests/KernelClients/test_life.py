"""Beginning and end: shutdown, signals, a parent that dies, connection files, what is left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from notebook_client import ENDLESS, TIMEOUT, started
from raw_client import RawKernel, wait_until


@pytest.mark.parametrize("channel", ["control", "shell"])
@pytest.mark.parametrize("restart", [True, False])
@pytest.mark.parametrize("transport", ["tcp", "ipc"])
def test_shutdown_is_answered_then_done(executable, channel, restart, transport):
    with RawKernel(executable, transport) as kernel:
        kernel.check_alive()
        began = time.monotonic()
        identity = kernel.send("shutdown_request", {"restart": restart}, channel=channel)
        assert kernel.reply(identity, channel) == ("shutdown_reply", {"status": "ok", "restart": restart})
        assert kernel.broadcasts(identity)[-1][1] == {"execution_state": "idle"}
        assert kernel.wait_for_end() == 0
        assert time.monotonic() - began < 1
        if transport == "ipc":
            assert [path.name for path in Path(kernel.folder.name).iterdir() if "ipc" in path.name] == []


def test_shutdown_ends_a_running_cell(raw):
    cell = raw.execute(ENDLESS)
    raw.wait_until_busy(cell)
    raw.send("shutdown_request", {"restart": False}, channel="control")
    assert raw.reply(cell)[1]["ename"] == "InterruptError"
    assert raw.wait_for_end() == 0


def test_shutdown_ends_a_wait_for_input(raw):
    raw.execute('input("?")', allow_stdin=True)
    assert raw.receive("stdin")[0] == "input_request"
    raw.send("shutdown_request", {"restart": False}, channel="control")
    assert raw.wait_for_end() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("busy", [True, False])
def test_a_signal_to_end_is_obeyed_cleanly(raw, number, busy):
    if busy:
        raw.wait_until_busy(raw.execute(ENDLESS))
    raw.signal(number)
    assert raw.wait_for_end() == 0


def test_sigint_stops_the_cell_only(raw):
    """Also when it comes as the cell begins."""
    times = []
    for _ in range(40):
        cell = raw.execute(ENDLESS)
        raw.wait_until_busy(cell)
        began = time.monotonic()
        raw.signal(signal.SIGINT)
        assert raw.reply(cell)[1]["ename"] == "InterruptError"
        times.append(time.monotonic() - began)
    assert sorted(times)[20] < 0.1, times
    raw.check_alive()


def test_the_kernel_ends_when_its_parent_dies(executable, tmp_path):
    """A parent starts the kernel and is killed."""
    script = (
        "import os, subprocess, sys, time\n"
        "kernel = subprocess.Popen([sys.argv[1], 'kernel', '--connection-file', sys.argv[2]],\n"
        "    env={**os.environ, 'JPY_PARENT_PID': str(os.getpid())})\n"
        "print(kernel.pid, flush=True)\n"
        "time.sleep(60)\n")
    with RawKernel(executable) as other:
        ports = other.file.read_text()
    file = tmp_path / "connection.json"
    file.write_text(ports)
    parent = subprocess.Popen([sys.executable, "-c", script, executable, file], stdout=subprocess.PIPE, text=True)
    kernel = int(parent.stdout.readline())
    time.sleep(0.3)
    assert Path(f"/proc/{kernel}").exists()
    parent.kill()
    parent.wait()
    began = time.monotonic()
    assert wait_until(lambda: is_gone(kernel), 5)
    assert time.monotonic() - began < 1.5


def test_a_wrapper_between_parent_and_kernel_is_no_death(executable):
    environment = {"JPY_PARENT_PID": str(os.getpid())}
    wrapper = ("sh", "-c", '"$@"; exit $?', "sh")
    with RawKernel(executable, environment=environment, wrapper=wrapper) as kernel:
        time.sleep(1.5)
        kernel.check_alive()
        kernel.send("shutdown_request", {"restart": False}, channel="control")
        assert kernel.wait_for_end() == 0


def is_gone(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"transport": "udp"}'])
def test_a_connection_file_that_cannot_be_used_is_refused(executable, tmp_path, content):
    file = tmp_path / "connection.json"
    file.write_text(content)
    result = subprocess.run([executable, "kernel", "--connection-file", file], capture_output=True, text=True)
    assert result.returncode != 0 and "connection" in result.stderr


def test_a_port_in_use_is_reported(raw, executable):
    result = subprocess.run([executable, "kernel", "--connection-file", raw.file], capture_output=True, text=True)
    assert result.returncode != 0 and "in use" in result.stderr


def test_many_kernels_in_a_row_leave_nothing_behind():
    with started() as notebook:
        for _ in range(10):
            notebook.manager.restart_kernel()
            notebook.client.wait_for_ready(timeout=TIMEOUT)
        assert notebook.run("1+1")[0]["status"] == "ok"
        notebook.manager.shutdown_kernel()
        assert not notebook.manager.is_alive()


def test_all_sockets_are_encrypted_when_the_client_wants_it():
    import zmq

    if not zmq.has("curve"):
        pytest.skip("this pyzmq has no CurveZMQ")
    with started(transport_encryption="required") as notebook:
        info = notebook.manager.get_connection_info()
        assert info.get("curve_publickey")
        reply, outputs = notebook.run("1+1")
        assert reply["status"] == "ok" and outputs[0][1]["data"]["text/plain"] == "2"
