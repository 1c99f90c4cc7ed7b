#!/usr/bin/env python3
"""build_wheel.py EXECUTABLE FOLDER: packs the kernel and all that belongs to it into a wheel.

A wheel is a zip archive (PEP 427). What lies under `.data/scripts` goes into `bin`, what lies under `.data/data` beside it.
"""

import base64
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# What every Linux has, or has in one version only: not to be packed. Source: PEP 600, and the policies of auditwheel.
OF_THE_SYSTEM = re.compile(r"^(linux-vdso|ld-linux.*|libc|libm|libdl|librt|libpthread|libresolv|libutil|libnsl)\.so")
LIBRARIES = "lib/nabla"


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def libraries(executable):
    """The shared libraries that the executable loads, and those load, that a system may lack: name to file."""
    found = {}
    for line in run("ldd", executable).splitlines():
        match = re.match(r"\s*(\S+) => (\S+)", line)
        if match and not OF_THE_SYSTEM.match(match[1]):
            found[match[1]] = Path(match[2]).resolve()
    return found


def glibc(files):
    """The newest version of glibc's symbols that the files ask for: (2, 34)."""
    versions = [(2, 17)]
    for file in files:
        for major, minor in re.findall(r"GLIBC_(\d+)\.(\d+)", run("objdump", "-T", file)):
            versions.append((int(major), int(minor)))
    return max(versions)


def kernelspec(executable, folder):
    """The kernelspec as `nabla install` writes it, with a place of the executable that is right wherever it is installed."""
    run(executable, "install", "--prefix", folder)
    spec = folder / "share/jupyter/kernels/nabla/kernel.json"
    content = json.loads(spec.read_text(encoding="utf-8"))
    # Jupyter puts the kernelspec's own folder in: PREFIX/share/jupyter/kernels/nabla.
    content["argv"][0] = "{resource_dir}/../../../../bin/nabla"
    # Beside the wheel's lexer pages need no other language's.
    content["argv"] += ["--lexer", "nabla"]
    spec.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def names_of_editors(prefix):
    """What `nabla install` writes from the registries for JupyterLab."""
    file = prefix / "share/jupyter/labextensions/jupyterlab-nabla/static/nabla-names.js"
    return json.loads(file.read_text(encoding="utf-8").partition("export default ")[2].rstrip().rstrip(";"))


def names_of_grammars(known):
    """The same for grammars that go by words; with the words of blocks that stand in the mode for JupyterLab."""
    mode = (ROOT / "kernelspec/labextension/static/nabla-mode.js").read_text(encoding="utf-8")

    def listed(opening, closing):
        return re.findall(r"'(\w+)'", mode.partition(opening)[2].partition(closing)[0])

    statements = re.findall(r"^  (\w+):", mode.partition("const statements = {")[2].partition("};")[0], re.M)
    names = {kind: sorted(set(known[kind]), key=lambda name: (-len(name), name))
             for kind in ("functions", "constants", "activations", "losses")}
    names["items"] = sorted({*listed("const items = {", "};"), *known["layers"]})
    names["kinds"] = listed("const kinds = new Set([", "]")
    names["keywords"] = sorted({*statements, "else", "in", "and", "or", "not"} - {"network", "perceptron", "layer"})
    return names


def package(folder, names):
    """The Python package, with the names that the lexer colours."""
    shutil.copytree(HERE / "nabla_kernel", folder / "nabla_kernel", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HERE / "nabla_kernel.pth", folder)
    (folder / "nabla_kernel/names.json").write_text(json.dumps(names, ensure_ascii=False, indent=1), encoding="utf-8")


def metadata(folder, version, tag):
    information = folder / f"nabla_kernel-{version}.dist-info"
    information.mkdir()
    (information / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: nabla-kernel\nVersion: {version}\n"
        "Summary: A Jupyter kernel that lets you see inside a small neural network\nRequires-Python: >=3.10\n"
        "Requires-Dist: jupyter-client\n",
        encoding="utf-8")
    (information / "WHEEL").write_text(
        f"Wheel-Version: 1.0\nGenerator: nabla\nRoot-Is-Purelib: false\nTag: py3-none-{tag}\n", encoding="utf-8")
    (information / "entry_points.txt").write_text(
        "[pygments.lexers]\nnabla = nabla_kernel.lexer:NablaLexer\n\n"
        "[papermill.engine]\nnabla = nabla_kernel.papermill_engine:NablaEngine\n", encoding="utf-8")
    return information


def pack(folder, information, target):
    """Writes the archive, and in it the list of its files with their sums. The same files give the same bytes."""
    records = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:

        def add(name, content, mode):
            entry = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            entry.external_attr = mode << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)

        record = f"{information.name}/RECORD"
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            name, content = str(file.relative_to(folder)), file.read_bytes()
            sum_ = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            records.append(f"{name},sha256={sum_},{len(content)}")
            add(name, content, file.stat().st_mode)
        add(record, "\n".join([*records, f"{record},,", ""]), 0o100644)


def build(executable, target):
    version = run(executable, "--version").split()[-1]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "wheel"
        data = folder / f"nabla_kernel-{version}.data"
        scripts = data / "scripts"
        scripts.mkdir(parents=True)
        own = data / "data" / LIBRARIES
        own.mkdir(parents=True)
        for name, file in libraries(executable).items():
            shutil.copy(file, own / name)
            run("patchelf", "--set-rpath", "$ORIGIN", own / name)
        nabla = scripts / "nabla"
        shutil.copy(executable, nabla)
        # Another rpath than the usual one holds for the libraries of libraries too.
        run("strip", nabla)
        run("patchelf", "--force-rpath", "--set-rpath", f"$ORIGIN/../{LIBRARIES}", nabla)
        for library in own.iterdir():
            library.chmod(0o755)
        kernelspec(executable, data / "data")
        settings = data / "data/etc/jupyter/jupyter_server_config.d"
        settings.mkdir(parents=True)
        shutil.copy(HERE / "jupyter_server_config.json", settings / "nabla_kernel.json")
        package(folder, names_of_grammars(names_of_editors(data / "data")))
        major, minor = glibc([nabla, *own.iterdir()])
        tag = f"manylinux_{major}_{minor}_{platform.machine()}"
        information = metadata(folder, version, tag)
        target.mkdir(parents=True, exist_ok=True)
        for old in target.glob("nabla_kernel-*.whl"):
            old.unlink()
        wheel = target / f"nabla_kernel-{version}-py3-none-{tag}.whl"
        pack(folder, information, wheel)
        print(f"{wheel}: {os.path.getsize(wheel) / 1e6:.1f} MB")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    build(sys.argv[1], Path(sys.argv[2]))
