"""Fixtures: the executable, its kernelspec in a folder of its own, and kernels started from it."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXECUTABLE = Path(os.environ.get("NABLA_EXECUTABLE", ROOT / ".build/release/nabla")).resolve()


def pytest_configure(config):
    """Installs the kernelspec before any test module asks Jupyter for it."""
    import tempfile

    prefix = tempfile.mkdtemp(prefix="nabla-kernelspec-")
    config.nabla_prefix = prefix
    subprocess.run([EXECUTABLE, "install", "--prefix", prefix], check=True, stdout=subprocess.DEVNULL)
    os.environ["JUPYTER_PATH"] = str(Path(prefix) / "share/jupyter")
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "0"


def pytest_unconfigure(config):
    import shutil

    shutil.rmtree(config.nabla_prefix, ignore_errors=True)


@pytest.fixture(scope="session")
def executable():
    return EXECUTABLE


@pytest.fixture
def kernel():
    """A fresh kernel and a ready client, by jupyter_client."""
    from notebook_client import started

    with started() as pair:
        yield pair


@pytest.fixture
def raw():
    """A fresh kernel and a raw client."""
    from raw_client import RawKernel

    with RawKernel(EXECUTABLE) as kernel:
        yield kernel
