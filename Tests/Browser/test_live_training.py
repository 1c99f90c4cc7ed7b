"""A training in JupyterLab while it runs: progress, pictures, and nothing of them at the end."""

import nbformat
import pytest
from server import ROOT

PICTURES = ROOT / "Tests" / "artefacts" / "browser"
CELLS = [
    "network N { input 2; dense 8, tanh; dense 1, sigmoid }\nd = dataset(moons)",
    'print("before")\ntrain(N, d, epochs = 40, learning_rate = 1, optimizer = adam, pace = 0.1,'
    " watch = [boundary, weights])",
]


@pytest.fixture
def opened(lab, notebook, request):
    lab.set_theme(getattr(request, "param", "light"))
    name = f"live-{getattr(request, 'param', 'light')}.ipynb"
    spec = {"name": "nabla", "display_name": "Nabla", "language": "nabla"}
    cells = [nbformat.v4.new_code_cell(code) for code in CELLS]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": spec}), lab.folder / name)
    notebook.page.set_viewport_size({"width": 1280, "height": 1100})
    notebook.hear_complaints()
    notebook.open(lab, name, mode="lab")
    notebook.wait_for_kernel()
    notebook.theme = getattr(request, "param", "light")
    return notebook


def outputs(notebook):
    return [(each["output_type"], each.get("text") or each["data"].get("text/plain"))
            for each in notebook.run("return notebook.widgets[1].model.outputs.toJSON();")]


@pytest.mark.parametrize("opened", ["light", "dark"], indirect=True)
def test_a_training_is_seen_and_leaves_its_history_alone(opened):
    opened.run("app.commands.execute('notebook:run-all-cells');")
    opened.page.wait_for_function(
        "() => document.querySelectorAll('.jp-OutputArea-output svg').length >= 3", timeout=30_000)
    # The display opens empty.
    opened.wait("notebook.widgets[1].model.outputs.toJSON()[1]?.data?.['text/plain']", 10)
    seen = outputs(opened)
    assert seen[0] == ("stream", "before\n") and seen[1][1].startswith("Training N: epoch ") and len(seen) == 2
    opened.page.wait_for_timeout(1_500)
    PICTURES.mkdir(parents=True, exist_ok=True)
    opened.page.screenshot(path=PICTURES / f"live-training-{opened.theme}.png")
    assert outputs(opened)[1][1] != seen[1][1]
    opened.wait("panel.sessionContext.session.kernel.status === 'idle'", 60)
    kinds = outputs(opened)
    assert [kind for kind, _ in kinds] == ["stream", "execute_result"]
    assert kinds[0][1] == "before\n" and kinds[1][1].startswith("Training of N with adam")
    assert opened.failures == []
