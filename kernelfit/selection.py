"""Which degree, width and ridge: every point is predicted from the others."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
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
    not_negative,
    room_for_sums,
    same_length,
    shown,
    true_or_false,
    whole_number,
)
from ._rank_lost import RIDGE_HELPS, least_rank, why_lost, why_undefined
from ._spectrum import EPS, Spectrum
from .kernel_algebra import Kernel, a_kernel
from .kernel_regression import RIDGE
from .polynomial import DEGREE, interval_of, one_column, power_of_two, scaled

PATIENCE = 2.0  # seconds until a progress bar shows


@dataclass(frozen=True)
class RidgeChoice:
    """Leave-one-out for each of m ridges at n points.

    ``ridges`` has shape (m,); ``residuals`` shape (m, n), in the unit of y;
    ``mean_squared_error`` shape (m,), in its square; both nan where a value is undefined.
    """

    ridges: FloatArray
    mean_squared_error: FloatArray
    residuals: FloatArray

    @property
    def best_ridge(self) -> float:
        """The ridge of least mean squared error; InputError when none has a defined one."""
        return float(self.ridges[_least(self.mean_squared_error)])


@dataclass(frozen=True)
class DegreeChoice:
    """Leave-one-out for each of m degrees.

    ``degrees`` has shape (m,); ``mean_squared_error`` shape (m,), in the squared unit of y, nan
    where the error at a point is undefined.
    """

    degrees: npt.NDArray[np.intp]
    mean_squared_error: FloatArray

    @property
    def best(self) -> int:
        """The degree of least mean squared error; InputError when none has a defined one."""
        return int(self.degrees[_least(self.mean_squared_error)])


@dataclass(frozen=True)
class KernelChoice:
    """Leave-one-out for each of l kernels with each of m ridges.

    ``mean_squared_error`` has shape (l, m), in the squared unit of y, nan where the error at a
    point is undefined.
    """

    kernels: tuple[Kernel, ...]
    ridges: FloatArray
    mean_squared_error: FloatArray

    @property
    def best_kernel(self) -> Kernel:
        """The kernel of least mean squared error; InputError when none has a defined one."""
        return self.kernels[_least(self.mean_squared_error) // len(self.ridges)]

    @property
    def best_ridge(self) -> float:
        """The ridge of the best kernel; InputError when no error is defined."""
        return float(self.ridges[_least(self.mean_squared_error) % len(self.ridges)])


def leave_one_out(
    kernel: Kernel, X: Any, y: Any, ridges: Any, *, fit_intercept: bool = False
) -> RidgeChoice:
    r"""Predict each point from the others, for many ridges, from one decomposition of K.

    .. math:: y_i - f_{-i}(x_i) = \frac{y_i - f(x_i)}{1 - h_i}, \qquad
              h_i = \frac{\partial f(x_i)}{\partial y_i}

    This is what n fits would give, each without one point and with the same ridge in the sum form.

    ``X`` has shape (n, p) or (n,), ``y`` shape (n,), ``ridges`` shape (m,), each at least 0.
    Raises InputError for bad input; warns with RankWarning where rounding costs rank at ridge 0,
    and where the leverage h_i is 1, because the other points then do not settle the value: the
    residual is nan.

    Source: Allen, Technometrics 16 (1974); Golub, Heath & Wahba, Technometrics 21 (1979).
    """
    a_kernel(kernel)
    points, values, penalties = _checked(X, y, ridges)
    intercept = true_or_false(fit_intercept, "fit_intercept")
    residuals, lost = _residuals(kernel, points, values, penalties, intercept)
    _warn(lost)
    _warn_of_undefined(points, residuals)
    return RidgeChoice(penalties, _mean_square(residuals), residuals)


def choose_kernel(
    X: Any, y: Any, kernels: Iterable[Kernel], ridges: Any, *, fit_intercept: bool = False
) -> KernelChoice:
    """Leave-one-out for every kernel with every ridge, one decomposition a kernel.

    ``kernels`` is a list, say ``[kf.Gaussian(w) for w in widths]``; the rest as in
    ``leave_one_out``.  A progress bar shows when it takes longer than two seconds.  Raises
    InputError for bad input; warns once with RankWarning where a residual is undefined, and once
    where rounding costs rank at ridge 0.
    """
    from tqdm import tqdm

    listed = _listed(kernels, "kernels", "kf.Gaussian(1.0)")
    for kernel in listed:
        a_kernel(kernel)
    points, values, penalties = _checked(X, y, ridges)
    intercept = true_or_false(fit_intercept, "fit_intercept")
    errors = np.empty((len(listed), len(penalties)))
    undefined, lost = None, ""
    for row, kernel in zip(
        errors, tqdm(listed, "kernels", delay=PATIENCE, leave=False), strict=True
    ):
        residuals, lost_here = _residuals(kernel, points, values, penalties, intercept)
        row[:] = _mean_square(residuals)
        lost = lost or (lost_here and f"with {kernel!r} {lost_here}")
        if undefined is None and np.isnan(residuals).any():
            undefined = residuals
    _warn(lost)
    if undefined is not None:
        _warn_of_undefined(points, undefined)
    return KernelChoice(tuple(listed), penalties, errors)


def choose_degree(x: Any, y: Any, degrees: Iterable[int]) -> DegreeChoice:
    r"""Leave-one-out of the least-squares polynomials of many degrees, from one basis.

    .. math:: y_i - f_{-i}(x_i) = \frac{y_i - f(x_i)}{1 - h_i}, \qquad
              h_i = \sum_{k=0}^d q_k(x_i)^2

    q_0, q_1, ... are polynomials of degree 0, 1, ..., orthonormal for the sum over the data: those
    up to d serve degree d.  From the number of different x on, a higher degree changes nothing at
    the data.

    ``x`` and ``y`` have shape (n,), ``degrees`` holds whole numbers.  Raises InputError for bad
    input; warns with RankWarning where a leverage is 1, as ``leave_one_out`` does.

    Source: Allen, Technometrics 16 (1974), on the residuals; Brubeck, Nakatsukasa & Trefethen, SIAM
    Review 63 (2021), on the basis.
    """
    points, values = one_column(x), _squarable(as_vector(y))
    same_length(points, values)
    wanted = [
        whole_number(degree, "degrees", advice=DEGREE)
        for degree in _listed(degrees, "degrees", "2")
    ]
    unit = power_of_two(values)
    t = scaled(points, interval_of(points))
    top = min(max(wanted), len(np.unique(t)) - 1)
    basis = _orthonormal_on(t, top)

    residuals = np.empty((top + 1, len(points)))
    left, slack = values / unit, np.ones(len(points))
    for q, row in zip(basis, residuals, strict=True):
        left = left - (q @ left) * q
        slack = slack - q**2  # 1 - h_i
        undefined = slack <= len(points) * EPS
        row[:] = np.where(undefined, np.nan, left / np.where(undefined, 1.0, slack)) * unit
    residuals = residuals[[min(degree, top) for degree in wanted]]
    advice = "Take a lower degree, or more points nearby."
    _warn_of_undefined(points[:, None], residuals, advice)
    return DegreeChoice(np.array(wanted), _mean_square(residuals))


def _orthonormal_on(t: FloatArray, degree: int) -> FloatArray:
    """Polynomials q_0, ..., q_d with sum_i q_j(t_i) q_k(t_i) = 1 if j = k, else 0; (d + 1, n).

    Each is t times the one before, less its part along all that are there (twice: once leaves what
    rounding left).
    """
    q = np.empty((degree + 1, len(t)))
    q[0] = 1 / np.sqrt(len(t))
    for k in range(degree):
        v, before = t * q[k], q[: k + 1]
        for _ in range(2):
            v -= (before @ v) @ before
        q[k + 1] = v / np.linalg.norm(v)
    return q


def _checked(X: Any, y: Any, ridges: Any) -> tuple[FloatArray, FloatArray, FloatArray]:
    points, values = as_matrix(X), _squarable(as_vector(y))
    same_length(points, values)
    penalties = [
        not_negative(ridge, "ridges", advice=RIDGE) for ridge in _listed(ridges, "ridges", "0.1")
    ]
    return points, values, np.array(penalties)


def _squarable(y: FloatArray) -> FloatArray:
    """The values as they are: refused where float64 cannot hold their mean square."""
    if not 1e-100 < (unit := power_of_two(y)) < 1e100:
        raise InputError(
            f"y must be of a size whose square float64 can hold, got values up to "
            f"{np.abs(y).max():.3g}. Measure y in a {'larger' if unit > 1 else 'smaller'} unit."
        )
    return y


def _listed(items: Any, name: str, example: str) -> list[Any]:
    """The items of a list that must not be empty."""
    if isinstance(items, (str, Kernel)) or not np.iterable(items):
        raise InputError(
            f"{name} must be a list, got {shown(items)}. For a single one: [{example}]."
        )
    try:
        listed = list(items)
    except Exception:  # a sparse matrix, say, has an __iter__ that fails
        raise InputError(
            f"{name} must be a list, got {type(items).__name__}. Write, say, [{example}]."
        ) from None
    if not listed:
        raise InputError(f"{name} must hold at least one, got none. Write, say, [{example}].")
    return listed


def _residuals(
    kernel: Kernel, X: FloatArray, y: FloatArray, ridges: FloatArray, intercept: bool
) -> tuple[FloatArray, str]:
    """The leave-one-out residuals, shape (m, n), and a warning of lost rank or nothing."""
    unit = power_of_two(y)
    scaled_y = y / unit
    K = kernel.gram(X)
    room_for_sums(K, float(ridges.max()))
    spectrum = Spectrum.of(K, intercept)
    residuals = spectrum.leave_one_out(scaled_y - scaled_y.mean() * intercept, ridges) * unit
    rank, lost = spectrum.rank + intercept, ""
    if (ridges == 0).any() and rank < (least := least_rank(kernel, X)):
        lost = why_lost(kernel, X, rank, least)
    return residuals, lost


def _mean_square(residuals: FloatArray) -> FloatArray:
    return np.asarray((residuals**2).mean(axis=1))


def _warn(message: str) -> None:
    """Warn where the user called what calls this; nothing to say, no warning."""
    if message:
        warnings.warn(message, RankWarning, stacklevel=3)


def _warn_of_undefined(X: FloatArray, residuals: FloatArray, advice: str = RIDGE_HELPS) -> None:
    """Say once where residuals of shape (m, n) are nan; called by what the user calls."""
    rows = np.isnan(residuals).any(axis=1)
    if rows.any():
        message = why_undefined(X, residuals[rows][0], advice)
        warnings.warn(message, RankWarning, stacklevel=3)


def _least(errors: FloatArray) -> int:
    """Where the least of the defined errors is; of equal ones the first."""
    if np.isnan(errors).all():
        raise InputError(
            "there is no best choice: the leave-one-out error is undefined (nan) for all. Take a "
            "lower degree, a ridge above 0, or more points."
        )
    return int(np.nanargmin(errors))
