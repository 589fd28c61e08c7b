"""The one place where input is checked and refused.

Every refusal is one sentence of the same shape: which argument, what rule, what was got; then what
to do about it.  What passes comes out as float64 arrays of the shape that the formulas expect.
"""

from __future__ import annotations

import math
import numbers
import operator
import sys
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


class InputError(ValueError):
    """An argument breaks a rule; the message says which one, what was got and what to do."""


class NotFittedError(ValueError, AttributeError):
    """Something was asked of a model that has not seen data yet: call ``fit`` first."""


class RankWarning(UserWarning):
    """The columns say the same thing more than once, so many coefficients fit equally well."""


def as_matrix(X: Any, name: str = "X", *, call: str = "") -> FloatArray:
    """The points as a matrix of shape (n, p): one row a point, one column a variable.

    A one-dimensional input is one column.  The result may share memory with ``X``: it is there to
    be read.  ``call`` is the method that was called, for the advice to a reader who gave a bare
    number.  Raises InputError for anything else than finite real numbers in a non-empty table.
    """
    array = _numbers(X, name)
    if array.ndim == 0:
        brackets = f"{call}([{array}])" if call else f"[{array}]"
        raise InputError(
            f"{name} must be a list of numbers or a table with one row per point, got the single "
            f"number {array}. For one point write {brackets}."
        )
    if array.ndim == 1:
        array = array.reshape(-1, 1)
    if array.ndim > 2:
        raise InputError(
            f"{name} must have one row per point and one column per variable, shape (n, p), got "
            f"shape {array.shape}. Bring it to two dimensions with reshape."
        )
    _not_empty(array, name)
    _finite(array, name)
    return array


def as_point(value: Any, name: str) -> FloatArray:
    """One point, a number or p numbers, as a matrix of shape (1, p)."""
    shape = getattr(value, "shape", ())
    if isinstance(shape, tuple) and len(shape) > 1:
        raise InputError(
            f"{name} must be one point, a number or p numbers, got shape {shape}. For the matrix "
            f"of the values at many points write k.gram(X, Z)."
        )
    return as_matrix([value], name)


def point_text(point: FloatArray) -> str:
    """A point of p numbers as a message shows it: 1.5 or (1.5, 2)."""
    numbers = [f"{value:.6g}" for value in point]
    return numbers[0] if len(numbers) == 1 else f"({', '.join(numbers)})"


def as_vector(y: Any, name: str = "y") -> FloatArray:
    """The values as a vector of shape (n,), one number per point.

    The result may share memory with ``y``.  Raises InputError for anything else than finite real
    numbers in a non-empty vector; a column of shape (n, 1) is refused too, because broadcasting it
    against (n,) would silently give (n, n).
    """
    array = _numbers(y, name)
    if array.ndim != 1:
        if array.ndim == 0:
            advice = f"For one point write [{array}]."
        elif array.size == max(array.shape):
            advice = f"Flatten it with {name}.ravel()."
        else:
            advice = f"Fit one column at a time, say {name}[:, 0]."
        got = f"the single number {array}" if array.ndim == 0 else f"shape {array.shape}"
        raise InputError(f"{name} must hold one number per point, shape (n,), got {got}. {advice}")
    _not_empty(array, name)
    _finite(array, name)
    return array


def same_length(X: FloatArray, y: FloatArray, name_X: str = "X", name_y: str = "y") -> None:
    """Refuse points and values that do not come in pairs."""
    if len(X) != len(y):
        raise InputError(
            f"{name_X} and {name_y} must have the same number of points, got {len(X)} rows in "
            f"{name_X} (shape {X.shape}) and {len(y)} values in {name_y} (shape {y.shape}). Each "
            f"point needs its value: look for a lost row or a header that was read as data."
        )


def same_columns(X: FloatArray, p: int, name: str = "X") -> None:
    """Refuse new points with another number of columns than the p of the fit."""
    if X.shape[1] != p:
        one_point = X.shape == (p, 1)
        advice = (
            f"If these are the {p} numbers of one point, write them as one row, [[...]]."
            if one_point
            else "Give the columns of the fit, in the same order."
        )
        raise InputError(
            f"{name} must have the columns of the fit, shape (n, {p}), got shape {X.shape}. "
            f"{advice}"
        )


def same_coordinates(X: FloatArray, Z: FloatArray, names: tuple[str, str]) -> None:
    """Refuse points for a kernel that do not lie in one space."""
    if X.shape[1] != Z.shape[1]:
        raise InputError(
            f"{names[1]} must have points of as many coordinates as {names[0]}, got "
            f"{Z.shape[1]} and {X.shape[1]}. Give both the same columns, in one order."
        )


def whole_number(
    value: Any, name: str, *, minimum: int = 0, maximum: int | None = None, advice: str = ""
) -> int:
    """A whole number from ``minimum`` to ``maximum``; 3.0 counts as 3, True does not count as 1."""
    whole = None
    if not isinstance(value, (bool, np.bool_)):
        try:
            whole = operator.index(value)
        except TypeError:
            if isinstance(value, (float, np.floating)) and float(value).is_integer():
                whole = int(value)
    if whole is None or whole < minimum:
        rule = f"{name} must be a whole number of at least {minimum}"
        raise InputError(f"{rule}, got {shown(value)}. {advice}".rstrip())
    if maximum is not None and whole > maximum:
        rule = f"{name} must be at most {maximum:,}"
        raise InputError(f"{rule}, got {shown(whole)}. {advice}".rstrip())
    return whole


def exponent_of(value: Any, name: str, *, advice: str) -> int:
    """A whole number of which a float still knows whether it is even."""
    exponent = whole_number(value, name, advice=advice)
    if exponent > 2**53:
        raise InputError(f"{name} must be at most 2^53, about 9.0e15, got a larger one. {advice}")
    return exponent


def positive(value: Any, name: str, *, advice: str = "") -> float:
    """A finite number greater than 0."""
    number = _real(value)
    if not 0 < number < math.inf:
        rule = f"{name} must be a number greater than 0"
        raise InputError(f"{rule}, got {shown(value)}. {advice}".rstrip())
    return number


def not_negative(value: Any, name: str, *, advice: str = "") -> float:
    """A finite number of at least 0."""
    number = _real(value)
    if not 0 <= number < math.inf:
        rule = f"{name} must be a number of at least 0"
        raise InputError(f"{rule}, got {shown(value)}. {advice}".rstrip())
    return number


def true_or_false(value: Any, name: str) -> bool:
    """A switch: the words "no" and "False" are text, and text is true to Python."""
    if not isinstance(value, (bool, np.bool_)):
        raise InputError(
            f"{name} must be True or False, got {shown(value)}. Write the word without quotes."
        )
    return bool(value)


def room_for_coefficients(*found: Any) -> None:
    """Refuse a kernel fit whose coefficients float64 does not hold."""
    if not all(np.isfinite(each).all() for each in found):
        raise InputError(
            "y and the kernel must be of sizes that leave room for the coefficients, got one "
            "beyond 1.8e308. Measure y in a larger unit, or take a multiple of the kernel."
        )


def room_for_sums(K: FloatArray, ridge: float = 0.0, name: str = "ridge") -> None:
    """Refuse a Gram matrix whose sums float64 does not hold.

    No entry is larger than the largest on the diagonal, and no sum in a fit has more than the n
    entries of a row, four times over where K is centred, and the ridge.
    """
    largest = float(K.diagonal().max())
    if largest > (sys.float_info.max - ridge) / (4 * len(K)):
        raise InputError(
            f"kernel must leave room for sums of k(x, z) below 1.8e308, got k(x, x) up to "
            f"{largest:.3g} at {len(K)} points and {name} {ridge:.3g}. Measure x in a larger unit, "
            f"or take a fraction of the kernel."
        )


def beyond_floats(name: str, x: FloatArray, z: FloatArray) -> InputError:
    """The refusal of points at which float64 does not hold the value of a kernel."""
    return InputError(
        f"{name} must leave k(x, z) below about 1.8e308, got a value beyond at {point_text(x)} and "
        f"{point_text(z)}. Measure x in a larger unit, or from the middle of the data."
    )


def column_names(X: Any) -> list[str] | None:
    """The names of the columns when ``X`` is a table that has them, all of them text."""
    names = getattr(X, "columns", None)
    try:
        listed = list(names) if names is not None and not callable(names) else []
    except TypeError:
        return None
    return listed if listed and all(isinstance(name, str) for name in listed) else None


def _real(value: Any) -> float:
    """The value as a float, NaN when it is not a real number that a float can hold."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Real):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.inf
    except TypeError:  # numpy counts its timedelta64 among the integers
        return math.nan


def _numbers(value: Any, name: str) -> FloatArray:
    """Anything that numpy reads as real numbers, as float64; whatever else it is, say so."""
    if hasattr(value, "toarray") and hasattr(value, "nnz"):
        raise InputError(
            f"{name} must be a dense array, got a sparse one ({type(value).__name__}). "
            f"Pass {name}.toarray()."
        )
    masked = np.count_nonzero(value.mask) if isinstance(value, np.ma.MaskedArray) else 0
    if masked:
        raise InputError(
            f"{name} must hold a number everywhere, got {masked} masked "
            f"{'entry' if masked == 1 else 'entries'}. Remove these points, or fill them in with "
            f"{name}.filled(...)."
        )
    try:
        array = np.asarray(value)
    except Exception as problem:  # an object may have an __array__ of its own
        if isinstance(value, (list, tuple)) and isinstance(problem, ValueError):
            raise _ragged(value, name) from None
        raise InputError(
            f"{name} must be something that numpy makes an array of, got {_a_kind_of(value)}, and "
            f"{type(problem).__name__} from it. Give a list or an array of numbers."
        ) from None
    if array.dtype.kind in "OSUT":
        return _from_objects(value, name)
    if array.dtype.kind == "c":
        raise InputError(
            f"{name} must hold real numbers, got complex ones ({array.dtype}). Take the real part "
            f"with {name}.real, or give the two parts as two columns."
        )
    if array.dtype.kind in "mM":
        raise InputError(
            f"{name} must hold numbers, got dates or times ({array.dtype}). Turn them into numbers "
            f"first, say days since the first one."
        )
    if array.dtype.kind not in "biuf":
        raise InputError(
            f"{name} must hold numbers, got records ({array.dtype}). Put the fields side by side "
            f"with numpy.column_stack."
        )
    with np.errstate(over="ignore"):  # a long double may not fit; it is refused as infinite
        return array.astype(np.float64, copy=False)


def _from_objects(value: Any, name: str) -> FloatArray:
    """Python integers too long for int64, and the refusal of text and of other objects."""
    objects = np.asarray(value, dtype=object)
    for where, item in np.ndenumerate(objects):
        if isinstance(item, (str, bytes)):
            raise InputError(
                f"{name} must hold numbers, got text: {_at(name, where)} is {shown(item)}. "
                f"Turn it into numbers first, with float(...) or the options of your file reader."
            )
        if isinstance(item, (complex, np.complexfloating)):
            raise InputError(
                f"{name} must hold real numbers, got complex ones: {_at(name, where)} is "
                f"{shown(item)}. Take the real part, or give the two parts as two columns."
            )
        if not isinstance(item, (int, float, np.number)):
            raise InputError(
                f"{name} must hold numbers, got {_a_kind_of(item)}: {_at(name, where)} is "
                f"{shown(item)}. Give a list or an array of numbers; exact numbers become "
                f"ordinary ones with float(...)."
            )
        if _real(item) in (math.inf, -math.inf) and isinstance(item, int):
            raise InputError(
                f"{name} must hold numbers below about 1.8e308, got an integer of "
                f"{item.bit_length()} bits at {_at(name, where)}. Measure in a larger unit."
            )
    return objects.astype(np.float64)


def _ragged(value: Any, name: str) -> InputError:
    """Rows of different lengths, the two first lengths quoted."""
    lengths = [len(row) if hasattr(row, "__len__") else 1 for row in value]
    other = next((i for i, length in enumerate(lengths) if length != lengths[0]), None)
    if other is None:
        got = "lists nested to different depths"
    else:
        got = f"{lengths[0]} in {name}[0] and {lengths[other]} in {name}[{other}]"
    return InputError(
        f"{name} must be a table whose rows have equally many numbers, got {got}. Fill in what is "
        f"missing or leave those rows out."
    )


def _not_empty(array: FloatArray, name: str) -> None:
    if array.size == 0:
        raise InputError(
            f"{name} must hold at least one number, got nothing at all (shape {array.shape}). "
            f"Look whether a filter or a file path left no data."
        )


def _finite(array: FloatArray, name: str) -> None:
    finite = np.isfinite(array)
    if finite.all():
        return
    not_numbers = int(np.isnan(array).sum())
    infinite = array.size - int(finite.sum()) - not_numbers
    counts = [f"{count} {what}" for count, what in ((not_numbers, "NaN"), (infinite, "infinite"))]
    got = " and ".join(count for count in counts if not count.startswith("0 "))
    first = np.unravel_index(int(np.argmin(finite)), array.shape)
    if array.shape[1:] == (1,):
        first = first[:1]
    raise InputError(
        f"{name} must be finite everywhere, got {got} among {array.size} numbers, the first at "
        f"{_at(name, first)}. Remove these points or fill in what is missing."
    )


def _at(name: str, where: tuple[Any, ...]) -> str:
    """The place in Python's own words: X[4, 1]."""
    return f"{name}[{', '.join(str(int(i)) for i in where)}]" if where else name


def shown(value: Any, longest: int = 60) -> str:
    """What was got, as Python writes it; what does not let itself be written, by its kind."""
    if isinstance(value, int) and value.bit_length() > 8192:  # Python itself refuses to write it
        return f"an integer of {value.bit_length()} bits"
    try:
        text = repr(value)
    except Exception:
        return _a_kind_of(value)
    return text if len(text) <= longest else text[: longest - 3] + "..."


def _a_kind_of(item: Any) -> str:
    return "None" if item is None else f"an object of type {type(item).__name__}"
