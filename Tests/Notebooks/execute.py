#!/usr/bin/env python3
"""execute.py NOTEBOOK…: runs each notebook in a fresh Nabla kernel and stores its outputs in place.

Running it twice gives the same file twice. Needs the environment that ./Tests/run makes:
    .venv/bin/python Tests/Notebooks/execute.py Notebooks/00-tour.ipynb
A cell that ends in an error is stored as such and named; the exit status is then 1.
"""

import sys
import time
from pathlib import Path

import running


def errors(notebook):
    """The number, name and text of every error output."""
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                yield number, output.ename, output.evalue


def main(paths):
    if not paths or paths[0] in ("-h", "--help"):
        print(__doc__.strip())
        return 0 if paths else 2
    status = 0
    for path in map(Path, paths):
        started = time.monotonic()
        notebook = running.executed(path.resolve())
        changed = running.text_of(notebook) != path.read_text(encoding="utf-8")
        path.write_text(running.text_of(notebook), encoding="utf-8")
        seconds = time.monotonic() - started
        print(f"{path}: {len(notebook.cells)} cells, {seconds:.1f} s,", "stored" if changed else "as before")
        for number, name, text in errors(notebook):
            print(f"  cell {number}: {name}: {text}")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
