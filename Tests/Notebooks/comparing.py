"""What differs between a cell's stored outputs and those of today.

Texts are equal when they are equal between their numbers and each number holds to 1e-9 relative. Two
tags of a cell say what may differ more:

`timing`    how long something took: columns such as `scalar_us` or `ratio`, and the numbers in the texts
`rounding`  what rounding errors leave (a gradient check's): numbers below 1e-6 count as equal
"""

import re

RELATIVE = 1e-9
NUMBER = re.compile(r"[-+−]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
TIMING_FIELD = re.compile(r"(?:^|_)(?:ns|us|ms|s|seconds|time|ratio|speedup)$")


def differences(stored, fresh, tags=()):
    """One line for each difference between two lists of outputs; none when they are equal."""
    kinds = [[_kind(output) for output in outputs] for outputs in (stored, fresh)]
    if kinds[0] != kinds[1]:
        return [f"stored were the outputs {kinds[0]}, now there are {kinds[1]}"]
    found = []
    for index, (before, now) in enumerate(zip(stored, fresh), start=1):
        for name in _contents(before):
            old, new = _contents(before)[name], _contents(now)[name]
            found += [f"output {index}, {name}{line}" for line in _differing(old, new, tags, "")]
    return found


def _kind(output):
    """What an output is, without what it says: its type, with its stream or its sorted MIME types."""
    if output["output_type"] in ("display_data", "execute_result"):
        return output["output_type"], *sorted(output["data"])
    return output["output_type"], output.get("name") or output.get("ename")


def _contents(output):
    if output["output_type"] == "stream":
        return {"text": output["text"]}
    if output["output_type"] == "error":
        return {"evalue": output["evalue"]}
    return output["data"]


def _differing(old, new, tags, path):
    """Compares JSON values or texts; each difference as its path, the stored and the present value."""
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        for key in old:
            if not ("timing" in tags and TIMING_FIELD.search(key)):
                yield from _differing(old[key], new[key], tags, f"{path} › {key}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (a, b) in enumerate(zip(old, new), start=1):
            yield from _differing(a, b, tags, f"{path} › {index}")
    elif isinstance(old, str) and isinstance(new, str):
        if not _same_text(old, new, tags):
            yield f"{path}: {_first_difference(old, new)}"
    elif _is_number(old) and _is_number(new):
        if not _same_number(old, new, tags):
            yield f"{path}: stored {old!r}, now {new!r}"
    elif old != new or type(old) is not type(new):
        yield f"{path}: stored {_short(old)}, now {_short(new)}"


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _same_number(old, new, tags):
    if abs(old - new) <= RELATIVE * max(abs(old), abs(new)):
        return True
    return "rounding" in tags and max(abs(old), abs(new)) < 1e-6


def _same_text(old, new, tags):
    if old == new:
        return True
    between = [NUMBER.split(text) for text in (old, new)]
    if "timing" in tags or "rounding" in tags:  # a number of another length moves a column's edge
        between = [[re.sub(r"[\s─━-]+", " ", part) for part in parts] for parts in between]
    if between[0] != between[1]:
        return False
    if "timing" in tags:
        return True
    numbers = [[_value(text) for text in NUMBER.findall(whole)] for whole in (old, new)]
    return all(_same_number(a, b, tags) for a, b in zip(*numbers))


def _value(text):
    return float(text.replace("−", "-"))


def _first_difference(old, new):
    """The first pair of lines that differ, whatever their numbers say."""
    olds, news = old.splitlines(), new.splitlines()
    for line, (a, b) in enumerate(zip(olds, news), start=1):
        if a != b:
            return f"line {line}, stored {_short(a)}, now {_short(b)}"
    return f"stored {len(olds)} lines, now {len(news)}"


def _short(value):
    text = repr(value)
    return text if len(text) <= 160 else text[:157] + "…"
