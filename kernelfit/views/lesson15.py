"""Lesson 15: the workbench, where a table of the learner's own meets three curves."""

from __future__ import annotations

import html
from collections.abc import Hashable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ipywidgets
import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from numpy.typing import NDArray

from kernelfit import InputError
from kernelfit.datasets import dataset_names, load
from kernelfit.table import Pair, Table, read_table, table_of
from kernelfit.views.controls import choice, log_slider, text_field, tick, whole_slider
from kernelfit.views.lesson15_bench import (
    Bench,
    axis_label,
    chosen_words,
    describe,
    error_text,
    limits_of,
    no_curve,
    number,
    rounded,
    short,
    some_of,
)
from kernelfit.views.lesson15_export import code_for, save_picture
from kernelfit.views.lesson15_fits import Curve, Model, choose
from kernelfit.views.style import BLUE, ORANGE, VERMILLION
from kernelfit.views.upload import Upload
from kernelfit.views.view import State, View

Array = NDArray[np.float64]

AT_ONCE = 300  # points up to which a fit keeps pace with the hand
HIGHEST = 15  # degree
LOG_WIDTHS, LOG_RIDGES = (-2.0, 1.0), (-6.0, 3.0)
WIDTHS, RIDGES = 10 ** np.arange(-2.0, 1.01, 0.25), 10 ** np.arange(-6.0, 3.01, 0.75)
REMEMBERED = 24  # curves
# What a hand may type, for the tests: see text_field.
PATHS = ("", "no_such_table.csv", "..", "https://example.org/table.csv", "~/no_such_table.csv")
PLACES = ("", "150", "1900", "1985,5", "soon", "1e300")


@dataclass
class Panel:
    """What moves in one of the three panels."""

    inside: Line2D
    outside: Line2D
    missed: Line2D
    far: Line2D
    place: Line2D
    said: Line2D
    title: Text


@dataclass
class BenchArtists:
    """What moves in the picture."""

    panels: list[Panel]
    handle: Line2D


class Workbench(View[Bench, BenchArtists]):
    """A table, two of its columns, and a line, a polynomial and a kernel fit side by side.

    Parameters
    ----------
    source : the name of a data set of the course, or the path of a CSV file.
    how : how the file is written, where that cannot be found out: see ``read_table``.
    """

    name = "workbench"

    def __init__(self, source: str = "nile", **how: Any) -> None:
        self.tables = {name: table_of(load(name)) for name in dataset_names()}
        self.how: dict[str, dict[str, Any]] = {}  # of the learner's own: where and how to read it
        self._pairs: dict[Hashable, Pair | InputError] = {}
        self._curves: dict[Hashable, Curve] = {}
        self._together = True
        start = source if source in self.tables else self._add(source, "", how)
        self.about = ipywidgets.HTML()
        self.code = ipywidgets.Textarea(layout=ipywidgets.Layout(width="100%", height="26rem"))
        choosing = _button("Choose by leaving out", "Degree, width and ridge of the least error")
        saving = _button("Save the picture", "As PNG and SVG, beside the notebook")
        self.upload = Upload(self.receive)
        self.controls = {
            "data": choice("table", self._menu(), start),
            "path": text_field("or its path", "", PATHS),
            "upload": self.upload,
            "x": choice("x", [("", 0)], 0),
            "y": choice("y", [("", 0)], 0),
            "degree": whole_slider("degree d", 0, HIGHEST, 3),
            "at": text_field("predict at x =", "", PLACES),
            "width": log_slider("width σ / range of x", *LOG_WIDTHS, 0.05, 0.1),
            "ridge": log_slider("ridge λ", *LOG_RIDGES, 0.25, 0.1),
            "misses": choice(
                "show", [("the curves", False), ("the misses, each point left out", True)], False
            ),
            "choose": choosing,
            "save": saving,
            "code": tick("show the code"),
        }
        self._new_columns()
        self.controls["data"].observe(lambda _: self._new_columns(), "value")
        self.controls["path"].observe(self._on_path, "value")
        self.controls["x"].observe(lambda _: self._new_place(), "value")
        super().__init__(self.controls, held={"said": ""})
        choosing.on_click(lambda _: self.choose())
        saving.on_click(lambda _: self._on_save())
        self._box.children = (*self._box.children, self.about, self.code)

    # Tables --------------------------------------------------------------------------------

    def receive(self, name: str, raw: bytes) -> str:
        """A file has come from the page: show it, or say why not."""
        try:
            key = self._add(raw, name, {})
        except InputError as refusal:
            self._say(f"{refusal} Still shown: {self.state['data']}.")
            return str(refusal)
        self._take(key)
        return f"{key} is there: {len(self.tables[key].lines):,} rows."

    def _add(self, source: str | bytes, name: str, how: dict[str, Any]) -> str:
        """Read a table and keep it under a name that no other has."""
        table = read_table(source, name=name, **how)
        key, number = table.name, 2
        while key in self.tables:
            key, number = f"{table.name} ({number})", number + 1
        self.tables[key] = table
        self.how[key] = {"source": name if isinstance(source, bytes) else str(source), **how}
        return key

    def _menu(self) -> list[tuple[str, str]]:
        own = [(short(key), key) for key in self.how]
        return [*own, *((key, key) for key in self.tables if key not in self.how)]

    def _take(self, key: str) -> None:
        with self._one_update():
            self.controls["data"].options = self._menu()
            self.controls["data"].value = key
            self.held["said"] = ""

    def _on_path(self, change: Any) -> None:
        typed = change["new"].strip()
        self.held["said"] = ""
        if not typed:
            return
        try:
            key = self._add(typed, "", {})
        except InputError as refusal:
            self.held["said"] = f"{refusal} Still shown: {self.controls['data'].value}."
            return
        self._take(key)
        self.controls["path"].value = ""  # the same file, mended, may be read again

    def _new_columns(self) -> None:
        """The menus of x and y for the table that is chosen now."""
        table = self.tables[self.controls["data"].value]
        names = [short(table.columns[j].label) for j in table.usable]
        options = [
            (label if names.count(label) == 1 else f"{label} (column {j})", j)
            for j, label in zip(table.usable, names, strict=True)
        ]
        together, self._together = self._together, True
        for axis, place in (("x", 0), ("y", -1)):
            self.controls[axis].options = options
            self.controls[axis].value = options[place][1]
        self._together = together
        self._new_place()
        self.about.value = html.escape(" ".join([*table.notes, *_of_no_use(table)]))

    def _new_place(self) -> None:
        """The point that is asked for goes to the middle of the new x."""
        together, self._together = self._together, True
        values = self.tables[self.controls["data"].value].columns[self.controls["x"].value].values
        low, high = float(np.nanmin(values)), float(np.nanmax(values))
        self.controls["at"].value = rounded(low + (high - low) / 2, high - low)
        self._together = together

    def _on_change(self, change: Any) -> None:
        if not self._together and change["owner"] is not self.controls["path"]:
            self.held["said"] = ""  # it was about what has just been changed
        super()._on_change(change)

    def _say(self, words: str) -> None:
        with self._one_update():
            self.held["said"] = words

    @property
    def pair(self) -> Pair:
        """The columns x and y that are shown: ``x, y = bench.pair``.

        Raises InputError when they have no row in common.
        """
        return self.tables[self.state["data"]].pair(self.state["x"], self.state["y"])

    # The buttons ---------------------------------------------------------------------------

    def choose(self) -> None:
        """Set degree, width and ridge to those of least leave-one-out error."""
        bench = self.compute(self.state)
        if bench.problem or bench.pair is None:
            self._say("There is nothing to choose by.")
            return
        (x, y), spread = bench.pair, float(np.ptp(bench.pair.x))
        try:
            chosen = choose(x, y, range(HIGHEST + 1), list(WIDTHS * spread), list(RIDGES))
        except InputError as refusal:
            self._say(str(refusal))
            return
        with self._one_update():
            self.controls["degree"].value = chosen.degree
            self.controls["width"].value = chosen.width / spread
            self.controls["ridge"].value = chosen.ridge
            self.held["said"] = chosen_words(chosen.points, len(x))

    def save(self, path: str | Path = "") -> tuple[Path, Path]:
        """Save the picture as PNG and SVG under a name that is not taken yet.

        Raises InputError where the folder cannot be written to.
        """
        bench = self.compute(self.state)
        named = f"{bench.key.rpartition('.')[0] or bench.key}-{bench.columns[1].name}"
        return save_picture(self.fresh_figure(), path, named)

    def _on_save(self) -> None:
        try:
            png, svg = self.save()
        except InputError as refusal:
            self._say(str(refusal))
            return
        self._say(f"Saved beside the notebook as {png.name} and {svg.name}.")

    # The picture ---------------------------------------------------------------------------

    def compute(self, state: State) -> Bench:
        key, where = state["data"], (state["x"], state["y"])
        table = self.tables[key]
        pair, problem = self._pair(key, where)
        spread = float(np.ptp(pair.x)) if pair else 0.0
        if pair:
            problem = no_curve(pair, (table.columns[where[0]], table.columns[where[1]]))
        models = (
            Model("line"),
            Model("polynomial", degree=state["degree"]),
            Model("kernel", width=state["width"] * spread, ridge=state["ridge"]),
        )
        curves: list[Curve | None] = [None] * 3
        if pair and not problem:
            for i, model in enumerate(models):
                wanted = (key, where, model)
                if wanted not in self._curves and len(pair.x) <= AT_ONCE:
                    self._remember(wanted, model.fit(*pair))
                curves[i] = self._curves.get(wanted)
        return Bench(
            key=key,
            table=table,
            where=where,
            pair=pair,
            models=models,
            curves=tuple(curves),
            limits=limits_of(pair, number(state["at"]), state["misses"]),
            asked=state["at"],
            misses=state["misses"],
            with_code=state["code"],
            problem=problem,
            said=state["said"],
        )

    def compute_slowly(self, state: State) -> Bench | None:
        bench = self.compute(state)
        if bench.pair is None or bench.problem or None not in bench.curves:
            return None
        for model in bench.models:
            wanted = (bench.key, bench.where, model)
            if wanted not in self._curves:
                self._remember(wanted, model.fit(*bench.pair))
        return self.compute(state)

    def draw_slowly(self, moving: BenchArtists, slow: Bench) -> None:
        self.draw(moving, slow)

    def _pair(self, key: str, where: tuple[int, int]) -> tuple[Pair | None, str]:
        """The two columns, or why they have no point in common."""
        if (key, where) not in self._pairs:
            try:
                self._pairs[key, where] = self.tables[key].pair(*where)
            except InputError as refusal:
                self._pairs[key, where] = refusal
        found = self._pairs[key, where]
        return (None, str(found)) if isinstance(found, InputError) else (found, "")

    def _remember(self, wanted: Hashable, curve: Curve) -> None:
        self._curves[wanted] = curve
        while len(self._curves) > REMEMBERED:
            del self._curves[next(iter(self._curves))]

    def frame(self, result: Bench) -> Hashable:
        return result.key, result.where, result.limits, result.misses

    def build(self, figure: Figure, result: Bench) -> BenchArtists:
        wide = figure.get_figwidth() > figure.get_figheight()
        shape = (1, 3) if wide else (3, 1)
        axes = figure.subplots(*shape, sharex=True, sharey=True).ravel()
        left, right, bottom, top = result.limits
        panels = []
        for one in axes:
            one.set(xlim=(left, right), ylim=(bottom, top))
            one.ticklabel_format(useOffset=False)
            one.locator_params(axis="x", nbins=4 if wide else 6)
            panels.append(self._panel(one, result))
        for axis, at in ((0, axes if wide else axes[-1:]), (1, axes[:1] if wide else axes)):
            label, families = axis_label(result, axis)
            label = f"miss of {label}" if axis and result.misses else label
            for one in at:
                set_label = one.set_ylabel if axis else one.set_xlabel
                set_label(label, parse_math=False, fontfamily=families)
        (handle,) = axes[-1].plot(
            [], [], "^", color=ORANGE, mec="black", markersize=11, clip_on=False, zorder=5
        )
        handle.set_in_layout(False)
        first = panels[0]
        marks = {"fit": first.inside, "outside of the data": first.outside}
        if result.misses:
            marks = {"miss of a point left out": first.missed, "beyond the picture": first.far}
        marks["asked for (drag it)"] = handle
        marks["prediction"] = first.said
        if result.misses:
            del marks["prediction"]
        figure.legend(
            list(marks.values()), list(marks), loc="outside lower center", ncols=4 if wide else 2
        )
        return BenchArtists(panels, handle)

    def _panel(self, axes: Any, result: Bench) -> Panel:
        if result.pair is not None and not result.misses:
            some = some_of(result.pair)
            size = 5 if len(some) < 500 else 2.5
            axes.plot(result.pair.x[some], result.pair.y[some], "o", color="0.55", markersize=size)
        (inside,) = axes.plot([], [], color=BLUE)
        (outside,) = axes.plot([], [], "--", color=VERMILLION, linewidth=1.8)
        (missed,) = axes.plot([], [], "o", color=BLUE, markersize=4)
        (far,) = axes.plot([], [], "d", color=VERMILLION, markersize=6, clip_on=False)
        far.set_in_layout(False)  # without a point it would have no size at all
        (place,) = axes.plot([], [], ":", color="black", linewidth=1.4)
        (said,) = axes.plot([], [], "D", color=ORANGE, mec="black", markersize=7, zorder=4)
        if result.misses:
            axes.axhline(0, color="0.4", linewidth=1)
        return Panel(inside, outside, missed, far, place, said, axes.set_title(" \n "))

    def draw(self, moving: BenchArtists, result: Bench) -> None:
        left, right, bottom, top = result.limits
        at = result.at if result.at is not None and left <= result.at <= right else None
        for panel, model, curve in zip(moving.panels, result.models, result.curves, strict=True):
            panel.title.set_text(_title(model, curve, result))
            panel.place.set_data(
                [] if at is None else [at, at], [] if at is None else [bottom, top]
            )
            for line in (panel.inside, panel.outside, panel.missed, panel.far, panel.said):
                line.set_data([], [])
            if curve is None or result.pair is None:
                continue
            if result.misses:
                _draw_misses(panel, curve, result.pair, top)
            else:
                _draw_curve(panel, curve, result.pair, result.limits[:2])
                if at is not None:
                    panel.said.set_data([at], curve.values(np.array([at])))
        moving.handle.set_data([] if at is None else [at], [] if at is None else [bottom])

    def handles(self, moving: BenchArtists, result: Bench) -> tuple[Any, Array] | None:
        left, right, bottom, _ = result.limits
        if result.at is None or not left <= result.at <= right:
            return None
        return moving.handle.axes, np.array([[result.at, bottom]])

    def dragged(self, index: int, x: float, y: float) -> None:
        bench = self.compute(self.state)
        left, right, *_ = bench.limits
        place = min(max(x, left), right)
        together, self._together = self._together, True  # the caller redraws
        self.controls["at"].value = rounded(place, right - left)
        self._together = together

    def describe(self, result: Bench) -> str:
        return describe(self._complete(result))

    def _complete(self, result: Bench) -> Bench:
        """The result with the curves that have been computed since."""
        if None not in result.curves:
            return result
        wanted = [(result.key, result.where, model) for model in result.models]
        return replace(result, curves=tuple(map(self._curves.get, wanted)))

    def _publish(self, result: Bench) -> None:
        super()._publish(result)
        self.code.value = code_for(result, self.how.get(result.key)) if result.with_code else ""
        self.code.layout.display = "" if result.with_code else "none"


def _button(label: str, tooltip: str) -> ipywidgets.Widget:
    button = ipywidgets.Button(description=label, tooltip=tooltip)
    button.layout.width = "13rem"
    return button


def _of_no_use(table: Table) -> list[str]:
    """The columns that are not in the menus, and why."""
    return [f"Not in the menus: {c.name}, {c.why_not}" for c in table.columns if c.why_not]


def _title(model: Model, curve: Curve | None, result: Bench) -> str:
    if result.problem or result.pair is None:
        return f"{model.title}\n–"
    return f"{model.title}\nleft-out error {error_text(curve, result.pair)}"


def _draw_curve(panel: Panel, curve: Curve, pair: Pair, limits: tuple[float, ...]) -> None:
    """Solid where there are data, dashed where there are none."""
    low, high = pair.x.min(), pair.x.max()
    inside = np.linspace(low, high, 301)
    panel.inside.set_data(inside, curve.values(inside))
    left, right = np.linspace(limits[0], low, 60), np.linspace(high, limits[1], 60)
    beyond = np.concatenate([left, right])
    values = curve.values(beyond)
    gap = len(left)
    panel.outside.set_data(np.insert(beyond, gap, np.nan), np.insert(values, gap, np.nan))


def _draw_misses(panel: Panel, curve: Curve, pair: Pair, top: float) -> None:
    """The misses over x; those beyond the picture stand at its edge."""
    some = some_of(pair)
    x, misses = pair.x[some], curve.misses[some]
    far = np.abs(misses) > top
    panel.missed.set_data(x[~far], misses[~far])
    panel.far.set_data(x[far], np.sign(misses[far]) * top)
