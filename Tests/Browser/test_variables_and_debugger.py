"""The panel of variables and the debugger, in JupyterLab's right sidebar."""

import nbformat
import pytest
from server import ROOT

PICTURES = ROOT / "Tests" / "artefacts" / "browser"
CELLS = [
    "network Lecture {\n    input 1\n    dense 2, sigmoid, W = [0.1, 0.1], b = [0.1, 0.2]\n"
    "    dense 1, sigmoid, W = [0.4; 0.2], b = [0.5]\n}",
    "x = [2.0]; y = [1]; rate = 0.1; note = \"one example\"\ng = backward(Lecture, x, y)\n"
    "A = [1, 2, 3; 4, 5, 6]",
    "a = 1\nfor i in 1:3 {\n    a = a + i\n}\na",
    "back = backward(Lecture, x, y)",
]


@pytest.fixture
def debugged(lab, notebook, request):
    """A notebook of the test's own, with a kernel of its own; its cells have run, the debugger's sidebar is open."""
    name = f"{request.node.name}.ipynb"
    lab.set_theme("light")
    cells = [nbformat.v4.new_code_cell(code) for code in CELLS]
    spec = {"name": "nabla", "display_name": "Nabla", "language": "nabla"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec}),
                   lab.folder / name)
    notebook.page.set_viewport_size({"width": 1500, "height": 900})
    notebook.open(lab, name, mode="lab")
    notebook.wait_for_kernel()
    assert notebook.restart_and_run_all() == "ok"
    notebook.run("await app.commands.execute('debugger:show-panel');")
    notebook.page.locator(".jp-DebuggerBugButton").first.click()
    notebook.page.wait_for_selector(".jp-DebuggerVariables-body .jp-DebuggerVariables-name", timeout=20_000)
    return notebook


def variables(notebook):
    """What the panel's tree shows, as name: detail."""
    return notebook.run("""
      const rows = [...document.querySelectorAll('.jp-DebuggerVariables-body .jp-TreeItem')];
      return Object.fromEntries(rows.filter(row => row.querySelector(':scope > .jp-DebuggerVariables-name'))
        .map(row => [row.querySelector(':scope > .jp-DebuggerVariables-name').textContent,
                     row.querySelector(':scope > .jp-DebuggerVariables-detail')?.textContent ?? '']));""")


def picture(notebook, name):
    PICTURES.mkdir(parents=True, exist_ok=True)
    notebook.page.screenshot(path=PICTURES / f"{name}.png")


def test_the_panel_shows_networks_matrices_and_gradients(debugged):
    shown = variables(debugged)
    assert shown["rate"] == "0.1" and shown["A"].startswith("2×3 matrix")
    assert shown["Lecture"].startswith("network 1-2-1") and shown["g"] == "gradients of Lecture"
    # A network opens up.
    debugged.page.locator(".jp-DebuggerVariables-name", has_text="Lecture").first.click()
    debugged.page.wait_for_function(
        "() => document.querySelector('.jp-DebuggerVariables-body').textContent.includes('Lecture.W[1]')")
    assert variables(debugged)["Lecture.W[2]"].startswith("2×1 matrix")
    picture(debugged, "variables")
    # And a value is shown whole.
    debugged.run("await app.commands.execute('debugger:render-mime-variable', {name: 'A'});")
    debugged.page.wait_for_selector(".jp-VariableRendererPanel table", timeout=10_000)
    picture(debugged, "variable-rendered")
    assert debugged.failures == []


def test_a_cell_stops_at_its_breakpoint_and_goes_on(debugged):
    debugged.run("notebook.activeCellIndex = 2;")
    # The gutter's first element is its measure; then come the lines.
    gutter = debugged.page.locator(".jp-Notebook .jp-Cell").nth(2).locator(
        ".cm-breakpoint-gutter .cm-gutterElement").nth(3)
    gutter.click()
    debugged.page.wait_for_selector(".jp-DebuggerBreakpoint", timeout=10_000)
    debugged.run("app.commands.execute('notebook:run-cell');")
    debugged.page.wait_for_selector(".jp-DebuggerCallstackFrame", timeout=10_000)
    debugged.page.wait_for_function(
        "() => document.querySelector('.jp-DebuggerVariables-body').textContent.includes('i')")
    assert "<cell>" in debugged.page.locator(".jp-DebuggerCallstack-body").inner_text()
    picture(debugged, "breakpoint")
    for _ in range(3):
        debugged.run("await app.commands.execute('debugger:continue');")
        debugged.page.wait_for_timeout(300)
    debugged.wait("panel.sessionContext.session.kernel.status === 'idle'", 10)
    outputs = debugged.run("return notebook.widgets[2].model.outputs.toJSON();")
    assert outputs[-1]["data"]["text/plain"] == "7"
    assert debugged.failures == []


def test_a_pass_stops_before_each_layer_and_shows_what_there_is_so_far(debugged):
    cell = debugged.page.locator(".jp-Notebook .jp-Cell").first
    for line in (3, 4):
        debugged.run("notebook.activeCellIndex = 0;")
        cell.locator(".cm-breakpoint-gutter .cm-gutterElement").nth(line).click()
    debugged.page.wait_for_function("() => document.querySelectorAll('.jp-DebuggerBreakpoint').length === 2", timeout=10_000)
    # A network stops where its lines have breakpoints when it is defined.
    debugged.run("await app.commands.execute('notebook:run-cell');")
    debugged.wait("panel.sessionContext.session.kernel.status === 'idle'", 10)
    debugged.run("notebook.activeCellIndex = 3; app.commands.execute('notebook:run-cell');")
    seen = []
    for stop in range(4):
        debugged.page.wait_for_function("() => document.querySelector('.jp-DebuggerCallstackFrame')", timeout=10_000)
        debugged.page.wait_for_timeout(600)
        seen.append(variables(debugged))
        picture(debugged, f"pass-stop-{stop + 1}")
        debugged.run("await app.commands.execute('debugger:continue');")
        debugged.page.wait_for_timeout(400)
    debugged.wait("panel.sessionContext.session.kernel.status === 'idle'", 10)
    # Forward nothing of a layer is there yet; on the way back its own gradients are not.
    missing = [{name for name, shown in stop.items() if shown == "—"} for stop in seen]
    assert missing[0] == {"z[1]", "a[1]", "z[2]", "a[2]"} and missing[1] == {"z[2]", "a[2]"}
    assert missing[2] == {f"∂L/∂{name}[{layer}]" for name in "Wbza" for layer in (1, 2)} - {"∂L/∂a[2]"}
    assert missing[3] == {"∂L/∂W[1]", "∂L/∂b[1]", "∂L/∂z[1]"}
    assert seen[3]["z[1]"] == "vector of 2: [0.3000, 0.4000]"
    assert debugged.failures == []
