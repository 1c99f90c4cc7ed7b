"""The extension of Jupyter's server, by which a kernel's messages wait for nothing on their way to the browser."""

import os
import subprocess
import sys

import pytest
from server import environment


def test_the_servers_of_this_environment_load_it(tmp_path):
    said = subprocess.run([sys.executable, "-m", "jupyter", "server", "extension", "list"], capture_output=True, text=True,
                          timeout=60, env={**os.environ, **environment(tmp_path)})
    lines = [line for line in (said.stdout + said.stderr).splitlines() if "nabla_kernel.server" in line]
    assert lines and "enabled" in lines[0], said.stdout + said.stderr


def test_a_connection_is_told_before_it_connects():
    server = pytest.importorskip("nabla_kernel.server")
    told = []

    class Socket:
        def set_nodelay(self, value):
            told.append(value)

    class Connection:
        websocket_handler = Socket()

        def connect(self):
            told.append("connected")
            return "a future"

    assert server.prompt(Connection)().connect() == "a future" and told == [True, "connected"]
