"""Voila and Notebook 7 in a browser: everything is shown, and nothing complains."""

import secrets

import server as servers
from conftest import BIN, ROOT

PICTURES = ROOT / "Tests" / "artefacts" / "browser"


def complaints(page):
    """What the page writes to its console as errors, but for what servers do not have."""
    found = []
    page.on("pageerror", lambda error: found.append(error.stack or str(error)))
    page.on("console", lambda message: found.append(message.text) if message.type == "error"
            and "Failed to load resource" not in message.text else None)
    return found


def test_voila_shows_tables_formulas_pictures_and_charts(tmp_path, shown, page):
    command = [str(BIN / "voila"), str(shown), "--no-browser", "--Voila.ip=127.0.0.1",
               # They ask for JupyterLab's own modules, which Voila has not.
               f"--VoilaConfiguration.extension_denylist={['jupyterlab-jupytext', 'nbdime-jupyterlab', '@jupyter-notebook/lab-extension']}"]
    found = complaints(page)
    with servers.started(command, tmp_path, port_options=["--Voila.port={port}"], probe="voila/static/favicon.ico") as voila:
        page.goto(voila.base, wait_until="networkidle")
        page.locator(".nabla-table table").first.wait_for(timeout=60_000)
        page.locator("mjx-container").first.wait_for(timeout=30_000)
        page.wait_for_function("document.querySelectorAll('img[src^=\"data:image\"], svg, canvas').length >= 2", timeout=30_000)
        page.wait_for_timeout(1500)
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / "voila.png", full_page=True)
    assert found == [], "\n".join(found)


def test_notebook_7_runs_and_colours(tmp_path, shown, page):
    token = secrets.token_hex(16)
    command = [str(BIN / "jupyter-notebook"), "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1",
               f"--ServerApp.root_dir={tmp_path}", f"--IdentityProvider.token={token}", "--expose-app-in-browser"]
    found = complaints(page)
    (tmp_path / "scratch").mkdir()
    with servers.started(command, tmp_path / "scratch", token) as server:
        page.goto(server.address("notebooks/shown.ipynb"), wait_until="domcontentloaded")
        page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
        page.wait_for_function("""() => {
          const panel = window.jupyterapp?.shell.currentWidget;
          return panel?.sessionContext?.session?.kernel?.status === 'idle';
        }""", timeout=60_000)
        page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
        page.wait_for_function("""() => {
          const cells = window.jupyterapp.shell.currentWidget.content.widgets;
          return cells.filter(cell => cell.model.type === 'code').every(cell => cell.model.executionCount);
        }""", timeout=60_000)
        page.locator(".nabla-table table").first.wait_for(timeout=30_000)
        # The extension is at work here too: its colours, its button, its findings.
        assert page.locator(".nabla-format-button").count()
        kinds = page.evaluate("window.jupyterapp.shell.currentWidget.content.widgets[0].editor.getTokens().slice(0, 2).map(t => t.type)")
        assert kinds == ["keyword", "variableName.definition"]
        page.evaluate("window.jupyterapp.shell.currentWidget.content.widgets[3].model.sharedModel.setSource('')")
        page.locator(".jp-Cell .cm-content").nth(3).click()
        page.keyboard.insert_text("y = 2 ** 3")
        page.locator(".nabla-finding").wait_for(timeout=10_000)
        page.wait_for_timeout(500)
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / "notebook-7.png")
    # Notebook 7.6.5 has one of its own, of its settings, also without any extension.
    found = [text for text in found if not ("(reading 'schema')" in text and "notebook_core" in text)]
    assert found == [], "\n".join(found)
