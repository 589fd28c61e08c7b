"""The exercises of lesson 05: condition numbers, correct digits, and how to keep them."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
from numpy.polynomial import Chebyshev, Legendre, Polynomial
from numpy.typing import NDArray

from kernelfit.datasets import load
from kernelfit.exercises.compare import entries, number, numbers, pair, so_many
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
from kernelfit.polynomial import PolynomialRegression
from kernelfit.symbolic import correct_digits, exact_least_squares

Array = NDArray[np.float64]

# Exercise 1: where XᵀX becomes singular in the machine ---------------------------------------


def _judge_smallest_step(answer: Any) -> Feedback:
    step = number(answer)
    if step == round(step) and 1 <= abs(step) <= 16:
        return incorrect(
            f"{step:g} is not of the form 10⁻ᵏ. If {abs(step):g} is your k, type 1e-{abs(step):g}."
        )
    if step <= 0:
        return incorrect(f"{step:g} is not greater than 0. Take ε = 10⁻ᵏ, such as 1e-3.")
    k = round(-math.log10(step))
    if abs(Fraction(step) * Fraction(10) ** k - 1) > 1e-6:
        return incorrect(f"{step:g} is not a power of ten. Take ε = 10⁻ᵏ with a whole k.")
    corner = 1 + step * step
    if k == 7:
        return correct(
            f"At 10⁻⁷ the corner of XᵀX is {corner!r}, and at 10⁻⁸ it is {1 + 1e-16!r}. "
            f"X itself is far from singular there, its condition number is 1.4 · 10⁸; "
            f"forming XᵀX is what loses the ε."
        )
    if k < 7:
        less = step / 10
        return incorrect(
            f"{step:g} works, but so does a tenth of it: for ε = {less:g} the corner 1 + ε² "
            f"comes out as {1 + less * less!r}, which is not 1."
        )
    told = f"For ε = {step:g} the machine finds 1 + ε² == {corner!r}, so XᵀX is [[1, 1], [1, 1]]"
    if k >= 14:
        return incorrect(
            f"{told}. Floats next to 1 are about 10⁻¹⁶ apart, and what is added here is ε²."
        )
    return incorrect(f"{told}, which has no inverse. What must ε² be, not to be lost next to 1?")


q1 = Exercise(
    "Exercise 1",
    _judge_smallest_step,
    hints=[
        "Multiply XᵀX out by hand. Where does ε occur in it?",
        "XᵀX = [[1 + ε², 1], [1, 1 + ε²]]. It is singular when 1 + ε² counts as 1.",
        "Let Python say for which of ε = 1e-5, 1e-6, ... the question 1 + ε**2 == 1 is True.",
    ],
    solution=(
        "1e-7\n"
        "Next to 1 a float keeps about 16 digits: 1 + 10⁻¹⁴ is different from 1, and 1 + 10⁻¹⁶ is "
        "rounded to 1. So ε² = 10⁻¹⁴ is the last that counts."
    ),
    answer=lambda: 1e-7,
)


# Exercise 2: the rule of thumb ---------------------------------------------------------------


def _judge_digits_left(answer: Any) -> Feedback:
    by_x, by_normal = pair(answer)
    shown = f"({by_x:g}, {by_normal:g})"
    if (by_x, by_normal) == (11, 6):
        return correct(
            "A condition number of 10⁵ puts 5 digits at stake. XᵀX has the square of it, 10¹⁰, "
            "and puts 10 at stake, before anything has been solved."
        )
    if (by_x, by_normal) == (6, 11):
        return incorrect(
            f"{shown} has the two in the other order: the method on X first, and it keeps more."
        )
    if (by_x, by_normal) == (5, 10):
        return incorrect(f"{shown} are the digits that may be lost. How many of the 16 are left?")
    if by_x == 16:
        return incorrect(
            f"{shown}: a float has 16 digits, and each step rounds the last one. A condition "
            f"number of 10⁵ makes that rounding up to 10⁵ times as large in the coefficients."
        )
    if by_x == by_normal:
        return incorrect(
            f"{shown} treats both alike. But the normal equations are solved with XᵀX: what is "
            f"its condition number when that of X is 10⁵?"
        )
    if by_x == 11:
        return incorrect(
            f"{shown}: 11 is right for the method on X. The normal equations lose log₁₀ of the "
            f"condition number of XᵀX, which is not 10⁵; {by_normal:g} does not follow from it."
        )
    if by_normal == 6:
        return incorrect(
            f"{shown}: 6 is right for the normal equations. The first method works on X itself, "
            f"whose condition number is 10⁵; {by_x:g} does not follow from it."
        )
    return incorrect(
        f"{shown}: take 16 and subtract log₁₀ of the condition number of what is solved with, "
        f"X in one case and XᵀX in the other."
    )


q2 = Exercise(
    "Exercise 2",
    _judge_digits_left,
    hints=[
        "A condition number of 10 costs one digit at most, one of 100 two. And one of 10⁵?",
        "One method works on X, the other on XᵀX, whose condition number is the square.",
        "Subtract 5 from 16 for X, and log₁₀ of (10⁵)² for XᵀX.",
    ],
    solution=(
        "(11, 6)\n"
        "On X: 16 − log₁₀ 10⁵ = 11. Normal equations: 16 − log₁₀ 10¹⁰ = 6. It is a rule of thumb "
        "for what may be lost; often a little less is."
    ),
    answer=lambda: (11, 6),
)


# Exercise 3: the eleven coefficients of Filip ------------------------------------------------

DEGREE = 10


@cache
def _filip() -> tuple[Array, Array, list[Fraction]]:
    """x, y, and the exact coefficients of 1, x, ..., x^10."""
    data = load("filip")
    pairs = data.fractions()
    rows = [tuple(x**k for k in range(DEGREE + 1)) for x, _ in pairs]
    return data.x, data.y, exact_least_squares(rows, [y for _, y in pairs])


def _judge_powers(answer: Any) -> Feedback:
    if isinstance(answer, (Polynomial, Legendre, Chebyshev)):
        raise AnswerError(
            f"{quoted(answer, 40)} is a whole polynomial. Give its 11 coefficients of 1, x, x², "
            f"...: .convert(kind=np.polynomial.Polynomial).coef."
        )
    c = numbers(answer, DEGREE + 1)
    _, _, exact = _filip()
    worst, digits = _worst(c, exact)
    if digits >= ENOUGH:
        return correct(
            f"Even c{worst}, the worst, has {math.floor(digits)} correct digits. The data never "
            f"were the trouble: each power of x is nearly a combination of the others."
        )
    if _worst(c[::-1], exact)[1] > 3:
        return incorrect(
            f"Your list begins with {c[0]:.6g}, which is c10, as numpy.polyfit has it. "
            f"Turn it round: c0 comes first."
        )
    for order, given in (("", c), (", with c10 first", c[::-1])):
        if digits < 1 and (found := _other_variable(given)) is not None:
            return incorrect(
                f"Your list, which begins with {c[0]:.6g}, is right for {found}{order}. What is "
                f"asked for are the coefficients of 1, x, ..., x¹⁰: convert them."
            )
    return incorrect(_how_far(c, worst, digits))


def _other_variable(c: Sequence[float]) -> str | None:
    """What the coefficients are right for, when that is not the powers of x."""
    x, y, exact = _filip()
    for kind in (Legendre, Chebyshev):
        series = kind.fit(x, y, DEGREE)
        if np.allclose(c, series.coef, rtol=1e-3, atol=0):
            return f"a {kind.__name__} series on the interval of the data"
        if np.allclose(c, series.convert().coef, rtol=1e-3, atol=0):
            return f"a {kind.__name__} series in x (.convert(kind=np.polynomial.Polynomial))"
    lengths = [math.sqrt(sum(v ** (2 * k) for v in x)) for k in range(DEGREE + 1)]
    if _worst([a / length for a, length in zip(c, lengths, strict=True)], exact)[1] > 3:
        return "columns of length 1 (divide each by the length of its column)"
    return _shifted_and_scaled(c, exact)


def _shifted_and_scaled(c: Sequence[float], exact: Sequence[Fraction]) -> str | None:
    """Whether c are the coefficients for t = (x − a)/b: two of them settle a and b."""
    if c[-1] == 0:
        return None
    b = abs(c[-1] / float(exact[-1])) ** (1 / DEGREE)
    a = (c[-2] / b ** (DEGREE - 1) - float(exact[-2])) / (DEGREE * float(exact[-1]))
    if not (0 < b < 1e6 and abs(a) < 1e6):
        return None
    a_exact, b_exact = Fraction(a), Fraction(b)
    for k, given in enumerate(c):
        terms = (math.comb(j, k) * exact[j] * a_exact ** (j - k) for j in range(k, DEGREE + 1))
        right = float(b_exact**k * sum(terms))
        if not math.isclose(given, right, rel_tol=1e-4):
            return None
    shifted = "x" if abs(a) < 1e-6 else f"x {'+' if a < 0 else '−'} {abs(a):.6g}"
    if abs(b - 1) < 1e-6:
        return f"t = {shifted}"
    return f"t = {shifted} / {b:.6g}" if shifted == "x" else f"t = ({shifted}) / {b:.6g}"


def _how_far(c: Sequence[float], worst: int, digits: float) -> str:
    x, y, _ = _filip()
    words = f"c{worst} = {c[worst]:.10g} "
    if digits >= 1:
        words += f"agrees with the exact value in {_shown(digits)} digits; {ENOUGH} are asked for."
        if digits > 5:
            words += " The powers of x themselves cost the rest: change the variable first."
        return words
    words += "has not one correct digit."
    rms = float(np.sqrt(np.mean((y - np.polynomial.polynomial.polyval(x, c)) ** 2)))
    if rms < 0.006:
        words += (
            f" And yet your curve leaves a root mean square residual of {rms:.4f}, the right one "
            f"0.0031: fitting well is no proof of right coefficients."
        )
    return words


q3 = Exercise(
    "Exercise 3",
    _judge_powers,
    hints=[
        "Where the data lie, from −8.8 to −3.1, each power of x is nearly a combination of the "
        "others. Where not?",
        "Bring x to t in [−1, 1], fit in t, and write the result in x as the last step.",
        "np.polynomial.Polynomial.fit(filip.x, filip.y, 10) fits in t; .convert().coef has the "
        "powers of x.",
    ],
    solution=(
        "np.polynomial.Polynomial.fit(filip.x, filip.y, 10).convert().coef\n"
        "In t the powers have a condition number of 3 · 10³ in place of 2 · 10¹⁵. The way back "
        "to x costs about one digit here."
    ),
    answer=lambda: PolynomialRegression(DEGREE).fit(*_filip()[:2]).power_coefficients_,
)


# Exercise 4: three units for Pontius ---------------------------------------------------------

BELOW = 30


def _pontius() -> Array:
    powers: Array = load("pontius").x[:, None] ** np.arange(3.0)
    return powers


def _judge_units(answer: Any) -> Feedback:
    units = np.array(numbers(answer, 3))
    shown = ", ".join(f"{u:.6g}" for u in units)
    if not units.all():
        return incorrect(f"{shown}: a column cannot be divided by 0.")
    X = _pontius()
    lengths = np.linalg.norm(X, axis=0)
    k = _condition(X, units)
    if k < BELOW:
        return correct(
            f"Divided by {shown} the columns have a condition number of {k:.1f} in place of "
            f"1.4 · 10¹³. The columns 1, x and x² were never nearly parallel: their units made "
            f"them look so."
        )
    if math.isinf(k):
        return incorrect(f"Divided by {shown} the columns hold numbers that no float can hold.")
    reached = f"a condition number of {k:.3g}"
    in_order, multiplied = _condition(X, units[::-1]), _condition(X, 1 / units)
    if in_order < min(BELOW, multiplied) and np.abs(units).max() > 1:
        return incorrect(f"{shown} stand in the other order: first for the ones, then x, then x².")
    if multiplied < BELOW:
        return incorrect(f"{shown} are what to multiply with. Divided by them, it is {reached}.")
    left = lengths / np.abs(units)
    if k < 2 * BELOW:
        return incorrect(
            f"Divided by {shown} the columns have {reached}, nearly there. Their lengths are "
            f"now {', '.join(f'{v:.2g}' for v in left)}; make them equal."
        )
    return incorrect(
        f"Divided by {shown} the columns have {reached}. The longest of them is still "
        f"{left.max() / left.min():.2g} times as long as the shortest."
    )


def _condition(X: Array, units: Array) -> float:
    """The condition number of X with its columns divided; infinite when a float overflows."""
    with np.errstate(all="ignore"):
        divided = X / units
        if not (np.isfinite(divided).all() and divided.any(axis=0).all()):
            return math.inf
        return float(np.linalg.cond(divided))


q4 = Exercise(
    "Exercise 4",
    _judge_units,
    hints=[
        "How large are the entries of the three columns? x goes up to 3 million, and x²?",
        "Divide so that all three columns are of about the same length.",
        "The lengths themselves are a good choice: np.linalg.norm(X_pontius, axis=0).",
    ],
    solution=(
        "np.linalg.norm(X_pontius, axis=0)\n"
        "Columns of equal length come within a factor of √3 of the best condition number that any "
        "three divisors can reach; here it is 18.4, and the best is 17.4."
    ),
    answer=lambda: np.linalg.norm(_pontius(), axis=0),
)


# Exercise 5: a fit that keeps its digits on Longley's data -----------------------------------

ENOUGH = 9  # correct digits: QR and lstsq reach 10 or 11 on Longley's data, XᵀX at most 8
_TABLES = {"longley": "Longley's data", "norris": "Norris's data", "cherry_trees": "the trees"}


@cache
def _table(name: str) -> tuple[Array, Array, list[Fraction]]:
    """The design matrix with the column of ones, y, and the exact coefficients."""
    data = load(name)
    *columns, y = zip(*data.fractions(), strict=True)
    rows = [(Fraction(1), *row) for row in zip(*columns, strict=True)]
    X = np.column_stack([np.ones(len(data.y)), data.X])
    return X, data.y, exact_least_squares(rows, y)


def _judge_fit(answer: Any) -> Feedback:
    if not callable(answer):
        raise AnswerError(f"{quoted(answer)} is not a function. Give the function itself.")
    reached = []
    for name, title in _TABLES.items():
        X, y, exact = _table(name)
        where = f"On {title} (X of shape {X.shape}) {quoted(answer)}"
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                said = answer(X.copy(), y.copy())
            except Exception as problem:
                return incorrect(f"{where} raises {words_of(problem)}.")
        if said is ... or said is None:
            return not_attempted("The function returns nothing yet.")
        c = _coefficients(said, len(exact), where)
        worst, digits = _worst(c, exact)
        if digits < ENOUGH:
            return incorrect(_too_few(where, c[worst], worst, digits, name))
        reached.append(f"{digits:.0f} on {title}")
    return correct(
        f"Correct digits: {', '.join(reached)}. On Longley's data the inverse of XᵀX has 7; which "
        f"matrix is solved with decides, more than which program solves."
    )


def _coefficients(said: Any, count: int, where: str) -> list[float]:
    items = entries(said)
    if items is not None and len(items) == 4 and len(entries(items[0]) or []) == count:
        raise AnswerError(
            f"{where} gives four things. np.linalg.lstsq returns the coefficients and three more; "
            f"the coefficients are its [0]."
        )
    if items is None or len(items) != count:
        found = quoted(said, 40) if items is None else so_many(items)
        raise AnswerError(f"{where} gives {found}; there are {count} coefficients, c0 first.")
    try:
        return [number(item) for item in items]
    except AnswerError as refusal:
        raise AnswerError(f"{where} gives {quoted(said, 40)}. {refusal}") from None


def _too_few(where: str, value: float, worst: int, digits: float, name: str) -> str:
    words = f"{where} gives c{worst} = {value:.10g}, "
    if digits < 1:
        return (
            words + "which has not one correct digit. If you scaled or centred the columns, are "
            "the coefficients converted back? Do y and the columns stand where they should?"
        )
    words += (
        f"which agrees with the exact value in {_shown(digits)} digits; {ENOUGH} are asked for."
    )
    if name == "longley" and digits > 5:
        words += (
            " That is what forming XᵀX leaves: even with scaled columns its condition number is "
            "2 · 10⁹."
        )
    return words


def _worst(computed: Sequence[float], exact: Sequence[Fraction]) -> tuple[int, float]:
    """Which of the coefficients has the fewest correct digits, and how many."""
    digits = [correct_digits([c], [e]) for c, e in zip(computed, exact, strict=True)]
    least = min(range(len(digits)), key=digits.__getitem__)
    return least, digits[least]


def _shown(digits: float) -> str:
    return f"{math.floor(10 * digits) / 10:.1f}"  # rounded down: 8.96 is not 9


def _by_centred_qr(X: Array, y: Array) -> Array:
    means = X[:, 1:].mean(axis=0)
    Q, R = np.linalg.qr(X[:, 1:] - means)
    slopes = np.linalg.solve(R, Q.T @ y)
    return np.array([y.mean() - means @ slopes, *slopes])


q5 = Exercise(
    "Exercise 5",
    _judge_fit,
    hints=[
        "Whatever contains X.T @ X has lost its digits before it is solved. What else factorises?",
        "Q, R = np.linalg.qr(X) gives X = QR with QᵀQ = I. Put QR in place of X in XᵀXc = Xᵀy.",
        "What is left of it is R c = Qᵀy: np.linalg.solve(R, Q.T @ y).",
    ],
    solution=(
        "def fit(X, y):\n    Q, R = np.linalg.qr(X)\n    return np.linalg.solve(R, Q.T @ y)\n"
        "XᵀX = RᵀQᵀQR = RᵀR, so the normal equations say RᵀR c = RᵀQᵀy, and Rᵀ drops out. R has "
        "the condition number of X, not its square. Two or three digits more if the columns are "
        "centred first."
    ),
    answer=lambda: _by_centred_qr,
)


def progress() -> Progress:
    """How far the exercises of this lesson have come."""
    return Progress((q1, q2, q3, q4, q5))
