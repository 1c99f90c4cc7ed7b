"""Notebooks as texts: jupytext's scripts, nbdime's differences, nbconvert's Markdown and slides."""

import json
import re
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "Notebooks").glob("*.ipynb"))


def cells(path):
    return [(cell["cell_type"], "".join(cell["source"])) for cell in json.loads(path.read_text())["cells"]]


def test_every_notebook_goes_to_a_nabla_script_and_back(run, tmp_path):
    for notebook in NOTEBOOKS:
        shutil.copy(notebook, tmp_path)
    names = [notebook.name for notebook in NOTEBOOKS]
    run("jupytext", "--to", "nabla:percent", *names, folder=tmp_path)
    scripts = sorted(tmp_path.glob("*.nabla"))
    assert len(scripts) == len(names)
    for name in names:
        (tmp_path / name).unlink()
    run("jupytext", "--to", "ipynb", *(script.name for script in scripts), folder=tmp_path)
    for notebook in NOTEBOOKS:
        # A space at a line's end is lost in prose.
        assert cells(tmp_path / notebook.name) == cells(notebook), notebook.name


def test_a_script_runs_without_jupyter_and_is_laid_out_where_it_lies(run, tmp_path):
    shutil.copy(ROOT / "Notebooks/03-forward-and-backward.ipynb", tmp_path / "lecture.ipynb")
    run("jupytext", "--to", "nabla", "lecture.ipynb", folder=tmp_path)
    script = (tmp_path / "lecture.nabla").read_text()
    assert "# ---\n# jupyter:" in script and re.search(r"^# %%", script, re.M) and "# %% [markdown]" in script
    assert "Forward pass of Lecture" in run("nabla", "run", "lecture.nabla", folder=tmp_path)
    before = cells(tmp_path / "lecture.ipynb")
    run("nabla", "format", "lecture.nabla", folder=tmp_path)
    run("jupytext", "--to", "ipynb", "lecture.nabla", "-o", "again.ipynb", folder=tmp_path)
    assert [kind for kind, _ in cells(tmp_path / "again.ipynb")] == [kind for kind, _ in before]


def test_a_pair_is_kept_in_step(run, tmp_path, shown):
    run("jupytext", "--set-formats", "ipynb,nabla:percent", "shown.ipynb", folder=tmp_path)
    script = tmp_path / "shown.nabla"
    script.write_text(script.read_text().replace("plot(sigmoid, relu)", "plot(tanh)"))
    run("jupytext", "--sync", "shown.nabla", folder=tmp_path)
    assert cells(shown)[3] == ("code", "plot(tanh)")


def test_python_without_jupytext_starts_as_before(run, tmp_path):
    said = run("python", "-c", "import sys; print('jupytext' in sys.modules, 'importlib.util' in sys.modules)", folder=tmp_path)
    assert said.split()[0] == "False"


def test_nbdime_shows_and_merges_what_changed(run, tmp_path, shown):
    base = json.loads(shown.read_text())
    for name, cell, text in (("ours", 0, "d = dataset(and);\nforward(N, d.X)"), ("theirs", 3, "plot(tanh)")):
        changed = json.loads(json.dumps(base))
        changed["cells"][cell]["source"] = text
        (tmp_path / f"{name}.ipynb").write_text(json.dumps(changed))
    said = run("nbdiff", "--no-color", "shown.ipynb", "theirs.ipynb", folder=tmp_path)
    assert "-plot(sigmoid, relu)" in said.replace("-  ", "-") and "+plot(tanh)" in said.replace("+  ", "+")
    run("nbmerge", "shown.ipynb", "ours.ipynb", "theirs.ipynb", "--out", "merged.ipynb", folder=tmp_path)
    merged = cells(tmp_path / "merged.ipynb")
    assert merged[0][1].startswith("d = dataset(and)") and merged[3][1] == "plot(tanh)"


@pytest.mark.parametrize(("form", "ending"), [("html", "html"), ("slides", "slides.html")])
def test_pages_and_slides_have_nablas_colours(run, tmp_path, shown, form, ending):
    run("jupyter", "execute", "--inplace", "shown.ipynb", folder=tmp_path)
    said = run("jupyter", "nbconvert", "--to", form, "shown.ipynb", folder=tmp_path)
    assert "No lexer" not in said
    page = (tmp_path / f"shown.{ending}").read_text()
    assert re.search(r'<span class="nc">N</span>', page) and re.search(r'<span class="nb">sigmoid</span>', page)
    assert "nabla-table" in page and "image/svg+xml" in page


def test_markdown_names_the_language_of_its_code(run, tmp_path, shown):
    run("jupyter", "execute", "--inplace", "shown.ipynb", folder=tmp_path)
    run("jupyter", "nbconvert", "--to", "markdown", "shown.ipynb", folder=tmp_path)
    text = (tmp_path / "shown.md").read_text()
    assert text.count("```nabla\n") == 6
    # Whoever colours it asks Pygments for that name.
    assert "nabla_kernel.lexer" in run(
        "python", "-c", "from pygments.lexers import get_lexer_by_name as g; print(g('nabla').__module__)", folder=tmp_path)
    assert list(Path(tmp_path).glob("shown_files/*.svg"))
