"""What fuzzing has found, and some inputs of each kind: see Tests/Fuzz."""

import random
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Fuzz"))

import fuzz  # noqa: E402


@pytest.fixture
def target():
    target = fuzz.Target()
    yield target
    target.close()


@pytest.mark.parametrize("kind", fuzz.KINDS)
def test_the_corpus_is_survived(target, kind):
    maker = fuzz.KINDS[kind]
    for data in fuzz.known(kind):
        maker.feed(target, data)


@pytest.mark.parametrize("kind,count", [("cells", 300), ("wire", 500), ("connections", 10), ("notebooks", 10),
                                        *((suffix, 20) for suffix in fuzz.FORMATS)])
def test_some_new_inputs_are_survived(target, kind, count):
    """The same ones each time, so that a failure can be had again."""
    chance = random.Random(20_26)
    maker = fuzz.KINDS[kind]
    seeds = maker.seeds(chance)
    for _ in range(count):
        data = next(seeds)
        maker.feed(target, data)
        maker.feed(target, fuzz.mutated(data, chance))
