"""The comparison of outputs notices what it should, and forgives what it says it forgives."""

import pytest
from comparing import differences


def stream(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def result(**data):
    names = {"plain": "text/plain", "html": "text/html", "resource": "application/vnd.dataresource+json"}
    return {"output_type": "execute_result", "data": {names[key]: data[key] for key in data}}


def resource(**row):
    return result(plain="a table", resource={"data": [row]})


@pytest.mark.parametrize(
    "stored, fresh, tags",
    [
        ([stream("0.7823\n")], [stream("0.7823\n")], []),
        ([resource(a=0.1)], [resource(a=0.1 + 1e-12)], []),
        ([resource(a=2)], [resource(a=2.0)], []),
        ([result(plain="loss 0.69314718056")], [result(plain="loss 0.69314718057")], []),
        ([resource(a=1, scalar_us=3.0)], [resource(a=1, scalar_us=70.0)], ["timing"]),
        ([stream("took 9 ms")], [stream("took  12 ms")], ["timing"]),
        ([resource(relative_error=2e-11)], [resource(relative_error=7e-10)], ["rounding"]),
        ([stream("│  2.1e-11 │")], [stream("│ 7.25e-10 │")], ["rounding"]),
    ],
)
def test_equal(stored, fresh, tags):
    assert differences(stored, fresh, tags) == []


@pytest.mark.parametrize(
    "stored, fresh, tags",
    [
        ([stream("0.7823\n")], [stream("0.7824\n")], []),
        ([stream("−0.5")], [stream("0.5")], []),
        ([stream("z")], [stream("a")], ["timing"]),
        ([stream("a")], [stream("a", "stderr")], []),
        ([stream("a")], [], []),
        ([result(plain="1")], [result(plain="1", html="<b>1</b>")], []),
        ([result(plain="1", html="<b>1</b>")], [result(plain="1", html="<i>1</i>")], []),
        ([resource(a=0.1)], [resource(a=0.1 + 1e-9)], []),
        ([resource(a=1)], [resource(a=True)], []),
        ([resource(a=1)], [resource(b=1)], []),
        ([resource(a=1, scalar_us=3.0)], [resource(a=1, scalar_us=70.0)], []),
        ([resource(a=1, scalar_us=3.0)], [resource(a=2, scalar_us=3.0)], ["timing"]),
        ([resource(relative_error=2e-11)], [resource(relative_error=7e-10)], []),
        ([resource(relative_error=2e-11)], [resource(relative_error=2e-3)], ["rounding"]),
    ],
)
def test_different(stored, fresh, tags):
    assert len(differences(stored, fresh, tags)) == 1


def test_a_difference_says_where():
    found = differences([resource(a=0.5)], [resource(a=0.25)])
    assert found == ["output 1, application/vnd.dataresource+json › data › 1 › a: stored 0.5, now 0.25"]
