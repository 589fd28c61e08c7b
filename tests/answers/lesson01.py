"""Answers to the exercises of lesson01: one line."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

import kernelfit as kf

n, i = sp.Symbol("n"), sp.Symbol("i")
j = sp.Symbol("j", integer=True)
c0, c1 = sp.symbols("c0 c1")  # without the assumptions of the lesson: matched by name
x, y = sp.IndexedBase("x"), sp.IndexedBase("y")
t = sp.Symbol("t")
DATA = kf.load("anscombe_1")
r = sp.IndexedBase("r")
IDX = sp.Idx("i", (1, sp.Symbol("n", integer=True)))
RIGHT_1 = -2 * sp.Sum(y[i] - c0 - c1 * x[i], (i, 1, n))


def total(term: Any, index: sp.Symbol = i) -> sp.Sum:
    return sp.Sum(term, (index, 1, n))


# For each exercise: other right forms, and wrong answers with words that their reason holds.
CASES: dict[str, tuple[list[tuple[Any, ...]], list[tuple[tuple[Any, ...], str]]]] = {
    "q1": (
        [
            (total(2 * c0 + 2 * c1 * x[i] - 2 * y[i]),),
            (-2 * total(y[IDX] - c0 - c1 * x[IDX], IDX),),
            (2 * n * c0 + 2 * c1 * total(x[j], j) - 2 * total(y[i]),),
        ],
        [
            ((2 * total(y[i] - c0 - c1 * x[i]),), "wrong sign"),
            ((-total(y[i] - c0 - c1 * x[i]),), "is half of it"),
            ((total(y[i] - c0 - c1 * x[i]),), "lacks the factor −2"),
            ((-2 * total(x[i] * (y[i] - c0 - c1 * x[i])),), "derivative with respect to c1"),
            ((2 * c0 + 2 * c1 * total(x[i]) - 2 * total(y[i]),), "With 2 data points and"),
            ((-2 * total((y[i] - c0 - c1 * x[i]) ** 2),), "With 1 data point and"),
            ((-2 * n * (sp.Symbol("y") - c0),), "contains y without an index. Write ys[i]"),
            ((-2 * total(y[i] - c0),), "With 1 data point and"),
            ((-2 * (y[i] - c0 - c1 * x[i]),), "stands outside of a Sum"),
            ((-2 * total(y[i] - c0 - c1 * x[i] - t),), "contains t"),
            ((-2 * total(r[i]),), "contains r. Write it out"),
            ((-2 * sp.Sum(y[i] - c0 - c1 * x[i], (i, 1, 11)),), "must end at n, not at 11"),
            ((-2 * sp.Sum(y[i] - c0 - c1 * x[i], (i, 1, sp.oo)),), "must end at n, not at oo"),
            ((RIGHT_1 + (n - 1) * (n - 2) * (n - 3),), "With 5 data points"),
            (("-2*Sum(y - c0 - c1 x)",), "is text"),
            ((sp.Eq(c0, 1),), "is an equation"),
        ],
    ),
    "q2": (
        [
            ((3.0000909, 0.5000909),),
            (np.array([3.00009, 0.50009]),),
            ([Fraction(30001, 10000), sp.Rational(5001, 10000)],),
        ],
        [
            (((0.50009, 3.00009),), "the other order"),
            (((3.0, 0.5),), "near, but not right to four digits"),
            (((0, 0.8),), "With c0 = 0 and c1 = 0.8 the residuals add up to"),
            (((-0.9975, 1.3328),), "the residuals add up to -38.46"),  # x on y
            (((sum(DATA.y) / 11, 0),), "the residuals add up to 0 and x times"),
            ((3.00009,), "is one thing"),
            (((3, 0.5, 1),), "has 3 entries"),
        ],
    ),
    "q3": (
        [
            ((0.5, -0.5),),
            (0.5, -0.5),
            ({"a": 0.5, "b": -0.5},),
            (np.array([[0.5], [-0.5]]),),
            ([Fraction(1, 2), Fraction(-1, 2)],),
        ],
        [
            (((0, 0),), "the second is not"),
            (((-0.5, 0.5),), "the residuals add up to 0 and x times the residuals to 2"),
            (((0.5, 0.5),), "add up to 1 and x times the residuals to 4. For a best line both"),
            (((-0.5, 0.0),), "the first is not"),
            (((1, 2),), "For a best line both are 0"),
            ((0.5,), "is one thing"),
        ],
    ),
    "q4": (
        [(0.3256,), (np.float64(0.32565),), (np.array([0.325648]),)],
        [
            ((0.6463,), "slope of the child on the parents"),
            ((1.547,), "read the other way"),
            ((46.135,), "46.135 is the intercept of that line"),
            ((0.9769,), "0.9769 in is for 3 inches of child"),
            ((0.2105,), "With slope 0.2105"),
            (("0.3256",), "0.3256 is text"),
            ((0.326,), "near, but not right to four digits"),
            ((3.07,), "inches of child for an inch of parent"),
        ],
    ),
    "q5": (
        [([(3, 8), (1, 2), (0, 2), (2, 4)],), (np.array([[0, 4], [2, 2], [4, 6], [6, 16]]),)],
        [
            (([(0, 1), (1, 2), (2, 6), (3, 7)],), "(0, 1) lies on"),
            (([(0, 2), (1, 4), (2, 6), (3, 8)],), "best line of your points"),
            (([(0, 2), (1, 4), (2, 4), (3, 6)],), "is y = 11/5 + (6/5) x"),  # their sum alone is 0
            (([(0, 2), (1, 2), (2, 4), (3, 9)],), "is y = 4/5 + (23/10) x"),
            (([(1, 2), (1, 4), (1, 2), (1, 4)],), "All four points have x = 1"),
            (([(0, 2), (1, 2), (2, 4)],), "give 4 points"),
            (([(0.5, 3), (1, 2), (2, 4), (3, 8)],), "not a pair of whole numbers"),
            ((7,), "Give a list of points"),
            (([(0, 2 + sp.Rational(1, 10**30)), (1, 2), (2, 4), (3, 8)],), "whole numbers"),
            ((np.array([[0, 1, 2, 3], [2, 2, 4, 8]]),), "two rows of 4"),
        ],
    ),
}
