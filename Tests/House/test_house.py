"""The order of Sources: folders in one direction, functions of a readable length, nothing that only tests need."""

import re

import house
import pytest

HOUSES = house.targets()
# Named by the system, by a protocol of another package, the text that reference.md is written from, and a reader of
# JSON's numbers beside that of its whole numbers.
CALLED_FROM_OUTSIDE = {"LanguageReference", "Nabla", "logLevel", "numberValue"}
# What displays that stay alive will ask of statements.
CALLED_FROM_OUTSIDE |= {"dependencies", "writes"}
# What the standard library's tables call.
CALLED_FROM_OUTSIDE |= {"_rawHashValue"}


@pytest.mark.parametrize("target", HOUSES)
def test_folders_use_each_other_in_one_direction(target):
    assert house.circles(house.uses(HOUSES[target])) == []


def test_a_circle_would_be_seen():
    files = {
        "a": ("A", "struct First {\n  let other: Second\n}"),
        "b": ("B", "struct Second {\n  func first() -> First? { nil }\n}"),
        "c": ("C", "struct Third {\n  let first: First\n}"),
    }
    assert house.circles(house.uses(files)) == [("A", "B")]


def test_no_function_is_longer_than_can_be_read_at_once():
    assert list(house.long_routines(house.LONGEST)) == []


def test_a_long_function_would_be_seen():
    text = "struct A {\n  func long(\n    a: Int\n  ) {\n" + "    work()\n" * 90 + "  }\n  var b: Int { 1 }\n}"
    assert [count for _, _, count in house.routines(text)] == [94]


def test_nothing_stands_in_sources_for_the_tests_alone():
    assert {name: place for name, place in house.unused().items() if name not in CALLED_FROM_OUTSIDE} == {}


@pytest.mark.parametrize("target", HOUSES)
def test_every_target_says_what_it_is(target):
    text = (house.ROOT / "Sources" / target / "README.md").read_text()
    assert text.startswith("# ") and len(text) > 200


def test_no_function_or_loss_is_asked_for_by_its_name():
    """What an activation, a loss or a layer is like is a fact of its own, not of whoever compares its name."""
    networks = HOUSES["Networks"]
    names = set()
    for file, (folder, _) in networks.items():
        if folder in {"Activations", "Losses", "Layers"}:
            names |= set(re.findall(r'(?:name: |LayerKind\(\s*)"([a-z_]+)"', file.read_text()))
    assert {"sigmoid", "softmax", "mean_squared_error", "dense"} <= names
    found = []
    for target, files in HOUSES.items():
        for file, (folder, _) in files.items():
            for number, line in enumerate(file.read_text().split("\n"), 1):
                for name in re.findall(r'(?:case|[!=]=)\s*"([a-z_]+)"', line.split("//")[0]):
                    if name in names:
                        found.append(f"{file.relative_to(house.ROOT)}:{number}: {name}")
    assert found == []


def test_tests_reach_what_is_package_and_no_more():
    """They build in release mode, where nothing is testable by the word."""
    assert [str(file) for file in (house.ROOT / "Tests").rglob("*.swift") if "@testable" in file.read_text()] == []
