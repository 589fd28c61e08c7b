"""The exercises of lesson 12: every point as a witness, and what a witness may not know."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from kernelfit.datasets import load
from kernelfit.exercises.compare import (
    at,
    difference_at,
    entries,
    exact_number,
    expression,
    holds_floats,
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
from kernelfit.exercises.leaving_out import judge_left_out, left_out
from kernelfit.polynomial import PolynomialRegression
from kernelfit.selection import choose_degree

Array = NDArray[np.float64]

# Exercise 1: a point for which nobody can speak --------------------------------------------------

_STRAY, _COUNT = 7, 11
_TENTH, _ONE = sp.Rational(1, 10), sp.Integer(1)
_LEVERAGES = [_ONE if i == _STRAY else _TENTH for i in range(_COUNT)]


def _judge_leverages(stray: Any, leverages: Any = ...) -> Feedback:
    if leverages is ... and (both := entries(stray)) is not None and len(both) == 2:
        stray, leverages = both
    said = _about_the_stray(number(stray), stray)
    if said:
        return incorrect(said)
    if leverages is ... or leverages is None:
        return not_attempted("7 is right. Now the eleven leverages.")
    items = entries(leverages)
    if items is None or len(items) != _COUNT:
        found = "one thing" if items is None else f"a list of {len(items)}"
        raise AnswerError(
            f"{quoted(leverages)} is {found}. Give the leverages of all {_COUNT} points, in the "
            f"order of the data."
        )
    if any(item is ... or item is None for item in items):
        return not_attempted("One of the eleven places is still empty.")
    exact = [exact_number(item) for item in items]
    if all(sp.simplify(h - right) == 0 for h, right in zip(exact, _LEVERAGES, strict=True)):
        return correct(
            "Ten points at x = 8 share one coefficient, a tenth each. The one at 19 has the other "
            "for itself: 1/10 · 10 + 1 = 2. Its residual is 0 whatever its y, and 1 − h is 0 as "
            "well: 0/0."
        )
    return incorrect(_about_the_leverages(exact, leverages))


def _about_the_stray(value: float, answer: Any) -> str:
    shown = quoted(answer)
    if value == _STRAY:
        return ""
    if value == _STRAY + 1:
        return f"{shown} counts from 1. Python counts from 0."
    if value == 19:
        return f"{shown} is its x. Where in fourth.x does it stand?"
    if value == round(value) and 0 <= value < _COUNT:
        return (
            f"Point number {shown} is at x = 8, where nine others are: without it a line still has "
            f"ten points and two different x."
        )
    return f"{shown} is not the number of a point. They are 0 to 10."


def _about_the_leverages(exact: list[sp.Expr], answer: Any) -> str:
    total, values = sum(exact), [float(h) for h in exact]
    if holds_floats(answer) and np.allclose(values, [float(h) for h in _LEVERAGES], atol=1e-9):
        return (
            f"{quoted(answer)} is right but for rounding. Exact numbers are asked for: use "
            f"fourth.fractions() and sp.Matrix."
        )
    if set(exact) == {_TENTH, _ONE} and total == 2:
        return (
            f"1/10 and 1 are right, but in {quoted(answer)} the 1 stands at number "
            f"{exact.index(_ONE)}. Which point is at x = 19?"
        )
    if set(exact) == {sp.Rational(1, 11)}:
        return (
            f"{quoted(answer)}: 1/11 each would be the leverages of the mean, degree 0. For a line "
            f"they add up to 2."
        )
    if sorted(values) == [0.0] + [0.9] * 10:
        return f"{quoted(answer)} are the 1 − h. What is h?"
    for i, h in enumerate(exact):
        if not 0 <= float(h) <= 1:
            return (
                f"The leverage {h} of point {i} lies outside of 0 to 1. H is a projection: no "
                f"entry on its diagonal can."
            )
    if total != 2:
        return (
            f"Your leverages add up to {sp.nsimplify(total)}. A line has 2 coefficients, and the "
            f"trace of H is 2."
        )
    i = next(i for i, h in enumerate(exact) if h != _LEVERAGES[i])
    return (
        f"{exact[i]} at point {i} is not right, though the sum is 2. Points of the same x have the "
        f"same leverage."
    )


q1 = Exercise(
    "Exercise 1",
    _judge_leverages,
    hints=[
        "Look at fourth.x. And what is the best line at x = 8, whatever the point at 19 does?",
        "The leverages are the diagonal of H = X (XᵀX)⁻¹ Xᵀ, with a column of ones and the x in X.",
        "X = sp.Matrix([[1, x] for x, _ in fourth.fractions()]), then H as above, and "
        "list(H.diagonal()).",
    ],
    solution=(
        "stray = 7\n"
        "leverages = [sp.Rational(1, 10)] * 7 + [1] + [sp.Rational(1, 10)] * 3\n"
        "At x = 8 the line passes through the mean of ten points: moving one y by 1 moves it by "
        "1/10. At 19 it passes through the point: it follows by 1. So 1 − h = 0 there."
    ),
    answer=lambda: (_STRAY, list(_LEVERAGES)),
)


# Exercise 2: Old Faithful ------------------------------------------------------------------------

_DEGREES = range(13)
_DIGITS = 5.1e-4  # three digits after the point, rounded or cut off at the next


@cache
def _geyser() -> tuple[Array, Array]:
    """Leave-one-out and training errors in minutes, degrees 0 to 12."""
    data = load("old_faithful")
    left = np.sqrt(choose_degree(data.x, data.y, _DEGREES).mean_squared_error)
    fits = [PolynomialRegression(d).fit(data.x, data.y) for d in _DEGREES]
    return left, np.array([np.sqrt(np.mean(fit.residuals_**2)) for fit in fits])


def _judge_geyser(degree: Any, error: Any = ...) -> Feedback:
    if error is ... and (both := entries(degree)) is not None and len(both) == 2:
        degree, error = both
    left, _ = _geyser()
    d, best = number(degree), int(np.argmin(left))
    if d != round(d) or d not in _DEGREES:
        return incorrect(f"{quoted(degree)} is not one of the degrees 0 to 12.")
    if d == 12:
        return incorrect(
            "Degree 12 has the least training error, as the highest degree always has. Its "
            f"leave-one-out error, {left[12]:.3f} min, is larger than that of lower ones."
        )
    if d != best:
        lower = int(d) - 1 if d > best else int(d) + 1
        return incorrect(
            f"Degree {d:g} has a leave-one-out error of {left[int(d)]:.3f} min, and degree {lower} "
            f"has {left[lower]:.3f}."
        )
    if error is ... or error is None:
        return not_attempted(f"Degree {best} is right. Now its error.")
    value = number(error)
    if abs(value - left[best]) <= _DIGITS:
        return correct(
            f"Degree 4 has {left[4]:.3f} min, degrees 3 and 5 have {left[3]:.3f} and "
            f"{left[5]:.3f}: a plateau again, and a parabola (5.814) is hardly worse."
        )
    return incorrect(f"Degree 4 is right. {_about_the_error(value, error)}")


def _about_the_error(value: float, answer: Any) -> str:
    left, training = _geyser()
    shown = quoted(only_entry(answer))
    if abs(value - left[4] ** 2) <= 6e-3:
        return f"But {shown} is the mean of the squares, in min². Its root is in minutes."
    if abs(value - training[4]) <= _DIGITS:
        return f"But {shown} is the training error at this degree."
    if abs(value - left[4] * np.sqrt(272 / 267)) <= _DIGITS:
        return f"But {shown} divides by n − 5. Every miss is a prediction: their mean has n."
    for other in _DEGREES:
        if abs(value - left[other]) <= _DIGITS:
            return f"But {shown} is the leave-one-out error of degree {other}."
    if abs(value - left[4]) <= 0.01:
        return f"But {shown} is near, not right to three digits after the point."
    return f"But {shown} is not the root of the mean of its squared misses."


q2 = Exercise(
    "Exercise 2",
    _judge_geyser,
    hints=[
        "Which function of the package looks at many degrees at once?",
        "choice = kf.choose_degree(geyser.x, geyser.y, range(13)). What has it got?",
        "choice.best is the degree, choice.mean_squared_error[choice.best] the mean of the "
        "squares. The root is in minutes.",
    ],
    solution=(
        "geyser = kf.load('old_faithful')\n"
        "choice = kf.choose_degree(geyser.x, geyser.y, range(13))\n"
        "best_degree, error = choice.best, np.sqrt(choice.mean_squared_error.min())\n"
        "Degree 4, 5.688 min; without leaving out, the error would have chosen 12."
    ),
    answer=lambda: (4, 5.688),
)


# Exercise 3: with a kernel and a ridge -----------------------------------------------------------

q3 = Exercise(
    "Exercise 3",
    judge_left_out,
    hints=[
        "n fits in a loop are a right answer. The last formula of this section needs no loop.",
        "c solves (K + λI) c = y. Its entries are divided by the diagonal of a matrix: which?",
        "inverse = np.linalg.inv(K + ridge * np.eye(len(y))), then c = inverse @ y, and the "
        "diagonal is np.diag(inverse).",
    ],
    solution=(
        "def left_out(K, y, ridge):\n"
        "    inverse = np.linalg.inv(K + ridge * np.eye(len(y)))\n"
        "    return inverse @ y / np.diag(inverse)\n"
        "Here the inverse itself is wanted, for its diagonal, and the ridge makes it harmless."
    ),
    answer=lambda: left_out,
)


# Exercise 4: generalised cross-validation --------------------------------------------------------

_E, _N, _T = (sp.Symbol(name, positive=True) for name in ("E", "n", "t"))
_GCV = _N * _E / (_N - _T) ** 2
_GCV_SLIPS = (
    (_E / _N, "is the mean of the squared residuals, without any leverage"),
    (_E / (_N - _T), "divides by n − t once. Each residual is divided by 1 − t/n and then squared"),
    (_E / (_N - _T) ** 2, "has lost a factor n. The mean of the squares is E/n, and 1 − t/n is "
     "(n − t)/n"),
    (_E / (1 - _T / _N) ** 2, "is the sum of the squares. What is their mean?"),
    (_E / (_N * (1 - _T) ** 2), "takes t for every h_i. The mean leverage is t/n"),
    (_E / (_N * (1 - _T / _N)), "has 1 − t/n once. The quotient is squared, and so is what stands "
     "below"),
    (_E**2 / (_N * (1 - _T / _N) ** 2), "squares E. E is a sum of squares already"),
)  # fmt: skip
_A_CASE = {_E: sp.Integer(18), _N: sp.Integer(5), _T: sp.Integer(2)}


def _judge_gcv(answer: Any) -> Feedback:
    given = expression(answer, {"E": _E, "n": _N, "t": _T})
    point = _first_difference(given, _GCV)
    if point is None:
        return correct(
            "n E / (n − t)², in one form or another. It is the leave-one-out error whenever all "
            "leverages are the same, and for degree d it has t = d + 1. On the winning times it "
            "chooses 12."
        )
    for slip, words in _GCV_SLIPS:
        if _first_difference(given, slip) is None:
            return incorrect(f"{quoted(answer)} {words}.")
    if _first_difference(given**2, _GCV) is None:
        return incorrect(f"{quoted(answer)} is the root of what is asked for: the mean square.")
    got, want = given.subs(point), _GCV.subs(point)
    return incorrect(
        f"For {at(point)} yours is {quoted(got)}, and the mean of the squares is {quoted(want)}."
    )


def _first_difference(one: sp.Expr, other: sp.Expr) -> Any:
    """Where the two differ; at the first place there are five points, two coefficients, E = 18."""
    return difference_at(one, other, first=[_A_CASE])


q4 = Exercise(
    "Exercise 4",
    _judge_gcv,
    hints=[
        "Begin with the mean of the squares of (y_i − f(x_i)) / (1 − h_i).",
        "Put t/n in the place of each h_i. What is the same in every term can stand before the "
        "sum.",
        "(1/n) · E / (1 − t/n)².",
    ],
    solution=(
        "gcv = n_points * E / (n_points - t) ** 2\n"
        "The mean of the squares is (1/n) Σ r_i² / (1 − t/n)² = (E/n) · n² / (n − t)²."
    ),
    answer=lambda: _GCV,
)


# Exercise 5: find the leaks ----------------------------------------------------------------------

_LEAKS = {"a": True, "b": False, "c": True, "d": False}
_WHY = {
    "a": "a leaks: y.mean() is the mean of all y, y_i among them. It is subtracted before and "
    "added after.",
    "b": "b does not leak: the ridge is chosen among the others, who are left out in turn for it. "
    "Point i is not there.",
    "c": "c leaks: strongest(X, y, 2) stands before the rows are taken, so y_i helps to choose its "
    "own columns.",
    "d": "d does not leak: years become decades by a fixed number, which no data decided.",
}


def _judge_leaks(answer: Any) -> Feedback:
    said = _in_letters(answer)
    if any(value is ... or value is None for value in said.values()):
        return not_attempted("One of the four is still open.")
    for letter, value in said.items():
        if not isinstance(value, (bool, np.bool_, sp.logic.boolalg.BooleanAtom)):
            raise AnswerError(f"{letter}: {quoted(value)} is neither True nor False.")
    wrong = [letter for letter in _LEAKS if bool(said[letter]) != _LEAKS[letter]]
    if not wrong:
        return correct(
            "a and c leak. b, which chooses most, does not: what matters is where the choice "
            "stands, not how much is chosen."
        )
    given = ", ".join(letter for letter in _LEAKS if bool(said[letter])) or "none"
    return incorrect(f"You say that these leak: {given}. {' '.join(_WHY[w] for w in wrong)}")


def _in_letters(answer: Any) -> dict[str, Any]:
    """The answer as a dict of the four letters; a list of the leaking ones will do."""
    if isinstance(answer, dict):
        found = {str(key).strip().lower(): value for key, value in answer.items()}
        if set(found) != set(_LEAKS):
            raise AnswerError(f"{quoted(answer)}: give True or False for each of a, b, c and d.")
        return {letter: found[letter] for letter in _LEAKS}
    if isinstance(answer, str):
        items: list[Any] = list(answer.replace(",", "").replace(" ", ""))
    elif isinstance(answer, (set, frozenset)):
        items = list(answer)
    else:
        items = entries(answer) or []
    letters = [item.strip().lower() if isinstance(item, str) else "?" for item in items]
    if not letters or not set(letters) <= set(_LEAKS):
        raise AnswerError(f"{quoted(answer)}: give True or False for each of a, b, c and d.")
    return {letter: letter in letters for letter in _LEAKS}


q5 = Exercise(
    "Exercise 5",
    _judge_leaks,
    hints=[
        "Look for what is computed from y. Is it y, or y[others]?",
        "moved = y.copy(); moved[i] += 100; then a(x, moved, i) − a(x, y, i) should be 0, for "
        "every i.",
        "In a, y.mean() has every y in it. Where in c does y stand without [others]?",
    ],
    solution=(
        'leaks = {"a": True, "b": False, "c": True, "d": False}\n'
        "a: the mean of all y. c: columns chosen with all y. b chooses the ridge among the others, "
        "and d divides by a number that no data decided."
    ),
    answer=lambda: dict(_LEAKS),
)


def progress() -> Progress:
    """How far the exercises of this lesson have come."""
    return Progress((q1, q2, q3, q4, q5))
