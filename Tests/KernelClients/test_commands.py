"""The executable's other commands: install, uninstall, run, --version."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager


def nabla(executable, *arguments, **options):
    return subprocess.run([executable, *map(str, arguments)], capture_output=True, text=True, **options)


def test_install_writes_a_kernelspec_that_jupyter_reads(executable, tmp_path):
    result = nabla(executable, "install", "--prefix", tmp_path, "--name", "other", "--display-name", "Other ∇")
    assert result.returncode == 0, result.stderr
    folder = tmp_path / "share/jupyter/kernels/other"
    names = {path.name for path in folder.iterdir()}
    assert names == {
        "kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg", "reference.html", "reference.ipynb",
    }
    assert (folder / "logo-64x64.png").read_bytes().startswith(b"\x89PNG")
    manager = KernelSpecManager(kernel_dirs=[str(tmp_path / "share/jupyter/kernels")])
    spec = manager.get_kernel_spec("other")
    assert spec.argv == [str(executable), "kernel", "--connection-file", "{connection_file}"]
    assert (spec.display_name, spec.language, spec.interrupt_mode) == ("Other ∇", "nabla", "message")
    assert json.loads((folder / "kernel.json").read_text())["kernel_protocol_version"] == "5.6"


def test_uninstall_takes_away_what_install_wrote(executable, tmp_path):
    nabla(executable, "install", "--prefix", tmp_path)
    result = nabla(executable, "uninstall", "--prefix", tmp_path)
    assert result.returncode == 0
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert nabla(executable, "uninstall", "--prefix", tmp_path).returncode != 0


def test_install_brings_jupyterlab_the_colours_as_they_lie_here(executable, tmp_path):
    nabla(executable, "install", "--prefix", tmp_path)
    nabla(executable, "install", "--prefix", tmp_path, "--name", "other")
    folder = tmp_path / "share/jupyter/labextensions/jupyterlab-nabla"
    here = Path(__file__).resolve().parents[2] / "kernelspec/labextension"
    files = [here / "package.json", *(here / "static").iterdir()]
    assert [file.name for file in files if (folder / file.relative_to(here)).read_bytes() != file.read_bytes()] == []
    names = json.loads((folder / "static/nabla-names.js").read_text().partition("export default ")[2].rstrip(";\n"))
    assert "forward" in names["functions"] and "relu" in names["activations"] and "adam" in names["choices"]["optimizer"]
    nabla(executable, "uninstall", "--prefix", tmp_path, "--name", "other")
    assert (folder / "package.json").exists()


def test_user_is_the_default_and_follows_jupyters_folders(executable, tmp_path):
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "XDG"))}
    for environment, data in [
        ({"HOME": tmp_path / "home"}, tmp_path / "home/.local/share/jupyter"),
        ({"HOME": tmp_path / "home", "XDG_DATA_HOME": tmp_path / "xdg"}, tmp_path / "xdg/jupyter"),
        ({"HOME": tmp_path / "home", "JUPYTER_DATA_DIR": tmp_path / "data"}, tmp_path / "data"),
    ]:
        result = nabla(executable, "install", env=bare | {name: str(value) for name, value in environment.items()})
        assert result.returncode == 0, result.stderr
        assert (data / "kernels/nabla/kernel.json").exists()


def test_sys_prefix_is_that_of_python(executable, tmp_path):
    environment = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    path = f"{environment / 'bin'}{os.pathsep}{os.environ['PATH']}"
    result = nabla(executable, "install", "--sys-prefix", env={**os.environ, "PATH": path})
    assert result.returncode == 0, result.stderr
    assert (environment / "share/jupyter/kernels/nabla/kernel.json").exists()


def test_wrong_options_are_refused(executable, tmp_path):
    assert nabla(executable, "install", "--user", "--prefix", tmp_path).returncode != 0
    assert nabla(executable, "install", "--prefix", tmp_path, "--name", "../x").returncode != 0
    assert nabla(executable, "nonsense").returncode != 0
    assert nabla(executable, "kernel").returncode != 0


def test_run_prints_what_a_notebook_would_show(executable, tmp_path):
    file = tmp_path / "a.nabla"
    file.write_text('print("hello")\nx = 2;\nx + 1\nwarn("careful")\n')
    result = nabla(executable, "run", file)
    assert (result.returncode, result.stdout, result.stderr) == (0, "hello\n3\n", "careful\n")


def test_run_tells_an_error_by_its_exit_code(executable, tmp_path):
    file = tmp_path / "a.nabla"
    file.write_text("1 + 1\nunknown_name\n")
    result = nabla(executable, "run", file)
    assert result.returncode == 1 and result.stdout == "1 + 1 = 2\n" and "NameError" in result.stderr
    assert nabla(executable, "run", tmp_path / "missing.nabla").returncode != 0


@pytest.mark.parametrize("code", ["1 + 1", 'print("a")', "plot(sin)", 'warn("x")', "unknown_name", "table(1:9)"])
def test_run_tells_when_its_output_is_lost(executable, tmp_path, code):
    file = tmp_path / "a.nabla"
    file.write_text(code + "\n")
    with open("/dev/full", "w") as full:
        result = subprocess.run([executable, "run", file], stdout=full, stderr=full, timeout=60)
    assert result.returncode not in (0, -6)


@pytest.mark.parametrize("variables", [{}, {"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colours_are_for_terminals_that_want_them(executable, tmp_path, variables):
    import pty

    file = tmp_path / "a.nabla"
    file.write_text("try nosuch\nunknown_name\n")
    environment = {"TERM": "xterm", **{k: v for k, v in os.environ.items() if k not in ("TERM", "NO_COLOR")}, **variables}
    try:
        main, side = pty.openpty()
    except OSError:
        pytest.skip("no pseudo-terminals here")
    process = subprocess.run([executable, "run", file], stdout=side, stderr=side, env=environment)
    os.close(side)
    shown = os.read(main, 1 << 16)
    assert process.returncode == 1 and b"NameError" in shown
    assert (b"\x1b[" in shown) == (not variables)
    result = subprocess.run([executable, "run", file], capture_output=True, env=environment)
    assert b"\x1b" not in result.stderr + result.stdout and b"NameError" in result.stderr


def test_version(executable):
    result = nabla(executable, "--version")
    assert result.returncode == 0 and result.stdout.startswith("nabla 0.")
