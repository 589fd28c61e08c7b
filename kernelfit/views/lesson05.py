"""Lesson 05: coefficients with and without correct digits, and the number that foretells it."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from numpy.typing import NDArray

from kernelfit.symbolic import correct_digits
from kernelfit.views.controls import choice, listed_slider, log_slider, tick, whole_slider
from kernelfit.views.methods import (
    Method,
    Problem,
    by_inverse,
    by_lstsq,
    by_normal_equations,
    by_qr,
    by_scaled_qr,
    problem,
)
from kernelfit.views.stage import two_panels
from kernelfit.views.style import BLUE, GREEN, VERMILLION
from kernelfit.views.view import State, View
from kernelfit.views.words import signed

Array = NDArray[np.float64]

INVERSE, NORMAL, LSTSQ = "inverse of XᵀX", "solve XᵀX c = Xᵀy", "numpy.linalg.lstsq"
QR, SCALED_QR = "QR of X", "QR, columns scaled"
METHODS: dict[str, Method] = {
    INVERSE: by_inverse,
    NORMAL: by_normal_equations,
    LSTSQ: by_lstsq,
    QR: by_qr,
    SCALED_QR: by_scaled_qr,
}
LEGENDRE = "Legendre polynomials"
ALL_DIGITS = 16  # what a float keeps


def coefficients(solve: Callable[[], Array]) -> Array | None:
    """What a method finds; None when it stops or when what it finds are no numbers."""
    try:
        with np.errstate(all="ignore"):
            found = solve()
    except np.linalg.LinAlgError:
        return None
    return found if np.isfinite(found).all() else None


# A curve that fits, and its coefficients ------------------------------------------------------


@dataclass(frozen=True)
class Fit:
    """The polynomial that one method finds for the data of Filip."""

    method: str
    degree: int
    c: Array | None  # None when the method stops
    rms: float  # root mean square residual of the polynomial with these coefficients
    curve: Array
    digits: list[float] | None  # of each coefficient; None while they are hidden
    exact_constant: float


@dataclass
class FitArtists:
    """What moves in the picture of the fit."""

    curve: Line2D
    stems: LineCollection
    digits: Line2D
    words: Text


class FilipFit(View[Fit, FitArtists]):
    """A curve through NIST's hard case, and how many digits of its coefficients are right."""

    name = "filip_fit"
    grid = np.linspace(-9.0, -2.9, 400)

    def __init__(self) -> None:
        self.filip = problem("filip", 1)
        methods = [*METHODS, LEGENDRE]
        super().__init__(
            {
                "method": choice("method", methods, LSTSQ),
                "degree": whole_slider("degree", 1, 10, 10),
                "show": tick("show the digits"),
            }
        )

    def compute(self, state: State) -> Fit:
        method, degree = state["method"], state["degree"]
        data = problem("filip", degree)
        solve = data.by_package if method == LEGENDRE else lambda: METHODS[method](data.X, data.y)
        c = coefficients(solve)
        rms, curve, digits = math.inf, np.full(len(self.grid), np.nan), [0.0] * (degree + 1)
        if c is not None:
            # In powers of x, because these are what the coefficients stand before, right or wrong.
            curve = self.grid[:, None] ** np.arange(degree + 1) @ c
            rms = float(np.sqrt(np.mean((data.y - data.X @ c) ** 2)))
            pairs = zip(c, data.exact, strict=True)
            digits = [correct_digits([one], [right]) for one, right in pairs]
        return Fit(
            method=method,
            degree=degree,
            c=c,
            rms=rms,
            curve=curve,
            digits=digits if state["show"] else None,
            exact_constant=float(data.exact[0]),
        )

    def build(self, figure: Figure, result: Fit) -> FitArtists:
        cloud, right = two_panels(figure)
        cloud.plot(self.filip.columns[:, 0], self.filip.y, "o", color="0.35", markersize=5)
        cloud.set(xlim=self.grid[[0, -1]], ylim=(0.73, 0.95), xlabel="$x$", ylabel="$y$")
        cloud.set_title("82 points and the curve")
        (curve,) = cloud.plot([], [], color=VERMILLION, linewidth=2.5)
        right.set(xlim=(-0.7, 10.7), ylim=(-0.7, ALL_DIGITS + 1), yticks=range(0, 17, 4))
        right.set_xticks(range(11), [f"$c_{{{k}}}$" for k in range(11)])
        right.set(xlabel="coefficient of $x^k$", ylabel="correct digits")
        right.set_title("correct digits of each coefficient")
        right.axhline(ALL_DIGITS, color="0.55", linewidth=1, linestyle=":")
        stems = LineCollection([], colors=BLUE, linewidths=3)
        right.add_collection(stems)
        (digits,) = right.plot([], [], "o", color=BLUE, markersize=9)
        words = right.text(5, 8, "", ha="center", va="center", color="0.35", fontsize=12)
        return FitArtists(curve, stems, digits, words)

    def draw(self, moving: FitArtists, result: Fit) -> None:
        moving.curve.set_data(self.grid, result.curve)
        digits = result.digits or []
        moving.stems.set_segments([((k, 0), (k, d)) for k, d in enumerate(digits)])
        moving.digits.set_data(range(len(digits)), digits)
        moving.words.set_text("" if digits else "Look at the curve and guess,\nthen tick the box.")

    def describe(self, result: Fit) -> str:
        words = f"{result.method}, degree {result.degree}: "
        if result.c is None:
            return words + "the method stops, because it meets a matrix without an inverse."
        words += f"root mean square residual {result.rms:.2g}"
        if result.digits is None:  # equal c₀ of several methods would tell which are right
            return words + "."
        worst = round(min(result.digits))
        return words + (
            f", c₀ = {signed(result.c[0], '.4g')}, exactly "
            f"{signed(result.exact_constant, '.8g')}. "
            f"Correct digits of the worst coefficient: about {worst} of {ALL_DIGITS}."
        )


# The condition number as the shape of an ellipse ----------------------------------------------

ANGLES = (90, 75, 60, 45, 30, 20, 15, 10, 7, 5, 3, 2, 1.5, 1)


@dataclass(frozen=True)
class Ellipses:
    """What a matrix A of two columns makes of the unit circle, and what AᵀA makes of it."""

    angle: float  # between the two columns, in degrees
    length: float  # of the second column; the first has length 1
    scaled: bool
    columns: Array  # of A, divided by the long half-axis
    axes: list[Array]  # for A and for AᵀA the two half-axes as columns, the long one of length 1
    condition: float


@dataclass
class EllipseArtists:
    """What moves in the picture of the ellipses."""

    ellipses: list[Line2D]
    long_axes: list[Line2D]
    short_axes: list[Line2D]
    columns: list[Line2D]
    words: list[Text]


class SquashedCircle(View[Ellipses, EllipseArtists]):
    """Two columns close to each other squash the circle; AᵀA squashes it twice."""

    name = "squashed_circle"
    circle = np.array([(math.cos(t), math.sin(t)) for t in np.linspace(0, 2 * math.pi, 361)]).T

    def __init__(self) -> None:
        super().__init__(
            {
                "angle": listed_slider("angle between [°]", ANGLES, 60),
                "length": log_slider("length of the second", 0.0, 3.0, 0.25, 1.0),
                "scale": tick("scale both to length 1"),
            }
        )

    def compute(self, state: State) -> Ellipses:
        angle, length = state["angle"], state["length"]
        turned, used = math.radians(angle), 1.0 if state["scale"] else length
        A = np.array([[1, used * math.cos(turned)], [0, used * math.sin(turned)]])
        _, s, Vt = np.linalg.svd(A)
        shares = s / s[0]
        # Turning A as a whole changes neither angle, length nor AᵀA = V diag(s²) Vᵀ. Turned to
        # V diag(s) Vᵀ its ellipse lies along that of AᵀA, so that the two can be compared.
        return Ellipses(
            angle=angle,
            length=length,
            scaled=state["scale"],
            columns=Vt.T * shares @ Vt,
            axes=[Vt.T * shares, Vt.T * shares**2],
            condition=float(s[0] / s[1]),
        )

    def build(self, figure: Figure, result: Ellipses) -> EllipseArtists:
        moving = EllipseArtists([], [], [], [], [])
        panels = two_panels(figure)
        for panel, name in zip(panels, ("$A$", "$A^T\\!A$"), strict=True):
            panel.plot(*self.circle, "--", color="0.55", linewidth=1.2)
            panel.set(xlim=(-1.1, 1.1), ylim=(-1.1, 1.1), aspect="equal")
            panel.set_axis_off()
            panel.set_title(f"the circle, and what {name} makes of it")
            moving.ellipses += panel.plot([], [], color=BLUE)
            moving.long_axes += panel.plot([], [], color=GREEN, linewidth=2.5)
            moving.short_axes += panel.plot([], [], color=VERMILLION, linewidth=5)
            moving.words.append(panel.text(-1.1, -1.1, "", va="bottom", fontsize=12))
        for marker in ("o", "s"):
            moving.columns += panels[0].plot([], [], marker=marker, color="black", markevery=[1])
        named = {
            "long axis": moving.long_axes[0],
            "short axis": moving.short_axes[0],
            "first column of $A$": moving.columns[0],
            "second column": moving.columns[1],
        }
        wide = figure.get_figwidth() > figure.get_figheight()
        figure.legend(
            list(named.values()), list(named), loc="outside lower center", ncols=4 if wide else 2
        )
        return moving

    def draw(self, moving: EllipseArtists, result: Ellipses) -> None:
        conditions = (result.condition, result.condition**2)
        for i, (axes, condition) in enumerate(zip(result.axes, conditions, strict=True)):
            moving.ellipses[i].set_data(*(axes @ self.circle))
            moving.long_axes[i].set_data(*both_ways(axes[:, 0]))
            moving.short_axes[i].set_data(*both_ways(axes[:, 1]))
            moving.words[i].set_text(f"κ = {size(condition)}")
        for line, column in zip(moving.columns, result.columns.T, strict=True):
            line.set_data([0, column[0]], [0, column[1]])

    def describe(self, result: Ellipses) -> str:
        longer = "" if result.length == 1 else f", the second {size(result.length)} times as long"
        scaled = ", both scaled to length 1" if result.scaled else ""
        k, lost = result.condition, abs(math.log10(result.condition))
        return (
            f"Columns at {result.angle}°{longer}{scaled}: κ(A) = {size(k)} puts {lost:.1f} digits "
            f"at stake, κ(AᵀA) = {size(k * k)} puts {2 * lost:.1f}."
        )


def both_ways(half_axis: Array) -> Array:
    """The ends of an axis as two columns."""
    return np.column_stack([-half_axis, half_axis])


# Correct digits, method by method ---------------------------------------------------------------

PROBLEMS = {
    "Norris": ("norris", 1),
    "Pontius": ("pontius", 2),
    "Wampler": ("wampler1", 5),
    "Longley": ("longley", None),
    "Filip": ("filip", 10),
}
PREPARATIONS = {
    "as they come": Problem.as_it_comes,
    "scaled to length 1": Problem.scaled,
    "centred and scaled": Problem.centred,
}
PACKAGE = "this package"
COMPARED = (INVERSE, NORMAL, LSTSQ, QR, PACKAGE)


@dataclass(frozen=True)
class Scores:
    """Correct digits of the worst coefficient, by data set and method, as far as it is shown."""

    preparation: str
    shown: int  # how many of the methods
    conditions: Array  # of each data set, prepared
    digits: Array  # (data sets, methods)


@dataclass
class ScoreArtists:
    """What moves in the picture of the scores, a list for each data set."""

    bars: list[list[Rectangle]]
    words: list[list[Text]]


class CertifiedDigits(View[Scores, ScoreArtists]):
    """Five data sets whose coefficients are known exactly, and five ways to compute them."""

    name = "certified_digits"
    size = (9.0, 3.6)

    def __init__(self) -> None:
        self._scored: dict[str, tuple[Array, Array]] = {}
        super().__init__(
            {
                "shown": whole_slider("methods shown", 0, len(COMPARED), 0),
                "preparation": choice("columns of X", list(PREPARATIONS), "as they come"),
            }
        )

    def compute(self, state: State) -> Scores:
        preparation = state["preparation"]
        if preparation not in self._scored:
            self._scored[preparation] = self._score(preparation)
        return Scores(preparation, state["shown"], *self._scored[preparation])

    def _score(self, preparation: str) -> tuple[Array, Array]:
        problems = [problem(*which) for which in PROBLEMS.values()]
        conditions = [np.linalg.cond(PREPARATIONS[preparation](one)[0]) for one in problems]
        digits = [[digits_of(one, way, preparation) for way in COMPARED] for one in problems]
        return np.array(conditions), np.array(digits)

    def frame(self, result: Scores) -> Hashable:
        return result.preparation  # the condition numbers stand in the titles

    def build(self, figure: Figure, result: Scores) -> ScoreArtists:
        wide = figure.get_figwidth() > figure.get_figheight()
        shape = (1, len(PROBLEMS)) if wide else (len(PROBLEMS), 1)
        panels = figure.subplots(*shape, sharex=True, sharey=True)
        colours = [VERMILLION, VERMILLION, BLUE, BLUE, GREEN]  # XᵀX, X itself, the package
        moving = ScoreArtists([], [])
        for panel, name, condition in zip(panels, PROBLEMS, result.conditions, strict=True):
            panel.set(xlim=(0, ALL_DIGITS + 4), xticks=range(0, 17, 8))
            panel.grid(visible=False, axis="y")
            panel.set_title(name + ("\n" if wide else ", ") + f"κ ≈ {size(condition, 1)}")
            bars = panel.barh(COMPARED, 0, color=colours, height=0.7)
            words = [panel.text(0, row, "", va="center") for row in range(len(COMPARED))]
            moving.bars.append(list(bars))
            moving.words.append(words)
        panels[0].set_ylim(len(COMPARED) - 0.4, -0.6)
        figure.supxlabel("correct digits of the worst coefficient", fontsize=11)
        return moving

    def draw(self, moving: ScoreArtists, result: Scores) -> None:
        for bars, words, digits in zip(moving.bars, moving.words, result.digits, strict=True):
            for row, (bar, word, found) in enumerate(zip(bars, words, digits, strict=True)):
                shown = row < result.shown
                bar.set_width(found if shown else 0)
                word.set_x(found + 0.6 if shown else 0.6)
                word.set_text(f"{found:.0f}" if shown else "?")
                word.set_color("black" if shown else "0.45")

    def describe(self, result: Scores) -> str:
        if result.shown == 0:
            listed = listing(PROBLEMS, [size(k, 1) for k in result.conditions])
            return f"Columns {result.preparation}: condition numbers about {listed}."
        latest = result.shown - 1
        listed = listing(PROBLEMS, [f"{d:.0f}" for d in result.digits[:, latest]])
        return f"Columns {result.preparation}, {COMPARED[latest]}: correct digits about {listed}."


def digits_of(one: Problem, way: str, preparation: str) -> float:
    """Correct digits of the worst coefficient, converted back from the prepared columns."""
    X, back = PREPARATIONS[preparation](one)
    solve = one.by_package if way == PACKAGE else lambda: back(METHODS[way](X, one.y))
    c = coefficients(solve)
    return 0.0 if c is None else correct_digits(c, one.exact)


# Numbers in words -----------------------------------------------------------------------------

_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def size(number: float, digits: int = 2) -> str:
    """A positive number with few digits, a large one with a power of ten: 115, 1.3 · 10⁴."""
    if number < 10_000:
        return f"{number:.{max(digits, len(str(round(number))))}g}"
    mantissa, _, power = f"{number:.{digits - 1}e}".partition("e")
    factor = "" if float(mantissa) == 1 else f"{mantissa} · "
    return f"{factor}10{str(int(power)).translate(_RAISED)}"


def listing(names: Iterable[str], values: Iterable[str]) -> str:
    """Values with their names: 2 (Norris), 3 (Pontius)."""
    return ", ".join(f"{value} ({name})" for name, value in zip(names, values, strict=True))
