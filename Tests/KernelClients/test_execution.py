"""execute_request and its contract, by jupyter_client."""

import time

import pytest
from notebook_client import ENDLESS, text


def test_a_value_is_an_execute_result(kernel):
    reply, outputs = kernel.run("1+1")
    assert reply["status"] == "ok" and reply["execution_count"] == 1
    assert [kind for kind, _ in outputs] == ["execute_result"]
    assert outputs[0][1]["data"]["text/plain"] == "2"
    assert outputs[0][1]["execution_count"] == 1


def test_streams_and_displays_keep_their_order(kernel):
    _, outputs = kernel.run('print("a")\nwarn("b")\nprint("c")\ndisplay(1)\nprint("d")\n2')
    kinds = [content.get("name", kind) for kind, content in outputs]
    assert kinds == ["stdout", "stderr", "stdout", "display_data", "stdout", "execute_result"]


def test_an_error_is_told_once_and_in_full(kernel):
    reply, outputs = kernel.run("unknown_name")
    assert reply["status"] == "error"
    assert [kind for kind, _ in outputs] == ["error"]
    for member in ("ename", "evalue", "traceback"):
        assert reply[member] and reply[member] == outputs[0][1][member]
    assert reply["ename"] == "NameError" and "\n" not in reply["evalue"]


def test_an_error_leaves_what_ran_before(kernel):
    kernel.run("x = 7")
    kernel.run("y = 8\nz = unknown_name")
    _, outputs = kernel.run("x + y")
    assert outputs[0][1]["data"]["text/plain"] == "15"


def test_silent_and_unstored_cells_do_not_count(kernel):
    reply, outputs = kernel.run("1+1", silent=True)
    assert outputs == [] and reply["execution_count"] == 0
    reply, outputs = kernel.run("1+1", store_history=False)
    assert len(outputs) == 1 and reply["execution_count"] == 0
    assert kernel.run("1+1")[0]["execution_count"] == 1


def test_user_expressions_come_with_the_reply(kernel):
    reply, _ = kernel.run("x = 3", user_expressions={"good": "x + 1", "bad": "unknown_name"})
    good, bad = reply["user_expressions"]["good"], reply["user_expressions"]["bad"]
    assert good["status"] == "ok" and good["data"]["text/plain"] == "4" and "metadata" in good
    assert bad["status"] == "error" and bad["ename"] == "NameError" and bad["traceback"]


def test_run_all_stops_at_an_error_and_later_cells_run(kernel):
    # The first cell lasts until the others have been sent, however busy the machine is.
    cells = ["a = 1; sleep(0.5)", "unknown_name", "b = 2", "b = 3"]
    identities = [kernel.client.execute(code) for code in cells]
    statuses = [kernel.reply(identity)["content"]["status"] for identity in identities]
    assert statuses == ["ok", "error", "error", "error"]
    reply, outputs = kernel.run("a")
    assert reply["status"] == "ok" and outputs[0][1]["data"]["text/plain"] == "1"
    assert kernel.run("b")[0]["ename"] == "NameError"


@pytest.mark.parametrize("delay", [0, 0.02, 0.2])
def test_a_cell_sent_after_an_error_runs(kernel, delay):
    for _ in range(5):
        identity = kernel.client.execute("unknown_name")
        assert kernel.reply(identity)["content"]["status"] == "error"
        time.sleep(delay)
        assert kernel.run("1+1")[0]["status"] == "ok"


def test_without_stop_on_error_the_rest_runs(kernel):
    first = kernel.client.execute("unknown_name", stop_on_error=False)
    second = kernel.client.execute("1+1")
    assert kernel.reply(first)["content"]["status"] == "error"
    assert kernel.reply(second)["content"]["status"] == "ok"


def test_a_line_of_input_comes_from_the_client(kernel):
    identity = kernel.client.execute('name = input("who? ")\nprint(name)', allow_stdin=True)
    request = kernel.client.get_stdin_msg(timeout=10)
    assert request["content"] == {"prompt": "who? ", "password": False}
    kernel.client.input("Ada")
    reply, outputs = kernel.result(identity)
    assert reply["status"] == "ok" and text(outputs) == "Ada\n"


def test_input_without_stdin_is_an_error(kernel):
    assert kernel.run('input("who? ")', allow_stdin=False)[0]["status"] == "error"


@pytest.mark.parametrize("way", ["message", "signal"])
@pytest.mark.parametrize("code", [
    ENDLESS,
    "A = ones(700, 700)\nfor i in 1:100000 { B = A @ A }",
    "network N {\n input 2\n dense 3, sigmoid\n dense 1, sigmoid\n}\n"
    "train(N, [0, 0; 0, 1; 1, 0; 1, 1], [0, 1, 1, 0], epochs = 50000000, every = 10000000)",
    'input("wait")',
])
def test_an_interrupt_stops_the_cell_and_keeps_its_state(kernel, way, code):
    kernel.run("kept = 5")
    times = []
    for _ in range(3):
        identity = kernel.client.execute(code, allow_stdin=True)
        kernel.wait_until_busy(identity)
        time.sleep(0.15)
        began = time.monotonic()
        if way == "message":
            kernel.manager.interrupt_kernel()
        else:
            kernel.manager.provisioner.process.send_signal(2)
        reply = kernel.reply(identity)["content"]
        times.append(time.monotonic() - began)
        assert (reply["status"], reply["ename"]) == ("error", "InterruptError")
        assert kernel.run("kept")[1][0][1]["data"]["text/plain"] == "5"
    # The bar; the median, for the machine may be busy with something else.
    assert sorted(times)[1] < 0.1, times


def test_an_interrupt_while_idle_is_harmless(kernel):
    kernel.manager.interrupt_kernel()
    kernel.manager.provisioner.process.send_signal(2)
    time.sleep(0.05)
    assert kernel.run("1+1")[0]["status"] == "ok"


def test_restart_forgets_everything(kernel):
    kernel.run("x = 1")
    kernel.manager.restart_kernel()
    kernel.client.wait_for_ready(timeout=20)
    assert kernel.run("x")[0]["ename"] == "NameError"


@pytest.mark.parametrize("name, code", [
    ("deep nesting", "(" * 10_000 + "1" + ")" * 10_000),
    ("a megabyte of sums", "+".join(["1"] * 500_000)),
    ("a huge matrix", "zeros(1000000, 1000000)"),
    ("an unknown file", 'load("/nonexistent.csv")'),
    ("endless recursion", "f(x) = f(x + 1)\nf(1)"),
    ("odd characters", "x = \u0000\u202e\U0001f600"),
])
def test_what_a_cell_can_hold_does_not_end_the_kernel(kernel, name, code):
    reply, _ = kernel.run(code)
    if reply["status"] == "error":
        assert reply["ename"] and reply["evalue"] and reply["traceback"]
    assert kernel.run("1+1")[0]["status"] == "ok"
