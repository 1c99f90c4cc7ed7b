"""Notebooks/reference.ipynb is what the registries of this kernel say, as `nabla reference` prints it. Its outputs are held by the
tests of all notebooks.

    nabla reference > Notebooks/reference.ipynb && .venv/bin/python Tests/Notebooks/execute.py Notebooks/reference.ipynb
"""

import os
import subprocess
from pathlib import Path

import nbformat
import running

EXECUTABLE = Path(os.environ.get("NABLA_EXECUTABLE", running.FOLDER.parent / ".build/release/nabla")).resolve()
STORED = running.read(running.FOLDER / "reference.ipynb")


def cells(notebook):
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


def test_it_is_current():
    printed = subprocess.run([EXECUTABLE, "reference"], capture_output=True, text=True, check=True).stdout
    assert cells(STORED) == cells(nbformat.reads(printed, as_version=4))


def test_every_word_has_an_example_and_its_output():
    """Each page is followed by lines that run, and show something unless showing is not what they do."""
    silent = []
    for page, example in zip(STORED.cells, STORED.cells[1:]):
        if page.source.startswith("### "):
            assert example.cell_type == "code" and example.execution_count
            if not example.outputs:
                silent.append(page.source.splitlines()[0])
    assert len([cell for cell in STORED.cells if cell.source.startswith("### ")]) >= 250
    assert sorted(silent) == SILENT


# What these do is not seen in a notebook that is read.
SILENT = [
    "### `clear_output(wait = false)`", "### `copy(net)`", "### `export(value, file, X, key = false)`", "### `reset(net)`",
    "### `save(value, file)`", "### `sleep(seconds)`",
]
