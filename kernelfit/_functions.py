"""Functions that a user hands over: called with all points at once, or with one after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ._checks import FloatArray, InputError, as_matrix, as_vector


def a_function(f: Any, name: str) -> None:
    if not callable(f):
        raise InputError(
            f"{name} must be a function of a point, got {f!r}. Write it as lambda x: ..."
        )


def values_of(f: Callable[[Any], Any], X: FloatArray) -> FloatArray:
    """The values f(x_i), shape (n,)."""
    values = _at_once(f, X)
    if np.shape(values) != (len(X),):
        values = _one_by_one(f, X)
    return as_vector(values, "f(X)")


def images_of(g: Callable[[Any], Any], X: FloatArray) -> FloatArray:
    """The points g(x_i), shape (n, q)."""
    images, n = _at_once(g, X), len(X)
    if np.ndim(images) not in (1, 2) or len(images) != n:
        images = _one_by_one(g, X)
    elif np.shape(images) == (n, n) and n > 1:  # are its rows the points, or its columns?
        turned = np.transpose(images)
        images = turned if np.array_equal(_at_once(g, X[:1]), turned[:1].T) else images
    return as_matrix(images, "g(X)")


def _at_once(f: Callable[[Any], Any], X: FloatArray) -> Any:
    """All points together, None if it knows single points only, say with math.sin or an if."""
    try:
        return np.asarray(f(X[:, 0] if X.shape[1] == 1 else X))
    except (TypeError, ValueError, AttributeError, IndexError):
        return None


def _one_by_one(f: Callable[[Any], Any], X: FloatArray) -> Any:
    points = X[:, 0].tolist() if X.shape[1] == 1 else list(X)
    return [_as_float(f(point)) for point in points]


def _as_float(value: Any) -> Any:
    """Exact numbers, such as sympy's, as floats; text stays text, to be refused as such."""
    try:
        return value if isinstance(value, str) or np.ndim(value) else float(value)
    except TypeError:
        return value
