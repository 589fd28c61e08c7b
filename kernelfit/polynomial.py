"""Polynomial regression: linear least squares on Legendre polynomials of the data's interval."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.polynomial import Legendre
from numpy.polynomial.legendre import legval

from ._checks import (
    FloatArray,
    InputError,
    RankWarning,
    as_matrix,
    as_vector,
    same_length,
    whole_number,
)
from ._estimator import Regressor
from ._twofold import Twofold
from .least_squares import solve_least_squares

HIGHEST = 10_000  # degree of a fit: beyond, a basis is all that memory holds
BLOCK = 16384  # points at a time: their basis fits into the processor's cache
SAFE_CONDITION = 1e3  # up to here a Gram matrix loses at most 6 digits, and one step restores them
DEGREE = "It is the highest power of x: 1 is a straight line, 2 a parabola."
REFINED_UP_TO = 2**15  # points times coefficients; beyond, the last digits of powers are let go


class PolynomialRegression(Regressor):
    r"""The polynomial of least squared residuals among those of degree at most d.

    .. math:: f(x) = \sum_{k=0}^d a_k P_k(t), \qquad
              t = \frac{(x - x_{\min}) - (x_{\max} - x)}{x_{\max} - x_{\min}}, \qquad
              \sum_{i=1}^n \bigl(y_i - f(x_i)\bigr)^2 \to \min

    P_k are the Legendre polynomials, which are nearly orthogonal on the data where the powers of x
    are nearly parallel.  So the fit keeps its digits, and the same curve comes out in whatever unit
    x is measured and wherever its zero lies.  Powers of x are only the last step.

    With more coefficients than there are different x, many polynomials fit equally well.  Then this
    is the one that varies least, in mean square over the interval, and a RankWarning says so.

    Sources: Forsythe, Journal of the SIAM 5 (1957), on orthogonal polynomials for data; Björck,
    Numerical Methods for Least Squares Problems, section 6.6, on correcting normal equations.

    Parameters
    ----------
    degree : int
        d, the highest power of x, at least 0.

    Attributes
    ----------
    polynomial_ : numpy.polynomial.Legendre
        f as a Legendre series on the interval [min x, max x], in the unit of y.  Called as a
        function it loses digits where x lies far from zero; ``predict`` does not.
    power_coefficients_ : array of shape (d + 1,)
        c_0, ..., c_d of 1, x, ..., x^d, c_k in the unit of y per unit of x to the k-th.
    residuals_ : array of shape (n,)
        y_i - f(x_i), in the unit of y; orthogonal to every power of x up to d.
    rank_ : int
        How many of the d + 1 coefficients the data settle.
    condition_ : float
        The 2-norm condition number of P_1, ..., P_d at the data, centred and scaled to length 1.
        ``inf`` when the rank is short.
    n_features_in_ : int
        1: there is one x.
    """

    polynomial_: Legendre
    residuals_: FloatArray
    rank_: int
    condition_: float

    def __init__(self, degree: int) -> None:
        self.degree = degree

    def fit(self, X: Any, y: Any) -> PolynomialRegression:
        """Find the polynomial of least squared residuals.

        ``X`` has shape (n,) or (n, 1), ``y`` has shape (n,).  Raises InputError for bad input;
        warns with RankWarning when there are fewer different x than coefficients.
        """
        degree = whole_number(self.degree, "degree", maximum=HIGHEST, advice=DEGREE)
        x, values = one_column(X), as_vector(y)
        same_length(x, values)
        interval = interval_of(x)
        t = scaled(x, interval)
        unit = power_of_two(values)

        fitted = _by_gram_matrix(t, values / unit, degree)
        if fitted is None:
            basis = orthonormal_legendre(t, degree)[1:]
            solution = solve_least_squares(basis.T, values / unit, intercept=True)
            fitted = (
                np.array([solution.intercept, *solution.coefficients]),
                solution.residuals,
                solution.rank,
                solution.condition,
            )
        coefficients, residuals, rank, condition = fitted
        if rank <= degree:
            warnings.warn(_why_short(x, degree, rank), RankWarning, stacklevel=2)

        with np.errstate(over="ignore"):
            series = coefficients * np.sqrt(2 * np.arange(degree + 1) + 1) * unit
            residuals = residuals * unit
        if not np.isfinite(series).all():
            raise InputError(
                "y must be of a size that leaves room for the coefficients, got one beyond "
                "1.8e308. Measure y in a larger unit."
            )
        self.polynomial_ = Legendre(series, domain=interval)
        self.residuals_ = residuals
        self.rank_ = rank
        self.condition_ = condition
        self._remember_columns(X)
        small = len(x) * (degree + 1) <= REFINED_UP_TO and rank > degree and condition < 1e6
        self._data = (x.copy(), values.copy()) if small else None
        self._powers: FloatArray | None = None
        return self

    def predict(self, X: Any) -> FloatArray:
        """The values f(x), shape (n,) or (n, 1) to (n,), in the unit of y.

        Outside of the data's interval a polynomial soon goes anywhere.  Raises NotFittedError
        before ``fit`` and InputError for bad input.
        """
        points = self._columns_of_the_fit(X)
        t = scaled(points[:, 0], self.polynomial_.domain)
        return np.asarray(legval(t, self.polynomial_.coef))

    @property
    def power_coefficients_(self) -> FloatArray:
        """c_0, ..., c_d of 1, x, ..., x^d, converted in exact arithmetic when first asked for.

        They cancel each other as soon as 0 lies away from the data, so up to some thousand points
        the series is first brought to twice the digits.  To compute values use ``predict``.
        Raises InputError when a coefficient is too large or too small for float64.
        """
        self._must_be_fitted("reading power_coefficients_")
        if self._powers is None:
            series = [Fraction(float(a)) for a in self.polynomial_.coef]
            if self._data is not None:
                missing = _missing(*self._data, self.polynomial_)
                series = [a + Fraction(m) for a, m in zip(series, missing, strict=True)]
            self._powers = _in_powers(series, self.polynomial_.domain)
        return self._powers.copy()


def orthonormal_legendre(t: FloatArray, degree: int) -> FloatArray:
    r"""The rows p_0(t), ..., p_d(t), orthonormal for the mean over [-1, 1]; shape (d + 1, n).

    .. math:: b_{k+1}\, p_{k+1}(t) = t\, p_k(t) - b_k\, p_{k-1}(t), \qquad
              b_k = \frac{k}{\sqrt{4 k^2 - 1}}, \qquad p_k = \sqrt{2k + 1}\, P_k

    Source: Gautschi, Orthogonal Polynomials (2004), section 1.3 and table 1.1.
    """
    whole = np.arange(1.0, degree + 1)
    b = whole / np.sqrt(4 * whole**2 - 1)
    p = np.empty((degree + 1, len(t)))
    p[0] = 1
    for k in range(degree):
        np.multiply(t, p[k], out=p[k + 1])
        if k > 0:
            p[k + 1] -= b[k - 1] * p[k - 1]
        p[k + 1] /= b[k]
    return p


def _by_gram_matrix(
    t: FloatArray, y: FloatArray, degree: int
) -> tuple[FloatArray, FloatArray, int, float] | None:
    """Coefficients, residuals, rank and condition from the Gram matrix of the basis.

    None when its condition is not seen to be small.  The matrix squares the condition; the one
    step of correction, with residuals from the data themselves, gives back what that costs.
    """
    G = np.zeros((degree + 1, degree + 1))
    right = np.zeros(degree + 1)
    for part in _blocks(len(t)):
        p = orthonormal_legendre(t[part], degree)
        G += p @ p.T
        right += p @ y[part]
    if not _condition(G) < SAFE_CONDITION:
        return None
    a = np.linalg.solve(G, right).astype(np.float64)

    right[:] = 0
    for part in _blocks(len(t)):
        p = orthonormal_legendre(t[part], degree)
        right += p @ (y[part] - a @ p)
    a += np.linalg.solve(G, right)

    residuals = y.copy()
    for part in _blocks(len(t)):
        residuals[part] -= a @ orthonormal_legendre(t[part], degree)
    centred = G[1:, 1:] - np.outer(G[1:, 0], G[0, 1:]) / G[0, 0]
    return a, residuals, degree + 1, _condition(centred)


def _condition(G: FloatArray) -> float:
    """The condition number of the columns behind a Gram matrix, each at length 1."""
    squares = np.diag(G)
    if not (squares > 0).all():
        return float("inf")
    lengths = np.sqrt(squares)
    eigenvalues = np.linalg.eigvalsh(G / lengths / lengths[:, None])
    if len(eigenvalues) == 0:
        return 1.0
    least, largest = eigenvalues[[0, -1]]
    return float(np.sqrt(largest / least)) if least > 0 else float("inf")


def _blocks(n: int) -> Iterator[slice]:
    return (slice(start, start + BLOCK) for start in range(0, n, BLOCK))


def one_column(X: Any) -> FloatArray:
    """The points of a polynomial, shape (n,); InputError for several columns."""
    points = as_matrix(X, call="fit")
    if points.shape[1] != 1:
        raise InputError(
            f"X must be one column for a polynomial in x, got shape {points.shape}. For several "
            f"variables make a column for each term and use LinearRegression."
        )
    return points[:, 0]


def interval_of(x: FloatArray) -> tuple[float, float]:
    """From the least x to the largest; about a single x an interval of some width."""
    low, high = float(x.min()), float(x.max())
    if low == high:
        margin, largest = max(abs(low) / 2, 1.0), sys.float_info.max
        return max(low - margin, -largest), min(high + margin, largest)
    return low, high


def power_of_two(y: FloatArray) -> float:
    """The largest power of two that is not above the largest |y|; 1/2 when all are 0."""
    return float(np.ldexp(1.0, np.frexp(np.abs(y).max())[1] - 1))


def scaled(x: FloatArray, interval: Any) -> FloatArray:
    """The t in [-1, 1].  Differences come first: a factor and a shift cancel far from zero."""
    x, low, high = _in_small_numbers(x, interval)
    t: FloatArray = ((x - low) - (high - x)) / (high - low)
    return t


def _in_small_numbers(x: FloatArray, interval: Any) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The x and the ends of the interval over a power of two, exactly: now nothing overflows."""
    low, high = (float(end) for end in interval)
    exponent = -np.frexp(max(abs(low), abs(high)))[1]
    return np.ldexp(x, exponent), np.ldexp(low, exponent), np.ldexp(high, exponent)


def _missing(x: FloatArray, y: FloatArray, series: Legendre) -> FloatArray:
    r"""What the coefficients a still lack: one step of Newton's method with twice the digits.

    .. math:: \delta = (P P^\top)^{-1} P (y - P^\top a), \qquad
              k P_k(t) = (2k - 1)\, t\, P_{k-1}(t) - (k - 1)\, P_{k-2}(t)
    """
    exact, low, high = (Twofold(u, 0.0) for u in _in_small_numbers(x, series.domain))
    t = ((exact - low) - (high - exact)) / (high - low)

    P = [Twofold(np.ones(len(y)), np.zeros(len(y))), t]
    for k in range(2, len(series.coef)):
        twice, before = Twofold(2.0 * k - 1, 0.0), Twofold(k - 1.0, 0.0)
        P.append((twice * t * P[k - 1] - before * P[k - 2]) / Twofold(float(k), 0.0))
    P = P[: len(series.coef)]

    unit = power_of_two(y)
    r = Twofold(y / unit, np.zeros(len(y)))
    for a, values in zip(np.asarray(series.coef, dtype=np.float64) / unit, P, strict=True):
        r -= Twofold(a, 0.0) * values
    right = np.array([(values * r).total().high for values in P])
    matrix = np.array([values.high for values in P])
    step: FloatArray = np.linalg.solve(matrix @ matrix.T, right) * unit
    return step


def _in_powers(series: list[Fraction], interval: Any) -> FloatArray:
    """The coefficients of 1, x, ..., x^d of a Legendre series on an interval, exactly rounded."""
    low, high = (Fraction(float(end)) for end in interval)
    constant, factor = -(low + high) / (high - low), 2 / (high - low)  # t = constant + factor x
    nothing = Fraction(0)
    P = [[Fraction(1)], [constant, factor]]
    for k in range(2, len(series)):
        before, last = [*P[-2], nothing, nothing], P[-1]
        times_t = [
            constant * a + factor * b
            for a, b in zip([*last, nothing], [nothing, *last], strict=True)
        ]
        both = zip(times_t, before, strict=True)
        P.append([((2 * k - 1) * a - (k - 1) * b) / k for a, b in both])
    exact = [nothing] * len(series)
    for number, powers in zip(series, P, strict=False):
        for j, c in enumerate(powers):
            exact[j] += number * c
    try:
        rounded = np.array([float(c) for c in exact])
    except OverflowError:
        rounded = np.full(len(exact), np.inf)
    lost = np.isinf(rounded) | ((rounded == 0) & np.array([c != 0 for c in exact]))
    if lost.any():
        raise InputError(
            "power_coefficients_ must be of sizes that float64 can hold, got one beyond 1.8e308 or "
            "below 5e-324. Measure x in another unit, or compute with polynomial_ and predict."
        )
    return rounded


def _why_short(x: FloatArray, degree: int, rank: int) -> str:
    """The text of the RankWarning: the rank, the columns, the remedy."""
    different = len(np.unique(x))
    powers = {1: "1 and x", 2: "1, x and x²"}.get(degree, f"1, x, ..., x^{degree}")
    dimensions = "1 dimension" if rank == 1 else f"{rank} dimensions"
    if rank == different:
        points = "is only 1" if different == 1 else f"are only {different} different"
        reason = f"there {points} x"
        remedy = f"take a degree of at most {different - 1}, or more points"
    else:
        reason = f"for degree {degree} the points lie too unevenly or are too few"
        remedy = "lower the degree, or add points where they are sparse"
    return (
        f"the powers {powers} span only {dimensions}: {reason}. Many polynomials fit equally well, "
        f"and this is the one that varies least between the data; {remedy}, to make it meaningful."
    )
