"""Answers to the exercises of lesson03: many variables."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

a11, a12, a21, a22, c1, c2 = sp.symbols("a11 a12 a21 a22 c1 c2")  # without assumptions
t = sp.Symbol("t")
A, c = sp.Matrix([[a11, a12], [a21, a22]]), sp.Matrix([c1, c2])
GRADIENT = (A + A.T) * c

SUM = [[1, 1, 2], [1, 2, 3], [1, 3, 4], [1, 5, 6]]
SQUARES = [[1, 1, 1], [1, 2, 4], [1, 3, 9], [1, 4, 16]]
STANDING = np.array([[1.0, 1, 2], [1, 2, 3], [1, 3, 4], [1, 4, 5]])
SHORTEST = np.linalg.lstsq(STANDING, np.array([1.0, 2, 2, 4]), rcond=None)[0]
BEST = (0, Fraction(9, 10), 0)
TINY = sp.Rational(1, 10**20)

X = sp.Matrix([[1, 0], [1, 1], [1, 2]])
BEND = sp.Matrix([1, -2, 1])  # at right angles to both columns
H = X * (X.T * X).inv() * X.T
TABLE = np.array([[1.0, 0], [1, 1], [1, 2]])


def by_columns(*columns: Any) -> list[list[Any]]:
    return [list(row) for row in zip([1, 1, 1, 1], *columns, strict=True)]


# For each exercise: other right forms, and wrong answers with words that their reason holds.
CASES: dict[str, tuple[list[tuple[Any, ...]], list[tuple[tuple[Any, ...], str]]]] = {
    "q1": (
        [
            (GRADIENT,),
            (GRADIENT.T,),
            (A * c + A.T * c,),
            (GRADIENT[0], GRADIENT[1]),
            (sp.diff(c.T * A * c, c),),
            ([2 * a11 * c1 + a12 * c2 + a21 * c2, (a12 + a21) * c1 + 2.0 * a22 * c2],),
        ],
        [
            ((2 * A * c,), "is 2Ac. That is right when a12 = a21"),
            ((2 * A.T * c,), "is 2Aᵀc. That is right"),
            ((A * c,), "The other gives Aᵀc"),
            ((A.T * c,), "The other gives Ac"),
            ((GRADIENT / 2,), "is half of it"),
            ((-GRADIENT,), "right but for the sign"),
            (((GRADIENT[1], GRADIENT[0]),), "in the other order"),
            (((2 * a11, 2 * a22),), "your derivative by c1 is -4, that of cᵀAc is 0"),
            (((GRADIENT[0], 2 * a22 * c2),), "The derivative by c1 is right"),
            ((GRADIENT[0],), "is the derivative by c1. Give the one by c2"),
            ((GRADIENT[1],), "is the derivative by c2. Give the one by c1"),
            ((c.T * A * c,), "is cᵀAc itself"),
            ((A + A.T,), "is a 2 × 2 matrix"),
            (((GRADIENT[0], a22 * c2),), "The derivative by c1 is right"),
            (((c1, GRADIENT[1]),), "your derivative by c1 is"),
            (((c1, c2),), "At a11 ="),
            (((c1, c2, 0),), "has 3 entries"),
            ((2 * a11 * c1,), "is one expression. Give two"),
            (((2 * a11 * c1 + a12 * c2, a21 * c1 + 2 * a22 * c2),), "short of a term in each"),
            ((sp.MatrixSymbol("A", 2, 2) * sp.MatrixSymbol("c", 2, 1),), "names whole matrices"),
            (((2 * sp.Symbol("a") * c1, c2),), "contains a, which stands for nothing"),
            (("(A + A.T) * c",), "is text"),
        ],
    ),
    "q2": (
        [
            (np.array(by_columns([1, 2, 3, 5], [3.0, 5, 7, 11])),),
            (sp.Matrix(by_columns([0, 0, 0, 1], [1, 1, 1, 0])),),
            (by_columns([Fraction(2), -4, 6, 0], [sp.Integer(2), -1, 4, 1]),),
            (tuple(tuple(row) for row in SUM),),
            (by_columns([10**30, 0, 1, 2], [10**30 + 1, 1, 2, 3]),),
        ],
        [
            (
                (by_columns([1, 2, 3, 4], [2, 3, 4, 6]),),
                "leaves (1/5, −1/10, −2/5, 3/10), and not 0",
            ),
            ((by_columns([2, 3, 4, 5], [-2, -3, -4, -5]),), "Column 3 is −1 times column 2"),
            ((SQUARES,), "the nearest that columns 1 and 2 come"),
            ((by_columns([1, 2, 3, 4], [2, 4, 6, 8]),), "Column 3 is 2 times column 2"),
            ((by_columns([1, 2, 3, 4], [7, 7, 7, 7]),), "Column 3 is 7 times column 1"),
            ((by_columns([2, 4, 0, -6], [1, 2, 0, -3]),), "Column 3 is 1/2 times column 2"),
            ((by_columns([3, 3, 3, 3], [1, 2, 3, 4]),), "Column 2 is 3 times column 1"),
            ((by_columns([0, 0, 0, 0], [1, 2, 3, 4]),), "Column 2 is all zeros"),
            ((by_columns([1, 2, 3, 4], [0, 0, 0, 0]),), "Column 3 is all zeros"),
            (([[1, 2, 1], [2, 3, 1], [3, 4, 1], [5, 6, 1]],), "(1, 2, 3, 5), and not all ones"),
            ((by_columns([1, 2, 3, 0.5], [2, 3, 4, 1.5]),), "stands 1/2, not a whole number"),
            ((by_columns([1, 2, 3, 4], [2, 3, 4, 5 + TINY]),), "row 4, column 3"),
            ((np.array(SUM).T,), "is 3 × 4, not 4 × 3. Rows are points"),
            ((SUM[:3],), "is 3 × 3, not 4 × 3"),
            (([[1, 2], [1, 2, 3]],), "its rows have 2, 3 entries"),
            (([1, 2, 3],), "each row must be a list"),
            ((by_columns([1, 2, 3, "4"], [2, 3, 4, 5]),), "4 is text"),
            ((by_columns([1, 2, 3, t], [2, 3, 4, t + 1]),), "t is a symbol"),
            ((by_columns([1j, 0, 0, 0], [1, 2, 3, 4]),), "is not a real number"),
            ((np.full((4, 3), np.nan),), "nan is not a real number"),
        ],
    ),
    "q3": (
        [
            (np.array([0, 0.9, 0]), np.array([1, 1.9, -1])),
            ([BEST, (-0.9, 0, 0.9)],),
            (np.array([[0, 0.9, 0], [-0.3, 0.6, 0.3]]),),
            (SHORTEST, BEST),
            (sp.Matrix([1, sp.Rational(19, 10), -1]), sp.Matrix([BEST])),
            (BEST, (sp.sqrt(2), sp.Rational(9, 10) + sp.sqrt(2), -sp.sqrt(2))),
            (BEST, (TINY, sp.Rational(9, 10) + TINY, -TINY)),  # near, and exactly another
            (BEST, (1e9, 1e9 + 0.9, -1e9)),
        ],
        [
            ((BEST, BEST), "are one vector, not two"),
            ((BEST, (1e-8, 0.9, 0)), "(0, 9/10, 0) and (1e−08, 9/10, 0) are one vector"),
            ((BEST, (0, 1, 0)), "The second, (0, 1, 0), has the error 1 and not the least"),
            ((BEST, (0, 1.8, 0)), "The second, (0, 9/5, 0), has the error 25"),  # twice it
            ((BEST, (0, 0, 0.9)), "XᵀXc − Xᵀy is (18/5, 9, 63/5) there"),
            (((0, 0, 0), BEST), "The first, (0, 0, 0), has the error 25"),
            ((BEST, (1, 1, -1)), "The second, (1, 1, −1), has the error 25"),
            ((BEST, (1, 1.9, 1)), "XᵀXc − Xᵀy is (28, 80, 108)"),
            ((BEST, (0, 0.90002, 0)), "(0, 0.90002, 0), has the error 0.700000012 and"),
            ((BEST, (TINY, sp.Rational(9, 10), 0)), "(1e−20, 9/10, 0), has the error"),
            (((0, 0.9), (1, 1.9, -1)), "The first, (0, 0.9), has length 2"),
            ((BEST, (0.9, 1.8, 2.7, 3.6)), "has length 4. X has three columns"),
            (((t, t + sp.Rational(9, 10), -t), BEST), "t is a symbol"),
            ((BEST, (t + 1, 0, 0)), "t + 1 contains t"),
            ((BEST, ("1", "1.9", "-1")), "1 is text"),
            ((0.9, BEST), "The first, 0.9, is one thing"),
            ((BEST, (float("nan"), 0, 0)), "nan is not a real number"),
        ],
    ),
    "q4": (
        [
            (H.tolist(),),
            (TABLE @ np.linalg.inv(TABLE.T @ TABLE) @ TABLE.T,),
            (TABLE @ np.linalg.pinv(TABLE),),
            (np.array([[5, 2, -1], [2, 2, 2], [-1, 2, 5]]) / 6,),
            (sp.ImmutableMatrix(H),),
            ([[Fraction(n, 6) for n in row] for row in ((5, 2, -1), (2, 2, 2), (-1, 2, 5))],),
            ([[0.833333, 0.333333, -0.166667], [0.333333] * 3, [-0.166667, 0.333333, 0.833333]],),
        ],
        [
            ((sp.eye(3),), "leaves every y as it is"),
            ((sp.eye(3) - H,), "is I − H: it makes the residuals"),
            ((6 * H,), "is 6 times too large"),
            ((X * X.T * X * X.T,), "between X and Xᵀ stands the inverse"),
            (([[0.83, 0.33, -0.17], [0.33] * 3, [-0.17, 0.33, 0.83]],), "is near"),
            ((X * X.T,), "is XXᵀ"),
            ((np.ones((3, 3)) / 3,), "a fit without the x"),
            ((X[:, 1] * X[:, 1].T / 5,), "without the column of ones"),
            ((X * (X.T * X).inv(),), "is X(XᵀX)⁻¹"),
            ((np.linalg.pinv(TABLE),), "it makes c out of y"),
            ((X.T * X,), "is XᵀX"),
            (((X.T * X).inv(),), "is (XᵀX)⁻¹"),
            ((X,), "is X itself"),
            ((X.T,), "is 2 × 3. H makes three fitted values"),
            ((np.zeros((3, 3)),), "makes (0, 0, 0) out of the column of ones"),
            ((-H,), "makes (−1, −1, −1) out of the column of ones"),
            ((sp.Matrix(3, 3, range(9)),), "is not symmetric: 1 stands in row 1"),
            ((sp.ones(3, 3) / 3 + BEND * BEND.T / 6,), "out of the column x = (0, 1, 2)"),
            ((H + (sp.eye(3) - H) / 2,), "H² is not H: in row 1, column 1"),
            (([[0.8333, 0.3333, -0.1667], [0.3333] * 3, [-0.1667, 0.3333, 0.8333]],), "is near"),
            ((np.full((3, 3), np.inf),), "inf is not a real number"),
            ((6,), "is not a matrix. Give its rows"),
            (("X(X'X)^-1 X'",), "X(X'X)^-1 X' is not a matrix"),
        ],
    ),
    "q5": (
        [
            ((1.9826, 1.1171),),
            (1.98265, 1.11712),
            (np.array([[1.98264991], [1.11712333]]),),
            ([Fraction(19826, 10000), sp.Rational(11171, 10000)],),
        ],
        [
            (((1.1171, 1.9826),), "in the other order"),
            (((4.7082, 0.3393),), "is the plane through the trees themselves"),
            (((2.1982, -0.5423),), "without the column of ones"),
            (((-6.6316, 1.9826, 1.1171),), "The first is c0"),
            (((-2.8801, 1.9826, 1.1171),), "(-2.8801, 1.9826, 1.1171) has three numbers"),
            (((2.2000, 3.9821),), "comes from two fits with one column each"),
            (((61.27, 25.04),), "comes from the volumes themselves"),
            (((0.1453, 0.0164),), "comes from the diameters and heights themselves"),
            (((2, 1),), "is the cone's pair"),
            (((1.98, 1.12),), "is near, but not right to four digits"),
            (((1.9828, 1.1171),), "(1.9828, 1.1171) is near"),
            (
                ((7.262, 3.0561),),
                "log diameter times the residuals adds up to -9.263",
            ),  # np.exp of both
            (((1.9826, 0.1171),), "log height times them to 0.2205"),
            (((0, 0),), "With (0, 0) and the best c0, log diameter times the residuals"),
            (((1, 2, 3),), "has 3 entries"),
            (((1.9826, float("nan")),), "is not a finite number"),
            ((1.9826,), "is one thing"),
        ],
    ),
}
