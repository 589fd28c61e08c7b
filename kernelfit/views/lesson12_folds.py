"""Lesson 12: points left out at random or in blocks, which are two different questions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from kernelfit.datasets import load
from kernelfit.kernel_regression import KernelRegression
from kernelfit.kernels import Gaussian
from kernelfit.views.controls import choice, listed_slider, whole_slider
from kernelfit.views.stage import two_panels
from kernelfit.views.style import BLUE, VERMILLION
from kernelfit.views.view import State, View

Array = NDArray[np.float64]

MONTHS, FOLDS = 120, 5
WIDTHS = (1.0, 2.0, 3.0, 4.0, 6.0, 12.0, 24.0, 60.0, 120.0, 240.0)
RIDGE = 0.03
SEEDS = 20
ERRORS = (0.28, 6.0)  # ppm


@cache
def air() -> tuple[Array, Array]:
    """Ten years of months, and the carbon dioxide in the air of Mauna Loa in ppm."""
    data = load("mauna_loa_co2")
    return data.x[:MONTHS], data.y[:MONTHS]


def folds(seed: int | None) -> NDArray[np.intp]:
    """Which of the five parts a month belongs to; in blocks of two years without a seed."""
    in_blocks = np.arange(MONTHS) * FOLDS // MONTHS
    return in_blocks if seed is None else np.random.default_rng(seed).permutation(in_blocks)


@cache
def inverse(width: float) -> Array:
    r"""The inverse of K + lambda I bordered by ones, whose parts say what each part is missed by.

    .. math:: M = \begin{pmatrix} K + \lambda I & 1 \\ 1^\top & 0 \end{pmatrix}
    """
    x, _ = air()
    M = np.ones((MONTHS + 1, MONTHS + 1))
    M[:-1, :-1] = Gaussian(width).gram(x) + RIDGE * np.eye(MONTHS)
    M[-1, -1] = 0
    return np.asarray(np.linalg.inv(M), dtype=np.float64)


@cache
def error(seed: int | None, width: float) -> float:
    r"""The root mean square of what each part is missed by when the others are fitted.

    .. math:: y_B - f_{-B}(x_B) = \bigl([M^{-1}]_{BB}\bigr)^{-1} c_B
    """
    _, y = air()
    A = inverse(width)
    c = (A[:-1, :-1] @ (y - y.mean()))[:, None]
    parts = [np.flatnonzero(folds(seed) == part) for part in range(FOLDS)]
    missed = [np.linalg.solve(A[np.ix_(part, part)], c[part]) for part in parts]
    return float(np.sqrt(np.mean(np.square(missed))))


@dataclass(frozen=True)
class Folds:
    """One part left out, and the errors of all five for the widths passed so far."""

    width: float
    out: NDArray[np.bool_]
    curve: Array
    part: int
    at_random: Array
    in_blocks: Array
    blocks_shown: bool


@dataclass
class FoldsArtists:
    """What moves in the picture of the folds."""

    curve: Line2D
    fitted: Line2D
    out: Line2D
    at_random: Line2D
    in_blocks: Line2D
    here: Line2D


class RandomOrBlocks(View[Folds, FoldsArtists]):
    """Leave a fifth of the months out, scattered or in one piece, and widen the bell."""

    name = "random_or_blocks"

    def __init__(self) -> None:
        self.grid = np.linspace(air()[0][0], air()[0][-1], 477)
        kinds = [("months at random", False), ("two years in one piece", True)]
        super().__init__(
            {
                "width": listed_slider("width σ [months]", WIDTHS, 1.0),
                "blocks": choice("left out", kinds, False),
                "part": whole_slider("part left out", 1, FOLDS, 3),
                "seed": whole_slider("seed of the chance", 1, SEEDS, 1),
            }
        )

    def compute(self, state: State) -> Folds:
        (x, y), width, seed = air(), state["width"], state["seed"]
        out = folds(None if state["blocks"] else seed) == state["part"] - 1
        fit = KernelRegression(Gaussian(width), ridge=RIDGE, fit_intercept=True)
        passed = [w for w in WIDTHS if w <= width]
        return Folds(
            width=width,
            out=out,
            curve=fit.fit(x[~out], y[~out]).predict(self.grid),
            part=state["part"],
            at_random=np.array([error(seed, w) for w in passed]),
            in_blocks=np.array([error(None, w) for w in passed]),
            blocks_shown=state["blocks"],
        )

    def build(self, figure: Figure, result: Folds) -> FoldsArtists:
        gas, errors = two_panels(figure)
        gas.set(xlim=(-3, MONTHS + 2), ylim=(308, 329), xticks=range(0, MONTHS + 1, 24))
        gas.set(xlabel="months since January 1959", ylabel="CO₂ in the air [ppm]")
        gas.set(title="the fit to the others", yticks=range(310, 330, 5))
        hollow = {"color": VERMILLION, "mfc": "white", "mew": 1.5, "markersize": 5}
        (fitted,) = gas.plot([], [], "o", color="0.55", markersize=4, label="fitted")
        (out,) = gas.plot([], [], "s", **hollow, label="left out")
        (curve,) = gas.plot([], [], color=BLUE, linewidth=1.6)
        errors.set(xscale="log", yscale="log", xlim=(0.8, 300), ylim=ERRORS)
        errors.set_yticks([0.3, 0.5, 1, 2, 3, 5], ["0.3", "0.5", "1", "2", "3", "5"])
        errors.set_xticks([1, 3, 10, 30, 100, 240], ["1", "3", "10", "30", "100", "240"])
        errors.minorticks_off()
        errors.set(xlabel="width σ [months]", ylabel="root mean square [ppm]")
        errors.set(title="error of all five parts")
        (at_random,) = errors.plot([], [], "o-", color=BLUE, label="at random")
        (in_blocks,) = errors.plot([], [], "s--", color=VERMILLION, label="in blocks")
        (here,) = errors.plot([], [], "o", mec="black", mfc="none", markersize=15, mew=1.8)
        wide = figure.get_figwidth() > figure.get_figheight()
        figure.legend(
            handles=[fitted, out, at_random, in_blocks], loc="outside lower center",
            ncols=4 if wide else 2,
        )  # fmt: skip
        return FoldsArtists(curve, fitted, out, at_random, in_blocks, here)

    def draw(self, moving: FoldsArtists, result: Folds) -> None:
        (x, y), out = air(), result.out
        moving.curve.set_data(self.grid, result.curve)
        moving.fitted.set_data(x[~out], y[~out])
        moving.out.set_data(x[out], y[out])
        passed = WIDTHS[: len(result.at_random)]
        moving.at_random.set_data(passed, result.at_random)
        moving.in_blocks.set_data(passed, result.in_blocks)
        shown = result.in_blocks if result.blocks_shown else result.at_random
        moving.here.set_data([result.width], shown[-1:])

    def describe(self, result: Folds) -> str:
        kind = "two years in one piece" if result.blocks_shown else "24 months at random"
        unit = "month" if result.width == 1 else "months"
        return (
            f"σ = {result.width:g} {unit}, part {result.part} of 5 left out, {kind}: over all five "
            f"parts the error is {result.at_random[-1]:.2f} ppm at random, "
            f"{result.in_blocks[-1]:.2f} ppm in blocks."
        )
