"""The last exercise of the course: a report on two columns, checked by doing it again."""

from __future__ import annotations

import copy
import warnings
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray

from kernelfit import InputError, RankWarning
from kernelfit._checks import as_vector, same_length
from kernelfit.exercises.compare import number
from kernelfit.exercises.engine import (
    AnswerError,
    Feedback,
    correct,
    incorrect,
    not_attempted,
    quoted,
)
from kernelfit.kernel_regression import KernelRegression
from kernelfit.least_squares import LinearRegression
from kernelfit.polynomial import PolynomialRegression
from kernelfit.selection import choose_degree

Array = NDArray[np.float64]

KEYS = ("x", "y", "units", "model", "error", "at", "says", "tested")
FEWEST, MOST = 5, 2000  # points
NEAR = 0.005  # three digits, rounded or cut off
_NO_UNIT = {"", "?", "unit", "units", "none", "x", "y"}
_MODELS = (LinearRegression, PolynomialRegression, KernelRegression)


def judge_report(report: Any) -> Feedback:
    """Whether the report states units, an honest error, and where it may not be trusted."""
    if not isinstance(report, dict) or not set(KEYS) <= {str(key) for key in report}:
        raise AnswerError(
            f"{quoted(report)}: give a dict with {', '.join(KEYS[:-1])} and {KEYS[-1]}."
        )
    said = {str(key): value for key, value in report.items()}
    if still_open := [key for key in KEYS if said[key] is ... or said[key] is None]:
        return not_attempted(f"Still open: {', '.join(still_open)}.")
    x, y = _points(said["x"], said["y"])
    units = _units(said["units"])
    model = _model(said["model"])
    left_out = _left_out(model, x, y)
    error = number(said["error"])
    if words := _about_the_error(error, said["error"], model, x, y, left_out):
        return incorrect(words)
    if words := _about_the_choice(error, x, y):
        return incorrect(words)
    place, value = number(said["at"]), number(said["says"])
    if words := _about_the_place(place, value, said["tested"], model, x, y):
        return incorrect(words)
    where = "inside of the data" if said["tested"] else "where no point has tested it"
    return correct(
        f"{len(x)} points, a typical miss of {error:.4g} {units[1]} when each is left out, and "
        f"{value:.4g} {units[1]} at {place:g} {units[0]}, {where}. Whoever reads this knows how "
        f"far to trust it."
    )


def _points(x: Any, y: Any) -> tuple[Array, Array]:
    try:
        first, second = as_vector(x, "x"), as_vector(y, "y")
        same_length(first, second, "x", "y")
    except InputError as refusal:
        raise AnswerError(str(refusal)) from None
    if not FEWEST <= len(first) <= MOST:
        raise AnswerError(
            f"x has {len(first)} points. For this exercise give {FEWEST} to {MOST:,}; of more, "
            f"take some at random."
        )
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        name, values = ("x", first) if np.ptp(first) == 0 else ("y", second)
        raise AnswerError(f"All {name} are {values[0]:g}. There is nothing to fit.")
    return first, second


def _units(given: Any) -> tuple[str, str]:
    pair = list(given) if isinstance(given, (tuple, list)) else []
    if len(pair) != 2 or not all(isinstance(one, str) for one in pair):
        raise AnswerError(
            f"{quoted(given)}: give the units of x and of y as two texts, say ('°C', 'mmHg')."
        )
    for name, unit in zip("xy", pair, strict=True):
        if unit.strip().casefold() in _NO_UNIT:
            raise AnswerError(
                f"“{unit}” is no unit of {name}. What is counted or measured, and in what? For a "
                f"pure number say 'no unit'."
            )
    return pair[0].strip(), pair[1].strip()


def _model(given: Any) -> Any:
    if isinstance(given, type) or not isinstance(given, _MODELS):
        raise AnswerError(
            f"{quoted(given)} is no model of this exercise. Give kf.LinearRegression(), "
            f"kf.PolynomialRegression(2) or kf.KernelRegression(kf.Gaussian(10), ridge=0.1, "
            f"fit_intercept=True), with your own numbers."
        )
    return given


def _left_out(model: Any, x: Array, y: Array) -> Array:
    """What each point is missed by when the model is fitted to the others."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RankWarning)
        try:
            if isinstance(model, KernelRegression):
                return np.asarray(_fitted(model, x, y).leave_one_out_residuals_)
            if isinstance(model, PolynomialRegression):
                root = np.sqrt(choose_degree(x, y, [model.degree]).mean_squared_error[0])
                return np.full(len(x), root)
            residuals, leverages = _of_line(model, x, y)
        except InputError as refusal:
            raise AnswerError(str(refusal)) from None
    return residuals / (1 - leverages)


def _fitted(model: Any, x: Array, y: Array) -> Any:
    """A fresh fit: the learner's own object stays as it is."""
    return copy.deepcopy(model).fit(x, y)


def _of_line(model: LinearRegression, x: Array, y: Array) -> tuple[Array, Array]:
    X = np.column_stack([np.ones(len(x)), x]) if model.fit_intercept else x[:, None]
    Q = np.linalg.qr(X)[0]
    return y - Q @ (Q.T @ y), np.sum(Q**2, axis=1)


def _root(misses: Array) -> float:
    return float(np.sqrt(np.mean(misses**2)))


def _about_the_error(
    error: float, given: Any, model: Any, x: Array, y: Array, left_out: Array
) -> str:
    right = _root(left_out)
    if not np.isfinite(right):
        return (
            "This model passes through some point whatever its y, so that its error is undefined "
            "when that point is left out. Take a lower degree, or a ridge above 0."
        )
    if _is_near(error, right):
        return ""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RankWarning)
        training = y - _fitted(model, x, y).predict(x)
    n, shown = len(x), quoted(given)
    for slip, words in (
        (_root(training), "is the error on the points that were fitted. Leave each out in turn"),
        (right**2, "is the mean of the squares. Its root has the unit of y"),
        (float(np.mean(training**2)), "is the mean square on the points that were fitted"),
        (right * np.sqrt(n), "is the root of the sum of the squares, not of their mean"),
        (right * np.sqrt(n / (n - 1)), f"divides by n − 1 = {n - 1}. There are {n} predictions"),
    ):
        if _is_near(error, slip):
            return f"{shown} {words}."
    return f"{shown} is not this model's error on points left out. Its root mean square is another."


def _is_near(value: float, right: float) -> bool:
    return abs(value - right) <= NEAR * abs(right)


def _about_the_choice(error: float, x: Array, y: Array) -> str:
    """Whether something simpler misses less."""
    n = len(y)
    rivals = (
        ("the mean of the other points", _root((y - y.mean()) * n / (n - 1))),
        ("a straight line", _root(_left_out(PolynomialRegression(1), x, y))),
    )
    for name, rival in rivals:
        if error > rival * (1 + 2 * NEAR):
            return (
                f"This model misses by {error:.4g} and {name} by {rival:.4g}. Which of the two "
                f"would you believe?"
            )
    return ""


def _about_the_place(
    place: float, value: float, tested: Any, model: Any, x: Array, y: Array
) -> str:
    low, high = float(x.min()), float(x.max())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RankWarning)
        right = float(_fitted(model, x, y).predict([place])[0])
    if abs(value - right) > NEAR * max(abs(right), float(np.ptp(y))):
        return f"At {place:g} this model says {right:.4g}, not {value:.4g}."
    if not isinstance(tested, (bool, np.bool_, sp.logic.boolalg.BooleanAtom)):
        raise AnswerError(f"tested: {quoted(tested)} is neither True nor False.")
    inside = low <= place <= high
    if bool(tested) and not inside:
        return (
            f"{place:g} lies outside of the data, which end at {low:g} and {high:g}. No point that "
            f"was left out lay there, so nothing has tested the curve."
        )
    if not bool(tested) and inside:
        return (
            f"{place:g} lies between {low:g} and {high:g}, where points were left out and "
            f"predicted. There the curve was tested."
        )
    return ""
