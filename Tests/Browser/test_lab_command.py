"""`./kernelspec/lab`, the first thing that a user types."""

import re
import subprocess
import time

import psutil
import server as servers

COMMAND = str(servers.ROOT / "kernelspec" / "lab")


def test_help_names_the_options():
    answer = subprocess.run([COMMAND, "--help"], capture_output=True, text=True, timeout=20)
    assert answer.returncode == 0
    assert "--no-browser" in answer.stdout


def test_opens_the_notebooks_with_the_kernel_and_ends_with_ctrl_c(page, tmp_path):
    """Prints an address that works, offers the Nabla kernel, and leaves no process behind."""
    notebook = min((servers.ROOT / "Notebooks").glob("*.ipynb"))
    with servers.started([COMMAND, "--no-browser"], tmp_path, seconds=240) as server:
        page.goto(printed_address(server))
        page.locator('.jp-LauncherCard[data-category="Notebook"][title^="Nabla"]').wait_for()
        page.locator(f'.jp-DirListing-item:has-text("{notebook.name}")').dblclick()
        page.locator('.jp-Toolbar-kernelName:has-text("Nabla")').wait_for()
        page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for()
        started = psutil.Process(server.process.pid).children(recursive=True)
        assert any("nabla" in " ".join(process.cmdline()) for process in started)
        assert server.stop() == 0
        ended, left = psutil.wait_procs(started, timeout=5)
        assert left == []


def printed_address(server, seconds=20):
    end = time.monotonic() + seconds
    while not (found := re.search(re.escape(server.base) + r"/lab\S*", server.log.read_text())):
        assert time.monotonic() < end, f"no address in\n{server.log.read_text()}"
        time.sleep(0.1)
    return found[0]
