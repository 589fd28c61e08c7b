"""Judging a function that merges two summaries, beside the summary of all rows at once."""

from __future__ import annotations

import warnings
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernelfit.exercises.calling import must_be_callable
from kernelfit.exercises.compare import entries, number
from kernelfit.exercises.engine import (
    AnswerError,
    Feedback,
    correct,
    incorrect,
    not_attempted,
    quoted,
    words_of,
)

Array = NDArray[np.float64]
Summary = tuple[int, Array, Array]  # n, the means (q,), the triangle of the centred rows (<= q, q)

EPS = float(np.finfo(np.float64).eps)
ROUNDINGS = 200  # of the size of a column or of its mean; a dozen merges make fewer


def summary(rows: Array) -> Summary:
    """What a block of rows is boiled down to."""
    means = rows.mean(axis=0)
    return len(rows), means, _triangle(rows - means)


def merge(a: Summary, b: Summary) -> Summary:
    r"""The summary of the rows of both.

    .. math:: R^\top R = R_a^\top R_a + R_b^\top R_b
              + \frac{n_a n_b}{n_a + n_b} (m_a - m_b)(m_a - m_b)^\top

    Source: Chan, Golub & LeVeque, The American Statistician 37 (1983), on one column.
    """
    (n_a, m_a, R_a), (n_b, m_b, R_b) = a, b
    n = n_a + n_b
    between = np.sqrt(n_a * n_b / n) * (m_a - m_b)
    return n, (n_a * m_a + n_b * m_b) / n, _triangle(np.vstack([R_a, R_b, between]))


def _triangle(rows: Array) -> Array:
    R: Any = np.linalg.qr(rows, mode="r")  # numpy's types promise a pair here, Q too
    return np.asarray(R, dtype=np.float64)


def cases() -> list[tuple[str, list[Array]]]:
    """Blocks of rows with a word on each case, the one that is worked out by hand first."""
    random = np.random.default_rng(14)
    rows = random.normal(size=(40, 3)) @ random.normal(size=(3, 3))
    near = np.column_stack([rows[:, 0], rows[:, 0] + 1e-7 * rows[:, 1], rows[:, 2]])
    return [
        ("the rows 0, 2 and 5, 7, 9", [np.array([[0.0], [2.0]]), np.array([[5.0], [7.0], [9.0]])]),
        ("blocks of 15 and 25 rows with 3 columns", [rows[:15], rows[15:]]),
        ("two blocks of one row each", [rows[:1], rows[1:2]]),
        ("7 blocks, one after the other", np.split(rows, [1, 3, 10, 11, 20, 36])),
        ("rows around a million", [rows[:15] + 1e6, rows[15:] + 1e6]),
        ("columns that are alike to a ten-millionth", [near[:15], near[15:]]),
    ]


class _NothingYetError(Exception):
    """The function returns its three dots."""


def judge_merge(answer: Any) -> Feedback:
    """Whether the function gives, to rounding, the summary of all rows, in whatever order."""
    must_be_callable(answer)
    try:
        for words, blocks in cases():
            parts = [summary(block) for block in blocks]
            said = _judge_case(answer, words, parts, np.vstack(blocks))
            if said:
                return incorrect(said)
    except _NothingYetError:
        return not_attempted("The function returns nothing yet.")
    return correct(
        "In whatever order and grouping, it is the summary of all rows at once, to rounding. So a "
        "hundred machines may each merge what they have."
    )


def _judge_case(answer: Any, words: str, parts: list[Summary], rows: Array) -> str:
    """What is wrong with the blocks merged in order, from the last one on, and in two groups."""
    where = f"For {words} {quoted(answer)}"

    def fold(summaries: list[Summary]) -> Summary:
        return reduce(lambda a, b: _merged(answer, a, b, where), summaries)

    for in_order in (parts, parts[::-1]):
        if said := _what_is_wrong(fold(in_order), in_order, rows):
            return f"{where} {said}"
    groups = [fold(parts[: len(parts) // 2]), fold(parts[len(parts) // 2 :])]
    if said := _what_is_wrong(fold(groups), groups, rows):
        return f"For {words}, merged in two groups, {quoted(answer)} {said}"
    return ""


def _merged(answer: Any, a: Summary, b: Summary, where: str) -> Summary:
    """What the learner's function makes of two summaries."""
    given = [(n, means.copy(), R.copy()) for n, means, R in (a, b)]
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            said = answer(*given)
        except Exception as problem:
            raise AnswerError(f"{where} raises {words_of(problem)}.") from None
    items = said if isinstance(said, (list, tuple)) else [said]
    if any(item is ... or item is None for item in items):
        raise _NothingYetError
    if len(items) != 3:
        raise AnswerError(f"{where} gives {quoted(said, 40)}. Return n, mean, R.")
    for (_, means, R), (_, kept_means, kept_R) in zip(given, (a, b), strict=True):
        if not (np.array_equal(means, kept_means) and np.array_equal(R, kept_R)):
            raise AnswerError(f"{where} changes a summary that it was given. Work on a copy.")
    n, q = number(items[0]), len(a[1])
    if n != round(n):
        raise AnswerError(f"{where} gives n = {n:g}. It is a number of rows.")
    means = _array(items[1], (q,), f"{where} gives as mean")
    return round(n), means, _rows(items[2], q, where)


def _array(item: Any, shape: tuple[int, ...], where: str) -> Array:
    try:
        found = np.array([number(entry) for entry in entries(item) or [item]])
    except AnswerError as refusal:
        raise AnswerError(f"{where} {quoted(item, 40)}. {refusal}") from None
    if found.shape != shape:
        raise AnswerError(f"{where} {len(found)} numbers. One for each of {shape[0]} columns.")
    return found


def _rows(item: Any, q: int, where: str) -> Array:
    try:
        R = np.asarray(item, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        R = np.empty(0)
    if R.ndim != 2 or R.shape[1] != q or not np.isfinite(R).all():
        raise AnswerError(
            f"{where} gives as R {quoted(item, 40)}. R is a matrix of finite numbers with as many "
            f"columns as the rows have, here {q}."
        )
    if len(R) > q and not R[q:].any():
        R = R[:q]  # as scipy.linalg.qr gives it, with rows of zeros below
    if len(R) > q:
        raise AnswerError(
            f"{where} gives an R of {len(R)} rows for {q} columns, and the next merge has more. "
            f"Take the triangle of what you stacked: np.linalg.qr(..., mode='r')."
        )
    return R


def _wrong_digits(R: Array, right: Array, size: float) -> float:
    r"""By how much R'R is off, relative to what it has there; 0 when rounding explains it.

    Two triangles of the same rows may differ by the condition number times the rounding.  Their
    lengths along the axes v_j of the ellipse may not: with R v_j known to e = rounding * size,

    .. math:: |v_i^\top R^\top R\, v_j - s_i^2 \delta_{ij}| \le e\,(s_i + s_j) + e^2 .
    """
    _, lengths, V = np.linalg.svd(right)  # all axes, those of length 0 as well
    s: Array = np.zeros(len(V))
    s[: len(lengths)] = lengths
    M = R @ V.T
    off, e = np.abs(M.T @ M - np.diag(s**2)), ROUNDINGS * EPS * size
    too_far = off > e * np.add.outer(s, s) + e**2
    return float((off / np.maximum(np.outer(s, s), e**2))[too_far].max(initial=0.0))


def _what_is_wrong(found: Summary, parts: list[Summary], rows: Array) -> str:
    n, means, R = found
    right_n, right_means, right_R = summary(rows)
    if n != right_n:
        return f"gives n = {n:g}; there are {right_n} rows."
    size = np.linalg.norm(rows, axis=0)  # of the rows as they came, before the means were taken off
    if (abs(means - right_means) > ROUNDINGS * EPS * size).any():
        return _about_the_means(means, right_means, parts)
    if np.abs(np.tril(R, -1)).max() > 1e-12 * np.abs(R).max():
        return "gives an R that is no triangle: there are numbers below its diagonal."
    gap = _wrong_digits(R, right_R, float(np.linalg.norm(rows)))
    return _about_the_triangle(R, right_R, parts) if gap else ""


def _about_the_means(means: Array, right: Array, parts: list[Summary]) -> str:
    shown = f"gives the mean {means[0]:.6g} where all rows have {right[0]:.6g}"
    if len(parts) == 2:
        (n_a, m_a, _), (n_b, m_b, _) = parts
        if np.allclose(means, (m_a + m_b) / 2):
            return f"{shown}: it gives a block of {n_a:g} rows as much weight as one of {n_b:g}."
        if np.allclose(means, (n_b * m_a + n_a * m_b) / (n_a + n_b)):
            return f"{shown}: each mean has the weight of the other block."
        if np.allclose(means, n_a * m_a + n_b * m_b):
            return f"{shown}: that is the sum of all rows. Divide by n."
    return f"{shown}. It is the sum of all rows divided by n."


def _about_the_triangle(R: Array, right: Array, parts: list[Summary]) -> str:
    squares = R.T @ R
    if np.allclose(R, right.T @ right):
        return "gives the squares R'R in place of R. The triangle is what keeps the digits."
    if np.allclose(squares, right.T @ right, rtol=1e-4, atol=1e-4 * np.abs(squares).max()):
        return (
            "is right, but it loses digits that triangles keep. Where are squares formed, or the "
            "means added to what they were taken from?"
        )
    if len(parts) == 2:
        (n_a, m_a, R_a), (n_b, m_b, R_b) = parts
        n, apart = n_a + n_b, m_a - m_b
        inner = R_a.T @ R_a + R_b.T @ R_b
        if np.allclose(squares, inner):
            return (
                f"gives the scatter within the two blocks alone. Their means are "
                f"{abs(apart[0]):.3g} apart, and that is scatter, too: which row is missing?"
            )
        factors = (
            (n_a * n_b, "√(n_a n_b)"),
            ((n_a * n_b / n) ** 2, "n_a n_b / (n_a + n_b), without the root"),
            (n, "√(n_a + n_b)"),
            (1.0, "1"),
            (n / (n_a * n_b), "√((n_a + n_b) / (n_a n_b)), upside down"),
            (n_a * n_b / n**2, "√(n_a n_b) / (n_a + n_b)"),
        )
        for factor, words in factors:
            if np.allclose(squares, inner + factor * np.outer(apart, apart)):
                return f"takes the row m_a − m_b times {words}. Its square is another: see above."
        if R_a.shape == R_b.shape == R.shape and np.allclose(R, R_a + R_b):
            return "adds the triangles. What adds are their squares; the triangles are stacked."
    return (
        f"gives a first column of length {np.linalg.norm(R[:, 0]):.6g} in R; the centred rows have "
        f"{np.linalg.norm(right[:, 0]):.6g}."
    )
