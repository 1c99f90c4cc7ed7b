#!/usr/bin/env python3
"""install.py PREFIX: puts the extension into the JupyterLab of this prefix.

The names that it colours are read from the language reference, which the kernel's registries write.
"""

import json
import re
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
REFERENCE = HERE.parents[1] / "Sources" / "Assistance" / "reference.md"


def sections(text):
    """The reference's parts: heading to text."""
    parts = re.split(r"^## (.*)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def rows(text):
    """The rows of all tables in a part; their cells, without the marks of code."""
    for line in re.findall(r"^\| (.*) \|$", text, flags=re.MULTILINE):
        cells = [cell.strip().strip("`") for cell in re.split(r"(?<!\\)\|", line)]
        if set(cells[0]) != {"-"}:
            yield [cell.replace("\\|", "|") for cell in cells]


def functions(parts):
    """Each function and command: its names, and its parameters with what they are."""
    for part in parts.values():
        for name, body in re.findall(r"^### `([^`(]+)\(.*\n((?:(?!###).*\n?)*)", part, flags=re.MULTILINE):
            summary = body.strip().split("\n")[0]
            also = re.search(r" Also ((?:`[^`]+`(?:, )?)+)\.$", summary)
            aliases = re.findall(r"`([^`]+)`", also[1]) if also else []
            yield [name, *aliases], [row for row in rows(body) if row[0] != "argument"]


def chosen_words(meaning):
    """The bare words that an argument can be: `sgd | adam; default sgd`, `a number, or all; …`."""
    choice = meaning.split(";")[0]
    if re.fullmatch(r"\w+( \| \w+)+", choice):
        return choice.split(" | ")
    return re.findall(r", or (\w+)$", choice)


def names(text):
    """What the mode knows by name."""
    parts = sections(text)
    block = [row[:2] for row in rows(parts["Words in a network block"])][1:]
    of_kind = {kind: [word for word, other in block if other == kind] for _, kind in block}
    found = {
        "functions": [],
        "constants": [row[0] for row in rows(parts["Constants"])][1:],
        "activations": of_kind["activation"],
        "losses": of_kind["loss"],
        "precisions": of_kind["precision"],
        # The words that can follow `keyword =`, and those that can be a function's first argument.
        "choices": {"init": of_kind["initializer"]},
        "firstArguments": {},
    }
    for spellings, parameters in functions(parts):
        found["functions"] += dict.fromkeys(spellings)
        for index, (parameter, meaning) in enumerate(parameters):
            if words := chosen_words(meaning):
                found["choices"].setdefault(parameter, []).extend(words)
                if index == 0:
                    found["firstArguments"].update((name, words) for name in spellings)
    empty = [kind for kind, words in found.items() if not words]
    assert not empty, f"{REFERENCE} names no {', '.join(empty)}"
    return found


def install(prefix):
    package = json.loads((HERE / "package.json").read_text())
    folder = Path(prefix) / "share" / "jupyter" / "labextensions" / package["name"]
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(HERE / "static", folder / "static")
    shutil.copy(HERE / "package.json", folder)
    text = json.dumps(names(REFERENCE.read_text(encoding="utf-8")), ensure_ascii=False, indent=1)
    (folder / "static" / "nabla-names.js").write_text(
        f"// Written by install.py from the language reference.\nexport default {text};\n",
        encoding="utf-8")
    return folder


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    print(f"The extension for JupyterLab is in {install(sys.argv[1])}")
