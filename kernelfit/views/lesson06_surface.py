"""Lesson 06: the surface of a kernel, and the two slices of it that are lifted points."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from kernelfit.kernels import Gaussian, Kernel, Linear, Polynomial
from kernelfit.views.controls import choice, slider
from kernelfit.views.space import Axis, Box, BoxArtists
from kernelfit.views.stage import two_panels
from kernelfit.views.style import BLUE, VERMILLION
from kernelfit.views.view import State, View
from kernelfit.views.words import signed

Array = NDArray[np.float64]

LOW, HIGH = -1.5, 1.5
KERNELS: dict[str, tuple[Kernel, tuple[float, float], tuple[float, ...]]] = {
    "x z": (Linear(), (-2.4, 2.4), (-2, 0, 2)),
    "(1 + x z)²": (Polynomial(2), (0.0, 11.0), (0, 5, 10)),
    "Gaussian, σ = 0.5": (Gaussian(0.5), (0.0, 1.05), (0, 0.5, 1)),
}
GRID = np.linspace(LOW, HIGH, 61)
MESH = GRID[::5]


@dataclass(frozen=True)
class Slices:
    """A kernel over pairs (x, z), and its slices through two points."""

    kernel: str
    x: float
    z: float
    of_x: Array  # k(x, .) on the grid
    of_z: Array  # k(z, .) on the grid
    value: float  # k(x, z)
    squares: tuple[float, float]  # k(x, x) and k(z, z)
    turn: float


@dataclass
class SlicesArtists:
    """What moves in the picture of the slices."""

    box: BoxArtists
    mesh: LineCollection
    surface_slices: list[Line2D]
    crossing: Line2D
    pole: LineCollection
    slices: list[Line2D]
    values: list[Line2D]
    drops: LineCollection


class KernelSurface(View[Slices, SlicesArtists]):
    """The surface k(x, z) over all pairs, and k(x, .) and k(z, .): what two points become."""

    name = "kernel_surface"

    def __init__(self) -> None:
        self.surfaces = {name: k.gram(GRID) for name, (k, *_) in KERNELS.items()}
        super().__init__(
            {
                "kernel": choice("kernel k(x, z)", list(KERNELS), "(1 + x z)²"),
                "x": slider("x", LOW, HIGH, 0.1, 1.0),
                "z": slider("z", LOW, HIGH, 0.1, 0.5),
                "turn": slider("turn the picture", 0.0, 360.0, 5.0, 295.0),
            }
        )

    def compute(self, state: State) -> Slices:
        k, *_ = KERNELS[state["kernel"]]
        x, z = state["x"], state["z"]
        of_x, of_z = k.gram([x, z], GRID)
        return Slices(
            kernel=state["kernel"],
            x=x,
            z=z,
            of_x=of_x,
            of_z=of_z,
            value=k(x, z),
            squares=(k(x, x), k(z, z)),
            turn=state["turn"],
        )

    def frame(self, result: Slices) -> Hashable:
        return result.kernel

    def build(self, figure: Figure, result: Slices) -> SlicesArtists:
        space, plain = two_panels(figure)
        box = box_of(result.kernel).build(space)
        space.set(ylim=(-1.95, 1.65), title="the surface over all pairs $(x, z)$")
        mesh = LineCollection([], colors="0.55", linewidths=0.7)
        pole = LineCollection([], colors="0.3", linewidths=1.2, linestyles=":")
        for collection in (mesh, pole):
            space.add_collection(collection)
        styles = ({"color": VERMILLION}, {"color": BLUE, "linestyle": "--"})
        surface_slices = [space.plot([], [], linewidth=2.8, **style)[0] for style in styles]
        (crossing,) = space.plot([], [], "o", color="black", markersize=8, zorder=4)

        low, high = KERNELS[result.kernel][1]
        margin = 0.04 * (high - low)
        plain.set(xlim=(LOW, HIGH), ylim=(low - margin, high + margin))
        plain.set(xlabel="the other argument", title="its two slices, side by side")
        drops = LineCollection([], colors="0.3", linewidths=1.2, linestyles=":")
        plain.add_collection(drops)
        slices = [plain.plot([], [], linewidth=2.5, **style)[0] for style in styles]
        whole = {"mec": "black", "zorder": 4, "clip_on": False}  # at the rim, too
        values = [
            *plain.plot([], [], "o", color=VERMILLION, markersize=9, **whole),
            *plain.plot([], [], "s", color=BLUE, markersize=8, **whole),
        ]
        marks = {
            "$k(x, \\cdot)$": slices[0], "its height above $z$": values[0],
            "$k(z, \\cdot)$": slices[1], "its height above $x$": values[1],
        }  # fmt: skip
        wide = figure.get_figwidth() > figure.get_figheight()
        figure.legend(
            list(marks.values()), list(marks), loc="outside lower center", ncols=4 if wide else 2
        )
        return SlicesArtists(box, mesh, surface_slices, crossing, pole, slices, values, drops)

    def draw(self, moving: SlicesArtists, result: Slices) -> None:
        box, turn, surface = box_of(result.kernel), result.turn, self.surfaces[result.kernel]
        x, z, n = result.x, result.z, len(GRID)
        box.draw(moving.box, turn)
        every = range(0, n, 5)
        along = [np.column_stack([GRID, np.full(n, GRID[j]), surface[:, j]]) for j in every]
        across = [np.column_stack([np.full(n, GRID[i]), GRID, surface[i]]) for i in every]
        moving.mesh.set_segments(list(box.place(np.array(along + across), turn)))
        at_x = np.column_stack([np.full(n, x), GRID, result.of_x])
        at_z = np.column_stack([GRID, np.full(n, z), result.of_z])
        for line, points in zip(moving.surface_slices, (at_x, at_z), strict=True):
            line.set_data(*box.place(points, turn).T)
        top, foot = (x, z, result.value), (x, z, box.axes[2].low)
        moving.crossing.set_data(*box.place([top], turn).T)
        moving.pole.set_segments([box.place([foot, top], turn)])
        low = box.axes[2].low - 1
        for line, values in zip(moving.slices, (result.of_x, result.of_z), strict=True):
            line.set_data(GRID, values)
        for mark, where in zip(moving.values, (z, x), strict=True):
            mark.set_data([where], [result.value])
        moving.drops.set_segments([[(where, low), (where, result.value)] for where in (z, x)])

    def describe(self, result: Slices) -> str:
        (xx, zz), xz = result.squares, result.value
        x, z = signed(result.x, ".1f"), signed(result.z, ".1f")
        apart = np.sqrt(max(xx - 2 * xz + zz, 0.0))
        return (
            f"k(x, z) = {result.kernel}: above x = {x}, z = {z} the surface has the height "
            f"{signed(xz)}, the inner product of the two lifted points; their squared lengths are "
            f"{signed(xx)} and {signed(zz)}, and they lie {apart:.2f} apart."
        )


def box_of(kernel: str) -> Box:
    """The box of the surface: two points as axes, and as tall as the kernel needs."""
    _, (low, high), ticks = KERNELS[kernel]
    x, z = (Axis(f"${name}$", LOW, HIGH, (-1, 0, 1)) for name in "xz")
    return Box((x, z, Axis("$k(x, z)$", low, high, ticks)))
