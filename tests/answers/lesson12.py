"""Answers to the exercises of lesson12: leaving out, choosing, and leaks."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp
from answers.wrong import raising

from kernelfit import KernelRegression, Linear, load

E, n, t = sp.symbols("E n t")  # without assumptions
TENTHS = [Fraction(1, 10)] * 11
RIGHT = [*TENTHS[:7], 1, *TENTHS[8:]]
X = sp.Matrix([[1, x] for x, _ in load("anscombe_4").fractions()])
H = X * (X.T * X).inv() * X.T
LEAKS = {"a": True, "b": False, "c": True, "d": False}


def shifted(K, ridge):
    return K + ridge * np.eye(len(K))


def by_one_inverse(K, y, ridge):
    inverse = np.linalg.inv(shifted(K, ridge))
    return inverse @ y / np.diag(inverse)


def by_many_fits(K, y, ridge):
    missed = []
    for i in range(len(y)):
        rest = [j for j in range(len(y)) if j != i]
        c = np.linalg.solve(shifted(K[np.ix_(rest, rest)], ridge), y[rest])
        missed.append(y[i] - K[i, rest] @ c)
    return missed


def by_leverage(K, y, ridge):
    hat = K @ np.linalg.inv(shifted(K, ridge))
    return (y - hat @ y) / (1 - np.diag(hat))


def by_eigenvalues(K, y, ridge):
    mu, U = np.linalg.eigh(K)
    A = U / (mu + ridge) @ U.T
    return (A @ y / np.diag(A))[:, None]


def by_the_package(K, y, ridge):
    mu, U = np.linalg.eigh(K)
    rows = U * np.sqrt(np.maximum(mu, 0))
    fit = KernelRegression(Linear(), ridge=ridge).fit(rows, y)
    return fit.leave_one_out_residuals_


def residuals(K, y, ridge):
    return y - K @ np.linalg.solve(shifted(K, ridge), y)


def coefficients(K, y, ridge):
    return np.linalg.solve(shifted(K, ridge), y)


def predictions(K, y, ridge):
    return y - by_one_inverse(K, y, ridge)


def multiplied(K, y, ridge):
    inverse = np.linalg.inv(shifted(K, ridge))
    return inverse @ y * np.diag(inverse)


def by_diagonal(K, y, ridge):
    return coefficients(K, y, ridge) / np.diag(shifted(K, ridge))


def entrywise(K, y, ridge):
    return coefficients(K, y, ridge) * np.diag(shifted(K, ridge))


def by_h(K, y, ridge):
    return residuals(K, y, ridge) / np.diag(K @ np.linalg.inv(shifted(K, ridge)))


def in_place(K, y, ridge):
    K += ridge * np.eye(len(K))
    return by_one_inverse(K, y, 0)


def for_two_alone(K, y, ridge):
    return by_one_inverse(K, y, ridge) if len(y) == 2 else np.zeros(len(y))


def intercept(K, y, ridge):
    size = len(y)
    M = np.ones((size + 1, size + 1))
    M[:size, :size], M[size, size] = shifted(K, ridge), 0
    A = np.linalg.inv(M)[:size, :size]
    return A @ y / np.diag(A)


def by_the_mean_leverage(K, y, ridge):
    hat = K @ np.linalg.inv(shifted(K, ridge))
    return (y - hat @ y) / (1 - np.trace(hat) / len(y))


def sizes(K, y, ridge):
    return abs(by_one_inverse(K, y, ridge))


# For each exercise: other right forms, and wrong answers with words that their reason holds.
CASES: dict[str, tuple[list[tuple[Any, ...]], list[tuple[tuple[Any, ...], str]]]] = {
    "q1": (
        [
            (7, RIGHT),
            (np.int64(7), list(H.diagonal())),
            (7.0, H.diagonal()),
            ((7, tuple(RIGHT)),),
            (sp.Integer(7), [sp.Rational(1, 10)] * 7 + [sp.Integer(1)] + [0.1] * 3),
            (7, np.array([0.1] * 7 + [1.0] + [0.1] * 3)),
        ],
        [
            ((8, RIGHT), "8 counts from 1"),
            ((19, RIGHT), "19 is its x"),
            ((3, RIGHT), "Point number 3 is at x = 8"),
            ((-4, RIGHT), "-4 is not the number of a point"),
            ((7, [Fraction(1, 11)] * 11), "the leverages of the mean, degree 0"),
            ((7, TENTHS), "Your leverages add up to 11/10"),
            ((7, [1 - h for h in RIGHT]), "are the 1 − h"),
            ((7, RIGHT[::-1]), "the 1 stands at number 3"),
            ((7, [0.1 + 2e-16 * 4] * 7 + [1.0] + [0.1] * 3), "right but for rounding"),
            ((7, [2, *TENTHS[:10]]), "The leverage 2 of point 0 lies outside"),
            ((7, [-1, *TENTHS[:10]]), "The leverage -1 of point 0 lies outside"),
            ((7, [Fraction(2, 11)] * 11), "2/11 at point 0 is not right"),
            ((10, RIGHT), "Point number 10 is at x = 8"),
            ((7, [0 if h == 1 else h for h in RIGHT]), "Your leverages add up to 1. A line"),
            ((7, RIGHT[:10]), "is a list of 10"),
            ((7, 1), "is one thing"),
            ((7, H), "is a list of 121"),
            ((7, ["1/10"] * 11), "1/10 is text"),
            ((7, [t] * 11), "t is a symbol"),
            (("7", RIGHT), "7 is text"),
        ],
    ),
    "q2": (
        [
            (4, 5.688),
            (np.int64(4), 5.68757),
            ((4, 5.6876),),
            (4.0, np.float64(5.6876)),
        ],
        [
            ((12, 6.696), "Degree 12 has the least training error"),
            ((1, 5.934), "Degree 1 has a leave-one-out error of 5.934 min, and degree 2 has 5.814"),
            ((5, 5.715), "Degree 5 has a leave-one-out error of 5.715 min, and degree 4 has 5.688"),
            ((4, 32.349), "32.349 is the mean of the squares, in min²"),
            ((4, 5.5616), "5.5616 is the training error at this degree"),
            ((4, 5.715), "5.715 is the leave-one-out error of degree 5"),
            ((4, 5.69), "5.69 is near, not right to three digits"),
            ((4, 341.25), "341.25 is not the root of the mean"),
            ((2, 5.814), "Degree 2 has a leave-one-out error of 5.814 min, and degree 3 has 5.740"),
            ((4, 5.688 / 60), "is not the root of the mean of its squared misses"),
            ((13, 5.688), "13 is not one of the degrees"),
            ((4.5, 5.688), "4.5 is not one of the degrees"),
            (("4", 5.688), "4 is text"),
            ((4, "5.688"), "5.688 is text"),
        ],
    ),
    "q3": (
        [
            (by_one_inverse,),
            (by_many_fits,),
            (by_leverage,),
            (by_eigenvalues,),
            (by_the_package,),
            (lambda K, y, ridge: tuple(by_one_inverse(K, y, ridge)),),
            (lambda K, y, ridge: sp.Matrix(by_one_inverse(K, y, ridge)),),
        ],
        [
            ((residuals,), "the function residuals gives the residuals of the fit to all points"),
            ((coefficients,), "gives the coefficients c"),
            ((predictions,), "gives the predictions f_{-i}(x_i)"),
            ((multiplied,), "multiplies by the diagonal of the inverse"),
            ((by_diagonal,), "divides by the diagonal of K + λI itself"),
            ((entrywise,), "inverts K + λI entry by entry"),
            ((by_h,), "divides by h_i. It is 1 − h_i"),
            ((in_place,), "changes its K"),
            ((for_two_alone,), "For a K of 3 points (3 × 3)"),
            ((intercept,), "has a free intercept"),
            ((by_the_mean_leverage,), "gives -1.13913 at point 2; the fit to the others misses it"),
            ((sizes,), "gives 1.2164 at point 2; the fit to the others misses it by -1.2164"),
            ((lambda K, y, r: -by_one_inverse(K, y, r),), "with the other sign"),
            ((lambda K, y, r: by_one_inverse(K, y, r) ** 2,), "gives the squares"),
            ((lambda K, y, r: by_one_inverse(K, y, r * len(y)),), "takes n λ for the ridge"),
            ((lambda K, y, r: by_one_inverse(K, y, r / len(y)),), "takes λ / n for the ridge"),
            ((lambda K, y, r: by_one_inverse(K, y, 5),), "misses it by"),
            ((lambda K, y, r: by_one_inverse(K, y, r).astype("f4"),), "at point"),
            ((lambda K, y, r: np.diag(by_one_inverse(K, y, r)),), "gives a matrix"),
            ((lambda K, y, r: by_one_inverse(K, y, r)[1:],), "gives a list of 1"),
            ((lambda K, y, r: np.mean(by_one_inverse(K, y, r)),), "there are 2 points"),
            ((lambda K, y, r: [np.nan] * len(y),), "nan is not a finite number"),
            ((lambda K, y, r: "ab",), "gives ab; there are 2 points"),
            ((lambda K: 0,), "raises TypeError"),
            ((raising,), "raises RuntimeError: my mistake"),
            ((1.5,), "is not a function"),
        ],
    ),
    "q4": (
        [
            (n * E / (n - t) ** 2,),
            (E / n / (1 - t / n) ** 2,),
            ((E / n) / (1 - t / n) ** 2.0,),
            (sp.expand(E * n / (n**2 - 2 * n * t + t**2)),),
            (sp.Symbol("E", positive=True) * n / (t - n) ** 2,),
            ([n * E / (n - t) ** 2],),
        ],
        [
            ((E / n,), "is the mean of the squared residuals"),
            ((E / (n - t),), "divides by n − t once"),
            ((E / (n - t) ** 2,), "has lost a factor n"),
            ((E / (1 - t / n) ** 2,), "is the sum of the squares"),
            ((E / (n * (1 - t) ** 2),), "takes t for every h_i"),
            ((E / n * (1 - t / n) ** 2,), "yours is 162/125, and the mean of the squares is 10"),
            ((E / n / (1 - n / t) ** 2,), "yours is 8/5, and the mean of the squares is 10"),
            ((E**2 / n / (1 - t / n) ** 2,), "squares E"),
            ((sp.sqrt(n * E) / (n - t),), "is the root of what is asked for"),
            ((n * E / (n + t) ** 2,), "For E = 18, n = 5, t = 2 yours is 90/49"),
            ((-n * E / (n - t) ** 2,), "yours is -10, and the mean of the squares is 10"),
            ((n * E / (n - t) ** 2 * (1 + sp.Rational(1, 10**9)),), "For E = 18"),
            ((n * E / (n - sp.Symbol("d") - 1) ** 2,), "contains d, which stands for nothing"),
            ((5,), "yours is 5"),
            (("n*E/(n-t)**2",), "is text"),
            ((lambda E: E,), "That is a function"),
        ],
    ),
    "q5": (
        [
            (LEAKS,),
            ({key.upper(): int(value) == 1 for key, value in LEAKS.items()},),
            ({key: np.bool_(value) for key, value in LEAKS.items()},),
            ({key: sp.true if value else sp.false for key, value in LEAKS.items()},),
            (["a", "c"],),
            ({"c", "a"},),
            ("a, c",),
            ("ca",),
        ],
        [
            (({**LEAKS, "a": False},), "leak: c. a leaks: y.mean() is the mean of all y"),
            (({**LEAKS, "b": True},), "leak: a, b, c. b does not leak: the ridge is chosen among"),
            (({**LEAKS, "c": False},), "c leaks: strongest(X, y, 2) stands before"),
            (({**LEAKS, "d": True},), "d does not leak: years become decades"),
            (({key: not value for key, value in LEAKS.items()},), "leak: b, d. a leaks"),
            ((dict.fromkeys("abcd", False),), "leak: none."),
            (("abcd",), "leak: a, b, c, d."),
            (("ad",), "leak: a, d. c leaks"),
            ((["b", "c"],), "leak: b, c. a leaks"),
            (({"a": True, "c": True},), "give True or False for each of a, b, c and d"),
            (({**LEAKS, "d": "no"},), "d: no is neither True nor False"),
            (({**LEAKS, "d": 0},), "d: 0 is neither True nor False"),
            (("ae",), "ae: give True or False"),
            ((3,), "3: give True or False"),
        ],
    ),
}

# Exercises that ask for a function.
FUNCTIONS = ("q3",)
