"""Where a notebook's slides begin: `slideshow` metadata that follows from the cells.

A heading of the first two levels begins a slide, a smaller one or a new paragraph a slide below it, and what
a cell of code shows comes with the next key. Where a screen is full, a new one begins.
"""

import re

# Lines that fit on one screen of slides, at the size that a lecture hall reads.
SCREEN = 40
# A picture is as high as this many lines.
PICTURE = 18
# So many lines of prose stay with the cell that they lead to, however high that is.
LEAD = 8
# Characters in a line of prose.
LINE = 100
KINDS = ("slide", "subslide", "fragment", "skip", "notes")


def height(cell):
    """How many lines a cell takes on a slide, its outputs included."""
    lines = sum(1 + len(line) // LINE for line in cell.source.splitlines())
    for output in cell.get("outputs", []):
        lines += output_height(output)
    return lines + 1


def output_height(output):
    data = output.get("data", {})
    if any(kind.startswith(("image/", "application/vnd.vegalite")) for kind in data):
        return PICTURE
    text = output.get("text") or data.get("text/plain") or "\n".join(output.get("traceback", []))
    return len("".join(text).splitlines())


def kinds(cells):
    """The slide type of each cell."""
    found, used = [], 0
    for place, cell in enumerate(cells):
        own = height(cell)
        kept = cell.metadata.get("slideshow", {}).get("slide_type")
        if kept in ("skip", "notes") or not cell.source.strip():
            found.append(kept or "skip")
            continue
        kind = "fragment"
        if not any(kind in ("slide", "subslide") for kind in found):
            kind = "slide"
        elif cell.cell_type == "markdown":
            kind = "slide" if re.search(r"^##? ", cell.source, re.MULTILINE) else "subslide"
        elif used + own > SCREEN and used > LEAD:
            kind = "subslide"
        used = own if kind in ("slide", "subslide") else used + own
        found.append(kind)
    return found


def screens(cells):
    """The cells of each slide."""
    groups = []
    for cell, kind in zip(cells, kinds(cells)):
        if kind in ("slide", "subslide"):
            groups.append([])
        if kind in ("slide", "subslide", "fragment"):
            groups[-1].append(cell)
    return groups
