"""Rank that a kernel has and rounding takes: how much there must be, and what to do about it."""

from __future__ import annotations

from functools import singledispatch

import numpy as np

from . import kernel_algebra as algebra
from . import kernels
from ._checks import FloatArray, point_text
from ._functions import images_of

RIDGE_HELPS = "A ridge above 0 settles it; so do more points nearby."


@singledispatch
def least_rank(kernel: kernels.Kernel, X: FloatArray) -> int:
    """What the rank of the Gram matrix at X is at least, in exact arithmetic; 0: not known."""
    return 0


@least_rank.register
def _(kernel: kernels.Constant, X: FloatArray) -> int:
    return int(kernel.value > 0)


@least_rank.register
def _(kernel: kernels.Linear, X: FloatArray) -> int:
    """The points themselves are the features; they lose only half the digits that K loses."""
    return int(np.linalg.matrix_rank(X))


@least_rank.register
def _(kernel: kernels.Polynomial, X: FloatArray) -> int:
    """Along a line, as many as there are powers (Vandermonde)."""
    if kernel.offset == 0:
        return int(X.any())
    return min(max(_different(column) for column in X.T), int(kernel.degree) + 1)


@least_rank.register(kernels.PowerSum)
@least_rank.register(kernels.Legendre)
def _(kernel: kernels.PowerSum | kernels.Legendre, X: FloatArray) -> int:
    return min(_different(X), int(kernel.degree) + 1)


@least_rank.register(kernels.Gaussian)
@least_rank.register(kernels.Laplacian)
def _(kernel: kernels.Kernel, X: FloatArray) -> int:
    """Strictly positive definite: different points have independent features."""
    return _different(X)


@least_rank.register
def _(kernel: kernels.Brownian, X: FloatArray) -> int:
    return _different(X[X > 0])


@least_rank.register
def _(kernel: algebra.Sum, X: FloatArray) -> int:
    return max(least_rank(part, X) for part in kernel.terms)


@least_rank.register
def _(kernel: algebra.Product, X: FloatArray) -> int:
    """Independent features stay so when each is multiplied by another that is not 0."""
    if not kernel.diagonal(X).all():
        return 0
    return max(least_rank(part, X) for part in kernel.factors)


@least_rank.register
def _(kernel: algebra.Composed, X: FloatArray) -> int:
    return least_rank(kernel.kernel, images_of(kernel.g, X))


@least_rank.register(algebra.Power)
@least_rank.register(algebra.Weighted)
@least_rank.register(algebra.Normalized)
def _(kernel: algebra.Power | algebra.Weighted | algebra.Normalized, X: FloatArray) -> int:
    same = kernel.diagonal(X).all() and getattr(kernel, "exponent", 1) > 0
    return least_rank(kernel.kernel, X) if same else 0


def _different(X: FloatArray) -> int:
    return len(np.unique(X, axis=0))


def why_lost(
    kernel: kernels.Kernel, X: FloatArray, rank: int, least: int, ridge: str = "ridge"
) -> str:
    """The text of the RankWarning: the rank, where it went, the remedy."""
    degree = _highest_power(kernel)
    low, high = float(X.min()), float(X.max())
    same = kernels.Legendre(degree, (low, high)) if low < high else kernel
    if degree and X.shape[1] == 1 and kernel != same:
        reason = f"x runs from {low:.6g} to {high:.6g}, where the powers of x are too alike"
        remedy = f"Take kf.{same!r}, which makes the same polynomials"
    elif degree:
        reason = f"the powers of x up to {degree} are too alike at these points"
        remedy = "Take a lower degree, or measure x from the middle of the data in a larger unit"
    else:
        reason = "the features are too alike at these points"
        remedy = f"Take a {ridge} above 0, or a smaller width if the kernel has one"
    return (
        f"the Gram matrix has rank {rank} in floating point and at least {least} without rounding: "
        f"{reason}. The fit lacks what was lost. {remedy}."
    )


def ridge_lost(ridge: float, rounding: float, name: str = "ridge") -> str:
    """The text of the RankWarning for a ridge below the rounding of the Gram matrix."""
    return (
        f"the {name.replace('_', ' ')} {ridge:.6g} is lost in the rounding of the Gram matrix, "
        f"which hides eigenvalues up to {rounding:.1g}. Their directions were left out of the fit. "
        f"Take {name}=0 for none, or one above {10 * rounding:.1g}."
    )


def _highest_power(kernel: kernels.Kernel) -> int:
    """The degree of a polynomial kernel; 0 for others."""
    kinds = (kernels.Polynomial, kernels.PowerSum, kernels.Legendre)
    return int(kernel.degree) if isinstance(kernel, kinds) else 0


def why_undefined(X: FloatArray, residuals: FloatArray, advice: str = RIDGE_HELPS) -> str:
    """The text of the warning about leave-one-out residuals that are nan."""
    missing = np.flatnonzero(np.isnan(residuals))
    first = f"x = {point_text(X[missing[0]])} (number {missing[0]})"
    where = first if len(missing) == 1 else f"{len(missing)} points, the first at {first}"
    return (
        f"the leave-one-out residual is undefined at {where}: the leverage there is 1, so the fit "
        f"goes through the point whatever its y, and without it the errors of the others do not "
        f"settle the value. {advice}"
    )
