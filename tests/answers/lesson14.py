"""Answers to the exercises of lesson14: memory, landmarks, medians, merging and chance."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import scipy.linalg
import sympy as sp
from answers.wrong import raising

s, sigma = sp.symbols("s sigma")  # without assumptions
MEAN = sp.exp(-(s**2) / (2 * sigma**2))
SQUARE = (1 + sp.exp(-2 * s**2 / sigma**2)) / 2
VARIANCE = (1 - sp.exp(-(s**2) / sigma**2)) ** 2 / 2


def merged(a, b, factor=None, weights=None, triangle=None):
    """The merge with one part of it exchanged."""
    (n_a, m_a, R_a), (n_b, m_b, R_b) = a, b
    n = n_a + n_b
    f = np.sqrt(n_a * n_b / n) if factor is None else factor(n_a, n_b)
    u, v = (n_a / n, n_b / n) if weights is None else weights(n_a, n_b)
    row = f * (m_b - m_a)
    stacked = np.vstack([R_a, R_b, row])
    R = np.linalg.qr(stacked, mode="r") if triangle is None else triangle(stacked)
    return n, u * m_a + v * m_b, R


def by_scipy(a, b):
    return merged(a, b, triangle=lambda rows: scipy.linalg.qr(rows, mode="r")[0])


def with_upright_diagonal(a, b):
    def triangle(rows):
        R = np.linalg.qr(rows, mode="r")
        return np.sign(np.diag(R) + (np.diag(R) == 0))[:, None] * R

    return list(merged(a, b, triangle=triangle))


def by_singular_values(a, b):
    """A singular value decomposition in place of the triangle, and a triangle of that."""

    def triangle(rows):
        _, lengths, Vt = np.linalg.svd(rows, full_matrices=False)
        return np.linalg.qr(lengths[:, None] * Vt, mode="r")

    return merged(a, b, triangle=triangle)


def by_mean_of_all(a, b):
    """Each mean is compared with the common one, with two rows in place of one."""
    (n_a, m_a, R_a), (n_b, m_b, R_b) = a, b
    m = m_a + (m_b - m_a) * (n_b / (n_a + n_b))
    rows = [R_a, R_b, np.sqrt(n_a) * (m_a - m), np.sqrt(n_b) * (m_b - m)]
    return n_a + n_b, m, np.linalg.qr(np.vstack(rows), mode="r")


def by_squares(a, b):
    """Cholesky of the sums of products."""
    n, means, R = merged(a, b, triangle=lambda rows: rows)
    squares = R.T @ R + 1e-15 * np.trace(R.T @ R) * np.eye(len(means))
    return n, means, np.linalg.cholesky(squares).T


def by_raw_sums(a, b):
    """Back to sums that are not centred."""
    n, means, _ = merged(a, b)
    sums = sum(R.T @ R + count * np.outer(m, m) for count, m, R in (a, b))
    squares = sums - n * np.outer(means, means)
    w, U = np.linalg.eigh(squares)
    return n, means, np.linalg.qr((U * np.sqrt(np.maximum(w, 0))).T, mode="r")


def in_place(a, b):
    said = merged(a, b)
    a[2][:] = 0
    return said


def sum_of_triangles(a, b):
    n, means, _ = merged(a, b)
    rows = max(len(a[2]), len(b[2]))
    R = np.zeros((rows, len(means)))
    for _, _, part in (a, b):
        R[: len(part)] += part
    return n, means, R


def right_for_two_blocks_alone(a, b):
    """Keeps no triangle: it looks as if it did, as long as no summary comes back."""
    n, means, R = merged(a, b)
    return (n, means, R) if n in (2, 5, 40) else (n, means, R * 1.001)


def with_q(a, b):
    return merged(a, b, triangle=lambda rows: np.linalg.qr(rows)[0])


# For each exercise: other right forms, and wrong answers with words that their reason holds.
CASES: dict[str, tuple[list[tuple[Any, ...]], list[tuple[tuple[Any, ...], str]]]] = {
    "q1": (
        [
            (2**15, 2**30 // 100),
            (np.int64(32768), 10737418.0),
            ((32768, 10737418),),
            (sp.Integer(2) ** 15, sp.floor(sp.Rational(2**30, 100))),
            ([32768], [10737418]),
        ],
        [
            ((31622, 10737418), "31622 takes a GiB for 10⁹ bytes"),
            ((92681, 10737418), "92681 is the root of the number of bytes"),
            ((46340, 10737418), "46340 stores half of the symmetric matrix"),
            ((2**30, 10737418), "is the number of floats that fit. A Gram matrix has n²"),
            ((32769, 10737418), "32769 does not fit"),
            ((32000, 10737418), "32000 fits, and 768 more would fit as well: then 8589934592"),
            ((16384, 10737418), "16384 fits, and 16384 more would fit as well"),
            ((32768, 2**30 // 800), "1342177 fits, and 9395241 more would fit as well"),
            ((32767.5, 10737418), "32767.5 is not a whole number"),
            ((-1, 10737418), "-1 is not above 0"),
            ((32768, 10**7), "10000000 takes a GiB for 10⁹ bytes"),
            ((32768, 85_899_345), "85899345 forgets that a float takes 8 bytes"),
            ((32768, 32768), "32768 is the answer for the Gram matrix"),
            ((32768, 2**30 / 100), "10737418.24 is not a whole number"),
            ((32768, 10_737_419), "10737419 does not fit"),
            ((32768, 10_700_000), "10700000 fits, and 37418 more"),
            (("32768", 10737418), "32768 is text"),
            ((32768, "10737418"), "10737418 is text"),
        ],
    ),
    "q2": (
        [
            ([0, 1, 2, 3], [1], [0, 1]),
            ([[0, 1, 2, 3], [1], [0, 1]],),
            (np.array([-1.5, 0.25, 7, 9]), -3, (1, 2)),
            ([sp.sqrt(2), -sp.sqrt(2), Fraction(1, 3), 0], [sp.pi], [0, sp.sqrt(3)]),
            (sp.Matrix([1, 2, 3, 4]), sp.Rational(1, 9), [-1, 0]),
        ],
        [
            (([0, 1, 2], [1], [0, 1]), "[0, 1, 2] are not enough. They make k(3, 3) = 3973/4"),
            (([0, 1, 2, 2], [1], [0, 1]), "Only 3 of their bumps are different functions"),
            (([0, 1, 2, 3, 4], [1], [0, 1]), "are exact, but 5 where 4 will do"),
            (([0, 1, 2, 3], [0], [0, 1]), "have a bump at 0 that is 0 everywhere"),
            (([0, 1, 2, 3], [1, 2], [0, 1]), "are exact, but 2 where 1 will do"),
            (([0, 1, 2, 3], [1, 2, 3], [0, 1]), "are exact, but 3 where 1 will do"),
            (([0, 1, 2, 3], [1], [1, -1]), "[1, -1] are not enough. Their bumps are one function"),
            (([0, 1, 2, 3], [1], [1]), "[1] are not enough. They make k(2, 2) = 25/2"),
            (([0, 1, 2, 3], [1], [0, 1, 2]), "are exact, but 3 where 2 will do"),
            (([-1, 0, 1], [1], [0, 1]), "They make k(2, 2) = 98, and it is 125"),
            (([0, 1, 2, 3], [1], [0]), "[0] are not enough. They make k(2, 2) = 1, and it is 17"),
            (([0, 1, 2, s], [1], [0, 1]), "s is a symbol"),
            (([0, 1, 2, 3], ["1"], [0, 1]), "For (xz)² you give ['1']"),
            (([], [1], [0, 1]), "give a list of landmarks, got []"),
            ((list(range(21)), [1], [0, 1]), "give a list of landmarks, got [0, 1"),
        ],
    ),
    "q3": (
        [
            ([1, 1, 1], [5, 5, 5], [1, 1, 9], [5, 5, 9]),
            ([[1, 1, 1], [5, 5, 5], [1, 1, 9], [5, 5, 9]],),
            (np.array([0, 10]), [0.5, 0.5], [5, 5], (0, 1)),
            ([0, 2], [3, 3, 9], [1, 1], [-9, 3, Fraction(7, 2)]),
            ([0, sp.sqrt(2), 3], [7], [sp.sqrt(2), sp.sqrt(2), 8], [7]),
        ],
        [
            (([1, 2, 3], [4, 5, 6], [1, 2, 3], [4, 5, 6]), "c and d hold the very readings"),
            (([1, 2, 3], [4, 5, 6], [1, 2, 3], [4, 5, 7]), "has the median 7/2, and so has"),
            (([1, 2, 3], [4, 5, 6], [1, 3, 3], [4, 5, 7]), "a has the median 2 and c has 3"),
            (([1, 2, 3], [4, 5, 6], [1, 2, 3], [4, 6, 7]), "b has the median 5 and d has 6"),
            (([1, 2], [5, 6], [0, 3], [4, 7]), "has the median 7/2, and so has [0, 3] with [4, 7]"),
            (([1, 5], [9], [3], [9]), "a has 2 readings and c has 1"),
            (([1, 2, 3], [5], [2], [5]), "a has 3 readings and c has 1"),
            (([2], [4, 5, 6], [2], [5]), "b has 3 readings and d has 1"),
            (([], [5], [], [5]), "a is an empty list"),
            ((1, 2, 3, 4), "a is 1. Give a list"),
            (([1], [2], [1], ["2"]), "2 is text"),
            (([s], [2], [1], [2]), "s is a symbol"),
            (([1] * 101, [2], [1] * 101, [2]), "Give a list of 1 to 100 readings"),
        ],
    ),
    "q4": (
        [
            (merged,),
            (by_scipy,),
            (with_upright_diagonal,),
            (by_mean_of_all,),
            (by_singular_values,),
        ],
        [
            ((lambda a, b: merged(a, b, factor=lambda m, n: 0.0),), "within the two blocks alone"),
            ((lambda a, b: merged(a, b, factor=lambda m, n: 1.0),), "m_a − m_b times 1."),
            (
                (lambda a, b: merged(a, b, factor=lambda m, n: m * n / (m + n)),),
                "times n_a n_b / (n_a + n_b), without the root",
            ),
            ((lambda a, b: merged(a, b, factor=lambda m, n: np.sqrt(m * n)),), "√(n_a n_b)."),
            ((lambda a, b: merged(a, b, factor=lambda m, n: np.sqrt(m + n)),), "√(n_a + n_b)."),
            (
                (lambda a, b: merged(a, b, factor=lambda m, n: np.sqrt((m + n) / (m * n))),),
                "upside down",
            ),
            (
                (lambda a, b: merged(a, b, factor=lambda m, n: np.sqrt(m * n) / (m + n)),),
                "√(n_a n_b) / (n_a + n_b).",
            ),
            ((lambda a, b: merged(a, b, factor=lambda m, n: 7.0),), "a first column of length"),
            (
                (lambda a, b: merged(a, b, weights=lambda m, n: (0.5, 0.5)),),
                "as much weight as one of",
            ),
            (
                (lambda a, b: merged(a, b, weights=lambda m, n: (n / (m + n), m / (m + n))),),
                "the weight of the other block",
            ),
            (
                (lambda a, b: merged(a, b, weights=lambda m, n: (m, n)),),
                "the sum of all rows. Divide",
            ),
            ((lambda a, b: merged(a, b, weights=lambda m, n: (1, 1)),), "gives the mean 8 where"),
            ((lambda a, b: (5, *merged(a, b)[1:]),), "gives n = 5; there are 40 rows"),
            ((lambda a, b: (2.5, *merged(a, b)[1:]),), "gives n = 2.5. It is a number of rows"),
            ((lambda a, b: merged(a, b, triangle=lambda rows: rows),), "an R of 3 rows for 1"),
            (
                (lambda a, b: merged(a, b, triangle=lambda rows: rows.T @ rows),),
                "gives the squares R'R in place of R",
            ),
            (
                (by_squares,),
                "by_squares is right, but it loses",
            ),
            ((by_raw_sums,), "by_raw_sums is right, but it loses"),
            ((with_q,), "Take the triangle of what you stacked"),
            (
                (lambda a, b: merged(a, b, factor=lambda m, n: 2 * np.sqrt(m * n / (m + n))),),
                "a first column of length 13.5204",
            ),
            ((sum_of_triangles,), "adds the triangles"),
            ((in_place,), "changes a summary"),
            ((right_for_two_blocks_alone,), "For 7 blocks, one after the other"),
            ((lambda a, b: (1, 2),), "Return n, mean, R"),
            ((lambda a, b: (5, "4.6", [[1]]),), "4.6 is text"),
            ((lambda a, b: (5, [1, 2], [[1]]),), "gives as mean 2 numbers"),
            ((lambda a, b: (5, 4.6, [[1, 2]]),), "R is a matrix of finite numbers"),
            ((lambda a, b: (5, 4.6, [[np.nan]]),), "gives as R [[nan]]"),
            ((lambda a: a,), "raises TypeError"),
            ((raising,), "raises RuntimeError: my mistake"),
            ((1.5,), "is not a function"),
        ],
    ),
    "q5": (
        [
            (VARIANCE, 10**6),
            (SQUARE - MEAN**2, 1e6),
            ((SQUARE - MEAN**2, 1_000_000),),
            (sp.expand(VARIANCE), sp.Integer(10) ** 6),
            (2 * (sp.sinh(s**2 / (2 * sigma**2)) ** 2) * sp.exp(-(s**2) / sigma**2), 10**6),
        ],
        [
            ((SQUARE, 10**6), "The square of the mean is still to be taken off"),
            (((1 - MEAN**2) / 2, 10**6), "takes e^(−s²/σ²) for the mean of cos 2ωs"),
            (((1 - sp.exp(-2 * s**2 / sigma**2)) / 2, 10**6), "is the variance of sin ωs"),
            ((SQUARE - MEAN, 10**6), "takes off the mean, not its square"),
            ((sp.Rational(1, 2), 10**6), "what it becomes for points far apart"),
            ((-VARIANCE, 10**6), "has the wrong sign"),
            ((MEAN, 10**6), "is the mean of cos ωs"),
            (((1 - MEAN**2) / sp.sqrt(2), 10**6), "is the standard deviation"),
            ((VARIANCE * 2, 10**6), "yours is"),
            ((1 - MEAN**2, 10**6), "yours is 0.6321, and the variance is 0.1998"),
            ((VARIANCE, 2000), "the standard deviation of their mean is 0.0224"),
            ((0.5 * (1 - MEAN**2) ** 2 + 1e-6, 10**6), "and the variance is"),
            ((VARIANCE.subs(s, sp.Symbol("x")), 10**6), "contains x, which stands for nothing"),
            ((VARIANCE, 500_000), "500000 is the number of waves"),
            ((VARIANCE, 2_000_000), "2000000 takes the variance of one wave for 1"),
            ((VARIANCE, 1000), "1000 gives 0.001 for the variance"),
            ((VARIANCE, 10_000), "with 10000 features"),
            ((VARIANCE, -1), "-1 is no number of features"),
            ((VARIANCE, "10**6"), "10**6 is text"),
            (("VARIANCE", 10**6), "is text"),
        ],
    ),
}

# Exercises that ask for a function.
FUNCTIONS = ("q4",)
