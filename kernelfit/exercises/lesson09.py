"""The exercises of lesson 09: the Gaussian, step by step and feature by feature."""

from __future__ import annotations

from collections import Counter
from math import factorial, log, log10, sqrt
from typing import Any

import sympy as sp
from scipy.special import pdtrc

from kernelfit.exercises.compare import (
    at,
    difference_at,
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
from kernelfit.exercises.gaussian_features import PHI, feature_of_bell, first_wrong_term

# Exercise 1: the steps in order ------------------------------------------------------------------

_SAYS = {
    1: "goes to the limit",
    2: "shows that each term is a kernel",
    3: "factors the bell",
    4: "adds up the first terms",
    5: "multiplies by f(x) f(z)",
    6: "writes the exponential as a series",
}
# What each step rests on, with the reason.
_NEEDS = {
    4: {2: "A sum of terms is a kernel because each term is one."},
    1: {
        4: "The limit is a kernel because every partial sum is one.",
        6: "Only the series says that the limit of the partial sums is the exponential.",
    },
    5: {
        1: "It multiplies the exponential, which must be a kernel by then.",
        3: "Before the bell is factored there is no f(x) to multiply by.",
    },
}


def _is_proof(steps: list[int]) -> bool:
    return all(
        steps.index(needed) < steps.index(step) for step in _NEEDS for needed in _NEEDS[step]
    )


def _judge_order(answer: Any) -> Feedback:
    items = entries(answer)
    if items is None or len(items) != 6:
        raise AnswerError(
            f"{quoted(answer)} is no list of six numbers. Give the numbers of the six steps in "
            f"their order, as in [1, 2, 3, 4, 5, 6]."
        )
    if any(item is ... or item is None for item in items):
        return not_attempted("One of the six places is still empty.")
    exact = [exact_number(item) for item in items]
    for item in exact:
        if item not in _SAYS:
            return incorrect(
                f"There is no step {quoted(item)} in {quoted(answer)}. They are 1 to 6."
            )
    steps = [int(item) for item in exact]
    twice = [str(step) for step, count in Counter(steps).items() if count > 1]
    if twice:
        missing = ", ".join(str(step) for step in _SAYS if step not in steps)
        return incorrect(
            f"In {quoted(answer)} {', '.join(twice)} stands more than once. Missing: {missing}."
        )
    for place, step in enumerate(steps):
        for needed, why in _NEEDS.get(step, {}).items():
            if needed not in steps[:place]:
                words = (
                    f"In {quoted(answer)} step {step}, which {_SAYS[step]}, stands before step "
                    f"{needed}, which {_SAYS[needed]}. {why}"
                )
                listed = [steps.index(number) + 1 for number in _SAYS]
                if _is_proof(listed):
                    words += (
                        f" Did you give the place of each step? Listed by their numbers, the "
                        f"steps of that order are {listed}."
                    )
                return incorrect(words)
    words = "Each step stands on what comes before it."
    if steps == [6, 2, 4, 1, 3, 5]:
        return correct(
            f"{words} It is the order of the lesson: part (1) takes four steps, part (2) takes two."
        )
    return correct(
        f"{words} (The lesson has 6, 2, 4, 1, 3, 5. Steps 2, 3 and 6 rest on no other step, so "
        f"they can stand earlier or later, as in yours.)"
    )


q1 = Exercise(
    "Exercise 1",
    _judge_order,
    hints=[
        "Which steps can be understood without any of the others? They may stand first.",
        "The last step makes the bell. What does it multiply, and how is that known to be a "
        "kernel?",
        "Series, term, partial sum, limit: that is part (1). Then factor and multiply.",
    ],
    solution=(
        "order = [6, 2, 4, 1, 3, 5]\n"
        "Series (6), each term (2), partial sums (4), limit (1), factor (3), multiply (5). Step 4 "
        "needs 2; step 1 needs 4 and 6; step 5 needs 1 and 3. Every order that keeps to this is a "
        "proof."
    ),
    answer=lambda: [6, 2, 4, 1, 3, 5],
)


# Exercise 2: the features ------------------------------------------------------------------------


def _judge_feature(answer: Any) -> Feedback:
    if wrong := first_wrong_term(feature_of_bell(answer), answer):
        return incorrect(wrong)
    return correct(
        "The products φ_m(x) φ_m(z) are the terms of the bell, from m = 0 on: their sum up to N "
        "is f(x) k_N f(z). The root of m! stands in both factors, and so m! in the product."
    )


q2 = Exercise(
    "Exercise 2",
    _judge_feature,
    hints=[
        "Write down one term of the bell: f(x) · (xz)^m / (m! σ^(2m)) · f(z).",
        "Sort it: what belongs to x, what to z, and what must be shared fairly?",
        "x^m and f(x) go to x. Of 1/(m! σ^(2m)) each gets the root.",
    ],
    solution=(
        "feature = sp.exp(-x**2 / (2*sigma**2)) * x**m / (sigma**m * sp.sqrt(sp.factorial(m)))\n"
        "Its product with the same of z is f(x) · (xz)^m / (m! σ^(2m)) · f(z), the term number m."
    ),
    answer=lambda: PHI,
)


# Exercise 3: how many are enough -----------------------------------------------------------------

_MEAN = 9.0  # (R/σ)² for R = 3, σ = 1
_GOALS = (1e-3, 1e-6)
_GOAL_WORDS = ("1e−3", "1e−6")


def _tail(last: int, mean: float = _MEAN) -> float:
    """Pr[Poisson(mean) > last], which is the gap after the terms 0, ..., last."""
    return float(pdtrc(last, mean))


def _smallest(goal: float, mean: float = _MEAN) -> int:
    return next(last for last in range(1000) if _tail(last, mean) <= goal)


def _by_the_crude_bound(goal: float) -> int:
    return next(n for n in range(1000) if _MEAN ** (n + 1) / factorial(n + 1) <= goal)


def _judge_count(for_3: Any, for_6: Any = ...) -> Feedback:
    if for_6 is ... and (both := entries(for_3)) is not None and len(both) == 2:
        for_3, for_6 = both
    first = _whole(for_3)
    if for_6 is ... or for_6 is None:
        said = _count_in_words(first, 0)
        return incorrect(said) if said else not_attempted(f"{first} is right. Now for 1e−6.")
    found = (first, _whole(for_6))
    right = tuple(_smallest(goal) for goal in _GOALS)
    if found == right:
        return correct(
            f"The gap is {_tail(20):.2e} after N = 20 and {_tail(19):.2e} after 19; "
            f"{_tail(26):.1e} after 26 and {_tail(25):.1e} after 25.".replace("e-0", "e−")
        )
    shown = f"{found[0]} and {found[1]}"
    if found == right[::-1]:
        return incorrect(f"{shown} are the right numbers in the other order.")
    if found == tuple(n + 1 for n in right):
        return incorrect(
            f"{shown} are the numbers of features. They are counted from m = 0, so the last one, "
            f"N, has a number that is smaller by 1."
        )
    if found == tuple(_smallest(goal, 3.0) for goal in _GOALS):
        return incorrect(
            f"{shown} belong to the mean 3. The mean is (R/σ)², and that is the square of 3."
        )
    if found == tuple(_by_the_crude_bound(goal) for goal in _GOALS):
        return incorrect(
            f"{shown} come from the first term that is left out, without the factor e^(−9). They "
            f"are enough, but not the smallest."
        )
    said = " ".join(words for k in (0, 1) if (words := _count_in_words(found[k], k)))
    return incorrect(said)


def _whole(answer: Any) -> int:
    value = number(answer)
    if value != round(value):
        raise AnswerError(f"{quoted(answer)} is not a whole number. N counts terms.")
    if not 0 <= value < 1000:
        raise AnswerError(f"{quoted(answer)} is not a number of a term that could be meant here.")
    return round(value)


def _count_in_words(last: int, k: int) -> str:
    """What is wrong with the k-th answer; nothing when it is right."""
    goal, words = _GOALS[k], _GOAL_WORDS[k]
    right = _smallest(goal)
    if last == right:
        return ""
    gap = f"{_tail(last):.2e}".replace("e-0", "e−").replace("e-", "e−")
    if last < right:
        near = " One more is needed." if last == right - 1 else ""
        return f"After N = {last} the gap is {gap}, more than {words}.{near}"
    if last == right + 1:
        return f"N = {last} is one too many for {words}: the gap is {gap}, and N = {right} will do."
    fewer = f"{_tail(last - 1):.2e}".replace("e-0", "e−").replace("e-", "e−")
    return (
        f"N = {last} is enough for {words}, with a gap of {gap}, but not the smallest: one term "
        f"fewer leaves {fewer}."
    )


q3 = Exercise(
    "Exercise 3",
    _judge_count,
    hints=[
        "The largest gap is Pr[Poisson((R/σ)²) > N]. What is the mean here?",
        "poisson.sf(N, 9) is the gap after N. Try N = 15, and go on.",
        "next(N for N in range(100) if poisson.sf(N, 9) <= 1e-3), and the same with 1e-6.",
    ],
    solution=(
        "for_3, for_6 = 20, 26\n"
        "The mean is (R/σ)² = 9. Pr[Poisson(9) > 20] is 4.4e−4, and 19 leaves 1.1e−3. "
        "Pr[Poisson(9) > 26] is the first below 1e−6."
    ),
    answer=lambda: (20, 26),
)


# Exercise 4: three numbers for one width ---------------------------------------------------------

_WIDTH = 0.7
_GAMMA = 1 / (2 * _WIDTH**2)
_FWHM = 2 * sqrt(2 * log(2)) * _WIDTH
_DIGITS = 5.1e-5  # four digits after the point, rounded or cut off at the next
_GAMMA_SLIPS = {
    _WIDTH: "is σ itself. Passed as γ it makes another bell, one with the width 0.845.",
    1 / _WIDTH**2: "is 1/σ². The exponent is −r²/(2σ²): where has the 2 gone?",
    1 / (2 * _WIDTH): "is 1/(2σ). The exponent has σ².",
    1 / _WIDTH: "is 1/σ. The exponent is −r²/(2σ²): σ is squared, and there is a 2.",
    2 * _WIDTH**2: "is 2σ². It stands below the line: γ is its reciprocal.",
    _WIDTH**2 / 2: "is σ²/2. In −r²/(2σ²) the σ² stands below the line.",
}
_FWHM_SLIPS = {
    _FWHM / 2: "is half of it: from the middle to where the bell is 1/2. The full width has both "
    "sides.",
    2 * sqrt(2 * log10(2)) * _WIDTH: "comes from the logarithm with base 10. The bell is a power "
    "of e.",
    2 * sqrt(log(2)) * _WIDTH: "solves exp(−r²/σ²) = 1/2. The exponent is −r²/(2σ²).",
    2 * _WIDTH: "is 2σ, where the bell has fallen to 61 %, not to half.",
    2.355 * _WIDTH: "comes from 2.355, which is rounded itself. Take 2 √(2 ln 2).",
    2.35 * _WIDTH: "comes from 2.35, which is rounded itself. Take 2 √(2 ln 2).",
    2 * sqrt(2 * log(2)): "belongs to σ = 1. Here σ is 0.7.",
    2 * sqrt(2 * log(2)) / _WIDTH: "is 2.3548 divided by σ. A wider bell has a larger FWHM.",
    2 * sqrt(2 * log(2)) * _GAMMA: "is 2.3548 γ. The FWHM is measured in the unit of σ.",
}


def _judge_widths(gamma: Any, fwhm: Any = ...) -> Feedback:
    if fwhm is ... and (both := entries(gamma)) is not None and len(both) == 2:
        gamma, fwhm = both
    first = number(gamma)
    if fwhm is ... or fwhm is None:
        said = _said("γ", first, gamma, _GAMMA, _GAMMA_SLIPS)
        return incorrect(said) if said else not_attempted("γ is right. Now the FWHM.")
    second = number(fwhm)
    if abs(first - _FWHM) <= 1e-3 and abs(second - _GAMMA) <= 1e-3:
        return incorrect(f"{quoted(gamma)} and {quoted(fwhm)} stand in the other order.")
    found = (
        _said("γ", first, gamma, _GAMMA, _GAMMA_SLIPS),
        _said("FWHM", second, fwhm, _FWHM, _FWHM_SLIPS),
    )
    if any(found):
        right = "" if all(found) else f" Your {'FWHM' if found[0] else 'γ'} is right."
        return incorrect(" ".join(words for words in found if words) + right)
    return correct(
        "One bell, three names: σ = 0.7, γ = 1/(2 · 0.49) = 1.0204, FWHM = 2 √(2 ln 2) · 0.7 = "
        "1.6484. Whoever gives a width has to say which it is."
    )


def _said(name: str, value: float, answer: Any, right: float, slips: dict[float, str]) -> str:
    """What is wrong with one of the two numbers; nothing when it is right."""
    shown = quoted(only_entry(answer))
    if abs(value - right) <= _DIGITS:
        return ""
    for slip, words in slips.items():
        if abs(value - slip) <= 6e-5 * max(1.0, abs(slip)):
            return f"Your {name}, {shown}, {words}"
    if abs(value - right) <= 0.006:
        return f"Your {name}, {shown}, is near, but not right to four digits after the point."
    if abs(value) > 40:
        return f"Your {name}, {shown}, is not of the size of 0.7 and its like. Is it typed right?"
    if name == "FWHM" and value <= 0:
        return f"Your FWHM, {shown}, is not the distance between two places: it is not above 0."
    if name == "γ":
        at_one = sp.N(sp.exp(-sp.Float(value)), 4)
        return (
            f"With your γ, {shown}, the bell at distance 1 would be {at_one}; with σ = 0.7 it is "
            f"0.3604."
        )
    height = sp.N(sp.exp(-((sp.Float(value) / 2) ** 2) / (2 * sp.Float(_WIDTH) ** 2)), 4)
    return (
        f"Your FWHM, {shown}, ends at distances of half of it from the middle, and there the "
        f"bell is {height}, not 1/2."
    )


q4 = Exercise(
    "Exercise 4",
    _judge_widths,
    hints=[
        "Put the two exponents beside each other: −r²/(2σ²) and −γ r².",
        "γ is 1/(2σ²). For the FWHM solve exp(−r²/(2σ²)) = 1/2 for r: how far apart are the two "
        "solutions?",
        "r² = 2σ² ln 2, so the FWHM is 2 r = 2 √(2 ln 2) σ.",
    ],
    solution=(
        "gamma, fwhm = 1 / (2 * 0.7**2), 2 * np.sqrt(2 * np.log(2)) * 0.7\n"
        "γ = 1/(2σ²) = 1.0204 from the exponents, and FWHM = 2 √(2 ln 2) σ = 1.6484 from "
        "exp(−r²/(2σ²)) = 1/2."
    ),
    answer=lambda: (_GAMMA, _FWHM),
)


# Exercise 5: the determinant for four points -----------------------------------------------------

_T = sp.Symbol("t", real=True)
_DET = (1 - _T**2) ** 6 * (1 + _T**2) ** 2 * (1 + _T**2 + _T**4)
_DET_SLIPS = (
    (-_DET, "has the right size and the wrong sign"),
    ((1 - _T**2) ** 3, "belongs to the exponents |i − j|. The exponents are squares: at a distance "
     "of 2h the bell is t⁴, at 3h it is t⁹"),
    ((1 - _T**2) ** 3 * (1 + _T**2), "is the determinant for three points"),
    ((1 - _T) ** 6 * (1 + _T) ** 2 * (1 + _T + _T**2), "has t where t² should stand. What is the "
     "bell at a distance of h?"),
    (_DET**2, "is its square"),
    (1 - _T**2, "is the determinant for two points"),
)  # fmt: skip


def _judge_determinant(answer: Any) -> Feedback:
    given = only_entry(answer)
    if isinstance(given, sp.MatrixBase):
        return incorrect(f"{quoted(answer)} is a matrix. Give its determinant.")
    if isinstance(given, sp.Basic):
        others = {str(s) for s in given.free_symbols} & {"h", "sigma", "x", "z"}
        if others:
            raise AnswerError(
                f"{quoted(answer)} contains {', '.join(sorted(others))}. Write it with t alone: at "
                f"a distance of h the bell is t, at 2h it is t**4."
            )
    det = expression(answer, {"t": _T})
    point = difference_at(det, _DET, first=[{_T: sp.Rational(1, 2)}])  # a t that a bell can have
    if point is None:
        return correct(
            "It is (1 − t²)⁶ (1 + t²)² (1 + t² + t⁴) in one form or another: three factors, none "
            "of them 0 for 0 < t < 1. The four lifted points never lie in three dimensions."
        )
    for slip, words in _DET_SLIPS:
        if difference_at(det, slip) is None:
            return incorrect(f"{quoted(answer)} {words}.")
    got, want = (sp.simplify(d.subs(point)) for d in (det, _DET))
    return incorrect(
        f"At {at(point)} your determinant is {quoted(got, 40)}, and that of the Gram matrix, "
        f"whose first row is 1, t, t⁴, t⁹, is {quoted(want, 40)}."
    )


q5 = Exercise(
    "Exercise 5",
    _judge_determinant,
    hints=[
        "Write down the matrix. Which power of t stands at a distance of 2h?",
        "The entry in row i, column j is t**((i - j)**2): 1, t, t**4, t**9 in the first row.",
        "sp.Matrix(4, 4, lambda i, j: t**((i - j)**2)).det(), and sp.factor makes it readable.",
    ],
    solution=(
        "determinant = sp.factor(sp.Matrix(4, 4, lambda i, j: t**((i - j)**2)).det())\n"
        "= (1 − t²)⁶ (1 + t²)² (1 + t² + t⁴), positive for 0 < t < 1."
    ),
    answer=lambda: _DET,
)


def progress() -> Progress:
    """How far the exercises of this lesson have come."""
    return Progress((q1, q2, q3, q4, q5))
