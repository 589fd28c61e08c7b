"""The eigenvalues and eigenvectors of a Gram matrix, from which the fit of every ridge follows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ._checks import FloatArray

EPS = float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class Spectrum:
    r"""What the Gram matrix K does to values y, direction by direction.

    .. math:: K = U \operatorname{diag}(\mu)\, U^\top, \qquad
              c = U \operatorname{diag}\Bigl(\frac{1}{\mu_j + \lambda}\Bigr)\, U^\top y, \qquad
              y - K c = U \operatorname{diag}\Bigl(\frac{\lambda}{\mu_j + \lambda}\Bigr)\, U^\top y

    With a free intercept this is K seen from the vectors of sum 0: U then has n - 1 columns, and
    the mean of y is fitted anyway.

    ``eigenvalues`` has shape (q,), q being n or n - 1, the largest first; what ``rounding`` alone
    can explain, n eps times a bound of those of K itself, is set to 0.  ``vectors`` is U, shape
    (n, q).
    """

    eigenvalues: FloatArray
    vectors: FloatArray
    rounding: float

    @classmethod
    def of(cls, K: FloatArray, fit_intercept: bool = False) -> Spectrum:
        """Decompose K of shape (n, n), which is overwritten."""
        n = len(K)
        along_constant = 0.0
        if fit_intercept:  # the reflection takes the constant to the first axis
            K = _reflected(_reflected(K).T)
            along_constant, K = float(K[0, 0]), K[1:, 1:]
        ascending, vectors = np.linalg.eigh(K)
        eigenvalues, U = ascending[::-1].copy(), vectors[:, ::-1]
        rounding = n * EPS * (along_constant + float(eigenvalues.max(initial=0.0)))
        eigenvalues[eigenvalues <= rounding] = 0
        if fit_intercept:
            U = _reflected(np.vstack([np.zeros(n - 1), U]))
        return cls(eigenvalues, U, rounding)

    @property
    def rank(self) -> int:
        """How many eigenvalues are not 0."""
        return int(np.count_nonzero(self.eigenvalues))

    def condition(self, ridge: float) -> float:
        """The largest of mu + lambda over the least, inf when that is 0."""
        shifted = self.eigenvalues + ridge
        if len(shifted) == 0:
            return 1.0
        with np.errstate(over="ignore"):
            return float(shifted[0] / shifted[-1]) if shifted[-1] > 0 else float("inf")

    def coefficients(self, y: FloatArray, ridge: float) -> FloatArray:
        """The c of least norm, shape (n,); directions of eigenvalue 0 add nothing to K c."""
        U, mu = self.vectors[:, : self.rank], self.eigenvalues[: self.rank]
        with np.errstate(over="ignore", invalid="ignore"):  # what has no room is refused later
            c: FloatArray = U @ ((U.T @ y) / (mu + ridge))
        return c

    def left_over(self, ridges: FloatArray) -> FloatArray:
        """The share lambda / (mu + lambda) of each direction that stays in the residuals, (q, m).

        At ridge 0 it is 1 where the eigenvalue is 0, and 0 elsewhere.
        """
        mu = np.repeat(self.eigenvalues[:, None], len(ridges), axis=1)
        both_zero = (mu + ridges) == 0
        return np.asarray(np.where(both_zero, 1.0, ridges / np.where(both_zero, 1.0, mu + ridges)))

    def leave_one_out(self, y: FloatArray, ridges: FloatArray) -> FloatArray:
        r"""What is missed at each point by the fit to the others, for each ridge; shape (m, n).

        .. math:: y_i - f_{-i}(x_i) = \frac{y_i - f(x_i)}{1 - h_i}, \qquad
                  h_i = \frac{\partial f(x_i)}{\partial y_i}

        At leverage h_i = 1 the others do not settle the value at x_i: nan.

        Source: Allen, Technometrics 16 (1974); Craven & Wahba, Numerische Mathematik 31 (1979).
        """
        shares = self.left_over(ridges)
        residuals = self.vectors @ ((self.vectors.T @ y)[:, None] * shares)
        slack = self.vectors**2 @ shares  # 1 - h_i
        undefined = slack <= np.where(ridges > 0, 0.0, self._fuzz() ** 2)
        return np.where(undefined, np.nan, residuals / np.where(undefined, 1.0, slack)).T

    def _fuzz(self) -> float:
        """How far rounding can turn the directions of eigenvalue 0 (Davis & Kahan, 1970)."""
        return self.rounding / float(self.eigenvalues[self.rank - 1]) if self.rank else 0.0


def hidden_by_rounding(ridge: float, K: FloatArray) -> bool:
    """Whether the ridge is at most n eps times the largest eigenvalue of K, which is only read.

    The trace is above all eigenvalues.  Where it does not settle the question, three steps of the
    power method do.
    """
    if ridge == 0:
        return True
    diagonal = K.diagonal()
    j = int(np.argmax(diagonal))
    largest = float(diagonal[j])
    if largest == 0 or ridge / largest > len(K) * EPS * float(np.sum(diagonal / largest)):
        return False
    v = K[:, j] / largest
    for _ in range(3):
        v = K @ (v / (float(np.linalg.norm(v)) * largest))  # no value is beyond 1, no sum overflows
    return ridge / largest <= len(K) * EPS * float(np.linalg.norm(v))


def _reflected(A: FloatArray) -> FloatArray:
    r"""(I - 2 w w' / w'w) A, in place: the reflection that exchanges e_1 and (1, ..., 1) / sqrt n.

    Source: Householder, Journal of the ACM 5 (1958).
    """
    n = len(A)
    w = np.full(n, 1 / np.sqrt(n))
    w[0] -= 1
    if n > 1:
        A -= np.outer(w, (2 / (w @ w)) * (w @ A))
    return A
