"""Every notebook in a real JupyterLab: opened, restarted, run to its end, looked at in both themes."""

import pytest
from server import ROOT, THEMES

NOTEBOOKS = sorted((ROOT / "Notebooks").glob("*.ipynb"))
PICTURES = ROOT / "Tests" / "artefacts" / "browser"
# What JupyterLab prefers to plain text when the notebook is trusted.
RICH = {"text/html", "text/latex", "image/svg+xml", "application/vnd.vegalite.v5+json",
        "application/vnd.jupyter.widget-view+json"}

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def test_there_are_notebooks():
    assert NOTEBOOKS, "no notebooks in Notebooks/"


@each_notebook
@pytest.mark.parametrize("theme", THEMES)
def test_restart_and_run_all(lab, notebook, path, theme):
    lab.set_theme(theme)
    notebook.open(lab, path.name)
    notebook.wait_for_kernel()
    assert notebook.kernel_name() == "Nabla"
    ended = notebook.restart_and_run_all()
    formulas = notebook.broken_formulas()
    notebook.pictures(PICTURES, f"{path.stem}-{theme}")

    assert ended == "ok"
    cells = notebook.code_cells()
    assert cells, "the notebook has no code cells"
    for cell in cells:
        name = f"cell {cell['number']}:\n{cell['source']}\n"
        assert cell["count"] is not None, f"{name}has not run"
        for output in cell["outputs"]:
            assert output["output_type"] != "error", f"{name}{output.get('ename')}: {output.get('evalue')}"
        assert "application/vnd.jupyter.error" not in cell["shown"], f"{name}shows an error"
        rich = [output for output in cell["outputs"] if RICH & set(output.get("data", {}))]
        shown = [kind for kind in cell["shown"] if kind in RICH]
        assert len(shown) == len(rich), f"{name}is shown as {cell['shown']}"
    assert formulas == []
    assert notebook.failures == []


@each_notebook
def test_stored_outputs_are_seen_before_anything_runs(lab, notebook, path):
    """As a reader first meets it: nothing trusted, no kernel asked."""
    lab.set_theme("light")
    notebook.open(lab, path.name)
    notebook.pictures(PICTURES, f"{path.stem}-untrusted")
    for cell in notebook.code_cells():
        assert len(cell["shown"]) == len(cell["outputs"]), f"cell {cell['number']} shows {cell['shown']}"
    assert notebook.failures == []
