"""Judging a function that leaves out each point in turn, beside what n fits say."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernelfit.exercises.calling import called, must_be_callable
from kernelfit.exercises.compare import entries, number
from kernelfit.exercises.engine import (
    AnswerError,
    Feedback,
    correct,
    incorrect,
    quoted,
)

Array = NDArray[np.float64]
Case = tuple[Array, Array, float]

CLOSE = 1e-10  # relative to the largest |y|; the condition of K + λI is below 1e4 in every case


def left_out(K: Array, y: Array, ridge: float) -> Array:
    """The leave-one-out residuals of kernel ridge regression, from one inverse."""
    inverse = np.linalg.inv(K + ridge * np.eye(len(y)))
    return np.asarray(inverse @ y / np.diag(inverse))


def by_many_fits(K: Array, y: Array, ridge: float) -> Array:
    """The same by its definition: n fits, each without one point."""
    missed = np.empty(len(y))
    for i in range(len(y)):
        rest = np.arange(len(y)) != i
        c = np.linalg.solve(K[np.ix_(rest, rest)] + ridge * np.eye(len(y) - 1), y[rest])
        missed[i] = y[i] - K[i, rest] @ c
    return missed


def cases() -> list[Case]:
    """Gram matrices, values and ridges, the one that is worked out by hand first."""
    random = np.random.default_rng(12)
    found: list[Case] = [(np.array([[1.0, 0.5], [0.5, 1.0]]), np.array([1.0, 2.0]), 2.0)]
    for n in (3, 5, 8, 12, 20, 20):
        x = np.sort(random.uniform(-2, 2, n))
        bells = np.exp(-((x[:, None] - x) ** 2) / 2)
        powers = (1 + np.multiply.outer(x, x)) ** 2
        for K in (bells, powers):
            found.append((K, random.normal(size=n), float(10 ** random.uniform(-1, 1))))
    n = 6
    found.append((np.zeros((n, n)), random.normal(size=n), 0.5))  # the kernel 0: f is 0
    return found


def judge_left_out(answer: Any) -> Feedback:
    """Whether the function agrees with n fits, to rounding, on every case."""
    must_be_callable(answer)
    for K, y, ridge in cases():
        where = f"For {_shown(K, y, ridge)} {quoted(answer)}"
        said = called(answer, K, y, ridge, where)
        if isinstance(said, Feedback):
            return said
        found, right = _values(said, len(y), where), by_many_fits(K, y, ridge)
        if np.abs(found - right).max() > CLOSE * np.abs(y).max():
            return incorrect(f"{where} {_what(found, right, K, y, ridge)}")
    return correct(
        f"It agrees with n fits on all {len(cases())} cases, to 10 digits. One inverse (or one "
        f"decomposition) takes the place of n of them."
    )


def _shown(K: Array, y: Array, ridge: float) -> str:
    if len(y) == 2:
        return "K = [[1, 0.5], [0.5, 1]], y = (1, 2) and ridge 2"
    kind = "0 everywhere" if not K.any() else f"{len(y)} × {len(y)}"
    return f"a K of {len(y)} points ({kind}) and ridge {ridge:.3g}"


def _values(said: Any, count: int, where: str) -> Array:
    items = entries(said.ravel() if isinstance(said, np.ndarray) else said)
    if isinstance(said, np.ndarray) and said.shape == (count, count):
        raise AnswerError(f"{where} gives a matrix. One number for each point is asked for.")
    if items is None or len(items) != count:
        found = quoted(said, 40) if items is None else f"a list of {len(items)}"
        raise AnswerError(f"{where} gives {found}; there are {count} points.")
    try:
        return np.array([number(item) for item in items])
    except AnswerError as refusal:
        raise AnswerError(f"{where} gives {quoted(said, 40)}. {refusal}") from None


def _what(found: Array, right: Array, K: Array, y: Array, ridge: float) -> str:
    """What was computed instead; else the first point at which it is not right."""
    n = len(y)
    A = np.linalg.inv(K + ridge * np.eye(n))
    H = K @ A
    c = A @ y
    alternatives = (
        (ridge * c, "gives the residuals of the fit to all points"),
        (-right, "gives the right numbers with the other sign. It is y_i less the prediction"),
        (y - right, "gives the predictions f_{-i}(x_i). What do they miss?"),
        (right**2, "gives the squares of what is asked for"),
        (c, "gives the coefficients c. What are they divided by?"),
        (c * np.diag(A), "multiplies by the diagonal of the inverse. Divide by it"),
        (c / np.diag(K + ridge * np.eye(n)), "divides by the diagonal of K + λI itself, where its "
         "inverse is wanted"),
        (c * np.diag(K + ridge * np.eye(n)), "inverts K + λI entry by entry. The inverse of the "
         "matrix has another diagonal"),
        (c / (1 - np.diag(H)), "divides c by 1 − h_i. The residuals are divided by it, and they "
         "are λc"),
        (ridge * c / np.diag(H), "divides by h_i. It is 1 − h_i"),
        (ridge * c / np.diag(A), "has the ridge once too often"),
        (_with(K, y, ridge * n), "takes n λ for the ridge: that is the mean form"),
        (_with(K, y, ridge / n), "takes λ / n for the ridge: that is the mean form"),
        (_with(K, y, ridge, intercept=True), "has a free intercept. Here there is none"),
    )  # fmt: skip
    for wrong, words in alternatives:
        if np.allclose(found, wrong, rtol=1e-8, atol=1e-9):
            return f"{words}."
    i = int(np.argmax(np.abs(found - right)))
    return f"gives {found[i]:.6g} at point {i}; the fit to the others misses it by {right[i]:.6g}."


def _with(K: Array, y: Array, ridge: float, *, intercept: bool = False) -> Array:
    if not intercept:
        return left_out(K, y, ridge)
    n = len(y)
    M = np.ones((n + 1, n + 1))
    M[:n, :n] = K + ridge * np.eye(n)
    M[n, n] = 0
    A = np.linalg.inv(M)[:n, :n]
    return np.asarray(A @ y / np.diag(A))
