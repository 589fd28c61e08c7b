"""What a learner's fit with a free intercept is tried on: lesson 11, exercise 4."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from kernelfit.exercises.compare import entries, number, so_many
from kernelfit.exercises.engine import (
    AnswerError,
    Feedback,
    correct,
    incorrect,
    not_attempted,
    quoted,
)
from kernelfit.kernels import Gaussian

Array = NDArray[np.float64]


def function_of(f: Any, takes: str) -> Callable[..., Any]:
    """The answer, if it can be called; ``takes`` says what it should take and return."""
    if isinstance(f, (sp.Basic, type)) or not callable(f):
        raise AnswerError(f"{quoted(f)} is no function. Give one that takes {takes}.")
    function: Callable[..., Any] = f
    return function


def called(function: Callable[..., Any], *values: Any) -> Any:
    """What the learner's function returns; its own mistake is said in words."""
    try:
        return function(*values)
    except (Exception, SystemExit) as problem:
        raise AnswerError(
            f"{quoted(function)} fails with {type(problem).__name__}: {quoted(problem)}."
        ) from None


def bordered(K: Array, y: Array, ridge: float) -> tuple[Array, float]:
    r"""The c and c_0 of least cost, from one system of n + 1 equations.

    .. math:: \begin{pmatrix} K + \lambda I & 1 \\ 1^\top & 0 \end{pmatrix}
              \begin{pmatrix} c \\ c_0 \end{pmatrix} = \begin{pmatrix} y \\ 0 \end{pmatrix}
    """
    n = len(y)
    M = np.ones((n + 1, n + 1))
    M[:n, :n] = K + ridge * np.eye(n)
    M[n, n] = 0.0
    solved: Array = np.linalg.solve(M, np.append(y, 0.0))
    return solved[:n], float(solved[n])


def _cases() -> list[tuple[Array, Array, float]]:
    """K, y and the ridge: uneven points, so that the mean of y alone is not the intercept."""
    rng, cases = np.random.default_rng(4), []
    for n, width, ridge in ((4, 1.0, 0.5), (9, 0.3, 0.01), (15, 2.0, 3.0), (1, 1.0, 1.0)):
        x = rng.uniform(0, 2, n) ** 2
        cases.append((Gaussian(width).gram(x), np.sin(x) + rng.normal(size=n), ridge))
    return cases


def judge_intercept(f: Any) -> Feedback:
    """Judge a function of K, y and the ridge that returns c and c_0."""
    function = function_of(f, "K, y and the ridge, and returns c and c_0")
    for K, y, ridge in _cases():
        answer = called(function, *(kept := (K.copy(), y.copy())), ridge)
        if answer is None or any(part is ... for part in entries(answer) or [answer]):
            return not_attempted("The function returns nothing yet.")
        if not (np.array_equal(kept[0], K) and np.array_equal(kept[1], y)):
            return incorrect("Your function changes the K or the y that it was given. Copy first.")
        c, c_0 = _pair_of(answer, len(y))
        if wrong := _said_of(K, y, ridge, c, c_0):
            return incorrect(wrong)
    K, y, ridge = _cases()[0]
    c, c_0 = _pair_of(called(function, K.copy(), y.copy(), ridge), len(y))
    for lift in (1000.0, 1e6):
        c_up, c_0_up = _pair_of(called(function, K.copy(), y + lift, ridge), len(y))
        apart = float(np.abs(K @ c_up + c_0_up - lift - (K @ c + c_0)).max())
        if apart > 1e-9 * lift:  # the rounding of y + lift itself, and a condition number below 10
            return incorrect(
                f"With {lift:g} added to every y the fit rises by {lift:g} only up to {apart:.2g}."
            )
    return correct(
        "It agrees with the system of n + 1 equations on four random cases, and with 1000 or a "
        "million added to every y the fit rises by just that."
    )


def _pair_of(answer: Any, n: int) -> tuple[Array, float]:
    items = entries(answer)
    if items is None or len(items) != 2:
        raise AnswerError(
            f"Your function returns {quoted(answer)} for n = {n}. Return two things, c and c_0."
        )
    given, c_0 = items
    try:
        c = np.asarray([number(entry) for entry in np.asarray(given, dtype=object).reshape(-1)])
    except (TypeError, ValueError):
        raise AnswerError(f"The c that you return, {quoted(given)}, is no list.") from None
    if len(c) != n:
        raise AnswerError(
            f"The first thing that you return has {so_many(c)}, and there are {n} points. "
            f"Return c, then c_0."
        )
    return c, number(c_0)


def _said_of(K: Array, y: Array, ridge: float, c: Array, c_0: float) -> str:
    """What is wrong with the answer; nothing when it is right."""
    n = len(y)
    right, right_0 = bordered(K, y, ridge)
    size = float(np.abs(y).max())
    tolerance = 1e-9 * size * (1 + 1 / ridge)
    if np.abs(c - right).max() <= tolerance and abs(c_0 - right_0) <= tolerance:
        return ""
    plain = np.linalg.solve(K + ridge * np.eye(n), y)
    middle = np.linalg.solve(K + ridge * np.eye(n), y - y.mean())
    with_one = np.linalg.solve(K + 1 + ridge * np.eye(n), y)
    for other, other_0, words in (
        (plain, 0.0, "is the fit without an intercept"),
        (middle, float(y.mean()), "has the mean of y for the intercept. Near, but where the points "
         "lie unevenly another constant costs less"),
        (with_one, float(with_one.sum()), "comes from the kernel k + 1. There the constant has its "
         "price, too, and a free one has none"),
    ):  # fmt: skip
        if np.abs(c - other).max() <= tolerance and abs(c_0 - other_0) <= tolerance:
            return f"For n = {n} and λ = {ridge:g} your answer {words}."
    shown = f"For n = {n} and λ = {ridge:g} "
    if abs(total := float(c.sum())) > tolerance:
        return (
            f"{shown}the c add up to {total:.3g}. The derivative by c_0 is −2 Σ r_i, and r = λ c, "
            f"so at the least cost they add up to 0."
        )
    gap = float(np.abs(K @ c + c_0 + ridge * c - y).max())
    return f"{shown}K c + λ c + c_0 misses y by up to {gap:.3g}, though the c add up to 0."
