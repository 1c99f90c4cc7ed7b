"""The extension for Visual Studio Code: what its archive and manifest must hold, and its grammar run by Oniguruma, the engine that
VS Code runs it by. VS Code itself is not at hand here."""

import json
import xml.etree.ElementTree as ElementTree
import zipfile

import pytest
from babi.highlight import Grammars, highlight_line
from conftest import ROOT

ARCHIVES = sorted((ROOT / ".build/wheel").glob("nabla-*.vsix"))


@pytest.fixture(scope="module")
def extension(tmp_path_factory):
    assert len(ARCHIVES) == 1, f"there are {len(ARCHIVES)} extensions in .build/wheel"
    folder = tmp_path_factory.mktemp("vsix")
    with zipfile.ZipFile(ARCHIVES[0]) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    return folder


def test_the_archive_has_what_vs_code_reads(extension):
    package = json.loads((extension / "extension/package.json").read_text())
    # Without these VS Code does not install it.
    assert {"name", "publisher", "version", "engines"} <= set(package) and package["name"] == package["name"].lower()
    assert package["engines"]["vscode"].startswith("^1.")
    assert "main" not in package and "activationEvents" not in package
    language, = package["contributes"]["languages"]
    grammar, = package["contributes"]["grammars"]
    assert language["id"] == grammar["language"] == "nabla" and language["extensions"] == [".nabla"]
    for path in (language["configuration"], grammar["path"], package["icon"]):
        assert (extension / "extension" / path).is_file()
    name = "{http://schemas.microsoft.com/developer/vsx-schema/2011}"
    manifest = ElementTree.parse(extension / "extension.vsixmanifest")
    identity = manifest.find(f"{name}Metadata/{name}Identity")
    assert (identity.get("Id"), identity.get("Publisher"), identity.get("Version")) == tuple(
        package[key] for key in ("name", "publisher", "version"))
    assert manifest.find(f"{name}Installation/{name}InstallationTarget").get("Id") == "Microsoft.VisualStudio.Code"
    for asset in manifest.iter(f"{name}Asset"):
        assert (extension / asset.get("Path")).is_file()
    types = ElementTree.parse(extension / "[Content_Types].xml")
    known = {node.get("Extension") for node in types.getroot()}
    assert {file.suffix for file in extension.rglob("*") if file.is_file() and file.name != "[Content_Types].xml"} <= known


def test_comments_and_brackets_are_the_languages(extension):
    configuration = json.loads((extension / "extension/language-configuration.json").read_text())
    assert configuration["comments"] == {"lineComment": "#"}
    assert ["{", "}"] in configuration["brackets"]
    assert not any(pair["open"] == "'" for pair in configuration["autoClosingPairs"])


@pytest.fixture(scope="module")
def colours(extension, tmp_path_factory):
    """The scopes of each piece of a text, as the engine finds them."""
    folder = tmp_path_factory.mktemp("grammars")
    grammar = (extension / "extension/syntaxes/nabla.tmLanguage.json").read_text()
    (folder / "source.nabla.json").write_text(grammar)
    compiler = Grammars(str(folder)).compiler_for_scope("source.nabla")

    def pieces(text):
        state, found = compiler.root_state, []
        for index, line in enumerate(text.splitlines(keepends=True)):
            state, regions = highlight_line(compiler, state, line, first_line=index == 0)
            found += [(line[region.start:region.end].strip(), region.scope[-1].removesuffix(".nabla")) for region in regions]
        return [(text, scope) for text, scope in found if text and scope != "source"]

    return pieces


CASES = {
    "x = 2.5e-3  # it's": [("x", "variable.parameter"), ("=", "keyword.operator"), ("2.5e-3", "constant.numeric"),
                           ("# it's", "comment.line.number-sign")],
    "network Net {\n    dense 2, relu, W = v'\n}": [
        ("network", "storage.type"), ("Net", "entity.name.type"), ("dense", "keyword.other.item"), ("2", "constant.numeric"),
        (",", "punctuation.separator"), ("relu", "support.function"), (",", "punctuation.separator"),
        ("W", "variable.parameter"), ("=", "keyword.operator"), ("v", "variable.other"), ("'", "keyword.operator")],
    "g(z) = if z > 0 { true } else { run.loss }": [
        ("g", "entity.name.function"), ("z", "variable.other"), ("=", "keyword.operator"), ("if", "keyword.control"),
        ("z", "variable.other"), (">", "keyword.operator"), ("0", "constant.numeric"), ("true", "constant.language"),
        ("else", "keyword.control"), ("run", "variable.other"), ("loss", "variable.other.member")],
    'print("a # b", π, x₁², ŷ)': [
        ("print", "support.function"), ('"', "string.quoted.double"), ("a # b", "string.quoted.double"), ('"', "string.quoted.double"),
        (",", "punctuation.separator"), ("π", "constant.language"), (",", "punctuation.separator"), ("x₁", "variable.other"),
        ("²", "keyword.operator"), (",", "punctuation.separator"), ("ŷ", "variable.other")],
}


@pytest.mark.parametrize("text", CASES)
def test_words_have_the_scopes_that_themes_colour(colours, text):
    found = [(piece, scope) for piece, scope in colours(text) if piece not in "()[]{}"]
    assert [pair for pair in merged(found)] == merged(CASES[text])


def merged(pairs):
    """A text as one piece, however the engine divides it."""
    result = []
    for piece, scope in pairs:
        if result and scope.startswith("string") and result[-1][1] == scope:
            result[-1] = (result[-1][0] + piece, scope)
        else:
            result.append((piece, scope))
    return result


def test_every_cell_of_the_notebooks_is_coloured(colours):
    for path in sorted((ROOT / "Notebooks").glob("*.ipynb")):
        for cell in json.loads(path.read_text())["cells"]:
            if cell["cell_type"] == "code":
                found = dict(colours("".join(cell["source"])))
                assert found or not "".join(cell["source"]).strip()
