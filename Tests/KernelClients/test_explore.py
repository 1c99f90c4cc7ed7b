"""`explore` by the widgets' own protocol: models, moves, echoes, the newest position, reload, and what is stored."""

import json
import re
import time
from xml.etree import ElementTree

import pytest
from notebook_client import ENDLESS

LECTURE = """network Lecture {
    input 1
    dense 2, sigmoid, W = [0.1, 0.1], b = [0.1, 0.2]
    dense 3, sigmoid, W = [0.2, 0.3, 0.1; 0.1, 0.2, 0.3], b = [0.3, 0.1, 0.2]
    dense 1, sigmoid, W = [0.4; 0.2; 0.6], b = [0.5]
    loss binary_cross_entropy
}
x = [2.0]
y = [1];
"""
PAGE_LIMIT = 150_000


class Exploration:
    """The widgets that a cell has opened, as a front end knows them."""

    def __init__(self, raw, code):
        self.raw = raw
        identity = raw.execute(code)
        self.reply = raw.reply(identity, timeout=30)[1]
        self.messages = raw.broadcasts(identity, timeout=30)
        self.models = {content["comm_id"]: dict(content["data"]["state"])
                       for kind, content in self.messages if kind == "comm_open"}
        self.displays = [content["data"] for kind, content in self.messages if kind == "display_data"]

    def of(self, kind):
        return [model for model, state in self.models.items() if state["_model_name"] == kind + "Model"]

    def views(self):
        return [*self.of("HTML"), *self.of("HTMLMath")]

    def labelled(self, label):
        return next(model for model, state in self.models.items() if state.get("description") == label)

    def send(self, model, data, **header):
        return self.raw.send("comm_msg", {"comm_id": model, "data": data}, **header)

    def take(self, identity):
        """What the kernel says because of a message, between its busy and idle."""
        messages = self.raw.broadcasts(identity)
        assert [c["execution_state"] for k, c in messages if k == "status"] == ["busy", "idle"]
        for kind, content in messages:
            if kind == "comm_msg" and content["data"]["method"] in ("update", "echo_update"):
                self.models[content["comm_id"]].update(content["data"]["state"])
        return [content for kind, content in messages if kind == "comm_msg"]

    def move(self, model, **state):
        return self.take(self.send(model, {"method": "update", "state": state, "buffer_paths": []}))

    def shown(self):
        return [re.sub(r"<style>.*?</style>|<[^>]*>", "", self.models[model]["value"]).strip() for model in self.views()]


def moved(messages, model):
    return [m["data"] for m in messages if m["comm_id"] == model]


def test_a_cell_shows_widgets_and_what_is_stored(raw):
    it = Exploration(raw, LECTURE + "explore(forward(Lecture, x), diagram(forward(Lecture, x)), W[2][1,3] = -2:2, k = [1, 2], b = true)"
                     .replace("forward(Lecture, x),", "forward(Lecture, k*x),", 1).replace("diagram(forward(Lecture, x))", "diagram(forward(Lecture, if b { x } else { 2*x }))"))
    assert it.reply["status"] == "ok"
    view, page = it.displays
    root = it.models[view["application/vnd.jupyter.widget-view+json"]["model_id"]]
    assert root["_model_name"] == "VBoxModel"
    assert {it.models[m]["description"] for m in it.of("FloatSlider")} == {"W[2][1,3]"}
    assert it.models[it.labelled("k")]["_options_labels"] == ["1", "2"]
    assert it.models[it.labelled("b")]["value"] is True
    assert len(it.views()) == 2 and len(it.of("Button")) == 1
    assert "text/plain" in view and "W[2][1,3] = 0.1" in view["text/plain"]
    assert "<script>" in page["text/html"] and "0.7739" in page["text/plain"]
    assert len(json.dumps(page)) <= PAGE_LIMIT


def test_a_move_changes_the_displays_in_place_and_nothing_else(raw):
    it = Exploration(raw, LECTURE + "explore(forward(Lecture, x).output, W[2][1,3] = -2:2)")
    before = it.shown()
    slider = it.labelled("W[2][1,3]")
    messages = it.move(slider, value=0.9)
    assert it.shown() != before
    assert {m["comm_id"] for m in messages} == {slider, *it.views()}
    assert moved(messages, slider) == [{"method": "echo_update", "state": {"value": 0.9}, "buffer_paths": []}]
    identity = raw.execute("Lecture.W[2][1,3]")
    raw.reply(identity)
    assert next(c for k, c in raw.broadcasts(identity) if k == "execute_result")["data"]["text/plain"] == "0.1000"
    again = Exploration(raw, "c = copy(Lecture)\nc.W[2][1,3] = 0.9\nforward(c, x).output")
    result = next(c for k, c in again.messages if k == "execute_result")["data"]["text/plain"]
    assert it.shown()[0].strip() == result


def test_a_picture_that_has_moved_is_a_picture(raw):
    it = Exploration(raw, LECTURE + "explore(diagram(backward(Lecture, x, y)), diagram(forward(Lecture, x), detail = all), W[2][1,3] = -2:2)")
    start = [it.models[model]["value"] for model in it.views()]
    it.move(it.labelled("W[2][1,3]"), value=-1.7)
    for before, model in zip(start, it.views()):
        shapes, stayed = ([[node.attrib for node in ElementTree.fromstring(re.search(r"<svg.*</svg>", text, re.S)[0]).iter()
                            if node.tag.endswith(("line", "circle"))] for text in (it.models[model]["value"], before)])
        assert len(shapes) == len(stayed) > 10 and shapes != stayed
        assert all("stroke" in shape for shape in shapes)


def test_the_button_goes_back_and_a_stepped_range_plays(raw):
    it = Exploration(raw, "f(w) = w^2\nexplore(f(w), w = 0:0.5:4)")
    start, slider, (play,) = it.shown(), it.labelled("w"), it.of("Play")
    assert (it.models[play]["min"], it.models[play]["max"]) == (0, 8)
    it.move(play, value=3)
    assert it.models[slider]["value"] == 1.5 and it.shown() == ["2.2500"]
    it.move(slider, value=2.4)
    assert it.models[play]["value"] == 5
    it.take(it.send(it.of("Button")[0], {"method": "custom", "content": {"event": "click"}}))
    assert it.shown() == start and it.models[slider]["value"] == 0


@pytest.mark.parametrize("given,steps,start", [("1.3", "0:0.5:4", 1.5), ("7", "0:0.5:4", 0), ("1.3", "0:4", 1.3)])
def test_a_slider_begins_where_the_value_is_or_on_the_nearest_step(raw, given, steps, start):
    it = Exploration(raw, f"w = {given}\nexplore(2*w, w = {steps})")
    assert it.models[it.labelled("w")]["value"] == start
    assert float(it.shown()[0]) == 2 * start


def test_a_page_that_is_loaded_again_asks_for_all_states(raw):
    it = Exploration(raw, "explore(w^2, w = 0:4)")
    it.move(it.labelled("w"), value=3)
    raw.broadcasts(raw.send("comm_open", {"comm_id": "c", "target_name": "jupyter.widget.control", "data": {}}))
    (answer,) = it.take(it.send("c", {"method": "request_states"}))
    states = answer["data"]["states"]
    assert set(states) == set(it.models)
    assert all(states[model]["state"] == state for model, state in it.models.items())
    assert states[it.labelled("w")]["model_name"] in ("IntSliderModel", "FloatSliderModel")


def test_only_the_newest_position_is_computed(raw):
    it = Exploration(raw, "f(w) = sum(sin(i*w) for i in 1:20000)\nexplore(f(w), w = 0:4)")
    slider = it.labelled("w")
    sent = [it.send(slider, {"method": "update", "state": {"value": k / 50}, "buffer_paths": []}) for k in range(1, 101)]
    updates = 0
    for identity in sent:
        updates += len(moved(it.take(identity), it.views()[0]))
    assert it.models[slider]["value"] == 2
    assert 1 <= updates < 90, updates
    last = it.shown()
    it.move(slider, value=1)
    it.move(slider, value=2)
    assert it.shown() == last


def test_it_answers_while_a_cell_runs(raw):
    it = Exploration(raw, LECTURE + "explore(forward(Lecture, x), W[2][1,3] = -2:2)")
    shell = raw.reply(raw.send("create_subshell_request", {}, channel="control"), "control")[1]["subshell_id"]
    cell = raw.execute("n = copy(Lecture)\n" + ENDLESS)
    raw.wait_until_busy(cell)
    start = time.monotonic()
    identity = it.send(it.labelled("W[2][1,3]"), {"method": "update", "state": {"value": 1.5}, "buffer_paths": []},
                       subshell_id=shell)
    assert moved(it.take(identity), it.views()[0])
    assert time.monotonic() - start < 3
    raw.send("interrupt_request", {}, channel="control")
    assert raw.reply(cell)[1]["ename"] == "InterruptError"


def test_what_fails_at_a_setting_is_shown_there(raw):
    it = Exploration(raw, "explore(inv([1, a; 1, 1])[1,1], a = 0:0.5:2)")
    it.move(it.labelled("a"), value=1)
    assert "DomainError" in it.shown()[0]
    it.move(it.labelled("a"), value=2)
    assert it.shown() == ["-1"]
    raw.check_alive()


@pytest.mark.parametrize("code", ["explore(W2, W2 = 0:1)", "explore(explain f(w), w = 0:4)", "explore(plot(f, from = a), a = -4:1:0)",
                                  "explore(table(w, f(w)), w = [1, 2, 3])"])
def test_everything_that_is_displayed_can_be_explored(raw, code):
    it = Exploration(raw, "f(w) = w^2\n" + code)
    assert it.reply["status"] == "ok", it.reply
    assert len(json.dumps(it.displays[-1])) <= PAGE_LIMIT


def test_where_a_front_end_puts_a_slider_is_no_move(raw):
    # Its slider has positions; the weight of a network that was drawn or trained is on none of them.
    it = Exploration(raw, "w = -0.4612\nexplore(w, 2*w, w = -2:2)")
    slider, start = it.labelled("w"), it.shown()
    assert start == ["-0.4612", "-0.9224"]
    it.move(slider, value=-0.45999999999999996)
    assert it.shown() == start
    it.move(slider, value=-0.43999999999999995)
    it.move(slider, value=-0.45999999999999996)
    assert it.shown() == ["-0.4600", "-0.9200"]
    # And its arithmetic is not the network's.
    again = Exploration(raw, "explore(1e17*(w - 0.1), w = -2:2)")
    again.move(again.labelled("w"), value=0.10000000000000009)
    assert again.shown() == ["0"]


def test_a_position_that_is_sent_again_is_computed(raw):
    it = Exploration(raw, "f(w) = sum(sin(i*w) for i in 1:20000)\nexplore(f(w), w = 0:4)")
    slider = it.labelled("w")
    sent = [it.send(slider, {"method": "update", "state": {"value": value}, "buffer_paths": []}) for value in (1, 2, 3, 3, 3)]
    for identity in sent:
        it.take(identity)
    identity = raw.execute("f(3)")
    raw.reply(identity)
    assert it.shown() == [next(c for k, c in raw.broadcasts(identity) if k == "execute_result")["data"]["text/plain"]]


def test_where_one_expression_fails_the_others_are_seen(raw):
    it = Exploration(raw, "f(t) = w*t\nw = 1\nexplore(plot(f), ln(w), w + 1, w = -2:2)")
    it.move(it.labelled("w"), value=-1.5)
    plot, logarithm, sum_ = [it.models[model]["value"] for model in it.views()]
    assert "<svg" in plot and "DomainError" in logarithm and "-0.5" in sum_.replace("−", "-")
    it.move(it.labelled("w"), value=1.5)
    assert "0.4055" in it.models[it.views()[1]]["value"]
