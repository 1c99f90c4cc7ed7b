"""What the notebooks show as LaTeX is LaTeX: it compiles, where xelatex is installed."""

import shutil
import subprocess

import pytest
import running

NOTEBOOKS = sorted(running.FOLDER.glob("*.ipynb"))

# The packages that nbconvert's own template has, as far as they matter here.
PREAMBLE = r"""\documentclass{article}
\usepackage{amsmath,amssymb,booktabs,longtable,array,multirow,graphicx,fontspec}
\usepackage[paperwidth=60cm,paperheight=40cm,margin=1cm]{geometry}
\begin{document}
"""


def sources(notebook):
    """Every LaTeX output of a notebook, in order."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "text/latex" in output.get("data", {}):
                yield "".join(output.data["text/latex"])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_latex_balances(path):
    for latex in sources(running.read(path)):
        bare = latex.replace(r"\{", "").replace(r"\}", "")
        assert bare.count("{") == bare.count("}"), latex
        assert latex.count(r"\begin{") == latex.count(r"\end{"), latex
        assert latex.count(r"\left") == latex.count(r"\right"), latex


@pytest.mark.skipif(not shutil.which("xelatex"), reason="xelatex is not installed")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_latex_compiles(path, tmp_path):
    parts = list(sources(running.read(path)))
    if not parts:
        pytest.skip("the notebook shows no LaTeX")
    document = PREAMBLE + "\n\n\\bigskip\n\n".join(parts) + "\n\\end{document}\n"
    (tmp_path / "all.tex").write_text(document, encoding="utf-8")
    run = subprocess.run(
        ["xelatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=240,
    )
    errors = [line for line in run.stdout.splitlines() if line.startswith(("!", "l."))]
    assert run.returncode == 0, "\n".join(errors) or run.stdout[-2000:]
