"""A kernel is busy for everybody until its cell ends, whatever else is asked meanwhile."""

import time

import pytest
from notebook_client import ENDLESS

QUESTIONS = [
    ("complete_request", {"code": "si", "cursor_pos": 2}, "shell"),
    ("inspect_request", {"code": "sin", "cursor_pos": 2}, "shell"),
    ("is_complete_request", {"code": "1"}, "shell"),
    ("kernel_info_request", {}, "shell"),
    ("kernel_info_request", {}, "control"),
    ("comm_info_request", {}, "shell"),
    ("history_request", {"hist_access_type": "tail", "n": 1}, "shell"),
    ("debug_request", {"type": "request", "seq": 1, "command": "debugInfo", "arguments": {}}, "control"),
    ("usage_request", {}, "control"),
]


def states(raw, seconds):
    """The statuses that arrive in a time, each with its parent."""
    found, end = [], time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        try:
            kind, parent, content = raw.receive("iopub", left)
        except TimeoutError:
            break
        if kind == "status":
            found.append((content["execution_state"], parent))
    return found


@pytest.fixture
def cell(raw):
    cell = raw.execute(ENDLESS)
    raw.wait_until_busy(cell)
    return cell


def stop(raw, cell):
    raw.send("interrupt_request", {}, channel="control")
    assert raw.reply(cell)[1]["ename"] == "InterruptError"
    raw.broadcasts(cell)


@pytest.mark.parametrize("kind, content, channel", QUESTIONS)
def test_the_last_word_after_a_question_is_busy(raw, cell, kind, content, channel):
    question = raw.send(kind, content, channel=channel)
    raw.reply(question, channel)
    told = states(raw, 0.3)
    assert ("idle", question) in told
    # Not the cell's own: what looks at a cell's messages sees one busy and one idle.
    assert told[-1] == ("busy", None) and not any(parent == cell for _, parent in told)
    stop(raw, cell)
    assert ("busy", None) not in states(raw, 0.2)


def test_it_is_idle_once_the_last_of_two_cells_has_ended(raw, cell):
    reply = raw.reply(raw.send("create_subshell_request", {}, channel="control"), "control")[1]
    other = raw.send("execute_request", {"code": "sleep(0.1)"}, subshell_id=reply["subshell_id"])
    raw.reply(other)
    assert states(raw, 0.3)[-1] == ("busy", None)
    stop(raw, cell)
    assert ("busy", None) not in states(raw, 0.3)


def test_without_a_cell_a_question_leaves_it_idle(raw):
    raw.check_alive()
    states(raw, 0.1)
    for kind, content, channel in QUESTIONS:
        question = raw.send(kind, content, channel=channel)
        raw.reply(question, channel)
        assert states(raw, 0.1) == [("busy", question), ("idle", question)]


def test_many_questions_and_cells_end_in_idle(raw):
    """A busy never comes after the last cell's idle, however they meet."""
    for _ in range(60):
        cell = raw.execute("sleep(0.002)")
        for _ in range(8):
            raw.send("complete_request", {"code": "si", "cursor_pos": 2})
        raw.reply(cell)
    time.sleep(0.3)
    assert states(raw, 0.3)[-1][0] == "idle"
