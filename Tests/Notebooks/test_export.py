"""Every notebook goes to HTML, slides and LaTeX by nbconvert, without Inkscape, and LaTeX to PDF where xelatex is."""

import os
import re
import shutil
import subprocess
import sys

import pytest
import running
import slides

NOTEBOOKS = sorted(running.FOLDER.glob("*.ipynb"))

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """The folder with all notebooks in a form, which one call of nbconvert writes, with no Inkscape within reach."""
    folders = {}

    def folder_of(form):
        if form not in folders:
            folders[form] = folder = tmp_path_factory.mktemp(form)
            tools = tmp_path_factory.mktemp("tools")
            for name in ("pandoc", "xelatex"):
                if found := shutil.which(name):
                    (tools / name).symlink_to(found)
            run = subprocess.run(
                [sys.executable, "-m", "nbconvert", "--to", form, "--output-dir", str(folder), *map(str, NOTEBOOKS)],
                env={**os.environ, "PATH": str(tools)},
                capture_output=True,
                text=True,
                timeout=280,
            )
            assert run.returncode == 0, run.stderr[-3000:]
        return folders[form]

    return folder_of


@each_notebook
def test_to_html(path, exported):
    page = (exported("html") / f"{path.stem}.html").read_text(encoding="utf-8")
    assert "</html>" in page


@each_notebook
def test_to_slides(path, exported):
    page = (exported("slides") / f"{path.stem}.slides.html").read_text(encoding="utf-8")
    shown = [kind for kind in slides.kinds(running.read(path).cells) if kind in ("slide", "subslide")]
    # reveal.js has a section a slide, around those below it another one.
    assert page.count("<section>") == len(shown) + shown.count("slide")


@pytest.mark.skipif(not shutil.which("pandoc"), reason="pandoc is not installed")
@each_notebook
def test_to_latex(path, exported):
    folder = exported("latex")
    source = (folder / f"{path.stem}.tex").read_text(encoding="utf-8")
    assert r"\end{document}" in source
    # What has a picture is a picture there, not a wall of text.
    pictures = [
        output
        for cell in running.read(path).cells
        for output in cell.get("outputs", [])
        if "image/svg+xml" in output.get("data", {})
    ]
    if all("image/png" in output.data for output in pictures):
        assert len(re.findall(r"\\includegraphics|\\adjustimage", source)) >= len(pictures)
    if shutil.which("xelatex"):
        compiled(path.stem, folder)


def compiled(name, folder):
    """xelatex writes the PDF, and finds nothing wrong on the way."""
    run = subprocess.run(
        ["xelatex", "-interaction=nonstopmode", "-halt-on-error", f"{name}.tex"],
        cwd=folder, capture_output=True, text=True, errors="replace", timeout=240,
    )
    errors = [line for line in run.stdout.splitlines() if line.startswith(("!", "l."))]
    assert run.returncode == 0, "\n".join(errors) or run.stdout[-2000:]
    assert (folder / f"{name}.pdf").stat().st_size > 10_000


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
