"""Answers to the exercises of lesson11: the ridge, its units, and the free constant."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp
from scipy.linalg import cho_factor, cho_solve

y, c, k, lam, t, y1, y2 = sp.symbols("y c k lam t y1 y2")  # without assumptions
SLOPE = 2 * k * ((k + lam) * c - y)
C3, SQUARE = [2, -2, 1], sp.Rational(13, 2)
NEAR = [(y1 - t * y2) / (1 - t**2), (y2 - t * y1) / (1 - t**2)]
FAR = [y1, y2]


def by_two_solves(K: Any, values: Any, ridge: float) -> Any:
    factor = cho_factor(K + ridge * np.eye(len(K)))
    v, u = cho_solve(factor, values), cho_solve(factor, np.ones(len(K)))
    c_0 = v.sum() / u.sum()
    return v - c_0 * u, c_0


def by_centring(K: Any, values: Any, ridge: float) -> Any:
    n = len(values)
    H = np.eye(n) - np.ones((n, n)) / n
    c = H @ np.linalg.solve(H @ K @ H + ridge * np.eye(n), H @ values)
    return [c.tolist(), np.mean(values - K @ c)]


def without(K: Any, values: Any, ridge: float) -> Any:
    return np.linalg.solve(K + ridge * np.eye(len(K)), values), 0.0


def mean_alone(K: Any, values: Any, ridge: float) -> Any:
    return without(K, values - values.mean(), ridge)[0], values.mean()


def with_one(K: Any, values: Any, ridge: float) -> Any:
    c = without(K + 1, values, ridge)[0]
    return c, c.sum()


def swapped(K: Any, values: Any, ridge: float) -> Any:
    return by_two_solves(K, values, ridge)[::-1]


def wrong_sign(K: Any, values: Any, ridge: float) -> Any:
    c, c_0 = by_two_solves(K, values, ridge)
    return -c, c_0


def changing(K: Any, values: Any, ridge: float) -> Any:
    K += ridge * np.eye(len(K))
    return by_two_solves(K, values, 0)


def only_c(K: Any, values: Any, ridge: float) -> Any:
    return by_two_solves(K, values, ridge)[0]


def a_wrong_sum(K: Any, values: Any, ridge: float) -> Any:
    c, c_0 = by_two_solves(K, values, ridge)
    return c + 1, c_0


def other_ridge(K: Any, values: Any, ridge: float) -> Any:
    return by_two_solves(K, values, ridge * len(K))


def mean_afterwards(K: Any, values: Any, ridge: float) -> Any:
    c, _ = without(K, values, ridge)
    return c, np.mean(values - K @ c)


def median_alone(K: Any, values: Any, ridge: float) -> Any:
    return without(K, values - np.median(values), ridge)[0], np.median(values)


def small_only(K: Any, values: Any, ridge: float) -> Any:
    return by_two_solves(K, np.minimum(values, 100.0), ridge)


# For each exercise: other right forms, and wrong answers with words that their reason holds.
CASES: dict[str, tuple[list[tuple[Any, ...]], list[tuple[tuple[Any, ...], str]]]] = {
    "q1": (
        [
            (SLOPE, y / (k + lam)),
            (sp.expand(SLOPE), 1 / (k + lam) * y),
            ((SLOPE, [y / (lam + k)]),),
            (2.0 * k * (k * c + lam * c - y), {c: y / (k + lam)}),
            (-2 * k * (y - k * c) + 2 * lam * k * c, sp.Eq(c, y / (k + lam))),
            (SLOPE.subs(k, sp.Symbol("k", positive=True)), y / (k + lam)),
        ],
        [
            ((SLOPE / 2, y / (k + lam)), "is half of the derivative"),
            ((-SLOPE, y / (k + lam)), "has the wrong sign"),
            ((2 * k * (y - k * c) + 2 * lam * k * c, 0), "the sign of the inner derivative wrong"),
            ((-2 * (y - k * c) + 2 * lam * k * c, 0), "lacks the inner derivative"),
            ((-2 * k * (y - k * c) + 2 * lam * c, 0), "takes the price to be λ c²"),
            ((-2 * k * (y - k * c), y / k), "belongs to the misses alone"),
            (((y - k * c) ** 2 + lam * k * c**2, 0), "is the cost itself"),
            ((SLOPE + 1, y / (k + lam)), "and the cost has the slope"),
            ((SLOPE / k, y / (k + lam)), "k = 3, lam = 1, y = -3 your derivative"),
            ((SLOPE, y / (k + 2 * lam)), "At k = 2, lam = 1, y = 3 your c is 3/4"),
            ((SLOPE, y / k), "is the c without a price"),
            ((SLOPE, k * y / (k + lam)), "is k c, the value of the fit"),
            ((SLOPE, y / (k - lam)), "a sign wrong below the line"),
            ((SLOPE, k * y / (k**2 + lam)), "belongs to the price λ c²"),
            ((SLOPE, y / (1 + lam)), "is right for k = 1 only"),
            ((SLOPE, lam * y / (k + lam)), "is the residual"),
            ((SLOPE, (y - lam * c) / k), "contains c. Solve for c"),
            ((SLOPE, y), "there the slope is"),
            (("2*k", y), "is text"),
            ((SLOPE, sp.Symbol("q")), "contains q"),
        ],
    ),
    "q2": (
        [
            ([2, -2, 1], 6.5),
            ((2.0, -2.0, 1.0), Fraction(13, 2)),
            (np.array([2, -2, 1]), np.float64(6.5)),
            (sp.Matrix([2, -2, 1]), SQUARE),
            ([[2, -2, 1], 6.5],),
        ],
        [
            (([Fraction(1, 2), Fraction(-1, 2), Fraction(1, 4)], 6.5), "is λ r"),
            (([1, -1, 0.5], 6.5), "are the residuals themselves"),
            (([-2, 2, -1], 6.5), "has the wrong sign"),
            (([10, 2, 6], 6.5), "is y / λ"),
            (([8, 4, 5], 6.5), "is K c / λ"),
            (([2, -2, 2], 6.5), "Your c_3 is 2. Times λ = 1/2 it is 1"),
            (([2, -2], 6.5), "is no list of three numbers"),
            (([2, 2, 1], 6.5), "Your c_2 is 2. Times λ = 1/2 it is 1"),
            ((C3, 4.5), "4.5 is c'r. K c are the fitted values"),
            ((C3, 9), "is the sum of the c_i²"),
            ((C3, 11), "is c'y. K c is not y"),
            ((C3, Fraction(9, 4)), "is the sum of the squared residuals"),
            ((C3, 3.25), "is λ ‖f‖², the price"),
            ((C3, Fraction(9, 4) + 8), "is not c'Kc"),
            ((C3, np.sqrt(6.5)), "is ‖f‖. Asked for is its square"),
            ((C3, 26.25), "is the sum of the squared fitted values"),
            ((C3, -6.5), "-6.5 is not c'Kc"),
            (("2", 6.5), "is no list of three numbers"),
        ],
    ),
    "q3": (
        [
            (lambda ridge, n: n * ridge,),
            (lambda ridge, n: sp.Rational(n) * ridge,),
            (lambda ridge, n: np.float64(ridge * n),),
            (lambda ridge, n: sum([ridge] * n),),
        ],
        [
            ((lambda ridge, n: ridge / n,), "wrong side of the line. On 8 random points"),
            ((lambda ridge, n: ridge,), "that is the same number"),
            ((lambda ridge, n: n**2 * ridge,), "once too often"),
            ((lambda ridge, n: np.sqrt(n) * ridge,), "no root is needed"),
            ((lambda ridge, n: n * ridge + 1e-3,), "For n = 8 and λ = 0.0125"),
            ((lambda ridge, n: (n - 1) * ridge,), "you give 0.0875. On 8 random points"),
            ((lambda ridge, n: n,), "you give 8. On 8 random points"),
            ((lambda ridge, n: -n * ridge,), "you give -0.1. A price is positive"),
            ((lambda ridge, n: max(n * ridge, 1e-9),), "For n = 5 and λ = 0 in the mean form"),
            ((lambda ridge: ridge,), "fails with TypeError"),
            ((lambda ridge, n: "0.1",), "0.1 is text"),
            ((0.1,), "0.1 is no function"),
            ((lambda ridge, n: 1 / 0,), "fails with ZeroDivisionError"),
        ],
    ),
    "q4": (
        [(by_two_solves,), (by_centring,), (lambda *a: np.array(by_two_solves(*a), dtype=object),)],
        [
            ((without,), "is the fit without an intercept"),
            ((mean_alone,), "has the mean of y for the intercept"),
            ((with_one,), "comes from the kernel k + 1"),
            ((swapped,), "has 1 entry, and there are 4 points"),
            ((wrong_sign,), "though the c add up to 0"),
            ((changing,), "changes the K or the y"),
            ((only_c,), "Return two things, c and c_0"),
            ((a_wrong_sum,), "the c add up to 4"),
            ((mean_afterwards,), "the c add up to -0.827"),
            ((median_alone,), "the c add up to 0.104"),
            ((other_ridge,), "misses y by up to"),
            ((small_only,), "With 1000 added to every y the fit rises by 1000 only up to"),
            ((lambda K, y: K,), "fails with TypeError"),
            ((lambda K, y, ridge: (["a"] * len(y), 0),), "a is text"),
            ((3,), "3 is no function"),
        ],
    ),
    "q5": (
        [
            (NEAR, FAR),
            ([sp.expand(e) for e in NEAR], (y1, y2)),
            (sp.Matrix([[1, t], [t, 1]]).inv() * sp.Matrix(FAR), sp.Matrix(FAR)),
            ((NEAR, FAR),),
            ([sp.Float(1.0) * e for e in NEAR], np.array(FAR)),
        ],
        [
            (([e.subs(t, -t) for e in NEAR], FAR), "has the sign of t wrong"),
            (([y1 - t * y2, y2 - t * y1], FAR), "lacks the determinant"),
            ((FAR, FAR), "would be right for t = 0"),
            (([y1 + t * y2, y2 + t * y1], FAR), "is K y. The limit is K⁻¹ y"),
            ((NEAR[::-1], FAR), "has the two in the other order"),
            (([0, 0], FAR), "is the limit for λ → ∞"),
            (([NEAR[0], 0], FAR), "your entry 2 is 0"),
            (([y1 / (1 + t), y2 / (1 + t)], FAR), "at t = 1/2, y1 = 1, y2 = 3 your entry 1 is 2/3"),
            ((NEAR, [y1 - t * y2, y2 - t * y1]), "your entry 1 is -1/2, and the limit is 1"),
            ((NEAR, [0, 0]), "is the limit of c itself"),
            ((NEAR, NEAR), "The first limit is right."),
            ((NEAR, [y1 + t * y2, y2 + t * y1]), "the limit of λ K c"),
            ((NEAR, [y2, y1]), "[y2, y1] has the two in the other order"),
            ((NEAR, [y1, -y2]), "your entry 2 is"),
            ((NEAR, y1), "is no list of two expressions"),
            (([y1 / (1 + lam), y2], FAR), "still contains λ"),
            (([y1, ...], FAR), "one of the two places is still empty"),
        ],
    ),
}
FUNCTIONS = ("q3", "q4")
