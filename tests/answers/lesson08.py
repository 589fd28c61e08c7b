"""Answers to the exercises of lesson08: building kernels."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

import kernelfit as kf
from kernelfit.proofs import decide

x, z = sp.symbols("x z")  # without assumptions
X, Z = sp.symbols("x z", real=True)
t = sp.Symbol("t", real=True)
k = sp.Function("k")

NAMES, F = ["limit", "rule 4"], 1 / sp.sqrt(k(X, X))
CUT, ALL = [[1, 0], [0, 0]], [[1, 1], [1, 1]]
P2, L, B = kf.Polynomial(2), kf.Linear(), kf.Brownian()
EXACT = -3 - sp.sqrt(5) - sp.sqrt(2) + sp.sqrt(10) + 2 * sp.sqrt(3)


class Mine(kf.Linear):
    """A kernel that says it is another."""


# For each exercise: other right forms, and wrong answers with words that their reason holds.
CASES: dict[str, tuple[list[tuple[Any, ...]], list[tuple[tuple[Any, ...], str]]]] = {
    "q1": (
        [
            (np.array([[1, 2], [2, 4]]), np.array([[1, 1], [1, 2]])),
            (sp.Matrix([[1, 2], [2, 5]]), sp.Matrix([[2, 0], [0, 1]])),
            ((CUT, ALL),),
            ([sp.Matrix(CUT), sp.Matrix(ALL)],),
            (np.array([CUT, ALL]),),
            (([[1.0, -1.0], [-1.0, 1.0]]), [[Fraction(3), 0], [0, 0]]),
            ([[10**30, 1], [1, 1]], [[1, 0], [0, 2]]),
        ],
        [
            ((ALL, [[0, 0], [0, 0]]), "B is 0, and so is AB"),
            (([[2, 0], [0, 2]], ALL), "A = [[2, 0], [0, 2]] is a multiple of the identity"),
            (([[1, 0], [0, 3]], [[2, 0], [0, 5]]), "Diagonal matrices commute"),
            ((ALL, ALL), "AB = [[2, 2], [2, 2]] is symmetric. (AB)ᵀ is BA"),
            ((ALL, [[1, 2], [2, 1]]), "the weights 2, -1 give the form -3"),
            (([[0, 1], [1, 0]], ALL), "the weights -1, 2 give the form -4"),
            (([[0, -1], [-1, 3]], ALL), "the weights -4, -2 give the form -4"),
            (([[-1, 0], [0, 1]], ALL), "the weights 1, 0 give the form -1"),
            (([[1, 2], [3, 8]], ALL), "is not symmetric: 2 and 3"),
            (([[1, 0.5], [0.5, 1]], ALL), "has the entry 1/2, not a whole number"),
            (([[1, 0, 0], [0, 1, 0], [0, 0, 2]], ALL), "is 3 × 3, not 2 × 2"),
            (([1, 2], ALL), "each row must be a list"),
            (([["1", 0], [0, 1]], ALL), "1 is text"),
            (([[t, 0], [0, 1]], ALL), "t is a symbol"),
            (([[sp.sqrt(4), 0], [0, sp.sqrt(2)]], ALL), "has the entry sqrt(2)"),
            ((ALL, [[2, 1], [1, 2]]), "AB = [[3, 3], [3, 3]] is symmetric"),
            (([[1, 2], [2, 4]], [[4, -2], [-2, 1]]), "AB = [[0, 0], [0, 0]] is symmetric"),
        ],
    ),
    "q2": (
        [
            (NAMES, 1 / sp.sqrt(k(X, X))),
            (("Limit", "Rule 4"), k(x, x) ** -0.5),
            (np.array(NAMES), sp.sqrt(1 / k(x, x))),
            (["the limit", 4], -1 / sp.sqrt(k(x, x))),
            (["limit", "product"], sp.sqrt(k(x, x)) / k(x, x)),
            (["limits ", "the product rule"], lambda u: 1 / sp.sqrt(k(u, u))),
            ([["limit", "4"]], sp.Lambda(t, k(t, t) ** sp.Rational(-1, 2))),
            ({3: "limit", 4: "rule 4"}, 1 / sp.sqrt(k(x, x))),
        ],
        [
            ((["sum", "rule 4"], F), "not by sum. A sum of kernels has an end"),
            ((["product", "rule 4"], F), "not by product. Products of the sums"),
            (([1, "rule 4"], F), "not by rule 1. At x = 0"),
            ((["rule 2", "rule 4"], F), "not by rule 2. Powers and polynomials have an end"),
            ((["rule 3", "rule 4"], F), "is eᵏ for k = −log(1 − xz)"),
            ((["rule 4", "limit"], F), "Step 3 is not by rule 4. At z = 0"),
            ((["limit", "sum"], F), "Step 4 is not by sum. Nothing is added"),
            ((["limit", "rule 1"], F), "is no number a"),
            ((["limit", "rule 2"], F), "a polynomial of it is constant"),
            ((["limit", "rule 3"], F), "its exponential e"),
            ((["limit", "limit"], F), "Step 4 is not by limit. A limit needs kernels"),
            ((["limit", "minus"], F), "minus is no rule of this lesson: sum, product"),
            ((["limit", "rule 5"], F), "rule 5 is no rule"),
            ((["limit", 4.0], F), "4.0 is a float. Give a name"),
            ((["limit", True], F), "True is True or False. Give a name"),
            ((["limit", t], F), "t is a Symbol. Give a name"),
            ((["limit"], F), "['limit'] is no list of two names"),
            ((["limit", "rule 4", "sum"], F), "'sum'] is no list of two names"),
            (("limit", F), "limit is no list of two names"),
            (({"limit", "rule 4"}, F), "} is no list of two names"),
            ((F, NAMES), "is no list of two names, one for step 3"),
            ((NAMES, sp.sqrt(k(x, x))), "With f(x) = sqrt(k(x, x)) it is k(x, x)**2"),
            ((NAMES, 1 / k(x, x)), "it is 1/k(x, x)"),
            ((NAMES, k(x, x)), "it is k(x, x)**3"),
            ((NAMES, k(x, x) ** sp.Rational(-1, 4)), "it is sqrt(k(x, x))"),
            ((NAMES, sp.S(1)), "With f(x) = 1 it is k(x, x)"),
            ((NAMES, 0), "With f(x) = 0 it is 0"),
            ((NAMES, 2 / sp.sqrt(k(x, x))), "it is 4"),
            ((NAMES, 1.001 / sp.sqrt(k(x, x))), "it is 1002001/1000000"),
            ((NAMES, 1 / sp.sqrt(k(x, x) * k(z, z))), "f is a function of one point"),
            ((NAMES, 1 / sp.sqrt(k(x, z))), "holds k(x, z)"),
            ((NAMES, 1 / sp.sqrt(k(z, z))), "holds k(z, z)"),
            ((NAMES, sp.sqrt(1 - x**2)), "outside of k"),
            ((NAMES, x / sp.sqrt(k(x, x))), "holds x outside of k. Use"),
            ((NAMES, sp.Function("g")(x)), "g(x) is unknown here"),
            ((NAMES, k(x)), "k(x) is unknown here"),
            ((NAMES, 1 / sp.sqrt(k(t, t))), "contains t"),
            ((NAMES, sp.Derivative(k(x, x), x)), "no derivative or integral"),
            ((NAMES, "1/sqrt(k(x, x))"), "is text"),
            ((NAMES, [F, F]), "Give a sympy expression"),
            ((NAMES, np.ones(3)), "a numpy array"),
            ((NAMES, lambda u: 1 / u), "your function holds x outside of k"),
            ((NAMES, kf.Linear()), "That is a function"),
            ((NAMES, 1 / sp.sqrt(k(0, 0))), "1/sqrt(k(0, 0)) holds k(0, 0)"),
            ((["series", "rule 4"], F), "series is no rule of this lesson"),
        ],
    ),
    "q3": (
        [
            (kf.exp(L) * B + 3 * (1 + L) ** 2,),
            (3 + 6 * L + 3 * L**2 + B * kf.exp(L),),
            (3 * P2 + B * kf.Gaussian(1).weighted(sp.Lambda(t, sp.exp(t**2 / 2))),),
            (P2 + P2 + P2 + kf.exp(L) * B,),
            (3 * P2 + kf.exp(L) * B.of(np.abs),),  # the same where x, z >= 0
            ((1 + Mine()) * (1 + L) * 3.0 + kf.exp(L) * B,),
            ([3 * P2 + kf.exp(L) * B],),
        ],
        [
            ((P2 + kf.exp(L) * B,), "leaves out the factor 3"),
            ((3 * P2 + kf.exp(L) + B,), "adds exp(xz) and min(x, z)"),
            ((3 * P2 * kf.exp(L) * B,), "multiplies all parts"),
            ((3 * P2 + kf.exp(L * B),), "inside of the exponential"),
            (((3 + 3 * L) ** 2 + kf.exp(L) * B,), "squares the 3 as well"),
            ((3 * L**2 + kf.exp(L) * B,), "leaves out the 1"),
            ((3 * (1 + L) + kf.exp(L) * B,), "leaves out the square"),
            ((3 * P2,), "is the first part alone"),
            ((kf.exp(L) * B,), "is the second part alone"),
            ((3 * P2 + L * B,), "At x = 1 and z = 1 the formula is E + 12"),
            ((L,), "and Linear() is 1"),
            ((3 * (1 + X * Z) ** 2 + sp.exp(X * Z) * sp.Min(X, Z),), "says nothing about rules"),
            ((kf.Feature(lambda u: u) + L,), "a Python function whose formula nobody knows"),
            (("3 * Polynomial(2)",), "is no kernel of the package"),
            ((decide(X * Z),), "is a verdict"),
            ((3,), "3 is no kernel of the package"),
            ((kf.Constant(0),), "Constant(0) is 0"),
            (([3 * P2, kf.exp(L) * B],), "] is no kernel of the package"),
            ((3 * P2 + kf.exp(L) * B + 1e-9,), "is E + 12000000001/1000000000"),
            ((3 * P2 + kf.exp(2 * L) * B,), "is exp(2) + 12"),
            ((3 * P2 + kf.exp(L) * kf.Feature(np.sqrt),), "At x = 1 and z = 2"),
            ((P2 + L,), "is 5"),
            ((lambda u, v: u * v,), "your function is no kernel"),
            ((3 * P2 + kf.exp(L + B),), "adds min(x, z) in the exponent"),
            ((P2**3 + kf.exp(L) * B,), "takes the third power, where"),
        ],
    ),
    "q4": (
        [
            ((1 + x * z, 1), (x * z, 1)),
            (((1 + x * z) ** 2, 1 + x**2 * z**2), (sp.exp(-((x - z) ** 2)), x * z)),
            ((P2, kf.Constant(1)), (L, 2 * L)),
            (((2 * x * z, x * z), (x * z, 2 * x * z)),),
            ((sp.exp(x * z), 1 + x * z), (sp.exp(-sp.Abs(x - z)), sp.cos(x - z))),
            ([1 + 0.5 * x * z, 1], [kf.Gaussian(1), kf.Gaussian(2)]),
            (
                (sp.exp(-sp.Abs(x - z)), sp.exp(-2 * sp.Abs(x - z)) / 2),
                (sp.exp(-sp.Abs(x - z)), 3 * sp.exp(-2 * sp.Abs(x - z)) / 4),
            ),
        ],
        [
            (((x * z, 1), (x * z, 1)), "difference x*z - 1 is no kernel. At the point 0"),
            (((1 + x * z, 1), (2 + x * z, 1)), "the difference x*z + 1 is a kernel too"),
            (((x * z, x * z), (x * z, 1)), "The two of the first pair"),
            (((x * z, 0), (x * z, 1)), "In the first pair 0 is 0 everywhere"),
            (((1 + x * z, 1), (x * z, -1)), "In the second pair -1 is itself no kernel"),
            (
                ((1 + x * z, 1), ((x - z) ** 2, 1)),
                "At the points 0, 1 the weights 1, -1 give the form −2",
            ),
            (
                ((sp.Min(x, z), x * z), (x * z, 1)),
                "In the first pair Min(x, z) is itself no kernel on the line",
            ),
            (((1 + x - z, 1), (x * z, 1)), "differ: it is not symmetric"),
            (((B, L), (x * z, 1)), "In the first pair Brownian() is itself no kernel"),
            (((sp.sqrt(1 + x * z), 1), (x * z, 1)), "sqrt(x*z + 1) is itself no kernel"),
            (((sp.log(x) * sp.log(z), 1), (x * z, 1)), "must be a real number"),
            (((1 + x * t, 1), (x * z, 1)), "contains t"),
            ((x * z, (x * z, 1)), "The first pair, x*z, is not two formulas"),
            (((1 + x * z, 1), (x * z, 1, 2)), "The second pair"),
            ((("1 + x*z", "1"), (x * z, 1)), "is text"),
            ((("ab"), (x * z, 1)), "The first pair, ab"),
            (((x, z), (x * z, 1)), "In the first pair x is itself no kernel"),
            (((1 / (1 - x * z), 1), (x * z, 1)), "At the point 2 it is negative"),
            (((sp.Max(x, z), 1), (x * z, 1)), "Max(x, z) is itself no kernel"),
            (((sp.I, 1), (x * z, 1)), "I is not a real number"),
            (((1 + x * z, 1), (P2, 1 + x**2 * z**2)), "the difference 2*x*z is a kernel too"),
            (((kf.Gaussian(1), kf.Gaussian(2)), (x * z, 1)), "the weights 1, 1 give the form"),
            (((x**2 * z**2, x * z), (x * z, 1)), "At the point 1/2 it is negative"),
            (((1, 1 + x * z), (x * z, 1)), "the difference -x*z is no kernel"),
        ],
    ),
    "q5": (
        [
            ([0, 1, 2], (1, -2, 1)),
            (np.array([0.0, 1, 10]), np.array([2, -3, 1])),
            ([0, 1, 2], EXACT),
            ([0, 1, 2], sp.Matrix([3, -6, 3])),
            (([0, Fraction(1, 2), 1], [1, -2, 1]),),
            ([0, sp.Rational(1, 10**6), sp.Rational(2, 10**6)], [1, -2, 1]),
            ([0, 1, 2, 3], [1, -2, 1, 0]),
        ],
        [
            (([0, 1, 2], [1, 1, 1]), "But for these points there are weights"),
            (([0, 1], [1, -1]), "With fewer than three points no weights"),
            (([0, 1, 2], [0, 0, 0]), "with [0, 0, 0] the form is 0, not below 0"),
            (([0, 1, 1], [1, -2, 1]), "Try weights that see x²"),
            (([0, 1, 2], [1, -2]), "There are 3 points and 2 weights"),
            (([-1, 0, 1], [1, -2, 1]), "The point -1 is negative"),
            (([0, 1, 2], -0.0239), "is one number, and not the determinant"),
            (([0, 1, 1], 0), "The determinant at [0, 1, 1] is 0"),
            (([0, 1, 2], EXACT + 1), "which is −0.023902"),
            ((list(range(9)), [1] * 9), "9 points are more than needed"),
            (([0, t, 2], [1, -2, 1]), "t is a symbol"),
            (([0, 1, 2], ["1", "-2", "1"]), "1 is text"),
            (([0, float("inf"), 2], [1, -2, 1]), "inf is not a real number"),
            (([0, 1, 2], [1, -2, 1j]), "1j is not a real number"),
            (([], [1]), "[] holds no points"),
            (([0, 10**400, 2 * 10**400], [1, -2, 1]), "at three different points near 0"),
            (([0, 1, 2], [1, 2, 1]), "the form is 21.821"),
            (([0, sp.pi, 2 * sp.pi], [1, -2, 1]), "[0, pi, 2*pi] with"),
            (([0, True, 2], [1, -2, 1]), "True or False"),
            ((lambda u: u, [1]), "your function is not a real number"),
            (([0, 1, 2], [1, -1, 1]), "the form is 1.1862, not below 0"),
            (([0, 1, 2], [-1, -2, 3]), "the form is 3.9969, not below 0"),
        ],
    ),
}
