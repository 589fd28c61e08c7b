"""Lesson 14: the curve of 468 bumps made of a few of them, or of random waves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from kernelfit.datasets import load
from kernelfit.features import Nystrom, RandomFourier
from kernelfit.kernel_regression import KernelRegression
from kernelfit.kernels import Gaussian
from kernelfit.views.controls import choice, listed_slider, whole_slider
from kernelfit.views.stage import two_panels
from kernelfit.views.style import BLACK, BLUE, GREEN, VERMILLION
from kernelfit.views.view import State, View

Array = NDArray[np.float64]

EVEN, MONTHS, WAVES = "bumps at even steps", "bumps at random months", "random waves"
COUNTS = (2, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192)
WIDTHS = (3.0, 6.0, 12.0, 24.0, 48.0, 96.0)
RIDGE = 0.1
SEEDS = 20
DIFFERENCES = (6e-6, 40.0)  # ppm
FLOOR = 1e-5  # smaller differences are drawn here, inside of the picture
PPM = (296.0, 372.0)


@cache
def air() -> tuple[Array, Array]:
    """The months since January 1959, and the carbon dioxide in the air of Mauna Loa in ppm."""
    data = load("mauna_loa_co2")
    return data.x, data.y


@cache
def curve_of_all(width: float) -> Array:
    """The curve of one bump for each month, at the months."""
    x, y = air()
    return KernelRegression(Gaussian(width), ridge=RIDGE, fit_intercept=True).fit(x, y).predict(x)


def places(method: str, count: int, seed: int) -> Array:
    """Where the bumps stand, in months; random ones are drawn one after the other."""
    x, _ = air()
    if method == EVEN:
        return np.linspace(x[0], x[-1], count)
    return np.sort(np.random.default_rng(seed).permutation(x)[:count])


@cache
def curve(method: str, count: int, width: float, seed: int) -> Array:
    r"""The curve of so many features, at the months: least squares on their columns with the ridge.

    .. math:: (F^\top F + \lambda I)\, v = F^\top (y - \bar y), \qquad F \text{ centred}
    """
    x, y = air()
    if method == WAVES:
        map_: Nystrom | RandomFourier = RandomFourier(width, count, seed=seed)
    else:
        map_ = Nystrom(Gaussian(width), places(method, count, seed))
    F = map_.features(x)
    F = F - F.mean(axis=0)
    v = np.linalg.solve(F.T @ F + RIDGE * np.eye(F.shape[1]), F.T @ (y - y.mean()))
    found: Array = y.mean() + F @ v
    return found


@cache
def difference(method: str, count: int, width: float, seed: int) -> float:
    """The root mean square of the difference between the two curves, in ppm."""
    gap = curve(method, count, width, seed) - curve_of_all(width)
    return float(np.sqrt(np.mean(gap**2)))


@dataclass(frozen=True)
class Few:
    """A curve of few features beside that of all bumps, and how far each count is from it."""

    method: str
    count: int
    width: float
    gap: float  # the widest between two bumps, in months; of waves there is none
    curve: Array
    of_all: Array
    places: Array
    differences: dict[str, Array]  # by method, of the counts passed so far

    @property
    def passed(self) -> Array:
        """The counts up to this one."""
        return np.array([count for count in COUNTS if count <= self.count], dtype=float)


@dataclass
class FewArtists:
    """What moves in the picture."""

    curve: Line2D
    of_all: Line2D
    places: Line2D
    differences: list[Line2D]
    below: Line2D
    here: Line2D


class FewBumps(View[Few, FewArtists]):
    """Make the curve of 468 bumps out of fewer, placed evenly or by chance, or out of waves."""

    name = "few_bumps"

    def __init__(self) -> None:
        super().__init__(
            {
                "count": listed_slider("bumps (or waves)", COUNTS, 4),
                "width": listed_slider("width σ [months]", WIDTHS, 24.0),
                "method": choice("made of", [EVEN, MONTHS, WAVES], EVEN),
                "seed": whole_slider("seed of the chance", 1, SEEDS, 1),
            }
        )

    def compute(self, state: State) -> Few:
        method, count, width = state["method"], state["count"], state["width"]
        seeds = {EVEN: 0, MONTHS: state["seed"], WAVES: state["seed"]}
        spots = np.empty(0) if method == WAVES else places(method, count, state["seed"])
        passed = [c for c in COUNTS if c <= count]
        return Few(
            method=method,
            count=count,
            width=width,
            gap=float(np.diff(spots).max()) if len(spots) else 0.0,
            curve=curve(method, count, width, seeds[method]),
            of_all=curve_of_all(width),
            places=spots,
            differences={
                kind: np.array([difference(kind, c, width, seed) for c in passed])
                for kind, seed in seeds.items()
            },
        )

    def build(self, figure: Figure, result: Few) -> FewArtists:
        (x, y), (gas, sizes) = air(), two_panels(figure)
        gas.set(xlim=(-6, 474), ylim=PPM, xticks=range(0, 469, 96), title="the two curves")
        gas.set(xlabel="months since January 1959", ylabel="CO₂ in the air [ppm]")
        gas.plot(x, y, "o", color="0.55", markersize=2.5)
        (of_all,) = gas.plot([], [], "--", color=BLACK, linewidth=1.6, zorder=3)
        (curve_,) = gas.plot([], [], color=BLUE, linewidth=2.2)
        (spots,) = gas.plot([], [], "|", color=BLUE, markersize=9, mew=1.2)
        sizes.set(xscale="log", yscale="log", xlim=(1.7, 230), ylim=DIFFERENCES)
        sizes.set_xticks([2, 4, 8, 16, 32, 64, 128], ["2", "4", "8", "16", "32", "64", "128"])
        sizes.set_yticks([1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10])
        sizes.minorticks_off()
        sizes.set(xlabel="bumps or waves", ylabel="root mean square [ppm]")
        sizes.set(title="how far the curves are apart")
        looks: dict[str, dict[str, Any]] = {
            EVEN: {"marker": "o", "linestyle": "-", "color": BLUE, "zorder": 4},
            MONTHS: {"marker": "s", "linestyle": "--", "color": VERMILLION},
            WAVES: {"marker": "^", "linestyle": "-.", "color": GREEN},
        }
        lines = [
            sizes.plot([], [], markersize=5, linewidth=1.6, label=kind, **look)[0]
            for kind, look in looks.items()
        ]
        (below,) = sizes.plot([], [], "v", color=BLACK, markersize=8, label="below the picture")
        (here,) = sizes.plot([], [], "o", mec="black", mfc="none", markersize=15, mew=1.8)
        of_all.set_label("468 bumps")
        curve_.set_label("few bumps, or waves")
        wide = figure.get_figwidth() > figure.get_figheight()
        gas.legend(handles=[of_all, curve_], loc="upper left")
        figure.legend(handles=[*lines, below], loc="outside lower center", ncols=4 if wide else 2)
        return FewArtists(curve_, of_all, spots, lines, below, here)

    def draw(self, moving: FewArtists, result: Few) -> None:
        x, _ = air()
        moving.curve.set_data(x, result.curve)
        moving.of_all.set_data(x, result.of_all)
        moving.places.set_data(result.places, np.full(len(result.places), PPM[0] + 2))
        passed, low = result.passed, []
        for line, found in zip(moving.differences, result.differences.values(), strict=True):
            line.set_data(passed, np.maximum(found, FLOOR))
            seen = found > FLOOR
            line.set_markevery(np.flatnonzero(seen).tolist())
            low += list(passed[~seen])
        moving.below.set_data(low, np.full(len(low), FLOOR))
        now = result.differences[result.method][-1]
        moving.here.set_data([result.count], [max(now, FLOOR)])

    def describe(self, result: Few) -> str:
        apart = result.differences[result.method][-1]
        where = {
            EVEN: f"{result.count} bumps at even steps of",
            MONTHS: f"{result.count} bumps at random months, their widest gap",
            WAVES: f"{result.count} random waves, of {result.count // 2} frequencies",
        }[result.method]
        if result.method != WAVES:
            where += f" {result.gap:.3g} months = {result.gap / result.width:.2g} σ"
        size = f"{apart:.2g} ppm" if apart >= FLOOR else "less than 0.00001 ppm"
        return f"σ = {result.width:g} months. {where}: the two curves are {size} apart."
