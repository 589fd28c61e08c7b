"""Lesson 08: a calculator for kernels, with the tree of rules that makes the result."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import sympy as sp
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.text import Text
from numpy.typing import NDArray

from kernelfit._checks import InputError
from kernelfit.kernels import Brownian, Constant, Gaussian, Kernel, Linear, Periodic, exp
from kernelfit.proofs import NegativeForm, decide
from kernelfit.symbolic import expression
from kernelfit.views.controls import choice, slider, tick, whole_slider
from kernelfit.views.style import BLACK, BLUE, VERMILLION
from kernelfit.views.view import State, View
from kernelfit.views.words import sign, signed

Array = NDArray[np.float64]

BASES: dict[str, Kernel] = {
    "1": Constant(1),
    "xz": Linear(),
    "1 + xz": 1 + Linear(),
    "min(x, z)": Brownian(),
    "bell": Gaussian(0.2),
    "wave": Periodic(1.0, 0.5),
}
GRID = np.linspace(0.0, 1.0, 101)
CENTRES = slice(0, None, 20)  # the six points x_i of the sample functions
SHOWN = slice(2, None, 4)  # the 25 points of the Gram matrix that is drawn
SUM, PRODUCT = "sum", "product"
POWERS = {1: "", 2: "²", 3: "³"}
EFFORT = 0.1  # enough for these formulas, and soon done
BOXES = ("first", "second", "a", "b", "joined", "power", "exp")
PLACES = dict(zip(BOXES, [(-1, 0), (1, 0), (-1, 1), (1, 1), (0, 2), (0, 3), (0, 4)], strict=True))


@dataclass(frozen=True)
class Built:
    """A formula, the boxes of its tree, and what its values look like."""

    formula: str
    labels: dict[str, str]  # of the boxes that are there
    refused: frozenset[str]  # boxes that no rule gives
    refusal: str  # what the package says, up to the first full stop
    question: tuple[object, ...]
    gram: Array  # (25, 25), divided by the largest value
    largest: float
    samples: Array  # (3, 101), each divided by its largest value


@dataclass
class BuiltArtists:
    """What moves in the picture."""

    boxes: dict[str, Text]
    all_boxes: list[Text]
    sound: LineCollection
    refused: LineCollection
    verdict: Text
    gram: AxesImage
    samples: list[Line2D]


class KernelCalculator(View[Built, BuiltArtists]):
    """Join two kernels with weights, sum or product, power and exp; see which rules that takes."""

    name = "kernel_calculator"
    narrow_size = (4.3, 10.0)

    def __init__(self) -> None:
        self.grams = {name: k.gram(GRID) for name, k in BASES.items()}
        self.weights = np.random.default_rng(8).standard_normal((3, len(GRID[CENTRES])))
        self.verdicts: dict[tuple[object, ...], tuple[str, str]] = {}
        names = list(BASES)
        super().__init__(
            {
                "first": choice("first kernel", names, "xz"),
                "a": slider("its weight a", -1.0, 1.0, 0.25, 1.0),
                "second": choice("second kernel", names, "bell"),
                "b": slider("its weight b", -1.0, 1.0, 0.25, 1.0),
                "joined": choice("joined by", [SUM, PRODUCT], SUM),
                "power": whole_slider("power", 1, 3, 1),
                "exp": tick("exp of the whole"),
            }
        )

    def compute(self, state: State) -> Built:
        a, b, power = state["a"], state["b"], state["power"]
        first, second = a * self.grams[state["first"]], b * self.grams[state["second"]]
        K = first + second if state["joined"] == SUM else first * second
        K = K**power
        K = np.exp(K) if state["exp"] else K
        samples = self.weights @ K[CENTRES]
        labels = {
            "first": state["first"],
            "second": state["second"],
            "a": f"{signed(a, 'g')} ·",
            "b": f"{signed(b, 'g')} ·",
            "joined": "+" if state["joined"] == SUM else "×",
        }
        if power > 1:
            labels["power"] = f"( ){POWERS[power]}"
        if state["exp"]:
            labels["exp"] = "exp"
        from_below = {box for box, weight in (("a", a), ("b", b)) if weight < 0}
        above = {"joined", "power", "exp"} if from_below else set()
        largest = float(np.abs(K).max())
        return Built(
            formula=formula_of(state),
            labels=labels,
            refused=frozenset((from_below | above) & set(labels)),
            refusal=refusal_of(state),
            question=tuple(state[name] for name in self.controls),
            gram=K[SHOWN, SHOWN] / (largest or 1.0),
            largest=largest,
            samples=samples / np.maximum(np.abs(samples).max(axis=1, keepdims=True), 1e-300),
        )

    def compute_slowly(self, state: State) -> tuple[str, str] | None:
        """What the package decides about a formula that no rule gives."""
        if min(state["a"], state["b"]) >= 0:
            return None
        question = tuple(state[name] for name in self.controls)
        if question not in self.verdicts:
            self.verdicts[question] = verdict_on(state)
        return self.verdicts[question]

    def build(self, figure: Figure, result: Built) -> BuiltArtists:
        wide = figure.get_figwidth() > figure.get_figheight()
        tree, square, curves = (
            figure.subplots(1, 3, width_ratios=(1.05, 1, 1.2)) if wide else figure.subplots(3, 1)
        )
        tree.set(xlim=(-1.7, 1.7), ylim=(-1.3, 4.5), xticks=[], yticks=[], title="the rules")
        tree.grid(False)
        tree.spines[:].set_visible(False)
        sound = LineCollection([], colors=BLUE, linewidths=2.0, zorder=1)
        refused = LineCollection([], colors=VERMILLION, linewidths=2.0, linestyles="--", zorder=1)
        for lines in (sound, refused):
            tree.add_collection(lines)
        boxes = {
            name: tree.text(
                *PLACES[name], "", ha="center", va="center", fontsize=11, zorder=3,
                bbox={"boxstyle": "round,pad=0.35", "facecolor": "white", "linewidth": 1.6},
            )
            for name in BOXES
        }  # fmt: skip
        verdict = tree.text(0, -0.95, "", ha="center", va="center", fontsize=10.5)
        gram = square.imshow(
            np.zeros((25, 25)), cmap="PuOr", vmin=-1, vmax=1, extent=(0, 1, 1, 0),
            interpolation="nearest",
        )  # fmt: skip
        square.grid(False)
        square.set(xlabel="$z$", ylabel="$x$", title="$k(x, z)$, scaled")
        bar = figure.colorbar(
            gram, ax=square, orientation="horizontal", ticks=[-1, 0, 1], shrink=0.8, aspect=14
        )
        bar.ax.set_xticklabels(["−1", "0", "1"])
        bar.outline.set_visible(False)
        curves.set(xlim=(0, 1), ylim=(-1.15, 1.15), xlabel="$x$")
        curves.set_title(r"three sums of $c_i\, k(x_i, \cdot)$, scaled")
        curves.axhline(0, color="0.55", linewidth=1.0)
        samples = [
            curves.plot([], [], color=colour, linestyle=style)[0]
            for colour, style in ((BLUE, "-"), (VERMILLION, "--"), (BLACK, "-."))
        ]
        return BuiltArtists(boxes, list(boxes.values()), sound, refused, verdict, gram, samples)

    def draw(self, moving: BuiltArtists, result: Built) -> None:
        for name, box in moving.boxes.items():
            box.set_text(result.labels.get(name, ""))
            box.set_visible(name in result.labels)
            bad = name in result.refused
            edge = box.get_bbox_patch()
            assert edge is not None
            edge.set(edgecolor=VERMILLION if bad else BLUE, linestyle="--" if bad else "-")
        chain = [name for name in ("joined", "power", "exp") if name in result.labels]
        edges = [("first", "a"), ("second", "b"), ("a", "joined"), ("b", "joined")]
        edges += list(pairwise(chain))
        segments: dict[bool, list[list[tuple[int, int]]]] = {False: [], True: []}
        for below, above in edges:
            segments[below in result.refused].append([PLACES[below], PLACES[above]])
        moving.sound.set_segments(segments[False])
        moving.refused.set_segments(segments[True])
        if not result.refused:
            moving.verdict.set_text("a kernel, by these rules")
        else:
            known, _ = self.verdicts.get(result.question, ("", ""))
            moving.verdict.set_text(known or "no rule gives this")
        moving.gram.set_data(result.gram)
        for line, sample in zip(moving.samples, result.samples, strict=True):
            line.set_data(GRID, sample)

    def draw_slowly(self, moving: BuiltArtists, slow: tuple[str, str]) -> None:
        moving.verdict.set_text(slow[0])

    def describe(self, result: Built) -> str:
        words = f"k(x, z) = {result.formula}, largest value here {result.largest:.3g}: "
        if not result.refused:
            return words + "a kernel, by the rules of the tree."
        _, verdict = self.verdicts.get(result.question, ("", "the verdict follows."))
        return f"{words}the package refuses to build it ({result.refusal}). decide says: {verdict}"


def formula_of(state: State) -> str:
    """The formula as it is read."""
    first, second = state["first"], state["second"]
    a, b = state["a"], state["b"]
    if state["joined"] == SUM:
        text = f"{term(a, first)} {sign(b)} {term(abs(b), second)}"
    else:
        text = f"{term(a, first)} · {f'({term(b, second)})' if b < 0 else term(b, second)}"
    if state["power"] > 1:
        text = f"({text}){POWERS[state['power']]}"
    return f"exp({text})" if state["exp"] else text


def term(weight: float, name: str) -> str:
    """A weight and a kernel, such as −0.5 · (1 + xz)."""
    return f"{signed(weight, 'g')} · {f'({name})' if '+' in name else name}"


def refusal_of(state: State) -> str:
    """What the package says when it is to build the kernel; empty when it does."""
    try:
        first, second = state["a"] * BASES[state["first"]], state["b"] * BASES[state["second"]]
        joined = first + second if state["joined"] == SUM else first * second
        raised = joined ** state["power"]
        if state["exp"]:
            exp(raised)
    except InputError as refusal:
        return str(refusal).partition(". ")[0].replace("-", "−")
    return ""


def verdict_on(state: State) -> tuple[str, str]:
    """The verdict in three words, and in a sentence."""
    x, z = sp.symbols("x z", real=True)
    first, second = (
        sp.Rational(str(state[weight])) * expression(BASES[state[name]], x, z)
        for name, weight in (("first", "a"), ("second", "b"))
    )
    k = (first + second if state["joined"] == SUM else first * second) ** state["power"]
    k = sp.exp(k) if state["exp"] else k
    half = "min(x, z)" in (state["first"], state["second"])
    domain, where = (sp.Interval(0, sp.oo), "x ≥ 0") if half else (sp.S.Reals, "the whole line")
    verdict = decide(k, variables=(x, z), domain=domain, effort=EFFORT)
    if verdict.is_kernel:
        return "a kernel all the same", f"it is a kernel on {where} all the same."
    if isinstance(verdict.refutation, NegativeForm):
        form = verdict.refutation
        points, weights = (
            ", ".join(signed(v, ".4g") for v in values) for values in (form.points, form.weights)
        )
        at, by = ("points", "weights") if len(form.points) > 1 else ("point", "weight")
        return (
            "no kernel",
            f"no kernel on {where}. At the {at} {points} with the {by} {weights} the form is "
            f"{signed(form.value, '.3g')}.",
        )
    return "undecided", "undecided."
