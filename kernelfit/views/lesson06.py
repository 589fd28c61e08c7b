"""Lesson 06: doses on a line and a disc in a ring, lifted until a straight cut parts them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from kernelfit.views.contours import contour_lines
from kernelfit.views.controls import choice, slider
from kernelfit.views.space import Axis, Box, BoxArtists, below_and_above
from kernelfit.views.stage import two_panels
from kernelfit.views.style import BLUE, VERMILLION
from kernelfit.views.view import State, View
from kernelfit.views.words import sign, signed

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass
class Marks:
    """Points of two kinds, and a cross on those that the cut puts on the wrong side."""

    filled: Line2D
    hollow: Line2D
    wrong: Line2D

    def draw(self, places: Array, is_filled: Mask, is_right: Mask) -> None:
        """Move the points to their places (n, 2)."""
        self.filled.set_data(*places[is_filled].T)
        self.hollow.set_data(*places[~is_filled].T)
        self.wrong.set_data(*places[~is_right].T)


def build_marks(axes: Axes, size: float) -> Marks:
    """Points without a place yet."""
    (filled,) = axes.plot([], [], "o", color="black", markersize=size, zorder=4)
    (hollow,) = axes.plot([], [], "o", mec="black", mfc="white", markersize=size, zorder=4)
    (wrong,) = axes.plot([], [], "x", color=VERMILLION, markersize=size + 4, mew=2.2, zorder=5)
    return Marks(filled, hollow, wrong)


# Doses on a line ---------------------------------------------------------------------------------

X_LIMITS, HEIGHT_LIMITS = (-2.3, 2.7), (-1.6, 6.8)


@dataclass(frozen=True)
class Doses:
    """Doses x at the height lift * x², and the cut height + tilt * x."""

    lift: float
    height: float
    tilt: float
    right: Mask
    called_good: tuple[float, float] | None  # from where to where x lies below the cut


@dataclass
class DosesArtists:
    """What moves in the picture of the doses."""

    face: PolyCollection
    curve: Line2D
    drops: LineCollection
    cut: Line2D
    lifted: Marks
    shade: PolyCollection
    back: LineCollection
    on_line: Marks


class LiftedDoses(View[Doses, DosesArtists]):
    """Raise every x to the height lift * x² and part the points with a straight line."""

    name = "lifted_doses"
    narrow_size = (4.3, 5.6)
    x: ClassVar[Array] = np.array(
        [
            -2.1, -1.8, -1.4, -1.2, -0.9, -0.4, -0.3, 0.0, 0.2, 0.5,
            0.7, 1.0, 1.1, 1.6, 1.7, 1.9, 2.0, 2.2, 2.4, 2.5,
        ]
    )  # fmt: skip
    good: ClassVar[Mask] = (x > -0.65) & (x < 1.35)
    grid = np.linspace(*X_LIMITS, 200)

    def __init__(self) -> None:
        super().__init__(
            {
                "lift": slider("lift", 0.0, 1.0, 0.05, 0.0),
                "height": slider("height of the cut", -1.0, 3.0, 0.1, 0.5),
                "tilt": slider("tilt of the cut", -2.0, 2.0, 0.1, -0.6),
            }
        )

    def compute(self, state: State) -> Doses:
        lift, height, tilt = state["lift"], state["height"], state["tilt"]
        below = lift * self.x**2 < height + tilt * self.x
        return Doses(lift, height, tilt, below == self.good, where_below(lift, height, tilt))

    def build(self, figure: Figure, result: Doses) -> DosesArtists:
        above, line = figure.subplots(2, 1, sharex=True, height_ratios=(5, 1))
        above.set(xlim=X_LIMITS, ylim=HEIGHT_LIMITS, ylabel="lift · $x^2$")
        above.axhline(0, color="0.55", linewidth=1.0)
        face = PolyCollection([], facecolor=BLUE, alpha=0.12, edgecolor="none")
        drops = LineCollection([], colors="0.55", linewidths=1.0, linestyles=":")
        for collection in (face, drops):
            above.add_collection(collection)
        (curve,) = above.plot([], [], color="0.55", linewidth=1.2)
        (cut,) = above.plot([], [], color=BLUE, linewidth=2.5)
        lifted = build_marks(above, 7)
        line.set(ylim=(-1, 1), yticks=[], xlabel="dose $x$")
        line.set_title("back on the line: what the cut calls good", fontsize=11)
        line.grid(False)
        line.axhline(0, color="0.55", linewidth=1.0)
        shade = PolyCollection([], facecolor=BLUE, alpha=0.2, edgecolor="none")
        back = LineCollection([], colors=BLUE, linewidths=2.5)
        for collection in (shade, back):
            line.add_collection(collection)
        on_line = build_marks(line, 6)
        marks = {
            "helped": lifted.filled, "did not": lifted.hollow, "wrong side": lifted.wrong,
            "the cut": cut,
        }  # fmt: skip
        wide = figure.get_figwidth() > figure.get_figheight()
        figure.legend(
            list(marks.values()), list(marks), loc="outside upper center", ncols=4 if wide else 2
        )
        return DosesArtists(face, curve, drops, cut, lifted, shade, back, on_line)

    def draw(self, moving: DosesArtists, result: Doses) -> None:
        heights = result.lift * self.x**2
        ends = np.array(X_LIMITS)
        cut = result.height + result.tilt * ends
        bottom = HEIGHT_LIMITS[0] - 10
        moving.face.set_verts(
            [[(ends[0], bottom), *zip(ends, cut, strict=True), (ends[1], bottom)]]
        )
        moving.curve.set_data(self.grid, result.lift * self.grid**2)
        moving.drops.set_segments(
            [((x, 0), (x, height)) for x, height in zip(self.x, heights, strict=True)]
        )
        moving.cut.set_data(ends, cut)
        moving.lifted.draw(np.column_stack([self.x, heights]), self.good, result.right)
        moving.on_line.draw(np.column_stack([self.x, 0 * self.x]), self.good, result.right)
        low, high = result.called_good or (0.0, 0.0)
        moving.shade.set_verts([[(low, -1), (high, -1), (high, 1), (low, 1)]])
        inner = [x for x in (low, high) if X_LIMITS[0] < x < X_LIMITS[1] and low < high]
        moving.back.set_segments([[(x, -1), (x, 1)] for x in inner])

    def describe(self, result: Doses) -> str:
        good, right = self.good, result.right
        return (
            f"Lift {result.lift:.2f}, cut at {signed(result.height, '.1f')} {sign(result.tilt)} "
            f"{abs(result.tilt):.1f} · x: it calls good {in_words(result.called_good)}; "
            f"{right.sum()} of {len(good)} are right ({right[good].sum()} of {good.sum()} that "
            f"helped, {right[~good].sum()} of {(~good).sum()} that did not)."
        )


def where_below(lift: float, height: float, tilt: float) -> tuple[float, float] | None:
    """The ends between which lift * x² < height + tilt * x; None when there is no such x."""
    if lift > 0:
        inside = tilt**2 + 4 * lift * height
        if inside <= 0:
            return None
        root = float(np.sqrt(inside))
        return (tilt - root) / (2 * lift), (tilt + root) / (2 * lift)
    if tilt == 0:
        return (-np.inf, np.inf) if height > 0 else None
    return (-height / tilt, np.inf) if tilt > 0 else (-np.inf, -height / tilt)


def in_words(interval: tuple[float, float] | None) -> str:
    """An interval of doses in words."""
    if interval is None:
        return "no dose"
    low, high = interval
    if np.isinf(low) and np.isinf(high):
        return "every dose"
    if np.isinf(high):
        return f"every dose above {signed(low)}"
    if np.isinf(low):
        return f"every dose below {signed(high)}"
    return f"the doses from {signed(low)} to {signed(high)}"


# A disc in a ring --------------------------------------------------------------------------------


def sunflower(count: int, radius: float, centre: float) -> Array:
    """Places (count, 2) that fill a disc evenly, as the seeds of a sunflower do."""
    i = np.arange(1, count + 1)
    r, turn = radius * np.sqrt(i / count), i * np.pi * (3 - np.sqrt(5))
    return np.column_stack([centre + r * np.cos(turn), r * np.sin(turn)])


CENTRE, INNER, OUTER = 0.4, 0.85, 1.2
_SEEDS = sunflower(52, 1.8, CENTRE)
_FAR = np.hypot(_SEEDS[:, 0] - CENTRE, _SEEDS[:, 1])
_KEPT = (_FAR < INNER) | (_FAR > OUTER)

SPACE = Box(
    (
        Axis("$x_1$", -1.6, 2.4, (-1, 0, 1, 2)),
        Axis("$x_2$", -2.0, 2.0, (-1, 0, 1)),
        Axis("third", -2.4, 5.2, (-2, 0, 2, 4)),
    )
)
THIRDS: dict[str, Callable[[Array], Array]] = {
    "x₁ + x₂": lambda points: points[..., 0] + points[..., 1],
    "x₁ x₂": lambda points: points[..., 0] * points[..., 1],
    "x₁² + x₂²": lambda points: points[..., 0] ** 2 + points[..., 1] ** 2,
}


@dataclass(frozen=True)
class Ring:
    """Points of the plane with a third coordinate, and the plane height + tilt * x1."""

    third: str
    lift: float
    height: float
    tilt: float
    turn: float
    lifted: Array  # (n, 3)
    below: Mask
    right: Mask
    seen: list[Array]  # where the plane meets the lifted page, as curves in (x1, x2)


@dataclass
class RingArtists:
    """What moves in the picture of the ring."""

    shadow: LineCollection
    flat: Marks
    box: BoxArtists
    face: PolyCollection
    mesh: LineCollection
    drops: LineCollection
    meeting: LineCollection
    lifted: Marks


class LiftedRing(View[Ring, RingArtists]):
    """Give the points of the plane a third coordinate and part them with a flat plane."""

    name = "lifted_ring"
    points: ClassVar[Array] = np.round(_SEEDS[_KEPT], 1)  # (40, 2)
    labels: ClassVar[NDArray[np.int_]] = np.where(_FAR[_KEPT] < INNER, 1, -1)  # 1 inside

    def __init__(self) -> None:
        self.inside = self.labels > 0
        self.across, self.up = np.linspace(-1.6, 2.4, 81), np.linspace(-2.0, 2.0, 81)
        self.page = np.stack(np.meshgrid(self.across, self.up), axis=-1)
        super().__init__(
            {
                "third": choice("third coordinate", list(THIRDS), "x₁ + x₂"),
                "lift": slider("lift", 0.0, 1.0, 0.05, 0.0),
                "height": slider("height of the plane", -2.0, 4.0, 0.1, 0.5),
                "tilt": slider("tilt along x₁", -2.0, 2.0, 0.1, -0.6),
                "turn": slider("turn the picture", 0.0, 360.0, 5.0, 300.0),
            }
        )

    def compute(self, state: State) -> Ring:
        lift, height, tilt = state["lift"], state["height"], state["tilt"]
        third = THIRDS[state["third"]]
        raised = lift * third(self.points)
        below = raised < height + tilt * self.points[:, 0]
        gap = lift * third(self.page) - (height + tilt * self.page[..., 0])
        return Ring(
            third=state["third"],
            lift=lift,
            height=height,
            tilt=tilt,
            turn=state["turn"],
            lifted=np.column_stack([self.points, raised]),
            below=below,
            right=below == self.inside,
            seen=contour_lines(self.across, self.up, gap, [0.0]),
        )

    def build(self, figure: Figure, result: Ring) -> RingArtists:
        flat, space = two_panels(figure)
        flat.set(xlim=(-1.6, 2.4), ylim=(-2.0, 2.0), aspect="equal")
        flat.set(xlabel="$x_1$", ylabel="$x_2$", title="on the page")
        shadow = LineCollection([], colors=BLUE, linewidths=2.5)
        flat.add_collection(shadow)
        on_page = build_marks(flat, 7)

        box = SPACE.build(space)
        space.set(ylim=(-1.95, 1.65), title="with the third coordinate")
        face = PolyCollection([], facecolor=BLUE, alpha=0.13, edgecolor="none")
        mesh = LineCollection([], colors=BLUE, linewidths=0.8, alpha=0.7)
        drops = LineCollection([], colors="0.55", linewidths=1.0, linestyles=":")
        meeting = LineCollection([], colors=BLUE, linewidths=2.5)
        for collection in (face, mesh, drops, meeting):
            space.add_collection(collection)
        lifted = build_marks(space, 6)
        marks = {
            "inside": lifted.filled, "outside": lifted.hollow, "wrong side": lifted.wrong,
            "the cut": Line2D([], [], color=BLUE, linewidth=2.5),
        }  # fmt: skip
        wide = figure.get_figwidth() > figure.get_figheight()
        figure.legend(
            list(marks.values()), list(marks), loc="outside lower center", ncols=4 if wide else 2
        )
        return RingArtists(shadow, on_page, box, face, mesh, drops, meeting, lifted)

    def draw(self, moving: RingArtists, result: Ring) -> None:
        turn = result.turn
        moving.shadow.set_segments(result.seen)
        moving.flat.draw(self.points, self.inside, result.right)
        SPACE.draw(moving.box, turn)
        face, *lines = self._plane(result)
        moving.face.set_verts([face] if len(face) else [])
        moving.mesh.set_segments(lines)
        feet = np.column_stack([self.points, 0 * self.points[:, 0]])
        moving.drops.set_segments(list(SPACE.place(np.stack([feet, result.lifted], axis=1), turn)))
        raised = [np.column_stack([curve, self._heights(result, curve)]) for curve in result.seen]
        moving.meeting.set_segments([SPACE.place(curve, turn) for curve in raised])
        moving.lifted.draw(SPACE.place(result.lifted, turn), self.inside, result.right)

    @staticmethod
    def _heights(result: Ring, flat: Array) -> Array:
        """How high the plane stands over places of the page."""
        heights: Array = result.height + result.tilt * flat[..., 0]
        return heights

    def _plane(self, result: Ring) -> list[Array]:
        """What of the plane lies in the box, on the page: its face, then its lines."""
        first, second, third = SPACE.axes
        (a, b), (c, d) = (first.low, first.high), (second.low, second.high)
        corners = [[(a, c), (b, c), (b, d), (a, d)]]
        along = [[(u, c), (u, d)] for u in np.linspace(a, b, 6)]
        across = [[(a, u), (b, u)] for u in np.linspace(c, d, 6)]
        shapes = []
        for flat in (np.array(shape) for shape in corners + along + across):
            raised = np.column_stack([flat, self._heights(result, flat)])
            inside = below_and_above(raised, third.low, third.high)
            shapes.append(SPACE.place(inside, result.turn))
        return shapes

    def describe(self, result: Ring) -> str:
        right, inside = result.right, self.inside
        return (
            f"Third coordinate {result.third}, lift {result.lift:.2f}; the plane stands at "
            f"{signed(result.height, '.1f')} {sign(result.tilt)} {abs(result.tilt):.1f} · x₁: "
            f"{right.sum()} of {len(right)} points are on their side of it ({right[inside].sum()} "
            f"of {inside.sum()} inside below, {right[~inside].sum()} of {(~inside).sum()} outside "
            f"above)."
        )
