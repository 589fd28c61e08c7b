"""A view: a picture that follows the hand.

Three things are kept apart. ``compute`` is arithmetic and knows no screen. ``build`` draws a
figure once and ``draw`` moves its artists. The controls say where the hand is. This class
connects them, so that the view of a lesson holds nothing but its own idea.
"""

from __future__ import annotations

import asyncio
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Generic, TypeVar

import ipywidgets
import matplotlib.style
import numpy as np
from IPython.display import display
from matplotlib.figure import Figure
from numpy.typing import ArrayLike
from threadpoolctl import ThreadpoolController

from kernelfit.views.controls import value_of
from kernelfit.views.stage import DPI, SHARPEST, STYLE, Scenery, Stage, artists_in, new_figure

State = dict[str, Any]
Result = TypeVar("Result")
Moving = TypeVar("Moving")

# JupyterLab answers each control in a thread of its own, and matplotlib draws for one at a time.
DRAWING = threading.RLock()
REST = 0.06  # seconds without a new value after which the slow part is worth its time


class View(ABC, Generic[Result, Moving]):
    """A picture, its controls and a sentence that says in words what the picture shows.

    ``controls``, ``state`` and ``readout`` are what a lesson or a test needs; ``set`` moves
    several controls at once. A subclass gives ``compute``, ``build``, ``draw`` and ``describe``.
    """

    name: ClassVar[str]
    size: ClassVar[tuple[float, float]] = (9.0, 4.3)  # inches, 100 CSS pixels each
    narrow_size: ClassVar[tuple[float, float]] = (4.3, 8.4)  # where the page is a narrow column

    def __init__(
        self, controls: dict[str, ipywidgets.Widget], held: dict[str, Any] | None = None
    ) -> None:
        self.controls = controls
        self.held = dict(held or {})  # what can be dragged: part of the state, not a control
        self._start = {**self._values(), **self.held}
        self._stage = Stage(view=self.name)
        self._together = False
        self._frame: Hashable = None
        self._scenery: Scenery | None = None
        self._turn = 0

        self._update(at_once=True)
        self._blas = ThreadpoolController()  # now the first result has loaded all that it needs
        for control in controls.values():
            control.observe(self._on_change, "value")
        self._stage.observe(self._on_change, ["pixel_ratio", "narrow"])
        self._stage.observe(self._on_drag, "drag")
        self._stage.observe(self._on_click, "click")
        reset = ipywidgets.Button(description="Reset", tooltip="Back to the start")
        reset.layout.width = "6rem"
        reset.on_click(lambda _: self.reset())
        self.reset_button = reset
        row = ipywidgets.Box([*controls.values(), reset])
        row.layout = ipywidgets.Layout(flex_flow="row wrap", align_items="center")
        self._box = ipywidgets.VBox([row, self._stage])
        self._box.add_class("kf-view")

    # What a view of a lesson says ----------------------------------------------------------

    @abstractmethod
    def compute(self, state: State) -> Result:
        """Everything the picture shows, from the state alone: no screen, no side effect."""

    @abstractmethod
    def build(self, figure: Figure, result: Result) -> Moving:
        """Draw what stays, once, and return the artists that ``draw`` will move."""

    @abstractmethod
    def draw(self, moving: Moving, result: Result) -> None:
        """Set the moving artists to the result; create nothing."""

    @abstractmethod
    def describe(self, result: Result) -> str:
        """The result as one line of words and numbers."""

    def frame(self, result: Result) -> Hashable:
        """What the standing part depends on; when it changes, the figure is built anew."""
        return None

    def handles(self, moving: Moving, result: Result) -> tuple[Any, ArrayLike] | None:
        """The axes and the (n, 2) places of the points that can be dragged, if any."""
        return None

    def dragged(self, index: int, x: float, y: float) -> None:
        """Point ``index`` was dragged to (x, y), in the units of its axes: change ``held``."""

    def clickable(self, moving: Moving) -> Any:
        """The axes in which a click has a meaning, if any."""
        return None

    def clicked(self, x: float, y: float) -> None:
        """There was a click at (x, y), in the units of these axes and within them."""

    def compute_slowly(self, state: State) -> Any:
        """The heavy part, computed when the hand rests; None when there is none."""
        return None

    def draw_slowly(self, moving: Moving, slow: Any) -> None:
        """Set the artists of the heavy part."""

    # What a lesson or a test needs ---------------------------------------------------------

    @property
    def state(self) -> State:
        """The value of every control, and what has been dragged, by name."""
        return {**self._values(), **self.held}

    @property
    def readout(self) -> str:
        """What the picture shows, in words and numbers."""
        return str(self._stage.readout)

    @property
    def picture(self) -> bytes:
        """The picture as PNG."""
        return bytes(self._stage.picture)

    def set(self, **values: Any) -> None:
        """Move several controls and redraw once."""
        with self._one_update():
            for name, value in values.items():
                self.controls[name].value = value

    def reset(self) -> None:
        """Back to the state in which the view was opened."""
        with self._one_update():
            for name, value in self._start.items():
                if name in self.held:
                    self.held[name] = value
                else:
                    self.controls[name].value = value

    def fresh_figure(self, **values: Any) -> Figure:
        """The same picture as a new figure, drawn from nothing: for print, and to compare."""
        with DRAWING:
            figure, moving = self._draw_all({**self.state, **values}, self.size, ratio=1.0)
        for artist in artists_in(moving):
            artist.set_animated(False)
        return figure

    # How it is connected -------------------------------------------------------------------

    def _values(self) -> State:
        return {name: value_of(c) for name, c in self.controls.items() if c.has_trait("value")}

    @contextmanager
    def _one_update(self) -> Iterator[None]:
        with DRAWING:
            self._together = True
            try:
                yield
            finally:
                self._together = False
            self._safely_update()

    def _compute_at_once(self, state: State) -> Result:
        """The result, in one thread: on a busy machine, several wait for each other."""
        if self._scenery is None:
            return self.compute(state)
        with self._blas.limit(limits=1, user_api="blas"):
            return self.compute(state)

    def _on_change(self, change: object) -> None:
        if not self._together:
            self._safely_update()

    def _on_drag(self, change: Any) -> None:
        if self._scenery is None or not change["new"]:
            return
        index, right, down = change["new"]
        with DRAWING:
            if int(index) >= len(self._stage.handles):
                return  # the hand was still on its way when the point was taken away
            x, y = self._place(self._handle_axes, right, down)
            self._safely_update(lambda: self.dragged(int(index), x, y))

    def _on_click(self, change: Any) -> None:
        if self._scenery is None or not change["new"]:
            return
        right, down, _ = change["new"]
        with DRAWING:
            area = self._stage.click_area
            if area and area[0] <= right <= area[2] and area[1] <= down <= area[3]:
                x, y = self._place(self.clickable(self._moving), right, down)
                self._safely_update(lambda: self.clicked(x, y))

    def _place(self, axes: Any, right: float, down: float) -> tuple[float, float]:
        """Where fractions of the picture, from the left and from the top, lie in the axes."""
        assert self._scenery is not None
        width, height = self._scenery.canvas.get_width_height()
        x, y = axes.transData.inverted().transform((right * width, (1 - down) * height))
        return float(x), float(y)

    def _safely_update(self, hand: Callable[[], None] = lambda: None) -> None:
        """Show an error where the learner looks, then let it go on: nothing is swallowed."""
        try:
            hand()
            self._update()
        except Exception as problem:
            self._show_error(problem)
            raise
        self._stage.error = ""

    def _show_error(self, problem: Exception) -> None:
        self._stage.error = f"{type(problem).__name__}: {problem}"

    def _update(self, at_once: bool = False) -> None:
        with DRAWING:
            state = self.state
            self._turn += 1
            ratio = min(max(float(self._stage.pixel_ratio), 0.5), SHARPEST)
            size = self.narrow_size if self._stage.narrow else self.size
            result = self._compute_at_once(state)
            frame = (ratio, size, self.frame(result))
            if self._scenery is None or frame != self._frame:
                figure, self._moving = self._draw_all(state, size, ratio)
                self._stage.width = round(DPI * size[0])
                self._scenery, self._frame = Scenery(figure, self._moving), frame
            else:
                self.draw(self._moving, result)
            self._publish(result)
            self._follow(self._turn, state, result, at_once)

    def _draw_all(
        self, state: State, size: tuple[float, float], ratio: float
    ) -> tuple[Figure, Moving]:
        result = self.compute(state)
        figure = new_figure(size, ratio)
        with matplotlib.style.context(STYLE):
            moving = self.build(figure, result)
        self.draw(moving, result)
        slow = self.compute_slowly(state)
        if slow is not None:
            self.draw_slowly(moving, slow)
        return figure, moving

    def _publish(self, result: Result) -> None:
        """Send picture, words and handles in one message."""
        assert self._scenery is not None
        with self._stage.hold_sync():
            self._stage.picture = self._scenery.png()
            self._stage.readout = self.describe(result)
            self._stage.handles = self._handle_places(result)
            self._stage.click_area = self._click_area()

    def _handle_places(self, result: Result) -> list[list[float]]:
        """The points to grab as fractions of the picture, from the left and from the top."""
        found = self.handles(self._moving, result)
        if found is None or self._scenery is None:
            return []
        self._handle_axes, points = found
        width, height = self._scenery.canvas.get_width_height()
        places = self._handle_axes.transData.transform(np.asarray(points)) / (width, height)
        return [[round(float(x), 5), round(float(1 - y), 5)] for x, y in places]

    def _click_area(self) -> list[float]:
        """Left, top, right and bottom of the axes to click in, as fractions of the picture."""
        axes = self.clickable(self._moving)
        if axes is None or self._scenery is None:
            return []
        width, height = self._scenery.canvas.get_width_height()
        left, bottom, right, top = axes.bbox.extents / (width, height, width, height)
        return [round(float(edge), 5) for edge in (left, 1 - top, right, 1 - bottom)]

    def _follow(self, turn: int, state: State, result: Result, at_once: bool) -> None:
        """The slow part, when the hand rests; a value that was left meanwhile is dropped."""

        def slow_part() -> None:
            with DRAWING:
                if turn != self._turn:
                    return
                try:
                    slow = self.compute_slowly(state)
                    if slow is not None:
                        self.draw_slowly(self._moving, slow)
                        self._publish(result)
                except Exception as problem:
                    self._show_error(problem)
                    raise

        if type(self).compute_slowly is View.compute_slowly or at_once:
            return
        try:
            asyncio.get_running_loop().call_later(REST, slow_part)
        except RuntimeError:  # no event loop: a script or a test, where nobody is in a hurry
            slow_part()

    def _ipython_display_(self) -> None:
        # Three forms of one thing: the live view, and for a page without a kernel the picture
        # and the words.
        widget = {"version_major": 2, "version_minor": 0, "model_id": self._box.model_id}
        show: Callable[..., Any] = display  # IPython's has no types
        show(
            {
                "application/vnd.jupyter.widget-view+json": widget,
                "image/png": self.picture,
                "text/plain": self.readout,
            },
            raw=True,
        )
