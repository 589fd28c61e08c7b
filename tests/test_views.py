"""One battery over all views: every control at every stop."""

from __future__ import annotations

import importlib
import inspect
import io
import pkgutil
import re
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from PIL import Image

from kernelfit import views
from kernelfit.views.controls import stops
from kernelfit.views.stage import SHARPEST
from kernelfit.views.view import View

NAMES = [
    pytest.param(name, id=f"{view.__module__.rpartition('.')[2]}-{name}")
    for name, view in views.ALL.items()
]


def views_of_the_lessons() -> set[type[View]]:
    """The views that the modules of the lessons define."""
    modules = [
        importlib.import_module(f"kernelfit.views.{info.name}")
        for info in pkgutil.iter_modules(views.__path__)
        if info.name.startswith("lesson")
    ]
    return {
        kind
        for module in modules
        for kind in vars(module).values()
        if inspect.isclass(kind) and issubclass(kind, View) and not inspect.isabstract(kind)
    }


def test_no_view_is_forgotten() -> None:
    """Each is in ALL, which these tests try, and has its name in the package."""
    assert set(views.ALL.values()) == views_of_the_lessons()
    assert {*views.ALL, "ALL", "View"} == set(views.__all__)
    assert all(getattr(views, name) is kind for name, kind in views.ALL.items())


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
