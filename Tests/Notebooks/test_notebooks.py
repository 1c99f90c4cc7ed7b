"""Every notebook of Notebooks/ runs in a fresh kernel and says what it said when it was stored."""

import functools
import os

import comparing
import pytest
import running

NOTEBOOKS = sorted(running.FOLDER.glob("*.ipynb"))
UPDATE = os.environ.get("NABLA_UPDATE_NOTEBOOKS") == "1"

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


@functools.cache
def executed(path):
    """The notebook as of today, run once for all its tests."""
    return running.executed(path)


def code_cells(notebook):
    """The code cells that hold something, with their numbers as a reader counts them."""
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "code" and cell.source.strip():
            yield number, cell


def test_there_are_notebooks():
    assert NOTEBOOKS, f"no notebooks in {running.FOLDER}"


@each_notebook
def test_runs_without_an_error(path):
    errors = [
        f"cell {number}: {output.ename}: {output.evalue}\n{cell.source}"
        for number, cell in code_cells(executed(path))
        for output in cell.outputs
        if output.output_type == "error"
    ]
    assert not errors, "\n\n".join(errors)


@each_notebook
def test_every_cell_has_run(path):
    """The counts go up by one from 1, so that nothing was left out or run twice."""
    for notebook in (running.read(path), executed(path)):
        counts = [cell.execution_count for _, cell in code_cells(notebook)]
        assert counts == list(range(1, len(counts) + 1))


@each_notebook
def test_outputs_are_the_stored_ones(path):
    fresh = executed(path)
    if UPDATE:
        path.write_text(running.text_of(fresh), encoding="utf-8")
        pytest.fail("its outputs were stored anew; read the difference in git, then run without "
                    "NABLA_UPDATE_NOTEBOOKS")
    stored = running.read(path)
    found = [
        f"cell {number}: {line}"
        for (number, before), (_, now) in zip(code_cells(stored), code_cells(fresh))
        for line in comparing.differences(before.outputs, now.outputs, now.metadata.get("tags", ()))
    ]
    assert not found, "\n".join(found)


@each_notebook
def test_is_in_stored_form(path):
    """No traces of an editor or of a run's time: execute.py would leave the rest of the file as it is."""
    stored = running.read(path)
    assert running.text_of(running.stored_form(stored)) == path.read_text(encoding="utf-8"), (
        f"bring it into stored form: .venv/bin/python Tests/Notebooks/execute.py {path.name}"
    )
