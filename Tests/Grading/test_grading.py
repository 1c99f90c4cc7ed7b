"""Notebook 11 is an assignment as it is: through nbgrader's create, autograde and feedback, with kernelspec's configuration.

A failed `check` is an error, which nbgrader gives no points for. A number as a cell's result is the points that it gives, which is
how a sheet with gaps brings some of its points. Anything else as its result brings all of them, and a warning; nothing is a cell's
result before a check that ends in a semicolon, as the last one of a test does.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

ROOT = Path(__file__).resolve().parents[2]
NAME = "11-your-turn"
SOURCE = nbformat.read(ROOT / f"Notebooks/{NAME}.ipynb", as_version=4)
CONFIGURATION = ROOT / "kernelspec/python/nabla_kernel/nbgrader_config.py"
# What somebody answers who knows half of it: by the cell, what stands there instead of the solution.
HALF = {
    "weighted-sum": "z = 2.5\no = 0",  # the second is wrong
    "weights-by-hand": "P.W[1] = [1; -1]\nP.b[1] = [0]",  # right for the four examples, not beside them
    "learning": "learned = [1, 0, 1, nan, 0, 7]",  # two of six are missing
    "forward": "on_the_way = [-0.1, 0.7685, 0.4750, 0.4529, 0.6113]",  # the first is wrong, what comes behind follows
    "losses": "loss_1 = 0.2231",  # the second is missing
    "wrong-line": "wrong_line = 4\nright(y, ŷ) = ŷ - y",  # the right formula, the wrong line
    "own-network": "my_gradients = [0, -2, nan, nan, nan, nan]",
}
POINTS = {
    "weighted-sum-test": 0, "weights-by-hand-test": 0, "learning-test": 4, "forward-test": 4, "losses-test": 0,
    "wrong-line-test": 0, "own-network-test": 2,
}


def part(cell):
    return cell.metadata.get("nbgrader", {})


def named(notebook, kind):
    """The cells that are solutions, or graded, by their names."""
    return {part(cell)["grade_id"]: cell for cell in notebook.cells if part(cell).get(kind)}


TESTS = {name: cell for name, cell in named(SOURCE, "grade").items() if not part(cell)["solution"]}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course in which the assignment was created and handed in three times, graded, and given back."""
    folder = tmp_path_factory.mktemp("course")
    (folder / "nbgrader_config.py").write_text(
        f"c = get_config()\nload_subconfig({str(CONFIGURATION)!r})\nc.CourseDirectory.course_id = 'nets'\n")
    (folder / "source/ps").mkdir(parents=True)
    shutil.copy(ROOT / f"Notebooks/{NAME}.ipynb", folder / "source/ps")
    said = nbgrader(folder, "generate_assignment", "ps")
    released = nbformat.read(folder / f"release/ps/{NAME}.ipynb", as_version=4)
    for student, solution in [
        ("all", lambda name, cell: named(SOURCE, "solution")[name].source),
        ("half", lambda name, cell: HALF.get(name, named(SOURCE, "solution")[name].source)),
        ("none", lambda name, cell: cell.source),
    ]:
        notebook = nbformat.from_dict(released)
        for name, cell in named(notebook, "solution").items():
            answered = solution(name, cell)
            # Half of the cell may be given.
            given = cell.source.replace("# YOUR CODE HERE", "").strip() if name in HALF and student == "half" else ""
            cell.source = f"{given}\n{answered}".strip()
        target = folder / f"submitted/{student}/ps"
        target.mkdir(parents=True)
        nbformat.write(notebook, target / f"{NAME}.ipynb")
        released = nbformat.read(folder / f"release/ps/{NAME}.ipynb", as_version=4)
    said += nbgrader(folder, "autograde", "ps") + nbgrader(folder, "generate_feedback", "ps")
    return folder, said


def nbgrader(folder, *words):
    # It calls programs of its own environment by their names.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    run = subprocess.run(
        [sys.executable, "-m", "nbgrader", *words], cwd=folder, capture_output=True, text=True, timeout=240,
        env={**os.environ, "PATH": path})
    assert run.returncode == 0, run.stderr[-4000:]
    return run.stdout + run.stderr


def scores(folder, student):
    """What each graded cell brought by itself; None where somebody has to read it."""
    with Gradebook(f"sqlite:///{folder}/gradebook.db") as book:
        grades = book.find_submission_notebook(NAME, "ps", student).grades
        return {grade.name: grade.auto_score for grade in grades}


def test_every_part_asks_something():
    """A solution is followed by its test; tests have points, prose too, and each role occurs."""
    solutions = [name for name, cell in named(SOURCE, "solution").items() if not part(cell)["grade"]]
    assert {f"{name}-test" for name in solutions if name != "name"} == set(TESTS)
    assert sum("HIDDEN" in cell.source for cell in TESTS.values()) >= 10
    assert sum(part(cell).get("points", 0) for cell in SOURCE.cells) >= 60


def test_students_get_no_answers(course):
    folder, _ = course
    released = nbformat.read(folder / f"release/ps/{NAME}.ipynb", as_version=4)
    text = "\n".join(cell.source for cell in released.cells)
    assert "SOLUTION" not in text and "HIDDEN" not in text
    for name, cell in named(released, "solution").items():
        stub = "YOUR ANSWER HERE" if cell.cell_type == "markdown" else "# YOUR CODE HERE"
        assert stub in cell.source, name
    assert not any(cell.get("outputs") for cell in released.cells)


def test_right_answers_bring_all_points(course):
    folder, _ = course
    found = scores(folder, "all")
    assert {name: found[name] for name in TESTS} == {name: part(cell)["points"] for name, cell in TESTS.items()}
    prose = set(found) - set(TESTS)
    assert prose and all(found[name] is None for name in prose)


def test_a_failed_check_brings_none_and_gaps_bring_theirs(course):
    folder, _ = course
    found = scores(folder, "half")
    whole = {name: part(cell)["points"] for name, cell in TESTS.items()}
    expected = whole | POINTS
    assert {name: found[name] for name in TESTS if found[name] != expected[name]} == {}


def test_no_answer_brings_nothing(course):
    folder, _ = course
    assert set(scores(folder, "none").values()) == {0}


def test_nbgrader_warns_of_nothing(course):
    _, said = course
    assert "may treat as error" not in said
    # Of hidden tests it says so much when it puts them back.
    unexpected = [
        line for line in said.splitlines()
        if re.search(r"\[.*(WARNING|ERROR)", line) and "Attribute 'checksum' for cell" not in line
    ]
    assert not unexpected, "\n".join(unexpected)


@pytest.mark.parametrize("student", ["all", "half", "none"])
def test_feedback_shows_the_points(course, student):
    folder, _ = course
    page = (folder / f"feedback/{student}/ps/{NAME}.html").read_text("utf-8")
    auto = sum(points for points in scores(folder, student).values() if points)
    assert re.search(rf"Score:\s*{auto:.1f}\s*/", page), re.findall(r"Score:[^<]*", page)[:3]
    # An error is seen with its help, a hidden test too.
    if student == "half":
        assert "does not hold" in page and "HIDDEN TESTS" in page
