"""Jupyter console at a terminal, and the Kernel Gateway."""

import json
import os
import pty
import select
import time
import urllib.request

import pytest
import server as servers
from conftest import BIN, SHOWN
from tornado.ioloop import IOLoop
from tornado.websocket import websocket_connect


class Terminal:
    """Jupyter console at what it takes for a terminal."""

    def __init__(self):
        self.said = ""
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.environ["TERM"] = "dumb"
            os.execv(BIN / "jupyter", ["jupyter", "console", "--kernel", "nabla", "--simple-prompt", "--ZMQTerminalInteractiveShell.kernel_timeout=60"])

    def until(self, words, seconds=60):
        """What it says up to these words."""
        end = time.monotonic() + seconds
        while words not in self.said and time.monotonic() < end:
            if select.select([self.terminal], [], [], 0.2)[0]:
                try:
                    self.said += os.read(self.terminal, 65536).decode(errors="replace")
                except OSError:
                    break
        assert words in self.said, self.said
        before, self.said = self.said.split(words, 1)
        return before

    def enter(self, text):
        os.write(self.terminal, f"{text}\n".encode())

    def leave(self):
        os.write(self.terminal, b"\x04")
        self.until("Do you really want to exit")
        self.enter("y")
        self.until("Shutting down kernel")
        os.waitpid(self.process, 0)


@pytest.fixture
def terminal():
    terminal = Terminal()
    yield terminal
    os.close(terminal.terminal)


def test_jupyter_console_at_a_terminal(terminal):
    """Output, an error, a text that goes on, and the end."""
    terminal.until("In [1]:")
    terminal.enter("x = [1, 2; 3, 4]; x @ x")
    terminal.until("7  10")
    terminal.until("In [2]:")
    terminal.enter("y = 3 ** 2")
    terminal.until("SyntaxError")
    terminal.until("In [3]:")
    terminal.leave()


def test_what_is_alive_elsewhere_is_text_in_jupyter_console(terminal):
    terminal.until("In [1]:")
    terminal.enter("network N { input 2; dense 3, tanh; dense 1, sigmoid }; d = dataset(xor)")
    terminal.until("In [2]:")
    terminal.enter("explore(forward(N, [1, 0]), explain loss(N, [1, 0], [1]), W[1][1,2] = -2:2)")
    shown = terminal.until("In [3]:")
    assert "W[1][1,2] = " in shown and "Forward pass of N" in shown and "# loss(N, [1, 0], [1])" in shown
    terminal.enter("h = train(N, d, epochs = 8, learning_rate = 1, watch = [boundary, weights], pace = 0.2)")
    shown += terminal.until("In [4]:")
    terminal.enter("h")
    shown += terminal.until("In [5]:")
    assert "accuracy" in shown
    assert not [markup for markup in ("<svg", "<div", "<table", "<!--", "\ue0f0") if markup in shown], shown
    terminal.leave()


def test_kernel_gateway_runs_cells(tmp_path):
    command = [str(BIN / "jupyter"), "kernelgateway", "--KernelGatewayApp.ip=127.0.0.1"]
    with servers.started(command, tmp_path, port_options=["--KernelGatewayApp.port={port}"]) as gateway:
        specifications = json.load(urllib.request.urlopen(f"{gateway.base}/api/kernelspecs"))
        assert specifications["kernelspecs"]["nabla"]["spec"]["display_name"] == "Nabla"
        request = urllib.request.Request(f"{gateway.base}/api/kernels", data=b'{"name": "nabla"}', method="POST")
        kernel = json.load(urllib.request.urlopen(request))["id"]

        async def outputs():
            channel = await websocket_connect(f"{gateway.base.replace('http', 'ws')}/api/kernels/{kernel}/channels")
            await channel.write_message(json.dumps({
                "header": {"msg_id": "one", "msg_type": "execute_request", "session": "s", "username": "", "version": "5.4", "date": ""},
                "parent_header": {}, "metadata": {}, "channel": "shell",
                "content": {"code": SHOWN[0], "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False}}))
            found = []
            while True:
                message = json.loads(await channel.read_message())
                if message["parent_header"].get("msg_id") == "one":
                    found.append(message)
                    if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                        return found

        found = IOLoop().run_sync(outputs, timeout=60)
        table = [message for message in found if message["msg_type"] == "execute_result"]
        assert "nabla-table" in table[0]["content"]["data"]["text/html"]
