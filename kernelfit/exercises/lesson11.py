"""The exercises of lesson 11: the ridge, its units, and the constant that is left free."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

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
from kernelfit.exercises.free_intercept import bordered, called, function_of, judge_intercept
from kernelfit.kernel_regression import KernelRegression
from kernelfit.kernels import Gaussian

Array = NDArray[np.float64]

# Exercise 1: one point ---------------------------------------------------------------------------

_Y, _C = sp.symbols("y c", real=True)
_LAM = sp.Symbol("lam", positive=True)
_k = sp.Symbol("k", positive=True)
_ONE_NAMES = {"y": _Y, "c": _C, "lam": _LAM, "k": _k}
_COST = (_Y - _k * _C) ** 2 + _LAM * _k * _C**2
_SLOPE = sp.diff(_COST, _C)
_BEST = _Y / (_k + _LAM)
_SLOPE_SLIPS = (
    (_SLOPE / 2, "is half of the derivative: the 2 of the squares is missing"),
    (-_SLOPE, "has the wrong sign"),
    (-2 * (_Y - _k * _C) + 2 * _LAM * _k * _C, "lacks the inner derivative of y − k c, which is "
     "−k"),
    (2 * _k * (_Y - _k * _C) + 2 * _LAM * _k * _C, "has the sign of the inner derivative wrong: "
     "that of y − k c is −k"),
    (-2 * _k * (_Y - _k * _C) + 2 * _LAM * _C, "takes the price to be λ c². It is λ k c²"),
    (-2 * _k * (_Y - _k * _C), "belongs to the misses alone. What does the price add?"),
    (sp.expand(_COST), "is the cost itself. Differentiate it by c"),
)  # fmt: skip
_BEST_SLIPS = (
    (_Y / _k, "is the c without a price: λ does not occur in it"),
    (_k * _Y / (_k + _LAM), "is k c, the value of the fit at the point. Asked for is c"),
    (_Y / (_k - _LAM), "has a sign wrong below the line"),
    (_k * _Y / (_k**2 + _LAM), "belongs to the price λ c². It is λ k c²"),
    (_Y / (1 + _LAM), "is right for k = 1 only"),
    (_LAM * _Y / (_k + _LAM), "is the residual y − k c. Asked for is c"),
)


def _judge_one_point(slope: Any, best: Any = ...) -> Feedback:
    if best is ... and (both := entries(slope)) is not None and len(both) == 2:
        slope, best = both
    found = expression(slope, _ONE_NAMES)
    if (point := difference_at(found, _SLOPE)) is not None:
        for slip, words in _SLOPE_SLIPS:
            if difference_at(found, slip) is None:
                return incorrect(f"{quoted(slope)} {words}.")
        return incorrect(
            f"At {at(point)} your derivative {quoted(slope)} is {_value(found, point)}, and the "
            f"cost has the slope {_value(_SLOPE, point)}."
        )
    if best is ... or best is None:
        return not_attempted("The derivative is right. Where is it 0?")
    solved = _solved(best)
    if _C in solved.free_symbols:
        return incorrect(f"{quoted(best)} contains c. Solve for c: it stands on one side alone.")
    if (point := difference_at(solved, _BEST)) is None:
        return correct(
            "The value at the point is k c = k y / (k + λ): of y the share k / (k + λ). With n "
            "points the same happens direction by direction."
        )
    for slip, words in _BEST_SLIPS:
        if difference_at(solved, slip) is None:
            return incorrect(f"The derivative is right. {quoted(best)} {words}.")
    return incorrect(
        f"The derivative is right. At {at(point)} your c is {_value(solved, point)}, and there "
        f"the slope is {_value(_SLOPE.subs(_C, solved), point)}, not 0."
    )


def _solved(answer: Any) -> sp.Expr:
    """The one solution, also as sympy's solvers return it: {c: ...} or Eq(c, ...)."""
    given = only_entry(answer)
    if isinstance(given, dict) and len(given) == 1:
        (given,) = given.values()
    if isinstance(given, sp.Equality) and str(given.lhs) == "c":
        given = given.rhs
    return expression(given, _ONE_NAMES)


def _value(found: sp.Expr, point: dict[sp.Symbol, sp.Rational]) -> str:
    return quoted(sp.simplify(found.subs(point)), 40)


q1 = Exercise(
    "Exercise 1",
    _judge_one_point,
    hints=[
        "Two terms, both with a square of something that contains c. Differentiate each by c.",
        "The first gives −2k (y − k c), the second 2λ k c. Both have the factor 2k.",
        "2k ((k + λ) c − y) is 0 where (k + λ) c = y.",
    ],
    solution=(
        "derivative, best_c = -2*k*(y - k*c) + 2*lam*k*c, y / (k + lam)\n"
        "The derivative is 2k ((k + λ) c − y). It is 0 at c = y / (k + λ), and the cost is a "
        "parabola that opens upwards."
    ),
    answer=lambda: (_SLOPE, _BEST),
)


# Exercise 2: coefficients and norm from the residuals --------------------------------------------

_Y3 = (Fraction(5), Fraction(1), Fraction(3))
_R3 = (Fraction(1), Fraction(-1), Fraction(1, 2))
_RIDGE = Fraction(1, 2)
_C3 = tuple(r / _RIDGE for r in _R3)
_SQUARE = sum(c * (y - r) for c, y, r in zip(_C3, _Y3, _R3, strict=True))
_C3_SLIPS = (
    ([r * _RIDGE for r in _R3], "is λ r. In (K + λI) c = y, what is y − K c?"),
    (list(_R3), "are the residuals themselves"),
    ([-c for c in _C3], "has the wrong sign: r is y − K c, and that is +λ c"),
    ([y / _RIDGE for y in _Y3], "is y / λ. It is the residual that belongs there"),
    ([(y - r) / _RIDGE for y, r in zip(_Y3, _R3, strict=True)], "is K c / λ, made from the fitted "
     "values. It is the residual that belongs there"),
)  # fmt: skip
_DOT_CC = sum(c * c for c in _C3)
_SQUARE_SLIPS = {
    _DOT_CC: "is the sum of the c_i². In c'Kc there is a K between them",
    sum(r * r for r in _R3): "is the sum of the squared residuals",
    sum(c * r for c, r in zip(_C3, _R3, strict=True)): "is c'r. K c are the fitted values, y − r",
    sum(c * y for c, y in zip(_C3, _Y3, strict=True)): "is c'y. K c is not y, it is y less the "
    "residuals",
    _SQUARE * _RIDGE: "is λ ‖f‖², the price. Asked for is ‖f‖²",
    sum((y - r) ** 2 for y, r in zip(_Y3, _R3, strict=True)): "is the sum of the squared fitted "
    "values",
}


def _judge_from_residuals(c: Any, square: Any = ...) -> Feedback:
    given = entries(c)
    if given is not None and len(given) == 2 and square is ...:
        c, square = given
        given = entries(c)
    if given is None or len(given) != 3:
        raise AnswerError(f"{quoted(c)} is no list of three numbers. Give c as [c_1, c_2, c_3].")
    found = [exact_number(entry) for entry in given]
    if not _same(found, _C3):
        for slip, words in _C3_SLIPS:
            if _same(found, slip):
                return incorrect(f"{quoted(c)} {words}.")
        wrong = next(i for i in range(3) if not _same(found[i : i + 1], _C3[i : i + 1]))
        return incorrect(
            f"Your c_{wrong + 1} is {quoted(found[wrong], 30)}. Times λ = 1/2 it is "
            f"{quoted(found[wrong] / 2, 30)}, and the residual there is {_R3[wrong]}."
        )
    if square is ... or square is None:
        return not_attempted("c is right. Now the squared norm.")
    value = exact_number(square)
    if _same([value], [_SQUARE]):
        return correct(
            "c = r / λ and Kc = y − r, so ‖f‖² = c'Kc = r'(y − r) / λ. Neither the kernel nor the "
            "points had to be known."
        )
    for square_slip, words in _SQUARE_SLIPS.items():
        if _same([value], [square_slip]):
            return incorrect(f"c is right. {quoted(square)} {words}.")
    if abs(value**2 - sp.Rational(_SQUARE)) < sp.Rational(1, 100):
        return incorrect(f"c is right. {quoted(square)} is ‖f‖. Asked for is its square.")
    return incorrect(
        f"c is right. {quoted(square)} is not c'Kc. Which three numbers are K c, when y − K c are "
        f"the residuals?"
    )


def _same(found: Any, right: Any) -> bool:
    """Whether the exact numbers are equal; floats come as decimals, so rounding is forgiven."""
    return all(
        abs(sp.N(a - sp.Rational(b), 30)) < sp.Rational(1, 10**9)
        for a, b in zip(found, right, strict=True)
    )


q2 = Exercise(
    "Exercise 2",
    _judge_from_residuals,
    hints=[
        "Write (K + λI) c = y as y − K c = … . What stands on the left?",
        "y − K c = λ c, so c = r / λ. And K c, the fitted values, are y − r.",
        "c'Kc is the sum of c_i (y_i − r_i).",
    ],
    solution=(
        "c, squared_norm = [2, -2, 1], sp.Rational(13, 2)\n"
        "c = r / λ = (2, −2, 1). The fitted values are y − r = (4, 2, 5/2), and c'Kc = 2·4 − 2·2 "
        "+ 1·5/2 = 13/2."
    ),
    answer=lambda: ([2, -2, 1], sp.Rational(13, 2)),
)


# Exercise 3: the ridge of the other convention ---------------------------------------------------


def _judge_convention(f: Any) -> Feedback:
    takes = "the ridge of the mean form and n, and returns the ridge of the sum form"
    function = function_of(f, takes)
    rng = np.random.default_rng(11)
    for n, mean_ridge in ((8, 0.0125), (1, 1.0), (40, 0.003), (272, 2.0), (5, 0.0)):
        answer = called(function, mean_ridge, n)
        if answer is ... or answer is None:
            return not_attempted("The function returns nothing yet.")
        given = number(answer)
        if abs(given - n * mean_ridge) <= 1e-9 * n * mean_ridge:
            continue
        words = f"For n = {n} and λ = {mean_ridge:g} in the mean form you give {given:.6g}"
        if given < 0 or (given == 0) != (mean_ridge == 0):
            return incorrect(f"{words}. A price is positive exactly when the other one is.")
        for slip, why in (
            (mean_ridge / n, "the factor stands on the wrong side of the line"),
            (mean_ridge, "that is the same number, and the sum of n squares outweighs it n times "
             "as much as their mean does"),
            (n**2 * mean_ridge, "n stands there once too often"),
            (np.sqrt(n) * mean_ridge, "no root is needed: the sum is n times the mean"),
        ):  # fmt: skip
            if abs(given - slip) <= 1e-9 * slip:
                return incorrect(f"{words}; {why}. {_apart(rng, given, mean_ridge, n)}")
        return incorrect(f"{words}. {_apart(rng, given, mean_ridge, n)}")
    apart = _copies_apart(rng, function)
    if apart > 1e-8:
        return incorrect(
            f"With every point written down three times, the fit with your ridge moves by "
            f"{apart:.2g}. The mean of the squares does not notice copies."
        )
    return correct(
        "λ of the sum form is n times that of the mean form. With every point written down three "
        "times, n and so the ridge grow threefold, and the fit stays as it was."
    )


def _apart(rng: np.random.Generator, given: float, mean_ridge: float, n: int) -> str:
    """How far the fit with the given ridge is from the least of the mean form."""
    x, y = rng.uniform(0, 4, n), rng.normal(size=n)
    K = Gaussian(1.0).gram(x)
    right = K @ np.linalg.solve(K + n * max(mean_ridge, 1e-6) * np.eye(n), y)
    other = K @ np.linalg.solve(K + max(given, 1e-6) * np.eye(n), y)
    gap = float(np.abs(right - other).max())
    return f"On {n} random points the two fits are then up to {gap:.2g} apart."


def _copies_apart(rng: np.random.Generator, function: Callable[..., Any]) -> float:
    """How far three copies of each point move the fit whose ridge comes from the mean form."""
    x, y = rng.uniform(0, 4, 9), rng.normal(size=9)
    fits = []
    for copies in (1, 3):
        X, values = np.repeat(x, copies), np.repeat(y, copies)
        ridge = number(called(function, 0.02, len(X)))
        fits.append(KernelRegression(Gaussian(1.0), ridge=ridge).fit(X, values).predict(x))
    return float(np.abs(fits[0] - fits[1]).max())


q3 = Exercise(
    "Exercise 3",
    _judge_convention,
    hints=[
        "Both forms must have their least value at the same f. Multiply the mean form by n.",
        "n times the mean form is Σ r_i² + n λ_mean ‖f‖². Compare it with the sum form.",
        "return n * mean_ridge",
    ],
    solution=(
        "def to_sum_form(mean_ridge, n):\n    return n * mean_ridge\n"
        "n times the mean form has its least value at the same f, and it is the sum form with the "
        "ridge n λ."
    ),
    answer=lambda: lambda mean_ridge, n: n * mean_ridge,
)


# Exercise 4: the free intercept ------------------------------------------------------------------


q4 = Exercise(
    "Exercise 4",
    judge_intercept,
    hints=[
        "Which n + 1 equations have the n + 1 unknowns c and c_0?",
        "(K + λI) c + c_0 = y in every row, and the sum of the c is 0. Build the matrix with "
        "np.block.",
        "M = np.block([[K + ridge*np.eye(n), np.ones((n, 1))], [np.ones((1, n)), "
        "np.zeros((1, 1))]]), then solve M with the right side np.append(y, 0).",
    ],
    solution=(
        "def fit_with_intercept(K, y, ridge):\n"
        "    n = len(y)\n"
        "    one = np.ones((n, 1))\n"
        "    M = np.block([[K + ridge * np.eye(n), one], [one.T, np.zeros((1, 1))]])\n"
        "    solved = np.linalg.solve(M, np.append(y, 0))\n"
        "    return solved[:n], solved[n]\n"
        "The last row says Σ c_i = 0. So adding a to every y is answered by adding a to c_0."
    ),
    answer=lambda: bordered,
)


# Exercise 5: the two ends of the ridge -----------------------------------------------------------

_T, _Y1, _Y2 = sp.symbols("t y1 y2", real=True)
_TWO_NAMES = {"t": _T, "y1": _Y1, "y2": _Y2}
_AT_0 = ((_Y1 - _T * _Y2) / (1 - _T**2), (_Y2 - _T * _Y1) / (1 - _T**2))
_FAR = (_Y1, _Y2)
_INSIDE = [  # where |t| < 1, as the exercise says
    {_T: sp.Rational(1, 2), _Y1: sp.Integer(1), _Y2: sp.Integer(3)},
    {_T: sp.Rational(-1, 3), _Y1: sp.Integer(2), _Y2: sp.Integer(1)},
]
_AT_0_SLIPS = (
    (((_Y1 + _T * _Y2) / (1 - _T**2), (_Y2 + _T * _Y1) / (1 - _T**2)), "has the sign of t wrong in "
     "the inverse of K"),
    ((_Y1 - _T * _Y2, _Y2 - _T * _Y1), "lacks the determinant of K below the line"),
    ((_Y1, _Y2), "would be right for t = 0, two points far apart"),
    ((_Y1 + _T * _Y2, _Y2 + _T * _Y1), "is K y. The limit is K⁻¹ y"),
    (_AT_0[::-1], "has the two in the other order"),
    ((0, 0), "is the limit for λ → ∞"),
)  # fmt: skip
_FAR_SLIPS = (
    ((0, 0), "is the limit of c itself. Multiplied by λ it has another one"),
    (_AT_0, "is the limit for λ → 0"),
    ((_Y1 + _T * _Y2, _Y2 + _T * _Y1), "is K y, the limit of λ K c: of the fitted values. Asked "
     "for is that of λ c"),
    ((_Y2, _Y1), "has the two in the other order"),
)  # fmt: skip


def _judge_limits(near: Any, far: Any = ...) -> Feedback:
    items = entries(near)
    if far is ... and items is not None and len(items) == 2 and entries(items[0]) is not None:
        near, far = items
    if wrong := _limit_said("c for λ → 0", near, _AT_0, _AT_0_SLIPS):
        return incorrect(wrong)
    if far is ... or far is None:
        return not_attempted("The limit for λ → 0 is right. Now λ c for λ → ∞.")
    if wrong := _limit_said("λ c for λ → ∞", far, _FAR, _FAR_SLIPS):
        return incorrect(f"The first limit is right. {wrong}")
    return correct(
        "λ → 0 ends in K⁻¹ y, which passes through both points. λ → ∞ ends in f = 0, and on the "
        "way there λ f comes to Σ y_i k(x_i, ·): all that is left is a bump of height y_i / λ at "
        "each point."
    )


def _limit_said(name: str, answer: Any, right: Any, slips: Any) -> str:
    items = entries(answer)
    if items is None or len(items) != 2:
        raise AnswerError(f"{quoted(answer)} is no list of two expressions. Give [c_1, c_2].")
    if any(item is ... or item is None for item in items):
        raise AnswerError(f"In {quoted(answer)} one of the two places is still empty.")
    shown = quoted(answer)
    if any(isinstance(i, sp.Basic) and "lam" in map(str, i.free_symbols) for i in items):
        raise AnswerError(f"{shown} still contains λ. In a limit it is gone.")
    found = [expression(item, _TWO_NAMES) for item in items]
    if _both_equal(found, right):
        return ""
    for slip, words in slips:
        if _both_equal(found, slip):
            return f"{shown} {words}."
    points = [difference_at(a, sp.sympify(b), _INSIDE) for a, b in zip(found, right, strict=True)]
    place = 0 if points[0] is not None else 1
    point = points[place] or {}
    return (
        f"{name}: at {at(point)} your entry {place + 1} is {_value(found[place], point)}, and the "
        f"limit is {_value(sp.sympify(right[place]), point)}."
    )


def _both_equal(found: Any, right: Any) -> bool:
    return all(difference_at(a, sp.sympify(b)) is None for a, b in zip(found, right, strict=True))


q5 = Exercise(
    "Exercise 5",
    _judge_limits,
    hints=[
        "Let sympy solve (K + λI) c = y for the two c. What happens to the formula when λ is 0?",
        "sp.limit(c_1, lam, 0), and for the other end sp.limit(lam * c_1, lam, sp.oo).",
        "At λ = 0 it is K⁻¹ y with the determinant 1 − t². For large λ the matrix K + λI is "
        "nearly λI.",
    ],
    solution=(
        "c_near = [(y1 - t*y2) / (1 - t**2), (y2 - t*y1) / (1 - t**2)]\n"
        "scaled_far = [y1, y2]\n"
        "For λ → 0 it is K⁻¹ y, which exists as |t| < 1. For λ → ∞ (K + λI)/λ goes to I, so λ c "
        "goes to y."
    ),
    answer=lambda: (list(_AT_0), list(_FAR)),
)


def progress() -> Progress:
    """How far the exercises of this lesson have come."""
    return Progress((q1, q2, q3, q4, q5))
