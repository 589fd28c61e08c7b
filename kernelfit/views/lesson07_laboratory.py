"""Lesson 07: a laboratory for any formula, up to five points, and the form they give."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import sympy as sp
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from numpy.typing import NDArray

from kernelfit._checks import InputError
from kernelfit.proofs import parse
from kernelfit.proofs.enclosure import Undefined, Unsupported, Unsure, enclose
from kernelfit.views.controls import choice, text_field, tick, whole_slider
from kernelfit.views.lesson07_verdict import DOMAINS, arguments, verdict_in_words
from kernelfit.views.style import BLUE, ORANGE, VERMILLION
from kernelfit.views.view import DRAWING, State, View
from kernelfit.views.words import signed

Array = NDArray[np.float64]

MOST = 5  # points
LOW, HIGH = -4.0, 4.0  # of the line they stand on
START = (0.0, 1.0, 2.0, 3.0, -1.0)
FORMULAS = {
    "x z": "x*z",
    "(1 + x z)²": "(1 + x*z)^2",
    "the bell": "exp(-(x - z)^2)",
    "Laplace": "exp(-|x - z|)",
    "cosine": "cos(x - z)",
    "minimum": "min(x, z)",
    "tent": "max(1 - |x - z|, 0)",
    "distance": "|x - z|",
    "1 + distance²": "1 + (x - z)^2",
    "box": "(|x - z| <= 1)",
    "parabola, cut off": "max(1 - (x - z)^2, 0)",
    "third power": "exp(-|x - z|^3)",
    "sigmoid": "tanh(x*z + 1)",
    "root of 1 + x z": "sqrt(1 + x*z)",
    "|cosine|": "|cos(x - z)|",
    "slope": "1 + x - z",
}
SIGNS = LinearSegmentedColormap.from_list("signs", [VERMILLION, "#FFFFFF", BLUE])


@dataclass(frozen=True)
class Trial:
    """A formula at some points: its Gram matrix, and the weights that make its form least."""

    text: str
    domain: str
    ask: bool  # for a verdict
    points: Array  # (n,), as they stand in the domain
    trouble: str = ""  # why there is no Gram matrix
    place: str = ""  # where in the text, with a mark below it
    readable: bool = True  # the formula, whatever its values
    gram: Array = field(default_factory=lambda: np.zeros((0, 0)))
    eigenvalues: Array = field(default_factory=lambda: np.zeros(0))  # the largest first
    weights: Array = field(default_factory=lambda: np.zeros(0))  # of length 1
    rounding: float = 0.0  # an eigenvalue of this size has no sign that could be told


@dataclass
class TrialArtists:
    """What moves in the picture of the laboratory."""

    heat: AxesImage
    rows: list[Text]
    columns: list[Text]
    numbers: list[Text]
    note: Text
    bars: list[Rectangle]
    below_zero: Line2D
    values: list[Text]
    stems: LineCollection
    tips: Line2D
    points: Line2D
    names: list[Text]
    outside: Rectangle
    inside: Line2D


class Laboratory(View[Trial, TrialArtists]):
    """Type a formula, drag the points, and see whether the form can be made negative."""

    name = "laboratory"
    size = (9.0, 5.6)
    narrow_size = (4.3, 9.6)
    known: ClassVar[dict[tuple[str, str], str]] = {}  # verdicts in words; each is found once

    def __init__(self) -> None:
        formula = FORMULAS["third power"]
        menu = choice("formula", [(f"{n}:  {t}", t) for n, t in FORMULAS.items()], formula)
        typed = text_field("or type your own", formula, ("x*z", "2x", "x + z", ""))
        super().__init__(
            {
                "menu": menu,
                "formula": typed,
                "domain": choice("x and z are", list(DOMAINS), "all numbers"),
                "count": whole_slider("points", 1, MOST, 3),
                "ask": tick("ask decide"),
            },
            held={"points": np.array(START)},
        )

    def _on_change(self, change: Any) -> None:
        """The menu writes into the field, and the field says what the menu shows."""
        with DRAWING:  # controls answer in threads of their own: none may see the other half done
            together, self._together = self._together, True
            if change["owner"] is self.controls["menu"] and change["new"] is not None:
                self.controls["formula"].value = change["new"]
            elif change["owner"] is self.controls["formula"]:
                known = change["new"] in FORMULAS.values()
                self.controls["menu"].value = change["new"] if known else None
            self._together = together
            super()._on_change(change)

    # What is computed ------------------------------------------------------------------------

    def compute(self, state: State) -> Trial:
        text, domain, ask = state["formula"], state["domain"], state["ask"]
        points = in_domain(state["points"][: state["count"]], domain)
        readable = False
        try:
            formula = parse(text)
            x, z = arguments(formula)
            readable = True
            gram = gram_of(formula, x, z, points)
        except InputError as refusal:
            sentence, _, place = str(refusal).partition("\n")
            return Trial(text, domain, ask, points, sentence, place, readable)
        size = max(float(np.abs(gram).max()), 1e-300)
        # The form sees the symmetric part alone; scaled, so that 1e300 is no trouble.
        eigenvalues, directions = np.linalg.eigh((gram / size + gram.T / size) / 2)
        weights = directions[:, 0]
        weights = weights * np.sign(weights[np.argmax(np.abs(weights))])
        rounding = len(points) * np.finfo(float).eps * float(np.abs(eigenvalues).max())
        return Trial(
            text=text,
            domain=domain,
            ask=ask,
            points=points,
            gram=gram,
            eigenvalues=size * eigenvalues[::-1],
            weights=weights,
            rounding=size * rounding,
        )

    def compute_slowly(self, state: State) -> str | None:
        if not state["ask"]:
            return None
        key = (state["formula"], state["domain"])
        if key not in self.known:
            self.known[key] = verdict_in_words(*key)
        return self.known[key]

    def draw_slowly(self, moving: TrialArtists, slow: str) -> None:
        """The verdict stands in the sentence below the picture."""

    # What is drawn ---------------------------------------------------------------------------

    def build(self, figure: Figure, result: Trial) -> TrialArtists:
        wide = figure.get_figwidth() > figure.get_figheight()
        plan: Any
        plan, ratios = (
            ([["gram", "values"], ["line", "line"]], [2.2, 1.0])
            if wide
            else ([["gram"], ["values"], ["line"]], [2.2, 1.5, 1.0])
        )
        panels = figure.subplot_mosaic(plan, height_ratios=ratios)
        gram, values, line = panels["gram"], panels["values"], panels["line"]

        gram.set_title("Gram matrix $K$")
        heat = gram.imshow(
            np.full((MOST, MOST), np.nan), cmap=SIGNS, norm=Normalize(-1, 1), alpha=0.75
        )
        gram.set(xlim=(-1.0, MOST - 0.5), ylim=(MOST - 0.5, -1.0))
        gram.set_axis_off()
        middle: Any = {"ha": "center", "va": "center"}
        rows = [gram.text(-0.75, i, f"$x_{i + 1}$", **middle) for i in range(MOST)]
        columns = [gram.text(i, -0.75, f"$x_{i + 1}$", **middle) for i in range(MOST)]
        numbers = [
            gram.text(j, i, "", fontsize=9, **middle) for i in range(MOST) for j in range(MOST)
        ]
        note = gram.text(
            0.02, 0.5, "", transform=gram.transAxes, family="monospace", va="center", fontsize=12
        )

        values.set_title("eigenvalues of $K$ (hatched: below 0)")
        values.set(xlim=(-1.15, 1.75), ylim=(MOST - 0.4, -0.6), xticks=[0.0], xticklabels=["0"])
        values.set(yticks=[])
        values.spines["left"].set_visible(False)
        values.axvline(0.0, color="0.3", linewidth=1.0)
        bars = [
            Rectangle((0.0, i - 0.3), 0.0, 0.6, linewidth=1.0, edgecolor="white")
            for i in range(MOST)
        ]
        for bar in bars:
            values.add_patch(bar)
        (below_zero,) = values.plot([], [], "<", color=VERMILLION, markersize=9)
        labels = [values.text(1.12, i, "", va="center", fontsize=10) for i in range(MOST)]

        line.set(xlim=(LOW - 0.3, HIGH + 0.3), ylim=(-1.2, 1.2), xticks=range(-4, 5))
        line.set(title="the points, and the weights $w_i$")
        line.set(yticks=[-1, 0, 1])
        line.axhline(0.0, color="0.3", linewidth=1.0)
        outside = Rectangle(
            (LOW - 1, -2), 1 - LOW, 4, facecolor="0.92", edgecolor="0.75", hatch="//"
        )
        line.add_patch(outside)
        (inside,) = line.plot([], [], "|", color="0.3", markersize=14)
        stems = LineCollection([], colors=ORANGE, linewidths=4.0)
        line.add_collection(stems)
        (tips,) = line.plot([], [], "_", color=ORANGE, markersize=14, mew=3)
        (points,) = line.plot([], [], "o", color="black", markersize=10, zorder=4)
        names = [line.text(0, 0, f"$x_{i + 1}$", fontsize=11, **middle) for i in range(MOST)]
        for text in (*rows, *columns, *numbers, note, *labels, *names):
            text.set_in_layout(False)
        return TrialArtists(
            heat,
            rows,
            columns,
            numbers,
            note,
            bars,
            below_zero,
            labels,
            stems,
            tips,
            points,
            names,
            outside,
            inside,
        )

    def draw(self, moving: TrialArtists, result: Trial) -> None:
        n = len(result.gram)
        table = np.full((MOST, MOST), np.nan)
        table[:n, :n] = result.gram / max(float(np.abs(result.gram).max(initial=0.0)), 1e-300)
        moving.heat.set_data(np.ma.masked_invalid(table))
        for place, number in enumerate(moving.numbers):
            i, j = divmod(place, MOST)
            number.set_text(short(result.gram[i, j]) if i < n and j < n else "")
        for row, column, i in zip(moving.rows, moving.columns, range(MOST), strict=True):
            row.set_visible(i < n)
            column.set_visible(i < n)
        moving.note.set_text(note_of(result))

        largest = max(float(np.abs(result.eigenvalues).max(initial=0.0)), 1e-300)
        negative = []
        for i, (bar, label) in enumerate(zip(moving.bars, moving.values, strict=True)):
            value = float(result.eigenvalues[i]) if i < n else 0.0
            is_zero, is_negative = abs(value) <= result.rounding, value < -result.rounding
            bar.set_visible(not is_zero)
            bar.set_width(value / largest)
            bar.set_facecolor(VERMILLION if is_negative else BLUE)
            bar.set_hatch("///" if is_negative else "")
            label.set_text("" if i >= n else "0 or near" if is_zero else short(value))
            label.set_color(VERMILLION if is_negative else "black")
            if is_negative:
                negative.append((min(value / largest, -0.02) - 0.06, i))
        moving.below_zero.set_data(*np.array(negative).reshape(-1, 2).T)

        weights = result.weights if n else np.zeros(len(result.points))
        moving.stems.set_segments(
            [[(x, 0.0), (x, w)] for x, w in zip(result.points, weights, strict=True)]
        )
        moving.tips.set_data(result.points[: len(result.weights)], result.weights)
        moving.points.set_data(result.points, np.zeros(len(result.points)))
        for i, name in enumerate(moving.names):
            name.set_visible(i < len(result.points))
            if i < len(result.points):  # on the other side than the weight
                name.set_position((result.points[i], 0.45 if weights[i] < 0 else -0.45))
        moving.outside.set_visible(result.domain == "numbers ≥ 0")
        whole = np.arange(LOW, HIGH + 1) if result.domain == "whole numbers" else np.zeros(0)
        moving.inside.set_data(whole, np.zeros(len(whole)))

    def handles(self, moving: TrialArtists, result: Trial) -> tuple[Any, Array]:
        places = np.column_stack([result.points, np.zeros(len(result.points))])
        return moving.points.axes, places

    def dragged(self, index: int, x: float, y: float) -> None:
        moved = self.held["points"].copy()
        x = round(min(max(x, LOW), HIGH), 2)
        quarter = round(4 * x) / 4
        moved[index] = quarter if abs(x - quarter) <= 0.02 else x
        self.held["points"] = moved

    def describe(self, result: Trial) -> str:
        words = result.trouble or self._about_the_form(result)
        if not (result.ask and result.readable):
            return words
        verdict = self.known.get((result.text, result.domain), "being decided …")
        return f"{words} For {result.domain}: {verdict}"

    def _about_the_form(self, result: Trial) -> str:
        points = ", ".join(plain(x) for x in result.points)
        words = f"{result.text} at {points}: "
        gap = np.argwhere(result.gram != result.gram.T)
        if len(gap):
            (a, b), (there, back) = result.points[gap[0]], (
                result.gram[tuple(gap[0])],
                result.gram[tuple(gap[0][::-1])],
            )  # fmt: skip
            words += (
                f"not symmetric, k({plain(a)}, {plain(b)}) = {short(there)} and "
                f"k({plain(b)}, {plain(a)}) = {short(back)}; "
            )
        least = float(result.eigenvalues[-1])
        whose = " of (K + Kᵀ)/2" if len(gap) else ""
        if abs(least) <= result.rounding:
            return f"{words}the least eigenvalue{whose} is 0, or too near to tell."
        weights = ", ".join(signed(w) for w in result.weights)
        return f"{words}the least eigenvalue{whose} is {short(least)}, with the weights {weights}."


# What the laboratory asks of a formula ----------------------------------------------------------


def in_domain(points: Array, domain: str) -> Array:
    """The points, moved to the nearest ones of the domain."""
    if domain == "numbers ≥ 0":
        return np.maximum(points, 0.0)
    return np.round(points) + 0.0 if domain == "whole numbers" else points


def gram_of(formula: sp.Expr, x: sp.Symbol, z: sp.Symbol, points: Array) -> Array:
    """The Gram matrix at the points, each entry from an enclosure of its value."""
    exact = [sp.Rational(str(float(point))) for point in points]
    gram = np.zeros((len(exact), len(exact)))
    for i, a in enumerate(exact):
        for j, b in enumerate(exact):
            gram[i, j] = value_of_formula(formula, {x: a, z: b})
            if not abs(gram[i, j]) < 1e300:
                raise InputError(
                    f"k(x, z) must have a value of at most 1e300, got more at x = "
                    f"{plain(points[i])}, z = {plain(points[j])}. Move the points nearer to each "
                    f"other, or to 0."
                )
    return gram


def value_of_formula(formula: sp.Expr, at: dict[sp.Symbol, sp.Rational]) -> float:
    """The formula at exact numbers, with the digits of a float; refused where it has no value."""
    for digits in (20, 60):
        try:
            low, high = enclose(formula, at, digits)
        except Unsure:
            continue
        except (Undefined, Unsupported, OverflowError):
            break
        return float((low + high) / 2)
    where = ", ".join(f"{symbol} = {plain(float(value))}" for symbol, value in at.items())
    raise InputError(
        f"k(x, z) must be a real number at every pair of points, got none at {where}. Move the "
        f"points, choose other numbers for x and z, or change the formula."
    )


def note_of(result: Trial) -> str:
    """What stands in the place of the matrix when there is none."""
    if not result.trouble:
        return ""
    formula, _, mark = result.place.partition("\n")
    if not mark or len(formula) > 34:
        return "see the sentence below"
    mark = mark[len(formula) - len(formula.lstrip()) :]
    return f"{formula.strip()}\n{mark}\n\nsee the sentence below"


def plain(x: float) -> str:
    """A point without superfluous zeros."""
    return signed(x, "g")


def short(value: float) -> str:
    """A number in a cell of the matrix."""
    size = abs(value)
    if size == 0:
        return "0"
    forms = ((1e5, ".0e"), (1000, ".0f"), (0.1, ".2f"), (0.01, ".3f"), (1e-4, ".4f"))
    form = next((form for least, form in forms if size >= least), ".0e")
    return signed(value, form).replace("e+0", "e").replace("e−0", "e−").replace("e+", "e")
