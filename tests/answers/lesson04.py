"""Answers to the exercises of lesson04: linear in what, degrees, logarithms."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp
from numpy.polynomial import Polynomial

import kernelfit as kf

# The key of exercise 1 by another route than the judge's: all four second derivatives of one
# squared residual at once, expanded, and looked through for c0 and c1.
c0, c1, x, y = sp.symbols("c0 c1 x y")
FORMULAS = [
    c0 + c1 * x**2,
    c0 * sp.exp(c1 * x),
    c0 + c1 * sp.exp(x),
    c0 * sp.sin(x) + c1 * sp.cos(x),
    c0 * sp.sin(x + c1),
    c0 + c0 * c1 * x,
    c0 * sp.log(x) + c1 * x * sp.log(x),
    1 / (c0 + c1 * x),
]
HESSIANS = [sp.hessian((y - f) ** 2, (c0, c1)).applyfunc(sp.expand) for f in FORMULAS]
KEY = [not hessian.free_symbols & {c0, c1} for hessian in HESSIANS]
assert KEY == [True, False, True, True, False, False, True, False]
LETTERS = "abcdefgh"


def but(letter: str) -> list[bool]:
    """The key with one letter answered the other way."""
    return [value != (name == letter) for name, value in zip(LETTERS, KEY, strict=True)]


anscombe, cars = kf.load("anscombe_2"), kf.load("stopping_distance")
u, v = anscombe.x, anscombe.y
ANOTHER_SET = kf.load("anscombe_1").x, kf.load("anscombe_1").y
FIT = kf.PolynomialRegression(2).fit(u, v)
NORMAL = np.column_stack([np.ones_like(u), u, u**2])

speed, distance = cars.x, cars.y
FT_PER_S = Fraction(5280, 3600)
BRAKING = np.linalg.lstsq(np.column_stack([speed, speed**2]), distance, rcond=None)[0]
WITH_INTERCEPT = np.polyfit(speed, distance, 2)[1]
LINE = np.polyfit(speed, distance, 1)[0]
THROUGH_ZERO = speed @ distance / (speed @ speed)
REACTION = BRAKING[0] / float(FT_PER_S)

GOOD = [(0, 1), (1, 2), (2, 4), (3, 20)]

# For each exercise: other right forms, and wrong answers with words that their reason holds.
CASES: dict[str, tuple[list[tuple[Any, ...]], list[tuple[tuple[Any, ...], str]]]] = {
    "q1": (
        [
            (KEY,),
            (tuple(KEY),),
            tuple(KEY),
            (np.array(KEY),),
            ([int(value) for value in KEY],),
            ([sp.true if value else sp.false for value in KEY],),
            ({sp.Symbol(name): value for name, value in zip(LETTERS, KEY, strict=True)},),
            ({name.upper(): value for name, value in zip(LETTERS[::-1], KEY[::-1], strict=True)},),
        ],
        [
            (([False] * 8,), "a) c0 + c1 x² is linear in the coefficients"),
            (([True] * 8,), "by c0 is 2*exp(2*c1*x), and that contains c1"),
            ((but("c"),), "are 2, 2*exp(2*x), 2*exp(x), free of c0 and c1"),
            ((but("d"),), "How the x is bent does not matter"),
            ((but("e"),), "e) c0 sin(x + c1) is not linear"),
            ((but("f"),), "by c1 is 2*c0**2*x**2, and that contains c0"),
            ((but("g"),), "g) c0 log(x) + c1 x log(x) is linear"),
            ((but("h"),), "contains c0 and c1"),
            (([str(value) for value in KEY],), "a) is True. Give True or False, without quotes"),
            ((["linear"] * 8,), "a) is linear. Give True or False, without quotes"),
            ((KEY[:7],), "for each of the eight"),
            (("acdg",), "acdg: give True or False for each"),
            (({"a": True, "b": False},), "has nothing for c, d, e, f, g, h"),
            (([*KEY[:7], "no"],), "h) is no. Give True or False"),
            (([0.7, *KEY[1:]],), "a) is 0.7"),
            (([2, *KEY[1:]],), "a) is 2"),
        ],
    ),
    "q2": (
        [
            (REACTION,),
            (0.84,),
            (0.845,),
            (Fraction(845, 1000),),
            (sp.Rational(169, 200),),
            (np.array([REACTION]),),
        ],
        [
            ((BRAKING[0],), "1.239 is c1, in ft for each mph"),
            ((BRAKING[0] * float(FT_PER_S),), "1.817 is c1 times 1.4667"),
            ((float(FT_PER_S) / BRAKING[0],), "1.184 is upside down"),
            ((BRAKING[0] / 5280,), "a car at 10 mph goes 0.00344 ft"),
            ((WITH_INTERCEPT / float(FT_PER_S),), "0.6227 s comes from a fit with an intercept"),
            ((WITH_INTERCEPT,), "in a fit with an intercept, in ft for each mph"),
            ((BRAKING[1],), "0.09014 is c2, the coefficient of v²"),
            ((BRAKING[1] / float(FT_PER_S),), "comes from c2"),
            ((LINE / float(FT_PER_S),), "2.681 s comes from a straight line with an intercept"),
            ((THROUGH_ZERO / float(FT_PER_S),), "1.983 s comes from a straight line through 0"),
            ((LINE,), "3.932 is the slope of a straight line"),
            ((THROUGH_ZERO,), "2.909 is the slope of a line through 0"),
            ((0.85,), "0.85 s is near"),
            ((-REACTION,), "no time passes"),
            ((1.5,), "In 1.5 s a car at 10 mph goes 22 ft"),
            ((BRAKING,), "is not one number"),
            (("0.84",), "is text"),
        ],
    ),
    "q3": (
        [
            ((-5.9957, 2.7808, -0.1267),),
            (FIT.power_coefficients_,),
            (np.polyfit(u, v, 2)[::-1],),
            (np.linalg.lstsq(NORMAL, v, rcond=None)[0].reshape(3, 1),),
            (Polynomial.fit(u, v, 2),),
            (Polynomial.fit(u, v, 2).convert(),),
            (FIT.polynomial_,),
            (FIT,),
            (np.poly1d(np.polyfit(u, v, 2)),),
            ([sp.Rational(-59957, 10**4), sp.Rational(27808, 10**4), Fraction(-1267, 10**4)],),
            (sp.Matrix([-5.9957, 2.7808, -0.1267]),),
            (-5.9957, 2.7808, -0.1267),
        ],
        [
            ((np.polyfit(u, v, 2),), "in the other order, as np.polyfit returns them"),
            (((3.0009, 0.5, 0),), "is a straight line, with c2 = 0 and E = 13.78"),
            ((np.polyfit(*ANOTHER_SET, 2)[::-1],), "the squared residuals add up to 7.759"),
            (((-5.9957, -2.7808, -0.1267),), "the squared residuals add up to 3.096e+04"),
            (((3.0009, 0.5),), "has 2 entries. Give 3"),
            (((-6.0, 2.78, -0.127),), "near, but not right to four digits"),
            (((-5.9957, 2.7808, 0.1267),), "the squared residuals add up to"),
            (((5.9957, -2.7808, 0.1267),), "The least is 2.24e-05"),
            ((FIT.polynomial_.coef,), "moved and scaled to the interval"),
            ((Polynomial.fit(u, v, 2).coef,), "(8.76804, 2.5, -3.16783) belongs to x moved"),
            ((kf.PolynomialRegression(1).fit(u, v).polynomial_,), "has 2 entries"),
            (((-5.9957, 2.7808, float("nan")),), "is not a finite number"),
            (((-5.9957, 2.7808, 1j),), "is not one number"),
        ],
    ),
    "q4": (
        [(6,), (7,), (6.0,), (np.int64(6),), ([6, 7],), ({6, 7},), ([6],), (sp.FiniteSet(6, 7),)],
        [
            ((10,), "10 goes through all 11 points, and between them it is off by 1.92"),
            ((0,), "At degree 0 the largest error is 0.746"),
            ((4,), "At degree 4 the largest error is 0.345, at x = 0"),
            ((8,), "Somewhere below 8 it is less than 0.239"),
            (([6, 9],), "At degree 9"),
            ((3,), "Somewhere above 3 it is less than 0.516"),
            ((2,), "At degree 2 the largest error is 0.516, at x = 0"),
            ((5,), "it is 1.92, at x = ±0.94"),
            ((11,), "11 is not a whole degree from 0 to 10"),
            ((6.5,), "6.5 is not a whole degree"),
            ((-1,), "-1 is not a whole degree"),
            ((0.215,), "0.215 is not a whole degree"),
            (("6",), "is text"),
        ],
    ),
    "q5": (
        [
            (GOOD,),
            (np.array(GOOD),),
            (sp.Matrix(GOOD),),
            ([[a, Fraction(b)] for a, b in GOOD],),
            tuple(GOOD),
            ([(1900, 1.0), (1950, 3.0), (2000, 10.0), (2020, 90.0)],),
            ([(0, 1e-3), (1, 2), (1, 3), (0, 2)],),  # two x are enough
            ([(-3e-9, 8.0), (-2e-9, 4.0), (-1e-9, 2.0), (0, 0.1)],),
            ([(3, 1e5), (2, 4e5), (1, 2e5), (0, 1e4)],),
        ],
        [
            (([(0, 1), (1, 2), (2, 4), (3, 8)],), "By logarithms c1 = 0.6931, directly c1"),
            (([(0, 1), (1, 2.1), (2, 4), (3, 8)],), "directly c1 = 0.6828: 0.8 % apart"),
            (([(0, 8), (1, 4), (2, 2), (3, 1)],), "By logarithms c1 = -0.6931, directly"),
            (
                ([(0, 1), (1, 2), (2, 1), (3, 2)],),
                "3.1 % apart. Points on one exponential curve give"
                " the same c1 both ways. To part them, halve",
            ),
            (([(0, 1), (1, 2), (2, 4), (3, -8)],), "(3, -8) has no logarithm"),
            (([(0, 0), (1, 2), (2, 4), (3, 8)],), "(0, 0) has no logarithm"),
            (([(2, 1), (2, 2), (2, 4), (2, 8)],), "All four points have x = 2"),
            (([(0, 3), (1, 3), (2, 3), (3, 3)],), "changes by less than 1 %"),
            (([(0, 1e-9), (1, 1e-9), (2, 1e-9), (3, 5)],), "has no best c1"),
            (([(0, 1), (1, 2), (2, 4)],), "give 4 points"),
            (([(0, 1, 2, 3), (1, 2, 4, 20)],), "is two rows of 4"),
            (([0, 1, 2, 20],), "[0, 1, 2, 20]: give 4 points"),
            (([(0, 1), (1, 2), (2, 4), (3, float("inf"))],), "not a finite number"),
            (([(0, 1), (1, 2), (2, 4), (1e300, 20)],), "neither so near nor so far apart"),
            (("(0, 1), (1, 2), (2, 4), (3, 20)",), "is text"),
        ],
    ),
}
