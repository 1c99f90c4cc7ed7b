"""Limits of memory: under any of them a kernel starts, works and refuses what it has no room for; it never dies."""

import os
import resource
import shutil
import subprocess
import time

import pytest
from raw_client import RawKernel

MEGABYTE = 1 << 20

# What takes much memory, in each of the ways in which a cell can.
GREEDY = [
    "A = zeros(8000, 8000)", "B = rand(6000, 6000)", "sum(ones(5000, 5000) + 1)", "C = ones(1200, 1200) @ ones(1200, 1200);",
    "v = 1:60000000;", "r = randn(6000000); sort(r);", "kron(ones(300, 300), ones(27, 27));", "outer(1:8000, 1:8000);",
    "L = [ones(1000, 1000) for i in 1:60];", "M = ones(3000, 3000); M[1, 1] = 5; M';", "M = ones(5000, 5000); M[:, 1:4000];",
    "reshape(1:36000000, 6000, 6000);", "exp(ones(5000, 5000));", "ones(4000, 4000)^2 .* 2",
    "network N { input 4000\n dense 4000, relu\n dense 1 }", "N = 1; x = ones(50000, 400);",
    "network T { input 400\n dense 20, relu\n dense 1 }\ntrain(T, ones(40000, 400), ones(40000), epochs = 1);",
    "hstack(ones(4000, 4000), ones(4000, 4000));", "cumsum(ones(30000000));", "where(ones(5000, 5000) > 0, 1, 2);",
    "unique(rand(3000000));", "inv(eye(800) + 1);",
]


def limited(megabytes):
    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (megabytes * MEGABYTE, megabytes * MEGABYTE))
    return limit


def outcome(executable, megabytes, cells):
    """What a kernel under `ulimit -v` does with cells: whether it serves, and the names of the errors it gave."""
    kernel = RawKernel(executable, before_start=limited(megabytes))
    try:
        began = time.monotonic()
        kernel.send("kernel_info_request", {})
        while kernel.process.poll() is None and time.monotonic() - began < 20:
            if kernel.sockets["shell"].poll(200):
                break
        if kernel.process.poll() is not None:
            kernel.log.seek(0)
            message = kernel.log.read().decode()
            # The loader's own words, or ours.
            assert kernel.process.returncode > 0 and message, (megabytes, kernel.process.returncode)
            return False, message
        names = set()
        for code in cells:
            kind, content = kernel.reply(kernel.execute(code), timeout=60)
            if content["status"] == "error":
                assert content["ename"] in ("LimitError", "SyntaxError"), (megabytes, code, content["evalue"])
                names.add(content["ename"])
            assert kernel.process.poll() is None, (megabytes, code)
        kind, content = kernel.reply(kernel.execute("1 + 1"))
        assert content["status"] == "ok", (megabytes, content)
        return True, names
    finally:
        kernel.__exit__()


@pytest.mark.skipif("NABLA_SWEEP" not in os.environ, reason="minutes; ./Tests/run limits")
@pytest.mark.parametrize("megabytes", [260, 400, 900, 1300, 2500])
def test_under_a_limit_it_starts_works_and_refuses(executable, megabytes):
    serves, found = outcome(executable, megabytes, GREEDY)
    assert not serves or "LimitError" in found


@pytest.mark.skipif("NABLA_SWEEP" not in os.environ, reason="minutes; ./Tests/run limits")
@pytest.mark.timeout(1800)
def test_fifty_limits_from_200_megabytes_up(executable):
    served = 0
    for step in range(50):
        serves, _ = outcome(executable, 200 + step * step * 2, GREEDY[step % 3::3])
        served += serves
        assert serves or step < 12
    assert served >= 40


@pytest.mark.parametrize("limit,cell", [("300M", "A = zeros(8000, 8000)"), ("0.5 GB", "rand(8000, 8000);"), ("200MiB", "v = 1:60000000;")])
def test_nabla_memory_is_a_limit(executable, limit, cell):
    with RawKernel(executable, environment={"NABLA_MEMORY": limit}) as kernel:
        kind, content = kernel.reply(kernel.execute(cell))
        assert content["ename"] == "LimitError" and "MB" in content["evalue"]
        assert "NABLA_MEMORY" in "".join(content["traceback"])
        kernel.check_alive_after_spoilt()
        kind, content = kernel.reply(kernel.execute("A = ones(1000, 1000); sum(A @ A)"))
        assert content["status"] == "ok"


def test_many_small_things_meet_the_limit_too(executable):
    with RawKernel(executable, environment={"NABLA_MEMORY": "200M"}) as kernel:
        kind, content = kernel.reply(kernel.execute("v = [ones(90, 90) for i in 1:9000];"), timeout=60)
        assert content["status"] == "error" and content["ename"] == "LimitError"
        kernel.check_alive_after_spoilt()


def test_a_recursion_that_went_too_deep_leaves_no_memory_behind(executable):
    with RawKernel(executable) as kernel:
        kernel.reply(kernel.execute("f(n) = if n > 0 { f(n - 1) + 1 } else { 0 }; f(10)"))
        before = kernel.resident_kilobytes()
        _, content = kernel.reply(kernel.execute("f(1e6)"))
        assert content["status"] == "error" and "inside one another" in content["evalue"]
        kernel.reply(kernel.execute("1"))
        assert kernel.resident_kilobytes() - before < 8_000


def test_run_says_what_it_lacks(executable, tmp_path):
    file = tmp_path / "a.nabla"
    file.write_text("1 + 1\n")
    for megabytes in (120, 160, 200, 240, 300, 500):
        result = subprocess.run([executable, "run", file], capture_output=True, text=True, preexec_fn=limited(megabytes))
        assert (result.returncode, result.stdout) == (0, "2\n") or result.returncode > 0 and result.stderr


def cgroup():
    """A control group with a limit, where this machine lets us make one."""
    for root, name in (("/sys/fs/cgroup", "memory.max"), ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")):
        folder = f"{root}/nabla-test-{os.getpid()}"
        try:
            os.mkdir(folder)
        except OSError:
            continue
        if not os.path.exists(f"{folder}/cgroup.procs"):
            os.rmdir(folder)
            continue
        try:
            with open(f"{folder}/{name}", "w") as file:
                file.write(str(400 * MEGABYTE))
            return folder
        except OSError:
            os.rmdir(folder)
    return None


def test_a_control_group_is_a_limit(executable):
    folder = cgroup()
    if not folder:
        pytest.skip("no control groups of one's own here")
    wrapper = ("sh", "-c", f'echo $$ > {folder}/cgroup.procs && exec "$@"', "sh")
    try:
        with RawKernel(executable, wrapper=wrapper) as kernel:
            kind, content = kernel.reply(kernel.execute("A = ones(8000, 8000)"), timeout=60)
            assert content["ename"] == "LimitError"
            kernel.check_alive_after_spoilt()
    finally:
        time.sleep(0.2)
        os.rmdir(folder)
