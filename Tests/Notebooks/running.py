"""Runs a notebook in a fresh kernel and brings it into the one form in which notebooks are stored."""

import hashlib
import shutil
import tempfile
from pathlib import Path

import nbformat
import slides
from nbclient import NotebookClient

KERNEL = "nabla"
FOLDER = Path(__file__).resolve().parents[2] / "Notebooks"


def read(path):
    return nbformat.read(path, as_version=4)


def text_of(notebook):
    """The file's text; equal notebooks have equal texts (nbformat sorts the keys)."""
    return nbformat.writes(notebook) + "\n"


def executed(path):
    """The notebook with the outputs of a fresh kernel, in stored form; a cell's error is an output.

    It runs in a copy of its folder, so that what a cell saves stays out of the project.
    """
    notebook = read(path)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    with tempfile.TemporaryDirectory(prefix="notebook-") as scratch:
        folder = Path(scratch) / path.parent.name
        shutil.copytree(path.parent, folder, ignore=shutil.ignore_patterns(".*"))
        NotebookClient(
            notebook,
            kernel_name=KERNEL,
            timeout=300,
            allow_errors=True,
            record_timing=False,
            store_widget_state=False,
            resources={"metadata": {"path": str(folder)}},
        ).execute()
    return stored_form(notebook)


def stored_form(notebook):
    """The same notebook without what changes from run to run or from editor to editor.

    Cells keep their ids (one without gets one from its text), their tags, what they cover of the lecture and what they
    are to nbgrader; their slide types follow from slides.py; streams that follow each other are one; nothing tells when, where and by which front end it
    was run.
    """
    result = nbformat.v4.new_notebook()
    taken = set()
    for cell, kind in zip(notebook.cells, slides.kinds(notebook.cells)):
        cell = nbformat.from_dict(cell)
        cell.id = _identifier(cell, taken)
        cell.metadata = nbformat.from_dict(
            {key: cell.metadata[key] for key in ("tags", "nabla", "nbgrader") if cell.metadata.get(key)}
            | {"slideshow": {"slide_type": kind}}
        )
        if cell.cell_type == "code":
            cell.outputs = _merged(cell.outputs)
            if "brief" in cell.metadata.get("tags", []):
                _shorten(cell.outputs)
        result.cells.append(cell)
    language = notebook.metadata.get("language_info", {"name": KERNEL})
    result.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Nabla", "language": "nabla", "name": KERNEL},
            "language_info": language,
        }
    )
    result.nbformat, result.nbformat_minor = 4, 5
    nbformat.validate(result)
    return result


def _identifier(cell, taken):
    wanted = cell.get("id") or hashlib.sha256(cell.source.encode()).hexdigest()[:8]
    identifier, count = wanted, 1
    while identifier in taken:
        count += 1
        identifier = f"{wanted}-{count}"
    taken.add(identifier)
    return identifier


def _shorten(outputs):
    """Leaves what pages show: of a cell with the tag `brief` in a long notebook."""
    for output in outputs:
        data = output.get("data", {})
        unused = {"application/vnd.dataresource+json", "application/vnd.vegalite.v5+json", "image/png"}
        if "text/html" in data and "text/latex" in data:
            # Pages set formulas, but no tables of LaTeX's.
            unused.add("text/latex" if "tabular" in "".join(data["text/latex"]) else "text/html")
        for kind in unused & set(data):
            del data[kind]


def _merged(outputs):
    """Outputs with successive pieces of one stream joined: where they were cut is a matter of time."""
    result = []
    for output in outputs:
        output.pop("transient", None)
        # Widgets of a kernel that has ended: without an identity a front end looks for none.
        view = output.get("data", {}).get("application/vnd.jupyter.widget-view+json")
        if view:
            view["model_id"] = ""
        last = result[-1] if result else None
        if output.output_type == "stream" and last and last.get("name") == output.name:
            last.text += output.text
        else:
            result.append(output)
    return result
