"""What only raw frames can show: order, signatures, replays, hostile bytes, floods."""

import json
import random
import time
from pathlib import Path

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


@pytest.mark.parametrize("scheme", ["hmac-sha512", "hmac-sha384", "hmac-sha3_256", "hmac-md5"])
def test_other_digests_sign_as_well(executable, scheme):
    with RawKernel(executable, members={"signature_scheme": scheme}) as kernel:
        kernel.check_alive()


@pytest.mark.parametrize("ip", ["localhost", "127.0.0.1", "*", "0.0.0.0", "::1"])
def test_addresses_may_have_names(executable, ip):
    with RawKernel(executable, members={"ip": ip}) as kernel:
        kernel.check_alive()


def test_the_ports_are_told(raw):
    kind, content = raw.reply(raw.send("connect_request", {}))
    assert (kind, content.pop("status")) == ("connect_reply", "ok")
    assert content == {f"{name}_port": port for name, port in raw.ports.items()}


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
    before = None
    for number in range(6_000):
        raw.send_mutated(chance)
        if number % 500 == 499:
            raw.check_alive_after_spoilt()
            if number == 2_999:
                before = raw.resident_kilobytes()
    assert raw.resident_kilobytes() - before < 8_000


def test_a_hundred_thousand_lines_arrive_whole_in_few_messages(raw):
    identity = raw.execute("for i in 1:100000 { print(i) }")
    texts = [content["text"] for kind, content in raw.broadcasts(identity, timeout=30) if kind == "stream"]
    assert "".join(texts) == "".join(f"{number}\n" for number in range(1, 100_001))
    assert len(texts) < 1_000


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


def test_a_flood_is_few_messages(raw):
    """A front end would drown in a message a line."""
    identity = raw.execute("for i in 1:100000 { print(i) }")
    messages = raw.broadcasts(identity, timeout=30)
    assert sum(kind == "stream" for kind, _ in messages) < 100


def test_one_cells_text_is_capped_with_a_notice(raw):
    identity = raw.execute('x = "' + "0123456789" * 100 + '"\nfor i in 1:20000 { print(x) }\nprint("last")')
    streams = [content for kind, content in raw.broadcasts(identity, timeout=30) if kind == "stream"]
    printed = "".join(content["text"] for content in streams if content["name"] == "stdout")
    notices = [content["text"] for content in streams if content["name"] == "stderr"]
    assert len(printed) == 8 << 20 and "last" not in printed
    assert len(notices) == 1 and "8 MB" in notices[0]
    identity = raw.execute('print("next")')
    assert [content["text"] for kind, content in raw.broadcasts(identity) if kind == "stream"] == ["next\n"]


def test_nothing_of_a_cell_comes_after_its_idle(raw):
    for _ in range(30):
        identity = raw.execute('for i in 1:100 { print(i)\nwarn(i) }')
        raw.broadcasts(identity)
        raw.reply(identity)
        other = raw.execute("1")
        while True:
            kind, parent, content = raw.receive("iopub")
            assert parent != identity
            if parent == other and content.get("execution_state") == "idle":
                break


def test_cells_keep_their_order_when_another_thread_receives_for_a_busy_one(raw):
    """The evaluation thread receives by itself; while it is busy for long, another does in its place."""
    for pause in (1, 200_000, 2_000_000):
        identities = [raw.execute(f"for i in 1:{pause} {{ x = i }}\norder = {number}; order")
                      for number in range(8)]
        shown = []
        while len(shown) < 8:
            kind, parent, content = raw.receive("iopub")
            if kind == "execute_result" and parent in identities:
                shown.append(content["data"]["text/plain"])
        assert shown == [str(number) for number in range(8)]
        assert [raw.receive("shell")[1] for _ in identities] == identities


def test_strict_clients_find_what_they_want(raw):
    """Clients built on typed messages refuse what is missing or of another kind."""
    info = raw.reply(raw.send("kernel_info_request", {}))[1]
    assert info["language_info"]["codemirror_mode"] == {"name": "nabla", "mime": "text/x-swift", "version": 1}
    assert info["protocol_version"] == "5.5" and info["help_links"]
    from jupyter_client.kernelspec import KernelSpecManager
    for link in info["help_links"]:  # served by Jupyter's server from the kernelspec's folder
        folder, name = link["url"].removeprefix("/kernelspecs/").split("/")
        page = Path(KernelSpecManager().get_kernel_spec(folder).resource_dir, name)
        assert "explain" in page.read_text("utf-8") and link["text"]
    from pygments.lexers import get_lexer_by_name
    get_lexer_by_name(info["language_info"]["pygments_lexer"])
    identity = raw.execute("display([1, 2])\n[1/0, 2; 3, 4]")
    raw.sockets["shell"].recv_multipart()
    while True:
        frames = raw.sockets["iopub"].recv_multipart()
        header, parent, metadata, content = map(
            lambda part: json.loads(part, parse_constant=refuse), frames[frames.index(DELIMITER) + 2:][:4])
        assert header["date"].endswith("Z") and header["version"] == "5.5" and header["username"]
        if header["msg_type"] in ("display_data", "execute_result"):
            assert isinstance(content["metadata"], dict) and isinstance(content["transient"], dict)
            resource = content["data"]["application/vnd.dataresource+json"]
            assert isinstance(resource, dict)
            kinds = {field["type"] for field in resource["schema"]["fields"]}
            assert kinds <= {"number", "integer", "string", "boolean"}
        if parent.get("msg_id") == identity and content.get("execution_state") == "idle":
            break


def refuse(constant):
    raise AssertionError(f"{constant} is no JSON")


@pytest.mark.parametrize("cursor", [-5, 2**62, None, 10**30])
def test_odd_cursors_are_clamped_or_answered(raw, cursor):
    for kind in ("complete_request", "inspect_request"):
        identity = raw.send(kind, {"code": "😀sig", "cursor_pos": cursor})
        assert raw.reply(identity)[0] == kind.replace("request", "reply")
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
