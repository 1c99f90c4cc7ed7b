"""What only raw frames can show: order, signatures, replays, hostile bytes, floods."""

import json
import random
import time

import pytest
from notebook_client import ENDLESS
from raw_client import DELIMITER, RawKernel


def test_the_order_of_a_cells_messages(raw):
    identity = raw.execute('print("a")\n2')
    kinds = [content.get("execution_state", kind) for kind, content in raw.broadcasts(identity)]
    assert kinds == ["busy", "execute_input", "stream", "execute_result", "idle"]
    assert raw.reply(identity)[0] == "execute_reply"


@pytest.mark.parametrize("transport", ["tcp", "ipc"])
def test_a_fresh_subscriber_loses_nothing(executable, transport):
    for _ in range(10):
        with RawKernel(executable, transport) as kernel:
            identity = kernel.execute('print("first")')
            kinds = [kind for kind, _ in kernel.broadcasts(identity)]
            assert kinds == ["status", "execute_input", "stream", "status"]


def test_a_second_client_loses_nothing_and_is_welcomed(raw):
    raw.check_alive()
    for number in range(20):
        subscriber = raw.connect("iopub")
        shell = raw.connect("shell", identity=f"client {number}".encode())
        shell.send_multipart(raw.frames("execute_request", {"code": "1+1"}, identity=f"id {number}"))
        first = subscriber.recv_multipart()
        assert json.loads(first[first.index(DELIMITER) + 2])["msg_type"] == "iopub_welcome"
        kinds = []
        while len(kinds) < 4:
            frames = subscriber.recv_multipart()
            header, parent, _, _ = map(json.loads, frames[frames.index(DELIMITER) + 2:][:4])
            if parent.get("msg_id") == f"id {number}":
                kinds.append(header["msg_type"])
        assert kinds == ["status", "execute_input", "execute_result", "status"]
        subscriber.close()
        shell.close()


def test_a_wrong_signature_is_ignored_and_nobody_stranded(raw):
    frames = raw.frames("execute_request", {"code": 'print("forged")'})
    frames[1] = b"0" * 64
    raw.sockets["shell"].send_multipart(frames)
    identity = raw.execute('print("genuine")')
    seen = []
    while True:
        kind, parent, content = raw.receive("iopub")
        if kind == "stream":
            seen.append(content["text"])
        if parent == identity and content.get("execution_state") == "idle":
            break
    assert seen == ["genuine\n"]


def test_a_replayed_message_runs_once(raw):
    frames = raw.frames("execute_request", {"code": "counted = 1"})
    for _ in range(3):
        raw.sockets["shell"].send_multipart(frames)
    identity = raw.execute("1+1")
    assert raw.reply(identity)[1]["execution_count"] == 2


def test_an_empty_key_means_no_signatures(executable):
    with RawKernel(executable, key="") as kernel:
        kernel.check_alive()


def test_an_unknown_type_gets_busy_and_idle(raw):
    identity = raw.send("future_request", {"x": 1})
    states = [content["execution_state"] for _, content in raw.broadcasts(identity)]
    assert states == ["busy", "idle"]


def test_a_comm_to_an_unknown_target_is_closed(raw):
    identity = raw.send("comm_open", {"comm_id": "c", "target_name": "nobody", "data": {}})
    assert [kind for kind, _ in raw.broadcasts(identity)] == ["status", "comm_close", "status"]
    identity = raw.send("comm_info_request", {})
    assert raw.reply(identity)[1] == {"status": "ok", "comms": {}}


def test_requests_with_spoilt_contents_are_answered(raw):
    for kind, content in [
        ("execute_request", {}), ("execute_request", {"code": 3}),
        ("complete_request", {"code": "a", "cursor_pos": "b"}), ("history_request", {"hist_access_type": "x"}),
    ]:
        identity = raw.send(kind, content)
        assert raw.reply(identity)[1]["status"] == "error"
    raw.check_alive()


@pytest.mark.parametrize("content", [
    b'{"comm_id": "\\ud800", "data": {}}',
    b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    b'{"code": "' + b"x" * 10_000_000 + b'"}',
    b'{"code": NaN}', b'{"code": "\xff\xfe"}', b"", b"null", b"{" * 50, b'{"code": 1e999}',
])
@pytest.mark.parametrize("kind", ["comm_close", "execute_request"])
def test_hostile_contents_are_answered_or_dropped(raw, kind, content):
    header = json.dumps({"msg_id": "h", "session": "raw", "username": "raw", "msg_type": kind,
                         "date": "now", "version": "5.3"}).encode()
    raw.sockets["shell"].send_multipart(raw.signed([header, b"{}", b"{}", content]))
    # Where the hostile one was a cell that failed, this one may be aborted with it; the next one is not.
    raw.reply(raw.execute("1+1"))
    raw.check_alive()


def test_mutated_messages_leave_the_kernel_alive(raw):
    chance = random.Random(7)
    kinds = ["execute_request", "complete_request", "inspect_request", "is_complete_request", "comm_open",
             "comm_msg", "history_request", "kernel_info_request", "comm_info_request", "input_reply"]
    before = None
    for number in range(6_000):
        content = {"code": "1+1", "cursor_pos": 1, "comm_id": "c", "data": {}, "target_name": "t"}
        frames = raw.frames(chance.choice(kinds), content)
        parts = frames[2:]
        for _ in range(chance.randrange(1, 4)):
            position = chance.randrange(4)
            part = bytearray(parts[position])
            if part:
                part[chance.randrange(len(part))] = chance.randrange(256)
            parts[position] = bytes(part)
        frames = raw.signed(parts) if chance.random() < 0.7 else frames[:2] + parts
        if chance.random() < 0.2:
            del frames[chance.randrange(len(frames))]
        raw.sockets[chance.choice(["shell", "control", "stdin"])].send_multipart(frames or [b""])
        if number % 500 == 499:
            raw.check_alive()
            if number == 2_999:
                before = raw.resident_kilobytes()
    assert raw.resident_kilobytes() - before < 8_000


def test_a_hundred_thousand_lines_arrive_whole(raw):
    began = time.monotonic()
    identity = raw.execute("for i in 1:100000 { print(i) }")
    messages = raw.broadcasts(identity, timeout=30)
    took = time.monotonic() - began
    text = "".join(content["text"] for kind, content in messages if kind == "stream")
    assert text == "".join(f"{number}\n" for number in range(1, 100_001))
    assert took < 2, took


def test_a_slow_reader_gets_everything(raw):
    identity = raw.execute("for i in 1:100000 { print(i) }")
    time.sleep(1)
    text = "".join(content["text"] for kind, content in raw.broadcasts(identity) if kind == "stream")
    assert text == "".join(f"{number}\n" for number in range(1, 100_001))


def test_stdout_and_stderr_alternate_in_order(raw):
    identity = raw.execute("for i in 1:500 { print(i)\nwarn(-i) }")
    numbers = [int(content["text"]) for kind, content in raw.broadcasts(identity) if kind == "stream"]
    assert numbers == [number for i in range(1, 501) for number in (i, -i)]


def test_two_thousand_displays_arrive(raw):
    identity = raw.execute("for i in 1:2000 { display(i) }")
    shown = [content["data"]["text/plain"] for kind, content in raw.broadcasts(identity)
             if kind == "display_data"]
    assert shown == [str(number) for number in range(1, 2_001)]


def test_printed_text_arrives_while_the_cell_runs(raw):
    identity = raw.execute('print("now")\n' + ENDLESS)
    began = time.monotonic()
    while True:
        kind, parent, content = raw.receive("iopub")
        if kind == "stream" and parent == identity:
            break
    assert time.monotonic() - began < 0.5 and content["text"] == "now\n"
    raw.send("interrupt_request", {}, channel="control")
    assert raw.reply(identity)[1]["ename"] == "InterruptError"


def test_clients_do_not_notice_each_other(raw):
    """Ten clients; one of them vanishes while its cell runs."""
    shells = [raw.connect("shell", identity=f"client {number}".encode()) for number in range(10)]
    for number, shell in enumerate(shells):
        shell.send_multipart(raw.frames("execute_request", {"code": f"{number} + 0"}, identity=f"id {number}"))
    shells[3].close()
    for number, shell in enumerate(shells):
        if number != 3:
            assert shell.poll(5_000)
            frames = shell.recv_multipart()
            assert json.loads(frames[3])["msg_id"] == f"id {number}"
    raw.check_alive()


def test_control_answers_while_a_cell_runs(raw):
    cell = raw.execute(ENDLESS)
    raw.wait_until_busy(cell)
    times = []
    for _ in range(20):
        began = time.monotonic()
        identity = raw.send("kernel_info_request", {}, channel="control")
        assert raw.reply(identity, "control")[0] == "kernel_info_reply"
        times.append(time.monotonic() - began)
    assert sorted(times)[10] < 0.01, times
    raw.send("interrupt_request", {}, channel="control")
    assert raw.reply(cell)[1]["ename"] == "InterruptError"


def test_the_heart_beats_while_a_cell_runs(raw):
    cell = raw.execute(ENDLESS)
    raw.wait_until_busy(cell)
    raw.sockets["hb"].send(b"beat")
    assert raw.sockets["hb"].poll(1_000) and raw.sockets["hb"].recv() == b"beat"
