"""Random networks with random formulas for activations and loss, beside PyTorch's gradients.

random_networks.json holds them; Tests/Benchmarks/random_networks.py wrote it.
"""

import json
from pathlib import Path

import pytest
from test_textbook import literal, resource, shown

CASES = json.loads(Path(__file__).with_name("random_networks.json").read_text(encoding="utf-8"))["cases"]


def test_there_are_two_hundred():
    assert len(CASES) >= 200


@pytest.mark.parametrize(("precision", "tolerance"), [("float64", 1e-12), ("float32", 1e-5)])
@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_loss_and_gradients_are_pytorchs(raw, case, precision, tolerance):
    """In single precision too, beside PyTorch's in double."""
    network = case["network"].rstrip().removesuffix("}") + f"  precision {precision}\n}}"
    shown(raw, f"{case['definitions']}\n{network}\nX = {literal(case['X'])}\nY = {literal(case['Y'])}")
    [row] = resource(raw, "loss(N, X, Y)")
    assert row["value"] == pytest.approx(case["loss"], rel=tolerance)
    rows = resource(raw, "backward(N, X, Y)")
    for place, expected in enumerate(case["gradients"]):
        layer, parameter = place // 2 + 1, "Wb"[place % 2]
        values = [row["gradient"] for row in rows if (row["layer"], row["parameter"]) == (layer, parameter)]
        assert len(values) == len(expected)
        # Relative to the largest of the parameter's: a small one is a difference of large ones.
        scale = max(map(abs, expected))
        assert all(abs(a - b) <= tolerance * max(scale, abs(b)) for a, b in zip(values, expected))
