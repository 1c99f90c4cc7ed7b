#!/usr/bin/env python3
"""compose.py DRAFT.md NOTEBOOK.ipynb: makes a notebook (without outputs) from a text in Markdown.
compose.py NOTEBOOK.ipynb DRAFT.md: makes the text from a notebook.

Text becomes Markdown cells, a block fenced with ```nabla a code cell; words after `nabla` are the cell's
tags. A line `---` begins a new Markdown cell. Behind `nabla` and behind `---`, `covers=S1.23,S1.38-S1.41` says
which items of the lecture (lecture.tsv) the cell shows, and `solution=name`, `test=name:3` or `answer=name:3` what
nbgrader does with it (grading.py), with the points. Then run execute.py.
"""

import re
import sys
from pathlib import Path

import grading
import nbformat
import running

BLOCK = re.compile(r"^```nabla([^\n]*)\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
BREAK = re.compile(r"^---((?: [a-z]+=\S*)*)[ \t]*$", re.MULTILINE)
COVERS = "covers="


def composed(text):
    """The notebook, in stored form."""
    notebook, end = nbformat.v4.new_notebook(), 0
    for block in [*BLOCK.finditer(text), None]:
        prose = text[end : block.start() if block else len(text)]
        first, *rest = BREAK.split(prose)
        for words, part in [("", first), *zip(rest[::2], rest[1::2])]:
            if part.strip():
                notebook.cells.append(labelled(nbformat.v4.new_markdown_cell(part.strip()), words))
        if block:
            notebook.cells.append(labelled(nbformat.v4.new_code_cell(block[2].rstrip()), block[1]))
            end = block.end()
    for cell in notebook.cells:
        del cell["id"]  # nbformat's is random; the stored form's comes from the text
    return running.stored_form(notebook)


def labelled(cell, words):
    """The cell with its tags, the items that it covers, and its part in an assignment."""
    words = words.split()
    roles = [word for word in words if grading.is_role(word)]
    cell.metadata["tags"] = [word for word in words if not word.startswith(COVERS) and word not in roles]
    if roles:
        cell.metadata["nbgrader"] = grading.metadata(roles[0])
    covers = [word.removeprefix(COVERS) for word in words if word.startswith(COVERS)]
    items = [item for part in ",".join(covers).split(",") if part for item in expanded(part)]
    if items:
        cell.metadata["nabla"] = {"covers": items}
    return cell


def expanded(part):
    """`S1.38-S1.41` as the items from the one to the other."""
    ends = re.fullmatch(r"(S\d)\.(\d+)-\1\.(\d+)", part)
    if not ends:
        return [part]
    return [f"{ends[1]}.{number}" for number in range(int(ends[2]), int(ends[3]) + 1)]


def contracted(items):
    """The items with those that follow each other as one part."""
    parts = []
    for item in items:
        if parts and item == following(parts[-1][-1]):
            parts[-1].append(item)
        else:
            parts.append([item])
    return ",".join(
        ",".join(part) if len(part) < 3 else f"{part[0]}-{part[-1]}" for part in parts
    )


def following(item):
    """`S1.39` behind `S1.38`."""
    document, _, number = item.rpartition(".")
    return f"{document}.{int(number) + 1}" if number.isdigit() else None


def draft(notebook):
    """The text that the notebook is composed of."""
    text, before = "", "code"
    for cell in notebook.cells:
        covers = cell.metadata.get("nabla", {}).get("covers", [])
        words = "".join(f" {tag}" for tag in cell.metadata.get("tags", []))
        role = grading.role(cell)
        words += f" {role}" if role else ""
        words += f" {COVERS}{contracted(covers)}" if covers else ""
        if cell.cell_type == "code":
            text += f"```nabla{words}\n{cell.source}\n```\n\n"
        else:
            text += f"---{words}\n" if words or before == "markdown" else ""
            text += f"{cell.source}\n\n"
        before = cell.cell_type
    return text


def main(source, target):
    if source.suffix == ".ipynb":
        target.write_text(draft(running.read(source)), encoding="utf-8")
    else:
        target.write_text(running.text_of(composed(source.read_text("utf-8"))), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    main(*map(Path, sys.argv[1:]))
