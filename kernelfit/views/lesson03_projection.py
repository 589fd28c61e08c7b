"""Lesson 03: three values are one point in space, and the fitted values its foot on a plane."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch
from matplotlib.text import Text
from numpy.typing import NDArray

from kernelfit.least_squares import LinearRegression
from kernelfit.views.controls import slider, tick
from kernelfit.views.space import free_text, on_page
from kernelfit.views.stage import two_panels
from kernelfit.views.style import BLUE, GREEN, VERMILLION
from kernelfit.views.view import State, View
from kernelfit.views.words import sign

Array = NDArray[np.float64]

ONES, X, Y = np.array([1.0, 1.0, 1.0]), np.array([0.0, 1.0, 2.0]), np.array([1.0, 5.0, 3.0])
C0_LIMITS, C1_LIMITS = (0.0, 3.0), (-0.5, 2.0)
# Directions of a picture in which the plane of 1 and x lies flat: two in it, one upright.
FLAT = np.column_stack(
    [ONES / np.sqrt(3), (ONES - X) / np.sqrt(2), np.array([-1.0, 2.0, -1.0]) / np.sqrt(6)]
)
TILT = 32.0
ENDS = np.array([-0.4, 2.4])  # of the lines in the picture of x and y


@dataclass(frozen=True)
class Fitted:
    """A point of the plane that 1 and x span, and what is left from there to y."""

    c0: float
    c1: float
    fitted: Array
    residuals: Array
    length: float
    angles: tuple[float, float]  # of the residual with 1 and with x, in degrees
    turn: float
    show_foot: bool


@dataclass
class FittedArtists:
    """What moves in the picture of the projection."""

    line: Line2D
    bars: LineCollection
    best_line: Line2D
    face: PolyCollection
    mesh: LineCollection
    value_axes: LineCollection
    columns: list[FancyArrowPatch]
    way: Line2D
    perpendicular: LineCollection
    residual: Line2D
    points: list[Line2D]  # y, Xc and the foot
    names: list[Text]


class Projection(View[Fitted, FittedArtists]):
    """Three values are one point in space; the fitted values are the nearest point of a plane."""

    name = "projection"

    def __init__(self) -> None:
        fit = LinearRegression().fit(X, Y)
        self.best = np.array([fit.intercept_, *fit.coef_])
        self.foot, self.least = Y - fit.residuals_, float(np.linalg.norm(fit.residuals_))
        super().__init__(
            {
                "c0": slider("how much of 1, c₀", *C0_LIMITS, 0.1, 2.5),
                "c1": slider("how much of x, c₁", *C1_LIMITS, 0.1, 0.0),
                "turn": slider("turn the picture", 0.0, 360.0, 5.0, 205.0),
                "show_foot": tick("show the foot"),
            }
        )

    def compute(self, state: State) -> Fitted:
        c0, c1 = state["c0"], state["c1"]
        fitted = c0 * ONES + c1 * X
        residuals = Y - fitted
        return Fitted(
            c0=c0,
            c1=c1,
            fitted=fitted,
            residuals=residuals,
            length=float(np.linalg.norm(residuals)),
            angles=(angle(residuals, ONES), angle(residuals, X)),
            turn=state["turn"],
            show_foot=state["show_foot"],
        )

    def build(self, figure: Figure, result: Fitted) -> FittedArtists:
        cloud, space = two_panels(figure)
        cloud.set(xlim=ENDS, ylim=(-1.8, 8.2), xlabel="$x$", ylabel="$y$")
        cloud.set(xticks=[0, 1, 2], title="three points and a line")
        bars = LineCollection([], colors=VERMILLION, linewidths=2.5)
        cloud.add_collection(bars)
        (best_line,) = cloud.plot([], [], "--", color=GREEN)
        (line,) = cloud.plot([], [], color=BLUE)
        cloud.plot(X, Y, "o", color="black", zorder=3)

        space.set(xlim=(-5.2, 5.2), ylim=(-4.6, 4.6), aspect="equal")
        space.set(title="the same three values of y as one point")
        space.set_axis_off()
        face = PolyCollection([], facecolor=BLUE, alpha=0.12, edgecolor="none")
        mesh = LineCollection([], colors=BLUE, linewidths=0.8, alpha=0.7)
        value_axes = LineCollection([], colors="0.55", linewidths=1.0)
        perpendicular = LineCollection([], colors=GREEN, linewidths=1.8, linestyles="--")
        for collection in (face, mesh, value_axes, perpendicular):
            space.add_collection(collection)
        columns = [
            FancyArrowPatch((0, 0), (1, 1), arrowstyle="-|>", mutation_scale=14, shrinkA=0,
                            shrinkB=0, color="black", linewidth=2.0) for _ in (ONES, X)
        ]  # fmt: skip
        for arrow in columns:
            arrow.set_in_layout(False)
            space.add_patch(arrow)
        (way,) = space.plot([], [], ":", color=BLUE)
        (residual,) = space.plot([], [], color=VERMILLION, linewidth=2.5)
        points = [
            *space.plot([], [], "o", color="black", markersize=9, zorder=4),
            *space.plot([], [], "o", color=BLUE, markersize=9, zorder=3),
            *space.plot([], [], "X", color=GREEN, markersize=11, zorder=3),
        ]
        bold = {"fontsize": 12, "fontweight": "bold"}
        names = [
            free_text(space, "1", **bold),
            free_text(space, "x", **bold),
            free_text(space, "y", **bold),
            free_text(space, "Xc", color=BLUE, **bold),
            *(free_text(space, f"y{i}", color="0.45", fontsize=9) for i in "₁₂₃"),
        ]
        return FittedArtists(
            line, bars, best_line, face, mesh, value_axes, columns, way, perpendicular, residual,
            points, names,
        )  # fmt: skip

    def draw(self, moving: FittedArtists, result: Fitted) -> None:
        turn, zero = result.turn, 0 * ONES
        moving.line.set_data(ENDS, result.c0 + result.c1 * ENDS)
        moving.bars.set_segments(
            [((x, f), (x, y)) for x, f, y in zip(X, result.fitted, Y, strict=True)]
        )
        (low0, high0), (low1, high1) = C0_LIMITS, C1_LIMITS
        corners = [(low0, low1), (high0, low1), (high0, high1), (low0, high1)]
        moving.face.set_verts([place([a * ONES + b * X for a, b in corners], turn)])
        moving.mesh.set_segments(
            [place([a * ONES + low1 * X, a * ONES + high1 * X], turn) for a in range(4)]
            + [place([low0 * ONES + b * X, high0 * ONES + b * X], turn) for b in range(3)]
        )
        moving.value_axes.set_segments([place([zero, 3.4 * e], turn) for e in np.eye(3)])
        for arrow, column in zip(moving.columns, (ONES, X), strict=True):
            arrow.set_positions(*place([zero, column], turn))
        moving.way.set_data(*place([zero, result.c0 * ONES, result.fitted], turn).T)
        moving.residual.set_data(*place([result.fitted, Y], turn).T)
        for point, where in zip(moving.points, (Y, result.fitted, self.foot), strict=True):
            point.set_data(*place([where], turn).T)
        named = place([1.3 * ONES, 1.25 * X, Y, result.fitted, *(4.0 * np.eye(3))], turn)
        named[2:4] += [[0.0, 0.6], [0.0, -0.6]]  # above the point, below the point
        for name, where in zip(moving.names, named, strict=True):
            name.set_position(tuple(where))
        self._draw_foot(moving, result)

    def _draw_foot(self, moving: FittedArtists, result: Fitted) -> None:
        for artist in (moving.points[2], moving.perpendicular, moving.best_line):
            artist.set_visible(result.show_foot)
        moving.best_line.set_data(ENDS, self.best[0] + self.best[1] * ENDS)
        up, right_angles = FLAT[:, 2], []
        for along in (ONES / np.sqrt(3), X / np.sqrt(5)):
            corner = [self.foot + 0.5 * step for step in (along, along + up, up)]
            right_angles.append(place(corner, result.turn))
        moving.perpendicular.set_segments([place([self.foot, Y], result.turn), *right_angles])

    def describe(self, result: Fitted) -> str:
        to_ones, to_x = result.angles
        words = (
            f"Xc = {result.c0:.1f} · 1 {sign(result.c1)} {abs(result.c1):.1f} · x: "
            f"the residual has length {result.length:.3f} and makes "
            f"an angle of {to_ones:.1f}° with 1 and of {to_x:.1f}° with x."
        )
        if not result.show_foot:
            return words
        c0, c1 = self.best
        return words + f" Foot: c₀ = {c0:.1f}, c₁ = {c1:.1f}, length {self.least:.3f}."


def place(points: list[Array], turn: float) -> Array:
    """Points of the space of three values on the page, about the middle of the plane."""
    middle = 1.5 * ONES + 0.75 * X + 1.2 * FLAT[:, 2]
    return on_page((np.array(points) - middle) @ FLAT, turn, TILT)


def angle(a: Array, b: Array) -> float:
    """The angle between two directions, in degrees."""
    cosine = float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))
    return float(np.degrees(np.arccos(min(max(cosine, -1.0), 1.0))))
