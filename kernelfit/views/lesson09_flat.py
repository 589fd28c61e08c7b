"""Lesson 09: what flat bells draw through five points."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import mpmath
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from kernelfit.kernels import Gaussian
from kernelfit.views.controls import log_slider, tick
from kernelfit.views.stage import two_panels
from kernelfit.views.style import BLUE, ORANGE, VERMILLION
from kernelfit.views.view import State, View
from kernelfit.views.words import signed

Array = NDArray[np.float64]

NODES = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
VALUES = np.array([1.0, 2.0, 0.0, 1.0, -1.0])
DIGITS = 50


def through_points(x: Array, width: float) -> Array:
    r"""The sum of Gaussians around the nodes that passes through the five points, at x (n,).

    .. math:: \sum_i y_i\, e^{(x_i^2 - x^2) / 2\sigma^2} \prod_{j \neq i}
        \frac{\sinh((x - x_j) / 2\sigma^2)}{\sinh((x_i - x_j) / 2\sigma^2)}

    This form holds for nodes at distances of 1: a bell around z is exp(-x²/2σ²) q^z exp(-z²/2σ²)
    with q = exp(x/σ²), and this is Lagrange's form in q.  Nothing in it cancels.
    """
    total = np.zeros_like(x)
    for i, (node, value) in enumerate(zip(NODES, VALUES, strict=True)):
        others = np.delete(NODES, i)
        above = np.sinh((x[:, None] - others) / (2 * width**2))
        below = np.sinh((node - others) / (2 * width**2))
        total += value * np.exp((node**2 - x**2) / (2 * width**2)) * (above / below).prod(axis=1)
    return total


@cache
def solved(width: float) -> tuple[tuple[float, ...], float]:
    """The heights c of Kc = y and the condition number of K, with enough digits for both."""
    with mpmath.workdps(DIGITS):
        halves = -1 / (2 * mpmath.mpf(width) ** 2)
        K = mpmath.matrix([[mpmath.exp(halves * (i - j) ** 2) for i in range(5)] for j in range(5)])
        heights = mpmath.lu_solve(K, mpmath.matrix(VALUES.tolist()))
        spectrum = mpmath.eigsy(K, eigvals_only=True)
        return tuple(float(c) for c in heights), float(spectrum[4] / spectrum[0])


@dataclass(frozen=True)
class Flat:
    """Five bells that pass through five points, beside the polynomial that does."""

    width: float
    bells: Array  # (5, n): c_i k(x_i, x), scaled to the largest height
    total: Array
    largest: float
    gap: float
    condition: float
    limit: bool
    in_floats: Array  # nan where it is not asked for


@dataclass
class FlatArtists:
    """What moves in the picture of the flat bells."""

    bells: LineCollection
    polynomial: Line2D
    total: Line2D
    floats: Line2D
    points: Line2D


class FlatLimit(View[Flat, FlatArtists]):
    """Five bells through five points, from needles to bells that are nearly flat."""

    name = "flat_limit"

    def __init__(self) -> None:
        self.x = np.linspace(-2.5, 2.5, 201)
        self.inside = np.abs(self.x) <= 2
        self.polynomial = np.polynomial.Polynomial.fit(NODES, VALUES, 4)(self.x)
        super().__init__(
            {
                "width": log_slider("width σ", -0.7, 2.5, 0.1, 10**-0.2),
                "limit": tick("show the limit"),
                "floats": tick("with 16 digits"),
            }
        )

    def compute(self, state: State) -> Flat:
        width = state["width"]
        heights, condition = solved(width)
        largest = max(abs(c) for c in heights)
        k = Gaussian(width)
        total = through_points(self.x, width)
        return Flat(
            width=width,
            bells=np.array(heights)[:, None] / largest * k.gram(NODES, self.x),
            total=total,
            largest=largest,
            gap=float(np.abs(total - self.polynomial)[self.inside].max()),
            condition=condition,
            limit=state["limit"],
            in_floats=rounded(self.x, k) if state["floats"] else 0 * self.x + np.nan,
        )

    def build(self, figure: Figure, result: Flat) -> FlatArtists:
        curve, parts = two_panels(figure)
        curve.set(
            xlim=(-2.5, 2.5), ylim=(-2.6, 3.2), xlabel="$x$", title="one curve through five points"
        )
        (polynomial,) = curve.plot([], [], color="0.55", linewidth=5)
        (floats,) = curve.plot([], [], color=VERMILLION, linestyle=":", linewidth=1.5)
        (total,) = curve.plot([], [], color=BLUE)
        (points,) = curve.plot([], [], "o", color="black", zorder=4)
        parts.set(xlim=(-2.5, 2.5), ylim=(-1.1, 1.1), xlabel="$x$")
        parts.set(title="the five bells; the tallest drawn as 1")
        bells = LineCollection([], colors=ORANGE, linewidths=1.8)
        parts.add_collection(bells)
        marks = {
            "sum of the bells": total, "limit": polynomial,
            "with 16 digits": floats, "one bell": Line2D([], [], color=ORANGE),
        }  # fmt: skip
        wide = figure.get_figwidth() > figure.get_figheight()
        figure.legend(
            list(marks.values()), list(marks), loc="outside lower center", ncols=4 if wide else 2
        )
        return FlatArtists(bells, polynomial, total, floats, points)

    def draw(self, moving: FlatArtists, result: Flat) -> None:
        moving.bells.set_segments([np.column_stack([self.x, bell]) for bell in result.bells])
        moving.total.set_data(self.x, result.total)
        moving.polynomial.set_data(self.x, self.polynomial if result.limit else np.nan * self.x)
        moving.floats.set_data(self.x, result.in_floats)
        moving.points.set_data(NODES, VALUES)

    def describe(self, result: Flat) -> str:
        gap, height, kappa = (
            signed(value, ".1e" if value < 0.01 or value >= 1000 else ".2f")
            for value in (result.gap, result.largest, result.condition)
        )
        words = (
            f"σ = {result.width:.3g}: the tallest of the five bells has the height {height}; the "
            f"condition number of K is {kappa}."
        )
        if not result.limit:
            return words
        return f"{words} From −2 to 2 the sum stays within {gap} of the polynomial of degree 4."


def rounded(x: Array, k: Gaussian) -> Array:
    """The same curve in floating point: solve Kc = y, add up the bells."""
    try:
        heights = np.linalg.solve(k.gram(NODES), VALUES)
    except np.linalg.LinAlgError:
        return 0 * x + np.nan
    curve: Array = k.gram(x, NODES) @ heights
    return np.clip(curve, -1e3, 1e3)  # beyond the picture, and no longer drawable
