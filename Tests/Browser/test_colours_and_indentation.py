"""The extension for JupyterLab (kernelspec/labextension), in a notebook and in a file."""

import re

import pytest
from notebook_page import NotebookPage, write_notebook
from server import ROOT, THEMES

PICTURES = ROOT / "Tests" / "artefacts" / "browser"
REFERENCE = ROOT / "Sources" / "Assistance" / "reference.md"

KEYWORD, DEFINED, VARIABLE = "keyword", "variableName.definition", "variableName"
DEFINED_FUNCTION = "variableName.function.definition"
BUILT_IN, KIND, WORD = "variableName.standard", "variableName.special", "labelName"
ARGUMENT, MEMBER, CONSTANT, BOOLEAN = "attributeName", "propertyName", "atom", "bool"
OPERATOR, STRING, NUMBER, COMMENT = "operator", "string", "number", "comment"
# What the cases below leave out: it is coloured by shape alone.
PLAIN = {"paren", "squareBracket", "brace", "separator", "derefOperator", "punctuation", NUMBER}

CASES = {
    "a ' behind a value is an operator, and no text begins": [
        "check(W[3]', f''(z))  # it's",
        ("check", BUILT_IN), ("W", VARIABLE), ("'", OPERATOR), ("f", VARIABLE), ("''", OPERATOR),
        ("z", VARIABLE), ("# it's", COMMENT)],
    "primes of a line do not pair": [
        "A'; (A @ B)' + sigmoid'(z)",
        ("A", VARIABLE), ("'", OPERATOR), ("A", VARIABLE), ("@", OPERATOR), ("B", VARIABLE),
        ("'", OPERATOR), ("+", OPERATOR), ("sigmoid", BUILT_IN), ("'", OPERATOR), ("z", VARIABLE)],
    "where no value stands, '…' is a text, as its help says": [
        "print('loss', \"a \\\" b'\")",
        ("print", BUILT_IN), ("'loss'", STRING), ('"a \\" b\'"', STRING)],
    "raised signs end a name, lowered ones belong to it": [
        "x₁² + Wᵀ + ŷ + x\u0302 + 2e",
        ("x₁", VARIABLE), ("²", OPERATOR), ("+", OPERATOR), ("W", VARIABLE), ("ᵀ", OPERATOR),
        ("+", OPERATOR), ("ŷ", VARIABLE), ("+", OPERATOR), ("x\u0302", VARIABLE), ("+", OPERATOR),
        ("e", CONSTANT)],
    "a network": [
        "network Net {\n  input x1, x2\n  dense 2, tanh, init = he, W = zeros(2, 2),\n    name = \"h\"\n"
        "  loss bce; seed 7\n  precision float32\n}",
        ("network", KEYWORD), ("Net", DEFINED), ("input", KEYWORD), ("x1", VARIABLE), ("x2", VARIABLE),
        ("dense", KEYWORD), ("tanh", BUILT_IN), ("init", ARGUMENT), ("=", OPERATOR), ("he", WORD),
        ("W", ARGUMENT), ("=", OPERATOR), ("zeros", BUILT_IN), ("name", ARGUMENT), ("=", OPERATOR),
        ('"h"', STRING), ("loss", KEYWORD), ("bce", BUILT_IN), ("seed", KEYWORD),
        ("precision", KEYWORD), ("float32", WORD)],
    "a perceptron": [
        "perceptron P { input 2; threshold 0 }\nthreshold",
        ("perceptron", KEYWORD), ("P", DEFINED), ("input", KEYWORD), ("threshold", KEYWORD),
        ("threshold", VARIABLE)],
    "the words of a block are names elsewhere": [
        "input = 3; dense = 4\nloss = loss(net, x, y)\nrun.loss + seed",
        ("input", DEFINED), ("=", OPERATOR), ("dense", DEFINED), ("=", OPERATOR), ("loss", DEFINED),
        ("=", OPERATOR), ("loss", BUILT_IN), ("net", VARIABLE), ("x", VARIABLE), ("y", VARIABLE),
        ("run", VARIABLE), ("loss", MEMBER), ("+", OPERATOR), ("seed", VARIABLE)],
    "an argument's keyword is no variable, and its word neither": [
        "train(net, dataset(xor), epochs = n, optimizer = adam)\nepochs == xor",
        ("train", BUILT_IN), ("net", VARIABLE), ("dataset", BUILT_IN), ("xor", WORD),
        ("epochs", ARGUMENT), ("=", OPERATOR), ("n", VARIABLE), ("optimizer", ARGUMENT),
        ("=", OPERATOR), ("adam", WORD), ("epochs", VARIABLE), ("==", OPERATOR), ("xor", VARIABLE)],
    "set, try, explain, symbols": [
        "set view = matrix\nset = 1\nd = explain step(net), layer = 2\ntry 1 / explain\n"
        "symbols w, x: vector(n), f: function",
        ("set", KEYWORD), ("view", ARGUMENT), ("=", OPERATOR), ("matrix", WORD), ("set", DEFINED),
        ("=", OPERATOR), ("d", DEFINED), ("=", OPERATOR), ("explain", KEYWORD), ("step", BUILT_IN),
        ("net", VARIABLE), ("layer", ARGUMENT), ("=", OPERATOR), ("try", KEYWORD), ("/", OPERATOR),
        ("explain", VARIABLE), ("symbols", KEYWORD), ("w", VARIABLE), ("x", VARIABLE),
        ("vector", KIND), ("n", VARIABLE), ("f", VARIABLE), ("function", KIND)],
    "a definition, with kinds": [
        "g(w: matrix(m, n), z) = if not z > 0 { true } else { m }\ng(z) == 1",
        ("g", DEFINED_FUNCTION), ("w", VARIABLE), ("matrix", KIND), ("m", VARIABLE), ("n", VARIABLE),
        ("z", VARIABLE), ("=", OPERATOR), ("if", KEYWORD), ("not", KEYWORD), ("z", VARIABLE),
        (">", OPERATOR), ("true", BOOLEAN), ("else", KEYWORD), ("m", VARIABLE), ("g", VARIABLE),
        ("z", VARIABLE), ("==", OPERATOR)],
    "loops": [
        "for i in 1:5 { print(i) }\n[j for j in in]",
        ("for", KEYWORD), ("i", DEFINED), ("in", KEYWORD), (":", OPERATOR), ("print", BUILT_IN),
        ("i", VARIABLE), ("j", VARIABLE), ("for", KEYWORD), ("j", DEFINED), ("in", KEYWORD),
        ("in", VARIABLE)],
    "derivatives": [
        "∂sin(x)/∂x @ ∇f",
        ("∂", OPERATOR), ("sin", BUILT_IN), ("x", VARIABLE), ("/∂", OPERATOR), ("x", VARIABLE),
        ("@", OPERATOR), ("∇", OPERATOR), ("f", VARIABLE)],
    "an unfinished text ends with its line": [
        't = "half\nx = 1', ("t", DEFINED), ("=", OPERATOR), ('"half', STRING), ("x", DEFINED),
        ("=", OPERATOR)],
    "inside brackets a new line begins no statement": [
        "step(net,\n  set = 2,\n)\nset = 2",
        ("step", BUILT_IN), ("net", VARIABLE), ("set", ARGUMENT), ("=", OPERATOR), ("set", DEFINED),
        ("=", OPERATOR)],
}
SHOWN = "\n\n".join(lines for lines, *_ in list(CASES.values())[:11])


@pytest.fixture(scope="module")
def cell(lab, browser):
    """One notebook of one cell for all tests that bring a source of their own."""
    context = browser.new_context()
    notebook = NotebookPage(context.new_page())
    notebook.hear_complaints()
    write_notebook(lab.folder / "one-cell.ipynb", "")
    notebook.open(lab, "one-cell.ipynb")
    notebook.wait_for_kernel()
    yield notebook
    context.close()
    assert notebook.failures == []


def pieces(notebook, source):
    """The source as the editor divides it: each piece with its kind."""
    tokens = notebook.run("""
      const editor = notebook.widgets[0].editor;
      editor.model.sharedModel.setSource(argument);
      return editor.getTokens();""", source)
    return [(token["value"], token["type"]) for token in tokens]


def kinds_of(notebook, source, word):
    return {kind for text, kind in pieces(notebook, source) if text == word}


@pytest.mark.parametrize("case", CASES)
def test_a_word_is_coloured_for_what_it_means_where_it_stands(cell, case):
    source, *expected = CASES[case]
    assert [piece for piece in pieces(cell, source) if piece[1] not in PLAIN] == expected


def test_every_name_that_the_kernel_completes_has_its_colour(cell):
    """So that the extension's lists are the kernel's own."""
    matches = cell.run("""
      const kernel = panel.sessionContext.session.kernel;
      const reply = await kernel.requestComplete({code: '', cursor_pos: 0});
      return reply.content.metadata._jupyter_types_experimental;""")
    names = {kind: [match["text"] for match in matches if match["type"] == kind]
             for kind in {match["type"] for match in matches}}
    assert {"train", "σ"} <= set(names["function"]) and "π" in names["constant"]
    for name in names["function"]:
        assert kinds_of(cell, f"y + {name}(x)", name) == {BUILT_IN}, name
        if name != "√":
            assert kinds_of(cell, f"{name} = 1\nr.{name}", name) == {DEFINED, MEMBER}, name
    for name in names["constant"]:
        assert kinds_of(cell, f"y + {name}", name) == {CONSTANT}, name


def test_every_keyword_and_word_of_the_reference_has_its_colour(cell):
    text = REFERENCE.read_text(encoding="utf-8")
    section = text.split("## Keywords")[1].split("##")[0]
    keywords = re.findall(r"^\| `(\w+)` \| .* \| `(.*)` \|$", section, flags=re.MULTILINE)
    assert len(keywords) >= 20
    # Between the number of inputs and the loss stand the layers.
    order = [keyword for keyword, _ in keywords]
    layers = order[order.index("input") + 1:order.index("loss")]
    assert {"dense", "lstm"} <= set(layers)
    for keyword, usage in keywords:
        of_perceptrons = {"threshold", "strict", "outputs"}
        block = "perceptron P" if keyword in of_perceptrons else "network N"
        is_item = keyword in {"input", "loss", "seed", "precision", "residual", *layers, *of_perceptrons}
        source = f"{block} {{\n{usage}\n}}" if is_item else usage
        expected = BOOLEAN if keyword in {"true", "false"} else KEYWORD
        assert kinds_of(cell, source, keyword) == {expected}, source
        if not is_item:
            assert KEYWORD not in kinds_of(cell, f"{keyword} = 1\nr.{keyword}", keyword), keyword
    lines = {"activation": ("dense 2, {}", BUILT_IN), "loss": ("loss {}", BUILT_IN),
             "initializer": ("dense 2, relu, init = {}", WORD), "precision": ("precision {}", WORD)}
    words = re.findall(rf"^\| `(\S+)` \| ({'|'.join(lines)}) \|", text, flags=re.MULTILINE)
    assert {kind for _, kind in words} == set(lines)
    for word, kind in words:
        line, expected = lines[kind]
        source = f"network N {{\n{line.format(word)}\n}}"
        assert kinds_of(cell, source, word) == {expected}, source


@pytest.mark.parametrize("theme", THEMES)
def test_the_colours_are_those_of_the_theme(lab, notebook, theme):
    lab.set_theme(theme)
    notebook.hear_complaints()
    write_notebook(lab.folder / "colours.ipynb", SHOWN)
    notebook.open(lab, "colours.ipynb")
    notebook.wait_for_kernel()
    notebook.page.locator('.cm-line span:text-is("network")').wait_for()
    notebook.pictures(PICTURES, f"colours-{theme}")
    seen = notebook.run("""
      const probe = document.body.appendChild(document.createElement('i'));
      const spans = [...notebook.node.querySelectorAll('.cm-line span')];
      return argument.map(([text, color]) => {
        probe.style.color = `var(--jp-mirror-editor-${color}-color)`;
        const span = spans.find(span => span.textContent === text);
        return [text, span && getComputedStyle(span).color === getComputedStyle(probe).color];
      });""", [["network", "keyword"], ["Net", "def"], ["check", "builtin"], ["epochs", "attribute"],
               ["adam", "string-2"], ["'", "operator"], ["'loss'", "string"], ["vector", "variable-2"],
               ["true", "keyword"], ["e", "atom"]])
    assert seen == [[text, True] for text, _ in seen]
    assert notebook.failures == []


TYPED = {
    "a block, brackets, and a line that goes on": (
        ["network N {", "input 1", "dense 3, relu,", 'name = "a"', "dense 2, W = [", "1, 2;", "3, 4",
         "]", "}", "x = 1"],
        "network N {\n    input 1\n    dense 3, relu,\n        name = \"a\"\n    dense 2, W = [\n"
        "        1, 2;\n        3, 4\n    ]\n}\nx = 1"),
    "statements in statements": (
        ["for i in 1:3 {", "if i > 1 {", "print(", "i)", "}", "else {", "y = i +", "2", "}", "}"],
        "for i in 1:3 {\n    if i > 1 {\n        print(\n            i)\n    }\n    else {\n"
        "        y = i +\n            2\n    }\n}"),
    "a ' is not doubled": (["y = W' @ x", "z"], "y = W' @ x\nz"),
}


@pytest.mark.parametrize("case", TYPED)
def test_lines_are_indented_while_they_are_typed(cell, case):
    lines, expected = TYPED[case]
    pieces(cell, "")
    cell.page.locator(".jp-Cell .cm-content").click()
    for index, line in enumerate(lines):
        if index:
            cell.page.keyboard.press("Enter")
        cell.page.keyboard.type(line)
    assert cell.run("return notebook.widgets[0].model.sharedModel.source;") == expected


def test_comments_are_toggled(cell):
    pieces(cell, "f(x) = x'")
    source = "return notebook.widgets[0].model.sharedModel.source;"
    cell.page.locator(".jp-Cell .cm-content").click()
    cell.page.keyboard.press("Control+/")
    assert cell.run(source) == "# f(x) = x'"
    cell.page.keyboard.press("Control+/")
    assert cell.run(source) == "f(x) = x'"


def test_a_nabla_file_has_the_same_colours(lab, notebook):
    write_notebook(lab.folder / "beside.ipynb", "")
    notebook.hear_complaints()
    notebook.open(lab, "beside.ipynb")
    (lab.folder / "one.nabla").write_text("y = W' # it's\n", encoding="utf-8")
    tokens = notebook.page.evaluate("""async () => {
      const file = await window.jupyterapp.commands.execute('docmanager:open', {path: 'one.nabla'});
      await file.context.ready;
      await file.revealed;
      const editor = file.content.editor;
      return [editor.model.mimeType, editor.getTokens().map(token => [token.value, token.type])];
    }""")
    assert tokens == ["text/x-nabla", [["y", DEFINED], ["=", OPERATOR], ["W", VARIABLE], ["'", OPERATOR],
                                       ["# it's", COMMENT]]]
    assert notebook.failures == []
