"""What JupyterLab and its server say of the kernel while a cell runs."""

import json
import urllib.request

import nbformat
import pytest


@pytest.fixture
def running(lab, notebook, request):
    """A notebook whose only cell runs and runs."""
    name = f"{request.node.name}.ipynb"
    cells = [nbformat.v4.new_code_cell('for i in 1:2000 { display(i, id = "turn"); sleep(0.05) }'),
             nbformat.v4.new_code_cell("sig")]
    spec = {"name": "nabla", "display_name": "Nabla", "language": "nabla"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec}), lab.folder / name)
    notebook.open(lab, name, mode="lab")
    notebook.wait_for_kernel()
    notebook.run("notebook.activeCellIndex = 0; app.commands.execute('notebook:run-cell');")
    notebook.wait("notebook.widgets[0].model.outputs.length > 0", 20)
    notebook.name = name
    yield notebook
    notebook.run("await panel.sessionContext.session.kernel.interrupt();")
    notebook.wait("panel.sessionContext.session.kernel.status === 'idle'", 20)
    assert server_state(lab, notebook) == "idle"
    assert notebook.failures == []


def status(notebook):
    return notebook.run("return panel.sessionContext.session.kernel.status;")


def server_state(lab, notebook):
    identity = notebook.run("return panel.sessionContext.session.kernel.id;")
    with urllib.request.urlopen(lab.address(f"api/kernels/{identity}")) as answer:
        return json.load(answer)["execution_state"]


def test_completion_and_inspection_leave_the_kernel_busy(lab, running):
    running.run("""
      const kernel = panel.sessionContext.session.kernel;
      const found = await kernel.requestComplete({code: 'sig', cursor_pos: 3});
      if (!found.content.matches.includes('sigmoid')) throw new Error('no completion');
      await kernel.requestInspect({code: 'sigmoid', cursor_pos: 3, detail_level: 0});""")
    running.page.wait_for_timeout(500)
    assert status(running) == "busy" and server_state(lab, running) == "busy"


def test_a_page_that_is_loaded_again_shows_the_kernel_busy(lab, running):
    running.open(lab, running.name, mode="lab")
    running.run("await panel.sessionContext.ready;")
    running.wait("panel.sessionContext.session?.kernel?.connectionStatus === 'connected'", 30)
    running.page.wait_for_timeout(2_000)
    assert status(running) == "busy" and server_state(lab, running) == "busy"


def test_the_panel_of_variables_does_not_ask_without_end(lab, running):
    running.run("""
      window.asked = 0;
      panel.sessionContext.session.kernel.anyMessage.connect((_, each) => {
        if (each.direction === 'send' && each.msg.header.msg_type === 'debug_request') window.asked += 1; });
      await app.commands.execute('debugger:show-panel');""")
    running.page.locator(".jp-DebuggerBugButton").first.click()
    running.page.wait_for_timeout(3_000)
    # One for each output of the cell, and a few to begin with.
    assert 10 < running.page.evaluate("window.asked") < 120
    assert status(running) == "busy"
