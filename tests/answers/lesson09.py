"""Answers to the exercises of lesson09: the Gaussian kernel and its features."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

x, m, sigma, t, z, h = sp.symbols("x m sigma t z h")  # without assumptions
BELL = sp.exp(-(x**2) / (2 * sigma**2))
PHI = BELL * x**m / (sigma**m * sp.sqrt(sp.factorial(m)))
POSITIVE = sp.symbols("x m sigma", positive=True)
GAMMA, FWHM = 1 / (2 * 0.7**2), 2 * np.sqrt(2 * np.log(2)) * 0.7
GRAM = sp.Matrix(4, 4, lambda i, j: t ** ((i - j) ** 2))
BY_DISTANCE = sp.Matrix(4, 4, lambda i, j: t ** abs(i - j))

# For each exercise: other right forms, and wrong answers with words that their reason holds.
CASES: dict[str, tuple[list[tuple[Any, ...]], list[tuple[tuple[Any, ...], str]]]] = {
    "q1": (
        [
            ((6, 2, 4, 1, 3, 5),),
            ([2, 6, 4, 1, 3, 5],),  # the terms are kernels whatever they add up to
            ([3, 6, 2, 4, 1, 5],),
            (np.array([2, 4, 6, 3, 1, 5]),),
            ([6.0, 2.0, 4.0, sp.Integer(1), Fraction(3), np.int64(5)],),
            (6, 2, 4, 1, 3, 5),
            (sp.Matrix([6, 2, 4, 1, 3, 5]),),
        ],
        [
            (([1, 2, 3, 4, 5, 6],), "step 1, which goes to the limit, stands before step 4"),
            (([5, 3, 1, 4, 2, 6],), "step 5, which multiplies by f(x) f(z), stands before step 1"),
            (([6, 4, 2, 1, 3, 5],), "step 4, which adds up the first terms, stands before step 2"),
            (([2, 4, 1, 6, 3, 5],), "stands before step 6, which writes the exponential"),
            (([6, 2, 4, 1, 5, 3],), "stands before step 3, which factors the bell"),
            (([6, 2, 4, 1, 3, 3],), "3 stands more than once. Missing: 5."),
            (([5, 1, 3, 0, 2, 4],), "There is no step 0"),
            (([6, 2, 4, 1, 3, 7],), "There is no step 7"),
            (([6, 2, 4, 1, 3, 4.5],), "There is no step 9/2"),
            (([6, 6, 6, 1, 3, 5],), "Missing: 2, 4."),
            (([6, 2, 4, 1, 3],), "[6, 2, 4, 1, 3] is no list of six numbers"),
            ((624135,), "624135 is no list of six numbers"),
            ((["6", "2", "4", "1", "3", "5"],), "6 is text"),
            (([True, 2, 3, 4, 5, 6],), "is True or False"),
            (([4, 2, 5, 3, 6, 1],), "Listed by their numbers, the steps of that order are [6, 2"),
            (([6, 2, 4, 3, 5, 1],), "step 5, which multiplies by f(x) f(z), stands before step 1"),
        ],
    ),
    "q2": (
        [
            (PHI,),
            (-PHI,),  # the sign stands in both factors
            ((-1) ** m * PHI,),
            (BELL * (x / sigma) ** m / sp.sqrt(sp.gamma(m + 1)),),
            (sp.exp(-0.5 * (x / sigma) ** 2) * (x / sigma) ** m / sp.factorial(m) ** 0.5,),
            ([PHI],),
            (PHI.subs(dict(zip((x, m, sigma), POSITIVE, strict=True))),),
            (sp.sqrt(sp.exp(-(x**2) / sigma**2) / sp.factorial(m)) * x**m * sigma ** (-m),),
        ],
        [
            ((BELL * (x / sigma) ** m / sp.factorial(m),), "In the product the m! stands twice"),
            ((BELL * (x / sigma) ** m,), "What has become of m!?"),
            (((x / sigma) ** m / sp.sqrt(sp.factorial(m)),), "before step 6"),
            ((PHI / sigma**m,), "σ stands to the power of 4m"),
            ((PHI * sigma**m,), "What has become of the σ below x?"),
            ((PHI * BELL,), "the 2 has been lost"),
            ((BELL * (x / sigma) ** (2 * m) / sp.factorial(m),), "One point brings only its half"),
            (
                (BELL * sp.Abs(x / sigma) ** m / sp.sqrt(sp.factorial(m)),),
                "x = 3/2, z = −2/3",
            ),
            ((PHI + 1,), "the product of the feature at x and at z"),
            ((PHI.subs(m, 6),), "for m = 0, x = 1, z = 1, sigma = 1"),
            ((PHI * PHI.subs(x, z),), "contains z. A feature belongs to one point"),
            ((PHI.subs(sigma, sp.Symbol("s")),), "contains s, which stands for nothing"),
            ((sp.log(x - 1) * PHI,), "has no value"),
            ((PHI + sp.ff(m, 10) * x,), "for m = 17"),  # the same up to m = 9
            ((PHI * x ** (10**9),), "makes numbers of more than 20,000 digits"),
            ((PHI * (1 + sp.Rational(1, 10**12)),), "is 0.367879441172 for m = 0"),
            (("x**m",), "x**m is text"),
            ((lambda x: x,), "That is a function"),
            ((x / (sigma * sp.sqrt(m)),), "At m = 0, x = 1, sigma = 1 the answer"),
            ((BELL * x**m / sp.sqrt(sp.factorial(m) * sigma**m),), "for m = 1, x = 1/2, z = 4/3"),
        ],
    ),
    "q3": (
        [
            (np.int64(20), 26.0),
            ((20, 26),),
            (np.array([20, 26]),),
            (sp.Integer(20), Fraction(26)),
        ],
        [
            ((26, 20), "26 and 20 are the right numbers in the other order"),
            ((21, 27), "21 and 27 are the numbers of features"),
            ((19, 26), "After N = 19 the gap is 1.06e−3, more than 1e−3. One more is needed"),
            ((20, 25), "After N = 25 the gap is 2.94e−6, more than 1e−6"),
            ((21, 26), "N = 21 is one too many for 1e−3"),
            ((20, 27), "N = 27 is one too many for 1e−6"),
            ((10, 14), "belong to the mean 3"),
            ((28, 33), "come from the first term that is left out"),
            ((20, 40), "N = 40 is enough for 1e−6"),
            ((18, 24), "After N = 18 the gap is"),
            ((20.5, 26), "20.5 is not a whole number"),
            ((4.39e-4, 26), "0.000439 is not a whole number"),
            ((-1, 26), "-1 is not a number of a term"),
            (("20", "26"), "20 is text"),
            ((9, 9), "After N = 9 the gap is 4.13e−1, more than 1e−3"),
            ((24, 24), "N = 24 is enough for 1e−3, with a gap of 8.65e−6"),
        ],
    ),
    "q4": (
        [
            (1.0204, 1.6484),
            ((GAMMA, FWHM),),
            (sp.Rational(50, 49), sp.Rational(7, 5) * sp.sqrt(2 * sp.log(2))),
            (np.array([1.02041, 1.64837]),),
            (Fraction(50, 49), np.float64(FWHM)),
        ],
        [
            ((0.7, FWHM), "Your γ, 0.7, is σ itself"),
            ((1 / 0.49, FWHM), "is 1/σ²"),
            ((1 / 1.4, FWHM), "is 1/(2σ)"),
            ((0.98, FWHM), "is 2σ². It stands below the line"),
            ((0.245, FWHM), "is σ²/2"),
            ((GAMMA, FWHM / 2), "is half of it: from the middle"),
            ((GAMMA, 1.0863), "comes from the logarithm with base 10"),
            ((GAMMA, 2 * np.sqrt(np.log(2)) * 0.7), "solves exp(−r²/σ²) = 1/2"),
            ((GAMMA, 1.4), "Your FWHM, 1.4, is 2σ"),
            ((GAMMA, 1.6485), "comes from 2.355, which is rounded itself"),
            ((FWHM, GAMMA), "stand in the other order"),
            ((1.02, FWHM), "Your γ, 1.02, is near"),
            ((GAMMA, 1.65), "Your FWHM, 1.65, is near"),
            ((3, 5), "With your γ, 3, the bell at distance 1 would be 0.04979"),
            ((-1, FWHM), "With your γ, -1, the bell at distance 1 would be 2.718"),
            ((GAMMA, -FWHM), "is not the distance between two places"),
            ((GAMMA, 3), "and there the bell is 0.1007, not 1/2"),
            (("1.0204", 1.6484), "1.0204 is text"),
            ((t, FWHM), "t is not one number"),
            ((1 / 0.7, FWHM), "is 1/σ. The exponent is"),
            ((GAMMA, 2.3548), "belongs to σ = 1. Here σ is 0.7"),
            ((GAMMA, 2 * np.sqrt(2 * np.log(2)) / 0.7), "is 2.3548 divided by σ"),
        ],
    ),
    "q5": (
        [
            (GRAM.det(),),
            (sp.expand(GRAM.det()),),
            ((1 - t) ** 6 * (1 + t) ** 6 * (1 + t**2) ** 2 * (1 + t + t**2) * (1 - t + t**2),),
            ((1 - t**2) ** 3 * (1 - t**4) ** 2 * (1 - t**6),),
            ((1.0 - t**2) ** 3 * (1 - t**4) ** 2 * (1 - t**6),),
            ((1 - sp.Symbol("t", positive=True) ** 2) ** 3 * (1 - t**4) ** 2 * (1 - t**6),),
            ([GRAM.det()],),
        ],
        [
            ((-GRAM.det(),), "has the right size and the wrong sign"),
            ((BY_DISTANCE.det(),), "belongs to the exponents |i − j|"),
            ((GRAM[:3, :3].det(),), "is the determinant for three points"),
            ((GRAM[:2, :2].det(),), "is the determinant for two points"),
            ((GRAM.det().subs(t, sp.sqrt(t)),), "has t where t² should stand"),
            ((GRAM.det() ** 2,), "is its square"),
            ((GRAM,), "is a matrix. Give its determinant"),
            ((GRAM.det() + t**40,), "At t = 1/2 your determinant is"),
            ((GRAM.det() + (1 + t) ** (10**7),), "makes numbers of more than 20,000 digits"),
            ((GRAM.det() * (1 + sp.Rational(1, 10**9)),), "At t = 1/2 your determinant is"),
            (
                (0,),
                "t⁹, is 382725/1048576",
            ),
            ((sp.exp(-(h**2)),), "contains h. Write it with t alone"),
            ((sp.Symbol("s") ** 2,), "contains s, which stands for nothing"),
            (("(1-t**2)**6",), "is text"),
            ((sp.Eq(t, 1),), "is an equation"),
            (((1 - t**2) ** 4 * (1 + t**2) ** 2,), "whose first row is 1, t, t⁴, t⁹, is "),
            (((1 - t**2) ** 6 * (1 + t**2) ** 2,), "At t = 1/2 your determinant is 18225/65536"),
        ],
    ),
}
