"""Least squares of any number of rows: summaries of blocks, which merge."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from ._checks import (
    FloatArray,
    InputError,
    RankWarning,
    as_matrix,
    as_vector,
    not_negative,
    same_columns,
    same_length,
    true_or_false,
)
from ._twofold import Twofold, two_sum
from .least_squares import (
    OfTriangle,
    centre,
    exponents_of,
    in_given_units,
    solve_triangle,
    upper_triangle,
)

ROWS = 8192  # that are looked at together: they fit into the processor's cache, and any memory
SMALL = 100.0  # square of a condition number that costs at most two of sixteen digits
PATIENCE = 2  # seconds before a progress bar appears
RIDGE = "It is the weight of the sum of squared coefficients beside the sum of squared residuals."

Features = Callable[[Any], Any]


class LeastSquaresSummary:
    r"""All that least squares needs to know about rows: their number, means, and one triangle.

    .. math:: [X\ y] - \text{means} = Q R, \qquad R \text{ upper triangular}, \quad r_{jj} \ge 0

    Whatever the number of rows, R has p + 1 of them, and R'R = the sums of products of the centred
    columns.  Those sums are never used: they would cost half the digits.  Two summaries merge into
    that of all their rows, in any order.

    Sources: Chan, Golub & LeVeque, The American Statistician 37 (1983), on means that merge;
    Demmel, Grigori, Hoemmen & Langou, SIAM Journal on Scientific Computing 34 (2012), on triangles.

    Parameters
    ----------
    X : array of shape (n, p), or (n,) for a single column
        Some rows of the data.
    y : array of shape (n,)
        Their values.

    Attributes
    ----------
    n_rows : int
        How many rows it stands for.
    means : array of shape (p + 1,)
        The means of the columns of X and of y.
    triangle : array of shape (p + 1, p + 1)
        R.

    Raises InputError for bad input.
    """

    n_rows: int
    triangle: FloatArray
    _means: Twofold  # far from zero, the last digit of one float is more than blocks differ by

    def __init__(self, X: Any, y: Any) -> None:
        points, values = as_matrix(X), as_vector(y)
        same_length(points, values)
        parts = (
            _summary_of(np.column_stack([points[part], values[part]])) for part in _parts(values)
        )
        vars(self).update(vars(reduce(LeastSquaresSummary.merge, parts)))

    @classmethod
    def _with(cls, n_rows: int, means: Twofold, triangle: FloatArray) -> LeastSquaresSummary:
        if not (np.isfinite(means.high).all() and np.isfinite(triangle).all()):
            raise InputError(
                "X and y must have sums of squares that float64 can hold, got entries that are too "
                "large for it. Measure in a larger unit."
            )
        summary = cls.__new__(cls)
        summary.n_rows, summary._means, summary.triangle = n_rows, means, triangle
        return summary

    @property
    def means(self) -> FloatArray:
        """The means of the columns of X and of y, shape (p + 1,)."""
        return np.asarray(self._means.high)

    def merge(self, other: LeastSquaresSummary) -> LeastSquaresSummary:
        r"""The summary of the rows of both.

        .. math:: R = \text{triangle of } \begin{pmatrix} R_a \\ R_b \\
                  \sqrt{\frac{n_a n_b}{n_a + n_b}}\, (\text{means}_b - \text{means}_a)^\top
                  \end{pmatrix}

        Raises InputError when the columns are not the same in number.
        """
        if not isinstance(other, LeastSquaresSummary):
            raise InputError(
                f"other must be a LeastSquaresSummary, got {type(other).__name__}. Summarise its "
                f"rows first: kf.LeastSquaresSummary(X, y)."
            )
        if len(self.means) != len(other.means):
            raise InputError(
                f"two summaries must have the same columns, got {len(self.means) - 1} and "
                f"{len(other.means) - 1} columns of X. Give all blocks the same, in one order."
            )
        n = self.n_rows + other.n_rows
        with np.errstate(over="ignore", invalid="ignore"):  # what has no room is refused
            between = (other._means - self._means).high
            row = np.sqrt(self.n_rows * (other.n_rows / n)) * between
            return LeastSquaresSummary._with(
                n_rows=n,
                means=self._means + Twofold(between * (other.n_rows / n), 0.0),
                triangle=_triangle(np.vstack([self.triangle, other.triangle, row])),
            )

    def solve(self, *, ridge: float = 0.0, fit_intercept: bool = True) -> LinearFunction:
        r"""The linear function of least squared residuals over all rows.

        .. math:: \sum_i \bigl(y_i - c_0 - \langle c, x_i \rangle\bigr)^2
                  + \lambda \lVert c \rVert^2 \to \min

        The ridge lambda is in the sum form, and the intercept c_0 is free of it.  Raises InputError
        for bad input; warns with RankWarning when, at ridge 0, the columns depend on each other:
        then c is the shortest of many solutions.
        """
        weight = not_negative(ridge, "ridge", advice=RIDGE)
        intercept = true_or_false(fit_intercept, "fit_intercept")
        found = self._solved(weight, intercept)
        p = len(self.means) - 1
        if found.rank < p:
            from ._rank_words import why_short_of

            def rank_of(columns: list[int], centred: bool) -> int:
                return self._of_columns(columns)._solved(0.0, centred).rank

            labels, rank = [f"column {j}" for j in range(p)], found.rank + intercept
            message = why_short_of(self.n_rows, rank, found.dependent, rank_of, labels, intercept)
            warnings.warn(message, RankWarning, stacklevel=2)

        exponents = self._exponents()
        scaled = self._rows(intercept) / np.ldexp(1.0, exponents)
        middle = self.means / np.ldexp(1.0, exponents) * intercept
        of_y = int(exponents[p])
        c_0 = float(middle[p] - middle[:p] @ found.c)
        c_0, c = in_given_units(c_0, found.coefficients, found.units, of_y)
        with np.errstate(over="ignore"):
            missed = np.ldexp(np.linalg.norm(scaled[:, p] - scaled[:, :p] @ found.c), of_y)
            return LinearFunction(
                intercept=c_0,
                coefficients=c,
                rank=found.rank + intercept,
                condition=found.condition,
                residual_sum_of_squares=float(missed * missed),
            )

    def _rows(self, intercept: bool) -> FloatArray:
        """The triangle of the centred columns, or of the columns as they are."""
        if intercept:
            return self.triangle
        return _triangle(np.vstack([np.sqrt(self.n_rows) * self.means, self.triangle]))

    def _solved(self, ridge: float, intercept: bool) -> OfTriangle:
        triangle, n = self._rows(intercept), self.n_rows
        p = len(self.means) - 1
        if ridge > 0:  # p rows more, each of which asks a coefficient to be 0
            triangle = _triangle(np.vstack([triangle, np.sqrt(ridge) * np.eye(p, p + 1)]))
            n += p
        exponents = self._exponents()
        return solve_triangle(triangle / np.ldexp(1.0, exponents), exponents, n, intercept)

    def _exponents(self) -> npt.NDArray[np.intc]:
        """Powers of two near the size of each column before it was centred."""
        spread = np.linalg.norm(self.triangle, axis=0) / np.sqrt(self.n_rows)
        return exponents_of(np.hypot(self.means, spread))

    def _of_columns(self, columns: list[int]) -> LeastSquaresSummary:
        """The summary of some columns of X, and y."""
        kept = [*columns, len(self.means) - 1]
        triangle = _triangle(self.triangle[:, kept])
        means = Twofold(self._means.high[kept], self._means.low[kept])
        return self._with(self.n_rows, means, triangle)

    def __repr__(self) -> str:
        """How many rows of how many columns."""
        rows = "1 row" if self.n_rows == 1 else f"{self.n_rows} rows"
        columns = "1 column" if len(self.means) == 2 else f"{len(self.means) - 1} columns"
        return f"<LeastSquaresSummary of {rows}, {columns} of X>"


@dataclass(frozen=True, eq=False)
class LinearFunction:
    """What a summary finds: c_0 + <c, x>.

    ``intercept`` is c_0, ``coefficients`` c of shape (p,), ``rank`` counts the intercept,
    ``condition`` is the 2-norm condition number of what was solved (columns centred when there is
    an intercept, and scaled to length 1), ``residual_sum_of_squares`` is over all rows, in the unit
    of y squared.
    """

    intercept: float
    coefficients: FloatArray
    rank: int
    condition: float
    residual_sum_of_squares: float

    def predict(self, X: Any) -> FloatArray:
        """The values at the points of ``X``, shape (m, p) or (m,) to (m,).  Raises InputError."""
        points = as_matrix(X, call="predict")
        same_columns(points, len(self.coefficients))
        return self.intercept + points @ self.coefficients


def summarize(
    blocks: Iterable[tuple[Any, Any]], *, features: Features | None = None
) -> LeastSquaresSummary:
    """The summary of all blocks of rows, read one after the other.

    ``blocks`` gives pairs (X, y): a list, or a generator that reads a file piece by piece, so that
    memory holds one block at a time.  ``features`` maps the X of a block to its columns, a few
    thousand rows at a time, say ``kf.Nystrom(...).features``.  A progress bar appears when it takes
    long.  Raises InputError for bad input, with the number of the block.
    """
    from tqdm import tqdm

    summary: LeastSquaresSummary | None = None
    for number, block in enumerate(tqdm(blocks, "blocks", delay=PATIENCE, leave=False)):
        one = summary_of_block(block, number, features)
        summary = one if summary is None else summary.merge(one)
    if summary is None:
        raise InputError(
            "blocks must hold at least one pair (X, y), got none. A generator that was read once "
            "is empty afterwards: make it anew."
        )
    return summary


def summary_of_block(block: Any, number: int, features: Features | None) -> LeastSquaresSummary:
    """The summary of one pair (X, y)."""
    try:
        X, y = block
    except (TypeError, ValueError):
        raise InputError(
            f"each block must be a pair (X, y), got {type(block).__name__} as number {number}. "
            f"For whole arrays there is kf.LeastSquaresSummary(X, y)."
        ) from None
    try:
        if features is None:
            return LeastSquaresSummary(X, y)
        points, values = as_matrix(X), as_vector(y)
        same_length(points, values)
        return reduce(
            LeastSquaresSummary.merge,
            (LeastSquaresSummary(features(points[part]), values[part]) for part in _parts(values)),
        )
    except InputError as problem:
        raise InputError(f"in block {number}: {problem}") from None


def _parts(rows: FloatArray) -> Iterator[slice]:
    return (slice(start, start + ROWS) for start in range(0, len(rows), ROWS))


def _summary_of(table: FloatArray) -> LeastSquaresSummary:
    """The summary of [X y], which is overwritten."""
    with np.errstate(over="ignore", invalid="ignore"):  # what has no room is refused
        means = Twofold(*two_sum(*centre(table)))
        return LeastSquaresSummary._with(len(table), means, _triangle(table))


def _triangle(table: FloatArray) -> FloatArray:
    """The R of ``table`` = QR, square and with a diagonal of at least 0, which makes it unique."""
    p = table.shape[1]
    R = _by_gram(table) if len(table) >= p else None
    if R is None:
        R = upper_triangle(table)
        R = np.vstack([R, np.zeros((p - len(R), p))]) if len(R) < p else R
    return np.asarray(np.where(R.diagonal() < 0, -1.0, 1.0)[:, None] * R)


def _by_gram(table: FloatArray) -> FloatArray | None:
    r"""R by Cholesky's factorisation; None where the columns A are too alike for it.

    .. math:: A^\top A = R_1^\top R_1, \qquad Q = A R_1^{-1}, \qquad Q^\top Q = R_2^\top R_2,
              \qquad R = R_2 R_1

    A'A squares the condition number.  Where that is small it costs no digit worth naming, and R_1
    will do.  Otherwise the second round mends what the first cost, as long as the columns of Q are
    nearly orthogonal: then R is as good as by reflections, and several times faster.

    Source: Yamamoto, Nakatsukasa, Yanagisawa & Fukaya, ETNA 44 (2015).
    """
    from scipy.linalg import solve_triangular

    products = table.T @ table
    lengths = np.sqrt(products.diagonal())
    if not (np.isfinite(lengths).all() and lengths.all()):
        return None
    try:
        first = np.linalg.cholesky(products).T
        cosines = np.linalg.eigvalsh(products / lengths / lengths[:, None])
        if cosines[-1] < SMALL * cosines[0]:
            return np.asarray(first)
        Q = solve_triangular(first, table.T, trans="T", check_finite=False).T
        almost_one = Q.T @ Q
        if not np.abs(almost_one - np.eye(len(first))).max() < 0.01:
            return None
        return np.asarray(np.linalg.cholesky(almost_one).T @ first)
    except np.linalg.LinAlgError:
        return None
