#!/usr/bin/env python3
"""compose.py DRAFT.md NOTEBOOK.ipynb: makes a notebook (without outputs) from a text in Markdown.

Text becomes Markdown cells, a block fenced with ```nabla a code cell; words after `nabla` are the cell's
tags. A line `---` begins a new Markdown cell. Then run execute.py.
"""

import re
import sys
from pathlib import Path

import nbformat
import running

BLOCK = re.compile(r"^```nabla([^\n]*)\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)


def composed(text):
    """The notebook, in stored form."""
    notebook, end = nbformat.v4.new_notebook(), 0
    for block in [*BLOCK.finditer(text), None]:
        prose = text[end : block.start() if block else len(text)]
        for part in re.split(r"^---[ \t]*$", prose, flags=re.MULTILINE):
            if part.strip():
                notebook.cells.append(nbformat.v4.new_markdown_cell(part.strip()))
        if block:
            cell = nbformat.v4.new_code_cell(block[2].rstrip())
            cell.metadata["tags"] = block[1].split()
            notebook.cells.append(cell)
            end = block.end()
    for cell in notebook.cells:
        del cell["id"]  # nbformat's is random; the stored form's comes from the text
    return running.stored_form(notebook)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    draft, target = map(Path, sys.argv[1:])
    target.write_text(running.text_of(composed(draft.read_text("utf-8"))), encoding="utf-8")
