"""Lesson 01: the error of a line as a surface, and the two lines of Galton."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from kernelfit.datasets import load
from kernelfit.views.contours import contour_lines
from kernelfit.views.controls import choice, log_slider, slider, tick
from kernelfit.views.stage import two_panels
from kernelfit.views.style import BLUE, GREEN, VERMILLION
from kernelfit.views.view import State, View
from kernelfit.views.words import sign, signed

Array = NDArray[np.float64]

INTERCEPTS = np.linspace(-2.0, 8.0, 81)
SLOPES = np.linspace(-0.5, 1.5, 81)


@dataclass(frozen=True)
class Bowl:
    """One line through the data, and the error of all lines."""

    data: str
    x: Array
    y: Array
    c0: float
    c1: float
    squared: bool
    residuals: Array
    error: float
    surface: Array  # the error at every (c1, c0) of the grid
    levels: Array
    best: tuple[float, float] | None  # None when all x are equal: there are many
    show_best: bool


@dataclass
class BowlArtists:
    """What moves in the picture of the bowl."""

    points: Line2D
    line: Line2D
    squares: PolyCollection
    bars: LineCollection
    contours: LineCollection
    here: Line2D
    best_line: Line2D
    best_place: Line2D


class ErrorBowl(View[Bowl, BowlArtists]):
    """Move a line by its two numbers; its error is a point on a bowl."""

    name = "error_bowl"
    x_limits, y_limits, box_aspect = (2.0, 20.0), (0.0, 16.0), 0.9

    def __init__(self, data: str = "anscombe_1") -> None:
        options = [(f"Anscombe {'I' * i if i < 4 else 'IV'}", f"anscombe_{i}") for i in range(1, 5)]
        chosen = load(data)
        super().__init__(
            {
                "intercept": slider("intercept c₀", -2.0, 8.0, 0.1, 6.0),
                "slope": slider("slope c₁", -0.5, 1.5, 0.02, 0.0),
                "data": choice("data", options, data),
                "measure": choice("add up", [("squares r²", True), ("lengths |r|", False)], True),
                "show_best": tick("show the best line"),
            },
            held={"x": chosen.x, "y": chosen.y},
        )
        self.controls["data"].observe(self._new_data, "value")

    def _new_data(self, change: dict[str, str]) -> None:
        chosen = load(change["new"])
        self.held.update(x=chosen.x, y=chosen.y)
        if not self._together:
            self._safely_update()

    def compute(self, state: State) -> Bowl:
        x, y = state["x"], state["y"]
        c0, c1, squared = state["intercept"], state["slope"], state["measure"]
        residuals = y - (c0 + c1 * x)
        all_residuals = y - (INTERCEPTS[None, :, None] + SLOPES[:, None, None] * x)
        measure = np.square if squared else np.abs
        best = least_squares_line(x, y) if squared else least_lengths_line(x, y)
        nearest = best or (float(y.mean()), 0.0)  # all x are equal: one best line of many
        least = float(measure(y - nearest[0] - nearest[1] * x).sum())
        spread = float(measure(y - y.mean()).sum())
        steps = [0.02, 0.1, 0.4, 1.2, 4.0, 12.0, 36.0] if squared else [0.05, 0.2, 0.5, 1, 2, 4, 8]
        return Bowl(
            data=state["data"],
            x=x,
            y=y,
            c0=c0,
            c1=c1,
            squared=squared,
            residuals=residuals,
            error=float(measure(residuals).sum()),
            surface=measure(all_residuals).sum(axis=2),
            levels=least + spread * np.array(steps),
            best=best,
            show_best=state["show_best"],
        )

    def frame(self, result: Bowl) -> Hashable:
        return result.squared

    def build(self, figure: Figure, result: Bowl) -> BowlArtists:
        cloud, plane = two_panels(figure)
        cloud.set(xlim=self.x_limits, ylim=self.y_limits, xlabel="$x$", ylabel="$y$")
        cloud.set(title="the data and your line", box_aspect=self.box_aspect)
        plane.set(xlim=INTERCEPTS[[0, -1]], ylim=SLOPES[[0, -1]])
        plane.set(xlabel="intercept $c_0$", ylabel="slope $c_1$", box_aspect=self.box_aspect)
        plane.set_title(
            r"the error $E = \sum r_i^2$ of every line"
            if result.squared
            else r"the sum of lengths $\sum |r_i|$ of every line"
        )
        squares = PolyCollection([], facecolor=VERMILLION, alpha=0.18, edgecolor=VERMILLION)
        bars = LineCollection([], colors=VERMILLION, linewidths=2.5)
        contours = LineCollection([], colors="0.55", linewidths=1.0)
        cloud.add_collection(squares)
        cloud.add_collection(bars)
        plane.add_collection(contours)
        (best_line,) = cloud.plot([], [], "--", color=GREEN, label="best line")
        (best_place,) = plane.plot([], [], "X", color=GREEN, markersize=11)
        (line,) = cloud.plot([], [], color=BLUE)
        (points,) = cloud.plot([], [], "o", color="black", zorder=3)
        (here,) = plane.plot([], [], "o", color=BLUE, markersize=11)
        return BowlArtists(points, line, squares, bars, contours, here, best_line, best_place)

    def draw(self, moving: BowlArtists, result: Bowl) -> None:
        ends = np.array(self.x_limits)
        fitted = result.y - result.residuals
        moving.points.set_data(result.x, result.y)
        moving.line.set_data(ends, result.c0 + result.c1 * ends)
        moving.here.set_data([result.c0], [result.c1])
        moving.squares.set_verts(self._squares(result) if result.squared else [])
        moving.bars.set_segments(
            [((x, f), (x, y)) for x, f, y in zip(result.x, fitted, result.y, strict=True)]
        )
        moving.contours.set_segments(
            contour_lines(INTERCEPTS, SLOPES, result.surface, result.levels)
        )
        if result.best is None or not result.show_best:
            moving.best_line.set_data([], [])
            moving.best_place.set_data([], [])
        else:
            c0, c1 = result.best
            moving.best_line.set_data(ends, c0 + c1 * ends)
            moving.best_place.set_data([c0], [c1])

    def _squares(self, result: Bowl) -> list[Array]:
        """A square on each residual, drawn towards the middle of the picture."""
        x_per_y = self.box_aspect * np.ptp(self.x_limits) / np.ptp(self.y_limits)
        sides = np.abs(result.residuals) * x_per_y
        sides = np.where(result.x + sides > self.x_limits[1], -sides, sides)
        return [
            np.array([(x, y), (x, y - r), (x + s, y - r), (x + s, y)])
            for x, y, r, s in zip(result.x, result.y, result.residuals, sides, strict=True)
        ]

    def handles(self, moving: BowlArtists, result: Bowl) -> tuple[Any, Array]:
        return moving.points.axes, np.column_stack([result.x, result.y])

    def dragged(self, index: int, x: float, y: float) -> None:
        for name, value, (low, high) in (
            ("x", x, self.x_limits),
            ("y", y, self.y_limits),
        ):
            moved = self.held[name].copy()
            moved[index] = round(min(max(value, low), high), 2)
            self.held[name] = moved

    def describe(self, result: Bowl) -> str:
        added = "squares add up to E =" if result.squared else "lengths add up to"
        words = (
            f"Line y = {signed(result.c0)} {sign(result.c1)} {abs(result.c1):.2f} x: "
            f"the {added} {result.error:.2f}, "
            f"the residuals to {signed(result.residuals.sum())}, "
            f"x times the residuals to {signed(float(result.x @ result.residuals))}."
        )
        if not result.show_best:
            return words
        if result.best is None:
            return words + " All x are equal, so there is more than one best line."
        c0, c1 = result.best
        return words + f" Best line: y = {signed(c0, '.3f')} {sign(c1)} {abs(c1):.3f} x."


@dataclass(frozen=True)
class Directions:
    """One line through the mean, and its error measured up and down and left and right."""

    slope: float
    up_down: float  # sum of squared vertical distances, as a share of the scatter of y
    left_right: float  # sum of squared horizontal distances, as a share of the scatter of x
    all_slopes: bool


@dataclass
class DirectionArtists:
    """What moves in the picture of Galton's families."""

    line: Line2D
    vertical: LineCollection
    horizontal: LineCollection
    curves: list[Line2D]
    here_vertical: Line2D
    here_horizontal: Line2D


class TwoDirections(View[Directions, DirectionArtists]):
    """Turn a line about the mean of Galton's families; two errors, two best slopes."""

    name = "two_directions"

    def __init__(self) -> None:
        galton = load("galton")
        self.units = galton.units
        pairs = np.column_stack([galton.x, galton.y])
        self.cells, self.counts = np.unique(pairs, axis=0, return_counts=True)
        self.mean = pairs.mean(axis=0)
        dx, dy = (pairs - self.mean).T
        self.sxx, self.sxy, self.syy = float(dx @ dx), float(dx @ dy), float(dy @ dy)
        super().__init__(
            {
                "slope": log_slider("slope", -0.7, 1.0, 0.02, 1.0),
                "all_slopes": tick("show all slopes"),
            }
        )

    def compute(self, state: State) -> Directions:
        b = state["slope"]
        return Directions(b, *self._shares(b), state["all_slopes"])

    def _shares(self, b: Any) -> tuple[Any, Any]:
        # sum (dy - b dx)^2 / sum dy^2 and sum (dx - dy / b)^2 / sum dx^2, multiplied out
        up_down = 1 - 2 * b * self.sxy / self.syy + b**2 * self.sxx / self.syy
        left_right = 1 - 2 * self.sxy / (b * self.sxx) + self.syy / (b**2 * self.sxx)
        return up_down, left_right

    def build(self, figure: Figure, result: Directions) -> DirectionArtists:
        families, errors = two_panels(figure)
        families.scatter(*self.cells.T, s=4 * self.counts, color="0.35", alpha=0.7)
        families.set(xlim=(61, 76), ylim=(61, 76), aspect="equal")
        families.set(xlabel="mid-parent height [in]", ylabel="height of the child [in]")
        families.set_title("928 grown children (area: how many)")
        vertical = LineCollection([], colors=VERMILLION, linewidths=1.8)
        horizontal = LineCollection([], colors=GREEN, linewidths=1.8, linestyles="--")
        families.add_collection(vertical)
        families.add_collection(horizontal)
        (line,) = families.plot([], [], color=BLUE)

        slopes = np.logspace(-0.75, 1.05, 300)
        up_down, left_right = self._shares(slopes)
        curves = [
            *errors.plot(slopes, up_down, color=VERMILLION),
            *errors.plot(slopes, left_right, "--", color=GREEN),
        ]
        errors.set(xlim=slopes[[0, -1]], ylim=(0.6, 2.0), xscale="log", box_aspect=1)
        errors.set(xlabel="slope of the line", ylabel="share of the scatter")
        errors.set_xticks([0.2, 0.5, 1, 2, 5, 10], ["0.2", "0.5", "1", "2", "5", "10"])
        errors.minorticks_off()
        errors.set_title("the error, measured in two ways")
        (here_vertical,) = errors.plot([], [], "o", color=VERMILLION, markersize=10)
        (here_horizontal,) = errors.plot([], [], "s", color=GREEN, markersize=9)
        marks = {"up and down": here_vertical, "left and right": here_horizontal}
        errors.legend(list(marks.values()), list(marks), loc="upper center")
        return DirectionArtists(line, vertical, horizontal, curves, here_vertical, here_horizontal)

    def draw(self, moving: DirectionArtists, result: Directions) -> None:
        (x0, y0), b = self.mean, result.slope
        ends = np.array([61.0, 76.0])
        moving.line.set_data(ends, y0 + b * (ends - x0))
        # Distances are drawn for the largest cells only: all of them would be a black cloud.
        large = self.cells[self.counts >= 25]
        moving.vertical.set_segments([((x, y), (x, y0 + b * (x - x0))) for x, y in large])
        moving.horizontal.set_segments([((x, y), (x0 + (y - y0) / b, y)) for x, y in large])
        for curve in moving.curves:
            curve.set_visible(result.all_slopes)
        moving.here_vertical.set_data([b], [result.up_down])
        moving.here_horizontal.set_data([b], [result.left_right])

    def describe(self, result: Directions) -> str:
        return (
            f"Slope {result.slope:.2f}: {result.up_down:.1%} of the children's scatter is left "
            f"up and down, {result.left_right:.1%} of the parents' scatter left and right."
        )


def least_squares_line(x: Array, y: Array) -> tuple[float, float] | None:
    """The (c0, c1) of least squared error, from the centred formula; None when all x are equal."""
    if np.ptp(x) == 0:
        return None
    dx = x - x.mean()
    c1 = float(dx @ (y - y.mean()) / (dx @ dx))
    return float(y.mean() - c1 * x.mean()), c1


def least_lengths_line(x: Array, y: Array) -> tuple[float, float] | None:
    """The (c0, c1) with the least sum of |residuals|: some best line passes through two points.

    None when all x are equal.
    """
    if np.ptp(x) == 0:
        return None
    i, j = np.array(list(combinations(range(len(x)), 2))).T
    i, j = i[x[i] != x[j]], j[x[i] != x[j]]
    slopes = (y[j] - y[i]) / (x[j] - x[i])
    intercepts = y[i] - slopes * x[i]
    errors = np.abs(y - intercepts[:, None] - slopes[:, None] * x).sum(axis=1)
    least = int(np.argmin(errors))
    return float(intercepts[least]), float(slopes[least])
