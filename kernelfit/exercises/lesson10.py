"""The exercises of lesson 10: a polynomial fit by its kernel."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from random import Random
from typing import Any

import sympy as sp

from kernelfit.exercises.compare import (
    at,
    difference_at,
    entries,
    exact_number,
    expression,
    holds_floats,
    kind_of,
    number,
    so_many,
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
from kernelfit.exercises.feature_maps import HIGHEST, degree_bound
from kernelfit.exercises.polynomial_by_kernel import by_legendre_kernel, judge_fit

# Exercise 1: the rank of K -----------------------------------------------------------------------

_RANK_SLIPS: tuple[tuple[Callable[[int, int, int], int], str], ...] = (
    (lambda n, m, d: min(n, d + 1), "It counts repeated x as often as they occur."),
    (lambda n, m, d: min(n, m), "What does the degree allow?"),
    (lambda n, m, d: d + 1, "It forgets that few different x span few dimensions."),
    (lambda n, m, d: min(m, d), "φ(x) has one entry more than d: the 1 at its start."),
    (lambda n, m, d: min(n, d), "φ(x) has d + 1 entries, and equal x give equal rows."),
    (lambda n, m, d: min(m, d) + 1, "The 1 belongs to d alone: X has m different rows."),
    (lambda n, m, d: max(m, d + 1), "A rank cannot be larger than either of the two."),
)


def _judge_rank(answer: Any) -> Feedback:
    if not callable(answer):
        raise AnswerError(f"{quoted(answer)} is not a function. Give the function itself.")
    cases, said = _rank_cases(), []
    for n, m, d in cases:
        where = f"For n = {n}, m = {m}, d = {d} {quoted(answer)}"
        try:
            value = answer(n, m, d)
        except Exception as problem:
            return incorrect(f"{where} raises {words_of(problem)}.")
        if value is None or value is ...:
            return not_attempted("The function returns nothing yet.")
        try:
            said.append(number(value))
        except AnswerError as refusal:
            return incorrect(f"{where}: {refusal}")
    for (n, m, d), value in zip(cases, said, strict=True):
        if value == min(m, d + 1):
            continue
        words = f"For n = {n}, m = {m}, d = {d} {quoted(answer)} gives {value:g}, but the rank is "
        words += f"{min(m, d + 1)}."
        for slip, why in _RANK_SLIPS:
            if all(v == slip(*case) for case, v in zip(cases, said, strict=True)):
                words += f" {why}"
                break
        return incorrect(words)
    return correct(
        f"Right in {len(cases)} cases. n counts only as far as K has n rows: it is full when the "
        f"rank is n, so when all x differ and n is at most d + 1."
    )


def _rank_cases() -> list[tuple[int, int, int]]:
    """Points, different points, degree: each slip is wrong in some of them."""
    random = Random(10)
    cases = [(4, 4, 1), (5, 2, 3), (3, 3, 6), (1, 1, 0), (39, 39, 25), (6, 1, 4)]
    for _ in range(100):
        n = random.randint(1, 12)
        cases.append((n, random.randint(1, n), random.randint(0, 12)))
    return cases


q1 = Exercise(
    "Exercise 1",
    _judge_rank,
    hints=[
        "K = XXᵀ has the rank of X, and X has one row for each point. How many rows can be "
        "independent if two of them are equal?",
        "At most m rows are independent, and at most as many as X has columns.",
        "X has d + 1 columns. It is the smaller of the two numbers.",
    ],
    solution=(
        "def rank(n, m, d):\n    return min(m, d + 1)\n"
        "Equal x give equal rows, so at most m are independent, and X has d + 1 columns. As many "
        "there are: a polynomial of degree below m that is 0 at m points is 0."
    ),
    answer=lambda: lambda n, m, d: min(m, d + 1),
)


# Exercise 2: the determinant for as many points as coefficients ----------------------------------

_X = sp.symbols("x0 x1 x2", real=True)
_VANDERMONDE = (_X[1] - _X[0]) * (_X[2] - _X[0]) * (_X[2] - _X[1])


def _judge_determinant(answer: Any) -> Feedback:
    if isinstance(answer, sp.MatrixBase) and answer.shape != (1, 1):
        raise AnswerError(f"{quoted(answer)} is a matrix. Give its determinant.")
    found = expression(answer, {str(s): s for s in _X})
    right = _VANDERMONDE**2
    point = difference_at(found, right)
    if point is None:
        return correct(
            "A square, and 0 only where two points are equal: so for three different points K has "
            "an inverse, as det X is the product without the squares and K = XXᵀ."
        )
    for slip, why in (
        (-right, "has the right size and the wrong sign. Could a kernel's determinant be that?"),
        (_VANDERMONDE, "is det X. K is X times Xᵀ."),
        (-_VANDERMONDE, "is det X with the other sign. K is X times Xᵀ."),
        (2 * right, "belongs to (1 + xz)². Its features weigh x by √2; here all weigh the same."),
        ((_X[0] - _X[1]) ** 2, "belongs to the points x0 and x1 with d = 1."),
    ):
        if difference_at(found, slip) is None:
            return incorrect(f"{quoted(answer)} {why}")
    value, there = found.subs(point), right.subs({s: point.get(s, s) for s in _X})
    words = f"At {at(point)} your determinant is {value}, and that of K is {there}."
    for a, b in combinations(_X, 2):
        merged = found.subs(a, b)
        finite = not merged.has(sp.zoo, sp.nan, sp.oo)
        if finite and difference_at(merged, sp.S.Zero) is not None:
            words += f" With {a} = {b} two rows of K are equal, and yours is not always 0."
            break
    return incorrect(words)


q2 = Exercise(
    "Exercise 2",
    _judge_determinant,
    hints=[
        "X is square here, three rows and three columns. What is the determinant of a product?",
        "det K = det X · det Xᵀ = (det X)². For which x is det X equal to 0?",
        "det X is 0 as soon as two points are equal, so it has the factors x1 − x0, x2 − x0 and "
        "x2 − x1. Or leave it to sympy: sp.factor((X * X.T).det()).",
    ],
    solution=(
        "(x1 - x0)**2 * (x2 - x0)**2 * (x2 - x1)**2\n"
        "X is square, so det K = (det X)², and the determinant of the powers of three numbers is "
        "the product of their differences (Vandermonde)."
    ),
    answer=lambda: _VANDERMONDE**2,
)


# Exercise 3: many c, one line --------------------------------------------------------------------

_DESIGN = sp.Matrix([[1, 0], [1, 1], [1, 2], [1, 3]])
_SHORTEST = sp.Matrix(sp.Rational(1, 100) * sp.Matrix([36, 27, 18, 9]))
_V = sp.Matrix([sp.Rational(9, 10), sp.Rational(9, 10)])
ROUNDING = sp.Rational(1, 10**9)  # of floats near 1, after sums of four of them


def _judge_solutions(c: Any, directions: Any = ...) -> Feedback:
    if directions is ... and (both := entries(c)) is not None and len(both) == 2:
        c, directions = both
    vector = _four(c, "c")
    v = _DESIGN.T * vector
    slack = ROUNDING if holds_floats(c) else 0
    if max(abs(e) for e in v - _V) > slack:
        return incorrect(
            f"With c = {quoted(c)} the weights are v = Xᵀc = ({v[0]}, {v[1]}), and those of the "
            f"best line are (9/10, 9/10)."
        )
    if max(abs(e) for e in vector - _SHORTEST) <= slack:
        return incorrect(f"c = {quoted(c)} is K⁺y itself. Give another solution.")
    if directions is ... or directions is None:
        return not_attempted("c is right. Now the two directions.")
    rows = entries(directions.tolist() if hasattr(directions, "tolist") else directions)
    if rows is not None and len(rows) == 4 and all(len(entries(r) or []) == 2 for r in rows):
        rows = [list(column) for column in zip(*map(entries, rows), strict=True)]
    if rows is None or len(rows) != 2:
        raise AnswerError(f"{quoted(directions)}: give two directions, each of four numbers.")
    found = [_four(row, "a direction") for row in rows]
    for row, w in zip(rows, found, strict=True):
        if all(e == 0 for e in w):
            return incorrect(f"{quoted(row)} is the zero vector, which is no direction.")
        moved = _DESIGN.T * w
        slack = ROUNDING * max(abs(e) for e in w) if holds_floats(row) else 0
        if max(abs(e) for e in moved) > slack:
            return incorrect(
                f"Along w = {quoted(row)} the line changes: Xᵀw = ({moved[0]}, {moved[1]}), "
                f"so Kw is not 0."
            )
    both_ways = sp.Matrix.hstack(*found)
    gram = both_ways.T * both_ways
    if gram.det() <= ROUNDING * gram[0, 0] * gram[1, 1]:
        shown = quoted([list(w) for w in found])
        return incorrect(f"{shown}: the second is a multiple of the first. There is another one.")
    return correct(
        "Every solution is K⁺y plus a sum of multiples of your two directions, and all of them "
        "draw the line 0.9 + 0.9 x. A single c₁ can be any number."
    )


def _four(answer: Any, name: str) -> sp.Matrix:
    items = entries(answer)
    if items is None or len(items) != 4:
        found = kind_of(answer) if items is None else so_many(items)
        raise AnswerError(f"{quoted(answer)} is {found}; {name} has four, one for each point.")
    for item in items:
        if entries(item) is not None and len(entries(item) or []) != 1:
            raise AnswerError(f"{quoted(answer)}: each of the four entries must be a number.")
    return sp.Matrix([exact_number(item) for item in items])


q3 = Exercise(
    "Exercise 3",
    _judge_solutions,
    hints=[
        "The line depends on Xᵀc alone, that is on c₁ + … + c₄ and on 0·c₁ + 1·c₂ + 2·c₃ + 3·c₄.",
        "Look for w with w₁ + w₂ + w₃ + w₄ = 0 and w₂ + 2w₃ + 3w₄ = 0. Take w₄ = 0 first.",
        "(1, −2, 1, 0) is one direction. Move it by one place for the other; add it to K⁺y for c.",
    ],
    solution=(
        "c = K.pinv() * y + sp.Matrix([1, -2, 1, 0])\n"
        "directions = [[1, -2, 1, 0], [0, 1, -2, 1]]\n"
        "Both are second differences: they take 0 from any column that grows by equal steps, and "
        "so from both columns of X. Or ask sympy: K.nullspace()."
    ),
    answer=lambda: (_SHORTEST + sp.Matrix([1, -2, 1, 0]), [[1, -2, 1, 0], [0, 1, -2, 1]]),
)


# Exercise 4: the shortest parabola, for two kernels ----------------------------------------------

_x = sp.Symbol("x", real=True)
_HALF, _THIRD = sp.Rational(1, 2), sp.Rational(1, 3)
_NAMES = ("1 + xz + x²z²", "(1 + xz)²")
_WEIGHS = (1, 2)  # k has xz with this factor
_BEST = (_HALF, _THIRD)  # of a x² + (1 − a) x


def _judge_shortest(first: Any, second: Any = ...) -> Feedback:
    if second is ... and (both := entries(first)) is not None and len(both) == 2:
        first, second = both
    slopes = [_through_both(first)]
    if second is not ... and second is not None:
        slopes.append(_through_both(second))
    if slopes == [_THIRD, _HALF]:
        return incorrect(f"{quoted(first)} and {quoted(second)} are right in the other order.")
    for k, a in enumerate(slopes):
        if a != _BEST[k]:
            length = _squared_length(a, k)
            least = _squared_length(_BEST[k], k)
            return incorrect(
                f"For {_NAMES[k]} the weights of {quoted((first, second)[k])} have the squared "
                f"length {length}, and another parabola through both points has {least}."
            )
    if len(slopes) == 1:
        return not_attempted(f"The one for {_NAMES[0]} is right. Now the one for {_NAMES[1]}.")
    return correct(
        "Squared lengths 1/2 and 1/3. (1 + xz)² weighs x by √2, so x comes cheaper there, and the "
        "shortest parabola takes more of it."
    )


def _through_both(answer: Any) -> sp.Expr:
    """The a of a x² + (1 − a) x; refused when the answer is no such parabola."""
    found = expression(answer, {"x": _x})
    if (degree_bound(found) or 0) > HIGHEST:
        raise AnswerError(f"{quoted(answer)} has a degree that is too high by far.")
    found = sp.expand(sp.radsimp(found))
    if not found.is_polynomial(_x):
        raise AnswerError(f"{quoted(answer)} is not a polynomial in x.")
    if sp.degree(found, _x) > 2:
        raise AnswerError(f"{quoted(answer)} has a degree above 2.")
    for x, y in ((0, 0), (1, 1)):
        value = found.subs(_x, x)
        if value != y:
            raise AnswerError(f"{quoted(answer)} is {value} at x = {x}, not {y}.")
    return found.coeff(_x, 2)


def _squared_length(a: sp.Expr, k: int) -> sp.Expr:
    return sp.expand(a**2 + (1 - a) ** 2 / _WEIGHS[k])


q4 = Exercise(
    "Exercise 4",
    _judge_shortest,
    hints=[
        "Every parabola through both points is a x² + (1 − a) x. Which v belongs to it, with the "
        "features 1, x, x²? And with 1, √2 x, x²?",
        "v = (0, 1 − a, a) and v = (0, (1 − a)/√2, a). When is the sum of the squares least?",
        "Differentiate a² + (1 − a)² and a² + (1 − a)²/2 by a.",
    ],
    solution=(
        "by_power_sum, by_binomial = x**2 / 2 + x / 2, x**2 / 3 + 2 * x / 3\n"
        "2a − 2(1 − a) = 0 gives a = 1/2, and 2a − (1 − a) = 0 gives a = 1/3. Or by K⁺y: "
        "f(x) = c₂ k(x, 1) + c₁ with Kc = y."
    ),
    answer=lambda: (_x**2 / 2 + _x / 2, _x**2 / 3 + 2 * _x / 3),
)


# Exercise 5: a fit that keeps its digits ---------------------------------------------------------

q5 = Exercise(
    "Exercise 5",
    judge_fit,
    hints=[
        "Which kernel has the same polynomials, for x wherever they lie, and features that are "
        "nearly at right angles?",
        "K = kf.Legendre(degree, (x.min(), x.max())).gram(x). Then K⁺y from the eigenvalues above "
        "a cut-off, as in the lesson.",
        "Return lambda new: k.gram(new, x) @ c. For c: mu, U = np.linalg.eigh(K), keep those mu "
        "above len(mu) * np.finfo(float).eps * mu.max().",
    ],
    solution=(
        "def kernel_polyfit(x, y, degree):\n"
        "    k = kf.Legendre(degree, (x.min(), x.max()))\n"
        "    mu, U = np.linalg.eigh(k.gram(x))\n"
        "    keep = mu > len(mu) * np.finfo(float).eps * mu.max()\n"
        "    c = U[:, keep] @ (U[:, keep].T @ y / mu[keep])\n"
        "    return lambda new: k.gram(new, x) @ c\n"
        "The same span as the powers, so the same function; and eigenvalues that do not fall off, "
        "so none is lost below the cut-off. np.linalg.pinv(K, hermitian=True, rtol=len(x) * eps) "
        "does the same."
    ),
    answer=lambda: by_legendre_kernel,
)


def progress() -> Progress:
    """How far the exercises of this lesson have come."""
    return Progress((q1, q2, q3, q4, q5))
