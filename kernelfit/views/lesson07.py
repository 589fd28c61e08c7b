"""Lesson 07: three lifted points, and whether there is a triangle with their distances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from numpy.typing import NDArray

from kernelfit.views.controls import slider
from kernelfit.views.space import free_text
from kernelfit.views.stage import two_panels
from kernelfit.views.style import BLUE, GREEN, VERMILLION
from kernelfit.views.view import State, View

Array = NDArray[np.float64]

NEAREST, FARTHEST = 0.05, 1.5
R = np.linspace(0.0, 2 * FARTHEST + 0.2, 300)


@dataclass(frozen=True)
class Triangle:
    """The distances of the lifted points -h, 0, h for k = exp(-|x - z|^q)."""

    q: float
    h: float
    curve: Array  # k over the distances R
    values: Array  # k at the distances h and 2h
    near: float  # from the middle point to each of the others, lifted
    far: float  # between these two, lifted

    @property
    def closes(self) -> bool:
        """Whether the way over the middle point is at least as long as the straight one."""
        return 2 * self.near >= self.far


@dataclass
class TriangleArtists:
    """What moves in the picture of the triangle."""

    curve: Line2D
    drops: LineCollection
    at_h: Line2D
    at_2h: Line2D
    straight: Line2D
    arcs: LineCollection
    sides: list[Line2D]
    gap: Line2D
    ends: Line2D
    middle: Line2D
    names: list[Text]


class ImpossibleTriangle(View[Triangle, TriangleArtists]):
    """Three lifted points, whose distances the formula gives, and the triangle that they make."""

    name = "impossible_triangle"

    def __init__(self) -> None:
        super().__init__(
            {
                "q": slider("power q", 0.5, 4.0, 0.1, 1.0),
                "h": slider("spacing h", NEAREST, FARTHEST, 0.01, 0.5),
            }
        )

    def compute(self, state: State) -> Triangle:
        q, h = state["q"], state["h"]
        # 2 - 2k without the cancellation that small h would bring.
        near, far = np.sqrt(-2 * np.expm1(-(np.array([h, 2 * h]) ** q)))
        return Triangle(
            q=q,
            h=h,
            curve=np.exp(-(R**q)),
            values=np.exp(-(np.array([h, 2 * h]) ** q)),
            near=float(near),
            far=float(far),
        )

    def build(self, figure: Figure, result: Triangle) -> TriangleArtists:
        line, lifted = two_panels(figure)
        line.set(xlim=(0.0, R[-1]), ylim=(0.0, 1.08))
        line.set(xlabel="distance $|x - z|$ on the line", title=r"$k(x, z) = \exp(-|x - z|^q)$")
        (curve,) = line.plot([], [], color=BLUE)
        drops = LineCollection([], colors="0.4", linewidths=1.2, linestyles=":")
        line.add_collection(drops)
        (at_h,) = line.plot([], [], "o", color="black", markersize=10, zorder=3)
        (at_2h,) = line.plot([], [], "s", mec="black", mfc="white", markersize=9, zorder=3)
        line.legend(
            [at_h, at_2h], [r"$0$ and $\pm h$ (drag it)", r"$-h$ and $h$"], loc="upper right"
        )

        lifted.set(xlim=(-0.72, 0.72), ylim=(-0.2, 1.05), aspect="equal")
        lifted.set_axis_off()
        lifted.set_title("the three lifted points")
        (straight,) = lifted.plot([-0.5, 0.5], [0, 0], color=GREEN, linestyle="--")
        arcs = LineCollection([], colors="0.55", linewidths=1.0, linestyles=":")
        lifted.add_collection(arcs)
        sides = [lifted.plot([], [], color=BLUE, linewidth=3.5)[0] for _ in range(2)]
        (gap,) = lifted.plot([], [], "|-", color=VERMILLION, linewidth=2.5, markersize=26, mew=2.5)
        (ends,) = lifted.plot([-0.5, 0.5], [0, 0], "o", color="black", markersize=9, zorder=4)
        (middle,) = lifted.plot([], [], "o", mec="black", mfc="white", markersize=10, zorder=4)
        names = [free_text(lifted, text) for text in ("φ(−h)", "φ(h)", "φ(0)")]
        straight.set_in_layout(False)
        return TriangleArtists(
            curve, drops, at_h, at_2h, straight, arcs, sides, gap, ends, middle, names
        )

    def draw(self, moving: TriangleArtists, result: Triangle) -> None:
        near_value, far_value = result.values
        moving.curve.set_data(R, result.curve)
        moving.at_h.set_data([result.h], [near_value])
        moving.at_2h.set_data([2 * result.h], [far_value])
        moving.drops.set_segments(
            [[(k * result.h, 0), (k * result.h, v)] for k, v in enumerate(result.values, start=1)]
        )
        # The straight way is drawn with length 1, so that small triangles can be seen.
        side = result.near / result.far
        turn = np.linspace(-0.15, np.pi / 2 + 0.35, 60)
        arc = side * np.column_stack([np.cos(turn), np.sin(turn)])
        left, mirrored = np.array([-0.5, 0.0]), np.array([-1.0, 1.0])
        moving.arcs.set_segments([arc + left, (arc + left) * mirrored])
        height = np.sqrt(max(side**2 - 0.25, 0.0))
        reach = 0.5 - side  # half of what is missing
        for line, sign in zip(moving.sides, (-1, 1), strict=True):
            tip = 0.0 if result.closes else sign * reach
            line.set_data([sign * 0.5, tip], [0.0, height])
        moving.gap.set_data(([], []) if result.closes else ([-reach, reach], [0.0, 0.0]))
        moving.middle.set_data(([0.0], [height]) if result.closes else ([], []))
        places = [(-0.5, -0.09), (0.5, -0.09), (0.0, height + 0.1)]
        for name, place in zip(moving.names, places, strict=True):
            name.set_position(place)
        moving.names[2].set_text("φ(0)" if result.closes else "φ(0)?")

    def handles(self, moving: TriangleArtists, result: Triangle) -> tuple[Any, Array]:
        return moving.at_h.axes, np.array([[result.h, result.values[0]]])

    def dragged(self, index: int, x: float, y: float) -> None:
        together, self._together = self._together, True  # the caller redraws
        self.controls["h"].value = round(min(max(x, NEAREST), FARTHEST), 2)
        self._together = together

    def describe(self, result: Triangle) -> str:
        way = 2 * result.near
        words = (
            f"q = {result.q:.1f}, h = {result.h:.2f}: φ(−h) and φ(h) lie {result.far:.3f} apart; "
            f"the way over φ(0) is {result.near:.3f} + {result.near:.3f} = {way:.3f}, "
        )
        if result.closes:
            return words + "no shorter: the triangle closes."
        return words + "shorter than the straight one: there is no such triangle."
