"""What the extension for JupyterLab does while one types and looks: mistakes underlined, cells laid out, LaTeX and pictures
out of an output's menu, tables that sort and filter on a click."""

import json
import xml.etree.ElementTree as ElementTree

import pytest
from notebook_page import NotebookPage, write_notebook
from server import ROOT

PICTURES = ROOT / "Tests" / "artefacts" / "browser"
CELLS = [
    "x = 1",
    "network N { input 2; dense 3, sigmoid; dense 1, sigmoid; loss bce }\nd = dataset(xor)\nforward(N, [1, 0])",
    "diagram(N)",
    "train(N, d, epochs = 5, learning_rate = 1)",
]


@pytest.fixture(scope="module")
def opened(lab, browser):
    """A notebook that has run, in a JupyterLab whose console is listened to."""
    context = browser.new_context(viewport={"width": 1100, "height": 1400}, accept_downloads=True)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    notebook = NotebookPage(context.new_page())
    notebook.hear_complaints()
    write_notebook(lab.folder / "editing.ipynb", *CELLS)
    notebook.open(lab, "editing.ipynb", mode="lab")
    notebook.wait_for_kernel()
    notebook.run("await app.commands.execute('notebook:run-all-cells');")
    notebook.wait("notebook.widgets.every(cell => cell.model.executionCount)", 60)
    yield notebook
    assert notebook.failures == []
    context.close()


def photograph(notebook, name):
    PICTURES.mkdir(parents=True, exist_ok=True)
    notebook.page.screenshot(path=PICTURES / f"editing-{name}.png")


def type_into(notebook, text, cell=0):
    notebook.run("notebook.widgets[argument].model.sharedModel.setSource('');", cell)
    notebook.page.locator(".jp-Cell .cm-content").nth(cell).click()
    notebook.page.keyboard.insert_text(text)


def underlined(notebook, expected):
    """The texts that are underlined in the first cell, once they are the ones."""
    notebook.wait(f"notebook.widgets[0].node.querySelectorAll('.nabla-finding').length === {expected}", 10)
    return notebook.run("return [...notebook.widgets[0].node.querySelectorAll('.nabla-finding')].map(n => n.textContent);")


def test_mistakes_are_underlined_while_they_are_typed(opened):
    type_into(opened, "y = 2\n😀 = 3 ** x\nz = [1, 2")
    texts = underlined(opened, 3)
    assert "**" in texts
    opened.page.locator(".nabla-finding", has_text="**").hover()
    tooltip = opened.page.locator(".nabla-finding-text")
    tooltip.wait_for()
    assert "SyntaxError" in tooltip.inner_text() and "help: " in tooltip.inner_text()
    photograph(opened, "findings")
    type_into(opened, "y = 3 * x")
    assert underlined(opened, 0) == []


def test_mistakes_are_found_while_a_cell_runs(opened):
    opened.run("notebook.widgets[1].model.sharedModel.setSource('sleep(30)');"
               "notebook.activeCellIndex = 1; app.commands.execute('notebook:run-cell');")
    opened.wait("panel.sessionContext.session.kernel.status === 'busy'", 10)
    type_into(opened, "y = 3 ** x")
    assert underlined(opened, 1)
    opened.run("await panel.sessionContext.session.kernel.interrupt();")
    opened.wait("panel.sessionContext.session.kernel.status === 'idle'", 20)
    opened.run("notebook.widgets[1].model.sharedModel.setSource(argument);", CELLS[1])
    opened.run("notebook.activeCellIndex = 1; await app.commands.execute('notebook:run-cell');")


def source(notebook):
    return notebook.run("return notebook.widgets[0].model.sharedModel.getSource();")


def test_a_cell_is_laid_out_by_the_button_and_by_keys(opened):
    type_into(opened, "f(x)=x^2+1 # square\nif x>0{\nprint( f(x) )}")
    opened.page.keyboard.press("Control+Home")
    for _ in range(5):
        opened.page.keyboard.press("ArrowRight")
    opened.page.locator(".nabla-format-button").first.click()
    laid_out = "f(x) = x^2 + 1  # square\nif x > 0 {\n    print(f(x)) }"
    opened.wait(f"notebook.widgets[0].model.sharedModel.getSource() === {json.dumps(laid_out)}", 10)
    # The cursor stands behind the sign behind which it stood.
    assert opened.run("return notebook.widgets[0].editor.getCursorPosition();") == {"line": 0, "column": 6}
    photograph(opened, "format")
    type_into(opened, "a=1")
    opened.page.keyboard.press("Alt+Shift+F")
    opened.wait("notebook.widgets[0].model.sharedModel.getSource() === 'a = 1'", 10)
    type_into(opened, "a=(1")
    opened.run("await app.commands.execute('nabla:format-cell');")
    assert source(opened) == "a=(1"
    type_into(opened, "x = 1")


def menu_of(notebook, cell, selector):
    notebook.page.locator(".jp-Cell").nth(cell).locator(selector).first.click(button="right")
    notebook.page.locator(".lm-Menu").first.wait_for()


def test_the_menu_of_an_output_copies_latex_and_saves_pictures(opened):
    menu_of(opened, 1, ".jp-OutputArea-output")
    item = opened.page.locator(".lm-Menu-item", has_text="Copy LaTeX")
    assert not opened.page.locator(".lm-Menu-item:visible", has_text="Download Picture").count()
    photograph(opened, "menu-table")
    item.click()
    copied = opened.page.evaluate("navigator.clipboard.readText()")
    held = opened.run("return notebook.widgets[1].outputArea.model.get(0).data['text/latex'];")
    assert copied == held and "\\begin{tabular}" in copied
    for ending, begins in (("SVG", b"<svg"), ("PNG", b"\x89PNG"), ("PDF", b"%PDF")):
        menu_of(opened, 2, ".jp-OutputArea-output")
        if ending == "SVG":
            photograph(opened, "menu-picture")
        with opened.page.expect_download() as download:
            opened.page.locator(".lm-Menu-item", has_text=f"Picture as {ending}").click()
        file = download.value
        content = open(file.path(), "rb").read()
        assert file.suggested_filename.startswith("editing-") and file.suggested_filename.endswith(ending.lower())
        assert content.startswith(begins)
        if ending == "SVG":
            ElementTree.fromstring(content)


def column(notebook, number, cell=3):
    """The texts of a column, of the rows that are shown."""
    return notebook.run("""
      const rows = notebook.widgets[argument[0]].node.querySelectorAll('.nabla-table tr.nb-r');
      return [...rows].filter(row => row.getBoundingClientRect().height > 0).map(row => row.cells[argument[1]].textContent.trim());""",
                        [cell, number])


def test_tables_sort_and_filter_on_a_click(opened):
    table = opened.page.locator(".jp-Cell").nth(3).locator(".nabla-table table")
    before = column(opened, 0)
    assert before == [str(epoch) for epoch in range(6)]
    stored = opened.run("return JSON.stringify(notebook.widgets[3].model.sharedModel.toJSON());")
    table.hover()
    head = table.locator("thead th", has_text="epoch")
    head.click()
    assert column(opened, 0) == before and head.get_attribute("aria-sort") == "ascending"
    head.click()
    assert column(opened, 0) == before[::-1]
    photograph(opened, "sorted")
    head.click()
    assert column(opened, 0) == before and head.get_attribute("aria-sort") is None
    loss = table.locator("thead th", has_text="loss")
    loss.click()
    losses = [float(text) for text in column(opened, 1)]
    assert losses == sorted(losses)
    loss.hover()
    loss.locator(".nabla-funnel").click()
    # Letters that are the notebook's own keys go into the field.
    opened.page.keyboard.type("add")
    assert column(opened, 0) == []
    table.locator(".nabla-filters input").nth(1).fill("")
    table.locator(".nabla-filters input").first.fill(">= 3")
    assert sorted(column(opened, 0)) == ["3", "4", "5"]
    photograph(opened, "filtered")
    opened.page.keyboard.press("Escape")
    assert len(column(opened, 0)) == 6 and not table.locator(".nabla-filters").count()
    assert opened.run("return JSON.stringify(notebook.widgets[3].model.sharedModel.toJSON());") == stored
    assert opened.run("return notebook.widgets.length;") == len(CELLS)


def test_groups_of_a_table_stay_together(opened):
    table = opened.page.locator(".jp-Cell").nth(1).locator(".nabla-table table").first
    table.hover()
    heads = opened.run("""
      const rows = [...notebook.widgets[1].node.querySelector('.nabla-table tbody').rows];
      return rows.map((row, index) => row.classList.contains('nb-r') ? null : [index, row.textContent]).filter(Boolean);""")
    assert len(heads) > 1
    table.locator("tr.nabla-heads th").last.click()
    assert heads == opened.run("""
      const rows = [...notebook.widgets[1].node.querySelector('.nabla-table tbody').rows];
      return rows.map((row, index) => row.classList.contains('nb-r') ? null : [index, row.textContent]).filter(Boolean);""")


NUMBERS = {"0.5": 0.5, "-2": -2, "−2": -2, "1.2·10^-5": 1.2e-5, "1 234": 1234, "—": None, "∞": "inf", "w₁₂": None, "3e-4": 3e-4}


def test_numbers_are_read_as_they_are_printed(opened, lab):
    read = opened.page.evaluate("""async ([address, texts]) => {
      const {numberIn, compare, passes} = await import(address);
      return [texts.map(text => { const n = numberIn(text.replace(/−/g, '-'));
                                  return Number.isNaN(n) ? null : n === Infinity ? 'inf' : n; }),
              passes('0.7', '> 0.5'), passes('0.3', '> 0.5'), passes('—', '> 0.5'), passes('w12', 'W1'), compare('—', '1')];
    }""", [f"{lab.base}/lab/extensions/jupyterlab-nabla/static/tables.js", list(NUMBERS)])
    assert read == [list(NUMBERS.values()), True, False, False, True, 1]
