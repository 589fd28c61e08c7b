"""Kernel regression: the least squares of kernels, with a ridge or without one."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._checks import (
    FloatArray,
    RankWarning,
    as_matrix,
    as_vector,
    not_negative,
    room_for_coefficients,
    room_for_sums,
    same_length,
    true_or_false,
)
from ._estimator import Regressor
from ._rank_lost import least_rank, ridge_lost, why_lost, why_undefined
from ._spectrum import Spectrum, hidden_by_rounding
from .kernel_algebra import Kernel, a_kernel
from .polynomial import power_of_two

BLOCK = 2**18  # entries of a Gram matrix at a time: 2 MB, which the processor's cache holds

RIDGE = "It is the weight of c'Kc beside the sum of squares: 0 for none, 0.1, 1, ..."


class KernelRegression(Regressor):
    r"""The sum of kernels at the data, one coefficient a point, of least squared residuals.

    .. math:: f(x) = c_0 + \sum_{j=1}^n c_j\, k(x, x_j), \qquad
              \lVert y - c_0 - K c \rVert^2 + \lambda\, c^\top K c \to \min, \qquad
              K_{ij} = k(x_i, x_j)

    The ridge is in the sum form: with the mean of the squares in the place of their sum, the same f
    belongs to a ridge of lambda / n.  c'Kc is the squared norm of the part of f that kernels make.

    With a ridge, (K + lambda I) c = y - c_0 is solved by Cholesky's factorisation.  Without one, K
    is singular as soon as there are more points than features: then c is the shortest solution
    K^+ (y - c_0), from the eigenvalues above n eps times the largest.  The function is the same for
    every solution, and for a polynomial kernel it is the ordinary least-squares polynomial.

    Sources: Saunders, Gammerman & Vovk, ICML (1998); Schölkopf, Herbrich & Smola, COLT (2001), on
    why a sum over the data is enough, the intercept included.

    Parameters
    ----------
    kernel : Kernel
        k, say ``kf.Gaussian(0.5)``; its widths are in the unit of x.
    ridge : float
        lambda, at least 0, in the unit of k.
    fit_intercept : bool
        Whether c_0 is free (True) or held at 0 (False).  A free one is not penalised:
        with y + a in the place of y, f + a comes out.

    Attributes
    ----------
    dual_coef_ : array of shape (n,)
        c_1, ..., c_n, in the unit of y over that of k; with an intercept their sum is 0.
    intercept_ : float
        c_0, in the unit of y.
    rank_ : int
        How many directions of y the fit can follow: with a ridge n, without one the rank of K;
        an intercept counts as one.
    condition_ : float
        The 2-norm condition number of K + lambda I (seen from the vectors of sum 0 when c_0 is
        free), computed when first asked for; ``inf`` when the rank is short.
    effective_dof_ : float
        The trace of the matrix that turns y into the fitted values: how many coefficients the fit
        is worth.  Computed when first asked for.
    leave_one_out_residuals_ : array of shape (n,)
        y_i less the value at x_i of the fit to the other points, in the unit of y; nan where those
        do not settle it.  Computed when first asked for.
    points_ : array of shape (n, p)
        x_1, ..., x_n.
    n_features_in_ : int
        p.
    """

    dual_coef_: FloatArray
    intercept_: float
    rank_: int
    points_: FloatArray

    def __init__(self, kernel: Kernel, *, ridge: float = 0.0, fit_intercept: bool = False) -> None:
        self.kernel = kernel
        self.ridge = ridge
        self.fit_intercept = fit_intercept

    def fit(self, X: Any, y: Any) -> KernelRegression:
        """Find the coefficients.

        ``X`` has shape (n, p), or (n,) for a single column; ``y`` has shape (n,).  Raises
        InputError for bad input; warns with RankWarning when rounding costs rank that the kernel
        has, which at ridge 0 changes the fit, and when it hides the ridge.
        """
        a_kernel(self.kernel)
        ridge = not_negative(self.ridge, "ridge", advice=RIDGE)
        intercept = true_or_false(self.fit_intercept, "fit_intercept")
        points, values = as_matrix(X, call="fit"), as_vector(y)
        same_length(points, values)

        unit = power_of_two(values)  # no sum overflows, and to divide by it rounds nothing
        scaled = values / unit
        mean = float(scaled.mean()) if intercept else 0.0
        K = self.kernel.gram(points)
        room_for_sums(K, ridge)
        column_means = K.mean(axis=0) if intercept else np.zeros(len(K))
        c, details, rank = None, None, len(K)
        if not hidden_by_rounding(ridge, K):
            c = _by_cholesky(K, scaled - mean, ridge, intercept)
            K = K if c is not None else self.kernel.gram(points)
        if c is None:
            spectrum = Spectrum.of(K, intercept)
            c = spectrum.coefficients(scaled - mean, ridge)
            details = _Details.of(spectrum, scaled - mean, ridge, intercept)
            rank = spectrum.rank + intercept
            if ridge > 0:
                message = ridge_lost(ridge, spectrum.rounding)
                warnings.warn(message, RankWarning, stacklevel=2)
            elif rank < (least := least_rank(self.kernel, points)):
                message = why_lost(self.kernel, points, rank, least)
                warnings.warn(message, RankWarning, stacklevel=2)

        with np.errstate(over="ignore", invalid="ignore"):
            coefficients = c * unit
            constant = (mean - float(column_means @ c)) * unit
        room_for_coefficients(coefficients, constant)
        self.dual_coef_ = coefficients
        self.intercept_ = constant
        self.rank_ = rank
        self.points_ = points.copy()
        self._kernel = copy.deepcopy(self.kernel)  # whatever happens to the other afterwards
        self._fitted = (scaled - mean, ridge, intercept)
        self._details = details
        self._unit = unit
        self._remember_columns(X)
        return self

    def predict(self, X: Any) -> FloatArray:
        """The values f(x), shape (m, p) to (m,), in the unit of y.

        When the fit had one column, ``X`` may be one-dimensional.  Raises NotFittedError before
        ``fit`` and InputError when the columns are not those of the fit.
        """
        points = self._columns_of_the_fit(X)
        values, c = np.empty(len(points)), self.dual_coef_ / self._unit
        for part in blocks(len(points), len(self.points_)):
            values[part] = self._kernel.gram(points[part], self.points_) @ c
        return values * self._unit + self.intercept_

    @property
    def condition_(self) -> float:
        """The 2-norm condition number of K + lambda I."""
        return self._looked_into("condition_").condition

    @property
    def effective_dof_(self) -> float:
        """How many coefficients the fit is worth."""
        return self._looked_into("effective_dof_").effective_dof

    @property
    def leave_one_out_residuals_(self) -> FloatArray:
        """What the fit to the other points misses at each, shape (n,), in the unit of y."""
        residuals = self._looked_into("leave_one_out_residuals_").leave_one_out
        if np.isnan(residuals).any():
            warnings.warn(why_undefined(self.points_, residuals), RankWarning, stacklevel=2)
        return residuals * self._unit

    def _looked_into(self, name: str) -> _Details:
        """What costs more than the fit, once it is asked for."""
        self._must_be_fitted(f"reading {name}")
        if self._details is None:
            spectrum = Spectrum.of(self._kernel.gram(self.points_), self._fitted[-1])
            self._details = _Details.of(spectrum, *self._fitted)
        return self._details


@dataclass(frozen=True)
class _Details:
    """What needs the eigenvalues; the residuals over the power of two that y was divided by."""

    condition: float
    effective_dof: float
    leave_one_out: FloatArray

    @classmethod
    def of(cls, spectrum: Spectrum, y: FloatArray, ridge: float, intercept: bool) -> _Details:
        only = np.array([ridge])
        return cls(
            condition=spectrum.condition(ridge),
            effective_dof=float(np.sum(1 - spectrum.left_over(only))) + intercept,
            leave_one_out=spectrum.leave_one_out(y, only)[0],
        )


def _by_cholesky(K: FloatArray, y: FloatArray, ridge: float, intercept: bool) -> FloatArray | None:
    r"""C of (K + lambda I) c + c_0 = y, in the place of K; None where rounding forbids it.

    .. math:: (K + \lambda I)\, [v\ u] = [y\ 1], \qquad
              c = v - c_0 u, \qquad c_0 = \frac{\sum_i v_i}{\sum_i u_i}
    """
    from scipy.linalg import LinAlgError, cho_factor, cho_solve  # slow to load

    K.flat[:: len(K) + 1] += ridge
    right = np.stack([y, np.ones(len(y))], axis=1) if intercept else y[:, None]
    try:
        triangle = cho_factor(K.T, lower=True, overwrite_a=True, check_finite=False)
    except LinAlgError:
        return None
    solved: FloatArray = cho_solve(triangle, right, check_finite=False)
    if not intercept:
        return solved[:, 0]
    v, u = solved.T
    c: FloatArray = v - v.sum() / u.sum() * u
    return c


def blocks(n: int, columns: int) -> Iterator[slice]:
    """The rows of an n x columns matrix, some at a time."""
    height = max(1, BLOCK // columns)
    return (slice(start, start + height) for start in range(0, n, height))
