"""Arrays of every kind: what comes back is right or refused in words, and nothing else happens.

Odd shapes, types and strides, read-only, byte-swapped, with holes, huge, tiny and subnormal.
The law: the same numbers as for a plain copy, all finite; or an InputError that names the argument;
no warning but RankWarning; and the array stays as it was.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kernelfit as kf

NUMBERS = [0.0, -0.0, 1.0, -1.0, 2.5, 3.0, 1e-300, 5e-324, 1e150, -1e150, 1e154, 1e300, -1e308]
NUMBERS += [float(np.finfo(float).max), 1e-160, 7.0, 1 / 3, 1e8 + 1, np.nan, np.inf, -np.inf]
TYPES = [
    "f2",
    "f4",
    "f8",
    ">f8",
    "g",
    "i1",
    "u1",
    "i8",
    ">i4",
    "u8",
    "?",
    "c16",
    "O",
    "U3",
    "M8[s]",
]
SHAPES = [
    (),
    (0,),
    (1,),
    (2,),
    (5,),
    (6,),
    (6, 1),
    (1, 6),
    (6, 2),
    (6, 0),
    (0, 3),
    (2, 3, 1),
    (7, 2),
]
NEW = np.array([0.5, 1.5])


def finite(*parts: Any) -> None:
    """All numbers are finite, where numpy or the learner can see them."""
    for part in parts:
        assert np.isfinite(np.asarray(part, dtype=float)).all(), part


def linear(X: Any, y: Any) -> Any:
    model = kf.LinearRegression().fit(X, y)
    return [model.intercept_, *model.coef_, *model.predict(X)]


def polynomial(X: Any, y: Any) -> Any:
    return kf.PolynomialRegression(1).fit(X, y).predict(X)


def by_kernel(X: Any, y: Any) -> Any:
    return kf.KernelRegression(kf.Linear() + 1, ridge=0.5).fit(X, y).predict(X)


def by_gaussian(X: Any, y: Any) -> Any:
    return (
        kf.KernelRegression(kf.Gaussian(1.0), ridge=1e-3, fit_intercept=True).fit(X, y).predict(X)
    )


def process(X: Any, y: Any) -> Any:
    return kf.GaussianProcess(kf.Gaussian(1.0), noise_variance=0.1).fit(X, y).predict(X)


def left_out(X: Any, y: Any) -> Any:
    return kf.leave_one_out(kf.Gaussian(1.0), X, y, [0.1, 1.0]).residuals


def summary(X: Any, y: Any) -> Any:
    found = kf.LeastSquaresSummary(X, y).solve()
    return [found.intercept, *found.coefficients]


def matrix(X: Any, y: Any) -> Any:
    return kf.Laplacian(2.0).gram(X, X)


def products(X: Any, y: Any) -> Any:
    return (kf.Polynomial(2) * 2 + kf.Linear()).gram(X)


def landmarks(X: Any, y: Any) -> Any:
    return kf.Nystrom(kf.Gaussian(1.0), X).features(X)


def waves(X: Any, y: Any) -> Any:
    return kf.RandomFourier(1.0, 4, seed=0).features(X)


WORK = [linear, polynomial, by_kernel, by_gaussian, process, left_out, summary]
WORK += [matrix, products, landmarks, waves]


@st.composite
def arrays(draw: st.DrawFn) -> Any:
    """An array as a learner, a file or a hostile hand may bring it."""
    shape = draw(st.sampled_from(SHAPES))
    small = draw(st.booleans())  # ordinary numbers, so that some get through
    values = st.sampled_from(NUMBERS[:6]) if small else st.sampled_from(NUMBERS)
    size = int(np.prod(shape))
    cells = draw(st.lists(values, min_size=size, max_size=size))
    kind = draw(st.sampled_from(["f8", "f8", "f8", *TYPES]))
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            array = np.array(cells).reshape(shape).astype(kind)
        except (OverflowError, ValueError, TypeError):
            array = np.array(cells).reshape(shape)
    how = draw(
        st.sampled_from(["as it is", "read-only", "backwards", "transposed", "wide", "list"])
    )
    if how == "read-only":
        array.setflags(write=False)
    elif how == "backwards" and array.ndim:
        array = array[::-1]
    elif how == "transposed":
        array = np.asfortranarray(array)
    elif how == "wide" and array.ndim:
        array = np.repeat(array, 2, axis=-1)[..., ::2]
    elif how == "list":
        return array.tolist()
    return array


def outcome(work: Callable[[Any, Any], Any], X: Any, y: Any) -> Any:
    """The numbers, or the words of the refusal."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", kf.RankWarning)
        try:
            found = work(X, y)
        except kf.InputError as refusal:
            found = str(refusal)
    if isinstance(found, str):
        assert re.match(r"(X|y|Z|x|landmarks)\b.* must ", found), found
        assert found.endswith(".")
        return None
    finite(found)
    return np.asarray(found, dtype=float)


@pytest.mark.slow
@pytest.mark.parametrize("work", WORK, ids=lambda work: work.__name__)
@given(X=arrays(), y=arrays())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_numbers_or_a_refusal(work: Callable[[Any, Any], Any], X: Any, y: Any) -> None:
    y = NEW if work in (matrix, products, landmarks, waves) else y  # they do not look at it
    before = repr((X, y))
    found = outcome(work, X, y)
    assert repr((X, y)) == before
    if found is not None:
        plain = outcome(work, *(np.array(part, dtype=float, copy=True) for part in (X, y)))
        assert plain is not None
        np.testing.assert_allclose(found, plain, rtol=1e-6, atol=0)


@pytest.mark.parametrize(
    "width",
    [0, -1.0, np.nan, np.inf, True, "1", None, 1j, [1.0], np.array([1.0, 2.0]), Decimal("NaN")],
    ids=repr,
)
def test_a_width_that_is_none_is_refused(width: Any) -> None:
    with pytest.raises(kf.InputError, match="width"):
        kf.Gaussian(width).gram(NEW)


@pytest.mark.parametrize("width", [2, 2.0, np.float32(2), np.int8(2), Fraction(2)])
def test_any_number_is_a_width(width: Any) -> None:
    np.testing.assert_array_equal(kf.Gaussian(width).gram(NEW), kf.Gaussian(2.0).gram(NEW))


@pytest.mark.parametrize("size", [9e153, 1e154, 1.3e154])
@pytest.mark.parametrize("ridge", [0.0, 1e290, 1.7e308])
@pytest.mark.parametrize("intercept", [False, True])
def test_sums_that_float64_does_not_hold_are_refused(
    size: float, ridge: float, intercept: bool
) -> None:
    X, y, k = np.array([1, 1.01, 0.97, -0.9]) * size, np.array([1, 0.9, -1, 1.1]), kf.Linear()
    model = kf.KernelRegression(k, ridge=ridge, fit_intercept=intercept)
    for work in (
        lambda: model.fit(X, y),
        lambda: kf.leave_one_out(k, X, y, [ridge], fit_intercept=intercept),
        lambda: kf.GaussianProcess(k, noise_variance=ridge).fit(X, y),
        lambda: kf.Nystrom(k, X),
    ):
        with pytest.raises(kf.InputError, match="room for sums of k"):
            work()


def test_values_near_the_largest_are_predicted() -> None:
    X, y = np.array([1, 2, 3.5, 5, 6.25, -3, 1.7]), np.array([1, -2, 3.5, 2, 1, 2, 0.5])
    model = kf.KernelRegression(kf.Linear() + 1, ridge=0.5)
    unit = 2.0**1021
    with np.errstate(all="raise"):
        far = model.fit(X, y * unit).predict(X)
    np.testing.assert_allclose(far / unit, model.fit(X, y).predict(X), rtol=1e-13)
