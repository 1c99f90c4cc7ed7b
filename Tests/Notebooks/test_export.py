"""Every notebook goes to HTML and slides by nbconvert, with nothing else installed."""

import os
import subprocess
import sys

import pytest
import running
import slides

NOTEBOOKS = sorted(running.FOLDER.glob("*.ipynb"))

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def converted(path, form, folder):
    """The file that nbconvert writes, with no other program within reach."""
    run = subprocess.run(
        [sys.executable, "-m", "nbconvert", "--to", form, "--output-dir", str(folder), str(path)],
        env={**os.environ, "PATH": ""},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    suffix = {"slides": ".slides.html"}.get(form, f".{form}")
    return (folder / f"{path.stem}{suffix}").read_text(encoding="utf-8")


@each_notebook
def test_to_html(path, tmp_path):
    assert "</html>" in converted(path, "html", tmp_path)


@each_notebook
def test_to_slides(path, tmp_path):
    page = converted(path, "slides", tmp_path)
    shown = [kind for kind in slides.kinds(running.read(path).cells) if kind in ("slide", "subslide")]
    # reveal.js has a section a slide, around those below it another one.
    assert page.count("<section>") == len(shown) + shown.count("slide")


@each_notebook
def test_every_cell_has_its_place_in_the_slides(path):
    cells = running.read(path).cells
    kinds = [cell.metadata.get("slideshow", {}).get("slide_type") for cell in cells]
    assert all(kind in slides.KINDS for kind in kinds), kinds
    assert kinds == slides.kinds(cells)
    for screen in slides.screens(cells):
        lines = [slides.height(cell) for cell in screen]
        # A slide is higher than the screen only where one cell alone is, with the few lines that lead to it.
        assert sum(lines) <= slides.SCREEN or sum(lines) - lines[-1] <= slides.LEAD, screen[0].source
