"""A picture in space: points are turned, laid on the page and drawn in ordinary axes.

matplotlib's own 3-D axes are always drawn whole. Here what moves stays plain lines and texts,
which the stage can move over a kept background.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.text import Text
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def on_page(points: ArrayLike, turn: float, tilt: float) -> Array:
    """Points (..., 3) as seen from far away, (..., 2): orthographic projection.

    ``turn`` is the direction the eye looks from, in degrees from the first axis towards the
    second; ``tilt`` is how far it stands above the plane of the two, in degrees.
    """
    a, e = np.radians(turn), np.radians(tilt)
    right = np.array([-np.sin(a), np.cos(a), 0.0])
    up = np.array([-np.sin(e) * np.cos(a), -np.sin(e) * np.sin(a), np.cos(e)])
    flattened: Array = np.asarray(points, dtype=float) @ np.column_stack([right, up])
    return flattened


def below_and_above(polygon: ArrayLike, low: float, high: float) -> Array:
    """The part of a flat polygon (m, 3) whose third coordinate lies between low and high.

    Two corners are a segment. Nothing may be left: then the result has no rows.
    """
    corners = list(np.asarray(polygon, dtype=float))
    for side, bound in ((1.0, low), (-1.0, high)):
        kept = []
        for here, there in zip(corners, corners[1:] + corners[:1], strict=True):
            inside, next_inside = side * (here[2] - bound) >= 0, side * (there[2] - bound) >= 0
            if inside:
                kept.append(here)
            if inside != next_inside:
                kept.append(here + (bound - here[2]) / (there[2] - here[2]) * (there - here))
        corners = kept
    return np.array(corners).reshape(-1, 3)


def free_text(axes: Axes, text: str, **style: Any) -> Text:
    """A text that will be moved: its place must not change the layout of the figure."""
    made = axes.text(0.0, 0.0, text, ha="center", va="center", **style)
    made.set_in_layout(False)
    return made


@dataclass(frozen=True)
class Axis:
    """One edge of the box: its name, where it begins and ends, the numbers written along it."""

    name: str
    low: float
    high: float
    ticks: Sequence[float]

    def scaled(self, values: ArrayLike) -> Array:
        """Values as places from -1 to 1."""
        return 2 * (np.asarray(values, dtype=float) - self.low) / (self.high - self.low) - 1


@dataclass
class BoxArtists:
    """What moves when a box is turned."""

    edges: LineCollection
    numbers: list[list[Text]]
    names: list[Text]


@dataclass(frozen=True)
class Box:
    """A box in space with three labelled axes, seen from a given side.

    It is drawn as a cube: ``place`` takes points in the units of the axes to the page.
    """

    axes: tuple[Axis, Axis, Axis]
    tilt: float = 22.0

    def place(self, points: ArrayLike, turn: float) -> Array:
        """Points (..., 3) in the units of the axes as places (..., 2) on the page."""
        given = np.asarray(points, dtype=float)
        scaled = [axis.scaled(given[..., k]) for k, axis in enumerate(self.axes)]
        return on_page(np.stack(scaled, axis=-1), turn, self.tilt)

    def build(self, page: Axes) -> BoxArtists:
        """Draw the box into ordinary axes, which show nothing of their own."""
        page.set(xlim=(-2.0, 2.0), ylim=(-2.25, 1.8), aspect="equal")
        page.set_axis_off()
        edges = LineCollection([], colors="0.55", linewidths=1.0)
        page.add_collection(edges)
        numbers = [
            [free_text(page, f"{tick:g}", color="0.3", fontsize=9) for tick in axis.ticks]
            for axis in self.axes
        ]
        names = [free_text(page, axis.name, fontsize=10) for axis in self.axes]
        return BoxArtists(edges, numbers, names)

    def draw(self, moving: BoxArtists, turn: float) -> None:
        """Turn the box: the labels stand at the edges that are in front."""
        a = np.radians(turn)
        # +1 or -1: on which side of the box the edge nearest to the eye lies.
        near_first, near_second = (1.0 if side >= 0 else -1.0 for side in (np.cos(a), np.sin(a)))
        left = (near_second, -near_first)  # the corner of the floor that is farthest to the left
        floor = [(-1, -1, -1), (1, -1, -1), (1, 1, -1), (-1, 1, -1), (-1, -1, -1)]
        lines: list[ArrayLike] = [floor, [(*left, -1), (*left, 1)]]
        lines.append([(-near_first, -near_second, -1), (-near_first, -near_second, 1)])
        moving.edges.set_segments([on_page(line, turn, self.tilt) for line in lines])
        first, second, third = self.axes
        along_first = [(t, near_second, -1) for t in first.scaled(first.ticks)]
        along_second = [(near_first, t, -1) for t in second.scaled(second.ticks)]
        along_third = [(*left, t) for t in third.scaled(third.ticks)]
        middles = on_page([(0, near_second, -1), (near_first, 0, -1), (*left, 1)], turn, self.tilt)
        for k, places in enumerate((along_first, along_second, along_third)):
            ends = on_page([places[0], places[-1]], turn, self.tilt)
            across = away(ends, from_place=np.zeros(2) if k < 2 else middles[0])
            for number, place in zip(moving.numbers[k], places, strict=True):
                number.set_position(tuple(on_page(place, turn, self.tilt) + 0.16 * across))
            beyond = (
                (0.32 + np.abs(across) @ NAME_SIZE) * across if k < 2 else np.array([-0.17, 0.24])
            )
            moving.names[k].set_position(tuple(middles[k] + beyond))


NAME_SIZE = np.array([0.34, 0.17])  # half the width and half the height of a name of two lines


def away(ends: Array, from_place: Array) -> Array:
    """The direction at right angles to a segment on the page that leads away from a place."""
    along = ends[1] - ends[0]
    normal: Array = np.array([-along[1], along[0]]) / np.hypot(*along)
    return normal if normal @ (ends[0] - from_place) >= 0 else -normal
