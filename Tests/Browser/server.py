"""JupyterLab servers for the tests: one with settings of its own, and the one of ./kernelspec/lab."""

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}


class Server:
    """A running JupyterLab: its address, what it says, and where its user settings lie."""

    def __init__(self, process, port, log, token=None, settings=None):
        self.process, self.log, self.token, self.settings = process, log, token, settings
        self.base = f"http://127.0.0.1:{port}"

    def address(self, path=""):
        return f"{self.base}/{path}?token={self.token}"

    def wait(self, seconds, probe="api"):
        """Returns when the server answers."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{self.base}/{probe}", timeout=2).close()
                return
            assert self.process.poll() is None, f"the server ended:\n{self.log.read_text()}"
            time.sleep(0.1)
        raise AssertionError(f"the server did not answer in {seconds} s:\n{self.log.read_text()}")

    def stop(self, seconds=20):
        """Ends the server as Ctrl-C does; its exit status."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            raise

    def kill_kernel(self, identity):
        """What an administrator, or a system without memory, does to a kernel."""
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if f"kernel-{identity}.json".encode() in (folder / "cmdline").read_bytes():
                    os.kill(int(folder.name), signal.SIGKILL)
                    return
        raise AssertionError(f"there is no process of the kernel {identity}")

    def set_theme(self, theme):
        """What a page opened from now on looks like."""
        self.write_setting("apputils-extension", "themes", theme=THEMES[theme])

    def write_setting(self, extension, plugin, **values):
        file = self.settings / "@jupyterlab" / extension / f"{plugin}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def started(command, scratch, token=None, settings=None, seconds=60,
            port_options=("--ServerApp.port={port}", "--ServerApp.port_retries=0"), probe="api"):
    """The command, given a free port, as a server in a process group of its own."""
    port, log = free_port(), scratch / "server.log"
    command = [*command, *(option.format(port=port) for option in port_options)]
    with log.open("w") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            env={**os.environ, **environment(scratch)}, start_new_session=True,
        )
    server = Server(process, port, log, token, settings)
    try:
        server.wait(seconds, probe)
        yield server
    finally:
        server.stop()


def environment(scratch):
    """Jupyter's folders, all in this one, so that nobody's settings change what a test sees."""
    return {
        "JUPYTER_CONFIG_DIR": str(scratch / "config"),
        "JUPYTER_DATA_DIR": str(scratch / "data"),
        "JUPYTER_RUNTIME_DIR": str(scratch / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(scratch / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(scratch / "workspaces"),
    }


@contextlib.contextmanager
def jupyterlab(folder, scratch):
    """A JupyterLab on this folder that renders every cell at once and asks nothing."""
    token = secrets.token_hex(16)
    command = [
        str(Path(sys.executable).with_name("jupyter-lab")), "--no-browser", "--allow-root",
        "--ServerApp.ip=127.0.0.1", f"--ServerApp.root_dir={folder}",
        "--LabApp.expose_app_in_browser=True", "--LabServerApp.blocked_extensions_uris=",
        f"--IdentityProvider.token={token}",
    ]
    with started(command, scratch, token, scratch / "settings") as server:
        server.write_setting("notebook-extension", "tracker", windowingMode="none",
                             autoStartDefaultKernel=False)
        server.write_setting("apputils-extension", "notification", fetchNews="false",
                             checkForUpdates=False, doNotDisturbMode=True)
        server.write_setting("docmanager-extension", "plugin", autosave=False)
        yield server
