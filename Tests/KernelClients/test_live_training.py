"""What clients see of a training while it runs, and what is left of it."""

import re
import subprocess
import time

import nbformat
from nbclient import NotebookClient

SET_UP = "network N { input 2; dense 16, tanh; dense 1, sigmoid }\nd = dataset(moons)"
LONG = "train(N, d, epochs = 300000, every = 30000, learning_rate = 0.0001)"


def test_progress_is_shown_in_place_and_gone_at_the_end(raw):
    raw.check_alive(SET_UP)
    cell = raw.execute("h = " + LONG)
    raw.reply(cell, timeout=60)
    messages = raw.broadcasts(cell, timeout=60)
    kinds = [kind for kind, _ in messages]
    assert kinds.count("display_data") == 1 and kinds.count("clear_output") == 1
    updates = [content for kind, content in messages if kind == "update_display_data"]
    assert len(updates) >= 3 and len({content["transient"]["display_id"] for content in updates}) == 1
    texts = [content["data"]["text/plain"] for content in updates]
    epochs = [int(re.search(r"epoch (\d+) of 300000", text)[1]) for text in texts]
    assert epochs == sorted(epochs) and all("loss 0." in text and " left" in text for text in texts)
    assert kinds[-2] == "clear_output" and "execute_result" not in kinds


def test_an_interrupted_training_says_what_is_kept(raw):
    raw.check_alive(SET_UP)
    cell = raw.execute("h = train(N, d, epochs = 10000000, every = 1000000)")
    raw.wait_until_busy(cell)
    time.sleep(1)
    raw.send("interrupt_request", {}, channel="control")
    reply = raw.reply(cell)[1]
    assert reply["ename"] == "InterruptError"
    text = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(reply["traceback"]))
    epoch, loss = re.search(r"after epoch (\d+), its last whole one, with the loss (0\.\d+)", text).groups()
    check = raw.execute(f"check(N.updates, {epoch}); check(h.at({epoch}).W[1], N.W[1])")
    assert raw.reply(check)[1]["status"] == "ok"


def stored(cells):
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(code) for code in cells],
        metadata={"kernelspec": {"name": "nabla", "display_name": "Nabla", "language": "nabla"}})
    NotebookClient(notebook, kernel_name="nabla", timeout=120).execute()
    return [[(output.output_type, dict(output.get("data", {}))) for output in cell.outputs]
            for cell in notebook.cells]


def test_a_stored_notebook_has_the_history_alone():
    watched = stored([SET_UP, LONG + "\n"])[1]
    assert [kind for kind, _ in watched] == ["execute_result"]
    assert "Training of N with sgd" in watched[0][1]["text/plain"]
    assert stored([SET_UP, LONG + ";"])[1] == []


def test_text_alone_shows_nothing_but_the_end(executable, tmp_path):
    file = tmp_path / "a.nabla"
    file.write_text(SET_UP + "\n" + LONG)
    run = subprocess.run([executable, "run", file], capture_output=True, text=True, timeout=120)
    assert run.returncode == 0 and run.stdout.startswith("Training of N with sgd")
