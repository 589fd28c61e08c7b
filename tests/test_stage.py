"""The stage, on views of its own: errors, clicks, late values, two hands at once."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass
from itertools import product

import pytest
from matplotlib.lines import Line2D
from test_views import unchanging_stops

from kernelfit import views
from kernelfit.views.controls import slider
from kernelfit.views.stage import artists_in
from kernelfit.views.view import View


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


@pytest.mark.slow
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


@pytest.mark.slow
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


def click(view: View, x: float, y: float) -> None:
    """A click at fractions of the axes, from the left and from below."""
    left, top, right, bottom = view._stage.click_area
    number = (view._stage.click or [0.0])[-1] + 1
    place = [left + x * (right - left), bottom + y * (top - bottom)]
    view._stage.click = [*place, number]
