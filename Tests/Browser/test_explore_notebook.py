"""The notebook about moving things, as a web page: every exploration in it moves without a kernel and without a network."""

import re
import subprocess
import sys

import nbformat
import pytest
from server import ROOT

NOTEBOOK = ROOT / "Notebooks" / "10-explore.ipynb"
ROOTS = ".nabla-explore"


@pytest.fixture(scope="module")
def web_page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    subprocess.run([sys.executable, "-m", "nbconvert", "--to", "html", "--output-dir", str(folder), str(NOTEBOOK)],
                   check=True, capture_output=True, timeout=120)
    return folder / "10-explore.html"


@pytest.fixture
def opened(page, web_page):
    """The page in a browser that reaches nothing else; what goes wrong in it."""
    failures = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on("console", lambda message: message.type == "error" and failures.append(message.text))
    # The typesetter, which nbconvert has from elsewhere.
    page.route(re.compile("^https?:"), lambda route: route.fulfill(status=200, content_type="text/javascript", body=""))
    page.goto(web_page.as_uri())
    page.wait_for_function(f"() => [...document.querySelectorAll('{ROOTS}')].every(root => root.nablaNumbers)")
    return page, failures


def test_every_exploration_moves(opened):
    page, failures = opened
    cells = [cell for cell in nbformat.read(NOTEBOOK, 4).cells if cell.cell_type == "code"
             and any(line.startswith("explore(") for line in cell.source.splitlines())]
    roots = page.locator(ROOTS)
    assert roots.count() == len(cells) > 5
    for place in range(roots.count()):
        root = roots.nth(place)
        views, controls = root.locator(".nabla-view"), root.locator("input[type=range], select")
        assert controls.count() >= 1
        for number in range(controls.count()):
            control = controls.nth(number)
            looks = "views => views.map(view => view.innerHTML)"
            start, before = control.input_value(), views.evaluate_all(looks)
            control.evaluate("""control => {
                const ends = control.min === undefined ? [control.options[0].value, control.options[1].value] : [control.min, control.max];
                control.value = ends.find(end => end !== control.value);
                control.dispatchEvent(new Event(control.min === undefined ? 'change' : 'input')); }""")
            assert control.input_value() != start
            assert views.evaluate_all(looks) != before, cells[place].source
        root.get_by_role("button", name="back to the start").click()
        assert control.input_value() == start
    assert failures == []


def test_the_widgets_that_nobody_has_are_not_seen(opened):
    page, failures = opened
    assert "Loading widget" not in page.inner_text("body") and "Error displaying widget" not in page.inner_text("body")
    assert failures == []


def test_what_is_stored_is_small():
    assert NOTEBOOK.stat().st_size <= 600_000
