"""Random layers of lines beside PyTorch's losses and gradients; what explains them is read back by audit.

random_layers.json holds them; Tests/Benchmarks/random_layers.py wrote it.
"""

import json
import os
from pathlib import Path

import pytest
from test_textbook import RESOURCE, resource, shown

CASES = json.loads(Path(__file__).with_name("random_layers.json").read_text(encoding="utf-8"))["cases"]
# Explanations take longer than passes: a few in every run, all by ./Tests/run audits.
EXPLAINED = CASES if "NABLA_SWEEP" in os.environ else CASES[::10]


def over(cases):
    return pytest.mark.parametrize("case", cases, ids=[str(case["seed"]) for case in cases])


def test_there_are_two_hundred():
    assert len(CASES) >= 200


@pytest.mark.parametrize(("precision", "tolerance"), [("float64", 1e-12), ("float32", 2e-5)])
@over(CASES)
def test_loss_and_gradients_are_pytorchs(raw, case, precision, tolerance):
    """In single precision too, beside PyTorch's in double."""
    network = case["network"].rstrip().removesuffix("}") + f"    precision {precision}\n}}"
    shown(raw, f"{case['layer']}\n{network}\n{case['data']}")
    [row] = resource(raw, "loss(N, X, Y)")
    assert row["value"] == pytest.approx(case["loss"], rel=tolerance, abs=1e-2 * tolerance)
    rows = resource(raw, "backward(N, X, Y)")
    # Relative to the largest of all: small ones are differences of large ones.
    largest = max(abs(entry) for _, _, gradient in case["gradients"] for entry in gradient)
    for layer, parameter, expected in case["gradients"]:
        values = [row["gradient"] for row in rows if (row["layer"], row["parameter"]) == (layer, parameter)]
        assert len(values) == len(expected), (layer, parameter)
        scale = max(map(abs, expected)) if precision == "float64" else largest
        assert all(abs(a - b) <= tolerance * max(scale, 1e-3 * largest) for a, b in zip(values, expected)), (layer, parameter)


@over(CASES)
def test_gradcheck_finds_them_right(raw, case):
    shown(raw, f"{case['layer']}\n{case['network']}\n{case['data']}")
    assert "✗" not in shown(raw, "gradcheck(N, X, Y)")["text/plain"]


@over(EXPLAINED)
def test_what_explains_them_is_right(raw, case):
    """Every line is recomputed from the numbers that it prints."""
    shown(raw, f"{case['layer']}\n{case['network']}\n{case['data']}")
    for call in ["forward(N, X)", "backward(N, X, Y)"]:
        lines = shown(raw, f"explain {call}", timeout=60)["text/plain"]
        rows = shown(raw, f"audit {call} {{\n{lines}\n}}", timeout=60)[RESOURCE]["data"]
        assert [row for row in rows if row["verdict"] not in ("right", "close")] == []
