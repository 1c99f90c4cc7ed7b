"""`./kernelspec/lab`, the first thing that a user types."""

import re
import subprocess
import time

import server as servers

COMMAND = str(servers.ROOT / "kernelspec" / "lab")


def test_help_names_the_options():
    answer = subprocess.run([COMMAND, "--help"], capture_output=True, text=True, timeout=20)
    assert answer.returncode == 0
    assert "--no-browser" in answer.stdout


def test_opens_jupyterlab_with_the_kernel_and_ends_with_ctrl_c(page, tmp_path):
    """Prints an address that works, offers the Nabla kernel, and leaves no process behind."""
    environment = servers.environment(tmp_path)
    with servers.started([COMMAND, "--no-browser"], tmp_path, environment, seconds=240) as server:
        end = time.monotonic() + 20
        while not (found := re.search(r"http://127\.0\.0\.1:\d+/lab\S*", server.log.read_text())):
            assert time.monotonic() < end, f"no address in\n{server.log.read_text()}"
            time.sleep(0.1)
        page.goto(server.address("lab"))
        assert found[0].startswith(server.base)
        card = page.locator('.jp-LauncherCard[data-category="Notebook"][title^="Nabla"]')
        card.click(timeout=60_000)
        page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
        page.wait_for_selector('.jp-Toolbar-kernelName:has-text("Nabla")', timeout=60_000)
        group = server.process.pid
        server.stop()
    left = subprocess.run(["ps", "-o", "args=", "-g", str(group)], capture_output=True, text=True)
    assert left.stdout.strip() == ""
