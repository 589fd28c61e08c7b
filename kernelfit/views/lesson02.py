"""Lesson 02: two equations as two lines, and a determinant that rounds to nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from kernelfit.views.contours import contour_lines
from kernelfit.views.controls import slider, whole_slider
from kernelfit.views.stage import two_panels
from kernelfit.views.style import BLUE, GREEN, VERMILLION
from kernelfit.views.view import State, View
from kernelfit.views.words import sign, signed

Array = NDArray[np.float64]

STEPS = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])  # where the points stand about their centre
HEIGHTS = np.array([1.0, 3.0, 2.0, 5.0, 4.0])
INTERCEPTS = np.linspace(-10.0, 12.0, 67)
SLOPES = np.linspace(-2.0, 9.0, 67)


@dataclass(frozen=True)
class Equations:
    """The two normal equations of five points, and what solves them."""

    x: Array
    matrix: Array  # ((n, S_x), (S_x, S_xx))
    right: Array  # (S_y, S_xy)
    determinant: float
    solution: tuple[float, float] | None  # None when the equations are one and the same
    shortest: tuple[float, float]  # the solution nearest to the origin
    surface: Array


@dataclass
class EquationArtists:
    """What moves in the picture of the two equations."""

    points: Line2D
    line: Line2D
    fan: LineCollection
    first: Line2D
    second: Line2D
    contours: LineCollection
    crossing: Line2D
    nearest: Line2D


class TwoEquations(View[Equations, EquationArtists]):
    """Squeeze the points together: the two equations become one."""

    name = "two_equations"

    def __init__(self) -> None:
        super().__init__(
            {
                "spread": slider("spread of the x", 0.0, 2.0, 0.1, 1.0),
                "centre": slider("centre of the x", -3.0, 3.0, 0.25, 1.0),
            }
        )

    def compute(self, state: State) -> Equations:
        x = state["centre"] + state["spread"] * STEPS
        n, sx, sxx = len(x), x.sum(), x @ x
        matrix = np.array([[n, sx], [sx, sxx]])
        right = np.array([HEIGHTS.sum(), x @ HEIGHTS])
        dx = x - state["centre"]
        determinant = float(n * (dx @ dx))
        mean = float(HEIGHTS.mean())
        solution = None
        if state["spread"] > 0:
            c1 = float(dx @ HEIGHTS / (dx @ dx))
            solution = (mean - c1 * state["centre"], c1)
        scale = mean / (1 + state["centre"] ** 2)
        shortest = solution or (scale, scale * state["centre"])
        residuals = HEIGHTS - (INTERCEPTS[None, :, None] + SLOPES[:, None, None] * x)
        surface = np.square(residuals).sum(axis=2)
        return Equations(x, matrix, right, determinant, solution, shortest, surface)

    def build(self, figure: Figure, result: Equations) -> EquationArtists:
        cloud, plane = two_panels(figure)
        cloud.set(xlim=(-7.5, 7.5), ylim=(-3, 9), xlabel="$x$", ylabel="$y$", box_aspect=0.9)
        cloud.set_title("five points and their line")
        plane.set(xlim=INTERCEPTS[[0, -1]], ylim=SLOPES[[0, -1]], box_aspect=0.9)
        plane.set(xlabel="intercept $c_0$", ylabel="slope $c_1$")
        plane.set_title("the two equations, each a line")
        contours = LineCollection([], colors="0.55", linewidths=1.0)
        fan = LineCollection([], colors="0.55", linewidths=1.0)
        plane.add_collection(contours)
        cloud.add_collection(fan)
        (line,) = cloud.plot([], [], color=BLUE)
        (points,) = cloud.plot([], [], "o", color="black")
        (first,) = plane.plot([], [], color=VERMILLION, label=r"$n\,c_0 + S_x c_1 = S_y$")
        (second,) = plane.plot(
            [], [], "--", color=GREEN, linewidth=3, label=r"$S_x c_0 + S_{xx} c_1 = S_{xy}$"
        )
        (nearest,) = plane.plot([], [], ":", color=BLUE)
        (crossing,) = plane.plot([], [], "o", color=BLUE, markersize=11)
        plane.legend(loc="upper right", frameon=True, framealpha=0.9)
        return EquationArtists(points, line, fan, first, second, contours, crossing, nearest)

    def draw(self, moving: EquationArtists, result: Equations) -> None:
        ends = np.array([-7.5, 7.5])
        c0, c1 = result.shortest
        moving.points.set_data(result.x, HEIGHTS)
        moving.line.set_data(ends, c0 + c1 * ends)
        moving.first.set_data(*line_in_plane(result.matrix[0], result.right[0]))
        moving.second.set_data(*line_in_plane(result.matrix[1], result.right[1]))
        levels = result.surface.min() + np.array([1.0, 5.0, 20.0, 60.0, 150.0, 400.0])
        moving.contours.set_segments(contour_lines(INTERCEPTS, SLOPES, result.surface, levels))
        moving.crossing.set_data([c0], [c1])
        if result.solution is None:
            # Every line through the one place where the points stand is as good as any other.
            x, y = result.x[0], HEIGHTS.mean()
            slopes = np.tan(np.radians(np.arange(-80, 81, 20)))
            moving.fan.set_segments([[(e, y + b * (e - x)) for e in ends] for b in slopes])
            moving.nearest.set_data([0.0, c0], [0.0, c1])
        else:
            moving.fan.set_segments([])
            moving.nearest.set_data([], [])

    def describe(self, result: Equations) -> str:
        c0, c1 = result.shortest
        words = f"Determinant {result.determinant:.2f}: "
        if result.solution is None:
            same = "both equations are the same line"
            if not result.matrix[1].any():
                same = "the second equation says 0 = 0, the first is a line"
            return words + (
                f"{same}, and every point of it is a solution; "
                f"nearest to the origin is (c₀, c₁) = ({signed(c0)}, {signed(c1)})."
            )
        return words + f"one solution, y = {signed(c0)} {sign(c1)} {abs(c1):.2f} x."


@dataclass(frozen=True)
class Cancellation:
    """Slope 2 through three points far from zero, computed in two ways."""

    power: int
    determinant: float  # n S_xx - S_x^2 as the machine computes it; exactly it is 6
    slope: float | None  # by the determinant; None when that is a division by zero
    centred_slope: float


@dataclass
class CancellationArtists:
    """What moves in the picture of the cancellation."""

    line: Line2D
    centred: Line2D
    seen: Line2D
    here: Line2D


class FarFromZero(View[Cancellation, CancellationArtists]):
    """Three points on a line of slope 2, moved away from zero by a power of ten."""

    name = "far_from_zero"

    def __init__(self) -> None:
        super().__init__({"power": whole_slider("x = 10ᵐ + 0, 1, 2;  m", 0, 12, 3)})

    def compute(self, state: State) -> Cancellation:
        x = [10.0 ** state["power"] + step for step in (0, 1, 2)]
        y = [1.0, 3.0, 5.0]
        n, sx, sy = len(x), sum(x), sum(y)
        sxx = sum(a * a for a in x)
        sxy = sum(a * b for a, b in zip(x, y, strict=True))
        determinant = n * sxx - sx * sx
        slope = (n * sxy - sx * sy) / determinant if determinant else None
        dx = [a - sx / n for a in x]
        dy = [b - sy / n for b in y]
        centred = sum(a * b for a, b in zip(dx, dy, strict=True)) / sum(a * a for a in dx)
        return Cancellation(state["power"], determinant, slope, centred)

    def build(self, figure: Figure, result: Cancellation) -> CancellationArtists:
        near, far = two_panels(figure)
        near.set(xlim=(-0.5, 2.5), ylim=(-1, 7), xlabel="$x - 10^m$", ylabel="$y$")
        near.set_title("the three points and two lines")
        (centred,) = near.plot([], [], color=GREEN, linewidth=5, alpha=0.5, label="centred formula")
        (line,) = near.plot([], [], "--", color=VERMILLION, label="formula with the determinant")
        near.plot([0, 1, 2], [1, 3, 5], "o", color="black")
        near.legend(loc="upper left")
        far.axhline(6, color="0.55", linewidth=1)
        far.set_yscale("symlog", linthresh=10)
        far.set(xlabel="$m$", title=r"$n\,S_{xx} - S_x^2$ as the machine computes it")
        far.set(xlim=(-0.6, 12.6), ylim=(-1e10, 1e7), xticks=range(0, 13, 2))
        far.annotate("exactly 6", (8.4, 9), color="0.35", fontsize=10)
        (seen,) = far.plot([], [], "o", color=VERMILLION, markersize=6)
        (here,) = far.plot([], [], "o", mec="black", mfc="none", markersize=14, mew=2)
        return CancellationArtists(line, centred, seen, here)

    def draw(self, moving: CancellationArtists, result: Cancellation) -> None:
        ends = np.array([-0.5, 2.5])
        moving.centred.set_data(ends, 3 + result.centred_slope * (ends - 1))
        slope = np.nan if result.slope is None else result.slope
        moving.line.set_data(ends, 3 + slope * (ends - 1))
        # What lies further along the slider is not shown yet: the learner is asked to guess it.
        powers = range(result.power + 1)
        determinants = [self.compute({"power": power}).determinant for power in powers]
        moving.seen.set_data(powers, determinants)
        moving.here.set_data([result.power], [result.determinant])

    def describe(self, result: Cancellation) -> str:
        by_formula = "a division by zero" if result.slope is None else f"slope {result.slope:.4g}"
        return (
            f"m = {result.power}: the determinant comes out as {result.determinant:.6g} "
            f"(exactly 6), so the formula gives {by_formula}; "
            f"the centred formula gives slope {result.centred_slope:.4g}."
        )


def line_in_plane(normal: Array, c: float) -> tuple[Array, Array]:
    """Two far ends of the line a c0 + b c1 = c in the plane of (c0, c1), normal = (a, b)."""
    length = float(normal @ normal)
    if length == 0:  # S_x = S_xx = 0: the equation says 0 = 0 and draws nothing
        return np.array([]), np.array([])
    foot, along = c * normal / length, np.array([-normal[1], normal[0]]) / np.sqrt(length)
    ends = foot + np.outer([-100.0, 100.0], along)
    return ends[:, 0], ends[:, 1]
