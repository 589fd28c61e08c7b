"""Lesson 08: carbon dioxide as a trend and a season, by a sum or a product of kernels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from numpy.typing import NDArray
from scipy.linalg import matmul_toeplitz, solve_toeplitz

from kernelfit.datasets import load
from kernelfit.kernels import Gaussian, Periodic
from kernelfit.views.controls import choice, listed_slider
from kernelfit.views.stage import two_panels
from kernelfit.views.style import BLACK, BLUE, GREEN, ORANGE, VERMILLION
from kernelfit.views.view import State, View

Array = NDArray[np.float64]

SUM, PRODUCT = "trend + season", "trend × season"
TREND, SEASON, RIDGE = 100.0, 10.0, 0.1
TREND_WIDTHS = (2, 5, 10, 20, 50)
SEASON_WIDTHS = (2, 5, 10, 20, 50, 100)
LEFT_OUT = 24  # months at the end
YEARS = (1960, 1978, 1995)


@dataclass(frozen=True)
class Fit:
    """The fit of all but the last 24 months, and how far it is from all of them."""

    joined: str
    trend_width: float
    season_width: float
    fitted: Array  # (468,) in ppm
    trend: Array | None  # the part of the trend, where there is one
    season: Array | None
    inside: float
    outside: float


@dataclass
class FitArtists:
    """What moves in the picture."""

    fit: Line2D
    trend: Line2D
    seasons: list[Line2D]
    no_parts: Text


class TrendAndSeason(View[Fit, FitArtists]):
    """Choose how long a trend and a season last, and join them by a sum or by a product."""

    name = "trend_and_season"

    def __init__(self) -> None:
        co2 = load("mauna_loa_co2")
        self.years, self.ppm = 1959 + co2.x / 12, co2.y
        self.used = len(co2.y) - LEFT_OUT
        self.mean = float(co2.y[: self.used].mean())
        super().__init__(
            {
                "joined": choice("joined by", [SUM, PRODUCT], SUM),
                "trend": listed_slider("trend width [years]", TREND_WIDTHS, 10),
                "season": listed_slider("season lasts [years]", SEASON_WIDTHS, 20),
            }
        )

    def compute(self, state: State) -> Fit:
        # Equal steps: k(x_i, x_j) depends on |i - j| alone, so one column holds the matrix.
        lag = self.years - self.years[0]
        trend = TREND * Gaussian(state["trend"]).gram(lag, [0.0])[:, 0]
        change = Periodic(1.0, 1.0) * Gaussian(state["season"])
        season = change.gram(lag, [0.0])[:, 0]
        parts = [trend, SEASON * season] if state["joined"] == SUM else [trend * season]
        column = np.sum(parts, axis=0)[: self.used]
        column[0] += RIDGE
        c = solve_toeplitz(column, self.ppm[: self.used] - self.mean)
        unseen = np.zeros(LEFT_OUT)  # months that no coefficient belongs to
        values = [matmul_toeplitz(part, np.concatenate([c, unseen])) for part in parts]
        fitted = self.mean + np.sum(values, axis=0)
        off = self.ppm - fitted
        return Fit(
            joined=state["joined"],
            trend_width=state["trend"],
            season_width=state["season"],
            fitted=fitted,
            trend=self.mean + values[0] if len(values) == 2 else None,
            season=values[1] if len(values) == 2 else None,
            inside=float(np.sqrt(np.mean(off[: self.used] ** 2))),
            outside=float(np.sqrt(np.mean(off[self.used :] ** 2))),
        )

    def build(self, figure: Figure, result: Fit) -> FitArtists:
        end, year = two_panels(figure)
        end.set(xlim=(1990, 1998), ylim=(339, 372), ylabel="CO₂ [ppm]")
        end.set(title="the last years, two of them left out", xticks=range(1990, 1999, 2))
        end.axvline(self.years[self.used] - 1 / 24, color="0.55", linewidth=1.0, linestyle=":")
        known, new = slice(0, self.used), slice(self.used, None)
        end.plot(self.years[known], self.ppm[known], "o", color=BLACK, markersize=3.5)
        end.plot(
            self.years[new], self.ppm[new], "o", mec=BLACK, mfc="white", markersize=4.5, zorder=1.5
        )
        (fit,) = end.plot([], [], color=BLUE, linewidth=1.8)
        (trend,) = end.plot([], [], color=VERMILLION, linestyle="--")
        handles = [Line2D([], [], marker="o", color=BLACK, linestyle="", markersize=4),
                   Line2D([], [], marker="o", mec=BLACK, mfc="white", linestyle="", markersize=5),
                   fit, trend]  # fmt: skip
        end.legend(handles, ["used", "left out", "fit", "its trend"], loc="upper left", ncols=2)
        year.set(xlim=(0.5, 12.5), ylim=(-8, 10), title="the part of the season")
        year.set(xticks=range(1, 13), xticklabels="JFMAMJJASOND", ylabel="CO₂ [ppm]")
        year.axhline(0, color="0.55", linewidth=1.0)
        seasons = [
            year.plot([], [], color=colour, linestyle=style, marker=marker, markersize=5)[0]
            for colour, style, marker in ((GREEN, "-", "o"), (ORANGE, "--", "s"), (BLUE, "-.", "^"))
        ]
        year.legend(seasons, [str(y) for y in YEARS], loc="upper center", ncols=3)
        no_parts = year.text(
            6.5, 1.5, "a product is one piece:\nthe fit has no parts", ha="center", va="center"
        )
        return FitArtists(fit, trend, seasons, no_parts)

    def draw(self, moving: FitArtists, result: Fit) -> None:
        moving.fit.set_data(self.years, result.fitted)
        trend, season = result.trend, result.season
        moving.trend.set_visible(trend is not None)
        if trend is not None:
            moving.trend.set_data(self.years, trend)
        for line, year in zip(moving.seasons, YEARS, strict=True):
            line.set_visible(season is not None)
            if season is not None:
                start = 12 * (year - 1959)
                line.set_data(np.arange(1, 13), season[start : start + 12])
        moving.no_parts.set_visible(result.season is None)

    def describe(self, result: Fit) -> str:
        return (
            f"{result.joined}, widths {result.trend_width:g} and {result.season_width:g} years: "
            f"the typical miss is {result.inside:.2f} ppm in the {self.used} months used and "
            f"{result.outside:.2f} ppm in the {LEFT_OUT} left out."
        )
