"""Subshells over sockets: work beside a main shell that is busy."""

import json

import pytest
from notebook_client import ENDLESS


def create(raw):
    kind, content = raw.reply(raw.send("create_subshell_request", {}, channel="control"), "control")
    assert kind == "create_subshell_reply" and content["status"] == "ok"
    return content["subshell_id"]


@pytest.fixture
def busy(raw):
    """A kernel whose main shell is busy, after it has defined `main_name`."""
    raw.check_alive("main_name = 11")
    cell = raw.execute("running_name = 12\n" + ENDLESS)
    raw.wait_until_busy(cell)
    yield raw
    raw.send("interrupt_request", {}, channel="control")
    assert raw.reply(cell)[1]["ename"] == "InterruptError"


def test_the_feature_is_announced(raw):
    content = raw.reply(raw.send("kernel_info_request", {}))[1]
    assert {"kernel subshells", "debugger"} <= set(content["supported_features"])


def test_cells_run_with_all_names_and_their_own_count(busy):
    subshell = create(busy)
    for count, (code, value) in enumerate([("main_name + 1", "12"), ("running_name", "12"), ("own = 7; own", "7")], 1):
        while True:
            identity = busy.send("execute_request", {"code": code}, subshell_id=subshell)
            kind, reply = busy.reply(identity)
            if reply["status"] == "ok":
                break
        messages = busy.broadcasts(identity)
        assert [content["data"]["text/plain"] for kind, content in messages if kind == "execute_result"] == [value]
    assert reply["execution_count"] >= 3
    listed = busy.reply(busy.send("list_subshell_request", {}, channel="control"), "control")[1]
    assert listed == {"status": "ok", "subshell_id": [subshell]}


def test_completion_inspection_and_comms_answer(busy):
    subshell = create(busy)
    content = busy.reply(busy.send("complete_request", {"code": "main_n", "cursor_pos": 6},
                                   subshell_id=subshell))[1]
    assert content["matches"] == ["main_name"]
    content = busy.reply(busy.send("inspect_request", {"code": "main_name", "cursor_pos": 3},
                                   subshell_id=subshell))[1]
    assert content["found"] and "11" in content["data"]["text/plain"]
    opened = busy.send("comm_open", {"comm_id": "w", "target_name": "jupyter.widget.control", "data": {}},
                       subshell_id=subshell)
    busy.broadcasts(opened)
    message = busy.send("comm_msg", {"comm_id": "w", "data": {"method": "request_states"}}, subshell_id=subshell)
    assert [kind for kind, _ in busy.broadcasts(message)] == ["status", "comm_msg", "status"]


def test_input_is_asked_and_answered_there(busy):
    subshell = create(busy)
    identity = busy.send("execute_request", {"code": 'input("which? ")', "allow_stdin": True}, subshell_id=subshell)
    assert busy.receive("stdin")[2]["prompt"] == "which? "
    busy.send("input_reply", {"value": "this"}, channel="stdin", subshell_id=subshell)
    assert busy.reply(identity)[1]["status"] == "ok"


def test_the_parent_header_names_the_subshell(raw):
    subshell = create(raw)
    identity = raw.send("execute_request", {"code": "1"}, subshell_id=subshell)
    frames = raw.sockets["shell"].recv_multipart()
    parent = json.loads(frames[frames.index(b"<IDS|MSG>") + 3])
    assert parent["msg_id"] == identity and parent["subshell_id"] == subshell


def test_an_unknown_or_ended_one_is_an_error_with_busy_and_idle(raw):
    subshell = create(raw)
    gone = raw.send("delete_subshell_request", {"subshell_id": subshell}, channel="control")
    assert raw.reply(gone, "control") == ("delete_subshell_reply", {"status": "ok"})
    for identity in [subshell, "nosuch"]:
        request = raw.send("execute_request", {"code": "1"}, subshell_id=identity)
        kind, reply = raw.reply(request)
        assert kind == "execute_reply" and reply["status"] == "error" and reply["ename"] == "SubshellError"
        assert [content["execution_state"] for _, content in raw.broadcasts(request)] == ["busy", "idle"]
