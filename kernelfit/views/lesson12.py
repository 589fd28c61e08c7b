"""Lesson 12: every degree judged by leaving one year out, and a map over width and ridge."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from matplotlib.collections import QuadMesh
from matplotlib.contour import QuadContourSet
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import NullFormatter
from numpy.typing import NDArray

from kernelfit.datasets import load
from kernelfit.kernel_regression import KernelRegression
from kernelfit.kernels import Gaussian
from kernelfit.polynomial import PolynomialRegression
from kernelfit.selection import choose_degree, leave_one_out
from kernelfit.views.controls import log_slider, tick, whole_slider
from kernelfit.views.stage import two_panels
from kernelfit.views.style import BLUE, VERMILLION
from kernelfit.views.view import State, View
from kernelfit.views.words import signed

Array = NDArray[np.float64]

TIMES = (116.0, 182.0)  # minutes, the picture's upright axis
YEARS = np.linspace(1897.0, 2016.0, 477)  # where a curve is drawn


@cache
def marathon() -> tuple[Array, Array]:
    """The years of the Boston Marathon and the winner's time in minutes."""
    data = load("boston_marathon")
    return data.x, data.y / 60


# Every degree, every year ------------------------------------------------------------------------

HIGHEST = 20
ERRORS = (4.2, 7.0)  # minutes
CEILING = 6.86  # errors beyond are drawn here, inside of the picture


@dataclass(frozen=True)
class Jury:
    """One degree: the fit to all years, the fit without one, and what each degree misses."""

    degree: int
    year: int
    curve: Array
    without: Array  # the curve fitted to the other years
    time: float  # what the year had
    said: float  # what the others say it has
    training: Array  # root mean squares of degrees 0, 1, ..., the slider's
    left_out: Array

    @property
    def best(self) -> int:
        """The degree of least leave-one-out error, of those passed so far."""
        return int(np.argmin(self.left_out))


@dataclass
class JuryArtists:
    """What moves in the picture of the degrees."""

    curve: Line2D
    without: Line2D
    miss: Line2D
    point: Line2D
    said: Line2D
    handle: Line2D
    training: Line2D
    left_out: Line2D
    beyond: Line2D
    here: Line2D


@cache
def errors_by_degree() -> tuple[Array, Array]:
    """Root mean squares of the residuals and of what is missed when left out, degrees 0 to 20."""
    x, y = marathon()
    fits = [PolynomialRegression(d).fit(x, y) for d in range(HIGHEST + 1)]
    training = np.array([np.sqrt(np.mean(fit.residuals_**2)) for fit in fits])
    return training, np.sqrt(choose_degree(x, y, range(HIGHEST + 1)).mean_squared_error)


class LeaveOneOut(View[Jury, JuryArtists]):
    """Raise the degree, take any year out of the fit, and see what the others say about it."""

    name = "leave_one_out"

    def __init__(self) -> None:
        x, _ = marathon()
        super().__init__(
            {
                "degree": whole_slider("degree d", 0, HIGHEST, 1),
                "year": whole_slider("year left out", int(x[0]), int(x[-1]), 1927),
            }
        )

    def compute(self, state: State) -> Jury:
        (x, y), degree, year = marathon(), state["degree"], state["year"]
        others = x != year
        fit = PolynomialRegression(degree).fit(x, y)
        without = PolynomialRegression(degree).fit(x[others], y[others])
        training, left_out = errors_by_degree()
        return Jury(
            degree=degree,
            year=year,
            curve=fit.predict(YEARS),
            without=without.predict(YEARS),
            time=float(y[~others][0]),
            said=float(without.predict([float(year)])[0]),
            training=training[: degree + 1],
            left_out=left_out[: degree + 1],
        )

    def build(self, figure: Figure, result: Jury) -> JuryArtists:
        x, y = marathon()
        times, errors = two_panels(figure)
        times.set(xlim=(1893, 2020), ylim=TIMES, xticks=range(1900, 2021, 20))
        times.set(xlabel="year", ylabel="time of the winner [min]", title="Boston Marathon")
        times.plot(x, y, "o", color="0.55", markersize=4)
        (curve,) = times.plot([], [], color=BLUE)
        (without,) = times.plot([], [], "--", color=VERMILLION)
        (miss,) = times.plot([], [], ":", color="black", linewidth=1.8)
        hollow = {"color": VERMILLION, "mfc": "white", "mew": 1.8}
        (point,) = times.plot([], [], "s", markersize=8, **hollow)
        (said,) = times.plot([], [], "D", color=VERMILLION, markersize=7)
        (handle,) = times.plot([], [], "^", color="black", markersize=10, clip_on=False)
        errors.set(xlim=(-0.8, HIGHEST + 0.8), ylim=ERRORS, xticks=range(0, HIGHEST + 1, 4))
        errors.set(
            xlabel="degree", ylabel="root mean square [min]", title="error, degree by degree"
        )
        (training,) = errors.plot([], [], "o-", color=BLUE, markersize=5)
        (left_out,) = errors.plot([], [], "s--", markersize=6, **hollow)
        (beyond,) = errors.plot([], [], "^", color="black", markersize=8)
        (here,) = errors.plot([], [], "o", mec="black", mfc="none", markersize=14, mew=1.8)
        marks = {
            "fit to all years, training error": training,
            "fit without one year, leave-one-out error": left_out,
            "beyond the picture": beyond,
        }
        wide = figure.get_figwidth() > figure.get_figheight()
        figure.legend(
            list(marks.values()), list(marks), loc="outside lower center", ncols=3 if wide else 1
        )
        return JuryArtists(
            curve, without, miss, point, said, handle, training, left_out, beyond, here
        )

    def draw(self, moving: JuryArtists, result: Jury) -> None:
        year, degrees = result.year, np.arange(result.degree + 1)
        moving.curve.set_data(YEARS, result.curve)
        moving.without.set_data(YEARS, result.without)
        moving.miss.set_data([year, year], [result.time, result.said])
        moving.point.set_data([year], [result.time])
        moving.said.set_data([year], [result.said])
        moving.handle.set_data([year], [TIMES[0]])
        # Degrees further along the slider are not shown yet: the learner is asked to guess them.
        lines = (moving.training, result.training), (moving.left_out, result.left_out)
        for line, values in lines:
            line.set_data(degrees, np.minimum(values, CEILING))
            line.set_markevery(list(degrees[values <= CEILING]))
        high = degrees[result.left_out > CEILING]
        moving.beyond.set_data(high, np.full(len(high), CEILING))
        last = np.minimum([result.training[-1], result.left_out[-1]], CEILING)
        moving.here.set_data([result.degree] * 2, last)

    def handles(self, moving: JuryArtists, result: Jury) -> tuple[Any, Array]:
        return moving.handle.axes, np.array([[float(result.year), TIMES[0]]])

    def dragged(self, index: int, x: float, y: float) -> None:
        years, _ = marathon()
        together, self._together = self._together, True  # the caller redraws
        self.controls["year"].value = round(min(max(x, years[0]), years[-1]))
        self._together = together

    def describe(self, result: Jury) -> str:
        words = (
            f"Degree {result.degree}: training error {result.training[-1]:.3f} min, leave-one-out "
            f"error {result.left_out[-1]:.3f} min"
        )
        if result.degree:
            words += f", least so far at degree {result.best}"
        return (
            f"{words}. {result.year} had {result.time:.1f} min, the other years say "
            f"{signed(result.said, '.1f')}: missed by {signed(result.time - result.said, '.1f')}."
        )


# Width and ridge ---------------------------------------------------------------------------------

LOG_WIDTHS, LOG_RIDGES = (0.0, 2.4), (-4.0, 2.0)
WIDTH_STEP, RIDGE_STEP = 0.02, 0.05
WIDTHS = 10 ** np.arange(0.0, 2.41, 0.1)
RIDGES = 10 ** np.arange(-4.0, 2.01, 0.25)
WORST = 7.5  # minutes: larger errors have the colour of this one
NEAR = 1.02  # what counts as near the least error


@dataclass(frozen=True)
class Choice:
    """The Gaussian fit for one width and one ridge."""

    width: float
    ridge: float
    curve: Array
    training: float
    left_out: float
    coefficients: float  # how many the fit is worth
    show_near: bool


@dataclass
class ChoiceArtists:
    """What moves in the picture of width and ridge."""

    curve: Line2D
    cursor: Line2D
    near: QuadContourSet


@cache
def left_out_errors() -> Array:
    """Leave-one-out errors in minutes for every width (rows) and ridge (columns)."""
    x, y = marathon()
    rows = [leave_one_out(Gaussian(w), x, y, RIDGES, fit_intercept=True) for w in WIDTHS]
    return np.sqrt([row.mean_squared_error for row in rows])


class ErrorMap(View[Choice, ChoiceArtists]):
    """A map of the leave-one-out error, and the fit at the place that is pointed at."""

    name = "error_map"

    def __init__(self) -> None:
        super().__init__(
            {
                "width": log_slider("width σ [years]", *LOG_WIDTHS, WIDTH_STEP, 10**1.8),
                "ridge": log_slider("ridge λ", *LOG_RIDGES, RIDGE_STEP, 10.0),
                "near": tick("within 2 % of the least"),
            }
        )

    def compute(self, state: State) -> Choice:
        (x, y), width, ridge = marathon(), state["width"], state["ridge"]
        fit = KernelRegression(Gaussian(width), ridge=ridge, fit_intercept=True).fit(x, y)
        return Choice(
            width=width,
            ridge=ridge,
            curve=fit.predict(YEARS),
            training=float(np.sqrt(np.mean((y - fit.predict(x)) ** 2))),
            left_out=float(np.sqrt(np.mean(fit.leave_one_out_residuals_**2))),
            coefficients=fit.effective_dof_,
            show_near=state["near"],
        )

    def build(self, figure: Figure, result: Choice) -> ChoiceArtists:
        x, y = marathon()
        times, table = two_panels(figure)
        times.set(xlim=(1893, 2020), ylim=TIMES, xticks=range(1900, 2021, 20))
        times.set(xlabel="year", ylabel="time of the winner [min]", title="the fit at the cross")
        times.plot(x, y, "o", color="0.55", markersize=4)
        (curve,) = times.plot([], [], color=BLUE)
        table.set(xscale="log", yscale="log", xlim=WIDTHS[[0, -1]], ylim=RIDGES[[0, -1]])
        found = left_out_errors()
        heat: QuadMesh = table.pcolormesh(
            WIDTHS, RIDGES, found.T, vmax=WORST, shading="gouraud", rasterized=True
        )
        near = table.contour(
            WIDTHS, RIDGES, found.T, levels=[NEAR * float(found.min())], colors="white",
            linewidths=1.8,
        )  # fmt: skip
        table.set_xticks([1, 3, 10, 30, 100], ["1", "3", "10", "30", "100"])
        table.xaxis.set_minor_formatter(NullFormatter())
        table.set(xlabel="width σ [years]", ylabel="ridge λ", title="leave-one-out error [min]")
        table.grid(visible=False)
        figure.colorbar(heat, ax=table, shrink=0.85, extend="max")
        (cursor,) = table.plot(
            [], [], "P", color=VERMILLION, mec="white", mew=1.5, markersize=15, clip_on=False,
            zorder=5,
        )  # fmt: skip
        return ChoiceArtists(curve, cursor, near)

    def draw(self, moving: ChoiceArtists, result: Choice) -> None:
        moving.curve.set_data(YEARS, result.curve)
        moving.cursor.set_data([result.width], [result.ridge])
        moving.near.set_visible(result.show_near)

    def handles(self, moving: ChoiceArtists, result: Choice) -> tuple[Any, Array]:
        return moving.cursor.axes, np.array([[result.width, result.ridge]])

    def dragged(self, index: int, x: float, y: float) -> None:
        together, self._together = self._together, True  # the caller redraws
        self.controls["width"].value = _stop(x, LOG_WIDTHS, WIDTH_STEP)
        self.controls["ridge"].value = _stop(y, LOG_RIDGES, RIDGE_STEP)
        self._together = together

    def describe(self, result: Choice) -> str:
        return (
            f"σ = {result.width:.3g} years, λ = {result.ridge:.3g}: leave-one-out error "
            f"{result.left_out:.2f} min, training error {result.training:.2f} min, a fit worth "
            f"{result.coefficients:.1f} coefficients."
        )


def _stop(value: float, limits: tuple[float, float], step: float) -> float:
    """The stop of a logarithmic slider that is nearest to the value."""
    power = min(max(float(np.log10(max(value, 1e-300))), limits[0]), limits[1])
    return float(10 ** (round(power / step) * step))
