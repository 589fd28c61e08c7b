"""One battery over all views: every control at every stop, and what the stage promises."""

from __future__ import annotations

import asyncio
import io
import re
import threading
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from matplotlib.lines import Line2D
from PIL import Image

from kernelfit import views
from kernelfit.views.controls import slider, stops
from kernelfit.views.stage import SHARPEST, artists_in
from kernelfit.views.view import View

NAMES = [
    pytest.param(name, id=f"{view.__module__.rpartition('.')[2]}-{name}")
    for name, view in views.ALL.items()
]


def with_value(view: View) -> list[str]:
    return [name for name, control in view.controls.items() if control.has_trait("value")]


def unchanging_stops(view: View, name: str) -> list[Any]:
    """The stops of a control at which neither the picture nor the readout changes."""
    control = view.controls[name]
    first, *others = stops(control)
    control.value = first
    before, dead = (view.picture, view.readout), []
    for stop in others:
        control.value = stop
        after = (view.picture, view.readout)
        if after == before:
            dead.append(stop)
        before = after
    return dead


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def same_state(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return one.keys() == other.keys() and all(np.array_equal(one[k], other[k]) for k in one)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_every_stop_of_every_control_changes_the_picture_or_the_readout(name: str) -> None:
    view = views.ALL[name]()
    assert with_value(view)
    for control in with_value(view):
        view.reset()
        assert unchanging_stops(view, control) == [], control


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_two_controls_at_their_ends_raise_nothing(name: str) -> None:
    view = views.ALL[name]()
    ends = {control: stops(view.controls[control])[:: len(stops(view.controls[control])) - 1]
            for control in with_value(view)}  # fmt: skip
    for one, other in combinations(ends, 2):
        for value, other_value in product(ends[one], ends[other]):
            view.set(**{one: value, other: other_value})
            assert not re.search(r"\b(nan|inf)\b", view.readout)
        view.reset()


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_reset_brings_the_start_back(name: str) -> None:
    view = views.ALL[name]()
    start = (view.state, view.picture, view.readout)
    for control in with_value(view):
        view.controls[control].value = stops(view.controls[control])[-1]
    if view._stage.handles:
        view._stage.drag = [0, 0.3, 0.4]
    assert not same_state(view.state, start[0])
    view.reset_button.click()
    assert same_state(view.state, start[0])
    assert (view.picture, view.readout) == start[1:]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_moved_picture_is_the_picture_drawn_afresh(name: str) -> None:
    """Blitting must leave nothing behind and forget nothing."""
    view = views.ALL[name]()
    for control in with_value(view):
        values = stops(view.controls[control])
        view.controls[control].value = values[len(values) // 3]
    again = views.ALL[name]()
    again.set(**{control: view.controls[control].value for control in with_value(view)})
    assert np.array_equal(pixels(view.picture), pixels(again.picture))
    figure = view.fresh_figure()
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=100)
    fresh, moved = pixels(buffer.getvalue()), pixels(view.picture)
    assert fresh.shape == moved.shape
    # Moving artists are drawn last, so what overlaps them may differ by a pixel's edge.
    assert np.mean(np.any(fresh != moved, axis=2)) < 0.02


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_compute_is_pure(name: str) -> None:
    view = views.ALL[name]()
    state = view.state
    for value in state.values():
        if isinstance(value, np.ndarray):
            value.setflags(write=False)
    picture = view.picture
    view.compute(state)
    view.compute(state)
    assert view.picture == picture


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_every_handle_can_be_dragged_and_stays_in_the_picture(name: str) -> None:
    view = views.ALL[name]()
    for index, (x, y) in enumerate(view._stage.handles):
        before = (view.picture, view.readout)
        view._stage.drag = [index, x + 0.03, y]
        assert (view.picture, view.readout) != before
        assert view._stage.handles[index][0] == pytest.approx(x + 0.03, abs=2e-3)
        for far in ([index, 0.0, 0.0], [index, 1.0, 1.0]):
            view._stage.drag = far
            assert all(0 <= value <= 1 for value in view._stage.handles[index])
        view.reset()


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_what_is_displayed_serves_a_page_with_and_without_a_kernel(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = views.ALL[name]()
    shown: list[dict[str, Any]] = []
    monkeypatch.setattr("kernelfit.views.view.display", lambda data, raw: shown.append(data))
    view._ipython_display_()
    (bundle,) = shown
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == view._box.model_id
    assert Image.open(io.BytesIO(bundle["image/png"])).width == round(100 * view.size[0])
    assert bundle["text/plain"] == view.readout
    assert "\n" not in view.readout


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_sharp_screen_gets_a_sharper_picture_up_to_a_bound(name: str) -> None:
    view = views.ALL[name]()
    width, readout = pixels(view.picture).shape[1], view.readout
    view._stage.pixel_ratio = 4.0
    assert pixels(view.picture).shape[1] == pytest.approx(SHARPEST * width, abs=2)
    assert view.readout == readout


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_narrow_column_gets_a_picture_of_its_width(name: str) -> None:
    view = views.ALL[name]()
    wide, readout = view.picture, view.readout
    view._stage.narrow = True
    assert pixels(view.picture).shape[1] == round(100 * view.narrow_size[0]) < 600
    assert view._stage.width == round(100 * view.narrow_size[0])
    assert view.readout == readout
    view._stage.narrow = False
    assert view.picture == wide


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_click_counts_where_a_view_wants_one_and_nowhere_else(name: str) -> None:
    view = views.ALL[name]()
    start = (view.picture, view.readout)
    area = view._stage.click_area
    for number, corner in enumerate([(0.001, 0.001), (0.999, 0.999)]):
        view._stage.click = [*corner, number]
        assert (view.picture, view.readout) == start
    if area:
        left, top, right, bottom = area
        view._stage.click = [(left + right) / 3, (top + bottom) / 3, 2]
        assert view.picture != start[0]
        assert view.readout != start[1]
        view.reset()
        assert (view.picture, view.readout) == start
    else:
        view._stage.click = [0.5, 0.5, 2]
        assert (view.picture, view.readout) == start


def click(view: View, x: float, y: float) -> None:
    """A click at fractions of the axes, from the left and from below."""
    left, top, right, bottom = view._stage.click_area
    number = (view._stage.click or [0.0])[-1] + 1
    place = [left + x * (right - left), bottom + y * (top - bottom)]
    view._stage.click = [*place, number]


def test_a_click_reads_the_thermometer_where_it_is() -> None:
    view = views.how_sure()
    open_there = view.readout
    click(view, 0.5, 0.5)
    click(view, 0.75, 21 / 22)
    assert view.held["readings"].tolist() == [[12.0, 0.0], [18.0, 10.0]]
    assert view.readout.startswith("2 readings. At 12.0 h the temperature is 0.0 ± 1.0 °C")
    assert open_there.startswith("No reading. At 12.0 h the temperature is 0.0 ± 8.0 °C")
    view._stage.drag = [1, view._stage.handles[0][0], view._stage.handles[0][1]]
    assert view.held["readings"].tolist() == [[12.0, 0.0], [12.0, 0.0]]


def test_the_keyboard_reads_the_thermometer_as_well() -> None:
    view = views.how_sure()
    view.set(hour=7.5, value=-2.5)
    for count in range(1, 15):
        view.controls["add"].click()
        assert len(view.held["readings"]) == min(count, 12)  # the oldest one goes
    assert view.held["readings"][0].tolist() == [7.5, -2.5]
    assert "At 7.5 h the temperature is −2.5 ± 0.3 °C" in view.readout


def test_a_band_does_not_depend_on_what_was_read() -> None:
    view = views.how_sure()
    click(view, 0.3, 0.2)
    low = view.compute(view.state)
    view._stage.drag = [0, view._stage.handles[0][0], 0.1]
    high = view.compute(view.state)
    assert np.array_equal(low.std, high.std)
    assert not np.allclose(low.mean, high.mean)


def test_points_that_are_dragged_onto_one_x_have_no_single_best_line() -> None:
    view = views.error_bowl(data="anscombe_4")
    stray = int(np.argmax(view.held["x"]))
    view._stage.drag = [stray, view._stage.handles[0][0], 0.2]
    assert np.ptp(view.held["x"]) == 0
    for squared in (True, False):
        view.set(show_best=True, measure=squared)
        assert "All x are equal" in view.readout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("x+", "got the end at character 3"),
        ("__import__('os')", "runs no Python"),
        ("xz", "For a product write x*z"),
        ("2x", "Write 2*x"),
        ("1/0", "must not divide by 0"),
        ("sin(", "got the end at character 5"),
        ("x*" * 300 + "x", "at most 500 characters, got 601"),
        ("", "must not be empty"),
        ("log(x)", "got none at x = −2.8"),
        ("x + y + z", "two letters"),
        ("exp(exp(exp(9*x*z)))", "at most 1e300"),
    ],
)
def test_nonsense_in_the_laboratory_gets_a_sentence_and_costs_nothing(
    typed: str, said: str
) -> None:
    view = views.laboratory()
    start = (view.picture, view.readout)
    view._stage.drag = [0, 0.2, 0.8]
    points = view.held["points"]
    view.set(ask=True, formula=typed)
    assert said in view.readout
    assert "\n" not in view.readout
    assert view._stage.error == ""
    assert view.controls["formula"].value == typed
    assert view.controls["menu"].value is None
    assert view.held["points"] is points
    view.controls["formula"].value = "1 + (x - z)^2"
    assert view.controls["menu"].value == "1 + (x - z)^2"
    assert "not a kernel, as the form is −2 at 0, 1 with the weights 1, −1" in view.readout
    view.reset_button.click()
    assert (view.picture, view.readout) == start


@pytest.mark.slow
def test_a_formula_of_the_menu_can_be_read_and_is_decided_on_every_domain() -> None:
    view = views.laboratory()
    view.set(ask=True)
    for text in stops(view.controls["menu"]):
        for domain in stops(view.controls["domain"]):
            view.set(menu=text, domain=domain)
            assert view.controls["formula"].value == text
            answers = re.findall(r"(not a kernel|: a kernel, with proof|none at)", view.readout)
            assert len(answers) == 1, (text, domain, view.readout)


@pytest.mark.slow
def test_the_verdict_of_the_laboratory_follows_the_picture() -> None:
    async def ask() -> tuple[str, str]:
        view = views.laboratory()
        view.known.clear()
        view.set(ask=True)
        first = view.readout
        await asyncio.sleep(3)
        return first, view.readout

    first, later = asyncio.run(ask())
    assert first.endswith("For all numbers: being decided …")
    assert "For all numbers: not a kernel" in later


def test_the_verdict_does_not_need_the_values_at_the_points() -> None:
    view = views.laboratory()
    view.set(ask=True, formula="exp(exp(exp(x*z)))")
    assert "at most 1e300" in view.readout
    assert view.readout.endswith("For all numbers: a kernel, with proof.")


# The stage on a view of its own ---------------------------------------------------------------


@dataclass
class Dot:
    dot: Line2D


class Small(View[float, Dot]):
    """A dot at the slider's value: breaks at 3, shows nothing new at 4."""

    name = "small"
    size = (2.0, 1.0)

    def __init__(self) -> None:
        self.slow_runs: list[float] = []
        super().__init__({"value": slider("value", 0, 5, 1, 0)})

    def compute(self, state):
        if state["value"] == 3:
            raise ZeroDivisionError("no value 3")
        return 5.0 if state["value"] == 4 else state["value"]

    def build(self, figure, result):
        axes = figure.subplots()
        axes.set(xlim=(0, 6), ylim=(-1, 1))
        return Dot(axes.plot([], [], "o")[0])

    def draw(self, moving, result):
        moving.dot.set_data([result], [0])

    def describe(self, result):
        return f"value {result:g}"

    def compute_slowly(self, state):
        self.slow_runs.append(state["value"])
        return state["value"]

    def draw_slowly(self, moving, slow):
        moving.dot.set_label(str(slow))


class Clicks(Small):
    """Notes where it is clicked; breaks left of 0.5."""

    def __init__(self) -> None:
        super().__init__()
        self.held["clicks"] = []

    def clickable(self, moving):
        return moving.dot.axes

    def clicked(self, x, y):
        if x < 0.5:
            raise ZeroDivisionError("no click here")
        self.held["clicks"] = [*self.held["clicks"], (round(x, 2), round(y, 2))]

    def describe(self, result):
        return f"{super().describe(result)}, {len(self.held.get('clicks', ()))} clicks"


def test_a_click_comes_in_the_units_of_its_axes() -> None:
    view = Clicks()
    click(view, 0.5, 0.5)
    click(view, 0.5, 0.5)  # two clicks at one place are two
    click(view, 0.75, 1.0)
    assert view.held["clicks"] == [(3.0, 0.0), (3.0, 0.0), (4.5, 1.0)]
    assert view.readout == "value 0, 3 clicks"
    view._stage.narrow = True
    click(view, 0.25, 0.0)
    assert view.held["clicks"][-1] == (1.5, -1.0)
    click(view, -0.01, 0.5)
    click(view, 0.5, 1.01)
    assert view.readout == "value 0, 4 clicks"


def test_an_error_at_a_click_is_shown_in_the_view_and_raised() -> None:
    view = Clicks()
    with pytest.raises(ZeroDivisionError):
        click(view, 0.01, 0.5)
    assert "no click here" in view._stage.error
    click(view, 0.5, 0.5)
    assert view._stage.error == ""


def test_a_drag_of_a_point_that_is_gone_is_dropped() -> None:
    view = views.how_sure()
    click(view, 0.3, 0.2)
    click(view, 0.6, 0.2)
    view._stage.drag = [1, 0.5, 0.5]
    view.reset()
    start = (view.picture, view.readout)
    view._stage.drag = [1, 0.6, 0.5]
    assert (view.picture, view.readout) == start


def test_a_broken_callback_is_shown_in_the_view_and_raised() -> None:
    view = Small()
    with pytest.raises(ZeroDivisionError):
        view.controls["value"].value = 3
    assert "no value 3" in view._stage.error
    view.controls["value"].value = 2
    assert view._stage.error == ""
    assert view.readout == "value 2"


def test_an_error_of_the_slow_part_is_shown_too() -> None:
    view = Small()

    def broken(state):
        raise ZeroDivisionError("no slow 2")

    view.compute_slowly = broken  # type: ignore[method-assign]

    async def move() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
        view.controls["value"].value = 2
        assert view._stage.error == ""  # the picture comes at once
        await asyncio.sleep(1)

    asyncio.run(move())
    assert "no slow 2" in view._stage.error


def test_the_battery_catches_a_broken_callback_and_a_dead_stop() -> None:
    with pytest.raises(ZeroDivisionError):
        unchanging_stops(Small(), "value")
    view = Small()
    view.compute = lambda state: 5.0 if state["value"] >= 4 else state["value"]  # type: ignore
    assert unchanging_stops(view, "value") == [5.0]


def test_the_slow_part_of_a_value_that_was_left_is_dropped() -> None:
    async def move_quickly() -> list[float]:
        view = Small()
        view.slow_runs.clear()
        for value in (1, 2, 5):
            view.controls["value"].value = value
        assert view.slow_runs == []  # the picture came first
        await asyncio.sleep(0.2)
        return view.slow_runs

    assert asyncio.run(move_quickly()) == [5]


def test_two_hands_at_once_draw_one_after_the_other() -> None:
    """Each control is answered in a thread of its own; drawn twice, an edge would be too dark."""
    view = views.plane_through_trees()
    ways = {"per_inch": [0.0, 4.0, 8.0], "turn": [0.0, 45.0, 90.0]}
    sound = set()
    for values in product(*ways.values()):
        view.set(**dict(zip(ways, values, strict=True)))
        sound.add(view.picture)
    assert len(sound) == 9
    shown: set[bytes] = set()
    view._stage.observe(lambda change: shown.add(bytes(change["new"])), "picture")

    def shake(name: str) -> None:
        for value in 5 * ways[name]:
            view.controls[name].value = value

    hands = [threading.Thread(target=shake, args=[name]) for name in ways]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert shown
    assert shown <= sound


def test_the_rounding_of_a_browser_is_no_other_value() -> None:
    view = Small()
    view.controls["value"].value = 2.0
    picture = view.picture
    view.controls["value"].value = 2.0000000000000004
    assert view.state == {"value": 2.0}
    assert view.picture == picture
    view.controls["value"].value = 0.0
    view.controls["value"].value = -2e-16
    assert str(view.state["value"]) == "0.0"


def test_the_axes_may_not_be_a_moving_artist() -> None:
    figure = Small().fresh_figure()
    with pytest.raises(TypeError, match="redraw everything"):
        list(artists_in([figure.axes[0]]))
