"""A kernel started and spoken to as notebooks do it, through jupyter_client."""

import contextlib
import time

from jupyter_client.manager import KernelManager

TIMEOUT = 20

# Runs until it is interrupted, or for much longer than any test waits.
ENDLESS = "for i in 1:200 { for j in 1:10000 { for k in 1:10000 { x = k } } }"


class Notebook:
    """A kernel's manager and its client, with one call a cell."""

    def __init__(self, manager, client):
        self.manager = manager
        self.client = client

    def run(self, code, **options):
        """Runs a cell; returns its reply's content and its outputs as (type, content)."""
        return self.result(self.client.execute(code, **options))

    def result(self, identity):
        """The reply and the outputs of a cell that has been sent."""
        outputs = []
        while True:
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            if message["parent_header"].get("msg_id") != identity:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                break
            if kind not in ("status", "execute_input"):
                outputs.append((kind, content))
        return self.reply(identity)["content"], outputs

    def reply(self, identity, timeout=TIMEOUT):
        deadline = time.monotonic() + timeout
        while True:
            message = self.client.get_shell_msg(timeout=max(0.01, deadline - time.monotonic()))
            if message["parent_header"].get("msg_id") == identity:
                return message

    def wait_until_busy(self, identity):
        while True:
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            if message["parent_header"].get("msg_id") == identity:
                return


def text(outputs, name="stdout"):
    return "".join(content["text"] for kind, content in outputs if kind == "stream" and content["name"] == name)


@contextlib.contextmanager
def started(**options):
    manager = KernelManager(kernel_name="nabla", **options)
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=TIMEOUT)
        yield Notebook(manager, client)
    finally:
        client.stop_channels()
        if manager.is_alive():
            manager.shutdown_kernel(now=True)
