"""Judging a function that says how probable the data were, beside Cholesky's answer."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cholesky, solve_triangular

from kernelfit.exercises.calling import called, must_be_callable
from kernelfit.exercises.compare import only_entry
from kernelfit.exercises.engine import (
    AnswerError,
    Feedback,
    correct,
    incorrect,
    quoted,
)

Array = NDArray[np.float64]
Case = tuple[Array, Array, float]

CLOSE = 1e-9  # relative; the condition of K + s² I is below 1e5 in every case
LARGE = 400  # points, more than a determinant of floats can stand


def log_evidence(K: Array, y: Array, noise_variance: float) -> float:
    r"""The logarithm of the density of y when its covariance is K + s² I.

    .. math:: \log p(y) = -\tfrac12 \lVert L^{-1} y \rVert^2 - \sum_i \log L_{ii}
              - \tfrac n2 \log 2\pi, \qquad L L^\top = K + s^2 I
    """
    L = cholesky(K + noise_variance * np.eye(len(y)), lower=True)
    whitened = solve_triangular(L, y, lower=True)
    determinant = 2 * np.sum(np.log(np.diag(L)))
    return -0.5 * float(whitened @ whitened + determinant + len(y) * np.log(2 * np.pi))


def cases() -> list[Case]:
    """Gram matrices, values and noise variances, the one worked out by hand first."""
    random = np.random.default_rng(13)
    found: list[Case] = [(np.array([[1.0, 0.5], [0.5, 1.0]]), np.array([1.0, 2.0]), 0.25)]
    found.append((np.array([[3.0]]), np.array([-1.0]), 2.0))
    for n in (3, 5, 8, 20):
        x = np.sort(random.uniform(-2, 2, n))
        bells = 2 * np.exp(-((x[:, None] - x) ** 2) / 2)
        for K in (bells, (1 + np.multiply.outer(x, x)) ** 2):
            noise = float(10 ** random.uniform(-1.5, 0.5))
            found.append((K, _drawn(K, noise, random), noise))
    x = np.linspace(0, 10, LARGE)
    K = np.exp(-((x[:, None] - x) ** 2) / 2)
    found.append((K, _drawn(K, 0.01, random), 0.01))
    return found


def _drawn(K: Array, noise: float, random: np.random.Generator) -> Array:
    """Values that the model itself could have made."""
    L = cholesky(K + noise * np.eye(len(K)), lower=True)
    return np.asarray(L @ random.normal(size=len(K)))


def judge_log_evidence(answer: Any) -> Feedback:
    """Whether the function agrees, to nine digits, on every case."""
    must_be_callable(answer)
    for K, y, noise in cases():
        where = f"For {_shown(K, noise)} {quoted(answer)}"
        said = called(answer, K, y, noise, where)
        if isinstance(said, Feedback):
            return said
        found, right = _value(said, where, len(y)), log_evidence(K, y, noise)
        if abs(found - right) > CLOSE * max(1.0, abs(right)):
            return incorrect(f"{where} {_what(found, right, K, y, noise)}")
    return correct(
        f"It agrees on all {len(cases())} cases to nine digits, also with {LARGE} points, whose "
        f"determinant is too small for a float. scipy.stats.multivariate_normal says the same."
    )


def _shown(K: Array, noise: float) -> str:
    if len(K) == 1:
        return f"K = [[{K[0, 0]:g}]], y = [−1] and the noise variance {noise:g}"
    if len(K) == 2:
        return "K = [[1, 0.5], [0.5, 1]], y = (1, 2) and the noise variance 0.25"
    return f"a K of {len(K)} points and the noise variance {noise:.3g}"


def _value(said: Any, where: str, count: int) -> float:
    """The answer as a float, which may be infinite where a determinant was lost."""
    value = only_entry(said)
    if isinstance(value, (bool, np.bool_, str)) or np.iterable(value):
        raise AnswerError(f"{where} gives {quoted(said, 40)}. One number is asked for.")
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        raise AnswerError(f"{where} gives {quoted(said, 40)}. One number is asked for.") from None
    if not np.isfinite(number) and count == LARGE:
        raise AnswerError(
            f"{where} gives {number}. The determinant of this matrix is about 1e-759, which a "
            f"float rounds to 0. np.linalg.slogdet gives its logarithm at once, and so does the "
            f"diagonal of Cholesky's L."
        )
    if not np.isfinite(number):
        raise AnswerError(f"{where} gives {number}, not a finite number.")
    return number


def _what(found: float, right: float, K: Array, y: Array, noise: float) -> str:
    """What was computed instead; else both numbers."""
    n, constant = len(y), len(y) * np.log(2 * np.pi)
    M = K + noise * np.eye(n)
    misfit, determinant = y @ np.linalg.solve(M, y), np.linalg.slogdet(M)[1]
    alternatives = (
        (-right, "is the right number with the other sign. A better fit has a larger evidence"),
        (right + constant / 2, "has lost the constant −(n/2) log 2π"),
        (right + constant / 2 - n * np.log(np.pi) / 2, "has log π where log 2π belongs"),
        (right - constant / 2, "has −n log 2π. It is half of that"),
        (right - misfit / 2, "takes yᵀ(K + s²I)⁻¹y whole. It is half of it"),
        (right - determinant / 2, "takes log det whole. It is half of it"),
        (right + determinant, "adds the half log det. A broader prior gives less to each y, so it "
         "is taken away"),
        (right + determinant / 2, "has no log det"),
        (right + determinant / 4, "has a quarter of log det. The product of the diagonal of "
         "Cholesky's L is the root of det, so the sum of its logarithms is already the half"),
        (right + misfit / 2, "does not look at y at all"),
        (-(misfit + determinant + constant), "is twice what is asked for"),
        (-(misfit + np.exp(determinant) + constant) / 2, "has the determinant in the place of its "
         "logarithm"),
        (np.exp(right), "is the density. Its logarithm is asked for"),
        (right / np.log(10), "takes logarithms of base 10. Natural ones are meant"),
        (log_evidence(K, y, noise**2), "squares the noise variance. It is s² already"),
        (log_evidence(K, y, np.sqrt(noise)), "takes the root of the noise variance. It is added "
         "to the diagonal as it is"),
        (-(y @ y / noise + n * np.log(noise) + constant) / 2, "does not use K"),
        (right / n, "divides by n"),
    )  # fmt: skip
    for wrong, words in alternatives:
        if np.isclose(found, wrong, rtol=1e-8, atol=1e-10):
            return f"gives {found:.6g}. It {words}."
    return f"gives {found:.10g}; the log evidence is {right:.10g}."
