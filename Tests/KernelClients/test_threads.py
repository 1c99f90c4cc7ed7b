"""Results to the last bit, whatever the number of threads and from run to run."""

import pytest
from conftest import EXECUTABLE
from raw_client import RawKernel
from test_textbook import resource, shown

CELL = """X = rand({rows}, {inputs})
Y = rand({rows}, {outputs})
network N {{
    input {inputs}
    dense {hidden}, tanh
    dense {hidden}, relu
    dense {outputs}, identity
    loss mse
    precision {precision}
}}
h = train(N, X, Y, epochs = 3, learning_rate = 0.01)"""


def losses(threads, cell):
    with RawKernel(EXECUTABLE, environment={"NABLA_THREADS": str(threads)}) as raw:
        shown(raw, cell)
        return [row["loss"] for row in resource(raw, "h")], resource(raw, "loss(N, X, Y)")[0]["value"]


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("rows, inputs, hidden, outputs", [(1000, 4, 40, 2), (256, 300, 1100, 10)])
def test_results_do_not_depend_on_threads(rows, inputs, hidden, outputs, precision):
    cell = CELL.format(rows=rows, inputs=inputs, hidden=hidden, outputs=outputs, precision=precision)
    alone = losses(1, cell)
    assert losses(1, cell) == alone
    assert losses(2, cell) == alone
