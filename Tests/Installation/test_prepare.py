"""kernelspec/prepare on machines that lack something: what it says, and what it has installed."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = "bash cat dirname env grep mktemp rm sed touch".split()
UNSTARTABLE = (
    "swift: error while loading shared libraries: libncurses.so.6: cannot open shared object file: "
    "No such file or directory"
)
UNLINKABLE = "clang: error: unable to execute command: posix_spawn failed: No such file or directory"


class Machine:
    """A PATH of a few tools and of commands that pretend. In those, $HERE is the machine's folder."""

    def __init__(self, folder):
        self.folder, self.bin, self.log = folder, folder / "bin", folder / "log"
        self.bin.mkdir()
        self.log.touch()
        for name in TOOLS:
            (self.bin / name).symlink_to(shutil.which(name))
        self.has("id", "echo 0")
        self.has("git")
        self.has("pkg-config")
        self.has("swift")
        self.has("swiftc")
        self.has("apt-get", 'echo "apt-get $*" >>"$HERE/log"; [ "$1" != install ] || touch "$HERE/installed"')

    def has(self, name, script="exit 0"):
        (self.bin / name).write_text(f"#!{shutil.which('bash')}\nHERE={self.folder}\n{script}\n")
        (self.bin / name).chmod(0o755)

    def lacks(self, name):
        (self.bin / name).unlink()

    def prepares(self, what):
        """Runs one function of kernelspec/prepare, as kernelspec/lab does."""
        return subprocess.run(
            [shutil.which("bash"), "-euo", "pipefail", "-c", f'source "{ROOT}/kernelspec/prepare"; {what}'],
            env={"PATH": str(self.bin), "HOME": str(self.folder), "LANG": "C.UTF-8"},
            capture_output=True,
            text=True,
            timeout=20,
        )

    @property
    def installed(self):
        """The packages that were asked for."""
        lines = re.findall(r"^apt-get install (.*)", self.log.read_text(), re.M)
        return {word for line in lines for word in line.split() if not word.startswith("-")}


def failing(message, status, unless="installed"):
    return f'[ -e "$HERE/{unless}" ] || {{ echo "{message}" >&2; exit {status}; }}'


def array(name):
    """An array of kernelspec/prepare."""
    script = f'source "{ROOT}/kernelspec/prepare"; printf "%s\\n" "${{{name}[@]}}"'
    return subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True).stdout.split()


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def test_where_all_is_there_nothing_is_said_or_installed(machine):
    result = machine.prepares("prepare_libraries")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert machine.log.read_text() == ""


def test_a_swift_that_does_not_start_gets_its_packages_and_the_reason_is_said_first(machine):
    machine.has("swift", failing(UNSTARTABLE, 127))
    result = machine.prepares("prepare_libraries")
    assert result.returncode == 0, result.stderr
    assert machine.installed == set(array("swift_packages")) >= {"g++", "libncurses6"}
    missing = f"Missing on this machine: {' '.join(array('swift_packages'))}\n"
    order = [result.stdout.index(text) for text in (UNSTARTABLE, missing, "Installing")]
    assert order == sorted(order)


def test_a_swift_that_cannot_link_gets_its_packages(machine):
    machine.has("swiftc", failing(UNLINKABLE, 1))
    result = machine.prepares("prepare_libraries")
    assert result.returncode == 0, result.stderr
    assert UNLINKABLE in result.stdout and machine.installed == set(array("swift_packages"))


def test_a_swift_that_still_does_not_work_ends_with_what_it_said(machine):
    machine.has("swift", failing("libtinfo.so.99: no such file", 127, unless="never"))
    result = machine.prepares("prepare_libraries")
    assert result.returncode == 1
    assert f"this Swift does not work: {machine.bin}/swift\n" in result.stderr
    assert "libtinfo.so.99: no such file" in result.stderr


def test_no_swift_is_answered_by_where_it_comes_from(machine):
    machine.lacks("swift")
    result = machine.prepares("prepare_libraries")
    assert result.returncode == 1 and "https://www.swift.org/install" in result.stderr
    assert machine.installed == set()


def test_only_what_is_missing_is_installed(machine):
    machine.lacks("git")
    machine.has("pkg-config", '[ "$2" != sqlite3 ]')
    assert machine.prepares("prepare_libraries").returncode == 0
    assert machine.installed == {"git", "libsqlite3-dev"}


def test_who_is_not_root_installs_by_sudo(machine):
    machine.lacks("git")
    machine.has("id", "echo 1000")
    machine.has("sudo", 'echo "sudo" >>"$HERE/log"; exec "$@"')
    assert machine.prepares("prepare_libraries").returncode == 0
    assert machine.log.read_text().count("sudo\napt-get ") == 2 and machine.installed == {"git"}


@pytest.mark.parametrize("lacking", ["sudo", "apt-get"])
def test_where_nothing_can_be_installed_the_packages_are_named(machine, lacking):
    machine.has("swift", failing(UNSTARTABLE, 127))
    machine.has("id", "echo 1000")
    machine.has("sudo", 'exec "$@"')
    machine.lacks(lacking)
    result = machine.prepares("prepare_libraries")
    assert result.returncode == 1 and f"there is no {lacking}" in result.stderr
    assert UNSTARTABLE in result.stdout and "g++ libcurl4 libncurses6 libxml2" in result.stderr


def test_an_old_python_is_named(machine):
    machine.has("python3", 'case $* in *version_info*) exit 1 ;; --version) echo "Python 3.9.2" ;; esac')
    result = machine.prepares("prepare_python")
    assert result.returncode == 1 and "Python 3.9.2 is too old" in result.stderr


def test_a_python_without_venv_gets_it(machine):
    machine.has("python3", 'case $* in *ensurepip*) exit 1 ;; esac')
    assert machine.prepares("prepare_python").returncode == 0
    assert machine.installed == {"python3-venv"}


def test_the_readme_names_every_package():
    text = (ROOT / "README.md").read_text()
    script = (ROOT / "kernelspec/prepare").read_text()
    packages = set(array("swift_packages"))
    packages |= {name for names in re.findall(r"missing\+=\(([\w+ -]+)\)", script) for name in names.split()}
    packages -= {"python3"}
    assert {"libzmq3-dev", "python3-venv", "g++"} <= packages
    assert {name for name in packages if f"`{name}`" not in text} == set()
