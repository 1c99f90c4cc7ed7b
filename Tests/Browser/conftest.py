"""One JupyterLab on a copy of the notebooks, and one headless Chromium, for all browser tests."""

import os
import shutil

import notebook_page
import pytest
import server as servers
from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    scratch = tmp_path_factory.mktemp("lab")
    folder = scratch / "Notebooks"
    shutil.copytree(servers.ROOT / "Notebooks", folder, ignore=shutil.ignore_patterns(".*"))
    with servers.jupyterlab(folder, scratch) as server:
        server.folder = folder
        yield server


@pytest.fixture(scope="session")
def browser():
    executable = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    assert executable, f"none of {', '.join(NAMES)} is installed"
    arguments = ["--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars",
                 "--force-color-profile=srgb"]
    if os.getuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser):
    """A fresh page: no cookies, no storage of an earlier test."""
    context = browser.new_context(viewport={"width": 1100, "height": 1400})
    yield context.new_page()
    context.close()


@pytest.fixture
def notebook(page):
    return notebook_page.NotebookPage(page)
