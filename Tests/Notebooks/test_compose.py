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

```nabla solution=sum
s = 3
```

```nabla test=sum-test:2 covers=S1.38
check(s, 3);
```

--- answer=why:3 covers=S1.14
Because.

"""


def test_a_draft_becomes_cells_that_know_what_they_cover():
    title, code, paragraph, other, *_ = compose.composed(DRAFT).cells
    assert title.metadata["nabla"] == {"covers": ["S1.1"]}
    assert code.metadata["nabla"] == {"covers": ["S1.38", "S1.39", "S1.40", "S1.41", "A-152"]}
    assert code.metadata["tags"] == ["rounding"]
    assert "nabla" not in paragraph.metadata
    assert other.source == "Another cell."


def test_a_draft_says_what_cells_are_to_nbgrader():
    solution, test, answer = [cell.metadata["nbgrader"] for cell in compose.composed(DRAFT).cells[-3:]]
    assert solution["solution"] and not solution["grade"] and "points" not in solution
    assert test["grade"] and test["locked"] and test["points"] == 2 and test["grade_id"] == "sum-test"
    assert answer["grade"] and answer["solution"] and answer["points"] == 3


def test_and_the_cells_the_draft():
    assert compose.draft(compose.composed(DRAFT)) == DRAFT


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_can_be_composed_anew(path):
    stored = running.read(path)
    assert contents(compose.composed(compose.draft(stored))) == contents(stored)


def contents(notebook):
    return [
        (cell.cell_type, cell.source.strip(), *(cell.metadata.get(key) for key in ("nabla", "tags", "nbgrader")))
        for cell in notebook.cells
        if cell.source.strip()
    ]
