"""Lesson 10: a polynomial fitted by a kernel, solved in sound ways and in others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from numpy.typing import NDArray

from kernelfit.datasets import load
from kernelfit.kernels import Kernel, Legendre, PowerSum
from kernelfit.polynomial import PolynomialRegression
from kernelfit.views.controls import choice, whole_slider
from kernelfit.views.stage import two_panels
from kernelfit.views.style import BLACK, BLUE, VERMILLION
from kernelfit.views.view import State, View
from kernelfit.views.words import signed

Array = NDArray[np.float64]

CUT_OFF, INVERSE, SOLVE = "eigenvalues, with a cut-off", "inverse of K", "np.linalg.solve"
LSTSQ, LEGENDRE = "np.linalg.lstsq", "Legendre kernel, with a cut-off"
WAYS = (CUT_OFF, INVERSE, SOLVE, LSTSQ, LEGENDRE)
SCALED, RAW = "scaled to −1 … 1", "raw years"
FIRST, LAST = 1959.0, 1997.0
HIGHEST = 25
EPS = float(np.finfo(np.float64).eps)
FLOOR = 1e-20  # smaller eigenvalues, against the largest, are drawn here
PPM = (308.0, 372.0)  # what the picture shows
FAR = 1e4  # ppm: beyond the picture, and no longer drawable


@dataclass(frozen=True)
class KernelFit:
    """The fit from K in one way, beside the polynomial regression of the same degree."""

    degree: int
    way: str
    measured: str
    primal: Array  # in ppm
    curve: Array | None  # None: numpy stops, because it meets a singular matrix
    gap: float  # the largest difference of the two in ppm
    eigenvalues: Array  # of K over the largest, the largest first
    rank: int  # how many of them are above the cut-off
    full_rank: int


@dataclass
class KernelFitArtists:
    """What moves in the picture."""

    primal: Line2D
    data: Line2D
    curve: Line2D
    words: Text
    counted: Line2D
    rounding: Line2D
    rank: Text


class PolynomialByKernel(View[KernelFit, KernelFitArtists]):
    """Solve for one coefficient a point in several ways; compare with d + 1 coefficients.

    With ``n`` the data are that many made-up points in place of the 39 annual means.
    """

    name = "polynomial_by_kernel"

    def __init__(self, n: int | None = None) -> None:
        if n is None:
            monthly = load("mauna_loa_co2").y
            self.ppm = monthly.reshape(-1, 12).mean(axis=1)
            self.years = FIRST + np.arange(len(self.ppm))
        else:
            self.years = np.linspace(FIRST, LAST, n)
            t = (self.years - FIRST) / 10
            noise = 0.4 * np.random.default_rng(10).normal(size=n)
            self.ppm = 316 + 8 * t + 1.2 * t**2 + noise
        self.grid = np.linspace(FIRST, LAST, 229)
        super().__init__(
            {
                "degree": whole_slider("degree d", 0, HIGHEST, 3),
                "way": choice("solved by", WAYS, CUT_OFF),
                "measured": choice("x in", [SCALED, RAW], SCALED),
            }
        )

    def compute(self, state: State) -> KernelFit:
        degree, way, measured = state["degree"], state["way"], state["measured"]
        x, grid = self.years, self.grid
        if measured == SCALED:
            middle, half = (FIRST + LAST) / 2, (LAST - FIRST) / 2
            x, grid = (x - middle) / half, (grid - middle) / half
        k: Kernel = PowerSum(degree)
        if way == LEGENDRE:
            k = Legendre(degree, (float(x[0]), float(x[-1])))
        K = k.gram(x)
        mu, U = np.linalg.eigh(K)
        keep = mu > len(mu) * EPS * mu[-1]
        curve = None
        primal = PolynomialRegression(degree).fit(x, self.ppm).predict(grid)
        try:
            with np.errstate(all="ignore"):
                if way == INVERSE:
                    c = np.linalg.inv(K) @ self.ppm
                elif way == SOLVE:
                    c = np.linalg.solve(K, self.ppm)
                elif way == LSTSQ:
                    c = np.linalg.lstsq(K, self.ppm)[0]
                else:
                    c = U[:, keep] @ (U[:, keep].T @ self.ppm / mu[keep])
                curve = k.gram(grid, x) @ c
        except np.linalg.LinAlgError:
            pass
        if curve is not None and not np.isfinite(curve).all():
            curve = np.full_like(grid, FAR)
        return KernelFit(
            degree=degree,
            way=way,
            measured=measured,
            primal=primal,
            curve=curve,
            gap=0.0 if curve is None else float(np.abs(curve - primal).max()),
            eigenvalues=mu[::-1] / mu[-1],
            rank=int(np.count_nonzero(keep)),
            full_rank=min(degree + 1, len(x)),
        )

    def build(self, figure: Figure, result: KernelFit) -> KernelFitArtists:
        data, spectrum = two_panels(figure)
        data.set(xlim=(FIRST - 1, LAST + 1), ylim=PPM, ylabel="CO₂ [ppm]")
        data.set(title="annual means and two fits", xticks=range(1960, 2000, 10))
        (primal,) = data.plot([], [], color="0.55", linewidth=6)
        (points,) = data.plot(self.years, self.ppm, "o", color=BLACK, markersize=3.5)
        (curve,) = data.plot([], [], "--", color=BLUE)
        words = data.text(0.04, 0.95, "", transform=data.transAxes, color=BLUE, va="top")
        words.set_in_layout(False)
        n = len(self.years)
        spectrum.set(xlim=(0, n + 1), yscale="log", ylim=(FLOOR / 3, 10), xlabel="number")
        spectrum.set(title="size of the eigenvalues of $K$", ylabel="over the largest")
        spectrum.set(yticks=[1e-20, 1e-15, 1e-10, 1e-5, 1])
        (line,) = spectrum.plot([0, n + 1], [n * EPS] * 2, "-.", color="0.35", linewidth=1.2)
        (counted,) = spectrum.plot([], [], "o", color=BLUE, markersize=6)
        (rounding,) = spectrum.plot([], [], "x", color=VERMILLION, markersize=5)
        rank = spectrum.text(0.97, 0.75, "", transform=spectrum.transAxes, ha="right", va="top")
        rank.set_in_layout(False)
        marks = {
            "polynomial regression": primal, "kernel fit": curve,
            "kept": counted, "taken for rounding": rounding, "cut-off": line,
        }  # fmt: skip
        wide = figure.get_figwidth() > figure.get_figheight()
        figure.legend(
            list(marks.values()), list(marks), loc="outside lower center", ncols=5 if wide else 2
        )
        return KernelFitArtists(primal, points, curve, words, counted, rounding, rank)

    def draw(self, moving: KernelFitArtists, result: KernelFit) -> None:
        moving.primal.set_data(self.grid, result.primal)
        curve = np.full_like(self.grid, np.nan) if result.curve is None else result.curve
        moving.curve.set_data(self.grid, np.clip(curve, -FAR, FAR))
        low, high = PPM
        inside = bool(((curve > low) & (curve < high)).any())
        outside = "the kernel fit is outside\nof the picture"
        said = "numpy stops:\nK is singular" if result.curve is None else outside
        moving.words.set_text("" if inside else said)
        number, sizes = np.arange(1, len(self.years) + 1), np.abs(result.eigenvalues)
        counted = result.eigenvalues > len(number) * EPS
        moving.counted.set_data(number[counted], sizes[counted])
        moving.rounding.set_data(number[~counted], np.maximum(sizes[~counted], FLOOR))
        moving.rank.set_text(f"rank {result.rank} of {_full(result)}")

    def describe(self, result: KernelFit) -> str:
        words = (
            f"Degree {result.degree}, x "
            f"{'in ' if result.measured == RAW else ''}{result.measured}, {result.way}: "
        )
        if result.curve is None:
            words += "numpy stops and says that K is singular."
        else:
            words += (
                f"at most {_ppm(result.gap)} from polynomial regression."
                if result.gap < FAR
                else "beyond any picture."
            )
        return f"{words} K has {len(self.years)} rows and rank {result.rank} of {_full(result)}."


def _full(result: KernelFit) -> str:
    """The rank without rounding, in words."""
    with_degree = result.full_rank == result.degree + 1
    return f"d + 1 = {result.full_rank}" if with_degree else f"{result.full_rank}"


def _ppm(gap: float) -> str:
    if gap < 1e-9:
        return "1e−9 ppm"
    return signed(gap, ".1e" if gap < 0.01 or gap >= 1000 else ".2f") + " ppm"
