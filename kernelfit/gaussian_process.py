"""A Gaussian process: kernel regression that says how sure it is."""

from __future__ import annotations

import copy
import math
import warnings
from dataclasses import dataclass
from typing import Any, Literal, Protocol, overload

import numpy as np

from ._checks import (
    FloatArray,
    InputError,
    RankWarning,
    as_matrix,
    as_vector,
    not_negative,
    room_for_coefficients,
    room_for_sums,
    same_length,
    true_or_false,
    whole_number,
)
from ._estimator import Regressor
from ._rank_lost import least_rank, ridge_lost, why_lost
from ._spectrum import Spectrum, hidden_by_rounding
from .kernel_algebra import Kernel, a_kernel
from .kernel_regression import blocks
from .polynomial import power_of_two

LOG_2_PI = math.log(2 * math.pi)
NOISE_NAME = "noise_variance"
NOISE = "It is the square of the typical error of one y, in the unit of y squared: 0 for none."


class GaussianProcess(Regressor):
    r"""The distribution of f, given noisy values of it at the data.

    Before the data, the values of f at any points are jointly normal with mean 0 and the kernel as
    their covariance; each y_i is f(x_i) plus an independent error of variance s².  Given y,

    .. math:: f(x) \sim N\bigl(m(x), v(x)\bigr), \qquad
              m(x) = k_x^\top (K + s^2 I)^{-1} y, \qquad
              v(x) = k(x, x) - k_x^\top (K + s^2 I)^{-1} k_x

    with K the Gram matrix of the data and k_x the vector of the k(x, x_i).  A new y at x has the
    variance v(x) + s².  The mean is ``KernelRegression`` with the ridge s².  v does not depend on
    y: it is right as far as the kernel and s² are.

    The prior mean is 0, so take from y what is known beforehand (say its mean).  The noise
    variance is a statement about the data.  Nothing is added to it to please the factorisation:
    where rounding hides it, the eigenvalues of K that are more than rounding are used alone.

    Source: Rasmussen & Williams, Gaussian Processes for Machine Learning (2006), chapter 2.

    Parameters
    ----------
    kernel : Kernel
        The covariance of f, in the unit of y squared.
    noise_variance : float
        s², at least 0, in the unit of y squared.

    Attributes
    ----------
    dual_coef_ : array of shape (n,)
        (K + s² I)^{-1} y: the mean is their sum over k(x, x_i).
    log_marginal_likelihood_ : float
        The logarithm of the density of y, with y in its own unit; nan where K + s² I is singular
        and there is no density.
    rank_ : int
        How many directions of y the fit can follow: n, or the rank of K where s² is 0 or hidden.
    points_ : array of shape (n, p)
        x_1, ..., x_n.
    n_features_in_ : int
        p.
    """

    dual_coef_: FloatArray
    log_marginal_likelihood_: float
    rank_: int
    points_: FloatArray

    def __init__(self, kernel: Kernel, *, noise_variance: float) -> None:
        self.kernel = kernel
        self.noise_variance = noise_variance

    def fit(self, X: Any, y: Any) -> GaussianProcess:
        """Condition on the values ``y``, shape (n,), at the points ``X``, shape (n, p) or (n,).

        Raises InputError for bad input; warns with RankWarning where rounding costs rank that the
        kernel has, or hides the noise.
        """
        noise = self._checked_noise()
        points, values = as_matrix(X, call="fit"), as_vector(y)
        same_length(points, values)

        unit = power_of_two(values)
        K = self.kernel.gram(points)
        room_for_sums(K, noise, "noise_variance")
        root: _Root | None = None
        if not hidden_by_rounding(noise, K):
            root = _Triangle.of(K, noise)
            K = K if root is not None else self.kernel.gram(points)
        if root is None:
            spectrum = Spectrum.of(K)
            root = _Directions(spectrum, noise)
            if noise > 0:
                message = ridge_lost(noise, spectrum.rounding, NOISE_NAME)
                warnings.warn(message, RankWarning, stacklevel=2)
            elif spectrum.rank < (least := least_rank(self.kernel, points)):
                message = why_lost(self.kernel, points, spectrum.rank, least, NOISE_NAME)
                warnings.warn(message, RankWarning, stacklevel=2)

        whitened = root.whitened((values / unit)[:, None])
        with np.errstate(over="ignore", invalid="ignore"):
            coefficients = root.unwhitened(whitened)[:, 0] * unit
            length = np.linalg.norm(whitened) * unit
            exponent = -(length * length + root.log_determinant) / 2
        room_for_coefficients(coefficients)
        self.dual_coef_ = coefficients
        self.log_marginal_likelihood_ = float(exponent) - len(values) * LOG_2_PI / 2
        self.rank_ = root.rank
        self.points_ = points.copy()
        self._kernel = copy.deepcopy(self.kernel)  # whatever happens to the other afterwards
        self._noise = noise
        self._root = root
        self._remember_columns(X)
        return self

    @overload
    def predict(
        self, X: Any, *, return_std: Literal[False] = False, include_noise: bool = False
    ) -> FloatArray: ...

    @overload
    def predict(
        self, X: Any, *, return_std: Literal[True], include_noise: bool = False
    ) -> tuple[FloatArray, FloatArray]: ...

    def predict(
        self, X: Any, *, return_std: bool = False, include_noise: bool = False
    ) -> FloatArray | tuple[FloatArray, FloatArray]:
        r"""The mean of f at the points of ``X``, shape (m, p) to (m,), in the unit of y.

        With ``return_std`` the pair of the mean and the standard deviation, each of shape (m,): of
        f, or of a new y when ``include_noise``.  Raises NotFittedError before ``fit`` and
        InputError when the columns are not those of the fit.
        """
        with_std = true_or_false(return_std, "return_std")
        with_noise = true_or_false(include_noise, "include_noise")
        points = self._columns_of_the_fit(X)
        mean, variance = np.empty(len(points)), np.empty(len(points))
        for part in blocks(len(points), len(self.points_)):
            k = self._kernel.gram(points[part], self.points_)
            mean[part] = k @ self.dual_coef_
            if with_std:
                variance[part] = self._kernel.diagonal(points[part])  # refuses what overflows
                variance[part] -= np.sum(self._root.whitened(k.T) ** 2, axis=0)
        if not with_std:
            return mean
        return mean, np.sqrt(np.maximum(variance, 0) + with_noise * self._noise)

    def sample(self, X: Any, n: int, *, seed: int) -> FloatArray:
        r"""Draw n functions and give their values at the points of ``X``, shape (n, m).

        .. math:: f = m + C^{1/2} \xi, \qquad \xi \sim N(0, I)

        Before ``fit`` from the prior, after it from the posterior; C is the covariance of f at the
        points.  Its symmetric square root is unique, so that with the same seed a draw moves only
        as far as the kernel, the data and the noise do.  Raises InputError for bad input.
        """
        count = whole_number(n, "n", minimum=1, advice="It is how many functions are drawn.")
        start = whole_number(seed, "seed", advice="The same seed gives the same functions again.")
        if "points_" in vars(self):
            points = self._columns_of_the_fit(X)
            k = self._kernel.gram(points, self.points_)
            mean, known = k @ self.dual_coef_, self._root.whitened(k.T)
            covariance = self._kernel.gram(points) - known.T @ known
        else:
            self._checked_noise()
            points = as_matrix(X)
            mean, covariance = np.zeros(len(points)), self.kernel.gram(points)
        variances, U = np.linalg.eigh(covariance)
        spread = np.sqrt(np.maximum(variances, 0))  # rounding makes some of them negative
        try:
            xi = np.random.default_rng(start).standard_normal((count, len(points)))
        except (MemoryError, ValueError):
            raise InputError(
                f"n must be so small that memory holds the functions, got {count} at {len(points)} "
                f"points. Draw fewer at a time, each time with another seed."
            ) from None
        return np.asarray(mean + ((xi @ U) * spread) @ U.T)

    def _checked_noise(self) -> float:
        a_kernel(self.kernel)
        return not_negative(self.noise_variance, NOISE_NAME, advice=NOISE)


class _Root(Protocol):
    r"""A matrix W with W'W = (K + s² I)^{-1}: it turns y into independent values of variance 1."""

    @property
    def rank(self) -> int: ...

    @property
    def log_determinant(self) -> float:
        """The logarithm of det(K + s² I); nan when it is singular."""

    def whitened(self, columns: FloatArray) -> FloatArray:
        """W times the columns, shape (n, m) to (rank, m)."""

    def unwhitened(self, columns: FloatArray) -> FloatArray:
        """W' times the columns, shape (rank, m) to (n, m)."""


@dataclass(frozen=True)
class _Triangle:
    r"""W = L^{-1} from Cholesky's K + s² I = L L'."""

    L: FloatArray

    @classmethod
    def of(cls, K: FloatArray, noise: float) -> _Triangle | None:
        """Factorise in the place of K; None where rounding forbids it."""
        from scipy.linalg import LinAlgError, cholesky  # slow to load

        K.flat[:: len(K) + 1] += noise
        try:
            return cls(cholesky(K.T, lower=True, overwrite_a=True, check_finite=False))
        except LinAlgError:
            return None

    @property
    def rank(self) -> int:
        return len(self.L)

    @property
    def log_determinant(self) -> float:
        return 2 * float(np.sum(np.log(self.L.diagonal())))

    def whitened(self, columns: FloatArray) -> FloatArray:
        from scipy.linalg import solve_triangular

        return np.asarray(solve_triangular(self.L, columns, lower=True, check_finite=False))

    def unwhitened(self, columns: FloatArray) -> FloatArray:
        from scipy.linalg import solve_triangular

        return np.asarray(
            solve_triangular(self.L, columns, lower=True, trans="T", check_finite=False)
        )


@dataclass(frozen=True)
class _Directions:
    r"""W = diag(μ + s²)^{-1/2} U' from the eigenvalues of K that are more than rounding."""

    spectrum: Spectrum
    noise: float

    @property
    def rank(self) -> int:
        return self.spectrum.rank

    @property
    def log_determinant(self) -> float:
        if self.rank < len(self.spectrum.vectors):
            return math.nan
        return float(np.sum(np.log(self.spectrum.eigenvalues + self.noise)))

    def whitened(self, columns: FloatArray) -> FloatArray:
        return np.asarray((self._U.T @ columns) / self._scale[:, None])

    def unwhitened(self, columns: FloatArray) -> FloatArray:
        return np.asarray(self._U @ (columns / self._scale[:, None]))

    @property
    def _U(self) -> FloatArray:
        return self.spectrum.vectors[:, : self.rank]

    @property
    def _scale(self) -> FloatArray:
        return np.asarray(np.sqrt(self.spectrum.eigenvalues[: self.rank] + self.noise))
