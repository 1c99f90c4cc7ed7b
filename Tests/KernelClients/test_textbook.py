"""Textbook derivatives in the kernel, entry by entry beside SymPy's and PyTorch's.

textbook.json holds them; Tests/Benchmarks/textbook.py wrote it, and neither peer is needed here.
"""

import json
import re
from pathlib import Path

import pytest

RESOURCE = "application/vnd.dataresource+json"
TEXTBOOK = json.loads(Path(__file__).with_name("textbook.json").read_text(encoding="utf-8"))
CASES = TEXTBOOK["cases"]


def over(cases):
    return pytest.mark.parametrize("case", cases, ids=[case["title"].replace(" ", "-") for case in cases])


every_case = over(CASES)
every_published_form = over([case for case in CASES if "published" in case])


def shown(raw, code, timeout=10):
    """The data of a cell's last output, by media type; an error fails the test with its traceback."""
    identity = raw.execute(code)
    raw.reply(identity, timeout=timeout)
    data = {}
    for kind, content in raw.broadcasts(identity, timeout):
        if kind == "error":
            pytest.fail(f"{code}\n" + "\n".join(content["traceback"]), pytrace=False)
        if kind in ("execute_result", "display_data"):
            data = content["data"]
    return data


def resource(raw, code):
    """The rows of a cell's result at full precision."""
    return shown(raw, code)[RESOURCE]["data"]


def sizes_and_numbers(raw, code, dimensions):
    """The shape of a value and its entries row by row; a list, as of an index form, is read part by part."""
    if dimensions > 2:
        count = int(resource(raw, f"shape({code})")[0]["value"])
        parts = [sizes_and_numbers(raw, f"{code}[{i}]", dimensions - 1) for i in range(1, count + 1)]
        return [count, *parts[0][0]], [value for _, values in parts for value in values]
    rows = resource(raw, code)
    sizes = [max(row[name] for row in rows) for name in ("index", "row", "column") if name in rows[0]]
    return sizes, [row["value"] for row in rows]


def literal(value):
    """A number, vector or matrix as Nabla reads it: JSON's lists are Nabla's."""
    return json.dumps(value)


def close(first, second):
    return abs(first - second) <= 1e-10 * max(1, abs(first), abs(second))


def symbols(formula):
    """Names, numbers and signs of a formula in input notation; brackets and commas, which print needs, do not count."""
    return re.findall(r"\w+|[^\w\s()\[\],]", formula)


def test_there_are_at_least_three_hundred_cases_of_two_peers():
    assert len(CASES) >= 300
    assert set(TEXTBOOK["peers"]) == {"SymPy", "PyTorch"} and all(TEXTBOOK["peers"].values())


@every_case
def test_every_entry_agrees_with_the_peers(raw, case):
    shown(raw, case["source"])
    assert shown(raw, case["derivative"])["text/plain"]
    shown(raw, f"result = ({case['derivative']})({', '.join(map(literal, case['point'].values()))})")
    sizes, values = sizes_and_numbers(raw, "result", len(case["shape"]))
    assert sizes == case["shape"]
    wrong = [(value, expected) for value, expected in zip(values, case["expected"], strict=True)
             if not close(value, expected)]
    assert not wrong


@every_case
def test_differences_agree(raw, case):
    shown(raw, case["source"])
    point = ", ".join(f"{name} = {literal(value)}" for name, value in case["point"].items())
    for function in case["check"]:
        rows = resource(raw, f"gradcheck({function}, {point})")
        assert rows and all(row["relative_error"] <= 1e-6 for row in rows)


@every_published_form
def test_the_result_is_not_longer_than_the_published_one(raw, case):
    shown(raw, case["source"])
    formula = shown(raw, case["derivative"])["text/plain"].splitlines()[0]
    assert len(symbols(formula)) <= len(symbols(case["published"])), f"{formula}\n{case['published']}"
