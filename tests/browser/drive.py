"""Drive a view with keyboard and mouse as a learner does, and say in words what did not answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Locator

Look = dict[str, Any]  # what `kfLook` in watch.js returns

# Both ends, the stops beside them and some between. Every stop is visited where that is quick:
# in tests/test_views.py, without a browser.
WALK = ["Home", "ArrowRight", "ArrowRight", *["PageUp"] * 3, "End", "ArrowLeft"]
ARROWS = ["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"]
STILL = 2  # pixels by which a page may move without anybody seeing it: roundings
REST = 150  # milliseconds without a change after which a view has said all it has to say

# ipywidgets 8 slides with noUiSlider, ipywidgets 7 with jQuery's.
SLIDERS = ".noUi-handle, .ui-slider-handle"
PLACE = """handle => {
    const { left, top } = handle.getBoundingClientRect();
    const slider = handle.closest(".jupyter-widgets").getBoundingClientRect();
    return [left - slider.left, top - slider.top];
}"""


CUT_OFF = """labels => labels.filter(
    (label) => label.scrollWidth > label.clientWidth + 1
).map((label) => label.textContent.trim())"""


class View:
    """One view in the page: its controls, and its stage with the picture and the words.

    Parameters
    ----------
    stage : the ``kf-stage`` element.
    patience : seconds after which a change that was not seen is taken not to come.
    """

    def __init__(self, stage: Locator, patience: float = 5.0) -> None:
        self.stage, self.page, self.patience = stage, stage.page, patience
        self.name = stage.get_attribute("data-view")
        self.area = stage.locator("xpath=ancestor::*[contains(@class, 'jp-OutputArea-output')][1]")
        self.reset_button = self.area.get_by_role("button", name="Reset", exact=True)

    def look(self) -> Look:
        """What the stage shows now."""
        return self.stage.evaluate("window.kfLook")

    def rest(self) -> Look:
        """What the stage shows when it has come to rest."""
        return self.stage.evaluate("(stage, quiet) => window.kfRest(stage, quiet)", REST)

    def change(self, before: Look) -> Look | None:
        """What the stage shows as soon as it differs from before; None when it never does."""
        return self.stage.evaluate(
            "(stage, [before, time]) => window.kfChange(stage, before, time)",
            [before, 1000 * self.patience],
        )

    def problems(self) -> list[str]:
        """All that does not work in this view; empty for a sound one."""
        return [f"view {self.name}: {problem}" for problem in self._problems()]

    def _problems(self) -> Iterator[str]:
        # Not Playwright's own way: it waits for JupyterLab to draw a cell that is far below.
        self.stage.evaluate("stage => stage.scrollIntoView({ block: 'center' })")
        start = self.rest()
        yield from complaints(start)
        if not all(start["size"]):
            return  # with nothing to see there is nothing to try
        if self.reset_button.count() != 1:
            yield "it has no Reset button"
            return
        for words in self.area.locator(".widget-label").evaluate_all(CUT_OFF):
            yield f"the label {words!r} is cut off"
        sliders, menus = self.area.locator(SLIDERS), self.area.locator("select")
        ticks = self.area.locator("input[type=checkbox]")
        buttons = self.area.locator("button.jupyter-button")
        parts = [
            *(self._slider(slider) for slider in sliders.all()),
            *(self._menu(menu) for menu in menus.all()),
            *(self._presses(tick, ["Space", "Space"]) for tick in ticks.all()),
            *(self._presses(one, ["Space"]) for one in buttons.all() if text(one) != "Reset"),
        ]
        if not parts and not start["handles"] and not start["area"]:
            yield "it has neither a control nor a point to drag nor a place to click"
        if start["handles"]:
            parts += [self._mouse_drag(start), self._keyboard_drag()]
        if start["area"]:
            parts.append(self._clicks())
        for part in parts:
            yield from part
            yield from self._reset(start)

    def _slider(self, handle: Locator) -> Iterator[str]:
        name, moves = label(handle), 0
        handle.focus()
        if not handle.evaluate("handle => handle === document.activeElement"):
            yield f"slider {name}: the keyboard does not reach it"
            return
        for key in WALK:
            handle.focus()
            before, place = self.look(), handle.evaluate(PLACE)
            self.page.keyboard.press(key)
            if handle.evaluate(PLACE) == place:
                continue  # at its end
            moves += 1
            found = list(self._compare(before, self.change(before)))
            yield from (f"slider {name}, {key} to {value(handle)}: {one}" for one in found)
            if found:
                return  # one of its stops is bad, which is enough to know
        if moves < 2:
            yield f"slider {name}: the keyboard moves it {moves} times in {len(WALK)} presses"

    def _menu(self, menu: Locator) -> Iterator[str]:
        options = menu.locator("option").all_inner_texts()
        now = menu.evaluate("menu => menu.selectedIndex")
        others = [index for index in range(len(options)) if index != now]
        if not others:
            yield f"menu {label(menu)}: there is nothing to choose"
        for index in others:
            before = self.look()
            menu.select_option(index=index)
            for problem in self._compare(before, self.change(before)):
                yield f"menu {label(menu)}, {options[index]}: {problem}"

    def _presses(self, control: Locator, keys: list[str]) -> Iterator[str]:
        for key in keys:
            control.focus()
            before = self.look()
            self.page.keyboard.press(key)
            for problem in self._compare(before, self.change(before)):
                yield f"{label(control) or text(control)}: {problem}"

    def _mouse_drag(self, start: Look) -> Iterator[str]:
        x, y = start["handles"][0]
        to_x, to_y = (place + (0.05 if place < 0.5 else -0.05) for place in (x, y))
        mouse = self.page.mouse
        mouse.move(*self._pixel(x, y))
        before = self.look()
        mouse.down()
        mouse.move(*self._pixel(to_x, to_y), steps=4)
        mouse.up()
        yield from self._dragged("the mouse", before, self.change(before) and self.rest())

    def _pixel(self, x: float, y: float) -> tuple[float, float]:
        """Where fractions of the picture are in the window."""
        # the point may stand at the lower end of a tall picture, below the window's edge
        self.stage.evaluate("stage => stage.scrollIntoView({ block: 'center' })")
        self.rest()
        box = self.stage.locator("img").bounding_box()
        assert box is not None  # it was seen
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    def _clicks(self) -> Iterator[str]:
        before = self.rest()
        left, top, right, bottom = before["area"]
        self.page.mouse.click(*self._pixel(left / 2, (top + bottom) / 2))
        if self.rest()["pixels"] != before["pixels"]:
            yield "a click outside of its axes counts"
        self.page.mouse.click(*self._pixel((3 * left + right) / 4, (3 * top + bottom) / 4))
        after = self.change(before) and self.rest()
        if after is None:
            yield "a click in its axes does not count"
            return
        yield from complaints(after)
        if len(after["handles"]) > len(before["handles"]):
            yield from self._mouse_drag(after)
            yield from self._keyboard_drag()
            if len(self.rest()["handles"]) != len(after["handles"]):
                yield "the end of a drag counts as a click"

    def _keyboard_drag(self) -> Iterator[str]:
        # The way there is part of it: the next stop after the last control is the stage.
        self.area.locator("button.jupyter-button").last.focus()
        self.page.keyboard.press("Tab")
        if not self.stage.evaluate("stage => stage.contains(document.activeElement)"):
            yield "the Tab key does not lead from the controls to the points"
            return
        self.stage.evaluate(
            """stage => {
                const note = ({ key }) => stage.kfKeys.push(key);
                if (!stage.kfKeys) stage.addEventListener("keydown", note, { capture: true });
                stage.kfKeys = [];
            }"""
        )
        start = before = self.look()
        moved: list[Look] = []
        for key in ARROWS:
            self.page.keyboard.press(key)
            before = self.rest()
            moved.append(before)
        if abs(before["top"] - start["top"]) > STILL:
            yield "the page moves under the arrow keys"
        seen = self.stage.evaluate("stage => stage.kfKeys")
        if seen != ARROWS:
            yield f"of the arrow keys only {seen} reach the stage"
        # A point may be free in one direction only, so one arrow that moves it is enough.
        farthest = next((look for look in moved if look["handles"] != start["handles"]), None)
        yield from self._dragged("the arrow keys", start, farthest)

    def _dragged(self, by: str, before: Look, after: Look | None) -> Iterator[str]:
        if after is None or after["handles"] == before["handles"]:
            yield f"{by} cannot move its first point"
            return
        for part, name in (("pixels", "picture"), ("readout", "readout")):
            if after[part] == before[part]:
                yield f"{by} moved a point and the {name} did not change"
        yield from complaints(after)

    def _compare(self, before: Look, after: Look | None) -> Iterator[str]:
        if after is None:
            yield "neither picture nor readout changed"
            return
        if abs(after["top"] - before["top"]) > STILL:
            yield f"the page jumped by {after['top'] - before['top']} px"
        yield from complaints(after)

    def _reset(self, start: Look) -> Iterator[str]:
        self.reset_button.focus()
        self.page.keyboard.press("Space")
        # The start may be on screen already: what counts is what stands there afterwards.
        self.rest()
        after = self.stage.evaluate(
            "(stage, [start, time]) => window.kfBack(stage, start, time)",
            [start, 1000 * self.patience],
        )
        for part, name in (("pixels", "picture"), ("readout", "readout")):
            if after[part] != start[part]:
                yield f"Reset does not bring back the {name} of the start"


def complaints(look: Look) -> Iterator[str]:
    """What is wrong with what a stage shows, whatever was done before."""
    if look["error"]:
        yield f"it shows an error: {look['error']}"
    if not all(look["size"]):
        yield "there is no picture, or it takes no room: {} px loaded, {} shown".format(
            *look["size"]
        )
    if not look["readout"]:
        yield "the readout is empty"
    if look["alt"] != look["readout"]:
        yield f"the picture's alt text {look['alt']!r} is not the readout {look['readout']!r}"


def label(control: Locator) -> str:
    """The words beside a control."""
    words = control.evaluate(
        """node => [
            ...node.closest(".jupyter-widgets").querySelectorAll("label, .widget-label")
        ].map((label) => label.textContent).join(" ")"""
    )
    return " ".join(words.replace("\u200b", "").split())


def value(handle: Locator) -> str:
    """What a slider shows beside itself."""
    return str(
        handle.evaluate(
            "node => node.closest('.jupyter-widgets').querySelector('.widget-readout')"
            "?.textContent ?? '?'"
        )
    )


def text(button: Locator) -> str:
    """What is written on a button."""
    return button.inner_text().strip()
