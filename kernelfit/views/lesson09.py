"""Lesson 09: a bell added up from pieces, and how wide a bell is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from numpy.typing import NDArray
from scipy.special import pdtrc

from kernelfit.datasets import load
from kernelfit.kernels import Gaussian
from kernelfit.views.controls import listed_slider, slider, whole_slider
from kernelfit.views.stage import two_panels
from kernelfit.views.style import BLUE, ORANGE, VERMILLION
from kernelfit.views.view import State, View
from kernelfit.views.words import signed

Array = NDArray[np.float64]

# Adding pieces -----------------------------------------------------------------------------------

REACH = 2.0  # the gap is measured for all x and z from -REACH to REACH
MOST = 60
FLOOR = 1e-12  # smaller gaps are rounding
WIDTHS = (0.4, 0.5, 0.7, 1.0, 1.5, 2.0)


def pieces(x: Array, width: float, count: int) -> Array:
    """The first features of the Gaussian at each x, (count, n).

    Each is made from the one before, so that no large power is divided by a large factorial.
    """
    found = np.empty((count, len(x)))
    found[0] = np.exp(-((x / width) ** 2) / 2)
    for m in range(1, count):
        found[m] = found[m - 1] * x / (width * np.sqrt(m))
    return found


@dataclass(frozen=True)
class Pieces:
    """A bell around z, the sum of its first pieces, and the worst gap after each piece."""

    count: int
    z: float
    width: float
    bell: Array
    newest: Array
    total: Array
    gaps: Array  # (MOST + 1,): after 1, 2, ... pieces, for all x and z within reach


@dataclass
class PiecesArtists:
    """What moves in the picture of the pieces."""

    bell: Line2D
    newest: Line2D
    total: Line2D
    middle: Line2D
    gaps: Line2D
    here: Line2D


class AddingPieces(View[Pieces, PiecesArtists]):
    """Add up pieces, each a function of x times the same function of z, until a bell is there."""

    name = "adding_pieces"

    def __init__(self) -> None:
        self.x = np.linspace(-4.0, 4.0, 321)
        self.within = np.linspace(-REACH, REACH, 41)
        super().__init__(
            {
                "count": whole_slider("pieces", 1, MOST, 3),
                "z": slider("middle z", -REACH, REACH, 0.1, 1.0),
                "width": listed_slider("width σ", WIDTHS, 1.0),
            }
        )

    def compute(self, state: State) -> Pieces:
        count, z, width = state["count"], state["z"], state["width"]
        k = Gaussian(width)
        terms = pieces(self.x, width, count) * pieces(np.array([z]), width, count)
        lifted = pieces(self.within, width, MOST)
        sums = np.cumsum(lifted[:, :, None] * lifted[:, None, :], axis=0)
        return Pieces(
            count=count,
            z=z,
            width=width,
            bell=k.gram([z], self.x)[0],
            newest=terms[-1],
            total=terms.sum(axis=0),
            gaps=np.abs(sums - k.gram(self.within)).max(axis=(1, 2)),
        )

    def build(self, figure: Figure, result: Pieces) -> PiecesArtists:
        plain, worst = two_panels(figure)
        plain.set(xlim=(-4, 4), ylim=(-0.45, 1.12), xlabel="x", title="the bell and the sum")
        plain.axvspan(-REACH, REACH, color="0.95", zorder=0)
        (bell,) = plain.plot([], [], color="0.55", linewidth=5)
        (newest,) = plain.plot([], [], color=VERMILLION, linestyle=":", linewidth=1.8)
        (total,) = plain.plot([], [], color=BLUE)
        (middle,) = plain.plot([], [], "^", color="black", markersize=9, clip_on=False, zorder=4)
        worst.set(xlim=(0, MOST + 1), yscale="log", ylim=(FLOOR, 3))
        worst.set(xlabel="pieces", title="largest gap for $x$, $z$ in the grey band")
        (gaps,) = worst.plot([], [], ".", color="0.55", markersize=5)
        (here,) = worst.plot([], [], "o", color=BLUE, markersize=9, clip_on=False, zorder=4)
        marks = {"bell": bell, "sum of the pieces": total, "newest piece": newest, "z": middle}
        wide = figure.get_figwidth() > figure.get_figheight()
        figure.legend(
            list(marks.values()), list(marks), loc="outside lower center", ncols=4 if wide else 2
        )
        return PiecesArtists(bell, newest, total, middle, gaps, here)

    def draw(self, moving: PiecesArtists, result: Pieces) -> None:
        for line, values in (
            (moving.bell, result.bell),
            (moving.newest, result.newest),
            (moving.total, result.total),
        ):
            line.set_data(self.x, values)
        moving.middle.set_data([result.z], [-0.45])
        moving.gaps.set_data(np.arange(1, MOST + 1), result.gaps)
        gap = result.gaps[result.count - 1]
        moving.here.set_data([result.count], [max(gap, FLOOR)])

    def describe(self, result: Pieces) -> str:
        gap = result.gaps[result.count - 1]
        shown = signed(gap, ".1e" if gap < 0.01 else ".2f") if gap > FLOOR else "1e−12"
        number = "1 piece" if result.count == 1 else f"{result.count} pieces"
        return (
            f"{number} of the bell with σ = {result.width:g} around z = {signed(result.z, '.1f')}; "
            f"for x and z from −2 to 2 sum and bell are nowhere more than {shown} apart."
        )


# How wide is wide? -------------------------------------------------------------------------------

MONTHS = (1.0, 2.0, 3.0, 6.0, 12.0, 24.0, 36.0, 60.0, 120.0, 240.0, 400.0)
EDGE = 234.0  # months from the middle of the record to its ends
ACCURACY = 1e-6


@dataclass(frozen=True)
class Width:
    """A bell of the distance in months, and its Gram matrix over the months of the record."""

    width: float
    bell: Array
    gram: Array
    count: int  # features that make it to ACCURACY


@dataclass
class WidthArtists:
    """What moves in the picture of the width."""

    bell: Line2D
    one_width: Line2D
    half: Line2D
    heat: AxesImage


class HowWide(View[Width, WidthArtists]):
    """One width in months: the bell, and how alike it calls the months of a record."""

    name = "how_wide"

    def __init__(self) -> None:
        months = load("mauna_loa_co2").x
        self.reach = float(np.ptp(months)) / 2
        self.months = months[1::3]  # every third: the picture has no more pixels
        self.distance = np.linspace(-EDGE, EDGE, 937)
        super().__init__({"width": listed_slider("width σ [months]", MONTHS, 120.0)})

    def compute(self, state: State) -> Width:
        width = state["width"]
        k = Gaussian(width)
        return Width(
            width=width,
            bell=k.gram([0.0], self.distance)[0],
            gram=k.gram(self.months),
            count=features_needed((self.reach / width) ** 2, ACCURACY),
        )

    def build(self, figure: Figure, result: Width) -> WidthArtists:
        plain, table = two_panels(figure)
        plain.set(xlim=(-EDGE, EDGE), ylim=(0, 1.06), xticks=(-200, -100, 0, 100, 200))
        plain.set(xlabel="distance $x - z$ [months]", title="$k(x, z)$")
        (bell,) = plain.plot([], [], color=BLUE)
        (half,) = plain.plot([], [], "|-", color=VERMILLION, markersize=12, mew=2)
        (one_width,) = plain.plot([], [], "o", color=ORANGE, mec="black", markersize=8)
        names = ["full width at half maximum", "one $\\sigma$"]
        figure.legend([half, one_width], names, loc="outside lower center", ncols=2)
        heat = table.imshow(
            result.gram, vmin=0, vmax=1, extent=(1959, 1998, 1998, 1959), interpolation="nearest"
        )
        table.set(xlabel="$z$", ylabel="$x$", title="$K$ for 39 years of months")
        table.set(xticks=(1960, 1970, 1980, 1990), yticks=(1960, 1970, 1980, 1990))
        table.grid(visible=False)
        figure.colorbar(heat, ax=table, shrink=0.85)
        return WidthArtists(bell, one_width, half, heat)

    def draw(self, moving: WidthArtists, result: Width) -> None:
        moving.bell.set_data(self.distance, result.bell)
        half = np.sqrt(2 * np.log(2)) * result.width
        moving.half.set_data([-half, half], [0.5, 0.5])
        moving.one_width.set_data([-result.width, result.width], [np.exp(-0.5)] * 2)
        moving.heat.set_data(result.gram)

    def describe(self, result: Width) -> str:
        width = result.width
        return (
            f"σ = {width:g} months, γ = {signed(0.5 / width**2, '.2g')} per square month, FWHM = "
            f"{2 * np.sqrt(2 * np.log(2)) * width:.1f} months. The record reaches {self.reach:g} "
            f"months from its middle, {self.reach / width:.3g} widths: {result.count:,} features "
            f"for a gap of at most 1e−6."
        )


def features_needed(mean: float, accuracy: float) -> int:
    """The smallest count of features whose gap, Pr[Poisson(mean) >= count], is that small."""
    most = int(mean + 8 * np.sqrt(mean) + 20)
    enough: NDArray[np.bool_] = pdtrc(np.arange(most), mean) <= accuracy
    return int(np.argmax(enough)) + 1
