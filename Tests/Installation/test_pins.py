"""kernelspec/constraints.txt, resolved for every Python that JupyterLab takes, without having them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from uv import find_uv_bin

ROOT = Path(__file__).resolve().parents[2]
CONSTRAINTS = ROOT / "kernelspec/constraints.txt"
REQUIREMENTS = [ROOT / "kernelspec/requirements.txt", ROOT / "Tests/requirements.txt"]
# The first and the last (99) of each series, Debian 12's and 13's own, and both sides of 3.11.5, from which
# on a package has another pin.
PYTHONS = """
    3.10.0 3.10.99 3.11.0 3.11.2 3.11.4 3.11.5 3.11.99 3.12.0 3.12.99 3.13.0 3.13.5 3.13.99 3.14.0 3.14.99
    3.15.0
""".split()
MACHINES = ["x86_64", "aarch64"]


@pytest.fixture(scope="module")
def resolve(tmp_path_factory):
    """resolve(PYTHON, MACHINE, CONSTRAINTS): what an installation would bring, as names and versions."""
    environment = {**os.environ, "UV_CACHE_DIR": str(tmp_path_factory.mktemp("uv"))}
    if index := index_of_pip():
        environment["UV_DEFAULT_INDEX"] = index

    def resolution(python, machine="x86_64", constraints=CONSTRAINTS):
        # Only wheels: a fresh machine has no compiler for a package's C. 2.34 is the oldest glibc of the
        # systems that Swift 6.3 is made for.
        result = subprocess.run(
            [find_uv_bin(), "pip", "compile", "--quiet", "--no-header", "--no-annotate", "--system-certs"]
            + ["--python", sys.executable, "--no-python-downloads", "--only-binary", ":all:"]
            + ["--python-version", python, "--python-platform", f"{machine}-manylinux_2_34"]
            + ["--constraints", constraints, *REQUIREMENTS],
            capture_output=True,
            text=True,
            env=environment,
        )
        assert result.returncode == 0, f"Python {python} on {machine}:\n{result.stderr}"
        return dict(re.findall(r"^(\S+)==(\S+)", result.stdout, re.M))

    return resolution


def index_of_pip():
    """uv does not read pip's settings; a machine that has its packages by those has them for uv, too."""
    setting = subprocess.run(
        [sys.executable, "-m", "pip", "config", "get", "global.index-url"], capture_output=True, text=True
    )
    return os.environ.get("PIP_INDEX_URL") or setting.stdout.strip()


def pins(python, machine="x86_64", constraints=CONSTRAINTS):
    """The pins that hold on a Python, as names and versions."""
    environment = {
        "python_full_version": python,
        "python_version": ".".join(python.split(".")[:2]),
        "platform_machine": machine,
        "implementation_name": "cpython",
        "os_name": "posix",
        "sys_platform": "linux",
    }
    found = {}
    for line in constraints.read_text().splitlines():
        if line and not line.startswith("#"):
            pin = Requirement(line)
            if pin.marker is None or pin.marker.evaluate(environment):
                name = canonicalize_name(pin.name)
                assert name not in found, f"two pins of {name} hold on Python {python}"
                found[name] = str(pin.specifier).removeprefix("==")
    return found


def floating(resolution, pinned):
    return {name: version for name, version in resolution.items() if pinned.get(name) != version}


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("python", PYTHONS)
def test_the_pins_resolve_and_nothing_floats(resolve, python, machine):
    resolution = resolve(python, machine)
    assert resolution["jupyterlab"] and resolution["pytest"]
    assert floating(resolution, pins(python, machine)) == {}


def test_a_pin_that_one_python_cannot_take_is_noticed(resolve, tmp_path):
    """soupsieve 4.1.1 needs Python 3.11.5; pinned for every Python, it kept Debian 12's from installing."""
    text = re.sub(r"^soupsieve==.*\n", "", CONSTRAINTS.read_text(), flags=re.M)
    constraints = tmp_path / "constraints.txt"
    constraints.write_text(text + "soupsieve==4.1.1\n")
    assert resolve("3.11.5", constraints=constraints)["soupsieve"] == "4.1.1"
    with pytest.raises(AssertionError, match=r"Python 3\.11\.2 on x86_64:[^§]*soupsieve"):
        resolve("3.11.2", constraints=constraints)


def test_a_package_without_a_pin_is_noticed(resolve, tmp_path):
    constraints = tmp_path / "constraints.txt"
    constraints.write_text(re.sub(r"^(six|tomli)==.*\n", "", CONSTRAINTS.read_text(), flags=re.M))
    for python, names in [("3.10.0", {"six", "tomli"}), ("3.11.2", {"six"})]:
        resolution = resolve(python, constraints=constraints)
        assert set(floating(resolution, pins(python, constraints=constraints))) == names


def test_the_pins_say_how_they_are_made_and_name_no_registry():
    """The command at their top makes them anew, with what it reads and writes as it is here."""
    text = CONSTRAINTS.read_text()
    command = next(line for line in text.splitlines() if " uv pip compile " in line)
    files = [str(path.relative_to(ROOT)) for path in [*REQUIREMENTS, CONSTRAINTS]]
    assert [word for word in command.split() if word.endswith(".txt")] == files
    assert "--universal" in command and "--python-version 3.10 " in command
    assert "://" not in text and not re.search(r"^-", text, re.M)
