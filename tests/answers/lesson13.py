"""Answers to the exercises of lesson13: conditioning, planning, evidence and calibration."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp
from answers.wrong import raising
from scipy.stats import multivariate_normal

from kernelfit import GaussianProcess, Linear

k11, kx1, kxx, s, y1 = sp.symbols("k11 kx1 kxx s y1")  # without assumptions
MEAN, VARIANCE = kx1 * y1 / (k11 + s**2), kxx - kx1**2 / (k11 + s**2)
PAIR = sp.Matrix([[k11 + s**2, kx1], [kx1, kxx]])

C = sp.Matrix([
    [sp.Rational(3, 8), 0, -sp.Rational(1, 4), 0],
    [0, sp.Rational(3, 5), 0, -sp.Rational(2, 5)],
    [-sp.Rational(1, 4), 0, sp.Rational(1, 2), 0],
    [0, -sp.Rational(2, 5), 0, sp.Rational(3, 5)],
])  # fmt: skip
AT_TWO = sp.Rational(275, 8)
PHI = sp.Matrix([[1, -1, 1, -1], [1, 0, 0, 0], [1, 1, 1, 1]])


def noisy(K, noise_variance):
    return K + noise_variance * np.eye(len(K))


def misfit(K, y, noise_variance):
    return y @ np.linalg.solve(noisy(K, noise_variance), y)


def breadth(K, noise_variance):
    return np.linalg.slogdet(noisy(K, noise_variance))[1]


def constant(y):
    return len(y) * np.log(2 * np.pi)


def by_slogdet(K, y, noise_variance):
    M = noisy(K, noise_variance)
    return -(y @ np.linalg.solve(M, y) + np.linalg.slogdet(M)[1] + constant(y)) / 2


def by_cholesky(K, y, noise_variance):
    L = np.linalg.cholesky(noisy(K, noise_variance))
    u = np.linalg.solve(L, y)
    return -u @ u / 2 - np.sum(np.log(np.diag(L))) - constant(y) / 2


def by_eigenvalues(K, y, noise_variance):
    mu, U = np.linalg.eigh(K)
    along, spread = U.T @ y, mu + noise_variance
    return [-0.5 * np.sum(along**2 / spread + np.log(2 * np.pi * spread))]


def by_scipy(K, y, noise_variance):
    return multivariate_normal.logpdf(y, np.zeros(len(y)), noisy(K, noise_variance))


def by_the_package(K, y, noise_variance):
    mu, U = np.linalg.eigh(K)
    rows = U * np.sqrt(np.maximum(mu, 0))
    fit = GaussianProcess(Linear(), noise_variance=noise_variance).fit(rows, y)
    return fit.log_marginal_likelihood_


def one_after_the_other(K, y, noise_variance):
    total = 0.0  # p(y1) p(y2 | y1) p(y3 | y1, y2) ...
    M = noisy(K, noise_variance)
    for i in range(len(y)):
        weights = np.linalg.solve(M[:i, :i], M[:i, i])
        variance = M[i, i] - M[i, :i] @ weights
        total -= ((y[i] - weights @ y[:i]) ** 2 / variance + np.log(2 * np.pi * variance)) / 2
    return total


def by_det(K, y, noise_variance):
    M = noisy(K, noise_variance)
    return -(y @ np.linalg.solve(M, y) + np.log(np.linalg.det(M)) + constant(y)) / 2


def in_place(K, y, noise_variance):
    K += noise_variance * np.eye(len(K))
    return by_slogdet(K, y, 0)


def for_two_alone(K, y, noise_variance):
    return by_slogdet(K, y, noise_variance) if len(y) == 2 else 0.0


def without_kernel(K, y, v):
    return -(y @ y / v + len(y) * np.log(v) + constant(y)) / 2


def one_constant_for_all(K, y, v):
    return -(misfit(K, y, v) + breadth(K, v) + np.log(2 * np.pi)) / 2


def by_trace(K, y, v):
    return -(misfit(K, y, v) + np.log(np.trace(noisy(K, v))) + constant(y)) / 2


# For each exercise: other right forms, and wrong answers with words that their reason holds.
CASES: dict[str, tuple[list[tuple[Any, ...]], list[tuple[tuple[Any, ...], str]]]] = {
    "q1": (
        [
            (MEAN, VARIANCE),
            ((MEAN, VARIANCE),),
            (y1 / (k11 / kx1 + s**2 / kx1), (kxx * k11 + kxx * s**2 - kx1**2) / (k11 + s**2)),
            (sp.Matrix([MEAN]), PAIR.det() / PAIR[0, 0]),
            (MEAN, 1 / PAIR.inv()[1, 1]),
            (MEAN, kxx - kx1**2.0 / (s**2 + k11)),
        ],
        [
            ((kx1 * y1 / k11, VARIANCE), "takes the reading for exact"),
            ((kx1 * y1 / (k11 + s), VARIANCE), "adds s. Variances are added"),
            ((kx1 * y1 / (kxx + s**2), VARIANCE), "divides by the variance at x"),
            ((k11 * y1 / (k11 + s**2), VARIANCE), "is the mean at x_1 itself"),
            ((kx1 * y1, VARIANCE), "is not divided by the variance of y1"),
            ((y1, VARIANCE), "takes the reading for the value at x"),
            ((-MEAN, VARIANCE), "your mean is -2, and it should be 2"),
            ((kx1 * y1 / (k11 - s**2), VARIANCE), "your mean is 10/3, and it should be 2"),
            ((MEAN, kxx - kx1**2 / (kxx + s**2)), "divides by the variance at x. The reading was"),
            ((VARIANCE, MEAN), "your mean is 16/5"),
            ((MEAN, VARIANCE + s**2), "is the variance of a new reading at x"),
            ((MEAN, kxx - kx1**2 / k11), "The mean is right. kxx - kx1**2/k11 takes"),
            ((MEAN, kxx - kx1 / (k11 + s**2)), "does not square kx1"),
            ((MEAN, kx1**2 / (k11 + s**2)), "is what the reading takes away"),
            ((MEAN, kxx + kx1**2 / (k11 + s**2)), "is larger than before the reading"),
            ((MEAN, kxx), "is the variance before the reading"),
            ((MEAN, k11 - kx1**2 / (k11 + s**2)), "begins with the variance at x_1"),
            ((MEAN, k11 * s**2 / (k11 + s**2)), "your variance is 4/5, and it should be 16/5"),
            ((MEAN, kxx * s**2 / (kxx + s**2)), "is right at x = x_1 alone"),
            ((MEAN, sp.sqrt(VARIANCE)), "is the standard deviation"),
            ((MEAN, VARIANCE * y1), "contains y1"),
            ((MEAN, 3), "your variance is 3"),
            ((MEAN * (1 + sp.Rational(1, 10**9)), VARIANCE), "For k11 = 4"),
            ((MEAN, VARIANCE + sp.Symbol("lam")), "contains lam"),
            (("kx1*y1/(k11+s**2)", VARIANCE), "is text"),
            ((lambda y: y, VARIANCE), "That is a function"),
        ],
    ),
    "q2": (
        [
            ([3, 12, 21],),
            ((21, 3, 12),),
            (3, 12, 21),
            (np.array([3.1, 12.0, 20.9]),),
            ([sp.Rational(29, 10), 12, sp.Rational(211, 10)],),
            (sp.Matrix([3, 12, 21]),),
        ],
        [
            (([4, 12, 20],), "With readings at 4, 12, 20 h the standard deviation is 3.18 °C"),
            (([6, 12, 18],), "is 3.76 °C at 0.0 h"),
            (([0, 12, 24],), "is 3.57 °C at"),
            (([21, 4, 12],), "With readings at 4, 12, 21 h"),
            (([3, 3, 12],), "In 3, 3, 12 one hour stands twice"),
            (([12, 12, 12],), "In 12, 12, 12 one hour stands three times"),
            (([2, 12, 22],), "is 3.11 °C at 7.0 h"),
            (([-3, 12, 21],), "-3.0 is not an hour of this day"),
            (([3, 12, 27],), "27.0 is not an hour of this day"),
            (([3, 12],), "has 2 entries"),
            (([0, 8, 16, 24],), "has 4 entries"),
            ((12,), "is one thing"),
            ((["3", 12, 21],), "3 is text"),
            (([np.nan, 12, 21],), "nan is not a finite number"),
        ],
    ),
    "q3": (
        [
            (by_slogdet,),
            (by_cholesky,),
            (by_eigenvalues,),
            (by_scipy,),
            (by_the_package,),
            (one_after_the_other,),
            (lambda K, y, v: sp.Float(by_slogdet(K, y, v)),),
        ],
        [
            ((by_det,), "np.linalg.slogdet gives its logarithm"),
            ((in_place,), "changes its K"),
            ((for_two_alone,), "For K = [[3]], y = [−1]"),
            ((without_kernel,), "does not use K"),
            ((one_constant_for_all,), "gives -2.67395301; the log evidence is -3.592891543"),
            ((by_trace,), "gives -3.915070051; the log evidence is -3.592891543"),
            ((lambda K, y, v: -by_slogdet(K, y, v),), "with the other sign"),
            ((lambda K, y, v: by_slogdet(K, y, v) + constant(y) / 2,), "has lost the constant"),
            ((lambda K, y, v: by_slogdet(K, y, v) - constant(y) / 2,), "It is half of that"),
            (
                (lambda K, y, v: by_slogdet(K, y, v) + len(y) * np.log(2) / 2,),
                "has log π where log 2π belongs",
            ),
            ((lambda K, y, v: by_slogdet(K, y, v) - misfit(K, y, v) / 2,), "takes yᵀ(K + s²I)⁻¹y"),
            ((lambda K, y, v: by_slogdet(K, y, v) - breadth(K, v) / 2,), "takes log det whole"),
            ((lambda K, y, v: by_slogdet(K, y, v) + breadth(K, v) / 2,), "has no log det"),
            ((lambda K, y, v: by_slogdet(K, y, v) + breadth(K, v) / 4,), "is already the half"),
            ((lambda K, y, v: by_slogdet(K, y, v) + breadth(K, v),), "adds the half log det"),
            ((lambda K, y, v: by_slogdet(K, y, v) + misfit(K, y, v) / 2,), "does not look at y"),
            ((lambda K, y, v: 2 * by_slogdet(K, y, v),), "is twice what is asked for"),
            ((lambda K, y, v: np.exp(by_slogdet(K, y, v)),), "is the density"),
            ((lambda K, y, v: by_slogdet(K, y, v) / np.log(10),), "logarithms of base 10"),
            ((lambda K, y, v: by_slogdet(K, y, v**2),), "squares the noise variance"),
            ((lambda K, y, v: by_slogdet(K, y, v**0.5),), "takes the root of the noise variance"),
            ((lambda K, y, v: by_slogdet(K, y, v) / len(y),), "divides by n"),
            ((lambda K, y, v: by_slogdet(K, y, 0.25),), "K = [[3]]"),
            ((lambda K, y, v: by_slogdet(K, y, v) + 1e-6,), "the log evidence is -3.592891543"),
            ((lambda K, y, v: noisy(K, v),), "One number is asked for"),
            ((lambda K, y, v: "ab",), "gives ab. One number"),
            ((lambda K, y, v: np.nan,), "gives nan, not a finite number"),
            ((lambda K: 0,), "raises TypeError"),
            ((raising,), "raises RuntimeError: my mistake"),
            ((-3.6,), "is not a function"),
        ],
    ),
    "q4": (
        [
            (16, 0.896),
            (np.int64(16), 0.90),
            ((16, 0.9),),
            (Fraction(16, 17), 0.8963),
            (94.1, np.float64(0.896)),
            (sp.Integer(16), sp.Rational(9, 10)),
        ],
        [
            ((15, 0.9), "15 are within the band of f"),
            ((1, 0.9), "1 is how many are outside"),
            ((17, 0.9), "All 17 are not"),
            ((13, 0.9), "13 is not the count"),
            ((14, 0.9), "14 is not the count"),
            ((16, 1.96), "1.96 is not the largest"),
            ((18, 0.9), "18 is not a number of points"),
            ((0.5, 0.9), "0.5 is not a number of points"),
            ((16, 3.7), "3.7 is the one outside"),
            ((16, -0.896), "-0.896 has a sign"),
            ((16, 0.159), "0.159 is the largest above the curve"),
            ((16, 0.795), "0.795 belongs to the fit that has seen the point"),
            ((16, 0.3), "0.3 is not the largest"),
            (("16", 0.9), "16 is text"),
            ((16, "0.9"), "0.9 is text"),
        ],
    ),
    "q5": (
        [
            (AT_TWO, C),
            (Fraction(275, 8), C.tolist()),
            (34.375, (sp.eye(4) + PHI.T * PHI).inv()),
            (AT_TWO, sp.eye(4) - PHI.T * (sp.eye(3) + PHI * PHI.T).inv() * PHI),
            (AT_TWO, [[0.375, 0, -0.25, 0], [0, 0.6, 0, -0.4], [-0.25, 0, 0.5, 0],
                      [0, -0.4, 0, 0.6]]),
            (AT_TWO, sp.ImmutableMatrix(C)),
        ],
        [
            ((AT_TWO + 1, C), "is the variance of a new y at 2"),
            ((85, C), "is the variance before the data"),
            ((85 - AT_TWO, C), "is what the data take away from k(2, 2) = 85"),
            ((34.37500001, C), "right but for rounding"),
            ((-3, C), "is no variance here"),
            ((18, C), "18 is not what is left of k(2, 2) = 85"),  # as if there were no noise
            ((AT_TWO, C.applyfunc(abs)), "would be φ(2)ᵀCφ(2) = 2559/40"),
            ((34, C), "34 is not what is left of k(2, 2) = 85"),
            ((AT_TWO, sp.eye(4) + PHI.T * PHI), "is I + ΦᵀΦ. The covariance is its inverse"),
            ((AT_TWO, sp.eye(4)), "is the covariance before the data"),
            ((AT_TWO, sp.eye(4) - C), "is what the data take away from I"),
            ((AT_TWO, (sp.eye(3) + PHI * PHI.T).inv()), "has the shape (3, 3)"),
            ((AT_TWO, 2 * C), "would be φ(2)ᵀCφ(2) = 275/4"),
            ((AT_TWO, sp.diag(AT_TWO, 0, 0, 0)), "gives the right variance at 2 and has 275/8"),
            ((AT_TWO, C + sp.ones(4).upper_triangular(1)), "is not symmetric"),
            ((AT_TWO, C.evalf() + sp.eye(4) * 1e-9), "right but for rounding. Exact numbers"),
            (("275/8", C), "is text"),
            ((AT_TWO, 7), "is not a matrix"),
        ],
    ),
}  # fmt: skip

# Exercises that ask for a function.
FUNCTIONS = ("q3",)
