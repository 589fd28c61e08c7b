"""Functions that a user hands over: called with all points at once, or with one after the other."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from ._checks import FloatArray, InputError, as_matrix, as_vector, shown


def a_function(f: Any, name: str) -> None:
    """Refuse what is no function of a point, and a kernel, which is one of two."""
    if hasattr(f, "gram"):  # a kernel can be called too
        raise InputError(
            f"{name} must be a function of one point, got the kernel {shown(f)}. Kernels are "
            f"multiplied by k1 * k2; with its second point fixed k is a function: "
            f"lambda x: k(x, 0)."
        )
    if not callable(f):
        raise InputError(
            f"{name} must be a function of a point, got {shown(f)}. Write it as lambda x: ..."
        )


def values_of(f: Callable[[Any], Any], X: FloatArray) -> FloatArray:
    """The values f(x_i), shape (n,)."""
    values, alone = _at_once(f, X), _at_once(f, X[:1])
    # with n points of n coordinates x[0], too, has n entries: a single point tells
    if np.shape(values) != (len(X),) or np.shape(alone) != (1,):
        values = _one_by_one(f, X, "f")
    else:
        _looks_at_one_point(f, X, values)
    return as_vector(values, "f(X)")


def images_of(g: Callable[[Any], Any], X: FloatArray) -> FloatArray:
    """The points g(x_i), shape (n, q)."""
    images, alone = _at_once(g, X), _at_once(g, X[:1])
    shape = np.shape(images)
    # two rows may be two points, or the cosines and the sines of two points: a single one tells
    fits = len(shape) in (1, 2) and shape[0] == len(X)
    if not fits or np.shape(alone) != (1, *shape[1:]):
        images = _one_by_one(g, X, "g")
    else:
        _looks_at_one_point(g, X, images, "g")
    return as_matrix(images, "g(X)")


def _looks_at_one_point(
    f: Callable[[Any], Any], X: FloatArray, values: Any, name: str = "f"
) -> None:
    """Refuse a function whose value at a point depends on the other points."""
    for i, which in ((0, "first"), (len(X) - 1, "last")):
        alone = _at_once(f, X[i : i + 1])
        parts = (values, alone)
        numbers = all(np.asarray(part).dtype.kind in "biuf" for part in parts) and not any(
            isinstance(part, np.ma.MaskedArray) for part in parts
        )
        if numbers and not np.allclose(values[i], alone[0], rtol=1e-6, atol=0, equal_nan=True):
            raise InputError(
                f"{name} must find its value at a point from this point alone, got {values[i]} at "
                f"the {which} of {len(X)} points and {alone[0]} there by itself. Compute a mean or "
                f"a deviation of the data before, and put the numbers into {name}."
            )


def _at_once(f: Callable[[Any], Any], X: FloatArray) -> Any:
    """All points together, None if it knows single points only, say with math.sin or an if."""
    if hasattr(f, "bound_symbols"):  # a sympy.Lambda
        return None
    points = (X[:, 0] if X.shape[1] == 1 else X).view()
    points.flags.writeable = False  # the data are the caller's
    try:
        # of a single point a deviation is 0
        with np.errstate(all="ignore"), warnings.catch_warnings():
            # before numpy 2.4 math.sin takes an array of one point for a number, and warns of it
            warnings.filterwarnings("error", "Conversion of an array", DeprecationWarning)
            return np.asanyarray(f(points))  # a masked one is to be refused, not read
    except (TypeError, ValueError, AttributeError, IndexError, DeprecationWarning):
        return None


def _one_by_one(f: Callable[[Any], Any], X: FloatArray, name: str) -> Any:
    points = X[:, 0].tolist() if X.shape[1] == 1 else list(X.copy())
    return [_as_float(_at(f, point, name)) for point in points]


def _at(f: Callable[[Any], Any], point: Any, name: str) -> Any:
    try:
        if hasattr(f, "bound_symbols") and np.ndim(point):  # a sympy.Lambda
            return f(*point) if len(f.signature) == len(point) else f(tuple(point))  # type: ignore[attr-defined]
        return f(point)
    except InputError:
        raise
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise InputError(
            f"{name} must have a value at every point, got {type(error).__name__} at {point}: "
            f"{error}. A point is a number, or an array of its coordinates."
        ) from error


def _as_float(value: Any) -> Any:
    """Exact numbers, such as sympy's, as floats; text stays text, to be refused as such."""
    try:
        if isinstance(value, str):
            return value
        if np.ndim(value):  # the entries of a numpy.matrix are matrices again
            return [_as_float(entry) for entry in np.asarray(value, dtype=object)]
        return float(value)
    except (OverflowError, TypeError, ValueError):
        return value
