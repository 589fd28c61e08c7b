"""Judge a learner's kernel fit by what every polynomial fit must do."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernelfit.exercises.engine import (
    AnswerError,
    Feedback,
    correct,
    incorrect,
    not_attempted,
    quoted,
    words_of,
)
from kernelfit.kernels import Legendre
from kernelfit.polynomial import PolynomialRegression

Array = NDArray[np.float64]

# With the Legendre kernel the eigenvalues of K that are not 0 lie within a factor of 20 in every
# case, so a sound fit has 14 digits. Seven are asked for, of the largest |y|.
TOLERANCE = 1e-7


@dataclass(frozen=True)
class Case:
    """Points to fit, and what to say when a fit fails here and not before."""

    name: str
    x: Array
    y: Array
    degree: int
    advice: str

    def new(self) -> Array:
        """Where the fit is asked for: the points and the places between them."""
        x = np.unique(self.x)
        return np.concatenate([self.x[:50], (x[1:] + x[:-1])[:200] / 2])

    def right(self, y: Array) -> Array:
        """What polynomial regression says there."""
        return PolynomialRegression(self.degree).fit(self.x, y).predict(self.new())


def _cases() -> list[Case]:
    random = np.random.default_rng(10)

    def noisy(x: Array, size: float = 0.1) -> Array:
        t = (x - x.mean()) / np.ptp(x)
        y: Array = np.sin(5 * t) + t + size * random.normal(size=len(x))
        return y

    few = np.sort(random.uniform(-1, 1, 20)).round(3)
    many, years = np.linspace(-1, 1, 60), np.arange(1900.0, 2021.0)
    small, thousand = np.arange(4.0), np.linspace(-1, 1, 1000)
    twice = np.repeat([0.0, 0.5, 1.5], 3)
    inverted = "There are more points than coefficients, so K has no inverse: which eigenvalues "
    inverted += "may be divided by?"
    return [
        Case("the four points", small, np.array([1.0, 2.0, 2.0, 4.0]), 1, inverted),
        Case("20 points from −1 to 1", few, noisy(few), 3, inverted),
        Case("three x, three times each", twice, noisy(twice), 1, inverted),
        Case(
            "60 points from −1 to 1",
            many,
            noisy(many),
            20,
            "The sum of powers loses rank at this degree. Which kernel has the same polynomials "
            "and keeps it?",
        ),
        Case(
            "the years 1900 to 2020",
            years,
            noisy(years),
            5,
            "The powers of years are too alike. Scale x, or give the kernel its domain.",
        ),
        Case(
            "1000 points from −1 to 1",
            thousand,
            noisy(thousand),
            5,
            "Did the cut-off leave rounding in? It must grow with n: n · eps times the largest "
            "eigenvalue. (The one that np.linalg.pinv takes by itself does not.)",
        ),
    ]


def judge_fit(answer: Any) -> Feedback:
    """Correct when the fit is that of polynomial regression wherever it is tried."""
    if not callable(answer):
        raise AnswerError(f"{quoted(answer)} is not a function. Give the function itself.")
    worst = 0.0
    for case in _cases():
        said = _fitted(answer, case, case.y)
        if isinstance(said, Feedback):
            return said
        if wrong := _compared(answer, case, said):
            return incorrect(wrong)
        worst = max(worst, float(np.abs(said - case.right(case.y)).max()))
    return _properties(answer, worst)


def _properties(answer: Any, worst: float) -> Feedback:
    """What must hold without a second fit to compare with: a shift of y and another unit of x."""
    case = _cases()[1]
    first = _fitted(answer, case, case.y)
    shifted = _fitted(answer, case, case.y + 1000)
    moved = _fitted(answer, Case(case.name, 1900 + 60 * case.x, case.y, 3, case.advice), case.y)
    for said in (first, shifted, moved):
        if isinstance(said, Feedback):
            return said
    if np.abs(shifted - 1000 - first).max() > 1000 * TOLERANCE:  # type: ignore[operator]
        return incorrect(
            f"With y + 1000 in the place of y {quoted(answer)} does not give f + 1000."
        )
    if np.abs(moved - first).max() > TOLERANCE:  # type: ignore[operator]
        return incorrect(
            f"With 1900 + 60 x in the place of x {quoted(answer)} draws another curve."
        )
    return correct(
        f"The polynomial of polynomial regression in every case, within {max(worst, 1e-16):.0e} "
        f"where y is about 1: up to 1000 points, degree 20 and the year 2020."
    )


def _fitted(answer: Callable[..., Any], case: Case, y: Array) -> Array | Feedback:
    """The fit's values, or what is to be said in their place."""
    where = f"On {case.name} with degree {case.degree} {quoted(answer)}"
    x, given, new = case.x.copy(), y.copy(), case.new()
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            fit = answer(x, given, case.degree)
            if fit is None or fit is ...:
                return not_attempted("The function returns nothing yet.")
            predict = getattr(fit, "predict", fit)
            if not callable(predict):
                return incorrect(
                    f"{where} gives {quoted(fit, 40)}, which is not a function. Return one that "
                    f"takes an array of new x, such as lambda new: k.gram(new, x) @ c."
                )
            said = predict(new)
        except np.linalg.LinAlgError as problem:
            return incorrect(f"{where} raises LinAlgError: {problem}. {case.advice}")
        except Exception as problem:
            return incorrect(f"{where} raises {words_of(problem)}.")
    if not (np.array_equal(x, case.x) and np.array_equal(given, y)):
        return incorrect(f"{where} changes the arrays that it is given. Work on a copy.")
    try:
        values = np.asarray(said, dtype=np.float64)
    except (TypeError, ValueError):
        values = np.empty(0)
    if isinstance(said, str) or values.size != len(new):
        found = quoted(said, 40) if values.size < 2 else f"values of shape {values.shape}"
        return incorrect(f"{where} gives {found} at {len(new)} new x. Give one number for each.")
    return values.reshape(-1)


def _compared(answer: Any, case: Case, said: Array) -> str:
    """What is wrong with the values; nothing when they are right."""
    right = case.right(case.y)
    off = np.where(np.isfinite(said), np.abs(said - right), np.inf)
    if off.max() <= TOLERANCE * np.abs(case.y).max():
        return ""
    first = int(np.argmax(off))
    if off[first] < 1e-3 and case.degree < 20:
        return (
            f"On {case.name} with degree {case.degree} {quoted(answer)} misses polynomial "
            f"regression by {off[first]:.0e}, more than rounding explains. Is there a ridge, or a "
            f"cut-off that is no multiple of n · eps times the largest eigenvalue?"
        )
    return (
        f"On {case.name} with degree {case.degree} {quoted(answer)} gives {said[first]:.6g} at "
        f"x = {case.new()[first]:.6g}, and polynomial regression {right[first]:.6g}. {case.advice}"
    )


def by_legendre_kernel(x: Array, y: Array, degree: int) -> Callable[[Array], Array]:
    """K⁺y with the Legendre kernel, from the eigenvalues above the cut-off."""
    k = Legendre(degree, (float(x.min()), float(x.max())))
    mu, U = np.linalg.eigh(k.gram(x))
    keep = mu > len(mu) * np.finfo(np.float64).eps * mu.max()
    c = U[:, keep] @ (U[:, keep].T @ y / mu[keep])
    return lambda new: k.gram(new, x) @ c
