"""Lesson 11: what can be added to a fit without any datum noticing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from kernelfit.datasets import load
from kernelfit.kernels import Gaussian
from kernelfit.views.controls import slider
from kernelfit.views.stage import two_panels
from kernelfit.views.style import BLUE, ORANGE, VERMILLION
from kernelfit.views.view import State, View
from kernelfit.views.words import signed

Array = NDArray[np.float64]

THREE = (0, 1, 4)  # eruptions of the record, counted from 0
WIDTH, RIDGE = 0.7, 0.1  # min; the ridge has the unit of k, none
MOST = 60.0  # min
LOWEST, HIGHEST = -60.0, 175.0  # min


@dataclass(frozen=True)
class Unseen:
    """f along the bumps at the data, what stands at right angles to them, and their sum."""

    u: float
    t: float
    along: Array
    across: Array  # t times the part of k(., u) at right angles to the bumps
    at_data: Array  # the values of the sum at the three points
    misses: float  # the sum of squares there
    squares: tuple[float, float]  # the squared norms of both parts
    square_of_one: float  # that of the second at t = 1


@dataclass
class UnseenArtists:
    """What moves in the picture."""

    along: Line2D
    across: Line2D
    total: Line2D
    middle: Line2D
    price: Line2D
    here: Line2D


class UnseenPart(View[Unseen, UnseenArtists]):
    """Three eruptions, their bumps, and a fourth bump less all that the three can say of it."""

    name = "unseen_part"

    def __init__(self) -> None:
        geyser = load("old_faithful")
        self.x, self.y = geyser.x[list(THREE)], geyser.y[list(THREE)]
        self.places = np.linspace(0.0, 7.0, 281)
        self.k = Gaussian(WIDTH)
        self.K = self.k.gram(self.x)
        self.c = np.linalg.solve(self.K + RIDGE * np.eye(3), self.y)
        super().__init__({"t": slider("t [min]", -MOST, MOST, 5, 0)}, held={"u": 2.7})

    def compute(self, state: State) -> Unseen:
        u, t = state["u"], state["t"]
        seen = self.k.gram(self.x, [u])[:, 0]
        share = np.linalg.solve(self.K, seen)  # k(., u) projected on the three bumps
        left = self.k.gram(self.places, [u])[:, 0] - self.k.gram(self.places, self.x) @ share
        at_data = self.K @ self.c + t * (seen - self.K @ share)
        square = max(0.0, float(1 - seen @ share))
        return Unseen(
            u=u,
            t=t,
            along=self.k.gram(self.places, self.x) @ self.c,
            across=t * left,
            at_data=at_data,
            misses=float(np.sum((self.y - at_data) ** 2)),
            squares=(float(self.c @ self.K @ self.c), t**2 * square),
            square_of_one=square,
        )

    def build(self, figure: Figure, result: Unseen) -> UnseenArtists:
        plain, price = two_panels(figure)
        plain.set(xlim=(0, 7), ylim=(LOWEST, HIGHEST), xlabel="length of the eruption [min]")
        plain.set(ylabel="waiting for the next [min]", title="$f_\\parallel + t\\, f_\\perp$")
        (along,) = plain.plot([], [], color="0.55", linewidth=5)
        (across,) = plain.plot([], [], color=VERMILLION, linestyle="--", linewidth=1.8)
        (total,) = plain.plot([], [], color=BLUE)
        (dots,) = plain.plot(self.x, self.y, "o", color="black", zorder=4)
        (middle,) = plain.plot([], [], "^", color=ORANGE, mec="black", markersize=11, zorder=5)
        price.set(xlim=(-MOST - 3, MOST + 3), ylim=(0, 15000), xlabel="$t$ [min]")
        price.set(title="squared norm of the sum [min²]")
        (curve,) = price.plot([], [], color="0.55")
        (here,) = price.plot([], [], "o", color=BLUE, markersize=9, zorder=4)
        marks = {
            "three eruptions": dots,
            "$f_\\parallel$": along,
            "$t\\, f_\\perp$": across,
            "sum": total,
            "$u$ (drag it)": middle,
        }
        wide = figure.get_figwidth() > figure.get_figheight()
        figure.legend(
            list(marks.values()), list(marks), loc="outside lower center", ncols=5 if wide else 2
        )
        return UnseenArtists(along, across, total, middle, curve, here)

    def draw(self, moving: UnseenArtists, result: Unseen) -> None:
        moving.along.set_data(self.places, result.along)
        moving.across.set_data(self.places, result.across)
        moving.total.set_data(self.places, result.along + result.across)
        moving.middle.set_data([result.u], [LOWEST + 9])
        t = np.linspace(-MOST, MOST, 121)
        moving.price.set_data(t, result.squares[0] + t**2 * result.square_of_one)
        moving.here.set_data([result.t], [sum(result.squares)])

    def handles(self, moving: UnseenArtists, result: Unseen) -> tuple[object, Array]:
        return moving.middle.axes, np.array([[result.u, LOWEST + 9]])

    def dragged(self, index: int, x: float, y: float) -> None:
        self.held["u"] = float(np.clip(x, 0.1, 6.9))

    def describe(self, result: Unseen) -> str:
        values = ", ".join(f"{value:.1f}" for value in result.at_data)
        along, across = result.squares
        return (
            f"u = {result.u:.1f} min, t = {signed(result.t, '.0f')} min: at the three eruptions "
            f"the sum is {values} min, its squared misses add up to {result.misses:.1f}; its "
            f"squared norm is {along:.0f} + {across:.0f} = {along + across:.0f} min²."
        )
