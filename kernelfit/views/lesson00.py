"""Lesson 00: a bell to try one's hand on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from kernelfit.views.controls import log_slider
from kernelfit.views.style import BLUE, VERMILLION
from kernelfit.views.view import State, View
from kernelfit.views.words import signed

Array = NDArray[np.float64]

LIMITS = (-6.0, 6.0)
X = np.linspace(*LIMITS, 400)


@dataclass(frozen=True)
class Curve:
    """The bell over all x, for one middle and one width."""

    centre: float
    width: float
    heights: Array


@dataclass
class CurveArtists:
    """What moves in the picture of the bell."""

    curve: Line2D
    one_width: Line2D
    centre: Line2D


class Bell(View[Curve, CurveArtists]):
    """The bell exp(-(x - z)² / 2σ²): a width to slide, a middle to drag."""

    name = "bell"
    size = (7.2, 3.2)
    narrow_size = (4.3, 3.0)

    def __init__(self) -> None:
        super().__init__({"width": log_slider("width σ", -0.7, 0.7, 0.05, 1.0)}, held={"z": 0.0})

    def compute(self, state: State) -> Curve:
        z, width = state["z"], state["width"]
        return Curve(z, width, np.exp(-((X - z) ** 2) / (2 * width**2)))

    def build(self, figure: Figure, result: Curve) -> CurveArtists:
        axes = figure.subplots()
        axes.set(xlim=LIMITS, ylim=(-0.08, 1.1), xlabel="$x$")
        axes.set_title(r"$k(x, z) = \exp\left(-(x - z)^2 \,/\, 2\sigma^2\right)$")
        (curve,) = axes.plot([], [], color=BLUE)
        (one_width,) = axes.plot([], [], "|--", color=VERMILLION, markersize=12)
        (centre,) = axes.plot([], [], "o", color="black", markersize=10, clip_on=False)
        return CurveArtists(curve, one_width, centre)

    def draw(self, moving: CurveArtists, result: Curve) -> None:
        z, width = result.centre, result.width
        moving.curve.set_data(X, result.heights)
        moving.one_width.set_data([z - width, z + width], [np.exp(-0.5)] * 2)
        moving.centre.set_data([z], [0.0])

    def handles(self, moving: CurveArtists, result: Curve) -> tuple[Any, Array]:
        return moving.centre.axes, np.array([[result.centre, 0.0]])

    def dragged(self, index: int, x: float, y: float) -> None:
        self.held["z"] = round(min(max(x, LIMITS[0]), LIMITS[1]), 2)

    def describe(self, result: Curve) -> str:
        return (
            f"Middle z = {signed(result.centre)}, width σ = {result.width:.2f}: height 1 at the "
            f"middle, {np.exp(-0.5):.0%} at {signed(result.centre - result.width)} and at "
            f"{signed(result.centre + result.width)}, one width away."
        )
