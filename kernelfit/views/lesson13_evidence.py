"""Lesson 13: how probable the data were, width by width, beside the leave-one-out error."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from numpy.typing import NDArray

from kernelfit.datasets import load
from kernelfit.gaussian_process import GaussianProcess
from kernelfit.kernels import Gaussian
from kernelfit.views.controls import listed_slider, log_slider, tick
from kernelfit.views.lesson13 import outline
from kernelfit.views.style import BLACK, BLUE, SKY, VERMILLION
from kernelfit.views.view import State, View
from kernelfit.views.words import signed

Array = NDArray[np.float64]

KNOWN = 70.0  # minutes, what is taken from y beforehand: the prior mean is 0
LOG_WIDTHS, STEP = (-1.0, 1.0), 0.1
WIDTHS = 10 ** np.round(np.arange(LOG_WIDTHS[0], LOG_WIDTHS[1] + STEP / 2, STEP), 1)
AMPLITUDES = (5.0, 10.0, 15.0, 30.0, 60.0)
NOISES = (3.0, 4.0, 5.0, 5.5, 6.0, 7.0, 9.0, 12.0)
LONGEST, WAITING = 7.0, (25.0, 115.0)  # minutes, what the picture shows
PLACES = np.linspace(0.0, LONGEST, 176)
EVIDENCE, ERRORS = (-952.0, -857.0), (5.55, 6.45)  # of the upright axes; minutes
LOWEST, WORST = -948.0, 6.4  # what lies beyond is drawn here


@cache
def geyser() -> tuple[Array, Array]:
    """How long each eruption lasted, and the wait for the next less the known 70 minutes."""
    data = load("old_faithful")
    return data.x, data.y - KNOWN


@cache
def directions(width: float) -> tuple[Array, Array, Array]:
    """Eigenvalues and eigenvectors of the Gaussian's Gram matrix, and y in these directions."""
    x, y = geyser()
    mu, U = np.linalg.eigh(Gaussian(width).gram(x))
    return np.maximum(mu, 0), U, U.T @ y


def judged(width: float, amplitude: float, noise: float) -> tuple[float, float]:
    r"""The log evidence and the leave-one-out error in minutes.

    .. math:: \log p(y) = -\tfrac12 y^\top A y + \tfrac12 \log\det A - \tfrac n2 \log 2\pi, \qquad
              y_i - f_{-i}(x_i) = \frac{(A y)_i}{A_{ii}}, \qquad A = (a^2 K + s^2 I)^{-1}
    """
    mu, U, along = directions(width)
    variances = amplitude**2 * mu + noise**2
    evidence = -0.5 * np.sum(along**2 / variances + np.log(2 * np.pi * variances))
    missed = U @ (along / variances) / (U**2 @ (1 / variances))
    return float(evidence), float(np.sqrt(np.mean(missed**2)))


@dataclass(frozen=True)
class Weighed:
    """The fit for one width, amplitude and noise, and how all widths are judged."""

    state: State
    mean: Array
    std: Array
    std_of_wait: Array
    evidence: Array
    left_out: Array
    at: int  # which of the widths is chosen
    said: tuple[float, float, float]  # mean and both standard deviations at the asked length


@dataclass
class WeighedArtists:
    """What moves in the picture."""

    band: Polygon
    mean: Line2D
    edges: list[Line2D]
    asked: list[Line2D]
    judges: list[list[Line2D]]  # of evidence and of error: the curve, what is beyond, the place


def _judge(axes: Axes, title: str, limits: tuple[float, float], beyond: str) -> list[Line2D]:
    """The panel of one judge: its curve over the widths, what lies beyond, and a ring."""
    axes.set(xscale="log", xlim=(0.085, 11.7), ylim=limits)
    axes.set_title(title, fontsize=11)
    axes.set_xticks([0.1, 0.3, 1, 3, 10], ["0.1", "0.3", "1", "3", "10"])
    axes.minorticks_off()
    return [
        axes.plot([], [], "o-", color=BLUE, markersize=4, linewidth=1.5)[0],
        axes.plot([], [], beyond, color=BLACK, markersize=5, linestyle="")[0],
        axes.plot([], [], "o", mec=VERMILLION, mfc="none", markersize=13, mew=2)[0],
    ]


class Evidence(View[Weighed, WeighedArtists]):
    """Choose width, amplitude and noise, and let two judges say what they think of it."""

    name = "evidence"

    def __init__(self) -> None:
        super().__init__(
            {
                "width": log_slider("width σ [min]", *LOG_WIDTHS, STEP, 0.1),
                "noise": listed_slider("noise s [min]", NOISES, 9.0),
                "amplitude": listed_slider("amplitude a [min]", AMPLITUDES, 15.0),
                "of_wait": tick("±2 s.d. of one wait"),
            },
            held={"asked": 3.0},
        )

    def compute(self, state: State) -> Weighed:
        width, amplitude, noise = state["width"], state["amplitude"], state["noise"]
        process = GaussianProcess(amplitude**2 * Gaussian(width), noise_variance=noise**2)
        places = np.append(PLACES, state["asked"])
        mean, std = process.fit(*geyser()).predict(places, return_std=True)
        of_wait = np.sqrt(std**2 + noise**2)
        table = np.array([judged(w, amplitude, noise) for w in WIDTHS.tolist()])
        return Weighed(
            state=state,
            mean=KNOWN + mean[:-1],
            std=std[:-1],
            std_of_wait=of_wait[:-1],
            evidence=table[:, 0],
            left_out=table[:, 1],
            at=int(np.argmin(np.abs(WIDTHS - width))),
            said=(KNOWN + float(mean[-1]), float(std[-1]), float(of_wait[-1])),
        )

    def build(self, figure: Figure, result: Weighed) -> WeighedArtists:
        x, y = geyser()
        wide = figure.get_figwidth() > figure.get_figheight()
        layout: list[Any] = (
            [["fit", "evidence"], ["fit", "error"]] if wide else [["fit"], ["evidence"], ["error"]]
        )
        ratios: dict[str, Any] = (
            {"width_ratios": [1.2, 1]} if wide else {"height_ratios": [1.7, 1, 1]}
        )
        panels = figure.subplot_mosaic(layout, **ratios)
        fit, evidence, error = (panels[name] for name in ("fit", "evidence", "error"))
        fit.set(xlim=(0, LONGEST), ylim=WAITING, xlabel="length of the eruption [min]")
        fit.set(ylabel="waiting for the next [min]")
        (band,) = fit.fill([], [], facecolor=SKY, alpha=0.45, edgecolor=BLUE, linewidth=0.8)
        fit.plot(x, y + KNOWN, "o", color="0.5", markersize=3.5, mew=0)
        edges = [fit.plot([], [], "--", color=VERMILLION, linewidth=1.5)[0] for _ in "+-"]
        (mean,) = fit.plot([], [], color=BLUE, linewidth=2.4)
        (way,) = fit.plot([], [], ":", color=BLACK, linewidth=1.2)
        (asked,) = fit.plot([], [], "^", color=BLACK, markersize=10, zorder=5)
        judges = [
            _judge(evidence, "log evidence", EVIDENCE, "v"),
            _judge(error, "leave-one-out error [min]", ERRORS, "^"),
        ]
        error.set_xlabel("width σ [min]")
        marks = {
            "eruption": Line2D([], [], color="0.5", marker="o", ls="", markersize=5),
            "mean": mean,
            "±2 s.d.": band,
            "±2 s.d. of one wait": edges[0],
            "yours (drag it)": asked,
            "beyond the picture": judges[0][1],
        }
        figure.legend(
            list(marks.values()), list(marks), loc="outside lower center", ncols=6 if wide else 2,
            columnspacing=1.2,
        )  # fmt: skip
        return WeighedArtists(band, mean, edges, [way, asked], judges)

    def draw(self, moving: WeighedArtists, result: Weighed) -> None:
        state = result.state
        low, high = result.mean - 2 * result.std, result.mean + 2 * result.std
        moving.band.set_xy(outline(PLACES, low, high))
        moving.mean.set_data(PLACES, result.mean)
        for sign, edge in zip((1, -1), moving.edges, strict=True):
            edge.set_data(PLACES, result.mean + 2 * sign * result.std_of_wait)
            edge.set_visible(state["of_wait"])
        way, here = moving.asked
        way.set_data([state["asked"]] * 2, WAITING)
        here.set_data([state["asked"]], [WAITING[0] + 4])
        seen = np.maximum(result.evidence, LOWEST), np.minimum(result.left_out, WORST)
        for (curve, beyond, ring), values, bound in zip(
            moving.judges, seen, (LOWEST, WORST), strict=True
        ):
            inside = values != bound
            curve.set_data(WIDTHS, np.where(inside, values, np.nan))
            beyond.set_data(WIDTHS[~inside], values[~inside])
            ring.set_data(WIDTHS[[result.at]], values[[result.at]])

    def handles(self, moving: WeighedArtists, result: Weighed) -> tuple[Any, Array]:
        return moving.mean.axes, np.array([[result.state["asked"], WAITING[0] + 4]])

    def dragged(self, index: int, x: float, y: float) -> None:
        self.held["asked"] = float(np.clip(x, 0.1, LONGEST - 0.1))

    def describe(self, result: Weighed) -> str:
        state, (mean, std, of_wait) = result.state, result.said
        evidence, error = result.evidence[result.at], result.left_out[result.at]
        return (
            f"σ = {state['width']:.2g} min, s = {state['noise']:g} min, a = "
            f"{state['amplitude']:g} min: log evidence {signed(evidence, '.1f')}, leave-one-out "
            f"error {error:.2f} min. After {state['asked']:.1f} min of eruption the mean wait is "
            f"{mean:.1f} ± {2 * std:.1f} min, and one wait {mean:.0f} ± {2 * of_wait:.0f} min."
        )
