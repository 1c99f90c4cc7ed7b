"""Several clients of one kernel, among them slow, hasty and vanishing ones: nobody else notices."""

import contextlib
import json
import time

import pytest
from raw_client import CHANNELS, DELIMITER, RawClient

LINES = "".join(f"{number}\n" for number in range(1, 100_001))


@pytest.fixture
def join(raw):
    """Makes clients of the kernel, each with sockets and an identity of its own."""
    clients = []

    def join(number):
        client = RawClient({"transport": raw.transport, "ip": raw.ip, "key": raw.key.decode(),
                            **{f"{name}_port": raw.ports[name] for name in CHANNELS}},
                           identity=f"client {number}".encode())
        clients.append(client)
        return client

    yield join
    for client in clients:
        client.close()


def printed(client, identity):
    return "".join(content["text"] for kind, content in client.broadcasts(identity, 30) if kind == "stream")


def test_ten_clients_at_once(raw, join):
    """Each sends cells and questions without waiting, and gets its own replies, in its order."""
    clients = [join(number) for number in range(10)]
    # What is sent before a subscription has arrived is lost to it; the welcome says that it has.
    for client in clients:
        assert client.receive("iopub")[0] == "iopub_welcome"
    sent = {}
    for round_number in range(30):
        for number, client in enumerate(clients):
            sent.setdefault(number, []).append(client.execute(f"{number} + {round_number}"))
            client.send("kernel_info_request", {}, channel="control")
            client.send("complete_request", {"code": "sig", "cursor_pos": 3})
    for number, client in enumerate(clients):
        replies = [client.receive("shell") for _ in range(60)]
        executed = [(parent, content["status"]) for kind, parent, content in replies if kind == "execute_reply"]
        assert executed == [(identity, "ok") for identity in sent[number]]
        assert sum(kind == "complete_reply" for kind, _, _ in replies) == 30
        assert {client.receive("control")[0] for _ in range(30)} == {"kernel_info_reply"}
    # Every client sees the cells of all.
    for client in clients:
        seen = set()
        while not seen >= set(sent[9]):
            seen.add(client.receive("iopub")[1])


def test_no_request_is_stranded_while_messages_leave(raw, join):
    """A sender that uses up a socket's event must not leave a request of another client behind."""
    talker, asker = join(1), join(2)
    asker.send("kernel_info_request", {})
    asker.receive("shell")
    for _ in range(20):
        talker.execute("for i in 1:50 { display(i) }")
        identities = [asker.send("kernel_info_request", {}) for _ in range(20)]
        assert [asker.receive("shell", 5)[1] for _ in identities] == identities
        talker.receive("shell")


@pytest.mark.parametrize("code", ["for i in 1:100000 { print(i) }", "for i in 1:2000 { display(i) }", "1 + 1"])
def test_a_client_that_vanishes_in_mid_cell_takes_nothing_with_it(raw, join, code):
    stayer = join("stays")
    for number in range(5):
        goner = join(number)
        goner.send("kernel_info_request", {})
        goner.receive("shell")
        goner.execute(code)
        goner.execute('input("never answered? ")', allow_stdin=True)
        goner.close()
        identity = stayer.execute("40 + 2")
        # Where the gone client's input waits, it is given up.
        assert stayer.reply(identity, timeout=20)[1]["status"] == "ok"


def test_a_slow_subscriber_slows_nobody(raw, join):
    slow, quick = join("slow"), join("quick")
    for client in (slow, quick):
        assert client.receive("iopub")[0] == "iopub_welcome"
    began = time.monotonic()
    identity = quick.execute("for i in 1:100000 { print(i) }")
    assert printed(quick, identity) == LINES
    for _ in range(20):
        quick.reply(quick.execute("1 + 1"))
    assert time.monotonic() - began < 5
    # All is there for the slow one as well, whenever it looks.
    assert printed(slow, identity) == LINES


def test_a_subscriber_to_one_topic_gets_that_topic_only(raw):
    import zmq

    raw.check_alive()
    subscriber = raw.context.socket(zmq.SUB)
    subscriber.subscribe(b"stream")
    subscriber.connect(f"tcp://{raw.ip}:{raw.ports['iopub']}")
    first = subscriber.recv_multipart()
    content = json.loads(first[first.index(DELIMITER) + 5])
    assert first[0] == b"stream" and content == {"subscription": "stream"}
    raw.broadcasts(raw.execute('print("a")\n1'))
    assert json.loads(subscriber.recv_multipart()[-1]) == {"name": "stdout", "text": "a\n"}
    assert not subscriber.poll(100)


def test_clients_that_come_and_go_leave_no_memory_behind(raw, join):
    def visit(number):
        with contextlib.closing(join(number)) as client:
            client.send("kernel_info_request", {})
            client.receive("shell")
            client.reply(client.execute("1"))

    # The first hundred fill the allocator's pools.
    for number in range(200):
        visit(number)
    before = raw.resident_kilobytes()
    for number in range(200, 500):
        visit(number)
    assert raw.resident_kilobytes() - before < 1_500
