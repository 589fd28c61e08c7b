"""Lesson 04: a degree that is judged by points left out, and a ball that rolls down an error."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cache

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray
from scipy.optimize import brentq

from kernelfit.datasets import load
from kernelfit.polynomial import PolynomialRegression
from kernelfit.views.controls import choice, slider, tick, whole_slider
from kernelfit.views.stage import two_panels
from kernelfit.views.style import BLUE, VERMILLION
from kernelfit.views.view import State, View
from kernelfit.views.words import signed

Array = NDArray[np.float64]

HIGHEST = 12


@dataclass(frozen=True)
class Sample:
    """Real points in the order of x, and the picture that holds them."""

    x: Array
    y: Array
    x_label: str
    y_label: str
    unit: str
    y_limits: tuple[float, float]
    error_limits: tuple[float, float]
    error_ticks: tuple[float, ...]

    @property
    def ceiling(self) -> float:
        """Errors beyond are drawn here, inside of the picture."""
        return 0.87 * self.error_limits[1]


@cache
def sample(name: str) -> Sample:
    """One of the data sets of the menu; each third leaves more than 12 different x to fit."""
    limits: tuple[float, float]
    errors: tuple[float, float]
    ticks: tuple[float, ...]
    if name == "cars":
        cars = load("stopping_distance")
        x, y, words = cars.x, cars.y, ("speed [mph]", "distance to stop [ft]", "ft")
        limits, errors, ticks = (-20, 140), (8, 130), (10, 20, 50, 100)
    elif name == "co2":
        air = load("mauna_loa_co2")
        x, y = air.x[:24], air.y[:24]
        words = ("months since January 1959", "CO₂ in the air [ppm]", "ppm")
        limits, errors, ticks = (310, 322), (0.05, 25), (0.1, 0.2, 0.5, 1, 2, 5, 10)
    else:
        trees = load("cherry_trees")
        x, y, words = trees.X[:, 1], trees.y, ("height [ft]", "volume of timber [ft³]", "ft³")
        limits, errors, ticks = (-10, 90), (6, 130), (10, 20, 50, 100)
    order = np.lexsort((y, x))
    return Sample(x[order], y[order], *words, limits, errors, ticks)


@dataclass(frozen=True)
class Fit:
    """A polynomial through two thirds of the points: its curve and its two errors."""

    curve: Array
    fitted_error: float  # root mean square, like the next
    left_out_error: float


def left_out(data: str, third: int) -> NDArray[np.bool_]:
    """Which points are kept from the fit: every third in the order of x."""
    out: NDArray[np.bool_] = np.arange(len(sample(data).x)) % 3 == third
    return out


@cache
def fit(data: str, third: int, degree: int) -> Fit:
    """The polynomial of that degree through the other two thirds of the points."""
    x, y, out = sample(data).x, sample(data).y, left_out(data, third)
    polynomial = PolynomialRegression(degree).fit(x[~out], y[~out])
    return Fit(
        polynomial.predict(places(data)),
        float(np.sqrt(np.mean(polynomial.residuals_**2))),
        float(np.sqrt(np.mean((y[out] - polynomial.predict(x[out])) ** 2))),
    )


def places(data: str) -> Array:
    """The x at which a curve is drawn."""
    x = sample(data).x
    return np.linspace(x[0], x[-1], 500)


@dataclass(frozen=True)
class Degrees:
    """One degree, and the errors of all degrees up to it."""

    data: str
    third: int
    fits: list[Fit]  # of degrees 0, 1, ..., the slider's

    @property
    def best(self) -> int:
        """The degree of least error on the points left out, of those passed so far."""
        return int(np.argmin([one.left_out_error for one in self.fits]))


@dataclass
class DegreeArtists:
    """What moves in the picture of the degrees."""

    curve: Line2D
    fitted: Line2D
    left_out: Line2D
    fitted_errors: Line2D
    left_out_errors: Line2D
    beyond: Line2D
    here: Line2D


class DegreeSlider(View[Degrees, DegreeArtists]):
    """Raise the degree: the error falls on the points of the fit, and not on those left out."""

    name = "degree_slider"

    def __init__(self) -> None:
        data = [
            ("cars of the 1920s [ft against mph]", "cars"),
            ("CO₂ 1959–1960, monthly [ppm]", "co2"),
            ("cherry trees [ft³ against ft]", "trees"),
        ]
        thirds = [("1st, 4th, 7th, … point", 0), ("2nd, 5th, 8th, … point", 1)]
        super().__init__(
            {
                "degree": whole_slider("degree d", 0, HIGHEST, 1),
                "data": choice("data", data, "cars"),
                "third": choice("left out", [*thirds, ("3rd, 6th, 9th, … point", 2)], 1),
            }
        )

    def compute(self, state: State) -> Degrees:
        data, third = state["data"], state["third"]
        return Degrees(data, third, [fit(data, third, d) for d in range(state["degree"] + 1)])

    def frame(self, result: Degrees) -> Hashable:
        return result.data

    def build(self, figure: Figure, result: Degrees) -> DegreeArtists:
        shown = sample(result.data)
        cloud, errors = two_panels(figure)
        margin = 0.04 * (shown.x[-1] - shown.x[0])
        cloud.set(xlim=(shown.x[0] - margin, shown.x[-1] + margin), ylim=shown.y_limits)
        cloud.set(xlabel=shown.x_label, ylabel=shown.y_label, title="the points and the polynomial")
        errors.set(xlim=(-0.6, HIGHEST + 0.6), ylim=shown.error_limits, yscale="log")
        errors.set_yticks(shown.error_ticks, [f"{value:g}" for value in shown.error_ticks])
        errors.minorticks_off()
        errors.set(xlabel="degree", ylabel=f"root mean square error [{shown.unit}]")
        errors.set(xticks=range(0, HIGHEST + 1, 2), title="the error, degree by degree")
        (curve,) = cloud.plot([], [], color="black")
        (fitted,) = cloud.plot([], [], "o", color=BLUE, label="fitted", markersize=6)
        hollow = {"color": VERMILLION, "mfc": "white", "mew": 1.8, "markersize": 7}
        (out,) = cloud.plot([], [], "s", **hollow, label="left out")
        (fitted_errors,) = errors.plot([], [], "o-", color=BLUE, markersize=6)
        (out_errors,) = errors.plot([], [], "s--", **hollow)
        (beyond,) = errors.plot([], [], "^", color=VERMILLION, markersize=9)
        (here,) = errors.plot([], [], "o", mec="black", mfc="none", markersize=15, mew=1.8)
        off = Line2D([], [], color=VERMILLION, marker="^", ls="", label="beyond the picture")
        figure.legend(handles=[fitted, out, off], loc="outside lower center", ncols=3)
        return DegreeArtists(curve, fitted, out, fitted_errors, out_errors, beyond, here)

    def draw(self, moving: DegreeArtists, result: Degrees) -> None:
        shown, out = sample(result.data), left_out(result.data, result.third)
        # Degrees further along the slider are not shown yet: the learner is asked to guess them.
        degrees = np.arange(len(result.fits))
        fitted_errors = np.array([one.fitted_error for one in result.fits])
        errors = np.array([one.left_out_error for one in result.fits])
        height = np.minimum(errors, shown.ceiling)
        beyond = errors > shown.ceiling
        moving.curve.set_data(places(result.data), result.fits[-1].curve)
        moving.fitted.set_data(shown.x[~out], shown.y[~out])
        moving.left_out.set_data(shown.x[out], shown.y[out])
        moving.fitted_errors.set_data(degrees, fitted_errors)
        moving.left_out_errors.set_data(degrees, height)
        moving.left_out_errors.set_markevery(list(degrees[~beyond]))
        moving.beyond.set_data(degrees[beyond], height[beyond])
        moving.here.set_data([degrees[-1]] * 2, [fitted_errors[-1], height[-1]])

    def describe(self, result: Degrees) -> str:
        unit, out = sample(result.data).unit, left_out(result.data, result.third)
        degree, now = len(result.fits) - 1, result.fits[-1]
        words = (
            f"Degree {degree}: root mean square error {short(now.fitted_error)} {unit} on the "
            f"{(~out).sum()} points of the fit, {short(now.left_out_error)} {unit} on the "
            f"{out.sum()} left out"
        )
        if degree == 0:
            return words + "."
        return words + f"; of degrees 0 to {degree}, {result.best} did best on those left out."


# Rolling downhill ----------------------------------------------------------------------------

LOWEST_C, HIGHEST_C = -3.0, 1.5
SIGHT = 0.25  # how far one sees the ground while the whole is hidden
GROUND = np.linspace(LOWEST_C, HIGHEST_C, 901)


@dataclass(frozen=True)
class Curve:
    r"""A model with one coefficient, y = g(c x), its data, and its error over c.

    .. math:: E(c) = \sum_{i=1}^n \bigl(y_i - g(c x_i)\bigr)^2
    """

    words: str
    formula: str
    g: Callable[[Array], Array]
    dg: Callable[[Array], Array]
    ddg: Callable[[Array], Array]
    x: Array
    y: Array
    x_limits: tuple[float, float]
    y_limits: tuple[float, float]
    error_limits: tuple[float, float]

    def error(self, c: Array | float) -> Array:
        """E at each c."""
        u = np.multiply.outer(c, self.x)
        total: Array = np.square(self.y - self.g(u)).sum(axis=-1)
        return total

    def slope(self, c: Array | float) -> Array:
        """The derivative of E at each c."""
        u = np.multiply.outer(c, self.x)
        total: Array = (-2 * (self.y - self.g(u)) * self.x * self.dg(u)).sum(axis=-1)
        return total

    def bending(self, c: float) -> float:
        """The second derivative of E."""
        u = c * self.x
        terms = self.dg(u) ** 2 - (self.y - self.g(u)) * self.ddg(u)
        return float(2 * (self.x**2 * terms).sum())

    def downhill_from(self, c: float) -> float:
        """Where a ball put down at c comes to rest: the first level place downhill of it."""
        start = float(self.slope(c))
        way = c - np.sign(start) * np.arange(0.0, 10.0, 0.01)
        turned = np.flatnonzero(self.slope(way) * np.sign(start) <= 0)
        if not start or not turned.size:
            return c
        before, after = way[turned[0] - 1], way[turned[0]]
        return float(brentq(self.slope, before, after))

    def level_places(self) -> list[float]:
        """Every c within the slider's range at which the slope of E is 0."""
        slopes = self.slope(GROUND)
        turns = np.flatnonzero(slopes[:-1] * slopes[1:] < 0)
        return [float(brentq(self.slope, GROUND[i], GROUND[i + 1])) for i in turns]


CURVES = {
    "line": Curve(
        words="y = c x",
        formula="$y = c\\,x$",
        g=lambda u: u,
        dg=np.ones_like,
        ddg=np.zeros_like,
        x=np.array([0.5, 1.0, 1.5]),
        y=np.array([-1.0, -0.2, -0.9]),
        x_limits=(0.0, 1.8),
        y_limits=(-3.2, 2.2),
        error_limits=(-1.0, 22.0),
    ),
    "growth": Curve(
        words="y = e^(c x)",
        formula="$y = e^{c x}$",
        g=np.exp,
        dg=np.exp,
        ddg=np.exp,
        x=np.array([0.0, 1.0]),
        y=np.array([1.0, 2.0]),
        x_limits=(-0.2, 1.4),
        y_limits=(-0.3, 4.2),
        error_limits=(-0.3, 6.6),
    ),
    "wave": Curve(
        words="y = sin(c x)",
        formula="$y = \\sin(c\\,x)$",
        g=np.sin,
        dg=np.cos,
        ddg=lambda u: -np.sin(u),
        x=np.array([0.5, 1.5, 2.5, 3.5, 4.5]),
        y=np.array([-0.7, -0.5, 1.2, 0.0, -1.1]),
        x_limits=(0.0, 5.0),
        y_limits=(-1.5, 1.6),
        error_limits=(-0.4, 10.4),
    ),
}


@dataclass(frozen=True)
class Ground:
    """One c, the ground under it, and where the ball rolls from there."""

    model: str
    c: float
    error: float
    slope: float
    bending: float
    rest: float
    rest_error: float
    whole: bool


@dataclass
class GroundArtists:
    """What moves in the picture of the ball."""

    curve: Line2D
    rest_curve: Line2D
    whole: Line2D
    level: Line2D
    near: Line2D
    tangent: Line2D
    here: Line2D
    rest: Line2D


class RollingDown(View[Ground, GroundArtists]):
    """Move the one coefficient of a model over its error, and roll downhill from there."""

    name = "rolling_down"

    def __init__(self) -> None:
        super().__init__(
            {
                "model": choice("model", [(m.words, name) for name, m in CURVES.items()], "line"),
                "c": slider("coefficient c", LOWEST_C, HIGHEST_C, 0.05, 1.0),
                "whole": tick("show the whole error"),
            }
        )

    def compute(self, state: State) -> Ground:
        model, c = CURVES[state["model"]], state["c"]
        rest = model.downhill_from(c)
        return Ground(
            model=state["model"],
            c=c,
            error=float(model.error(c)),
            slope=float(model.slope(c)),
            bending=model.bending(c),
            rest=rest,
            rest_error=float(model.error(rest)),
            whole=state["whole"],
        )

    def frame(self, result: Ground) -> Hashable:
        return result.model

    def build(self, figure: Figure, result: Ground) -> GroundArtists:
        model = CURVES[result.model]
        cloud, ground = two_panels(figure)
        cloud.set(xlim=model.x_limits, ylim=model.y_limits, xlabel="$x$", ylabel="$y$")
        cloud.set_title(f"the data and {model.formula}")
        ground.set(xlim=(LOWEST_C - 0.1, HIGHEST_C + 0.1), ylim=model.error_limits)
        ground.set(xlabel="$c$", ylabel="$E$", title="the error $E(c)$")
        (rest_curve,) = cloud.plot([], [], "--", color=VERMILLION)
        (curve,) = cloud.plot([], [], color=BLUE)
        cloud.plot(model.x, model.y, "o", color="black")
        (whole,) = ground.plot(GROUND, model.error(GROUND), color="0.55")
        places = np.array(model.level_places())
        (level,) = ground.plot(places, model.error(places), "o", mec="0.4", mfc="white")
        (near,) = ground.plot([], [], color="0.35", linewidth=3)
        (tangent,) = ground.plot([], [], ":", color=BLUE)
        (rest,) = ground.plot([], [], "X", color=VERMILLION, markersize=11)
        (here,) = ground.plot([], [], "o", color=BLUE, markersize=10)
        entries = [
            Line2D([], [], color=BLUE, marker="o", markersize=8, label="your $c$"),
            Line2D([], [], color=VERMILLION, ls="--", marker="X", label="where it rolls to"),
        ]
        figure.legend(handles=entries, loc="outside lower center", ncols=2)
        return GroundArtists(curve, rest_curve, whole, level, near, tangent, here, rest)

    def draw(self, moving: GroundArtists, result: Ground) -> None:
        model, c = CURVES[result.model], result.c
        x = np.linspace(*model.x_limits, 200)
        moving.curve.set_data(x, model.g(c * x))
        moving.rest_curve.set_data(x, model.g(result.rest * x))
        # The whole ground stays in the fog until it is asked for: where it is level, and how
        # often, is what the learner is asked to guess.
        moving.whole.set_visible(result.whole)
        moving.level.set_visible(result.whole)
        seen = np.clip(np.linspace(c - SIGHT, c + SIGHT, 41), LOWEST_C, HIGHEST_C)
        moving.near.set_data(seen, model.error(seen))
        ends = np.array([c - 2 * SIGHT, c + 2 * SIGHT])
        moving.tangent.set_data(ends, result.error + result.slope * (ends - c))
        moving.here.set_data([c], [result.error])
        moving.rest.set_data([result.rest], [result.rest_error])

    def describe(self, result: Ground) -> str:
        model = CURVES[result.model]
        side = "right" if result.slope < 0 else "left"
        lie = "is level" if abs(result.slope) < 0.005 else f"falls to the {side}"
        bend = "bends down" if result.bending < 0 else "bends up"
        if abs(result.bending) < 0.005:
            bend = "does not bend"
        words = (
            f"{model.words}, c = {signed(result.c)}: E = {result.error:.2f}; the ground {lie} "
            f"(slope {signed(result.slope)}) and {bend} "
            f"(second derivative {signed(result.bending)}); rolling downhill ends at "
            f"c = {signed(result.rest)} with E = {result.rest_error:.2f}."
        )
        return words + self._count(model) if result.whole else words

    def _count(self, model: Curve) -> str:
        places = model.level_places()
        if len(places) == 1:
            return " In this range the ground is level in 1 place, a bottom."
        bottoms = [c for c in places if model.bending(c) > 0]
        lowest = min(bottoms, key=lambda c: float(model.error(c)))
        return (
            f" In this range the ground is level in {len(places)} places, {len(bottoms)} of them "
            f"bottoms; the lowest is at c = {signed(lowest)} with "
            f"E = {float(model.error(lowest)):.2f}."
        )


def short(number: float) -> str:
    """Three digits, or all of those before the point."""
    return f"{number:.0f}" if number >= 100 else f"{number:#.3g}"
