"""The wheel (kernelspec/wheel) in a bare Debian root, which has Python and nothing of Swift, sqlite or libzmq.

`pip install` brings the kernel, JupyterLab's colours, Pygments' lexer and papermill's parameters; each is used once, as a person would.
"""

import json
import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WHEELS = sorted((ROOT / ".build" / "wheel").glob("nabla_kernel-*.whl"))
# Where a root that was made once stays.
BARE = Path(os.environ.get("NABLA_BARE_ROOT", ROOT / ".build" / "bare-root"))
# Of the machine: what its network needs.
SETTINGS = ["resolv.conf", "hosts", "pip.conf", "ssl/certs/ca-certificates.crt"]
PACKAGES = ["nbclient", "nbconvert", "ipykernel", "papermill", "jupytext"]


def mirror():
    """Where this machine gets its Debian packages."""
    lists = [Path("/etc/apt/sources.list"), *Path("/etc/apt").glob("sources.list.d/*")]
    for line in "\n".join(file.read_text() for file in lists if file.is_file()).splitlines():
        if found := re.search(r"^(?:deb .*?|URIs: *)(\w+://\S+/debian/?)(?:\s|$)", line):
            return found[1]
    return None


@pytest.fixture(scope="session")
def bare():
    """A Debian root with Python alone, and the wheel installed there."""
    if os.getuid() != 0 or not shutil.which("debootstrap") or not mirror():
        pytest.skip("needs root, debootstrap and a mirror of Debian's packages")
    assert len(WHEELS) == 1, f"there are {len(WHEELS)} wheels in .build/wheel"
    if not (BARE / "usr/bin/python3").exists():
        suite = re.search(r"^VERSION_CODENAME=(\w+)", Path("/etc/os-release").read_text(), re.M)[1]
        subprocess.run(
            ["debootstrap", "--variant=minbase", "--include=ca-certificates,python3,python3-venv", suite, BARE, mirror()],
            check=True, stdout=subprocess.DEVNULL)
    for name in SETTINGS:
        if (Path("/etc") / name).exists():
            (BARE / "etc" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(Path("/etc") / name, BARE / "etc" / name)
    shutil.rmtree(BARE / "srv/nabla", ignore_errors=True)
    (BARE / "srv/nabla").mkdir(parents=True)
    shutil.copy(WHEELS[0], BARE / "srv/nabla")
    for notebook in (ROOT / "Notebooks").glob("*.ipynb"):
        shutil.copy(notebook, BARE / "srv/nabla")
    for folder in ("proc", "dev"):
        subprocess.run(["mount", "--bind", f"/{folder}", BARE / folder], check=True)
    try:
        inside(f"python3 -m venv --clear /srv/venv && /srv/venv/bin/pip install -q {' '.join(PACKAGES)}", timeout=600)
        started = time.monotonic()
        inside("/srv/venv/bin/pip install -q --no-deps /srv/nabla/nabla_kernel-*.whl")
        print(f"pip installs the wheel in {time.monotonic() - started:.1f} s")
        yield inside
    finally:
        for folder in ("proc", "dev"):
            subprocess.run(["umount", "-l", BARE / folder], check=False)


def inside(command, timeout=120):
    """Runs a shell's command in the bare root; its output."""
    environment = {"PATH": "/srv/venv/bin:/usr/local/bin:/usr/bin:/bin", "HOME": "/root", "LANG": "C.UTF-8", "NABLA_HISTORY": "none"}
    environment |= {name: os.environ[name] for name in ("PIP_CERT", "SSL_CERT_FILE") if name in os.environ}
    result = subprocess.run(
        [shutil.which("chroot"), BARE, "/bin/bash", "-c", f"cd /srv/nabla && {command}"], env=environment, capture_output=True, text=True,
        timeout=timeout)
    assert result.returncode == 0, f"{command}\n{result.stdout}\n{result.stderr}"
    return result.stdout + result.stderr


def test_the_wheel_is_small():
    assert WHEELS and WHEELS[0].stat().st_size <= 25_000_000


def test_the_executable_finds_its_libraries_in_the_wheel(bare):
    said = bare("ldd /srv/venv/bin/nabla")
    assert "not found" not in said
    assert "/srv/venv/lib/nabla/" in said.replace("bin/../", "")
    assert re.fullmatch(r"nabla \d+\.\d+\.\d+\n", bare("nabla --version"))


def test_a_notebook_runs_through_nbclient(bare):
    started = time.monotonic()
    bare("jupyter execute 03-forward-and-backward.ipynb --inplace")
    print(f"notebook 03 runs in {time.monotonic() - started:.1f} s")
    notebook = json.loads((BARE / "srv/nabla/03-forward-and-backward.ipynb").read_text())
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    assert outputs and not any(output["output_type"] == "error" for output in outputs)


def test_pages_have_the_colours_of_nablas_own_lexer(bare):
    assert "nabla_kernel.lexer" in bare("python3 -c 'from pygments.lexers import get_lexer_by_name as g; print(g(\"nabla\").__module__)'")
    # A notebook says what colours it, since the kernel that ran it last has said so.
    said = bare("jupyter execute 02-activations.ipynb --inplace && jupyter nbconvert --to html 02-activations.ipynb --output page.html")
    assert "No lexer" not in said
    page = (BARE / "srv/nabla/page.html").read_text()
    assert re.search(r'<span class="nb">sigmoid</span>', page)


def test_papermill_writes_parameters(bare):
    cells = [
        {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": "rate = 1; v = [0]; name = \"\"; flag = false"},
        {"cell_type": "code", "metadata": {}, "source": "check(rate, 0.25); check(sum(v), 6); check(M[2,1], 3)\nprint(name, flag)"},
    ]
    for cell in cells:
        cell |= {"outputs": [], "execution_count": None}
    notebook = {"cells": cells, "nbformat": 4, "nbformat_minor": 4, "metadata": {"kernelspec": {
        "name": "nabla", "language": "nabla", "display_name": "Nabla"}}}
    (BARE / "srv/nabla/in.ipynb").write_text(json.dumps(notebook))
    bare("papermill in.ipynb out.ipynb -p rate 0.25 -p name 'a \"b\"' -p flag True -y '{v: [1, 2, 3], M: [[1, 2], [3, 4]]}'")
    out = json.loads((BARE / "srv/nabla/out.ipynb").read_text())
    assert "a \"b\" true" in "".join("".join(output.get("text", "")) for cell in out["cells"] for output in cell.get("outputs", []))


def test_jupytext_takes_a_notebook_to_markdown_and_back(bare):
    bare("jupytext --to md:myst 01-perceptron.ipynb -o p.md && jupytext --to ipynb p.md -o back.ipynb")
    sources = [[cell["source"] for cell in json.loads((BARE / f"srv/nabla/{name}.ipynb").read_text())["cells"]
                if cell["cell_type"] == "code"] for name in ("01-perceptron", "back")]
    assert ["".join(source) for source in sources[0]] == ["".join(source) for source in sources[1]]


def test_uninstall_takes_all_of_it_away(bare):
    bare("nabla install --prefix /srv/other && test -e /srv/other/share/jupyter/labextensions/jupyterlab-nabla/package.json")
    bare("nabla uninstall --prefix /srv/other && test -z \"$(find /srv/other -type f)\"")
    bare("pip uninstall -q -y nabla-kernel && ! ls /srv/venv/bin/nabla 2>/dev/null && test -z \"$(find /srv/venv -path '*nabla*' -type f)\"")
