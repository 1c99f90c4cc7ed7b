#!/usr/bin/env python3
"""build_vsix.py EXECUTABLE FOLDER: packs the extension for Visual Studio Code, its grammar written from the kernel's registries.

A .vsix is a zip archive: the extension's files in `extension/`, and beside them the manifest of the archive and the types of its files.
"""

import json
import re
import sys
import tempfile
import zipfile
from pathlib import Path
from xml.sax.saxutils import quoteattr

from build_wheel import HERE, ROOT, names_of_editors, names_of_grammars, run

SOURCE = HERE.parent / "vscode"
ICON = ROOT / "kernelspec/logo-64x64.png"
NAME = r"[\p{L}\p{Nl}_][\p{L}\p{M}\p{Nd}_₀-ₜ]*"
END = r"(?![\p{L}\p{M}\p{Nd}_₀-ₜ])"
BEGIN = r"(?<![\p{L}\p{M}\p{Nd}_₀-ₜ.])"


def words(names):
    """A pattern of any of the words, alone; those that are letters, for signs are operators."""
    known = sorted((re.escape(name) for name in names if re.match(r"\w", name)), key=lambda name: (-len(name), name))
    return f"{BEGIN}(?:{'|'.join(known)}){END}"


def grammar(names):
    """A TextMate grammar with the scopes that themes know."""
    item = "|".join(re.escape(name) for name in names["items"])

    def rule(pattern, scope):
        return {"match": pattern, "name": f"{scope}.nabla"}

    return {
        "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
        "name": "Nabla",
        "scopeName": "source.nabla",
        "fileTypes": ["nabla"],
        "patterns": [
            rule(r"#.*$", "comment.line.number-sign"),
            {"begin": '"', "end": r'"|$', "name": "string.quoted.double.nabla",
             "patterns": [rule(r"\\.", "constant.character.escape")]},
            {"match": rf"(^|[{{;])(\s*)({item}){END}(?!\s*[=(])", "captures": {"3": {"name": "keyword.other.item.nabla"}}},
            {"match": rf"{BEGIN}(network|perceptron|layer)\s+({NAME})",
             "captures": {"1": {"name": "storage.type.nabla"}, "2": {"name": "entity.name.type.nabla"}}},
            rule(rf"{NAME}(?=\([^()]*\)\s*=(?!=))", "entity.name.function"),
            rule(rf"{NAME}(?=\s*=(?!=))", "variable.parameter"),
            {"match": rf"(\.)({NAME})", "captures": {"2": {"name": "variable.other.member.nabla"}}},
            rule(words(names["keywords"]), "keyword.control"),
            rule(words(["true", "false"]), "constant.language"),
            rule(words(names["constants"]), "constant.language"),
            rule(words(names["functions"] + names["activations"] + names["losses"]), "support.function"),
            rule(words(names["kinds"]), "support.type"),
            rule(NAME, "variable.other"),
            rule(r"(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?", "constant.numeric"),
            rule(r"[⁰¹²³⁴-⁹⁺⁻ⁿⁱᵀ]+|[=!<>]=|[-+*/^@·⋅×⊙⊗⊘−≤≥≠≈<>=:|‖∂∇√'′]", "keyword.operator"),
            rule(r"[,;.]", "punctuation.separator"),
        ],
    }


def manifest(package):
    """The archive's manifest. Source: the schema of Visual Studio's VSIX, as `vsce` writes it."""
    kinds = "".join(
        f"    <Asset Type={quoteattr(kind)} Path={quoteattr(path)} Addressable=\"true\" />\n"
        for kind, path in (
            ("Microsoft.VisualStudio.Code.Manifest", "extension/package.json"),
            ("Microsoft.VisualStudio.Services.Content.Details", "extension/README.md"),
            ("Microsoft.VisualStudio.Services.Icons.Default", "extension/icon.png")))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011" '
        'xmlns:d="http://schemas.microsoft.com/developer/vsx-schema-design/2011">\n'
        f'  <Metadata>\n    <Identity Language="en-US" Id={quoteattr(package["name"])} Version={quoteattr(package["version"])} '
        f'Publisher={quoteattr(package["publisher"])} />\n'
        f'    <DisplayName>{package["displayName"]}</DisplayName>\n'
        f'    <Description xml:space="preserve">{package["description"]}</Description>\n'
        f'    <Categories>{",".join(package["categories"])}</Categories>\n'
        '    <Properties>\n'
        f'      <Property Id="Microsoft.VisualStudio.Code.Engine" Value={quoteattr(package["engines"]["vscode"])} />\n'
        '      <Property Id="Microsoft.VisualStudio.Code.ExtensionKind" Value="ui,workspace" />\n'
        '    </Properties>\n    <Icon>extension/icon.png</Icon>\n  </Metadata>\n'
        '  <Installation>\n    <InstallationTarget Id="Microsoft.VisualStudio.Code" />\n  </Installation>\n'
        f'  <Dependencies />\n  <Assets>\n{kinds}  </Assets>\n</PackageManifest>\n')


TYPES = (
    '<?xml version="1.0" encoding="utf-8"?>\n<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension=".json" ContentType="application/json" /><Default Extension=".md" ContentType="text/markdown" />'
    '<Default Extension=".png" ContentType="image/png" /><Default Extension=".vsixmanifest" ContentType="text/xml" /></Types>\n')


def build(executable, target):
    with tempfile.TemporaryDirectory() as folder:
        run(executable, "install", "--prefix", folder)
        names = names_of_grammars(names_of_editors(Path(folder)))
    package = json.loads((SOURCE / "package.json").read_text(encoding="utf-8"))
    package["version"] = run(executable, "--version").split()[-1]
    files = {
        "extension.vsixmanifest": manifest(package), "[Content_Types].xml": TYPES,
        "extension/package.json": json.dumps(package, ensure_ascii=False, indent=2) + "\n",
        "extension/syntaxes/nabla.tmLanguage.json": json.dumps(grammar(names), ensure_ascii=False, indent=1) + "\n",
        "extension/icon.png": ICON.read_bytes(),
        **{f"extension/{name}": (SOURCE / name).read_bytes() for name in ("language-configuration.json", "README.md")},
    }
    target.mkdir(parents=True, exist_ok=True)
    for old in target.glob("nabla-*.vsix"):
        old.unlink()
    file = target / f"nabla-{package['version']}.vsix"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    print(f"{file}: {file.stat().st_size / 1e3:.1f} kB")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    build(sys.argv[1], Path(sys.argv[2]))
