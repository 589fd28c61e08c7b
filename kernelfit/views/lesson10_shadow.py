"""Lesson 10: one data point sees of the weights v only their shadow on its features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch
from matplotlib.text import Text
from numpy.typing import NDArray

from kernelfit.views.controls import slider, tick
from kernelfit.views.space import free_text
from kernelfit.views.stage import two_panels
from kernelfit.views.style import BLACK, BLUE, GREEN, ORANGE, VERMILLION
from kernelfit.views.view import State, View
from kernelfit.views.words import signed

Array = NDArray[np.float64]

MOST = 2.0  # |v₀| and |v₁|
REACH = 1.5  # |x₁|
ENDS = np.array([-2.0, 2.0])  # of the lines on the right
LONG = 4.0  # of a line on the left: beyond the picture


@dataclass(frozen=True)
class Shadow:
    """The weights v of a line, their shadow Pv on the features of one data point, both lines."""

    v: Array  # (weight of 1, weight of x)
    shadow: Array
    features: Array  # φ(x₁) = (1, x₁)
    y: float
    exact: bool  # whether all v without an error are shown


@dataclass
class ShadowArtists:
    """What moves in the picture."""

    span: Line2D
    arrow: FancyArrowPatch
    tip: Line2D
    across: Line2D
    corner: LineCollection
    v: Line2D
    shadow: Line2D
    exact: Line2D
    names: list[Text]
    line: Line2D
    shadow_line: Line2D
    error: LineCollection
    meeting: Line2D
    data: Line2D


class ShadowOfWeights(View[Shadow, ShadowArtists]):
    """Drag the weights v of a line: at the data point only their shadow Pv counts."""

    name = "shadow_of_weights"

    def __init__(self) -> None:
        super().__init__(
            {
                "v0": slider("weight of 1, v₀", -MOST, MOST, 0.05, 1.6),
                "v1": slider("weight of x, v₁", -MOST, MOST, 0.05, -0.4),
                "x": slider("data point, x₁", -REACH, REACH, 0.05, 1.0),
                "y": slider("data point, y₁", -3.0, 3.0, 0.1, 2.5),
                "exact": tick("all v without error"),
            }
        )

    def compute(self, state: State) -> Shadow:
        v, features = np.array([state["v0"], state["v1"]]), np.array([1.0, state["x"]])
        return Shadow(
            v=v,
            shadow=(features @ v) / (features @ features) * features,
            features=features,
            y=state["y"],
            exact=state["exact"],
        )

    def build(self, figure: Figure, result: Shadow) -> ShadowArtists:
        weights, plain = two_panels(figure)
        weights.set(xlim=(-2.3, 2.3), ylim=(-2.3, 2.3), aspect="equal")
        weights.set(xlabel="weight of $x$, $v_1$", ylabel="weight of 1, $v_0$")
        weights.set(title="the weights v", xticks=range(-2, 3), yticks=range(-2, 3))
        (span,) = weights.plot([], [], color="0.55", linewidth=1.5)
        (exact,) = weights.plot([], [], color=ORANGE, linestyle="-.", linewidth=1.8)
        (across,) = weights.plot([], [], ":", color=VERMILLION)
        corner = LineCollection([], colors="0.35", linewidths=1.2)
        weights.add_collection(corner)
        arrow = FancyArrowPatch(
            (0, 0), (1, 1), arrowstyle="-|>", mutation_scale=15, shrinkA=0, shrinkB=0,
            color=BLACK, linewidth=2.0, zorder=3,
        )  # fmt: skip
        arrow.set_in_layout(False)
        weights.add_patch(arrow)
        (tip,) = weights.plot([], [], "o", color=BLACK, markersize=7)
        (v,) = weights.plot([], [], "o", color=BLUE, markersize=11, zorder=4)
        (shadow,) = weights.plot([], [], "X", color=GREEN, markersize=11, zorder=4)
        bold = {"fontsize": 12, "fontweight": "bold"}
        names = [
            free_text(weights, "v", color=BLUE, **bold),
            free_text(weights, "Pv", color="#007553", **bold),
            free_text(weights, "φ(x₁)", **bold),
        ]
        names[2].set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 0.5})
        plain.set(xlim=ENDS, ylim=(-5.4, 5.4), xlabel="$x$", title="the two lines")
        plain.set(xticks=range(-2, 3))
        error = LineCollection([], colors=VERMILLION, linewidths=2.5)
        plain.add_collection(error)
        (line,) = plain.plot([], [], color=BLUE)
        (shadow_line,) = plain.plot([], [], "--", color=GREEN)
        (meeting,) = plain.plot([], [], "o", mec=BLACK, mfc="white", markersize=8, zorder=4)
        (data,) = plain.plot([], [], "o", color=BLACK, markersize=8, zorder=4)
        marks = {
            "$f_v$": line, "$f_{Pv}$": shadow_line, "data point": data,
            "error": Line2D([], [], color=VERMILLION, linewidth=2.5), "$v$ without error": exact,
        }  # fmt: skip
        wide = figure.get_figwidth() > figure.get_figheight()
        figure.legend(
            list(marks.values()), list(marks), loc="outside lower center", ncols=5 if wide else 3
        )
        return ShadowArtists(
            span, arrow, tip, across, corner, v, shadow, exact, names, line, shadow_line, error,
            meeting, data,
        )  # fmt: skip

    def draw(self, moving: ShadowArtists, result: Shadow) -> None:
        v, shadow, features = (on_page(u) for u in (result.v, result.shadow, result.features))
        along = features / np.hypot(*features)
        beside = np.array([along[1], -along[0]])
        moving.span.set_data(*np.transpose([-LONG * along, LONG * along]))
        moving.arrow.set_positions((0, 0), tuple(features))
        moving.tip.set_data([features[0]], [features[1]])
        moving.across.set_data(*np.transpose([v, shadow]))
        side = np.sign((v - shadow) @ beside) * beside * 0.22
        inwards = -np.sign(shadow @ along) * along * 0.22
        square = [shadow + side, shadow + side + inwards, shadow + inwards]
        far = np.hypot(*(v - shadow)) > 0.25
        moving.corner.set_segments([square] if far else [])
        moving.v.set_data([v[0]], [v[1]])
        moving.shadow.set_data([shadow[0]], [shadow[1]])
        off = np.where(np.sign((v - shadow) @ beside) < 0, -1.0, 1.0) * beside
        places = [v + 0.28 * off, shadow - 0.32 * off, features + 0.42 * along]
        for name, place in zip(moving.names, places, strict=True):
            name.set_position(tuple(np.clip(place, -2.1, 2.1)))
        nearest = result.y / (features @ features) * features
        moving.exact.set_data(*np.transpose([nearest - LONG * beside, nearest + LONG * beside]))
        moving.exact.set_visible(result.exact)
        for line, (one, slope) in (
            (moving.line, result.v),
            (moving.shadow_line, result.shadow),
        ):
            line.set_data(ENDS, one + slope * ENDS)
        x, height = float(result.features[1]), float(result.features @ result.v)
        moving.error.set_segments([[(x, height), (x, result.y)]])
        moving.meeting.set_data([x], [height])
        moving.data.set_data([x], [result.y])

    def handles(self, moving: ShadowArtists, result: Shadow) -> tuple[Any, Array]:
        return moving.v.axes, np.array([on_page(result.v), on_page(result.features)])

    def dragged(self, index: int, x: float, y: float) -> None:
        together, self._together = self._together, True  # the caller redraws
        if index == 0:
            self.controls["v1"].value = round(min(max(x, -MOST), MOST), 2)
            self.controls["v0"].value = round(min(max(y, -MOST), MOST), 2)
        else:
            self.controls["x"].value = round(min(max(x, -REACH), REACH), 2)
        self._together = together

    def describe(self, result: Shadow) -> str:
        x, height = result.features[1], float(result.features @ result.v)
        there = float(result.features @ result.shadow)
        words = (
            f"v = {_pair(result.v)} of length {np.hypot(*result.v):.2f}, Pv = "
            f"{_pair(result.shadow)} of length {np.hypot(*result.shadow):.2f}. At x₁ = "
            f"{signed(x)}: f_v = {signed(height)}, f_Pv = {signed(there)}, y₁ = "
            f"{signed(result.y, '.1f')}, squared error {(result.y - height) ** 2:.2f}."
        )
        if not result.exact:
            return words
        shortest = result.y / (result.features @ result.features) * result.features
        return f"{words} The shortest v without error is {_pair(shortest)}."


def on_page(v: Array) -> Array:
    """Weights (of 1, of x) as a place: the weight of x to the right, that of 1 upwards."""
    return np.asarray(v[::-1])


def _pair(v: Array) -> str:
    return f"({signed(v[0])}, {signed(v[1])})"
