"""The notebooks show the whole lecture: every item of lecture.tsv and every slip of errata.tsv, each by a cell that
names it in its metadata, `"nabla": {"covers": ["S1.38", "A-152"]}`.

lecture.tsv lists both documents, S1 the slides and S2 the matrix note: definitions, equations, worked numbers with
all figures that are printed, claims, questions. errata.tsv lists what is wrong or unclear in them: A the numbers, B and
C the slides, D the note.
"""

import csv
import functools
import re
from pathlib import Path

import pytest
import running

NOTEBOOKS = sorted(running.FOLDER.glob("*.ipynb"))
# Those that follow the lecture, and therefore each other, and the exercises to them.
LESSONS = [path for path in NOTEBOOKS if re.match(r"0\d|11", path.name)]
# What a stored notebook may weigh.
LARGEST = 600_000
# Kinds that something must be computed for; the others may be said in words.
COMPUTED = {"eq", "num", "table", "question", "figure"}
VERDICTS = set("✓≈✗")


def rows(name):
    with open(Path(__file__).parent / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


ITEMS = rows("lecture.tsv")
ERRATA = rows("errata.tsv")

each_item = pytest.mark.parametrize("item", ITEMS, ids=lambda item: item["item"])
each_erratum = pytest.mark.parametrize("erratum", ERRATA, ids=lambda erratum: erratum["item"])


@functools.cache
def claims():
    """The cells that claim to show something, by what they claim."""
    found = {}
    for path in NOTEBOOKS:
        for number, cell in enumerate(running.read(path).cells, start=1):
            for name in cell.metadata.get("nabla", {}).get("covers", []):
                found.setdefault(name, []).append((f"{path.stem}, cell {number}", cell))
    return found


def cells(name, kind):
    return [cell for _, cell in claims().get(name, []) if cell.cell_type == kind]


def text_of(output):
    return "".join(output.get("text") or output.get("data", {}).get("text/plain", ""))


def compared(cell):
    """Number and verdict of each row of a cell's comparisons, the number as it was printed."""
    found = []
    for output in cell.outputs:
        for line in text_of(output).splitlines():
            fields = re.split(r" {2,}", line.strip())
            if len(fields) >= 6 and fields[-1] in VERDICTS:
                found.append((fields[-4], fields[-1]))
    return found


def checked(cell):
    """The numbers in a cell's checks; a check that does not hold is an error, so they hold."""
    checks = [line for line in cell.source.splitlines() if line.startswith("check(")]
    return {number for line in checks for number in re.findall(r"-?\d+(?:\.\d+)?", line)}


def held(name):
    """What the cells that claim an item hold against a computed value, with the verdicts."""
    found = {}
    for cell in cells(name, "code"):
        for number, verdict in compared(cell):
            found.setdefault(number, set()).add(verdict)
        for number in checked(cell):
            found.setdefault(number, set()).add("✓")
    return found


def plain(text):
    """Prose as one line, without case, with the minus of a keyboard."""
    return re.sub(r"\s+", " ", text.replace("−", "-")).lower()


def test_the_lists_are_whole():
    assert len(ITEMS) == 334 and len({item["item"] for item in ITEMS}) == 334
    assert len(ERRATA) == 82 and len({erratum["item"] for erratum in ERRATA}) == 82


def test_every_claim_is_of_something():
    known = {row["item"] for row in ITEMS + ERRATA}
    unknown = {name: [place for place, _ in found] for name, found in claims().items() if name not in known}
    assert not unknown


@each_item
def test_item_is_shown(item):
    found = claims().get(item["item"], [])
    assert found, f"no cell covers {item['item']}: {item['what']}"
    if item["kind"] in COMPUTED:
        shown = cells(item["item"], "code")
        assert shown, f"{item['item']} is only said in words: {item['what']}"
        assert any(cell.outputs for cell in shown)
    if item["kind"] == "figure":
        assert any(
            "image/svg+xml" in output.get("data", {})
            for cell in cells(item["item"], "code") for output in cell.outputs
        ), f"{item['item']} is a picture: {item['what']}"


@each_item
def test_its_numbers_are_held_against_computed_ones(item):
    numbers = item["numbers"].split()
    assert item["kind"] != "num" or numbers
    found = held(item["item"])
    missing = [number for number in numbers if number not in found]
    assert not missing, f"{item['item']} ({item['what']}): in no compare or check of its cells"


@each_erratum
def test_erratum_is_shown_as_one(erratum):
    """A wrong number stands beside the right one; why it is wrong stands in the prose."""
    name = erratum["item"]
    prose = [plain(cell.source) for cell in cells(name, "markdown")]
    assert prose, f"no prose covers {name}: {erratum['printed']}"
    assert any(plain(erratum["said"]) in text for text in prose), f"{name}: '{erratum['said']}' is not said"
    if erratum["shown"] in VERDICTS:
        found = held(name)
        assert erratum["shown"] in found.get(erratum["printed"], ()), f"{name}: {erratum['printed']}"
        assert "✓" in found.get(erratum["right"], ()), f"{name}: {erratum['right']} is not shown as right"
        right = erratum["right"].lstrip("-")
        assert any(right in text for text in prose), f"{name}: the prose does not name {right}"
    elif erratum["shown"] == "code":
        assert any(cell.outputs for cell in cells(name, "code")), f"{name} is only said in words"


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_lesson_says_what_will_be_seen_and_ends_with_two_things_to_try(path):
    found = running.read(path).cells
    assert "You will see" in found[0].source
    start = max((index for index, cell in enumerate(found) if "## Try it" in cell.source), default=None)
    assert start is not None, "it has no section 'Try it'"
    tried = [cell for cell in found[start:] if cell.cell_type == "code"]
    assert len([cell for cell in tried if "check(" in cell.source]) >= 2


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_stored_notebook_is_light(path):
    assert path.stat().st_size <= LARGEST
