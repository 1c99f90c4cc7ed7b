"""How kernels are started: odd arguments, parents, signals and limits that they inherit, systems that lack something."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from raw_client import RawKernel, wait_until

# A mount or a pid namespace of one's own takes a privilege that not every machine gives.
UNSHARES = shutil.which("unshare") and subprocess.run(
    ["unshare", "--mount", "--pid", "--fork", "true"], capture_output=True).returncode == 0
needs_namespaces = pytest.mark.skipif(not UNSHARES, reason="no namespaces of one's own here")


@pytest.mark.parametrize("arguments", [
    ["s.nabla"], ["a b.nabla", "--quiet", "-x", "3"], ["--matplotlib=inline"], ["--", "-f"]])
def test_unknown_arguments_are_passed_over_and_logged(executable, arguments):
    with RawKernel(executable, arguments=arguments) as kernel:
        kernel.check_alive()
        kernel.send("shutdown_request", {"restart": False}, channel="control")
        assert kernel.wait_for_end() == 0
        kernel.log.seek(0)
        assert arguments[-1].encode() in kernel.log.read()


def test_a_parent_that_started_nobody_does_not_count(executable):
    stranger = subprocess.Popen(["sleep", "60"])
    for pid in ("3999999", str(stranger.pid), "0", "-5", "nonsense"):
        with RawKernel(executable, environment={"JPY_PARENT_PID": pid}) as kernel:
            if pid == str(stranger.pid):
                stranger.kill()
                stranger.wait()
            time.sleep(1.2)
            kernel.check_alive()


@needs_namespaces
def test_a_parent_of_another_pid_namespace_does_not_count(executable):
    wrapper = ("unshare", "--pid", "--fork", "--mount-proc", "--kill-child")
    environment = {"JPY_PARENT_PID": str(os.getpid())}
    with RawKernel(executable, environment=environment, wrapper=wrapper) as kernel:
        time.sleep(1.2)
        kernel.check_alive()


def test_the_end_of_a_parent_behind_wrappers_is_the_end(executable, tmp_path):
    with RawKernel(executable) as other:
        file = tmp_path / "connection.json"
        file.write_text(other.file.read_text())
    script = (
        "import os, subprocess, sys, time\n"
        "os.environ['JPY_PARENT_PID'] = str(os.getpid())\n"
        "inner = ['sh', '-c', '\"$@\" & echo $!; wait; exit 0', 'sh', *sys.argv[1:]]\n"
        "subprocess.Popen(['sh', '-c', '\"$@\"; exit 0', 'sh', *inner])\n"
        "time.sleep(60)\n")
    parent = subprocess.Popen(
        [sys.executable, "-c", script, executable, "kernel", "-f", file], stdout=subprocess.PIPE, text=True)
    kernel = Path(f"/proc/{int(parent.stdout.readline())}")
    time.sleep(0.5)
    assert kernel.exists()
    parent.kill()
    parent.wait()
    assert wait_until(lambda: not kernel.exists() or ") Z" in (kernel / "stat").read_text(), 3)


@pytest.mark.parametrize("number,lives", [(signal.SIGHUP, True), (signal.SIGTERM, False), (signal.SIGINT, True)])
def test_a_hang_up_that_was_ignored_stays_so(executable, number, lives):
    def ignore():
        for each in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
            signal.signal(each, signal.SIG_IGN)

    with RawKernel(executable, before_start=ignore) as kernel:
        kernel.signal(number)
        if lives:
            time.sleep(0.7)
            kernel.check_alive()
        else:
            assert kernel.wait_for_end() == 0


@needs_namespaces
def test_a_system_without_proc_is_served(executable):
    wrapper = ("unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /proc && exec "$@"', "sh")
    with RawKernel(executable, wrapper=wrapper) as kernel:
        kernel.check_alive()
        kind, usage = kernel.reply(kernel.send("usage_request", {}, channel="control"), "control")
        assert kind == "usage_reply" and usage["status"] == "ok" and "kernel_memory" not in usage
        cell = kernel.execute("A = rand(300, 300); sum(A @ A) > 0")
        assert kernel.reply(cell)[1]["status"] == "ok"


@pytest.mark.skipif(not shutil.which("cc"), reason="no C compiler")
def test_a_library_that_changes_the_environment_first_hides_no_arguments(executable, tmp_path):
    """As libfaketime, or the wrappers of some clusters, do at their start."""
    source = tmp_path / "early.c"
    source.write_text('#include <stdlib.h>\n__attribute__((constructor)) static void early(void) { setenv("EARLY_BIRD", "1", 1); }\n')
    library = tmp_path / "early.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True)
    environment = {"LD_PRELOAD": str(library)}
    with RawKernel(executable, environment=environment) as kernel:
        kernel.check_alive()
    version = subprocess.run([executable, "--version"], capture_output=True, text=True, env={**os.environ, **environment})
    assert version.stdout.startswith("nabla ")


def test_few_descriptors_are_enough_or_named(executable, tmp_path):
    """Below what a kernel needs it says so; it never ends without a word."""
    outcomes = set()
    for count in (8, 16, 24, 32, 40, 48, 64, 128):
        def limit():
            resource.setrlimit(resource.RLIMIT_NOFILE, (count, count))

        kernel = RawKernel(executable, before_start=limit)
        try:
            began = time.monotonic()
            while time.monotonic() - began < 10 and kernel.process.poll() is None:
                kernel.send("kernel_info_request", {})
                if kernel.sockets["shell"].poll(500):
                    break
            if kernel.process.poll() is None:
                kernel.check_alive()
                outcomes.add("serves")
            else:
                kernel.log.seek(0)
                assert kernel.process.returncode > 0 and kernel.log.read(), count
                outcomes.add("refuses")
        finally:
            kernel.__exit__()
    assert "serves" in outcomes
