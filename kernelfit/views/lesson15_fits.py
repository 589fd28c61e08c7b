"""Lesson 15: three curves through one cloud of points, each judged by leaving points out."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.polynomial.legendre import legvander
from numpy.typing import NDArray
from scipy.linalg import solve_triangular

from kernelfit import InputError, RankWarning
from kernelfit.features import Nystrom
from kernelfit.kernel_regression import KernelRegression
from kernelfit.kernels import Gaussian
from kernelfit.polynomial import PolynomialRegression, interval_of, scaled
from kernelfit.scaling import ROWS, LeastSquaresSummary, summarize
from kernelfit.selection import choose_degree, leave_one_out

Array = NDArray[np.float64]
Features = Callable[[Array], Array]

EXACT = 2000  # points up to which the kernel fit has a coefficient for each
LANDMARKS = 60  # at most; a million points then take seconds
CHOOSING = 500  # points by which degree, width and ridge are chosen


@dataclass(frozen=True)
class Curve:
    """A fit as a function, and what it misses of each point when that is left out.

    ``misses`` has shape (n,), in the unit of y, nan where the other points do not settle it.
    """

    predict: Callable[[Any], Array]
    misses: Array
    warning: str = ""

    def values(self, X: Array) -> Array:
        """The values at the places; not finite where they are too large for a float."""
        with np.errstate(over="ignore", invalid="ignore"):
            return self.predict(X)

    @property
    def error(self) -> float:
        """The root of the mean of the squared misses; nan when one of them is undefined."""
        return float(np.sqrt(np.mean(self.misses**2)))


@dataclass(frozen=True)
class Model:
    """One of the three kinds of curve with its settings; the width is in the unit of x."""

    kind: str  # "line", "polynomial" or "kernel"
    degree: int = 1
    width: float = 0.0
    ridge: float = 0.0

    @property
    def title(self) -> str:
        """What it is called above its panel."""
        return f"degree {self.degree}" if self.kind == "polynomial" else self.kind

    def fit(self, x: Array, y: Array) -> Curve:
        """The curve through the points; one that says why when there is none."""
        try:
            if self.kind == "kernel":
                return gaussian(x, y, self.width, self.ridge)
            return polynomial(x, y, self.degree)
        except InputError as refusal:
            return Curve(lambda X: np.full(len(X), np.nan), np.full(len(x), np.nan), str(refusal))


def polynomial(x: Array, y: Array, degree: int) -> Curve:
    r"""The polynomial of least squares, and what it misses.

    .. math:: y_i - f_{-i}(x_i) = \frac{y_i - f(x_i)}{1 - h_i}
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", RankWarning)
        fit = PolynomialRegression(degree).fit(x, y)
    interval, top = interval_of(x), min(degree, fit.rank_ - 1)

    def features(X: Array) -> Array:
        return np.asarray(legvander(scaled(np.ravel(X), interval), top)[:, 1:], dtype=np.float64)

    leverages = np.full(len(x), 1 / len(x))
    if top:
        leverages = _leverages(features, summarize([(x, y)], features=features), x, 0.0)
    return Curve(fit.predict, _left_out(fit.residuals_, leverages), _first(caught))


def gaussian(x: Array, y: Array, width: float, ridge: float) -> Curve:
    """The kernel fit with a free intercept; for many points on features of landmarks."""
    if len(x) > EXACT:
        return by_landmarks(x, y, width, ridge)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", RankWarning)
        fit = KernelRegression(Gaussian(width), ridge=ridge, fit_intercept=True).fit(x, y)
        misses = fit.leave_one_out_residuals_
    return Curve(fit.predict, misses, _first(caught))


def landmarks_for(x: Array, width: float) -> Array:
    """Places over the range of x, closer than the bells are wide where that is not too many."""
    low, high = float(x.min()), float(x.max())
    count = int(np.clip(np.ceil(1.5 * (high - low) / width) + 12, 20, LANDMARKS))
    return np.linspace(low, high, count)


def by_landmarks(x: Array, y: Array, width: float, ridge: float) -> Curve:
    """Kernel regression on Nyström's features, and what it misses of each point.

    The landmarks do not depend on y, so the misses are what n fits would give.
    """
    features = Nystrom(Gaussian(width), landmarks_for(x, width)).features
    summary = summarize([(x, y)], features=features)
    fit = summary.solve(ridge=ridge)
    said = np.concatenate([fit.predict(features(x[part])) for part in _parts(len(x))])
    misses = _left_out(y - said, _leverages(features, summary, x, ridge))
    return Curve(lambda X: fit.predict(features(X)), misses)


def _leverages(features: Features, summary: LeastSquaresSummary, x: Array, ridge: float) -> Array:
    r"""How much each fitted value follows its own y.

    .. math:: h_i = \tfrac 1 n + \lVert A^{-\top} (\varphi(x_i) - \bar\varphi) \rVert^2, \qquad
              A^\top A = R^\top R + \lambda I

    R is the triangle of the centred features.
    """
    R, mean = summary.triangle[:-1, :-1], summary.means[:-1]
    A = np.linalg.qr(np.vstack([R, np.sqrt(ridge) * np.eye(len(R))]), mode="r")
    found = np.full(len(x), 1 / len(x))
    try:
        for part in _parts(len(x)):
            z = solve_triangular(A, (features(x[part]) - mean).T, trans="T", check_finite=False)
            found[part] += np.sum(z**2, axis=0)
    except np.linalg.LinAlgError:  # columns that rounding has made one
        found[:] = 1.0
    return found


@dataclass(frozen=True)
class Choice:
    """Degree, width and ridge of least leave-one-out error, and by how many points."""

    degree: int
    width: float
    ridge: float
    points: int


def choose(
    x: Array, y: Array, degrees: Sequence[int], widths: Sequence[float], ridges: Sequence[float]
) -> Choice:
    """What the points choose when each is left out in turn; of very many, some drawn at random."""
    if len(x) > CHOOSING:
        some = np.random.default_rng(0).choice(len(x), CHOOSING, replace=False)
        x, y = x[some], y[some]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RankWarning)
        degree = choose_degree(x, y, degrees).best
        tried = [leave_one_out(Gaussian(w), x, y, ridges, fit_intercept=True) for w in widths]
    errors = np.array([one.mean_squared_error for one in tried])
    if np.isnan(errors).all():
        raise InputError("no width can be chosen: the leave-one-out error is undefined for all.")
    width, ridge = np.unravel_index(int(np.nanargmin(errors)), errors.shape)
    return Choice(degree, float(widths[int(width)]), float(ridges[int(ridge)]), len(x))


def _left_out(residuals: Array, leverages: Array) -> Array:
    slack = 1 - leverages
    undefined = slack <= len(residuals) * np.finfo(float).eps
    return np.where(undefined, np.nan, residuals / np.where(undefined, 1.0, slack))


def _parts(n: int) -> Iterator[slice]:
    return (slice(start, start + ROWS) for start in range(0, n, ROWS))


def _first(caught: list[warnings.WarningMessage]) -> str:
    return str(caught[0].message) if caught else ""
