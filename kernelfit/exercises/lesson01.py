"""The exercises of lesson 01: the error of a line and the two conditions for the least."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy as sp

from kernelfit.datasets import load
from kernelfit.exercises.compare import (
    at,
    difference_at,
    exact_number,
    number,
    pair,
    points,
    spelled_out,
)
from kernelfit.exercises.engine import (
    AnswerError,
    Exercise,
    Feedback,
    Progress,
    correct,
    incorrect,
    quoted,
)
from kernelfit.least_squares import LinearRegression

_C0, _C1 = sp.symbols("c0 c1", real=True)
_N = sp.Symbol("n", integer=True, positive=True)
_I = sp.Symbol("i", integer=True)
_X, _Y = sp.IndexedBase("x"), sp.IndexedBase("y")
_RESIDUAL = _Y[_I] - _C0 - _C1 * _X[_I]
_ERROR = sp.Sum(_RESIDUAL**2, (_I, 1, _N))


# Exercise 1: the derivative by the intercept -------------------------------------------------


def _judge_derivative(answer: Any) -> Feedback:
    names = {"c0": _C0, "c1": _C1}
    for count in (1, 2, 3, 5):
        given = spelled_out(answer, count, names)
        right = spelled_out(sp.diff(_ERROR, _C0), count, names)
        if (point := difference_at(given, right)) is None:
            continue
        by_slope = spelled_out(sp.diff(_ERROR, _C1), count, names)
        for factor, reason in (
            (-1, "has the wrong sign: the bracket contains −c0, so its own derivative is −1"),
            (2, "is half of it: the power rule brings down a 2"),
            (-2, "lacks the factor −2: 2 from the power, −1 from the −c0 in the bracket"),
        ):
            if difference_at(sp.expand(factor * given), right) is None:
                return incorrect(f"{quoted(answer)} {reason}.")
        if difference_at(given, by_slope) is None:
            return incorrect(
                f"{quoted(answer)} is the derivative with respect to c1; the exercise asks for c0."
            )
        points = "1 data point" if count == 1 else f"{count} data points"
        return incorrect(
            f"With {points} and {at(point)} your expression is {given.subs(point)}, "
            f"the derivative is {right.subs(point)}."
        )
    return correct("Minus twice the sum of the residuals. Where is it zero?")


q1 = Exercise(
    "Exercise 1",
    _judge_derivative,
    hints=[
        "One term of the sum first: what is the derivative of (a − c0)² by c0?",
        "The chain rule: 2 times the bracket, times the derivative of the bracket by c0.",
        "Each term gives -2*(ys[i] - c0 - c1*xs[i]). A derivative of a sum is a sum.",
    ],
    solution=(
        "-2 * sp.Sum(ys[i] - c0 - c1*xs[i], (i, 1, n))\n"
        "Each term, the square of a bracket, has the derivative 2 · (bracket) · (−1)."
    ),
    answer=lambda: -2 * sp.Sum(_RESIDUAL, (_I, 1, _N)),
)


# Exercise 2: the line of Anscombe's first set ------------------------------------------------


def _judge_line(answer: Any) -> Feedback:
    c0, c1 = pair(answer)
    data = load("anscombe_1")
    fit = LinearRegression().fit(data.x, data.y)
    right = (fit.intercept_, float(fit.coef_[0]))
    if max(abs(c0 - right[0]), abs(c1 - right[1])) <= 5.1e-5:  # right when rounded to four digits
        return correct("Both conditions hold: the residuals and x times the residuals add up to 0.")
    if max(abs(c1 - right[0]), abs(c0 - right[1])) <= 1e-3:
        return incorrect(f"({c0:g}, {c1:g}) has the two in the other order: first c0, then c1.")
    residuals = data.y - c0 - c1 * data.x
    # Rounded to nine digits, so that a sum which is 0 reads as 0.
    first, second = (round(float(v), 9) + 0.0 for v in (residuals.sum(), data.x @ residuals))
    if max(abs(c0 - right[0]), abs(c1 - right[1])) < 1e-3:
        return incorrect(f"({c0:.7g}, {c1:.7g}) is near, but not right to four digits.")
    return incorrect(
        f"With c0 = {c0:g} and c1 = {c1:g} the residuals add up to {first:.4g} and "
        f"x times the residuals to {second:.4g}. At the least error both are 0."
    )


q2 = Exercise(
    "Exercise 2",
    _judge_line,
    hints=[
        "The two equations need five numbers: n, Σx, Σy, Σx² and Σxy.",
        "In the first equation n stands before c0 and Σx before c1. And in the second?",
        "Put the sums into np.linalg.solve(matrix, right_side); x @ y is Σxy, len(x) is n.",
    ],
    solution=(
        "np.linalg.solve([[len(x), x.sum()], [x.sum(), x @ x]], [y.sum(), x @ y])\n"
        "The normal equations with the five sums of the data put in."
    ),
    answer=lambda: _line_of("anscombe_1"),
)


def _line_of(name: str) -> tuple[float, float]:
    """(c0, c1) of a shipped set, exactly, by the normal equations in fractions."""
    x, y = zip(*load(name).fractions(), strict=True)
    return exact_line(list(x), list(y))


def exact_line(x: list[Fraction], y: list[Fraction]) -> tuple[Any, Any]:
    """(c0, c1) of least squared error in exact arithmetic; the x must not be all equal."""
    x_mean, y_mean = sum(x, Fraction(0)) / len(x), sum(y, Fraction(0)) / len(y)
    c1 = sum((a - x_mean) * (b - y_mean) for a, b in zip(x, y, strict=True)) / sum(
        (a - x_mean) ** 2 for a in x
    )
    return y_mean - c1 * x_mean, c1


# Exercise 3: two residuals that were lost ----------------------------------------------------


def _judge_residuals(answer: Any) -> Feedback:
    third, fifth = pair(answer)
    total = 1 - 2 + third + 1 + fifth
    weighted = 0 * 1 + 1 * -2 + 2 * third + 3 * 1 + 4 * fifth
    given = f"With ({third:g}, {fifth:g})"
    sums = f"the residuals add up to {total:g} and x times the residuals to {weighted:g}"
    if abs(total) < 1e-9 and abs(weighted) < 1e-9:
        return correct("Two conditions fix two numbers, without a single y.")
    if abs(total) < 1e-9:
        return incorrect(f"{given} {sums}. The first is right, the second is not.")
    if abs(weighted) < 1e-9:
        return incorrect(f"{given} {sums}. The second is right, the first is not.")
    return incorrect(f"{given} {sums}. For a best line both are 0.")


q3 = Exercise(
    "Exercise 3",
    _judge_residuals,
    hints=[
        "What do the residuals of a best line add up to?",
        "Call the lost ones a and b. The first condition says 1 − 2 + a + 1 + b = 0.",
        "The second says 0·1 + 1·(−2) + 2a + 3·1 + 4b = 0.",
    ],
    solution="(1/2, -1/2)\na + b = 0 and 2a + 4b = −1, so b = −1/2 and a = 1/2.",
    answer=lambda: (sp.Rational(1, 2), sp.Rational(-1, 2)),
)


# Exercise 4: from the child to the parent ----------------------------------------------------


def _judge_parent_slope(answer: Any) -> Feedback:
    slope = number(answer)
    galton = load("galton")
    child_on_parent = float(LinearRegression().fit(galton.x, galton.y).coef_[0])
    fit = LinearRegression().fit(galton.y, galton.x)
    parent_on_child = float(fit.coef_[0])
    if abs(slope - parent_on_child) <= 6e-5:
        product = child_on_parent * parent_on_child
        return correct(
            f"The two slopes multiply to {product:.4f}: the share of the spread that a line "
            f"explains, in either direction. Were it 1, the two lines would be one."
        )
    if abs(slope - child_on_parent) <= 5e-4:
        return incorrect(f"{slope:g} is the slope of the child on the parents. Now the other way.")
    if abs(slope - 1 / child_on_parent) <= 5e-3:
        return incorrect(
            f"{slope:g} is 1 / {child_on_parent:.4f}: the same line, read the other way. "
            f"But now the errors are those of the parents' heights, and another line is best."
        )
    if abs(slope - 1 / parent_on_child) <= 0.03:
        return incorrect(
            f"{slope:g} is that line, drawn with the child upwards: inches of child for an inch "
            f"of parent. Asked is inches of parent for an inch of child."
        )
    if abs(slope - fit.intercept_) <= 0.06:
        return incorrect(f"{slope:g} is the intercept of that line. Its slope is in coef_[0].")
    if abs(slope - 3 * parent_on_child) <= 3e-3:
        return incorrect(
            f"{slope:g} in is for 3 inches of child. Asked is the slope, for one inch."
        )
    if abs(slope - parent_on_child) <= 1e-3:
        return incorrect(f"{slope:.6g} is near, but not right to four digits.")
    return incorrect(
        f"With slope {slope:g} the conditions do not hold. Which height stands on which axis, "
        f"and whose errors are squared?"
    )


q4 = Exercise(
    "Exercise 4",
    _judge_parent_slope,
    hints=[
        "Now the child's height is what is known. Which of the two is x?",
        "kf.LinearRegression().fit(x, y) predicts y from x. Swap the two.",
        "The fitted line has its slope in coef_[0].",
    ],
    solution=(
        "kf.LinearRegression().fit(galton.y, galton.x).coef_[0]\n"
        "The slope of y on x is Σ(x − x̄)(y − ȳ) / Σ(x − x̄)², that of x on y has Σ(y − ȳ)² below."
    ),
    answer=lambda: float(
        LinearRegression().fit(load("galton").y, load("galton").x).coef_[0],
    ),
)


# Exercise 5: data for a given line -----------------------------------------------------------


def _judge_points(answer: Any) -> Feedback:
    given = _integer_points(answer)
    on_line = [p for p in given if p[1] == 1 + 2 * p[0]]
    if on_line:
        return incorrect(f"The point {on_line[0]} lies on y = 1 + 2x.")
    if len({x for x, _ in given}) == 1:
        return incorrect(f"All four points have x = {given[0][0]}; no single line is best.")
    c0, c1 = exact_line([Fraction(x) for x, _ in given], [Fraction(y) for _, y in given])
    if (c0, c1) != (1, 2):
        return incorrect(f"The best line of your points {given} is y = {c0} + ({c1}) x.")
    return correct("The residuals cancel in both sums, and no point is on the line.")


def _integer_points(answer: Any) -> list[tuple[int, int]]:
    exact = points(answer, 4, exact_number)
    for point in exact:
        if not all(value.is_Integer for value in point):
            raise AnswerError(f"{quoted(point)} is not a pair of whole numbers.")
    return [(int(x), int(y)) for x, y in exact]


q5 = Exercise(
    "Exercise 5",
    _judge_points,
    hints=[
        "Start from four points on y = 1 + 2x and move them up and down.",
        "How far up and down: residuals that add up to 0, and to 0 again when multiplied by x.",
        "For x = 0, 1, 2, 3 the residuals 1, −1, −1, 1 do both.",
    ],
    solution=(
        "[(0, 2), (1, 2), (2, 4), (3, 8)]\n"
        "The residuals are 1, −1, −1, 1: their sum is 0, and 0·1 − 1·1 − 2·1 + 3·1 = 0."
    ),
    answer=lambda: [(0, 2), (1, 2), (2, 4), (3, 8)],
)

_ALL = (q1, q2, q3, q4, q5)


def progress() -> Progress:
    """How far the exercises of this lesson have come."""
    return Progress(_ALL)
