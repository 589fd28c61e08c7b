"""Lesson 15: what the workbench shows, as arithmetic and as sentences."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kernelfit.table import Column, Pair, Table
from kernelfit.views.fonts import OURS, families_for
from kernelfit.views.lesson15_fits import CHOOSING, EXACT, Curve, Model, landmarks_for
from kernelfit.views.words import signed

Array = NDArray[np.float64]

FEWEST = 3  # points, of which each can be left out of a line
ROOM = 0.2  # ranges of x that the picture shows beyond the data
FAR = 3.0  # ranges of x beyond the data that the picture still reaches to
THROUGH = "it passes through a point whatever its y, so that without it nothing is settled there."
LONGEST = 40  # letters of a name in a menu or on an axis


@dataclass(frozen=True)
class Bench:
    """Two columns of a table and three models; a curve is None while it is being computed."""

    key: str
    table: Table
    where: tuple[int, int]  # the numbers of the columns x and y
    pair: Pair | None
    models: tuple[Model, ...]
    curves: tuple[Curve | None, ...]
    limits: tuple[float, float, float, float]  # of the picture: x from and to, y from and to
    asked: str  # the x that a prediction is asked for, as typed
    misses: bool
    with_code: bool
    problem: str  # why there are no curves
    said: str  # what a button or a file had to say

    @property
    def columns(self) -> tuple[Column, Column]:
        """Columns x and y."""
        return self.table.columns[self.where[0]], self.table.columns[self.where[1]]

    @property
    def at(self) -> float | None:
        """The x that a prediction is asked for."""
        return number(self.asked)


def number(text: str) -> float | None:
    """The typed number, with a decimal point or comma; None for anything else."""
    try:
        value = float(text.strip().replace("−", "-").replace(",", "."))
    except ValueError:
        return None
    return value if abs(value) < 1e150 else None


def rounded(value: float, spread: float) -> str:
    """A place on an axis, to a thousandth of what the axis spans."""
    digits = 3 - math.ceil(math.log10(spread)) if spread > 0 else 3
    if abs(value) >= 1e12 or digits > 9:
        return f"{value:.6g}"
    text = f"{value:.{max(0, digits)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def limits_of(
    pair: Pair | None, at: float | None, misses: bool
) -> tuple[float, float, float, float]:
    """What the picture shows: the data, room for the curves, and the place that is asked for."""
    if pair is None:
        return 0.0, 1.0, 0.0, 1.0
    low, high = float(pair.x.min()), float(pair.x.max())
    spread = high - low or abs(low) / 10 or 1.0
    before, after = ROOM, ROOM
    if at is not None:
        before, after = _reach((low - at) / spread), _reach((at - high) / spread)
    bottom, top = float(pair.y.min()), float(pair.y.max())
    room = 0.25 * (top - bottom) or abs(top) / 10 or 1.0
    bottom, top = bottom - room, top + room
    if misses:
        bottom, top = (bottom - top) / 2, (top - bottom) / 2
    return low - before * spread, high + after * spread, bottom, top


def _reach(beyond: float) -> float:
    """How far the picture goes on beyond the data, in ranges of x.

    In steps of half a range, so that it stands still while the place is dragged.
    """
    return ROOM + math.ceil(max(0.0, beyond - ROOM) * 2) / 2 if beyond <= FAR else ROOM


def no_curve(pair: Pair, columns: tuple[Column, Column]) -> str:
    """Why no curve can be drawn and judged; empty when it can."""
    x, y = columns
    n = len(pair.x)
    if x is y:
        return f"x and y are both {x.name}: choose two different columns."
    if n < FEWEST:
        points = "is 1 point" if n == 1 else f"are {n} points"
        return (
            f"There {points}: a curve can be judged by leaving points out from {FEWEST} points "
            f"on, and trusted from many more."
        )
    if np.ptp(pair.x) == 0:
        return (
            f"All {n} rows have the same {x.name}, {pair.x[0]:g}: over one x there is no curve. "
            f"Choose another column for x."
        )
    return ""


# Sentences ---------------------------------------------------------------------------------------


def describe(bench: Bench) -> str:
    """Everything the picture shows, and all that must be said about the table, in one line."""
    words = [bench.said, bench.problem]
    if bench.pair is not None:
        words += [] if bench.problem else [_errors(bench, bench.pair), _predictions(bench)]
        words += [bench.pair.sentence, _drawn(bench.pair)]
    words += [_warnings(bench), _units(bench), _letters(bench)]
    if bench.misses:
        words.append("The picture shows what each point is missed by when it is left out.")
    if bench.with_code:
        words.append("The code stands below the picture.")
    return " ".join(word for word in words if word)


def _errors(bench: Bench, pair: Pair) -> str:
    x, y = bench.columns
    _, polynomial, kernel = bench.models
    line, curve, bells = (error_text(curve, pair) for curve in bench.curves)
    settings = f"σ = {kernel.width:.3g}{_unit(x, many=True)}, λ = {kernel.ridge:.3g}"
    n = len(pair.y)
    mean = float(np.sqrt(np.mean(((pair.y - pair.y.mean()) * n / (n - 1)) ** 2)))
    return (
        f"{bench.key}, {n:,} points. Typical miss of a point that is left out{_in_unit(y)}: line "
        f"{line}, degree {polynomial.degree} {curve}, kernel {bells} ({settings}), mean of the "
        f"others {mean:.4g}."
    )


def error_text(curve: Curve | None, pair: Pair) -> str:
    """The typical miss to four digits, 0 where it is rounding alone."""
    if curve is None:
        return "…"
    if not np.isfinite(curve.error):
        return "undefined"
    rounding = 1e-12 * float(np.max(np.abs(pair.y)))
    return f"{curve.error:.4g}" if curve.error > rounding else "0"


def _predictions(bench: Bench) -> str:
    if bench.at is None:
        typed = bench.asked.strip()
        return f"“{typed[:20]}” is no number to predict at." if typed else ""
    assert bench.pair is not None
    (x, y), at = bench.columns, bench.at
    low, high = bench.pair.x.min(), bench.pair.x.max()
    values = [curve.values(np.array([at]))[0] if curve else np.nan for curve in bench.curves]
    said = ", ".join(signed(v, ".4g") if np.isfinite(v) else "nothing" for v in values)
    text = f"At {x.name} = {signed(at, '.12g')} they say {said}{_unit(y)}"
    if not low <= at <= high:
        ends = " to ".join(rounded(end, high - low).replace("-", "−") for end in (low, high))
        return f"{text}: outside of the data ({ends}), where no point has tested any of them."
    gap = float(np.min(np.abs(bench.pair.x - at)))
    if gap > 0.1 * (high - low):
        return f"{text}; the nearest point is {gap:.3g}{_unit(x, many=True)} away."
    return f"{text}."


def _drawn(pair: Pair) -> str:
    n = len(pair.x)
    if n <= EXACT:
        return ""
    return f"{len(some_of(pair)):,} of the {n:,} points are drawn, all are fitted."


def some_of(pair: Pair) -> NDArray[np.intp]:
    """The points that are drawn: all, or some at random with those at the ends of x and y."""
    n = len(pair.x)
    if n <= EXACT:
        return np.arange(n)
    ends = [f(values) for values in (pair.x, pair.y) for f in (np.argmin, np.argmax)]
    some = np.random.default_rng(0).choice(n, EXACT, replace=False)
    return np.unique(np.concatenate([some, ends]))


def _warnings(bench: Bench) -> str:
    found = []
    for model, curve in zip(bench.models, bench.curves, strict=True):
        if curve is not None and (curve.warning or not np.isfinite(curve.error)):
            found.append(f"{model.title.capitalize()}: {curve.warning or THROUGH}")
    if bench.pair is not None and len(bench.pair.x) > EXACT and not bench.problem:
        count = len(landmarks_for(bench.pair.x, bench.models[2].width))
        found.append(f"The kernel fit stands on {count} landmarks.")
    return " ".join(found)


def _units(bench: Bench) -> str:
    without = [column.name for column in bench.columns if not column.unit]
    if not without:
        return ""
    names = " and ".join(dict.fromkeys(without))
    return f"No unit is given for {names}; write it behind the name, as in speed [km/h]."


def _letters(bench: Bench) -> str:
    lost = [c.name for c in bench.columns if families_for(short(c.label)) is None]
    if not lost:
        return ""
    return (
        f"No font on this computer has the letters of {' and '.join(dict.fromkeys(lost))}, so the "
        f"picture calls a column by its number."
    )


def axis_label(bench: Bench, axis: int) -> tuple[str, list[str]]:
    """What stands at an axis, and the fonts that have its letters."""
    column, number = bench.columns[axis], f"column {bench.where[axis]}"
    for label in (short(column.label), f"{number} [{column.unit}]", number):
        families = families_for(label)
        if families is not None:
            break
    return label, families or [OURS]


def short(label: str) -> str:
    """A name that fits into a menu, its control characters taken out."""
    clean = "".join(c if c.isprintable() else " " for c in label)
    return clean if len(clean) <= LONGEST else f"{clean[: LONGEST - 1]}…"


def _unit(column: Column, many: bool = False) -> str:
    """The unit as it follows a number: of a date nothing, or years."""
    unit = column.unit.partition(" since ")[0]
    if unit == "year":
        return " years" if many else ""
    return f" {unit}" if unit else ""


def _in_unit(column: Column) -> str:
    unit = _unit(column, many=True)
    return f", in{unit}" if unit else ""


def chosen_words(points: int, of: int) -> str:
    """What the button says that chooses."""
    if of <= CHOOSING:
        who = f"each of the {points} points"
    else:
        who = f"each of {points} of the {of:,} points, drawn at random,"
    return (
        f"Degree, width and ridge were chosen by leaving out {who} in turn; an error that was "
        f"chosen by is a little too good."
    )
