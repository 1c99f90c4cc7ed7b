"""`explore` in Notebook 7, through all that may happen to a kernel: moved by keys, restarted, killed, closed, not trusted."""

import json
import secrets

import notebook_page
import pytest
import server as servers
from conftest import BIN, ROOT

PICTURES = ROOT / "Tests" / "artefacts" / "browser"
CELLS = [
    "network N { input 2; dense 3, sigmoid; dense 1, sigmoid; seed 2 }\nx = [0.5, -1]; y = [1];",
    "explore(diagram(backward(N, x, y)), explain loss(N, x, y), W[1][2,1] = -2:2)",
]
WIDGETS, PAGE = ".nabla-explore-widgets", ".nabla-explore"
SHOWN = """() => [...document.querySelectorAll('.nabla-explore-widgets, .nabla-explore')]
    .filter(n => n.getClientRects().length && n.offsetHeight > 20)
    .map(n => n.matches('.nabla-explore') ? 'page' : 'widgets').join()"""
# Notebook 7.6.5 has one of its own, of its settings, also without any extension.
OWN = ("(reading 'schema')", "notebook_core")


class Notebook7:
    """A notebook in Notebook 7, with what the page complains of."""

    def __init__(self, server, page):
        self.server, self.page, self.found = server, page, []
        page.on("pageerror", lambda error: self.found.append(error.stack or str(error)))
        page.on("console", lambda message: self.found.append(message.text) if message.type == "error"
                and "Failed to load resource" not in message.text else None)

    def open(self, name="sliders.ipynb"):
        self.page.goto(self.server.address(f"notebooks/{name}"), wait_until="domcontentloaded")
        self.page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
        self.page.wait_for_function("window.jupyterapp?.shell.currentWidget?.context?.isReady", timeout=30_000)

    def wait_for_kernel(self):
        self.page.wait_for_function("window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'", timeout=60_000)

    def do(self, command, **arguments):
        self.page.evaluate("([command, arguments]) => { window.jupyterapp.commands.execute(command, arguments); }", [command, arguments])

    def run_all(self):
        """Returns when the page, too, is there that is stored beside the widgets."""
        self.do("notebook:run-all-cells")
        self.page.wait_for_selector(f"{WIDGETS} .noUi-handle", timeout=60_000)
        self.page.wait_for_selector(PAGE, state="attached", timeout=60_000)
        self.wait_for_kernel()
        self.shows("widgets", 60)

    def save(self):
        self.page.evaluate("window.jupyterapp.shell.currentWidget.context.save()")

    def shows(self, what, seconds=30):
        try:
            self.page.wait_for_function(f"({SHOWN})() === '{what}'", timeout=seconds * 1000)
        except Exception:
            self.picture("wrong")
            raise AssertionError(f"{what} is not what is shown but {self.page.evaluate(SHOWN)}") from None

    def picture(self, name):
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.wait_for_timeout(400)
        self.page.screenshot(path=PICTURES / f"notebook-7-{name}.png")

    def check(self):
        found = [text for text in self.found if not all(part in text for part in OWN)]
        assert found == [], "\n".join(found)


@pytest.fixture
def server(tmp_path):
    token = secrets.token_hex(16)
    notebook_page.write_notebook(tmp_path / "sliders.ipynb", *CELLS)
    (tmp_path / "scratch").mkdir()
    command = [str(BIN / "jupyter-notebook"), "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1",
               f"--ServerApp.root_dir={tmp_path}", f"--IdentityProvider.token={token}", "--expose-app-in-browser"]
    with servers.started(command, tmp_path / "scratch", token) as server:
        server.folder = tmp_path
        yield server


@pytest.fixture
def explored(server, page):
    """An exploration that has just run."""
    notebook = Notebook7(server, page)
    notebook.open()
    notebook.wait_for_kernel()
    notebook.run_all()
    return notebook


def moved(page, count=5):
    """Moves the slider by keys; what is shown before and after."""
    text = f"() => document.querySelector('{WIDGETS}').textContent"
    before = page.evaluate(text)
    handle = page.locator(f"{WIDGETS} .noUi-handle")
    handle.focus()
    for _ in range(count):
        handle.press("ArrowRight")
    # Numbers that have changed are bold.
    page.wait_for_function(f"start => ({text})() !== start && !!document.querySelector('{WIDGETS} tspan[font-weight=bold]')",
                           arg=before, timeout=20_000)
    return before, page.evaluate(text)


def test_the_slider_moves_by_keys_and_is_there_again_after_a_reload(explored):
    moved(explored.page)
    explored.picture("moved")
    explored.save()
    explored.page.reload(wait_until="domcontentloaded")
    explored.page.wait_for_selector(f"{WIDGETS} .noUi-handle", timeout=60_000)
    explored.shows("widgets")
    before, after = moved(explored.page)
    assert before != after
    explored.check()


def test_after_a_restart_and_after_the_kernels_death_the_page_is_there(explored):
    page = explored.page
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    explored.shows("page")
    text = page.inner_text(PAGE)
    page.locator(f"{PAGE} input[type=range]").first.fill("10")
    assert page.inner_text(PAGE) != text
    explored.picture("restarted")
    explored.wait_for_kernel()
    explored.run_all()
    explored.server.kill_kernel(page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.id"))
    # The server starts another, and the page says so.
    page.get_by_text("appears to have died").wait_for(timeout=30_000)
    page.locator(".jp-Dialog .jp-mod-accept").click()
    explored.shows("page")
    explored.picture("died")
    explored.wait_for_kernel()
    explored.run_all()
    moved(page)
    explored.check()


def test_closed_and_opened_again(explored):
    explored.save()
    explored.page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    explored.page.goto("about:blank")
    again = Notebook7(explored.server, explored.page)
    again.open()
    again.shows("page", 60)
    again.page.locator(f"{PAGE} input[type=range]").first.fill("10")
    again.picture("reopened")
    explored.check()
    again.check()


def test_not_trusted_it_is_the_picture_at_the_start(explored, browser):
    explored.save()
    stored = json.loads((explored.server.folder / "sliders.ipynb").read_text().replace("Loss", "loss"))
    stored["cells"][0]["source"] += "\n# from elsewhere"
    stored["metadata"].pop("signature", None)
    (explored.server.folder / "foreign.ipynb").write_text(json.dumps(stored))
    context = browser.new_context(viewport={"width": 1100, "height": 1400})
    foreign = Notebook7(explored.server, context.new_page())
    foreign.open("foreign.ipynb")
    foreign.page.wait_for_selector(f"{PAGE} pre", timeout=30_000)
    assert foreign.page.locator(f"{PAGE} input").count() == 0
    assert "W[1][2,1] = " in foreign.page.inner_text(PAGE)
    foreign.picture("untrusted")
    foreign.check()
    context.close()
