"""The exercises of lesson 14: what fits, what merges, and what a few features can stand for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.functions.elementary.hyperbolic import HyperbolicFunction

from kernelfit.exercises.compare import (
    MOST_DIGITS,
    at,
    difference_at,
    digits_at,
    entries,
    exact_number,
    expression,
    number,
    only_entry,
)
from kernelfit.exercises.engine import (
    AnswerError,
    Exercise,
    Feedback,
    Progress,
    correct,
    incorrect,
    not_attempted,
    quoted,
)
from kernelfit.exercises.merging import judge_merge, merge

# Exercise 1: what fits into a memory -------------------------------------------------------------

_BYTES, _FLOAT, _COLUMNS = 8 * 2**30, 8, 100
_GRAM, _TABLE = 32768, 10_737_418
_GRAM_SLIPS = (
    (31622, "takes a GiB for 10⁹ bytes. It is 2³⁰"),
    (92681, "is the root of the number of bytes. A float takes 8 of them"),
    (46340, "stores half of the symmetric matrix, or 4 bytes a number. Here it is stored whole"),
    (2**30, "is the number of floats that fit. A Gram matrix has n² of them"),
    (2**33, "is the number of bytes. A float takes 8 of them, and there are n² floats"),
)
_TABLE_SLIPS = (
    (10_000_000, "takes a GiB for 10⁹ bytes. It is 2³⁰"),
    (85_899_345, "forgets that a float takes 8 bytes"),
    (2**30, "is the number of floats that fit. A row has 100 of them"),
    (32768, "is the answer for the Gram matrix. Here a row has 100 numbers, whatever n is"),
)


def _judge_memory(gram: Any, table: Any = ...) -> Feedback:
    if table is ... and (both := entries(gram)) is not None and len(both) == 2:
        gram, table = both
    said = _about_a_count(number(gram), gram, _GRAM, _GRAM_SLIPS, _GRAM**2 * _FLOAT)
    if said:
        return incorrect(said)
    if table is ... or table is None:
        return not_attempted(f"{_GRAM} is right. Now the rows of 100 features.")
    said = _about_a_count(number(table), table, _TABLE, _TABLE_SLIPS, _TABLE * 800)
    if said:
        return incorrect(f"{_GRAM} is right. But {said}")
    return correct(
        "n² against n: the same memory holds 33 thousand points or ten million rows. And with more "
        "rows than that? They need not all be there at the same time."
    )


def _about_a_count(
    value: float, answer: Any, right: int, slips: tuple[tuple[int, str], ...], size: int
) -> str:
    shown = quoted(only_entry(answer))
    if value == right:
        return ""
    for slip, words in slips:
        if abs(value - slip) <= 1:
            return f"{shown} {words}."
    if value != round(value):
        return f"{shown} is not a whole number. The last one that fits is below it."
    if value > right:
        return f"{shown} does not fit: it takes more than the {_BYTES} bytes that there are."
    if value <= 0:
        return f"{shown} is not above 0."
    return (
        f"{shown} fits, and {right - value:.0f} more would fit as well: then {size} bytes are "
        f"taken."
    )


q1 = Exercise(
    "Exercise 1",
    _judge_memory,
    hints=[
        "How many floats fit into 8 · 2³⁰ bytes?",
        "2³⁰ floats. A Gram matrix has n² of them, a table of features 100 n.",
        "The root of 2³⁰ is 2¹⁵. And 2³⁰ / 100, rounded down.",
    ],
    solution=(
        "largest_gram, largest_table = 2**15, 2**30 // 100\n"
        "8 · 2³⁰ bytes hold 2³⁰ floats: n² = 2³⁰ gives n = 32768, and 100 n ≤ 2³⁰ gives 10 737 418."
    ),
    answer=lambda: (_GRAM, _TABLE),
)


_LONGEST = 100  # numbers in a list

# Exercise 2: the fewest landmarks ----------------------------------------------------------------


@dataclass(frozen=True)
class _Kernel:
    """A kernel of finitely many features, and which of its bumps are multiples of each other."""

    name: str
    value: Callable[[Any, Any], Any]
    features: int
    key: Callable[[Any], Any]  # landmarks of the same key have bumps that are multiples
    bumps: str


_KERNELS = (
    _Kernel("(1 + xz)³", lambda x, z: (1 + x * z) ** 3, 4, lambda x: x,
            "Bumps at four different places are independent, and every cubic is made of them."),
    _Kernel("(xz)²", lambda x, z: (x * z) ** 2, 1, lambda x: sp.S.One,
            "Every bump of it is a multiple of x²."),
    _Kernel("1 + (xz)²", lambda x, z: 1 + (x * z) ** 2, 2, lambda x: x**2,
            "Its bumps are 1 + ℓ²x²: two of them with different ℓ² make all the others."),
)  # fmt: skip


def _judge_landmarks(cubic: Any, square: Any = ..., even: Any = ...) -> Feedback:
    given = [cubic, square, even]
    rows = entries(cubic)
    if square is ... and rows is not None and len(rows) == 3 and entries(rows[0]) is not None:
        given = rows
    for answer, kernel in zip(given, _KERNELS, strict=True):
        if answer is ... or answer is None:
            return not_attempted(f"The landmarks of {kernel.name} are still open.")
        if said := _about_landmarks(_landmarks(answer, kernel), kernel):
            return incorrect(said)
    return correct(
        "4, 1 and 2: as many as the kernel has independent features, whatever the number of data "
        "points. With so many the landmarks' bumps span all that the kernel can make."
    )


def _listed(answer: Any) -> list[Any] | None:
    """The entries of a list, or of a set or range, which are no sequences of a solver's."""
    short = isinstance(answer, (set, frozenset, range)) and len(answer) <= _LONGEST
    return list(answer) if short else entries(answer)


def _landmarks(answer: Any, kernel: _Kernel) -> list[sp.Expr]:
    items = _listed(answer)
    items = [answer] if items is None else items
    if not 1 <= len(items) <= 20:
        raise AnswerError(f"For {kernel.name} give a list of landmarks, got {quoted(answer, 40)}.")
    try:
        return [exact_number(item) for item in items]
    except AnswerError as refusal:
        raise AnswerError(f"For {kernel.name} you give {quoted(answer, 40)}. {refusal}") from None


def _about_landmarks(landmarks: list[sp.Expr], kernel: _Kernel) -> str:
    shown, need = f"For {kernel.name} the landmarks {quoted(landmarks, 40)}", kernel.features
    useful: list[sp.Expr] = []  # those whose bumps are independent, as many as count
    for landmark in landmarks:
        new = all(_differ(kernel.key(landmark), kernel.key(other)) for other in useful)
        if new and _differ(kernel.value(landmark, landmark), 0):
            useful.append(landmark)
    if len(useful) >= need:
        if len(landmarks) == need:
            return ""
        return f"{shown} are exact, but {len(landmarks)} where {need} will do. {kernel.bumps}"
    zero = [landmark for landmark in landmarks if not _differ(kernel.value(landmark, landmark), 0)]
    if zero:
        return f"{shown} have a bump at 0 that is 0 everywhere: it stands for nothing."
    why = ""
    if len(useful) < len(landmarks):
        why = " Their bumps are one function, or multiples of one."
        if len(useful) > 1:
            why = f" Only {len(useful)} of their bumps are different functions."
    return f"{shown} are not enough.{why} {_wrong_value(useful, kernel)}"


def _wrong_value(useful: list[sp.Expr], kernel: _Kernel) -> str:
    """A place at which the landmarks do not make the kernel, where it is short to write."""
    if not all(landmark.is_Rational for landmark in useful):
        return ""
    W = sp.Matrix([[kernel.value(u, v) for v in useful] for u in useful])
    for x in range(2, 30):
        row = sp.Matrix([kernel.value(x, v) for v in useful])
        found, right = (row.T * W.LUsolve(row))[0], kernel.value(x, x)
        if _differ(found, right):
            return f"They make k({x}, {x}) = {quoted(sp.nsimplify(found), 40)}, and it is {right}."
    return ""


def _differ(one: Any, other: Any) -> bool:
    return bool(sp.simplify(sp.sympify(one) - other) != 0)


q2 = Exercise(
    "Exercise 2",
    _judge_landmarks,
    hints=[
        "With how many features does each of the three kernels write its points? (Lesson 06.)",
        "The bumps at the landmarks must make every other bump. For (1 + xz)³ bumps are cubics; "
        "for (xz)² they are multiples of x².",
        "Four different places; one that is not 0; and for 1 + (xz)² two, but not 1 and −1: look "
        "at their bumps.",
    ],
    solution=(
        "cubic, square, even = [0, 1, 2, 3], [1], [0, 1]\n"
        "The features are 1, x, x², x³ (with factors); x²; and 1, x². At the landmarks they must "
        "be independent: four different x, one x ≠ 0, two different x²."
    ),
    answer=lambda: ([0, 1, 2, 3], [1], [0, 1]),
)


# Exercise 3: what does not merge -----------------------------------------------------------------

_PAIRS = (("a", "c", 0, 2), ("b", "d", 1, 3))


def _judge_medians(a: Any, b: Any = ..., c: Any = ..., d: Any = ...) -> Feedback:
    given = [a, b, c, d]
    if b is ... and (four := entries(a)) is not None and len(four) == 4:
        given = four
    if any(block is ... or block is None for block in given):
        return not_attempted("Four blocks are asked for: a, b, c and d.")
    blocks = [_block(block, name) for block, name in zip(given, "abcd", strict=True)]
    for one, other, i, j in _PAIRS:
        if len(blocks[i]) != len(blocks[j]):
            return incorrect(
                f"{one} has {len(blocks[i])} readings and {other} has {len(blocks[j])}. A machine "
                f"that sends the count as well would tell them apart: make them equal."
            )
    for one, other, i, j in _PAIRS:
        first, second = _median(blocks[i]), _median(blocks[j])
        if first != second:
            return incorrect(
                f"{one} has the median {first} and {other} has {second}. They must be equal."
            )
    left, right = (_median([*blocks[i], *blocks[i + 1]]) for i in (0, 2))
    if left == right:
        same = all(sorted(blocks[i]) == sorted(blocks[i + 2]) for i in (0, 1))
        more = " (c and d hold the very readings of a and b.)" if same else ""
        return incorrect(
            f"All blocks agree, but {quoted(given[0], 30)} with {quoted(given[1], 30)} has the "
            f"median {left}, and so has {quoted(given[2], 30)} with {quoted(given[3], 30)}.{more}"
        )
    return correct(
        f"The machines send the same counts and the same medians, {_median(blocks[0])} and "
        f"{_median(blocks[1])}. The median of all is {left} in the one case and {right} in the "
        f"other, so no formula can find it from what they send."
    )


def _block(answer: Any, name: str) -> list[sp.Expr]:
    items = _listed(answer)
    if not items or len(items) > _LONGEST:
        found = "an empty list" if items == [] else quoted(answer, 40)
        raise AnswerError(f"{name} is {found}. Give a list of 1 to {_LONGEST} readings.")
    try:
        return [exact_number(item) for item in items]
    except AnswerError as refusal:
        raise AnswerError(f"{name} is {quoted(answer, 40)}. {refusal}") from None


def _median(block: list[sp.Expr]) -> sp.Expr:
    ordered, half = sorted(block), len(block) // 2
    return ordered[half] if len(block) % 2 else (ordered[half - 1] + ordered[half]) / 2


q3 = Exercise(
    "Exercise 3",
    _judge_medians,
    hints=[
        "The median of a block does not say how far the others are from it. Three readings each "
        "will do.",
        "Let a and b have the medians 1 and 5. Take the outer readings of a and b once near their "
        "medians, and in c and d far from them.",
        "a = [1, 1, 1] and b = [5, 5, 5] have the median 3 together. In c = [1, 1, 9] and "
        "d = [5, 5, 9] the medians are the same. And together?",
    ],
    solution=(
        "a, b = [1, 1, 1], [5, 5, 5]\n"
        "c, d = [1, 1, 9], [5, 5, 9]\n"
        "The medians of the blocks are 1 and 5 both times; together it is 3 once and 5 once. A "
        "mean, a sum or a count merges, a median does not."
    ),
    answer=lambda: ([1, 1, 1], [5, 5, 5], [1, 1, 9], [5, 5, 9]),
)


# Exercise 4: merging triangles -------------------------------------------------------------------

q4 = Exercise(
    "Exercise 4",
    judge_merge,
    hints=[
        "n is a sum. The mean is the sum of all rows divided by n, and n_a * mean_a is the sum of "
        "the rows of a.",
        "R is the triangle of three things stacked: R_a, R_b and one row, whose square is the "
        "correction of the sympy cell.",
        "row = np.sqrt(n_a * n_b / n) * (mean_a - mean_b), then R = np.linalg.qr(np.vstack([R_a, "
        "R_b, row]), mode='r').",
    ],
    solution=(
        "n = n_a + n_b\n"
        "mean = (n_a * mean_a + n_b * mean_b) / n\n"
        "row = np.sqrt(n_a * n_b / n) * (mean_a - mean_b)\n"
        "R = np.linalg.qr(np.vstack([R_a, R_b, row]), mode='r')\n"
        "R'R is R_a'R_a + R_b'R_b + row'row, and nothing was squared to get it."
    ),
    answer=lambda: merge,
)


# Exercise 5: how slowly chance converges ---------------------------------------------------------

_S, _SIGMA = sp.Symbol("s", real=True), sp.Symbol("sigma", positive=True)
_MEAN = sp.exp(-(_S**2) / (2 * _SIGMA**2))
_SQUARE = (1 + sp.exp(-2 * _S**2 / _SIGMA**2)) / 2
_VARIANCE = _SQUARE - _MEAN**2
_VARIANCE_SLIPS = (
    (_SQUARE, "is the mean of the square. The square of the mean is still to be taken off"),
    (sp.S.Half - _MEAN**2 / 2, "takes e^(−s²/σ²) for the mean of cos 2ωs. With 2s in place of s "
     "the exponent is four times as large"),
    ((1 - sp.exp(-2 * _S**2 / _SIGMA**2)) / 2, "is the variance of sin ωs"),
    (_SQUARE - _MEAN, "takes off the mean, not its square"),
    (sp.S.Half, "is what it becomes for points far apart. What is it for any s?"),
    (-_VARIANCE, "has the wrong sign. It is the mean of the square less the square of the mean"),
    (_MEAN, "is the mean of cos ωs. How far does a single one scatter from it?"),
)  # fmt: skip
_PLACES = [{_S: sp.Integer(a), _SIGMA: sp.Integer(b)} for a, b in ((1, 1), (2, 1), (1, 2), (3, 2))]
_COUNT = 10**6
_COUNT_SLIPS = (
    (500_000, "is the number of waves. Each is two features"),
    (2_000_000, "takes the variance of one wave for 1. Far apart it is 1/2"),
    (1_000, "gives 0.001 for the variance. The standard deviation is its root"),
    (250_000, "takes a feature for two waves. It is the other way round"),
)


def _judge_variance(variance: Any, count: Any = ...) -> Feedback:
    if count is ... and (both := entries(variance)) is not None and len(both) == 2:
        variance, count = both
    given = expression(variance, {"s": _S, "sigma": _SIGMA})
    given = given.replace(lambda f: isinstance(f, HyperbolicFunction), lambda f: f.rewrite(sp.exp))
    if not _same(given, _VARIANCE):
        return incorrect(_about_the_variance(given, variance))
    if count is ... or count is None:
        return not_attempted("The variance is right. Now the number of features.")
    value, shown = number(count), quoted(only_entry(count))
    if abs(value - _COUNT) <= 1:
        return correct(
            "(1 − e^(−s²/σ²))² / 2, and m = 1/0.001². A million columns for three digits; ten "
            "times as exact means a hundred times as many."
        )
    for slip, words in _COUNT_SLIPS:
        if abs(value - slip) <= 1:
            return incorrect(f"The variance is right. But {shown} {words}.")
    if value <= 0:
        return incorrect(f"The variance is right. But {shown} is no number of features.")
    return incorrect(
        f"The variance is right. But with {shown} features, {shown} / 2 waves of variance 1/2, the "
        f"standard deviation of their mean is {value**-0.5:.3g}."
    )


def _same(one: sp.Expr, other: sp.Expr) -> bool:
    """Whether the two are equal: most that differ do so in the digits at one place."""
    gap = one - other
    for place in _PLACES:
        if digits_at(gap, place) < MOST_DIGITS:
            value = sp.N(gap.subs(place), 30)
            if value.is_comparable and abs(value) > 1e-20:
                return False
    return bool(sp.expand(gap) == 0) or _difference(one, other) is None


def _difference(one: sp.Expr, other: sp.Expr) -> Any:
    return difference_at(one, other, first=_PLACES)


def _about_the_variance(given: sp.Expr, answer: Any) -> str:
    for slip, words in _VARIANCE_SLIPS:
        if _same(given, slip):
            return f"{quoted(answer)} {words}."
    if _same(given**2, _VARIANCE):
        return f"{quoted(answer)} is the standard deviation. The variance is its square."
    place = _difference(given, _VARIANCE) or _PLACES[0]
    got, want = sp.N(given.subs(place), 4), sp.N(_VARIANCE.subs(place), 4)
    return f"For {at(place)} yours is {quoted(got)}, and the variance is {want}."


q5 = Exercise(
    "Exercise 5",
    _judge_variance,
    hints=[
        "cos² u = (1 + cos 2u) / 2. And the mean of cos ωs is known for every s.",
        "So the mean of cos² ωs is (1 + e^(−(2s)²/2σ²)) / 2. Take off the square of e^(−s²/2σ²). "
        "Far apart 1/2 is left.",
        "m features are m/2 waves, and a mean of N has the variance V/N: 1/2 divided by m/2 is "
        "1/m. Its root is to be 0.001.",
    ],
    solution=(
        "variance = (1 + sp.exp(-2 * s**2 / sigma**2)) / 2 - sp.exp(-(s**2) / sigma**2)\n"
        "how_many = 10**6\n"
        "The variance is (1 − e^(−s²/σ²))² / 2, nearly 1/2 for points far apart. The mean of m/2 "
        "waves then has the standard deviation 1/√m."
    ),
    answer=lambda: (_VARIANCE, _COUNT),
)


def progress() -> Progress:
    """How far the exercises of this lesson have come."""
    return Progress((q1, q2, q3, q4, q5))
