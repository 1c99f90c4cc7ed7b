"""Audits of what the kernel prints itself, spoilt in one place, and of random chains of formulas beside numbers computed here.

A few in every run; 300 explanations and 2,000 chains by ./Tests/run audits.
"""

import os
import random

import pytest
import random_chains
import random_explanations
from test_textbook import RESOURCE, shown

SWEEP = "NABLA_SWEEP" in os.environ
EXPLANATIONS, CHAINS = (300, 2000) if SWEEP else (12, 60)
RIGHT = ("right", "close")
EARNS = (*RIGHT, "right by itself", "follows from the wrong line")


def audited(raw, block, call=""):
    return shown(raw, f"audit {call} {{\n{block}\n}}", timeout=60)[RESOURCE]["data"]


@pytest.mark.timeout(3000)
def test_what_explain_prints_is_right_and_a_change_in_it_is_found(raw):
    changes, hidden, failures = 0, 0, []
    for seed in range(EXPLANATIONS):
        chance = random.Random(seed)
        definitions, call = random_explanations.case(chance)
        shown(raw, definitions)
        lines = shown(raw, f"explain {call}", timeout=60)["text/plain"].split("\n")
        wrong = [row for row in audited(raw, "\n".join(lines), call) if row["verdict"] not in RIGHT]
        if wrong:
            failures.append((seed, definitions, call, wrong[0]))
            continue
        for _ in range(2):
            spoilt = random_explanations.changed(chance, lines)
            if spoilt is None:
                continue
            block, line, change = spoilt
            rows = audited(raw, "\n".join(block), call)
            first = next((row["line"] for row in rows if row["verdict"] == "wrong"), 0)
            others = [row for row in rows if row["line"] != line and row["verdict"] not in EARNS]
            changes += 1
            if first == 0 and random_explanations.is_hidden(*change):
                hidden += 1
            elif first != line or others:
                failures.append((seed, definitions, call, line, change, first, others))
    print(f"{EXPLANATIONS} explanations, {changes} changes, {hidden} hidden by rounding, {len(failures)} judged wrongly")
    assert failures == []
    assert changes > EXPLANATIONS and hidden <= max(1, changes // 100)


@pytest.mark.timeout(3000)
def test_every_step_of_a_random_chain_is_judged_as_it_is(raw):
    shown(raw, random_chains.DECLARATION)
    failures = []
    for seed in range(CHAINS):
        chain = random_chains.Chain(random.Random(seed), with_slip=seed % 2 == 1)
        verdicts = [row["verdict"] for row in audited(raw, chain.block)]
        if verdicts != chain.verdicts:
            failures.append((seed, chain.block, chain.verdicts, verdicts))
    print(f"{CHAINS} chains, half of them with a slip, {len(failures)} judged wrongly")
    assert failures == []
