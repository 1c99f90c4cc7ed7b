"""`mark` beside a marker of its own, written here from what LANGUAGE says of it: compare's rule with four decimals or
three digits, points for what follows from a wrong answer, by the numbers on the sheet or by all that comes of them.

With NABLA_SWEEP=yes (./Tests/run sheets) a thousand random answer sheets, else some.
"""

import math
import os
import random
import re

import pytest
from test_textbook import resource, shown

SHEETS = 1000 if os.environ.get("NABLA_SWEEP") == "yes" else 60
DIGITS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
FUNCTIONS = {
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)), "tanh": math.tanh, "sqrt": math.sqrt, "ln": math.log, "exp": math.exp,
    "max": max, "relu": lambda z: max(0.0, z), "identity": lambda z: z, "unit_step": lambda z: 1.0 if z >= 0 else 0.0,
}


def sub(*indices):
    return "".join(str(index) for index in indices).translate(DIGITS)


def value_of(formula, names):
    """A printed formula at numbers; None where a name has none."""
    choice = re.fullmatch(r"if (.*?) \{ (.*?) \} else \{ (.*?) \}", formula)
    if choice:
        formula = f"(({choice[2]}) if ({choice[1]}) else ({choice[3]}))"
    known = sorted(names, key=len, reverse=True)
    pattern = "|".join(map(re.escape, known)) + r"|[^\W\d]\w*"
    used = []

    def put(match):
        word = match[0]
        if word in names:
            used.append(word)
            return f"({names[word]!r})"
        return word

    text = re.sub(pattern, put, formula).replace("^", "**")
    try:
        return float(eval(text, {"__builtins__": {}}, FUNCTIONS)), used
    except (NameError, SyntaxError, ZeroDivisionError, OverflowError, ValueError):
        return None, used


def rounded_right(text, expected):
    """✓, ≈ or ✗ of an answer as it was typed."""
    answer = float(text)
    if answer == expected:
        return "right"
    decimals = len(text.partition(".")[2])
    third = 4 if expected == 0 else 2 - math.floor(math.log10(abs(expected)))
    units = abs(answer - expected) * 10.0 ** max(decimals, min(4, third))
    return "right" if units <= 0.5 + 1e-7 else "close" if units <= 1.5 + 1e-7 else "wrong"


class Marker:
    """Goes along the lines of a sheet; `given` are the wrong answers, `anew` all that comes of them."""

    def __init__(self, constants):
        self.true, self.given, self.anew = dict(constants), {}, {}
        self.step, self.seen = None, set()

    def enter(self, line, constants):
        if line["step"] != self.step and line["quantity"] in self.seen:
            for numbers in (self.true, self.given, self.anew):
                kept = {name: value for name, value in numbers.items() if name not in self.seen or numbers is self.true}
                kept |= {name[:-4]: value for name, value in numbers.items() if name.endswith("_new")}
                numbers.clear()
                numbers |= kept
            self.seen = set()
        self.step = line["step"]
        self.seen.add(line["quantity"])
        self.true |= constants

    def carried(self, line, numbers):
        """What a line comes to with other numbers; None where it uses none of them."""
        value, used = value_of(line["formula"], self.true | numbers)
        return value if any(name in numbers for name in used) else None

    def judge(self, line, text):
        expected = line["value"]
        if text == "nan":
            return "no answer"
        verdict = rounded_right(text, expected)
        if verdict == "wrong":
            candidates = [self.carried(line, self.given), self.carried(line, self.anew)]
            if any(value is not None and rounded_right(text, value) != "wrong" for value in candidates):
                verdict = "follows from a wrong answer"
        if verdict != "right":
            self.given[line["quantity"]] = self.anew[line["quantity"]] = float(text)
        return verdict

    def pass_by(self, line):
        if line["quantity"] not in self.given:
            value = self.carried(line, self.anew)
            if value is not None:
                self.anew[line["quantity"]] = value
        self.true[line["quantity"]] = line["value"]


def typed(draw, value):
    """A number as somebody types it: right, cut short, or more or less beside it; never where a rule's limit lies."""
    choice = draw.random()
    if choice < 0.45:
        return f"{value:.4f}"
    if choice < 0.55:
        return f"{value:.{draw.choice([0, 1, 2, 3, 5, 6])}f}"
    if choice < 0.7:
        return f"{value + draw.choice([-1, 1]) * draw.choice([1e-4, 2e-4, 4e-4]):.4f}"
    if choice < 0.8:
        return "nan"
    return f"{value + draw.choice([-1, 1]) * draw.choice([0.1, 0.37, 1.0, 2.5]):.4f}"


def near_a_limit(text, values):
    """Whether rounding decides: such a sheet shows nothing."""
    if text == "nan":
        return False
    for value in values:
        decimals = len(text.partition(".")[2])
        third = 4 if value == 0 else 2 - math.floor(math.log10(abs(value)))
        units = abs(float(text) - value) * 10.0 ** max(decimals, min(4, third))
        if any(abs(units - limit) < 1e-3 for limit in (0.5, 1.5)):
            return True
    return False


def network(draw):
    """A random network as a cell, with its numbers by the names that explanations have."""
    sizes = [draw.randint(1, 3) for _ in range(draw.randint(2, 3))] + [1]
    names, lines = {"η": 0.1}, [f"input {sizes[0]}"]
    for layer, (n, k) in enumerate(zip(sizes, sizes[1:]), start=1):
        weights = [[round(draw.uniform(-1, 1), 2) for _ in range(k)] for _ in range(n)]
        biases = [round(draw.uniform(-1, 1), 2) for _ in range(k)]
        names |= {f"w{sub(i + 1, j + 1)}^[{layer}]": weights[i][j] for i in range(n) for j in range(k)}
        names |= {f"b{sub(j + 1)}^[{layer}]": biases[j] for j in range(k)}
        activation = draw.choice(["sigmoid", "tanh", "relu", "identity"])
        rows = "; ".join(", ".join(map(str, row)) for row in weights)
        lines.append(f"dense {k}, {activation}, W = {f'[[{rows}]]' if n == 1 else f'[{rows}]'}, b = {biases}")
    x = [round(draw.uniform(-2, 2), 1) for _ in range(sizes[0])]
    names |= {f"x{sub(i + 1)}": value for i, value in enumerate(x)} | {"y": round(draw.uniform(-1, 1), 1)}
    block = "network N { " + "; ".join([*lines, "loss mse"]) + " }"
    return f"{block}\nx = {x}\ny = [{names['y']}]", names


def rows(raw, call):
    """The lines of an explanation."""
    shown(raw, f"told = explain {call}")
    return resource(raw, "told")


def sheets(raw, draw):
    """A call, its lines, and what is given: by the line where that changes."""
    if draw.random() < 0.2:
        X = [[draw.choice([-1, 0, 1, 2]) for _ in range(2)] for _ in range(3)]
        y = [draw.choice([0, 1]) for _ in X]
        w, b = [draw.choice([-1, 0, 0.5]) for _ in range(2)], draw.choice([0, 0.5])
        shown(raw, f"perceptron N {{ input 2; W = {w}; b = {b}; threshold 0 }}\n"
                   f"X = [{'; '.join(', '.join(map(str, row)) for row in X)}]\ny = {y}")
        call = "train(N, X, y, rule = perceptron, epochs = 2, learning_rate = 0.5)"
        lines = rows(raw, call)

        def given(line):
            place = int(re.search(r"example (\d+)", line["step"])[1]) - 1
            return {"x₁": X[place][0], "x₂": X[place][1], "t": y[place], "η": 0.5}

        return call, lines, {"w₁": w[0], "w₂": w[1], "b": b}, given
    cell, names = network(draw)
    shown(raw, cell)
    kind = draw.choice(["forward(N, x)", "backward(N, x, y)", "step(N, x, y)"])
    if kind != "forward(N, x)":
        names |= {row["quantity"]: row["value"] for row in rows(raw, "forward(N, x)")}
    if kind == "step(N, x, y)":
        names |= {row["quantity"]: row["value"] for row in rows(raw, "backward(N, x, y)")}
        [before], [after] = resource(raw, "step(copy(N), x, y).before"), resource(raw, "step(copy(N), x, y).after")
        names |= {"L_old": before["value"], "L_new": after["value"]}
    return kind, rows(raw, kind), names, lambda line: {}


@pytest.mark.timeout(1200)
def test_mark_agrees_with_another_marker(raw):
    draw, verdicts, done = random.Random(7), {}, 0
    while done < SHEETS:
        call, lines, constants, given = sheets(raw, draw)
        for _ in range(8):
            computed = sum(not copies(line, lines) for line in lines)
            blanks, seed = draw.randint(1, min(9, computed)), draw.randint(0, 10**6)
            shown(raw, f"sheet = exercise {call}, blanks = {blanks}, seed = {seed}")
            # Which lines are gaps is read off the sheet: those whose number is not shown.
            gaps, answers, expected = [row["value"] is None for row in resource(raw, "sheet")], [], []
            marker, limits = Marker(constants), False
            for line, isGap in zip(lines, gaps):
                marker.enter(line, given(line))
                if isGap and not copies(line, lines):
                    carried = marker.carried(line, marker.anew)
                    start = carried if carried is not None and draw.random() < 0.5 else line["value"]
                    text = typed(draw, start)
                    others = [marker.carried(line, marker.given), carried]
                    limits |= near_a_limit(text, [line["value"], *(value for value in others if value is not None)])
                    expected.append(marker.judge(line, text))
                    answers.append(text)
                marker.pass_by(line)
            if limits or not answers:
                continue
            found = [row["verdict"] for row in resource(raw, f"mark(sheet, [{', '.join(answers)}])")]
            assert found == expected, f"{call}\n{answers}\n{[row['quantity'] for row in lines]}"
            done += 1
            for verdict in expected:
                verdicts[verdict] = verdicts.get(verdict, 0) + 1
    # Every verdict has been tried.
    assert len(verdicts) == 5, verdicts
    print(f"{done} sheets: {verdicts}")


def copies(line, lines):
    """Whether a line only hands on a number or a quantity: it is hidden with that, and no gap."""
    return not re.search(r"[-+*/^({]", re.sub(r"\^\[\d+\]|∂\w+(?:\^\[\d+\])?/∂\w+", "", line["formula"]))
