"""Random cases with PyTorch's answers, which the tests compare with and a script makes anew."""

import argparse
import json
import math
import sys

import torch


def is_same(one, other):
    """Whether two cases say the same, but for the last places, which another processor rounds otherwise."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-10, abs_tol=1e-14)
    return one == other


def store_or_compare(stored, cases):
    """With `--write` the cases are stored; without, the exit status says whether they are those that are."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true", help=f"store the results in {stored.name}")
    if parser.parse_args().write:
        lines = ",\n".join("    " + json.dumps(each, ensure_ascii=False) for each in cases)
        peer = torch.__version__.partition("+")[0]
        stored.write_text(f'{{\n  "PyTorch": "{peer}",\n  "cases": [\n{lines}\n  ]\n}}\n', encoding="utf-8")
        return
    # As JSON has it, in which there are no tuples.
    same = is_same(json.loads(stored.read_text(encoding="utf-8"))["cases"], json.loads(json.dumps(cases)))
    print(f"{stored.name} says " + ("the same" if same else "something else"))
    sys.exit(0 if same else 1)
