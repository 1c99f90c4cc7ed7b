"""Every notebook in a real JupyterLab: met as a reader first meets it, restarted, run to its end, turned dark.

NABLA_PICTURES=yes photographs each, screen by screen, as stored, as run, in the dark, and as on a projector.
"""

import os

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
def test_stored_outputs_are_seen_and_all_cells_run(lab, notebook, path):
    lab.set_theme("light")
    notebook.open(lab, path.name)
    assert_stored_outputs_are_seen(notebook)
    photograph(notebook, f"{path.stem}-untrusted")

    notebook.wait_for_kernel()
    assert notebook.kernel_name() == "Nabla"
    assert notebook.restart_and_run_all() == "ok"
    assert_all_has_run(notebook)
    photograph(notebook, f"{path.stem}-light")

    notebook.change_theme(THEMES["dark"])
    assert_all_has_run(notebook)
    photograph(notebook, f"{path.stem}-dark")

    notebook.change_theme(THEMES["light"])
    notebook.project()
    assert notebook.clipped() == []
    photograph(notebook, f"{path.stem}-projector")
    assert notebook.failures == []


def assert_stored_outputs_are_seen(notebook):
    """Nothing is trusted, and no kernel was asked."""
    for cell in notebook.code_cells():
        assert len(cell["shown"]) == len(cell["outputs"]), f"cell {cell['number']} shows {cell['shown']}"


def assert_all_has_run(notebook):
    """Every cell has its number, no output is an error, and each is shown as the richest form it has."""
    assert notebook.broken_formulas() == []
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


def photograph(notebook, name):
    if os.environ.get("NABLA_PICTURES"):
        notebook.pictures(PICTURES, name)
