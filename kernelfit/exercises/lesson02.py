"""The exercises of lesson 02: two equations, when they break, and what is left."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import sympy as sp

from kernelfit.exercises.compare import (
    at,
    difference_at,
    entries,
    expression,
    number,
    only_entry,
    pair,
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
    words_of,
)
from kernelfit.exercises.lesson01 import exact_line

_NO_FUNCTION = "is not a function. Give the function itself, by its name."

# Exercise 1: when there is more than one best line -------------------------------------------


def _judge_singular(answer: Any) -> Feedback:
    if not callable(answer):
        raise AnswerError(f"{quoted(answer)} {_NO_FUNCTION}")
    for x in _lists_of_x():
        where = f"For x = {_shown(x)} {quoted(answer)}"
        try:
            said = only_entry(answer(list(x)))
        except Exception as problem:
            return incorrect(
                f"{where} raises {words_of(problem)}. (The entries are sympy's exact fractions.)"
            )
        if said is ... or said is None:
            return not_attempted("The function returns nothing yet.")
        if not isinstance(said, (bool, np.bool_, sp.logic.boolalg.BooleanAtom)):
            return incorrect(f"{where} gives {quoted(said)}, which is not True or False.")
        singular = len(set(x)) == 1
        if bool(said) != singular:
            why = "all x are equal: D = 0" if singular else "two of the x differ: D is not 0"
            return incorrect(f"{where} says {bool(said)}, but {why}.")
    return correct("Right on 200 lists.")


_TINY = sp.Rational(1, 10**20)


def _lists_of_x() -> list[list[sp.Rational]]:
    """200 lists: one x alone, equal ones, repeats, sums of zero, two that are equal as floats."""
    random = Random(2)
    lists = [
        [sp.Integer(3)],
        [sp.Integer(0)] * 2,
        [sp.Integer(-1), sp.Integer(1)],
        [sp.Integer(2), sp.Integer(2), sp.Integer(5)],
        [sp.Integer(1), 1 + _TINY],
        [sp.Rational(1, 3)] * 4,
    ]
    while len(lists) < 200:
        base = sp.Rational(random.randint(-20, 20), random.randint(1, 9))
        x = [base] * random.randint(1, 6)
        if random.random() < 0.6:
            x[random.randrange(len(x))] += sp.Rational(random.randint(-3, 3), random.randint(1, 9))
        lists.append(x)
    return lists


def _shown(x: list[sp.Rational]) -> str:
    return "[" + ", ".join("1 + 10⁻²⁰" if v == 1 + _TINY else str(v) for v in x) + "]"


q1 = Exercise(
    "Exercise 1",
    _judge_singular,
    hints=[
        "The determinant is a sum of squares over pairs of points. When is such a sum 0?",
        "Two equal x among others do no harm. What must hold for every pair?",
        "It is enough to compare each x with the first one. Python's all(...) says whether "
        "something holds for every entry.",
    ],
    solution=(
        "def is_singular(x):\n    return all(value == x[0] for value in x)\n"
        "Σ (xᵢ − xⱼ)² over all pairs is 0 exactly when all x are equal. How many points there "
        "are does not matter, nor do the y."
    ),
    answer=lambda: lambda x: all(value == x[0] for value in x),
)


# Exercise 2: the slope by distances from the means -------------------------------------------

_XS, _YS = sp.symbols("x1:4", real=True), sp.symbols("y1:4", real=True)
_NAMES = {str(symbol): symbol for symbol in (*_XS, *_YS)}


def _determinant_slope() -> sp.Expr:
    n, sx, sy = len(_XS), sum(_XS), sum(_YS)
    sxx = sum(x**2 for x in _XS)
    sxy = sum(x * y for x, y in zip(_XS, _YS, strict=True))
    return (n * sxy - sx * sy) / (n * sxx - sx**2)


def _numerator() -> sp.Expr:
    x_mean, y_mean = sum(_XS) / 3, sum(_YS) / 3
    return sum((x - x_mean) * (y - y_mean) for x, y in zip(_XS, _YS, strict=True))


def _centred_slope() -> sp.Expr:
    return _numerator() / sum((x - sum(_XS) / 3) ** 2 for x in _XS)


def _judge_centred(answer: Any) -> Feedback:
    given = expression(answer, _NAMES)
    right = _determinant_slope()
    point = difference_at(given, right)
    if point is None:
        return _by_distances(given)
    if difference_at(given, sp.Integer(0)) is None:
        return incorrect(
            "Your expression is 0 for all x and y. Distances from the mean always add up to 0; "
            "multiply or square them first, and add up then."
        )
    times = sp.simplify(given / right)
    if times.is_number and times != 0:
        return incorrect(f"{quoted(given)} is {times} times the slope.")
    if difference_at(given, _numerator()) is None:
        return incorrect(f"{quoted(given)} is the numerator. What does it have to be divided by?")
    swap = dict(zip((*_XS, *_YS), (*_YS, *_XS), strict=True))
    if difference_at(given, right.subs(swap, simultaneous=True)) is None:
        return incorrect(
            f"{quoted(given)} is the slope for predicting x from y: divide by the spread of x."
        )
    if difference_at(given, 1 / right) is None:
        return incorrect(f"{quoted(given)} is upside down: the spread of x is the denominator.")
    missing = [str(s) for s in (*_XS, *_YS) if s not in given.free_symbols]
    if missing:
        return incorrect(f"{quoted(given)} does not contain {', '.join(missing)}.")
    return incorrect(
        f"At {at(point)} your expression is {given.subs(point)}, the slope is {right.subs(point)}."
    )


def _by_distances(given: sp.Expr) -> Feedback:
    """Whether a formula that is right on paper is right in a computer, far from zero."""
    far = [1e8, 1e8 + 1, 1e8 + 2, 1.0, 3.0, 5.0]  # on a line of slope 2
    try:
        slope = float(sp.lambdify((*_XS, *_YS), given, modules="math")(*far))
    except ZeroDivisionError:
        slope = float("nan")
    if not abs(slope - 2) < 1e-3:
        return incorrect(
            f"{quoted(given)} equals the slope, but is not made of distances from the means. "
            f"From x = 10⁸, 10⁸ + 1, 10⁸ + 2 and y = 1, 3, 5, whose slope is 2, "
            f"a computer gets {slope:g} by it."
        )
    return correct("It equals the formula with the determinant, for all x and y.")


q2 = Exercise(
    "Exercise 2",
    _judge_centred,
    hints=[
        "Begin with the two means: (x1 + x2 + x3)/3, and the same for y.",
        "Denominator: the squared distances of the x from their mean, added up.",
        "Numerator: for each point the distance of x from its mean times that of y, added up.",
    ],
    solution=(
        "mx, my = (x1 + x2 + x3)/3, (y1 + y2 + y3)/3\n"
        "((x1-mx)*(y1-my) + (x2-mx)*(y2-my) + (x3-mx)*(y3-my))"
        " / ((x1-mx)**2 + (x2-mx)**2 + (x3-mx)**2)\n"
        "n Sxy − Sx Sy is n times this numerator, n Sxx − Sx² is n times this denominator."
    ),
    answer=_centred_slope,
)


# Exercise 3: all solutions, and the shortest -------------------------------------------------


def _judge_all_solutions(line: Any, shortest: Any = ...) -> Feedback:
    parts = entries(line) or []
    if len(parts) != 2 or not all(map(_is_formula, parts)):
        raise AnswerError(f"{quoted(line)}: give the line as a pair (c0, c1) that contains t.")
    c0, c1 = (sp.nsimplify(only_entry(part), rational=True) for part in parts)
    parameters = c0.free_symbols | c1.free_symbols
    if len(parameters) != 1:
        shown = ", ".join(sorted(map(str, parameters))) or "none"
        return incorrect(f"{quoted(line)} needs exactly one free symbol; it has {shown}.")
    (t,) = parameters
    value = sp.simplify(c0 + 2 * c1)
    if value != 3:
        return incorrect(
            f"On {quoted(line)} the fit at x = 2 is {value}; the mean of y = 1, 2, 6 is 3."
        )
    step = sp.diff(c1, t)
    if not (step.is_number and step.is_real and step != 0):
        return incorrect(f"{quoted(line)}: let c1 be a + b t with real a and b, and b not 0.")
    if shortest is ... or shortest is None:
        return not_attempted("The line is right. Now the shortest of its points.")
    a, b = pair(shortest)
    if abs(a + 2 * b - 3) > 1e-6:
        return incorrect(
            f"Your line is right, but ({a:.8g}, {b:.8g}) is not on it: c0 + 2 c1 is not 3."
        )
    if abs(a - 0.6) > 1e-6 or abs(b - 1.2) > 1e-6:
        return incorrect(
            f"Your line is right. ({a:.8g}, {b:.8g}) is on it and has length "
            f"{np.hypot(a, b):.6g}; there is a shorter one: where does the line come nearest to "
            f"the origin?"
        )
    return correct("A whole line of best fits, and one of them is nearest to the origin.")


def _is_formula(part: Any) -> bool:
    """Not text, which sympy would evaluate, and nothing else that hides some."""
    value = only_entry(part)
    return isinstance(value, (int, float, Fraction, np.number, sp.Expr))


_T = sp.Symbol("t", real=True)

q3 = Exercise(
    "Exercise 3",
    _judge_all_solutions,
    hints=[
        "All points stand at x = 2. What must the line's value there be?",
        "c0 + 2 c1 = 3. Put c1 = t; what is c0?",
        "The squared length of (c0, c1) is (3 − 2t)² + t². Where is its derivative 0?",
    ],
    solution=(
        "(3 - 2*t, t), (3/5, 6/5)\n"
        "The best value at x = 2 is the mean 3, so c0 + 2 c1 = 3. The derivative of "
        "(3 − 2t)² + t² is 10t − 12, which is 0 at t = 6/5."
    ),
    answer=lambda: ((3 - 2 * _T, _T), (sp.Rational(3, 5), sp.Rational(6, 5))),
)


# Exercise 4: a formula that survives far from zero -------------------------------------------


def _judge_slope(answer: Any) -> Feedback:
    if not callable(answer):
        raise AnswerError(f"{quoted(answer)} {_NO_FUNCTION}")
    for x, y in _data_for_slope():
        right = float(exact_line([Fraction(v) for v in x], [Fraction(v) for v in y])[1])
        where = f"For x = {x}, y = {y} {quoted(answer)}"
        with np.errstate(all="ignore"):
            try:
                said = answer(np.array(x), np.array(y))
            except Exception as problem:
                return incorrect(f"{where} raises {words_of(problem)}.")
        if said is ... or said is None:
            return not_attempted("The function returns nothing yet.")
        try:
            value = number(said)
        except AnswerError:
            return incorrect(
                f"{where} gives {quoted(said)}, which is not one number. Return the slope alone, "
                f"here {right:.6g}."
            )
        # x and y are exact as floats; what a good formula loses is the rounding at y's size.
        rounding = 20 * np.finfo(float).eps * max(map(abs, y)) / (max(x) - min(x))
        if abs(value - right) > 1e-9 + rounding:
            return incorrect(f"{where} gives {value:.10g}; the slope is {right:.10g}.")
    return correct("The distances from the mean are small numbers, and nothing is lost in them.")


def _data_for_slope() -> list[tuple[list[float], list[float]]]:
    return [
        ([0.0, 1.0, 2.0, 3.0], [1.0, 2.0, 2.0, 4.0]),
        ([1e8, 1e8 + 1, 1e8 + 2], [1.0, 3.0, 5.0]),
        ([-1e8, 1 - 1e8, 2 - 1e8], [5.0, 3.0, 2.0]),
        ([1e8, 1e8 + 1, 1e8 + 2], [1e8 + 1, 1e8 + 3, 1e8 + 5]),
        ([1e12, 1e12 + 4, 1e12 + 8, 1e12 + 12], [2.0, 0.0, 1.0, -3.0]),
        ([3.0, 3.0, 5.0], [1.0, 2.0, 2.5]),
    ]


def _repaired(x: Any, y: Any) -> Any:
    dx = x - x.mean()
    return dx @ (y - y.mean()) / (dx @ dx)


q4 = Exercise(
    "Exercise 4",
    _judge_slope,
    hints=[
        "Which two numbers are subtracted, and how large are they? What is their difference?",
        "Squares of 1e8 are 1e16: the last digit a float keeps there is a 2. Square later.",
        "Take the mean from x first, then multiply: dx = x - x.mean().",
    ],
    solution=(
        "def slope(x, y):\n    dx = x - x.mean()\n    return dx @ (y - y.mean()) / (dx @ dx)\n"
        "Subtracting before squaring keeps the numbers small, so nothing large has to cancel."
    ),
    answer=lambda: _repaired,
)


def progress() -> Progress:
    """How far the exercises of this lesson have come."""
    return Progress((q1, q2, q3, q4))
