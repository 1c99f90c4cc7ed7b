"""One notebook in one browser page, driven through JupyterLab's own application object."""

import json
import time

# What JupyterLab says of its own requests to a kernel that a restart cuts off, whenever it happens to have made one.
CUT_OFF = "Canceled future for "
PANEL = "const app = window.jupyterapp, panel = app.shell.currentWidget, notebook = panel.content;"


def write_notebook(path, *sources):
    """A notebook of code cells that have not run."""
    path.write_text(json.dumps({
        "cells": [{"cell_type": "code", "id": f"cell-{index}", "metadata": {}, "execution_count": None,
                   "outputs": [], "source": source} for index, source in enumerate(sources)],
        "metadata": {"kernelspec": {"name": "nabla", "display_name": "Nabla", "language": "nabla"}},
        "nbformat": 4, "nbformat_minor": 5}))


class NotebookPage:
    """A page of the browser that shows a notebook."""

    def __init__(self, page):
        self.page = page
        self.failures = []
        page.on("pageerror", lambda error: self.complain(str(error)))

    def complain(self, text):
        if CUT_OFF not in text:
            self.failures.append(text)

    def hear_complaints(self):
        """Counts what the page writes to its console as failures, too."""
        self.page.on("console", lambda message: message.type == "error" and self.complain(message.text))

    def run(self, body, *arguments):
        """Runs JavaScript with `app`, `panel` and `notebook` at hand."""
        return self.page.evaluate(f"async (argument) => {{ {PANEL} {body} }}", *arguments)

    def wait(self, condition, seconds):
        self.page.wait_for_function(f"() => {{ {PANEL} return {condition}; }}", timeout=seconds * 1000)

    def open(self, server, name, mode="doc"):
        """`mode` is `doc` for the document alone, `lab` for the whole workspace."""
        self.page.goto(server.address(f"{mode}/tree/{name}") + "&reset", wait_until="domcontentloaded")
        # A second tab goes to a workspace of its own before it is there, and its first page is gone.
        self.page.wait_for_function("window.jupyterapp?.restored.then(() => true)", timeout=60_000)
        self.page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60_000)
        self.run("await panel.context.ready; await panel.revealed;")

    def wait_for_kernel(self, seconds=60):
        self.run("await panel.sessionContext.ready;")
        self.wait("panel.sessionContext.session?.kernel?.connectionStatus === 'connected'"
                  " && panel.sessionContext.session.kernel.status === 'idle'", seconds)

    def restart_and_run_all(self, seconds=300):
        """The menu's command, its question answered; returns when the last cell has ended."""
        self.run("window.runEnded = null; app.commands.execute('notebook:restart-run-all')"
                 ".then(() => window.runEnded = 'ok', error => window.runEnded = String(error));")
        self.page.locator(".jp-Dialog .jp-mod-accept").click(timeout=10_000)
        self.page.wait_for_function("() => window.runEnded !== null", timeout=seconds * 1000)
        self.wait("panel.sessionContext.session.kernel.status === 'idle' && notebook.widgets.every("
                  "cell => (cell.model.executionState ?? 'idle') === 'idle')", seconds)
        return self.page.evaluate("window.runEnded")

    def change_theme(self, theme):
        """As the menu does, of the page that is open; returns when the page has its colours."""
        self.run("await app.commands.execute('apputils:change-theme', {theme: argument});", theme)
        self.page.wait_for_function("theme => document.body.dataset.jpThemeName === theme", arg=theme,
                                    timeout=30_000)

    def project(self, width=1280, height=720, zoom=1.5):
        """As on a projector of this many pixels, the browser enlarged so that the back row can read."""
        self.page.set_viewport_size({"width": round(width / zoom), "height": round(height / zoom)})

    def kernel_name(self):
        return self.run("return panel.sessionContext.kernelDisplayName;")

    def code_cells(self):
        """Each code cell as the notebook holds it, with the MIME types that its outputs are shown as."""
        return self.run("""
          return notebook.widgets.map((cell, index) => {
            const content = cell.model.sharedModel.toJSON(), area = cell.node;
            return {
              number: index + 1, type: content.cell_type, source: String(content.source),
              count: content.execution_count ?? null, outputs: content.outputs ?? [],
              shown: [...area.querySelectorAll('.jp-OutputArea-output')].map(
                // The renderers of Vega and of widgets say what they are by their classes only.
                node => node.dataset.mimeType ?? (
                  node.classList.contains('jp-RenderedVegaLite')
                    ? 'application/vnd.vegalite.v5+json'
                    : node.querySelector('.jupyter-widgets')
                      ? 'application/vnd.jupyter.widget-view+json' : null)),
            };
          }).filter(cell => cell.type === 'code' && cell.source.trim() !== '');""")

    def broken_formulas(self):
        """What the typesetter could not read, in prose and outputs, once it has nothing left to do."""
        return self.run("""
          await new Promise(done => setTimeout(done, 500));
          return [...notebook.node.querySelectorAll('.MathJax_Error, mjx-merror, merror')].map(
            node => node.textContent);""")

    def clipped(self):
        """The outputs that are wider than the room they have: their cell, what each shows, and by how many pixels.

        What scrolls inside an output counts as well, except in the editors of code, which scroll everywhere.
        """
        return self.run("""
          await new Promise(done => setTimeout(done, 500));
          const number = output => notebook.widgets.findIndex(cell => cell.node.contains(output)) + 1;
          const over = node => node.scrollWidth - node.clientWidth;
          return [...notebook.node.querySelectorAll('.jp-OutputArea-output')].flatMap(output => {
            const scrolling = [...output.querySelectorAll(':not(mjx-assistive-mml)')].filter(
              node => ['auto', 'scroll', 'hidden'].includes(getComputedStyle(node).overflowX) && node.clientWidth > 0);
            const widest = Math.max(over(output), ...scrolling.map(over));
            return widest > 1 ? [[number(output), output.dataset.mimeType ?? output.className, widest]] : [];
          });""")

    def pictures(self, folder, name, settle=0.3):
        """The whole notebook as numbered pictures, a screen each: the notebook scrolls, not the page."""
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob(f"{name}-[0-9][0-9].png"):
            old.unlink()
        area = self.run("""
          document.activeElement?.blur?.();
          window.scroller = notebook.node.querySelector('.jp-WindowedPanel-outer') ?? notebook.node;
          const box = window.scroller.getBoundingClientRect();
          return {x: box.x, y: box.y, width: box.width, height: box.height};""")
        content = self.run("""
          const top = window.scroller.getBoundingClientRect().top - window.scroller.scrollTop;
          return Math.max(...notebook.widgets.map(
            cell => cell.node.getBoundingClientRect().bottom)) - top;""")
        position, files = 0, []
        while not files or position < content - 40:
            self.run("window.scroller.scrollTop = argument;", position)
            time.sleep(settle)
            files.append(folder / f"{name}-{len(files):02d}.png")
            self.page.screenshot(path=files[-1], clip=area)
            reached = self.run("return window.scroller.scrollTop + window.scroller.clientHeight;")
            if reached <= position + 40:
                break
            position = reached - 40
        return files
