"""Cases that a kernel meets seldom: clients in each other's footsteps, races, resources that run out."""

import json
import os
import resource
import signal
import socket
import subprocess
import time
from datetime import datetime, timedelta, timezone

import pytest
import zmq
from raw_client import CHANNELS, RawClient, RawKernel, wait_until

LONG = "t = 0\nfor i in 1:3000000 { t = t + i }"


def client_of(kernel, identity):
    return RawClient({"transport": kernel.transport, "ip": kernel.ip, "key": kernel.key.decode(),
                      **{f"{name}_port": kernel.ports[name] for name in CHANNELS}}, identity=identity)


def seen_by_a_fresh_client(kernel, identity):
    """The kinds of broadcasts about its first cell, which a client sends as soon as it is there."""
    client = client_of(kernel, identity)
    try:
        cell = client.execute("print(42)\n7")
        client.reply(cell)
        return [kind for kind, _ in client.broadcasts(cell)]
    finally:
        client.close()


WHOLE = ["status", "execute_input", "stream", "execute_result", "status"]


def subscriber(kernel, *topics):
    each = kernel.context.socket(zmq.SUB)
    for topic in topics:
        each.subscribe(topic)
    each.connect(f"tcp://{kernel.ip}:{kernel.ports['iopub']}")
    return each


def test_fresh_clients_lose_nothing_beside_many_topics_and_listeners(raw):
    raw.check_alive()
    topics = subscriber(raw, *[b"topic%d" % number for number in range(60)])
    for _ in range(20):
        subscriber(raw, b"").close(linger=0)
    time.sleep(0.3)
    for number in range(15):
        assert seen_by_a_fresh_client(raw, b"fresh %d" % number) == WHOLE
    for _ in range(15):
        assert seen_by_a_fresh_client(raw, b"the same again") == WHOLE
    topics.close(linger=0)


def test_the_first_cell_of_an_old_connection_is_not_kept_waiting(raw):
    raw.check_alive()
    other = client_of(raw, b"only asks")
    other.sockets["iopub"].close(linger=0)
    time.sleep(0.4)
    began = time.monotonic()
    raw.broadcasts(other.execute("1"))
    assert time.monotonic() - began < 0.15
    other.close()


def test_a_client_in_the_footsteps_of_another_is_asked_for_input(raw):
    raw.check_alive()
    for number in range(8):
        first = client_of(raw, b"first %d" % number)
        first.reply(first.execute("1"))
        first.close()
        second = client_of(raw, b"second %d" % number)
        cell = second.execute('input("? ")', allow_stdin=True)
        assert second.receive("stdin")[0] == "input_request"
        time.sleep(0.1)
        second.send("input_reply", {"value": "here"}, channel="stdin")
        assert second.reply(cell)[1]["status"] == "ok"
        second.close()


def answer(client, value, parent):
    """Sends an input_reply to a prompt that is known by its identity."""
    frames = client.frames("input_reply", {"value": value})
    parts = frames[2:]
    parts[1] = json.dumps({"msg_id": parent}).encode()
    client.sockets["stdin"].send_multipart(client.signed(parts))


def prompted(client):
    frames = client.sockets["stdin"].recv_multipart()
    return json.loads(frames[frames.index(b"<IDS|MSG>") + 2])["msg_id"]


def test_an_answer_goes_to_its_prompt(raw):
    raw.check_alive()
    stale = raw.execute('input("first? ")', allow_stdin=True)
    first = prompted(raw)
    raw.send("interrupt_request", {}, channel="control")
    raw.reply(stale)
    cell = raw.execute('input("second? ")', allow_stdin=True)
    second = prompted(raw)
    answer(raw, "too late", first)
    stranger = client_of(raw, b"stranger")
    stranger.send("input_reply", {"value": "not asked"}, channel="stdin")
    assert not raw.sockets["shell"].poll(200)
    subshell = raw.reply(raw.send("create_subshell_request", {}, channel="control"), "control")[1]["subshell_id"]
    beside = raw.send("execute_request", {"code": 'input("third? ")', "allow_stdin": True}, subshell_id=subshell)
    third = prompted(raw)
    answer(raw, "three", third)
    assert raw.reply(beside)[1]["status"] == "ok"
    answer(raw, "two", second)
    assert raw.reply(cell)[1]["status"] == "ok"
    results = [content["data"]["text/plain"] for kind, content in raw.broadcasts(cell) if kind == "execute_result"]
    assert results == ['"two"']
    stranger.close()


def test_a_log_that_nobody_reads_stops_nothing(executable):
    reading, writing = os.pipe()
    try:
        with RawKernel(executable, wrapper=["bash", "-c", f"exec \"$@\" 2>&{writing}", "bash"], pass_descriptors=[writing]) as raw:
            for number in range(3_000):
                raw.send(f"unknown_{'x' * 50}_{number}", {}, channel=("shell", "control")[number % 2])
                raw.send("comm_msg", {"comm_id": "nobody's", "data": {}})
            raw.check_alive()
            raw.reply(raw.send("kernel_info_request", {}, channel="control"), "control")
    finally:
        os.close(reading)
        os.close(writing)


def debug(raw, command, **arguments):
    request = {"type": "request", "seq": 1, "command": command, "arguments": arguments}
    return raw.reply(raw.send("debug_request", request, channel="control"), "control")[1]


def begin_stop(raw, code, line):
    """Runs a cell that stops at a line."""
    debug(raw, "initialize")
    debug(raw, "attach")
    path = debug(raw, "dumpCell", code=code)["body"]["sourcePath"]
    debug(raw, "setBreakpoints", source={"path": path}, breakpoints=[{"line": line}])
    cell = raw.execute(code)
    while True:
        kind, _, content = raw.receive("iopub")
        if kind == "debug_event" and content["event"] == "stopped":
            return cell


def test_a_debugger_that_leaves_while_a_cell_steps_stops_it_no_more(raw):
    cell = begin_stop(raw, "a = 1\n" + LONG + "\nb = 2\nc = 3", 2)
    raw.send("debug_request", {"type": "request", "seq": 2, "command": "next", "arguments": {"threadId": 1}},
             channel="control")
    debug(raw, "disconnect")
    assert raw.reply(cell)[1]["status"] == "ok"


def test_every_question_to_a_stopped_cell_is_answered(raw):
    for _ in range(20):
        cell = begin_stop(raw, "a = 1\nb = 2", 2)
        identities = [raw.send("debug_request", {"type": "request", "seq": 3, "command": command, "arguments": arguments},
                               channel="control")
                      for command, arguments in (("continue", {"threadId": 1}), ("evaluate", {"expression": "a"}),
                                                 ("continue", {"threadId": 1}))]
        answers = [raw.receive("control") for _ in identities]
        assert {parent for _, parent, _ in answers} == set(identities)
        assert raw.reply(cell)[1]["status"] == "ok"
        debug(raw, "disconnect")


def test_a_network_that_only_a_running_cell_knows_is_not_lost(raw):
    raw.check_alive("network N { input 1\n dense 1, sigmoid }")
    subshell = raw.reply(raw.send("create_subshell_request", {}, channel="control"), "control")[1]["subshell_id"]
    cell = raw.send("execute_request", {"code": 'if input("keep? ") == "y" { P = N }', "allow_stdin": True},
                    subshell_id=subshell)
    prompt = prompted(raw)
    raw.check_alive("network N { input 2\n dense 1, sigmoid }")
    answer(raw, "y", prompt)
    assert raw.reply(cell)[1]["status"] == "ok"
    raw.check_alive("summary(P)")


def test_a_subshell_that_is_deleted_strands_nobody(raw):
    for _ in range(100):
        subshell = raw.reply(raw.send("create_subshell_request", {}, channel="control"), "control")[1]["subshell_id"]
        raw.send("delete_subshell_request", {"subshell_id": subshell}, channel="control")
        cells = [raw.send("execute_request", {"code": "1"}, subshell_id=subshell) for _ in range(3)]
        assert {raw.receive("shell")[1] for _ in cells} == set(cells)
        raw.receive("control")


def test_an_interrupt_between_cells_stops_those_that_wait(raw):
    stopped = 0
    for _ in range(10):
        raw.check_alive()
        cells = [raw.execute("sum(i for i in 1:300)") for _ in range(300)]
        raw.wait_until_busy(cells[20])
        raw.send("interrupt_request", {}, channel="control")
        raw.receive("control")
        outcomes = [raw.receive("shell")[2] for _ in cells]
        names = [content.get("ename") for content in outcomes]
        assert names.count("InterruptError") <= 1 and set(names) <= {None, "InterruptError", "Aborted"}
        stopped += names.count("InterruptError")
    # Unless all had run by then.
    assert stopped >= 5


@pytest.mark.parametrize("precision", ["seconds", "milliseconds", "microseconds"])
@pytest.mark.parametrize("skew", [0, -10, 2, -3600])
def test_a_cell_sent_after_the_error_runs_whatever_the_clock(raw, precision, skew):
    def execute(code):
        date = (datetime.now(timezone.utc) + timedelta(seconds=skew)).isoformat(timespec=precision)
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False, "stop_on_error": True}
        return raw.send("execute_request", content, date=date, session="of another clock")

    raw.reply(execute("1"))
    for _ in range(10):
        assert raw.reply(execute("nobody_knows"))[1]["ename"] == "NameError"
        assert raw.reply(execute("1"))[1]["status"] == "ok"


@pytest.mark.parametrize("key", [5, ["a"], True])
def test_a_key_that_is_no_text_is_refused(executable, tmp_path, key):
    with RawKernel(executable) as kernel:
        file = tmp_path / "connection.json"
        file.write_text(json.dumps(json.loads(kernel.file.read_text()) | {"key": key}))
    ended = subprocess.run([executable, "kernel", "-f", file], capture_output=True, text=True, timeout=10)
    assert ended.returncode != 0 and "key must be a text" in ended.stderr


def test_subshells_are_refused_when_descriptors_run_out(executable):
    def limit():
        resource.setrlimit(resource.RLIMIT_NOFILE, (150, 150))

    with RawKernel(executable, before_start=limit) as raw:
        raw.check_alive()
        for _ in range(100):
            content = raw.reply(raw.send("create_subshell_request", {}, channel="control"), "control")[1]
            if content["status"] == "error":
                break
        assert content["ename"] == "SubshellError" and "descriptors" in content["evalue"]
        raw.check_alive()


def test_a_second_kernel_on_the_same_ipc_files_is_refused(executable):
    with RawKernel(executable, "ipc") as first:
        first.check_alive()
        second = subprocess.run([executable, "kernel", "-f", first.file], capture_output=True, text=True, timeout=10)
        assert second.returncode == 1 and "in use" in second.stderr
        first.check_alive()


def test_a_signal_ends_a_kernel_that_waits_for_its_launcher(executable, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as launcher:
        file = tmp_path / "registration.json"
        file.write_text(json.dumps({
            "kernel_id": "k", "transport": "tcp", "registration_ip": "127.0.0.1", "key": "abc",
            "registration_port": launcher.getsockname()[1], "signature_scheme": "hmac-sha256"}))
        process = subprocess.Popen([executable, "kernel", "-f", file])
        launcher.accept()[0].close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(3) == 0


def test_the_cap_on_text_does_not_cut_a_character(raw):
    cell = raw.execute('for i in 1:900000 { print("é𝛁漢é") }')
    raw.reply(cell, timeout=30)
    text = "".join(content["text"] for kind, content in raw.broadcasts(cell, 20)
                   if kind == "stream" and content["name"] == "stdout")
    assert "\ufffd" not in text and len(text.encode()) > 8_000_000


@pytest.mark.parametrize("content", [b"[]", b"5", b"null", b"not JSON"])
def test_a_request_without_an_object_gets_an_error(raw, content):
    frames = raw.frames("execute_request", {})
    parts = frames[2:]
    parts[3] = content
    raw.sockets["shell"].send_multipart(raw.signed(parts))
    identity = json.loads(parts[0])["msg_id"]
    assert raw.reply(identity)[1]["ename"] == "RequestError"
    assert raw.broadcasts(identity)[-1][1] == {"execution_state": "idle"}


def test_a_subshell_that_is_no_text_is_none(raw):
    identity = raw.send("execute_request", {"code": "1"}, subshell_id=5)
    assert raw.reply(identity)[1]["ename"] == "SubshellError"
    raw.send("shutdown_request", {"restart": "perhaps"}, channel="control", subshell_id="nobody's")
    assert wait_until(lambda: raw.process.poll() == 0, 3)
