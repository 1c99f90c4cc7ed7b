"""Front ends other than JupyterLab, each with the kernel of the wheel that is installed beside them."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
sys.path.insert(0, str(ROOT / "Tests/Browser"))

import notebook_page  # noqa: E402

_specification = importlib.util.spec_from_file_location("browser_fixtures", ROOT / "Tests/Browser/conftest.py")
_fixtures = importlib.util.module_from_spec(_specification)
_specification.loader.exec_module(_fixtures)
browser, page, notebook = _fixtures.browser, _fixtures.page, _fixtures.notebook

SHOWN = [
    "network N { input 2; dense 3, sigmoid; dense 1, sigmoid; loss bce }\nd = dataset(xor);\nforward(N, d.X)",
    "explain ∂(x^2)/∂x",
    "diagram(N)",
    "plot(sigmoid, relu)",
    "h = train(N, d, epochs = 20000, learning_rate = 1, watch = boundary)\nplot(h)",
    "explore(diagram(forward(N, [1, a])), a = 0:0.5:1)",
]


@pytest.fixture(autouse=True)
def nobody_elses_settings(tmp_path_factory, monkeypatch):
    """Jupyter's settings and files are those of this test; the kernelspec is the environment's."""
    folder = tmp_path_factory.mktemp("jupyter")
    for name in ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR"):
        monkeypatch.setenv(f"JUPYTER_{name}", str(folder / name.lower()))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "1")
    monkeypatch.setenv("NABLA_HISTORY", "none")
    monkeypatch.setenv("PATH", f"{BIN}:{os.environ['PATH']}")


@pytest.fixture
def run():
    """Runs a command of the environment in a folder; what it says."""

    def command(*words, folder, status=0, timeout=120, **options):
        result = subprocess.run([BIN / words[0], *words[1:]], cwd=folder, capture_output=True, text=True, timeout=timeout, **options)
        assert result.returncode == status, f"{words}\n{result.stdout}\n{result.stderr}"
        return result.stdout + result.stderr

    return command


@pytest.fixture
def shown(tmp_path):
    """A notebook with a table, a derivation, a diagram and a chart, which has not run."""
    notebook_page.write_notebook(tmp_path / "shown.ipynb", *SHOWN)
    return tmp_path / "shown.ipynb"
