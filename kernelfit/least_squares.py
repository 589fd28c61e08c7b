"""Least squares: the line, the plane and the hyperplane of least squared residuals."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ._checks import (
    FloatArray,
    InputError,
    RankWarning,
    as_matrix,
    as_vector,
    column_names,
    same_length,
    true_or_false,
)
from ._estimator import Regressor
from ._minimum_norm import dependent_groups, shortest
from ._twofold import Twofold, product, total

EPS = float(np.finfo(np.float64).eps)
ADDS_UP = 2**20  # rows whose rounding may add up; that of more is random, and grows like the root
REFINABLE = 1e6  # condition number below which one step of refinement is sure to help
REFINED_UP_TO = 4096  # entries of the table; in a larger one the step costs more than the fit


class LinearRegression(Regressor):
    r"""The linear function of least squared residuals.

    .. math:: f(x) = c_0 + c_1 x_1 + \dots + c_p x_p, \qquad
              \sum_{i=1}^n \bigl(y_i - f(x_i)\bigr)^2 \to \min

    The columns are centred and scaled and then brought to a triangle by reflections, so nothing is
    inverted and X'X, which squares the condition number, is never formed.  For a small table the
    coefficients then get one step of refinement with residuals of twice the digits.

    When the columns depend on each other, or there are fewer points than coefficients, many
    functions fit equally well.  Then ``coef_`` is the one of least Euclidean norm in the units that
    the columns came in (the intercept is not counted), and a RankWarning names the rank, the
    columns and the remedy.

    Source: Golub & Van Loan, Matrix Computations, chapter 5.

    Parameters
    ----------
    fit_intercept : bool
        Whether c_0 is free (True) or held at 0 (False).

    Attributes
    ----------
    intercept_ : float
        c_0, in the unit of y.
    coef_ : array of shape (p,)
        c_1, ..., c_p, each in the unit of y per unit of its column.
    residuals_ : array of shape (n,)
        y_i - f(x_i), in the unit of y; orthogonal to every column, and to 1 when c_0 is free.
    rank_ : int
        How many of the columns are independent, the column of ones of the intercept included.
    condition_ : float
        The 2-norm condition number of what was factorised: the columns centred (when there is an
        intercept) and scaled to length 1.  ``inf`` when the rank is short.
    n_features_in_ : int
        p.
    """

    intercept_: float
    coef_: FloatArray
    residuals_: FloatArray
    rank_: int
    condition_: float

    def __init__(self, *, fit_intercept: bool = True) -> None:
        self.fit_intercept = fit_intercept

    def fit(self, X: Any, y: Any) -> LinearRegression:
        """Find the coefficients of least squared residuals.

        ``X`` has shape (n, p), or (n,) for a single column; ``y`` has shape (n,).  Raises
        InputError for bad input; warns with RankWarning when the rank is short.
        """
        intercept = true_or_false(self.fit_intercept, "fit_intercept")
        points, values = as_matrix(X, call="fit"), as_vector(y)
        same_length(points, values)
        p = points.shape[1]
        names = column_names(X)

        solution = solve_least_squares(points, values, intercept=intercept)
        if solution.rank < p + intercept:
            labels = names or [f"column {j}" for j in range(p)]
            from ._rank_words import why_short  # it solves smaller problems of this kind itself

            message = why_short(points, solution, labels, intercept)
            warnings.warn(message, RankWarning, stacklevel=2)

        self.intercept_ = solution.intercept
        self.coef_ = solution.coefficients
        self.residuals_ = solution.residuals
        self.rank_ = solution.rank
        self.condition_ = solution.condition
        self._remember_columns(X)
        return self

    def predict(self, X: Any) -> FloatArray:
        """The values c_0 + <c, x> at the points of ``X``, shape (n, p) to (n,), in the unit of y.

        When the fit had one column, ``X`` may be one-dimensional.  Raises NotFittedError before
        ``fit`` and InputError when the columns are not those of the fit.
        """
        points = self._columns_of_the_fit(X)
        return self.intercept_ + points @ self.coef_


@dataclass(frozen=True)
class Solution:
    """What least squares finds; see ``LinearRegression`` for the units.

    ``dependent`` holds the groups of columns that depend on each other, by number.  A group of one
    is a column that is zero once it is centred.
    """

    intercept: float
    coefficients: FloatArray
    residuals: FloatArray
    rank: int
    condition: float
    dependent: tuple[tuple[int, ...], ...]


def solve_least_squares(X: FloatArray, y: FloatArray, *, intercept: bool = False) -> Solution:
    r"""Minimise ‖y − c_0 − Xc‖², where c_0 = 0 unless ``intercept``.

    .. math:: [X\ y] = Q\,[R\ q], \qquad \|y - Xc\|^2 = \|q - Rc\|^2, \qquad
              R = U \operatorname{diag}(s)\, V^\top, \qquad
              c = V \operatorname{diag}(1/s)\, U^\top q

    A singular value that rounding alone can explain counts as 0, and c is then the solution of
    least norm in the units of ``X``.  ``X`` of shape (n, p) and ``y`` of shape (n,) are finite
    float64.  Raises InputError when a coefficient is too large for float64.

    Source: T. F. Chan, ACM Transactions on Mathematical Software 8 (1982), on the singular values
    of the triangle; Golub & Van Loan, Matrix Computations, section 5.5, on the rank.
    """
    n, p = X.shape
    table = np.column_stack([X, y])  # y goes through the same steps as the columns
    exponents = exponents_of(largest_of(table))
    table /= np.ldexp(1.0, exponents)  # powers of two are exact, and now no square overflows
    as_given = table.copy() if table.size <= REFINED_UP_TO else None
    middle = np.add(*centre(table)) if intercept else np.zeros(p + 1)

    found = solve_triangle(upper_triangle(table), exponents, n, intercept)
    c, coefficients = found.c, found.coefficients
    constant = float(middle[p] - middle[:p] @ c)
    if as_given is not None and found.R_inverse is not None and found.condition < REFINABLE:
        more, step = refinement(as_given, constant, c, found.R_inverse, middle[:p], intercept)
        c, constant = c + step, constant + more
        coefficients = c

    with np.errstate(over="ignore"):
        residuals = np.ldexp(table[:, p] - table[:, :p] @ c, exponents[p])
    units, of_y = found.units, int(exponents[p])
    c_0, coefficients = in_given_units(constant, coefficients, units, of_y)
    return Solution(
        intercept=c_0,
        coefficients=coefficients,
        residuals=residuals,
        rank=found.rank + intercept,
        condition=found.condition,
        dependent=found.dependent,
    )


@dataclass(frozen=True)
class OfTriangle:
    """What the triangle of [X y] says about c, all columns being divided by powers of two.

    ``c`` belongs to these columns.  ``coefficients`` times 2 to the power of minus ``units`` does
    to those of X: in units that hold them where the columns depend on each other.  ``R_inverse`` is
    that of R up to an orthogonal factor, None when the rank is short.  ``kept`` is the triangle
    without what counts as rounding, up to an orthogonal factor: shape (rank, p + 1).
    """

    c: FloatArray
    coefficients: FloatArray
    units: npt.NDArray[np.intc]
    rank: int
    condition: float
    dependent: tuple[tuple[int, ...], ...]
    R_inverse: FloatArray | None
    kept: FloatArray


def solve_triangle(
    triangle: FloatArray, exponents: npt.NDArray[np.intc], n: int, intercept: bool
) -> OfTriangle:
    r"""Minimise ‖q − Rc‖ for the triangle [R q] of n rows: see ``solve_least_squares``.

    Before the columns were centred (when there is an ``intercept``) and divided by 2 to the power
    of ``exponents``, the largest entry of each was below 2 to the power of its exponent plus one.
    """
    p = triangle.shape[1] - 1
    R, q = triangle[:p, :p].copy(), triangle[:p, p]
    lengths = np.linalg.norm(R, axis=0)
    # Before centring the entries were below 2, so each is known to EPS: a column that is no longer
    # than that is constant, and a longer one is known to `fuzz` of its length.
    zero = lengths <= EPS * np.sqrt(n)
    R[:, zero], lengths[zero] = 0, 1
    fuzz = EPS * np.sqrt(n) / lengths

    U, s, Vt = np.linalg.svd(R / lengths, full_matrices=False)
    keep = s > max(min(n, ADDS_UP), p) * EPS * s[0] + np.abs(Vt) @ fuzz
    rank = int(keep.sum())
    V = Vt[keep].T
    scaled = V @ ((U.T @ q)[keep] / s[keep])
    c = scaled / lengths

    dependent: list[list[int]] = []
    if rank < p:  # with too few points everything depends on everything
        dependent = dependent_groups(V) if rank < n - intercept else [list(range(p))]
    coefficients, units = c.copy(), exponents[:p].copy()
    for group in dependent:
        units[group] = exponents[group].max()
        below = np.maximum(exponents[group] - units[group], -1000)
        size = np.ldexp(lengths[group], below)
        coefficients[group] = shortest(V[group], scaled[group], size)
        c[group] = np.ldexp(coefficients[group], below)
    return OfTriangle(
        c=c,
        coefficients=coefficients,
        units=units,
        rank=rank,
        condition=float(s[0] / s[-1]) if rank == p else float("inf"),
        dependent=tuple(tuple(group) for group in dependent),
        R_inverse=V / s / lengths[:, None] if rank == p else None,
        kept=np.column_stack([s[keep, None] * V.T * lengths, (U.T @ q)[keep]]),
    )


def in_given_units(
    c_0: float, c: FloatArray, units: npt.NDArray[np.intc], of_y: int
) -> tuple[float, FloatArray]:
    """Undo the division by powers of two; refuse what float64 does not hold."""
    with np.errstate(over="ignore"):
        c_0, c = float(np.ldexp(c_0, of_y)), np.ldexp(c, of_y - units)
    if not (np.isfinite(c).all() and np.isfinite(c_0)):
        raise InputError(
            "X and y must be of sizes whose ratio float64 can hold, got a coefficient beyond "
            "1.8e308. Measure X in a smaller unit or y in a larger one."
        )
    return c_0, c


def refinement(
    table: FloatArray,
    constant: float,
    c: FloatArray,
    R_inverse: FloatArray,
    middle: FloatArray,
    intercept: bool,
) -> tuple[float, FloatArray]:
    r"""What c_0 and c still lack: one step of Newton's method on the conditions of least error.

    .. math:: r = y - c_0 - Xc, \qquad
              \delta = R^{-1} R^{-\top} X^\top (r - \bar r), \qquad
              \delta_0 = \bar r - \bar x^\top \delta

    Everything cancels in these sums, so they are made with twice the digits.  R^{-1} is needed up
    to an orthogonal factor, and to a few digits, only: the step itself is small.

    Source: Golub & Wilkinson, Numerische Mathematik 9 (1966); Higham, Accuracy and Stability of
    Numerical Algorithms, chapter 20.
    """
    *_, y = columns = np.ascontiguousarray(table.T)
    fitted = product(columns[:-1], c[:, None])
    r = total(y[None], np.full((1, len(y)), -constant), -fitted.high, -fitted.low, axis=0)
    if intercept:
        mean = r.total() / Twofold(float(len(y)), 0.0)
        r -= mean
    leading = product(columns[:-1], r.high)
    along = total(leading.high, leading.low, columns[:-1] * r.low, axis=-1)
    step = R_inverse @ (R_inverse.T @ along.high)
    return (float(mean.high - middle @ step) if intercept else 0.0), step


def upper_triangle(table: FloatArray) -> FloatArray:
    """The R of ``table`` = QR, block of rows by block of rows.

    Stacked triangles have the same R as the rows that they stand for.  A block of 64 kB fits into
    the processor's cache, and is too small for BLAS to share it out among threads that then wait
    for each other.

    Source: Demmel, Grigori, Hoemmen & Langou, SIAM Journal on Scientific Computing 34 (2012).
    """
    p = table.shape[1]
    height = max(8192 // p, 4 * p)
    while (blocks := len(table) // height) > 1:
        whole, rest = table[: blocks * height], table[blocks * height :]
        table = np.vstack([_by_reflections(whole.reshape(blocks, height, p)).reshape(-1, p), rest])
    return _by_reflections(table)


def _by_reflections(A: FloatArray) -> FloatArray:
    R: Any = np.linalg.qr(A, mode="r")  # numpy's types promise a pair here, Q too
    return np.asarray(R, dtype=np.float64)


def largest_of(table: FloatArray) -> FloatArray:
    """The largest absolute value of each column."""
    return np.asarray(np.maximum(table.max(axis=0), -table.min(axis=0)))


def exponents_of(largest: FloatArray) -> npt.NDArray[np.intc]:
    """For each number the e with 2**e <= number < 2**(e + 1)."""
    _, exponents = np.frexp(largest)
    return np.asarray(exponents - 1, dtype=np.intc)


def centre(table: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Subtract the mean of each column in place and return the two parts whose sum it is.

    The second round removes what rounding left of the first: at x = 1e8 + {0, 1, 2} a mean that is
    wrong in the last digit would still be far from the middle of three neighbours.
    """
    first: FloatArray = table.mean(axis=0)
    table -= first
    second: FloatArray = table.mean(axis=0)
    table -= second
    return first, second
