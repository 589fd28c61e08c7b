"""The exercises of lesson 04: linear in the coefficients, degrees, and a logarithm's price."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import sympy as sp
from numpy.polynomial import Legendre, Polynomial
from numpy.typing import NDArray

from kernelfit.datasets import load
from kernelfit.exercises.compare import entries, number, numbers, points
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
from kernelfit.exercises.exponents import exponent_by_logarithms, exponent_directly
from kernelfit.least_squares import LinearRegression
from kernelfit.polynomial import PolynomialRegression

Array = NDArray[np.float64]

# Exercise 1: linear in the coefficients or not -----------------------------------------------

_C0, _C1, _X, _Y = sp.symbols("c0 c1 x y", real=True)
_FORMULAS = {
    "a": ("c0 + c1 x²", _C0 + _C1 * _X**2),
    "b": ("c0 e^(c1 x)", _C0 * sp.exp(_C1 * _X)),
    "c": ("c0 + c1 e^x", _C0 + _C1 * sp.exp(_X)),
    "d": ("c0 sin(x) + c1 cos(x)", _C0 * sp.sin(_X) + _C1 * sp.cos(_X)),
    "e": ("c0 sin(x + c1)", _C0 * sp.sin(_X + _C1)),
    "f": ("c0 + c0 c1 x", _C0 + _C0 * _C1 * _X),
    "g": ("c0 log(x) + c1 x log(x)", _C0 * sp.log(_X) + _C1 * _X * sp.log(_X)),
    "h": ("1 / (c0 + c1 x)", 1 / (_C0 + _C1 * _X)),
}


@cache
def _second_derivatives(letter: str) -> tuple[tuple[str, sp.Expr], ...]:
    """The second derivatives of one squared residual (y - f)², each with what it is taken by."""
    error = (_Y - _FORMULAS[letter][1]) ** 2
    by = {"c0": (_C0, _C0), "c1": (_C1, _C1), "c0 and c1": (_C0, _C1)}
    return tuple((words, sp.simplify(sp.diff(error, *pair))) for words, pair in by.items())


def _offending(letter: str) -> tuple[str, sp.Expr] | None:
    """The shortest second derivative that contains a coefficient; None when none does."""
    found = [one for one in _second_derivatives(letter) if one[1].free_symbols & {_C0, _C1}]
    return min(found, key=lambda one: len(str(one[1])), default=None)


def _judge_classes(answer: Any) -> Feedback:
    said = _by_letter(answer)
    for letter, value in said.items():
        if value is ... or value is None:
            return not_attempted(f"{letter}) has no answer yet.")
        if not _is_yes_or_no(value):
            how = ", without quotes" if isinstance(value, str) else ""
            raise AnswerError(f"{letter}) is {quoted(value)}. Give True or False{how}.")
    for letter, value in said.items():
        words, _ = _FORMULAS[letter]
        offending = _offending(letter)
        if bool(value) and offending:
            by, derivative = offending
            inside = " and ".join(str(c) for c in (_C0, _C1) if c in derivative.free_symbols)
            return incorrect(
                f"{letter}) {words} is not linear in the coefficients: the second derivative of "
                f"(y − f)² by {by} is {derivative}, and that contains {inside}."
            )
        if not bool(value) and not offending:
            shown = ", ".join(str(derivative) for _, derivative in _second_derivatives(letter))
            return incorrect(
                f"{letter}) {words} is linear in the coefficients: the second derivatives of "
                f"(y − f)² are {shown}, free of c0 and c1. How the x is bent does not matter."
            )
    return correct(
        "Linear are a, c, d and g, whatever they do to x. Two of the others can be rewritten: "
        "e as (c0 cos c1) sin x + (c0 sin c1) cos x, which is d, and f with c0 c1 as one new "
        "coefficient (unless c0 = 0). For b and h no new names help."
    )


def _is_yes_or_no(value: Any) -> bool:
    if isinstance(value, (int, np.integer, sp.Integer)):  # Python's True is one of these
        return value in (0, 1)
    return isinstance(value, (np.bool_, sp.logic.boolalg.BooleanAtom))


def _by_letter(answer: Any) -> dict[str, Any]:
    """The answer to each letter, from a dictionary or a list in the order of the letters."""
    if isinstance(answer, Mapping):
        said = {str(key).strip().lower(): value for key, value in answer.items()}
        missing = [letter for letter in _FORMULAS if letter not in said]
        if missing or len(said) != len(_FORMULAS):
            what = f"nothing for {', '.join(missing)}" if missing else "more than a to h"
            raise AnswerError(f"{quoted(answer)} has {what}. Give True or False for a to h.")
        return {letter: said[letter] for letter in _FORMULAS}
    items = entries(answer)
    if items is None or len(items) != len(_FORMULAS):
        raise AnswerError(
            f'{quoted(answer)}: give True or False for each of the eight, as in {{"a": True, '
            f'"b": False, ...}} or as a list in the order a to h.'
        )
    return dict(zip(_FORMULAS, items, strict=True))


q1 = Exercise(
    "Exercise 1",
    _judge_classes,
    hints=[
        "Hold x fixed at some number, say 2. Is what is left a sum of number times coefficient?",
        "A coefficient inside of exp or sin, in a denominator, or times another coefficient, "
        "breaks it. An x in such a place does not.",
        "Let sympy take sp.hessian((y - f)**2, (c0, c1)) of each and look for c0 and c1 in it. "
        "Four of the eight are linear.",
    ],
    solution=(
        '{"a": True, "b": False, "c": True, "d": True,\n'
        ' "e": False, "f": False, "g": True, "h": False}\n'
        "With x held fixed, a, c, d and g are number · c0 + number · c1. So the squared residual "
        "has constant second derivatives, and the normal equations are linear."
    ),
    answer=lambda: {letter: _offending(letter) is None for letter in _FORMULAS},
)


# Exercise 2: a driver's reaction time --------------------------------------------------------

_FT_PER_S = 5280 / 3600  # 1 mph


def _judge_reaction(answer: Any) -> Feedback:
    time = number(answer)
    c1, c2 = _braking()
    right = c1 / _FT_PER_S
    if abs(time - right) <= 0.005:  # right when rounded to two digits
        deceleration = _FT_PER_S**2 / (2 * c2)
        without = _braking(without=int(np.argmax(load("stopping_distance").y)))[0] / _FT_PER_S
        return correct(
            f"{right:.3f} s pass before the brakes act. c2 = {c2:.4f} says how hard they act: "
            f"{deceleration:.1f} ft/s², a good third of gravity. But leave out the one car that "
            f"took 120 ft, and the time becomes {without:.2f} s."
        )
    if time <= 0:
        return incorrect(f"{time:.4g} s: no time passes between seeing and braking?")
    for value, reason in _other_times():
        if abs(time - value) <= 0.006:
            return incorrect(f"{time:.4g} {reason}")
    if abs(time - right) <= 0.02:
        return incorrect(f"{time:.5g} s is near, but not right to two digits after the point.")
    return incorrect(
        f"In {time:.4g} s a car at 10 mph goes {time * 10 * _FT_PER_S:.3g} ft. In the best fit "
        f"of c1·v + c2·v² the part c1·v is {10 * c1:.3g} ft at that speed."
    )


def _braking(without: int | None = None) -> tuple[float, float]:
    """(c1, c2) of distance = c1 v + c2 v², from all cars or from all but one."""
    cars = load("stopping_distance")
    kept = np.arange(len(cars.y)) != without
    v, distance = cars.x[kept], cars.y[kept]
    fit = LinearRegression(fit_intercept=False).fit(np.column_stack([v, v**2]), distance)
    return float(fit.coef_[0]), float(fit.coef_[1])


def _other_times() -> list[tuple[float, str]]:
    """Numbers that a slip gives, each with what it was."""
    cars = load("stopping_distance")
    c1, c2 = _braking()
    curve = PolynomialRegression(2).fit(cars.x, cars.y).power_coefficients_[1]
    line = PolynomialRegression(1).fit(cars.x, cars.y).power_coefficients_[1]
    through_zero = float(cars.x @ cars.y / (cars.x @ cars.x))
    return [
        (c1, "is c1, in ft for each mph. How many ft/s are 1 mph?"),
        (c1 * _FT_PER_S, f"is c1 times {_FT_PER_S:.4f}: ft/mph divided by (ft/s)/mph is s."),
        (_FT_PER_S / c1, "is upside down: ft/mph divided by (ft/s)/mph is s."),
        (curve / _FT_PER_S, "s comes from a fit with an intercept. At speed 0 the distance is 0."),
        (curve, "is the coefficient of v in a fit with an intercept, in ft for each mph."),
        (c2 / _FT_PER_S, "comes from c2, the coefficient of v². That is the braking."),
        (c2, "is c2, the coefficient of v². That is the braking; asked is what grows with v."),
        (
            line / _FT_PER_S,
            "s comes from a straight line with an intercept: it counts the braking as reaction.",
        ),
        (
            through_zero / _FT_PER_S,
            "s comes from a straight line through 0: it counts the braking as reaction.",
        ),
        (line, "is the slope of a straight line, in ft for each mph. Where is the v²?"),
        (through_zero, "is the slope of a line through 0, in ft for each mph. Where is the v²?"),
    ]


q2 = Exercise(
    "Exercise 2",
    _judge_reaction,
    hints=[
        "Two columns, v and v², and none of ones: kf.LinearRegression(fit_intercept=False).",
        "While the driver reacts, the car goes speed times time. Which of c1 v and c2 v² is that?",
        "c1 is in ft/mph. Divide by the ft/s in one mph, 5280/3600, and seconds are left.",
    ],
    solution=(
        "X = np.column_stack([v, v**2])\n"
        "fit = kf.LinearRegression(fit_intercept=False).fit(X, distance)\n"
        "fit.coef_[0] / (5280 / 3600)\n"
        "Before the foot is on the brake the car goes speed · time, and speed in ft/s is "
        "1.4667 v. The curve is bent, the model is linear in c1 and c2."
    ),
    answer=lambda: _braking()[0] / _FT_PER_S,
)


# Exercise 3: the parabola of Anscombe's second set -------------------------------------------


def _judge_parabola(answer: Any) -> Feedback:
    if isinstance(answer, (Polynomial, Legendre)):  # a series knows its interval
        answer = answer.convert(kind=Polynomial).coef
    if isinstance(answer, PolynomialRegression) and hasattr(answer, "polynomial_"):
        answer = answer.power_coefficients_
    if isinstance(answer, np.poly1d):
        answer = answer.coef[::-1]
    c = np.array(numbers(answer, 3))
    data = load("anscombe_2")
    fit = PolynomialRegression(2).fit(data.x, data.y)
    right = fit.power_coefficients_
    least = float(fit.residuals_ @ fit.residuals_)
    given = ", ".join(f"{value:.6g}" for value in c)
    away = np.abs(c - right).max()
    if away <= 5.1e-5:  # right when rounded to four digits
        return correct(
            f"E = {least:.2g}: the points lie on a parabola, but for the rounding of their y to "
            f"two digits. The best line, which is that of Anscombe's first set, has "
            f"E = {_error_of_line(data.x, data.y):.1f}."
        )
    if np.abs(c[::-1] - right).max() <= 1e-3:
        return incorrect(
            f"({given}) has them in the other order, as np.polyfit returns them: first c0, the "
            f"number without x."
        )
    scaled = (Polynomial.fit(data.x, data.y, 2).coef, fit.polynomial_.coef)
    if any(np.abs(c - other).max() <= 1e-2 for other in scaled):
        return incorrect(
            f"({given}) belongs to x moved and scaled to the interval from −1 to 1. Asked are "
            f"the coefficients of 1, x and x² themselves."
        )
    if away < 1e-2:
        return incorrect(f"({given}) is near, but not right to four digits.")
    if abs(c[2]) < 1e-12:
        return incorrect(
            f"({given}) is a straight line, with c2 = 0 and E = {_error(c, data.x, data.y):.4g}. "
            f"A parabola comes much nearer."
        )
    return incorrect(
        f"With ({given}) the squared residuals add up to {_error(c, data.x, data.y):.4g}. "
        f"The least is {least:.3g}."
    )


def _error(c: Array, x: Array, y: Array) -> float:
    with np.errstate(over="ignore"):
        return float(np.sum((y - Polynomial(c)(x)) ** 2))


def _error_of_line(x: Array, y: Array) -> float:
    return float(np.sum(PolynomialRegression(1).fit(x, y).residuals_ ** 2))


q3 = Exercise(
    "Exercise 3",
    _judge_parabola,
    hints=[
        "A parabola is a multiple regression. Which columns does its design matrix have?",
        'With x = kf.load("anscombe_2").x: np.column_stack([np.ones(11), x, x**2]), and then as in '
        "lesson 03.",
        'kf.PolynomialRegression(2).fit(data.x, data.y) does it for data = kf.load("anscombe_2"); '
        "power_coefficients_ are c0, c1, c2.",
    ],
    solution=(
        'data = kf.load("anscombe_2")\n'
        "kf.PolynomialRegression(2).fit(data.x, data.y).power_coefficients_\n"
        "The columns 1, x and x² are three columns like any others: the normal equations do not "
        "know that the third is the square of the second."
    ),
    answer=lambda: (
        PolynomialRegression(2).fit(load("anscombe_2").x, load("anscombe_2").y).power_coefficients_
    ),
)


# Exercise 4: which degree follows Runge's curve ----------------------------------------------


@cache
def _largest_error(degree: int) -> tuple[float, float]:
    """The largest error of the fitted polynomial on [-1, 1], and an x >= 0 at which it is."""
    x = np.linspace(-1, 1, 11)
    everywhere = np.linspace(0, 1, 10001)  # curve, points and so the fit are symmetric
    fit = PolynomialRegression(degree).fit(x, 1 / (1 + 25 * x**2))
    gaps = np.abs(fit.predict(everywhere) - 1 / (1 + 25 * everywhere**2))
    return float(gaps.max()), float(everywhere[gaps.argmax()])


def _judge_runge(answer: Any) -> Feedback:
    given = list(answer) if isinstance(answer, (set, frozenset)) else entries(answer)
    degrees = [_degree(one) for one in (given or [answer])]
    for degree in degrees:
        if degree in (6, 7):
            continue
        gap, place = _largest_error(degree)
        where = f"±{place:.2f}" if place else "0"
        through, worst = _largest_error(10)
        if degree == 10:
            return incorrect(
                f"10 goes through all 11 points, and between them it is off by {gap:.2f}, at "
                f"x = {where}. Residuals of 0 say nothing about the places between."
            )
        side = "below" if degree > 7 else "above"
        return incorrect(
            f"At degree {degree} the largest error is {gap:.3f}, at x = {where}; at degree 10, "
            f"which goes through all points, it is {through:.2f}, at x = ±{worst:.2f}. Somewhere "
            f"{side} {degree} it is less than {gap:.3f}."
        )
    return correct(
        f"6 and 7 give the same polynomial, for a symmetric curve has no use for x⁷: the largest "
        f"error is {_largest_error(6)[0]:.3f}. With degree 10 every residual is 0 and the curve "
        f"is off by {_largest_error(10)[0]:.2f}: more freedom, a worse curve."
    )


def _degree(answer: Any) -> int:
    value = number(answer)
    if value != int(value) or not 0 <= value <= 10:
        raise AnswerError(f"{quoted(answer)} is not a whole degree from 0 to 10.")
    return int(value)


q4 = Exercise(
    "Exercise 4",
    _judge_runge,
    hints=[
        "The residuals at the 11 points do not tell. Compare on a fine grid between them.",
        "grid = np.linspace(-1, 1, 2001); the error is abs(fit.predict(grid) - runge(grid)).max(), "
        "where runge(x) returns 1 / (1 + 25 * x**2).",
        "Let the degree run from 0 to 10 in a list comprehension. The error falls, then rises.",
    ],
    solution=(
        "def runge(x):\n    return 1 / (1 + 25 * x**2)\n"
        "x, grid = np.linspace(-1, 1, 11), np.linspace(-1, 1, 2001)\n"
        "[abs(kf.PolynomialRegression(d).fit(x, runge(x)).predict(grid) - runge(grid)).max()\n"
        " for d in range(11)]\n"
        "The largest error falls to 0.215 at degree 6, stays there at 7 and rises to 1.92 at 10."
    ),
    answer=lambda: 6,
)


# Exercise 5: what a logarithm does to the fit ------------------------------------------------


def _judge_logarithm(answer: Any) -> Feedback:
    pairs = points(answer, 4)
    x, y = np.array(pairs).T
    if (y <= 0).any():
        wrong = pairs[int(np.argmax(y <= 0))]
        return incorrect(f"The point ({wrong[0]:g}, {wrong[1]:g}) has no logarithm of its y.")
    if min(x) == max(x):
        return incorrect(f"All four points have x = {x[0]:g}: every c1 fits equally well.")
    if not 1e-100 < max(x) / 2 - min(x) / 2 < 1e100:  # halved, so that nothing overflows
        raise AnswerError(f"{_shown(pairs)}: let the x lie neither so near nor so far apart.")
    by_logs, direct = exponent_by_logarithms(x, y), exponent_directly(x, y)
    if direct is None:
        return incorrect(
            f"For {_shown(pairs)} the direct fit has no best c1: the error keeps falling as c1 "
            f"runs away. Let the y rise, or fall, more evenly."
        )
    if abs(direct) * np.ptp(x) < 0.01:
        return incorrect(
            f"For {_shown(pairs)} the direct c1 is {direct:.3g}: over all these x its curve "
            f"changes by less than 1 %, and a share of almost nothing says little."
        )
    apart = abs(by_logs - direct) / abs(direct)
    both = f"By logarithms c1 = {by_logs:.4g}, directly c1 = {direct:.4g}"
    if apart <= 0.1:
        return incorrect(
            f"{both}: {100 * apart:.1f} % apart. Points on one exponential curve give the same "
            f"c1 both ways. To part them, halve the smallest y, or double the largest."
        )
    return correct(
        f"{both}: {100 * apart:.1f} % apart. After the logarithm a residual counts as a share "
        f"of y, so a small y has as much to say as a large one. It is another question, and it "
        f"has another answer."
    )


def _shown(pairs: list[tuple[float, float]]) -> str:
    return ", ".join(f"({x:g}, {y:g})" for x, y in pairs)


q5 = Exercise(
    "Exercise 5",
    _judge_logarithm,
    hints=[
        "Begin with four points on y = 2^x: both ways agree. Now move one of them.",
        "From 0.5 to 1 the logarithm grows by 0.69, from 8 to 8.5 by 0.06. Which of the two steps "
        "do the logarithms notice more, and which the direct fit?",
        "Halve the smallest y: the logarithms notice, the direct fit hardly does.",
    ],
    solution=(
        "[(0, 0.25), (1, 2), (2, 4), (3, 8)]\n"
        "Directly, 0.25 in the place of 1 is a residual of less than 1 beside an 8. Its "
        "logarithm has moved by 1.39, twice as far as from one point to the next."
    ),
    answer=lambda: [(0, 0.25), (1, 2), (2, 4), (3, 8)],
)


def progress() -> Progress:
    """How far the exercises of this lesson have come."""
    return Progress((q1, q2, q3, q4, q5))
