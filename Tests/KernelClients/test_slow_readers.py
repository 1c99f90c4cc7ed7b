"""Subscribers that do not read, or come late: they cost the kernel a bounded amount, and the others nothing."""

import time
import uuid

import pytest
import zmq
from raw_client import RawClient

# 0.8 MB of text and 200 displays.
LARGE = 'for i in 1:200 { print("' + "x" * 4000 + '"); display(i) }'


def mute_subscriber(kernel):
    """A client that subscribes and never reads."""
    context = zmq.Context()
    socket = context.socket(zmq.SUB)
    socket.setsockopt(zmq.RCVHWM, 1)
    socket.setsockopt(zmq.RCVBUF, 4096)
    socket.setsockopt(zmq.LINGER, 0)
    socket.subscribe(b"")
    socket.connect(f"tcp://{kernel.ip}:{kernel.ports['iopub']}")
    time.sleep(0.3)
    return context, socket


def flood(kernel, cells):
    """Runs cells that print and display much; the others must get all of it."""
    for _ in range(cells):
        messages = kernel.broadcasts(kernel.execute(LARGE), timeout=30)
        printed = sum(len(content["text"]) for kind, content in messages if kind == "stream" and content["name"] == "stdout")
        assert printed == 200 * 4001
        assert sum(kind == "display_data" for kind, _ in messages) == 200


def test_who_never_reads_costs_a_bounded_amount_which_returns(raw):
    raw.check_alive()
    flood(raw, 3)
    before = raw.resident_kilobytes()
    context, socket = mute_subscriber(raw)
    flood(raw, 250)
    peak = raw.resident_kilobytes()
    assert peak - before < 180_000
    raw.log.seek(0)
    assert b"does not keep up" in raw.log.read()
    socket.close()
    context.term()
    time.sleep(0.5)
    flood(raw, 1)
    assert raw.resident_kilobytes() - before < 64_000


@pytest.mark.parametrize("pause", [0, 0.02, 0.3])
def test_a_new_clients_first_cell_loses_nothing(raw, pause):
    """Also beside clients without subscriptions, and after many that had none."""
    connection = {f"{name}_port": port for name, port in raw.ports.items()}
    connection |= {"key": raw.key.decode(), "transport": raw.transport, "ip": raw.ip}
    for _ in range(6):
        context = zmq.Context()
        lonely = context.socket(zmq.DEALER)
        lonely.connect(f"tcp://{raw.ip}:{raw.ports['shell']}")
        lonely.send_multipart(raw.frames("kernel_info_request", {}, session=uuid.uuid4().hex))
        lonely.poll(2000)
        context.destroy(linger=0)
    lost = 0
    for _ in range(25):
        client = RawClient(connection, identity=uuid.uuid4().hex.encode())
        try:
            time.sleep(pause)
            identity = client.execute("1 + 1")
            kinds = [kind for kind, _ in client.broadcasts(identity, timeout=3)]
            lost += kinds[:2] != ["status", "execute_input"]
        except TimeoutError:
            lost += 1
        finally:
            client.close()
    assert lost == 0
