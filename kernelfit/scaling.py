"""Least squares of any number of rows: summaries of blocks, which merge."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
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
    shown,
    true_or_false,
)
from ._twofold import Twofold, two_sum
from .least_squares import (
    REFINABLE,
    REFINED_UP_TO,
    OfTriangle,
    centre,
    exponents_of,
    in_given_units,
    refinement,
    solve_triangle,
    upper_triangle,
)

ROWS = 8192  # that are looked at together: they fit into the processor's cache, and any memory
TINY = 1e-280  # products below it lack digits
NEARLY = 1e-8  # the share of a column that is its own: rounding might have made it
WELL_CONDITIONED = 1e3  # condition number whose square leaves ten digits
PATIENCE = 2  # seconds before a progress bar appears
RIDGE = "It is the weight of the sum of squared coefficients beside the sum of squared residuals."

Features = Callable[[Any], Any]


class LeastSquaresSummary:
    r"""All that least squares needs to know about rows: their number, means, and one triangle.

    .. math:: [X\ y] - \text{means} = Q R, \qquad R \text{ upper triangular}, \quad r_{jj} \ge 0

    Whatever the number of rows, R has p + 1 of them, and R'R = the sums of products of the centred
    columns.  Two summaries merge into that of all their rows, in any order.  As long as there are
    few rows, they are kept beside it, and the solution gets one step of refinement with them.

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
    _rows: FloatArray | None  # [X y] as given, while that is small
    _means: Twofold  # far from zero, the last digit of one float is more than blocks differ by

    def __init__(self, X: Any, y: Any) -> None:
        points, values = as_matrix(X), as_vector(y)
        same_length(points, values)
        vars(self).update(vars(_by_parts(points, values)))

    @classmethod
    def _with(
        cls, n_rows: int, means: Twofold, triangle: FloatArray, rows: FloatArray | None = None
    ) -> LeastSquaresSummary:
        if not (np.isfinite(means.high).all() and np.isfinite(triangle).all()):
            raise InputError(
                "X and y must have sums of squares that float64 can hold, got entries that are too "
                "large for it. Measure in a larger unit."
            )
        summary = cls.__new__(cls)
        summary.n_rows, summary._means, summary.triangle = n_rows, means, triangle
        summary._rows = rows
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
                rows=self._rows_with(other),
            )

    def solve(self, *, ridge: float = 0.0, fit_intercept: bool = True) -> LinearFunction:
        r"""The linear function of least squared residuals over all rows.

        .. math:: \sum_i \bigl(y_i - c_0 - \langle c, x_i \rangle\bigr)^2
                  + \lambda \lVert c \rVert^2 \to \min

        The ridge lambda is in the sum form, and the intercept c_0 is free of it.  Raises InputError
        for bad input; warns with RankWarning when the columns depend on each other and the ridge is
        0, or lost in rounding: then c is the shortest of many solutions.
        """
        weight = not_negative(ridge, "ridge", advice=RIDGE)
        intercept = true_or_false(fit_intercept, "fit_intercept")
        exponents = self._exponents(weight)
        units = np.ldexp(1.0, exponents)
        scaled = self._triangle_over(intercept, units)
        found = self._solved(scaled, exponents, weight, intercept)
        p = len(self.means) - 1
        if found.rank < p:
            from ._rank_words import why_short_of

            def rank_of(columns: list[int], centred: bool) -> int:
                return self._of_columns(columns)._rank(centred)

            labels, rank = [f"column {j}" for j in range(p)], found.rank + intercept
            message = why_short_of(self.n_rows, rank, found.dependent, rank_of, labels, intercept)
            warnings.warn(message, RankWarning, stacklevel=2)

        middle = self.means / units * intercept
        of_y = int(exponents[p])
        c, coefficients = found.c, found.coefficients
        c_0 = float(middle[p] - middle[:p] @ c)
        inverse, rows = found.R_inverse, self._rows
        if rows is not None and inverse is not None and found.condition < REFINABLE and not weight:
            more, step = refinement(rows / units, c_0, c, inverse, middle[:p], intercept)
            c_0, c = c_0 + more, c + step
            coefficients = c
        c_0, coefficients = in_given_units(c_0, coefficients, found.units, of_y)
        with np.errstate(over="ignore"):
            missed = np.ldexp(np.linalg.norm(scaled[:, p] - scaled[:, :p] @ c), of_y)
            return LinearFunction(
                intercept=c_0,
                coefficients=coefficients,
                rank=found.rank + intercept,
                condition=found.condition,
                residual_sum_of_squares=float(missed * missed),
            )

    def _rows_with(self, other: LeastSquaresSummary) -> FloatArray | None:
        """The rows of both, unless there are too many."""
        few = (self.n_rows + other.n_rows) * len(self.means) <= REFINED_UP_TO
        if self._rows is None or other._rows is None or not few:
            return None
        return np.vstack([self._rows, other._rows])

    def _triangle_over(self, intercept: bool, units: FloatArray) -> FloatArray:
        """The triangle of the centred columns, or of the columns as they are, over the units."""
        if intercept:
            return self.triangle / units
        between = np.sqrt(self.n_rows) * (self.means / units)
        return _triangle(np.vstack([between, self.triangle / units]))

    def _solved(
        self, scaled: FloatArray, exponents: npt.NDArray[np.intc], ridge: float, intercept: bool
    ) -> OfTriangle:
        """What the triangle over the units says, with p rows for a ridge below it."""
        n, p = self.n_rows, len(self.means) - 1
        if ridge > 0:  # each of the rows asks a coefficient to be 0
            if _some_column_depends(scaled[:p, :p]):  # on its rounding a small ridge has no hold
                scaled = solve_triangle(scaled, exponents, n, intercept).kept
            asked = np.diag(np.sqrt(ridge) / np.ldexp(1.0, exponents[:p]))
            scaled = _triangle(np.vstack([scaled, np.column_stack([asked, np.zeros(p)])]))
            n += p
        return solve_triangle(scaled, exponents, n, intercept)

    def _rank(self, intercept: bool) -> int:
        """How many of the columns are independent, centred or as they are."""
        exponents = self._exponents(0.0)
        scaled = self._triangle_over(intercept, np.ldexp(1.0, exponents))
        return self._solved(scaled, exponents, 0.0, intercept).rank

    def _exponents(self, ridge: float) -> npt.NDArray[np.intc]:
        """Powers of two near the size of each column before it was centred, or of its ridge."""
        spread = np.hypot.reduce(self.triangle / np.sqrt(self.n_rows), axis=0)  # never overflows
        size = np.hypot(self.means, spread)
        size[:-1] = np.maximum(size[:-1], np.sqrt(ridge))
        return exponents_of(size)

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

    can_be_features(features)
    if not np.iterable(blocks) or hasattr(blocks, "toarray"):  # a sparse matrix only seems so
        raise InputError(
            f"blocks must be a list of pairs (X, y), or a generator of them, got "
            f"{type(blocks).__name__}. For whole arrays there is kf.LeastSquaresSummary(X, y)."
        )
    summary: LeastSquaresSummary | None = None
    for number, block in enumerate(tqdm(blocks, "blocks", delay=PATIENCE, leave=False)):
        one = summary_of_block(block, number, features)
        try:
            summary = one if summary is None else summary.merge(one)
        except InputError as problem:
            raise InputError(f"in block {number}: {problem}") from None
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
        return _by_parts(points, values, features)
    except InputError as problem:
        raise InputError(f"in block {number}: {problem}") from None


def can_be_features(features: Any) -> None:
    """Refuse what is not a function of a table of points."""
    if features is not None and not callable(features):
        advice = f"Pass its method: {type(features).__name__}(...).features."
        if not hasattr(features, "features"):
            advice = "Write it as lambda X: ..."
        raise InputError(
            f"features must be a function of a table of points, got {shown(features)}. {advice}"
        )


def _columns(features: Features, points: FloatArray) -> FloatArray:
    """The columns of these points: one row a point, the same whatever the other points are."""
    columns = as_matrix(features(points), "features(X)")
    if len(columns) != len(points):
        raise InputError(
            f"features must give one row per point, got shape {columns.shape} for an X of shape "
            f"{points.shape}. Keep the rows of X, and make new columns of its columns."
        )
    with np.errstate(all="ignore"):
        alone = np.asarray(features(points[:1]), dtype=np.float64).ravel()
    room = 1e-6 * float(np.abs(columns[0]).max())
    if alone.shape != columns[0].shape or not np.allclose(alone, columns[0], rtol=0, atol=room):
        raise InputError(
            f"features must find the columns of a point from this point alone, got other ones for "
            f"the first of {len(points)} points than for it by itself. Compute a mean of the data, "
            f"or draw random numbers, before, and use them in features."
        )
    return columns


def _by_parts(
    points: FloatArray, values: FloatArray, features: Features | None = None
) -> LeastSquaresSummary:
    """The summary of all these rows, made of some at a time."""
    summaries = (
        _summary_of(
            np.column_stack(
                [_columns(features, points[part]) if features else points[part], values[part]]
            )
        )
        for part in (slice(start, start + ROWS) for start in range(0, len(values), ROWS))
    )
    return reduce(LeastSquaresSummary.merge, summaries)


def _summary_of(table: FloatArray) -> LeastSquaresSummary:
    """The summary of [X y], which is overwritten."""
    with np.errstate(over="ignore", invalid="ignore"):  # what has no room is refused
        rows = table.copy() if table.size <= REFINED_UP_TO else None
        means = Twofold(*two_sum(*centre(table)))
        return LeastSquaresSummary._with(len(table), means, _triangle(table), rows)


def _some_column_depends(R: FloatArray) -> bool:
    """Whether, next to nothing apart, a column depends on those before it."""
    return bool((np.abs(R.diagonal()) <= NEARLY * np.linalg.norm(R, axis=0)).any())


def _triangle(table: FloatArray) -> FloatArray:
    """The R of ``table`` = QR, square and with a diagonal of at least 0, which makes it unique."""
    p = table.shape[1]
    R = _by_gram(table) if len(table) >= 8 * p else None  # for few rows, speed is no matter
    if R is None:
        R = upper_triangle(table)
        R = np.vstack([R, np.zeros((p - len(R), p))]) if len(R) < p else R
    return np.asarray(np.where(R.diagonal() < 0, -1.0, 1.0)[:, None] * R)


def _by_gram(table: FloatArray) -> FloatArray | None:
    r"""R by Cholesky's factorisation, once or twice; None where the columns A are too alike.

    .. math:: A^\top A = R_1^\top R_1, \qquad Q = A R_1^{-1}, \qquad Q^\top Q = R_2^\top R_2,
              \qquad R = R_2 R_1

    A'A squares the condition number.  While that is seen to be small, ten digits stay, and R_1 will
    do.  Otherwise the second round mends what the first cost, as long as the columns of Q are
    nearly orthogonal: then R is as good as by reflections.  Both are several times faster.

    Source: Yamamoto, Nakatsukasa, Yanagisawa & Fukaya, ETNA 44 (2015).
    """
    from scipy.linalg import solve_triangular

    try:
        first = np.linalg.cholesky(table.T @ table).T
        lengths = np.linalg.norm(first, axis=0)
        condition = np.linalg.cond(first / lengths)
        if condition < WELL_CONDITIONED and lengths.min() ** 2 > TINY:
            return np.asarray(first)
        Q = solve_triangular(first, table.T, trans="T", check_finite=False).T
        almost_one = Q.T @ Q
        if not np.abs(almost_one - np.eye(len(first))).max() < 0.01:
            return None
        return np.asarray(np.linalg.cholesky(almost_one).T @ first)
    except np.linalg.LinAlgError:
        return None
