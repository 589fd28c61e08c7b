"""Lesson 03: a plane through trees, and a valley that grows long."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from kernelfit.datasets import load
from kernelfit.least_squares import LinearRegression
from kernelfit.views.contours import contour_lines
from kernelfit.views.controls import listed_slider, slider, tick, whole_slider
from kernelfit.views.space import Axis, Box, BoxArtists, below_and_above
from kernelfit.views.stage import two_panels
from kernelfit.views.style import BLUE, GREEN, ORANGE, PINK, VERMILLION
from kernelfit.views.view import State, View
from kernelfit.views.words import sign, signed

Array = NDArray[np.float64]

# A plane through 31 trees ----------------------------------------------------------------------

TREES = Box(
    (
        Axis("diameter\n[in]", 7.0, 22.0, (8, 12, 16, 20)),
        Axis("height\n[ft]", 60.0, 90.0, (60, 70, 80, 90)),
        Axis("volume\n[ft³]", 0.0, 80.0, (20, 40, 60, 80)),
    )
)


@dataclass(frozen=True)
class Plane:
    """One plane over diameter and height, always through the mean tree."""

    c: Array  # (c0, c1, c2)
    residuals: Array
    error: float
    turn: float
    show_errors: bool
    show_best: bool


@dataclass
class PlaneArtists:
    """What moves in the picture of the trees."""

    box: BoxArtists
    face: PolyCollection
    mesh: LineCollection
    best_mesh: LineCollection
    bars_above: LineCollection
    bars_below: LineCollection
    above: Line2D
    below: Line2D
    mean: Line2D
    contours: LineCollection
    across: LineCollection
    here: Line2D
    best_place: Line2D


class PlaneThroughTrees(View[Plane, PlaneArtists]):
    """Tilt a plane in two directions until it passes through the trees as well as it can."""

    name = "plane_through_trees"

    def __init__(self) -> None:
        trees = load("cherry_trees")
        self.sizes, self.volumes = trees.X, trees.y
        self.trees = np.column_stack([trees.X, trees.y])
        self.mean = self.trees.mean(axis=0)
        fit = LinearRegression().fit(trees.X, trees.y)
        self.best = np.array([fit.intercept_, *fit.coef_])
        self.least = float(fit.residuals_ @ fit.residuals_)
        super().__init__(
            {
                "per_inch": slider("ft³ per inch, c₁", 0.0, 8.0, 0.1, 3.0),
                "per_foot": slider("ft³ per foot, c₂", -1.0, 2.0, 0.02, 0.0),
                "turn": slider("turn the picture", 0.0, 360.0, 5.0, 280.0),
                "show_errors": tick("show E of all planes"),
                "show_best": tick("show the best plane"),
            }
        )

    def compute(self, state: State) -> Plane:
        slopes = np.array([state["per_inch"], state["per_foot"]])
        c0 = self.mean[2] - self.mean[:2] @ slopes  # the best c0 for these two
        residuals = self.volumes - c0 - self.sizes @ slopes
        return Plane(
            c=np.array([c0, *slopes]),
            residuals=residuals,
            error=float(residuals @ residuals),
            turn=state["turn"],
            show_errors=state["show_errors"],
            show_best=state["show_best"],
        )

    def build(self, figure: Figure, result: Plane) -> PlaneArtists:
        space, planes = two_panels(figure)
        box = TREES.build(space)
        space.set_title("31 trees and your plane")
        face = PolyCollection([], facecolor=BLUE, alpha=0.15, edgecolor="none")
        mesh = LineCollection([], colors=BLUE, linewidths=0.8, alpha=0.7)
        best_mesh = LineCollection([], colors=GREEN, linewidths=1.3, linestyles="--")
        bars_above = LineCollection([], colors=VERMILLION, linewidths=1.8)
        bars_below = LineCollection([], colors=PINK, linewidths=2.2, linestyles=[(0, (2, 0.8))])
        for collection in (face, mesh, best_mesh, bars_above, bars_below):
            space.add_collection(collection)
        (above,) = space.plot([], [], "o", color="black", markersize=5, zorder=3)
        (below,) = space.plot([], [], "o", mec="black", mfc="white", markersize=5, zorder=3)
        (mean,) = space.plot([], [], "D", color=ORANGE, mec="black", markersize=8, zorder=4)
        marks = {"above the plane": above, "below": below, "mean tree": mean}
        space.legend(
            list(marks.values()), list(marks), loc="lower center", ncols=3, fontsize=9,
            handletextpad=0.1, columnspacing=1.0, borderaxespad=0.0,
        )  # fmt: skip

        c1, c2 = np.linspace(0.0, 8.0, 81), np.linspace(-1.0, 2.0, 61)
        planes.set(xlim=c1[[0, -1]], ylim=c2[[0, -1]])
        planes.set(xlabel="$c_1$ [ft³ per inch]", ylabel="$c_2$ [ft³ per foot]")
        planes.set_title("every plane is a place here")
        levels = self.least + np.array([20.0, 100, 300, 800, 1600, 3200, 6400])
        contours = LineCollection(
            contour_lines(c1, c2, self._errors(c1, c2), levels), colors="0.55", linewidths=1.0
        )
        across = LineCollection([], colors=BLUE, linewidths=1.0, linestyles=":")
        planes.add_collection(contours)
        planes.add_collection(across)
        (best_place,) = planes.plot([], [], "X", color=GREEN, markersize=11)
        (here,) = planes.plot([], [], "o", color=BLUE, markersize=11, clip_on=False)
        return PlaneArtists(
            box, face, mesh, best_mesh, bars_above, bars_below, above, below, mean,
            contours, across, here, best_place,
        )  # fmt: skip

    def _errors(self, c1: Array, c2: Array) -> Array:
        """E at every (c1, c2), with the best c0 for each: a quadratic about the best place."""
        centred = self.sizes - self.mean[:2]
        (s11, s12), (_, s22) = centred.T @ centred
        u, v = np.meshgrid(c1 - self.best[1], c2 - self.best[2])
        return np.asarray(self.least + s11 * u**2 + 2 * s12 * u * v + s22 * v**2)

    def draw(self, moving: PlaneArtists, result: Plane) -> None:
        turn, above = result.turn, result.residuals >= 0
        fitted = np.column_stack([self.sizes, self.volumes - result.residuals])
        tops, feet = TREES.place(self.trees, turn), TREES.place(fitted, turn)
        bars = np.stack([feet, tops], axis=1)
        TREES.draw(moving.box, turn)
        face, *lines = mesh_of(result.c, turn)
        moving.face.set_verts([face] if len(face) else [])
        moving.mesh.set_segments(lines)
        moving.bars_above.set_segments(list(bars[above]))
        moving.bars_below.set_segments(list(bars[~above]))
        moving.above.set_data(*tops[above].T)
        moving.below.set_data(*tops[~above].T)
        moving.mean.set_data(*TREES.place(self.mean[None], turn).T)
        moving.best_mesh.set_segments(mesh_of(self.best, turn)[1:] if result.show_best else [])
        _, c1, c2 = result.c
        moving.contours.set_visible(result.show_errors)
        moving.across.set_segments([[(0, c2), (8, c2)], [(c1, -1), (c1, 2)]])
        moving.here.set_data([c1], [c2])
        moving.best_place.set_data(*(self.best[1:, None] if result.show_best else ([], [])))

    def describe(self, result: Plane) -> str:
        r, (diameter, height) = result.residuals, self.sizes.T
        words = (
            f"{plane_in_words(result.c, 2)}: E = {result.error:.1f}; "
            f"the residuals add up to {signed(r.sum(), '.1f')}, "
            f"diameter times the residuals to {signed(diameter @ r, '.1f')}, "
            f"height times them to {signed(height @ r, '.1f')}."
        )
        if not result.show_best:
            return words
        return words + f" Best: {plane_in_words(self.best, 3)}, E = {self.least:.1f}."


def plane_in_words(c: Array, digits: int) -> str:
    """The equation of a plane over diameter and height."""
    c0, c1, c2 = (float(value) for value in c)
    return (
        f"volume = {signed(c0)} {sign(c1)} {abs(c1):.{digits}f} · diameter "
        f"{sign(c2)} {abs(c2):.{digits}f} · height"
    )


def mesh_of(c: Array, turn: float) -> list[Array]:
    """What of a plane lies in the box of the trees, on the page: its face, then its lines."""
    (d0, d1), (h0, h1), (v0, v1) = ((axis.low, axis.high) for axis in TREES.axes)
    corners = [(d0, h0), (d1, h0), (d1, h1), (d0, h1)]
    along = [[(d, h0), (d, h1)] for d in np.linspace(d0, d1, 6)]
    across = [[(d0, h), (d1, h)] for h in np.linspace(h0, h1, 6)]
    shapes = []
    for shape in ([corners], along, across):
        for flat in np.array(shape):
            heights = c[0] + flat @ c[1:]
            inside = below_and_above(np.column_stack([flat, heights]), v0, v1)
            shapes.append(TREES.place(inside, turn))
    return shapes


# Two columns that grow alike --------------------------------------------------------------------

N, SAMPLES, NOISE = 30, 12, 0.4
TRUE = np.array([1.0, 1.0])
CORRELATIONS = (0.0, 0.3, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999)
C_LIMITS = (-4.0, 6.0)


@dataclass(frozen=True)
class Valley:
    """Two columns of a given correlation, and the coefficients that twelve samples of y give."""

    columns: Array  # (N, 2)
    correlation: float
    condition: float
    sample: int  # from 1
    found: Array  # (SAMPLES, 2): the best c1 and c2 of every sample
    show_all: bool


@dataclass
class ValleyArtists:
    """What moves in the picture of the valley."""

    columns: Line2D
    ellipses: LineCollection
    seen: Line2D
    here: Line2D
    legend: Legend  # moves only so that it is drawn over the ellipses


class LongValley(View[Valley, ValleyArtists]):
    """Make two columns more and more alike: their coefficients scatter, the sum of them hardly."""

    name = "long_valley"

    def __init__(self) -> None:
        random = np.random.default_rng(3)
        both = random.standard_normal((N, 2))
        both -= both.mean(axis=0)
        # Two directions at right angles, each of variance 1: columns of exact correlations.
        self.directions = np.linalg.qr(both)[0] * np.sqrt(N)
        self.noise = NOISE * random.standard_normal((SAMPLES, N))
        super().__init__(
            {
                "correlation": listed_slider("correlation", CORRELATIONS, 0.0),
                "sample": whole_slider("sample", 1, SAMPLES, 1),
                "show_all": tick("show all samples"),
            }
        )

    def compute(self, state: State) -> Valley:
        rho = state["correlation"]
        first, other = self.directions.T
        columns = np.column_stack([first, rho * first + np.sqrt(1 - rho**2) * other])
        fits = [LinearRegression().fit(columns, columns @ TRUE + noise) for noise in self.noise]
        return Valley(
            columns=columns,
            correlation=rho,
            condition=fits[0].condition_,
            sample=state["sample"],
            found=np.array([fit.coef_ for fit in fits]),
            show_all=state["show_all"],
        )

    def build(self, figure: Figure, result: Valley) -> ValleyArtists:
        cloud, plane = two_panels(figure)
        cloud.set(xlim=(-3.2, 3.2), ylim=(-3.2, 3.2), box_aspect=1)
        cloud.set(xlabel="column 1", ylabel="column 2", title="how alike the columns are")
        plane.set(xlim=C_LIMITS, ylim=C_LIMITS, box_aspect=1)
        plane.set(xlabel="$c_1$", ylabel="$c_2$", title="$E$, and the best $(c_1, c_2)$")
        (columns,) = cloud.plot([], [], "o", color="black", markersize=5)
        ellipses = LineCollection([], colors="0.55", linewidths=1.0)
        plane.add_collection(ellipses)
        (true,) = plane.plot(*TRUE, "+", color=VERMILLION, markersize=20, mew=2.5)
        (seen,) = plane.plot([], [], "o", mec=BLUE, mfc="white", markersize=5)
        (here,) = plane.plot([], [], "o", color=BLUE, markersize=8)
        marks = {"this sample": here, "other samples": seen, "true": true}
        legend = plane.legend(
            list(marks.values()), list(marks), loc="upper right", frameon=True, framealpha=1.0
        )
        return ValleyArtists(columns, ellipses, seen, here, legend)

    def draw(self, moving: ValleyArtists, result: Valley) -> None:
        moving.columns.set_data(*result.columns.T)
        best = result.found[result.sample - 1]
        # E - E_min is N ((1 + rho) u² + (1 - rho) v²): u along (1, 1)/√2, v along (1, -1)/√2.
        around = np.linspace(0, 2 * np.pi, 400)
        u = np.cos(around) / np.sqrt(1 + result.correlation)
        v = np.sin(around) / np.sqrt(1 - result.correlation)
        unit = np.column_stack([u + v, u - v]) / np.sqrt(2)
        moving.ellipses.set_segments([best + radius * unit for radius in (0.4, 1, 2, 3.5, 5.5)])
        others = result.found if result.show_all else result.found[: result.sample]
        moving.seen.set_data(*others.T)
        moving.here.set_data(*best[:, None])

    def describe(self, result: Valley) -> str:
        c1, c2 = result.found[result.sample - 1]
        words = (
            f"Correlation {result.correlation:g}, condition number {result.condition:.1f}: "
            f"sample {result.sample} gives c₁ = {signed(c1)} and c₂ = {signed(c2)}, "
            f"together {signed(c1 + c2)}."
        )
        if not result.show_all:
            return words
        ranges = [
            f"{name} from {signed(values.min())} to {signed(values.max())}"
            for name, values in (("c₁", result.found[:, 0]), ("c₁ + c₂", result.found.sum(axis=1)))
        ]
        return words + f" All {SAMPLES} samples: {', '.join(ranges)}."
