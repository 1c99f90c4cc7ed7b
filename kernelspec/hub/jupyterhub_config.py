"""Nabla for a class: a JupyterHub in which everybody has the notebooks and a kernel of their own.

`jupyterhub -f jupyterhub_config.py` on one machine, or in the container that the Dockerfile beside this makes. What a lecture
needs other than this comes by the environment: NABLA_NOTEBOOKS (a folder that everybody gets a copy of),
NABLA_HUB_PASSWORD (one for all, for a container in a closed network; without it people log in with their accounts).
"""

import os
import shutil
import sys
from pathlib import Path

c = get_config()  # noqa: F821 - JupyterHub hands it over

NOTEBOOKS = Path(os.environ.get("NABLA_NOTEBOOKS", "/srv/nabla/Notebooks"))
HOMES = Path(os.environ.get("NABLA_HOMES", "/srv/nabla/homes"))
BIN = Path(sys.executable).parent
# No process of a student, server or kernel, has more than this; a kernel says so in the cell, and goes on.
ADDRESSES = 6 << 30

# The proxy is Python's, from PyPI; the usual one needs Node.
c.ConfigurableHTTPProxy.command = [str(BIN / "configurable-http-proxy")]
c.JupyterHub.bind_url = os.environ.get("NABLA_HUB_ADDRESS", "http://127.0.0.1:8000")

# A whole class logs in within the same minute; the defaults refuse the hundredth.
c.JupyterHub.concurrent_spawn_limit = 0
c.JupyterHub.active_server_limit = 0

if password := os.environ.get("NABLA_HUB_PASSWORD"):
    c.JupyterHub.authenticator_class = "dummy"
    c.DummyAuthenticator.password = password
    sys.path.insert(0, str(Path(__file__).parent))
    from nursery import NurserySpawner

    NurserySpawner.prepare()
    c.JupyterHub.spawner_class = NurserySpawner
    c.NurserySpawner.home_dir_template = str(HOMES / "{username}")
    c.NurserySpawner.address_space = ADDRESSES
    c.Spawner.cmd = [str(BIN / "jupyterhub-singleuser")]
else:
    c.Spawner.cmd = ["prlimit", f"--as={ADDRESSES}", str(BIN / "jupyterhub-singleuser")]
c.Authenticator.allow_all = True
c.Spawner.default_url = "/lab"
c.Spawner.http_timeout = 120
c.Spawner.start_timeout = 120
# What nobody uses in a lecture costs seconds of a server's start.
c.Spawner.args = [
    *(f"--ServerApp.jpserver_extensions={name}=False" for name in ("jupyter_lsp", "jupyter_server_terminals")),
    "--ServerApp.terminals_enabled=False",
    # A kernel that has not been asked for 20 minutes ends, also under an open page; one that computes does not. The
    # notebook and the history stay, the next cell starts another kernel.
    "--MappingKernelManager.cull_idle_timeout=1200",
    "--MappingKernelManager.cull_interval=60",
    "--MappingKernelManager.cull_connected=True",
    "--MappingKernelManager.cull_busy=False",
]
c.Spawner.environment = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def bring_notebooks(spawner):
    """A student who comes for the first time gets the notebooks; their own work stays."""
    home = HOMES / spawner.user.name
    if not home.exists() and NOTEBOOKS.is_dir():
        shutil.copytree(NOTEBOOKS, home, ignore=shutil.ignore_patterns(".*"))


if password:
    c.Spawner.pre_spawn_hook = bring_notebooks
