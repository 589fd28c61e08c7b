"""Lesson 11: a curve through the eruptions of Old Faithful, and what its smoothness costs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from kernelfit._rank_lost import least_rank
from kernelfit._spectrum import Spectrum
from kernelfit.datasets import load
from kernelfit.kernel_algebra import Kernel
from kernelfit.kernels import Gaussian, Laplacian, Polynomial
from kernelfit.views.controls import choice, listed_slider, tick
from kernelfit.views.style import BLUE, GREEN, ORANGE, VERMILLION
from kernelfit.views.view import State, View
from kernelfit.views.words import signed

Array = NDArray[np.float64]

GAUSSIAN, LAPLACIAN, CUBIC = "Gaussian", "Laplacian", "polynomial, degree 3"
RIDGES = (0, 1e-9, 1e-6, 1e-4, 1e-3, 0.01, 0.1, 0.3, 1, 3, 10, 30, 100, 1e3, 1e4)
WIDTHS = (0.04, 0.06, 0.08, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1, 1.4, 2, 3, 5, 7, 10)  # min
LIFTS = (0, 50, 100, 200, 500, 1000)
LONGEST = 8.0  # min of eruption that the picture shows
BEYOND = 36.0  # min; larger residuals are drawn here
LOWEST, HIGHEST = -10.0, 118.0  # min of waiting
PLACES = np.linspace(0.0, LONGEST, 321)
STEP = 4  # a bump is drawn at every fourth place: there are 272 of them


def kernel(name: str, width: float) -> Kernel:
    """The kernel of the menu; for the polynomial the width is the unit in which x is counted."""
    if name == GAUSSIAN:
        return Gaussian(width)
    if name == LAPLACIAN:
        return Laplacian(width)
    return Polynomial(3).of(lambda x: x / width)


@dataclass(frozen=True)
class Matrices:
    """What a fit needs and no ridge changes: K taken apart, and K between picture and data."""

    spectrum: Spectrum
    column_means: Array
    to_picture: Array  # (places, n)
    bumps: Array  # (n, fewer places)
    rank: int  # of K, without rounding, at least


@lru_cache(maxsize=16)
def matrices(name: str, width: float, intercept: bool) -> Matrices:
    """They cost some milliseconds a width; moving the ridge alone costs none of them."""
    x, k = load("old_faithful").x, kernel(name, width)
    K = k.gram(x)
    means = K.mean(axis=0) * intercept
    least = least_rank(k, x[:, None])
    G = k.gram(PLACES, x)
    return Matrices(Spectrum.of(K, intercept), means, G, G[::STEP].T, least)


@dataclass(frozen=True)
class Ridged:
    """A fit with its parts; all values in minutes, less the minutes that were added to y."""

    state: State
    curve: Array
    bumps: Array  # (n, places / STEP), the tallest scaled to 1
    residuals: Array
    tallest: float
    norm: float
    effective_dof: float
    condition: float
    rank: tuple[int, int]  # in floating point, and without rounding at least
    lost: bool  # the ridge, in the rounding of K
    weighted_mean: Array | None  # Nadaraya and Watson's


@dataclass
class RidgedArtists:
    """What moves in the picture."""

    curve: Line2D
    weighted_mean: Line2D
    asked: list[Line2D]
    bumps: LineCollection
    residuals: Line2D
    beyond: Line2D


class RidgeAndWidth(View[Ridged, RidgedArtists]):
    """The price of the norm, the width of a bump and a free constant, on Old Faithful."""

    name = "ridge_and_width"
    narrow_size = (4.3, 10.0)

    def __init__(self) -> None:
        geyser = load("old_faithful")
        self.x, self.y = geyser.x, geyser.y
        super().__init__(
            {
                "ridge": listed_slider("ridge λ", RIDGES, 1),
                "width": listed_slider("width σ [min]", WIDTHS, 0.5),
                "kernel": choice("kernel k", [GAUSSIAN, LAPLACIAN, CUBIC], GAUSSIAN),
                "lift": listed_slider("add to every y [min]", LIFTS, 0),
                "intercept": tick("free intercept"),
                "weighted_mean": tick("Nadaraya–Watson"),
            },
            held={"asked": 3.0},
        )

    def compute(self, state: State) -> Ridged:
        ridge, intercept = state["ridge"], state["intercept"]
        known = matrices(state["kernel"], state["width"], intercept)
        spectrum = known.spectrum
        lifted = self.y + state["lift"]
        start = lifted.mean() * intercept
        c = spectrum.coefficients(lifted - start, ridge)
        c_0 = start - known.column_means @ c
        # The residuals from the shares that are left over: c would bring its rounding with it.
        in_directions = spectrum.vectors.T @ (lifted - start)
        left = spectrum.left_over(np.array([ridge]))[:, 0]
        residuals = spectrum.vectors @ (left * in_directions)
        # All c of one fit make the same bumps at the same x; with a ridge they are r / λ.
        heights = residuals / ridge if ridge else c
        tallest = float(np.abs(heights).max())
        mu = spectrum.eigenvalues
        used = mu > 0
        norm = np.sqrt(np.sum(mu[used] * (in_directions[used] / (mu[used] + ridge)) ** 2))
        shown = known.bumps * (heights / (tallest or 1.0))[:, None]
        return Ridged(
            state=state,
            curve=known.to_picture @ c + c_0 - state["lift"],
            bumps=shown / max(1.0, float(np.abs(shown).max())),
            residuals=residuals,
            tallest=tallest,
            norm=float(norm),
            effective_dof=float(np.sum(1 - left)) + intercept,
            condition=spectrum.condition(ridge),
            rank=(spectrum.rank + intercept, known.rank),
            lost=0 < ridge <= spectrum.rounding,
            weighted_mean=self._weighted_mean(state) if state["weighted_mean"] else None,
        )

    def _weighted_mean(self, state: State) -> Array | None:
        """The mean of y with weights k(x, x_i); from far away the nearest point's weight is 1."""
        if state["kernel"] == CUBIC:
            return None
        away = np.abs(PLACES[:, None] - self.x) / state["width"]
        exponent = away**2 / 2 if state["kernel"] == GAUSSIAN else away
        weights = np.exp(exponent.min(axis=1, keepdims=True) - exponent)
        return np.asarray(weights @ self.y / weights.sum(axis=1))

    def build(self, figure: Figure, result: Ridged) -> RidgedArtists:
        wide = figure.get_figwidth() > figure.get_figheight()
        layout: list[Any] = (
            [["fit", "bumps"], ["fit", "residuals"]]
            if wide
            else [["fit"], ["bumps"], ["residuals"]]
        )
        ratios = {"width_ratios": [1.35, 1]} if wide else {"height_ratios": [2, 1, 1]}
        panels = figure.subplot_mosaic(layout, **ratios)
        fit, bumps, residuals = (panels[name] for name in ("fit", "bumps", "residuals"))
        fit.set(xlim=(0, LONGEST), ylim=(LOWEST, HIGHEST), xlabel="length of the eruption [min]")
        fit.set(ylabel="waiting for the next [min]")
        fit.plot(self.x, self.y, "o", color="0.55", markersize=3.5, mew=0)
        (mean,) = fit.plot([], [], color=VERMILLION, linestyle="--", linewidth=1.8)
        (curve,) = fit.plot([], [], color=BLUE, linewidth=2.4)
        (here,) = fit.plot([], [], "^", color="black", markersize=10, zorder=5)
        (way,) = fit.plot([], [], ":", color="black", linewidth=1.4)
        bumps.set(xlim=(0, LONGEST), ylim=(-1.15, 1.15), yticks=(-1, 0, 1))
        bumps.set_title("$c_i\\, k(x, x_i)$, scaled to the tallest", fontsize=11)
        lines = LineCollection([], colors=ORANGE, linewidths=0.9)
        bumps.add_collection(lines)
        residuals.set(xlim=(0, LONGEST), ylim=(-40, 40), yticks=(-30, 0, 30))
        residuals.set_title("residuals $r_i$ [min]", fontsize=11)
        residuals.axhline(0, color="0.55", linewidth=1.0)
        (dots,) = residuals.plot([], [], "o", color=GREEN, markersize=3.5, mew=0)
        (beyond,) = residuals.plot([], [], "s", mec=VERMILLION, mfc="white", markersize=4)
        marks = {
            "eruption": Line2D([], [], color="0.55", marker="o", ls="", markersize=5),
            "fit": curve,
            "Nadaraya–Watson": Line2D([], [], color=VERMILLION, ls="--", linewidth=1.8),
            "yours (drag it)": here,
            "beyond the picture": beyond,
        }
        figure.legend(
            list(marks.values()), list(marks), loc="outside lower center", ncols=5 if wide else 2
        )
        return RidgedArtists(curve, mean, [here, way], lines, dots, beyond)

    def draw(self, moving: RidgedArtists, result: Ridged) -> None:
        moving.curve.set_data(PLACES, result.curve)
        mean = result.weighted_mean
        moving.weighted_mean.set_data(PLACES, mean if mean is not None else np.nan * PLACES)
        here, way = moving.asked
        asked = result.state["asked"]
        here.set_data([asked], [LOWEST + 5])
        way.set_data([asked, asked, 0], [LOWEST + 5, *[self._waiting(result)] * 2])
        moving.bumps.set_segments(list(_curves(result.bumps)))
        far = np.abs(result.residuals) > BEYOND
        moving.residuals.set_data(self.x[~far], result.residuals[~far])
        moving.beyond.set_data(self.x[far], np.clip(result.residuals[far], -BEYOND, BEYOND))

    def handles(self, moving: RidgedArtists, result: Ridged) -> tuple[object, Array]:
        here = moving.asked[0]
        return here.axes, np.array([[result.state["asked"], LOWEST + 5]])

    def dragged(self, index: int, x: float, y: float) -> None:
        self.held["asked"] = float(np.clip(x, 0.1, LONGEST - 0.1))

    def _waiting(self, result: Ridged) -> float:
        return float(np.interp(result.state["asked"], PLACES, result.curve))

    def describe(self, result: Ridged) -> str:
        state = result.state
        unit = "x in units of" if state["kernel"] == CUBIC else "σ ="
        words = (
            f"{state['kernel']}, {unit} {state['width']:.2g} min, λ = {state['ridge']:g}"
            f"{', free intercept' if state['intercept'] else ''}: after {state['asked']:.1f} min "
            f"of eruption one waits {_short(self._waiting(result))} min"
        )
        if state["lift"]:
            words += f" ({state['lift']:g} min were added to every y and taken off again here)"
        typical = np.sqrt(np.mean(result.residuals**2))
        words += (
            f". Typical miss {_short(typical)} min, ‖f‖ = {_short(result.norm)} min, tallest "
            f"bump {_short(result.tallest)} min; worth {result.effective_dof:.1f} coefficients, "
        )
        found, least = result.rank
        if result.lost:
            return words + "but such a ridge is lost in the rounding of K."
        if np.isinf(result.condition):
            words += f"and K without a ridge has the rank {found}"
            if found < least:
                words += f" in floats: rounding took some of the {least} that it has"
            return words + "."
        return words + f"condition number {_short(result.condition)}."


def _curves(bumps: Array) -> Array:
    """Each row as a curve over the places, (n, places / STEP, 2)."""
    places = np.broadcast_to(PLACES[::STEP], bumps.shape)
    return np.stack([places, bumps], axis=-1)


def _short(number: float) -> str:
    """Three digits; powers of ten where it is very large or small."""
    size = abs(number)
    if size >= 1e5 or 0 < size < 1e-3:
        return signed(number, ".1e").replace("e+", "e")
    return signed(number, ".0f" if size >= 100 else ".1f" if size >= 10 else ".2f")
