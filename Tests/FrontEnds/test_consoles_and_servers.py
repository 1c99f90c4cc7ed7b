"""Jupyter console at a terminal, and the Kernel Gateway."""

import json
import os
import pty
import select
import time
import urllib.request

import server as servers
from conftest import BIN, SHOWN
from tornado.ioloop import IOLoop
from tornado.websocket import websocket_connect


def test_jupyter_console_at_a_terminal(tmp_path):
    """Typed at a terminal that it takes for one: output, an error, a text that goes on, and the end."""
    process, terminal = pty.fork()
    if process == 0:
        os.environ["TERM"] = "dumb"
        os.execv(BIN / "jupyter", ["jupyter", "console", "--kernel", "nabla", "--simple-prompt", "--ZMQTerminalInteractiveShell.kernel_timeout=60"])
    said = ""

    def until(words, seconds=60):
        nonlocal said
        end = time.monotonic() + seconds
        while words not in said and time.monotonic() < end:
            if select.select([terminal], [], [], 0.2)[0]:
                try:
                    said += os.read(terminal, 65536).decode(errors="replace")
                except OSError:
                    break
        assert words in said, said
        said = said[said.index(words) + len(words):]

    def enter(text):
        os.write(terminal, f"{text}\n".encode())

    try:
        until("In [1]:")
        enter("x = [1, 2; 3, 4]; x @ x")
        until("7  10")
        until("In [2]:")
        enter("y = 3 ** 2")
        until("SyntaxError")
        until("In [3]:")
        os.write(terminal, b"\x04")
        until("Do you really want to exit")
        enter("y")
        until("Shutting down kernel")
        os.waitpid(process, 0)
    finally:
        os.close(terminal)


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
