"""Displays under a name, pauses, and what of them a stored notebook keeps."""

import json
import time
import uuid

import nbformat
from nbclient import NotebookClient


def shown(raw, code, **metadata):
    """What a cell shows, as (type, plain text)."""
    frames = raw.frames("execute_request", {"code": code}, uuid.uuid4().hex)
    parts = frames[2:]
    parts[2] = json.dumps(metadata).encode()
    raw.sockets["shell"].send_multipart(raw.signed(parts))
    identity = json.loads(parts[0])["msg_id"]
    assert raw.reply(identity)[1]["status"] == "ok"
    return [(kind, content["data"]["text/plain"]) for kind, content in raw.broadcasts(identity)
            if kind in ("display_data", "update_display_data")]


def test_a_display_is_replaced_in_the_same_cell_and_in_others(raw):
    assert shown(raw, 'for i in 1:3 { display(i, id = "a") }') == [
        ("display_data", "1"), ("update_display_data", "2"), ("update_display_data", "3")]
    assert shown(raw, 'display(4, id = "a"); display(5)') == [("update_display_data", "4"), ("display_data", "5")]
    assert shown(raw, 'display(6, id = "b")') == [("display_data", "6")]


def test_a_cell_that_runs_again_shows_its_display_anew(raw):
    first, second = {"cellId": "one"}, {"cellId": "two"}
    assert shown(raw, 'display(1, id = "a")', **first) == [("display_data", "1")]
    # Its text may have changed.
    assert shown(raw, 'display(2, id = "a")', **first) == [("display_data", "2")]
    assert shown(raw, 'display(2, id = "a")', **second) == [("update_display_data", "2")]
    assert shown(raw, "1 + 1;", **first) == []
    assert shown(raw, 'display(2, id = "a")', **second) == [("display_data", "2")]
    assert shown(raw, 'display(2, id = "a")', **first, deletedCells=["two"]) == [("display_data", "2")]


def test_what_was_cleared_is_shown_anew(raw):
    assert shown(raw, 'display(1, id = "a"); clear_output(wait = true); display(2, id = "a")') == [
        ("display_data", "1"), ("display_data", "2")]


def test_a_pause_ends_with_an_interrupt_at_once(raw):
    cell = raw.execute("x = 1\nsleep(60)")
    raw.wait_until_busy(cell)
    time.sleep(0.2)
    start = time.monotonic()
    raw.send("interrupt_request", {}, channel="control")
    assert raw.reply(cell)[1]["ename"] == "InterruptError"
    assert time.monotonic() - start < 0.05
    raw.check_alive("x")


def test_a_paced_loop_keeps_its_pace(raw):
    start = time.monotonic()
    shown(raw, 'for i in 1:10 { display(i, id = "a"); sleep(0.05) }')
    assert 0.5 <= time.monotonic() - start < 0.8


def test_a_stored_notebook_keeps_the_last_picture():
    cells = ['for i in 1:3 { display(plot(sin, to = i), id = "a"); sleep(0.01) }', 'display(7, id = "a")']
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(code) for code in cells],
        metadata={"kernelspec": {"name": "nabla", "display_name": "Nabla", "language": "nabla"}})
    NotebookClient(notebook, kernel_name="nabla", timeout=60).execute()
    assert [output["data"]["text/plain"] for output in notebook.cells[0].outputs] == ["7"]
    assert notebook.cells[1].outputs == []
