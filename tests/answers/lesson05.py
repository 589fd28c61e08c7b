"""Answers to the exercises of lesson05: numbers that lie."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp
from answers.wrong import raising
from numpy.polynomial import Chebyshev, Legendre, Polynomial

import kernelfit as kf
from kernelfit.symbolic import exact_least_squares

filip = kf.load("filip")
x, y = filip.x, filip.y
POWERS = x[:, None] ** np.arange(11.0)
STANDARD = (x - x.mean()) / x.std()
EXACT = exact_least_squares(
    [[v**k for k in range(11)] for v, _ in filip.fractions()], [v for _, v in filip.fractions()]
)
PONTIUS = kf.load("pontius").x[:, None] ** np.arange(3.0)
LENGTHS = np.linalg.norm(PONTIUS, axis=0)


def inverse(X: Any, y: Any) -> Any:
    return np.linalg.inv(X.T @ X) @ X.T @ y


def scaled_inverse(X: Any, y: Any) -> Any:
    lengths = np.linalg.norm(X, axis=0)
    return inverse(X / lengths, y) / lengths


def normal(X: Any, y: Any) -> Any:
    return np.linalg.solve(X.T @ X, X.T @ y)


def cholesky(X: Any, y: Any) -> Any:
    L = np.linalg.cholesky(X.T @ X)
    return np.linalg.solve(L.T, np.linalg.solve(L, X.T @ y))


def qr(X: Any, y: Any) -> Any:
    Q, R = np.linalg.qr(X)
    return np.linalg.solve(R, Q.T @ y)


def lstsq(X: Any, y: Any) -> Any:
    return np.linalg.lstsq(X, y)[0]


def package(X: Any, y: Any) -> Any:
    fit = kf.LinearRegression().fit(X[:, 1:], y)
    return [fit.intercept_, *fit.coef_]


def centred_normal(X: Any, y: Any) -> Any:
    means, spread = X[:, 1:].mean(axis=0), X[:, 1:].std(axis=0)
    slopes = normal((X[:, 1:] - means) / spread, y - y.mean()) / spread
    return sp.Matrix([y.mean() - means @ slopes, *slopes])


def centred_and_left_so(X: Any, y: Any) -> Any:
    X[:, 1:] -= X[:, 1:].mean(axis=0)  # changes what it is given, and forgets the way back
    return qr(X, y)


# For each exercise: other right forms, and wrong answers with words that their reason holds.
CASES: dict[str, tuple[list[tuple[Any, ...]], list[tuple[tuple[Any, ...], str]]]] = {
    "q1": (
        [
            (10**-7,),
            (Fraction(1, 10**7),),
            (sp.Rational(1, 10**7),),
            ([np.float64(1e-7)],),
        ],
        [
            ((1e-8,), "For ε = 1e-08 the machine finds 1 + ε² == 1.0"),
            ((1e-16,), "Floats next to 1 are about 10⁻¹⁶ apart"),
            ((1e-14,), "about 10⁻¹⁶ apart, and what is added here is ε²"),
            ((1.49e-8,), "1.49e-08 is not a power of ten"),  # the root of the gap
            ((1e-300,), "For ε = 1e-300"),
            ((1e-6,), "1e-06 works, but so does a tenth of it"),
            ((0.1,), "0.1 works, but so does a tenth of it"),
            ((7,), "If 7 is your k, type 1e-7"),
            ((-7,), "-7 is not of the form"),
            ((-1e-7,), "-1e-07 is not greater than 0"),
            ((0,), "0 is not greater than 0"),
            ((2e-8,), "2e-08 is not a power of ten"),
            ((5e-324,), "is not a power of ten"),
            ((10**8,), "1e+08 works, but so does a tenth of it"),
            (("1e-7",), "1e-7 is text"),
        ],
    ),
    "q2": (
        [([11, 6],), (11, 6), (np.array([11.0, 6.0]),), (sp.Tuple(11, 6),)],
        [
            ((6, 11), "(6, 11) has the two in the other order"),
            ((5, 10), "(5, 10) are the digits that may be lost"),
            ((16, 16), "(16, 16): a float has 16 digits"),
            ((11, 11), "(11, 11) treats both alike"),
            ((6, 6), "(6, 6) treats both alike"),
            ((11, 1), "1 does not follow from it"),
            ((11, 8.5), "8.5 does not follow from it"),
            ((1e11, 1e6), "(1e+11, 1e+06): take 16 and subtract"),
            ((10, 6), "6 is right for the normal equations"),
            ((10, 5), "(10, 5): take 16 and subtract"),
            ((11,), "11 is one thing"),
            ((("11", "6"),), "11 is text"),
        ],
    ),
    "q3": (
        [
            (Polynomial.fit(x, y, 10).convert().coef,),
            (list(Legendre.fit(x, y, 10).convert(kind=Polynomial).coef),),
            (EXACT,),
            (sp.Matrix([sp.Rational(c.numerator, c.denominator) for c in EXACT]),),
            ([float(c) * (1 + 5e-10) for c in EXACT],),
        ],
        [
            ((lstsq(POWERS, y),), "c0 = 8.443"),
            ((Polynomial.fit(x, y, 9).convert().coef,), "has 10 entries"),
            ((np.polyfit((x - x.min()) / np.ptp(x), y, 10)[::-1],), "(x + 8.78146) / 5.64946"),
            ((np.zeros(11),), "c0 = 0 has not one correct digit."),
            ((EXACT[::-1],), "Turn it round: c0 comes first"),
            ((qr(POWERS, y),), "change the variable first"),
            (([float(c) * (1 + 2e-9) for c in EXACT],), "in 8.6 digits; 9 are asked for"),
            (([float(c) * (1 + 2e-3) for c in EXACT],), "in 2.6 digits; 9 are asked for."),
            ((Polynomial.fit(x, y, 10).coef,), "is right for t = (x + 5.95673) / 2.82473"),
            ((np.polyfit(STANDARD, y, 10),), "/ 1.49443, with c10 first"),
            ((Polynomial.fit(x - 1, y, 10).convert().coef,), "is right for t = x − 1."),
            ((Polynomial.fit(x / 4, y, 10).convert().coef,), "is right for t = x / 4."),
            ((Legendre.fit(x, y, 10).coef,), "is right for a Legendre series on"),
            ((Legendre.fit(x, y, 10).convert().coef,), "is right for a Legendre series in x"),
            ((Chebyshev.fit(x, y, 10).coef,), "is right for a Chebyshev series"),
            ((Polynomial.fit(x, y, 10),), "is a whole polynomial"),
            (
                ([float(c) * math.sqrt(sum(x ** (2 * k))) for k, c in enumerate(EXACT)],),
                "columns of length 1",
            ),
            ((EXACT[:10],), "has 10 entries"),
            (([-c for c in EXACT],), "c0 = 1467.489614 has not one correct digit"),
            (([*map(float, EXACT[:10]), math.inf],), "inf is not a finite number"),
        ],
    ),
    "q4": (
        [
            (list(LENGTHS),),
            ((1, 1e6, 1e12),),
            ((1, 3e6, 9e12),),
            (1, 1.8e6, 4e12),
            (sp.Matrix([6, 11364418, 27049941312320]),),
            (-LENGTHS,),  # a sign turns a column round and leaves the condition number
            (1e-200 * LENGTHS,),
        ],
        [
            ((1 / LENGTHS,), "are what to multiply with"),
            (((1, 1 / 3e6, 1 / 9e12),), "1.11111e-13 are what to multiply with"),
            ((LENGTHS[::-1],), "stand in the other order"),
            (((1, 1e7, 1e13),), "a condition number of 54.3, nearly there"),
            (((1, 3e6, 6e6),), "The longest of them is still 1.2e+06 times"),  # twice, not squared
            (((1, 6.5, 13),), "1.09e+12"),  # how many digits, in place of the numbers
            (((1, 1e3, 1e6),), "a condition number of 1.42e+07"),
            (((1, 1, 1),), "a condition number of 1.42e+13"),
            (((1, 0, 1),), "1, 0, 1: a column cannot be divided by 0"),
            (((1, math.nan, 1),), "nan is not a finite number"),
            (((1, 1e-320, 1),), "numbers that no float can hold"),
            ((1e6,), "1000000.0 is one thing"),
            (((1, 1e6),), "has 2 entries"),
            ((("1", "1e6", "1e12"),), "1 is text"),
        ],
    ),
    "q5": (
        [
            (qr,),
            (lstsq,),
            (package,),
            (centred_normal,),
            (lambda X, y: qr(X, y)[:, None],),
            (lambda X, y: np.linalg.pinv(X) @ y,),
            (exact_least_squares,),
        ],
        [
            ((inverse,), "the function inverse gives c"),
            ((normal,), "That is what forming XᵀX leaves"),
            ((cholesky,), "in 7.2 digits; 9 are asked for. That is what forming XᵀX leaves"),
            ((lambda X, y: X @ lstsq(X, y),), "gives 16 entries; there are 7 coefficients"),
            ((scaled_inverse,), "the function scaled_inverse gives c"),
            ((lambda X, y: qr(X.astype("f4"), y.astype("f4")),), "agrees with the exact value in"),
            ((lambda X, y: package(X, y)[1:],), "gives 6 entries; there are 7 coefficients"),
            ((lambda X, y: np.linalg.lstsq(X, y),), "gives four things"),
            ((lambda X, y: package(X, y) if len(y) == 16 else [0, 1],), "On Norris's data"),
            (
                (lambda X, y: package(X, y) if X.shape[1] != 3 else np.ones(3),),
                "On the trees",
            ),
            ((lambda X, y: np.roll(package(X, y), -1),), "c0 = 15.06187227, which has not one"),
            ((centred_and_left_so,), "c0 = 65317, which has not one correct digit"),
            ((lambda X, y: np.full(X.shape[1], np.nan),), "nan is not a finite number"),
            ((lambda X, y: "abc",), "gives abc; there are 7 coefficients"),
            ((lambda X, y: 3.5,), "gives 3.5; there are 7 coefficients"),
            ((lambda X: 0,), "raises TypeError"),
            ((raising,), "raises RuntimeError: my mistake"),
            ((1.5,), "is not a function"),
        ],
    ),
}

# Exercises that ask for a function.
FUNCTIONS = ("q5",)
