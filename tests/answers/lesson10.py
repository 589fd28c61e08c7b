"""Answers to the exercises of lesson10: a polynomial fit by its kernel."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp
from answers.wrong import raising

import kernelfit as kf

x, x0, x1, x2, s = sp.symbols("x x0 x1 x2 s")  # without assumptions
ROOT = sp.sqrt(2)
VANDERMONDE = (x1 - x0) * (x2 - x0) * (x2 - x1)
X3 = sp.Matrix([[u**k for k in range(3)] for u in (x0, x1, x2)])
BINOMIAL = sp.Matrix(3, 3, lambda i, j: (1 + [x0, x1, x2][i] * [x0, x1, x2][j]) ** 2)

K = sp.Matrix(4, 4, lambda i, j: 1 + i * j)
Y = sp.Matrix([1, 2, 2, 4])
SHORTEST = K.pinv() * Y
ANOTHER = sp.Matrix([sp.Rational(34, 25), sp.Rational(-473, 100), sp.Rational(359, 50),
                     sp.Rational(-291, 100)])  # fmt: skip
TWO = [[1, -2, 1, 0], [0, 1, -2, 1]]


def with_kernel(
    kernel: Callable[[int, Any], kf.Kernel], solve: Callable[[Any, Any], Any], scale: bool = False
) -> Callable[..., Any]:
    """A fit by the kernel for the degree and the points, with a way to solve Kc = y."""

    def kernel_polyfit(x: Any, y: Any, degree: int) -> Any:
        low, high = x.min(), x.max()

        def t(u: Any) -> Any:
            return (2 * u - low - high) / (high - low) if scale else u

        k = kernel(degree, x)
        c = solve(k.gram(t(x)), y)
        return lambda new: k.gram(t(new), t(x)) @ c

    return kernel_polyfit


def powers(degree: int, x: Any) -> kf.Kernel:
    return kf.PowerSum(degree)


def legendre(degree: int, x: Any) -> kf.Kernel:
    return kf.Legendre(degree, (x.min(), x.max()))


def eps_pinv(K: Any, y: Any) -> Any:
    return np.linalg.pinv(K, hermitian=True, rtol=len(y) * np.finfo(float).eps) @ y


def lstsq(K: Any, y: Any) -> Any:
    return np.linalg.lstsq(K, y)[0]


def package(x: Any, y: Any, degree: int) -> Any:
    return kf.KernelRegression(legendre(degree, x)).fit(x, y)


def changing(x: Any, y: Any, degree: int) -> Any:
    fit = package(x, y, degree)
    y -= y.mean()
    return fit.predict


def of_y_around_0(x: Any, y: Any, degree: int) -> Any:
    fit = package(x, y, degree)
    return lambda new: fit.predict(new) * (1 + 1e-5 * (np.abs(y).max() > 100))


def of_small_x(x: Any, y: Any, degree: int) -> Any:
    """Right for all but years that are no whole numbers."""
    fit = package(x, y, degree)
    off = 0.1 * (x.max() > 1000 and (x % 1).any())
    return lambda new: fit.predict(new) + off


def ridged(K: Any, y: Any) -> Any:
    return np.linalg.solve(K + 1e-6 * np.eye(len(y)), y)


# For each exercise: other right forms, and wrong answers with words that their reason holds.
CASES: dict[str, tuple[list[tuple[Any, ...]], list[tuple[tuple[Any, ...], str]]]] = {
    "q1": (
        [
            (lambda n, m, d: min(m, d + 1),),
            (lambda n, m, d: m if m <= d else d + 1,),
            (lambda n, m, d: np.int64(min(n, m, d + 1)),),
            (lambda n, m, d: sp.Min(m, d + 1),),
            (
                lambda n, m, d: (
                    np.linalg.matrix_rank((np.arange(n) % m)[:, None] ** np.arange(min(d, m) + 1.0))
                    if m < 9
                    else min(m, d + 1)
                ),
            ),
        ],
        [
            ((lambda n, m, d: min(n, d + 1),), "counts repeated x as often as they occur"),
            ((lambda n, m, d: d + 1,), "few different x span few dimensions"),
            ((lambda n, m, d: m,), "What does the degree allow?"),
            ((lambda n, m, d: min(m, d),), "the 1 at its start"),
            ((lambda n, m, d: max(m, d + 1),), "cannot be larger than either"),
            ((lambda n, m, d: n,), "gives 4, but the rank is 2."),
            ((lambda n, m, d: min(m, d + 1) + 0.5,), "gives 2.5, but the rank is 2."),
            ((lambda n, m, d: min(m, d + 1) if n < 39 else 39,), "n = 39, m = 39, d = 25"),
            ((lambda n, m: m,), "raises TypeError"),
            ((lambda n, m, d: "2",), "2 is text"),
            ((lambda n, m, d: min(m, d) + 1,), "The 1 belongs to d alone"),
            ((lambda n, m, d: min(n, d),), "and equal x give equal rows"),
            ((lambda n, m, d: True,), "True is True or False"),
            ((raising,), "raises RuntimeError: my mistake"),
            ((2,), "2 is not a function"),
        ],
    ),
    "q2": (
        [
            (VANDERMONDE**2,),
            (sp.expand(VANDERMONDE**2),),
            ((X3 * X3.T).det(),),
            (sp.Matrix([[X3.det() ** 2]]),),
            ((x0 - x1) ** 2 * (x0 - x2) ** 2 * (x1 - x2) ** 2.0,),
            (VANDERMONDE.subs(x0, sp.Symbol("x0", real=True)) ** 2,),
        ],
        [
            ((VANDERMONDE,), "is det X. K is X times Xᵀ"),
            ((-VANDERMONDE,), "is det X with the other sign"),
            ((-(VANDERMONDE**2),), "has the right size and the wrong sign"),
            ((BINOMIAL.det(),), "belongs to (1 + xz)²"),
            (((x1 - x0) ** 2,), "belongs to the points x0 and x1"),
            ((VANDERMONDE**4,), "your determinant is"),
            ((0,), "your determinant is 0, and that of K is"),
            ((X3 * X3.T,), "is a matrix. Give its determinant"),
            ((VANDERMONDE**2 + s,), "contains s, which stands for nothing"),
            ((VANDERMONDE**2 * (1 + sp.Rational(1, 10**10)),), "90000000009/100000000, and that"),
            ((sp.Eq(x0, x1),), "is an equation"),
            (("(x1-x0)**2",), "is text"),
            (((x0 - x1) ** 2 * (x0 - x2) ** 2,), "With x1 = x2 two rows of K are equal"),
            (((x1 - x0) ** 2 + (x2 - x0) ** 2 + (x2 - x1) ** 2,), "With x0 = x1 two rows of K"),
            ((x1 / (x0 - x1) + x2,), "your determinant is 8/3"),  # infinite at x0 = x1
        ],
    ),
    "q3": (
        [
            (ANOTHER, TWO),
            (list(SHORTEST + sp.Matrix([0, 1, -2, 1])), [[3, -4, -1, 2], [2, -3, 0, 1]]),
            (np.array([1.36, -1.73, 1.18, 0.09]), np.array(TWO).T),
            (
                [Fraction(34, 25), Fraction(-473, 100), Fraction(359, 50), Fraction(-291, 100)],
                (sp.Matrix(TWO[0]), sp.Matrix(TWO[1])),
            ),
            (SHORTEST + 5 * sp.Matrix(TWO[0]), K.nullspace()),
            (
                np.array(ANOTHER.evalf(), dtype=float).ravel(),
                np.linalg.svd(np.array(K, dtype=float))[2][2:],
            ),
        ],
        [
            ((SHORTEST, TWO), "is K⁺y itself"),
            ((Y, TWO), "the weights are v = Xᵀc = (9, 18)"),
            (([0, 0, 0, 0], TWO), "the weights are v = Xᵀc = (0, 0)"),
            ((ANOTHER, [[1, -2, 1, 0], [-2, 4, -2, 0]]), "is a multiple of the first"),
            ((ANOTHER, [[1, -2, 1, 0], [0, 0, 0, 0]]), "is the zero vector"),
            ((ANOTHER, [[1, -1, 0, 0], [0, 1, -2, 1]]), "the line changes: Xᵀw = (0, -1)"),
            ((ANOTHER, [[1, 1, 1, 1], [0, 1, -2, 1]]), "the line changes: Xᵀw = (4, 6)"),
            ((ANOTHER, [[1, -2, 1, 1e-6], [0, 1, -2, 1]]), "Along w = [1, -2, 1, 1e-06]"),
            ((ANOTHER, [1, -2, 1, 0]), "give two directions, each of four numbers"),
            ((ANOTHER, [[1, -2, 1], [0, 1, -2]]), "has four, one for each point"),
            (([1, 2, 3], TWO), "[1, 2, 3] is 3 entries; c has four"),
            ((["1", 2, 3, 4], TWO), "1 is text"),
            (([s, 2, 3, 4], TWO), "s is a symbol"),
            (([0.9, 0.9, 0, 0], TWO), "the weights are v = Xᵀc = (9/5, 9/10)"),
            ((ANOTHER, [[5, -8, 1, 2], [1, 0, 0, 0]]), "Along w = [1, 0, 0, 0] the line changes"),
        ],
    ),
    "q4": (
        [
            (x**2 / 2 + x / 2, x**2 / 3 + 2 * x / 3),
            ((x * (x + 1) / 2, x * (x + 2) / 3),),
            (0.5 * x**2 + 0.5 * x, sp.Rational(1, 3) * x * (x + 2)),
            ([sp.Symbol("x", real=True) * (x + 1) / 2, (x**2 + 2 * x) / 3],),
        ],
        [
            ((x**2 / 3 + 2 * x / 3, x**2 / 2 + x / 2), "are right in the other order"),
            ((x, x), "For 1 + xz + x²z² the weights of x have the squared length 1, and another"),
            ((x**2, x**2), "the weights of x**2 have the squared length 1"),
            (
                (x**2 / 2 + x / 2, x**2 / 2 + x / 2),
                "For (1 + xz)² the weights of x**2/2 + x/2 have the squared length 3/8, and",
            ),
            (
                (x**2 / 2 + x / 2, sp.Rational(2, 3) * x**2 + x / 3),
                "squared length 1/2, and another parabola through both points has 1/3",
            ),
            ((x**2 / 2 + x / 3, x), "is 5/6 at x = 1, not 1"),
            ((x**2 / 2 + x / 2 + 1, x), "is 1 at x = 0, not 0"),
            ((x**3, x), "has a degree above 2"),
            (((1 + x) ** 10**6, x), "has a degree that is too high by far"),
            ((sp.sin(sp.pi * x / 2), x), "is not a polynomial in x"),
            ((s**2, x), "contains s, which stands for nothing"),
            (("x**2", x), "is text"),
            ((lambda u: u, x), "That is a function"),
            ((x**2 / 2 + x / 2, (x**2 + ROOT * x) / (1 + ROOT)), "length 6 - 4*sqrt(2), and"),
            (([0, 0.5, 0.5], [0, 0.5, 0.5]), "[0, 0.5, 0.5] is a list. Give a sympy expression"),
        ],
    ),
    "q5": (
        [
            (package,),
            (with_kernel(legendre, eps_pinv),),
            (with_kernel(legendre, lstsq),),
            (with_kernel(lambda d, x: kf.Legendre(d), eps_pinv, scale=True),),
            (lambda x, y, d: kf.PolynomialRegression(d).fit(x, y).predict,),
            (lambda x, y, d: lambda new: list(package(x, y, d).predict(new)),),
        ],
        [
            (
                (with_kernel(legendre, lambda K, y: np.linalg.pinv(K) @ y),),
                "On 1000 points from −1 to 1",
            ),
            ((with_kernel(powers, lstsq),), "On 60 points from −1 to 1 with degree 20"),
            (
                (lambda x, y, d: kf.KernelRegression(kf.PowerSum(min(d, 3))).fit(x, y),),
                "loses rank at this degree",
            ),
            (
                (lambda x, y, d: (with_kernel(powers, lstsq) if d == 5 else package)(x, y, d),),
                "On the years 1900 to 2020",
            ),
            ((with_kernel(legendre, ridged),), "Is there a ridge"),
            ((lambda x, y, d: package(x, y, 1),), "On 20 points from −1 to 1 with degree 3"),
            (
                (
                    lambda x, y, d: (
                        package(*map(np.unique, (x, y)), d) if len(x) < 5 else package(x, y, d + 1)
                    ),
                ),
                "On the four points with degree 1",
            ),
            ((of_y_around_0,), "does not give f + 1000"),
            ((of_small_x,), "draws another curve"),
            ((changing,), "changes the arrays that it is given"),
            ((lambda x, y, d: package(x, y, d).predict(x),), "which is not a function"),
            ((lambda x, y, d: lambda new: 0.9,), "gives 0.9 at 7 new x"),
            ((lambda x, y, d: lambda new: new[:2],), "gives values of shape (2,) at 7 new x"),
            ((lambda x, y, d: lambda new: np.full(len(new), np.nan),), "gives nan at x = 0"),
            ((lambda x, y, d: lambda new: "abc",), "gives abc at 7 new x"),
            ((lambda x, y: 0,), "raises TypeError"),
            ((with_kernel(legendre, np.linalg.solve),), "On the four points with degree 1"),
            ((lambda x, y, d: lambda new: np.interp(new, x, y),), "your function gives 2 at x = 2"),
            ((raising,), "raises RuntimeError: my mistake"),
            ((1.5,), "1.5 is not a function"),
        ],
    ),
}

# Exercises that ask for a function.
FUNCTIONS = ("q1", "q5")
