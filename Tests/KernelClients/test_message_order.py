"""The exact messages of a request, in their order: what an execute_request's members change, over sockets."""

import pytest

ERROR = ["busy", "execute_input", "error NameError", "idle"]
VALUE = ["busy", "execute_input", "execute_result", "idle"]


def summary(kind, content):
    if kind == "status":
        return content["execution_state"]
    if kind == "stream":
        return f"{content['name']}: {content['text']}"
    return f"error {content['ename']}" if kind == "error" else kind


def outcome(raw, identity):
    """What a request made the kernel say: the broadcasts in order, and the reply."""
    kind, reply = raw.reply(identity)
    assert kind == "execute_reply"
    return [summary(*message) for message in raw.broadcasts(identity)], reply


def run(raw, code, **content):
    return outcome(raw, raw.execute(code, **content))


def test_a_cell_with_everything(raw):
    broadcasts, reply = run(raw, 'print("a")\nwarn("b")\ndisplay(1)\nclear_output(wait = true)\nprint("c")\n2')
    assert broadcasts == ["busy", "execute_input", "stdout: a\n", "stderr: b\n", "display_data", "clear_output",
                          "stdout: c\n", "execute_result", "idle"]
    assert reply == {"status": "ok", "execution_count": 1, "user_expressions": {}, "payload": []}


def test_an_error(raw):
    broadcasts, reply = run(raw, "nobody_knows")
    assert broadcasts == ERROR
    assert reply["status"] == "error" and reply["ename"] == "NameError" and reply["execution_count"] == 1
    assert reply["user_expressions"] == {} and reply["payload"] == []


@pytest.mark.parametrize("code, status", [("print(1)\n2", "ok"), ("nobody_knows", "error"), ("sigmoid?", "ok")])
def test_silent(raw, code, status):
    """Nothing but busy and idle, no count, no history."""
    broadcasts, reply = run(raw, code, silent=True, store_history=True)
    assert broadcasts == ["busy", "idle"] and reply["status"] == status and reply["execution_count"] == 0
    history = raw.reply(raw.send("history_request", {"hist_access_type": "range", "session": 0}))[1]
    assert history["history"] == []
    assert run(raw, "1")[1]["execution_count"] == 1


def test_store_history_off(raw):
    """Everything is shown, nothing counted or remembered."""
    run(raw, "1")
    broadcasts, reply = run(raw, "2", store_history=False)
    assert broadcasts == VALUE and reply["execution_count"] == 1
    history = raw.reply(raw.send("history_request", {"hist_access_type": "range", "session": 0}))[1]
    assert [entry[2] for entry in history["history"]] == ["1"]


def test_user_expressions(raw):
    """They are evaluated after a cell that succeeds, show nothing and change nothing."""
    wanted = {"value": "x + 1", "wrong": "nobody_knows", "change": "x = 5", "text": "\"t\""}
    broadcasts, reply = run(raw, "x = 3", user_expressions=wanted)
    assert broadcasts == ["busy", "execute_input", "idle"]
    results = reply["user_expressions"]
    assert list(results) == list(wanted)
    assert results["value"]["status"] == "ok" and results["value"]["data"]["text/plain"] == "4"
    assert results["wrong"]["status"] == "error" and results["wrong"]["ename"] == "NameError"
    assert results["change"]["status"] == "error" and results["text"]["status"] == "ok"
    assert run(raw, "nobody_knows", user_expressions=wanted)[1]["user_expressions"] == {}
    identity = raw.execute("x")
    assert [content["data"]["text/plain"] for kind, content in raw.broadcasts(identity)
            if kind == "execute_result"] == ["3"]


def test_allow_stdin(raw):
    broadcasts, reply = run(raw, 'input("?")', allow_stdin=False)
    assert broadcasts == ["busy", "execute_input", "error ValueError", "idle"] and reply["status"] == "error"
    identity = raw.execute('print("before")\ninput("name? ")', allow_stdin=True)
    kind, parent, content = raw.receive("stdin")
    assert (kind, parent, content) == ("input_request", identity, {"prompt": "name? ", "password": False})
    raw.send("input_reply", {"value": "Ada"}, channel="stdin")
    broadcasts, reply = outcome(raw, identity)
    assert broadcasts == ["busy", "execute_input", "stdout: before\n", "execute_result", "idle"]
    assert reply["status"] == "ok"


def test_stop_on_error(raw):
    """What is queued is refused with a full error; each with its own busy and idle, in order."""
    first = raw.execute("for i in 1:2000000 { x = i }\nnobody_knows")
    queued = [raw.execute(f"print({number})") for number in range(4)]
    assert outcome(raw, first)[1]["status"] == "error"
    for identity in queued:
        broadcasts, reply = outcome(raw, identity)
        assert broadcasts == ["busy", "idle"]
        assert reply["status"] == "error" and reply["ename"] == "Aborted" and reply["execution_count"] == 1
        assert reply["evalue"] and reply["traceback"]
    assert run(raw, "1")[0] == VALUE


def test_stop_on_error_off(raw):
    first = raw.execute("for i in 1:2000000 { x = i }\nnobody_knows", stop_on_error=False)
    queued = raw.execute("1")
    assert outcome(raw, first)[0] == ERROR
    assert outcome(raw, queued)[0] == VALUE


def test_an_interrupt_aborts_the_queue_as_an_error_does(raw):
    first = raw.execute("for i in 1:1e9 { x = i }")
    queued = raw.execute("1")
    raw.wait_until_busy(first)
    interrupt = raw.send("interrupt_request", {}, channel="control")
    assert raw.reply(interrupt, "control") == ("interrupt_reply", {"status": "ok"})
    assert raw.reply(first)[1]["ename"] == "InterruptError"
    assert raw.reply(queued)[1]["ename"] == "Aborted"


def test_reply_and_idle_come_before_the_next_busy(raw):
    identities = [raw.execute(f"print({number})\n{number}") for number in range(60)]
    parents = []
    while len(parents) < 5 * 60:
        parent = raw.receive("iopub")[1]
        if parent in identities:
            parents.append(parent)
    assert parents == [identity for identity in identities for _ in range(5)]
    assert [raw.receive("shell")[1] for _ in identities] == identities


def test_a_page_is_one_payload(raw):
    broadcasts, reply = run(raw, "sigmoid?")
    assert broadcasts == ["busy", "execute_input", "idle"]
    assert [payload["source"] for payload in reply["payload"]] == ["page"]
    assert "1/(1 + exp(-x))" in reply["payload"][0]["data"]["text/plain"]
    assert run(raw, "help(sigmoid)")[0] == ["busy", "execute_input", "display_data", "idle"]


@pytest.mark.parametrize("kind, content", [
    ("complete_request", {"code": "si", "cursor_pos": 2}), ("inspect_request", {"code": "sin", "cursor_pos": 1}),
    ("is_complete_request", {"code": "1"}), ("history_request", {"hist_access_type": "tail", "n": 3}),
    ("comm_info_request", {}), ("kernel_info_request", {}), ("interrupt_request", {}),
    ("usage_request", {}), ("create_subshell_request", {}), ("list_subshell_request", {}),
    ("debug_request", {"command": "debugInfo", "seq": 1, "type": "request", "arguments": {}}),
])
@pytest.mark.parametrize("channel", ["shell", "control"])
def test_every_request_is_framed_and_answered_on_its_channel(raw, kind, content, channel):
    identity = raw.send(kind, content, channel=channel)
    reply, _ = raw.reply(identity, channel)
    assert reply == kind.replace("_request", "_reply")
    assert [summary(*message) for message in raw.broadcasts(identity)] == ["busy", "idle"]
