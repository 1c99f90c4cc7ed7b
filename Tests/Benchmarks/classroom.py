#!/usr/bin/env python3
"""classroom.py [--users 50] [--within 60]: a class in a real JupyterHub on this machine, as kernelspec/hub sets it up.

Everybody starts their server within a minute, opens notebook 03 and runs it. Told are the time from the click on "start" to the
first table, what kernels at rest hold of the memory, and whether anything is lost when idle kernels are culled.

Run it by the Python of an environment that has jupyterhub, configurable-http-proxy, jupyterlab and the wheel.
"""

import argparse
import asyncio
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import websocket_connect

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = "03-forward-and-backward.ipynb"
BARS = {"first table, 95th percentile, s": 10, "kernels a GiB": 45}
# Longer than the last student is behind the first.
CULL_AFTER = 100


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for probe in sockets:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in sockets]
    for probe in sockets:
        probe.close()
    return ports


class Hub:
    """A running hub, and its requests."""

    def __init__(self, folder):
        self.folder, self.token = folder, secrets.token_hex(16)
        self.port, hub, api = free_ports(3)
        self.base = f"http://127.0.0.1:{self.port}"
        (folder / "jupyterhub_config.py").write_text(
            f"load_subconfig({str(ROOT / 'kernelspec/hub/jupyterhub_config.py')!r})\n"
            f"c.JupyterHub.hub_port = {hub}\nc.ConfigurableHTTPProxy.api_url = 'http://127.0.0.1:{api}'\n"
            f"c.JupyterHub.services = [{{'name': 'class', 'api_token': {self.token!r}}}]\n"
            "c.JupyterHub.load_roles = [{'name': 'class', 'services': ['class'],"
            " 'scopes': ['admin:users', 'admin:servers', 'access:servers']}]\n"
            "c.Spawner.args = [option for option in c.Spawner.args if 'cull_i' not in option] + ["
            f"'--MappingKernelManager.cull_idle_timeout={CULL_AFTER}', '--MappingKernelManager.cull_interval=5',"
            " '--ServerApp.allow_root=True']\n")
        bin_folder = Path(sys.executable).parent
        environment = {
            **os.environ, "NABLA_HUB_ADDRESS": self.base, "NABLA_HUB_PASSWORD": secrets.token_hex(16),
            "NABLA_NOTEBOOKS": str(ROOT / "Notebooks"), "NABLA_HOMES": str(folder / "homes"),
            "CONFIGPROXY_AUTH_TOKEN": secrets.token_hex(16), "PATH": f"{bin_folder}:{os.environ['PATH']}",
            "JUPYTER_PREFER_ENV_PATH": "1",
        }
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "NABLA_HISTORY"):
            environment.pop(name, None)
        with (folder / "hub.log").open("w") as log:
            self.process = subprocess.Popen(
                [bin_folder / "jupyterhub", "-f", folder / "jupyterhub_config.py"], cwd=folder, env=environment,
                stdout=log, stderr=subprocess.STDOUT, start_new_session=True)

    async def ask(self, method, path, body=None, patience=60):
        """The answer, or nothing where there is none; an error by its status."""
        request = HTTPRequest(
            self.base + path, method=method, headers={"Authorization": f"token {self.token}"}, allow_nonstandard_methods=True,
            body=None if body is None else json.dumps(body), request_timeout=patience, connect_timeout=patience)
        answer = await AsyncHTTPClient().fetch(request)
        return json.loads(answer.body) if answer.body and "json" in answer.headers.get("Content-Type", "") else None

    async def answers(self, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                return await self.ask("GET", "/hub/api/")
            except OSError:
                await asyncio.sleep(0.2)
            except Exception:
                await asyncio.sleep(0.2)
            assert self.process.poll() is None, (self.folder / "hub.log").read_text()
        raise AssertionError((self.folder / "hub.log").read_text())

    def stop(self):
        os.killpg(self.process.pid, signal.SIGINT)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)


class Student:
    def __init__(self, hub, number):
        self.hub, self.name = hub, f"student{number:02d}"
        self.home = hub.folder / "homes" / self.name
        self.first_table = None
        self.tables = []

    async def start(self):
        """Until the first table stands there, then to the notebook's end; as a browser does, without its drawing."""
        clicked = time.monotonic()
        path = f"/hub/api/users/{self.name}"
        await self.hub.ask("POST", path, {})
        await self.hub.ask("POST", f"{path}/server", {}, patience=180)
        while True:
            user = await self.hub.ask("GET", path)
            if user.get("servers", {}).get("", {}).get("ready"):
                break
            await asyncio.sleep(0.4)
        await self.run_notebook(lambda: time.monotonic() - clicked)

    async def run_notebook(self, clock=None):
        server = f"/user/{self.name}"
        await self.hub.ask("GET", f"{server}/lab/tree/{NOTEBOOK}", patience=120)
        notebook = (await self.hub.ask("GET", f"{server}/api/contents/{NOTEBOOK}", patience=120))["content"]
        session = await self.hub.ask("POST", f"{server}/api/sessions", {
            "path": NOTEBOOK, "name": NOTEBOOK, "type": "notebook", "kernel": {"name": "nabla"}}, patience=120)
        kernel = session["kernel"]["id"]
        address = self.hub.base.replace("http", "ws") + f"{server}/api/kernels/{kernel}/channels?session_id={uuid.uuid4().hex}"
        channel = await websocket_connect(HTTPRequest(
            address, headers={"Authorization": f"token {self.hub.token}"}, connect_timeout=120, request_timeout=120))
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        asked = {}
        for cell in cells:
            cell["outputs"] = []
            identity = uuid.uuid4().hex
            asked[identity] = cell
            await channel.write_message(json.dumps({
                "header": {"msg_id": identity, "msg_type": "execute_request", "session": kernel, "username": self.name,
                           "version": "5.4", "date": "2026-01-01T00:00:00Z"},
                "parent_header": {}, "metadata": {}, "channel": "shell",
                "content": {"code": "".join(cell["source"]), "silent": False, "store_history": True, "allow_stdin": False,
                            "user_expressions": {}, "stop_on_error": True}}))
        waiting = set(asked)
        self.tables = []
        while waiting:
            text = await asyncio.wait_for(channel.read_message(), 300)
            assert text is not None, f"{self.name}: the kernel's channel closed"
            message = json.loads(text)
            parent, kind, content = message["parent_header"].get("msg_id"), message["msg_type"], message["content"]
            if parent not in asked:
                continue
            assert kind != "error", (self.name, content)
            if kind in ("execute_result", "display_data"):
                table = content["data"].get("text/html", "")
                if "nabla-table" in table:
                    self.tables.append(table)
                    if clock and self.first_table is None:
                        self.first_table = clock()
                asked[parent]["outputs"].append({
                    "output_type": kind, "data": content["data"], "metadata": content["metadata"],
                    **({"execution_count": content["execution_count"]} if kind == "execute_result" else {})})
            elif kind == "execute_reply":
                asked[parent]["execution_count"] = content["execution_count"]
            elif kind == "status" and content["execution_state"] == "idle":
                # Replies come on a way of their own, before the outputs.
                waiting.discard(parent)
        channel.close()
        await self.hub.ask("PUT", f"{server}/api/contents/{NOTEBOOK}", {"type": "notebook", "content": notebook}, patience=120)

    async def kernels(self):
        return await self.hub.ask("GET", f"/user/{self.name}/api/kernels", patience=120)


def held(pid):
    """The process's share of the memory, in bytes."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def processes(below, word):
    """The processes under one whose command has a word."""
    children = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                command = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
            except OSError:
                continue
            children.setdefault(parent, []).append((int(entry.name), command))
    found, open_ = [], [below]
    while open_:
        for pid, command in children.get(open_.pop(), []):
            open_.append(pid)
            if any(word == Path(part).name for part in command[:2]):
                found.append(pid)
    return found


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


async def lesson(hub, users, within):
    await hub.answers()
    students = [Student(hub, number) for number in range(users)]

    async def come(index, student):
        await asyncio.sleep(within * index / users)
        await student.start()

    began = time.monotonic()
    await asyncio.gather(*(come(*pair) for pair in enumerate(students)))
    times = [student.first_table for student in students]
    print(f"{users} students came within {within} s; all had run the notebook after {time.monotonic() - began:.1f} s")
    figures = {"first table, median, s": percentile(times, 0.5), "first table, 95th percentile, s": percentile(times, 0.95),
               "first table, slowest, s": max(times)}
    await asyncio.sleep(5)
    kernels = processes(hub.process.pid, "nabla")
    servers = processes(hub.process.pid, "nursery.py")
    assert len(kernels) == users, f"{len(kernels)} kernels run"
    memory = sum(map(held, kernels))
    figures |= {"kernels a GiB": len(kernels) / (memory / (1 << 30)), "MB a kernel at rest": memory / users / 1e6,
                "MB a server of JupyterLab": sum(map(held, servers)) / users / 1e6}
    return students, figures


async def culling(students):
    """Waits until no kernel is left; what students did must be there, and the next kernel must do as well."""
    before = {student.name: (student.home / NOTEBOOK).read_bytes() for student in students}
    tables = {student.name: student.tables for student in students}
    end = time.monotonic() + 300
    left = students
    while left and time.monotonic() < end:
        await asyncio.sleep(3)
        left = [student for student in left if await student.kernels()]
    assert not left, f"{len(left)} kernels were not culled"
    for student in students:
        assert (student.home / NOTEBOOK).read_bytes() == before[student.name], f"{student.name} lost the notebook's outputs"
    again = students[:: max(len(students) // 10, 1)]
    await asyncio.gather(*(student.run_notebook() for student in again))
    for student in again:
        assert student.tables == tables[student.name], f"{student.name} gets other tables"
    print(f"after culling: {len(students)} notebooks as they were; {len(again)} students ran theirs again and got the same tables")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--within", type=float, default=60)
    parser.add_argument("--no-bars", action="store_true", help="tell the figures, judge nothing but what is lost")
    parser.add_argument("--no-culling", action="store_true", help="end when the figures are there")
    options = parser.parse_args()
    AsyncHTTPClient.configure(None, max_clients=1000)
    # Whoever ends this ends the class as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = Path(tempfile.mkdtemp(prefix="nabla-class-"))
    hub = Hub(folder)
    try:

        async def both():
            students, figures = await lesson(hub, options.users, options.within)
            for name, value in figures.items():
                bar = BARS.get(name)
                print(f"{name:36} {value:8.1f}" + (f"   (bar: {bar})" if bar else ""))
            if not options.no_culling:
                await culling(students)
            return figures

        figures = asyncio.run(both())
    except BaseException:
        print((folder / "hub.log").read_text()[-20000:], file=sys.stderr)
        raise
    finally:
        hub.stop()
        shutil.rmtree(folder, ignore_errors=True)
    good = options.no_bars or (
        figures["first table, 95th percentile, s"] <= BARS["first table, 95th percentile, s"]
        and figures["kernels a GiB"] >= BARS["kernels a GiB"])
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
