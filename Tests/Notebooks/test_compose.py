"""A notebook and the text that it is composed of say the same."""

import compose
import pytest
import running

NOTEBOOKS = sorted(running.FOLDER.glob("*.ipynb"))

DRAFT = """\
--- covers=S1.1
# A title

```nabla rounding covers=S1.38-S1.41,A-152
compare(0.5, 0.5)
```

A paragraph.

---
Another cell.

"""


def test_a_draft_becomes_cells_that_know_what_they_cover():
    title, code, paragraph, other = compose.composed(DRAFT).cells
    assert title.metadata["nabla"] == {"covers": ["S1.1"]}
    assert code.metadata["nabla"] == {"covers": ["S1.38", "S1.39", "S1.40", "S1.41", "A-152"]}
    assert code.metadata["tags"] == ["rounding"]
    assert "nabla" not in paragraph.metadata
    assert other.source == "Another cell."


def test_and_the_cells_the_draft():
    assert compose.draft(compose.composed(DRAFT)) == DRAFT


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_can_be_composed_anew(path):
    stored = running.read(path)
    assert contents(compose.composed(compose.draft(stored))) == contents(stored)


def contents(notebook):
    return [
        (cell.cell_type, cell.source.strip(), cell.metadata.get("nabla"), cell.metadata.get("tags"))
        for cell in notebook.cells
        if cell.source.strip()
    ]
